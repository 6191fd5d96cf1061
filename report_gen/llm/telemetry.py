"""What a narrated report cost and how it went, as one record: counts, codes and times, never a word of the report."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from report_gen.errors import AssetError
from report_gen.llm.port import Answer, Completion, Outcome

__all__ = ["Price", "Prices", "cost_usd", "prices", "usage"]

_FILE = Path(__file__).parent / "prices.toml"


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in US dollars for a million tokens."""

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
    """What one answer cost.

    Returns:
        US dollars, or None where the model has no price or the endpoint reported no tokens.
    """
    price = next((row for row in prices().rows if fnmatchcase(completion.model, row.model)), None)
    if price is None or completion.tokens_in is None or completion.tokens_out is None:
        return None
    cached = min(completion.tokens_cached or 0, completion.tokens_in)
    fresh = completion.tokens_in - cached
    return (fresh * price.input + cached * price.cached + completion.tokens_out * price.output) / 1e6


def usage(answers: Sequence[Answer]) -> Mapping[str, Any]:
    """Calls, tokens and cost of all questions of a report.

    Tokens are sums over the answers that were used; what cancelled and failed attempts used, no endpoint says, so that
    a cost beside them is a lower bound (`cost_is_estimate`). A sum of which the endpoint left out a part is None.
    """
    completions = [answer.completion for answer in answers if answer.completion is not None]
    attempts = [attempt for answer in answers for attempt in answer.attempts]
    costs = [cost_usd(completion) for completion in completions]
    known = [cost for cost in costs if cost is not None]
    unanswered = any(attempt.outcome is not Outcome.OK for attempt in attempts)
    return {
        "questions": len(answers),
        "answered": len(completions),
        "attempts": len(attempts),
        "hedges": sum(attempt.hedge for attempt in attempts),
        "cancelled": sum(attempt.outcome is Outcome.CANCELLED for attempt in attempts),
        "outcomes": dict(sorted(Counter(answer.outcome.value for answer in answers).items())),
        "attempt_outcomes": dict(sorted(Counter(attempt.outcome.value for attempt in attempts).items())),
        "request_ids": [row.request_id for row in completions if row.request_id],
        "models": sorted({row.model for row in completions if row.model}),
        "service_tiers": sorted({row.service_tier for row in completions if row.service_tier}),
        "slowest_s": round(max((attempt.wall_s for attempt in attempts), default=0.0), 3),
        "tokens_in": _sum(row.tokens_in for row in completions),
        "tokens_cached": _sum(row.tokens_cached for row in completions if row.tokens_cached is not None),
        "tokens_out": _sum(row.tokens_out for row in completions),
        "cost_usd": round(sum(known), 6) if known and len(known) == len(costs) else None,
        "cost_is_estimate": unanswered,
        "prices_checked_on": prices().checked_on if known else None,
    }


def _sum(numbers: Any) -> int | None:
    """The sum, or None where a part is not known."""
    known = list(numbers)
    return sum(known) if known and None not in known else None
