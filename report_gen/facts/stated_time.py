"""Times that a record gives other than by the clock, in words; no clock time is made of them.

Source: thin published records; clinical reference §1.3 asks for times where there are any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, TypeVar

from report_gen.case.contract.when import When
from report_gen.facts.wording import duration_text, number_text, utc
from report_gen.vocab import vocabulary

__all__ = ["anchored_to", "clock_words", "in_recorded_order", "length_words", "stated_time"]

_UNITS: Final = {"d": "day", "wk": "week", "mo": "month", "y": "year"}
"""Units that are written out; the others are symbols."""
_IN_ORDER: Final = {"after": "then", "before": "before that", "at": "at the same time", "during": "during that"}
_STEP_ENDINGS: Final = (
    (" start", "{} began"),
    (" end", "{} ended"),
    (" placed", "the {} was placed"),
    (" opened", "the {} was opened"),
    (" closed", "the {} was closed"),
    (" complete", "{} was complete"),
    (" on", "the {} was on"),
    (" off", "the {} was off"),
)
"""How a step of the vocabulary reads as a clause; any other is a noun."""

Row = TypeVar("Row")


def stated_time(when: When | None, *, beside_clock: bool = False) -> str:
    """A time as the record states it: `10 min after E1`, `then`, `during closure`, or the record's own words.

    Words are printed with the coded relation in brackets where that says more: an amount, or something that the words
    do not name. Empty: nothing but that a clock time beside it is approximate, which `clock_words` says.

    Args:
        when: The time. None: nothing of it is recorded.
        beside_clock: Whether a clock time stands beside it, which says `about` where it is approximate.
    """
    if when is None:
        return ""
    coded = _coded(when, beside_clock=beside_clock)
    if when.words is None:
        return coded
    return f"{when.words} ({coded})" if coded and _adds(when, when.words) else when.words


def clock_words(time: str, when: When | None) -> str:
    """A clock time, with `about` before it where the record calls it approximate."""
    return f"about {time}" if when is not None and when.approximate else time


def length_words(minutes: float, *whens: When | None) -> str:
    """A computed length in words; `about` it where one of the times that it was computed from is approximate."""
    about = any(when is not None and when.approximate for when in whens)
    return f"about {duration_text(minutes)}" if about else duration_text(minutes)


def anchored_to(when: When | None) -> tuple[str, str] | None:
    """The relation and the id of the event that a time is relative to; None when it is not relative to an event."""
    if when is None or when.event is None or when.relation is None:
        return None
    return when.relation, when.event


def _coded(when: When, *, beside_clock: bool = False) -> str:
    if when.relation is None:
        return ""
    amount = _amount(when)
    places = [_before_or_after(when.relation, amount, *anchor) for anchor in _anchors(when)]
    if when.previous_entry:
        places.append(_in_list(when.relation, amount))
    text = " and ".join(places)
    return f"{text} (approximately)" if when.approximate and not amount and not beside_clock else text


def _adds(when: When, words: str) -> bool:
    """Whether the coded relation says more than the words: they tell a time twice otherwise.

    A step that the words name is the coded one, by a nearer name.
    """
    if _amount(when).removeprefix("about ").lower() not in words.lower():
        return True
    named = [anchor for anchor in (when.event, *_phase(when)) if anchor is not None]
    return not all(anchor.removeprefix("the ").lower() in words.lower() for anchor in named)


def _phase(when: When) -> tuple[str, ...]:
    return () if when.phase is None else (vocabulary("surgical_phases").display(when.phase),)


def _before_or_after(relation: str, amount: str, words: str, clause: bool) -> str:
    joint = "when" if clause and relation in ("at", "during") else relation
    return " ".join(part for part in (amount, joint, words) if part)


def _in_list(relation: str, amount: str) -> str:
    if amount:
        return f"{amount} later" if relation == "after" else f"{amount} before that"
    return _IN_ORDER[relation]


def _amount(when: When) -> str:
    if when.amount is None or when.unit is None:
        return ""
    last = when.amount if when.amount_to is None else when.amount_to
    number = number_text(when.amount) + (f" to {number_text(last)}" if when.amount_to is not None else "")
    unit = _UNITS.get(when.unit, when.unit)
    plural = "s" if when.unit in _UNITS and last != 1 else ""
    return f"{'about ' if when.approximate else ''}{number} {unit}{plural}"


def _anchors(when: When) -> list[tuple[str, bool]]:
    """What the time is relative to in words, and whether that reads as a clause; a loaded case has at most one."""
    anchors = [(when.event, False)] if when.event is not None else []
    if when.milestone is not None:
        anchors.append(_step(vocabulary("milestones").display(when.milestone)))
    if when.phase is not None:
        anchors.append((vocabulary("surgical_phases").display(when.phase), False))
    return anchors


def _step(words: str) -> tuple[str, bool]:
    for ending, clause in _STEP_ENDINGS:
        if words.endswith(ending):
            return clause.format(words.removesuffix(ending)), True
    return words, False


def in_recorded_order(rows: Iterable[Row], at: Callable[[Row], datetime | None]) -> list[Row]:
    """Rows by their clock times; one without keeps its place in the record, right behind the row before it.

    Rows before the first time stay in front. Nothing is said of a row's time by where it stands.
    """
    keyed: list[tuple[tuple[bool, float], Row]] = []
    place = (False, 0.0)
    for row in rows:
        moment = at(row)
        if moment is not None:
            place = (True, utc(moment).timestamp())
        keyed.append((place, row))
    return [row for _, row in sorted(keyed, key=lambda pair: pair[0])]
