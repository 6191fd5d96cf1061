"""The port to a language model: one question, one answer, one method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

__all__ = [
    "Answer",
    "Ask",
    "Attempt",
    "Cause",
    "Completion",
    "Endpoint",
    "EndpointError",
    "OfferedSentence",
    "Outcome",
    "Place",
    "Streams",
]

Place = Literal["", "after_thinking", "reasoning_field", "parts", "block", "words"]
"""Where in a message the answer stood. Empty: it was all of the message."""
Cause = Literal["", "thinking"]
"""Why there is no answer, as far as that is known: the model thought, and said nothing after it."""


class Outcome(StrEnum):
    """What became of an attempt, or of a question as a whole."""

    OK = "ok"
    PARTIAL = "partial"
    """The clock ended, or the answer was cut off, before it was whole; the sentences that had arrived are looked at."""
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    AUTH = "auth"
    BAD_REQUEST = "bad_request"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    FILTERED = "filtered"
    INVALID_JSON = "invalid_json"
    SCHEMA = "schema"
    UNAVAILABLE = "unavailable"
    EGRESS = "egress"
    """The finished request held an identifier; it was not sent."""
    CIRCUIT_OPEN = "circuit_open"
    """The endpoint failed several times in a row; it is left alone for a while."""
    NOT_ASKED = "not_asked"
    """No time or no room was left for the question."""
    CANCELLED = "cancelled"
    """Another attempt had answered, or the deadline had passed."""


@dataclass(frozen=True, slots=True)
class OfferedSentence:
    """A sentence that a model offers; nothing is known of its truth."""

    facts: tuple[str, ...]
    """Ids that it says it states, out of those of the question."""
    text: str
    """Its wording; slots such as `{t1}` are not yet filled."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: word these facts."""

    id: str
    """Id of the passage, such as `course` or `event-E1`."""
    system: str
    """Rules and style; the same for every case."""
    user: str
    """The coded facts of one passage; no identifier."""
    fact_ids: tuple[str, ...]
    """Ids that a sentence of the answer may name."""
    max_output_tokens: int
    """Cap on the answer."""


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer that was complete and in form, or the part of one that was when the clock ended."""

    sentences: tuple[OfferedSentence, ...]
    """Sentences in order."""
    place: Place = ""
    """Where the answer stood in what the model sent."""
    model: str = ""
    """Model that the endpoint says answered. Empty: it does not say."""
    request_id: str = ""
    """The endpoint's id of the request. Empty: it gives none."""
    service_tier: str = ""
    """Tier that served it. Empty: not said."""
    tokens_in: int | None = None
    """Input tokens. None: not reported."""
    tokens_cached: int | None = None
    """Input tokens read from the endpoint's cache. None: not reported."""
    tokens_out: int | None = None
    """Output tokens. None: not reported."""


class EndpointError(Exception):
    """An attempt that gave no usable answer; holds no text of the request or the answer."""

    def __init__(
        self,
        outcome: Outcome,
        *,
        status: int | None = None,
        request_id: str = "",
        retry_after_s: float | None = None,
        cause: Cause = "",
    ) -> None:
        """Keep what happened, in codes."""
        super().__init__(outcome.value)
        self.outcome = outcome
        self.status = status
        self.request_id = request_id
        self.retry_after_s = retry_after_s
        self.cause: Cause = cause


class Endpoint(Protocol):
    """Something that answers one question once. Retries, hedges and the clock belong to `report_gen.llm.policy`."""

    async def complete(self, ask: Ask) -> Completion:
        """Answer a question.

        Raises:
            EndpointError: There is no usable answer.
        """


@runtime_checkable
class Streams(Protocol):
    """An endpoint that tells sentences while the answer arrives."""

    async def stream(self, ask: Ask, heard: Callable[[OfferedSentence], None]) -> Completion:
        """Answer a question.

        Args:
            ask: The question.
            heard: Called with each sentence that is whole and in form, in order; the answer that is given back counts
                in their place.

        Raises:
            EndpointError: There is no usable answer.
        """


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call as the log keeps it."""

    outcome: Outcome
    """What became of it."""
    began_s: float
    """Seconds from the start of the questions."""
    wall_s: float
    """How long it took."""
    hedge: bool = False
    """Begun because an earlier attempt was slow, not because it had failed."""
    status: int | None = None
    """HTTP status of a failure. None: none, or not known."""
    request_id: str = ""
    """The endpoint's id. Empty: none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one question."""

    ask_id: str
    """Id of the question."""
    outcome: Outcome
    """`ok` when there is a whole answer to look at, `partial` when there is a part of one."""
    completion: Completion | None = None
    """The answer. None unless `outcome` is `ok` or `partial`."""
    attempts: tuple[Attempt, ...] = ()
    """Calls made for it, in order."""
