"""Which part of a long table every run makes, and which part `make test-all` adds.

A promise is tested by every run, on the cases that differ in kind. Whole tables (every sample in every form, every term
in every place) and long properties belong to `make test-all`, which sets ``REPORT_GEN_TESTS=all``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parents[1] / "samples" / "valid"
"""Folder of the valid samples."""
_SAMPLES = sorted(SAMPLES.glob("*.json"))

OF_EACH_COURSE = (
    "invented_acdf_quiet",
    "invented_cea_shunt",
    "invented_outage_cautery_gaps",
    "invented_scoliosis_mep_loss",
    "stress_twelve_hours",
)
"""Nothing happened; one episode of four modalities; gaps and an outage; one alert in full; twelve hours."""

ALL = os.environ.get("REPORT_GEN_TESTS") == "all"
"""Whether this is the long run."""


def now_and_in_full(
    values: Iterable[Any], now: Collection[Any], *, key: Callable[[Any], Any] = lambda value: value
) -> list[Any]:
    """Parameters of which those in `now` belong to every run and all others to the long one.

    Args:
        values: All of them, in order; a tuple is one row of several arguments.
        now: Those of every run, by key.
        key: What of a value stands in `now`.

    Raises:
        AssertionError: `now` names what is not among the values: a renamed sample cannot empty a test.
    """
    rows = list(values)
    missing = set(now) - {key(row) for row in rows}
    assert not missing, f"not among the values: {sorted(map(str, missing))}"
    return [row if key(row) in now else _later(row) for row in rows]


def _later(row: Any) -> Any:
    return pytest.param(*(row if isinstance(row, tuple) else (row,)), marks=pytest.mark.exhaustive)


def over_samples(*now: str) -> pytest.MarkDecorator:
    """Runs a test on each valid sample, as the argument `path`: on those named in every run, on all in the long one."""
    samples = now_and_in_full(_SAMPLES, now, key=_stem)
    return pytest.mark.parametrize("path", samples, ids=_stem)


def _stem(path: Path) -> str:
    return path.stem


def examples(now: int, in_full: int) -> int:
    """How many examples hypothesis makes: few in every run, many in the long one."""
    return in_full if ALL else now
