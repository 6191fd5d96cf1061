"""Reads the body of a response: the answer in it, and what the endpoint says of model, tier, tokens and waiting."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from report_gen.llm.config import EndpointConfig
from report_gen.llm.openai.standing import standing, thinks_aloud
from report_gen.llm.openai.wire import parse, read_chat, read_responses
from report_gen.llm.port import Ask, Cause, Completion, EndpointError, OfferedSentence, Outcome, Place

__all__ = ["answered", "label", "retry_after_s"]

_LABEL: Final = re.compile(r"[\w.:/@+-]{1,128}", re.ASCII)


def answered(payload: object, ask: Ask, config: EndpointConfig, *, request_id: str) -> Completion:
    """The answer in a response.

    Args:
        payload: The JSON value of the whole body.
        ask: The question.
        config: How it was asked.
        request_id: The endpoint's id of the request, as its headers have it.

    Raises:
        EndpointError: There is none that is complete and in form.
    """
    place: Place = ""
    if config.api == "responses":
        text = read_responses(payload)
    else:
        text, place = read_chat(payload)
    # Servers that take a schema without keeping to it answer with a code block or with words around: still an answer.
    sentences = _parsed(text, ask)
    fields = payload if isinstance(payload, dict) else {}
    usage = _table(fields.get("usage"))
    names = ("input_tokens", "output_tokens") if config.api == "responses" else ("prompt_tokens", "completion_tokens")
    return Completion(
        sentences=sentences,
        place=place or standing(text)[1],
        model=label(fields.get("model")),
        request_id=request_id or label(fields.get("id")),
        service_tier=label(fields.get("service_tier")),
        tokens_in=_count(usage.get(names[0])),
        tokens_cached=_count(_table(usage.get(f"{names[0]}_details")).get("cached_tokens")),
        tokens_out=_count(usage.get(names[1])),
    )


def _parsed(text: str, ask: Ask) -> tuple[OfferedSentence, ...]:
    outcome: Outcome
    cause: Cause = ""
    try:
        return parse(text, ask, found=True)
    except EndpointError as error:
        outcome, cause = error.outcome, "thinking" if thinks_aloud(text) else ""
    raise EndpointError(outcome, cause=cause)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def label(value: object) -> str:
    """A short code as it came; anything else could be text of the request that the server sends back."""
    return value if isinstance(value, str) and _LABEL.fullmatch(value) else ""


def retry_after_s(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """Seconds that a response asks to wait. None: it does not say, or not so that it can be read.

    Args:
        headers: Its headers: `retry-after-ms`, or `retry-after` in seconds or as an HTTP date.
        now: The time to count a date from; the clock's otherwise.
    """
    milliseconds = _seconds(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    header = headers.get("retry-after")
    seconds = _seconds(header)
    if seconds is not None or not header:
        return seconds
    try:
        then = parsedate_to_datetime(header)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())


def _seconds(header: str | None) -> float | None:
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
