"""Compares two runs row by row: ratios with their spread, and whether they say anything.

A ratio is B divided by A. Where every single value was kept, the ratio of the medians has a bootstrap interval, and a
verdict: a difference is seen only when the interval leaves out 1. When fixed work wavered by more than `NOISY` around
the part in either run, the interval is first widened by as much. An interval that holds 1 and whose ends are further
apart than `WIDEST` says nothing, and neither does one of a noisy machine. Times of two machines on which the fixed work
took too differently (`DIFFERENT`) have no verdict, but a second ratio, against the fixed work. There is no verdict
either where nobody knows how much the fixed work wavered, where the runs are of two machines (`SAME`), or, for the
parts that draw (`DRAWN`), of two seeds or scales: then other things were measured.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import Final, Literal, TypeAlias, TypeGuard

from bench.measure import percentile
from bench.result import Figure, Part, Row, Run
from bench.table import WIDTH, heading, number

__all__ = ["AXES", "DIFFERENT", "FEWEST", "NOISY", "WIDEST", "Interval", "compare", "interval", "verdict"]

NOISY: Final = 0.10
"""Fixed work that wavered by a greater share than this around a part makes its small differences unbelievable."""
WIDEST: Final = 1.25
"""An interval around 1 is read as "no difference seen" up to this ratio of its ends."""
DIFFERENT: Final = 1.15
"""Two machines are compared as they are up to this ratio of the times of the fixed work."""
FEWEST: Final = 5
"""Fewer values than this on either side have no interval."""
RESAMPLES: Final = 1000
AXES: Final = ("size", "reports")
"""Samples of these names say at what the others were taken. Values at equal places are compared in pairs."""

SAME: Final = ("processor", "system", "cores")
"""Facts of a machine that must be the same for a verdict."""
DRAWN: Final = ("model", "peers", "checking")
"""Parts of which scale and seed decide what is measured, not only how often."""

_Kind: TypeAlias = Literal["time", "rate", "other"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A ratio of B to A with its 95 % bootstrap interval."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What the two runs of a part were taken under."""

    noise: float | None
    """The greater share by which the fixed work wavered. None: one of the runs does not say."""
    slower: float
    """How many times as long the fixed work took in B."""
    apart: str
    """Why nothing can be concluded from any ratio. Empty: something can."""

    @property
    def comparable(self) -> bool:
        return max(self.slower, 1 / self.slower) <= DIFFERENT


def interval(a: Sequence[float], b: Sequence[float], rng: Random) -> Interval | None:
    """The ratio of the medians of two samples. None: too few values, or a median of 0 or below."""
    if min(len(a), len(b)) < FEWEST or min(min(a), min(b)) <= 0:
        return None
    first, second = sorted(a), sorted(b)
    ratios = [_resampled(second, rng) / _resampled(first, rng) for _ in range(RESAMPLES)]
    return _interval(percentile(b, 0.5) / percentile(a, 0.5), ratios)


def _paired(a: Sequence[float], b: Sequence[float], rng: Random) -> Interval | None:
    if len(a) < FEWEST or min(min(a), min(b)) <= 0:
        return None
    ratios = sorted(second / first for first, second in zip(a, b, strict=True))
    return _interval(percentile(ratios, 0.5), [_resampled(ratios, rng) for _ in range(RESAMPLES)])


def _interval(ratio: float, resampled: Sequence[float]) -> Interval:
    return Interval(ratio, percentile(resampled, 0.025), percentile(resampled, 0.975))


def _resampled(ordered: Sequence[float], rng: Random) -> float:
    # The median of a resample is the value at the place of the middle one of as many even chances, and the middle one
    # of n follows a beta distribution: exact, and no resample has to be drawn and sorted.
    count = len(ordered)
    middle = ceil(count / 2)
    return ordered[min(int(count * rng.betavariate(middle, count - middle + 1)), count - 1)]


def verdict(found: Interval, kind: _Kind, noise: float) -> str:
    """What an interval says, in words.

    Args:
        found: The interval of the ratio of B to A.
        kind: `time`: less is faster. `rate`: more is faster. `other`: smaller or larger.
        noise: The share by which fixed work wavered around the part, the greater of the two runs.
    """
    noisy = noise > NOISY
    allowed = 1 + noise if noisy else 1.0
    if found.low / allowed > 1:
        return _named(found, "larger" if kind == "other" else "slower" if kind == "time" else "faster")
    if found.high * allowed < 1:
        turned = Interval(1 / found.ratio, 1 / found.high, 1 / found.low)
        return _named(turned, "smaller" if kind == "other" else "faster" if kind == "time" else "slower")
    spread = f"({found.low:.2f}-{found.high:.2f})"
    if noisy or found.high > WIDEST * found.low:
        return f"too noisy to tell {spread}"
    return f"no difference seen {spread}"


def _named(found: Interval, word: str) -> str:
    return f"{word} {found.ratio:.2f}x ({found.low:.2f}-{found.high:.2f})"


def compare(a: Run, b: Run, *, seed: int = 1) -> str:
    """Two runs as text: what differs between the runs themselves, then every row and figure that both have."""
    lines = ["A: " + _line(a), "B: " + _line(b), *_warnings(a, b), "A ratio is B / A."]
    for part in a.parts:
        other = b.part(part.name)
        if other is None:
            continue
        conditions = _conditions(a, b, part.name)
        lines += ["", _title(part.name, conditions)]
        lines += _rows(part, other, conditions, seed)
    missing = [("A", part.name) for part in a.parts if b.part(part.name) is None]
    missing += [("B", part.name) for part in b.parts if a.part(part.name) is None]
    lines += [""] * bool(missing) + [f"only in {which}: {name}" for which, name in missing]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _line(run: Run) -> str:
    where = ", ".join(f"{number(run.machine.get(name))}{unit}" for name, unit in _MACHINE.items())
    return f"{run.scale}, seed {run.seed}, {run.started_at}, commit {run.commit or 'unknown'}; {where}"


_MACHINE: Final[Mapping[str, str]] = {"processor": "", "cores": " cores", "memory_gib": " GiB"}


def _warnings(a: Run, b: Run) -> Iterator[str]:
    for what, mine, other in (("scales", str(a.scale), str(b.scale)), ("seeds", str(a.seed), str(b.seed))):
        if mine != other:
            yield f"Different {what}: {mine} and {other}; other things were measured."
    for name in ("system", "architecture", *_MACHINE):
        first, second = a.machine.get(name), b.machine.get(name)
        if first != second:
            yield f"Different machines: {name.replace('_', ' ')} {number(first)} and {number(second)}."
    changed = sorted(name for name in {*a.versions, *b.versions} if a.versions.get(name) != b.versions.get(name))
    if changed:
        pairs = (f"{name} {a.versions.get(name, 'none')} and {b.versions.get(name, 'none')}" for name in changed)
        yield from textwrap.wrap(f"Different versions: {', '.join(pairs)}.", WIDTH)


def _conditions(a: Run, b: Run, part: str) -> _Conditions:
    wavered = [found for run in (a, b) if (found := _around(run, part, "noise_pct")) is not None]
    noise = max(wavered) / 100 if len(wavered) == 2 else None
    first, second = (_around(run, part, "steady_ms") for run in (a, b))
    return _Conditions(noise, second / first if first and second else 1.0, _apart(a, b, part, noise))


def _apart(a: Run, b: Run, part: str, noise: float | None) -> str:
    """Why two runs of a part allow no verdict; empty when they do."""
    if any(a.machine.get(name) != b.machine.get(name) for name in SAME):
        return "other machine"
    if part in DRAWN and (a.scale, a.seed) != (b.scale, b.seed):
        return "other seed or scale"
    return "noise unknown" if noise is None else ""


def _around(run: Run, part: str, name: str) -> float | None:
    found = run.machine.get(f"{part}_{name}", run.machine.get(name))
    return float(found) if isinstance(found, (int, float)) else None


def _title(part: str, conditions: _Conditions) -> str:
    if conditions.noise is None:
        noise = "how much fixed work wavered is unknown"
    else:
        noise = f"fixed work wavered by {100 * conditions.noise:.0f} %"
        noise += ", which is noisy" if conditions.noise > NOISY else ""
    if not conditions.comparable:
        noise += f" and took {conditions.slower:.2f}x as long in B: times are not comparable as they are"
    return f"{part}: {noise}"


def _rows(a: Part, b: Part, conditions: _Conditions, seed: int) -> Iterator[str]:
    others = {row.name: row for row in b.rows}
    for row in a.rows:
        other = others.pop(row.name, None)
        if other is None:
            yield f"  {row.name}: only in A"
            continue
        idle = [f"{which} ({one.why})" for which, one in (("A", row), ("B", other)) if one.failed or one.skipped]
        if idle:
            text = f"{row.name}: does not count in {' and '.join(idle)}"
            yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
            continue
        yield f"  {row.name}"
        rng = Random(f"{seed}/{a.name}/{row.name}")  # noqa: S311 - a draw, not a secret
        yield from _samples(row, other, conditions, rng)
        yield from _figures(row, other, conditions)
    yield from (f"  {name}: only in B" for name in others)


def _samples(a: Row, b: Row, conditions: _Conditions, rng: Random) -> Iterator[str]:
    axis = next((name for name in AXES if name in a.samples and name in b.samples), None)
    for name in a.samples:
        if name in b.samples and name != axis:
            yield f"    {name:<16}" + _sample(name, (a, b), axis, conditions, rng)


def _sample(name: str, rows: tuple[Row, Row], axis: str | None, conditions: _Conditions, rng: Random) -> str:
    a, b = (row.samples[name] for row in rows)
    if axis is not None:
        if len({row.samples[axis] for row in rows}) > 1 or len(a) != len(b):
            return f"taken at different {axis}: not compared"
        found = _paired(a, b, rng) if a else None
    else:
        found = interval(a, b, rng) if a and b else None
    if found is None:
        return f"too few values to tell ({len(a)} and {len(b)})"
    kind = _kind(name)
    if conditions.apart or conditions.noise is None:
        return f"{conditions.apart}, no verdict: {found.ratio:.2f}x ({found.low:.2f}-{found.high:.2f})"
    if conditions.comparable or kind == "other":
        return verdict(found, kind, conditions.noise)
    return f"machines not comparable: {found.ratio:.2f}x as is" + _relative(found.ratio, kind, conditions)


def _figures(a: Row, b: Row, conditions: _Conditions) -> Iterator[str]:
    """The ratios of the figures, which have no spread of their own and so no verdict."""
    told = [text for name in a.figures if name in b.figures if (text := _figure(name, a, b, conditions))]
    # Ratios stay with their names.
    text = "   ".join(part.replace(" ", "\0") for part in told)
    for line in textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ", break_long_words=False):
        yield line.replace("\0", " ")


def _figure(name: str, a: Row, b: Row, conditions: _Conditions) -> str:
    first, second = a.figures[name], b.figures[name]
    if not _counted(first) or not _counted(second):
        return "" if first == second else f"{name} {number(first)} → {number(second)}"
    if first == second:
        return f"{name} same"
    if not first or not second:
        return f"{name} {number(first)} → {number(second)}"
    ratio = float(second) / float(first)
    kind = _kind(name)
    relative = "" if conditions.comparable or kind == "other" else _relative(ratio, kind, conditions)
    return f"{name} {ratio:.2f}x{relative}"


def _counted(value: Figure) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _relative(ratio: float, kind: _Kind, conditions: _Conditions) -> str:
    against = ratio / conditions.slower if kind == "time" else ratio * conditions.slower
    return f" ({against:.2f}x against the fixed work)"


def _kind(name: str) -> _Kind:
    if name.endswith("_per_s"):
        return "rate"
    return "time" if name in ("ms", "s") or heading(name)[1] in ("ms", "s", "µs") else "other"
