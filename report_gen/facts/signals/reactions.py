"""Facts of the reactions to an event: notifications, acknowledgements, interventions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from report_gen.case.contract.events import Event, Intervention, Notification
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
    acknowledgement_ids = b.row_ids(f"{group}.acknowledgement", event.notifications)
    notifications = zip(event.notifications, notification_ids, acknowledgement_ids, strict=True)
    for index, (notification, *ids) in enumerate(notifications):
        _notification(b, notification, group, f"{pointer}/notifications/{index}", ids, begun_at=begun_at)
    if not event.interventions and vocabulary("event_classes")[event.event_class].deteriorates:
        b.add(f"{group}.intervention", "event.intervention", f"{pointer}/interventions", [], group=group)
    for index, intervention in enumerate(event.interventions):
        b.add(
            b.row_ids(f"{group}.intervention", event.interventions)[index],
            "event.intervention",
            f"{pointer}/interventions/{index}",
            _intervention_values(b, intervention),
            group=group,
            status=intervention.code,
            side="" if intervention.side == "not_applicable" else intervention.side,
        )


def _notification(
    b: FactBuilder,
    notification: Notification,
    group: str,
    pointer: str,
    ids: Sequence[str],
    *,
    begun_at: datetime | None,
) -> None:
    fact_id, acknowledgement_id = ids
    b.add(
        fact_id,
        "event.notification",
        pointer,
        [
            b.coded("to", "roles", notification.to),
            b.words("to_name", b.person_name(notification.to_person)),
            b.person_role("by", notification.by),
            b.words("by_name", b.person_name(notification.by)),
            b.instant("at", notification.at),
            _stated(notification, "at", notification.at is None),
        ],
        group=group,
        status=notification.to,
    )
    if notification.at is not None and begun_at is not None:
        delay = minutes_between(begun_at, notification.at)
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
            text("text", _ACKNOWLEDGED[notification.acknowledged]),
            b.instant("at", notification.acknowledged_at),
            b.words("reply", notification.reply),
            b.coded("to", "roles", notification.to),
            _stated(notification, "acknowledged", notification.acknowledged == "not_recorded"),
        ],
        group=group,
        status=notification.acknowledged,
        inputs=[fact_id],
    )


def _stated(notification: Notification, field: str, missing: bool) -> Value | None:
    """A value that marks a field entered as not recorded; signing accepts that as an answer (§1.8, G2)."""
    return text(f"{field}_stated", NOT_RECORDED) if missing and field in notification.model_fields_set else None


def _intervention_values(b: FactBuilder, intervention: Intervention) -> list[Value | None]:
    entry = vocabulary("interventions")[intervention.code]
    dose = None
    if intervention.dose is not None and intervention.dose_unit is not None:
        words = f"{number_text(intervention.dose)} {vocabulary('dose_units').display(intervention.dose_unit)}"
        dose = number("dose", intervention.dose, words)
    return [
        term("done", "interventions", intervention.code, entry.done),
        b.coded("actor", "roles", intervention.actor),
        b.instant("at", intervention.at),
        b.words("detail", intervention.detail),
        b.coded("agent", "agents", intervention.agent),
        dose,
        b.quantity("map_target_mmhg", intervention.map_target_mmhg),
        b.words("level", intervention.level),
    ]
