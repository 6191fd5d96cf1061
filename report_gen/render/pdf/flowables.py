"""The flowables of a report: paragraphs, headings, figures and tables that tag what they draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.platypus import Flowable, KeepTogether, Table
from reportlab.platypus import Paragraph as RLParagraph
from reportlab.platypus.tables import TableRenderCB

from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.render.figures.drawing import draw_timeline, draw_trend, timeline_height, trend_height
from report_gen.render.pdf.canvas_pen import CanvasPen
from report_gen.render.pdf.reportlab_private import column_widths, position
from report_gen.render.pdf.tagged import Element, StructureRole, Tags

__all__ = ["Barred", "Figure", "GridTags", "Heading", "RuleTags", "Text", "Together"]

REPEATED_ROWS = 2
"""Rows of a grid that stand again on every page: caption and column heads."""


def _tags(drawn: Any) -> Tags:
    tags: Tags = drawn.canv.tags
    return tags


class Text(RLParagraph):
    """A paragraph that is one structure element, on however many pages it stands.

    It breaks its lines once for a width: tables ask for its height several times.
    """

    role: StructureRole = "P"
    """Structure type."""
    element: Element | None = None
    """Its structure element. None until it is drawn or split."""
    _broken_at = -1.0

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Width and height in points."""
        # ReportLab drops the lines of a paragraph that it could not split.
        if available_width != self._broken_at or not hasattr(self, "blPara"):
            super().wrap(available_width, available_height)
            self._broken_at = available_width
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Parts that stay one element."""
        parts: list[Any] = super().split(available_width, available_height)
        self.element = self.element or Element(self.role)
        for part in parts:
            part.element = self.element
        return parts

    def draw(self) -> None:
        """Draw the text as content of its element."""
        self.element = self.element or Element(self.role)
        with _tags(self).content(self.canv, self.element):
            super().draw()


class Heading(Text):
    """A heading that knows its level and plain words, for the bookmarks."""

    level = 0
    """Depth in the outline, from 0."""
    words = ""
    """What the bookmark says. Empty: no bookmark (the second part of a heading that was split)."""


class Barred(Text):
    """A paragraph with a vertical line at its left: text that nobody has adopted yet."""

    def draw(self) -> None:
        """Draw the bar, then the text."""
        with _tags(self).artifact(self.canv):
            self.canv.saveState()
            self.canv.setLineWidth(1.4)
            self.canv.line(2, -2, 2, self.height + 1)
            self.canv.restoreState()
        super().draw()


class Together(KeepTogether):
    """Flowables on one page, which can be taken apart again to be kept together with a heading."""

    def __init__(self, parts: list[Flowable]) -> None:
        """Keep `parts` together."""
        super().__init__(parts)
        self.parts = parts


class Figure(Flowable):
    """A drawn figure of the full text width, with the same facts in words."""

    def __init__(self, figure: TimelineFigure | TrendFigure, words: Callable[[str], str], spoken: str) -> None:
        """Draw `figure`; `words` makes text printable, `spoken` are its facts in words."""
        super().__init__()
        self.figure = figure
        self.words = words
        self.spoken = spoken

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Width and height in points."""
        self.width = available_width
        self.height = (
            timeline_height(self.figure, available_width, self.words)
            if isinstance(self.figure, TimelineFigure)
            else trend_height(self.figure)
        )
        return self.width, self.height

    def draw(self) -> None:
        """Draw with a pen on the page."""
        element = Element("Figure")
        element.attributes["Alt"] = pdfdoc.PDFString(self.spoken)
        left, low = position(self.canv, 0, 0)
        box = [round(edge, 2) for edge in (left, low, left + self.width, low + self.height)]
        element.layout = {"BBox": pdfdoc.PDFArray(box), "Placement": pdfdoc.PDFName("Block")}
        with _tags(self).content(self.canv, element):
            pen = CanvasPen(self.canv)
            if isinstance(self.figure, TimelineFigure):
                draw_timeline(pen, self.figure, self.width, self.words)
            else:
                draw_trend(pen, self.figure, self.width, self.words)


def _give(cell: Any, element: Element) -> None:
    """Let the paragraphs of a cell, which ReportLab keeps in a tuple, be content of an element."""
    for part in cell:
        part.element = element


class RuleTags(TableRenderCB):
    """Table callback of a layout grid: its cells tag themselves, its rules are artifacts."""

    def startLines(self, T: Table) -> None:
        """Rules follow."""
        _tags(T).begin_artifact(T.canv)

    def endLines(self, T: Table) -> None:
        """Rules are drawn."""
        _tags(T).end_artifact(T.canv)

    def startTable(self, T: Table) -> None:
        """Nothing to tag."""

    def endTable(self, T: Table) -> None:
        """Nothing to tag."""

    def startBG(self, T: Table) -> None:
        """No report table has a background."""

    def endBG(self, T: Table) -> None:
        """No report table has a background."""

    def startRow(self, T: Table, rowNo: int) -> None:
        """Nothing to tag."""

    def endRow(self, T: Table) -> None:
        """Nothing to tag."""

    def startCell(self, T: Table, rowNo: int, colNo: int, *cell: Any) -> None:
        """Nothing to tag."""

    def endCell(self, T: Table) -> None:
        """Nothing to tag."""


class GridTags(RuleTags):
    """Table callback of a data table: one Table element with caption, heads and cells, on however many pages it stands.

    ReportLab hands the same callback to every part of a split table.
    """

    def __init__(self) -> None:
        """Start before the first part."""
        self._table = Element("Table")
        self._row = Element("TR")
        self._parts = 0
        self._repeated = False
        self._plain = False

    def startTable(self, T: Table) -> None:
        """A part of the table begins."""
        self._parts += 1
        _tags(T).open(self._table)

    def endTable(self, T: Table) -> None:
        """The part ends."""
        _tags(T).close()

    def startRow(self, T: Table, rowNo: int) -> None:
        """Caption and column heads are content once, and decoration on the pages after."""
        self._repeated = self._parts > 1 and rowNo < REPEATED_ROWS
        if self._repeated:
            _tags(T).begin_artifact(T.canv)
        else:
            self._row = Element("Caption" if self._is_caption(rowNo) else "TR")
            _tags(T).open(self._row)

    def endRow(self, T: Table) -> None:
        """The row ends."""
        if self._repeated:
            _tags(T).end_artifact(T.canv)
        else:
            _tags(T).close()

    def _is_caption(self, row: int) -> bool:
        return self._parts == 1 and row == 0

    def startCell(self, T: Table, rowNo: int, colNo: int, *cell: Any) -> None:
        """A head, a row that heads others, or a value; a caption has no cells."""
        if self._repeated:
            return
        value, size = cell[0], cell[3]
        if self._is_caption(rowNo):
            _give(value, self._row)
            return
        widths = column_widths(T)
        spans = colNo == 0 and size[0] > widths[0] + 1
        heads = self._parts == 1 and rowNo == 1
        element = Element("TH" if heads or spans else "TD")
        if heads or spans:
            element.table["Scope"] = pdfdoc.PDFName("Column" if heads else "Row")
        if spans:
            element.table["ColSpan"] = len(widths)
        _tags(T).open(element)
        self._plain = isinstance(value, str)
        if self._plain:
            _tags(T).begin(T.canv)
        else:
            # The cell is the paragraph's element: one in the other would double a report's thousand elements.
            _give(value, element)

    def endCell(self, T: Table) -> None:
        """The cell ends."""
        if self._repeated or _tags(T).innermost.role == "Caption":
            return
        if self._plain:
            _tags(T).end(T.canv)
        _tags(T).close()
