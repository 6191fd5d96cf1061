"""One clock and one retry policy for all questions of a report: deadline, hedges, retries, circuit breaker.

These limits keep an endpoint in trouble from being flooded with calls:

- a question has at most `Policy.max_attempts` calls, hedges and retries together;
- a hedge is paid from a credit that grows by `Policy.extra_share` with each first call and holds at most ten;
- a retry follows a failure, not a guess, and takes none of the credit: paid from the same, retries of an endpoint that
  fails now and then would leave nothing for the calls that hang;
- the failures of all questions count together: at the fifth in a row nothing more is begun, by anybody, for
  `Policy.breaker_pause_s`; then one call alone, with neither hedge nor retry, finds out whether the endpoint is back;
- calls cut off at the deadline are such failures only where none of the report's questions was answered: an endpoint
  that is too slow for all of them is worth asking again, and what it did answer stands.

In an outage in which calls fail at once, a report therefore costs its first calls and at most four more, and after that
one call a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final, Literal

from report_gen.llm.policy.state import ALIVE, CUT_OFF, RETRYABLE, Call, EndpointState, Policy
from report_gen.llm.port import (
    Answer,
    Ask,
    Attempt,
    Completion,
    Endpoint,
    EndpointError,
    OfferedSentence,
    Outcome,
    Streams,
)

__all__ = ["EndpointState", "Policy", "ask_all"]

RATE_LIMITED_WAIT_S: Final = 0.25
"""Wait after "too many requests" that names no time: asking again at once would only be refused again."""
CLEANUP_S: Final = 0.1
"""Longest wait for cancelled calls to end; one that swallows its cancellation is abandoned."""


async def ask_all(
    endpoint: Endpoint, asks: Sequence[Ask], policy: Policy, state: EndpointState, *, deadline: float
) -> tuple[Answer, ...]:
    """One answer for each question, in order, as many at once as the policy allows; at the deadline at the latest.

    A question starts one call. When there is no answer after the hedge delay, or at once after a failure that may pass,
    the next one starts; the first usable answer wins and the others are cancelled. Where none comes, what has arrived
    of one counts. Retry-After is obeyed; when it ends after the deadline there is no further call. A refused key or
    request is a mistake of configuration: the other
    questions are stopped and the endpoint is not asked for a while. (Once it has answered, a bad request is about
    its own question only.) Wording that fails its check later is no reason to ask again: nothing of it is known here.

    Args:
        endpoint: Where the questions go.
        asks: The questions.
        policy: What may be spent.
        state: What is remembered of the endpoint; changed.
        deadline: Time of the running loop, in seconds, at which everything ends. Cancelled calls have another
            0.1 s to end and are then abandoned.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    reason = Outcome.NOT_ASKED if began >= deadline else state.shut(began)
    if reason is not None:
        return tuple(Answer(ask.id, reason) for ask in asks)
    questions = [_QuestionCalls(endpoint, ask, policy, state, deadline) for ask in asks]
    turns = asyncio.Semaphore(policy.parallel or len(asks) or 1)
    tasks = [loop.create_task(_in_turn(turns, question)) for question in questions]
    over = Outcome.CANCELLED
    try:
        async with asyncio.timeout_at(deadline):
            await _settled(tasks, state)
    except TimeoutError:
        over = Outcome.TIMEOUT
    finally:
        for question in questions:
            question.take()
        # Where some questions were answered in time, the endpoint is slow for so much at once, and not dead.
        dead = not any(question.alive for question in questions)
        for question, task in zip(questions, tasks, strict=True):
            question.close(over, blame=dead)
            task.cancel()
        await _bounded([*tasks, *(call.task for question in questions for call in question.calls)])
    return tuple(question.answer(began, over) for question in questions)


async def _in_turn(turns: asyncio.Semaphore, question: _QuestionCalls) -> None:
    """Ask a question when it is its turn; those that came first are first."""
    async with turns:
        await question.run()


async def _settled(tasks: Iterable[asyncio.Task[None]], state: EndpointState) -> None:
    """Return when each question has its outcome, or the endpoint has refused our configuration."""
    loop = asyncio.get_running_loop()
    waiting = set(tasks)
    while waiting and state.misconfigured(loop.time()) is None:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


async def _bounded(tasks: Sequence[asyncio.Task[None] | asyncio.Task[Completion | EndpointError]]) -> None:
    """Wait for cancelled tasks to end, at most `CLEANUP_S`."""
    rest = [task for task in tasks if not task.done()]
    if rest:
        await asyncio.wait(rest, timeout=CLEANUP_S)


class _QuestionCalls:
    """The calls for one question and their outcomes."""

    def __init__(self, endpoint: Endpoint, ask: Ask, policy: Policy, state: EndpointState, deadline: float) -> None:
        self.calls: list[Call] = []
        self._endpoint = endpoint
        self._ask = ask
        self._policy = policy
        self._state = state
        self._deadline = deadline
        self._loop = asyncio.get_running_loop()
        self._next: Literal["first", "hedge", "retry"] = "first"
        self._won: Completion | None = None
        self._failure: Outcome | None = None

    async def run(self) -> None:
        """Make calls until one is usable or none is left to make; then wait for those in flight."""
        while self._won is None:
            wait_s = 0.0
            try:
                self._won = await self._call()
            except EndpointError as failure:
                if failure.outcome not in RETRYABLE:
                    break
                wait_s = _wait_s(failure)
            if self._won is not None or not self._may_call_again(wait_s):
                break
            await self._pause(wait_s)
        if self._state.misconfigured(self._loop.time()) is None:
            await self._rest()
        self.close(Outcome.CANCELLED)

    @property
    def alive(self) -> bool:
        """Whether the endpoint has answered this question, or refused to."""
        return any(call.outcome in ALIVE or call.heard for call in self.calls)

    def take(self) -> None:
        """Record the answers that have arrived, if any."""
        with suppress(EndpointError):
            self._won = self._gather() or self._won

    def close(self, outcome: Outcome, *, blame: bool = True) -> None:
        """Cancel what is in flight; an answer that is already there still counts.

        Args:
            outcome: What becomes of calls in flight.
            blame: Whether a call that had time enough and did not answer counts against the endpoint.
        """
        self.take()
        patience = min(self._state.hedge_delay_s(self._policy), self._policy.deadline_s / 2)
        for call in self._in_flight():
            call.task.cancel()
            call.outcome, call.ended = outcome, self._loop.time()
            # Cut off before it could have answered, a call says nothing about the endpoint.
            slow = blame and outcome is Outcome.TIMEOUT and call.ended - call.began >= patience
            self._state.ended(call, Outcome.TIMEOUT if slow else Outcome.CANCELLED, self._policy)
            if outcome is Outcome.TIMEOUT or self._failure is None:
                self._failure = outcome

    def answer(self, since: float, over: Outcome) -> Answer:
        """The outcome of the question, with its answer if there is one.

        Args:
            since: Loop time from which times count.
            over: Outcome of calls that were cut off.
        """
        won, outcome = self._won, Outcome.OK
        if won is None:
            # A question that never had its turn was not sent, whatever became of the others.
            outcome = self._failure or self._state.misconfigured(self._loop.time()) or Outcome.NOT_ASKED
            won = self._part()
            outcome = outcome if won is None else Outcome.PARTIAL
        attempts = tuple(
            Attempt(
                outcome=call.outcome or over,
                began_s=call.began - since,
                wall_s=call.ended - call.began,
                hedge=call.kind == "hedge",
                status=call.status,
                request_id=call.request_id,
            )
            for call in self.calls
        )
        return Answer(self._ask.id, outcome, won, attempts)

    def _part(self) -> Completion | None:
        """The most that has arrived of an answer which the end of the time, its cap or a lost connection cut off."""
        cut = [tuple(call.heard) for call in self.calls if call.outcome in CUT_OFF and call.heard]
        return Completion(sorted(cut, key=len)[-1]) if cut else None

    # --- when the next call is made ----------------------------------------------------------------------------------

    async def _call(self) -> Completion | None:
        """Begin a call and wait for an answer; None when it is slow and a hedge is due.

        Raises:
            EndpointError: A call has failed, or none may begin.
        """
        self._begin()
        if self._policy.hedge and len(self.calls) < self._policy.max_attempts:
            answer = await self._watch(self._loop.time() + self._state.hedge_delay_s(self._policy))
            if answer is not None:
                return answer
            if self._state.pay_for_hedge():
                self._next = "hedge"
                return None
        return await self._watch(None)

    def _may_call_again(self, wait_s: float) -> bool:
        """Whether another call may begin after a wait in seconds."""
        now = self._loop.time()
        return (
            len(self.calls) < self._policy.max_attempts
            and now + wait_s < self._deadline
            and self._state.shut(now) is None
        )

    async def _pause(self, seconds: float) -> None:
        """Wait before the next call, unless a call in flight answers meanwhile."""
        until = self._loop.time() + seconds
        while seconds > 0 and self._in_flight():
            try:
                self._won = await self._watch(until)
            except EndpointError:
                continue
            return
        await asyncio.sleep(max(until - self._loop.time(), 0.0))

    # --- calls -------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Begin the next call, unless the endpoint is to be left alone."""
        now = self._loop.time()
        if (reason := self._state.shut(now)) is not None:
            if self._failure is None and reason is Outcome.CIRCUIT_OPEN:
                self._failure = reason
            raise EndpointError(reason)
        heard: list[OfferedSentence] = []
        task = self._loop.create_task(_one(self._endpoint, self._ask, heard.append))
        call = Call(task, began=now, kind=self._next, trial=self._state.open_until is not None, heard=heard)
        self.calls.append(call)
        self._state.began(call, self._policy)

    def _in_flight(self) -> list[Call]:
        return [call for call in self.calls if call.outcome is None]

    async def _watch(self, until: float | None) -> Completion | None:
        """The next usable answer; None when nothing has come.

        Args:
            until: Loop time to wait to. None: without end.

        Raises:
            EndpointError: A call has failed.
        """
        while True:
            left = None if until is None else max(until - self._loop.time(), 0.0)
            tasks = [call.task for call in self._in_flight()]
            done, _ = await asyncio.wait(tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                return None
            if (won := self._gather()) is not None:
                return won

    def _gather(self) -> Completion | None:
        """The first usable one of the calls that have ended; raises the last failure when all of them failed."""
        won: Completion | None = None
        failure: EndpointError | None = None
        for call in self._in_flight():
            if not call.task.done():
                continue
            # An endpoint may have cancelled itself; we cancel only in `close`.
            result = EndpointError(Outcome.UNAVAILABLE) if call.task.cancelled() else call.task.result()
            call.ended = self._loop.time()
            if isinstance(result, EndpointError):
                failure = result
                call.outcome, call.status, call.request_id = result.outcome, result.status, result.request_id
                self._failure, self._next = result.outcome, "retry"
            else:
                won = won or result
                call.outcome, call.request_id = Outcome.OK, result.request_id
            self._state.ended(call, call.outcome, self._policy)
        if won is None and failure is not None:
            raise failure
        return won

    async def _rest(self) -> None:
        """No further call may begin: wait for those in flight."""
        while self._won is None and self._in_flight():
            try:
                self._won = await self._watch(None)
            except EndpointError:
                continue


def _wait_s(failure: EndpointError) -> float:
    """Seconds from a failure to the next call."""
    if failure.retry_after_s is not None:
        return max(failure.retry_after_s, 0.0)
    return RATE_LIMITED_WAIT_S if failure.outcome is Outcome.RATE_LIMITED else 0.0


async def _one(endpoint: Endpoint, ask: Ask, heard: Callable[[OfferedSentence], None]) -> Completion | EndpointError:
    """One call; its failure is a value, so that an abandoned call has nothing left to report to anybody."""
    try:
        return await (endpoint.stream(ask, heard) if isinstance(endpoint, Streams) else endpoint.complete(ask))
    except EndpointError as error:
        return error
    except TimeoutError:
        return EndpointError(Outcome.TIMEOUT)
    # A task that raises SystemExit would end the event loop, and every question in it.
    except (Exception, SystemExit):  # noqa: BLE001 - a broken contract costs the wording, never the report
        return EndpointError(Outcome.UNAVAILABLE)
