"""Asks the model about a draft, within its time, and tells how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from report_gen.case.model import SCHEMA_VERSION, Case
from report_gen.draft.model import Draft
from report_gen.draft.passages import passages
from report_gen.facts.model import Facts
from report_gen.guard.lexicon import lexicon_digest
from report_gen.llm.client import GRACE_S, Narrator
from report_gen.llm.egress import Identifiers, guard_request, known_identifiers
from report_gen.llm.port import Answer, EndpointError
from report_gen.llm.prompt import Question, load_prompt, questions
from report_gen.llm.telemetry import usage
from report_gen.narrate.budget import Budget
from report_gen.narrate.merge import Narration, Terms, narrate
from report_gen.version import __version__

__all__ = ["LEAST_S", "Told", "dropped", "narrated", "unasked"]

LEAST_S: Final = 0.5
"""Seconds below which a model is not asked: hardly one answers in less, and its work would be for nothing."""
_RESERVE: Final = "no wording of a model was ready in time; the log says what was asked"
_DROPPED: Final[dict[str, Any]] = {"dropped": True, "sentences_kept": 0, "template_only": True}


@dataclass(frozen=True, slots=True)
class Told:
    """A draft after narration, and what is told of it."""

    narration: Narration
    """The draft, and what became of each wording."""
    provenance: dict[str, str]
    """What `report.json` says of the wording."""
    record: dict[str, Any]
    """One line for the log: versions, calls, outcomes, tokens, cost, sentences by reason; never content."""


def narrated(case: Case, facts: Facts, draft: Draft, narrator: Narrator, budget: Budget) -> Told:
    """The draft after narration. What the budget cannot pay is not asked, and what comes too late is not looked at.

    Args:
        case: The case, whose identifiers no question may hold.
        facts: Its facts.
        draft: The deterministic draft.
        narrator: The model's client.
        budget: What the report may still take; the client's own deadline may be shorter.

    Raises:
        AssetError: A prompt or the lexicon is missing or damaged.
    """
    began = budget.clock()
    found = passages(draft, facts)
    asked = questions(found, facts)
    identifiers = known_identifiers(case)
    answers, deadline_s = _answers(asked, narrator, identifiers, budget)
    waited_s = budget.clock() - began
    model = str(narrator.about.get("model", ""))
    narration = narrate(draft, facts, found, asked, answers, terms=Terms(model, budget.late))
    used = dict(usage(answers))
    used["models"] = _own_names(used["models"], model)
    record = _record(narration, used, narrator, deadline_s=deadline_s, waited_s=waited_s)
    return Told(narration, _provenance(narration, used, narrator), record)


def unasked(draft: Draft, narrator: Narrator) -> Told:
    """The draft as it is: the report that is made before a model is asked, and given out when nothing else is ready.

    Its provenance must be true whatever comes after, so that it tells of no question and no answer.
    """
    narration = Narration(draft, (), {})
    record = _record(narration, usage(()), narrator, deadline_s=0.0, waited_s=0.0)
    about = {f"narration_{name}": str(value) for name, value in narrator.about.items()}
    return Told(narration, {"narration": "template", **about, "narration_dropped": _RESERVE}, record | _DROPPED)


def dropped(told: Told, instead: Told) -> Told:
    """What is told of a narration that was ready too late to be checked and drawn: `instead` is printed."""
    wordings = tuple(
        replace(row, taken=False, reasons=("time",), words=("",)) if row.taken else row
        for row in told.narration.wordings
    )
    narration = replace(instead.narration, wordings=wordings, outcomes=told.narration.outcomes)
    refused = {"refused": dict(sorted(narration.refused.items()))}
    return replace(instead, narration=narration, record=told.record | _DROPPED | refused)


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


def _provenance(narration: Narration, used: Mapping[str, Any], narrator: Narrator) -> dict[str, str]:
    """What the report says of its wording: which model, which prompt, which lexicon, how much."""
    prompt = load_prompt()
    return {
        "narration": "model" if narration.kept else "template",
        **{f"narration_{name}": str(value) for name, value in narrator.about.items()},
        "narration_models": ", ".join(used["models"]),
        "narration_prompt": f"{prompt.version} {prompt.digest[:16]}",
        "narration_lexicon": lexicon_digest()[:16],
        "narration_sentences": f"{narration.kept} of {narration.asked} worded by the model",
        "narration_outcomes": ", ".join(f"{name} {count}" for name, count in used["outcomes"].items()),
    }


def _own_names(answered: Sequence[str], asked: str) -> list[str]:
    """Names of the models that answered, as far as they begin like the one that was asked; others may say anything."""
    return [name if asked and name.startswith(asked) else "another name" for name in answered]


def _record(
    narration: Narration, used: Mapping[str, Any], narrator: Narrator, *, deadline_s: float, waited_s: float
) -> dict[str, Any]:
    prompt = load_prompt()
    return {
        "event": "narration",
        "report": narration.draft.report_id.rpartition("-")[2],
        "program": f"report_gen {__version__}",
        "case_schema": SCHEMA_VERSION,
        "prompt": prompt.version,
        "prompt_sha256": prompt.digest,
        "lexicon_sha256": lexicon_digest(),
        **narrator.about,
        **used,
        "sentences": narration.asked,
        "sentences_kept": narration.kept,
        "refused": dict(sorted(narration.refused.items())),
        "template_only": not narration.kept,
        "dropped": False,
        "deadline_s": round(deadline_s, 3),
        "waited_s": round(waited_s, 3),
    }
