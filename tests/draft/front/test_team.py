"""Who attended, when, and beside which other cases, as the first page says it of whom it names."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.draft.front.team import people
from tests.cases.parts import at
from tests.cases.quiet import alert, case
from tests.cases.reports import facts_of


def told(data: dict[str, Any], place: str = "interpreting professional") -> str:
    """What the page says of those who hold a place."""
    return people(facts_of(data), place).text


def sessions(*spans: tuple[str, str, str], **more: Any) -> list[dict[str, Any]]:
    """Sessions of the professional: mode, from, to."""
    return [
        {"person": "prof1", "mode": mode, "start_at": at(start), "end_at": at(end), **more}
        for mode, start, end in spans
    ]


def elsewhere(*spans: tuple[str, str, str]) -> list[dict[str, Any]]:
    """Sessions in other cases: name, from, to."""
    return [
        {"person": "prof1", "case_pseudonym": name, "mode": "remote", "start_at": at(start), "end_at": at(end)}
        for name, start, end in spans
    ]


def alerts(*times: str) -> list[dict[str, Any]]:
    """One alert at each time."""
    return [alert(id=f"E{number}", onset_at=at(time)) for number, time in enumerate(times, 1)]


WHOLE = ("remote", "08:40", "12:00")


class TestTheProfessional:
    def test_attends_as_long_as_sessions_follow_each_other(self):
        """One stretch of two sessions; a break is told as one, with its length."""
        data = case(professional_sessions=sessions(("remote", "08:40", "10:00"), ("remote", "10:00", "12:00")))
        assert "remote 08:40\u201312:00" in told(data)
        data = case(professional_sessions=sessions(("remote", "08:40", "10:00"), ("in_room", "10:10", "12:00")))
        assert (
            "remote 08:40\u201310:00; in the operating room 10:10\u201312:00; not attended: 10:00\u201310:10 (10 min)"
            in (told(data))
        )

    @pytest.mark.parametrize(
        ("log", "others", "words"),
        [
            (WHOLE, [], "at alert E1 (10:00): attending, no other case open"),
            (WHOLE, [("A", "09:50", "10:10")], "at alert E1 (10:00): attending, 1 other case open"),
            (
                WHOLE,
                [("A", "09:00", "09:30"), ("B", "09:00", "09:40")],
                "at alert E1 (10:00): attending, no other case open; at other times at most 2",
            ),
            (("remote", "10:20", "12:00"), [], "at alert E1 (10:00): no session of a professional recorded"),
        ],
    )
    def test_is_said_to_have_attended_at_the_alert_or_not(self, log, others, words):
        """With the other cases open then, and the most at other times where those were more."""
        data = case(events=alerts("10:00"), professional_sessions=sessions(log), other_case_sessions=elsewhere(*others))
        assert words in told(data)

    def test_attends_few_alerts_by_name_and_many_by_their_number(self):
        """Those of the same attention together."""
        logged = {"professional_sessions": sessions(WHOLE), "other_case_sessions": elsewhere(("A", "09:30", "10:15"))}
        few = told(case(events=alerts("10:00", "10:30"), **logged))
        assert "at E1: attending, 1 other case open; at E2: attending, no other case open" in few
        many = told(case(events=alerts("09:40", "10:00", "10:30", "10:40", "10:50", "11:00", "11:10"), **logged))
        assert many.endswith("attending at all 7 alerts, no other case open at 5; 1 at E1 and E2")
        logged["other_case_sessions"] = []
        assert "at both alerts: attending, no other case open" in told(case(events=alerts("10:00", "10:30"), **logged))

    def test_has_the_other_cases_of_the_log_where_those_themselves_are_not_recorded(self):
        """What the log says of the session; without it nothing is known, and that is said."""
        data = case(events=alerts("10:00"), professional_sessions=sessions(WHOLE, other_open_cases=1))
        data.pop("other_case_sessions", None)
        assert "at alert E1 (10:00): attending, 1 other case open" in told(data)
        data["professional_sessions"] = sessions(WHOLE)
        assert told(data).endswith("at alert E1 (10:00): attending; other cases not recorded")

    def test_without_a_session_is_not_said_to_have_been_away(self):
        """Not recorded is neither."""
        data = case()
        del data["professional_sessions"]
        assert told(data) == "Person Prof1 (DABNM), attendance not recorded"


class TestTheTechnologists:
    def test_stand_with_their_times_and_the_alerts_they_were_at(self):
        """And that none had another case, where the log says so of each."""
        data = case(events=alerts("10:00"))
        data["people"].append({"id": "tech2", "role": "technologist", "name": "Person Tech2", "credentials": []})
        data["attendance"] = [
            {"person": "tech1", "start_at": at("07:00"), "end_at": at("09:30"), "other_open_cases": 0},
            {"person": "tech2", "start_at": at("09:25"), "end_at": at("12:30"), "other_open_cases": 0},
        ]
        assert told(data, "technologist") == (
            "Person Tech1 (CNIM), 07:00\u201309:30; Person Tech2, 09:25\u201312:30 (present at E1); "
            "none had another case open"
        )
        data["attendance"][1]["other_open_cases"] = 2
        assert told(data, "technologist").endswith("09:25\u201312:30 (present at E1), 2 other cases open")
        data["attendance"][1]["start_at"] = at("10:30")
        assert told(data, "technologist").endswith("; no technologist recorded at E1")
