"""Runs every check; the only maker of a `CheckedReport`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from report_gen.checks.contradictions import contradiction_findings
from report_gen.checks.model import CheckedReport
from report_gen.checks.required import required_findings
from report_gen.draft.model import Draft, statements
from report_gen.facts.model import Facts
from report_gen.finding import GATES, Evidence, Finding, Source

__all__ = ["check"]

_SINCE, _CHECKED_ON = date(1990, 1, 1), date(2026, 11, 30)
_LIMITS = Source("clinical reference", "§2", _SINCE, _CHECKED_ON, "own")
_COVERAGE = Source("clinical reference", "§7.1", _SINCE, _CHECKED_ON, "own")


def check(facts: Facts, draft: Draft) -> CheckedReport:
    """A draft with every finding about it: required fields, contradictions, plausibility, and its own coverage."""
    findings = [
        *contradiction_findings(facts),
        *required_findings(facts),
        *_plausibility(facts),
        *_coverage(facts, draft),
    ]
    findings.sort(key=lambda finding: (not finding.blocking, GATES.index(finding.gate), not finding.contradiction))
    return CheckedReport(facts, draft, tuple(findings))


def _plausibility(facts: Facts) -> Iterator[Finding]:
    for problem in facts.warnings:
        yield Finding(
            code=problem.code,
            origin="contract",
            severity="warn",
            gate="draft",
            pointer=problem.pointer,
            message=f"Unusual value: expected {problem.expected}.",
            question="Is the value right as recorded?",
            who="technologist",
            sources=(_LIMITS,),
        )


def _coverage(facts: Facts, draft: Draft) -> Iterator[Finding]:
    """Facts that must be stated and are not, and statements that cite no known fact.

    These are defects of a writer, not of the record, and a reason not to sign.
    """
    for where, _, ids in statements(draft):
        unknown = [fact_id for fact_id in ids if fact_id not in facts.by_id]
        if unknown or not ids:
            yield Finding(
                code="coverage.statement_without_fact",
                origin="coverage",
                severity="block",
                gate="sign",
                pointer="",
                message=f"A statement in section {where} rests on no fact of the record.",
                question="Report this to the makers of the program.",
                who="professional",
                sources=(_COVERAGE,),
            )
    cited = {fact_id for _, _, ids in statements(draft, shown=False) for fact_id in ids}
    for fact in facts:
        if fact.must_state and fact.id not in cited:
            yield Finding(
                code="coverage.fact_not_stated",
                origin="coverage",
                severity="block",
                gate="sign",
                pointer=fact.pointer,
                message="Something recorded is missing from the report.",
                question="Report this to the makers of the program.",
                who="professional",
                evidence=(Evidence(fact.id, fact.pointer),),
                sources=(_COVERAGE,),
            )
