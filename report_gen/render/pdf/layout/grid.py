"""Tables: one element over however many pages, its heads repeated as decoration, its rows never parted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

from reportlab.pdfbase.pdfdoc import PDFString

from report_gen.render.metrics import HAIRLINE, RULE
from report_gen.render.pdf.ink import Ink
from report_gen.render.pdf.layout.heads import Align, Head, Spans, column_places
from report_gen.render.pdf.layout.lines import TextLine, in_points, in_units, natural_width, wrap
from report_gen.render.pdf.layout.pieces import BROKEN, FORBIDDEN, INSIDE, KEPT, PagePiece, bound
from report_gen.render.pdf.layout.words import Lettering
from report_gen.render.pdf.styles import Setting, Type
from report_gen.render.pdf.tagged import Element

__all__ = ["ENTRIES_KEPT", "Sheet", "SheetRow", "grid_pieces"]

_SHORT: Final = 12
"""A table of up to so many rows moves to the next page whole."""
ENTRIES_KEPT: Final = 3
"""Entries of a chronology that stand together at either end."""
_PANEL_FROM, _PANEL_ROWS = 3, 48
"""Rows from which a table of two panels is parted, and rows set side by side at a time."""
_GUTTER: Final = 18.0
_SCOPE: Final = {"Column": b"/Column", "Row": b"/Row"}

_SHARES: Final[dict[Align, float]] = {"left": 0.0, "right": 1.0, "center": 0.5}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: the text of each cell."""

    cells: tuple[Spans, ...]
    heading: bool = False
    """The first cell spans the row and heads those below."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be set."""

    heads: tuple[Head, ...]
    entries: tuple[SheetRow, ...]
    caption: str = ""
    """Printed over it, and again on every page. Empty: not printed."""
    summary: str = ""
    """What it is, for those who hear it. Empty: the caption says so."""
    again: str = ""
    """What is printed over its part on a further page. Empty: the caption."""
    told: bool = False
    """A chronology: read as one. Its first column heads its rows, and its titles stand over what continues only."""


@dataclass(slots=True)
class _SetCell:
    left: float
    lines: list[TextLine]
    shifts: list[float] | None
    element: Element


_SetCells: TypeAlias = list[_SetCell]


def grid_pieces(
    sheet: Sheet, width: float, words: Lettering, setting: Setting, limit: float, panels: int = 1
) -> list[PagePiece]:
    """A table as pieces.

    Args:
        sheet: The table.
        width: Its width.
        words: What measures it.
        setting: Sizes and distances.
        limit: Height of a page.
        panels: Whether its rows stand in two columns side by side.
    """
    grid = _Grid(sheet, width, words, setting)
    if panels == 2 and len(sheet.entries) > _PANEL_FROM:
        return grid.panels()
    return grid.pieces(limit)


class _Grid:
    """One table while it is laid out."""

    def __init__(self, sheet: Sheet, width: float, words: Lettering, setting: Setting) -> None:
        self._sheet, self._width, self._words = sheet, width, words
        self._face: Type = setting.cell
        self._pad = setting.row
        self._table = Element("Table")
        self._titled: list[_SetCells] = []
        if sheet.summary:
            self._table.table = {"Summary": PDFString(words.spoken(sheet.summary))}

    def _measure(self, width: float) -> None:
        """Left edges and widths of the text in each column."""
        rows = [entry.cells for entry in self._sheet.entries if not entry.heading]
        self._columns = column_places(self._sheet.heads, rows, width, self._words, self._face)
        self._right = width

    # --- cells -------------------------------------------------------------------------------------------------------

    def _cell(self, spans: Spans, place: tuple[float, float], align: Align, element: Element) -> _SetCell:
        left, room = place
        lines = wrap(spans, in_units(room, self._face.size)) if spans else []
        shifts = None
        if align != "left" and lines:
            share = _SHARES[align]
            shifts = [max(0.0, room - self._points(line)) * share for line in lines]
        return _SetCell(left, lines, shifts, element)

    def _points(self, line: TextLine) -> float:
        return in_points(sum(natural_width((self._words.of(text, bold=bold),)) for text, bold in line), self._face.size)

    def _row(self, entry: SheetRow) -> _SetCells:
        row = Element("TR", self._table)
        if entry.heading:
            attributes = {"Scope": _SCOPE["Row"], "ColSpan": len(self._sheet.heads)}
            return [self._cell(entry.cells[0], (0.0, self._right), "left", Element("TH", row, attributes))]
        cells = zip(entry.cells, self._columns, self._sheet.heads, strict=True)
        return [
            self._cell(spans, place, head.align, self._cell_element(row, number))
            for number, (spans, place, head) in enumerate(cells)
        ]

    def _cell_element(self, row: Element, number: int) -> Element:
        heads = self._sheet.told and number == 0
        return Element("TH", row, {"Scope": _SCOPE["Row"]}) if heads else Element("TD", row)

    def _height(self, cells: _SetCells) -> float:
        return max((len(cell.lines) for cell in cells), default=1) * self._face.leading + 2 * self._pad

    def _draw_cells(self, ink: Ink, cells: _SetCells, x: float, top: float, *, tagged: bool = True) -> None:
        for cell in cells:
            if not tagged:
                if cell.lines:
                    ink.lines(cell.lines, x + cell.left, top - self._pad, self._face, cell.shifts)
            elif cell.lines:
                ink.begin(cell.element)
                ink.lines(cell.lines, x + cell.left, top - self._pad, self._face, cell.shifts)
                ink.end()
            else:
                ink.place(cell.element)

    # --- heads -------------------------------------------------------------------------------------------------------

    def _titles(self) -> list[_SetCells]:
        """The rows of column titles: one, or two where columns stand in groups."""
        heads, of = self._sheet.heads, self._words.of
        grouped = any(head.group for head in heads)
        upper, lower = Element("TR", self._table), Element("TR", self._table)
        groups: _SetCells = []
        titles: _SetCells = []
        for group, members in groupby(enumerate(heads), key=lambda pair: pair[1].group or f"\0{pair[0]}"):
            places = [number for number, _ in members]
            first, last = self._columns[places[0]], self._columns[places[-1]]
            whole = (first[0], last[0] + last[1] - first[0])
            if heads[places[0]].group:
                attributes = {"Scope": _SCOPE["Column"], "ColSpan": len(places)}
                groups.append(self._cell((of(group, bold=True),), whole, "center", Element("TH", upper, attributes)))
            for number in places:
                alone = grouped and not heads[number].group
                attributes = {"Scope": _SCOPE["Column"]} | ({"RowSpan": 2} if alone else {})
                element = Element("TH", upper if alone else lower, attributes)
                title = self._cell(
                    (of(heads[number].title, bold=True),), self._columns[number], heads[number].align, element
                )
                titles.append(title)
        return [groups, titles] if grouped else [titles]

    def _head(self, caption: str, *, again: bool = False) -> PagePiece:
        """Caption and column titles; drawn again they are decoration."""
        face, width = self._face, self._width
        lines = self._words.lines(caption, width, face, bold=True) if caption else []
        room = len(lines) * face.leading + (2.0 if lines else 0.0)
        titled = Element("Caption", self._table)
        titles = self._titled = self._titled or self._titles()
        low = max(len(cell.lines) for cell in titles[-1]) * face.leading
        upper = max((len(cell.lines) for cell in titles[0]), default=0) * face.leading if len(titles) == 2 else 0.0
        height = room + upper + low + 2 * self._pad

        def draw(ink: Ink, x: float, top: float) -> None:
            if again:
                ink.begin_artifact()
            if lines:
                if not again:
                    ink.begin(titled)
                ink.lines(lines, x, top, face)
                if not again:
                    ink.end()
            y = top - room
            self._rule(ink, x, y, width, 0.9)
            if len(titles) == 2:
                self._draw_groups(ink, titles[0], x, y, again)
            for cell in titles[-1]:
                # Titles stand on the rule under them, however many lines their neighbours take.
                down = low - len(cell.lines) * face.leading
                self._draw_cells(ink, [cell], x, y - upper - down, tagged=not again)
            self._rule(ink, x, top - height, width, RULE)
            if again:
                ink.end()

        return PagePiece(height, draw, bond=FORBIDDEN)

    def _edge(self) -> PagePiece:
        """The upper rule of a table that needs no titles."""
        return PagePiece(0.0, lambda ink, x, top: self._rule(ink, x, top, self._width, RULE), bond=FORBIDDEN)

    def _draw_groups(self, ink: Ink, groups: _SetCells, x: float, top: float, again: bool) -> None:
        self._draw_cells(ink, groups, x, top, tagged=not again)
        numbered = [number for number, head in enumerate(self._sheet.heads) if head.group]
        for _, members in groupby(numbered, key=lambda number: self._sheet.heads[number].group):
            places = list(members)
            left, (right, room) = self._columns[places[0]][0], self._columns[places[-1]]
            y = top - self._pad - self._face.leading
            ink.rule((x + left, y), (x + right + room, y), HAIRLINE)

    def _rule(self, ink: Ink, x: float, y: float, width: float, rule: float) -> None:
        ink.rule((x, y), (x + width, y), rule)

    # --- rows --------------------------------------------------------------------------------------------------------

    def pieces(self, limit: float) -> list[PagePiece]:
        """Head and rows."""
        sheet = self._sheet
        self._measure(self._width)
        named = sheet.again or sheet.caption
        head = self._edge() if sheet.told else self._head(sheet.caption)
        again = self._head(f"{named} (continued)" if named else "", again=True)
        pieces = [head]
        for number, entry in enumerate(sheet.entries):
            cells = self._row(entry)
            made = self._row_pieces(cells, number == len(sheet.entries) - 1, limit - again.height)
            for piece in made:
                piece.head = again
            made[-1].bond = FORBIDDEN if entry.heading else BROKEN if sheet.told else INSIDE
            pieces += made
        self._bind(pieces)
        return pieces

    def _bind(self, pieces: list[PagePiece]) -> None:
        count = len(self._sheet.entries)
        if count <= _SHORT and not self._sheet.told:
            bound(pieces, KEPT)
            return
        ends = ENTRIES_KEPT if self._sheet.told else 2
        for few in (pieces[: ends + 1], pieces[-ends:]):
            bound(few, KEPT)

    def _row_pieces(self, cells: _SetCells, last: bool, limit: float) -> list[PagePiece]:
        height = self._height(cells)
        if height <= limit:
            return [self._row_piece(cells, height, HAIRLINE if not last else 0.9)]
        # Higher than a page: parted between lines, as the only row that ever is.
        step = max(1, int((limit - 2 * self._pad) / self._face.leading) - 1)
        most = max(len(cell.lines) for cell in cells)
        parts = [
            [
                _SetCell(
                    cell.left,
                    cell.lines[start : start + step],
                    cell.shifts[start : start + step] if cell.shifts else None,
                    cell.element,
                )
                for cell in cells
            ]
            for start in range(0, most, step)
        ]
        ends = [0.0] * (len(parts) - 1) + [HAIRLINE if not last else 0.9]
        return [self._row_piece(part, self._height(part), rule) for part, rule in zip(parts, ends, strict=True)]

    def _row_piece(self, cells: _SetCells, height: float, rule: float) -> PagePiece:
        def draw(ink: Ink, x: float, top: float) -> None:
            self._draw_cells(ink, cells, x, top)
            if rule:
                ink.rule((x, top - height), (x + self._width, top - height), rule)

        return PagePiece(height, draw)

    # --- two panels --------------------------------------------------------------------------------------------------

    def panels(self) -> list[PagePiece]:
        """Rows in two columns, the left one first, so many at a time as leave no page half empty."""
        whole, self._width = self._width, (self._width - _GUTTER) / 2
        self._measure(self._width)
        entries = self._sheet.entries
        pieces: list[PagePiece] = []
        for start in range(0, len(entries), _PANEL_ROWS):
            part = entries[start : start + _PANEL_ROWS]
            half = (len(part) + 1) // 2
            pieces.append(self._panel(part[:half], part[half:], whole, first=start == 0))
            pieces[-1].after = 3.0
            pieces[-1].bond = INSIDE
        return pieces

    def _panel(self, left: Sequence[SheetRow], right: Sequence[SheetRow], whole: float, *, first: bool) -> PagePiece:
        caption = self._sheet.caption
        lines = self._words.lines(caption, whole, self._face, bold=True) if first and caption else []
        room = len(lines) * self._face.leading + (2.0 if lines else 0.0)
        titled = Element("Caption", self._table)
        heads = self._head("", again=not first), self._head("", again=True)
        sides = [[(cells, self._height(cells)) for cells in map(self._row, side)] for side in (left, right)]
        high = max(sum(height for _, height in side) for side in sides)

        def draw(ink: Ink, x: float, top: float) -> None:
            if lines:
                with ink.content(titled):
                    ink.lines(lines, x, top, self._face)
            for head, side, edge in zip(heads, sides, (x, x + self._width + _GUTTER), strict=True):
                head.draw(ink, edge, top - room)
                y = top - room - head.height
                for number, (cells, height) in enumerate(side):
                    self._draw_cells(ink, cells, edge, y)
                    y -= height
                    self._rule(ink, edge, y, self._width, 0.9 if number == len(side) - 1 else HAIRLINE)

        return PagePiece(room + heads[0].height + high, draw)
