"""Events as chains: onset, values, context, who was told, acknowledgement, interventions, re-test, resolution.

Source: clinical reference §3 and §10 facts 16 to 22.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.base import Code, Detail, Instant, Line, Model, NonNegative, Slug
from report_gen.case.physiology import PhysiologyRow
from report_gen.case.signals import Reading

__all__ = [
    "ChannelReading",
    "Event",
    "Intervention",
    "Notification",
    "Resolution",
    "Retest",
    "SuspectedCause",
]


class ChannelReading(Model):
    """What one channel showed at one time of an event."""

    channel: Slug
    """[T] Channel, by reference."""
    at: Instant | None = None
    """[T] When. Absent: the time of the event or re-test it stands in."""
    reading: Reading
    """[T] What was seen."""


class Notification(Model):
    """Who was told, when, and what they answered. Source: clinical reference §1.4."""

    at: Instant | None = None
    """[T] When. Absent: not recorded."""
    by: Slug | None = None
    """[T] Who told, by reference. Absent: not recorded."""
    to: Annotated[str, Code("roles")]
    """[T] Role told."""
    to_person: Slug | None = None
    """[T] Person told, by reference. Absent: only the role is recorded."""
    acknowledged: Literal["yes", "no", "not_recorded"] = "not_recorded"
    """[T] Whether it was acknowledged."""
    acknowledged_at: Instant | None = None
    """[T] When acknowledged. Absent: not recorded."""
    reply: Line | None = None
    """[T] Reply, verbatim. Absent: not recorded."""


class Intervention(Model):
    """What somebody did. Source: clinical reference §3.4."""

    code: Annotated[str, Code("interventions")]
    """[T] What was done."""
    at: Instant | None = None
    """[T] When. Absent: not recorded."""
    actor: Annotated[str, Code("roles")]
    """[T] Role that acted."""
    detail: Detail | None = None
    """[T] Detail in the record's words. Absent: none recorded."""
    agent: Annotated[str, Code("agents")] | None = None
    """[A] Drug given. Absent: none, or not recorded."""
    dose: NonNegative | None = None
    """[A] Dose in `dose_unit`. Absent: not recorded."""
    dose_unit: Annotated[str, Code("dose_units")] | None = None
    """[A] Unit of the dose. Absent: no dose."""
    map_target_mmhg: Annotated[float, Field(ge=20, le=200)] | None = None
    """[A] Target of a raised mean arterial pressure in mmHg. Absent: not a pressure target, or not recorded."""
    level: Annotated[str, Code("levels")] | None = None
    """[T] Level acted on. Absent: none, or not recorded."""
    side: Annotated[str, Code("sides")] = "not_applicable"
    """[T] Side acted on."""


class Retest(Model):
    """A repeat of the affected channels after something was done."""

    at: Instant | None = None
    """[T] When. Absent: not recorded."""
    readings: tuple[ChannelReading, ...] = Field(min_length=1, max_length=40)
    """[T] What was seen."""


class Resolution(Model):
    """How the event ended. Source: clinical reference §3.5 (closed list)."""

    resolution_class: Annotated[str, Code("resolution_classes")]
    """[P] Class at the end of the event."""
    at: Instant | None = None
    """[T] When. Absent: not recorded."""
    assigned_by: Slug | None = None
    """[P] Who assigned the class, by reference. Absent: not recorded."""


class SuspectedCause(Model):
    """The professional's suspicion; never machine-filled. Source: clinical reference §10 facts 2 and 20."""

    causes: tuple[Annotated[str, Code("causes")], ...] = Field(min_length=1, max_length=12)
    """[P] Suspected causes, always allowing `undetermined`."""
    by: Slug | None = None
    """[P] Who suspected, by reference. Absent: not recorded."""
    by_role: Annotated[str, Code("roles")]
    """[P] Role of that person."""
    statement: Detail | None = None
    """[P] In that person's words. Absent: none recorded."""


class Event(Model):
    """One change, alert, improvement or happening as a chain."""

    id: Slug
    """[T] Reference printed in the report, for example `E1`."""
    event_class: Annotated[str, Code("event_classes")]
    """[P] Observation, change, alert, improvement or adverse event; an alert always has a notification."""
    modality: Annotated[str, Code("modalities")] | None = None
    """[T] Modality. Absent: not a signal event."""
    channels: tuple[Slug, ...] = Field(default=(), max_length=40)
    """[T] Channels affected, by reference. Empty: not a signal event, or not recorded."""
    side: Annotated[str, Code("sides")]
    """[T] Side affected; `bilateral` only when channels of both sides are affected."""
    level: Annotated[str, Code("levels")] | None = None
    """[T] Vertebral level concerned, as of a screw stimulation. Absent: no level, or not recorded."""
    direction: Annotated[str, Code("change_directions")]
    """[T] Kind of change."""
    onset_kind: Annotated[str, Code("onset_kinds")] = "unknown"
    """[T] How the change set in."""
    onset_at: Instant | None = None
    """[T] Onset. Absent: onset lies between the two times below, or was not recorded."""
    last_unaffected_at: Instant | None = None
    """[T] Last trace without the change, when the onset is an interval. Absent: not recorded."""
    noticed_at: Instant | None = None
    """[T] When the change was noticed, when that is not its onset. Absent: at onset, or not recorded."""
    criterion: Slug | None = None
    """[P] Alert criterion compared with, by reference. Absent: the criterion of the modality."""
    readings: tuple[ChannelReading, ...] = Field(default=(), max_length=80)
    """[T] Values during the event, before any intervention. Empty: not recorded."""
    context: tuple[Annotated[str, Code("causes")], ...] = Field(default=(), max_length=12)
    """[T] What was going on at the time (coincident steps, not causes). Empty: not recorded."""
    context_note: Detail | None = None
    """[T] Surgical context in the record's words. Absent: not recorded."""
    excluded: tuple[Annotated[str, Code("causes")], ...] = Field(default=(), max_length=12)
    """[T] Causes the record says were checked and excluded. Empty: none recorded."""
    physiology: PhysiologyRow | None = None
    """[T] Physiology at the event. Absent: the nearest recorded row, if any, is used and its time printed."""
    notifications: tuple[Notification, ...] = Field(default=(), max_length=20)
    """[T] Who was told. Empty: not recorded."""
    interventions: tuple[Intervention, ...] = Field(default=(), max_length=40)
    """[T] What was done, in order. Empty: none recorded."""
    retests: tuple[Retest, ...] = Field(default=(), max_length=40)
    """[T] Re-tests, in order. Empty: not recorded."""
    resolution: Resolution | None = None
    """[P] How it ended. Absent: not recorded."""
    suspected_cause: SuspectedCause | None = None
    """[P] Suspicion entered by a person. Absent: none entered."""
    note: Detail | None = None
    """[T] Anything else, in the record's words. Absent: nothing."""
    clock: Annotated[str, Code("clocks")] | None = None
    """[T] Clock the times of this event were read from. Absent: the case's clock."""
