"""Facts of what people did about an event: who was told, who acknowledged, who acted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from report_gen.case.events import Event, Intervention, Notification
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.intervals import minutes_between
from report_gen.facts.model import Value
from report_gen.facts.row_ids import own_part
from report_gen.facts.wording import NOT_RECORDED, duration_text, number_text
from report_gen.vocab import vocabulary

__all__ = ["derive_reactions"]

_ACKNOWLEDGED = {"yes": "acknowledged", "no": "not acknowledged", "not_recorded": NOT_RECORDED}


def derive_reactions(b: FactBuilder, event: Event, pointer: str, *, begun_at: datetime | None) -> None:
    """Add notifications with their acknowledgements, and interventions.

    Args:
        b: Collector.
        event: The event.
        pointer: Its place in the case file.
        begun_at: Onset, or the time it was noticed; None when neither is recorded.
    """
    group = f"event.{own_part(event.id)}"
    if not event.notifications and event.event_class == "alert":
        b.add(f"{group}.notification", "event.notification", f"{pointer}/notifications", [], group=group)
    notification_ids = b.row_ids(f"{group}.notification", event.notifications)
    acknowledgement_ids = b.row_ids(f"{group}.acknowledgementnowledgement", event.notifications)
    rows = zip(event.notifications, notification_ids, acknowledgement_ids, strict=True)
    for index, (notification, *ids) in enumerate(rows):
        _notification(b, notification, group, f"{pointer}/notifications/{index}", ids, begun_at=begun_at)
    if not event.interventions and vocabulary("event_classes")[event.event_class].deteriorates:
        b.add(f"{group}.intervention", "event.intervention", f"{pointer}/interventions", [], group=group)
    for index, row in enumerate(event.interventions):
        b.add(
            b.row_ids(f"{group}.intervention", event.interventions)[index],
            "event.intervention",
            f"{pointer}/interventions/{index}",
            _intervention_values(b, row),
            group=group,
            status=row.code,
            side="" if row.side == "not_applicable" else row.side,
        )


def _notification(
    b: FactBuilder, row: Notification, group: str, pointer: str, ids: Sequence[str], *, begun_at: datetime | None
) -> None:
    fact_id, acknowledgement_id = ids
    b.add(
        fact_id,
        "event.notification",
        pointer,
        [
            b.coded("to", "roles", row.to),
            b.words("to_name", b.person_name(row.to_person)),
            b.person_role("by", row.by),
            b.words("by_name", b.person_name(row.by)),
            b.instant("at", row.at),
            _stated(row, "at", row.at is None),
        ],
        group=group,
        status=row.to,
    )
    if row.at is not None and begun_at is not None:
        delay = minutes_between(begun_at, row.at)
        b.compute(
            f"{fact_id}.delay",
            "event.notification.delay",
            pointer,
            [number("delay_min", delay, duration_text(delay))],
            formula="notified at \u2212 onset (or time noticed)",
            inputs=[fact_id, f"{group}.onset"],
            group=group,
            status="onset" if b.by_id[f"{group}.onset"].value("onset_at") else "noticed",
        )
    b.add(
        acknowledgement_id,
        "event.acknowledgement",
        pointer,
        [
            text("text", _ACKNOWLEDGED[row.acknowledged]),
            b.instant("at", row.acknowledged_at),
            b.words("reply", row.reply),
            b.coded("to", "roles", row.to),
            _stated(row, "acknowledged", row.acknowledged == "not_recorded"),
        ],
        group=group,
        status=row.acknowledged,
        inputs=[fact_id],
    )


def _stated(row: Notification, field: str, missing: bool) -> Value | None:
    """Marks a field that the record itself enters as not recorded; signing takes that for an answer (§1.8, G2)."""
    return text(f"{field}_stated", NOT_RECORDED) if missing and field in row.model_fields_set else None


def _intervention_values(b: FactBuilder, row: Intervention) -> list[Value | None]:
    entry = vocabulary("interventions")[row.code]
    dose = None
    if row.dose is not None and row.dose_unit is not None:
        dose = number("dose", row.dose, f"{number_text(row.dose)} {vocabulary('dose_units').display(row.dose_unit)}")
    return [
        term("done", "interventions", row.code, entry.done),
        b.coded("actor", "roles", row.actor),
        b.instant("at", row.at),
        b.words("detail", row.detail),
        b.coded("agent", "agents", row.agent),
        dose,
        b.quantity("map_target_mmhg", row.map_target_mmhg),
        b.words("level", row.level),
    ]
