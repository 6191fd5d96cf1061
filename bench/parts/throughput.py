"""Part `throughput`: reports per second on one process and two, with a model and without, and memory over thousands.

Whatever way the reports are made, side by side or one after the other, they must be the same bytes.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bench.measure import SAMPLES, percentiles
from bench.parts import memory
from bench.parts.mixture import DIED, MIX, Made, faithful, judged, made_of
from bench.result import Figure, Part, Row, Scale
from bench.wording import TimedClient
from report_gen import ReportGenError, agenerate, load_case
from report_gen.llm.client import Client
from report_gen.llm.port import Endpoint
from report_gen.llm.scripted import Slow
from report_gen.narrate.record import NarrationRecord

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

__all__ = ["AMOUNTS", "Amount", "blocks", "measure", "side_by_side", "why_not"]

THREADS: Final = 8
_PATIENCE_S: Final = 120.0
"""What a process may take to start and to make its first reports."""
_BLOCKS: Final = 10
"""Equal shares of a row's reports whose seconds are kept, so that its reports per second have a spread."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much one scale runs."""

    reports: int
    """Reports without a model, each way."""
    narrated: Mapping[int, int]
    """Reports with a model, by how many are in flight."""
    delay_s: float
    """What the scripted model takes for each answer."""
    remembered: int
    """Reports over which memory is watched; with a model it is a fifth of them."""


AMOUNTS: Final[Mapping[Scale, Amount]] = MappingProxyType(
    {
        "smoke": Amount(4, {1: 2, 4: 4}, 0.02, 20),
        "quick": Amount(40, {1: 4, 8: 24}, 1.0, 100),
        "full": Amount(120, {1: 10, 8: 80, 16: 80}, 1.0, 5000),
    }
)


def measure(scale: Scale, seed: int) -> Part:
    """Reports per second, and memory over many reports.

    Args:
        scale: How many reports.
        seed: Decides the order of the cases.
    """
    amount = AMOUNTS[scale]
    order = _order(amount.reports, seed)
    expected = {sample: made_of(sample) for sample in MIX}
    endpoint = faithful()
    with TimedClient(endpoint) as alone:
        worded = {sample: made_of(sample, alone) for sample in MIX}
    rows = [
        side_by_side("without a model / 1 process", partial(_in_processes, 1), order, expected),
        side_by_side("without a model / 2 processes", partial(_in_processes, 2), order, expected),
        side_by_side(f"without a model / {THREADS} threads", _in_threads, order, expected),
        *_with_model(amount, seed, endpoint, worded),
        *memory.rows(amount.remembered, seed, endpoint),
    ]
    return Part("throughput", "How many reports per second, and in how much memory?", tuple(rows), _notes(amount))


def _notes(amount: Amount) -> tuple[str, ...]:
    return (
        f"The cases are {len(MIX)} samples in equal shares, in an order that the seed decides. Processes are started "
        "afresh, warmed, and given one report at a time. A row counts only if each report is complete and the same "
        "bytes, PDF and JSON, as when it is made alone.",
        f"With a model: one process, one client, a scripted model that answers each question after "
        f"{amount.delay_s:g} s with the template's own sentences; the event loop has as many threads as reports are in "
        "flight. Times are those of a caller of `agenerate`.",
        f"`block_s`, in the file, are the seconds of {_BLOCKS} equal shares of a row's reports.",
        memory.NOTE,
    )


def _order(count: int, seed: int) -> list[str]:
    """So many names of samples, in equal shares."""
    order = [MIX[index % len(MIX)] for index in range(count)]
    Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    return order


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
    way: Callable[[Sequence[str]], tuple[list[Made], Sequence[float]]],
    order: Sequence[str],
    expected: Mapping[str, Made],
) -> Row:
    """A row of reports made in one way.

    Args:
        name: Its name.
        way: Makes reports of samples; returns them and the seconds from the start at which each was there.
        order: The samples.
        expected: What each is when it is made alone.
    """
    try:
        made, ends = way(order)
    except BrokenProcessPool:
        return Row(name, ok=False, why=DIED)
    if why := why_not(made, expected, len(order)):
        return Row(name, ok=False, why=why)
    return Row(name, _speed(ends), {"block_s": blocks(ends)})


def _speed(ends: Sequence[float]) -> dict[str, Figure]:
    return {"reports_per_s": len(ends) / max(ends), "reports": len(ends), "seconds": max(ends)}


def blocks(ends: Sequence[float]) -> tuple[float, ...]:
    """Seconds of equal shares of the reports, one after the other; what is left over at the end is in none.

    Args:
        ends: Seconds from the start at which each report was there, in any order.
    """
    size = max(len(ends) // _BLOCKS, 1)
    marks = [0.0, *sorted(ends)[size - 1 :: size]]
    return tuple(after - before for before, after in pairwise(marks))


def _in_processes(processes: int, order: Sequence[str]) -> tuple[list[Made], list[float]]:
    """The reports of so many warm processes, and when each was there.

    Raises:
        BrokenProcessPool: A process did not get ready, or died.
    """
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes)
    with ProcessPoolExecutor(processes, context, _warmed, (ready,)) as pool:
        # Nothing is answered before all of them are warm; that one has died is known at once.
        for started in [pool.submit(os.getpid) for _ in range(processes)]:
            started.result(_PATIENCE_S)
        return _timed(lambda: pool.map(made_of, order, chunksize=1))


def _warmed(ready: Barrier) -> None:
    for sample in MIX:
        made_of(sample)
    ready.wait(_PATIENCE_S)


def _timed(work: Callable[[], Iterable[Made]]) -> tuple[list[Made], list[float]]:
    start = time.perf_counter()
    rows = [(made, time.perf_counter() - start) for made in work()]
    return [made for made, _ in rows], [end for _, end in rows]


def _in_threads(order: Sequence[str]) -> tuple[list[Made], list[float]]:
    with ThreadPoolExecutor(THREADS) as pool:
        return _timed(lambda: pool.map(made_of, order))


# --- with a model ----------------------------------------------------------------------------------------------------


def _with_model(amount: Amount, seed: int, endpoint: Endpoint, worded: Mapping[str, Made]) -> list[Row]:
    rows: list[Row] = []
    for flight, count in amount.narrated.items():
        name = f"with a model / {flight} in flight"
        with TimedClient(Slow(endpoint, amount.delay_s)) as client:
            outcome = asyncio.run(_in_flight(client, _order(count, seed), flight))
            rows.append(_flight_row(name, outcome, worded))
    return rows


@dataclass(frozen=True, slots=True)
class _Flight:
    """Reports made by many callers at once."""

    made: tuple[Made, ...]
    times: tuple[float, ...]
    """Seconds that each caller waited."""
    ends: tuple[float, ...]
    """Seconds from the start of the first at which each was there."""
    calls: int
    """Calls for them, without the one that opened the endpoint."""
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

    async def one(sample: str) -> tuple[Made, float, float, NarrationRecord | None]:
        async with turns:
            start = time.perf_counter()
            try:
                report = await agenerate(cases[sample], narrator=client)
            except ReportGenError as error:
                return Made(sample, "", error.code), 0.0, time.perf_counter(), None
            end = time.perf_counter()
            return judged(sample, report), end - start, end, report.narration

    await one(order[0])  # opens the endpoint
    before, start = client.calls, time.perf_counter()
    rows = await asyncio.gather(*(one(sample) for sample in order))
    records = [record for *_, record in rows if record is not None]
    return _Flight(
        made=tuple(row for row, *_ in rows),
        times=tuple(spent for _, spent, *_ in rows),
        ends=tuple(end - start for *_, end, _ in rows),
        calls=client.calls - before,
        sentences=sum(record.sentences for record in records),
        kept=sum(record.sentences_kept for record in records),
    )


def _flight_row(name: str, flown: _Flight, expected: Mapping[str, Made]) -> Row:
    if why := why_not(flown.made, expected, len(flown.times)):
        return Row(name, ok=False, why=why)
    figures: dict[str, Figure] = {
        **_speed(flown.ends),
        **percentiles(flown.times, "s"),
        "kept_pct": 100 * flown.kept / flown.sentences if flown.sentences else None,
        "calls_per_report": flown.calls / len(flown.made),
    }
    return Row(name, figures, {"report_s": flown.times, "block_s": blocks(flown.ends)})
