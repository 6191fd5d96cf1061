"""The coded facts of a passage as a model sees them: no name, no clock time, no date, nobody's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from report_gen.draft.passages import Part, Passage, StatedValue, Unit, plain_ids
from report_gen.facts.catalogue import catalogue
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import NOT_RECORDED
from report_gen.llm.question.keys import ABOUT_QUOTATIONS, OUTLINE, QuotationShape, key_of, key_of_delay

__all__ = ["brief"]

_READING: Final = "event.retest.reading"
_CHANGE: Final = "event.retest.change"
_ACKNOWLEDGEMENT: Final = "event.acknowledgement"
_SENTENCE_END: Final = re.compile(r"[.!?…][\"”’)\]]*$")


def brief(passage: Passage, facts: Facts, *, units: Sequence[Unit] | None = None) -> str:
    """The facts of a passage as one line of JSON, with slots for what stays here.

    The event as a whole stands before the facts that are asked, in outline, so that their sentences fit into it.

    Args:
        passage: The passage.
        facts: All facts, for the event that a unit is about.
        units: Its units to word; all that are offered otherwise.
    """
    return json.dumps(_sheet(passage, facts, units), ensure_ascii=False, separators=(",", ":"))


def _sheet(passage: Passage, facts: Facts, units: Sequence[Unit] | None) -> dict[str, object]:
    asked = passage.offered if units is None else units
    about = facts.get(passage.about)
    head: dict[str, object] = {}
    if about is not None:
        head["event"] = _about(about, shown=plain_ids(facts))
        if len(passage.offered) > len(asked):
            head["outline"] = [line for unit in passage.offered if (line := _outlined(unit, asked=unit in asked))]
    if told := _quotations(asked):
        head["quotations"] = told
    return {"passage": passage.role, **head, "facts": list(_entries(passage, asked, facts))}


def _about(event: Fact, *, shown: bool) -> dict[str, str]:
    names = ("id", "event_class", "modality") if shown else ("event_class", "modality")
    return {name: event.text(name) for name in names if event.text(name)}


def _outlined(unit: Unit, *, asked: bool) -> str:
    """A unit in a few words; of a person's names and own words it holds nothing, and of times only the slot."""
    for part in unit.parts:
        if part.kind in OUTLINE:
            words, names = OUTLINE[part.kind]
            values = {value.name: value.text for value in part.said if not value.slot}
            text = " ".join([words, *(values[name] for name in names if name in values)]).strip()
            return f"{text} (asked: {unit.key})" if asked else text
    return ""


def _quotations(units: Sequence[Unit]) -> dict[str, str]:
    """Of each quotation asked for, what it is and its shape: how a sentence goes on after it depends on that."""
    return {
        value.slot: f"{ABOUT_QUOTATIONS.get(part.kind, 'words of the record')}, {_shape(value.text)}"
        for unit in units
        for part in unit.parts
        for value in part.said
        if value.how == "quote" and value.slot
    }


def _shape(words: str) -> QuotationShape:
    return QuotationShape.SENTENCE if _SENTENCE_END.search(words.strip()) else QuotationShape.PHRASE


def _entries(passage: Passage, asked: Sequence[Unit], facts: Facts) -> Iterator[dict[str, object]]:
    """The facts asked for; those under one heading have one number."""
    numbers: dict[str, int] = {}
    heading = 0
    before: str | None = None
    for unit in passage.units:
        if unit.label != before:
            heading, before = heading + 1, unit.label
        numbers[unit.key] = heading
    first = numbers[asked[0].key] if asked else 0
    several = len({numbers[unit.key] for unit in asked}) > 1
    for unit in asked:
        under = {"heading": numbers[unit.key] - first + 1} if several else {}
        yield {"id": unit.key, **under, "parts": _parts(unit, facts)}


def _parts(unit: Unit, facts: Facts) -> list[dict[str, str]]:
    parts: list[dict[str, str]] = []
    for part in unit.parts:
        entry = _part(part, facts)
        if part.kind == _CHANGE and parts and parts[-1]["kind"] == _READING:
            # How far a response was from baseline is said of the reading before it.
            parts[-1].update((key, text) for key, text in entry.items() if key != "kind")
        else:
            parts.append(entry)
    return [entry for entry in parts if len(entry) > 1]


def _part(part: Part, facts: Facts) -> dict[str, str]:
    fact = facts.by_id[part.fact]
    if part.kind == "event.notification.delay":
        return _delay(part, fact)
    entry: dict[str, str] = {"kind": part.kind}
    words = catalogue()[part.kind].status_words.get(part.status)
    if words and not (part.kind == _ACKNOWLEDGEMENT and any(value.name == "at" for value in part.said)):
        entry["status"] = words
    entry.update((key_of(part.kind, value.name), _shown(value)) for value in part.said)
    entry.update(_silent(part, fact, entry))
    return entry


def _delay(part: Part, fact: Fact) -> dict[str, str]:
    """The time from an event to a telling; a telling at that very time has no number."""
    minutes = fact.number("delay_min") or 0.0
    said = next((_shown(value) for value in part.said if value.name == "delay_min"), "at the same time")
    return {"kind": part.kind, key_of_delay(part.status, minutes): said}


def _silent(part: Part, fact: Fact, entry: Mapping[str, str]) -> dict[str, str]:
    """Statements of a part beyond its own values: a missing side or time, a delay of zero."""
    extra = {key_of(part.kind, name): NOT_RECORDED for name in sorted(part.lacking)}
    if fact.kind == "event.onset":
        extra = {"began_at": NOT_RECORDED} if extra and fact.status != "not_recorded" else {}
    if fact.kind == "event.notice_delay" and not fact.number("delay_min"):
        extra["order"] = "noticed at once"
    if fact.kind == "event.onset_window":
        extra["status"] = "the onset lies between these two and its time is not known"
    return {name: text for name, text in extra.items() if name not in entry}


def _shown(value: StatedValue) -> str:
    return f"{{{value.slot}}}" if value.slot else value.text
