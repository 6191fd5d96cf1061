"""The time left for a narrated report, by one clock for everything: model, guard, joins, drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["GUARD_SHARE", "REST_MARGIN", "Budget", "redraw_s"]

REST_MARGIN: Final = 1.25
"""How much longer than the first time checking and drawing may take the second time; machines are not steady."""
GUARD_SHARE: Final = 0.5
"""What is kept for the guard, in times of checking and drawing: measured, it takes less for what people wrote."""


def redraw_s(draw_s: float, slower: float, *, worded: bool) -> float:
    """Seconds that drawing may take the second time.

    Args:
        draw_s: What it took the first time.
        slower: How many times as long as the first the second check took; the machine may have become busy.
        worded: Whether a model's wording is drawn. Where none stands, the second report tells only who was asked: it is
            not worth being late for.
    """
    return draw_s * max(slower, 1.0) * (1.0 if worded else 2.0)


@dataclass(frozen=True, slots=True)
class Budget:
    """The deadline of a report, and the time that checking and drawing need before it."""

    clock: Callable[[], float]
    """The one clock, in seconds."""
    ends_at: float
    """Reading of the clock at which the report must be ready."""
    rest_s: float
    """Seconds that checking and drawing take."""

    def left_s(self) -> float:
        """Seconds from now until checking and drawing must begin; below zero, it is too late for them."""
        return self.ends_at - REST_MARGIN * self.rest_s - self.clock()

    def for_model_s(self) -> float:
        """Seconds that a model may take, so that the guard has time for what it says."""
        return self.left_s() - GUARD_SHARE * self.rest_s

    def late(self) -> bool:
        """Whether it is too late to begin anything more."""
        return self.left_s() <= 0
