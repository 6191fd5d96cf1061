"""Messages of the log about events that are no notification or answer of theirs: questions, progress, the all clear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from report_gen.draft.events.entry import Entry, entry, opening
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import Noted, Words
from report_gen.facts.fact import Fact
from report_gen.facts.model import Facts
from report_gen.facts.stated_time import in_recorded_order
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import utc

__all__ = ["further_messages", "message_words", "sent"]

_TELLS: Final = ("alert", "change", "improvement")
"""Kinds of message that report an event."""
_ENDS: Final = ("all_clear", "improvement")
"""Kinds of message that stand with the alert before them where they name no event."""


def further_messages(facts: Facts, chains: Sequence[EventChain]) -> list[Fact]:
    """Messages about events that the log alone has, each once, in the order of their times.

    An all clear that names no event stands with the last alert that began before it; that it is about it is not said.
    """
    told_too = {
        entry.inputs[0]
        for entry in facts.of_kind("communication.entry")
        if len(entry.inputs) > 1 and entry.status != "notification"
    }
    own = {message.id: message for chain in chains for message in chain.messages}
    ids = {chain.id for chain in chains}
    for message in facts.of_kind("message"):
        if message.status in _ENDS and not message.code("event") and _last_alert(facts, message) in ids:
            own[message.id] = message
    told_at = {notification.fact.instant("at") for chain in chains for notification in chain.notifications}
    left = [
        message
        for message in own.values()
        if message.id not in told_too and not (_bare(message) and message.instant("at") in told_at)
    ]
    return list(in_recorded_order(left, lambda message: message.instant("at")))


def _bare(message: Fact) -> bool:
    """Whether a message says that something changed and no more: a notification of that minute says as much."""
    return message.status in _TELLS and not message.text("text")


def _last_alert(facts: Facts, message: Fact) -> str:
    """Id of the last alert begun before a message. Empty: none, or the message has no time."""
    at = message.instant("at")
    if at is None:
        return ""
    begun = [
        (utc(chain.begun_at), chain.id)
        for chain in facts.events
        if chain.event.status == "alert" and chain.begun_at is not None and utc(chain.begun_at) <= utc(at)
    ]
    return max(begun)[1] if begun else ""


def message_words(message: Fact) -> Words:
    """A message behind its time, for a row of a table."""
    return phrase("events.message", message=message, name="", time=opening(message))


def sent(facts: Facts, chains: Sequence[EventChain]) -> list[Entry]:
    """The messages as rows of a chronology."""
    retested = [at for chain in chains for retest in chain.retests if (at := retest.fact.instant("at")) is not None]
    first = min(retested, key=utc, default=None)
    rows: list[Entry] = []
    for message in further_messages(facts, chains):
        name = message.text("event") if len(chains) > 1 else ""
        said, dated = (
            [say("events.message", message=message, name=name, time=time)] for time in ("", Noted(message).text("at"))
        )
        rows.append(entry(message, said, dated=dated, follows=_follows(message, first)))
    return rows


def _follows(message: Fact, retested: datetime | None) -> bool:
    """Whether a message came with the re-tests or after them."""
    at = message.instant("at")
    return at is not None and retested is not None and utc(at) >= utc(retested)
