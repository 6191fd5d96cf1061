"""Events that are one account: of the same minute, or close together with the same context or intervention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from report_gen.facts.views.courses import EventChain
from report_gen.facts.views.told_order import told_in_order
from report_gen.facts.wording import utc

__all__ = ["alert_accounts", "episodes", "told_briefly"]

_CLOSE_MIN: Final = 10.0
"""Most minutes between two alerts that share their context or an intervention."""
_MOST_IN_FULL: Final = 4
"""Most accounts of alerts that a report tells at length."""


def episodes(chains: Sequence[EventChain]) -> tuple[tuple[EventChain, ...], ...]:
    """Events in their order, those that are one account together; events of different classes never are.

    Args:
        chains: Events in the order in which they are told.
    """
    groups: list[list[EventChain]] = []
    for chain in chains:
        if groups and _together(groups[-1][-1], chain):
            groups[-1].append(chain)
        else:
            groups.append([chain])
    return tuple(tuple(group) for group in groups)


def told_briefly(events: tuple[EventChain, ...]) -> bool:
    """Whether the accounts of alerts are so many that the report tells each as briefly as it may.

    Page one then has a line for each, their chronologies join what belongs together, and the technical record holds the
    trends. Nothing of an alert is left out for it.

    Args:
        events: All events in the order of the record.
    """
    return alert_accounts(events) > _MOST_IN_FULL


def alert_accounts(events: tuple[EventChain, ...]) -> int:
    """How many accounts the alerts of a case are told in.

    Args:
        events: All events in the order of the record.
    """
    told = [row for row in told_in_order(events, ()) if isinstance(row, EventChain) and row.event.status == "alert"]
    return len(episodes(told))


def _together(before: EventChain, after: EventChain) -> bool:
    if before.event.status != after.event.status:
        return False
    first, second = before.begun_at, after.begun_at
    shared = bool(_around(before) & _around(after))
    if first is None or second is None:
        return first is second and shared and before.onset.text("when") == after.onset.text("when")
    apart = abs((utc(second) - utc(first)).total_seconds()) / 60
    return apart < 1 or (apart <= _CLOSE_MIN and shared)


def _around(chain: EventChain) -> set[tuple[str, str]]:
    """What was recorded at an event and what was done about it, by code; an intervention with its time."""
    found = {("occurrence", fact.code("text") or fact.text("text")) for fact in chain.occurrences}
    if chain.context is not None and chain.context.status == "recorded":
        found |= {("context", code) for code in chain.context.codes("text")}
        if chain.context.text("note"):
            found.add(("note", chain.context.text("note")))
    found |= {("done", f"{fact.status} {fact.text('at')}") for fact in chain.interventions if fact.text("at")}
    return found
