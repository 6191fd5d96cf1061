"""What a person fills in: signature blocks side by side, with boxes to tick and blanks over their labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Final

from report_gen.document.blocks import SignatureBlock, SignatureLine, ToConfirm
from report_gen.render.metrics import RULE
from report_gen.render.pdf.ink import Ink
from report_gen.render.pdf.layout.lines import TextLine, in_units, wrap
from report_gen.render.pdf.layout.pieces import TOGETHER, PagePiece, beside, bound, column_height, framed, text_pieces
from report_gen.render.pdf.layout.words import Lettering
from report_gen.render.pdf.styles import Setting, Type
from report_gen.render.pdf.tagged import Element

__all__ = ["signature_pieces"]

_GUTTER: Final = 12.0
_SHARES: Final = (0.5, 0.6)
"""Share of the left column: whoever signs the report often has more to confirm."""
_THREE: Final = 3
"""Blocks of which the last may stand under the other two."""
_PAD: Final = 6.0
_TICK: Final = 6.6
"""Side of a box to tick."""
_HANG: Final = 12.0
_WRITING: Final = 15.0
"""Room over a line to write on."""
_BETWEEN: Final = 14.0


def signature_pieces(
    blocks: Sequence[SignatureBlock], width: float, words: Lettering, setting: Setting, limit: float
) -> list[PagePiece]:
    """Signature blocks in two columns, or one under the other: there their lines are not read as one by a machine.

    They stand under one another where there is room, and where two columns would be higher than a page.

    Args:
        blocks: The blocks, the one that signs the report first.
        width: Width of the text.
        words: What measures them.
        setting: Sizes and distances.
        limit: Height of a page.
    """
    form = _Form(words, setting)
    if len(blocks) > 1:
        sides = min((_sides(form, blocks, width, share) for share in _SHARES), key=lambda sides: sides.height)
        beside_each_other = sides.piece()
        if len(blocks) == _THREE and (wide := _wide_below(form, blocks, width)).height < min(sides.height, limit):
            beside_each_other = wide
        if beside_each_other.height <= limit:
            beside_each_other.roomier = partial(_one_under_the_other, form, blocks, width)
            return [beside_each_other]
    return _one_under_the_other(form, blocks, width)


def _one_under_the_other(form: _Form, blocks: Sequence[SignatureBlock], width: float) -> list[PagePiece]:
    made: list[PagePiece] = []
    for block in blocks:
        frame = framed(form.inside(block, width), width, RULE, pad=_PAD)
        bound(frame, TOGETHER)
        frame[0].before = _GUTTER / 2
        made += frame
    return made


@dataclass(frozen=True, slots=True)
class _Sides:
    """Two columns of frames."""

    places: tuple[tuple[float, float], tuple[float, float]]
    """Left edge and width of each column."""
    insides: tuple[list[list[PagePiece]], list[list[PagePiece]]]
    """What stands in the frames of each."""

    @property
    def height(self) -> float:
        """Of the higher one."""
        return max(map(_stacked, self.insides))

    def piece(self) -> PagePiece:
        """Both, side by side; the last frame of the shorter one reaches as far down as the other."""
        columns: list[tuple[float, list[PagePiece]]] = []
        for (left, width), insides in zip(self.places, self.insides, strict=True):
            least = self.height - _stacked(insides[:-1]) - (_GUTTER / 2 if insides[1:] else 0.0)
            pieces: list[PagePiece] = []
            for number, inside in enumerate(insides):
                last = number == len(insides) - 1
                frame = framed(inside, width, RULE, pad=_PAD, least=least if last else 0.0)
                frame[0].before = _GUTTER / 2
                pieces += frame
            columns.append((left, pieces))
        return beside(columns)


def _sides(form: _Form, blocks: Sequence[SignatureBlock], width: float, share: float) -> _Sides:
    """Blocks in two columns: the first heads the left, each other goes where there is more room."""
    left = (width - _GUTTER) * share
    places = ((0.0, left), (left + _GUTTER, width - _GUTTER - left))
    columns: tuple[list[list[PagePiece]], list[list[PagePiece]]] = ([], [])
    for number, block in enumerate(blocks):
        side = number if number < 2 else int(_stacked(columns[0]) > _stacked(columns[1]))
        columns[side].append(form.inside(block, places[side][1]))
    return _Sides(places, columns)


def _wide_below(form: _Form, blocks: Sequence[SignatureBlock], width: float) -> PagePiece:
    """Two blocks side by side and the third under both, with the lines of those who sign it side by side."""
    above = _sides(form, blocks[:2], width, _SHARES[0]).piece()
    below = framed(form.inside(blocks[2], width, lines_beside=True), width, RULE, pad=_PAD)
    below[0].before = _GUTTER / 2
    return beside([(0.0, [above, *below])])


def _stacked(frames: Sequence[Sequence[PagePiece]]) -> float:
    heights = [column_height(inside) + 2 * _PAD for inside in frames]
    return sum(heights) + _GUTTER / 2 * max(len(heights) - 1, 0)


class _Form:
    def __init__(self, words: Lettering, setting: Setting) -> None:
        self._words, self._face, self._gap = words, setting.cell, setting.item
        self._label: Type = setting.note

    def inside(self, block: SignatureBlock, width: float, *, lines_beside: bool = False) -> list[PagePiece]:
        """The content of a frame of this width.

        Args:
            block: The block.
            width: Width of the frame.
            lines_beside: Set the lines of the first half of those who sign left of the others'.
        """
        room = width - 2 * _PAD
        part = Element("Div")
        pieces = self._text(block.title, room, part, bold=True) if block.title else []
        pieces += self._text(block.statement, room, part) if block.statement else []
        for claim in block.confirmations:
            pieces += self._confirmation(claim, room, part)
        rows = list(_rows(block.lines))
        halves = (rows[: len(rows) // 2], rows[len(rows) // 2 :])
        labels = [[line.label for row in half for line in row] for half in halves]
        if lines_beside and labels[0] == labels[1]:
            column = (room - _GUTTER) / 2
            sides = [[piece for row in half for piece in self._line(row, column, part)] for half in halves]
            return [*pieces, beside([(0.0, sides[0]), (column + _GUTTER, sides[1])])]
        for row in rows:
            pieces += self._line(row, room, part)
        return pieces

    def _text(self, text: str, room: float, part: Element, *, bold: bool = False, label: str = "") -> list[PagePiece]:
        spans = self._words.spans(text, label=label, strong=bold)
        made = text_pieces(wrap(spans, in_units(room, self._face.size)), Element("P", part), self._face)
        made[-1].after = self._gap + 1
        return made

    def _confirmation(self, claim: ToConfirm, room: float, part: Element) -> list[PagePiece]:
        """A statement behind an empty box."""
        face = self._face
        lines = self._words.lines(claim.text, room - _HANG, face)
        element = Element("P", part)

        def draw(ink: Ink, x: float, top: float) -> None:
            low = top - face.baseline - 0.6
            ink.frame((x + 0.5, low), (_TICK, _TICK), RULE)
            with ink.content(element):
                ink.lines(lines, x + _HANG, top, face)

        return [PagePiece(len(lines) * face.leading, draw, before=self._gap + 0.8, after=self._gap + 0.8)]

    def _line(self, row: Sequence[SignatureLine], room: float, part: Element) -> list[PagePiece]:
        """What is known, or blanks over their labels."""
        known = [line for line in row if line.prefilled]
        if known:
            return [piece for line in known for piece in self._text(line.prefilled, room, part, label=f"{line.label}:")]
        size = self._label.size
        shares = (0.58, 0.42) if len(row) == 2 else (1.0,)
        wide = room - _BETWEEN * (len(row) - 1)
        blanks: list[tuple[float, float, list[TextLine], Element]] = []
        left = 0.0
        for line, share in zip(row, shares, strict=True):
            lines = self._words.lines(line.label, wide * share, Type(size, self._label.leading))
            blanks.append((left, wide * share, lines, Element("P", part)))
            left += wide * share + _BETWEEN

        def draw(ink: Ink, x: float, top: float) -> None:
            for left, width, lines, element in blanks:
                ink.rule((x + left, top - _WRITING), (x + left + width, top - _WRITING), RULE)
                with ink.content(element):
                    ink.lines(lines, x + left, top - _WRITING - 1.0, self._label)

        high = max(len(lines) for _, _, lines, _ in blanks)
        return [PagePiece(_WRITING + 1.0 + high * self._label.leading, draw, after=self._gap + 2.0)]


def _rows(lines: Sequence[SignatureLine]) -> Iterator[tuple[SignatureLine, ...]]:
    """Known values alone, blanks in pairs: a signature and its date stand on one line."""
    at = 0
    following = [later for _, later in pairwise(lines)]
    while at < len(lines):
        paired = at < len(following) and not lines[at].prefilled and not lines[at + 1].prefilled
        # An odd number of blanks leaves the first alone, so that the signature stands beside its date.
        blanks = sum(1 for line in lines[at:] if not line.prefilled)
        step = 2 if paired and blanks % 2 == 0 else 1
        yield tuple(lines[at : at + step])
        at += step
