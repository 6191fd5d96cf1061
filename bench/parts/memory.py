"""Resident memory over many reports of one process, no two of them of the same case."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from bench.measure import SAMPLES, peak_mib
from bench.parts.growth import line
from bench.parts.mixture import DIED, FASTEST, MIX, faithful, made_of
from bench.peers.content import varied
from bench.result import Figure, Row
from bench.wording import TimedClient
from report_gen.llm.client import Client
from report_gen.llm.port import Endpoint

__all__ = ["NOTE", "Held", "memory_row", "rows", "watched"]

_STATM: Final = Path("/proc/self/statm")
_SAMPLED: Final = 50
"""How often memory is looked at over a run."""
_SETTLED: Final = 1000
"""Reports after which caches are full: fewer tell nothing about thousands."""
_BOUND_KIB: Final = 0.5
"""What a report may add to the memory held, beyond what the error of the slope explains: 2.5 MiB over 5,000."""
_MIXED: Final = 10
"""Of the reports over which memory is watched, one in so many is of all samples in turn."""
_AGAIN: Final = 50
"""One in so many of them is made again in another process, and must be the same bytes."""
_MODEL: Final = "with a model"
_WITH_MODEL: Final = 5
"""Memory with a model is watched over one report in so many: each takes longer."""
NOTE: Final = (
    "Memory is resident memory of a process of its own, the bench included, looked at "
    f"{_SAMPLED} times over a run. Every report is of another invented patient at other times: {FASTEST}, and one "
    f"in {_MIXED} of all samples in turn; one in {_AGAIN} is made again in another process and must be the same "
    "bytes. `growth` is the slope over the second half, beside its standard error; `bounded`: the slope less twice "
    f"its error is below {_BOUND_KIB:g} KiB a report; fewer than {_SETTLED:,} reports do not tell."
)
"""What a reader must know of the figures."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a process held over its reports."""

    counts: tuple[int, ...]
    """Reports made so far, from 0."""
    mib: tuple[float, ...]
    """Resident memory then."""
    peak_mib: float | None
    kept: Mapping[int, str]
    """Digests of some of its reports, by number."""
    why: str = ""
    """Why it does not count. Empty: it does."""


def rows(count: int, seed: int, endpoint: Endpoint) -> list[Row]:
    """Rows of memory without a model and with one, each in a process of its own, side by side."""
    counts = {"memory / without a model": count, f"memory / {_MODEL}": count // _WITH_MODEL}
    if not _STATM.exists():
        return [Row(name, ok=False, why="the system does not tell resident memory") for name in counts]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(len(counts), context, max_tasks_per_child=1) as pool:
        jobs = [pool.submit(watched, reports, seed, _MODEL in name) for name, reports in counts.items()]
        try:
            found = [job.result() for job in jobs]
        except BrokenProcessPool:
            return [Row(name, ok=False, why=DIED) for name in counts]
    with TimedClient(endpoint) as client:
        return [
            memory_row(name, held, _differing(held, seed, client if _MODEL in name else None))
            for name, held in zip(counts, found, strict=True)
        ]


def _resident_mib() -> float:
    return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _watched_case(number: int, seed: int) -> tuple[str, bytes]:
    """The sample of a watched report, and its case: another patient and other times than any before it."""
    sample = MIX[number // _MIXED % len(MIX)] if number % _MIXED == 0 else FASTEST
    raw: dict[str, Any] = json.loads((SAMPLES / f"{sample}.json").read_bytes())
    rng = Random(f"{seed}/memory/{number}")  # noqa: S311 - invented patients, not secrets
    return sample, json.dumps(varied(raw, rng)).encode()


def watched(count: int, seed: int, model: bool) -> Held:
    """Make so many reports in this process and look at its memory as they go.

    Args:
        count: Reports, each of a case of its own.
        seed: Decides the cases.
        model: Whether a scripted model words them.
    """
    client = TimedClient(faithful()) if model else None
    every = max(count // _SAMPLED, 1)
    counts, mib, kept = [0], [_resident_mib()], {}
    why = ""
    for number in range(1, count + 1):
        sample, case = _watched_case(number, seed)
        one = made_of(sample, client, case)
        if why := one.why:
            break
        if number % _AGAIN == 0 or number == count:
            kept[number] = one.digest
        if number % every == 0:
            counts.append(number)
            mib.append(_resident_mib())
    if client is not None:
        client.close()
    return Held(tuple(counts), tuple(mib), peak_mib(), kept, why)


def _differing(held: Held, seed: int, client: Client | None) -> str:
    """Make the reports again that were kept, in this process; says how many are other bytes, if any."""
    other = 0
    for number, digest in held.kept.items():
        sample, case = _watched_case(number, seed)
        other += made_of(sample, client, case).digest != digest
    return f"{other} of {len(held.kept)} reports are other bytes than when made alone" if other else ""


def memory_row(name: str, held: Held, differing: str = "") -> Row:
    """A row of what a process held.

    Args:
        name: Its name.
        held: What it held.
        differing: How many reports were other bytes when they were made again. Empty: none.
    """
    if why := held.why or differing:
        return Row(name, ok=False, why=why)
    half = len(held.counts) // 2
    tenth = next(index for index, count in enumerate(held.counts) if count * 10 >= held.counts[-1])
    growth, error = (1024 * value for value in line(held.counts[half:], held.mib[half:]))
    figures: dict[str, Figure] = {
        "reports": held.counts[-1],
        "start_mib": held.mib[0],
        "after_tenth_mib": held.mib[tenth],
        "end_mib": held.mib[-1],
        "peak_mib": held.peak_mib,
        "growth_kib_per_report": growth,
        "growth_error_kib_per_report": error,
        "bounded": growth - 2 * error < _BOUND_KIB if held.counts[-1] >= _SETTLED else None,
    }
    return Row(name, figures, {"reports": tuple(map(float, held.counts)), "mib": held.mib})
