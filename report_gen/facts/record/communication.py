"""Facts of communication: the channel, the messages of the log, and the one list of what was told to whom.

The record may hold one telling twice, as a message of the log and as a notification or acknowledgement of an event.
They are one row where time, person and event are the same; the words of both are kept. Otherwise both are rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from report_gen.case.contract.closing import Message
from report_gen.case.contract.events import Event, Notification
from report_gen.facts.builder import FactBuilder, renamed, term, text
from report_gen.facts.model import Fact, Value
from report_gen.facts.row_ids import own_part
from report_gen.facts.wording import utc

__all__ = ["derive_communication"]

_TELLS: Final = ("change", "alert", "status", "request", "intervention", "other")
"""Kinds of message that a notification of an event may be logged as."""
_SAME_S: Final = 60
"""Seconds below which two stamps are one: records are read from clocks to the minute."""


def derive_communication(b: FactBuilder) -> None:
    """Add channel and messages, then the rows of the list, those of notifications already derived included."""
    communication = b.case.communication
    b.add(
        "communication.channel",
        "communication.channel",
        "/communication",
        []
        if communication is None
        else [
            b.coded("text", "communication_channels", communication.channel),
            b.instant("tested_at", communication.tested_at),
            b.yes_no("live_waveforms", communication.live_waveforms),
            b.coded("clock", "clocks", communication.clock),
        ],
        group="communication",
    )
    messages = communication.messages if communication else ()
    ids = b.row_ids("message", messages)
    facts = [_message(b, message, ids[index], index) for index, message in enumerate(messages)]
    rows: list[_Telling] = []
    about: dict[str, list[_Telling]] = {}
    key = _FIRST
    for message, fact in zip(messages, facts, strict=True):
        key = _key(message.at) or key
        rows.append(_Telling(key, message=(message, fact)))
        if message.event is not None:
            about.setdefault(message.event, []).append(rows[-1])
    for event in b.case.events:
        rows.extend(_join(b, event, about.get(event.id, [])))
    for row in sorted(rows, key=lambda row: row.key):
        _entry(b, row)


_Key = tuple[int, float]
"""Where a telling stands in the list: by its time; one without a time has the key of what it stands behind."""
_FIRST: Final[_Key] = (0, 0.0)
_LAST: Final[_Key] = (2, 0.0)


def _key(at: datetime | None) -> _Key | None:
    return None if at is None else (1, utc(at).timestamp())


def _message(b: FactBuilder, message: Message, fact_id: str, index: int) -> Fact:
    return b.add(
        fact_id,
        "message",
        f"/communication/messages/{index}",
        [
            *b.moment(message.at, message.when),
            b.coded("from", "roles", message.from_role),
            b.coded("to", "roles", message.to_role),
            b.coded("kind", "message_kinds", message.kind),
            b.words("from_name", b.person_name(message.from_person, beside_role=True)),
            b.words("to_name", b.person_name(message.to_person, beside_role=True)),
            None if message.event is None else Value("event", message.event, code=message.event),
            b.words("text", message.text),
        ],
        group="communication",
        status=message.kind,
    )


@dataclass(slots=True)
class _Telling:
    """One telling, while the list is put together."""

    key: _Key
    message: tuple[Message, Fact] | None = None
    notification: tuple[Notification, Event, Fact] | None = None
    acknowledgement: Fact | None = None
    """The acknowledgement of its notification."""
    answer: Fact | None = None
    """The acknowledgement that its own message is."""
    reply: str = ""


def _join(b: FactBuilder, event: Event, about: Sequence[_Telling]) -> list[_Telling]:
    """Put the notifications of an event into rows of messages about it; returns the rows of those that have none.

    Such a row without a time stands behind the notification before it, else behind the last message about the event,
    else where the event began, else last.
    """
    group = f"event.{own_part(event.id)}"
    told = [fact for fact in b.in_group(group, "event.notification") if fact.status != "not_recorded"]
    answers = b.in_group(group, "event.acknowledgement")
    key = about[-1].key if about else _key(event.onset_at or event.noticed_at) or _LAST
    further: list[_Telling] = []
    for notification, fact, answer in zip(event.notifications, told, answers, strict=True):
        row = next((row for row in about if _same_telling(b, row, notification, event)), None)
        if row is None:
            row = _Telling(_key(notification.at) or key)
            further.append(row)
        key = row.key
        row.notification, row.acknowledgement = (notification, event, fact), answer
        reply = next((row for row in about if _same_answer(row, notification, event)), None)
        if reply is not None:
            reply.answer = answer
        if notification.reply is not None:
            (reply or row).reply = notification.reply
    return further


def _same_time(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs((utc(one) - utc(other)).total_seconds()) < _SAME_S


def _same(one: str | None, other: str | None) -> bool:
    """Whether two persons or roles are not told apart."""
    return one is None or other is None or one == other


def _same_telling(b: FactBuilder, row: _Telling, notification: Notification, event: Event) -> bool:
    if row.message is None or row.notification is not None:
        return False
    message = row.message[0]
    by = b.people.get(notification.by or "")
    return (
        message.event == event.id
        and message.kind in _TELLS
        and message.to_role == notification.to
        and _same(message.to_person, notification.to_person)
        and _same(message.from_person, notification.by)
        and (by is None or by.role == message.from_role)
        and _same_time(message.at, notification.at)
        and (message.at is not None or message.when == notification.when)
    )


def _same_answer(row: _Telling, notification: Notification, event: Event) -> bool:
    if row.message is None or row.answer is not None or notification.acknowledged != "yes":
        return False
    message = row.message[0]
    return (
        message.event == event.id
        and message.from_role == notification.to
        and _same(message.from_person, notification.to_person)
        and notification.acknowledged_at is not None
        and _same_time(message.at, notification.acknowledged_at)
    )


def _entry(b: FactBuilder, row: _Telling) -> None:
    """One row of the list, computed from the facts that it is made of."""
    message = row.message[1] if row.message is not None else None
    told = row.notification[2] if row.notification is not None else None
    sources = [fact for fact in (message, told, row.acknowledgement, row.answer) if fact is not None]
    first = message or sources[0]
    said = message.text("text") if message is not None else ""
    event = row.notification[1].id if row.notification is not None else (message.code("event") if message else "")
    b.compute(
        f"communication.{first.id}",
        "communication.entry",
        first.pointer,
        [
            *(value for value in first.values if value.name in ("at", "when")),
            *_party("from", (message, "from"), (told, "by")),
            *_party("to", (message, "to"), (told, "to")),
            Value("event", event, code=event) if event else None,
            term("kind", "message_kinds", message.code("kind")) if message else text("kind", "notification"),
            text("text", said) if said else None,
            text("reply", row.reply) if row.reply and row.reply != said else None,
            *_acknowledged(row.acknowledgement),
        ],
        formula="messages of the log and notifications of events; one row where time, person and event are the same",
        inputs=[fact.id for fact in sources],
        group="communication",
        status=message.status if message else "notification",
        must_state=False,
    )


def _party(name: str, *sources: tuple[Fact | None, str]) -> list[Value]:
    """Role and name of one party, each from the first of the facts that has it."""
    found: dict[str, Value] = {}
    for fact, own in sources:
        names = {own: name, f"{own}_name": f"{name}_name"}
        for value in fact.values if fact is not None else ():
            if value.name in names:
                found.setdefault(names[value.name], value)
    return [renamed(value, key) for key, value in found.items()]


def _acknowledged(answer: Fact | None) -> list[Value]:
    if answer is None:
        return []
    times = [renamed(value, "acknowledged_at") for value in answer.values if value.name == "at"]
    return [Value("acknowledged", answer.text("text"), code=answer.status), *times]
