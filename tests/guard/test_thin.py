"""What thin records say is not loosened by a wording: sides stay with their responses, open words with the template."""

from __future__ import annotations

import pytest

from report_gen.draft.passages import Unit
from tests.cases.parts import at, baseline, channel, reading
from tests.cases.quiet import with_alert
from tests.cases.thin import event, story, thin
from tests.guard.cases import built, misread, refusals, unit_of

MIXED = (("left", "tibialis_anterior"), ("right", "tibialis_anterior"), ("right", "gastrocnemius"))


def mixed():
    """An alert about both tibialis anterior and the right gastrocnemius."""
    data = with_alert(channels=["c0", "c1", "c2"], side="bilateral", readings=[], retests=[])
    data["channels"] = [
        channel(f"c{number}", "tcmep", side, [baseline("08:30", reading(400.0))], muscle=muscle)
        for number, (side, muscle) in enumerate(MIXED)
    ]
    return data


def offered(data) -> list[Unit]:
    """The units that a model may word."""
    found, _ = built(data)
    return [unit for passage in found for unit in passage.offered]


class TestSides:
    @pytest.mark.parametrize(
        ("place", "stands"),
        [
            ("left tibialis anterior TcMEP and right tibialis anterior and gastrocnemius TcMEP", True),
            ("right tibialis anterior and gastrocnemius TcMEP and left tibialis anterior TcMEP", True),
            ("tibialis anterior and gastrocnemius TcMEP on both sides", False),
            ("left tibialis anterior and gastrocnemius TcMEP and right tibialis anterior TcMEP", False),
            ("left and right tibialis anterior TcMEP and gastrocnemius TcMEP", False),
            ("left tibialis anterior and gastrocnemius and right tibialis anterior and gastrocnemius TcMEP", False),
            ("right tibialis anterior and gastrocnemius TcMEP", False),
        ],
    )
    def test_each_response_keeps_its_own(self, place, stands):
        """Nothing says that the left gastrocnemius was affected, or leaves a response out."""
        found, facts = built(mixed())
        unit = unit_of(found, "event-E1", "event.E1")
        text = f"At 10:00, an amplitude decrease was recorded in the {place}."
        rest = "The onset is recorded as sudden."
        assert (refusals([text, rest], [unit], found, facts) == ()) is stands

    def test_the_template_is_proved(self):
        """Of both."""
        assert misread(*built(mixed())) == []
        found, facts = built(story())
        assert misread(tuple(passage for passage in found if passage.role == "event"), facts) == []


class TestOpenWords:
    @pytest.mark.parametrize(
        "fields",
        [
            {"direction": "other", "direction_other": "polyphasic"},
            {"severity": "marked"},
            {"when": {"words": "after the second screw"}},
            {"when": {"relation": "after", "phase": "closure"}},
        ],
    )
    def test_an_event_in_the_records_own_words_is_not_offered(self, fields):
        """A sentence of its account that leaves the words out may be worded."""
        found, _ = built(thin(events=[event(**fields)]))
        units = [unit for passage in found for unit in passage.offered if passage.role in ("course", "event")]
        assert not any("event.E1.onset" in unit.facts for unit in units)
        assert not any(part.stated & {"when", "severity", "direction_other"} for unit in units for part in unit.parts)

    @pytest.mark.parametrize(
        ("rows", "row"),
        [
            ("occurrences", {"code": "dural_tear"}),
            ("stated_causes", {"causes": ["retractor"], "by_role": "surgeon"}),
            ("interventions", {"code": "other", "code_other": "irrigated", "actor": "surgeon"}),
            ("interventions", {"code": "pause_surgery", "actor": "not_recorded"}),
            ("notifications", {"to": "surgeon", "when": {"words": "at once"}}),
        ],
    )
    def test_nor_is_what_no_code_says(self, rows, row):
        """What happened, who says why, what was done in words or by nobody known, and times without a clock."""
        kind = f"event.{rows.removesuffix('s')}"
        units = offered(thin(events=[event(**{rows: [row]})]))
        assert not any(part.kind == kind for unit in units for part in unit.parts)

    @pytest.mark.parametrize("code", ["full_or_partial", "improved", "lost_to_close"])
    def test_an_ending_of_unstated_extent_or_of_no_recovery_stays_as_it_stands(self, code):
        """A wording would say how far it went."""
        units = offered(thin(events=[event(onset_at=at("10:00"), resolution={"resolution_class": code})]))
        assert not any(part.kind == "event.resolution" for unit in units for part in unit.parts)

    def test_a_context_is_not_told_as_a_cause(self):
        """It stands beside the change."""
        found, facts = built(with_alert(context=["distraction"], context_note=None))
        unit = unit_of(found, "event-E1", "event.E1.context")
        assert refusals(["The change came after distraction."], [unit], found, facts)


class TestResolution:
    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("Recorded as return to within criterion at 10:15, 15 min after onset; classed by Person Prof1.", True),
            ("Return to within criterion was reached at 10:15, 15 min after onset, as assigned by Person Prof1.", True),
            ("Person Prof1 assigned return to within criterion at 10:15, 15 min after onset.", False),
            ("At 10:15, 15 min after onset, Person Prof1 assigned return to within criterion.", False),
            ("Return to within criterion was assigned at 10:15 by Person Prof1, 15 min after onset.", False),
            ("Return to within criterion was assigned by Person Prof1, at 10:15, 15 min after onset.", False),
            ("At 10:15 return to within criterion was assigned by Person Prof1, 15 min after onset.", False),
            ("Return to within criterion, classed at 10:15 by Person Prof1, 15 min after onset.", False),
        ],
    )
    def test_nobody_classed_it_at_the_time_it_was_reached(self, text, stands):
        """Class, time reached and who classed it are three facts; when it was classed is not recorded."""
        found, facts = built(with_alert())
        unit = unit_of(found, "event-E1", "event.E1.resolution")
        assert (refusals([text], [unit], found, facts) == ()) is stands
