"""Facts of events, each a chain: onset, values, criterion, context, told, acknowledged, done, re-tested, resolved."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime

from report_gen.case.events import ChannelReading, Event, Intervention
from report_gen.case.physiology import PhysiologyRow
from report_gen.case.signals import AlertCriterion, Reading
from report_gen.facts.builder import FactBuilder, number, text
from report_gen.facts.channels import ChannelIndex, change_fact, reading_values
from report_gen.facts.criteria import criterion_text
from report_gen.facts.intervals import minutes_between
from report_gen.facts.physiology import physiology_values
from report_gen.facts.wording import duration_text, joined, quantity_text, vocabulary_text
from report_gen.vocab import vocabulary

__all__ = ["derive_events"]

NEAREST_ROW_MIN = 15
"""Farthest a physiology row may lie from an event to be printed beside it: the proposed charting cadence
(clinical reference §1.7 item 6)."""


def derive_events(b: FactBuilder, channels: ChannelIndex) -> dict[str, list[tuple[str, Reading]]]:
    """Add every event's chain.

    Returns:
        The readings of events by channel reference, each with its fact id.
    """
    readings: dict[str, list[tuple[str, Reading]]] = {}
    rows = sorted((row for row in enumerate(b.case.physiology) if row[1].at is not None), key=lambda r: _at(r[1]))
    times = [_at(row) for _, row in rows]
    for index, event in enumerate(b.case.events):
        chain = _Chain(b, channels, event, f"/events/{index}")
        chain.derive(readings)
        chain.physiology(rows, times)
    return readings


def _at(row: PhysiologyRow) -> float:
    return row.at.timestamp() if row.at is not None else 0.0


class _Chain:
    """One event while its facts are added."""

    def __init__(self, b: FactBuilder, channels: ChannelIndex, event: Event, pointer: str) -> None:
        self.b, self.channels, self.event, self.pointer = b, channels, event, pointer
        self.group = f"event.{event.id}"
        self.criterion: AlertCriterion | None = (
            channels.criterion_for(event.modality or "", event.criterion) if event.modality else None
        )
        self.begun_at: datetime | None = event.onset_at or event.noticed_at
        self.signal = event.event_class in ("alert", "change")

    def derive(self, readings: dict[str, list[tuple[str, Reading]]]) -> None:
        """Add the chain in its order."""
        self._head()
        self._onset()
        change_ids = self._values(self.event.readings, f"{self.group}.value", f"{self.pointer}/readings", readings)
        self._criterion(change_ids)
        self._context()
        self._notifications()
        self._interventions()
        self._retests(readings)
        self._resolution()

    def _head(self) -> None:
        b, event = self.b, self.event
        views = [self.channels.views[reference] for reference in event.channels]
        labels = list(dict.fromkeys(view.label for view in views))
        b.add(
            self.group,
            "event",
            self.pointer,
            [
                text("id", event.id),
                b.coded("event_class", "event_classes", event.event_class),
                b.words("modality", vocabulary("modalities").label(event.modality) if event.modality else None),
                b.coded("direction", "change_directions", event.direction),
                b.words("channels", joined(labels) or None),
                b.words("channels_short", ", ".join(view.short for view in views) or None),
                b.coded("onset_kind", "onset_kinds", event.onset_kind) if event.onset_kind != "unknown" else None,
            ],
            group=self.group,
            status=event.event_class,
            side=event.side,
            modality=event.modality or "",
            site=views[0].site if len(labels) == 1 and views else "",
        )

    def _onset(self) -> None:
        b, event = self.b, self.event
        b.add(
            f"{self.group}.onset",
            "event.onset",
            self.pointer,
            [
                b.instant("onset_at", event.onset_at),
                b.instant("last_unaffected_at", event.last_unaffected_at),
                b.instant("noticed_at", event.noticed_at),
            ],
            group=self.group,
            status="recorded" if event.onset_at else ("interval" if event.noticed_at else "recorded"),
        )
        if event.onset_at is None and event.last_unaffected_at is not None and event.noticed_at is not None:
            window = minutes_between(event.last_unaffected_at, event.noticed_at)
            b.compute(
                f"{self.group}.onset_window",
                "event.onset_window",
                self.pointer,
                [number("window_min", window, duration_text(window))],
                formula="noticed_at \u2212 last_unaffected_at",
                inputs=[f"{self.group}.onset"],
                group=self.group,
            )

    def _values(
        self,
        rows: tuple[ChannelReading, ...],
        stem: str,
        pointer: str,
        readings: dict[str, list[tuple[str, Reading]]],
    ) -> list[str]:
        b, change_ids = self.b, []
        for index, row in enumerate(rows):
            view = self.channels.views[row.channel]
            fact_id, place = f"{stem}.{index + 1}", f"{pointer}/{index}"
            b.add(
                fact_id,
                "event.value",
                place,
                [
                    *reading_values(row.reading),
                    b.instant("at", row.at),
                    text("channel", view.label),
                    text("short", view.short),
                ],
                group=self.group,
                status=row.reading.state,
                side=view.channel.side,
                modality=view.channel.modality,
                site=view.site,
            )
            readings.setdefault(row.channel, []).append((fact_id, row.reading))
            change = change_fact(
                b,
                f"{fact_id}.change",
                "event.value.change",
                place,
                view,
                row.reading,
                row.at or self.begun_at,
                self.criterion,
                reading_fact=fact_id,
                group=self.group,
                must_state=True,
            )
            if change is not None:
                change_ids.append(change.id)
        return change_ids

    def _criterion(self, change_ids: list[str]) -> None:
        if self.criterion is None or not change_ids:
            return
        statuses = {self.b.by_id[fact_id].status for fact_id in change_ids}
        status = (
            "met"
            if "beyond_criterion" in statuses
            else ("not_comparable" if statuses - {"within_criterion"} else "not_met")
        )
        self.b.compute(
            f"{self.group}.criterion",
            "event.criterion",
            self.pointer,
            [text("text", criterion_text(self.criterion)), text("reference", self.criterion.reference)],
            formula="criterion in force applied to each value of the event",
            inputs=[f"criterion.{self.criterion.id}", *change_ids],
            group=self.group,
            status=status,
        )

    def _context(self) -> None:
        b, event = self.b, self.event
        if event.context or event.context_note or self.signal:
            names = joined(vocabulary("causes").display(code) for code in event.context)
            b.add(
                f"{self.group}.context",
                "event.context",
                f"{self.pointer}/context",
                [b.words("text", names or None), b.words("note", event.context_note)],
                group=self.group,
            )
        if event.excluded:
            b.add(
                f"{self.group}.excluded",
                "event.excluded",
                f"{self.pointer}/excluded",
                [text("text", joined(vocabulary("causes").display(code) for code in event.excluded))],
                group=self.group,
            )
        if event.suspected_cause is not None:
            cause = event.suspected_cause
            b.add(
                f"{self.group}.cause",
                "event.cause",
                f"{self.pointer}/suspected_cause",
                [
                    text("text", joined(vocabulary("causes").display(code) for code in cause.causes)),
                    text("by", b.person_name(cause.by) or ""),
                    b.coded("by_role", "roles", cause.by_role),
                    b.words("statement", cause.statement),
                ],
                group=self.group,
                author="professional",
            )
        if event.note is not None:
            b.add(
                f"{self.group}.note", "event.note", f"{self.pointer}/note", [text("text", event.note)], group=self.group
            )

    def physiology(self, rows: list[tuple[int, PhysiologyRow]], times: list[float]) -> None:
        """Add the physiology recorded with the event, or the nearest row with its own time."""
        b, event = self.b, self.event
        fact_id = f"{self.group}.physiology"
        if event.physiology is not None:
            b.add(
                fact_id,
                "event.physiology",
                f"{self.pointer}/physiology",
                physiology_values(event.physiology),
                group=self.group,
                status="with_event",
            )
            return
        if not self.signal:
            return
        if self.begun_at is not None and rows:
            moment = self.begun_at.timestamp()
            place = bisect_left(times, moment)
            near = min(range(max(0, place - 1), min(len(rows), place + 1)), key=lambda i: abs(times[i] - moment))
            if abs(times[near] - moment) <= NEAREST_ROW_MIN * 60:
                index, row = rows[near]
                b.add(
                    fact_id,
                    "event.physiology",
                    f"/physiology/{index}",
                    [*physiology_values(row), b.instant("at", row.at)],
                    group=self.group,
                    status="nearest",
                )
                return
        b.add(fact_id, "event.physiology", f"{self.pointer}/physiology", [], group=self.group)

    def _notifications(self) -> None:
        b, event = self.b, self.event
        if not event.notifications and event.event_class == "alert":
            b.add(f"{self.group}.told", "event.told", f"{self.pointer}/notifications", [], group=self.group)
        for index, row in enumerate(event.notifications):
            fact_id, place = f"{self.group}.told.{index + 1}", f"{self.pointer}/notifications/{index}"
            b.add(
                fact_id,
                "event.told",
                place,
                [
                    b.coded("to", "roles", row.to),
                    b.words("to_name", b.person_name(row.to_person)),
                    b.words("by", b.person_role(row.by)),
                    b.words("by_name", b.person_name(row.by)),
                    b.instant("at", row.at),
                ],
                group=self.group,
                status=row.to,
            )
            if row.at is not None and self.begun_at is not None:
                delay = minutes_between(self.begun_at, row.at)
                b.compute(
                    f"{fact_id}.delay",
                    "event.told.delay",
                    place,
                    [number("delay_min", delay, duration_text(delay))],
                    formula="notified at \u2212 onset (or time noticed)",
                    inputs=[fact_id, f"{self.group}.onset"],
                    group=self.group,
                )
            b.add(
                f"{self.group}.ack.{index + 1}",
                "event.ack",
                place,
                [
                    text(
                        "text", {"yes": "acknowledged", "no": "not acknowledged"}.get(row.acknowledged, "not recorded")
                    ),
                    b.instant("at", row.acknowledged_at),
                    b.words("reply", row.reply),
                    b.coded("to", "roles", row.to),
                ],
                group=self.group,
                status=row.acknowledged,
            )

    def _interventions(self) -> None:
        b, event = self.b, self.event
        if not event.interventions and self.signal:
            b.add(f"{self.group}.action", "event.action", f"{self.pointer}/interventions", [], group=self.group)
        for index, row in enumerate(event.interventions):
            b.add(
                f"{self.group}.action.{index + 1}",
                "event.action",
                f"{self.pointer}/interventions/{index}",
                [
                    text("done", _done(row)),
                    b.coded("actor", "roles", row.actor),
                    b.instant("at", row.at),
                    b.words("detail", row.detail),
                    b.words("agent", vocabulary_text("agents", row.agent) if row.agent else None),
                    b.words("dose", _dose(row)),
                    b.quantity("map_target_mmhg", row.map_target_mmhg),
                    b.words("level", row.level),
                ],
                group=self.group,
                status=row.code,
                side="" if row.side == "not_applicable" else row.side,
            )

    def _retests(self, readings: dict[str, list[tuple[str, Reading]]]) -> None:
        b, event = self.b, self.event
        if not event.retests and self.signal:
            b.add(f"{self.group}.retest", "event.retest", f"{self.pointer}/retests", [], group=self.group)
        for index, row in enumerate(event.retests):
            fact_id, place = f"{self.group}.retest.{index + 1}", f"{self.pointer}/retests/{index}"
            b.add(
                fact_id,
                "event.retest",
                place,
                [text("number", str(index + 1)), b.instant("at", row.at)],
                group=self.group,
            )
            for position, reading_row in enumerate(row.readings):
                view = self.channels.views[reading_row.channel]
                value_id, value_place = f"{fact_id}.value.{position + 1}", f"{place}/readings/{position}"
                b.add(
                    value_id,
                    "event.retest.value",
                    value_place,
                    [
                        *reading_values(reading_row.reading),
                        b.instant("at", reading_row.at or row.at),
                        text("channel", view.label),
                        text("short", view.short),
                    ],
                    group=self.group,
                    status=reading_row.reading.state,
                    side=view.channel.side,
                    modality=view.channel.modality,
                    site=view.site,
                )
                readings.setdefault(reading_row.channel, []).append((value_id, reading_row.reading))
                change_fact(
                    b,
                    f"{value_id}.change",
                    "event.retest.change",
                    value_place,
                    view,
                    reading_row.reading,
                    reading_row.at or row.at,
                    self.criterion,
                    reading_fact=value_id,
                    group=self.group,
                    must_state=True,
                )

    def _resolution(self) -> None:
        b, row = self.b, self.event.resolution
        fact_id, place = f"{self.group}.resolution", f"{self.pointer}/resolution"
        if row is None:
            if self.signal:
                b.add(
                    fact_id,
                    "event.resolution",
                    place,
                    [],
                    group=self.group,
                    side=self.event.side,
                    modality=self.event.modality or "",
                )
            return
        entry = vocabulary("resolution_classes")[row.resolution_class]
        b.add(
            fact_id,
            "event.resolution",
            place,
            [
                text("text", entry.display),
                text("sentence", str(entry.extra.get("sentence", entry.display))),
                b.instant("at", row.at),
                b.words("assigned_by", b.person_name(row.assigned_by)),
            ],
            group=self.group,
            status=row.resolution_class,
            side=self.event.side,
            modality=self.event.modality or "",
        )
        if row.at is not None and self.event.onset_at is not None:
            length = minutes_between(self.event.onset_at, row.at)
            b.compute(
                f"{self.group}.duration",
                "event.duration",
                place,
                [number("duration_min", length, duration_text(length))],
                formula="resolution time \u2212 onset",
                inputs=[f"{self.group}.onset", fact_id],
                group=self.group,
            )


def _done(row: Intervention) -> str:
    entry = vocabulary("interventions")[row.code]
    return str(entry.extra.get("done", entry.display))


def _dose(row: Intervention) -> str | None:
    if row.dose is None or row.dose_unit is None:
        return None
    return f"{quantity_text('', row.dose)} {vocabulary('dose_units').display(row.dose_unit)}"
