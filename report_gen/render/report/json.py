"""``report.json``: what the PDF says, with the facts behind every sentence, cell and mark."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict
from pydantic_core import to_json

from report_gen.checks.model import CheckedReport
from report_gen.document.blocks import KeyValue, Section
from report_gen.document.figures import TimelineFigure
from report_gen.draft.model import Sentence
from report_gen.facts.model import Fact
from report_gen.finding import Finding, Gate, Severity
from report_gen.render.json_document import AskedIn, document_schema
from report_gen.render.report.sections import ReportBlock, sections
from report_gen.render.report.standing import Status, standing

__all__ = ["FindingEntry", "ReportDocument", "finding_entry", "finding_schema", "render_json", "report_schema"]

_OF_BLOCK: Final[Any] = {"sentences": {"__all__": {"states"}}, "note": {"__all__": {"states"}}}
_BEHIND_THE_TEXT: Final[Any] = {
    "facts": {"__all__": {"values": {"__all__": {"vocabulary", "code", "codes", "flag", "day"}}}},
    "sections": {"__all__": {"role": True, "about": True, "blocks": {"__all__": _OF_BLOCK}}},
}
"""What a `Value` of a fact, a `Section` and a `Sentence` keep back from the document."""


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
    # By the types of the values: a serializer of the declared types takes as long to build as a short report takes.
    return to_json(document, exclude=_BEHIND_THE_TEXT) + b"\n"


def report_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ``report.json``."""
    parts = _modules(ReportDocument, Section, Sentence, TimelineFigure, Fact)
    return document_schema(ReportDocument, "report", parts)


def finding_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one finding."""
    return document_schema(FindingEntry, "finding", _modules(FindingEntry))


def _modules(*kinds: type) -> list[ModuleType]:
    """The modules in which these types and their neighbours are defined."""
    return [sys.modules[kind.__module__] for kind in kinds]


_CONFIG = ConfigDict(extra="forbid")
ReportDocument.__pydantic_config__ = _CONFIG  # type: ignore[attr-defined]
FindingEntry.__pydantic_config__ = _CONFIG  # type: ignore[attr-defined]
