"""What happened in the operation against its steps."""

from __future__ import annotations

import pytest

from tests.cases.parts import at
from tests.cases.quiet import case, with_alert
from tests.cases.reports import findings, told
from tests.checks.course import bypass, happened

PLACE = "/events/0/occurrences/0"
RUN = (("bypass_start", "09:30"), ("bypass_end", "09:50"), ("bypass_start", "10:10"), ("bypass_end", "11:00"))


class TestArrest:
    @pytest.mark.parametrize(
        ("clock", "fires"), [("09:29", True), ("09:30", False), ("10:00", False), ("11:00", False), ("11:01", True)]
    )
    def test_belongs_into_the_bypass(self, clock, fires):
        """Between two runs of the pump it has its place."""
        data = bypass(happened("circulatory_arrest", clock), *RUN)
        assert told(data, "arrest_outside_bypass") == ([("block", PLACE)] if fires else [])

    def test_says_both_times_and_no_label(self):
        """The label of a step is free text."""
        data = bypass(happened("circulatory_arrest", "11:10"), *RUN)
        data["milestones"][-1]["label"] = "Canary Zebrafinch"
        assert [row.message for row in findings(data, "contradiction.arrest_outside_bypass")] == [
            "Circulatory arrest is recorded at 11:10, after bypass end at 11:00."
        ]

    def test_without_bypass_it_is_held_against_the_closure(self):
        """Once, with whichever of the two the record has."""
        assert told(happened("circulatory_arrest", "11:55"), "step_outside_operation") == [("block", PLACE)]
        data = bypass(happened("circulatory_arrest", "11:55"), *RUN)
        assert (told(data, "step_outside_operation"), len(told(data, "arrest_outside_bypass"))) == ([], 1)

    def test_one_without_a_time_contradicts_nothing(self):
        """Unknown contradicts nothing."""
        data = bypass(with_alert(occurrences=[{"code": "circulatory_arrest"}]), *RUN)
        assert told(data, "arrest_outside_bypass") == []


class TestTheSameThing:
    @pytest.mark.parametrize(("clock", "fires"), [("09:35", False), ("09:25", False), ("09:36", True)])
    def test_has_one_time(self, clock, fires):
        """Two clocks of one room may be five minutes apart."""
        data = bypass(happened("dural_opening", clock), ("dura_open", "09:30"))
        assert told(data, "occurrence_against_milestone") == ([("warn", PLACE)] if fires else [])

    def test_a_further_one_is_another(self):
        """One occurrence is the step; the other is the second side."""
        data = bypass(happened("dural_opening", "10:30", happened("dural_opening", "09:31")), ("dura_open", "09:30"))
        assert told(data, "occurrence_against_milestone") == []

    @pytest.mark.parametrize(("steps", "fires"), [((), True), (RUN, False)])
    def test_a_clamp_may_be_moved_on_bypass(self, steps, fires):
        """There, two times are two clampings."""
        data = bypass(happened("clamp", "10:00"), ("cross_clamp_on", "09:30"), *steps)
        assert bool(told(data, "occurrence_against_milestone")) is fires


class TestTheWound:
    def test_is_open_between_incision_and_closure(self):
        """What lies outside is said once for each end."""
        data = bypass(happened("osteotomy", "08:50"), ("exposure", "08:55"), ("dura_closed", "11:55"))
        assert [row.message for row in findings(data, "contradiction.step_outside_operation")] == [
            "Osteotomy at 08:50 and exposure at 08:55 lie before incision at 09:00.",
            "Dura closed at 11:55 lies after skin closed at 11:50.",
        ]

    @pytest.mark.parametrize("code", ["bypass_start", "clamp"])
    def test_what_goes_through_the_skin_may_come_before(self, code):
        """A cannula in the groin; but not after the closure."""
        assert told(happened(code, "08:50"), "step_outside_operation") == []
        assert told(happened(code, "11:51"), "step_outside_operation") == [("block", PLACE)]

    def test_a_second_wound_without_a_closure_is_not_closed(self):
        """Front and back in one operation."""
        data = bypass(case(), ("incision", "11:55"), ("exposure", "12:00"))
        assert told(data, "step_outside_operation") == []

    def test_a_day_away_is_asked_about_as_that(self):
        """The date is the one question."""
        data = happened("osteotomy", "10:00")
        data["events"][0]["occurrences"][0]["at"] = at("10:00", day="2026-02-10")
        assert told(data, "step_outside_operation") == []
        assert told(data, "day_not_advanced")
