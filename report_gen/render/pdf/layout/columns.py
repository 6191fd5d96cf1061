"""How wide the columns of a table are: as wide as what stands in them, measured, and no value broken inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

__all__ = ["Demand", "column_widths"]

_STEP: Final = 12.0
"""What one column gives to another at a time."""
_STEPS: Final = 10
_RAGGED: Final = 11.0
"""What is left free at the end of a line, on average, where there are several."""
_PROSE: Final = 100.0
"""Natural width from which a column that is whole gives as well: it holds prose, and no value that is better whole."""
_WORDS: Final = 56.0
"""Narrowest width, natural width permitting, to which a column gives: a few words a line."""
_WORTH_BREAKING: Final = 0.85
"""Share of its height to which a table must come down for values to be broken between their parts."""
_SHOWN: Final = 30
"""Rows that are looked at to see whether it is worth while."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a column asks for, or each of some of one width; in points, with the room beside its text."""

    least: float
    """Its widest piece that is not broken."""
    natural: float
    """All its cells on one line each."""
    head: float
    """Its title on one line."""
    weight: float
    """Share of what is left over, relative to the other columns."""
    count: int = 1
    """Columns that ask for it."""

    def wider(self, room: float) -> Demand:
        """The same with more room beside its text."""
        return replace(self, least=self.least + room, natural=self.natural + room, head=self.head + room)


def column_widths(demands: Sequence[Demand], width: float, rows: Sequence[Sequence[float]] = ()) -> list[float]:
    """Widths of columns that fill `width` together, one for each demand.

    Where there is room for all, each has its natural width, then its title on one line, and the rest by weight. Where
    there is not, narrow columns keep theirs, and wide ones share what is left by what they hold, so that the table is
    low; but none is narrower than its widest piece unless all pieces together are wider than the table.

    Args:
        demands: What each column asks for.
        width: Width of the table.
        rows: Width of the widest cell of each demand on one line, row by row. Empty: not known.
    """
    counts = [demand.count for demand in demands]
    natural = [max(demand.natural, demand.least) * demand.count for demand in demands]
    if sum(natural) <= width:
        return _each(_spread(natural, demands, width), counts)
    least = [demand.least * demand.count for demand in demands]
    if sum(least) >= width:
        return _each([share * width / sum(least) for share in least], counts)
    words = [max(have, min(demand.natural, _WORDS) * demand.count) for have, demand in zip(least, demands, strict=True)]
    kept = words if sum(words) < width else least
    return _lowest(_each(_shared(kept, natural, counts, width), counts), demands, rows)


def _each(widths: Sequence[float], counts: Sequence[int]) -> list[float]:
    return [width / count for width, count in zip(widths, counts, strict=True)]


def _spread(natural: Sequence[float], demands: Sequence[Demand], width: float) -> list[float]:
    wanted = [max(have, demand.head * demand.count) for have, demand in zip(natural, demands, strict=True)]
    left = width - sum(natural)
    missing = sum(wanted) - sum(natural)
    if missing > left:
        share = left / missing
        return [have + (want - have) * share for have, want in zip(natural, wanted, strict=True)]
    weights = [demand.weight * demand.count for demand in demands]
    total = sum(weights) or 1.0
    return [want + (left - missing) * weight / total for want, weight in zip(wanted, weights, strict=True)]


def _shared(least: Sequence[float], natural: Sequence[float], counts: Sequence[int], width: float) -> list[float]:
    widths = list(least)
    left = width - sum(least)
    waiting = sorted(range(len(least)), key=lambda place: natural[place] / counts[place])
    while waiting:
        # The narrowest first: one that asks for no more than an even share of what is there gets it whole.
        place = waiting[0]
        room = left + sum(widths[other] for other in waiting)
        more = natural[place] - widths[place]
        if natural[place] / counts[place] > room / sum(counts[other] for other in waiting) or more > left:
            break
        widths[place] = natural[place]
        left -= more
        waiting.pop(0)
    while waiting:
        room = left + sum(widths[place] for place in waiting)
        whole = sum(natural[place] for place in waiting)
        narrow = [place for place in waiting if natural[place] * room / whole < least[place]]
        if not narrow:
            for place in waiting:
                widths[place] = natural[place] * room / whole
            break
        waiting = [place for place in waiting if place not in narrow]
        left = room - sum(least[place] for place in narrow) - sum(widths[place] for place in waiting)
    return widths


def _lowest(widths: list[float], demands: Sequence[Demand], rows: Sequence[Sequence[float]]) -> list[float]:
    """Widths with which the rows take fewer lines, where columns give to those that are broken.

    A narrow column holds values that are better whole: it gives only where that makes the table a good deal lower.
    """
    shown = rows[:_SHOWN]
    takers = [place for place, demand in enumerate(demands) if widths[place] < demand.natural - 0.01]
    if not shown or not takers:
        return widths
    prose = [place for place, demand in enumerate(demands) if place in takers or demand.natural >= _PROSE]
    kind, height = _given(widths, demands, shown, takers, prose)
    if len(prose) < len(demands):
        lower, least = _given(widths, demands, shown, takers, range(len(demands)))
        if least < height * _WORTH_BREAKING:
            return lower
    return kind


def _given(
    widths: list[float],
    demands: Sequence[Demand],
    rows: Sequence[Sequence[float]],
    takers: Sequence[int],
    givers: Sequence[int],
) -> tuple[list[float], float]:
    """The widths after every step that makes the rows lower, and their height."""
    lowest = _height(rows, widths)
    floors = [max(demand.least, min(demand.natural, _WORDS)) for demand in demands]
    for _ in range(_STEPS):
        better: list[float] = []
        for giver, taker in product(givers, takers):
            given = _STEP / demands[giver].count
            if giver == taker or widths[giver] - given < floors[giver]:
                continue
            tried = list(widths)
            tried[giver] -= given
            tried[taker] += _STEP / demands[taker].count
            height = _height(rows, tried)
            if height < lowest - 1e-9:
                lowest, better = height, tried
        if not better:
            break
        widths = better
    return widths, lowest


def _height(rows: Sequence[Sequence[float]], widths: Sequence[float]) -> float:
    """Lines of all rows, whole lines of a row counting more than how full they are."""
    lines = 0.0
    for row in rows:
        full = 1.0
        for cell, width in zip(row, widths, strict=True):
            if cell > width:
                full = max(full, cell / (width - _RAGGED))
        lines += 1.0 if full <= 1 else int(full + 0.999) + 0.05 * full
    return lines
