"""Our own drawing of a checked report."""

from __future__ import annotations

from collections.abc import Mapping
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


def make(prepared: Prepared) -> bytes:
    """The report as the pipeline draws it."""
    from report_gen.render.report.pdf import render_pdf

    return render_pdf(prepared.report, content_id=prepared.content_id).data


def read_only(mapping: dict[Any, Any]) -> Mapping[Any, Any]:
    """A read-only mapping, as the facts of a report hold them; makes one again when a document is read."""
    return MappingProxyType(mapping)
