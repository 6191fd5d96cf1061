"""The columns of a table: how they are headed, and where each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from report_gen.render.pdf.layout.columns import Demand, column_widths
from report_gen.render.pdf.layout.lines import Measured, in_points, natural_width
from report_gen.render.pdf.layout.words import Lettering
from report_gen.render.pdf.styles import Type

__all__ = ["Align", "Head", "Spans", "column_places"]

_GAP: Final = 7.0
"""Room between the text of two columns."""
_WIDE_GAP: Final = 14.0
_APART: Final = 7.0
"""More of it where a group of columns ends."""
_NEAR: Final = 5.0
"""Room inside a group where there is little to spare: what is taken there stands between left and right."""
_SLACK: Final = 0.1
"""More for each column than its text takes, so that no rounding breaks it."""

Align: TypeAlias = Literal["left", "right", "center"]
Spans: TypeAlias = tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its title, what stands over it and its neighbours, and how it is set."""

    title: str
    weight: float
    align: Align = "left"
    group: str = ""


def column_places(
    heads: Sequence[Head], rows: Sequence[tuple[Spans, ...]], width: float, words: Lettering, face: Type
) -> list[tuple[float, float]]:
    """Left edge and width of the text of each column, in points.

    Args:
        heads: The columns.
        rows: Their cells, row by row, without those that span a row.
        width: Width of the table.
        words: What measures titles.
        face: Type of the table.
    """
    equals = _equals(heads)
    measures = [_demand(head, [row[number] for row in rows], words, face.size) for number, head in enumerate(heads)]
    naturals = [demand.natural for demand, _ in measures]
    room = width - (len(heads) + 1) * _SLACK
    spare = room - sum(len(places) * max(naturals[place] for place in places) for places in equals)
    least = sum(_gaps(heads, -1.0))
    if spare < least <= room - sum(naturals):
        # Sides of different width rather than broken values.
        equals, spare = [[number] for number in range(len(heads))], room - sum(naturals)
    gaps = [gap + _SLACK for gap in _gaps(heads, spare)]
    demands: list[Demand] = []
    cells: list[list[float]] = []
    for places in equals:
        asked = [measures[place][0].wider(gaps[place]) for place in places]
        demands.append(
            Demand(
                max(demand.least for demand in asked),
                max(demand.natural for demand in asked),
                max(demand.head for demand in asked),
                asked[0].weight,
                len(places),
            )
        )
        wide = ([cell + gaps[place] for cell in measures[place][1]] for place in places)
        cells.append([max(row) for row in zip(*wide, strict=True)])
    shares = column_widths(demands, width, list(zip(*cells, strict=True)))
    of_column = {place: share for places, share in zip(equals, shares, strict=True) for place in places}
    made: list[tuple[float, float]] = []
    left = 0.0
    for place, gap in enumerate(gaps):
        made.append((left, of_column[place] - gap + _SLACK))
        left += of_column[place]
    return made


def _demand(head: Head, cells: Sequence[Spans], words: Lettering, size: float) -> tuple[Demand, list[float]]:
    """What a column asks for, and the width of each of its cells, without the room beside its text."""
    title = words.of(head.title, bold=True)
    least = title.widest
    naturals: list[int] = []
    for spans in cells:
        for span in spans:
            least = max(least, span.widest)
        naturals.append(spans[0].natural if len(spans) == 1 else natural_width(spans))
    widest = max([title.widest, *naturals])
    demand = Demand(in_points(least, size), in_points(widest, size), in_points(title.natural, size), head.weight)
    return demand, [in_points(natural, size) for natural in naturals]


def _equals(heads: Sequence[Head]) -> list[list[int]]:
    """Columns that are to be equally wide: those of the same title in different groups, such as left and right."""
    sets: dict[tuple[str, int], list[int]] = {}
    for number, head in enumerate(heads):
        key = (head.title, -1) if head.group else ("", number)
        sets.setdefault(key, []).append(number)
    return list(sets.values())


def _gaps(heads: Sequence[Head], spare: float) -> list[float]:
    """Room right of the text of each column; more where a right edge meets a left one, and where a group ends.

    Args:
        heads: The columns.
        spare: Width that no column needs for its text; below 0 where values are broken anyhow, and groups stand no
            further apart than columns.
    """
    gaps = [_WIDE_GAP if (one.align, other.align) == ("right", "left") else _GAP for one, other in pairwise(heads)]
    # The last column of a group is as wide as those of its title in others.
    gaps.append(_GAP if heads[-1].group else 0.0)
    following = [*(head.group for head in heads[1:]), ""]
    ends = [place for place, head in enumerate(heads) if head.group != following[place]]
    share = (spare - sum(gaps)) / len(ends) if ends else -1.0
    if share < 0:
        return gaps
    taken = 0.0
    if share < _APART:
        inside = [place for place, head in enumerate(heads) if head.group and place not in ends]
        taken = sum(gaps[place] - _NEAR for place in inside) / len(ends)
        for place in inside:
            gaps[place] = _NEAR
    for place in ends:
        gaps[place] += min(share + taken, _APART)
    return gaps
