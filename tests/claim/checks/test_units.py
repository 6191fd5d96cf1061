"""What to do about a day that holds more than the payer takes."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.claim.model import RuleFinding
from report_gen.claim.practice.profile import profile_from
from tests.cases.story import assessed, at


def session(mode: str, start: str, end: str) -> dict[str, Any]:
    """A row of the log."""
    times = {"start_at": at(start), "end_at": at(end)}
    return {"person": "pro1", "mode": mode, "other_open_cases": 0, **times}


def capped(most: float, change: str = "10:00") -> RuleFinding:
    """What rule `day_cap` says of 168 min, in the room until a time, and elsewhere from then on."""
    plan = {"id": "plan", "payer_class": "medicaid", "remote": "mon.remote_exclusive", "cap_min_per_day": most}
    edits = {
        "/encounter/payer/payer_class": "medicaid",
        "/professional_sessions": [session("in_room", "08:52", change), session("remote", change, "11:40")],
    }
    found = assessed(edits=edits, profile=profile_from({"payers": [plan]}))
    return next(row for row in found.findings if row.code == "day_cap")


class TestDayCap:
    @pytest.mark.parametrize(
        ("most", "action"),
        [
            (120.0, "Reduce L2 to 52 min, 3 units; or confirm"),
            (68.0, "Leave L2 out; or confirm"),
            (60.0, "Leave L2 out; or confirm"),
        ],
    )
    def test_says_which_line_to_reduce_and_to_what(self, most, action):
        """68 min in the room and 100 min elsewhere: the first line of the claim is filled first.

        A single line never holds more than the cap.
        """
        found = capped(most)
        assert found.outcome == "fail"
        assert found.action.startswith(action)

    def test_asks_nothing_of_a_day_within_the_cap(self):
        """168 min of 168."""
        assert (capped(168.0).outcome, capped(168.0).action) == ("pass", "")
