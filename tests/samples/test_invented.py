"""The invented whole cases are whole: they tell how the patient woke, and their log holds what was told of events."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from report_gen import Case, load_case
from report_gen.case.contract.closing import Message
from report_gen.case.contract.events import Notification

FOLDER = Path(__file__).parents[2] / "samples" / "valid"
WHOLE = [path for path in sorted(FOLDER.glob("invented_*.json")) if not path.stem.startswith("invented_thin_")]
TEAM = {"surgeon", "assistant_surgeon", "anesthesiologist", "crna", "anesthesia_team"}
"""Who hears what is said to the surgical team."""
every_case = pytest.mark.parametrize("path", WHOLE, ids=[path.stem for path in WHOLE])


@cache
def _case(path: Path) -> Case:
    return load_case(path)


def _is_entry_of(message: Message, told: Notification) -> bool:
    """Whether an entry of the log is how somebody was told, to the minute."""
    heard = message.to_role == told.to or (message.to_role == "surgical_team" and told.to in TEAM)
    near = message.at is not None and told.at is not None and abs(message.at - told.at) <= timedelta(minutes=1)
    return heard and near


class TestWholeCases:
    def test_there_are_enough_of_them(self):
        """The folder is found."""
        assert len(WHOLE) >= 15

    @every_case
    def test_tell_how_the_patient_woke(self, path):
        """An examination with its examiner, its time after the operation, its findings and the class of a deficit."""
        case = _case(path)
        examined = case.postoperative_examination
        assert examined is not None
        assert examined.availability == "performed"
        assert examined.examiner
        assert examined.findings
        assert examined.new_deficit is not None
        closed = max(step.at for step in case.milestones if step.code == "skin_closed" and step.at is not None)
        assert examined.at is not None
        assert examined.at > closed

    @every_case
    def test_tell_the_course_in_its_order(self, path):
        """Entries with a time follow each other, and each is told by somebody of the case."""
        course = _case(path).postoperative_course
        times = [entry.at for entry in course if entry.at is not None]
        assert times == sorted(times)
        assert [entry.kind for entry in course if entry.by is None] == []

    @every_case
    def test_log_what_was_told_of_each_event(self, path):
        """Whoever was told of an event stands in the communication log, with the event."""
        case = _case(path)
        log = case.communication.messages if case.communication else ()
        assert [
            (event.id, told.to, told.at)
            for event in case.events
            for told in event.notifications
            if not any(message.event == event.id and _is_entry_of(message, told) for message in log)
        ] == []

    @every_case
    def test_log_in_the_order_of_time(self, path):
        """No entry stands before an earlier one."""
        case = _case(path)
        times = [message.at for message in (case.communication.messages if case.communication else ()) if message.at]
        assert times == sorted(times)
