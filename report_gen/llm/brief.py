"""The coded facts of a passage as a model sees them: no name, no clock time, no date, nobody's own words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from report_gen.draft.passages import Passage, Said, Unit, plain_ids
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import NOT_RECORDED

__all__ = ["STATUS_WORDS", "brief", "fact_sheet"]

_TIMED: Final = (
    "event.told",
    "event.ack",
    "event.action",
    "event.retest",
    "event.resolution",
    "modality.baseline_review",
)
"""Kinds of which a missing time is said."""
_CLOSING_WORDS: Final = (
    "last readings at closing; further ones, and all where none is compared, are described without comparison "
    "with a criterion"
)

STATUS_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "aggregate.closing": {"mixed": _CLOSING_WORDS, "all_within": _CLOSING_WORDS},
    "aggregate.resolution": {
        "some_open": "these events are not recorded as returned to baseline or to within criterion",
        "all_recovered": "each event is recorded as returned to baseline or to within criterion",
    },
    "event.onset": {"not_recorded": "the time is not recorded"},
    "event.criterion": {
        "met": "the criterion in force was met",
        "not_met": "the criterion in force was not met",
        "not_comparable": "whether the criterion in force was met cannot be computed from the recorded values",
    },
    "event.context": {"not_recorded": "the surgical context is not recorded"},
    "event.told": {"not_recorded": "notification of the surgeon and the anesthesia team is not recorded"},
    "event.told.delay": {"onset": "counted from onset", "noticed": "counted from when it was noticed"},
    "event.ack": {"yes": "acknowledged", "no": "not acknowledged", "not_recorded": "acknowledgement not recorded"},
    "event.action": {"not_recorded": "interventions are not recorded"},
    "event.retest": {"not_recorded": "a re-test is not recorded"},
    "event.resolution": {"not_recorded": "the resolution is not recorded"},
    "minutes.monitoring": {"not_recorded": "the times of monitoring are not recorded"},
    "modality.baseline_review": {"not_recorded": "a review of the baselines is not recorded"},
    "modality.extreme": {
        "met": "the criterion in force was met in this many channels at the worst recorded reading",
        "none_met": "no recorded reading met the criterion in force",
        "not_comparable": "not every recorded reading can be compared with a criterion in force",
    },
    "interval.gap": {"gap": "no data were recorded"},
    "interval.outage": {"outage": "the link was out"},
    "interval.standby": {"standby": "monitoring stood by"},
}
"""What a status says, where it says something that the values do not."""


def brief(passage: Passage, facts: Facts, *, units: Sequence[Unit] | None = None) -> str:
    """The facts of a passage as one line of JSON, with slots for what stays here.

    Args:
        passage: The passage.
        facts: All facts, for the event that a unit is about.
        units: Its units to word; all that are offered otherwise.
    """
    return json.dumps(_sheet(passage, facts, units, hidden=True), ensure_ascii=False, separators=(",", ":"))


def fact_sheet(passage: Passage, facts: Facts) -> dict[str, object]:
    """The same with every slot filled: what a writer on this machine may see. Never sent."""
    return _sheet(passage, facts, None, hidden=False)


def _sheet(passage: Passage, facts: Facts, units: Sequence[Unit] | None, *, hidden: bool) -> dict[str, object]:
    rows = [_row(unit, facts, hidden=hidden) for unit in (passage.offered if units is None else units)]
    about = next((row for row in facts.of_kind("event") if passage.id == f"event-{row.code('id')}"), None)
    head = {"event": _about(about, shown=not hidden or plain_ids(facts))} if about is not None else {}
    return {"passage": passage.id.partition("-")[0] if hidden else passage.id, **head, "facts": rows}


def _about(event: Fact, *, shown: bool) -> dict[str, str]:
    names = ("id", "event_class", "modality") if shown else ("event_class", "modality")
    return {name: event.text(name) for name in names if event.text(name)}


def _row(unit: Unit, facts: Facts, *, hidden: bool) -> dict[str, object]:
    parts: list[dict[str, str]] = []
    for part in unit.parts:
        fact = facts.by_id[part.fact]
        row: dict[str, str] = {"kind": part.kind}
        if words := STATUS_WORDS.get(part.kind, {}).get(part.status):
            row["status"] = words
        row.update((said.name, _shown(said, hidden=hidden)) for said in part.said)
        row.update(_silent(unit, fact, row))
        if len(row) > 1:
            parts.append(row)
    return {"id": unit.key if hidden else unit.id, "parts": parts}


def _silent(unit: Unit, fact: Fact, row: Mapping[str, str]) -> dict[str, str]:
    """What a part says beyond its own values: a side or a time that is missing, a delay of nothing."""
    extra: dict[str, str] = {}
    words = " ".join(sentence.text for sentence in unit.template)
    timed = fact.kind in _TIMED and fact.status not in ("not_recorded", "no")
    if fact.kind in ("interval.gap", "interval.outage") and "reason not recorded" in words:
        extra["reason"] = NOT_RECORDED
    if fact.kind == "aggregate.events":
        extra["event_class"] = fact.status
    if fact.kind == "modality.extreme" and "change" in row:
        extra["which"] = "the reading farthest from baseline"
    if fact.kind == "event.action" and fact.side == "not_recorded":
        extra["side"] = NOT_RECORDED
    stated = fact.kind != "event.resolution" or unit.label != ""
    if timed and stated and fact.value("at") is None and "time" in words:
        extra["time"] = NOT_RECORDED
    if fact.kind == "event.onset" and "time of onset is not recorded" in words and fact.status != "not_recorded":
        extra["time_of_onset"] = NOT_RECORDED
    if fact.kind == "event.told.delay":
        delay = fact.number("delay_min") or 0
        extra["order"] = "at the same time" if delay == 0 else ("after" if delay > 0 else "before")
    if fact.kind == "event.notice_delay" and not fact.number("delay_min"):
        extra["order"] = "noticed at once"
    if fact.kind == "event.onset_window":
        extra["status"] = "the onset lies within this window and its time is not known"
    return {name: text for name, text in extra.items() if name not in row}


def _shown(said: Said, *, hidden: bool) -> str:
    return f"{{{said.slot}}}" if said.slot and hidden else said.text
