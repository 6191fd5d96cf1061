"""One list of who told whom what: messages of the log and notifications of events, each telling once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.facts import derive
from tests.cases.parts import at
from tests.cases.quiet import with_alert
from tests.cases.reports import facts_of
from tests.cases.thin import cells
from tests.selection import now_and_in_full

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "valid").glob("*.json"))

TOLD = {
    "at": at("10:02"),
    "by": "tech1",
    "to": "surgeon",
    "to_person": "surg1",
    "acknowledged": "yes",
    "acknowledged_at": at("10:03"),
    "reply": "stopping",
}
LOGGED = {
    "at": at("10:02"),
    "from_role": "technologist",
    "to_role": "surgeon",
    "kind": "alert",
    "event": "E1",
    "text": "left leg lost",
}
ANSWERED = {
    "at": at("10:03"),
    "from_role": "surgeon",
    "to_role": "technologist",
    "kind": "acknowledgement",
    "event": "E1",
    "text": "stopping",
}


def with_log(*messages, told=(TOLD,)):
    """An alert with these notifications and a log of these messages."""
    data = with_alert(notifications=list(told))
    data["communication"]["messages"] = list(messages)
    return data


class TestOneList:
    @pytest.mark.parametrize("path", SAMPLES, ids=[path.stem for path in SAMPLES])
    def test_each_message_and_notification_of_a_sample_is_in_it_once(self, path):
        """None is lost, none is told twice."""
        facts = derive(load_case(path))
        told = [fact for fact in facts.of_kind("event.notification") if fact.value("to")]
        listed = Counter(name for entry in facts.of_kind("communication.entry") for name in entry.inputs)
        wanted = [fact.id for fact in (*facts.of_kind("message"), *told)]
        assert {name: listed[name] for name in wanted} == dict.fromkeys(wanted, 1)

    @pytest.mark.parametrize("path", now_and_in_full(SAMPLES, SAMPLES[:3]), ids=lambda path: path.stem)
    def test_the_table_has_a_row_for_each(self, path):
        """In the order of their times."""
        facts = derive(load_case(path))
        times = [at for entry in facts.of_kind("communication.entry") if (at := entry.instant("at")) is not None]
        assert times == sorted(times)

    def test_the_same_telling_is_one_row_with_the_words_of_both(self):
        """Time, person and event are the same."""
        (row,) = cells(with_log(LOGGED))
        assert row == (
            "10:02",
            "technologist (Person Tech1) to surgeon (Person Surg1)",
            "alert (E1)",
            "left leg lost. Reply: “stopping”",
            "10:03",
        )

    def test_an_answer_that_was_logged_has_the_reply(self):
        """Words that both hold are said once."""
        first, second = cells(with_log(LOGGED, ANSWERED))
        assert first[3:] == ("left leg lost", "10:03")
        assert second == ("10:03", "surgeon to technologist", "acknowledgement (E1)", "stopping", "")
        other = {**ANSWERED, "text": "yes"}
        assert cells(with_log(LOGGED, other))[1][3] == "yes. Reply: “stopping”"

    def test_an_answer_need_not_be_logged_as_one(self):
        """What was said back at that time by whoever was told is the answer, of whatever kind."""
        done = {**ANSWERED, "kind": "intervention"}
        assert [row[3] for row in cells(with_log(LOGGED, done))] == ["left leg lost", "stopping"]
        earlier = {**done, "at": at("10:01")}
        assert [row[3] for row in cells(with_log(earlier, LOGGED))] == [
            "stopping",
            "left leg lost. Reply: “stopping”",
        ]

    @pytest.mark.parametrize(
        "differs",
        [
            {"at": at("10:04")},
            {"to_role": "anesthesiologist"},
            {"from_role": "interpreting_professional"},
            {"from_person": "prof1"},
            {"kind": "all_clear"},
            {"event": None},
        ],
    )
    def test_what_differs_is_two_rows(self, differs):
        """Another time, person, role, event or kind: both stay visible."""
        message = {key: value for key, value in (LOGGED | differs).items() if value is not None}
        rows = cells(with_log(message))
        assert len(rows) == 2
        assert {row[2] for row in rows} >= {"notification (E1)"}

    def test_a_notification_without_a_message_is_a_row(self):
        """The log need not hold it."""
        assert cells(with_log()) == [
            (
                "10:02",
                "technologist (Person Tech1) to surgeon (Person Surg1)",
                "notification (E1)",
                "Reply: “stopping”",
                "10:03",
            )
        ]

    def test_two_tellings_at_one_time_are_two_rows(self):
        """One message belongs to one notification."""
        twice = ({**TOLD, "reply": "first"}, {**TOLD, "reply": "second"})
        assert [row[2] for row in cells(with_log(LOGGED, told=twice))] == ["alert (E1)", "notification (E1)"]

    def test_tellings_without_times_keep_their_place(self):
        """Behind the message about the same event."""
        untimed = {"to": "anesthesiologist", "when": {"relation": "after", "previous_entry": True}}
        later = {"at": at("11:00"), "from_role": "surgeon", "to_role": "technologist", "kind": "request"}
        rows = cells(with_log(LOGGED, later, told=(TOLD, untimed)))
        assert [row[0] for row in rows] == ["10:02", "then", "11:00"]

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({"acknowledged": "no"}, "not acknowledged"),
            ({"acknowledged": "not_recorded"}, "not recorded"),
            ({"acknowledged": "yes"}, "yes, time not recorded"),
        ],
    )
    def test_whether_it_was_acknowledged(self, answer, words):
        """Stands in a column of its own."""
        assert cells(with_log(told=({"to": "surgeon", "at": at("10:02"), **answer},)))[0][-1] == words

    def test_the_chain_keeps_the_times_and_not_the_words(self):
        """The words stand once."""
        facts = facts_of(with_log(LOGGED))
        assert facts.by_id["event.E1.notification.surgeon.1002"].text("at") == "10:02"
        assert [entry.text("text") for entry in facts.of_kind("communication.entry")] == ["left leg lost"]
