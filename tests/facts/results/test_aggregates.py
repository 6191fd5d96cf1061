"""Counts over the case: every response in one group at closing, and nothing for the worse that no sentence tells."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.parts import at, baseline, channel, criterion, measurement, reading
from tests.cases.quiet import alert, case, channel_of, closing, one_channel, with_alert
from tests.cases.reports import facts_of

LOSS = criterion("mep", "tcmep", ("amplitude_decrease_pct", 80.0), ("response_loss", None))
NO_BASELINE = {"state": "not_obtained", "reason": "preexisting_deficit"}
MUSCLES = ("tibialis_anterior", "abductor_hallucis", "gastrocnemius")


def legs(*pairs: tuple[dict[str, Any] | None, dict[str, Any] | None], criteria: bool = True) -> dict[str, Any]:
    """Left leg responses with the given baselines and closing readings; None leaves one out."""
    data = case(criteria=[LOSS] if criteria else [])
    data["channels"] = [
        channel(
            muscle,
            "tcmep",
            "left",
            [
                *([baseline("08:30", first)] if first else []),
                *([measurement("closing", "11:00", last)] if last else []),
            ],
            muscle=muscle,
        )
        for muscle, (first, last) in zip(MUSCLES, pairs, strict=False)
    ]
    return data


def told(data: dict[str, Any], name: str) -> str:
    """What an aggregate of closing says; empty where there is none."""
    found = facts_of(data).get(f"aggregate.closing.{name}")
    return found.text("text") if found is not None else ""


class TestClosing:
    def test_every_response_is_in_one_group(self):
        """Compared, described, without closing reading, without baseline: their numbers add up to all."""
        data = legs((reading(400.0), reading(390.0)), (reading(400.0), None), (NO_BASELINE, NO_BASELINE))
        facts = facts_of(data)
        groups = [facts.by_id[f"aggregate.closing.{name}"].number("count") for name in ("unread", "unfollowed")]
        assert [facts.by_id["aggregate.closing"].number("channels"), *groups] == [1, 1, 1]

    def test_those_without_a_closing_reading_are_named(self):
        """With what the record says of them."""
        out = {"state": "not_monitored", "reason": "out_of_field"}
        assert (
            told(legs((reading(400.0), None), (reading(400.0), None)), "unread")
            == "left tibialis anterior and abductor hallucis TcMEP: only reading 400 µV (08:30)"
        )
        reason = next(iter(facts_of(legs((reading(400.0), dict(out, reason="not_stated")))).of_kind("channel.closing")))
        assert reason.text("text") in told(legs((reading(400.0), dict(out, reason="not_stated"))), "unread")

    def test_what_a_criterion_in_words_judges_is_not_called_uncompared(self):
        """Silence is what that criterion asks for."""
        worded = {"id": "emg", "modalities": ["emg_free_run"], "conditions": [{"parameter": "sustained_activity"}]}
        silent = {"state": "measured", "pattern": "silent"}
        rows = [baseline("08:30", silent), measurement("closing", "11:00", silent)]
        data = one_channel(rows, {**worded, "reference": "test"}, modality="emg_free_run", muscle="tibialis_anterior")
        assert facts_of(data).by_id["aggregate.closing.described"].status == "worded"
        data["criteria"] = []
        assert facts_of(data).by_id["aggregate.closing.described"].status == "uncompared"

    def test_those_without_a_baseline_are_named(self):
        """They could not be followed, and a response that appears is no such case."""
        first, second = (NO_BASELINE, NO_BASELINE), (NO_BASELINE, reading(80.0))
        assert told(legs(first, second), "unfollowed") == (
            "left tibialis anterior TcMEP: baseline not obtained (pre-existing deficit)"
        )
        assert facts_of(legs(first, second)).by_id["aggregate.closing"].number("channels") == 1

    def test_those_beyond_are_named_and_the_farthest_of_the_others_too(self):
        """A loss without a number is beyond; within is not the same as near."""
        data = legs(
            (reading(400.0), {"state": "absent"}), (reading(400.0), reading(192.0)), (reading(400.0), reading(390.0))
        )
        assert told(data, "beyond") == "left tibialis anterior TcMEP absent"
        assert told(data, "lowest") == "48% of baseline (left abductor hallucis TcMEP)"
        assert facts_of(data).by_id["aggregate.closing.lowest"].status == "others"

    @pytest.mark.parametrize(
        ("first", "second", "words"),
        [
            (reading(360.0), reading(360.0), "90% of baseline (left tibialis anterior and abductor hallucis TcMEP)"),
            (reading(360.0), {"state": "reduced"}, "present, reduced (left abductor hallucis TcMEP)"),
            (reading(360.0), {"state": "hard_to_elicit"}, "hard to elicit (left abductor hallucis TcMEP)"),
            (reading(440.0), reading(410.0), ""),
        ],
    )
    def test_the_farthest_is_named_with_every_equal(self, first, second, words):
        """In numbers and in words; none where none is for the worse."""
        assert told(legs((reading(400.0), first), (reading(400.0), second)), "lowest") == words

    def test_a_loss_is_told_without_a_criterion_too(self):
        """Nothing is compared, and nothing is hidden."""
        data = legs((reading(400.0), {"state": "absent"}), criteria=False)
        assert told(data, "described") == "left tibialis anterior TcMEP absent"


class TestOutside:
    def outside(self, data: dict[str, Any]) -> str:
        """What stands in no event."""
        found = facts_of(data).get("aggregate.outside")
        return found.text("text") if found is not None else ""

    def test_a_reading_beyond_the_criterion_without_an_event_is_told(self):
        """At closing or before; with an event about it the event tells it."""
        lost = closing(case(events=[]), "mep-l", {"state": "absent"})
        assert self.outside(lost) == "left abductor hallucis TcMEP: absent, 11:46"
        lost["events"] = [alert()]
        assert self.outside(lost) == ""

    def test_a_pattern_without_an_event_is_told(self):
        """Activity that nobody made an event of is still in the record."""
        rows = [baseline("08:30", reading(pattern="silent")), measurement("intraop", "10:00", reading(pattern="burst"))]
        data = one_channel(rows, modality="emg_free_run", muscle="tibialis_anterior")
        assert self.outside(data) == "left tibialis anterior free-run EMG: burst activity, 10:00"

    def test_a_low_threshold_without_an_event_is_told(self):
        """With its place and the limit."""
        data = case(
            events=[],
            threshold_tests=[
                {"kind": "screw", "level": "L5", "side": "left", "outcome": "threshold", "threshold_ma": 5.2}
            ],
        )
        data["criteria"].append(criterion("screw", "emg_triggered_screw", ("threshold_at_most_ma", 8.0)))
        assert self.outside(data) == "left L5 5.2 mA (≤ 8 mA)"
        event = alert(modality="emg_triggered_screw", channels=[], readings=[], retests=[], criterion=None, level="L5")
        data["modalities"].append({"modality": "emg_triggered_screw", "performed": True})
        assert self.outside({**data, "events": [event]}) == ""

    def test_a_quiet_case_has_nothing(self):
        """No aggregate without a member."""
        assert self.outside(case(events=[])) == ""


class TestEvents:
    def test_every_class_is_counted(self):
        """Entries that are not about a response too."""
        data = with_alert()
        data["events"] += [
            {
                "id": f"N{place}",
                "event_class": name,
                "direction": "none",
                "side": "not_applicable",
                "onset_at": at("10:30"),
            }
            for place, name in enumerate(("observation", "occurrence", "adverse_event"))
        ]
        facts = facts_of(data)
        assert [(fact.status, fact.text("ids")) for fact in facts.of_kind("aggregate.entries")] == [
            ("observation", "N0"),
            ("occurrence", "N1"),
            ("adverse_event", "N2"),
        ]

    def test_endings_are_not_merged(self):
        """A return to baseline and a return to within criterion are two."""
        data = with_alert()
        full = {"resolution_class": "full_return", "at": at("10:20"), "assigned_by": "prof1"}
        data["events"].append(alert(id="E2", resolution=full))
        found = facts_of(data).by_id["aggregate.resolution"]
        assert found.text("closed") == "return to within criterion (E1) and full return to baseline (E2)"

    def test_a_response_named_by_a_case_is_its_own(self):
        """The side of one response changes no aggregate of the other side."""
        data = case(events=[])
        after = case(events=[])
        channel_of(after, "mep-r")["measurements"][1]["reading"] = reading(300.0)
        names = [f"result.tcmep.abductor_hallucis.left.{cell}" for cell in ("worst", "closing")]
        assert [facts_of(data).by_id[name] for name in names] == [facts_of(after).by_id[name] for name in names]


def test_the_times_of_closing_are_those_of_all_that_is_told_at_closing():
    """A response that no criterion compares may have been read last."""
    data = case()
    data["modalities"].append({"modality": "emg_free_run", "performed": True, "last_data_at": at("11:50")})
    rows = [baseline("08:33", reading(pattern="silent")), measurement("closing", "11:49", reading(pattern="silent"))]
    data["channels"].append(channel("emg-l", "emg_free_run", "left", rows, muscle="abductor_hallucis"))
    assert facts_of(data).by_id["aggregate.closing"].text("times") == "11:45–11:49"
