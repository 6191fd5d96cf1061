"""The place of a mutation, and how text is rewritten there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from report_gen.draft.passages import Unit
from report_gen.facts.catalogue import WordingMode

__all__ = [
    "GLUE",
    "Effect",
    "Make",
    "Operator",
    "Spot",
    "Table",
    "free",
    "put",
    "replaced",
    "rewrites",
    "tails",
    "upper_first",
]

GLUE = re.compile(r",? (?:and )?(?:at )?")
"""What stands between members of a list of which one thing is said: in another order it says the same."""
_QUOTED = re.compile(r"“[^”]*”")

Effect = Literal["changes", "adds", "drops"]
"""What a mutation does to a draft: one sentence is replaced, one is added behind it, or it is left out."""

Table = Sequence[tuple[str, tuple[str, ...]]]
"""Patterns, each with what a match may become; `\\1` is a group of the pattern."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A faithful sentence and what is known of it."""

    text: str
    """The sentence."""
    units: tuple[Unit, ...]
    """The units that it words."""
    others: tuple[Unit, ...]
    """The case's other units, those that state the same facts left out."""

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of the facts that the sentence states."""
        return frozenset(part.kind for unit in self.units for part in unit.parts)

    def said(self, *names: str, how: WordingMode | None = None) -> tuple[str, ...]:
        """Values of the sentence's units, each once.

        Args:
            names: Names of values. None: all.
            how: Only values that are said in this way.
        """
        return _said(self.units, names, how)

    def elsewhere(self, *names: str, how: WordingMode | None = None) -> tuple[str, ...]:
        """Values of the case's other units, each once; arguments as for `said`."""
        return _said(self.others, names, how)

    def outside(self, pattern: str, flags: int = 0) -> Iterator[re.Match[str]]:
        """Matches that are not within a person's quoted words."""
        quoted = [match.span() for match in _QUOTED.finditer(self.text)]
        for match in re.finditer(pattern, self.text, flags):
            if not any(start < match.end() and match.start() < end for start, end in quoted):
                yield match

    def inside(self) -> Iterator[re.Match[str]]:
        """A person's quoted words, with their quotation marks."""
        yield from _QUOTED.finditer(self.text)


Make = Callable[[Spot, Random], Iterable[str]]
"""Mutated sentences of a spot; none when the mutation does not apply. For `drops` any text, which is not used."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A way to make a faithful sentence unfaithful."""

    family: str
    """The class it counts in."""
    name: str
    """What it does."""
    make: Make
    """The mutation."""
    effect: Effect = "changes"
    """What becomes of the draft."""


def _said(units: Iterable[Unit], names: Sequence[str], how: WordingMode | None) -> tuple[str, ...]:
    found = (
        said.text
        for unit in units
        for part in unit.parts
        for said in part.said
        if (not names or said.name in names) and how in (None, said.how)
    )
    return tuple(dict.fromkeys(text for text in found if text))


def upper_first(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def put(match: re.Match[str], new: str) -> str:
    """The matched text with `new` in place of the match, with the match's capital where it starts a sentence."""
    old = match.group()
    if match.start() == 0 and old[:1].isupper():
        new = upper_first(new)
    text = match.string[: match.start()] + new + match.string[match.end() :]
    return re.sub(r" {2,}", " ", re.sub(r" +([,;.)])", r"\1", text)).strip()


def replaced(matches: Iterable[re.Match[str]], news: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """A text for each match and each of the texts that may stand for it."""
    for match in matches:
        for new in news(match.group()):
            if new != match.group():
                yield put(match, new)


def rewrites(table: Table) -> Make:
    """The mutation that a table of patterns makes, outside quoted words and without regard to case."""

    def make(spot: Spot, rng: Random) -> Iterator[str]:
        for pattern, news in table:
            for match in spot.outside(pattern, re.IGNORECASE):
                for new in news:
                    yield put(match, match.expand(new))

    return make


def tails(*clauses: str) -> Make:
    """The mutation that puts a clause before the full stop."""

    def make(spot: Spot, rng: Random) -> Iterator[str]:
        body = spot.text.rstrip(".")
        for clause in clauses:
            yield f"{body}{clause}."

    return make


def free(*sentences: str) -> Make:
    """The mutation that has whole sentences ready."""

    def make(spot: Spot, rng: Random) -> Iterator[str]:
        yield from sentences

    return make
