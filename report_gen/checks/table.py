"""The rules of the checks, as data: one row of ``gates.json`` or ``contradictions.json`` for each check function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from report_gen.errors import AssetError
from report_gen.finding import AnswerKind, Certainty, Concern, Gate, Origin, Severity, Source
from report_gen.vocab import vocabulary

__all__ = ["CheckRule", "Eased", "contradictions", "gates", "parsed"]

_FOLDER: Final = Path(__file__).parent
_DOCUMENTS: Final = {"clinical.md": "clinical reference", "billing.md": "billing reference"}
"""Printed names of the documents in ``docs/reference``."""


@dataclass(frozen=True, slots=True)
class Eased:
    """Weight of a check in its milder case."""

    when: str
    """Which case that is; the function knows it when it sees it."""
    gate: Gate
    """The first gate it concerns then."""
    severity: Severity
    """Whether it closes that gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule:
    """The rule of one check. Slots in braces take words from the check function."""

    code: str
    """Code of the finding, such as `required.event_side`."""
    origin: Origin
    """What asks: a gate, or two statements that cannot both hold."""
    gate: Gate
    """The first gate it concerns."""
    severity: Severity
    """Whether it closes that gate."""
    ask: str
    """Who can answer it: a code of the vocabulary `respondents`."""
    message: str
    """What was found."""
    message_several: str = ""
    """What was found where it was found `{count}` times at once. Empty: it is found one at a time."""
    question: str
    """The question that would settle it."""
    effective_from: date
    """First date of service that it is asked of."""
    sources: tuple[Source, ...]
    """Where it comes from; `docs/reference` holds the sections. Never empty."""
    eased: Eased | None = None
    """The case in which it weighs less. None: it always weighs the same."""
    concern: Concern = "record"
    """What is at stake."""
    rests_on: Literal["values", "words"] = "values"
    """Coded values, or a reading of somebody's free words, which that person alone settles."""
    settled_by: tuple[AnswerKind, ...] = ()
    """Answers of the case file that settle it. Empty: only a correction of the record does."""
    on_page: bool = False
    """Whether the report shows it although it closes no gate, because it changes how a value is read."""
    topic: str = ""
    """What one answer settles together with other findings of the same topic and respondent. Empty: itself alone."""


@cache
def gates() -> Mapping[str, CheckRule]:
    """The rules of the gates, by code.

    Raises:
        AssetError: The file is missing or damaged.
    """
    return _read("gates.json")


@cache
def contradictions() -> Mapping[str, CheckRule]:
    """The rules of the contradictions, by code.

    Raises:
        AssetError: The file is missing or damaged.
    """
    return _read("contradictions.json")


def _read(name: str) -> Mapping[str, CheckRule]:
    try:
        return parsed((_FOLDER / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssetError("assets.checks", f"{name} is missing or damaged; install report_gen again") from error


def parsed(text: str) -> Mapping[str, CheckRule]:
    """The rules of a table by code; values at its head are defaults for every row.

    Raises:
        ValueError: The text is no JSON, a key is missing or not known, a word is outside its closed list, or a code
            occurs twice.
    """
    head = json.loads(text)
    try:
        rows, _ = head.pop("rules"), head.pop("about")
        rules = {row["code"]: _rule(head | row) for row in rows}
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"a row cannot be read: {error}") from error
    if len(rules) < len(rows):
        raise ValueError("a code stands twice")
    return MappingProxyType(rules)


def _rule(row: dict[str, Any]) -> CheckRule:
    eased = Eased(**row.pop("eased")) if "eased" in row else None
    since, checked_on = (date.fromisoformat(row.pop(name)) for name in ("effective_from", "checked_on"))
    certainty = row.pop("certainty")
    settled_by = tuple(row.pop("settled_by", ()))
    cited = [source.partition(" ") for source in row.pop("sources")]
    sources = tuple(
        Source(_DOCUMENTS[document], locator, since, checked_on, certainty) for document, _, locator in cited
    )
    rule = CheckRule(**row, effective_from=since, sources=sources, eased=eased, settled_by=settled_by)
    weights = (rule, eased) if eased else (rule,)
    known = (
        all(weight.gate in get_args(Gate) and weight.severity in get_args(Severity) for weight in weights)
        and certainty in get_args(Certainty)
        and rule.origin in get_args(Origin)
        and rule.concern in get_args(Concern)
        and rule.rests_on in ("values", "words")
        and set(settled_by) <= set(get_args(AnswerKind))
        and (rule.rests_on == "values" or "stands_as_written" in settled_by)
        and "report" in vocabulary("respondents")[rule.ask].asked_in
        and bool(sources)
    )
    if not known:
        raise ValueError(f"{rule.code} holds a word that is not known")
    return rule
