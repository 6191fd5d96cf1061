"""Statements of the record that cannot both hold. They concern signing and are shown, never smoothed.

``contradictions.json`` holds their weight and source; the functions here detect them (clinical reference §1.8 and
§1.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from report_gen.checks.contradictions.block import BLOCK_CHECKS
from report_gen.checks.contradictions.chains import CHAIN_CHECKS
from report_gen.checks.contradictions.course.endings import ENDING_CHECKS, ENDING_OF_EVENT_CHECKS
from report_gen.checks.contradictions.course.examinations import EXAMINATION_CHECKS
from report_gen.checks.contradictions.course.operation import OPERATION_CHECKS
from report_gen.checks.contradictions.course.presence import PRESENCE_CHECKS
from report_gen.checks.contradictions.course.statements import CAUSE_CHECKS, STATEMENT_CHECKS
from report_gen.checks.contradictions.course.written import WRITTEN_CHECKS
from report_gen.checks.contradictions.days import DAY_CHECKS
from report_gen.checks.contradictions.duplicates import DUPLICATE_CHECKS
from report_gen.checks.contradictions.identifiers import IDENTIFIER_CHECKS
from report_gen.checks.contradictions.losses import LOSS_CHECKS, OUTCOME_CLASS_CHECKS, UNRECORDED_CHECKS
from report_gen.checks.contradictions.outcomes import OUTCOME_CHECKS
from report_gen.checks.contradictions.readings import READING_CHECKS, RESPONSE_CHECKS
from report_gen.checks.contradictions.sides import DIAGNOSIS_CHECKS, EVENT_SIDE_CHECKS, SURGERY_SIDE_CHECKS
from report_gen.checks.contradictions.supervision import SUPERVISION_CHECKS
from report_gen.checks.contradictions.times import TIME_CHECKS
from report_gen.checks.contradictions.units import UNIT_CHECKS, Slips
from report_gen.checks.contradictions.words.deficits import DEFICIT_CHECKS
from report_gen.checks.contradictions.words.impression import IMPRESSION_CHECKS, said_of_responses
from report_gen.checks.contradictions.words.record import WORD_CHECKS
from report_gen.checks.fired import Checks, Coded, findings, run
from report_gen.checks.table import contradictions
from report_gen.facts.model import Facts
from report_gen.finding import Finding

__all__ = ["CODES", "contradiction_findings", "fired_contradictions"]

CODES: Final[tuple[str, ...]] = (
    *OUTCOME_CHECKS,
    *LOSS_CHECKS,
    *CHAIN_CHECKS,
    *SUPERVISION_CHECKS,
    *ENDING_OF_EVENT_CHECKS,
    *CAUSE_CHECKS,
    *DAY_CHECKS,
    *READING_CHECKS,
    *DUPLICATE_CHECKS,
    *RESPONSE_CHECKS,
    *UNRECORDED_CHECKS,
    *UNIT_CHECKS,
    *BLOCK_CHECKS,
    *EVENT_SIDE_CHECKS,
    *DIAGNOSIS_CHECKS,
    *SURGERY_SIDE_CHECKS,
    *TIME_CHECKS,
    *OPERATION_CHECKS,
    *ENDING_CHECKS,
    *PRESENCE_CHECKS,
    *WRITTEN_CHECKS,
    *EXAMINATION_CHECKS,
    *STATEMENT_CHECKS,
    *OUTCOME_CLASS_CHECKS,
    *DEFICIT_CHECKS,
    *IDENTIFIER_CHECKS,
    *WORD_CHECKS,
    *IMPRESSION_CHECKS,
)
"""Codes of all functions. `tests/checks/test_table.py` holds them against ``contradictions.json``, one for one."""

_OF_THE_COURSE: Final[tuple[Checks[[Facts]], ...]] = (
    OPERATION_CHECKS,
    ENDING_CHECKS,
    PRESENCE_CHECKS,
    WRITTEN_CHECKS,
    EXAMINATION_CHECKS,
    STATEMENT_CHECKS,
)
"""Checks of what happened when, who was there, and what was written or examined when."""


def contradiction_findings(facts: Facts) -> Iterator[Finding]:
    """Every contradiction found; what follows from a date that was not advanced is not asked about beside it."""
    rows = tuple(fired_contradictions(facts))
    moved = {fact.id for code, row in rows if code in DAY_CHECKS for fact in row.facts}
    if moved:
        rows = tuple(row for row in rows if not _follows(row, moved))
    yield from findings(rows, contradictions, facts)


def _follows(coded: Coded, moved: set[str]) -> bool:
    code, row = coded
    of_time = contradictions()[code].concern == "time" and code not in DAY_CHECKS
    return of_time and any(fact.id in moved for fact in row.facts)


def fired_contradictions(facts: Facts) -> Iterator[Coded]:
    """Each time that a check of two statements fires."""
    for chain in facts.events:
        yield from run(OUTCOME_CHECKS, facts, chain)
        yield from run(LOSS_CHECKS, facts, chain)
    for chain in facts.events:
        yield from run(CHAIN_CHECKS, facts, chain)
        yield from run(SUPERVISION_CHECKS, facts, chain)
        yield from run(ENDING_OF_EVENT_CHECKS, facts, chain)
        yield from run(CAUSE_CHECKS, facts, chain)
    yield from run(DAY_CHECKS, facts)
    yield from run(READING_CHECKS, facts)
    yield from run(DUPLICATE_CHECKS, facts)
    slips = Slips.of(facts)
    for course in facts.responses:
        yield from run(RESPONSE_CHECKS, facts, course)
        yield from run(UNRECORDED_CHECKS, facts, course, slips)
        yield from run(UNIT_CHECKS, facts, course, slips)
    yield from run(BLOCK_CHECKS, facts)
    for chain in facts.events:
        yield from run(EVENT_SIDE_CHECKS, facts, chain)
    for diagnosis in facts.of_kind("diagnosis"):
        yield from run(DIAGNOSIS_CHECKS, facts, diagnosis)
    yield from run(SURGERY_SIDE_CHECKS, facts)
    yield from run(TIME_CHECKS, facts)
    for checks in _OF_THE_COURSE:
        yield from run(checks, facts)
    yield from run(OUTCOME_CLASS_CHECKS, facts, slips)
    yield from run(DEFICIT_CHECKS, facts)
    yield from run(IDENTIFIER_CHECKS, facts)
    yield from run(WORD_CHECKS, facts)
    yield from run(IMPRESSION_CHECKS, facts, slips, said_of_responses(facts))
