"""Facts grouped by subject: an event with its chain, a response with its course.

Ids of facts are for citing; no other module infers from them which facts form a chain or a course.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from report_gen.facts.fact import Fact
from report_gen.facts.index import FactIndex
from report_gen.vocab import team_roles, vocabulary

__all__ = [
    "EventChain",
    "Notification",
    "Reading",
    "ResponseCourse",
    "Retest",
    "event_chains",
    "response_courses",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a response after its baseline."""

    fact: Fact
    """The reading itself; its status is the state, such as `measured` or `absent`."""
    channel: Fact
    """The response."""
    at: datetime | None
    """When: its own time, else that of the re-test, else onset or notice of its event. None: not recorded."""
    event: Fact | None = None
    """The event that it was read at. None: it stands in the course of its response."""
    change: Fact | None = None
    """Its change from baseline. None: there is no baseline to compare with."""
    baseline: Fact | None = None
    """That baseline."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification about an event, with its acknowledgement and its delay."""

    fact: Fact
    """Who was notified by whom, and when; its status is the role of who was, or `role_not_recorded`."""
    acknowledgement: Fact
    """Whether it was acknowledged, when and in which words."""
    delay: Fact | None
    """Time from onset or notice. None: one of the times is not recorded."""


@dataclass(frozen=True, slots=True)
class Retest:
    """One re-test of an event."""

    fact: Fact
    """Its number and time."""
    readings: tuple[Reading, ...]
    """Its readings."""


@dataclass(frozen=True, slots=True)
class EventChain:
    """One event from onset to resolution. A part that the record does not have is None or empty."""

    event: Fact
    """Class, direction, modality, side, responses."""
    onset: Fact
    """Onset, notice, last unaffected trace."""
    onset_window: Fact | None
    """Time between the last unaffected trace and the notice, where the onset is not recorded."""
    notice_delay: Fact | None
    """Time from onset to notice."""
    responses: tuple[Fact, ...]
    """Channels that the event names."""
    readings: tuple[Reading, ...]
    """Values at the event."""
    criterion: Fact | None
    """The criterion in force, held against the values."""
    context: Fact | None
    occurrences: tuple[Fact, ...]
    """What happened in the operation at the event, in the order of the record."""
    excluded: Fact | None
    physiology: Fact | None
    note: Fact | None
    cause: Fact | None
    """The professional's suspected cause."""
    stated_causes: tuple[Fact, ...]
    """Causes as each person states them."""
    no_notification: Fact | None
    """Stands for the notification that the record does not have."""
    notifications: tuple[Notification, ...]
    """In the order of the record."""
    no_intervention: Fact | None
    """Stands for the intervention that the record does not have."""
    interventions: tuple[Fact, ...]
    """In the order of the record."""
    answered_by: tuple[Fact, ...]
    """Interventions beside events that the record says answered this one."""
    messages: tuple[Fact, ...]
    """Messages of the communication log about it."""
    no_retest: Fact | None
    """Stands for the re-test that the record does not have."""
    retests: tuple[Retest, ...]
    """In the order of the record."""
    resolution: Fact | None
    """Its status is the resolution class, or `not_recorded`. None: the class of event asks for none."""
    duration: Fact | None
    """Time from onset to resolution."""
    first_within: Fact | None
    """When the responses that met the criterion were first read within it again. None: never, or not at a time."""

    @property
    def id(self) -> str:
        """The event's id in the record, such as `E1`."""
        return self.event.code("id")

    @property
    def told(self) -> tuple[Fact, ...]:
        """Messages of the log that told somebody of it; what is said to who records is an answer or a question."""
        roles, recording = vocabulary("roles"), team_roles("monitoring")
        return tuple(
            message
            for message in self.messages
            if (role := roles.get(message.code("to"))) is not None and (role.reads or role.code not in recording)
        )

    @property
    def signal(self) -> bool:
        """Whether it is about a response."""
        return vocabulary("event_classes")[self.event.status].signal_rank is not None

    @property
    def begun_at(self) -> datetime | None:
        """Onset, or else notice. None: neither is recorded."""
        return self.onset.instant("onset_at") or self.onset.instant("noticed_at")

    @property
    def every_reading(self) -> tuple[Reading, ...]:
        """Readings at the event, then those of its re-tests."""
        return (*self.readings, *(reading for retest in self.retests for reading in retest.readings))

    @property
    def last_readings(self) -> tuple[Reading, ...]:
        """The last reading of each response, at the event or at a re-test."""
        return tuple({reading.channel.id: reading for reading in self.every_reading}.values())


@dataclass(frozen=True, slots=True)
class ResponseCourse:
    """One response from baseline to closing."""

    channel: Fact
    """Modality, side, site."""
    baselines: tuple[Fact, ...]
    """Its baselines in the order of the record; one that is not recorded stands for itself."""
    readings: tuple[Reading, ...]
    """Every reading after baseline: those of its own course, then those of events, each in the order of the record."""
    closing: Reading
    """The last closing reading; one that is not recorded stands for itself."""
    worst: Fact
    """Its worst; status `none_between` where the record has no state between baseline and closing."""

    @property
    def closings(self) -> tuple[Fact, ...]:
        """Every closing reading, in the order of the record."""
        return tuple(reading.fact for reading in self.readings if reading.fact.kind == "channel.closing")

    @property
    def reference(self) -> Fact | None:
        """The baseline that the closing reading was compared with, else the last one recorded. None: there is none."""
        if self.closing.baseline is not None:
            return self.closing.baseline
        recorded = [fact for fact in self.baselines if fact.status != "not_recorded"]
        return recorded[-1] if recorded else None

    @property
    def followed(self) -> bool:
        """Whether a baseline was obtained to follow it against."""
        return any(fact.status not in ("absent", "not_obtained", "not_monitored") for fact in self.baselines)


def event_chains(facts: FactIndex) -> tuple[EventChain, ...]:
    """The chain of every event of a case, in the order of the record."""
    about: dict[str, list[Fact]] = {}
    for message in facts.of_kind("message"):
        about.setdefault(message.code("event"), []).append(message)
    done: dict[str, list[Fact]] = {}
    for intervention in facts.of_kind("intervention"):
        done.setdefault(intervention.code("event"), []).append(intervention)
    return tuple(
        _chain(facts, event, about.get(event.code("id"), []), done.get(event.code("id"), []))
        for event in facts.of_kind("event")
    )


def response_courses(facts: FactIndex, events: tuple[EventChain, ...]) -> tuple[ResponseCourse, ...]:
    """The course of every channel of a case, in the order of the record.

    Args:
        facts: The facts.
        events: Their chains, whose readings belong to the responses too.
    """
    at_events: dict[str, list[Reading]] = {}
    for chain in events:
        for reading in chain.readings:
            at_events.setdefault(reading.channel.id, []).append(reading)
    for chain in events:
        for reading in (reading for retest in chain.retests for reading in retest.readings):
            at_events.setdefault(reading.channel.id, []).append(reading)
    return tuple(_course(facts, channel, tuple(at_events.get(channel.id, ()))) for channel in facts.of_kind("channel"))


def _chain(facts: FactIndex, event: Fact, messages: list[Fact], answered_by: list[Fact]) -> EventChain:
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts.in_group(event.group):
        by_kind.setdefault(fact.kind.removeprefix("event."), []).append(fact)
    (onset,) = by_kind["onset"]
    begun_at = onset.instant("onset_at") or onset.instant("noticed_at")
    notifications = by_kind.get("notification", [])
    interventions = by_kind.get("intervention", [])
    retests = by_kind.get("retest", [])
    return EventChain(
        event=event,
        onset=onset,
        onset_window=_one(by_kind, "onset_window"),
        notice_delay=_one(by_kind, "notice_delay"),
        responses=tuple(facts.by_id[name] for name in event.inputs),
        readings=tuple(_reading(facts, fact, event, begun_at) for fact in by_kind.get("reading", ())),
        criterion=_one(by_kind, "criterion"),
        context=_one(by_kind, "context"),
        occurrences=tuple(by_kind.get("occurrence", ())),
        excluded=_one(by_kind, "excluded"),
        physiology=_one(by_kind, "physiology"),
        note=_one(by_kind, "note"),
        cause=_one(by_kind, "cause"),
        stated_causes=tuple(by_kind.get("stated_cause", ())),
        no_notification=_missing(notifications),
        notifications=_notifications(notifications, by_kind),
        no_intervention=_missing(interventions),
        interventions=_recorded(interventions),
        answered_by=tuple(answered_by),
        messages=tuple(messages),
        no_retest=_missing(retests),
        retests=tuple(_retest(facts, fact, event) for fact in _recorded(retests)),
        resolution=_one(by_kind, "resolution"),
        duration=_one(by_kind, "duration"),
        first_within=_one(by_kind, "first_within"),
    )


def _one(by_kind: Mapping[str, list[Fact]], kind: str) -> Fact | None:
    return by_kind.get(kind, [None])[0]


def _missing(facts: list[Fact]) -> Fact | None:
    """The fact that stands for a missing record; it carries the text that says so."""
    stands_for_itself = len(facts) == 1 and facts[0].status == "not_recorded" and facts[0].value("text") is not None
    return facts[0] if stands_for_itself else None


def _recorded(facts: list[Fact]) -> tuple[Fact, ...]:
    return tuple(facts) if _missing(facts) is None else ()


def _notifications(facts: list[Fact], by_kind: Mapping[str, list[Fact]]) -> tuple[Notification, ...]:
    acknowledged = {fact.inputs[0]: fact for fact in by_kind.get("acknowledgement", ())}
    delays = {fact.inputs[0]: fact for fact in by_kind.get("notification.delay", ())}
    return tuple(Notification(fact, acknowledged[fact.id], delays.get(fact.id)) for fact in _recorded(facts))


def _retest(facts: FactIndex, retest: Fact, event: Fact) -> Retest:
    readings = facts.in_group(event.group, "event.retest.reading")
    own_readings = [fact for fact in readings if fact.id.startswith(f"{retest.id}.")]
    return Retest(retest, tuple(_reading(facts, fact, event, retest.instant("at")) for fact in own_readings))


def _reading(facts: FactIndex, fact: Fact, event: Fact, otherwise_at: datetime | None) -> Reading:
    channel = facts.by_id[fact.inputs[0]]
    return _compared(facts, Reading(fact, channel, fact.instant("at") or otherwise_at, event))


def _compared(facts: FactIndex, reading: Reading) -> Reading:
    change = facts.get(f"{reading.fact.id}.change")
    if change is None:
        return reading
    baseline = facts.get(change.inputs[1])
    return Reading(reading.fact, reading.channel, reading.at, reading.event, change, baseline)


def _course(facts: FactIndex, channel: Fact, at_events: tuple[Reading, ...]) -> ResponseCourse:
    own_readings = [*facts.in_group(channel.id, "channel.measurement"), *facts.in_group(channel.id, "channel.closing")]
    readings = [_compared(facts, Reading(fact, channel, fact.instant("at"))) for fact in own_readings]
    return ResponseCourse(
        channel=channel,
        baselines=facts.in_group(channel.id, "channel.baseline"),
        readings=(*readings, *at_events),
        closing=readings[-1],
        worst=facts.by_id[f"{channel.id}.worst"],
    )
