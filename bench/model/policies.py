"""Ways of asking, side by side: all fill the same pipeline, only the way to the model differs.

`ours` is the program's client as anybody gets it. The others stand for what tools do with the `openai` library: one
call for the whole report, or one for each section, with the library's defaults or with a plain timeout. Their wording
meets the same guard, and what does not come or does not stand is the template's, as in `ours`; so they differ in time,
cost and how much is kept, never in truth.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from types import MappingProxyType
from typing import Any, Final, Protocol, cast

from bench.model.server import marked
from bench.model.whole import joined, parted
from report_gen.llm.client import Client
from report_gen.llm.config import EndpointConfig
from report_gen.llm.loop import LoopThread
from report_gen.llm.openai.probe import PROBE_ASK
from report_gen.llm.openai.wire import parse, schema
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Answer, Ask, Completion, Outcome

__all__ = ["NO_MODEL", "POLICIES", "Gate", "Numbered", "Way", "opened"]

NO_MODEL: Final = "no_model"
"""The report that nobody is asked about."""
_SDK_RETRIES: Final = 2
_SDK_TIMEOUT_S: Final = 600.0
_GATHER_TIMEOUT_S: Final = 20.0
_WARM_S: Final = 30.0


class Way(Protocol):
    """An opened way of asking; used from several threads at once."""

    @property
    def policy(self) -> Policy:
        """What may be spent, as the pipeline reads it."""

    @property
    def about(self) -> Mapping[str, str | bool]:
        """What a report says of the endpoint."""

    def ask(self, asks: Sequence[Ask], *, deadline_s: float | None = None) -> tuple[Answer, ...]:
        """One answer for each question."""

    def close(self) -> None:
        """Let everything go."""


class Gate:
    """Lets one report of a process compute at a time, and says how long it was waited for.

    Many reports wait for an endpoint side by side, which costs nothing; but what they compute would get in each other's
    way, and a policy would look slower than it is for somebody who makes one report.
    """

    def __init__(self) -> None:
        """Nobody is inside."""
        self._lock = Lock()

    def enter(self) -> float:
        """Wait for the turn; the seconds that took."""
        began = time.perf_counter()
        self._lock.acquire()
        return time.perf_counter() - began

    def leave(self) -> None:
        """Give the turn to another."""
        self._lock.release()


@dataclass(slots=True)
class Numbered:
    """A way of asking for one report: the server reads from the rules' last line which report it is."""

    way: Way
    """How it is asked."""
    run: str
    """Name of the policy."""
    report: int
    """Number of the report."""
    gate: Gate
    """Left while the report waits for the endpoint."""
    waited_s: float = 0.0
    """What was waited for the gate since the report began."""

    @property
    def policy(self) -> Policy:
        """What may be spent."""
        return self.way.policy

    @property
    def about(self) -> Mapping[str, str | bool]:
        """What the report says of the endpoint."""
        return self.way.about

    def warm(self) -> None:
        """Nothing is left to warm."""

    def ask(self, asks: Sequence[Ask], *, deadline_s: float | None = None) -> tuple[Answer, ...]:
        """The answers; the mark goes out after the program has looked the question over for identifiers."""
        told = [replace(ask, system=marked(ask.system, self.run, self.report)) for ask in asks]
        self.gate.leave()
        try:
            return self.way.ask(told, deadline_s=deadline_s)
        finally:
            self.waited_s += self.gate.enter()

    def as_client(self) -> Client:
        """Itself: it has all that the pipeline uses of the program's own client."""
        return cast(Client, self)


class Library:
    """The `openai` library as a tool would use it: no deadline for the report, no hedge, no memory."""

    def __init__(self, url: str, model: str, *, retries: int, timeout_s: float, whole: bool) -> None:
        """Import the library and make its client.

        Args:
            url: The `base_url`.
            model: Name of the model.
            retries: The library's own retries.
            timeout_s: Its timeout for one call.
            whole: One call for the whole report in place of one for each section.
        """
        import openai

        self.policy = Policy(deadline_s=_SDK_TIMEOUT_S)
        self.about: Mapping[str, str | bool] = MappingProxyType({"endpoint": "loopback", "model": model})
        self._model, self._whole = model, whole
        # As the library makes it, but blind to proxies: the endpoint is on this machine.
        http = openai.DefaultAsyncHttpxClient(trust_env=False)
        self._client: Any = openai.AsyncOpenAI(
            base_url=url, api_key="none", http_client=http, max_retries=retries, timeout=timeout_s
        )
        self._loop = LoopThread()

    def ask(self, asks: Sequence[Ask], *, deadline_s: float | None = None) -> tuple[Answer, ...]:
        """One answer for each question, whenever the last of them is there."""
        if not asks:
            return ()
        work = self._at_once if self._whole else self._side_by_side
        future = self._loop.submit(lambda _: work(asks))
        wait_for((future,))
        return future.result()

    def close(self) -> None:
        """Close connections and loop."""
        self._loop.close(self._client.close)

    async def _side_by_side(self, asks: Sequence[Ask]) -> tuple[Answer, ...]:
        return tuple(await asyncio.gather(*(self._one(ask) for ask in asks)))

    async def _at_once(self, asks: Sequence[Ask]) -> tuple[Answer, ...]:
        found = await self._one(joined(asks))
        if found.completion is None:
            return tuple(replace(found, ask_id=ask.id) for ask in asks)
        parts = parted(found.completion.sentences, asks)
        model = found.completion.model
        return tuple(
            Answer(ask.id, Outcome.OK, Completion(part, model=model)) for ask, part in zip(asks, parts, strict=True)
        )

    async def _one(self, ask: Ask) -> Answer:
        try:
            came = await self._client.chat.completions.create(
                model=self._model,
                messages=[{"role": "system", "content": ask.system}, {"role": "user", "content": ask.user}],
                max_tokens=ask.max_output_tokens,
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "sentences", "strict": True, "schema": schema(ask)},
                },
            )
            sentences = parse(came.choices[0].message.content, ask)
            return Answer(ask.id, Outcome.OK, Completion(sentences, model=came.model))
        except Exception:  # noqa: BLE001 - whatever is wrong with an answer, there is none
            return Answer(ask.id, Outcome.UNAVAILABLE)


def _ours(url: str, model: str) -> Way:
    """The program's client with its defaults, and hedging on as for an endpoint on another machine."""
    return Client.from_config(EndpointConfig(model=model, base_url=url, hedge=True))


POLICIES: Final[Mapping[str, Callable[[str, str], Way]]] = MappingProxyType(
    {
        "ours": _ours,
        "whole_report": lambda url, model: Library(
            url, model, retries=_SDK_RETRIES, timeout_s=_SDK_TIMEOUT_S, whole=True
        ),
        "sdk_defaults": lambda url, model: Library(
            url, model, retries=_SDK_RETRIES, timeout_s=_SDK_TIMEOUT_S, whole=False
        ),
        "parallel_no_hedge": lambda url, model: Library(
            url, model, retries=0, timeout_s=_GATHER_TIMEOUT_S, whole=False
        ),
    }
)
"""How each way of asking is opened, given address and model."""


@contextmanager
def opened(policy: str, url: str, model: str) -> Iterator[Way]:
    """A way of asking whose library, connection and form of question are settled before the first report.

    Args:
        policy: Its name in `POLICIES`.
        url: The `base_url`.
        model: Name of the model.
    """
    way = POLICIES[policy](url, model)
    try:
        way.ask([PROBE_ASK], deadline_s=_WARM_S)
        yield way
    finally:
        way.close()
