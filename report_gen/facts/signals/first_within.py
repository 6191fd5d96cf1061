"""When the responses that met the criterion at an event were first read within it again: computed, beside the class."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from report_gen.case.contract.events import Event
from report_gen.facts.builder import FactBuilder, text
from report_gen.facts.row_ids import own_part
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.signals.changes import Compared
from report_gen.facts.signals.channels import EventReadings
from report_gen.facts.signals.naming import ChannelIndex, Moment
from report_gen.facts.wording import joined, percent_text, utc

__all__ = ["derive_first_within"]


class _FoundWithin(NamedTuple):
    """A timed reading of a response that is within its criterion."""

    at: datetime
    fact_id: str
    words: str
    """The response with its percent of baseline, or with what was seen."""


def derive_first_within(b: FactBuilder, channels: ChannelIndex, event_readings: EventReadings) -> None:
    """Add, for each event at which responses met the criterion, when all of them had been read within it again.

    No fact where one of them never was at a recorded time.
    """
    for index, event in enumerate(b.case.events):
        group, begun_at = f"event.{own_part(event.id)}", event.onset_at or event.noticed_at
        if begun_at is None:
            continue
        read = [
            (reference, fact.id, compared.status == "beyond_criterion")
            for reference, rows in event_readings.items()
            for fact, compared in rows
            if fact.group == group and fact.kind == "event.reading"
        ]
        beyond = dict.fromkeys(reference for reference, _, met in read if met)
        first = [_first(b, channels, event_readings, reference, begun_at) for reference in beyond]
        found = [read for read in first if read is not None]
        if found and len(found) == len(first):
            _add(b, event, index, found, [fact_id for _, fact_id, _ in read])


def _add(b: FactBuilder, event: Event, index: int, found: list[_FoundWithin], read_then: list[str]) -> None:
    group = f"event.{own_part(event.id)}"
    last = max(found, key=lambda read: utc(read.at))
    b.compute(
        f"{group}.first_within",
        "event.first_within",
        f"/events/{index}",
        [b.instant("at", last.at), text("text", joined([read.words for read in found]))],
        formula="the first reading after onset that is within the criterion in force, of each response that met it at "
        "the event; the latest of these",
        inputs=[f"{group}.onset", *_with_changes(b, [*read_then, *(read.fact_id for read in found)])],
        group=group,
        modality=event.modality or "",
        must_state=False,
    )


def _with_changes(b: FactBuilder, readings: list[str]) -> list[str]:
    """Readings, each with its comparison, which rests on the baseline and the criterion."""
    names = (name for reading in readings for name in (reading, f"{reading}.change"))
    return list(dict.fromkeys(name for name in names if name in b.by_id))


def _first(
    b: FactBuilder, channels: ChannelIndex, event_readings: EventReadings, reference: str, begun_at: datetime
) -> _FoundWithin | None:
    """The first reading of a response within its criterion later than a time. None: there is none."""
    later = [
        _FoundWithin(at, fact_id, _words(compared))
        for fact_id, compared in _readings(channels, event_readings, reference)
        if compared.status == "within_criterion" and (at := compared.moment.at) is not None and utc(at) > utc(begun_at)
    ]
    return min(later, key=lambda read: utc(read.at), default=None)


def _readings(channels: ChannelIndex, event_readings: EventReadings, reference: str) -> Iterator[tuple[str, Compared]]:
    """Every reading of a response after baseline, those of events first."""
    for fact, compared in event_readings.get(reference, ()):
        yield fact.id, compared
    view = channels.views[reference]
    criterion = channels.criterion_for(view.channel.modality)
    for index, row in enumerate(view.channel.measurements):
        if row.phase != "baseline":
            yield view.measurement_ids[index], Compared(view, row.reading, Moment(row.at, index), criterion)


def _words(compared: Compared) -> str:
    shares = [
        percent_text(change.percent_of_baseline)
        for change in compared.changes
        if change_names()[change.parameter].in_percent and change.percent_of_baseline is not None
    ]
    return " ".join([compared.view.short, *shares[:1]])
