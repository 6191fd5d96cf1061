"""``report.json``: what the PDF says, with the facts behind every sentence, cell and mark."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict
from pydantic_core import CoreSchema, SchemaSerializer, core_schema

from report_gen.checks.model import CheckedReport
from report_gen.document.blocks import KeyValue, Section
from report_gen.document.figures import TimelineFigure
from report_gen.draft.model import Sentence
from report_gen.facts.model import Fact, Value
from report_gen.finding import AnswerKind, Concern, Finding, Gate, GivenAnswer, Severity
from report_gen.render.json_document import AskedIn, document_schema
from report_gen.render.report.sections import ReportBlock, sections
from report_gen.render.report.standing import Status, standing

__all__ = ["FindingEntry", "ReportDocument", "finding_entry", "finding_schema", "render_json", "report_schema"]

_OF_SENTENCES: Final[Any] = {"__all__": {"states"}}
_OF_POINTS: Final[Any] = {"__all__": {"text", "when", "joined"}}
_OF_STEPS: Final[Any] = {"__all__": {"when", "rank"}}
_OF_BLOCK: Final[Any] = {
    "sentences": _OF_SENTENCES,
    "entries": {"__all__": {"sentences": _OF_SENTENCES}},
    "note": _OF_SENTENCES,
    "lanes": {"__all__": {"spans": {"__all__": {"label"}}}},
    "steps": _OF_STEPS,
    "handovers": _OF_STEPS,
    "map_points": _OF_POINTS,
    "series": {"__all__": {"points": _OF_POINTS}},
    "criterion": {"__all__": {"short"}},
    "marks": True,
    "breaks": True,
    "map_targets": True,
}
_BEHIND_THE_TEXT: Final[Any] = {
    "sections": {"__all__": {"role": True, "about": True, "blocks": {"__all__": _OF_BLOCK}}},
}
"""What a `Section`, a `Sentence` and the parts of a figure keep back from the document."""


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """One thing that is missing, implausible or contradictory, with the one question that would settle it."""

    code: str
    """Stable identifier such as `contradiction.resolved_beyond_criterion`."""
    severity: Severity
    """`block` closes the gate; `warn` does not."""
    gate: Gate
    """The first gate it concerns: draft (technologist), sign (professional), claim (billing)."""
    pointer: str
    """JSON pointer into the case file."""
    message: str
    """What was found, in words fit for the report page; no patient identifier."""
    question: str
    """One short question for the person who can answer it."""
    ask: Annotated[str, AskedIn("report")]
    """Who can answer it."""
    source: str
    """Where the rule comes from."""
    facts: tuple[str, ...] = ()
    """Ids of the facts concerned."""
    contradiction: bool = False
    """Two statements of the record disagree: printed in a box on the page, never smoothed."""
    concern: Concern = "record"
    """What is at stake; findings are in this order."""
    subject: str = ""
    """Id of the event, channel, modality or person it is about, as `answers` of the case file name it. Empty: the
    record as a whole."""
    about: str = ""
    """That subject as a reader knows it, with its time. Empty: the record as a whole."""
    settled_by: tuple[AnswerKind, ...] = ()
    """Answers in the case file that settle it. Empty: only a correction of the record does."""
    answers: tuple[GivenAnswer, ...] = ()
    """Answers given so far. One that settles it opens the gate."""


def finding_entry(finding: Finding) -> FindingEntry:
    """A finding as ``report.json`` and ``report-gen check --format json`` hold it."""
    return FindingEntry(
        code=finding.code,
        severity=finding.severity,
        gate=finding.gate,
        pointer=finding.pointer,
        message=finding.message,
        question=finding.question,
        ask=finding.who,
        source="; ".join(f"{source.title} {source.locator}" for source in finding.sources),
        facts=finding.facts,
        contradiction=finding.contradiction,
        concern=finding.concern,
        subject=finding.subject,
        about=finding.about,
        settled_by=finding.settled_by,
        answers=finding.answers,
    )


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """The content of ``report.json``, version 1."""

    schema_version: Literal["report.v1"]
    """Contract version."""
    report_id: str
    """Report id, also printed on every page."""
    version: int
    """Report version, from 1."""
    status: Status
    """How far the report is signed. An unsigned report is a draft."""
    title: str
    """Document title, without the patient's name."""
    language: str
    """Language of the text."""
    stamp_at: datetime
    """The report's own time: the latest time in the record."""
    provenance: dict[str, str]
    """Program, contract and who worded the text."""
    running_header: tuple[KeyValue, ...]
    """What stands on every page."""
    sections: tuple[Section[ReportBlock], ...]
    """Sections in reading order."""
    facts: tuple[Fact, ...]
    """Every fact with its place in the case file."""
    findings: tuple[FindingEntry, ...]
    """What is missing or contradictory."""


def render_json(report: CheckedReport, provenance: Mapping[str, str]) -> bytes:
    """The report as UTF-8 JSON; the same report gives the same bytes.

    Args:
        report: Checked report.
        provenance: What made it.
    """
    draft = report.draft
    document = ReportDocument(
        schema_version="report.v1",
        report_id=draft.report_id,
        version=draft.version,
        status=standing(report).status,
        title=draft.title,
        language=draft.language,
        stamp_at=draft.stamp_at,
        provenance=dict(provenance),
        running_header=draft.running_header,
        sections=sections(report),
        facts=report.facts.items,
        findings=tuple(map(finding_entry, report.findings)),
    )
    return _serializer().to_json(document, exclude=_BEHIND_THE_TEXT) + b"\n"


@cache
def _serializer() -> SchemaSerializer:
    """Writes a document: its facts, which are most of it, by their declared types, all else by the types of the values.

    A serializer of all declared types takes as long to build as a short report takes.
    """
    text, anything = core_schema.str_schema(), core_schema.any_schema()
    number = core_schema.nullable_schema(core_schema.float_schema())
    at = core_schema.nullable_schema(core_schema.datetime_schema())
    value = _written(Value, {"name": text, "text": text, "number": number, "at": at})
    of_fact: dict[str, CoreSchema] = dict.fromkeys((field.name for field in fields(Fact)), text)
    of_fact |= {"values": core_schema.tuple_variable_schema(value), "inputs": core_schema.tuple_variable_schema(text)}
    fact = _written(Fact, of_fact | {"must_state": core_schema.bool_schema()})
    of_document: dict[str, CoreSchema] = dict.fromkeys((field.name for field in fields(ReportDocument)), anything)
    return SchemaSerializer(_written(ReportDocument, of_document | {"facts": core_schema.tuple_variable_schema(fact)}))


def _written(kind: type, forms: Mapping[str, CoreSchema]) -> CoreSchema:
    """How a dataclass is written, by the forms of its fields; one that has no form is kept back."""
    names = [field.name for field in fields(kind)]
    rows = [
        core_schema.dataclass_field(
            name, forms.get(name, core_schema.any_schema()), serialization_exclude=name not in forms
        )
        for name in names
    ]
    return core_schema.dataclass_schema(kind, core_schema.dataclass_args_schema(kind.__name__, rows), names, slots=True)


def report_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ``report.json``."""
    parts = _modules(ReportDocument, Section, Sentence, TimelineFigure, Fact, GivenAnswer)
    return document_schema(ReportDocument, "report", parts)


def finding_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one finding."""
    return document_schema(FindingEntry, "finding", _modules(FindingEntry, GivenAnswer))


def _modules(*kinds: type) -> list[ModuleType]:
    """The modules in which these types and their neighbours are defined."""
    return [sys.modules[kind.__module__] for kind in kinds]


_CONFIG = ConfigDict(extra="forbid")
ReportDocument.__pydantic_config__ = _CONFIG  # type: ignore[attr-defined]
FindingEntry.__pydantic_config__ = _CONFIG  # type: ignore[attr-defined]
