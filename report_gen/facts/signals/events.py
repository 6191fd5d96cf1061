"""Facts of events as chains: onset, values, criterion, context, physiology; reactions have their own module."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from report_gen.case.contract.events import ChannelReading, Event
from report_gen.case.contract.signals import AlertCriterion
from report_gen.facts.builder import FactBuilder, modality_label, number, term, terms, text
from report_gen.facts.intervals import minutes_between
from report_gen.facts.model import Fact, Value
from report_gen.facts.record.physiology import physiology_values
from report_gen.facts.record.snapshots import PhysiologyTrack
from report_gen.facts.row_ids import own_part
from report_gen.facts.signals.changes import Compared, change_fact
from report_gen.facts.signals.channels import EventReadings
from report_gen.facts.signals.context import derive_context
from report_gen.facts.signals.criteria import absolute_limits, criterion_text
from report_gen.facts.signals.naming import ChannelIndex, ChannelView, Moment, responses_text, sided
from report_gen.facts.signals.reactions import ToldElsewhere, derive_reactions
from report_gen.facts.signals.readings import reading_values
from report_gen.facts.stated_time import length_words
from report_gen.facts.wording import NOT_RECORDED, joined, utc
from report_gen.vocab import modality_of_test, vocabulary

__all__ = ["derive_events"]


def derive_events(b: FactBuilder, channels: ChannelIndex, track: PhysiologyTrack) -> EventReadings:
    """Add the chain of every event.

    Returns:
        The readings of events by channel reference, each with its fact.
    """
    readings: dict[str, list[tuple[Fact, Compared]]] = {}
    told = ToldElsewhere.of(b.case)
    for index, event in enumerate(b.case.events):
        _Chain(b, channels, event, f"/events/{index}", readings).derive(track, told)
    return readings


_DIRECTIONS_JOINED = {"in_order": ", then ", "either": " or ", "together": " together with "}


def _what(event: Event) -> str:
    """Kinds of change in words, joined as the record means them; several without an order are only listed."""
    words = [_kind_of_change(event, code) for code in (event.direction, *event.further_directions)]
    joint = _DIRECTIONS_JOINED.get(event.direction_order)
    what = joint.join(words) if joint else joined(words)
    return f"{what} (order not stated)" if len(words) > 1 and joint is None else what


def _either(event: Event) -> Value | None:
    """That only one of the kinds of change happened, and the record does not say which."""
    several = bool(event.further_directions) and event.direction_order == "either"
    return Value("either", "one of several", flag=True) if several else None


def _kind_of_change(event: Event, code: str) -> str:
    """One kind of change; a plain decrease or increase names the parameter that the modality measures.

    Of a modality whose kind is not stated it names none.
    """
    display = vocabulary("change_directions").display(code)
    if code == "other":
        return event.direction_other or display
    if code not in ("decrease", "increase") or event.modality is None:
        return display
    modality = vocabulary("modalities")[event.modality]
    if modality.primary_parameter is None or not modality.kind_stated:
        return code
    return f"{vocabulary('parameters').display(modality.primary_parameter)} {code}"


_NOT_SEEN = ("not_obtained", "not_monitored", "not_recorded")


def _later(at: datetime | None, than: datetime | None) -> bool:
    return at is not None and than is not None and utc(at) > utc(than)


class _Chain:
    """One event while its facts are added."""

    def __init__(
        self,
        b: FactBuilder,
        channels: ChannelIndex,
        event: Event,
        pointer: str,
        readings: dict[str, list[tuple[Fact, Compared]]],
    ) -> None:
        self.b, self.channels, self.event, self.pointer, self.readings = b, channels, event, pointer, readings
        self.group = f"event.{own_part(event.id)}"
        self.criterion: AlertCriterion | None = channels.criterion_for(
            event.modality, event.criterion, improvement=event.event_class == "improvement"
        )
        self.begun_at: datetime | None = event.onset_at or event.noticed_at
        self.signal = vocabulary("event_classes")[event.event_class].deteriorates

    def derive(self, track: PhysiologyTrack, told: ToldElsewhere) -> None:
        """Add the chain in its order."""
        event = self.event
        self._head()
        self._onset()
        ids = self.b.row_ids(f"{self.group}.reading", event.readings)
        values = [
            self._value(reading, ids[index], f"{self.pointer}/readings/{index}")
            for index, reading in enumerate(event.readings)
        ]
        self._criterion(values)
        derive_context(self.b, event, self.pointer, group=self.group, signal=self.signal)
        self._physiology(track)
        derive_reactions(self.b, event, self.pointer, told, begun_at=self.begun_at, repeated=self._repeated())
        self._retests()
        self._resolution()

    def _head(self) -> None:
        b, event = self.b, self.event
        views = [self.channels.views[reference] for reference in event.channels]
        modality = vocabulary("modalities").label(event.modality) if event.modality else ""
        named = responses_text(views, event.side) if views else sided(modality, event.side) if modality else ""
        b.add(
            self.group,
            "event",
            self.pointer,
            [
                Value("id", event.id, code=event.id),
                b.coded("event_class", "event_classes", event.event_class),
                modality_label("modality", event.modality) if event.modality else None,
                b.coded("direction", "change_directions", event.direction),
                terms("further", "change_directions", event.further_directions),
                text("what", _what(event)),
                b.words("direction_other", event.direction_other),
                _either(event),
                b.words("severity", event.severity),
                b.words("responses", named or None),
                b.words("level", event.level),
                b.coded("onset_kind", "onset_kinds", event.onset_kind) if event.onset_kind != "unknown" else None,
            ],
            group=self.group,
            status=event.event_class,
            side=event.side,
            modality=event.modality or "",
            site=views[0].site if len({view.label for view in views}) == 1 else event.level or "",
            inputs=[view.fact_id for view in views],
        )

    def _onset(self) -> None:
        b, event = self.b, self.event
        times = [
            *b.moment(event.onset_at, event.when, "onset_at", anchored=True),
            b.instant("last_unaffected_at", event.last_unaffected_at),
            b.instant("noticed_at", event.noticed_at),
        ]
        b.add(
            f"{self.group}.onset",
            "event.onset",
            self.pointer,
            [*times, b.coded("clock", "clocks", event.clock)] if any(times) else [],
            group=self.group,
            status="interval" if event.onset_at is None and event.noticed_at is not None else "recorded",
        )
        if event.noticed_at is None:
            return
        if event.onset_at is not None:
            self._elapsed("notice_delay", "delay_min", event.onset_at, event.noticed_at)
        elif event.last_unaffected_at is not None:
            self._elapsed("onset_window", "window_min", event.last_unaffected_at, event.noticed_at)

    def _elapsed(self, kind: str, name: str, earlier: datetime, later: datetime) -> None:
        """Add the time from the first instant to the second; no fact when the record has them in the opposite order."""
        length = minutes_between(earlier, later)
        if length < 0:
            return
        about = self.event.when if kind == "notice_delay" else None
        start = "onset_at" if kind == "notice_delay" else "last_unaffected_at"
        self.b.compute(
            f"{self.group}.{kind}",
            f"event.{kind}",
            self.pointer,
            [number(name, length, length_words(length, about))],
            formula=f"noticed_at \u2212 {start}",
            inputs=[f"{self.group}.onset"],
            group=self.group,
        )

    def _value(
        self,
        reading: ChannelReading,
        fact_id: str,
        pointer: str,
        retest_at: datetime | None = None,
        *,
        retest: bool = False,
    ) -> Fact | None:
        """Add one reading of the event or of a re-test; returns the fact of its change, or None without a baseline."""
        b = self.b
        view: ChannelView = self.channels.views[reading.channel]
        kind = "event.retest.reading" if retest else "event.reading"
        at = reading.at or retest_at
        fact = b.add(
            fact_id,
            kind,
            pointer,
            [
                *reading_values(
                    b, reading.reading, view.channel.modality, absolute_limits(b.case, view.channel.modality)
                ),
                *b.moment(at, reading.when),
                text("channel", view.label),
                text("short", view.short),
            ],
            group=self.group,
            status=reading.reading.state,
            side=view.channel.side,
            modality=view.channel.modality,
            site=view.site,
            inputs=[view.fact_id],
        )
        comparison = Compared(view, reading.reading, Moment(at or (None if retest else self.begun_at)), self.criterion)
        self.readings.setdefault(reading.channel, []).append((fact, comparison))
        change_kind = "event.retest.change" if retest else "event.reading.change"
        return change_fact(b, fact, change_kind, comparison, group=self.group, must_state=True)

    def _criterion(self, changes: Sequence[Fact | None]) -> None:
        """Add the criterion in force applied to all values of the event; not met only if every value misses it."""
        if self.criterion is None or not any(changes):
            return
        statuses = {change.status if change is not None else "not_comparable" for change in changes}
        if statuses & {"beyond_criterion", "improved"}:
            status = "met"
        else:
            status = "not_met" if statuses <= {"within_criterion", "not_improved"} else "not_comparable"
        self.b.compute(
            f"{self.group}.criterion",
            "event.criterion",
            self.pointer,
            [
                text("text", criterion_text(self.criterion)),
                terms("asks", "criterion_parameters", [row.parameter for row in self.criterion.conditions]),
                text("reference", self.criterion.reference),
            ],
            formula="criterion in force applied to each value of the event",
            inputs=[f"criterion.{self.criterion.id}", *[change.id for change in changes if change is not None]],
            group=self.group,
            status=status,
        )

    def _physiology(self, track: PhysiologyTrack) -> None:
        """Add the physiology recorded with the event, or the last row before it with its own time, or the next."""
        b, event = self.b, self.event
        fact_id, kind = f"{self.group}.physiology", "event.physiology"
        block = track.block_before(self.begun_at) if self.signal else None
        tof = [b.words("tof", block.words)] if block is not None else []
        inputs = [block.fact_id] if block is not None else []
        if event.physiology is not None:
            values = [*physiology_values(b, event.physiology), b.instant("at", event.physiology.at), *tof]
            place = f"{self.pointer}/physiology"
            b.add(fact_id, kind, place, values, group=self.group, status="with_event", inputs=inputs)
            return
        if not self.signal:
            return
        nearest = track.nearest(self.begun_at, before=True)
        if nearest is None:
            values = [text("text", NOT_RECORDED), *tof]
            place = f"{self.pointer}/physiology"
            b.add(fact_id, kind, place, values, group=self.group, status="not_recorded", inputs=inputs)
            return
        values = [*physiology_values(b, nearest.row), b.instant("at", nearest.row.at), *tof]
        inputs = [nearest.fact_id, *inputs]
        b.add(fact_id, kind, nearest.pointer, values, group=self.group, status="nearest", inputs=inputs)

    def _repeated(self) -> bool:
        """Whether a stimulation test repeats the one this event is about: same kind, side and level."""
        event = self.event
        return any(
            modality_of_test(test.kind).code == event.modality
            and test.stage != "initial"
            and (event.level is None or test.level == event.level)
            and (event.side not in ("left", "right") or test.side == event.side)
            for test in self.b.case.threshold_tests
        )

    def _seen_later(self) -> bool:
        """Whether a response of the event, or of its modality where it names none, was read again after it began."""
        event = self.event
        views = [self.channels.views[reference] for reference in event.channels] or [
            view for view in self.channels.views.values() if view.channel.modality == event.modality
        ]
        return any(
            row.reading.state not in _NOT_SEEN and (row.phase == "closing" or _later(row.at, self.begun_at))
            for view in views
            for row in view.channel.measurements
            if row.phase != "baseline"
        )

    def _retests(self) -> None:
        b, event = self.b, self.event
        looked_again = event.resolution is not None or self._repeated() or self._seen_later()
        if not event.retests and self.signal and not looked_again:
            b.add(f"{self.group}.retest", "event.retest", f"{self.pointer}/retests", [], group=self.group)
        for index, retest in enumerate(event.retests):
            fact_id, place = b.row_ids(f"{self.group}.retest", event.retests)[index], f"{self.pointer}/retests/{index}"
            values = [text("number", str(index + 1)), *b.moment(retest.at, retest.when)]
            b.add(fact_id, "event.retest", place, values, group=self.group)
            for position, reading in enumerate(retest.readings):
                value_id = b.row_ids(f"{fact_id}.reading", retest.readings)[position]
                pointer = f"{place}/readings/{position}"
                self._value(reading, value_id, pointer, retest.at, retest=True)

    def _resolution(self) -> None:
        b, event, resolution = self.b, self.event, self.event.resolution
        fact_id, place = f"{self.group}.resolution", f"{self.pointer}/resolution"
        side, modality = event.side, event.modality or ""
        if resolution is None:
            if self.signal:
                b.add(fact_id, "event.resolution", place, [], group=self.group, side=side, modality=modality)
            return
        b.add(
            fact_id,
            "event.resolution",
            place,
            [
                term("text", "resolution_classes", resolution.resolution_class, resolution.class_other or ""),
                *b.moment(resolution.at, resolution.when),
                b.words("assigned_by", b.person_name(resolution.assigned_by)),
            ],
            group=self.group,
            status=resolution.resolution_class,
            side=side,
            modality=modality,
        )
        length = minutes_between(event.onset_at, resolution.at) if event.onset_at and resolution.at else None
        if length is not None and length >= 0:
            b.compute(
                f"{self.group}.duration",
                "event.duration",
                place,
                [number("duration_min", length, length_words(length, event.when, resolution.when))],
                formula="resolution time \u2212 onset",
                inputs=[f"{self.group}.onset", fact_id],
                group=self.group,
            )
