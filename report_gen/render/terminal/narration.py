"""A narration as lines for a person: a short summary, and both wordings side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from report_gen.narrate.merge import Wording
from report_gen.narrate.record import NarrationRecord

__all__ = ["narration_lines", "side_by_side"]

_COLUMN: Final = 58
_ADVICE: Final[Mapping[str, str]] = {
    "auth": "the endpoint refused the key; check the environment variable that holds it",
    "bad_request": "the endpoint does not know the model or refused the request; try report-gen doctor --probe",
    "unavailable": "the endpoint cannot be reached, or the extra llm is not installed; try report-gen doctor --probe",
    "timeout": "the endpoint did not answer in time",
    "rate_limited": "the endpoint has no capacity left for this account at the moment",
    "server_error": "the endpoint failed",
    "circuit_open": "the endpoint failed several times in a row and is left alone for a minute",
    "egress": "a question held something that looks like an identifier and was not sent",
    "invalid_json": "the answer was not JSON",
    "schema": "the answer did not have the form that was asked for",
    "truncated": "the answer was cut off",
    "partial": "only a part of the answer had come when the time was over",
    "refused": "the model declined",
    "filtered": "the endpoint's filter withheld the answer",
    "not_asked": "no time was left, or the report has more questions than may be asked",
}
"""What an outcome means, and what to do about it."""


def narration_lines(record: NarrationRecord | None) -> list[str]:
    """Summary of a narration, each trouble once; no word of the report.

    Args:
        record: `Report.narration` of a report for which a model was configured. None: a defect of ours stopped it.
    """
    if record is None:
        return [
            "narration: a defect of the program stopped it; the template words the report, and report.json says where"
        ]
    asked, kept, usage = record.sentences, record.sentences_kept, record.usage
    if record.dropped:
        return ["narration: no time was left for what a model words; the template words the report"]
    lines = [f"narration: the model worded {kept} of {asked} sentences in {record.waited_s:.1f} s"]
    refused = sum(record.refused.values())
    if refused:
        reasons = ", ".join(f"{reason} {count}" for reason, count in record.refused.items())
        lines.append(f"narration: {refused} wordings did not stand and are worded by template ({reasons})")
    lines.extend(
        _missing(outcome, count, usage.questions) for outcome, count in usage.outcomes.items() if outcome != "ok"
    )
    return lines


def _missing(outcome: str, count: int, asked: int) -> str:
    """What became of questions that were not answered, or not to the end."""
    what, words = ("answer", "them") if outcome != "partial" else ("all of the answer", "the rest")
    reason = _ADVICE.get(outcome, outcome)
    return f"narration: {count} of {asked} questions without {what}: {reason}; the template words {words}"


def side_by_side(wordings: Sequence[Wording]) -> list[str]:
    """Template and model in two columns, with the verdict on each wording. Holds the text of the case."""
    lines: list[str] = []
    passage = ""
    for wording in wordings:
        if wording.passage != passage:
            passage = wording.passage
            lines += ["", f"{passage:<{_COLUMN}} | model"]
        lines.append("-" * (2 * _COLUMN + 3))
        lines.extend(_columns(" ".join(wording.template), " ".join(wording.offered) or "(nothing offered)"))
        lines.append(_verdict(wording))
    return lines


def _columns(left: str, right: str) -> Iterator[str]:
    for one, other in zip_longest(textwrap.wrap(left, _COLUMN), textwrap.wrap(right, _COLUMN), fillvalue=""):
        yield f"{one:<{_COLUMN}} | {other}".rstrip()


def _verdict(wording: Wording) -> str:
    if wording.taken:
        return "=> model"
    if not wording.reasons:
        return "=> template: none was offered"
    named = [
        f"{reason} ({word})" if word else reason for reason, word in zip(wording.reasons, wording.words, strict=True)
    ]
    return f"=> template: {', '.join(dict.fromkeys(named))}"
