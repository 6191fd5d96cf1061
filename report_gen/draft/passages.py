"""What may be re-worded: passages of units, each with what its wording must say and how that may leave the machine.

A unit is the least that is re-worded as a whole: the template sentences of one paragraph that share facts. Within a
passage no two units share a fact, so that what a sentence claims to state decides which template sentences it replaces.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from report_gen.draft.model import Draft, Paragraph, Section, Sentence
from report_gen.facts.catalogue import How, catalogue
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import NOT_RECORDED

__all__ = ["Part", "Passage", "Said", "Unit", "passages", "plain_ids"]

_GOES_ON_BEFORE: Final = re.compile(r"[\w.:]")
_GOES_ON_AFTER: Final = re.compile(r"\w|[.:]\d")
_SIDED: Final = ("event.action", "modality.extreme", "summary")
"""Kinds whose own side is part of what is said; an event's side is part of its `responses`."""

_LABELLED: Final = ("modality.baseline_review", "modality.extreme", "summary")
"""Kinds said of a modality, whose label another fact holds."""

_PLACES: Final = ("short", "responses", "channel")
_NUMBERED: Final = re.compile(r" \(?\d+\)?$")
_ALWAYS: Final = ("count", "modalities")
"""Values that the template says in words of its own: a number in letters, a list with `or`."""
_EVENT_IDS: Final = ("id", "ids", "open")
_PLAIN_ID: Final = re.compile(r"[A-Za-z]\d{1,2}")
_OWN_WORDS: Final = ("description", "reason_detail")
_USUAL_MARK: Final = re.compile(
    r"(?:[NP]\d{1,3}[a-c]?'?|[NP][ab]|[IVX]{1,4}|PF|EP|SP|LP|D|CAP|CMAP|[A-Z][A-Za-z]?p?[z\d]\d?'?(?:-[A-Z][A-Za-z]?p?[z\d]\d?'?)?)"
)
"""Peaks and derivations as the field writes them; in another shape they may hold anything."""

_SECTIONS: Final = ("summary", "impression", "course")


@dataclass(frozen=True, slots=True)
class Said:
    """One value that a wording of the unit must say."""

    name: str
    """Name of the value, such as `onset_at`; `side` and `modality` for what the fact itself is about."""
    text: str
    """As the report prints it."""
    how: How
    """How it is said."""
    slot: str = ""
    """What stands for it on the way to the model, such as `t1`. Empty: the text itself is shown."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one fact of a unit has to say."""

    fact: str
    """Id of the fact."""
    kind: str
    """Its kind."""
    status: str
    """Its coded status."""
    said: tuple[Said, ...]
    """Values in order."""
    number: str = ""
    """Which of several it is, such as `1` for the first re-test of an event. Empty: it has no number."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Template sentences that are re-worded as a whole."""

    id: str
    """Id of its first fact."""
    key: str
    """What a model names it by, such as `f3`; fact ids hold ids that a person chose."""
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

    @property
    def offered(self) -> tuple[Unit, ...]:
        """Units that a model may word."""
        return tuple(unit for unit in self.units if unit.parts)


def passages(draft: Draft, facts: Facts) -> tuple[Passage, ...]:
    """The passages of a draft that hold anything a model may word, in printing order."""
    found: list[Passage] = []
    own, plain = _own_words(facts), plain_ids(facts)
    for section in draft.sections:
        if section.id in _SECTIONS or section.id.startswith("event-"):
            passage = _passage(section, facts, own, _Slots(plain))
            if passage.offered:
                found.append(passage)
    return tuple(found)


def plain_ids(facts: Facts) -> bool:
    """Whether every event's id is a letter and a number; any other may hold what a person meant for himself."""
    return all(_PLAIN_ID.fullmatch(event.code("id")) for event in facts.of_kind("event"))


def _own_words(facts: Facts) -> tuple[str, ...]:
    """Persons' own words that stand inside values which are coded otherwise: remarks on readings, unusual marks."""
    remarks = {fact.text(name) for fact in facts for name in _OWN_WORDS}
    marks = {fact.text(name) for fact in facts.of_kind("channel") for name in ("peak", "montage")}
    return tuple(sorted((remarks | {mark for mark in marks if not _USUAL_MARK.fullmatch(mark)}) - {""}))


def _passage(section: Section, facts: Facts, own: tuple[str, ...], slots: _Slots) -> Passage:
    units: list[Unit] = []
    for block in section.blocks:
        if not isinstance(block, Paragraph) or block.verbatim:
            continue
        for sentences in _sharing(block.sentences):
            label = block.label if not block.proposed else ""
            unit = _unit(f"f{len(units) + 1}", sentences, label, facts, slots)
            units.append(replace(unit, parts=()) if _shows(unit, own) or _hard_to_tell(unit) else unit)
    return Passage(section.id, section.title, tuple(units))


def _sharing(sentences: tuple[Sentence, ...]) -> list[tuple[Sentence, ...]]:
    """Sentences in runs that share facts; a run keeps its first sentence's place."""
    runs: dict[int, list[Sentence]] = {}
    run_of: dict[str, int] = {}  # by fact
    for place, sentence in enumerate(sentences):
        first, *others = sorted({run_of[fact] for fact in sentence.facts if fact in run_of}) or [place]
        for other in others:
            joining = runs.pop(other)
            runs[first].extend(joining)
            run_of.update((fact, first) for row in joining for fact in row.facts)
        runs.setdefault(first, []).append(sentence)
        run_of.update((fact, first) for fact in sentence.facts)
    return [tuple(run) for run in runs.values()]


class _Slots:
    """Numbers the slots of a passage; the same text of the same sort gets the same slot."""

    def __init__(self, plain: bool) -> None:
        self.plain = plain  # whether event ids may be shown
        self._names: dict[tuple[str, str], str] = {}
        self._counts: Counter[How] = Counter()

    def name(self, how: How, text: str) -> str:
        if how in ("free", "verbatim"):
            return ""
        if (how, text) not in self._names:
            self._counts[how] += 1
            self._names[how, text] = f"{how[0]}{self._counts[how]}"
        return self._names[how, text]


def _unit(key: str, sentences: tuple[Sentence, ...], label: str, facts: Facts, slots: _Slots) -> Unit:
    ids = tuple(dict.fromkeys(fact_id for sentence in sentences for fact_id in sentence.facts))
    stated = [facts.by_id[fact_id] for fact_id in ids]
    words = " ".join(sentence.text for sentence in sentences)
    group = stated[0].group if len({fact.group for fact in stated}) == 1 else ids[0]
    about = stated[0].group if stated[0].group.startswith("event.") else ""
    parts: tuple[Part, ...] = ()
    if all(catalogue()[fact.kind].worded and fact.author != "professional" for fact in stated):
        parts = tuple(_part(fact, words, facts, slots) for fact in stated)
        if not _worth_wording(parts):
            parts = ()
    return Unit(ids[0], key, group, label, ids, sentences, parts, about)


def _shows(unit: Unit, own: tuple[str, ...]) -> bool:
    """Whether a value that would be shown holds a person's own words; such a unit stays with the template."""
    shown = [said.text for part in unit.parts for said in part.said if not said.slot]
    return any(words in text for words in own for text in shown)


def _hard_to_tell(unit: Unit) -> bool:
    """Whether readings that were not obtained, or channels that only a number tells apart, leave too much to guess."""
    return any(part.kind == "event.retest.value" and part.status.startswith("not_") for part in unit.parts) or any(
        _NUMBERED.search(said.text) for part in unit.parts for said in part.said if said.name in _PLACES
    )


def _worth_wording(parts: tuple[Part, ...]) -> bool:
    """Whether there is more to word than a person's name or own words."""
    return any(said.how in ("free", "time") for part in parts for said in part.said) or any(
        part.status in ("not_recorded", "met", "not_met", "not_comparable", "all_recovered", "some_open")
        for part in parts
    )


def _part(fact: Fact, words: str, facts: Facts, slots: _Slots) -> Part:
    said: list[Said] = []
    if fact.kind in _LABELLED:
        label = _modality_label(fact, facts)
        if label and _stands_in(label, words):
            said.append(Said("modality", label, "free"))
    side = {"bilateral": "both sides"}.get(fact.side, fact.side)
    if fact.kind in _SIDED and side in ("left", "right", "both sides", "midline") and _stands_in(side, words):
        said.append(Said("side", side, "free"))
    for name, listed in catalogue()[fact.kind].worded.items():
        text, how = _value(fact, name, listed, words, plain=slots.plain)
        if text and text != NOT_RECORDED and (name in _ALWAYS or _stands_in(text, words)):
            said.append(Said(name, text, how, slots.name(how, text)))
    number = fact.text("number") if fact.kind == "event.retest" else ""
    return Part(
        fact.id,
        fact.kind,
        fact.status,
        tuple(said if fact.kind != "modality.extreme" else _extreme(fact, said, words)),
        number,
    )


def _value(fact: Fact, name: str, listed: How, words: str, *, plain: bool) -> tuple[str, How]:
    """A value's text and how it is said; a person's remark is parted from the reading that it stands behind."""
    text, remark = fact.text(name), fact.text("description")
    if name == "text" and remark and remark in text:
        reading = text.removesuffix(f" ({remark})")
        return (reading, listed) if reading != text else (text, "quote")
    if (name == "noticed_at" and "notic" not in words) or (name == "last_unaffected_at" and "last trace" not in words):
        return "", listed  # the same minute may be the onset's
    if name == "event_class" and not _stands_in(fact.text("id"), words):
        return "", listed  # a chain's heading says the class; its sentences may use the word in another sense
    if name in _EVENT_IDS and not plain:
        return text, "name"
    return text, listed


def _extreme(fact: Fact, said: list[Said], words: str) -> list[Said]:
    """Counts where a criterion was met; otherwise the reading farthest from baseline, where the template names it."""
    if fact.status == "met":
        return [row for row in said if row.name in ("modality", "channels", "beyond")]
    names = ("modality", "side", "channel", "change") if "farthest" in words else ("modality",)
    return [row for row in said if row.name in names]


def _modality_label(fact: Fact, facts: Facts) -> str:
    for key in (fact.group, f"modality.{fact.modality}"):
        found = facts.get(key)
        if found is not None and found.kind == "modality":
            return found.text("label")
    return ""


def _stands_in(text: str, words: str) -> bool:
    """Whether the template says this value, as whole words, in capitals or not."""
    # Not a pattern made of the text: a long case has more texts than `re` keeps patterns.
    said, sought = words.lower(), text.lower()
    at = said.find(sought)
    while at >= 0:
        parted = at == 0 or _GOES_ON_BEFORE.match(said, at - 1) is None
        if parted and _GOES_ON_AFTER.match(said, at + len(sought)) is None:
            return True
        at = said.find(sought, at + 1)
    return False
