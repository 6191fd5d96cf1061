"""The log: an answer to what was asked in it, and the time of its signature (clinical reference §1.4, §1.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.vocab import vocabulary

__all__ = ["LOG_CHECKS"]


def _unanswered(facts: Facts) -> Iterator[Fired]:
    """A question, or a request that is worded as one, after which the person asked says nothing in the record."""
    messages = facts.of_kind("message")
    for index, message in enumerate(messages):
        asked = message.code("to")
        if not _asks(message) or asked in ("", "not_recorded", "other"):
            continue
        if not _answered(facts, message, messages[index + 1 :]):
            yield fired(
                message.pointer,
                message,
                asker=vocabulary("roles").display(message.code("from")),
                asked=vocabulary("roles").display(asked),
                time=f" at {message.text('at')}" if message.text("at") else "",
            )


def _asks(message: Fact) -> bool:
    worded = message.words("text").rstrip().endswith("?")
    return message.status == "question" or (message.status == "request" and worded)


def _answered(facts: Facts, question: Fact, later: Sequence[Fact]) -> bool:
    asked, at = question.code("to"), question.instant("at")
    if any(_same(asked, message.code("from")) and not earlier(message.instant("at"), at) for message in later):
        return True
    replies = (
        notification.acknowledgement
        for chain in facts.events
        if chain.id == question.code("event")
        for notification in chain.notifications
    )
    acts = (act for chain in facts.events if chain.id == question.code("event") for act in chain.interventions)
    return any(
        _same(asked, fact.code(name)) and at is not None and fact.instant("at") and not earlier(fact.instant("at"), at)
        for rows, name in ((replies, "to"), (acts, "actor"))
        for fact in rows
    )


def _same(asked: str, speaker: str) -> bool:
    """Whether who speaks can be who was asked: the same role or place in the team, or one of a team that is named.

    A role of a team that has no place in it, and reads nothing, stands for anybody of it.
    """
    if asked == speaker:
        return True
    roles = vocabulary("roles")
    first, second = roles.get(asked), roles.get(speaker)
    if first is None or second is None or first.team is None or first.team != second.team:
        return False
    of_all = any(role.place is None and not role.reads for role in (first, second))
    return of_all or (first.place is not None and first.place == second.place)


def _signature_time(facts: Facts) -> Iterator[Fired]:
    signature = facts.get("log.signature")
    if signature is not None and signature.text("by") and not signature.text("at"):
        yield fired(f"{signature.pointer}/at", signature)


LOG_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "required.answer": _unanswered,
        "required.log_signature_time": _signature_time,
    }
)
"""What is missing of the log."""
