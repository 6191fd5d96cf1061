"""Draws a figure of either kind with a pen; black only, words beside every shape.

A shape never carries meaning alone: each symbol has its event's id beside it, or in the key, which names the symbol.
"""

from __future__ import annotations

from collections.abc import Callable

from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.render.figures.pen import Pen
from report_gen.render.figures.shapes import Printer
from report_gen.render.figures.timeline import measured_timeline
from report_gen.render.figures.trend import measured_trend

__all__ = ["measured_figure"]


def measured_figure(
    figure: TimelineFigure | TrendFigure, width: float, words: Printer
) -> tuple[float, Callable[[Pen], None]]:
    """The height of a figure in points, and what draws it from its lower left corner; both from one measuring.

    Args:
        figure: What to draw.
        width: Width in points.
        words: Makes text printable.
    """
    if isinstance(figure, TimelineFigure):
        return measured_timeline(figure, width, words)
    return measured_trend(figure, width, words)
