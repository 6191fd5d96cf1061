"""Sections and their blocks as pieces: layout only, no clinical logic, and text that is never markup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final

from reportlab.pdfbase.pdfdoc import PDFArray, PDFString

from report_gen.document.blocks import (
    Box,
    Cell,
    Chronology,
    HasText,
    KeyValues,
    PageBlock,
    Paragraph,
    Section,
    SectionRole,
    SignatureBlock,
    Table,
)
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.render.figures.drawing import measured_figure
from report_gen.render.metrics import RULE
from report_gen.render.pdf.canvas_pen import CanvasPen
from report_gen.render.pdf.ink import Ink
from report_gen.render.pdf.layout.forms import signature_pieces
from report_gen.render.pdf.layout.grid import ENTRIES_KEPT, Sheet, SheetRow, grid_pieces
from report_gen.render.pdf.layout.heads import Head
from report_gen.render.pdf.layout.key_values import key_value_pieces
from report_gen.render.pdf.layout.lines import Measured, TextLine, in_units, wrap
from report_gen.render.pdf.layout.paginate import Front
from report_gen.render.pdf.layout.pieces import (
    BROKEN,
    FORBIDDEN,
    FREE,
    INSIDE,
    KEPT,
    PARTED,
    SAVING,
    SCARCE,
    TOGETHER,
    PagePiece,
    bound,
    framed,
    text_pieces,
)
from report_gen.render.pdf.layout.words import Lettering
from report_gen.render.pdf.styles import Setting, Type
from report_gen.render.pdf.tagged import Element, StructureRole

__all__ = ["BEGUN", "Typesetter"]

_RESULT_RULE, _BOX_RULE = 1.5, 1.2
_PAD: Final = 6.0
_HANG: Final = 11.0
_BLANK_LINE: Final = re.compile(r"\n\s*\n")
_BAR: Final = 1.4
BEGUN: Final = 2
"""Pieces with which a section has begun: its heading and its first lines."""

_FRONT: Final[frozenset[SectionRole]] = frozenset({"result", "impression", "summary", "limitations"})
"""Sections of the first page of a report, down to the limitations."""


class Typesetter:
    """Makes the pieces of a document of one setting."""

    def __init__(self, words: Lettering, setting: Setting, width: float, limit: float) -> None:
        """Set to a text width in points, on pages with room for `limit` points."""
        self._words, self._setting = words, setting
        self._width, self._limit = width, limit
        self._headed = False
        self.front = Front()
        self.begins: dict[SectionRole, int] = {}

    def pieces(self, sections: Sequence[Section[PageBlock]], boxes: Mapping[SectionRole, Box]) -> list[PagePiece]:
        """All sections in order, each with the box of its role under its heading."""
        made: list[PagePiece] = []
        attested = limited = False
        for section in sections:
            part = self._section(section, boxes.get(section.role))
            if attested and section.role == "attestation":
                # What is signed and the signature are one, though they have headings of their own.
                made[-1].bond = TOGETHER
            elif made and section.level == 2:
                made[-1].bond = max(made[-1].bond, PARTED)
            attested = section.role == "attestation"
            start = self.begins.setdefault(section.role, len(made))
            made += part
            if section.role in _FRONT and not limited:
                self.front = Front(len(made), min(start + BEGUN, len(made)))
            limited = limited or section.role == "limitations"
        return made

    def run_in(self, section: Section[PageBlock]) -> list[PagePiece]:
        """A section, never the first, whose labelled paragraphs follow one another without new lines."""
        self._headed = True
        made = self._heading(section, self._width)
        made += self._ran_in([block for block in section.blocks if isinstance(block, Paragraph)], self._width)
        made[-1].bond = FREE
        return made

    def _section(self, section: Section[PageBlock], box: Box | None) -> list[PagePiece]:
        result = section.role == "result"
        width = self._width - 2 * _PAD if result else self._width
        head = self._heading(section, width)
        body = [*(self._box(box, width) if box else ()), *self._blocks(section, width)]
        made = [*head, *body]
        if section.role != "course":
            # The course may begin at the foot of page one with no more than its first paragraph.
            _start(made, 3 * self._setting.body.leading)
        if result:
            made = framed(made, self._width, _RESULT_RULE, pad=_PAD)
            made[0].before = made[-1].after = self._setting.section
        if result or section.role == "attestation":
            bound(made, TOGETHER)
        if made:
            made[-1].bond = FREE if section.level == 1 else PARTED
        return made

    # --- headings ----------------------------------------------------------------------------------------------------

    def _heading(self, section: Section[PageBlock], width: float) -> list[PagePiece]:
        setting = self._setting
        titled = section.role == "title"
        plain = section.level == 2 or titled or section.role == "result"
        face = setting.title if titled else setting.subheading if section.level == 2 else setting.heading
        role: StructureRole = "H1" if titled or not self._headed else "H3" if section.level == 2 else "H2"
        self._headed = True
        lines = self._words.lines(section.title, width, face, bold=True)
        element, spoken, level = Element(role), self._words.spoken(section.title), section.level - 1
        under = 2.0 if plain else 3.0
        height = len(lines) * face.leading + (0.0 if plain else 1.0)

        def draw(ink: Ink, x: float, top: float) -> None:
            ink.canvas.add_bookmark(spoken, level, top)
            with ink.content(element):
                ink.lines(lines, x, top, face)
            if not plain:
                ink.rule((x, top - height), (x + width, top - height), RULE)

        return [PagePiece(height, draw, before=setting.section, after=under, bond=FORBIDDEN)]

    # --- blocks ------------------------------------------------------------------------------------------------------

    def _blocks(self, section: Section[PageBlock], width: float) -> list[PagePiece]:
        gap = self._setting.item if section.role == "limitations" else self._setting.gap
        made: list[PagePiece] = []
        signatures: list[SignatureBlock] = []
        for block, under in zip_longest(section.blocks, section.blocks[1:]):
            if isinstance(block, SignatureBlock):
                signatures.append(block)
                continue
            part = self._block(block, section, width)
            if part:
                part[-1].bond = INSIDE
                # Rows of labelled values that follow each other are one grid.
                if not (isinstance(block, KeyValues) and isinstance(under, KeyValues)):
                    part[-1].after = max(part[-1].after, gap)
            made += part
        if signatures:
            signed = signature_pieces(signatures, width, self._words, self._setting, self._limit)
            signed[0].before = max(signed[0].before, 5.0)
            if made:
                made[-1].bond = TOGETHER
            made += signed
        return made

    def _block(self, block: PageBlock, section: Section[PageBlock], width: float) -> list[PagePiece]:
        match block:
            case Paragraph():
                return self._paragraph(block, width)
            case KeyValues():
                return key_value_pieces(block, width, self._words, self._setting)
            case Table():
                return self._table(block, section.title, width)
            case Chronology():
                return self._chronology(block, section.title, width)
            case SignatureBlock():
                return signature_pieces([block], width, self._words, self._setting, self._limit)
            case TimelineFigure() | TrendFigure():
                return self._figure(block, width)

    def _text(
        self, spans: Sequence[Measured], width: float, face: Type, *, indent: float = 0.0, hang: float = 0.0
    ) -> list[PagePiece]:
        if not spans:
            return []
        if hang:
            lines = _hanging(spans, width - indent, hang, face)
        else:
            lines = wrap(spans, in_units(width - indent, face.size))
        return text_pieces(lines, Element("P"), face, indent=indent, hang=hang)

    def _paragraph(self, block: Paragraph[HasText], width: float) -> list[PagePiece]:
        setting, words = self._setting, self._words
        if block.proposed:
            return self._proposed(block, width)
        made: list[PagePiece] = []
        if block.listed:
            for number, sentence in enumerate(block.sentences):
                strong = block.strong and number == 0
                label = f"{block.label}." if block.label and number == 0 else ""
                part = self._text(
                    words.spans(sentence.text, label=label, strong=strong), width, setting.body, hang=_HANG
                )
                if part:
                    part[-1].after = setting.item
                made += part
            return made
        label = f"{block.label}." if block.label else ""
        if block.verbatim:
            return self._verbatim(block.sentences, label, width)
        first, *others = [sentence.text for sentence in block.sentences]
        if block.strong and others:
            spans = (*words.spans(first, label=label, strong=True), *words.spans(" ".join(others)))
        else:
            spans = words.spans(" ".join((first, *others)), label=label, strong=block.strong)
        return self._text(spans, width, setting.body)

    def _ran_in(self, blocks: Sequence[Paragraph[HasText]], width: float) -> list[PagePiece]:
        """Labelled paragraphs as one."""
        spans: list[Measured] = []
        for block in blocks:
            told = " ".join(sentence.text for sentence in block.sentences)
            spans += self._words.spans(told, label=f"{block.label}." if block.label else "")
        made = self._text(spans, width, self._setting.body)
        if made:
            made[-1].after = self._setting.gap
        return made

    def _verbatim(self, sentences: Sequence[HasText], label: str, width: float) -> list[PagePiece]:
        """A person's own words: line breaks kept, blank lines parting paragraphs."""
        parts = [part for sentence in sentences for part in _BLANK_LINE.split(sentence.text) if part.strip()]
        made: list[PagePiece] = []
        for number, part in enumerate(parts):
            spans = self._words.spans(part.strip("\n"), label=label if number == 0 else "")
            lines = self._text(spans, width, self._setting.body)
            if lines:
                lines[-1].after = self._setting.item + 1
            made += lines
        return made

    def _proposed(self, block: Paragraph[HasText], width: float) -> list[PagePiece]:
        """A label, and sentences behind a bar: text that nobody has adopted yet."""
        setting, words = self._setting, self._words
        made = self._text((words.of(f"{block.label}:", bold=True),), width, setting.body) if block.label else []
        if made:
            made[-1].after, made[-1].bond = 1.0, FORBIDDEN
        for number, sentence in enumerate(block.sentences):
            spans = words.spans(sentence.text, strong=block.strong and number == 0)
            part = self._text(spans, width, setting.body, indent=_HANG)
            for piece in part:
                _bar(piece, setting.item)
            if part:
                part[-1].after = setting.item
            made += part
        return made

    def _table(self, block: Table[HasText], title: str, width: float) -> list[PagePiece]:
        words = self._words
        heads = tuple(Head(column.title, column.weight, column.align, column.group) for column in block.columns)
        entries = tuple(SheetRow(tuple(map(self._cell, row.cells)), row.heading) for row in block.rows)
        caption = "" if _same(block.caption, title) else block.caption
        sheet = Sheet(heads, entries, caption, "" if caption else block.caption, block.caption)
        made = grid_pieces(sheet, width, words, self._setting, self._limit, block.panels)
        made[-1].after = self._setting.gap
        made[-1].bond = INSIDE
        notes: list[PagePiece] = []
        for note in block.note:
            part = self._text(words.spans(note.text), width, self._setting.note)
            if part:
                part[0].before, part[-1].after = 1.5, 1.0
            notes += part
        if notes:
            made[-1].after, made[-1].bond = 1.5, KEPT
        return made + notes

    def _cell(self, cell: Cell) -> tuple[Measured, ...]:
        return self._words.spans(cell.text, strong=cell.strong)

    def _chronology(self, block: Chronology[HasText], title: str, width: float) -> list[PagePiece]:
        words = self._words
        entries: list[SheetRow] = []
        for entry in block.entries:
            texts = [sentence.text for sentence in entry.sentences]
            if entry.strong:
                told = (*words.spans(texts[0], strong=True), *words.spans(" ".join(texts[1:])))
            else:
                told = words.spans(" ".join(texts))
            entries.append(SheetRow((words.spans(entry.time), told)))
        heads = (Head("Time", 0.0), Head("What", 1.0))
        sheet = Sheet(heads, tuple(entries), "", block.caption, title, told=True)
        made = grid_pieces(sheet, width, words, self._setting, self._limit)
        if sum(piece.height for piece in made) <= self._limit - 2 * self._setting.heading.leading:
            bound(made, SAVING)
            # The head counts as none: so many entries stay together at either end.
            for few in (made[: ENTRIES_KEPT + 1], made[-ENTRIES_KEPT:]):
                bound(few, TOGETHER)
        return made

    def _figure(self, figure: TimelineFigure | TrendFigure, width: float) -> list[PagePiece]:
        words, setting = self._words, self._setting
        made = self._text((words.of(figure.title, bold=True),), width, setting.cell)
        element = Element("Figure")
        element.attributes = {"Alt": PDFString(words.spoken(figure.alt_text))}
        height, drawn = measured_figure(figure, width, words.drawn)

        def draw(ink: Ink, x: float, top: float) -> None:
            low = top - height
            box = [round(edge, 2) for edge in (x, low, x + width, top)]
            element.layout = {"BBox": PDFArray(box), "Placement": b"/Block"}
            with ink.content(element):
                ink.operators("q")
                drawn(CanvasPen(ink, x, low))
                ink.operators("Q")

        made.append(PagePiece(height, draw, before=2.0))
        if figure.note:
            part = self._text(words.spans(" ".join(omission.text for omission in figure.note)), width, setting.note)
            if part:
                part[0].before = 1.5
            made += part
        bound(made, FORBIDDEN)
        return made

    def _box(self, box: Box, width: float) -> list[PagePiece]:
        """What must not be overlooked, in a frame."""
        words, setting = self._words, self._setting
        inside = self._text((words.of(box.title, bold=True),), width - 2 * _PAD, setting.cell)
        for item in box.items:
            part = self._text(words.spans(item), width - 2 * _PAD, setting.cell, hang=_HANG)
            if part:
                part[0].before = 2.0
            inside += part
        made = framed(inside, width, _BOX_RULE, pad=_PAD - 1)
        bound(made, BROKEN if len(made) > 30 else KEPT)
        if made:
            made[0].before, made[-1].after = 5.0, setting.gap + 1
            made[0].bond, made[-1].bond = FORBIDDEN, INSIDE
        return made


def _start(pieces: Sequence[PagePiece], height: float) -> None:
    """Let a page rather not end behind so little of a section."""
    seen = 0.0
    for piece in pieces[1:-1]:
        seen += piece.height
        if seen > height:
            return
        piece.bond = max(piece.bond, SCARCE)


def _hanging(spans: Sequence[Measured], width: float, hang: float, face: Type) -> list[TextLine]:
    """Lines of which all but the first begin further right."""
    lines = wrap(spans, in_units(width, face.size))
    return lines if len(lines) <= 1 else wrap(spans, in_units(width - hang, face.size))


def _bar(piece: PagePiece, reach: float) -> None:
    """Draw a vertical line at the left of a piece."""
    plain, height = piece.draw, piece.height

    def draw(ink: Ink, x: float, top: float) -> None:
        ink.rule((x + 2, top + reach / 2), (x + 2, top - height - reach / 2), _BAR)
        plain(ink, x, top)

    piece.draw = draw


def _same(caption: str, title: str) -> bool:
    """Whether a caption says no more than the heading over it."""
    return "".join(caption.split()).casefold().rstrip(".") == "".join(title.split()).casefold().rstrip(".")
