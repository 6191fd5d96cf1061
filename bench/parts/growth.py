"""Part `growth`: how time grows with the case, stage by stage, and whether anything grows faster than n log n."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import log, sqrt
from types import MappingProxyType
from typing import Final

import report_gen.render.pdf  # noqa: F401 - its import takes longer than a report, and is not what is timed
from bench.measure import fault, percentile
from bench.parts.enlarge import BASE, enlarged
from bench.result import Figure, Part, Row, Scale
from bench.wording import judged, template_pages
from report_gen import Report, ReportGenError, load_case
from report_gen.draft.passages import passages
from report_gen.pipeline import prepare, render
from report_gen.stopwatch import Stopwatch

__all__ = ["AMOUNTS", "Amount", "Fit", "fitted", "grown", "line", "measure"]

STAGES: Final = ("load", "facts", "write", "check", "json", "record", "pdf")
"""Stages of a report without a model, in order."""
GUARD: Final = ("passages", "guard")
"""What narration adds. Only with events are there more sentences to judge."""
FITTED_SIZES: Final = 4
"""The exponent is that of the largest sizes, which say most about what comes after them."""
GROWN: Final = 0.25
"""Share by which a size must take longer than the base to count as grown; below it noise decides."""
FEWEST_GROWN: Final = 2
"""Sizes that the exponent takes; where only so many have grown it has no error of its own."""
ALLOWED: Final = 0.15
"""What is added to the yardstick there, for the noise of two points."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What one scale runs."""

    times: tuple[int, ...]
    """Sizes as multiples of the base."""
    rounds: int
    """How often all sizes are measured, one after another, so that a slow minute does not fall on one size."""
    small: int
    """How often the sizes up to eight times the base are measured within a round."""


AMOUNTS: Final[Mapping[Scale, Amount]] = MappingProxyType(
    {
        "smoke": Amount((1, 2, 4), 1, 1),
        "quick": Amount((1, 2, 4, 8, 16, 32, 64), 2, 2),
        "full": Amount((1, 2, 4, 8, 16, 32, 64), 4, 3),
    }
)
_SMALL: Final = 8
_GUARD_ROUNDS: Final = 1
"""The guard takes as long as all other stages together, and is the steadiest."""
_NOTES: Final = (
    "The base is the twelve-hour sample cut down to 6 events, 6 channels and 300 physiology rows; one list grows, the "
    "other two stay. 64 times is 384 events, 384 channels, 19,200 rows.",
    "Each time is the median (nearest rank) of its size, in CPU time of the thread: on a quiet machine it is the wall "
    "time, and what else runs does not bend the curve. "
    "Garbage collection is on. The exponent is fitted by least squares in logarithms over "
    "the largest four sizes, after the fixed cost is taken off (the time at no rows on the line through the two "
    "smallest sizes); sizes that take less than a quarter longer than the smallest are left out, and where fewer than "
    "two are left the stage hardly grows and its times are fitted as they are. Beside it stands the exponent of "
    "n log n over the same sizes. `within`: the exponent less its standard error is not above that; of two sizes, "
    f"which have no error, less {ALLOWED:g}.",
    "What cannot be seen: a quadratic part that is less than half of the time at the largest size, and any power in a "
    "stage that takes at most twice as long there as at the smallest.",
    "`report` is load to PDF, without a model. `passages` finds what a model may word, `guard` judges the template's "
    "own sentences; no model is asked.",
)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a time grows with a size."""

    exponent: float
    """Power of the size."""
    error: float
    """Standard error of the exponent; 0 where the points lie on a line, as two always do."""
    sizes: tuple[float, ...]
    """Sizes that it was fitted on."""
    fixed: float
    """Time that was taken off each before; 0 where a stage hardly grows."""


def fitted(sizes: Sequence[float], times: Sequence[float]) -> Fit:
    """The power with which times grow over the largest four sizes, by least squares in logarithms.

    A fixed cost hides growth, so it is taken off: the time at size 0 on the straight line through the two smallest
    sizes, at least nothing and at most the smallest size's time. Only sizes count that take a quarter longer than the
    smallest, and two at least. A stage with fewer hardly grows, and its times are fitted as they are.

    Args:
        sizes: Two sizes at least, each larger than the one before.
        times: The time of each, above 0.

    Raises:
        ValueError: Fewer than two sizes.
    """
    if len(sizes) < 2:
        raise ValueError("at least two sizes")
    points = list(zip(sizes, times, strict=True))[-FITTED_SIZES:]
    at_none = times[0] - sizes[0] * (times[1] - times[0]) / (sizes[1] - sizes[0])
    fixed = min(max(at_none, 0.0), times[0])
    grown = [(size, spent - fixed) for size, spent in points if spent >= (1 + GROWN) * times[0]]
    if len(grown) < FEWEST_GROWN:
        grown, fixed = points, 0.0
    exponent, error = _power(grown)
    return Fit(exponent, error, tuple(size for size, _ in grown), fixed)


def line(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """Slope of y on x by least squares, and its standard error; the error is 0 where the points lie on a line.

    Args:
        xs: Two different values at least.
        ys: One for each.
    """
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - middle_x) ** 2 for x in xs)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / spread
    left = sum((y - middle_y - slope * (x - middle_x)) ** 2 for x, y in zip(xs, ys, strict=True))
    free = len(xs) - 2
    return slope, sqrt(left / free / spread) if free > 0 else 0.0


def _power(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return line([log(size) for size, _ in points], [log(spent) for _, spent in points])


def measure(scale: Scale, seed: int) -> Part:
    """Times of each stage for growing cases, with the exponent of each.

    Args:
        scale: How many sizes, and how often each.
        seed: Not used: nothing here is drawn.
    """
    rows = tuple(row for axis in BASE for row in _axis(axis, AMOUNTS[scale]))
    return Part("growth", "How does time grow with events, channels and physiology rows?", rows, _NOTES)


def _axis(axis: str, amount: Amount) -> Iterator[Row]:
    names = (*STAGES, "report", *(GUARD if axis == "events" else ()))
    spent: dict[str, dict[int, list[float]]] = {name: {times: [] for times in amount.times} for name in names}
    why = ""
    files = {times: enlarged(axis, times) for times in amount.times}
    for turn, times in product(range(amount.rounds), amount.times):
        for _ in range(amount.small if times <= _SMALL else 1):
            try:
                stages, why = _one(files[times], guard=axis == "events" and turn < _GUARD_ROUNDS)
            except ReportGenError as error:
                stages, why = {}, error.code
            if why:
                yield from (Row(f"{axis} / {name}", ok=False, why=f"{times} x: {why}") for name in names)
                return
            for name, value in stages.items():
                spent[name][times].append(value)
    counts = [float(BASE[axis] * times) for times in amount.times]
    for name in names:
        yield grown(f"{axis} / {name}", counts, [percentile(spent[name][times], 0.5) for times in amount.times])


def _one(data: bytes, *, guard: bool) -> tuple[dict[str, float], str]:
    """CPU times of each stage of one case in ms, and why its report does not count, if it does not."""
    watch = Stopwatch(time.thread_time)
    with watch.stage("load"):
        case = load_case(data)
    checked = prepare(case, watch=watch)
    report = Report(checked=checked, documents=render(checked, watch=watch))
    spent_ms = {**watch.stage_ms(), "report": watch.elapsed_s() * 1000}
    why = "gate.draft" if checked.blocked("draft") else fault(report)
    if guard and not why:
        start = time.thread_time()
        found = passages(checked.draft, checked.facts)
        spent_ms["passages"] = (time.thread_time() - start) * 1000
        verdicts = judged(template_pages(found, checked.facts))
        spent_ms["guard"] = verdicts.cpu_ms
        why = verdicts.why
    return spent_ms, why


def grown(name: str, sizes: Sequence[float], times: Sequence[float]) -> Row:
    """A row of how a stage grows.

    Args:
        name: Its name.
        sizes: Rows of the list that grows, ascending.
        times: The median time of each size, in ms.
    """
    fit = fitted(sizes, times)
    yardstick, _ = _power([(size, size * log(size)) for size in fit.sizes])
    figures: dict[str, Figure] = {
        "from_rows": int(sizes[0]),
        "to_rows": int(sizes[-1]),
        "from_ms": times[0],
        "to_ms": times[-1],
        "exponent": fit.exponent,
        "exponent_error": fit.error,
        "n_log_n_exponent": yardstick,
        "within": fit.exponent - (fit.error if len(fit.sizes) > FEWEST_GROWN else ALLOWED) <= yardstick,
    }
    return Row(name, figures, {"size": tuple(sizes), "ms": tuple(times)})
