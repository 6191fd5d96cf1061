"""What the model benchmark is to show of ours, whether it does, and whether so few reports can tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final, TypeAlias

from bench.measure import percentile
from bench.result import Row
from trials.guard.figures import wilson

__all__ = ["CALLS", "P50_S", "WITHIN_S", "interval", "promises", "told"]

WITHIN_S: Final = 6.0
"""What a narrated report may take."""
P50_S: Final = 2.0
"""What its median may take on the fast profile."""
CALLS: Final = 1.2
"""Calls a section may take."""
RESAMPLES: Final = 1000
_FAST: Final = "hosted_fast"

_Range: TypeAlias = tuple[float, float, float]
"""A figure and the ends of its interval."""


def promises(ours: Mapping[str, Row], seed: int) -> tuple[str, ...]:
    """A sentence for each promise.

    Args:
        ours: The rows of ours by profile, all of them; each with the samples `wall_s`, `calls` and `sections`.
        seed: Of the resampling.
    """
    if not all(row.ok for row in ours.values()):
        return ("Not every row of ours counts; no promise is looked at.",)
    rng = Random(f"{seed}/promises")  # noqa: S311 - a draw, not a secret
    waits = {name: row.samples["wall_s"] for name, row in ours.items()}
    median = interval([(wall,) for wall in waits[_FAST]], lambda rows: percentile([row[0] for row in rows], 0.5), rng)
    calls = {
        name: interval(list(zip(row.samples["calls"], row.samples["sections"], strict=True)), _ratio, rng)
        for name, row in ours.items()
    }
    return (
        _within(waits),
        _bounded(f"median of at most {P50_S:g} s on {_FAST}", P50_S, {_FAST: median}, len(waits[_FAST])),
        _bounded(f"at most {CALLS:g} calls a section", CALLS, calls, min(map(len, waits.values()))),
    )


def interval(
    rows: Sequence[tuple[float, ...]], figure: Callable[[Sequence[tuple[float, ...]]], float], rng: Random
) -> _Range:
    """A figure of reports and its 95 % bootstrap interval, reports drawn with replacement."""
    drawn = sorted(figure(rng.choices(rows, k=len(rows))) for _ in range(RESAMPLES))
    return figure(rows), percentile(drawn, 0.025), percentile(drawn, 0.975)


def told(found: Sequence[_Range], limit: float) -> str:
    """`NO`: one figure is above the limit with its whole interval. `yes`: none reaches above it. Else `open`."""
    if any(low > limit for _, low, _ in found):
        return "NO"
    return "yes" if all(high <= limit for _, _, high in found) else "open"


def _ratio(rows: Sequence[tuple[float, ...]]) -> float:
    sections = sum(row[1] for row in rows)
    return sum(row[0] for row in rows) / sections if sections else 0.0


def _within(waits: Mapping[str, Sequence[float]]) -> str:
    counts = {name: (sum(wall <= WITHIN_S for wall in walls), len(walls)) for name, walls in waits.items()}
    seen = ", ".join(f"{name} {kept} of {count}" for name, (kept, count) in counts.items())
    every = all(kept == count for kept, count in counts.values())
    least = min(100 * wilson(kept, count) for kept, count in counts.values())
    return (
        f"Ours, within {WITHIN_S:g} s in 100 % of reports under every profile: {'yes' if every else 'NO'} ({seen}; so "
        f"many reports show no more than at least {least:.1f} % under each, 95 % Wilson)."
    )


def _bounded(promise: str, limit: float, found: Mapping[str, _Range], reports: int) -> str:
    figures = ", ".join(f"{name} {value:.3g} [{low:.3g}-{high:.3g}]" for name, (value, low, high) in found.items())
    return (
        f"Ours, {promise}: {told(list(found.values()), limit)} ({figures}; {reports} reports a row, 95 % bootstrap "
        "intervals)."
    )
