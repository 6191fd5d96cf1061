"""Recorded states in words: those that read alike together, with their times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from report_gen.facts.signals.change_names import change_names
from report_gen.facts.signals.shares import share_of
from report_gen.facts.signals.worst import State
from report_gen.facts.wording import joined

__all__ = ["by_share", "later_words", "timed_words", "when_words"]

_TIMES_LISTED: Final = 2
"""Times of one state that a cell lists one by one."""


def timed_words(states: Sequence[State]) -> str:
    """States in percent of their baseline or in words, those that read alike together, with their times."""
    return "; ".join(f"{share}{when_words(alike)}" for share, alike in by_share(states).items())


def later_words(states: Sequence[State]) -> str:
    """States without their times; of those that are equal but for their latency the one with the longest."""
    rows: dict[str, list[State]] = {}
    for state in states:
        rows.setdefault(share_of(state.change) or state.share, []).append(state)
    return "; ".join(max(alike, key=_delay).share for alike in rows.values())


def _delay(state: State) -> float:
    """How much later than at baseline; negative infinity where no latency is compared."""
    changes = [
        amount
        for names in change_names().values()
        if names.aspect == "latency"
        and state.change is not None
        and (amount := state.change.number(names.difference)) is not None
    ]
    return max(changes, default=float("-inf"))


def by_share(states: Sequence[State]) -> dict[str, list[State]]:
    """States by what they say in percent of their baseline or in words."""
    rows: dict[str, list[State]] = {}
    for state in states:
        rows.setdefault(state.share, []).append(state)
    return rows


def when_words(states: Sequence[State]) -> str:
    """When a state is recorded, else with which event; a few times one by one."""
    whens = list(dict.fromkeys(state.clock or state.event for state in states if state.clock or state.event))
    if not whens:
        return ""
    return f" ({joined(whens) if len(whens) <= _TIMES_LISTED else f'{whens[0]} to {whens[-1]}'})"
