"""How many unfaithful sentences the guard catches, and how many faithful ones it refuses.

    python -m bench.faithfulness.run [--seed 1] [--per-class 24] [--writers w1 w2] [--peers] [--held-out]

Faithful drafts by several writers are judged as they are, which gives the false alarms, and with one sentence made
unfaithful at a time, which gives what is caught. A mutation is tried only on a sentence that the guard accepts as it
stands. It is caught when nothing that the guard proved holds the mutated sentence; an omission, when its unit comes
back as not proved. Bounds are the lower end of the two-sided 95 % Wilson interval; it takes the tries for independent,
and mutations of one sentence are not quite that. `pooled` is a check that only looks for each number and time anywhere
in the case. Nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor, sqrt
from pathlib import Path
from random import Random

from bench.faithfulness.corpus import DRAFTS, SAMPLES, Page, Sheet, sheets
from bench.faithfulness.mutate import FAMILIES, Mutant, mutants
from bench.faithfulness.spot import Spot
from report_gen import __version__
from report_gen.draft.passages import Unit
from report_gen.facts.model import Facts
from report_gen.guard.passage import Claimed, Verdict, prove

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


def _percent(part: float, whole: float) -> str:
    # Rounded down: a class with a miss must not print as 100 %.
    return f"{floor(1000 * part / whole) / 10:6.1f} %" if whole else "      – "


def print_caught(figures: Figures, *, peers: bool, operators: bool) -> None:
    """Print what was caught, by class."""
    print(f"\n{'unfaithful':<40}{'tried':>7}{'caught':>8}{'share':>9}{'at least':>10}" + f"{'pooled':>10}" * peers)
    whole = Tally()
    for family, tally in figures.tallies.items():
        whole.tried += tally.tried
        whole.caught += tally.caught
        whole.pooled += tally.pooled
        _row(family, tally, peers=peers)
        if operators:
            for (of, name), row in figures.operators.items():
                if of == family:
                    _row(f"  {name}", row, peers=peers)
    _row("all", whole, peers=peers)


def _row(name: str, tally: Tally, *, peers: bool) -> None:
    bound = _percent(wilson(tally.caught, tally.tried), 1)
    pooled = f"{_percent(tally.pooled, tally.tried):>10}" * peers
    print(f"  {name:<38}{tally.tried:>7}{tally.caught:>8}{_percent(tally.caught, tally.tried):>9}{bound:>10}{pooled}")


def print_alarms(alarms: Alarms) -> None:
    """Print what became of the drafts as written."""
    total = alarms.total
    print(f"\n{'faithful':<40}{'sentences':>11}{'refused':>9}{'kept':>9}")
    groups: tuple[Mapping[str, Share], ...] = ({"all": total}, alarms.by_writer, dict(sorted(alarms.by_kind.items())))
    for group in groups:
        for name, row in group.items():
            refused = row.sentences - row.proved
            print(f"  {name:<38}{row.sentences:>11}{refused:>9}{_percent(row.proved, row.sentences):>9}")
    print(f"  false alarms: {_percent(total.sentences - total.proved, total.sentences).strip()}")
    print(f"  reasons: {', '.join(f'{code} {count}' for code, count in alarms.codes.most_common()) or 'none'}")
    print(
        f"  units replaced by the template's: {alarms.replaced} of {alarms.units}; passages replaced whole (more than "
        f"{100 * REPLACED_MOST:.0f} % of units): {alarms.whole} of {alarms.passages}"
    )


def as_json(figures: Figures) -> dict[str, object]:
    """The figures for a program."""
    total = figures.alarms.total
    return {
        "drafts": figures.drafts,
        "classes": {
            family: {
                "tried": tally.tried,
                "caught": tally.caught,
                "lower_bound": round(wilson(tally.caught, tally.tried), 4),
                "pooled_caught": tally.pooled,
            }
            for family, tally in figures.tallies.items()
        },
        "faithful": {
            "sentences": total.sentences,
            "refused": total.sentences - total.proved,
            "reasons": dict(figures.alarms.codes.most_common()),
            "by_writer": {name: [row.sentences, row.proved] for name, row in figures.alarms.by_writer.items()},
            "by_kind": {name: [row.sentences, row.proved] for name, row in sorted(figures.alarms.by_kind.items())},
            "units": figures.alarms.units,
            "units_replaced": figures.alarms.replaced,
            "passages": figures.alarms.passages,
            "passages_replaced_whole": figures.alarms.whole,
        },
    }


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What the guard catches, and what it refuses without need.")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (default: 1)")
    parser.add_argument("--per-class", type=int, default=24, help="mutations of a class for each draft (default: 24)")
    parser.add_argument("--drafts", type=Path, default=DRAFTS, help="folder of the drafts (default: beside this file)")
    parser.add_argument("--samples", type=Path, default=SAMPLES, help="folder of the case files")
    parser.add_argument("--writers", nargs="+", default=(), metavar="NAME", help="only these writers")
    parser.add_argument("--held-out", action="store_true", help="the drafts that are held out, in place of the others")
    parser.add_argument("--show-held-out", action="store_true", help="allow --misses together with --held-out")
    parser.add_argument("--peers", action="store_true", help="beside it, a check for numbers anywhere in the case")
    parser.add_argument("--operators", action="store_true", help="each mutation of a class by itself")
    parser.add_argument("--misses", type=Path, metavar="FILE", help="write what passed, to read it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures for a program")
    arguments = parser.parse_args(argv)
    if arguments.per_class < 1:
        parser.error("--per-class is at least 1")
    if arguments.misses and arguments.held_out and not arguments.show_held_out:
        parser.error("--misses shows the text of drafts that are held out; --show-held-out allows it and spends them")
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was measured, on what; 1 when there is nothing to judge."""
    arguments = _arguments(argv)
    start = time.perf_counter()
    found = sheets(arguments.drafts, held=arguments.held_out, writers=arguments.writers, samples=arguments.samples)
    try:
        figures = measure(found, arguments.seed, arguments.per_class)
    except ValueError as error:
        print(f"not ok: {error}")
        return 1
    if not figures.drafts:
        print("not ok: no draft is left to judge")
        return 1
    print(
        f"report_gen {__version__}, Python {platform.python_version()}; "
        f"{figures.drafts} {'held-out' if arguments.held_out else 'tuning'} drafts, seed {arguments.seed}, "
        f"at most {arguments.per_class} mutations of a class for each draft, {time.perf_counter() - start:.0f} s"
    )
    print_caught(figures, peers=arguments.peers, operators=arguments.operators)
    print_alarms(figures.alarms)
    if arguments.misses:
        rows = [{name: getattr(row, name) for name in Missed.__slots__} for row in figures.missed]
        _write(arguments.misses, rows)
    if arguments.json:
        _write(arguments.json, as_json(figures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
