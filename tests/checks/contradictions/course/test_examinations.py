"""Examinations against the operation and each other, and results of what was not done."""

from __future__ import annotations

import pytest

from tests.cases.parts import at
from tests.cases.quiet import case
from tests.cases.reports import findings, told
from tests.checks.course import graded

EXAM = {"availability": "performed", "examiner": "surgeon", "new_deficit": "none_reported"}

SCREEN = {"performed": False, "positive": ["pacemaker"]}


class TestTime:
    @pytest.mark.parametrize(("clock", "fires"), [("11:49", True), ("11:50", False)])
    def test_after_surgery_the_skin_is_closed(self, clock, fires):
        """Of the examination, and of an entry of the course."""
        data = case(postoperative_examination={**EXAM, "at": at(clock)})
        data["postoperative_course"] = [{"kind": "waking", "at": at(clock), "deficit": "none_reported"}]
        places = ["/postoperative_examination", "/postoperative_course/0"] if fires else []
        assert told(data, "examination_against_surgery") == [("block", place) for place in places]

    @pytest.mark.parametrize(("clock", "fires"), [("09:01", True), ("09:00", False)])
    def test_before_surgery_there_is_no_incision(self, clock, fires):
        """The other end."""
        data = case()
        data["preoperative"]["examination"]["at"] = at(clock)
        found = findings(data, "contradiction.examination_against_surgery")
        message = f"The examination before surgery is recorded at {clock}, after incision at 09:00."
        assert [row.message for row in found] == ([message] if fires else [])


class TestNotDone:
    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"adverse_effects": {"checked": False, "observed": ["bite"]}}, "/adverse_effects"),
            (
                {"postoperative_examination": {"availability": "not_performed", "new_deficit": "new"}},
                "/postoperative_examination",
            ),
            ({"preoperative": {"mep_safety_screen": SCREEN}}, "/preoperative/mep_safety_screen"),
        ],
    )
    def test_has_no_result(self, change, place):
        """Screen, check for harm, examination."""
        assert told(case(**change), "not_done_with_result") == [("block", place)]

    @pytest.mark.parametrize(
        "change",
        [
            {"adverse_effects": {"checked": False}},
            {"postoperative_examination": {"availability": "not_performed", "new_deficit": "unknown"}},
            {"postoperative_examination": {**EXAM, "at": at("12:15")}},
        ],
    )
    def test_without_one_it_contradicts_nothing(self, change):
        """Not done is an answer."""
        assert told(case(**change), "not_done_with_result") == []


class TestGrades:
    @pytest.mark.parametrize(
        ("after", "deficit", "fires"),
        [
            (4.0, "none_reported", True),
            (4.3, "none_reported", False),
            (2.0, "preexisting_unchanged", True),
            (2.0, "new", False),
            (2.0, "unknown", False),
        ],
    )
    def test_do_not_fall_without_a_deficit(self, after, deficit, fires):
        """One grade of the same muscle on the same side; less is a matter of the examiner."""
        expected = [("block", "/postoperative_examination")] if fires else []
        assert told(graded(after, deficit), "deficit_against_grades") == expected

    @pytest.mark.parametrize("other", [{"side": "right"}, {"site": "hand grip"}])
    def test_of_another_place_are_not_compared(self, other):
        """Another side, another muscle."""
        assert told(graded(2.0, **other), "deficit_against_grades") == []

    def test_no_word_of_the_site_is_in_the_message(self):
        """The site is free text."""
        (found,) = findings(graded(2.0), "contradiction.deficit_against_grades")
        assert found.message == (
            "The examination after surgery at 12:15 is recorded as showing no new deficit,"
            " beside a left motor grade of 2/5 after 5/5 before surgery."
        )
