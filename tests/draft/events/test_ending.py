"""How an alert ended: what did not come back does not read like a recovery."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.document.blocks import Chronology
from report_gen.draft.events.chains import alerts
from tests.cases.parts import at
from tests.cases.quiet import resolved, with_alert
from tests.cases.reports import facts_of


def ended(data: dict[str, Any]) -> str:
    """The last sentence of the row at 10:15, when the only alert ended."""
    (block,) = alerts(facts_of(data))[0].blocks
    assert isinstance(block, Chronology)
    (row,) = [row for row in block.entries if row.time == "10:15"]
    return row.sentences[-1].text


def test_a_response_lost_to_close_is_not_recovered():
    """No time after onset, which would be that of a recovery."""
    assert ended(resolved("lost_to_close", value={"state": "absent"})) == "Not recovered: lost to close."


@pytest.mark.parametrize(("kind", "after"), [("unchanged", False), ("worsened", False), ("partial", True)])
def test_only_a_recovery_has_the_time_that_it_took(kind, after):
    """A partial one is one."""
    data = resolved(kind, value={"state": "measured", "amplitude_uv": 60.0, "latency_ms": 30.0})
    assert ("15 min after onset" in ended(data)) == after


class TestWhoWasNotTold:
    def test_the_professional_is_named_where_others_were_told(self):
        """Surgeon and anesthesiologist were."""
        data = with_alert()
        assert _last(data).endswith("Not recorded: notification of the interpreting professional.")

    def test_a_message_of_the_log_tells_too(self):
        """Whichever way it went."""
        data = with_alert()
        message = {"kind": "status", "from_role": "interpreting_professional", "to_role": "surgeon", "event": "E1"}
        data["communication"]["messages"] = [{**message, "at": at("10:06"), "text": "left only"}]
        assert "notification of the" not in _last(data)


def _last(data: dict[str, Any]) -> str:
    """The words of the last row."""
    (block,) = alerts(facts_of(data))[0].blocks
    assert isinstance(block, Chronology)
    return " ".join(sentence.text for sentence in block.entries[-1].sentences)
