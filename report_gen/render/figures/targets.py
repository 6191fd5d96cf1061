"""Pressure targets as steps under the curve, each named where its words cross neither the curve nor the axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from report_gen.document.figures import TargetStep
from report_gen.facts.wording import number_text
from report_gen.render.figures.pen import Pen, PointXY
from report_gen.render.figures.shapes import ROW, SIZE, width_of
from report_gen.render.metrics import RULE

__all__ = ["draw_targets"]

_DASH: Final = (5.0, 2.0)
_FREE: Final = 1.8
"""Room around words in points."""
_FURTHER: Final = 3.0
"""How much further off its line words may stand where the curve is close to it."""
_HIGH: Final = 0.72
"""Height of a capital, in em."""


def draw_targets(
    pen: Pen,
    targets: Sequence[TargetStep],
    place: Callable[[TargetStep], tuple[float, float, float]],
    curve: Sequence[Sequence[PointXY]],
    room: tuple[float, float],
) -> None:
    """The targets as steps, the last one named at the right edge, the others beside their line where they have room.

    Args:
        pen: What draws.
        targets: The targets in order of time.
        place: Left and right end and height of the line of a target.
        curve: The stretches of the curve that the words must not cross.
        room: Lower and upper edge of the panel.
    """
    for index, target in enumerate(targets):
        left, right, level = place(target)
        pen.line((left, level), (right, level), width=RULE, dash=_DASH)
        words = f"target {number_text(target.mmhg)}"
        if index == len(targets) - 1:
            pen.text((right + 2, level - 2.8), words, size=SIZE)
            continue
        pen.line((right, level), (right, place(targets[index + 1])[2]), width=RULE, dash=_DASH)
        wide = width_of(words)
        if right - left > wide + 4:
            lows = (level - ROW + 1.5, level + 2.5, level - ROW - _FURTHER)
            starts = [(at, low) for low in lows for at in (left + 2, right - wide - 2)]
            pen.text(_free(starts, wide, curve, room), words, size=SIZE)


def _free(
    starts: Sequence[PointXY], wide: float, curve: Sequence[Sequence[PointXY]], room: tuple[float, float]
) -> PointXY:
    """The first place whose words cross nothing, else the first inside the panel, else the first."""
    inside = [(x, low) for x, low in starts if low >= room[0] + _FREE and low + SIZE <= room[1] + ROW]
    for x, low in inside:
        if not any(_crosses((x, low), wide, before, after) for part in curve for before, after in pairwise(part)):
            return x, low
    return (inside or starts)[0]


def _crosses(at: PointXY, wide: float, before: PointXY, after: PointXY) -> bool:
    """Whether a piece of the curve comes into the box of words."""
    left, right = max(at[0] - _FREE, before[0]), min(at[0] + wide + _FREE, after[0])
    if left > right:
        return False
    slope = (after[1] - before[1]) / (after[0] - before[0]) if after[0] > before[0] else 0.0
    ends = [before[1] + slope * (x - before[0]) for x in (left, right)]
    return min(ends) <= at[1] + SIZE * _HIGH + _FREE and max(ends) >= at[1] - _FREE
