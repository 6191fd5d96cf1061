"""Where labels of a figure go, so that none covers another or leaves its figure. Pure geometry, in points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["LabelGroup", "StepLabel", "group_marks", "place_steps", "shortened", "spread"]

_GAP = 3.0
_SYMBOL = 4.0
"""Half the width of a mark's symbol."""

Width = Callable[[str], float]


def shortened(words: str, room: float, width: Width) -> str:
    """Words, cut with an ellipsis where they are wider than `room`."""
    if width(words) <= room:
        return words
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if width(words[:middle].rstrip() + "…") <= room:
            low = middle
        else:
            high = middle - 1
    return words[:low].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """Marks too close for a label each, with one label after the last of them."""

    places: tuple[float, ...]
    """Where the symbols stand."""
    label: str
    """Label of all of them."""

    @property
    def label_at(self) -> float:
        """Left edge of the label."""
        return self.places[-1] + _SYMBOL + 1.5


def _label(names: Sequence[str]) -> str:
    unique = list(dict.fromkeys(names))
    if len(unique) > 1:
        return f"{unique[0]}–{unique[-1]}"
    return unique[0] if len(names) == 1 else f"{unique[0]} ({len(names)})"


def group_marks(marks: Sequence[tuple[float, str]], width: Width) -> tuple[LabelGroup, ...]:
    """Marks in order from left to right, joined until every label stands clear of the next symbol."""
    groups: list[list[tuple[float, str]]] = []
    for mark in sorted(marks):
        groups.append([mark])
        while len(groups) > 1:
            before = groups[-2]
            end = before[-1][0] + _SYMBOL + 1.5 + width(_label([name for _, name in before])) + _GAP
            if end <= groups[-1][0][0] - _SYMBOL:
                break
            groups[-2:] = [[*before, *groups[-1]]]
    return tuple(
        LabelGroup(tuple(place for place, _ in group), _label([name for _, name in group])) for group in groups
    )


@dataclass(frozen=True, slots=True)
class StepLabel:
    """A step's tick with its label in a row above it."""

    place: float
    """Where the tick stands."""
    row: int
    """Row of the label, counted from the lowest; -1 when there is no room for one."""
    left: float
    """Left edge of the label."""
    words: str
    """Label; empty when there is no room for one."""

    @property
    def shown(self) -> bool:
        """Whether the label has a row."""
        return self.row >= 0


def place_steps(
    steps: Sequence[tuple[float, str]], *, width: Width, left: float, right: float, rows: int
) -> tuple[StepLabel, ...]:
    """A label for every step that fits in `rows` rows without touching another label or another step's tick.

    Args:
        steps: Place and words, in any order.
        width: Width of words.
        left: Left edge that no label may cross.
        right: Right edge that no label may cross.
        rows: Rows available.
    """
    placed: list[StepLabel] = []
    for place, words in sorted(steps, reverse=True):
        size = width(words)
        # To the right of its tick by choice; a label on the left is read as belonging to the tick before.
        choices = [(row, place + 2.0) for row in range(rows)] + [(row, place - 2.0 - size) for row in range(rows)]
        label = next(
            (
                StepLabel(place, row, start, words)
                for row, start in choices
                if left <= start and start + size <= right and _free(placed, place, row, start, size, width)
            ),
            StepLabel(place, -1, place, ""),
        )
        placed.append(label)
    return tuple(reversed(placed))


def _free(placed: Sequence[StepLabel], place: float, row: int, start: float, size: float, width: Width) -> bool:
    for other in placed:
        if not other.shown:
            continue
        end = other.left + width(other.words)
        if other.row == row and start < end + _GAP and other.left < start + size + _GAP:
            return False
        if other.row <= row and other.left - 1 < place < end + 1:
            return False
        if other.row >= row and start - 1 < other.place < start + size + 1:
            return False
    return True


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> tuple[float, ...]:
    """Heights at least `gap` apart and inside the range where it has room, as near to the wanted ones as order allows.

    Args:
        wanted: Heights wanted, in any order; the result keeps that order.
        gap: Smallest distance.
        low: Lowest height.
        high: Highest height.
    """
    order = sorted(range(len(wanted)), key=lambda index: -wanted[index])
    heights = [0.0] * len(wanted)
    limit = high
    for index in order:
        heights[index] = min(wanted[index], limit)
        limit = heights[index] - gap
    floor = low
    for index in reversed(order):
        heights[index] = max(heights[index], floor)
        floor = heights[index] + gap
    return tuple(heights)
