"""An alert on page one: values that differ are never printed as one, and what has a time of its own prints it."""

from __future__ import annotations

from typing import Any

from report_gen.document.blocks import Paragraph
from report_gen.draft.front.result import result
from tests.cases.parts import at, measurement, reading
from tests.cases.quiet import alert, case, channel_of, with_alert
from tests.cases.reports import facts_of

ABSENT = {"state": "absent"}


def paragraphs(data: dict[str, Any]) -> list[Paragraph[Any]]:
    """The paragraphs of the result."""
    return [block for block in result(facts_of(data)).blocks if isinstance(block, Paragraph)]


def sentences(data: dict[str, Any]) -> list[str]:
    """Its sentences, in order."""
    return [row.text for block in paragraphs(data) for row in block.sentences]


def episode(**second: Any) -> dict[str, Any]:
    """Two alerts of one minute."""
    other = alert(id="E2", channels=["ssep-l"], modality="ssep_lower", readings=[], retests=[], criterion=None)
    return case(events=[alert(), {**other, **second}])


class TestEpisode:
    def test_pressures_that_differ_stand_with_their_alerts(self):
        """One of them is never printed as that of all."""
        found = sentences(episode(physiology={"map_mmhg": 71.0}))
        assert "MAP" not in found[0]
        assert "; MAP 62 mmHg;" in found[1]
        assert "; MAP 71 mmHg;" in found[2]

    def test_a_pressure_of_all_stands_once(self):
        """In the heading."""
        found = sentences(episode())
        assert found[0].endswith(", MAP 62 mmHg.")
        assert "MAP" not in found[1] + found[2]

    def test_contexts_that_differ_stand_with_their_alerts(self):
        """What was done at one alert was not done at the other."""
        found = sentences(episode(context=["rod_insertion"]))
        assert "at the time" not in found[0]
        assert "; distraction" in found[1]
        assert "; rod insertion" in found[2]

    def test_only_the_heading_is_bold(self):
        """A line for each alert below it."""
        assert [block.strong for block in paragraphs(episode())][:3] == [True, False, False]


class TestPressure:
    def test_the_target_stands_beside_the_pressure(self):
        """Where the record has one that was in force."""
        data = with_alert()
        data["anesthesia"]["map_target"] = {"map_mmhg": 65.0}
        assert "MAP 62 mmHg (target 65 mmHg)" in sentences(data)[0]
        data["anesthesia"]["map_target"]["start_at"] = at("11:00")
        assert "target" not in sentences(data)[0]


class TestTimes:
    def test_a_reading_later_than_the_onset_has_its_time(self):
        """Nothing is said to be lost at the onset that was read as absent afterwards."""
        late = {"channel": "mep-l", "reading": ABSENT, "at": at("10:03")}
        told = sentences(with_alert(direction="loss", readings=[late]))[0]
        assert told.startswith("Alert from 10:00 (E1): loss of response, left abductor hallucis TcMEP (absent 10:03);")

    def test_a_lost_response_says_when_it_was_first_back(self):
        """The resolution is later, and its time is not how long the response was away."""
        lost = [{"channel": "mep-l", "reading": ABSENT}]
        retests = [
            {"at": at("10:15"), "readings": [{"channel": "mep-l", "reading": reading(200.0)}]},
            {"at": at("10:30"), "readings": [{"channel": "mep-l", "reading": reading(250.0)}]},
        ]
        resolution = {"resolution_class": "partial", "at": at("10:30"), "assigned_by": "prof1"}
        found = sentences(with_alert(direction="loss", readings=lost, retests=retests, resolution=resolution))
        assert "L AH 50% present again 10:15; partial recovery 10:30." in found

    def test_no_duration_where_the_resolution_is_the_closing_reading(self):
        """It finds what came back before."""
        resolution = {"resolution_class": "within_criterion", "at": at("11:46"), "assigned_by": "prof1"}
        assert "Return to within criterion 11:46." in sentences(with_alert(resolution=resolution))

    def test_an_unknown_onset_says_between_which_traces_it_lies(self):
        """And when nothing was recorded meanwhile."""
        unknown = {"onset_at": None, "onset_kind": "unknown_gap"}
        data = with_alert(**unknown, last_unaffected_at=at("09:40"), noticed_at=at("10:00"))
        gap = {"start_at": at("09:41"), "end_at": at("09:55"), "reason": "cautery", "modalities": ["tcmep"]}
        data["intervals"].append({"kind": "gap", **gap})
        found = sentences(data)
        assert "Last trace without the change 09:40; no data 09:41 to 09:55 (electrocautery)." in found


class TestActions:
    def test_the_first_three_are_named_behind_the_surgeon(self):
        """What only looks into the change stands in the account of the alert."""
        codes = ("tof_check", "release_distraction", "raise_map", "warm_patient", "transfuse")
        done = [{"code": code, "at": at(f"10:0{number}"), "actor": "surgeon"} for number, code in enumerate(codes, 3)]
        assert sentences(with_alert(interventions=done))[1] == (
            "Surgeon told 10:02; distraction released 10:04; mean arterial pressure raised 10:05; warming 10:06; "
            "further actions in its account."
        )


class TestMeanwhile:
    def test_what_no_event_tells_stands_beneath_the_alert_in_whose_time_it_was(self):
        """Not as the second alarm of the page."""
        data = with_alert()
        channel_of(data, "mep-r")["measurements"].insert(1, measurement("intraop", "10:05", ABSENT))
        found = paragraphs(data)
        assert found[0].sentences[-1].text == (
            "During E1: right abductor hallucis TcMEP: absent, 10:05; not logged as an event."
        )
        assert not [row for row in sentences(data) if row.startswith("Outside of")]
