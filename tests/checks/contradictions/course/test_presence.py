"""Who told and was told, and who was there."""

from __future__ import annotations

import pytest

from tests.cases.parts import at
from tests.cases.quiet import with_alert
from tests.cases.reports import findings
from tests.cases.reports import told as fired
from tests.checks.course import message, told

CODE = "contradiction.told_outside_attendance"


def relieved(**second):
    """A log of two technologists, of whom the second comes at 10:00 and the first leaves then."""
    data = with_alert()
    data["people"].append({"id": "tech2", "role": "technologist", "name": "Person Tech2"})
    data["attendance"][0]["end_at"] = at("10:01")
    row = {"person": "tech2", "start_at": at("10:00"), "end_at": at("12:10")}
    data["attendance"] += [row | second] if second.get("person", "tech2") else []
    return data


class TestOutside:
    @pytest.mark.parametrize(
        ("clock", "found"),
        [("07:20", [("block", "/communication/messages/0")]), ("07:30", []), ("12:10", [])],
    )
    def test_a_message_before_anybody_was_there(self, clock, found):
        """Both ends of the attendance count."""
        assert fired(told(message(clock, "technologist", "surgeon")), "told_outside_attendance") == found

    def test_what_came_after_monitoring_only_warns(self):
        """A finding of the ward, told to whoever had left, may have been told by telephone."""
        found = findings(told(message("12:40", "surgeon", "technologist", "status")), CODE)
        assert [(row.severity, row.who, row.message) for row in found] == [
            (
                "warn",
                "technologist",
                "The status report from the surgeon to the technologist at 12:40 lies outside the recorded attendance"
                " of any technologist.",
            )
        ]

    def test_whoever_had_left_told_nobody(self):
        """E1 was told at 10:02 by the technologist who had left at 10:01, while another was there."""
        (found,) = findings(relieved(), CODE)
        assert (found.severity, found.subject) == ("block", "E1")
        assert found.message == (
            "The notification of E1 to the surgeon at 10:02 lies outside the recorded attendance of that technologist."
        )

    def test_the_other_one_may_have(self):
        """The record names who told."""
        data = relieved()
        for row in data["events"][0]["notifications"]:
            row["by"] = "tech2"
        assert findings(data, CODE) == []

    def test_an_entry_of_the_course_counts(self):
        """Waking, reported by a technologist who had gone."""
        data = told()
        data["postoperative_course"] = [
            {"kind": "waking", "at": at("12:30"), "by_role": "technologist", "deficit": "none_reported"}
        ]
        assert fired(data, "told_outside_attendance") == [("warn", "/postoperative_course/0")]

    def test_whose_attendance_is_not_recorded_may_have_been_there(self):
        """A second technologist without times; the professional is told by telephone."""
        data = told(
            message("07:20", "technologist", "surgeon"), message("06:00", "surgeon", "interpreting_professional")
        )
        data["people"].append({"id": "tech2", "role": "technologist"})
        assert findings(data, CODE) == []
        data["attendance"] = []
        assert findings(data, CODE) == []
