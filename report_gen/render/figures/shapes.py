"""Symbols and patterns of the figures, black only, and the key that names them; one type size and one time axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from report_gen.document.figures import Tick
from report_gen.render.figures.pen import Pen, PointXY
from report_gen.render.figures.place import wrapped
from report_gen.render.metrics import HAIRLINE, RULE, text_width

__all__ = [
    "MARKERS",
    "NARROW",
    "ROW",
    "SIZE",
    "BreakKind",
    "KeyItem",
    "Printer",
    "Scale",
    "axis",
    "bold_width",
    "cross",
    "draw_key",
    "foot_height",
    "key_lines",
    "marker",
    "pattern",
    "symbol",
    "time_scale",
    "width_of",
]

SIZE: Final = 8.0
"""Type size of every label; nothing smaller survives a fax."""
ROW: Final = 9.5
"""From one line of labels to the next."""
NARROW: Final = 400.0
"""Below this width a figure has no column for names on its left."""
_SYMBOL_ROOM: Final = 11.0
_KEY_GAP: Final = 12.0
_TICK_LABELS: Final = 14.0
"""Height of the labels under a time axis."""

BreakKind = Literal["gap", "outage", "standby"]
Scale = Callable[[datetime], float]
Printer = Callable[[str], str]


def width_of(words: str) -> float:
    """Width of a label in points."""
    return text_width(words, SIZE)


def bold_width(words: str) -> float:
    """Width of a bold label in points."""
    return text_width(words, SIZE, bold=True)


def time_scale(start_at: datetime, end_at: datetime, left: float, right: float) -> Scale:
    """From an instant to its place; a figure is at least a minute long."""
    length = max((end_at - start_at).total_seconds(), 60.0)
    return lambda at: left + (at - start_at).total_seconds() / length * (right - left)


def axis(pen: Pen, ticks: Sequence[Tick], x: Scale, y: float) -> None:
    """Ticks with their times; a time without room beside the one before keeps its tick alone."""
    taken = -math.inf
    for tick in ticks:
        at = x(tick.at)
        pen.line((at, y), (at, y - 3))
        half = width_of(tick.label) / 2
        if at - half > taken:
            pen.text((at, y - 11), tick.label, size=SIZE, anchor="middle")
            taken = at + half + 4


# --- symbols ---------------------------------------------------------------------------------------------------------

_SYMBOLS: Mapping[str, tuple[tuple[PointXY, ...], bool]] = {
    "alert": (((-4.2, -3.6), (4.2, -3.6), (0, 4.4)), True),
    "change": (((-3.8, 0), (0, -3.8), (3.8, 0), (0, 3.8)), False),
    "improvement": (((-4.2, -3.6), (4.2, -3.6), (0, 4.4)), False),
    "intervention": (((-3.8, 3.6), (3.8, 3.6), (0, -3.6)), False),
}

MARKERS: Final[tuple[tuple[PointXY, ...], ...]] = (
    ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    ((-1.3, 0), (0, -1.3), (1.3, 0), (0, 1.3)),
    ((-1.2, -1), (1.2, -1), (0, 1.3)),
    ((-1.2, 1), (1.2, 1), (0, -1.3)),
    ((-1.1, -0.45), (-0.45, -1.1), (0.45, -1.1), (1.1, -0.45), (1.1, 0.45), (0.45, 1.1), (-0.45, 1.1), (-1.1, 0.45)),
    ((-1.1, -1.2), (1.1, -1.2), (-1.1, 1.2), (1.1, 1.2)),
    ((-1.2, -1.1), (-1.2, 1.1), (1.2, -1.1), (1.2, 1.1)),
    ((-0.5, -1.4), (0.5, -1.4), (0.5, 1.4), (-0.5, 1.4)),
)
"""Shapes that tell the responses of a trend apart where no line does: as many as a trend has responses."""


def symbol(pen: Pen, kind: str, x: float, y: float) -> None:
    """The symbol of an event or of an intervention around a point."""
    points, filled = _SYMBOLS[kind]
    pen.polygon([(x + dx, y + dy) for dx, dy in points], filled=filled)


def marker(pen: Pen, index: int, at: PointXY, size: float, *, filled: bool) -> None:
    """The marker of a response around a point."""
    x, y = at
    pen.polygon([(x + dx * size, y + dy * size) for dx, dy in MARKERS[index % len(MARKERS)]], filled=filled, width=0.5)


def cross(pen: Pen, x: float, y: float, size: float = 2.4) -> None:
    """The mark of a response that was looked for and absent."""
    pen.line((x - size, y - size), (x + size, y + size), width=1.0)
    pen.line((x - size, y + size), (x + size, y - size), width=1.0)


def pattern(pen: Pen, kind: BreakKind, corner: PointXY, opposite: PointXY) -> None:
    """A stretch of a bar: slanted lines where data are missing, crossed ones for stand-by, upright without link."""
    (left, low), (right, high) = corner, opposite
    # White first, so that the bar beneath does not suggest data.
    pen.polygon(((left, low), (right, low), (right, high), (left, high)), filled=False, width=RULE)
    if kind == "outage":
        count = int((right - left) // 2.5)
        for index in range(1, count + 1):
            pen.line((left + index * 2.5, low), (left + index * 2.5, high), width=HAIRLINE)
        return
    _hatch(pen, corner, opposite, rising=True)
    if kind == "standby":
        _hatch(pen, corner, opposite, rising=False)


def _hatch(pen: Pen, corner: PointXY, opposite: PointXY, *, rising: bool, step: float = 3.0) -> None:
    """Slanted lines inside a rectangle."""
    (left, low), (right, high) = corner, opposite
    height = high - low
    offset = left - height + step
    while offset < right:
        start, end = max(offset, left), min(offset + height, right)
        if end > start:
            first, last = (start - offset, end - offset) if rising else (height - start + offset, height - end + offset)
            pen.line((start, low + first), (end, low + last), width=HAIRLINE)
        offset += step


# --- key -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One entry of the key: a symbol and what it is, or words alone."""

    words: str
    """What it is."""
    draw: Callable[[Pen, float, float], None] | None = None
    """Draws the symbol around a point. None: words alone."""

    @property
    def indent(self) -> float:
        """Room of the symbol."""
        return 0.0 if self.draw is None else _SYMBOL_ROOM


def key_lines(items: Sequence[KeyItem], width: float) -> tuple[tuple[tuple[float, KeyItem], ...], ...]:
    """Entries with their left edges, in lines; words wider than the figure are broken into lines of their own."""
    lines: list[list[tuple[float, KeyItem]]] = []
    taken = math.inf
    for item in items:
        first, *rest = wrapped(item.words, width - item.indent, width_of)
        size = item.indent + width_of(first)
        if rest or taken + _KEY_GAP + size > width:
            lines.append([(0.0, KeyItem(first, item.draw))])
            taken = size
        else:
            lines[-1].append((taken + _KEY_GAP, item))
            taken += _KEY_GAP + size
        for line in rest:
            lines.append([(item.indent, KeyItem(line))])
            taken = item.indent + width_of(line)
    return tuple(tuple(line) for line in lines)


def foot_height(lines: Sequence[object]) -> float:
    """Height of the time axis above the foot of a figure: the lines of its key and the labels of its ticks."""
    return len(lines) * ROW + 2 + _TICK_LABELS


def draw_key(pen: Pen, lines: Sequence[Sequence[tuple[float, KeyItem]]]) -> None:
    """Draw the key at the foot of a figure."""
    for index, line in enumerate(reversed(lines)):
        y = index * ROW + 2
        for left, item in line:
            if item.draw is not None:
                item.draw(pen, left + 4.2, y + 2.8)
            pen.text((left + item.indent, y), item.words, size=SIZE)
