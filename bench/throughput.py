"""Part `throughput`: reports per second on one process and two, with a model and without, and memory over thousands.

Whatever way the reports are made, side by side or one after the other, they must be the same bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from threading import BrokenBarrierError
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bench.growth import line
from bench.measure import SAMPLES, fault, peak_mib, percentile
from bench.result import Figure, Part, Row, Scale
from bench.wording import TimedClient, questions_of, recorded
from report_gen import Report, ReportGenError, agenerate, generate, load_case
from report_gen.llm.client import Client
from report_gen.llm.port import Endpoint
from report_gen.llm.scripted import Slow

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

__all__ = ["MIX", "Held", "Made", "measure", "memory_row", "side_by_side", "watched", "why_not"]

MIX: Final = ("invented_acdf_quiet", "invented_thyroid_rln", "published_c04_acdf", "published_c11_scoliosis_t7")
"""The samples that come in equal shares: five pages to one, with events and without."""
THREADS: Final = 8
_PATIENCE_S: Final = 120.0
"""What a process may take to start and to make its first reports."""
_PROMISE_S: Final = 6.0
"""Seconds within which a narrated report is promised."""
_SAMPLED: Final = 50
"""How often memory is looked at over a run."""


@dataclass(frozen=True, slots=True)
class _Amount:
    """How much one scale runs."""

    reports: int
    """Reports without a model, each way."""
    narrated: Mapping[int, int]
    """Reports with a model, by how many are in flight."""
    delay_s: float
    """What the scripted model takes for each answer."""
    remembered: int
    """Reports over which memory is watched; with a model it is a fifth of them."""


_AMOUNTS: Final[Mapping[Scale, _Amount]] = MappingProxyType(
    {
        "smoke": _Amount(4, {1: 2, 4: 4}, 0.02, 20),
        "quick": _Amount(40, {1: 4, 8: 24}, 1.0, 300),
        "full": _Amount(400, {1: 20, 8: 160, 16: 160}, 1.0, 5000),
    }
)
_STATM: Final = Path("/proc/self/statm")
_SETTLED: Final = 100
"""Reports after which caches are full: fewer tell nothing about thousands."""
_WITH_MODEL: Final = 5
"""Memory with a model is watched over one report in so many: each takes longer."""


def measure(scale: Scale, seed: int) -> Part:
    """Reports per second, and memory over many reports.

    Args:
        scale: How many reports.
        seed: Decides the order of the cases.
    """
    amount = _AMOUNTS[scale]
    order = _order(amount.reports, seed)
    expected = {sample: _made(sample) for sample in MIX}
    endpoint = _faithful()
    with TimedClient(endpoint) as alone:
        worded = {sample: _made(sample, alone) for sample in MIX}
    rows = [
        side_by_side("without a model / 1 process", partial(_in_processes, 1), order, expected),
        side_by_side("without a model / 2 processes", partial(_in_processes, 2), order, expected),
        side_by_side(f"without a model / {THREADS} threads", _in_threads, order, expected),
        *_with_model(amount, seed, endpoint, worded),
        *_memory(amount.remembered, seed, expected, worded),
    ]
    return Part("throughput", "How many reports per second, and in how much memory?", tuple(rows), _notes(amount))


def _notes(amount: _Amount) -> tuple[str, ...]:
    return (
        f"The cases are {len(MIX)} samples in equal shares, in an order that the seed decides. Processes are started "
        "afresh, warmed, and given one report at a time. A row counts only if each report is complete and the same "
        "bytes, PDF and JSON, as when it is made alone.",
        f"With a model: one process, one client, a scripted model that answers each question after "
        f"{amount.delay_s:g} s with the template's own sentences; the event loop has as many threads as reports are in "
        "flight. Times are those of a caller of `agenerate`.",
        f"Memory is resident memory of a process of its own, the bench included, looked at {_SAMPLED} times over a "
        "run. `growth` is the slope over its second half; `bounded`: at that rate the whole run would add less than a "
        f"tenth to what was held after its first tenth; fewer than {_SETTLED} reports do not tell.",
    )


def _order(count: int, seed: int) -> list[str]:
    """So many names of samples, in equal shares."""
    order = [MIX[index % len(MIX)] for index in range(count)]
    Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    return order


@dataclass(frozen=True, slots=True)
class Made:
    """One report, as far as it matters here."""

    sample: str
    digest: str
    """SHA-256 over PDF and JSON, in hexadecimal."""
    why: str = ""
    """Why it does not count. Empty: it does."""


def _made(sample: str, narrator: Client | None = None) -> Made:
    """Make a report from a sample's file."""
    try:
        return _judged(sample, generate(load_case(SAMPLES / f"{sample}.json"), narrator=narrator))
    except ReportGenError as error:
        return Made(sample, "", error.code)


def _judged(sample: str, report: Report) -> Made:
    return Made(sample, hashlib.sha256(report.pdf + report.json).hexdigest(), fault(report))


def why_not(made: Sequence[Made], expected: Mapping[str, Made], count: int) -> str:
    """Why reports do not count: one has a fault, one is lost, one is other bytes than expected. Empty: they do."""
    if why := next((row.why for row in (*expected.values(), *made) if row.why), ""):
        return why
    if len(made) != count:
        return f"{count - len(made)} of {count} reports were lost"
    differing = sum(row.digest != expected[row.sample].digest for row in made)
    return f"{differing} of {count} reports are other bytes than when made alone" if differing else ""


# --- without a model -------------------------------------------------------------------------------------------------


def side_by_side(
    name: str,
    way: Callable[[Sequence[str]], tuple[list[Made], float]],
    order: Sequence[str],
    expected: Mapping[str, Made],
) -> Row:
    """A row of reports made in one way.

    Args:
        name: Its name.
        way: Makes reports of samples; returns them and the seconds they took.
        order: The samples.
        expected: What each is when it is made alone.
    """
    try:
        made, seconds = way(order)
    except BrokenBarrierError:
        return Row(name, ok=False, why="a process did not start")
    if why := why_not(made, expected, len(order)):
        return Row(name, ok=False, why=why)
    return Row(name, {"reports_per_s": len(made) / seconds, "reports": len(made), "seconds": seconds})


def _in_processes(processes: int, order: Sequence[str]) -> tuple[list[Made], float]:
    """The reports, and the seconds they took in so many warm processes.

    Raises:
        BrokenBarrierError: A process did not get ready.
    """
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes + 1)
    with context.Pool(processes, _warmed, (ready,)) as pool:
        ready.wait(_PATIENCE_S)
        start = time.perf_counter()
        made = pool.map(_made, order, chunksize=1)
        return made, time.perf_counter() - start


def _warmed(ready: Barrier) -> None:
    for sample in MIX:
        _made(sample)
    ready.wait(_PATIENCE_S)


def _in_threads(order: Sequence[str]) -> tuple[list[Made], float]:
    with ThreadPoolExecutor(THREADS) as pool:
        start = time.perf_counter()
        made = list(pool.map(_made, order))
        return made, time.perf_counter() - start


# --- with a model ----------------------------------------------------------------------------------------------------


def _faithful() -> Endpoint:
    return recorded(question for sample in MIX for question in questions_of(load_case(SAMPLES / f"{sample}.json")))


def _with_model(amount: _Amount, seed: int, endpoint: Endpoint, worded: Mapping[str, Made]) -> list[Row]:
    rows: list[Row] = []
    for flight, count in amount.narrated.items():
        name = f"with a model / {flight} in flight"
        with TimedClient(Slow(endpoint, amount.delay_s)) as client:
            outcome = asyncio.run(_in_flight(client, _order(count, seed), flight))
            rows.append(_flight_row(name, outcome, worded, client))
    return rows


@dataclass(frozen=True, slots=True)
class _Flight:
    """Reports made by many callers at once."""

    made: tuple[Made, ...]
    times: tuple[float, ...]
    """Seconds that each caller waited."""
    seconds: float
    """From the first to the last."""
    sentences: int
    """Sentences that the model was asked to word."""
    kept: int
    """Those that stand in a report."""


async def _in_flight(client: Client, order: Sequence[str], flight: int) -> _Flight:
    """Make the reports, so many at a time."""
    # The loop's own threads are as few as the machine's cores and four more; whoever wants more in flight sets them.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(flight))
    turns = asyncio.Semaphore(flight)
    cases = {sample: load_case(SAMPLES / f"{sample}.json") for sample in MIX}

    async def one(sample: str) -> tuple[Made, float, Mapping[str, int]]:
        async with turns:
            start = time.perf_counter()
            try:
                report = await agenerate(cases[sample], narrator=client)
            except ReportGenError as error:
                return Made(sample, "", error.code), 0.0, {}
            spent = time.perf_counter() - start
            return _judged(sample, report), spent, report.narration

    await one(order[0])  # opens the endpoint
    start = time.perf_counter()
    rows = await asyncio.gather(*(one(sample) for sample in order))
    seconds = time.perf_counter() - start
    asked, kept = (sum(record.get(name, 0) for *_, record in rows) for name in ("sentences", "sentences_kept"))
    return _Flight(tuple(row for row, *_ in rows), tuple(spent for _, spent, _ in rows), seconds, asked, kept)


def _flight_row(name: str, flown: _Flight, expected: Mapping[str, Made], client: Client) -> Row:
    if why := why_not(flown.made, expected, len(flown.times)):
        return Row(name, ok=False, why=why)
    figures: dict[str, Figure] = {
        "reports_per_s": len(flown.made) / flown.seconds,
        "reports": len(flown.made),
        "seconds": flown.seconds,
        "p50_s": percentile(flown.times, 0.5),
        "p95_s": percentile(flown.times, 0.95),
        "max_s": max(flown.times),
        "within_6s_pct": 100 * sum(spent <= _PROMISE_S for spent in flown.times) / len(flown.times),
        "kept_pct": 100 * flown.kept / flown.sentences if flown.sentences else None,
        "calls_per_report": client.calls / (len(flown.made) + 1),
    }
    return Row(name, figures, {"report_s": flown.times})


# --- memory ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """What a process held over its reports."""

    counts: tuple[int, ...]
    """Reports made so far, from 0."""
    mib: tuple[float, ...]
    """Resident memory then."""
    peak_mib: float | None
    why: str = ""
    """Why it does not count. Empty: it does."""


def _memory(count: int, seed: int, expected: Mapping[str, Made], worded: Mapping[str, Made]) -> list[Row]:
    """Rows of memory without a model and with one, each in a process of its own, side by side."""
    names = {"memory / without a model": (count, expected), "memory / with a model": (count // _WITH_MODEL, worded)}
    if not _STATM.exists():
        return [Row(name, ok=False, why="the system does not tell resident memory") for name in names]
    context = multiprocessing.get_context("spawn")
    with context.Pool(len(names), maxtasksperchild=1) as pool:
        jobs = [(_order(reports, seed), made, made is worded) for reports, made in names.values()]
        return [
            memory_row(name, held) for name, held in zip(names, pool.starmap(watched, jobs, chunksize=1), strict=True)
        ]


def _resident_mib() -> float:
    return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def watched(order: Sequence[str], expected: Mapping[str, Made], model: bool) -> Held:
    """Make the reports in this process and look at its memory as they go."""
    client = TimedClient(_faithful()) if model else None
    every = max(len(order) // _SAMPLED, 1)
    counts, mib = [0], [_resident_mib()]
    why = ""
    for number, sample in enumerate(order, start=1):
        made = _made(sample, client)
        if why := why_not((made,), expected, 1):
            break
        if number % every == 0:
            counts.append(number)
            mib.append(_resident_mib())
    if client is not None:
        client.close()
    return Held(tuple(counts), tuple(mib), peak_mib(), why)


def memory_row(name: str, held: Held) -> Row:
    """A row of what a process held."""
    if held.why:
        return Row(name, ok=False, why=held.why)
    half = len(held.counts) // 2
    tenth = next(index for index, count in enumerate(held.counts) if count * 10 >= held.counts[-1])
    growth, _ = line(held.counts[half:], held.mib[half:])
    figures: dict[str, Figure] = {
        "reports": held.counts[-1],
        "start_mib": held.mib[0],
        "after_tenth_mib": held.mib[tenth],
        "end_mib": held.mib[-1],
        "peak_mib": held.peak_mib,
        "growth_kib_per_report": growth * 1024,
        "bounded": growth * held.counts[-1] < held.mib[tenth] / 10 if held.counts[-1] >= _SETTLED else None,
    }
    return Row(name, figures, {"reports": tuple(map(float, held.counts)), "mib": held.mib})
