"""Free text against the record: it is printed verbatim, so a mismatch has to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.sides import sides_named
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.model import Fact, Facts
from report_gen.vocab import Modality, vocabulary

__all__ = ["WORD_CHECKS"]

_ROUNDING_POINTS = 1
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)", re.IGNORECASE)
# "Continuous" is also part of the name of some techniques; there it claims nothing about gaps.
_CONTINUOUS = re.compile(
    r"\b(?:continuous(?:ly)?(?!\s+(?:RLN|recurrent|vag\w+|C-?IONM|EMG|EEG|free|infusion))|uninterrupted(?:ly)?"
    r"|without interruption)\b",
    re.IGNORECASE,
)
_STABLE = re.compile(r"\b(?:stable|unchanged|preserved|maintained|at baseline)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;\n]+")


def _impression(impression: Fact) -> str:
    """The impression as the professional wrote it. Empty: not yet written."""
    return "" if impression.status == "not_recorded" else impression.words("text")


def _percents(facts: Iterable[Fact]) -> set[float]:
    """Every recorded or computed percentage, and its difference from a hundred."""
    known = {
        abs(value.number)
        for fact in facts
        for value in fact.values
        if value.number is not None and value.name != "text" and "%" in value.text
    }
    return known | {100 - number for number in known if number <= 100}


def _event_percents(facts: Facts, event: Fact) -> set[float]:
    """Percentages of an event and its channels; empty when none of them is about a response."""
    event_facts = [*facts.in_group(event.group), *(fact for name in event.inputs for fact in facts.in_group(name))]
    changes = [fact for fact in event_facts if fact.kind.endswith(".change")]
    return _percents(event_facts) if _percents(changes) else set()


def _written(words: str) -> set[float]:
    """The percentages that a text states."""
    return {float(number) for number in _PERCENT.findall(words)}


def _unknown(written: set[float], known: set[float]) -> bool:
    """Whether one of some percentages is not known; differences of rounding do not count."""
    return any(all(abs(number - value) > _ROUNDING_POINTS for value in known) for number in written)


def _percent_in_impression(facts: Facts) -> Iterator[Fired]:
    stating = [
        (fact, written)
        for fact in (facts.by_id["opinion.impression"], *facts.of_kind("opinion.correlation"))
        if (written := _written(fact.words("text")))
    ]
    # A long record has some ten thousand values; most words state no percentage.
    known = _percents(facts) if stating else set()
    for fact, written in stating:
        if _unknown(written, known):
            yield fired(fact.pointer, fact)


def _percent_in_event(facts: Facts) -> Iterator[Fired]:
    conditions: set[float] | None = None
    for chain in facts.events:
        stating = [
            (statement, written)
            for statement, name in ((chain.note, "text"), (chain.context, "note"), (chain.cause, "statement"))
            if statement is not None and (written := _written(statement.words(name)))
        ]
        known = _event_percents(facts, chain.event) if stating else set()
        if not known:
            continue  # nothing was computed that the words could contradict
        if conditions is None:
            of_case = [*facts.of_kind("criterion"), *facts.of_kind("tof"), *facts.of_kind("agent")]
            conditions = _percents([*of_case, *facts.of_kind("physiology.row")])
        for statement, written in stating:
            if _unknown(written, known | conditions):
                yield fired(statement.pointer, statement, event=chain.id)


def _continuous(facts: Facts) -> Iterator[Fired]:
    impression = facts.by_id["opinion.impression"]
    gaps = [*facts.of_kind("interval.gap"), *facts.of_kind("interval.outage")]
    if gaps and _CONTINUOUS.search(_impression(impression)):
        yield fired(impression.pointer, impression, *gaps, count=len(gaps))


def _side(facts: Facts) -> Iterator[Fired]:
    """A side in the impression that nothing in the record has."""
    impression = facts.by_id["opinion.impression"]
    sided = [fact for fact in facts if fact.side]
    if any(fact.side == "bilateral" for fact in sided):
        return
    known = {fact.side for fact in sided}
    known |= {
        side for fact in facts if fact.author == "record" for value in fact.values for side in sides_named(value.text)
    }
    odd = sides_named(_impression(impression)) - known
    if odd:
        yield fired(impression.pointer, impression, side=min(odd))


def _terms(entry: Modality) -> list[str]:
    return [*entry.printed, *entry.synonyms]


def _stable(facts: Facts) -> Iterator[Fired]:
    """A sentence that calls a modality stable although none of its responses had a baseline to be stable against."""
    impression = facts.by_id["opinion.impression"]
    followed: dict[str, bool] = {}
    for fact in facts.of_kind("channel.baseline"):
        unobtainable = fact.status in ("absent", "not_obtained", "not_monitored")
        followed[fact.modality] = followed.get(fact.modality, False) or not unobtainable
    entries = vocabulary("modalities").entries
    for sentence in _SENTENCE.split(_impression(impression)):
        if not _STABLE.search(sentence):
            continue
        named = [
            code
            for code in followed
            if any(re.search(rf"\b{re.escape(term)}s?\b", sentence, re.IGNORECASE) for term in _terms(entries[code]))
        ]
        if named and not any(followed[code] for code in named):
            yield fired(
                impression.pointer, impression, modality=entries[named[0]].abbreviation or entries[named[0]].display
            )


WORD_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "contradiction.continuous_with_gap": _continuous,
        "contradiction.side_in_impression": _side,
        "contradiction.stable_without_baseline": _stable,
        "contradiction.percent_in_impression": _percent_in_impression,
        "contradiction.percent_in_event": _percent_in_event,
    }
)
"""Contradictions between the words of people and the recorded values."""
