"""Text in lines: where a line may end, and where it must not because a number stands by its unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from report_gen.render.metrics import EM, advances

__all__ = ["Measured", "TextLine", "in_points", "in_units", "measured", "natural_width", "wrap"]

_UNITS: Final = (
    "%|[µμu]V|[mnk]?V|[mµμ]?s|min|h|d|k?Hz|[mµμ]?A|mmHg|kPa|mm|cm|m|°C?F?|kg|[mµμn]?g|mcg|[md]?[Ll]|mmol|m?U|IU|bpm"
    "|dB|k?Ω|kOhm|pulses?|pps|hours?|minutes?|seconds?|years?|months?|days?"
)
_GLUED: Final = re.compile(
    # Each blank between a number and its unit, a sign and its number, a side and what stands on it.
    rf" (?:(?<=\d )(?=(?:{_UNITS})(?![^\W_]))|(?<=[<>≥≤=±~×] )(?=\S)|(?<=\d h )(?=\d+ min)"
    r"|(?:(?<=\bleft )|(?<=\bright )|(?<=\b[LR] )|(?<=\bMAP ))(?=[\d<>≥≤−])|(?<=\b[LR] )(?=[A-Z]))"
)
_BLANK: Final = "\xa0"
"""A blank at which no line ends; it is drawn as a plain one."""
_SOFT: Final = frozenset("-/–—_,;:.)]" + _BLANK)
"""After these a word that is wider than its column is broken first."""

TextLine: TypeAlias = tuple[tuple[str, bool], ...]
"""What stands on one line: stretches of text, each with whether it is bold."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Printable text in pieces that are not broken, with their widths in units of the em."""

    words: tuple[str, ...]
    """The pieces; a line feed stands alone."""
    widths: tuple[int, ...]
    """Width of each."""
    bold: bool
    """Whether all of it is bold."""
    natural: int
    """Width on lines that end only where the text has a line feed."""
    widest: int
    """Width of the widest piece."""


def in_units(points: float, size: float) -> int:
    """A width in units of the em, rounded down."""
    return int(points * EM / size + 1e-6)


def in_points(units: int, size: float) -> float:
    """A width in points."""
    return units * size / EM


def measured(text: str, *, bold: bool = False, widths: dict[str, int] | None = None) -> Measured:
    """Text with the widths of its pieces.

    Args:
        text: Printable text.
        bold: Its weight.
        widths: Widths of pieces of this weight that are known already, and of those that will be. None: none are kept.
    """
    known = {} if widths is None else widths
    of = advances(bold=bold)
    if " " in text:
        text = _GLUED.sub(_BLANK, text)
    if "\n" in text:
        text = text.replace("\n", " \n ")
    words = tuple(text.split(" ")) if text else ()
    sizes: list[int] = []
    for word in words:
        width = known.get(word)
        if width is None:
            width = known[word] = 0 if word == "\n" else sum(map(of.__getitem__, word))
        sizes.append(width)
    widest = max(sizes, default=0)
    natural = sum(sizes) + of[" "] * max(len(words) - 1, 0)
    if "\n" in words:
        natural = _longest(words, sizes, of[" "])
    return Measured(words, tuple(sizes), bold, natural, widest)


def _longest(words: Sequence[str], sizes: Sequence[int], blank: int) -> int:
    longest = line = 0
    for word, size in zip(words, sizes, strict=True):
        line = 0 if word == "\n" else line + size + blank
        longest = max(longest, line)
    return longest


def natural_width(spans: Iterable[Measured]) -> int:
    """Width in units of the em of spans one after the other on one line."""
    widths = [span.natural for span in spans if span.words]
    return sum(widths) + advances()[" "] * max(len(widths) - 1, 0)


def wrap(spans: Sequence[Measured], room: int) -> list[TextLine]:
    """Spans one after the other, with a blank between two, in lines of at most `room` units of the em.

    A word that is wider than that is broken: it is never clipped, and never reaches into what stands beside it.
    """
    if len(spans) == 1:
        span = spans[0]
        if span.natural <= room and "\n" not in span.words:
            return [((" ".join(span.words).replace(_BLANK, " "), span.bold),)] if span.words else []
    lines = _Lines(room, advances()[" "])
    for span in spans:
        lines.add(span)
    return lines.done()


class _Lines:
    """Lines while they are filled."""

    def __init__(self, room: int, blank: int) -> None:
        self._room, self._blank = room, blank
        self._lines: list[TextLine] = []
        self._parts: list[tuple[str, bool]] = []
        self._run: list[str] = []
        self._used = 0

    def _end_run(self, bold: bool) -> None:
        if self._run:
            self._parts.append((" ".join(self._run).replace(_BLANK, " "), bold))
            self._run = []

    def _end_line(self, bold: bool) -> None:
        self._end_run(bold)
        last = len(self._parts) - 1
        self._lines.append(
            tuple((f"{text} " if at < last else text, weight) for at, (text, weight) in enumerate(self._parts))
        )
        self._parts, self._used = [], 0

    def add(self, span: Measured) -> None:
        """Add the words of a span."""
        room, blank, bold = self._room, self._blank, span.bold
        for word, width in zip(span.words, span.widths, strict=True):
            if word == "\n":
                self._end_line(bold)
                continue
            begun = bool(self._run or self._parts)
            whole = self._used + width + (blank if begun else 0)
            if whole <= room:
                self._run.append(word)
                self._used = whole
                continue
            if begun:
                self._end_line(bold)
            rest = word
            while width > room and len(rest) > 1:
                head, rest = _cut(rest, room, bold)
                width -= sum(map(advances(bold=bold).__getitem__, head))
                self._run.append(head)
                self._end_line(bold)
            self._run.append(rest)
            self._used = width
        self._end_run(bold)

    def done(self) -> list[TextLine]:
        """All lines."""
        if self._run or self._parts:
            self._end_line(False)
        return self._lines


def _cut(word: str, room: int, bold: bool) -> tuple[str, str]:
    """What of a word fits, at least one character, and the rest; after a sign that parts it where there is one."""
    of = advances(bold=bold)
    used, end = of[word[0]], 1
    while end < len(word) - 1 and used + of[word[end]] <= room:
        used += of[word[end]]
        end += 1
    soft = next((place for place in range(end, end // 3, -1) if word[place - 1] in _SOFT), end)
    return word[:soft], word[soft:]
