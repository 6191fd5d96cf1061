"""The pen's back end that draws on a PDF page."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from report_gen.render.figures.pen import Anchor, PointXY
from report_gen.render.metrics import runs, text_width

__all__ = ["CanvasPen"]


class CanvasPen:
    """Draws on a ReportLab canvas."""

    def __init__(self, canvas: Canvas) -> None:
        """Draw at the canvas's present origin."""
        self._canvas = canvas
        canvas.setStrokeGray(0)
        canvas.setFillGray(0)

    def _style(self, width: float, dash: tuple[float, ...]) -> None:
        self._canvas.setLineWidth(width)
        self._canvas.setDash(list(dash))

    def line(self, start: PointXY, end: PointXY, *, width: float = 0.5, dash: tuple[float, ...] = ()) -> None:
        """A straight line."""
        self._style(width, dash)
        self._canvas.line(*start, *end)

    def rect(self, corner: PointXY, size: PointXY, *, width: float = 0.5) -> None:
        """An unfilled rectangle."""
        self._style(width, ())
        self._canvas.rect(*corner, *size, stroke=1, fill=0)

    def polygon(self, points: Sequence[PointXY], *, filled: bool, width: float = 0.7) -> None:
        """A closed shape."""
        self._style(width, ())
        path = self._canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        path.close()
        self._canvas.setFillGray(0 if filled else 1)
        self._canvas.drawPath(path, stroke=1, fill=1)
        self._canvas.setFillGray(0)

    def polyline(self, points: Sequence[PointXY], *, width: float = 0.8, dash: tuple[float, ...] = ()) -> None:
        """Straight lines from point to point."""
        self._style(width, dash)
        path = self._canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        self._canvas.drawPath(path, stroke=1, fill=0)

    def text(self, at: PointXY, words: str, *, size: float = 8, bold: bool = False, anchor: Anchor = "start") -> None:
        """Printable text on a baseline."""
        x, y = at
        if anchor != "start":
            x -= text_width(words, size, bold=bold) / (2 if anchor == "middle" else 1)
        for face, part in runs(words, bold=bold):
            self._canvas.setFont(face, size)
            self._canvas.drawString(x, y, part)
            x += text_width(part, size, bold=bold)
