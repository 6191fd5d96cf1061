"""Calls, tokens and cost of the questions of a narrated report, with a dated price list."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from report_gen.errors import AssetError
from report_gen.llm.port import Answer, Completion, Outcome

__all__ = ["Price", "Prices", "Usage", "cost_usd", "prices", "usage"]

_FILE = Path(__file__).parent / "prices.toml"


@dataclass(frozen=True, slots=True)
class Price:
    """Price of a model in US dollars per million tokens."""

    model: str
    """Pattern of the model's id."""
    input: float
    """Input tokens."""
    cached: float
    """Input tokens read from the provider's cache."""
    output: float
    """Output tokens."""


@dataclass(frozen=True, slots=True)
class Prices:
    """A dated price list."""

    checked_on: str
    """The day it was checked, as YYYY-MM-DD."""
    source: str
    """Where the prices come from."""
    rows: tuple[Price, ...]
    """Prices, the first pattern that matches counts."""


@cache
def prices() -> Prices:
    """The price list of the installed version.

    Raises:
        AssetError: It is missing or damaged.
    """
    try:
        table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        rows = tuple(Price(**row) for row in table["price"])
        return Prices(table["checked_on"].isoformat(), table["source"], rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AssetError("assets.prices", "the price list is missing or damaged; install report_gen again") from error


def cost_usd(completion: Completion) -> float | None:
    """Cost of one answer.

    Returns:
        US dollars, or None where the model has no price or the endpoint reported no tokens.
    """
    price = next((row for row in prices().rows if fnmatchcase(completion.model, row.model)), None)
    if price is None or completion.tokens_in is None or completion.tokens_out is None:
        return None
    cached = min(completion.tokens_cached or 0, completion.tokens_in)
    fresh = completion.tokens_in - cached
    return (fresh * price.input + cached * price.cached + completion.tokens_out * price.output) / 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Calls, tokens and cost of all questions of a report; counts, codes and times, never a word of it."""

    questions: int
    """Number of questions."""
    answered: int
    """Number of questions answered."""
    attempts: int
    """Number of calls, failed ones included."""
    hedges: int
    """Calls that asked a slow question a second time."""
    cancelled: int
    """Calls that were cut off."""
    outcomes: Mapping[str, int]
    """Number of questions by outcome (`report_gen.llm.port.Outcome`)."""
    attempt_outcomes: Mapping[str, int]
    """Number of calls by outcome."""
    request_ids: tuple[str, ...]
    """The endpoint's ids of the answers, in the order of the questions."""
    models: tuple[str, ...]
    """Models that answered."""
    service_tiers: tuple[str, ...]
    """Tiers that the endpoint says it served."""
    slowest_s: float
    """Seconds of the longest call; 0 without one."""
    tokens_in: int | None
    """Input tokens of the answers used. None: an endpoint left a part out, or nothing was answered."""
    tokens_cached: int | None
    """Of them, read from the provider's cache. None: no endpoint said."""
    tokens_out: int | None
    """Output tokens. None: as for input."""
    cost_usd: float | None
    """US dollars of the answers used. None: a model has no price, or its tokens are not known."""
    cost_is_estimate: bool
    """Whether the cost is a lower bound: what cancelled and failed calls used, no endpoint says."""
    prices_checked_on: str | None
    """Day of the price list, as YYYY-MM-DD. None: no price was used."""


def usage(answers: Sequence[Answer]) -> Usage:
    """Calls, tokens and cost of all questions of a report."""
    completions = [answer.completion for answer in answers if answer.completion is not None]
    attempts = [attempt for answer in answers for attempt in answer.attempts]
    costs = [cost_usd(completion) for completion in completions]
    known = [cost for cost in costs if cost is not None]
    return Usage(
        questions=len(answers),
        answered=len(completions),
        attempts=len(attempts),
        hedges=sum(attempt.hedge for attempt in attempts),
        cancelled=sum(attempt.outcome is Outcome.CANCELLED for attempt in attempts),
        outcomes=_counted(answer.outcome for answer in answers),
        attempt_outcomes=_counted(attempt.outcome for attempt in attempts),
        request_ids=tuple(completion.request_id for completion in completions if completion.request_id),
        models=tuple(sorted({completion.model for completion in completions if completion.model})),
        service_tiers=tuple(sorted({completion.service_tier for completion in completions if completion.service_tier})),
        slowest_s=round(max((attempt.wall_s for attempt in attempts), default=0.0), 3),
        tokens_in=_sum(completion.tokens_in for completion in completions),
        tokens_cached=_sum(
            completion.tokens_cached for completion in completions if completion.tokens_cached is not None
        ),
        tokens_out=_sum(completion.tokens_out for completion in completions),
        cost_usd=round(sum(known), 6) if known and len(known) == len(costs) else None,
        cost_is_estimate=any(attempt.outcome is not Outcome.OK for attempt in attempts),
        prices_checked_on=prices().checked_on if known else None,
    )


def _counted(outcomes: Iterable[Outcome]) -> Mapping[str, int]:
    return dict(sorted(Counter(outcome.value for outcome in outcomes).items()))


def _sum(numbers: Iterable[int | None]) -> int | None:
    """The sum, or None where a part is not known."""
    parts = list(numbers)
    known = [number for number in parts if number is not None]
    return sum(known) if known and len(known) == len(parts) else None
