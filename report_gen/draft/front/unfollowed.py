"""What could not be monitored: why, when it was tried, and what the surgeon was told of it before the incision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from report_gen.draft.model import Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import Noted, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import utc
from report_gen.vocab import vocabulary

__all__ = ["not_monitorable"]

_TRIED: Final = ("absent", "not_obtained")
"""States of a baseline that was looked for and not found."""
_REPORTS: Final = "baseline_report"
_TELLS: Final = (_REPORTS, "status", "technical", "recommendation", "alert", "other")
"""Kinds of message by which the surgeon may learn before the incision that a baseline is missing."""
_ASKS: Final = ("request", "recommendation")
"""Kinds of message by which another try is asked for."""
_ANSWERS: Final = ("acknowledgement", "answer", "request", "question", "other")
_TIMES_LISTED: Final = 4
"""Most times of trying that are listed; of more the first and the last are."""


def not_monitorable(facts: Facts) -> list[Sentence]:
    """Responses without a baseline; where they were looked for again, when; who told the surgeon, with the answer."""
    found = facts.get("aggregate.closing.unfollowed")
    if found is None:
        return []
    read = [facts.by_id[name] for name in found.inputs if name in facts.by_id]
    tries = [fact for fact in read if fact.kind == "channel.baseline" and fact.status in _TRIED]
    lines = [say("page_one.unfollowed", those=found)]
    if not tries:
        return lines
    times = sorted({utc(at): fact for fact in tries if (at := fact.instant("at")) is not None}.items())
    again = len({fact.group for fact in tries}) < len(tries)
    if again and len(times) > 1:
        lines.append(say("page_one.tried", times=_listed([fact for _, fact in times])))
        lines.extend(_asked(facts, times[0][0], times[-1][0]))
    return [*lines, *_told(facts, times[0][0] if times else None)]


def _listed(tries: Sequence[Fact]) -> str:
    """The times of trying, all of them or the first and the last."""
    if len(tries) > _TIMES_LISTED:
        return joined_words([Noted(fact).text("at") for fact in (tries[0], tries[-1])], " to ")
    return joined_words(Noted(fact).text("at") for fact in tries)


def _asked(facts: Facts, first: datetime, last: datetime) -> list[Sentence]:
    """What was asked for between the first and the last try by who reads the traces."""
    roles = vocabulary("roles")
    return [
        say("page_one.asked", message=message)
        for message in facts.of_kind("message")
        if message.status in _ASKS
        and message.text("text")
        and roles[message.code("from")].reads
        and (at := message.instant("at")) is not None
        and first <= utc(at) <= last
    ]


def _told(facts: Facts, first: datetime | None) -> list[Sentence]:
    """What the surgeon was told of baselines, with what was answered."""
    messages = facts.of_kind("message")
    incision = next((fact for fact in facts.of_kind("milestone") if fact.status == "incision"), None)
    cut = incision.instant("at") if incision is not None else None
    lines: list[Sentence] = []
    for place, message in enumerate(messages):
        if message.status not in _TELLS or not message.text("text") or not _surgical(message.code("to")):
            continue
        at = message.instant("at")
        before = at is not None and cut is not None and first is not None and first <= utc(at) <= utc(cut)
        if before or (message.status == _REPORTS and (at is None or cut is None or first is None)):
            reply = _reply(message, messages[place + 1 :])
            lines.append(say("page_one.told_unfollowed", message=message, reply=reply, incision=incision))
    return lines


def _reply(message: Fact, later: Sequence[Fact]) -> Fact | None:
    """The next message if it is the answer of the surgeons to whoever told them."""
    for answer in later[:1]:
        mutual = _surgical(answer.code("from")) and answer.code("to") == message.code("from")
        if mutual and answer.status in _ANSWERS and answer.text("text"):
            return answer
    return None


def _surgical(role: str) -> bool:
    return bool(role) and vocabulary("roles")[role].team == "surgical"
