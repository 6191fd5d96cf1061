"""Times of the stages of a piece of work, by a clock that is passed in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

__all__ = ["Stopwatch"]


class Stopwatch:
    """Times stages that follow each other. A stage begins where the one before ended, so that they add up to the whole.

    One for each piece of work; not to be shared by threads.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        """Start at what the clock, in seconds, says now."""
        self.clock = clock
        self.began = clock()
        self._ended = self.began
        self._spent_s: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done inside. A stage that comes twice counts once, with both; one that fails does not count."""
        yield
        now = self.clock()
        self._spent_s[name] = self._spent_s.get(name, 0.0) + now - self._ended
        self._ended = now

    def elapsed_s(self) -> float:
        """Seconds from the beginning to the end of the last stage."""
        return self._ended - self.began

    def stage_ms(self) -> Mapping[str, float]:
        """Milliseconds of each stage, in the order in which they first came."""
        return MappingProxyType({name: spent_s * 1000 for name, spent_s in self._spent_s.items()})
