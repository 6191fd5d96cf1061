"""The port to a language model: one question, one answer, one method."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

__all__ = ["Answer", "Ask", "Attempt", "Completion", "Endpoint", "EndpointError", "OfferedSentence", "Outcome"]


class Outcome(StrEnum):
    """What became of an attempt, or of a question as a whole."""

    OK = "ok"
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
    """One answer that was complete and in form."""

    sentences: tuple[OfferedSentence, ...]
    """Sentences in order."""
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
        self, outcome: Outcome, *, status: int | None = None, request_id: str = "", retry_after_s: float | None = None
    ) -> None:
        """Keep what happened, in codes."""
        super().__init__(outcome.value)
        self.outcome = outcome
        self.status = status
        self.request_id = request_id
        self.retry_after_s = retry_after_s


class Endpoint(Protocol):
    """Something that answers one question once. Retries, hedges and the clock belong to `report_gen.llm.policy`."""

    async def complete(self, ask: Ask) -> Completion:
        """Answer a question.

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
    """`ok` when there are sentences to look at."""
    completion: Completion | None = None
    """The answer. None unless `outcome` is `ok`."""
    attempts: tuple[Attempt, ...] = ()
    """Calls made for it, in order."""
