"""Free text against the record: it is printed verbatim, so a mismatch has to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from report_gen.checks.contradictions.sides import sides_named
from report_gen.checks.making import contradiction
from report_gen.checks.model import Finding
from report_gen.facts.model import Fact, Facts
from report_gen.vocab import Entry, vocabulary

__all__ = ["word_findings"]

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


def word_findings(facts: Facts) -> Iterator[Finding]:
    """Contradictions between the words of people and the recorded values."""
    own = facts.by_id["opinion.impression"]
    if own.status != "not_recorded":
        yield from _continuous(facts, own)
        yield from _side(facts, own)
        yield from _stable(facts, own)
    for fact in (own, *facts.of_kind("opinion.correlation")):
        yield from _percent(fact, "text", _percents(facts), "The impression states")
    for chain in facts.events:
        known = _event_percents(facts, chain.event)
        if not known:
            continue  # nothing was computed that the words could contradict
        for said, name in ((chain.note, "text"), (chain.context, "note"), (chain.cause, "statement")):
            if said is not None:
                yield from _percent(said, name, known, f"The words of {chain.id} state")


def _percents(facts: Iterable[Fact]) -> set[float]:
    """Every recorded or computed percentage, and what is left of it to a hundred."""
    known = {
        abs(value.number)
        for fact in facts
        for value in fact.values
        if value.number is not None and "%" in value.text and value.name != "text"
    }
    return known | {100 - number for number in known if number <= 100}


def _event_percents(facts: Facts, event: Fact) -> set[float]:
    """Percentages of an event and its channels; empty when none of them is about a response."""
    rows = [*facts.in_group(event.group), *(row for name in event.inputs for row in facts.in_group(name))]
    changes = [row for row in rows if row.kind.endswith(".change")]
    if not _percents(changes):
        return set()
    conditions = [*facts.of_kind("criterion"), *facts.of_kind("tof"), *facts.of_kind("agent")]
    return _percents([*rows, *conditions, *facts.of_kind("physiology.row")])


def _percent(fact: Fact, name: str, known: set[float], where: str) -> Iterator[Finding]:
    written = {float(number) for number in _PERCENT.findall(fact.words(name))}
    if any(all(abs(number - value) > _ROUNDING_POINTS for value in known) for number in written):
        professional = fact.kind.startswith("opinion.")
        yield contradiction(
            "percent_in_impression" if professional else "percent_in_event",
            fact.pointer,
            f"{where} a percent that no recorded or computed value gives.",
            "Which value does this percent refer to?",
            facts=[fact],
            ask="professional" if professional else "technologist",
        )


def _continuous(facts: Facts, own: Fact) -> Iterator[Finding]:
    gaps = [*facts.of_kind("interval.gap"), *facts.of_kind("interval.outage")]
    if gaps and _CONTINUOUS.search(own.words("text")):
        count = f"{len(gaps)} gaps or outages are" if len(gaps) > 1 else "a gap or outage is"
        yield contradiction(
            "continuous_with_gap",
            own.pointer,
            f"The impression says continuous, and {count} recorded.",
            "Should the impression name the gaps?",
            facts=[own, *gaps],
            ask="professional",
        )


def _side(facts: Facts, own: Fact) -> Iterator[Finding]:
    """A side in the impression that nothing in the record has."""
    sided = [fact for fact in facts if fact.side]
    if any(fact.side == "bilateral" for fact in sided):
        return
    known = {fact.side for fact in sided}
    known |= {
        side for fact in facts if fact.author == "record" for value in fact.values for side in sides_named(value.text)
    }
    odd = sides_named(own.words("text")) - known
    if odd:
        yield contradiction(
            "side_in_impression",
            own.pointer,
            f"The impression names the {sorted(odd)[0]} side, and nothing in the record is on that side.",
            "Which side does the impression mean?",
            facts=[own],
            ask="professional",
        )


def _terms(entry: Entry) -> list[str]:
    label = str(entry.extra.get("channel_label") or "")
    return [term for term in (entry.display, entry.abbreviation or "", label, *entry.synonyms) if term]


def _stable(facts: Facts, own: Fact) -> Iterator[Finding]:
    """A sentence that calls a modality stable although none of its responses had a baseline to be stable against."""
    followed: dict[str, bool] = {}
    for fact in facts.of_kind("channel.baseline"):
        unobtainable = fact.status in ("absent", "not_obtained", "not_monitored")
        followed[fact.modality] = followed.get(fact.modality, False) or not unobtainable
    entries = vocabulary("modalities").entries
    for sentence in _SENTENCE.split(own.words("text")):
        if not _STABLE.search(sentence):
            continue
        named = [
            code
            for code in followed
            if any(re.search(rf"\b{re.escape(term)}s?\b", sentence, re.IGNORECASE) for term in _terms(entries[code]))
        ]
        if named and not any(followed[code] for code in named):
            yield contradiction(
                "stable_without_baseline",
                own.pointer,
                f"The impression calls {entries[named[0]].abbreviation or entries[named[0]].display} stable, and no "
                "baseline of it was obtained.",
                "What can the impression say without a baseline?",
                facts=[own],
                ask="professional",
            )
