"""Times of the case against each other."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, baseline, reading
from tests.cases.quiet import case, channel_of, modality_of, one_channel
from tests.cases.reports import findings, told


class TestTimes:
    @pytest.mark.parametrize(
        ("code", "clock", "fires"),
        [("closure_start", "08:59", True), ("skin_closed", "11:19", True), ("closure_start", "09:00", False)],
    )
    def test_milestones_in_order(self, code, clock, fires):
        """Incision before closure, closure before skin closed."""
        data = case()
        next(row for row in data["milestones"] if row["code"] == code)["at"] = at(clock)
        assert bool(told(data, "milestone_order")) is fires

    @pytest.mark.parametrize(("on", "off", "fires"), [("10:00", "10:20", False), ("10:20", "10:00", True)])
    def test_pairs_in_order(self, on, off, fires):
        """Clamp on before clamp off; the label of a step is free text and stays out of the message."""
        data = case()
        data["milestones"] += [
            {"code": "cross_clamp_on", "at": at(on), "label": "Canary Zebrafinch"},
            {"code": "cross_clamp_off", "at": at(off), "label": "Canary Zebrafinch"},
        ]
        found = findings(data, "contradiction.milestone_order")
        assert bool(found) is fires
        assert not any("Canary" in row.message for row in found)

    def test_anesthesia_may_start_before_the_room(self):
        """In the holding area."""
        data = case()
        data["milestones"].insert(0, {"code": "anesthesia_start", "at": at("07:20")})
        assert told(data, "milestone_order") == []

    def test_a_first_baseline_after_incision_is_asked_about(self):
        """Only where every baseline of the modality is later."""
        data = case()
        for name in ("mep-l", "mep-r"):
            channel_of(data, name)["measurements"][0]["at"] = at("09:10")
        modality_of(data, "tcmep")["baseline_review"]["at"] = at("09:12")
        assert told(data, "baseline_after_incision") == [("warn", "/channels/2/measurements/0")]
        channel_of(data, "mep-l")["measurements"][0]["at"] = at("08:32")
        assert told(data, "baseline_after_incision") == []

    @pytest.mark.parametrize("modality", ["dwave", "cortical_mapping"])
    def test_modalities_of_the_open_field_start_later(self, modality):
        """An epidural electrode needs the exposure."""
        data = one_channel([baseline("09:30", reading(20.0))], modality=modality, electrode="fz")
        assert told(data, "baseline_after_incision") == []

    def test_without_incision_nothing_is_later(self):
        """Unknown contradicts nothing."""
        data = case()
        del data["milestones"][1]
        assert told(data, "baseline_after_incision") == []

    @pytest.mark.parametrize(("clock", "fires"), [("08:29", True), ("08:30", False)])
    def test_a_review_before_the_first_baseline(self, clock, fires):
        """Nothing was there to review."""
        data = case()
        modality_of(data, "ssep_lower")["baseline_review"]["at"] = at(clock)
        assert told(data, "review_before_baseline") == ([("block", "/modalities/0/baseline_review")] if fires else [])

    @pytest.mark.parametrize(
        ("relation", "end", "fires"),
        [
            ("before_closure", "11:50", True),
            ("before_closure", "11:10", False),
            ("after_skin_closure", "11:10", True),
            ("after_emergence", "12:00", False),
            ("at_skin_closure", "11:49", False),
        ],
    )
    def test_the_end_of_monitoring_against_its_times(self, relation, end, fires):
        """What is said of the end, and when the last interval ends."""
        data = case(monitoring_end={"relation": relation, "reason": "request"})
        data["intervals"][2]["end_at"] = at(end)
        assert told(data, "monitoring_end_against_times") == ([("block", "/monitoring_end")] if fires else [])

    @pytest.mark.parametrize(
        ("start", "end", "fires"), [("07:20", "11:00", True), ("09:00", "12:20", True), ("07:30", "12:10", False)]
    )
    def test_a_session_outside_anesthesia(self, start, end, fires):
        """The professional attends within anesthesia time."""
        data = case()
        data["professional_sessions"][0] |= {"start_at": at(start), "end_at": at(end)}
        assert told(data, "session_outside_anesthesia") == ([("block", "/professional_sessions/0")] if fires else [])

    def test_without_anesthesia_times_no_session_is_outside(self):
        """Unknown contradicts nothing."""
        data = case()
        del data["anesthesia"]["start_at"], data["anesthesia"]["end_at"]
        assert told(data, "session_outside_anesthesia") == []

    @pytest.mark.parametrize(
        ("stated", "cases", "person", "fires"),
        [
            (0, 1, "prof1", True),
            (1, 1, "prof1", False),
            (1, 2, "prof1", True),
            (None, 2, "prof1", False),
            (0, 1, "tech1", False),
        ],
    )
    def test_open_cases_against_sessions(self, stated, cases, person, fires):
        """More sessions of the same professional overlap than were stated."""
        data = case()
        data["professional_sessions"][0]["other_open_cases"] = stated
        data["other_case_sessions"] = [
            {
                "person": person,
                "case_pseudonym": f"X{number}",
                "mode": "remote",
                "start_at": at("09:00"),
                "end_at": at("10:00"),
            }
            for number in range(cases)
        ]
        assert bool(told(data, "open_cases_against_sessions")) is fires
