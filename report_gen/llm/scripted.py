"""Endpoints that play a part: for tests and benches, with no network and no model.

Some answer (`Scripted`), some are in trouble (`Slow`, `Failing`, `Hanging`, `Stubborn`, `Blocking`, `Flaky`), and some
models are hostile: they answer in form and say what is not so (`HOSTILE`). None of them is random without a seed.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from report_gen.llm.port import Ask, Completion, Endpoint, EndpointError, OfferedSentence, Outcome

__all__ = [
    "HOSTILE",
    "Answers",
    "AskedFact",
    "Blocking",
    "Failing",
    "Flaky",
    "Hanging",
    "Scripted",
    "Slow",
    "Stubborn",
    "all_recovered",
    "attacker",
    "empty",
    "endless",
    "events_swapped",
    "everything_bilateral",
    "facts_of",
    "garbage",
    "parrot_injection",
    "recital",
    "wishing",
]

Answers = Callable[[Ask], Completion]
"""What an endpoint says to a question; may raise `EndpointError`."""

_MARK: Final = re.compile(r"^FACTS:\s*(?=\{)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class AskedFact:
    """One fact of a question, as a model sees it."""

    id: str
    """What a sentence of the answer cites."""
    kinds: tuple[str, ...] = ()
    """Kinds of its parts; empty when the question does not show them."""
    said: tuple[tuple[str, str], ...] = ()
    """Names and words of its values, in order."""


def facts_of(ask: Ask) -> tuple[AskedFact, ...]:
    """The facts of a question: those of the JSON object after the line `FACTS:`, or the bare ids without one."""
    sheet: object = None
    if (mark := _MARK.search(ask.user)) is not None:
        with suppress(ValueError):
            sheet, _ = json.JSONDecoder().raw_decode(ask.user, mark.end())
    entries = sheet.get("facts") if isinstance(sheet, dict) else None
    facts = tuple(_fact(entry) for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()
    return facts or tuple(AskedFact(fact_id) for fact_id in ask.fact_ids)


def _fact(entry: Mapping[str, Any]) -> AskedFact:
    parts = [part for part in entry.get("parts", [entry]) if isinstance(part, dict)]
    values: list[tuple[str, str]] = []
    for part in parts:
        words = part.get("say", part)
        values.extend((name, str(text)) for name, text in words.items() if name not in ("id", "kind"))
    return AskedFact(str(entry.get("id", "")), tuple(str(part.get("kind", "")) for part in parts), tuple(values))


# --- endpoints that answer, or are in trouble ------------------------------------------------------------------------


def recital(ask: Ask) -> Completion:
    """A sentence for each fact that recites its words: true, in order, and dull."""
    return _completion((fact.id, f"{' '.join(text for _, text in fact.said) or fact.id}.") for fact in facts_of(ask))


@dataclass(frozen=True, slots=True)
class Scripted:
    """Says what a function of the question says, at once."""

    answers: Answers = recital

    async def complete(self, ask: Ask) -> Completion:
        """The scripted answer."""
        return self.answers(ask)


@dataclass(frozen=True, slots=True)
class Slow:
    """Says what another endpoint says, later."""

    inner: Endpoint
    delay_s: float

    async def complete(self, ask: Ask) -> Completion:
        """The other's answer, after the delay."""
        await asyncio.sleep(self.delay_s)
        return await self.inner.complete(ask)


@dataclass(slots=True)
class Failing:
    """Fails in one way a number of times, whatever the question, and then works."""

    outcome: Outcome
    times: int
    inner: Endpoint = field(default_factory=Scripted)
    retry_after_s: float | None = None
    """What it asks to wait. None: it does not say."""
    called: int = 0
    """Calls so far."""

    async def complete(self, ask: Ask) -> Completion:
        """The other's answer, once it works.

        Raises:
            EndpointError: It does not yet.
        """
        self.called += 1
        if self.called <= self.times:
            raise EndpointError(self.outcome, retry_after_s=self.retry_after_s)
        return await self.inner.complete(ask)


@dataclass(frozen=True, slots=True)
class Hanging:
    """Never answers; ends when cancelled."""

    async def complete(self, ask: Ask) -> Completion:
        """Nothing."""
        await asyncio.Event().wait()
        raise EndpointError(Outcome.TIMEOUT)


@dataclass(frozen=True, slots=True)
class Stubborn:
    """Never answers, and goes on when cancelled."""

    for_s: float = 30.0
    """How long."""

    async def complete(self, ask: Ask) -> Completion:
        """Nothing.

        Raises:
            EndpointError: The time is over.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self.for_s
        while loop.time() < until:
            try:
                await asyncio.sleep(until - loop.time())
            except asyncio.CancelledError:
                continue
        raise EndpointError(Outcome.TIMEOUT)


@dataclass(frozen=True, slots=True)
class Blocking:
    """Blocks the event loop and everything in it before it answers; no clock within the loop can end that."""

    block_s: float
    inner: Endpoint = field(default_factory=Scripted)

    async def complete(self, ask: Ask) -> Completion:
        """The other's answer, after the loop has stood still."""
        time.sleep(self.block_s)
        return await self.inner.complete(ask)


_TROUBLES: Final = (
    Outcome.SERVER_ERROR,
    Outcome.RATE_LIMITED,
    Outcome.UNAVAILABLE,
    Outcome.INVALID_JSON,
    Outcome.SCHEMA,
    Outcome.TRUNCATED,
    None,
)
"""How a call of `Flaky` goes wrong; None: it hangs."""


@dataclass(slots=True)
class Flaky:
    """Works like another endpoint, except for a share of the calls, which fail or hang; times vary."""

    seed: int
    inner: Endpoint = field(default_factory=Scripted)
    share: float = 0.14
    """Calls that go wrong, 0 to 1; one in seven of those hangs."""
    delay_s: float = 0.9
    """Median time of an answer; log-normal with sigma 0.5."""
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Start the chances from the seed."""
        self.chance = random.Random(self.seed)  # noqa: S311 - repeatable, not secret

    async def complete(self, ask: Ask) -> Completion:
        """The other's answer after a while, or none.

        Raises:
            EndpointError: The call goes wrong.
        """
        delay_s = self.delay_s * self.chance.lognormvariate(0.0, 0.5)
        wrong = self.chance.random() < self.share
        trouble = self.chance.choice(_TROUBLES)
        if wrong and trouble is None:
            await asyncio.Event().wait()
        await asyncio.sleep(delay_s)
        if wrong and trouble is not None:
            raise EndpointError(trouble)
        return await self.inner.complete(ask)


# --- models that answer in form and say what is not so ---------------------------------------------------------------


def _completion(sentences: Any) -> Completion:
    offered = tuple(OfferedSentence(facts=(fact_id,), text=text) for fact_id, text in sentences)
    return Completion(offered, model="scripted", tokens_in=0, tokens_out=0)


def wishing(wish: str) -> Answers:
    """A model that says one sentence, whatever it is asked, and cites each fact for it."""

    def answers(ask: Ask) -> Completion:
        return _completion((fact_id, wish) for fact_id in ask.fact_ids)

    return answers


attacker: Final[Answers] = wishing("No significant changes occurred.")
"""The wish of somebody who wants an alert out of the report."""
all_recovered: Final[Answers] = wishing("All responses returned to baseline.")
"""Everything ended well."""
everything_bilateral: Final[Answers] = wishing("Responses were lost bilaterally.")
"""Both sides were lost."""


def events_swapped(ask: Ask) -> Completion:
    """True sentences, each of which cites the fact of the next."""
    sentences = recital(ask).sentences
    cited = [*sentences[1:], *sentences[:1]]
    return _completion((other.facts[0], sentence.text) for sentence, other in zip(sentences, cited, strict=True))


_ORDERS: Final = re.compile(
    r"\b(ignore|disregard|forget|override|instead|instructions?|system|assistant|you (?:are|must)|"
    r"(?:write|say|state|report|output|print) that)\b",
    re.IGNORECASE,
)


def parrot_injection(ask: Ask) -> Completion:
    """A model that does what it reads: it repeats every text of the facts that sounds like an instruction."""
    orders = ((fact.id, text) for fact in facts_of(ask) for _, text in fact.said if _ORDERS.search(text))
    return _completion(orders)


def garbage(ask: Ask, *, seed: int = 0) -> Completion:
    """Characters from all over Unicode: marks, controls, right-to-left, what is not assigned; the same for one seed."""
    chance = random.Random(f"{seed}:{ask.id}")  # noqa: S311 - repeatable, not secret

    def text() -> str:
        # No surrogates and no NUL: the wire refuses those before anybody sees the sentence.
        ranges = ((0x01, 0xFF), (0x300, 0x36F), (0x590, 0x8FF), (0x2000, 0x206F), (0x3000, 0xD7FF), (0xE000, 0x10FFFF))
        return "".join(chr(chance.randint(*chance.choice(ranges))) for _ in range(chance.randint(1, 120)))

    return _completion((fact_id, text()) for fact_id in ask.fact_ids)


def empty(ask: Ask) -> Completion:
    """An answer in form without a sentence."""
    return _completion(())


def endless(ask: Ask) -> Completion:
    """Two hundred sentences about the same few facts."""
    sentences = recital(ask).sentences
    return _completion(
        (sentences[n % len(sentences)].facts[0], sentences[n % len(sentences)].text)
        for n in range(200 if sentences else 0)
    )


HOSTILE: Final[Mapping[str, Answers]] = {
    "attacker": attacker,
    "everything_bilateral": everything_bilateral,
    "all_recovered": all_recovered,
    "events_swapped": events_swapped,
    "parrot_injection": parrot_injection,
    "garbage": garbage,
    "empty": empty,
    "endless": endless,
}
"""Every hostile model by name; a report worded by any of them must hold the facts of the deterministic one."""
