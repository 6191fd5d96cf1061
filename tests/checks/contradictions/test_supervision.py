"""Alerts and acknowledgements outside every session of the professional."""

from __future__ import annotations

import pytest

from tests.cases.parts import at
from tests.cases.quiet import case, session, with_alert
from tests.cases.reports import findings

CODE = "contradiction.alert_outside_sessions"


def acknowledged(data, clock):
    """The case with the professional told at 10:02, who acknowledged at a time."""
    row = {"at": at("10:02"), "to": "interpreting_professional", "acknowledged": "yes", "acknowledged_at": at(clock)}
    data["events"][0]["notifications"].append(row)
    return data


class TestOutside:
    def test_an_alert_blocks_with_its_time(self):
        """One finding, which the professional answers."""
        found = findings(session(with_alert(), "10:20", "11:50"), CODE)
        assert [(row.severity, row.gate, row.who, row.subject) for row in found] == [
            ("block", "sign", "professional", "E1")
        ]
        assert "Alert E1 at 10:00 lies outside every recorded session" in found[0].message

    def test_an_acknowledgement_joins_it(self):
        """Both times in one question."""
        found = findings(acknowledged(session(with_alert(), "10:20", "11:50"), "10:04"), CODE)
        assert [row.question for row in found] == [
            "Did you attend at 10:00 and 10:04, and by which means; or which time is right?"
        ]

    def test_an_acknowledgement_alone_counts(self):
        """The alert inside, the answer outside."""
        found = findings(acknowledged(session(with_alert(), "08:40", "10:01"), "10:04"), CODE)
        assert [row.message.startswith("The professional's acknowledgement of E1 at 10:04 lies") for row in found] == [
            True
        ]

    @pytest.mark.parametrize(("start", "end"), [("08:40", "11:50"), ("10:00", "11:50")])
    def test_inside_a_session_is_quiet(self, start, end):
        """Also at its first minute."""
        assert findings(acknowledged(session(with_alert(), start, end), "10:04"), CODE) == []

    def test_without_a_log_the_log_is_asked_for(self):
        """Not each alert."""
        assert findings({**with_alert(), "professional_sessions": []}, CODE) == []

    def test_a_second_professional_may_have_attended(self):
        """Any session counts."""
        data = session(with_alert(), "10:20", "11:50")
        data["people"].append({"id": "prof2", "role": "interpreting_professional", "name": "Person Prof2"})
        row = {
            "person": "prof2",
            "mode": "remote",
            "start_at": at("08:40"),
            "end_at": at("10:20"),
            "other_open_cases": 0,
        }
        data["professional_sessions"].append(row)
        assert findings(data, CODE) == []

    def test_answered_by_the_professional_it_opens(self):
        """Attended by telephone; the technologist cannot say so for them."""
        data = session(with_alert(), "10:20", "11:50")
        answer = {"finding": CODE, "subject": "E1", "answer": "yes", "reason": "by telephone from 09:58", "by": "prof1"}
        data["answers"] = [answer]
        assert [row.blocking for row in findings(data, CODE)] == [False]
        data["answers"] = [{**answer, "by": "tech1"}]
        assert [row.blocking for row in findings(data, CODE)] == [True]

    def test_a_quiet_case_is_quiet(self):
        """No alert, nobody to acknowledge."""
        assert findings(session(case(), "10:20", "11:50"), CODE) == []
