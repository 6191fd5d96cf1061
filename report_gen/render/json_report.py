"""``report.json``: what the PDF says, with the facts behind every sentence, cell and mark."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import ConfigDict
from pydantic_core import core_schema, to_json

from report_gen.attribute_docs import attribute_docs, describe
from report_gen.checks.model import CheckedReport
from report_gen.draft.figures import TimelineFigure
from report_gen.draft.model import KeyValue, Section
from report_gen.facts.model import Fact
from report_gen.finding import Finding, Gate, Severity
from report_gen.vocab import vocabulary

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = [
    "AskedIn",
    "FindingEntry",
    "ReportDocument",
    "document_json",
    "document_schema",
    "finding_entry",
    "finding_schema",
    "render_json",
    "report_schema",
]

_LOCK = threading.Lock()
_BEHIND_THE_TEXT: Final[Any] = {
    "facts": {"__all__": {"values": {"__all__": {"vocabulary", "code", "codes", "flag", "day"}}}}
}
"""What `report_gen.facts.model.Value` keeps back from the document."""


class AskedIn:
    """Annotation: a code of `respondents` that a document may ask; an ``enum`` in its JSON Schema."""

    def __init__(self, document: Literal["report", "claim"]) -> None:
        """Take the document."""
        self.document = document

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """The closed list, read when a schema is made."""
        entries = vocabulary("respondents").entries
        return core_schema.literal_schema(
            [code for code, row in entries.items() if self.document in row.extra["asked_in"]]
        )


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """One thing that is missing, implausible or contradictory, with the one question that would settle it."""

    code: str
    """Stable identifier such as `contradiction.resolved_but_beyond_criterion`."""
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
        source="; ".join(f"{row.title} {row.locator}" for row in finding.sources),
        facts=finding.facts,
        contradiction=finding.contradiction,
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
    status: Literal["draft"]
    """An unsigned report is a draft."""
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
    sections: tuple[Section, ...]
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
        status="draft",
        title=draft.title,
        language=draft.language,
        stamp_at=draft.stamp_at,
        provenance=dict(provenance),
        running_header=draft.running_header,
        sections=draft.sections,
        facts=report.facts.items,
        findings=tuple(map(finding_entry, report.findings)),
    )
    # By the types of the values: a serializer of the declared types takes as long to build as a short report takes.
    return to_json(document, exclude=_BEHIND_THE_TEXT) + b"\n"


def document_json(document: Any) -> bytes:
    """A document of ours as UTF-8 JSON with a newline at the end, by its declared types."""
    made: bytes = _adapter(type(document)).dump_json(document)
    return made + b"\n"


def _adapter(kind: type) -> TypeAdapter[Any]:
    """The serializer of a type, made once: making it costs more than a hundred reports."""
    with _LOCK:
        return _made(kind)


@cache
def _made(kind: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def document_schema(kind: type, name: str, modules: Iterable[ModuleType]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a document of ours.

    Args:
        kind: Its type.
        name: Name in the schema's id.
        modules: Where it and what it is made of are defined; docstrings of their attributes become descriptions.
    """
    schema = describe(_adapter(kind).json_schema(mode="serialization"), attribute_docs(modules))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:report-gen:schema:{name}:v1",
        **_tidy(schema),
    }


def _tidy(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: " ".join(value.split()) if key == "description" and isinstance(value, str) else _tidy(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_tidy(value) for value in node]
    return node


def report_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ``report.json``."""
    return document_schema(ReportDocument, "report", _modules(ReportDocument, Section, TimelineFigure, Fact))


def finding_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one finding."""
    return document_schema(FindingEntry, "finding", _modules(FindingEntry))


def _modules(*kinds: type) -> list[ModuleType]:
    """The modules in which these types and their neighbours are defined."""
    return [sys.modules[kind.__module__] for kind in kinds]


_CONFIG = ConfigDict(extra="forbid")
ReportDocument.__pydantic_config__ = _CONFIG  # type: ignore[attr-defined]
FindingEntry.__pydantic_config__ = _CONFIG  # type: ignore[attr-defined]
