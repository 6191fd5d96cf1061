"""Judges the wording of a whole passage: which sentences stand, which units are missing, whether the order holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from report_gen.draft.passages import Passage, Unit
from report_gen.facts.model import Facts
from report_gen.guard.judgement import Judge, Refusal, judge_of

__all__ = ["Claimed", "Verdict", "prove"]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A sentence and the units it says it words."""

    units: tuple[str, ...]
    """Keys of the units, such as `f3`."""
    text: str
    """The sentence, slots filled."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on sentences that belong together, or on a unit without a wording."""

    units: tuple[Unit, ...]
    """The units concerned, in printing order. Empty: a sentence that names none of the passage."""
    texts: tuple[str, ...]
    """The sentences, in order. Empty: none was offered."""
    refusals: tuple[Refusal, ...] = ()
    """Why they do not stand. Empty: they are proved."""

    @property
    def proved(self) -> bool:
        """Whether the sentences may stand for the units."""
        return bool(self.texts) and bool(self.units) and not self.refusals


def prove(
    passage: Passage, offered: Sequence[Claimed], facts: Facts, *, late: Callable[[], bool] | None = None
) -> tuple[Verdict, ...]:
    """Verdicts on a passage, in printing order; every unit that was to be worded is in exactly one of them.

    Args:
        passage: The passage.
        offered: Sentences in the order in which they are offered.
        facts: All facts of the case.
        late: Whether there is no time left; what is not proved by then is refused. None: there is time enough.
    """
    judge = judge_of(passage, facts)
    by_key = {unit.key: index for index, unit in enumerate(passage.units) if unit.parts}
    strays: list[Verdict] = []
    clusters: list[tuple[set[int], list[str], int]] = []
    for place, sentence in enumerate(offered):
        indexes = {by_key[key] for key in sentence.units if key in by_key}
        if not indexes or len(indexes) != len(set(sentence.units)):
            strays.append(Verdict((), (sentence.text,), (Refusal("group"),)))
            continue
        _gather(clusters, indexes, sentence.text, place)
    verdicts = [_verdict(passage, indexes, texts, judge, late) for indexes, texts, _ in clusters]
    kept = _in_order([min(indexes) for indexes, _, _ in clusters], [verdict.proved for verdict in verdicts])
    ordered = [
        verdict if not verdict.proved or index in kept else Verdict(verdict.units, verdict.texts, (Refusal("order"),))
        for index, verdict in enumerate(verdicts)
    ]
    covered = {index for indexes, _, _ in clusters for index in indexes}
    missing = [
        Verdict((passage.units[index],), (), (Refusal("missing"),)) for index in by_key.values() if index not in covered
    ]
    places = {unit.key: index for index, unit in enumerate(passage.units)}
    return (*sorted((*ordered, *missing), key=lambda verdict: places[verdict.units[0].key]), *strays)


def _gather(clusters: list[tuple[set[int], list[str], int]], indexes: set[int], text: str, place: int) -> None:
    """Add a sentence to the cluster that words the same units."""
    mine = [cluster for cluster in clusters if cluster[0] & indexes]
    if not mine:
        clusters.append((set(indexes), [text], place))
        return
    first, *others = mine
    for other in others:
        first[0].update(other[0])
        first[1].extend(other[1])
        clusters.remove(other)
    first[0].update(indexes)
    first[1].append(text)


def _verdict(
    passage: Passage, indexes: set[int], texts: Sequence[str], judge: Judge, late: Callable[[], bool] | None
) -> Verdict:
    units = tuple(passage.units[index] for index in sorted(indexes))
    if len(units) > 1 and not (units[0].about and all(unit.group == units[0].group for unit in units)):
        return Verdict(units, tuple(texts), (Refusal("group"),))
    return Verdict(units, tuple(texts), judge.refusals(texts, units, late=late))


def _in_order(firsts: Sequence[int], proved: Sequence[bool]) -> set[int]:
    """The most sentences that stand in printing order, by their place among those offered."""
    chains: list[list[int]] = []
    for index, (first, good) in enumerate(zip(firsts, proved, strict=True)):
        if good:
            before = [chain for chain in chains if firsts[chain[-1]] < first]
            chains.append([*_longest(before), index])
    return set(_longest(chains))


def _longest(chains: Sequence[list[int]]) -> list[int]:
    return max(chains, key=lambda chain: len(chain), default=[])
