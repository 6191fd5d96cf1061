"""``report.json``: what the PDF says, with the facts behind every sentence, cell and mark."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter

from report_gen.checks.model import CheckedReport, Finding
from report_gen.draft.model import KeyValue, Section
from report_gen.facts.model import Fact

__all__ = ["ReportDocument", "finding_schema", "render_json", "report_schema"]


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
    findings: tuple[Finding, ...]
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
        findings=report.findings,
    )
    return json.dumps(_plain(document), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _plain(value: Any) -> Any:
    """A value as JSON types; several times faster than a general serializer on thousands of small facts."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _names(value.__class__)}
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _schema(kind: type, name: str) -> dict[str, Any]:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    schema = adapter.json_schema(mode="serialization")
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
    return _schema(ReportDocument, "report")


def finding_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one finding."""
    return _schema(Finding, "finding")


ReportDocument.__pydantic_config__ = ConfigDict(use_attribute_docstrings=True, extra="forbid")  # type: ignore[attr-defined]
