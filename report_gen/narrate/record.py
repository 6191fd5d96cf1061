"""The account of a narration: a typed value, and what the log and ``report.json`` say of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from report_gen.case.contract.model import SCHEMA_VERSION
from report_gen.llm.telemetry import Usage
from report_gen.version import __version__

__all__ = ["NarrationRecord", "as_log", "as_provenance", "log_line"]

_NOT_READY: Final = "no wording of a model was ready in time; the log says what was asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrationRecord:
    """Record of one report's narration: counts, codes, versions and times; never a word of the report."""

    report: str
    """Digest part of the report id."""
    prompt: str
    """Version of the prompt."""
    prompt_sha256: str
    """Digest of the prompt, in hexadecimal."""
    grammar_sha256: str
    """Digest of the guard's grammar, in hexadecimal."""
    about: Mapping[str, str | bool]
    """What the client says of its endpoint, such as `endpoint` and `model`; no address, no key."""
    usage: Usage
    """Questions, calls, outcomes, tokens and cost."""
    sentences: int
    """Template sentences that the model was asked to word."""
    sentences_kept: int
    """Of them, those that stand in the report as the model worded them."""
    refused: Mapping[str, int]
    """Wordings that do not stand, by the first reason."""
    dropped: bool
    """Whether what the model said was ready too late, or it was not asked for want of time."""
    deadline_s: float
    """Seconds that the model had. 0: it was not asked."""
    waited_s: float
    """Seconds until the answers were there, or no longer waited for."""
    report_ms: int = 0
    """Milliseconds of the whole report, what was spent before it included. 0: it is not ready yet."""

    @property
    def template_only(self) -> bool:
        """Whether the template worded all of the report."""
        return not self.sentences_kept


def as_log(record: NarrationRecord) -> dict[str, Any]:
    """The fields of the log, the same for every narration; what the client does not say of its endpoint is left out."""
    calls = {name: getattr(record.usage, name) for name in Usage.__slots__}
    return {
        "event": "narration",
        "report": record.report,
        "program": f"report_gen {__version__}",
        "case_schema": SCHEMA_VERSION,
        "prompt": record.prompt,
        "prompt_sha256": record.prompt_sha256,
        "grammar_sha256": record.grammar_sha256,
        **record.about,
        **{name: list(value) if isinstance(value, tuple) else value for name, value in calls.items()},
        "sentences": record.sentences,
        "sentences_kept": record.sentences_kept,
        "refused": dict(record.refused),
        "template_only": record.template_only,
        "dropped": record.dropped,
        "deadline_s": record.deadline_s,
        "waited_s": record.waited_s,
        "report_ms": record.report_ms,
    }


def log_line(record: NarrationRecord) -> str:
    """One line of JSON for the log."""
    return json.dumps(as_log(record), sort_keys=True)


def as_provenance(record: NarrationRecord) -> dict[str, str]:
    """What ``report.json`` says of the wording: which model, which prompt, which grammar, how much.

    Of a narration that was dropped it says no more than that: the report that is given out instead was made before the
    model was asked, and must be true whatever came after.
    """
    about = {f"narration_{name}": str(value) for name, value in record.about.items()}
    if record.dropped:
        return {"narration": "template", **about, "narration_dropped": _NOT_READY}
    outcomes = record.usage.outcomes
    return {
        "narration": "template" if record.template_only else "model",
        **about,
        "narration_models": ", ".join(record.usage.models),
        "narration_prompt": f"{record.prompt} {record.prompt_sha256[:16]}",
        "narration_grammar": record.grammar_sha256[:16],
        "narration_sentences": f"{record.sentences_kept} of {record.sentences} worded by the model",
        "narration_outcomes": ", ".join(f"{name} {count}" for name, count in outcomes.items()),
    }
