"""Rules on time: what their findings point to, and records written in another zone than the facility's."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from report_gen import load_case
from report_gen.claim.model import Assessment, RuleFinding
from tests.cases.story import assessed, at, data, of_case

SECOND = {"id": "pro2", "role": "interpreting_professional", "name": "Relay, Rita", "npi": "0000000014"}


def session(person: str, start: str, end: str) -> dict[str, Any]:
    """A row of the log with no other case open."""
    times = {"start_at": at(start), "end_at": at(end)}
    return {"person": person, "mode": "remote", "other_open_cases": 0, **times}


def said(found: Assessment, rule: str) -> list[RuleFinding]:
    """What one rule says."""
    return [row for row in found.findings if row.code == rule]


def in_utc(node: Any, later: timedelta) -> Any:
    """The same with every instant later, and written in UTC."""
    if isinstance(node, dict):
        return {key: in_utc(value, later) for key, value in node.items()}
    if isinstance(node, list):
        return [in_utc(value, later) for value in node]
    if isinstance(node, str) and len(node) == len(at("00:00")) and node[10] == "T":
        return (datetime.fromisoformat(node) + later).astimezone(UTC).isoformat()
    return node


def exported(later_hours: int, day: str = "2026-09-15") -> Assessment:
    """The base case as a machine that runs in UTC writes it, some hours later."""
    raw = in_utc(data(), timedelta(hours=later_hours))
    raw["encounter"]["date_of_service"] = day
    return of_case(load_case(json.dumps(raw).encode()))


class TestTwoReadersAtOnce:
    EDITS: ClassVar[dict[str, Any]] = {
        "/people/-": SECOND,
        "/professional_sessions": [session("pro1", "08:04", "10:10"), session("pro2", "09:40", "11:42")],
    }

    def test_the_hand_over_names_both_lines(self):
        """Somebody has to take the minutes off one of them."""
        (found,) = said(assessed(edits=self.EDITS), "handover")
        assert (found.outcome, found.lines) == ("fail", ("L1", "L2"))
        assert "09:40 to 10:10, on L1 and L2" in found.message

    def test_neither_line_is_called_exclusive(self):
        """Thirty minutes of each, as long as both claim them."""
        found = said(assessed(edits=self.EDITS), "exclusive_minutes")
        assert [(row.outcome, row.lines) for row in found] == [("confirm", ("L1",)), ("confirm", ("L2",))]
        assert all(row.message.startswith("30 min elsewhere: another professional") for row in found)

    def test_times_that_abut_are(self):
        """A hand-over to the minute."""
        rows = [session("pro1", "08:04", "10:10"), session("pro2", "10:10", "11:42")]
        found = assessed(edits={**self.EDITS, "/professional_sessions": rows})
        assert {row.outcome for row in said(found, "exclusive_minutes")} == {"pass"}


class TestDayOfService:
    def test_a_record_in_utc_prints_times_of_the_facility(self):
        """Monitoring began at 15:52 UTC, which was 08:52 there."""
        found = exported(0)
        assert [row.outcome for row in said(found, "midnight")] == ["not_applicable"]
        assert said(found, "monitoring_intervals")[0].message == "Monitoring 08:52 to 11:40."
        assert "at 08:51" in said(found, "baseline_read")[0].message

    @pytest.mark.parametrize(("day", "outcome"), [("2026-09-15", "not_applicable"), ("2026-09-16", "not_applicable")])
    def test_an_evening_case_in_utc_may_be_dated_by_either_clock(self, day, outcome):
        """Ten hours later, from 17:38 there, which is past midnight in UTC."""
        assert [row.outcome for row in said(exported(10, day), "midnight")] == [outcome]

    @pytest.mark.parametrize("day", ["2026-09-14", "2026-09-17"])
    def test_no_other_day_will_do(self, day):
        """By neither clock."""
        (found,) = said(exported(10, day), "midnight")
        assert (found.outcome, found.blocking) == ("fail", True)


class TestOneReaderUnderTwoIds:
    def test_the_other_case_is_taken_off_and_the_record_is_held_back(self):
        """78 min are left, 5 units, and the doubled identifier blocks."""
        twin = {**data()["people"][3], "id": "pro2"}
        times = {"start_at": at("09:00"), "end_at": at("10:30")}
        other = {"person": "pro2", "case_pseudonym": "x", "mode": "remote", "payer_class": "commercial", **times}
        found = assessed(edits={"/people/-": twin, "/other_case_sessions": [other]})
        assert [(line.minutes, line.units) for line in found.lines if line.minutes is not None] == [(78, 5)]
        (shared,) = said(found, "one_identifier")
        assert (shared.outcome, shared.blocking) == ("fail", True)
        assert "0000000011" not in shared.message
