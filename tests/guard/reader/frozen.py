"""The frozen sentences of version 0.1.0, held against what the facts of today state in their place.

Facts of today are found by their place in the case file. A row that rests on facts that nobody words any more (counts,
extremes, gaps, what the summary told) is not asked. ``python -m tests.guard.reader.frozen`` prints what is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from report_gen import load_case
from report_gen.draft.passages import Part, Passage, passages
from report_gen.facts.model import Facts
from report_gen.guard.reader.meaning import Proposition
from report_gen.guard.reader.proof import TooHard, read, words_of
from report_gen.guard.reader.propositions import propositions
from report_gen.guard.reader.terms import CaseTerms, passage_terms
from report_gen.pipeline import prepare
from tests.corpora.propositions import Says
from tests.corpora.rows import FOLDER, Sentence, Wording, sentences, wordings

__all__ = ["Asked", "asked", "kept", "unasked"]

_KIND: Mapping[str, tuple[str, frozenset[str]]] = {
    "change": ("event", frozenset({"change"})),
    "onset_kind": ("event", frozenset({"began_as"})),
    "event_time": ("event.onset", frozenset({"began", "noticed", "last_unaffected"})),
    "onset_window": ("event.onset_window", frozenset({"window"})),
    "criterion_met": ("event.criterion", frozenset({"criterion"})),
    "context": ("event.context", frozenset({"context"})),
    "context_note": ("event.context", frozenset({"context_note"})),
    "excluded": ("event.excluded", frozenset({"excluded"})),
    "told": ("event.notification", frozenset({"told"})),
    "told_after": ("event.notification.delay", frozenset({"told"})),
    "acknowledged": ("event.acknowledgement", frozenset({"told"})),
    "act": ("event.intervention", frozenset({"act"})),
    "retest": ("event.retest", frozenset({"retested", "reading"})),
    "reading": ("event.retest.reading", frozenset({"reading"})),
    "compared": ("event.retest.change", frozenset({"reading"})),
    "resolution": ("event.resolution", frozenset({"ended", "classed"})),
    "duration": ("event.duration", frozenset({"lasted"})),
    "baseline_review": ("modality.baseline_review", frozenset({"reviewed"})),
}
"""Kind of fact, and kinds of proposition, that say today what a frozen proposition says."""
_OF_THE_EVENT = ("event", "event.onset", "event.onset_window", "event.criterion", "event.context", "event.excluded")
_ALONE = (*_OF_THE_EVENT, "event.resolution", "event.duration")
"""Kinds of which an event has one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that can be held against the facts of today."""

    row: Sentence | Wording
    texts: tuple[str, ...]
    """Its sentences."""
    true: bool | None
    """Whether they say what the facts say. None: people differ."""
    stated: frozenset[Proposition]
    """What the facts state."""
    terms: CaseTerms


@dataclass(frozen=True, slots=True)
class _Case:
    facts: Facts
    passages: Mapping[str, Passage]


@cache
def _case(name: str) -> _Case:
    report = prepare(load_case(FOLDER / "samples" / f"{name}.json"))
    return _Case(report.facts, {passage.id: passage for passage in passages(report.draft, report.facts)})


def asked() -> Iterator[Asked]:
    """The rows that can be held against the facts of today."""
    yield from (found for row in (*sentences(), *wordings()) if (found := _today(row)) is not None)


def unasked() -> int:
    """How many rows cannot: nobody words any more what they word."""
    return sum(_today(row) is None for row in (*sentences(), *wordings()))


def _today(row: Sentence | Wording) -> Asked | None:
    case = _case(row.case)
    passage = case.passages.get(row.passage)
    said = [one for fact in row.propositions for one in fact]
    if passage is None or any(one.says not in _KIND for one in said):
        return None
    every = {part.fact: part for unit in passage.units for part in unit.parts}
    parts: dict[str, Part] = {}
    for one in said:
        found = [part for part in every.values() if _is(one, part, case.facts)]
        if not found:
            return None
        parts.update((part.fact, part) for part in found)
    cited = tuple(part for part in every.values() if part.fact in parts)
    unit = replace(passage.offered[0], parts=cited, about=passage.about)
    kinds = frozenset().union(*(_KIND[one.says][1] for one in said))
    stated = frozenset(one for one in propositions(unit, case.facts) if one.says in kinds)
    texts = row.text if isinstance(row, Sentence) else row.offered
    return Asked(row, texts, _truth(row), stated, passage_terms(passage, case.facts))


def _is(one: Says, part: Part, facts: Facts) -> bool:
    if part.kind != _KIND[one.says][0]:
        return False
    return part.kind in _ALONE or facts.by_id[part.fact].pointer == one.where[0]


def _truth(row: Sentence | Wording) -> bool | None:
    if isinstance(row, Sentence):
        return None if row.arguable else row.truth
    return {"true": True, "false": False}.get(row.verdict)


def kept(row: Asked) -> bool:
    """Whether the sentences of a row, each read in one way, state exactly what its facts state."""
    said: list[Proposition] = []
    for text in row.texts:
        try:
            meanings = read(words_of(text, row.terms), row.terms).meanings
        except TooHard:
            return False
        if len({frozenset(meaning.states) for meaning in meanings}) != 1 or any(any(one.rows) for one in meanings):
            return False
        said.extend(next(iter(meanings)).states)
    return frozenset(said) == row.stated and len(set(said)) == len(said)


def main() -> None:
    """Print how many true and false rows are kept."""
    rows = list(asked())
    for sort, name in ((Sentence, "hand-written"), (Wording, "of a model")):
        for truth in (True, False, None):
            mine = [row for row in rows if isinstance(row.row, sort) and row.true is truth]
            words = {True: "true", False: "false", None: "arguable"}[truth]
            print(f"{name}, {words}: {sum(map(kept, mine))} of {len(mine)} kept")  # noqa: T201 - what it is for
    print(f"not asked any more: {unasked()}")  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
