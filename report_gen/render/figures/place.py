"""Where labels of a figure go, so that none covers another or leaves its figure. Pure geometry, in points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["StackedLabel", "StepLabel", "folded", "place_steps", "shortened", "spread", "stack_labels", "wrapped"]

_GAP = 3.0
_STEP_GAP = 7.0
"""Between the words of two steps in one row, which would else read as one."""
_BESIDE = 2.0
"""From a tick or a leader to the label beside it."""

Width = Callable[[str], float]


def shortened(words: str, room: float, width: Width) -> str:
    """Words, cut with an ellipsis where they are wider than `room`. Not for figures, whose words are never cut."""
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


def wrapped(words: str, room: float, width: Width) -> tuple[str, ...]:
    """Words in lines no wider than `room`, broken between words, and inside a word that is wider by itself."""
    lines: list[str] = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width(longer) <= room:
            lines[-1] = longer
            continue
        lines.extend(_pieces(word, room, width))
    return tuple(line for line in lines if line) or ("",)


def _pieces(word: str, room: float, width: Width) -> list[str]:
    """A word in pieces that fit, each of one character at least."""
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def folded(words: str, width: Width) -> tuple[str, ...]:
    """Words on two lines as narrow as they get; on one where there is nothing to break."""
    parts = words.split()
    folds = [(" ".join(parts[:count]), " ".join(parts[count:])) for count in range(1, len(parts))]
    return min(folds, key=lambda fold: max(map(width, fold))) if folds else (words,)


# --- labels on levels above their marks ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StackedLabel:
    """A mark with its label on a level above it."""

    place: float
    """Where the mark stands."""
    level: int
    """Level of the label, counted from the lowest; -1 when there is no room for one."""
    left: float
    """Left edge of the label."""
    words: str
    """Label, also where it has no room."""

    @property
    def shown(self) -> bool:
        """Whether the label has a level."""
        return self.level >= 0

    @property
    def leader(self) -> float:
        """Where the line from the mark ends, from the label's baseline: beside its words, or below them."""
        return 6.0 if self.left > self.place else -1.0


_Stacked: TypeAlias = tuple[float, int, float, float]
"""Place, level, left and right edge of a label that is shown."""


def stack_labels(
    marks: Sequence[tuple[float, str]], *, width: Width, right: float, levels: int, symbol: float = 0.0
) -> tuple[StackedLabel, ...]:
    """Each mark's own label, right of its mark and as low as the labels and leaders of the others let it be.

    Args:
        marks: Place and words, in any order.
        width: Width of words.
        right: Right edge that no label may cross; the left one is 0.
        levels: Levels available. A label that finds no room on any is left out.
        symbol: Half the width of the symbols, where the lowest labels stand beside them; 0: they stand above.
    """
    placed: list[StackedLabel] = []
    shown: list[_Stacked] = []
    symbols = [place for place, _ in marks] if symbol else []
    for place, words in sorted(marks, reverse=True):
        wide = width(words)
        left = min(place + symbol + _BESIDE, right - wide)
        label = (left, left + wide)
        beside = 1 if any(label[0] - symbol < other < label[1] + symbol for other in symbols) else 0
        free = (level for level in range(beside, levels) if left >= 0 and _clear(shown, place, level, label))
        chosen = next(free, -1)
        placed.append(StackedLabel(place, chosen, left, words))
        if chosen >= 0:
            shown.append((place, chosen, *label))
    return tuple(reversed(placed))


def _clear(shown: Sequence[_Stacked], place: float, level: int, label: tuple[float, float]) -> bool:
    """Whether a label touches no other, no leader runs through it, and its own runs through none."""
    left, right = label
    for its_place, its_level, its_left, its_right in shown:
        if its_level == level and left < its_right + _GAP and its_left < right + _GAP:
            return False
        if its_level > level and left - 1 < its_place < right + 1:
            return False
        if its_level < level and its_left - 1 < place < its_right + 1:
            return False
    return True


# --- steps -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepLabel:
    """A step's tick with its label in rows above it."""

    place: float
    """Where the tick stands."""
    row: int
    """Lowest row of the label, counted from the lowest of all; -1 when there is no room for one."""
    left: float
    """Left edge of the label."""
    right: float
    """Right edge of the label."""
    lines: tuple[str, ...]
    """Label, the upper line first; empty when there is no room for one."""

    @property
    def shown(self) -> bool:
        """Whether the label has a row."""
        return self.row >= 0

    @property
    def top(self) -> int:
        """Highest row of the label."""
        return self.row + len(self.lines) - 1

    @property
    def before_tick(self) -> bool:
        """Whether the label stands left of its tick."""
        return self.right <= self.place


@dataclass(frozen=True, slots=True)
class _Packing:
    """One way to look for room for several labels."""

    leftwards: bool
    """From the last step to the first, labels right of their ticks; else the other way round, left of their ticks."""
    low_first: bool
    """A low row rather than the better side of the tick."""

    def order(self, choice: StepLabel) -> tuple[int, bool, int]:
        """Sorts the places of a label, the better before the worse."""
        away = choice.before_tick == self.leftwards
        return (choice.row, away, 0) if self.low_first else (0, away, choice.row)


_PACKINGS = tuple(_Packing(leftwards, low_first) for low_first in (True, False) for leftwards in (True, False))
_MOST_STEPS = 24
"""Steps that are tried for room; more have none whatever their order."""


def place_steps(
    steps: Sequence[tuple[float, Sequence[tuple[str, ...]]]],
    *,
    width: Width,
    left: float,
    right: float,
    rows: int,
) -> tuple[StepLabel, ...]:
    """Labels for as many of the foremost steps as find room without touching another label or another step's tick.

    Args:
        steps: Place and ways to set the words in lines, the better way first; the foremost step first.
        width: Width of words.
        left: Left edge that no label may cross.
        right: Right edge that no label may cross.
        rows: Rows available.

    Returns:
        A label for each step, in the order of `steps`.
    """
    choices = [
        [
            choice
            for lines in ways
            for row in range(rows - len(lines) + 1)
            for choice in _choices(place, row, lines, width)
            if left <= choice.left and choice.right <= right
        ]
        for place, ways in steps[:_MOST_STEPS]
    ]
    ordered = [[sorted(options, key=way.order) for options in choices] for way in _PACKINGS]

    def together(kept: Sequence[int]) -> dict[int, StepLabel] | None:
        """All of them in the first way that has room for all. None: none has."""
        for way, options in zip(_PACKINGS, ordered, strict=True):
            found: dict[int, StepLabel] = {}
            for index in sorted(kept, key=lambda index: steps[index][0], reverse=way.leftwards):
                label = next((choice for choice in options[index] if _free(found.values(), choice)), None)
                if label is None:
                    break
                found[index] = label
            else:
                return found
        return None

    found = together(range(len(choices)))
    if found is None:
        found = {}
        for index in range(len(choices)):
            found = together([*found, index]) or found
    return tuple(found.get(index, StepLabel(place, -1, place, place, ())) for index, (place, _) in enumerate(steps))


def _choices(place: float, row: int, lines: tuple[str, ...], width: Width) -> tuple[StepLabel, StepLabel]:
    size = max(map(width, lines), default=0.0)
    after, before = place + _BESIDE, place - _BESIDE
    return StepLabel(place, row, after, after + size, lines), StepLabel(place, row, before - size, before, lines)


def _free(placed: Iterable[StepLabel], label: StepLabel) -> bool:
    for other in placed:
        if not other.shown:
            continue
        same_row = label.row <= other.top and other.row <= label.top
        if same_row and label.left < other.right + _STEP_GAP and other.left < label.right + _STEP_GAP:
            return False
        if other.row <= label.top and other.left - 1 < label.place < other.right + 1:
            return False
        if label.row <= other.top and label.left - 1 < other.place < label.right + 1:
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
