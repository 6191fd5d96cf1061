"""Counts what the guard catches and refuses: faithful drafts as written, and with one sentence made unfaithful."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt
from random import Random

from report_gen.draft.passages import Unit
from report_gen.facts.model import Facts
from report_gen.guard.passage import Claimed, Verdict, prove
from trials.guard.corpus import Page, Sheet
from trials.guard.mutate import FAMILIES, Mutant, mutants
from trials.guard.spot import Spot

REPLACED_MOST = 0.4
"""A passage of which a greater share of units would be replaced goes back to the template whole."""
Z = 1.96
_FIGURE = re.compile(r"\d+(?:[:.]\d+)*")


@dataclass(slots=True)
class Tally:
    """Mutations of one class."""

    tried: int = 0
    caught: int = 0
    pooled: int = 0
    """Caught by the pooled check."""


@dataclass(slots=True)
class Share:
    """Sentences of one writer or one kind."""

    sentences: int = 0
    proved: int = 0


@dataclass(slots=True)
class Alarms:
    """What the guard made of the drafts as written."""

    by_writer: dict[str, Share] = field(default_factory=dict)
    by_kind: dict[str, Share] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    passages: int = 0
    whole: int = 0
    """Passages that would go back to the template whole."""
    units: int = 0
    replaced: int = 0

    @property
    def total(self) -> Share:
        """All sentences."""
        rows = self.by_writer.values()
        return Share(sum(row.sentences for row in rows), sum(row.proved for row in rows))


@dataclass(frozen=True, slots=True)
class Missed:
    """A mutation that passed."""

    family: str
    operator: str
    writer: str
    case: str
    passage: str
    original: str
    mutated: str


@dataclass(slots=True)
class Figures:
    """All that was counted."""

    drafts: int = 0
    tallies: dict[str, Tally] = field(default_factory=lambda: {family: Tally() for family in FAMILIES})
    operators: dict[tuple[str, str], Tally] = field(default_factory=dict)
    alarms: Alarms = field(default_factory=Alarms)
    missed: list[Missed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence that the guard accepts as it stands."""

    page: Page
    index: int
    near: tuple[int, ...]
    """Places of the sentences that hang together with it, its own included."""
    spot: Spot


def wilson(caught: int, tried: int) -> float:
    """Lower end of the 95 % Wilson interval of a share; 0 when nothing was tried."""
    if not tried:
        return 0.0
    share = caught / tried
    middle = share + Z**2 / (2 * tried)
    spread = Z * sqrt(share * (1 - share) / tried + Z**2 / (4 * tried**2))
    return (middle - spread) / (1 + Z**2 / tried)


def known_figures(facts: Facts) -> frozenset[str]:
    """Every number and time that the values of a case show."""
    return frozenset(figure for fact in facts for value in fact.values for figure in _FIGURE.findall(value.text))


def pooled_catches(text: str, known: frozenset[str]) -> bool:
    """Whether a check that looks only for each number and time anywhere in the case would refuse the sentence."""
    return any(figure not in known for figure in _FIGURE.findall(text))


def judge_faithful(sheet: Sheet, alarms: Alarms) -> Iterator[Place]:
    """Count the alarms on a draft as written.

    Yields:
        The sentences that are accepted.
    """
    for page in sheet.pages:
        verdicts = prove(page.passage, page.claims, sheet.facts)
        offered = page.passage.offered
        kept = {unit.key for verdict in verdicts if verdict.proved for unit in verdict.units}
        alarms.passages += 1
        alarms.units += len(offered)
        alarms.replaced += len(offered) - len(kept)
        alarms.whole += len(offered) - len(kept) > REPLACED_MOST * len(offered)
        alarms.codes.update(
            refusal.reason
            for verdict in verdicts
            if verdict.texts and not verdict.proved
            for refusal in verdict.refusals
        )
        for index, claim in enumerate(page.claims):
            place = _placed(sheet, page, index, verdicts)
            kind = _kind(page, claim)
            for share in (
                alarms.by_writer.setdefault(sheet.writer, Share()),
                alarms.by_kind.setdefault(kind, Share()),
            ):
                share.sentences += 1
                share.proved += place is not None
            if place is not None:
                yield place


def _kind(page: Page, claim: Claimed) -> str:
    return next((unit.parts[0].kind for unit in page.passage.offered if unit.key in claim.units), "of no unit")


def _placed(sheet: Sheet, page: Page, index: int, verdicts: Sequence[Verdict]) -> Place | None:
    claim = page.claims[index]
    for verdict in verdicts:
        keys = {unit.key for unit in verdict.units}
        if verdict.proved and claim.text in verdict.texts and keys >= set(claim.units):
            near = tuple(place for place, other in enumerate(page.claims) if keys & set(other.units))
            mine = tuple(unit for unit in page.passage.units if unit.key in claim.units)
            return Place(page, index, near, Spot(claim.text, mine, _others(sheet, mine)))
    return None


def _others(sheet: Sheet, mine: Sequence[Unit]) -> tuple[Unit, ...]:
    facts = {fact for unit in mine for fact in unit.facts}
    return tuple(unit for unit in sheet.units if not facts & set(unit.facts))


def passes(place: Place, mutant: Mutant, facts: Facts) -> bool:
    """Whether a mutation gets through: first among the sentences that it hangs together with, which is quick."""
    return _holds(place, mutant, place.near, facts) and _holds(place, mutant, range(len(place.page.claims)), facts)


def _holds(place: Place, mutant: Mutant, chosen: Sequence[int], facts: Facts) -> bool:
    original = place.page.claims[place.index]
    changed = Claimed(original.units, mutant.text)
    instead = {"changes": [changed], "adds": [original, changed], "drops": []}[mutant.effect]
    offered: list[Claimed] = []
    for index in chosen:
        offered.extend(instead if index == place.index else [place.page.claims[index]])
    wanted = set(original.units)
    for verdict in prove(place.page.passage, offered, facts):
        keys = {unit.key for unit in verdict.units}
        if verdict.proved and keys & wanted and (mutant.effect == "drops" or mutant.text in verdict.texts):
            return True
    return False


def drawn(places: Sequence[Place], family: str, most: int, rng: Random) -> list[tuple[Place, Mutant]]:
    """Mutants of one class of one draft, spread over its mutations."""
    by_operator: dict[str, list[tuple[Place, Mutant]]] = {}
    for place in places:
        for mutant in mutants(place.spot, family, rng):
            by_operator.setdefault(mutant.operator, []).append((place, mutant))
    for rows in by_operator.values():
        rng.shuffle(rows)
    chosen: list[tuple[Place, Mutant]] = []
    while len(chosen) < most and any(by_operator.values()):
        chosen.extend(rows.pop() for rows in by_operator.values() if rows)
    return chosen[:most]


def measure(found: Iterator[Sheet], seed: int, per_class: int) -> Figures:
    """Judge drafts as written and mutated.

    Args:
        found: The drafts.
        seed: Of what is drawn; the same seed and drafts give the same figures.
        per_class: The most mutations of one class that are tried on one draft.
    """
    figures = Figures()
    for sheet in found:
        figures.drafts += 1
        places = list(judge_faithful(sheet, figures.alarms))
        known = known_figures(sheet.facts)
        for family in FAMILIES:
            # Of its own for each class, so that a new mutation leaves the figures of the other classes alone.
            rng = Random(f"{seed}/{sheet.writer}/{sheet.case}/{family}")  # noqa: S311 - a draw, not a secret
            for place, mutant in drawn(places, family, per_class, rng):
                _count(figures, sheet, place, mutant, known)
    figures.missed.sort(key=lambda row: (FAMILIES.index(row.family), row.operator, row.case, row.writer))
    return figures


def _count(figures: Figures, sheet: Sheet, place: Place, mutant: Mutant, known: frozenset[str]) -> None:
    passed = passes(place, mutant, sheet.facts)
    pooled = pooled_catches(mutant.text, known)
    for tally in (
        figures.tallies[mutant.family],
        figures.operators.setdefault((mutant.family, mutant.operator), Tally()),
    ):
        tally.tried += 1
        tally.caught += not passed
        tally.pooled += pooled
    if passed:
        where = (sheet.writer, sheet.case, place.page.passage.id)
        figures.missed.append(Missed(mutant.family, mutant.operator, *where, place.spot.text, mutant.text))
