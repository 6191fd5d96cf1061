"""Our own drawing of a checked report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bench.peers.content import Prepared
from report_gen import __version__

__all__ = ["make", "missing", "read_only", "version"]


def missing() -> str:
    """Empty: it can always be run."""
    return ""


def version() -> str:
    """The version in use."""
    return __version__


def make(prepared: Prepared) -> tuple[bytes, ...]:
    """The report and its technical record as the pipeline draws them: the record first, whose digest the report has."""
    from report_gen.pipeline import provenance
    from report_gen.render.formats import RENDERERS, Edition

    edition = Edition(provenance=provenance(), report_json=prepared.report_json)
    record = RENDERERS["record"](prepared.report, edition)
    report = RENDERERS["pdf"](prepared.report, replace(edition, record=record))
    return report.data, record.data


def read_only(mapping: dict[Any, Any]) -> Mapping[Any, Any]:
    """A read-only mapping, as the facts of a report hold them; makes one again when a document is read."""
    return MappingProxyType(mapping)
