"""How much of each part was read, and what was read instead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from trials.fax.machine import Read
from trials.fax.page import Part

__all__ = ["KINDS", "Tally", "misread", "of_kind", "tally"]

KINDS = {
    "of all, numbers": re.compile(r".*\d"),
    "of all, signed": re.compile(r"[-+]\d"),
    "of all, µV": re.compile(r"uv$"),
    "of all, the others": re.compile(r"(?!uv$)[^\d]+$"),
}
"""Kinds of words over all parts: tesseract's English is bad at µV, and a lost minus changes what a number says."""


@dataclass(slots=True)
class Tally:
    """What was read of one part."""

    expected: Counter[str] = field(default_factory=Counter)  # words printed
    lost: Counter[str] = field(default_factory=Counter)  # words not read
    instead: Counter[str] = field(default_factory=Counter)  # words read that are not printed

    @property
    def recall(self) -> str:
        """Share of the words read, in percent."""
        return f"{100 * (1 - self.lost.total() / self.expected.total()):.1f}" if self.expected else "none"

    def add(self, other: Tally) -> None:
        """Count another part in."""
        self.expected += other.expected
        self.lost += other.lost
        self.instead += other.instead


def tally(part: Part, seen: Iterable[Read]) -> Tally:
    """Compare a part with what was read in its place."""
    inside = Counter(row.word for row in seen if any(band.holds(row.page, row.middle) for band in part.bands))
    return Tally(part.expected, part.expected - inside, inside - part.expected)


def of_kind(kind: re.Pattern[str], rows: Iterable[Tally]) -> Tally:
    """The words of one kind in all parts."""
    total = Tally()
    for row in rows:
        total.add(Tally(*(_only(kind, counted) for counted in (row.expected, row.lost, row.instead))))
    return total


def _only(kind: re.Pattern[str], counted: Counter[str]) -> Counter[str]:
    return Counter({word: count for word, count in counted.items() if kind.match(word)})


def misread(lost: Mapping[str, int], instead: Iterable[str], most: int) -> str:
    """The words most often lost, each with the most similar word that was read instead."""
    others = list(instead)
    shown = []
    for word, count in sorted(lost.items(), key=lambda row: (-row[1], row[0]))[:most]:
        ranked = sorted((-SequenceMatcher(None, word, other).ratio(), other) for other in others)
        like = f" ({ranked[0][1]}?)" if ranked and ranked[0][0] <= -0.5 else ""
        shown.append(f"{count} {word}{like}")
    return ", ".join(shown) or "none"
