"""What a person gets for a case file: problems, findings, and every word of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final

import pytest

from report_gen.case import load_case
from report_gen.checks import CheckedReport
from report_gen.errors import CaseInvalidError
from report_gen.finding import Finding
from tests.cases.reports import checked

__all__ = ["asked", "blocking", "page", "problems"]

_NOT_PRINTED: Final = {"id", "kind", "facts", "role", "about", "worded_by", "refused", "states", "align", "report_id"}


def problems(case: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Code, place and words of each problem of a case file that is refused."""
    with pytest.raises(CaseInvalidError, match="in the case file") as caught:
        load_case(json.dumps(case).encode())
    return [(row.code, row.pointer, f"{row.expected} {row.action}") for row in caught.value.problems]


def asked(case: dict[str, Any], *words: str) -> list[Finding]:
    """The findings whose message or question holds all these words, in any case."""
    rows = [row for row in checked(case).findings if not row.code.startswith("coverage.")]
    return [row for row in rows if all(word.lower() in f"{row.message} {row.question}".lower() for word in words)]


def blocking(case: dict[str, Any], *words: str, gate: str = "sign") -> list[Finding]:
    """Those of them that close a gate."""
    return [row for row in asked(case, *words) if row.severity == "block" and row.gate == gate]


def page(case: dict[str, Any] | CheckedReport) -> str:
    """Every word that is printed of a case, a line for each sentence, cell and mark."""
    report = case if isinstance(case, CheckedReport) else checked(case)
    return "\n".join(_words(report.draft.running_header, report.draft.sections))


def _words(*nodes: object) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, (tuple, list)):
            yield from _words(*node)
        elif is_dataclass(node) and not isinstance(node, datetime):
            yield from _words(*(getattr(node, row.name) for row in fields(node) if row.name not in _NOT_PRINTED))
