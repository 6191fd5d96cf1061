"""When responses that an event lost were first seen again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from report_gen.facts.builder import FactBuilder, text
from report_gen.facts.model import Fact
from report_gen.facts.signals.criteria import RESPONSE_STATES
from report_gen.facts.wording import joined, utc
from report_gen.vocab import vocabulary

__all__ = ["derive_returns"]

_LOST: Final = 3
"""Severity of a change that leaves no response."""


def derive_returns(b: FactBuilder) -> None:
    """Add, for each event that lost responses, at which re-tests each of them was first present again.

    Nothing is added where no re-test with a time shows one, nor where that is the time of the resolution.
    """
    for event in b.of_kind("event"):
        found = _first_seen(b, event) if vocabulary("event_classes")[event.status].deteriorates else []
        end = b.by_id.get(f"{event.id}.resolution")
        ended_at = end.instant("at") if end is not None else None
        if not found or all(ended_at is not None and utc(at) == utc(ended_at) for _, _, at in found):
            continue
        names: dict[str, list[tuple[Fact, Fact]]] = {}
        for channel, seen, at in sorted(found, key=lambda row: utc(row[2])):
            names.setdefault(b.clock.time(at), []).append((channel, seen))
        parts = [
            f"{joined([_named(b, *row) for row in rows])}{'' if place else ' present again'} {at}{_beyond(b, rows)}"
            for place, (at, rows) in enumerate(names.items())
        ]
        b.compute(
            f"{event.id}.returned",
            "event.returned",
            event.pointer,
            [text("text", "; ".join(parts))],
            formula="of each response that is lost at the event, the first re-test with a time that shows it",
            inputs=dict.fromkeys(
                (
                    event.id,
                    *(fact.id for fact in b.in_group(event.group, "event.reading")),
                    *(fact.id for channel, seen, _ in found for fact in (channel, seen)),
                    *(change.id for _, seen, _ in found if (change := b.by_id.get(f"{seen.id}.change")) is not None),
                )
            ),
            group=event.group,
            modality=event.modality,
            must_state=False,
        )


def _named(b: FactBuilder, channel: Fact, seen: Fact) -> str:
    """A response with what was left of it: present again is not recovered."""
    change = b.by_id.get(f"{seen.id}.change")
    share = change.text("amplitude_pct_of_baseline") if change is not None else ""
    return f"{channel.text('short')} {share}".strip()


def _beyond(b: FactBuilder, rows: Sequence[tuple[Fact, Fact]]) -> str:
    """Which of the responses seen again at a time were then beyond their criterion; empty where none was."""
    beyond = [
        channel.text("short")
        for channel, seen in rows
        if (change := b.by_id.get(f"{seen.id}.change")) is not None and change.status == "beyond_criterion"
    ]
    if not beyond:
        return ""
    return " (beyond criterion)" if len(beyond) == len(rows) else f" ({joined(beyond)} beyond criterion)"


def _first_seen(b: FactBuilder, event: Fact) -> list[tuple[Fact, Fact, datetime]]:
    """Responses lost at an event with the first reading of a re-test that shows them, and its time."""
    directions = vocabulary("change_directions")
    codes = (event.code("direction"), *event.codes("further"))
    losing = any((kind := directions.get(code)) is not None and kind.severity == _LOST for code in codes)
    read = {fact.inputs[0]: fact.status for fact in b.in_group(event.group, "event.reading")}
    found: list[tuple[Fact, Fact, datetime]] = []
    for name in event.inputs:
        if read.get(name, "absent" if losing else "") != "absent":
            continue
        seen = [
            (fact, at)
            for fact in b.in_group(event.group, "event.retest.reading")
            if fact.inputs[0] == name and fact.status in RESPONSE_STATES and (at := _at(b, fact)) is not None
        ]
        if seen:
            fact, at = min(seen, key=lambda row: utc(row[1]))
            found.append((b.by_id[name], fact, at))
    return found


def _at(b: FactBuilder, fact: Fact) -> datetime | None:
    retest = b.by_id[fact.id.rpartition(".reading")[0]]
    return fact.instant("at") or retest.instant("at")
