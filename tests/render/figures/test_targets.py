"""Pressure targets are named where their words cross neither the curve nor the axis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from report_gen.document.figures import TargetStep
from report_gen.render.figures.pen import RecorderPen
from report_gen.render.figures.shapes import SIZE
from report_gen.render.figures.targets import draw_targets

START = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
ROOM = (20.0, 55.0)
"""Lower and upper edge of the panel."""


def _drawn(level: float, curve: list[tuple[float, float]]) -> RecorderPen:
    """Two targets, each of half an hour: the first at this height, the other high above it."""
    half = timedelta(minutes=30)
    steps = (TargetStep(65, START, START + half, ("f",)), TargetStep(85, START + half, START + 2 * half, ("f",)))
    places = {65: (100.0, 250.0, level), 85: (250.0, 400.0, 50.0)}
    pen = RecorderPen()
    draw_targets(pen, steps, lambda target: places[int(target.mmhg)], [curve], ROOM)
    return pen


@pytest.mark.parametrize("level", [22.0, 26.0, 30.0, 38.0])
@pytest.mark.parametrize(
    "curve",
    [
        [(100.0, 40.0), (250.0, 40.0), (400.0, 45.0)],
        [(100.0, 22.0), (170.0, 22.0), (250.0, 52.0)],
        [(100.0, 50.0), (180.0, 50.0), (250.0, 21.0)],
    ],
)
def test_words_stand_above_the_axis_and_off_the_curve(level, curve):
    """Under the line, over it, or at its other end."""
    first, last = _drawn(level, curve).words
    assert (first.text, last.text) == ("target 65", "target 85")
    assert first.bottom > ROOM[0]
    inside = [
        low + (high - low) * step / 50
        for (left, low), (right, high) in pairwise(curve)
        for step in range(51)
        if first.left <= left + (right - left) * step / 50 <= first.left + first.width
    ]
    assert not [y for y in inside if first.bottom < y < first.bottom + 0.7 * SIZE]
    assert last.left > 400.0


def test_a_short_target_has_its_line_alone():
    """No words where they are wider than it."""
    steps = (TargetStep(65, START, START, ("f",)), TargetStep(85, START, START + timedelta(hours=1), ("f",)))
    pen = RecorderPen()
    draw_targets(pen, steps, lambda target: (100.0, 110.0, target.mmhg / 2), [[]], ROOM)
    assert [row.text for row in pen.words] == ["target 85"]
