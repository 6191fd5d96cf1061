"""What the templates of the report print: sections with their headings, tables with what each cell says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal, TypeAlias

from markupsafe import Markup

from report_gen.document.blocks import (
    Box,
    Cell,
    Chronology,
    Column,
    HasText,
    KeyValues,
    PageBlock,
    Paragraph,
    Part,
    Row,
    Section,
    SectionRole,
    SignatureBlock,
    Table,
)
from report_gen.document.figures import Omission, TimelineFigure, TrendFigure
from report_gen.render.figures.svg import figure_svg
from report_gen.render.metrics import text_width

__all__ = ["SectionView", "TableView", "section_views"]

_WIDE, _NARROW = 700.0, 340.0
"""Widths of a drawing in points: the text width of a letter page, so that both renderings are drawn alike, and one
whose words can still be read where it fills a phone."""
_LINE = 700.0
"""Width in pixels of the narrowest screen on which a table has columns, less its margins."""
_TYPE = 15.0
"""Size in pixels of the type of a table."""
_PADDING = 12.0
"""Width in pixels between two columns."""
_PANELS_FROM = 3
"""Rows that stand under one another in any case."""
_LEAST = 110.0
"""Width in pixels that a column whose cells may take several lines is left."""


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of a table."""

    text: str | Sequence[HasText]
    """What it says; sentences where the first may be set bold."""
    scope: Literal["", "row", "rowgroup", "col", "colgroup"] = ""
    """What it heads. Empty: it is no heading."""
    kinds: str = ""
    """Classes of the style sheet."""
    label: str = ""
    """What its column is called, for screens on which it stands alone. Empty: a heading."""
    columns: int = 1
    """Columns that it spans."""
    rows: int = 1
    """Rows that it spans."""


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as rows of cells."""

    caption: str
    """Caption."""
    spans: tuple[int, ...]
    """Columns of each group of columns, in order. Empty: none is grouped."""
    heads: tuple[tuple[CellView, ...], ...]
    """Header rows."""
    bodies: tuple[tuple[tuple[CellView, ...], ...], ...]
    """Rows by what heads them."""
    notes: Sequence[HasText]
    """Sentences under the table."""
    kinds: str
    """Classes of the style sheet."""
    titled: bool
    """Whether the caption is seen."""
    panels: bool = False
    """Whether it is set as two columns of rows side by side on paper."""
    kind: Literal["table"] = "table"
    """Kind of block."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A drawing for wide screens and paper, and one for narrow screens, with the same facts in words."""

    id: str
    """Id of the figure."""
    title: str
    """Caption."""
    words: str
    """The facts in words."""
    wide: Markup
    """Drawing."""
    narrow: Markup
    """The same on less width."""
    notes: tuple[Omission, ...]
    """What it leaves out."""
    kind: Literal["figure"] = "figure"
    """Kind of block."""


@dataclass(frozen=True, slots=True)
class SignaturesView:
    """Signature blocks that follow one another, side by side where there is room."""

    blocks: tuple[SignatureBlock, ...]
    """The blocks."""
    kind: Literal["signatures"] = "signatures"
    """Kind of block."""


BlockView: TypeAlias = Paragraph[HasText] | KeyValues | TableView | FigureView | SignaturesView


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with the sections under it."""

    id: str
    """Its id in the page."""
    title: str
    """Heading."""
    heading: int
    """Level of the heading, 1 to 4."""
    role: SectionRole
    """What it is in the report."""
    part: Part
    """Which part of the report it belongs to."""
    box: Box | None
    """Frame under its heading. None: there is nothing to be framed."""
    blocks: tuple[BlockView, ...]
    """Content."""
    inner: tuple[SectionView, ...]
    """Sections of the next level."""


def section_views(sections: Sequence[Section[PageBlock]], boxes: Mapping[SectionRole, Box]) -> tuple[SectionView, ...]:
    """The sections of the first level with those under them.

    Args:
        sections: All sections in order.
        boxes: Frames by the role of the section under whose heading they stand.
    """
    starts = [
        index
        for index, section in enumerate(sections)
        if index == 0 or section.level == 1 or section.part != sections[index - 1].part
    ]
    views: list[SectionView] = []
    for start, end in pairwise((*starts, len(sections))):
        inner = tuple(_section(section, boxes, ()) for section in sections[start + 1 : end])
        views.append(_section(sections[start], boxes, inner))
    return tuple(views)


def _section(
    section: Section[PageBlock], boxes: Mapping[SectionRole, Box], inner: tuple[SectionView, ...]
) -> SectionView:
    # The record stands under a heading of its own.
    below = 2 if section.part == "record" else 1
    return SectionView(
        id=f"{section.part}-{section.id}",
        title=section.title,
        heading=1 if section.role == "title" else section.level + below,
        role=section.role,
        part=section.part,
        box=boxes.get(section.role),
        blocks=tuple(_blocks(section.blocks)),
        inner=inner,
    )


def _blocks(blocks: Sequence[PageBlock]) -> Iterator[BlockView]:
    for signed, group in groupby(blocks, lambda block: isinstance(block, SignatureBlock)):
        if signed:
            yield SignaturesView(tuple(block for block in group if isinstance(block, SignatureBlock)))
        else:
            yield from (_block(block) for block in group if not isinstance(block, SignatureBlock))


def _block(
    block: Paragraph[HasText] | KeyValues | Table[HasText] | Chronology[HasText] | TimelineFigure | TrendFigure,
) -> BlockView:
    match block:
        case Table():
            return _table(block)
        case Chronology():
            return _chronology(block)
        case TimelineFigure() | TrendFigure():
            wide, narrow = figure_svg(block, _WIDE), figure_svg(block, _NARROW)
            return FigureView(block.id, block.title, block.alt_text, wide, narrow, block.note)
        case _:
            return block


# --- tables ----------------------------------------------------------------------------------------------------------


def _table(block: Table[HasText]) -> TableView:
    # A first cell left empty says that the one above it holds on.
    nested = any(not row.cells[0].text for row in block.rows)
    kept = _unbroken(block)
    return TableView(
        caption=block.caption,
        spans=_spans(block.columns),
        heads=_heads(block.columns),
        bodies=tuple(_body(block, group, kept, nested) for group in _groups(block.rows, nested)),
        notes=block.note,
        kinds="",
        titled=True,
        panels=_parted(block),
    )


def _parted(block: Table[HasText]) -> bool:
    """Whether its rows are set side by side on paper."""
    return block.panels == 2 and len(block.rows) > _PANELS_FROM


def _unbroken(block: Table[HasText]) -> tuple[bool, ...]:
    """Which columns keep each of their cells on one line: the narrowest first, as many as leave room for the rest."""
    widths = [
        max((_longest_word(column.title), *(_width(cell.text, strong=cell.strong) for cell in cells)))
        for column, cells in zip(block.columns, _columns(block), strict=True)
    ]
    kept = [False] * len(widths)
    room = (_LINE * 0.65 if _parted(block) else _LINE) - len(widths) * _PADDING
    for done, index in enumerate(sorted(range(len(widths)), key=widths.__getitem__), 1):
        room -= widths[index]
        if room < (len(widths) - done) * _LEAST:
            break
        kept[index] = True
    return tuple(kept)


def _columns(block: Table[HasText]) -> Iterator[list[Cell]]:
    for index in range(len(block.columns)):
        yield [row.cells[index] for row in block.rows if not row.heading]


def _width(words: str, *, strong: bool) -> float:
    return max(text_width(line, _TYPE, bold=strong) for line in words.split("\n"))


def _longest_word(title: str) -> float:
    return max((text_width(word, _TYPE, bold=True) for word in title.split()), default=0.0)


def _spans(columns: Sequence[Column]) -> tuple[int, ...]:
    if not any(column.group for column in columns):
        return ()
    return tuple(len(list(group)) for _, group in groupby(columns, lambda column: column.group))


def _heads(columns: Sequence[Column]) -> tuple[tuple[CellView, ...], ...]:
    """One header row, or two where columns are grouped; a column outside any group is headed over both."""
    if not any(column.group for column in columns):
        return (tuple(_head(column) for column in columns),)
    upper: list[CellView] = []
    lower: list[CellView] = []
    for name, members in groupby(columns, lambda column: column.group):
        group = list(members)
        if name:
            upper.append(CellView(name, "colgroup", "group", columns=len(group)))
            lower += [_head(column) for column in group]
        else:
            upper += [_head(column, rows=2) for column in group]
    return tuple(upper), tuple(lower)


def _head(column: Column, rows: int = 1) -> CellView:
    """A column's header, which may take several lines, but breaks no word that the column has room for."""
    kinds = _kinds(column.align, whole=_longest_word(column.title) < _LEAST)
    return CellView(column.title, "col", kinds, rows=rows)


def _groups(rows: Sequence[Row], nested: bool) -> list[tuple[Row, ...]]:
    """Rows that one heading covers: those up to the next heading, or those that leave their first cell to it."""
    starts = [index for index, row in enumerate(rows) if index == 0 or row.heading or (nested and row.cells[0].text)]
    return [tuple(rows[start:end]) for start, end in pairwise((*starts, len(rows)))]


def _body(
    block: Table[HasText], rows: Sequence[Row], kept: Sequence[bool], nested: bool
) -> tuple[tuple[CellView, ...], ...]:
    body: list[tuple[CellView, ...]] = []
    for index, row in enumerate(rows):
        first = row.cells[0]
        if row.heading:
            cells: tuple[CellView, ...] = (
                CellView(first.text, "rowgroup", _kinds(strong=first.strong), columns=len(block.columns)),
            )
        elif nested:
            covered = len(rows) if index == 0 else 0
            cells = (*_covering(first, kept[0], covered), *_cells(block, row, kept, 1))
        else:
            cells = (CellView(first.text, "row", _kinds(strong=first.strong, kept=kept[0])), *_cells(block, row, kept))
        body.append(cells)
    return tuple(body)


def _covering(cell: Cell, kept: bool, rows: int) -> tuple[CellView, ...]:
    """A first cell that stands once for all rows that it covers; nothing in those where it does not begin."""
    return (CellView(cell.text, "rowgroup", _kinds(strong=cell.strong, kept=kept), rows=rows),) if rows else ()


def _cells(block: Table[HasText], row: Row, kept: Sequence[bool], headed: int = 0) -> Iterator[CellView]:
    """Cells behind the first; the first `headed` of them head the row."""
    cells = zip(row.cells, block.columns, kept, strict=True)
    for index, (cell, column, keep) in enumerate(cells):
        if index == 0:
            continue
        if index <= headed:
            yield CellView(cell.text, "row", _kinds(strong=cell.strong, kept=keep, sub=True))
        else:
            yield CellView(cell.text, "", _kinds(column.align, strong=cell.strong, kept=keep), column_label(column))


def column_label(column: Column) -> str:
    """What a column is called where its header is not above the cell."""
    if not column.group:
        return column.title
    title = column.title
    lower = f"{title[:1].lower()}{title[1:]}" if title[1:2].islower() else title
    return f"{column.group} {lower}"


def _kinds(align: str = "left", **kinds: bool) -> str:
    """Names of classes of the style sheet that apply."""
    return " ".join((*((align,) if align != "left" else ()), *(kind for kind, applies in kinds.items() if applies)))


def _chronology(block: Chronology[HasText]) -> TableView:
    """Times with what happened then; a time stands once for all entries that are of it."""
    starts = [index for index, entry in enumerate(block.entries) if index == 0 or entry.time]
    bodies: list[tuple[tuple[CellView, ...], ...]] = []
    for start, end in pairwise((*starts, len(block.entries))):
        rows: list[tuple[CellView, ...]] = []
        for entry in block.entries[start:end]:
            what = CellView(entry.sentences, "", "told strong" if entry.strong else "told", "What")
            time = CellView(entry.time, "row" if end - start == 1 else "rowgroup", rows=end - start)
            rows.append((what,) if rows else (time, what))
        bodies.append(tuple(rows))
    return TableView(
        caption=block.caption,
        spans=(),
        heads=((CellView("Time", "col"), CellView("What", "col")),),
        bodies=tuple(bodies),
        notes=(),
        kinds="times",
        titled=False,
    )
