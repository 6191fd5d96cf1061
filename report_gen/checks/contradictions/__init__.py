"""Statements of the record that cannot both hold. They concern signing and are shown, never smoothed.

``contradictions.json`` holds their weight and source; the functions here detect them (clinical reference §1.8 and
§1.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from report_gen.checks.contradictions.block import BLOCK_CHECKS
from report_gen.checks.contradictions.chains import CHAIN_CHECKS
from report_gen.checks.contradictions.outcomes import OUTCOME_CHECKS
from report_gen.checks.contradictions.readings import READING_CHECKS, RESPONSE_CHECKS
from report_gen.checks.contradictions.sides import DIAGNOSIS_CHECKS, EVENT_SIDE_CHECKS, SURGERY_SIDE_CHECKS
from report_gen.checks.contradictions.times import TIME_CHECKS
from report_gen.checks.contradictions.words import WORD_CHECKS
from report_gen.checks.fired import Coded, findings, run
from report_gen.checks.table import contradictions
from report_gen.facts.model import Facts
from report_gen.finding import Finding

__all__ = ["CODES", "contradiction_findings", "fired_contradictions"]

CODES: Final[tuple[str, ...]] = (
    *OUTCOME_CHECKS,
    *CHAIN_CHECKS,
    *READING_CHECKS,
    *RESPONSE_CHECKS,
    *BLOCK_CHECKS,
    *EVENT_SIDE_CHECKS,
    *DIAGNOSIS_CHECKS,
    *SURGERY_SIDE_CHECKS,
    *TIME_CHECKS,
    *WORD_CHECKS,
)
"""Codes of all functions. `tests/checks/test_table.py` holds them against ``contradictions.json``, one for one."""


def contradiction_findings(facts: Facts) -> Iterator[Finding]:
    """Every contradiction found."""
    yield from findings(fired_contradictions(facts), contradictions, facts)


def fired_contradictions(facts: Facts) -> Iterator[Coded]:
    """Each time that a check of two statements fires."""
    for chain in facts.events:
        yield from run(OUTCOME_CHECKS, facts, chain)
    for chain in facts.events:
        yield from run(CHAIN_CHECKS, facts, chain)
    yield from run(READING_CHECKS, facts)
    for course in facts.responses:
        yield from run(RESPONSE_CHECKS, facts, course)
    yield from run(BLOCK_CHECKS, facts)
    for chain in facts.events:
        yield from run(EVENT_SIDE_CHECKS, facts, chain)
    for diagnosis in facts.of_kind("diagnosis"):
        yield from run(DIAGNOSIS_CHECKS, facts, diagnosis)
    yield from run(SURGERY_SIDE_CHECKS, facts)
    yield from run(TIME_CHECKS, facts)
    yield from run(WORD_CHECKS, facts)
