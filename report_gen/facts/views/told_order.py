"""The order in which the course is told: by clock times, and by place in the record where there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from report_gen.facts.fact import Fact
from report_gen.facts.stated_time import in_recorded_order
from report_gen.facts.views.courses import EventChain

__all__ = ["Told", "told_in_order"]

Told = EventChain | Fact
"""An event with its chain, or the fact of an intervention beside events."""


def told_in_order(events: tuple[EventChain, ...], interventions: tuple[Fact, ...]) -> list[Told]:
    """Events and interventions as the course tells them.

    What has a clock time stands where that puts it. What has none stands beside the event that the record relates it
    to, else behind the entry before it in its list; nothing is said of its time by where it stands.

    Args:
        events: Chains in the order of the record.
        interventions: Facts of what was done beside events, in the order of the record.
    """
    rows: tuple[Told, ...] = (*events, *interventions)
    beside = _Beside()
    by_id = {chain.id: chain for chain in events}
    for listed in (events, interventions):
        before: Told | None = None
        for row in listed:
            if _at(row) is None and beside.put(row, by_id, before):
                continue
            before = row
    timed = in_recorded_order([row for row in rows if _at(row) is not None], _at)
    order = beside.spread([*beside.front, *timed, *beside.end])
    placed = {id(row) for row in order}
    return [*order, *(row for row in rows if id(row) not in placed)]


class _Beside:
    """Rows without a time, by the row that each stands beside."""

    def __init__(self) -> None:
        self.front: list[Told] = []
        self.end: list[Told] = []
        self._before: dict[int, list[Told]] = {}
        self._related: dict[int, list[Told]] = {}
        self._behind: dict[int, list[Told]] = {}

    def put(self, row: Told, by_id: Mapping[str, EventChain], before: Told | None) -> bool:
        """Keep a row for the event that it is related to, else for the row before it; returns which it was."""
        relation, event = _anchor(row)
        anchor = by_id.get(event)
        if anchor is not None and anchor is not row:
            place = self._before if relation == "before" else self._related
            place.setdefault(id(anchor), []).append(row)
            return True
        if before is not None:
            self._behind.setdefault(id(before), []).append(row)
        else:
            (self.front if isinstance(row, EventChain) else self.end).append(row)
        return False

    def spread(self, rows: Sequence[Told]) -> list[Told]:
        """Rows with all that stands beside them; each is met once, because each stands beside one other at most."""
        order: list[Told] = []
        waiting: list[tuple[Told, bool]] = [(row, False) for row in reversed(rows)]
        while waiting:
            row, opened = waiting.pop()
            if opened:
                order.append(row)
                continue
            after = [*self._related.get(id(row), ()), *self._behind.get(id(row), ())]
            waiting.extend((other, False) for other in reversed(after))
            waiting.append((row, True))
            waiting.extend((other, False) for other in reversed(self._before.get(id(row), ())))
        return order


def _at(row: Told) -> datetime | None:
    return row.begun_at if isinstance(row, EventChain) else row.instant("at")


def _anchor(row: Told) -> tuple[str, str]:
    """Relation and id of the event that a row is related to; empty where it is to none."""
    fact = row.onset if isinstance(row, EventChain) else row
    if anchor := fact.codes("anchor"):
        return anchor[0], anchor[1]
    return ("after", fact.code("event")) if fact.code("event") else ("", "")
