"""Runs every check; the only maker of a `CheckedReport`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from report_gen.checks.contradictions import contradiction_findings
from report_gen.checks.model import CheckedReport
from report_gen.checks.plausibility import plausibility_findings
from report_gen.checks.required import required_findings
from report_gen.draft.model import Draft, statements
from report_gen.facts.model import Facts
from report_gen.finding import CONCERNS, GATES, Evidence, Finding, Source

__all__ = ["check"]

_SINCE, _CHECKED_ON = date(1990, 1, 1), date(2026, 11, 30)
_COVERAGE = Source("clinical reference", "§7.1", _SINCE, _CHECKED_ON, "own")


def check(facts: Facts, draft: Draft) -> CheckedReport:
    """A draft with every finding about it: required fields, contradictions, plausibility, and its own coverage."""
    findings = [*contradiction_findings(facts), *required_findings(facts)]
    findings += [*plausibility_findings(facts, findings), *_coverage(facts, draft)]
    findings.sort(
        key=lambda finding: (not finding.blocking, GATES.index(finding.gate), CONCERNS.index(finding.concern))
    )
    return CheckedReport(facts, draft, tuple(findings))


def _coverage(facts: Facts, draft: Draft) -> Iterator[Finding]:
    """Facts that must be stated and are not, and statements that cite no known fact.

    These are defects of a writer, not of the record, and a reason not to sign.
    """
    known = frozenset(facts.by_id)
    for where, _, ids in statements(draft):
        if not ids or not known.issuperset(ids):
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
    cited: set[str] = set()
    cited.update(*(ids for _, _, ids in statements(draft, shown=False)))
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
