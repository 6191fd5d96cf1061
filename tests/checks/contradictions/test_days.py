"""Dates of a night case that were not advanced, or advanced too far."""

from __future__ import annotations

from tests.cases.parts import at, reading
from tests.cases.quiet import case, night, with_alert
from tests.cases.reports import findings

CODE = "contradiction.day_not_advanced"


class TestDay:
    def test_an_event_of_the_day_before_is_asked_about_once(self):
        """One question for all its times; what follows from the slip is not asked about as well."""
        late = [{"channel": "mep-l", "reading": reading(60.0), "at": at("01:01")}]
        found = findings(night(at("01:00"), readings=late))
        times = [row for row in found if row.concern == "time"]
        assert [(row.code, row.severity, row.subject) for row in times] == [(CODE, "block", "E1")]
        assert times[0].question == "Is it the next day: 01:00 of E1?"
        assert times[0].message.startswith("2 times of E1 lie a day before")

    def test_a_day_too_far_is_asked_about_too(self):
        """The other way."""
        found = findings(night(at("23:00", day="2026-02-12")), CODE)
        assert [row.question.startswith("Is it the day before: 23:00") for row in found] == [True]

    def test_the_right_day_is_quiet(self):
        """After midnight, on the next day."""
        assert findings(night(at("01:00", day="2026-02-12")), CODE) == []

    def test_a_day_case_is_quiet(self):
        """No time of it would fit a day later."""
        assert findings(case(), CODE) == findings(with_alert(), CODE) == []

    def test_what_follows_from_it_is_not_asked_about(self):
        """A step that seems to be before another, data after the last."""
        data = night(at("01:00", day="2026-02-12"))
        for row in data["milestones"]:
            if row["code"] == "skin_closed":
                row["at"] = at("01:50")
        for row in data["modalities"]:
            row["last_data_at"] = at("01:50")
        found = [row for row in findings(data) if row.concern == "time"]
        assert [row.code for row in found] == [CODE]

    def test_several_kinds_of_rows_are_one_question(self):
        """Events, readings and messages of one night."""
        data = night(at("01:00"))
        data["physiology"].append({"at": at("01:10"), "map_mmhg": 70.0, "core_temp_c": 36.0})
        found = findings(data, CODE)
        assert [row.message for row in found] == [
            "2 times of E1 and vital signs lie a day before the monitoring of this night."
        ]
