"""Messages that the log alone has stand in the chronology of their alert, each once."""

from __future__ import annotations

from typing import Any

from report_gen.document.blocks import Chronology
from report_gen.draft.events.chains import alerts
from tests.cases.parts import at
from tests.cases.quiet import with_alert
from tests.cases.reports import facts_of


def told(*messages: dict[str, Any]) -> list[tuple[str, str]]:
    """Rows of the chronology of an alert at 10:00, whose log has these messages."""
    data = with_alert()
    data["communication"]["messages"] = list(messages)
    (block,) = alerts(facts_of(data))[0].blocks
    assert isinstance(block, Chronology)
    return [(row.time, " ".join(sentence.text for sentence in row.sentences)) for row in block.entries]


def message(time: str, kind: str, by: str, to: str, **more: Any) -> dict[str, Any]:
    """One message of the log."""
    return {"at": at(time), "kind": kind, "from_role": by, "to_role": to, **more}


def test_what_was_said_of_the_end_stands_behind_it():
    """With its words."""
    late = message("10:31", "status", "interpreting_professional", "surgeon", event="E1", text="Left leg partly back")
    assert (
        "10:31",
        "Interpreting professional to surgeon: status report, \u201cLeft leg partly back\u201d.",
    ) in told(late)


def test_an_all_clear_that_names_no_event_stands_with_the_alert_before_it():
    """One before the alert does not."""
    after = message("10:32", "all_clear", "technologist", "surgeon")
    before = message("09:32", "all_clear", "technologist", "surgeon")
    times = [time for time, text in told(after, before) if "all clear" in text]
    assert times == ["10:32"]


def test_a_message_that_a_notification_tells_stands_once():
    """The surgeon is told of the alert at 10:02 by the record of the event."""
    alike = message("10:02", "alert", "technologist", "surgeon", event="E1")
    plain = told()
    assert told(alike) == plain
    assert told(message("10:02", "alert", "technologist", "surgical_team", event="E1")) == plain
