"""Asks the model to word a draft within the time left, and records how that went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from report_gen.case.contract.model import Case
from report_gen.draft.model import Draft
from report_gen.draft.passages import passages
from report_gen.facts.model import Facts
from report_gen.guard.reader.rules import grammar_digest
from report_gen.llm.client import GRACE_S, Narrator
from report_gen.llm.egress.leaks import Identifiers, guard_request, known_identifiers
from report_gen.llm.port import Answer, EndpointError
from report_gen.llm.question.prompt import Question, load_prompt, questions
from report_gen.llm.telemetry import Usage, usage
from report_gen.narrate.budget import Budget
from report_gen.narrate.merge import Narration, Terms, Wording, narrate
from report_gen.narrate.record import NarrationRecord

__all__ = ["LEAST_S", "dropped", "narrated", "unasked"]

LEAST_S: Final = 0.5
"""Seconds below which a model is not asked: hardly one answers in less, and its work would be for nothing."""


def narrated(
    case: Case, facts: Facts, draft: Draft, narrator: Narrator, budget: Budget
) -> tuple[Narration, NarrationRecord]:
    """The draft after narration, and the record of it.

    A question that the budget cannot pay is not asked, and an answer that comes too late is not read.

    Args:
        case: The case, whose identifiers no question may hold.
        facts: Its facts.
        draft: The deterministic draft.
        narrator: The model's client.
        budget: What the report may still take; the client's own deadline may be shorter.

    Raises:
        AssetError: A prompt or the grammar is missing or damaged.
    """
    began = budget.clock()
    offered = passages(draft, facts)
    asked = questions(offered, facts)
    identifiers = known_identifiers(case)
    answers, deadline_s = _answers(asked, narrator, identifiers, budget)
    waited_s = budget.clock() - began
    model = str(narrator.about.get("model", ""))
    narration = narrate(draft, facts, offered, asked, answers, terms=Terms(model, budget.late))
    used = usage(answers)
    used = replace(used, models=_own_names(used.models, model))
    return narration, _record(narration, used, narrator, deadline_s=deadline_s, waited_s=waited_s)


def unasked(draft: Draft, narrator: Narrator) -> NarrationRecord:
    """The record of a report that is made before a model is asked, and delivered when nothing else is ready."""
    record = _record(Narration(draft, (), {}), usage(()), narrator, deadline_s=0.0, waited_s=0.0)
    return replace(record, dropped=True)


def dropped(narration: Narration, record: NarrationRecord) -> tuple[tuple[Wording, ...], NarrationRecord]:
    """The wordings and the record of a narration that was ready too late to be checked and drawn: none stands."""
    wordings = tuple(
        replace(wording, taken=False, reasons=("late",), words=("",)) if wording.taken else wording
        for wording in narration.wordings
    )
    late = replace(narration, wordings=wordings)
    return wordings, replace(record, sentences_kept=0, dropped=True, refused=dict(sorted(late.refused.items())))


def _answers(
    asked: Sequence[Question], narrator: Narrator, identifiers: Identifiers, budget: Budget
) -> tuple[tuple[Answer, ...], float]:
    """An answer for each question, and the time that the model had; what holds an identifier is not sent."""
    kept_back: dict[str, Answer] = {}
    for question in asked:
        try:
            guard_request(question.ask, identifiers)
        except EndpointError as error:
            kept_back[question.ask.id] = Answer(question.ask.id, error.outcome)
    sent = [question.ask for question in asked if question.ask.id not in kept_back]
    left_s = min(narrator.policy.deadline_s, budget.for_model_s() - GRACE_S)
    deadline_s = left_s if left_s >= LEAST_S else 0.0
    came = {answer.ask_id: answer for answer in narrator.ask(sent, deadline_s=deadline_s)}
    return tuple(kept_back.get(question.ask.id) or came[question.ask.id] for question in asked), deadline_s


def _own_names(answered: Sequence[str], asked: str) -> tuple[str, ...]:
    """Names of the models that answered, as far as they begin like the one that was asked; others may say anything."""
    return tuple(name if asked and name.startswith(asked) else "another name" for name in answered)


def _record(
    narration: Narration, used: Usage, narrator: Narrator, *, deadline_s: float, waited_s: float
) -> NarrationRecord:
    prompt = load_prompt()
    return NarrationRecord(
        report=narration.draft.report_id.rpartition("-")[2],
        prompt=prompt.version,
        prompt_sha256=prompt.digest,
        grammar_sha256=grammar_digest(),
        about=narrator.about,
        usage=used,
        sentences=narration.asked,
        sentences_kept=narration.kept,
        refused=dict(sorted(narration.refused.items())),
        dropped=False,
        deadline_s=round(deadline_s, 3),
        waited_s=round(waited_s, 3),
    )
