"""Report blocks to flowables: layout only, no clinical logic, and every text through the same two functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, Spacer, Table

from report_gen.document.blocks import (
    Box,
    Cell,
    Column,
    HasText,
    KeyValues,
    PageBlock,
    Paragraph,
    Row,
    Section,
    SignatureBlock,
)
from report_gen.document.blocks import Table as TableBlock
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.render.escape import Draw, markup, printable
from report_gen.render.metrics import BOLD, HAIRLINE, REGULAR, RULE, coverage, runs, text_width
from report_gen.render.pdf.flowables import Barred, Figure, GridTags, Heading, RuleTags, Text, Together
from report_gen.render.pdf.reportlab_private import PlainFragments
from report_gen.render.pdf.scripts import StandIns
from report_gen.render.pdf.styles import CELL_SIZE, Styles, styles

__all__ = ["Typesetter"]

_PAD = 3.0
_SHORT_TABLE_ROWS = 5
"""Tables up to this many rows are kept on one page."""
_PANEL_FROM, _PANEL_ROWS = 3, 48
"""Rows from which a two-column table is parted, and rows set side by side at a time."""
_GUTTER = 16.0
_HEAD_ROOM = 64.0
"""Room a heading needs: itself and a few lines of what it heads."""
_BLANK_LINE = re.compile(r"\n\s*\n")

Style = list[Any]
"""ReportLab's table commands; their published type cannot be built up in a list."""
_FACE = ("FONT", (0, 0), (-1, -1), REGULAR, CELL_SIZE)
"""Stated for every table: ReportLab's own default is a font that is not embedded."""
_BARE: Style = [
    _FACE,
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
]


class Typesetter:
    """Makes flowables and gathers what could not be set as recorded."""

    def __init__(self, width: float, stand_ins: StandIns) -> None:
        """Set to a text width in points; letters that the report fonts do not have are drawn with `stand_ins`."""
        self.width = width
        self._stand_ins = stand_ins
        self.styles: Styles = styles()
        self._notices: dict[str, None] = {}
        self._settable = coverage().settable
        self._plain = PlainFragments()

    @property
    def notices(self) -> tuple[str, ...]:
        """What was left out or replaced, each kind once."""
        return tuple(self._notices)

    def words(self, text: str) -> str:
        """Text that can be drawn; what had to change is kept as a notice."""
        return self._printable(text, self._stand_ins.draw)

    def spoken(self, text: str) -> str:
        """The same text for programs: bookmarks, titles, words that stand for a figure."""
        return self._printable(text, self._stand_ins.spoken)

    def _printable(self, text: str, draw: Draw) -> str:
        drawn = printable(text, self._settable, draw)
        for notice in drawn.notices:
            self._notices.setdefault(notice)
        return drawn.text

    def text(self, words: str, style: ParagraphStyle, *, label: str = "") -> Text:
        """A paragraph of words that stand for themselves, behind an optional bold label."""
        marked = self._markup(words, label)
        return Text(marked, style, frags=self._plain.of(marked, style))

    def _markup(self, words: str, label: str = "") -> str:
        lead = f"<b>{_faced(self.words(label))}</b> " if label else ""
        return lead + _faced(self.words(words))

    def section(self, section: Section[PageBlock], box: Box | None = None) -> list[Flowable]:
        """A heading and its blocks, with a box under the heading, which never stands alone at a page's foot."""
        titled = section.role == "title"
        style = self.styles.subheading if section.level == 2 else self.styles.heading
        if titled:
            style = self.styles.title
        head = Heading(self._markup(section.title), style)
        head.role = "H1" if titled else "H3" if section.level == 2 else "H2"
        head.level, head.words = section.level - 1, self.spoken(section.title)
        body = [*(self._box(box) if box else ()), *self._blocks(section.blocks)]
        if body and isinstance(body[0], Together):
            return [Together([head, *body[0].parts]), *body[1:]]
        return [CondPageBreak(_HEAD_ROOM), head, *body]

    def _blocks(self, blocks: Sequence[PageBlock]) -> list[Flowable]:
        flowables: list[Flowable] = []
        signatures: list[SignatureBlock] = []
        for block in blocks:
            if isinstance(block, SignatureBlock):
                signatures.append(block)
            else:
                flowables.extend(self._block(block))
        if signatures:
            flowables.append(self._signatures(signatures))
        return flowables

    def _block(self, block: PageBlock) -> list[Flowable]:
        match block:
            case Paragraph():
                return self._paragraph(block)
            case KeyValues():
                return [self._key_values(block), Spacer(0, 3)]
            case TableBlock():
                return self._table(block)
            case SignatureBlock():
                return [self._signatures([block])]
            case TimelineFigure() | TrendFigure():
                caption = self.text(block.title, self.styles.caption)
                return [Together([caption, Figure(block, self.words, self.spoken(block.alt_text)), Spacer(0, 4)])]

    def _paragraph(self, block: Paragraph[HasText]) -> list[Flowable]:
        styles = self.styles
        if block.proposed:
            head = self.text("", styles.body, label=f"{block.label}:")
            head.keepWithNext = 1
            return [head, *(Barred(self._markup(sentence.text), styles.bullet) for sentence in block.sentences)]
        if block.listed:
            return [self.text(sentence.text, styles.item) for sentence in block.sentences]
        label = f"{block.label}." if block.label else ""
        if block.verbatim:
            return self._verbatim(block.sentences, label)
        return [self.text(" ".join(sentence.text for sentence in block.sentences), styles.body, label=label)]

    def _verbatim(self, sentences: Sequence[HasText], label: str) -> list[Flowable]:
        """A person's own words: line breaks kept, blank lines parting paragraphs."""
        parts = [part for sentence in sentences for part in _BLANK_LINE.split(sentence.text) if part.strip()]
        return [
            self.text(part.strip("\n"), self.styles.body, label=label if index == 0 else "")
            for index, part in enumerate(parts)
        ]

    def _key_values(self, block: KeyValues) -> Table:
        cells = [self.text(item.text, self.styles.cell, label=f"{item.label}:") for item in block.items]
        rows: list[list[Flowable | str]] = [
            list(cells[start : start + block.columns]) for start in range(0, len(cells), block.columns)
        ]
        rows[-1] += [""] * (block.columns - len(rows[-1]))
        style: Style = [
            _FACE,
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -1), 0.6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 0.6),
        ]
        return Table(rows, colWidths=[self.width / block.columns] * block.columns, style=style, splitInRow=1)

    def _table(self, block: TableBlock[HasText]) -> list[Flowable]:
        if block.panels == 2 and len(block.rows) > _PANEL_FROM:
            return self._panels(block)
        parts = [self._grid(block, block.rows, self.width), *self._notes(block), Spacer(0, 3.5)]
        return [Together(parts)] if len(block.rows) <= _SHORT_TABLE_ROWS else parts

    def _notes(self, block: TableBlock[HasText]) -> list[Flowable]:
        return [self.text(note.text, self.styles.note) for note in block.note]

    def _panels(self, block: TableBlock[HasText]) -> list[Flowable]:
        """Rows in two columns, the left one first, so many at a time as leave no page half empty."""
        flowables: list[Flowable] = []
        width = (self.width - _GUTTER) / 2
        for start in range(0, len(block.rows), _PANEL_ROWS):
            rows = block.rows[start : start + _PANEL_ROWS]
            half = (len(rows) + 1) // 2
            pair = [[self._grid(block, rows[:half], width), "", self._grid(block, rows[half:], width)]]
            flowables.append(Table(pair, colWidths=[width, _GUTTER, width], style=_BARE))
            flowables.append(Spacer(0, 4))
        return [*flowables, *self._notes(block)]

    def _grid(self, block: TableBlock[HasText], rows: Sequence[Row], width: float) -> Table:
        """One table with its caption as first row, which stands again with the header on every page."""
        total = sum(column.weight for column in block.columns)
        widths = [width * column.weight / total for column in block.columns]
        last = len(block.columns) - 1
        caption: list[object] = [self.text(block.caption, self.styles.cell_strong), *[""] * last]
        head: list[object] = [self.text(column.title, self.styles.cell_strong) for column in block.columns]
        body = [
            [
                self._cell(cell, column, room)
                for cell, column, room in zip(row.cells, block.columns, widths, strict=True)
            ]
            for row in rows
        ]
        style: Style = [
            ("SPAN", (0, 0), (-1, 0)),
            ("FONT", (0, 0), (-1, -1), self.styles.cell.fontName, CELL_SIZE, self.styles.cell.leading),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
            ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0.6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.3),
            ("LINEABOVE", (0, 1), (-1, 1), 0.9, "black"),
            ("LINEBELOW", (0, 1), (-1, 1), RULE, "black"),
            ("LINEBELOW", (0, 2), (-1, -2), HAIRLINE, "black"),
            ("LINEBELOW", (0, -1), (-1, -1), 0.9, "black"),
        ]
        for index, column in enumerate(block.columns):
            if column.align != "left":
                style.append(("ALIGN", (index, 1), (index, -1), column.align.upper()))
        for number, row in enumerate(rows, start=2):
            if row.heading:
                style.append(("SPAN", (0, number), (-1, number)))
                style.append(("NOSPLIT", (0, number), (-1, min(number + 1, len(rows) + 1))))
            for index, cell in enumerate(row.cells):
                if cell.strong:
                    style.append(("FONTNAME", (index, number), (index, number), BOLD))
        return Table(
            [caption, head, *body], colWidths=widths, repeatRows=2, splitInRow=1, style=style, renderCB=GridTags()
        )

    def _cell(self, cell: Cell, column: Column, width: float) -> object:
        """A plain string where one line of the report font holds it, which is several times cheaper to set."""
        words = self.words(cell.text)
        primary = coverage().primary
        if primary.issuperset(words) and text_width(words, CELL_SIZE, bold=cell.strong) <= width - 2 * _PAD - 0.5:
            return words
        style = self.styles.cell_strong if cell.strong else self.styles.cell_aligned(column.align)
        return self.text(cell.text, style)

    def _signatures(self, blocks: Sequence[SignatureBlock]) -> Flowable:
        """Signature blocks side by side, never parted over pages."""
        width = (self.width - _GUTTER * (len(blocks) - 1)) / len(blocks)
        cells: list[object] = []
        widths: list[float] = []
        for block in blocks:
            if cells:
                cells.append("")
                widths.append(_GUTTER)
            cells.append(self._signature(block, width))
            widths.append(width)
        return Together([Spacer(0, 3), Table([cells], colWidths=widths, style=_BARE), Spacer(0, 3)])

    def _signature(self, block: SignatureBlock, width: float) -> Table:
        rows: list[list[object]] = [
            [self.text(block.title, self.styles.cell_strong), ""],
            [self.text(block.statement, self.styles.cell), ""],
        ]
        for line in block.lines:
            value = self.text(line.prefilled, self.styles.cell) if line.prefilled else ""
            rows.append([self.text(line.label, self.styles.cell), value])
        style: Style = [
            _FACE,
            ("SPAN", (0, 0), (-1, 0)),
            ("SPAN", (0, 1), (-1, 1)),
            ("BOX", (0, 0), (-1, -1), RULE, "black"),
            ("LINEBELOW", (1, 2), (1, -1), RULE, "black"),
            ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, 1), 2),
            ("TOPPADDING", (0, 2), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
        return Table(rows, colWidths=[width * 0.38, width * 0.62], style=style, renderCB=RuleTags())

    def _box(self, box: Box) -> list[Flowable]:
        rows: list[list[Flowable]] = [[self.text(box.title, self.styles.cell_strong)]]
        rows += [[self.text(item, self.styles.cell)] for item in box.items]
        style: Style = [
            _FACE,
            ("BOX", (0, 0), (-1, -1), 1.2, "black"),
            ("LINEBELOW", (0, 0), (-1, -2), HAIRLINE, "black"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ]
        return [
            Spacer(0, 3),
            Table(rows, colWidths=[self.width], style=style, splitInRow=1, renderCB=RuleTags()),
            Spacer(0, 4),
        ]


def _faced(text: str) -> str:
    """Markup of printable text, in the faces that have its characters."""
    primary = coverage().primary
    if primary.issuperset(text):
        return markup(text)
    parts: list[str] = []
    for stretch in re.findall(r"[^\n]+|\n", text):
        for face, words in [(REGULAR, stretch)] if stretch == "\n" else runs(stretch):
            parts.append(markup(words) if face == REGULAR else f'<font name="{face}">{markup(words)}</font>')
    return "".join(parts)
