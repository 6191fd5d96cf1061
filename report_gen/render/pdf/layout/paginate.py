"""Where pages end: one decision over all pieces of a document, by what each break costs and what each page leaves free.

The cheapest way to part the pieces is found with one pass over the places where a page can begin. A page more costs
more than any choice among breaks that are allowed, less than parting what is kept together.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from report_gen.render.pdf.layout.pieces import FORBIDDEN, FREE, PagePiece

__all__ = ["Front", "Layout", "PieceTooHigh", "paginate"]

_PAGE: Final = 1_000.0
_WASTE: Final = 120.0
"""Cost of a page that is left empty; half of it costs a quarter."""
_WASTE_FIRST: Final = 1200.0
"""Of a first page that is left empty: what follows the front of a report begins there where its first lines fit."""
_NEARLY_EMPTY: Final = 0.3
"""Share of a page that its last page should at least fill."""
_LITTLE: Final = 300.0
"""Cost of a last page with next to nothing on it."""
_LOOKED_AT: Final = 6
"""Breaks inside blocks that are considered for each page of a long document, from its foot up."""
_LONG: Final = 400
"""Pieces of a long document."""
_PARTED: Final = 500.0
"""Cost of a first page that ends before all that belongs on it."""
_UNBEGUN: Final = 900.0
"""Of one that ends before the last section of that has begun: less than a page more."""
_FREE_ENOUGH: Final = 0.6
"""Share of a page that may be left free for a better break."""


class PieceTooHigh(ValueError):
    """A piece is higher than a page."""


@dataclass(frozen=True, slots=True)
class Front:
    """What belongs on the first page, as numbers of pieces from the first; 0: any."""

    pieces: int = 0
    """All that belongs there."""
    begun: int = 0
    """Up to the first lines of the last section of it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Pieces parted into pages."""

    pages: tuple[tuple[PagePiece, ...], ...]
    """The pieces of each page."""
    last_fill: float
    """Share of the last page that is filled."""
    content: float = 0.0
    """Height of all pieces in one column, in pages."""
    front: Front = Front()
    """What belongs on the first page."""

    @property
    def whole(self) -> bool:
        """Whether all that belongs on the first page stands there."""
        return self.front.pieces <= len(self.pages[0])

    @property
    def begun(self) -> bool:
        """Whether at least its last section begins there."""
        return self.front.begun <= len(self.pages[0])


class _OneColumn:
    """The pieces as one endless column."""

    def __init__(self, pieces: Sequence[PagePiece]) -> None:
        self.tops: list[float] = []
        self.ends: list[float] = []
        y, after = 0.0, 0.0
        for piece in pieces:
            y += max(after, piece.before)
            self.tops.append(y)
            y += piece.height
            self.ends.append(y)
            after = piece.after
        self.heads = [piece.head.height if piece.head else 0.0 for piece in pieces]
        self.bonds = [piece.bond for piece in pieces]


def paginate(pieces: Sequence[PagePiece], height: float, *, front: Front | None = None) -> Layout:
    """Part pieces into pages of this height.

    Args:
        pieces: The pieces in order.
        height: Height of a page.
        front: What of them belongs on the first page. None: nothing more than elsewhere.

    Raises:
        PieceTooHigh: One is higher than a page.
    """
    if not pieces:
        return Layout(((),), 0.0)
    first = front or Front()
    column = _OneColumn(pieces)
    count = len(pieces)
    best = [math.inf] * (count + 1)
    came_from = [0] * (count + 1)
    best[0] = 0.0
    for start in range(count):
        if best[start] == math.inf:
            continue
        waste = _WASTE_FIRST if start == 0 and first.pieces else _WASTE
        for end, cost in _ends(column, start, height, waste):
            whole = best[start] + cost + (_front_cost(end, first) if start == 0 else 0.0)
            if whole < best[end]:
                best[end], came_from[end] = whole, start
    if best[count] == math.inf:
        raise PieceTooHigh("a piece is higher than a page")
    pages: list[tuple[PagePiece, ...]] = []
    end = count
    while end:
        pages.append(tuple(pieces[came_from[end] : end]))
        end = came_from[end]
    last = came_from[count]
    fill = (column.heads[last] + column.ends[-1] - column.tops[last]) / height
    return Layout(tuple(reversed(pages)), fill, column.ends[-1] / height, first)


def _front_cost(end: int, front: Front) -> float:
    """What it costs to end the first page here."""
    return _UNBEGUN if end < front.begun else _PARTED if end < front.pieces else 0.0


def _ends(column: _OneColumn, start: int, height: float, waste: float) -> list[tuple[int, float]]:
    """The places where a page that begins at `start` may end, each with what page and break cost."""
    top = column.tops[start] - column.heads[start]
    fitting = bisect_right(column.ends, top + height + 1e-6, lo=start)
    if fitting == start:
        return []
    if fitting == len(column.ends):
        fill = (column.ends[-1] - top) / height
        little = 0.0 if start == 0 else max(0.0, 1 - fill / _NEARLY_EMPTY) * _LITTLE
        return [(fitting, _PAGE + little)]
    return _breaks(column, start, fitting, top, height, waste)


def _breaks(
    column: _OneColumn, start: int, fitting: int, top: float, height: float, waste: float
) -> list[tuple[int, float]]:
    allowed: list[tuple[int, float]] = []
    forced: list[tuple[int, float]] = []
    looked = _LOOKED_AT if len(column.ends) > _LONG else len(column.ends)
    for end in range(fitting, start, -1):
        free = 1 - (column.ends[end - 1] - top) / height
        if free > _FREE_ENOUGH and allowed:
            break
        bond = column.bonds[end - 1]
        if bond < FORBIDDEN:
            if bond > FREE:
                looked -= 1
                if looked < 0:
                    continue
            allowed.append((end, _PAGE + waste * free * free + bond))
        elif not allowed:
            forced.append((end, _PAGE + waste * free * free + bond))
    return allowed or forced[:1]
