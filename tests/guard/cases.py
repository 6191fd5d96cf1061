"""Passages and units as the tests of the guard meet them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from report_gen import load_case
from report_gen.draft.passages import Passage, Unit, passages
from report_gen.draft.writer import write
from report_gen.facts.model import Facts
from report_gen.guard.judgement import Refusal, judge_of
from report_gen.guard.passage import Claimed, prove
from report_gen.pipeline import prepare
from tests.cases.reports import facts_of

__all__ = [
    "ANESTHESIA_TOLD",
    "NOW",
    "PAUSED",
    "RAISED",
    "RELEASED",
    "RETESTED",
    "SAMPLES",
    "SCOLIOSIS",
    "SHUNT",
    "SHUNT_PLACED",
    "built",
    "claimed",
    "judged",
    "misread",
    "reasons",
    "refusals",
    "refused",
    "sample",
    "template",
    "unit_of",
]

Passages = tuple[Passage, ...]

_FOLDER = Path(__file__).parents[2] / "samples" / "valid"
SAMPLES = sorted(path.stem for path in _FOLDER.glob("*.json"))
NOW = (
    "invented_cea_shunt",
    "invented_names_eight_scripts",
    "invented_outage_cautery_gaps",
    "invented_scoliosis_mep_loss",
    "published_c04_acdf",
)
"""Samples differing in kind; the others are read by the long run."""
SCOLIOSIS, SHUNT = "invented_scoliosis_mep_loss", "invented_cea_shunt"
ANESTHESIA_TOLD = "event.E1.notification.anesthesiologist.1129"
PAUSED, RELEASED = "event.E1.intervention.pause_surgery.1129", "event.E1.intervention.release_correction.1130"
RAISED, RETESTED = "event.E1.intervention.raise_map.1131", "event.E1.retest.1140"
"""A notification, the first three interventions and the first re-test of the scoliosis sample."""
SHUNT_PLACED = "event.E2.intervention.place_shunt.0920"
"""An intervention of the shunt sample."""


@cache
def sample(name: str) -> tuple[Passages, Facts]:
    """The passages and facts of a sample."""
    report = prepare(load_case(_FOLDER / f"{name}.json"))
    return passages(report.draft, report.facts), report.facts


def built(data: dict[str, Any]) -> tuple[Passages, Facts]:
    """The passages and facts of a case given as plain data."""
    facts = facts_of(data)
    return passages(write(facts, report_id="T-1"), facts), facts


def template(unit: Unit) -> str:
    """The deterministic wording of a unit."""
    return " ".join(sentence.text for sentence in unit.template)


def unit_of(found: Passages, passage: str, fact: str) -> Unit:
    """The unit of a passage that states a fact."""
    units = next(row for row in found if row.id == passage).units
    return next(unit for unit in units if fact in unit.facts)


def judged(name: str, passage: str, fact: str, text: str) -> tuple[Refusal, ...]:
    """The refusals of a wording of one unit of a sample."""
    found, facts = sample(name)
    return refusals([text], [unit_of(found, passage, fact)], found, facts)


def refusals(texts: Sequence[str], units: Sequence[Unit], found: Passages, facts: Facts) -> tuple[Refusal, ...]:
    """The refusals of sentences that together word units of one passage."""
    passage = next(row for row in found if units[0] in row.units)
    return judge_of(passage, facts).refusals(texts, units)


def reasons(refusals: tuple[Refusal, ...]) -> set[str]:
    """The codes of refusals."""
    return {refusal.reason for refusal in refusals}


def misread(found: Passages, facts: Facts) -> list[tuple[str, tuple[Refusal, ...]]]:
    """Template wordings that the guard refuses, unit by unit."""
    return [
        (template(unit), faults)
        for passage in found
        for unit in passage.offered
        if (faults := judge_of(passage, facts).refusals([row.text for row in unit.template], [unit]))
    ]


def refused(found: Passages, facts: Facts) -> list[tuple[str, tuple[Refusal, ...]]]:
    """Template wordings that the guard refuses: unit by unit, then in their passages."""
    return misread(found, facts) or [
        (" ".join(verdict.texts), verdict.refusals)
        for passage in found
        for verdict in prove(passage, claimed(passage), facts)
        if not verdict.proved
    ]


def claimed(passage: Passage) -> list[Claimed]:
    """The template's sentences of a passage as a model would offer them."""
    return [Claimed((unit.key,), row.text) for unit in passage.offered for row in unit.template]
