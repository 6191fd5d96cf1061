"""Faithful wording without a model: what a perfect one would answer, for the parts that time our own side of narration.

The template's own sentences are the answer that every case has. A case of the corpus has writers' drafts too, which the
guard has to read like a stranger's text.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from report_gen import Case
from report_gen.draft.passages import Passage, StatedValue, Unit, passages
from report_gen.draft.writer import write
from report_gen.facts import Facts, derive
from report_gen.guard.passage import Claimed, Verdict, prove
from report_gen.llm.client import Client
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Answer, Ask, Completion, Endpoint, EndpointError, OfferedSentence, Outcome
from report_gen.llm.question.prompt import Question, questions
from trials.guard.corpus import DRAFTS, sheets

__all__ = [
    "Judged",
    "Pages",
    "Recorded",
    "TimedClient",
    "judged",
    "questions_of",
    "recorded",
    "template_pages",
    "writer_pages",
]

_MODEL: Final = "scripted"
_PATIENCE_S: Final = 30.0
_ENOUGH: Final = 1000
"""Questions that a report may ask; the largest sample has 122."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A case's passages, each with the sentences that are offered for it."""

    facts: Facts
    """All facts of the case."""
    rows: tuple[tuple[Passage, tuple[Claimed, ...]], ...]
    """Passages in printing order."""
    by_template: bool
    """Whether the sentences are the template's own, all of which the guard has to prove."""

    @property
    def sentences(self) -> int:
        """Sentences of all passages."""
        return sum(len(claims) for _, claims in self.rows)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the guard made of pages."""

    ms: float
    """Wall time."""
    cpu_ms: float
    """CPU time of the thread."""
    why: str
    """What is wrong with the verdicts. Empty: nothing."""


def template_pages(found: Sequence[Passage], facts: Facts) -> Pages:
    """Every unit in the template's own words.

    Args:
        found: The passages of the case's draft.
        facts: Its facts.
    """
    rows = tuple(
        (passage, tuple(Claimed((unit.key,), row.text) for unit in passage.offered for row in unit.template))
        for passage in found
    )
    return Pages(facts, rows, by_template=True)


def writer_pages(case: str) -> Pages | None:
    """What the first writer wrote whose draft of the case is not held out.

    Args:
        case: Name of a sample, without ending.

    Returns:
        None where no writer has worded the case.
    """
    if not any(DRAFTS.glob(f"*/{case}.json")):
        return None
    sheet = next((row for row in sheets(DRAFTS) if row.case == case), None)
    if sheet is None:
        return None
    return Pages(sheet.facts, tuple((page.passage, page.claims) for page in sheet.pages), by_template=False)


def judged(pages: Pages) -> Judged:
    """Let the guard judge pages, and check that it lost nothing.

    Every offered unit is in exactly one verdict. Of the template's own sentences each is proved, but for a list of ids
    that is longer than any sentence the guard reads; of a writer's, some are.
    """
    start, cpu = time.perf_counter(), time.thread_time()
    verdicts = [prove(passage, claims, pages.facts) for passage, claims in pages.rows]
    spent, cpu_spent = time.perf_counter() - start, time.thread_time() - cpu
    return Judged(spent * 1000, cpu_spent * 1000, _verdict_fault(pages, verdicts))


def _verdict_fault(pages: Pages, verdicts: Sequence[tuple[Verdict, ...]]) -> str:
    for (passage, _), rows in zip(pages.rows, verdicts, strict=True):
        offered = sorted(unit.key for unit in passage.offered)
        if sorted(unit.key for row in rows for unit in row.units) != offered:
            return "the guard lost a unit, or judged one twice"
    refused = [row for rows in verdicts for row in rows if not row.proved]
    wrongly = [row for row in refused if not _too_long(row)]
    if pages.by_template and wrongly:
        return f"the guard refused {len(wrongly)} of the template's own wordings"
    return "" if sum(map(len, verdicts)) > len(refused) else "the guard proved nothing"


def _too_long(verdict: Verdict) -> bool:
    return {refusal.reason for refusal in verdict.refusals} == {"length"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An endpoint that knows the answer to each question by the question's text, and gives it at once."""

    answers: Mapping[str, tuple[OfferedSentence, ...]]
    """Sentences by the user message."""

    async def complete(self, ask: Ask) -> Completion:
        """The answer.

        Raises:
            EndpointError: There is none for the question.
        """
        if ask.user not in self.answers:
            raise EndpointError(Outcome.REFUSED)
        return Completion(self.answers[ask.user], model=_MODEL)


def questions_of(case: Case) -> tuple[Question, ...]:
    """The questions that a report of a case asks."""
    facts = derive(case)
    return questions(passages(write(facts, report_id="bench"), facts), facts)


def recorded(asked: Iterable[Question]) -> Recorded:
    """The template's own sentences as answers to questions of any cases, slots where a model would put them."""
    return Recorded(
        {
            question.ask.user: tuple(
                OfferedSentence((unit.key,), _with_slots(row.text, unit))
                for unit in question.units
                for row in unit.template
            )
            for question in asked
        }
    )


def _with_slots(text: str, unit: Unit) -> str:
    hidden = {said.slot: said for part in unit.parts for said in part.said if said.slot}
    for said in sorted(hidden.values(), key=lambda row: -len(row.text)):
        text = re.sub(_pattern(said), f"{{{said.slot}}}", text)
    return text


def _pattern(said: StatedValue) -> str:
    words = re.escape(said.text)
    return f"“{words}”|{words}" if said.how == "quote" else rf"(?<![\w:]){words}(?!\w|:\d)"


class TimedClient(Client):
    """A client of one endpoint that keeps how long its callers waited.

    It asks everything once: no hedges, and no short patience of its own.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        """Nothing is opened yet."""
        policy = Policy(deadline_s=_PATIENCE_S, hedge=False, max_calls=_ENOUGH)
        super().__init__(lambda: endpoint, policy, {"endpoint": _MODEL, "model": _MODEL})
        self.waited_s = 0.0
        """Seconds waited for answers so far, all callers together."""

    def ask(self, asks: Sequence[Ask], *, deadline_s: float | None = None) -> tuple[Answer, ...]:
        """As any client; the wait is added up."""
        start = time.perf_counter()
        try:
            return super().ask(asks, deadline_s=deadline_s)
        finally:
            self.waited_s += time.perf_counter() - start
