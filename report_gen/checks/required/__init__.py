"""Fields that must be there before a draft is closed or signed, and those whose absence only warns.

``gates.json`` holds the question, weight and source of each; the functions here detect that it is missing. A value that
the record itself states as not recorded is missing: who looked for it and cannot say answers the question, by name
(clinical reference §1.8). The draft gate asks the technologist alone, and only where one is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from report_gen.checks.fired import Coded, findings, run
from report_gen.checks.required.events import EVENT_CHECKS
from report_gen.checks.required.log import LOG_CHECKS
from report_gen.checks.required.modalities import (
    ABSENT_MODALITY_CHECKS,
    ALL_MODALITIES_CHECKS,
    MODALITY_CHECKS,
)
from report_gen.checks.required.record import RECORD_CHECKS
from report_gen.checks.required.settings import SCREW_CHECKS, SETTING_CHECKS
from report_gen.checks.required.sides import SIDE_CHECKS
from report_gen.checks.required.state import STATE_CHECKS
from report_gen.checks.required.team import ATTENTION_CHECKS, PERSON_CHECKS, ROLE_CHECKS
from report_gen.checks.table import gates
from report_gen.facts.model import Facts
from report_gen.finding import Finding

__all__ = ["CODES", "fired_gates", "required_findings"]

CODES: Final[tuple[str, ...]] = (
    *RECORD_CHECKS,
    *ROLE_CHECKS,
    *PERSON_CHECKS,
    *ATTENTION_CHECKS,
    *ABSENT_MODALITY_CHECKS,
    *MODALITY_CHECKS,
    *ALL_MODALITIES_CHECKS,
    *SIDE_CHECKS,
    *SETTING_CHECKS,
    *SCREW_CHECKS,
    *EVENT_CHECKS,
    *LOG_CHECKS,
    *STATE_CHECKS,
)
"""Codes of all functions. `tests/checks/test_table.py` holds them against ``gates.json``, one for one."""


def required_findings(facts: Facts) -> Iterator[Finding]:
    """Every absent field that a gate asks for."""
    yield from findings(fired_gates(facts), gates, facts)


def fired_gates(facts: Facts) -> Iterator[Coded]:
    """Each time that a check of an absent field fires."""
    yield from run(RECORD_CHECKS, facts)
    yield from run(ROLE_CHECKS, facts)
    for person in facts.of_kind("person"):
        yield from run(PERSON_CHECKS, facts, person)
    yield from run(ATTENTION_CHECKS, facts)
    yield from run(ABSENT_MODALITY_CHECKS, facts)
    performed = [course for course in facts.modalities if course.modality.status == "performed"]
    for course in performed:
        yield from run(MODALITY_CHECKS, facts, course)
    yield from run(ALL_MODALITIES_CHECKS, facts)
    yield from run(SIDE_CHECKS, facts)
    for course in performed:
        yield from run(SETTING_CHECKS, facts, course)
    yield from run(SCREW_CHECKS, facts)
    for chain in facts.events:
        yield from run(EVENT_CHECKS, facts, chain)
    yield from run(LOG_CHECKS, facts)
    yield from run(STATE_CHECKS, facts)
