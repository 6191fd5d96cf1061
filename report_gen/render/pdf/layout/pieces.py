"""What a page is made of: pieces of known height that are never parted, with what a page break behind each would cost.

A block becomes a list of pieces. Where pages end is decided over all pieces of a document at once (`paginate`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from report_gen.render.pdf.ink import Ink
from report_gen.render.pdf.layout.lines import TextLine
from report_gen.render.pdf.styles import Type
from report_gen.render.pdf.tagged import Element

__all__ = [
    "BROKEN",
    "FORBIDDEN",
    "FREE",
    "INSIDE",
    "KEPT",
    "PARTED",
    "SAVING",
    "SCARCE",
    "TOGETHER",
    "Draw",
    "PagePiece",
    "beside",
    "bound",
    "column_height",
    "draw_column",
    "framed",
    "roomier",
    "text_pieces",
]

FREE: Final = 0.0
"""Cost of a page break between two sections."""
PARTED: Final = 2.0
"""Between two parts of a section that have headings of their own."""
INSIDE: Final = 6.0
"""Between two blocks of a section, or two rows of a long table."""
BROKEN: Final = 12.0
"""Between two lines of a paragraph, or two entries of a chronology."""
SCARCE: Final = 40.0
"""Behind the first lines of a section."""
KEPT: Final = 400.0
"""Inside a short table: it moves to the next page whole, unless that takes a page more."""
SAVING: Final = 700.0
"""Well inside a long chronology: only where that saves a page."""
TOGETHER: Final = 20_000.0
"""Inside what is read as one (result, alert, attestation): only where no page could hold it whole."""
FORBIDDEN: Final = 1_000_000.0
"""Behind a heading, before the last line of a paragraph: only where the pieces alone are higher than a page."""

Draw: TypeAlias = "Callable[[Ink, float, float], None]"
"""Draws a piece with its left upper corner at a point of the page."""


@dataclass(slots=True, eq=False)
class PagePiece:
    """A part of a document that stands on one page."""

    height: float
    """Height in points."""
    draw: Draw
    """How it is drawn."""
    before: float = 0.0
    """Room over it, unless it is the first of its page; the larger of this and the other's `after` is taken."""
    after: float = 0.0
    """Room under it."""
    bond: float = FREE
    """Cost of a page break behind it."""
    head: PagePiece | None = None
    """What is drawn over it when it is the first of its page. None: nothing."""
    roomier: Callable[[], Sequence[PagePiece]] | None = None
    """Makes what is set in its place where there is room for it. None: there is nothing else."""


def bound(pieces: Sequence[PagePiece], cost: float) -> None:
    """Let no page break between these pieces cost less."""
    for piece in pieces[:-1]:
        piece.bond = max(piece.bond, cost)


def roomier(pieces: Iterable[PagePiece]) -> list[PagePiece]:
    """The pieces, each with what is set in its place where there is room."""
    made: list[PagePiece] = []
    for piece in pieces:
        if piece.roomier is None:
            made.append(piece)
            continue
        *others, last = piece.roomier()
        others = [replace(other, bond=max(other.bond, piece.bond, TOGETHER)) for other in others]
        more = [*others, replace(last, bond=piece.bond, after=piece.after)]
        made += [replace(more[0], before=piece.before), *more[1:]]
    return made


def text_pieces(
    lines: Sequence[TextLine], element: Element, face: Type, *, indent: float = 0.0, hang: float = 0.0
) -> list[PagePiece]:
    """Lines of one element, in pieces so that no line is left alone on a page.

    Args:
        lines: The lines.
        element: Their element.
        face: Size and distance.
        indent: How far right of the edge they stand.
        hang: How much further right all lines but the first stand.
    """
    shifts = [0.0, *[hang] * (len(lines) - 1)] if hang else None
    pieces: list[PagePiece] = []
    for start, end in _stretches(len(lines)):
        part = lines[start:end]
        pieces.append(_text_piece(part, element, face, indent, shifts[start:end] if shifts else None))
        pieces[-1].bond = BROKEN
    return pieces


def _stretches(count: int) -> list[tuple[int, int]]:
    """Two lines at either end, single lines between."""
    if count <= 3:
        return [(0, count)]
    return [(0, 2), *((line, line + 1) for line in range(2, count - 2)), (count - 2, count)]


def _text_piece(
    lines: Sequence[TextLine], element: Element, face: Type, indent: float, shifts: Sequence[float] | None
) -> PagePiece:
    def draw(ink: Ink, x: float, top: float) -> None:
        ink.begin(element)
        ink.lines(lines, x + indent, top, face, shifts)
        ink.end()

    return PagePiece(len(lines) * face.leading, draw)


# --- pieces within a piece -------------------------------------------------------------------------------------------


def column_height(pieces: Sequence[PagePiece]) -> float:
    """Height of pieces one under the other."""
    height, after = 0.0, 0.0
    for number, piece in enumerate(pieces):
        height += (max(after, piece.before) if number else 0.0) + piece.height
        after = piece.after
    return height


def draw_column(ink: Ink, pieces: Iterable[PagePiece], x: float, top: float) -> None:
    """Draw pieces one under the other."""
    after, first = 0.0, True
    for piece in pieces:
        top -= 0.0 if first else max(after, piece.before)
        piece.draw(ink, x, top)
        top -= piece.height
        after, first = piece.after, False


def beside(columns: Sequence[tuple[float, Sequence[PagePiece]]]) -> PagePiece:
    """Columns of pieces side by side as one piece, each with its distance from the left edge."""

    def draw(ink: Ink, x: float, top: float) -> None:
        for left, pieces in columns:
            draw_column(ink, pieces, x + left, top)

    return PagePiece(max((column_height(pieces) for _, pieces in columns), default=0.0), draw)


def framed(
    pieces: Sequence[PagePiece], width: float, rule: float, *, pad: float = 5.0, least: float = 0.0
) -> list[PagePiece]:
    """Pieces inside a frame; where it must be parted, it stays open at the break.

    Args:
        pieces: What stands in it, set `pad` narrower on either side.
        width: Width of the frame.
        rule: Width of its lines.
        pad: Room inside it.
        least: Least height of the whole frame.
    """
    made: list[PagePiece] = []
    after, whole = 0.0, 0.0
    last = len(pieces) - 1
    for number, piece in enumerate(pieces):
        over = max(after, piece.before) if number else pad
        under = pad if number == last else 0.0
        whole += over + piece.height
        if number == last:
            under = max(pad, least - whole)
        made.append(_in_frame(piece, width, rule, (over, under, pad), (number == 0, number == last)))
        after = piece.after
    return made


def _in_frame(
    piece: PagePiece, width: float, rule: float, room: tuple[float, float, float], ends: tuple[bool, bool]
) -> PagePiece:
    over, under, pad = room
    height = over + piece.height + under

    def draw(ink: Ink, x: float, top: float) -> None:
        piece.draw(ink, x + pad, top - over)
        low = top - height
        if ends == (True, True):
            ink.frame((x, low), (width, height), rule)
            return
        for edge in (x, x + width):
            ink.rule((edge, top), (edge, low), rule)
        for end, y in zip(ends, (top, low), strict=True):
            if end:
                ink.rule((x, y), (x + width, y), rule)

    return replace(piece, height=height, draw=draw, before=0.0, after=0.0)
