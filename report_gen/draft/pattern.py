"""Sentence patterns: text with slots and optional tails, parsed once, rendered to words that know what they state.

Notation::

    At {onset.onset_at}, {event.what}[ at {event.level}].

- ``{argument.value}`` prints a value of a fact; ``{argument}`` prints words that were made beforehand. ``side`` is the
  side of a fact in words.
- ``{argument.value:filter}`` passes it through a filter of `report_gen.draft.words.FILTERS`.
- ``{argument.value=words}`` prints other words that state the value, and ``{argument.value~words}`` prints words that
  say that the record does not have it.
- ``[...]`` is printed when each of its slots has something to print; ``[a|b|c]`` prints the first of which that is so.
  Brackets nest. Words with ``=`` and ``~`` always print.
- A slot outside of brackets that has nothing to print says "not recorded".
- A full stop at the end gives way to one that quoted or free words bring.

Which of several patterns is used is decided in Python, never in a pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from report_gen.draft.words import FILTERS, Noted, Words, printed
from report_gen.facts.wording import NOT_RECORDED

__all__ = ["Argument", "Choice", "Pattern", "Piece", "Slot", "parse"]

Argument: TypeAlias = "Noted | str | None"
"""What fills a slot: a fact that notes what is printed of it, words made beforehand, or nothing."""

_SLOT: Final = re.compile(
    r"\{(?P<argument>[a-z_]+)(?:\.(?P<value>[a-z0-9_]+))?(?::(?P<filter>[a-z_]+))?(?:(?P<how>[=~])(?P<words>[^{}]*))?\}"
)
_STOPPED: Final = tuple(f"{stop}{quote}." for stop in ".!?" for quote in ("", "\u201d"))
"""How a sentence ends whose last words bring a full stop of their own."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that a fact or words fill."""

    argument: str
    """Name of the argument."""
    value: str = ""
    """Name of the value of it, or `side`. Empty: the argument is words."""
    filter: str = ""
    """Name of the filter. Empty: none."""
    how: Literal["", "says", "lacks"] = ""
    """Whether `words` state the value, or say that it is not recorded. Empty: the value itself is printed."""
    words: str = ""
    """Words in place of the value."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives of which the first that can be printed is; none of them may be."""

    ways: tuple[tuple[Piece, ...], ...]
    """Alternatives in order."""


Piece: TypeAlias = "str | Slot | Choice"
"""Fixed words, a slot, or a choice."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern."""

    pieces: tuple[Piece, ...]
    """What it consists of, in order."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of its arguments, each once, in the order of their first slot."""
        return tuple(dict.fromkeys(slot.argument for slot in _slots(self.pieces)))

    def render(self, arguments: Mapping[str, Argument]) -> Words:
        """The sentence for these arguments, with what it states.

        Args:
            arguments: By name; one that is missing or None has nothing to print.
        """
        pieces: list[str] = []
        for piece in self.pieces:
            if not _put(piece, arguments, pieces) and isinstance(piece, Slot):
                pieces.append(_not_recorded(piece, arguments))
        sentence = printed(pieces)
        return Words(sentence[:-1], sentence.states) if sentence.endswith(_STOPPED) else sentence


def parse(text: str) -> Pattern:
    """Read a pattern.

    Raises:
        ValueError: A bracket or a slot is not well formed.
    """
    pieces, end = _sequence(text, 0, "")
    if end != len(text):
        raise ValueError(f"unexpected {text[end]!r} at {end}")
    return Pattern(pieces)


def _sequence(text: str, at: int, stops: str) -> tuple[tuple[Piece, ...], int]:
    """Pieces up to one of the characters `stops`, and where that stands."""
    pieces: list[Piece] = []
    while at < len(text) and text[at] not in stops:
        if text[at] == "[":
            ways: list[tuple[Piece, ...]] = []
            while not ways or text[at] == "|":
                way, at = _sequence(text, at + 1, "|]")
                ways.append(way)
                if at == len(text):
                    raise ValueError("a bracket is not closed")
            pieces.append(Choice(tuple(ways)))
            at += 1
        elif text[at] == "{":
            match = _SLOT.match(text, at)
            if match is None:
                raise ValueError(f"no slot at {at}")
            pieces.append(_slot(match))
            at = match.end()
        elif text[at] in "]}":
            raise ValueError(f"unexpected {text[at]!r} at {at}")
        else:
            end = next((place for place in range(at + 1, len(text)) if text[place] in "[]{}|"), len(text))
            pieces.append(text[at:end])
            at = end
    return tuple(pieces), at


def _slot(match: re.Match[str]) -> Slot:
    how: Literal["", "says", "lacks"] = "lacks" if match["how"] == "~" else "says" if match["how"] else ""
    if match["filter"] and match["filter"] not in FILTERS:
        raise ValueError(f"no filter {match['filter']}")
    if how and not match["value"]:
        raise ValueError("words stand for a value of a fact")
    return Slot(match["argument"], match["value"] or "", match["filter"] or "", how, match["words"] or "")


def _put(piece: Piece, arguments: Mapping[str, Argument], to: list[str]) -> bool:
    """Add a piece to what is printed; False, and nothing is added, where a slot of it has nothing to print."""
    if isinstance(piece, str):
        to.append(piece)
    elif isinstance(piece, Slot):
        words = _filled(piece, arguments.get(piece.argument))
        if words is None:
            return False
        to.append(words)
    else:
        _put_first(piece.ways, arguments, to)
    return True


def _put_first(ways: Sequence[Sequence[Piece]], arguments: Mapping[str, Argument], to: list[str]) -> None:
    """Add the first of several ways that can be printed; none of them may be."""
    before = len(to)
    for way in ways:
        if all(_put(piece, arguments, to) for piece in way):
            return
        del to[before:]


def _filled(slot: Slot, argument: Argument) -> str | None:
    words: str
    if argument is None:
        return None
    if isinstance(argument, str):
        words = argument
    elif slot.how == "says":
        return argument.says(slot.value, slot.words)
    elif slot.how == "lacks":
        return argument.lacks(slot.value, slot.words)
    elif slot.value == "side":
        words = argument.side_words()
    else:
        words = argument.text(slot.value)
    if not words:
        return None
    return FILTERS[slot.filter](words) if slot.filter else words


def _not_recorded(slot: Slot, arguments: Mapping[str, Argument]) -> str:
    argument = arguments.get(slot.argument)
    return argument.lacks(slot.value, NOT_RECORDED) if isinstance(argument, Noted) else NOT_RECORDED


def _slots(pieces: Sequence[Piece]) -> Iterator[Slot]:
    for piece in pieces:
        if isinstance(piece, Slot):
            yield piece
        elif isinstance(piece, Choice):
            for way in piece.ways:
                yield from _slots(way)
