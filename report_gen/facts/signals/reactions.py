"""Facts of the reactions to an event: notifications, acknowledgements, interventions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from report_gen.case.contract.closing import Message
from report_gen.case.contract.events import CaseIntervention, Event, Intervention, Notification
from report_gen.case.contract.model import Case
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.intervals import minutes_between
from report_gen.facts.model import Value
from report_gen.facts.row_ids import own_part
from report_gen.facts.stated_time import length_words
from report_gen.facts.wording import NOT_RECORDED, number_text, utc
from report_gen.vocab import vocabulary

__all__ = ["ToldElsewhere", "derive_interventions", "derive_reactions"]

_ACKNOWLEDGED = {"yes": "acknowledged", "no": "not acknowledged", "not_recorded": NOT_RECORDED}


_TOLD = ("change", "alert", "status", "other")
"""Kinds of message that may tell of an event."""


def derive_reactions(
    b: FactBuilder,
    event: Event,
    pointer: str,
    told: ToldElsewhere,
    *,
    begun_at: datetime | None,
    repeated: bool = False,
) -> None:
    """Add notifications with their acknowledgements, and interventions.

    That none is recorded is a fact only where nothing else in the record may tell of one.

    Args:
        b: Collector.
        event: The event.
        pointer: Its place in the case file.
        told: What the rest of the case tells.
        begun_at: Onset, or the time it was noticed; None when neither is recorded.
        repeated: Whether a stimulation test repeats what the event is about.
    """
    group = f"event.{own_part(event.id)}"
    if not event.notifications and event.event_class == "alert" and not told.in_log(event):
        b.add(f"{group}.notification", "event.notification", f"{pointer}/notifications", [], group=group)
    notification_ids = b.row_ids(f"{group}.notification", event.notifications)
    acknowledgement_ids = b.row_ids(f"{group}.acknowledgement", event.notifications)
    notifications = zip(event.notifications, notification_ids, acknowledgement_ids, strict=True)
    for index, (notification, *ids) in enumerate(notifications):
        place = f"{pointer}/notifications/{index}"
        _notification(b, event, notification, place, ids, begun_at=begun_at)
    deteriorates = vocabulary("event_classes")[event.event_class].deteriorates
    if not event.interventions and deteriorates and not repeated and not told.act(event, begun_at):
        b.add(f"{group}.intervention", "event.intervention", f"{pointer}/interventions", [], group=group)
    for index, intervention in enumerate(event.interventions):
        b.add(
            b.row_ids(f"{group}.intervention", event.interventions)[index],
            "event.intervention",
            f"{pointer}/interventions/{index}",
            _intervention_values(b, intervention),
            group=group,
            status=_meant(b, intervention.code),
            side="" if intervention.side == "not_applicable" else intervention.side,
        )


def derive_interventions(b: FactBuilder) -> None:
    """Add what was done in the operation beside the interventions of events."""
    done = b.case.interventions
    for index, intervention in enumerate(done):
        event = intervention.in_response_to
        b.add(
            b.row_ids("intervention", done)[index],
            "intervention",
            f"/interventions/{index}",
            [
                *_intervention_values(b, intervention),
                None if event is None else Value("event", event, code=event),
            ],
            group="interventions",
            status=_meant(b, intervention.code),
            side="" if intervention.side == "not_applicable" else intervention.side,
            inputs=[] if event is None else [f"event.{own_part(event)}"],
        )


@dataclass(frozen=True, slots=True)
class ToldElsewhere:
    """What a case tells beside its events' own fields that may concern them; made once for a case."""

    messages: Mapping[str, tuple[Message, ...]]
    """Messages of the log by the event that they are about."""
    act_without_time: bool
    """Whether something may have been done about an event at a time that is not recorded."""
    latest_act_at: datetime | None
    """When something was last done that may have been about an event. None: nothing with a time."""

    @classmethod
    def of(cls, case: Case) -> ToldElsewhere:
        """From messages, interventions beside events, steps that may be one, and events not about a response."""
        messages: dict[str, list[Message]] = {}
        log = case.communication.messages if case.communication else ()
        for message in log:
            messages.setdefault(message.event or "", []).append(message)
        classes, steps = vocabulary("event_classes"), vocabulary("milestones")
        acts = [
            *(row.at for row in case.interventions),
            *(step.at for step in case.milestones if steps[step.code].may_be_act),
            *(message.at for message in messages.pop("", []) if message.kind == "intervention"),
            *(
                other.onset_at or other.noticed_at
                for other in case.events
                if not classes[other.event_class].signal_rank
                and (other.interventions or other.context_note or other.note or other.occurrences)
            ),
        ]
        timed = [at for at in acts if at is not None]
        by_event = {event: tuple(rows) for event, rows in messages.items()}
        return cls(by_event, len(timed) < len(acts), max(timed, key=utc, default=None))

    def in_log(self, event: Event) -> bool:
        """Whether a message about an event may have told somebody of it."""
        return any(message.kind in _TOLD for message in self.messages.get(event.id, ()))

    def act(self, event: Event, begun_at: datetime | None) -> bool:
        """Whether anything may say what was done about an event.

        Its own words, messages about it, and what was done since it began. Where there is any of them, nobody may say
        that interventions are not recorded.
        """
        since = self.latest_act_at is not None and (begun_at is None or utc(self.latest_act_at) >= utc(begun_at))
        about_it = self.messages.get(event.id, ())
        return bool(
            since
            or self.act_without_time
            or event.context_note
            or event.note
            or any(row.detail for row in event.occurrences)
            or any(notification.reply for notification in event.notifications)
            or any(message.kind == "intervention" or message.text for message in about_it)
        )


def _notification(
    b: FactBuilder,
    event: Event,
    notification: Notification,
    pointer: str,
    ids: Sequence[str],
    *,
    begun_at: datetime | None,
) -> None:
    fact_id, acknowledgement_id = ids
    group = f"event.{own_part(event.id)}"
    b.add(
        fact_id,
        "event.notification",
        pointer,
        [
            b.coded("to", "roles", notification.to),
            b.words("to_name", b.person_name(notification.to_person, beside_role=True)),
            b.person_role("by", notification.by),
            b.words("by_name", b.person_name(notification.by, beside_role=True)),
            *b.moment(notification.at, notification.when),
            _stated(notification, "at", notification.at is None),
        ],
        group=group,
        status="role_not_recorded" if notification.to == "not_recorded" else notification.to,
    )
    if notification.at is not None and begun_at is not None:
        delay = minutes_between(begun_at, notification.at)
        b.compute(
            f"{fact_id}.delay",
            "event.notification.delay",
            pointer,
            [number("delay_min", delay, length_words(delay, event.when, notification.when))],
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


_MEANT: Final[Mapping[str, Mapping[str, str]]] = {
    "abort_or_stage": {"aborted": "abort_procedure", "staged": "stage_procedure"},
}
"""Of a code that means one of two: which, by the outcome of the procedure."""


def _meant(b: FactBuilder, code: str) -> str:
    """The code of what was done; of two that one code means the one that the outcome of the procedure says."""
    return _MEANT.get(code, {}).get(b.case.surgery.outcome or "", code)


def _done(b: FactBuilder, intervention: Intervention) -> str:
    """What was done in words."""
    return vocabulary("interventions")[_meant(b, intervention.code)].done


def _intervention_values(b: FactBuilder, intervention: Intervention) -> list[Value | None]:
    dose = None
    if intervention.dose is not None and intervention.dose_unit is not None:
        words = f"{number_text(intervention.dose)} {vocabulary('dose_units').display(intervention.dose_unit)}"
        dose = number("dose", intervention.dose, words)
    agent = intervention.agent
    return [
        term("done", "interventions", intervention.code, intervention.code_other or _done(b, intervention)),
        b.coded("actor", "roles", None if intervention.actor == "not_recorded" else intervention.actor),
        *b.moment(intervention.at, intervention.when, anchored=isinstance(intervention, CaseIntervention)),
        b.words("detail", intervention.detail),
        term("agent", "agents", agent, intervention.agent_other or "") if agent else None,
        dose,
        b.quantity("map_target_mmhg", intervention.map_target_mmhg),
        b.words("level", intervention.level),
    ]
