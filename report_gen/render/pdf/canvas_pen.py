"""The pen's back end that draws on a PDF page."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.render.figures.pen import Anchor, PointXY
from report_gen.render.metrics import text_width
from report_gen.render.pdf.ink import Ink

__all__ = ["CanvasPen"]


class CanvasPen:
    """Draws in black on a page, with its own origin; lines end at their ends and meet in points."""

    def __init__(self, ink: Ink, left: float, low: float) -> None:
        """Draw with the origin at a point of the page."""
        self._ink = ink
        self._left, self._low = left, low
        self._state: tuple[float, tuple[float, ...]] | None = None

    def _path(self, points: Sequence[PointXY]) -> str:
        left, low = self._left, self._low
        first, *rest = [f"{left + x:.2f} {low + y:.2f}" for x, y in points]
        return " ".join([f"{first} m", *(f"{point} l" for point in rest)])

    def _draw(self, operators: str, width: float, dash: tuple[float, ...]) -> None:
        if self._state != (width, dash):
            self._state = (width, dash)
            operators = f"{width:g} w [{' '.join(f'{length:g}' for length in dash)}] 0 d {operators}"
        self._ink.operators(operators)

    def line(self, start: PointXY, end: PointXY, *, width: float = 0.5, dash: tuple[float, ...] = ()) -> None:
        """A straight line."""
        self._draw(f"{self._path((start, end))} S", width, dash)

    def rect(self, corner: PointXY, size: PointXY, *, width: float = 0.5) -> None:
        """An unfilled rectangle."""
        x, y = corner
        self._draw(f"{self._left + x:.2f} {self._low + y:.2f} {size[0]:.2f} {size[1]:.2f} re S", width, ())

    def polygon(self, points: Sequence[PointXY], *, filled: bool, width: float = 0.7) -> None:
        """A closed shape."""
        painted = f"{self._path(points)} b" if filled else f"1 g {self._path(points)} b 0 g"
        self._draw(painted, width, ())

    def polyline(self, points: Sequence[PointXY], *, width: float = 0.8, dash: tuple[float, ...] = ()) -> None:
        """Straight lines from point to point."""
        self._draw(f"{self._path(points)} S", width, dash)

    def text(self, at: PointXY, words: str, *, size: float = 8, bold: bool = False, anchor: Anchor = "start") -> None:
        """Printable text on a baseline."""
        x, y = at
        if anchor != "start":
            x -= text_width(words, size, bold=bold) / (2 if anchor == "middle" else 1)
        self._ink.text(words, self._left + x, self._low + y, size, bold=bold)
