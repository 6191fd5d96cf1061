"""The client: asks an endpoint from any thread, inside or outside an event loop, and always comes back in time."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self, runtime_checkable

from report_gen.llm.loop import LoopThread, PerProcess, in_daemon_thread
from report_gen.llm.policy.calls import EndpointState, Policy, ask_all
from report_gen.llm.port import Answer, Ask, Endpoint, EndpointError, Outcome

if TYPE_CHECKING:
    from report_gen.llm.config import EndpointConfig

__all__ = ["GRACE_S", "LOCAL_PARALLEL", "Client", "Closes", "Narrator", "Opens", "Tally"]

GRACE_S: Final = 0.3
"""Seconds that the waiting side grants the event loop after the deadline; cancelled calls get 0.1 s of it to end."""
LOCAL_PARALLEL: Final = 4
"""Questions under way at once at an endpoint on this machine: what a server of one's own usually works on side by side.
More would only share its speed, so that none was answered when the time is over."""


@runtime_checkable
class Opens(Protocol):
    """An endpoint with work to do before its first question, such as importing its library."""

    def open(self) -> None:
        """Do that work; may block. It runs in a thread of its own.

        Raises:
            EndpointError: The endpoint cannot be used; its outcome becomes that of the questions.
        """


@runtime_checkable
class Closes(Protocol):
    """An endpoint that holds connections."""

    async def aclose(self) -> None:
        """Close the connections."""


class Narrator(Protocol):
    """A report's access to a model. `Client` is one; tests have others, with a clock of their own."""

    @property
    def about(self) -> Mapping[str, str | bool]:
        """What reports and logs say of the endpoint."""

    @property
    def policy(self) -> Policy:
        """The limits on time and calls."""

    def warm(self) -> None:
        """Start opening the endpoint and return at once."""

    def ask(self, asks: Sequence[Ask], *, deadline_s: float | None = None) -> tuple[Answer, ...]:
        """One answer for each question, in order, within the deadline and `GRACE_S`. Not asked at a deadline of 0."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a client's calls so far in this process."""

    calls: int = 0
    """Calls begun, hedges and retries among them."""
    hedges: int = 0
    """Calls begun because an earlier one was slow."""
    retries: int = 0
    """Calls begun because an earlier one had failed."""


class Client:
    """Asks one endpoint, with one event loop in a daemon thread, both made on first use.

    Neither `ask` nor `aask` raises for trouble of the endpoint or takes longer than the deadline and `GRACE_S`,
    whatever the endpoint does: it may hang, swallow its cancellation, block the event loop, or fail to open. What it
    does not answer is an `Answer` that says why. Keep one client for many reports: it remembers what the endpoint
    needs and how it fails. It may be used from several threads at once, and after a fork, in the child.
    """

    def __init__(
        self,
        endpoint_factory: Callable[[], Endpoint],
        policy: Policy | None = None,
        about: Mapping[str, str | bool] | None = None,
    ) -> None:
        """Keep what is needed; nothing is opened or started yet.

        Args:
            endpoint_factory: Makes the endpoint; called in a thread of its own, once in each process, and again a
                while after a failure.
            policy: What may be spent; the defaults of `Policy` otherwise.
            about: What reports and logs say of the endpoint, without address or key.
        """
        self.about: Mapping[str, str | bool] = MappingProxyType(dict(about or {}))
        """What reports and logs say of the endpoint."""
        self._policy = policy if policy is not None else Policy()
        self._sides = PerProcess(lambda: _Side(endpoint_factory, self._policy))
        self._closed = False

    @classmethod
    def from_config(cls, config: EndpointConfig) -> Self:
        """A client of an OpenAI-compatible endpoint. Hedging that is left open is off for an endpoint on this machine.

        A second call to a model on this machine takes its time from the first.
        """
        from report_gen.llm.config import is_loopback

        def endpoint() -> Endpoint:
            from report_gen.llm.openai.adapter import OpenAIEndpoint

            return OpenAIEndpoint(config)

        policy = Policy(
            deadline_s=config.deadline_s,
            hedge=config.hedge if config.hedge is not None else not is_loopback(config.base_url),
            hedge_after_s=config.hedge_after_s,
            max_attempts=config.max_attempts,
            max_calls=config.max_calls,
            parallel=config.parallel or (LOCAL_PARALLEL if is_loopback(config.base_url) else None),
        )
        return cls(endpoint, policy, config.provenance())

    @property
    def policy(self) -> Policy:
        """The limits on time and calls."""
        return self._policy

    @property
    def tally(self) -> Tally:
        """Counts of the calls so far in this process."""
        side = self._sides.peek()
        if side is None:
            return Tally()
        return Tally(calls=side.state.calls, hedges=side.state.hedges, retries=side.state.retries)

    @property
    def calls(self) -> int:
        """Calls begun so far in this process."""
        return self.tally.calls

    def warm(self) -> None:
        """Start opening the endpoint and return at once, so that other work can go on meanwhile."""
        if not self._closed:
            self._sides.get().warm()

    def ask(self, asks: Sequence[Ask], *, deadline_s: float | None = None) -> tuple[Answer, ...]:
        """One answer for each question, in order.

        Works in a thread that runs an event loop too, which it blocks meanwhile; there `aask` is the better choice.

        Args:
            asks: The questions. Those beyond `Policy.max_calls` are not asked.
            deadline_s: Seconds from now for all of them. None: as the policy says.
        """
        waiting = self._start(asks, deadline_s)
        if waiting.future is not None:
            late = False
            try:
                late = not wait_for((waiting.future,), timeout=waiting.left_s()).done
            finally:
                waiting.give_up(late=late)
        return waiting.answers()

    async def aask(self, asks: Sequence[Ask], *, deadline_s: float | None = None) -> tuple[Answer, ...]:
        """The same for a caller in an event loop of its own; cancelling it cancels the questions."""
        waiting = self._start(asks, deadline_s)
        if waiting.future is not None:
            late = False
            try:
                done, _ = await asyncio.wait((asyncio.wrap_future(waiting.future),), timeout=waiting.left_s())
                late = not done
            finally:
                waiting.give_up(late=late)
        return waiting.answers()

    def close(self) -> None:
        """Cancel what runs, close the endpoint and stop the event loop, in about a second at most.

        Afterwards, questions are not asked.
        """
        self._closed = True
        side = self._sides.peek()
        if side is not None:
            side.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self, asks: Sequence[Ask], deadline_s: float | None) -> _Waiting:
        return _Waiting(
            side=None if self._closed else self._sides.get(),
            asks=tuple(asks),
            most=self._policy.max_calls,
            seconds=self._policy.deadline_s if deadline_s is None else deadline_s,
        )


class _Side:
    """The client's belongings in one process: event loop, endpoint, and what is remembered of it."""

    def __init__(self, endpoint_factory: Callable[[], Endpoint], policy: Policy) -> None:
        self.policy = policy
        self.state = EndpointState()
        self.thread = LoopThread()
        self._make = endpoint_factory
        self._lock = threading.Lock()
        self._opening: Future[Endpoint] | None = None
        self._opening_began = 0.0
        self._late = False
        self._stuck = False

    def warm(self) -> None:
        """Start opening the endpoint, unless it is open or being opened, or failed to open a short while ago."""
        with self._lock:
            now = time.monotonic()
            if self._opening is not None:
                failed = self._opening.done() and self._opening.exception() is not None
                if not failed or now < self._opening_began + self.policy.breaker_pause_s:
                    return
            self._opening_began, self._late = now, False
            try:
                self._opening = in_daemon_thread(self._open, name="report_gen.llm.open")
            except RuntimeError:  # no thread is to be had
                self._opening = None

    def submit(self, asks: tuple[Ask, ...], seconds: float) -> Future[tuple[Answer, ...]] | Outcome:
        """The answers to come, or why nothing is asked."""
        if self._stuck:
            return Outcome.CIRCUIT_OPEN
        self.warm()
        try:
            return self.thread.submit(lambda loop: self._answers(asks, loop.time() + seconds))
        except RuntimeError:  # closed meanwhile, or no thread is to be had
            return Outcome.UNAVAILABLE

    def stuck(self) -> None:
        """Leave the loop alone until it runs again: it did not in time."""
        self._stuck = True
        self.thread.call_soon(self._free)

    def close(self) -> None:
        """Close the endpoint, if it is open, and the loop."""
        self.thread.close(self._aclose)

    def _free(self) -> None:
        self._stuck = False

    def _open(self) -> Endpoint:
        endpoint = self._make()
        if isinstance(endpoint, Opens):
            endpoint.open()
        return endpoint

    async def _aclose(self) -> None:
        opening = self._opening
        if opening is not None and opening.done() and opening.exception() is None:
            endpoint = opening.result()
            if isinstance(endpoint, Closes):
                await endpoint.aclose()

    async def _answers(self, asks: tuple[Ask, ...], deadline: float) -> tuple[Answer, ...]:
        """The answers; runs in the loop."""
        try:
            endpoint = await self._endpoint(deadline)
            return await ask_all(endpoint, asks, self.policy, self.state, deadline=deadline)
        except EndpointError as error:
            outcome = error.outcome
        except Exception:  # noqa: BLE001 - a fault of ours here costs the wording, never the report
            outcome = Outcome.UNAVAILABLE
        return tuple(Answer(ask.id, outcome) for ask in asks)

    async def _endpoint(self, deadline: float) -> Endpoint:
        """The endpoint once it is open.

        Raises:
            EndpointError: It is not, in time or at all. An opening that hangs costs one deadline, not each.
        """
        opening = self._opening
        if opening is None:
            raise EndpointError(Outcome.UNAVAILABLE)
        if not opening.done():
            if self._late:
                raise EndpointError(Outcome.UNAVAILABLE)
            left = deadline - asyncio.get_running_loop().time()
            await asyncio.wait((asyncio.wrap_future(opening),), timeout=max(left, 0.0))
        if not opening.done():
            self._late = True
            # Nothing was sent: whoever reads of it must not look for the fault at the server.
            raise EndpointError(Outcome.NOT_ASKED)
        error = opening.exception()
        if error is not None:
            raise EndpointError(error.outcome if isinstance(error, EndpointError) else Outcome.UNAVAILABLE)
        return opening.result()


class _Waiting:
    """A caller that waits for its answers, with a clock of its own: the event loop may be stuck."""

    def __init__(self, side: _Side | None, asks: tuple[Ask, ...], most: int, seconds: float) -> None:
        self._side = side
        self._asks, self._beyond = asks[:most], asks[most:]
        self._until = time.monotonic() + seconds + GRACE_S
        self._outcome = Outcome.NOT_ASKED
        self.future: Future[tuple[Answer, ...]] | None = None
        """The answers to come. None: nothing is asked."""
        if side is not None and self._asks and seconds > 0:
            started = side.submit(self._asks, seconds)
            if isinstance(started, Outcome):
                self._outcome = started
            else:
                self.future = started

    def left_s(self) -> float:
        """Seconds that may still be waited."""
        return max(self._until - time.monotonic(), 0.0)

    def give_up(self, *, late: bool) -> None:
        """Stop what is not finished: it is late, which only a stuck loop can be, or the caller was interrupted."""
        if self.future is None or self.future.done():
            return
        if late and self._side is not None:
            self._side.stuck()
        self._outcome = Outcome.TIMEOUT
        self.future.cancel()

    def answers(self) -> tuple[Answer, ...]:
        """The answers, or one with the reason for each question."""
        beyond = tuple(Answer(ask.id, Outcome.NOT_ASKED) for ask in self._beyond)
        if self.future is None or self._outcome is Outcome.TIMEOUT:
            return (*(Answer(ask.id, self._outcome) for ask in self._asks), *beyond)
        if self.future.cancelled():  # the client was closed meanwhile
            return (*(Answer(ask.id, Outcome.CANCELLED) for ask in self._asks), *beyond)
        return (*self.future.result(), *beyond)
