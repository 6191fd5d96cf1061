"""The limits on calls to an endpoint, and its state: its pace, its failures, the circuit breaker."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field
from typing import Final, Literal

from report_gen.llm.port import Completion, EndpointError, OfferedSentence, Outcome

__all__ = ["ALIVE", "CUT_OFF", "RETRYABLE", "Call", "EndpointState", "Policy"]

RETRYABLE: Final = frozenset(
    {
        Outcome.TIMEOUT,
        Outcome.RATE_LIMITED,
        Outcome.SERVER_ERROR,
        Outcome.UNAVAILABLE,
        Outcome.TRUNCATED,
        Outcome.INVALID_JSON,
        Outcome.SCHEMA,
    }
)
"""Outcomes that a second call may well not have; each is a failure to the circuit breaker."""

ALIVE: Final = frozenset({Outcome.OK, Outcome.REFUSED, Outcome.FILTERED})
"""Outcomes that show an endpoint at work, whatever it thinks of the question."""

CUT_OFF: Final = frozenset({Outcome.TIMEOUT, Outcome.TRUNCATED, Outcome.UNAVAILABLE})
"""Outcomes of a call of which the sentences that had arrived may be looked at: only the end is missing."""

WALLS_KEPT: Final = 50
WALLS_NEEDED: Final = 10
"""Answers before the measured delay replaces the configured one: the slowest of three says little."""
HEDGE_QUANTILE: Final = 0.95
"""Share of answers that come before a call counts as slow. At 0.90 the slow ones alone would use up what
`Policy.extra_share` pays for, and calls that hang would find nothing left."""
HEDGE_DELAY_S: Final = (1.0, 3.0)
"""Bounds of the measured delay."""
CREDIT_MOST: Final = 10.0
"""Most credit that is kept, in hedges: long quiet use pays for one bad report, not for many."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits on time and calls for the questions of a report."""

    deadline_s: float = 4.5
    """Time for all questions of a report together."""
    hedge: bool = True
    """Whether a slow call is joined by a second one."""
    hedge_after_s: float = 2.0
    """Time without an answer before it is, until ten answers have shown the endpoint's own pace."""
    max_attempts: int = 3
    """Calls for one question."""
    max_calls: int = 40
    """Questions of one report; those beyond are not asked."""
    parallel: int | None = None
    """Questions under way at once; the others wait in order. None: all of them."""
    extra_share: float = 0.08
    """Hedges per first call, in the long run; one more is free."""
    breaker_failures: int = 5
    """Failures in a row that open the circuit."""
    breaker_pause_s: float = 60.0
    """How long an endpoint that failed, or refused our configuration, is left alone."""


@dataclass(slots=True)
class Call:
    """A call in flight or ended; times are of the running loop, in seconds."""

    task: asyncio.Task[Completion | EndpointError]
    began: float
    kind: Literal["first", "hedge", "retry"]
    trial: bool
    """Whether it is the one call that finds out whether the endpoint is back."""
    heard: list[OfferedSentence] = field(default_factory=list)
    """Sentences that have arrived."""
    outcome: Outcome | None = None
    """None: in flight."""
    ended: float = 0.0
    status: int | None = None
    request_id: str = ""


@dataclass(slots=True)
class EndpointState:
    """State of an endpoint, kept from report to report; owned by the client, used in one event loop only."""

    walls: deque[float] = field(default_factory=lambda: deque(maxlen=WALLS_KEPT))
    """Seconds of the latest usable answers."""
    calls: int = 0
    hedges: int = 0
    retries: int = 0
    credit: float = 1.0
    """Hedges that may be begun now."""
    failures: int = 0
    """Failures in a row."""
    open_until: float | None = None
    """Loop time at which a trial call may be made. None: the circuit is closed."""
    trial: bool = False
    """Whether the trial call is in flight."""
    fault: Outcome | None = None
    """How the endpoint refused our configuration. None: it did not."""
    fault_until: float = 0.0
    """Loop time until which that refusal stands without asking again."""

    def misconfigured(self, now: float) -> Outcome | None:
        """How the endpoint refused our configuration a short while ago; None: it did not."""
        return self.fault if self.fault is not None and now < self.fault_until else None

    def shut(self, now: float) -> Outcome | None:
        """Why no call may begin now; None: one may."""
        if (fault := self.misconfigured(now)) is not None:
            return fault
        if self.open_until is not None and (now < self.open_until or self.trial):
            return Outcome.CIRCUIT_OPEN
        return None

    def pay_for_hedge(self) -> bool:
        """Spend the credit for a hedge; False: too little is left, or the circuit is not closed.

        Taken when it is decided, not when the call begins: many questions become slow in the same moment.
        """
        if self.credit < 1.0 or self.open_until is not None:
            return False
        self.credit -= 1.0
        return True

    def hedge_delay_s(self, policy: Policy) -> float:
        """How long an answer may take before a second call joins: p95 of the latest answers, or as configured.

        Calls that lost to their hedge are in no figure, so the p95 is a little low; the lower bound makes up for it.
        """
        if len(self.walls) < WALLS_NEEDED:
            return policy.hedge_after_s
        slow = sorted(self.walls)[math.ceil(HEDGE_QUANTILE * len(self.walls)) - 1]
        least, most = HEDGE_DELAY_S
        return min(max(slow, least), most)

    def began(self, call: Call, policy: Policy) -> None:
        """Count a call that has begun."""
        self.calls += 1
        self.trial = self.trial or call.trial
        if call.kind == "first":
            self.credit = min(self.credit + policy.extra_share, CREDIT_MOST)
        elif call.kind == "hedge":
            self.hedges += 1
        else:
            self.retries += 1

    def ended(self, call: Call, outcome: Outcome, policy: Policy) -> None:
        """Learn from a call that has ended; a cancelled one, or one that was never sent, teaches nothing."""
        if call.trial:
            self.trial = False
        if outcome is Outcome.OK:
            self.walls.append(call.ended - call.began)
        if outcome in ALIVE:
            self.failures, self.open_until, self.fault = 0, None, None
        elif outcome is Outcome.AUTH or (outcome is Outcome.BAD_REQUEST and not self.walls):
            self.fault, self.fault_until = outcome, call.ended + policy.breaker_pause_s
        elif outcome in RETRYABLE or outcome is Outcome.BAD_REQUEST:
            self.failures += 1
            if call.trial or (self.open_until is None and self.failures >= policy.breaker_failures):
                self.open_until = call.ended + policy.breaker_pause_s
