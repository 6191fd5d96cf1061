"""Reports that a bench must not count: one of their documents is not what the library made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from report_gen import Report
from report_gen.render.formats import Format

__all__ = ["with_document"]


def with_document(report: Report, form: Format, **changes: Any) -> Report:
    """The report with another document in one form."""
    return replace(report, documents={**report.documents, form: replace(report.documents[form], **changes)})
