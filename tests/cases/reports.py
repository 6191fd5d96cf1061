"""The ways of a case through the program: loaded, its facts, its checked draft, what is found about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from report_gen.case.contract.model import Case
from report_gen.case.load import load_case
from report_gen.checks import CheckedReport, check
from report_gen.draft.writer import write
from report_gen.facts import Facts, derive
from report_gen.facts.model import Fact
from report_gen.finding import Finding
from tests.cases.parts import Data

__all__ = ["asked_by_name", "checked", "codes", "fact", "facts_of", "findings", "loaded", "told"]


def loaded(data: Data) -> Case:
    """The case as the loader reads it from a file."""
    return load_case(json.dumps(data).encode())


def facts_of(data: Data) -> Facts:
    """The facts of a case."""
    return derive(loaded(data))


def checked(data: Data) -> CheckedReport:
    """The checked draft of a case."""
    facts = facts_of(data)
    return check(facts, write(facts, report_id="T-1"))


def findings(data: Data, code: str = "") -> list[Finding]:
    """The findings about a case, all or those of one code; defects of the writer are not findings about a case."""
    rows = [row for row in checked(data).findings if not row.code.startswith("coverage.")]
    return [row for row in rows if not code or row.code == code]


def codes(data: Data) -> list[str]:
    """The codes of the findings about a case, sorted."""
    return sorted(row.code for row in findings(data))


def fact(data: Data, fact_id: str) -> Fact:
    """One fact of a case."""
    return facts_of(data).by_id[fact_id]


def told(data: Data, code: str) -> list[tuple[str, str]]:
    """Severity and place of the contradictions of a code."""
    return [(row.severity, row.pointer) for row in findings(data, f"contradiction.{code}")]


def asked_by_name(shown: Sequence[Finding]) -> list[Finding]:
    """Findings that a page asks in full: of three or more of one kind that close no gate, the first alone."""
    kinds = Counter(row.code for row in shown if not row.blocking)
    asked: list[Finding] = []
    for row in shown:
        if row.blocking or kinds[row.code] < 3 or row.code not in {other.code for other in asked}:
            asked.append(row)
    return asked
