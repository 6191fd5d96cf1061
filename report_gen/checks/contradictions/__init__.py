"""Statements of the record that cannot both hold. They concern signing and are shown, never smoothed.

Source: clinical reference §1.8 (list of contradictions) and §1.3 (time rules).
"""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.contradictions.block import block_findings
from report_gen.checks.contradictions.chains import chain_findings
from report_gen.checks.contradictions.outcomes import outcome_findings
from report_gen.checks.contradictions.readings import reading_findings
from report_gen.checks.contradictions.sides import side_findings
from report_gen.checks.contradictions.times import time_findings
from report_gen.checks.contradictions.words import word_findings
from report_gen.facts.model import Facts
from report_gen.finding import Finding

__all__ = ["contradiction_findings"]


def contradiction_findings(facts: Facts) -> Iterator[Finding]:
    """Every contradiction found."""
    yield from outcome_findings(facts)
    yield from chain_findings(facts)
    yield from reading_findings(facts)
    yield from block_findings(facts)
    yield from side_findings(facts)
    yield from time_findings(facts)
    yield from word_findings(facts)
