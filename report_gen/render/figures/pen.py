"""The pen that figures draw with: five calls, black only; and the back end that remembers, for tests.

The other back ends are the SVG pen beside this module and the canvas pen of the PDF renderer. Coordinates are points
from the lower left corner of the figure. Fills are black: grey and colour do not survive a fax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from report_gen.render.metrics import text_width

__all__ = ["Anchor", "Pen", "PenText", "PointXY", "RecorderPen", "Stroke"]

Anchor = Literal["start", "middle", "end"]
PointXY = tuple[float, float]


class Pen(Protocol):
    """What a figure may draw."""

    def line(self, start: PointXY, end: PointXY, *, width: float = 0.5, dash: tuple[float, ...] = ()) -> None:
        """A straight line."""

    def rect(self, corner: PointXY, size: PointXY, *, width: float = 0.5) -> None:
        """An unfilled rectangle from its lower left corner."""

    def polygon(self, points: Sequence[PointXY], *, filled: bool, width: float = 0.7) -> None:
        """A closed shape; unfilled ones are white inside, so that lines beneath do not show through."""

    def polyline(self, points: Sequence[PointXY], *, width: float = 0.8, dash: tuple[float, ...] = ()) -> None:
        """Straight lines from point to point."""

    def text(self, at: PointXY, words: str, *, size: float = 8, bold: bool = False, anchor: Anchor = "start") -> None:
        """Printable text on a baseline."""


@dataclass(frozen=True, slots=True)
class PenText:
    """Text that a figure drew, with its box."""

    text: str
    """The words."""
    left: float
    """Left edge in points."""
    bottom: float
    """Baseline in points."""
    width: float
    """Width in points."""
    size: float
    """Type size in points."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line, outline or shape that a figure drew."""

    kind: Literal["line", "rect", "polygon", "polyline"]
    """Which call."""
    points: tuple[PointXY, ...]
    """Its points; for a rectangle, two opposite corners."""
    filled: bool = False
    """Black inside."""


@dataclass(slots=True)
class RecorderPen:
    """Keeps what was drawn, so that geometry can be tested without a page."""

    words: list[PenText] = field(default_factory=list)
    """Texts in drawing order."""
    strokes: list[Stroke] = field(default_factory=list)
    """Everything else in drawing order."""

    def line(self, start: PointXY, end: PointXY, *, width: float = 0.5, dash: tuple[float, ...] = ()) -> None:
        """Keep a line."""
        self.strokes.append(Stroke("line", (start, end)))

    def rect(self, corner: PointXY, size: PointXY, *, width: float = 0.5) -> None:
        """Keep a rectangle."""
        self.strokes.append(Stroke("rect", (corner, (corner[0] + size[0], corner[1] + size[1]))))

    def polygon(self, points: Sequence[PointXY], *, filled: bool, width: float = 0.7) -> None:
        """Keep a shape."""
        self.strokes.append(Stroke("polygon", tuple(points), filled))

    def polyline(self, points: Sequence[PointXY], *, width: float = 0.8, dash: tuple[float, ...] = ()) -> None:
        """Keep a polyline."""
        self.strokes.append(Stroke("polyline", tuple(points)))

    def text(self, at: PointXY, words: str, *, size: float = 8, bold: bool = False, anchor: Anchor = "start") -> None:
        """Keep a text with its box."""
        width = text_width(words, size, bold=bold)
        left = at[0] - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        self.words.append(PenText(words, left, at[1], width, size))
