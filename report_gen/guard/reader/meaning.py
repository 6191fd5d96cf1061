"""What words mean: rows of named values, and propositions made of them.

A row holds what is said of one thing: `{actor: surgeon, done: pause_surgery}`. Words that coordinate mean several rows.
Where two parts of a sentence come together, what each says is said of the other: every row of the one joins every row
of the other. Nothing may be said of one thing twice; such a reading is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

__all__ = [
    "EMPTY",
    "MOST_ROWS",
    "Atom",
    "Attributes",
    "Meaning",
    "Proposition",
    "alone",
    "as_text",
    "as_words",
    "joined",
    "listed",
    "named",
    "paired",
    "stated",
]

Atom: TypeAlias = str
"""A value: a code, a number or time as it is printed, words of the record, or what is said of several things."""
Attributes: TypeAlias = "frozenset[tuple[str, Atom]]"
"""What is said of one thing, by name of the value."""

MOST_ROWS: Final = 64
"""Most things that a part of a sentence may speak of."""
_BARE: Final = ""
"""Name of a value that the words around it have not named yet."""
_AGAIN: Final = "same_"
"""Begins the name of a value that is said again, such as `same_to`; it must be that of `to`."""
_THEN: Final = "then"
"""Name that says that a row is later than the row before it; the times of both must say so too."""
_CLOCK: Final = re.compile(r"(?P<before>.*?)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<after>(?!\d).*)")
_LONGEST_TURN: Final = 12 * 60
"""Minutes between two times of which the one is known to be later; more, and they may be of two days."""


@dataclass(frozen=True, slots=True)
class Proposition:
    """One thing that is stated."""

    says: str
    """What kind of thing, such as `act`; the kinds stand in `propositions`."""
    values: Attributes
    """Its values by name."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a part of a sentence means."""

    rows: tuple[Attributes, ...] = (frozenset(),)
    """What it says of things that are not stated yet, in the order said. One empty row: nothing."""
    states: tuple[Proposition, ...] = ()
    """What it states already, in the order said; nothing twice."""


EMPTY: Final = Meaning()


def alone(atom: Atom) -> Meaning:
    """A value that the words around it will name."""
    return Meaning((frozenset({(_BARE, atom)}),))


def named(name: str, meaning: Meaning) -> Meaning | None:
    """A meaning under a name: its bare values become values of that name. None: there is nothing to name, or too much.

    Args:
        name: The name.
        meaning: What is named.
    """
    if meaning.states:
        return None
    rows: list[Attributes] = []
    for row in meaning.rows:
        bare = [atom for key, atom in row if key == _BARE]
        if len(bare) != 1:
            return None
        rest = frozenset(pair for pair in row if pair[0] != _BARE)
        if any(key == name for key, _ in rest):
            return None
        rows.append(rest | {(name, bare[0])})
    return Meaning(tuple(rows))


def joined(first: Meaning, second: Meaning) -> Meaning | None:
    """What two parts of one sentence mean together. None: they say one thing twice, or speak of too much."""
    if second is EMPTY:
        return first
    if first is EMPTY:
        return second
    if set(first.states) & set(second.states):
        return None
    rows: list[Attributes] = []
    for one in first.rows:
        for other in second.rows:
            row = _both(one, other)
            if row is None:
                return None
            rows.append(row)
    if len(rows) > MOST_ROWS:
        return None
    return Meaning(tuple(rows), first.states + second.states)


def listed(first: Meaning, second: Meaning) -> Meaning | None:
    """What two members of a list mean: the one and the other. None: they state one thing twice, or are too many.

    Rows may be alike, as of times in the order of those who acknowledged at them; what they make may not, when stated.
    """
    if first.states or second.states:
        if first.rows != EMPTY.rows or second.rows != EMPTY.rows or set(first.states) & set(second.states):
            return None
        return Meaning(EMPTY.rows, first.states + second.states)
    rows = (*first.rows, *second.rows)
    return Meaning(rows) if len(rows) <= MOST_ROWS else None


def paired(first: Meaning, second: Meaning) -> Meaning | None:
    """What two lists mean member by member, in the order said. None: they are not as long as each other."""
    if first.states or second.states or len(first.rows) != len(second.rows) or len(first.rows) < 2:
        return None
    rows = [_both(one, other) for one, other in zip(first.rows, second.rows, strict=True)]
    return None if None in rows else Meaning(tuple(row for row in rows if row is not None))


def stated(says: str, meaning: Meaning, shares: Sequence[str] = ()) -> Meaning | None:
    """A meaning of which each row is a proposition. None: a value has no name yet, or one thing is said twice.

    Args:
        says: The kind of proposition.
        meaning: The meaning.
        shares: Names of what each row has from the row before it where it does not say it.
    """
    if not _in_turn(meaning.rows):
        return None
    rows = [_agreed(row) for row in _shared(meaning.rows, shares)]
    made = [Proposition(says, row) for row in rows if row]
    if len(made) < len(rows) or any(name == _BARE for one in made for name, _ in one.values):
        return None
    every = (*meaning.states, *made)
    return Meaning(EMPTY.rows, every) if len(set(every)) == len(every) else None


def _shared(rows: Sequence[Attributes], names: Sequence[str]) -> list[Attributes]:
    """Rows, each with what it leaves out of the row before it: all of the names, or none."""
    made: list[Attributes] = []
    for row in rows:
        if made and not any(name in names for name, _ in row):
            row |= {pair for pair in made[-1] if pair[0] in names}
        made.append(row)
    return made


def _in_turn(rows: Sequence[Attributes]) -> bool:
    """Whether each row that says that it is later has a later time than the row before it."""
    times = [next((atom for name, atom in row if name == "at"), "") for row in rows]
    said = [any(name == _THEN for name, _ in row) for row in rows]
    return all(place and _later(times[place - 1], times[place]) for place, then in enumerate(said) if then)


def _later(first: Atom, second: Atom) -> bool:
    """Whether the second time is the later; never where their dates or zones differ."""
    one, other = _CLOCK.fullmatch(first), _CLOCK.fullmatch(second)
    if one is None or other is None or (one["before"], one["after"]) != (other["before"], other["after"]):
        return False
    minutes = (int(match["hour"]) * 60 + int(match["minute"]) for match in (one, other))
    return 0 < -next(minutes) + next(minutes) <= _LONGEST_TURN


def _agreed(row: Attributes) -> Attributes | None:
    """A row without what was said of its turn, or again. None: what was said again is not what was said before."""
    row = frozenset(pair for pair in row if pair[0] != _THEN)
    again = [(key, atom) for key, atom in row if key.startswith(_AGAIN)]
    if any((key.removeprefix(_AGAIN), atom) not in row for key, atom in again):
        return None
    return row.difference(again)


def _both(one: Attributes, other: Attributes) -> Attributes | None:
    names = {key for key, _ in one}
    if any(key in names for key, _ in other):
        return None
    return one | other


def as_text(propositions: Iterable[Proposition]) -> str:
    """Propositions as the examples of the grammar write them: `act(actor=surgeon, at=11:29); ...`, in order."""
    return "; ".join(sorted(f"{one.says}({_row(one.values)})" for one in propositions))


def as_words(meaning: Meaning) -> str:
    """A meaning as the examples of the grammar write it: what it states, then each row in brackets."""
    rows = [f"[{_row(row)}]" for row in meaning.rows if row]
    return " ".join([*([as_text(meaning.states)] if meaning.states else []), *rows])


def _row(row: Attributes) -> str:
    pairs = sorted(row, key=lambda pair: pair[0])
    return ", ".join(f"{key}={atom}" if key else atom for key, atom in pairs)
