"""An event's times: inside monitoring, after the baseline, in the order of the chain."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, reading
from tests.cases.quiet import with_alert
from tests.cases.reports import findings, told


class TestChain:
    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"noticed_at": at("09:50")}, "/events/0"),
            ({"last_unaffected_at": at("10:01")}, "/events/0"),
            (
                {"interventions": [{"code": "pause_surgery", "actor": "surgeon", "at": at("09:59")}]},
                "/events/0/interventions/0",
            ),
            (
                {"retests": [{"at": at("09:59"), "readings": [{"channel": "mep-l", "reading": reading(340.0)}]}]},
                "/events/0/retests/0",
            ),
            ({"resolution": {"resolution_class": "within_criterion", "at": at("09:59")}}, "/events/0/resolution"),
        ],
    )
    def test_nothing_follows_from_an_event_before_its_onset(self, change, place):
        """Notice, action, re-test and end come after."""
        assert told(with_alert(**change), "chain_order") == [("block", place)]

    @pytest.mark.parametrize(("clock", "fires"), [("09:59", True), ("10:00", False)])
    def test_told_before_onset(self, clock, fires):
        """At the same minute is no contradiction."""
        data = with_alert()
        data["events"][0]["notifications"][0]["at"] = at(clock)
        assert bool(told(data, "chain_order")) is fires

    def test_told_before_it_was_noticed(self):
        """Where only the notice is known it is the start."""
        data = with_alert(onset_at=None, noticed_at=at("10:04"))
        message = findings(data, "contradiction.chain_order")[0].message
        assert message == "E1 is recorded as told before it was noticed."

    def test_acknowledged_before_anybody_was_told(self):
        """The answer comes after the word."""
        data = with_alert()
        data["events"][0]["notifications"][0]["acknowledged_at"] = at("10:01")
        assert told(data, "chain_order") == [("block", "/events/0/notifications/0")]

    def test_a_time_of_an_acknowledgement_that_did_not_happen(self):
        """Not acknowledged, at 10:03."""
        data = with_alert()
        data["events"][0]["notifications"][0]["acknowledged"] = "no"
        assert told(data, "acknowledgement_against_time") == [("block", "/events/0/notifications/0")]

    def test_retests_in_another_order_than_listed(self):
        """The list is in order of time."""
        rows = [
            {"at": at(clock), "readings": [{"channel": "mep-l", "reading": reading(340.0)}]}
            for clock in ("10:15", "10:10")
        ]
        assert told(with_alert(retests=rows), "chain_order") == [("block", "/events/0/retests/1")]

    @pytest.mark.parametrize(("clock", "fires"), [("11:51", True), ("11:50", False), ("08:40", False)])
    def test_outside_monitoring(self, clock, fires):
        """Baseline recording and the last minute are inside."""
        data = with_alert(onset_at=at(clock), interventions=[], retests=[], notifications=[], resolution=None)
        assert bool(told(data, "event_outside_monitoring")) is fires

    def test_without_intervals_nothing_is_outside(self):
        """Unknown monitoring contradicts nothing."""
        assert told({**with_alert(), "intervals": []}, "event_outside_monitoring") == []

    @pytest.mark.parametrize(
        ("modalities", "end", "fires"),
        [
            ([], "10:10", True),
            (["tcmep"], "10:10", True),
            (["ssep_lower", "tcmep"], "10:10", True),
            (["ssep_lower"], "10:10", False),
            ([], "10:00", False),
        ],
    )
    def test_inside_a_gap_of_its_modality(self, modalities, end, fires):
        """No data, no onset; an event noticed at the end of a gap is none."""
        data = with_alert()
        gap = {"kind": "gap", "start_at": at("09:50"), "end_at": at(end), "reason": "cautery", "modalities": modalities}
        data["intervals"].append(gap)
        assert bool(told(data, "event_inside_gap")) is fires

    @pytest.mark.parametrize(
        ("modality", "other"),
        [("eeg", "eeg_processed"), ("nap", "cnap"), ("cortical_mapping", "subcortical_mapping")],
    )
    def test_a_gap_of_another_modality_with_a_similar_name(self, modality, other):
        """A modality whose printed name lies inside another's is still another one."""
        data = with_alert(modality=modality, channels=[], criterion=None, readings=[], retests=[])
        data["modalities"] += [{"modality": code, "performed": True} for code in (modality, other)]
        gap = {
            "kind": "gap",
            "start_at": at("09:50"),
            "end_at": at("10:10"),
            "reason": "cautery",
            "modalities": [other],
        }
        data["intervals"].append(gap)
        assert told(data, "event_inside_gap") == []
        gap["modalities"].append(modality)
        assert told(data, "event_inside_gap") != []

    @pytest.mark.parametrize(("clock", "fires"), [("08:31", True), ("08:32", False)])
    def test_before_the_first_baseline(self, clock, fires):
        """Nothing can change before it was recorded."""
        data = with_alert(onset_at=at(clock), interventions=[], retests=[], notifications=[], resolution=None)
        assert bool(told(data, "event_before_baseline")) is fires
