"""Asks the model about a draft, within its time, and tells how it went."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from report_gen.case.model import SCHEMA_VERSION, Case
from report_gen.draft.model import Draft
from report_gen.draft.passages import passages
from report_gen.facts.model import Facts
from report_gen.guard.lexicon import lexicon_digest
from report_gen.llm.client import Client
from report_gen.llm.egress import Identifiers, guard_request, known_identifiers
from report_gen.llm.port import Answer, EndpointError
from report_gen.llm.prompt import Question, load_prompt, questions
from report_gen.llm.telemetry import usage
from report_gen.narrate.merge import Narration, narrate
from report_gen.version import __version__

__all__ = ["narrated"]


def narrated(
    case: Case, facts: Facts, draft: Draft, narrator: Client, *, left_s: float
) -> tuple[Narration, dict[str, str], dict[str, Any]]:
    """The draft after narration, its provenance for `report.json`, and its record for the log.

    Args:
        case: The case, whose identifiers no question may hold.
        facts: Its facts.
        draft: The deterministic draft.
        narrator: The model's client.
        left_s: Seconds that the model may take at most; the client's own deadline may be shorter.

    Raises:
        AssetError: A prompt or the lexicon is missing or damaged.
    """
    deadline_s = min(narrator.policy.deadline_s, left_s)
    began = time.perf_counter()
    found = passages(draft, facts)
    asked = questions(found, facts)
    answers = _answers(asked, narrator, known_identifiers(case), deadline_s - (time.perf_counter() - began))
    waited_s = time.perf_counter() - began
    narration = narrate(draft, facts, found, asked, answers, model=str(narrator.about.get("model", "")))
    used = dict(usage(answers))
    used["models"] = _own_names(used["models"], str(narrator.about.get("model", "")))
    record = {
        **_record(narration, used, narrator),
        "deadline_s": round(deadline_s, 3),
        "waited_s": round(waited_s, 3),
    }
    return narration, _provenance(narration, used, narrator), record


def _answers(
    asked: Sequence[Question], narrator: Client, identifiers: Identifiers, deadline_s: float
) -> tuple[Answer, ...]:
    """An answer for each question; one that holds an identifier is not sent."""
    kept_back: dict[str, Answer] = {}
    for question in asked:
        try:
            guard_request(question.ask, identifiers)
        except EndpointError as error:
            kept_back[question.ask.id] = Answer(question.ask.id, error.outcome)
    sent = [question.ask for question in asked if question.ask.id not in kept_back]
    came = {answer.ask_id: answer for answer in narrator.ask(sent, deadline_s=deadline_s)}
    return tuple(kept_back.get(question.ask.id) or came[question.ask.id] for question in asked)


def _provenance(narration: Narration, used: Mapping[str, Any], narrator: Client) -> dict[str, str]:
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


def _record(narration: Narration, used: Mapping[str, Any], narrator: Client) -> dict[str, Any]:
    """One line for the log: versions, calls, outcomes, tokens, cost, sentences by reason; never content."""
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
    }
