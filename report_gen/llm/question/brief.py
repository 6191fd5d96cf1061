"""The coded facts of a passage as a model sees them: no name, no clock time, no date, nobody's own words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from report_gen.draft.passages import Part, Passage, StatedValue, Unit, plain_ids
from report_gen.facts.catalogue import catalogue
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import NOT_RECORDED

__all__ = ["brief"]

_LACKING: Final[Mapping[str, str]] = {"at": "time"}
"""Plain names of values that may be not recorded, where the value's own name is an abbreviation."""


def brief(passage: Passage, facts: Facts, *, units: Sequence[Unit] | None = None) -> str:
    """The facts of a passage as one line of JSON, with slots for what stays here.

    Args:
        passage: The passage.
        facts: All facts, for the event that a unit is about.
        units: Its units to word; all that are offered otherwise.
    """
    return json.dumps(_sheet(passage, facts, units), ensure_ascii=False, separators=(",", ":"))


def _sheet(passage: Passage, facts: Facts, units: Sequence[Unit] | None) -> dict[str, object]:
    entries = [_entry(unit, facts) for unit in (passage.offered if units is None else units)]
    about = facts.get(passage.about)
    head = {"event": _about(about, shown=plain_ids(facts))} if about is not None else {}
    return {"passage": passage.role, **head, "facts": entries}


def _about(event: Fact, *, shown: bool) -> dict[str, str]:
    names = ("id", "event_class", "modality") if shown else ("event_class", "modality")
    return {name: event.text(name) for name in names if event.text(name)}


def _entry(unit: Unit, facts: Facts) -> dict[str, object]:
    parts: list[dict[str, str]] = []
    for part in unit.parts:
        fact = facts.by_id[part.fact]
        entry: dict[str, str] = {"kind": part.kind}
        if words := catalogue()[part.kind].status_words.get(part.status):
            entry["status"] = words
        entry.update((value.name, _shown(value)) for value in part.said)
        entry.update(_silent(part, fact, entry))
        if len(entry) > 1:
            parts.append(entry)
    return {"id": unit.key, "parts": parts}


def _silent(part: Part, fact: Fact, entry: Mapping[str, str]) -> dict[str, str]:
    """Statements of a part beyond its own values: a missing side or time, a delay of zero."""
    extra = {_LACKING.get(name, name): NOT_RECORDED for name in sorted(part.lacking)}
    if fact.kind == "event.onset":
        extra = {"time_of_onset": NOT_RECORDED} if extra and fact.status != "not_recorded" else {}
    if fact.kind == "event.notification.delay":
        delay = fact.number("delay_min") or 0
        extra["order"] = "at the same time" if delay == 0 else ("after" if delay > 0 else "before")
    if fact.kind == "event.notice_delay" and not fact.number("delay_min"):
        extra["order"] = "noticed at once"
    if fact.kind == "event.onset_window":
        extra["status"] = "the onset lies within this window and its time is not known"
    return {name: text for name, text in extra.items() if name not in entry}


def _shown(value: StatedValue) -> str:
    return f"{{{value.slot}}}" if value.slot else value.text
