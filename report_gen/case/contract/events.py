"""Events as chains: onset, values, context, who was told, acknowledgement, interventions, re-test, resolution.

Source: clinical reference §3 and §10 facts 16 to 22.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.contract.base import Code, Detail, FilledBy, Instant, Line, Model, NonNegative, Slug
from report_gen.case.contract.physiology import PhysiologyRow
from report_gen.case.contract.signals import Reading
from report_gen.case.contract.when import When

__all__ = [
    "CaseIntervention",
    "ChannelReading",
    "Event",
    "Intervention",
    "Notification",
    "Occurrence",
    "Resolution",
    "Retest",
    "StatedCause",
    "SuspectedCause",
]


class ChannelReading(Model, filled_by=FilledBy.TECHNOLOGIST):
    """What one channel showed at one time of an event."""

    channel: Slug
    """Channel, by reference."""
    at: Instant | None = None
    """When. Absent: the time of the event or re-test it stands in."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    reading: Reading
    """What was seen."""


class Notification(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Who was told, when, and what they answered. Source: clinical reference §1.4."""

    at: Instant | None = None
    """When. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    by: Slug | None = None
    """Who told, by reference. Absent: not recorded."""
    to: Annotated[str, Code("roles")]
    """Role told."""
    to_person: Slug | None = None
    """Person told, by reference. Absent: only the role is recorded."""
    acknowledged: Literal["yes", "no", "not_recorded"] = "not_recorded"
    """Whether it was acknowledged."""
    acknowledged_at: Instant | None = None
    """When acknowledged. Absent: not recorded."""
    reply: Line | None = None
    """Reply, verbatim. Absent: not recorded."""


class Intervention(
    Model,
    filled_by=FilledBy.TECHNOLOGIST,
    agent=FilledBy.ANESTHESIA,
    agent_other=FilledBy.ANESTHESIA,
    dose=FilledBy.ANESTHESIA,
    dose_unit=FilledBy.ANESTHESIA,
    map_target_mmhg=FilledBy.ANESTHESIA,
):
    """What somebody did. Source: clinical reference §3.4."""

    code: Annotated[str, Code("interventions")]
    """What was done."""
    code_other: Line | None = None
    """What was done in words, where `code` is `other`. Absent: it is not."""
    at: Instant | None = None
    """When. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    actor: Annotated[str, Code("roles")]
    """Role that acted."""
    detail: Detail | None = None
    """Detail in the record's words. Absent: none recorded."""
    agent: Annotated[str, Code("agents")] | None = None
    """Drug given. Absent: none, or not recorded."""
    agent_other: Line | None = None
    """The drug in words, where `agent` is `other`. Absent: it is not."""
    dose: NonNegative | None = None
    """Dose in `dose_unit`. Absent: not recorded."""
    dose_unit: Annotated[str, Code("dose_units")] | None = None
    """Unit of the dose. Absent: no dose."""
    map_target_mmhg: Annotated[float, Field(ge=20, le=200)] | None = None
    """Target of a raised mean arterial pressure in mmHg. Absent: not a pressure target, or not recorded."""
    level: Annotated[str, Code("levels")] | None = None
    """Level acted on. Absent: none, or not recorded."""
    side: Annotated[str, Code("sides")] = "not_applicable"
    """Side acted on."""


class CaseIntervention(Intervention, filled_by=FilledBy.TECHNOLOGIST):
    """What somebody did in the operation, without a claim that it answered an event."""

    in_response_to: Slug | None = None
    """Event that the record says it answered, by reference. Absent: the record does not say so."""


class Occurrence(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Something that happened in the operation at an event, with a place of its own: context, never a cause."""

    code: Annotated[str, Code("occurrences")]
    """What happened."""
    code_other: Line | None = None
    """What happened in words, where `code` is `other`. Absent: it is not."""
    at: Instant | None = None
    """When. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    level: Annotated[str, Code("levels")] | None = None
    """Level at which it happened. Absent: none, or not recorded."""
    side: Annotated[str, Code("sides")] = "not_applicable"
    """Side on which it happened, which need not be that of the responses."""
    site: Line | None = None
    """Structure or place. Absent: not recorded."""
    detail: Detail | None = None
    """Detail in the record's words. Absent: none recorded."""


class Retest(Model, filled_by=FilledBy.TECHNOLOGIST):
    """A repeat of the affected channels after something was done."""

    at: Instant | None = None
    """When. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    readings: tuple[ChannelReading, ...] = Field(min_length=1, max_length=40)
    """What was seen."""


class Resolution(Model, filled_by=FilledBy.PROFESSIONAL, at=FilledBy.TECHNOLOGIST, when=FilledBy.TECHNOLOGIST):
    """How the event ended. Source: clinical reference §3.5 (closed list)."""

    resolution_class: Annotated[str, Code("resolution_classes")]
    """Class at the end of the event."""
    class_other: Line | None = None
    """The ending in words, where `resolution_class` is `other`. Absent: it is not."""
    at: Instant | None = None
    """When that state was reached. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    assigned_by: Slug | None = None
    """Who assigned the class, by reference. Absent: not recorded."""


class SuspectedCause(Model, filled_by=FilledBy.PROFESSIONAL):
    """The professional's suspicion; never machine-filled. Source: clinical reference §10 facts 2 and 20."""

    causes: tuple[Annotated[str, Code("causes")], ...] = Field(min_length=1, max_length=12)
    """Suspected causes, always allowing `undetermined`."""
    by: Slug | None = None
    """Who suspected, by reference. Absent: not recorded."""
    by_role: Annotated[str, Code("roles")]
    """Role of that person."""
    statement: Detail | None = None
    """In that person's words. Absent: none recorded."""


class StatedCause(Model, filled_by=FilledBy.PROFESSIONAL):
    """What somebody gives as the cause of an event; printed as that person's statement, never as a finding."""

    causes: tuple[Annotated[str, Code("causes")], ...] = Field(min_length=1, max_length=12)
    """Causes named. `other` needs the statement."""
    joined_by: Literal["and", "or", "not_stated"] = "not_stated"
    """How several are meant: together, or one of them."""
    by_role: Annotated[str, Code("roles")]
    """Role of the person who says so; `publication_author` for the author of a published report."""
    by: Slug | None = None
    """That person, by reference. Absent: not recorded, or nobody of this file."""
    certainty: Literal["stated", "suspected", "excluded_others", "not_stated"] = "not_stated"
    """Whether it is stated as the cause, suspected, or left over after others were excluded."""
    statement: Detail | None = None
    """In that person's words. Absent: none recorded."""


class Event(
    Model,
    filled_by=FilledBy.TECHNOLOGIST,
    event_class=FilledBy.PROFESSIONAL,
    criterion=FilledBy.PROFESSIONAL,
    resolution=FilledBy.PROFESSIONAL,
    suspected_cause=FilledBy.PROFESSIONAL,
    stated_causes=FilledBy.PROFESSIONAL,
):
    """One change, alert, improvement or occurrence as a chain."""

    id: Slug
    """Reference printed in the report, for example `E1`."""
    event_class: Annotated[str, Code("event_classes")]
    """Observation, change, alert, improvement, occurrence or adverse event; an alert always has a notification."""
    modality: Annotated[str, Code("modalities")] | None = None
    """Modality. Absent: not a signal event."""
    channels: tuple[Slug, ...] = Field(default=(), max_length=40)
    """Channels affected, by reference. Empty: not a signal event, or not recorded."""
    side: Annotated[str, Code("sides")]
    """Side affected; `bilateral` only when channels of both sides are affected."""
    level: Annotated[str, Code("levels")] | None = None
    """Vertebral level concerned, as of a screw stimulation. Absent: no level, or not recorded."""
    direction: Annotated[str, Code("change_directions")]
    """Kind of change; of several, the first, or one of them."""
    direction_other: Line | None = None
    """The change in words, where `direction` is `other`. Absent: it is not."""
    further_directions: tuple[Annotated[str, Code("change_directions")], ...] = Field(default=(), max_length=6)
    """Further kinds of change of the same event. Empty: the record names one kind."""
    direction_order: Literal["in_order", "either", "together", "not_stated"] = "not_stated"
    """How several kinds are meant: one after the other, one or the other, or at once."""
    severity: Line | None = None
    """How severe the record calls the change, in its words. Absent: it does not say."""
    onset_kind: Annotated[str, Code("onset_kinds")] = "unknown"
    """How the change set in."""
    onset_at: Instant | None = None
    """Onset. Absent: onset lies between the two times below, or was not recorded."""
    when: When | None = None
    """Onset, as far as it is known otherwise. Absent: nothing else is recorded."""
    last_unaffected_at: Instant | None = None
    """Last trace without the change, when the onset is an interval. Absent: not recorded."""
    noticed_at: Instant | None = None
    """When the change was noticed, when that is not its onset. Absent: at onset, or not recorded."""
    criterion: Slug | None = None
    """Alert criterion compared with, by reference. Absent: the criterion of the modality."""
    readings: tuple[ChannelReading, ...] = Field(default=(), max_length=80)
    """Values during the event, before any intervention. Empty: not recorded."""
    context: tuple[Annotated[str, Code("causes")], ...] = Field(default=(), max_length=12)
    """What was going on at the time (coincident steps, not causes). Empty: not recorded."""
    context_note: Detail | None = None
    """Surgical context in the record's words. Absent: not recorded."""
    occurrences: tuple[Occurrence, ...] = Field(default=(), max_length=20)
    """What happened in the operation at the time, each with its own place. Empty: not recorded."""
    excluded: tuple[Annotated[str, Code("causes")], ...] = Field(default=(), max_length=12)
    """Causes the record says were checked and excluded. Empty: none recorded."""
    physiology: PhysiologyRow | None = None
    """Physiology at the event. Absent: the nearest recorded row, if any, is used and its time printed."""
    notifications: tuple[Notification, ...] = Field(default=(), max_length=20)
    """Who was told. Empty: not recorded."""
    interventions: tuple[Intervention, ...] = Field(default=(), max_length=40)
    """What was done, in order. Empty: none recorded."""
    retests: tuple[Retest, ...] = Field(default=(), max_length=40)
    """Re-tests, in order. Empty: not recorded."""
    resolution: Resolution | None = None
    """How it ended. Absent: not recorded."""
    suspected_cause: SuspectedCause | None = None
    """Suspicion entered by a person. Absent: none entered."""
    stated_causes: tuple[StatedCause, ...] = Field(default=(), max_length=12)
    """Causes as each person states them. Empty: nobody does."""
    note: Detail | None = None
    """Anything else, in the record's words. Absent: nothing."""
    clock: Annotated[str, Code("clocks")] | None = None
    """Clock the times of this event were read from. Absent: the case's clock."""
