"""What may be re-worded: passages of units, each with what its wording must say and how that may leave the machine.

A unit is the least that is re-worded as a whole: the template sentences of one paragraph that share facts. Within a
passage no two units share a fact, so that what a sentence claims to state decides which template sentences it replaces.

Offered are the course of the report and the accounts of events of the technical record, as far as the guard can bind
each value of a unit. The result, the impression, the table of results, limitations, chronologies of alerts and the
supervision are the template's: they rest on counts and comparisons over the case, or on what is still to be confirmed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from report_gen.document.blocks import Paragraph, Section, SectionRole
from report_gen.draft.model import Block, Draft, Sentence, Stated
from report_gen.facts.catalogue import WordingMode, catalogue
from report_gen.facts.model import Fact, Facts, Value
from report_gen.facts.signals.changes import MOST_PERCENT
from report_gen.facts.wording import NOT_RECORDED
from report_gen.vocab import vocabulary

__all__ = ["Part", "Passage", "StatedValue", "Unit", "passages", "plain_ids"]

_SIDED: Final = ("event.intervention",)
"""Kinds whose own side is part of what is said; an event's side is part of its `responses`."""

_LABELLED: Final = ("modality.baseline_review",)
"""Kinds said of a modality, whose label another fact holds."""

_PLACES: Final = ("short", "responses", "channel")
_NUMBERED: Final = re.compile(r" \(?\d+\)?$")
_DELAYS: Final = ("event.notice_delay", "event.notification.delay")
"""Kinds that say by their order alone, and by no number, that two things were at the same time."""
_PLAIN_ID: Final = re.compile(r"[A-Za-z]\d{1,2}")
_OWN_WORDS: Final = ("description", "reason_detail", "direction_other", "nerve_other", "muscle_other", "region_other")
_MAY_BE_WORDED: Final = ("text", "done", "agent")
"""Coded values that hold a person's words where no term of theirs fits."""
_KEPT_ENDINGS: Final = ("full_or_partial", "improved", "lost_to_close")
"""Endings of which the record does not say how far they went, which a wording would say, and the one of no recovery."""
_ONLY_THE_RECORDS: Final = ("when", "severity")
"""Values that only the template words: times that no clock gave, and how grave the record calls a change."""
_USUAL_MARK: Final = re.compile(
    r"(?:[NP]\d{1,3}[a-c]?'?|[NP][ab]|[IVX]{1,4}|PF|EP|SP|LP|D|CAP|CMAP|[A-Z][A-Za-z]?p?[z\d]\d?'?(?:-[A-Z][A-Za-z]?p?[z\d]\d?'?)?)"
)
"""Peaks and derivations as the field writes them; in another shape they may hold anything."""

_OFFERED: Final[Mapping[SectionRole, str]] = {"course": "report", "event": "record"}
"""Sections that a model may word, by role, and the part of the report where it may."""


@dataclass(frozen=True, slots=True)
class StatedValue:
    """One value that a wording of the unit must say."""

    name: str
    """Name of the value, such as `onset_at`; `side` and `modality` for what the fact itself is about."""
    text: str
    """As the report prints it."""
    how: WordingMode
    """How it is said."""
    slot: str = ""
    """What stands for it on the way to the model, such as `t1`. Empty: the text itself is shown."""
    number: float | None = None
    """The number behind the text, in the unit of `name`. None: not a number."""


@dataclass(frozen=True, slots=True)
class Part:
    """The values of one fact that a wording must state."""

    fact: str
    """Id of the fact."""
    kind: str
    """Its kind."""
    status: str
    """Its coded status."""
    said: tuple[StatedValue, ...]
    """Values in order."""
    stated: frozenset[str] = frozenset()
    """Names of all that the template states of it, values that a wording leaves to the template included."""
    lacking: frozenset[str] = frozenset()
    """Names of the values that the template says are not recorded."""
    number: str = ""
    """Which of several it is, such as `1` for the first re-test of an event. Empty: it has no number."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Template sentences that are re-worded as a whole."""

    id: str
    """Id of its first fact."""
    key: str
    """Key by which a model names it, such as `f3`; fact ids may hold ids that a person chose."""
    group: str
    """The event, modality or theme that it belongs to."""
    label: str
    """Lead-in of its paragraph. Empty: none."""
    facts: tuple[str, ...]
    """Every fact that it states."""
    template: tuple[Sentence, ...]
    """The template's sentences, in order."""
    parts: tuple[Part, ...]
    """What must be said. Empty: it is not offered, and the template's sentences stand."""
    about: str = ""
    """Id of the event that the unit belongs to. Empty: none."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One section's units in order; what one question to a model holds."""

    id: str
    """Id of the section, such as `course` or `event-E1`."""
    title: str
    """Its heading."""
    units: tuple[Unit, ...]
    """Units in printing order, the ones not offered included."""
    role: SectionRole
    """What its section is."""
    about: str = ""
    """Id of the fact that its section is about: the event. Empty: none."""

    @property
    def offered(self) -> tuple[Unit, ...]:
        """Units that a model may word."""
        return tuple(unit for unit in self.units if unit.parts)


def passages(draft: Draft, facts: Facts) -> tuple[Passage, ...]:
    """The passages of a draft that hold anything a model may word, in printing order."""
    offered: list[Passage] = []
    own, plain = _own_words(facts), plain_ids(facts)
    for section in draft.sections:
        if _OFFERED.get(section.role) == section.part:
            passage = _passage(section, facts, own, _Slots(plain))
            if passage.offered:
                offered.append(passage)
    return tuple(offered)


def plain_ids(facts: Facts) -> bool:
    """Whether every event's id is a letter and a number; any other may hold what a person meant for himself."""
    return all(_PLAIN_ID.fullmatch(event.code("id")) for event in facts.of_kind("event"))


def _own_words(facts: Facts) -> tuple[str, ...]:
    """Persons' own words inside values which are coded otherwise: remarks on readings, unusual marks, `other`."""
    remarks = {fact.text(name) for fact in facts for name in _OWN_WORDS}
    marks = {fact.text(name) for fact in facts.of_kind("channel") for name in ("peak", "montage")}
    coded = (value for fact in facts for name in _MAY_BE_WORDED if (value := fact.value(name)) and value.code)
    instead = {value.text for value in coded if not _is_term(value)}
    own = remarks | instead | {mark for mark in marks if not _USUAL_MARK.fullmatch(mark)}
    return tuple(sorted(own - {""}))


def _is_term(value: Value) -> bool:
    """Whether a coded value is printed in its term; one of no vocabulary is."""
    return not value.vocabulary or value.text in vocabulary(value.vocabulary)[value.code].printed


def _passage(section: Section[Block], facts: Facts, own: tuple[str, ...], slots: _Slots) -> Passage:
    units: list[Unit] = []
    for block in section.blocks:
        if not isinstance(block, Paragraph) or block.verbatim:
            continue
        for sentences in _sharing(block.sentences):
            unit = _unit(f"f{len(units) + 1}", sentences, block.label, facts, slots)
            kept = _shows(unit, own) or _hard_to_tell(unit)
            units.append(replace(unit, parts=()) if kept else unit)
    return Passage(section.id, section.title, tuple(units), section.role, section.about)


def _sharing(sentences: tuple[Sentence, ...]) -> list[tuple[Sentence, ...]]:
    """Sentences in runs that state facts together; a run keeps its first sentence's place."""
    runs: dict[int, list[Sentence]] = {}
    run_of: dict[str, int] = {}  # by fact
    for place, sentence in enumerate(sentences):
        first, *others = sorted({run_of[fact] for fact in sentence.stated if fact in run_of}) or [place]
        for other in others:
            joining = runs.pop(other)
            runs[first].extend(joining)
            run_of.update((fact, first) for member in joining for fact in member.stated)
        runs.setdefault(first, []).append(sentence)
        run_of.update((fact, first) for fact in sentence.stated)
    return [tuple(run) for run in runs.values()]


class _Slots:
    """The slots of a passage, numbered; the same text of the same sort gets the same slot."""

    def __init__(self, plain: bool) -> None:
        self.plain = plain  # whether event ids may be shown
        self._names: dict[tuple[str, str], str] = {}
        self._counts: Counter[WordingMode] = Counter()

    def name(self, how: WordingMode, text: str) -> str:
        if how in ("free", "verbatim"):
            return ""
        if (how, text) not in self._names:
            self._counts[how] += 1
            self._names[how, text] = f"{how[0]}{self._counts[how]}"
        return self._names[how, text]


def _unit(key: str, sentences: tuple[Sentence, ...], label: str, facts: Facts, slots: _Slots) -> Unit:
    cited = tuple(dict.fromkeys(fact_id for sentence in sentences for fact_id in sentence.facts))
    stated = [facts.by_id[fact] for fact in dict.fromkeys(fact for sentence in sentences for fact in sentence.stated)]
    group = stated[0].group if len({fact.group for fact in stated}) == 1 else stated[0].id
    about = stated[0].group if stated[0].group.startswith("event.") else ""
    parts: tuple[Part, ...] = ()
    # Of an event that is no change of a signal there is nothing to word.
    changed = all(fact.code("direction") != "none" for fact in stated)
    if changed and all(catalogue()[fact.kind].worded and fact.author != "professional" for fact in stated):
        states = frozenset(state for sentence in sentences for state in sentence.states)
        parts = tuple(_part(fact, states, facts, slots) for fact in stated)
        if not _worth_wording(parts):
            parts = ()
    return Unit(stated[0].id, key, group, label, cited, sentences, parts, about)


def _shows(unit: Unit, own: tuple[str, ...]) -> bool:
    """Whether a value that would be shown holds a person's own words; such a unit stays with the template."""
    shown = [value.text for part in unit.parts for value in part.said if not value.slot]
    return any(words in text for words in own for text in shown)


def _hard_to_tell(unit: Unit) -> bool:
    """Whether a model would have to guess.

    So it would at readings not obtained, at times that are approximate or known only in order, at channels that only a
    number tells apart, at a percentage that is not printed, and at reviews of several times.
    """
    said = [value for part in unit.parts for value in part.said]
    return (
        any(part.kind == "event.retest.reading" and part.status.startswith("not_") for part in unit.parts)
        or any(part.kind == "event.resolution" and part.status in _KEPT_ENDINGS for part in unit.parts)
        or any(_NUMBERED.search(value.text) for value in said if value.name in _PLACES)
        or any(value.number > MOST_PERCENT for value in said if value.number is not None and "_pct" in value.name)
        or any(value.text.startswith("about ") for value in said if not value.slot)
        or any(part.stated.intersection(_ONLY_THE_RECORDS) or "actor" in part.lacking for part in unit.parts)
        or any(part.kind == "modality.baseline_review" and "by" in part.lacking for part in unit.parts)
        or len(_reviewed_at(unit)) > 1
        or any(part.kind == "event.context" and _quoted_alone(unit, part) for part in unit.parts)
    )


def _quoted_alone(unit: Unit, context: Part) -> bool:
    """Whether the quotation of a context says its step too, so that the step has no words of its own."""
    said = {value.name: value.text for value in context.said}
    if "text" not in said or "note" not in said:
        return False
    return not any(said["text"] in row.text.replace(said["note"], "") for row in unit.template)


def _reviewed_at(unit: Unit) -> set[str]:
    """The times of the reviews that a unit tells: of several, the guard cannot say which is whose."""
    reviews = (part for part in unit.parts if part.kind == "modality.baseline_review")
    return {value.text for part in reviews for value in part.said if value.name == "at"}


def _worth_wording(parts: tuple[Part, ...]) -> bool:
    """Whether there is more to word than a person's name or own words."""
    return any(value.how in ("free", "time") for part in parts for value in part.said) or any(
        part.status in ("not_recorded", "met", "not_met", "not_comparable") for part in parts
    )


def _part(fact: Fact, states: frozenset[Stated], facts: Facts, slots: _Slots) -> Part:
    stated = {state.value for state in states if state.fact == fact.id and state.how == "says"}
    lacking = frozenset(state.value for state in states if state.fact == fact.id and state.how == "lacks")
    if fact.kind in _LABELLED and any(state.value == "label" and _labels(state.fact, fact, facts) for state in states):
        stated.add("modality")
    if "text" in stated:
        stated.add("description")  # a person's remark stands behind the reading, in its text
    values = [StatedValue(name, text, "free") for name, text in _about(fact, facts).items() if text and name in stated]
    for name, listed in catalogue()[fact.kind].worded.items():
        text, how = _value(fact, name, listed, plain=slots.plain)
        if fact.kind in _DELAYS and not fact.number(name):
            continue
        if text and text != NOT_RECORDED and name in stated:
            values.append(StatedValue(name, text, how, slots.name(how, text), fact.number(name)))
    number = fact.text("number") if fact.kind == "event.retest" else ""
    return Part(fact.id, fact.kind, fact.status, tuple(values), frozenset(stated), lacking, number)


def _about(fact: Fact, facts: Facts) -> dict[str, str]:
    """What a fact itself is about, where a wording of its kind says it."""
    label = (
        next((modality.text("label") for modality in _modalities(fact, facts)), "") if fact.kind in _LABELLED else ""
    )
    side = {"bilateral": "both sides"}.get(fact.side, fact.side) if fact.kind in _SIDED else ""
    return {"modality": label, "side": side if side in ("left", "right", "both sides", "midline") else ""}


def _modalities(fact: Fact, facts: Facts) -> list[Fact]:
    """The modality that a fact is said of, if the record lists it."""
    candidates = (facts.get(key) for key in (fact.group, f"modality.{fact.modality}"))
    return [candidate for candidate in candidates if candidate is not None and candidate.kind == "modality"][:1]


def _labels(label_of: str, fact: Fact, facts: Facts) -> bool:
    """Whether the label of one fact names the modality of another."""
    return any(modality.id == label_of for modality in _modalities(fact, facts))


def _value(fact: Fact, name: str, listed: WordingMode, *, plain: bool) -> tuple[str, WordingMode]:
    """A value's text and how it is said; a person's remark is parted from the reading that it stands behind."""
    text, remark = fact.text(name), fact.text("description")
    if name == "text" and remark and remark in text:
        reading = text.removesuffix(f" ({remark})")
        return (reading, listed) if reading != text else (text, "quote")
    if name == "id" and not plain:
        return text, "name"
    return text, listed
