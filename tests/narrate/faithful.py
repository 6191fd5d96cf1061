"""A model that words a case as a writer did: the drafts of `trials/guard`, asked for through the port."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from report_gen import Case, load_case
from report_gen.draft.passages import StatedValue, Unit, passages
from report_gen.draft.writer import write
from report_gen.facts import derive
from report_gen.llm.client import Client
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Ask, Completion, Endpoint, EndpointError, OfferedSentence, Outcome
from report_gen.llm.question.prompt import Question, questions
from trials.guard.corpus import DRAFTS, SAMPLES, held_out

__all__ = [
    "CASES",
    "MODEL",
    "SAMPLES",
    "Faithful",
    "asked",
    "case",
    "client",
    "drafted",
    "recited",
    "with_slots",
    "writers",
]

CASES = tuple(sorted({path.stem for path in DRAFTS.glob("*/*.json")}))
"""Names of the cases that writers have worded."""
_WRITERS = tuple(sorted(path.name for path in DRAFTS.iterdir() if path.is_dir()))
MODEL = "scripted-1"
"""What the model calls itself."""


def writers(name: str) -> tuple[str, ...]:
    """Who has worded a case, those held out left out: a guard tuned on these tests must not have seen them."""
    if held_out(CASES.index(name)):
        return ()
    return tuple(writer for writer in _WRITERS if (DRAFTS / writer / f"{name}.json").is_file())


@cache
def case(name: str) -> Case:
    """A valid sample."""
    return load_case(SAMPLES / f"{name}.json")


def client(endpoint: Endpoint, *, deadline_s: float = 30.0, **policy: object) -> Client:
    """A client of one endpoint, which doubles no call and is patient, so that a busy machine changes no result."""
    terms: dict[str, object] = {"deadline_s": deadline_s, "hedge": False, "max_calls": 1000, **policy}
    return Client(lambda: endpoint, Policy(**terms), {"endpoint": "scripted", "model": "scripted"})  # type: ignore[arg-type]


def asked(of: Case) -> tuple[Question, ...]:
    """The questions that a report of a case asks."""
    facts = derive(of)
    return questions(passages(write(facts, report_id="test"), facts), facts)


@cache
def drafted(name: str, writer: str) -> Mapping[str, tuple[OfferedSentence, ...]]:
    """What a writer wrote, as answers to the questions: keys for fact ids, slots for what a model may not see."""
    raw = json.loads((DRAFTS / writer / f"{name}.json").read_text(encoding="utf-8"))
    written = {row["passage"]: row["sentences"] for row in raw["passages"]}
    return {
        question.ask.id: tuple(_offered(written.get(question.passage, ()), question.units))
        for question in asked(case(name))
    }


@cache
def recited(name: str) -> Mapping[str, tuple[OfferedSentence, ...]]:
    """The template's own sentences as answers to the questions, with slots for what a model may not see."""
    return {
        question.ask.id: tuple(
            OfferedSentence((unit.key,), with_slots(sentence.text, [unit]))
            for unit in question.units
            for sentence in unit.template
        )
        for question in asked(case(name))
    }


def _offered(sentences: Sequence[Mapping[str, Any]], units: Sequence[Unit]) -> Iterator[OfferedSentence]:
    """The sentences about these units alone; a long passage is asked in pieces."""
    by_id = {unit.id: unit for unit in units}
    for row in sentences:
        if set(row["facts"]) <= by_id.keys():
            mine = [by_id[fact] for fact in row["facts"]]
            yield OfferedSentence(tuple(unit.key for unit in mine), with_slots(row["text"], mine))


def with_slots(text: str, units: Sequence[Unit]) -> str:
    """A sentence as a model that knows only slots would have written it."""
    hidden = {said.slot: said for unit in units for part in unit.parts for said in part.said if said.slot}
    for said in sorted(hidden.values(), key=lambda row: -len(row.text)):
        text = re.sub(_pattern(said), f"{{{said.slot}}}", text)
    return text


def _pattern(said: StatedValue) -> str:
    return f"“{re.escape(said.text)}”" if said.how == "quote" else rf"(?<![\w:]){re.escape(said.text)}(?![\w:])"


@dataclass(slots=True)
class Faithful:
    """Says what is written for a question, and counts how often it is asked."""

    answers: Mapping[str, tuple[OfferedSentence, ...]]
    """Sentences by the question's id."""
    calls: int = 0
    """Questions so far."""

    async def complete(self, ask: Ask) -> Completion:
        """The sentences.

        Raises:
            EndpointError: Nothing is written for the question.
        """
        self.calls += 1
        if ask.id not in self.answers:
            raise EndpointError(Outcome.REFUSED)
        return Completion(
            self.answers[ask.id], model=MODEL, request_id=f"req-{ask.id}", tokens_in=len(ask.user), tokens_out=100
        )
