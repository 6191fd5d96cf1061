"""Type, measures and paper; black on white, nothing under 8 pt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle

from report_gen.render.metrics import BOLD, REGULAR

__all__ = ["CELL_SIZE", "MARGIN", "Styles", "page", "styles"]

MARGIN = 38.0
"""Left and right margin in points."""
CELL_SIZE = 8.0
"""Type size in tables, headers and figures, in points."""
_CELL_LEADING = 9.3

PAGES: dict[str, tuple[float, float]] = {"letter": LETTER, "a4": A4}


def page(size: Literal["letter", "a4"]) -> tuple[float, float]:
    """Width and height of the paper in points."""
    return PAGES[size]


@dataclass(frozen=True, slots=True)
class Styles:
    """The paragraph styles of a report."""

    body: ParagraphStyle
    bullet: ParagraphStyle
    item: ParagraphStyle
    title: ParagraphStyle
    heading: ParagraphStyle
    subheading: ParagraphStyle
    caption: ParagraphStyle
    cell: ParagraphStyle
    cell_right: ParagraphStyle
    cell_center: ParagraphStyle
    cell_strong: ParagraphStyle
    note: ParagraphStyle

    def cell_aligned(self, align: Literal["left", "right", "center"]) -> ParagraphStyle:
        """The cell style of a column."""
        return {"left": self.cell, "right": self.cell_right, "center": self.cell_center}[align]


@cache
def styles() -> Styles:
    """All styles, made once in a process."""
    body = ParagraphStyle(
        "body",
        fontName=REGULAR,
        fontSize=8.5,
        leading=10.4,
        spaceAfter=2.5,
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=1,
    )
    cell = ParagraphStyle("cell", body, fontSize=CELL_SIZE, leading=_CELL_LEADING, spaceAfter=0)
    heading = ParagraphStyle("heading", body, fontName=BOLD, fontSize=10.5, leading=12, spaceBefore=4, spaceAfter=1.5)
    return Styles(
        body=body,
        item=ParagraphStyle("item", body, leftIndent=11, firstLineIndent=-11, spaceAfter=1.5),
        bullet=ParagraphStyle("bullet", body, leftIndent=11, bulletIndent=2, spaceAfter=1.5),
        title=ParagraphStyle("title", heading, fontSize=14, leading=17, spaceBefore=0, spaceAfter=4),
        heading=heading,
        subheading=ParagraphStyle("subheading", heading, fontSize=9.5, leading=11.5, spaceBefore=4, spaceAfter=1.5),
        caption=ParagraphStyle("caption", cell, fontName=BOLD, spaceBefore=3, spaceAfter=2),
        cell=cell,
        cell_right=ParagraphStyle("cell_right", cell, alignment="right"),
        cell_center=ParagraphStyle("cell_center", cell, alignment="center"),
        cell_strong=ParagraphStyle("cell_strong", cell, fontName=BOLD),
        note=ParagraphStyle("note", cell, spaceBefore=2, spaceAfter=3),
    )
