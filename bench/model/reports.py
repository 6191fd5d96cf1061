"""Makes the reports of a few rows, in a process of its own or in this one, and looks every one of them over."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from bench.measure import fault
from bench.model.cases import BenchCase, false_printed, lost
from bench.model.cases import opened as opened_cases
from bench.model.policies import NO_MODEL, Gate, Numbered, Way, opened
from report_gen import Report, ReportGenError, generate
from report_gen.llm.port import Outcome

__all__ = ["Asked", "Lane", "Made", "run_lane"]

_UNSENT: Final = (Outcome.CIRCUIT_OPEN, Outcome.NOT_ASKED, Outcome.EGRESS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A row to be measured."""

    profile: str
    """Name of the profile. Empty: no model."""
    policy: str
    """Name of the policy."""
    url: str
    """Address of the profile. Empty: no model."""
    in_flight: int
    """Reports at once."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Rows that run in one process: heats one after another, the rows of a heat side by side."""

    heats: tuple[tuple[Asked, ...], ...]
    """The rows."""
    cases: tuple[str, ...]
    """Names of the cases."""
    reports: int
    """Reports for each row."""
    seed: int
    """Where chance starts."""
    apart_s: float
    """Between the first reports of a row, so that they do not all compute in the same moment."""


@dataclass(frozen=True, slots=True)
class Made:
    """One report of a row."""

    profile: str
    """Name of the profile."""
    policy: str
    """Name of the policy."""
    number: int
    """Number of the report."""
    wall_s: float
    """From the loaded case to the checked report in memory, its PDF included; less what it waited for the gate."""
    asked: int = 0
    """Sentences that the model was asked to word."""
    kept: int = 0
    """Sentences that it did word."""
    sections: int = 0
    """Questions that the program put, which is sections or pieces of long ones."""
    answered: int = 0
    """Those that were answered in form and in time."""
    left_alone: int = 0
    """Those that were not put because the endpoint had failed too often (the circuit breaker was open)."""
    unsent: int = 0
    """Those that never left, for whatever reason: left alone, no time left, or an identifier found in them."""
    false: int = 0
    """Sentences of the model in the report that are false."""
    why: str = ""
    """Why the report does not count. Empty: it does."""


def run_lane(lane: Lane) -> list[Made]:
    """Make every report of a lane."""
    cases = opened_cases(lane.cases)
    made: list[Made] = []
    gate = Gate()
    for heat in lane.heats:
        with ThreadPoolExecutor(max_workers=len(heat)) as rows:
            for found in rows.map(lambda asked: _row(asked, cases, lane, gate), heat):
                made += found
    return made


def _row(asked: Asked, cases: Sequence[BenchCase], lane: Lane, gate: Gate) -> list[Made]:
    if asked.policy == NO_MODEL:
        return [_made(asked, number, _case(cases, number, lane.seed), None, gate) for number in range(lane.reports)]
    # The model is named as what it is; no report of a simulation may name a real one.
    with opened(asked.policy, asked.url, f"simulated-{asked.profile}") as way:
        return _many(asked, cases, lane, way, gate)


def _many(asked: Asked, cases: Sequence[BenchCase], lane: Lane, way: Way, gate: Gate) -> list[Made]:
    def one(number: int) -> Made:
        if number < asked.in_flight:
            time.sleep(number * lane.apart_s)
        return _made(asked, number, _case(cases, number, lane.seed), way, gate)

    with ThreadPoolExecutor(max_workers=asked.in_flight) as pool:
        return list(pool.map(one, range(lane.reports)))


def _case(cases: Sequence[BenchCase], number: int, seed: int) -> BenchCase:
    """The case of a report: all of them in turn, in an order of the seed."""
    order = list(cases)
    Random(f"{seed}/cases").shuffle(order)  # noqa: S311 - an order, not a secret
    return order[number % len(order)]


def _made(asked: Asked, number: int, of: BenchCase, way: Way | None, gate: Gate) -> Made:
    narrator = Numbered(way, asked.policy, number, gate) if way is not None else None
    gate.enter()
    began = time.perf_counter()
    try:
        report = generate(of.case, narrator=narrator.as_client() if narrator is not None else None)
        wall_s = time.perf_counter() - began - (narrator.waited_s if narrator is not None else 0.0)
        why = _why(report, of, narrated=narrator is not None)
    except ReportGenError as error:
        return Made(asked.profile, asked.policy, number, time.perf_counter() - began, why=error.code)
    finally:
        gate.leave()
    made = Made(asked.profile, asked.policy, number, wall_s, false=false_printed(report, of), why=why)
    record = report.narration
    if record is None:
        return made
    outcomes = record.usage.outcomes
    return replace(
        made,
        asked=record.sentences,
        kept=record.sentences_kept,
        sections=record.usage.questions,
        answered=record.usage.answered,
        left_alone=outcomes.get(Outcome.CIRCUIT_OPEN.value, 0),
        unsent=sum(outcomes.get(name.value, 0) for name in _UNSENT),
    )


def _why(report: Report, of: BenchCase, *, narrated: bool) -> str:
    if not narrated:
        return fault(report) or ("" if report.json == of.plain.json else "other bytes")
    if report.narration is None:
        return "narration failed"
    return lost(report, of)
