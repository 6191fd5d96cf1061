"""Facts of criteria and channels: baseline, course, worst, closing, and each against its baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from report_gen.case.contract.signals import Measurement
from report_gen.facts.builder import FactBuilder, modality_labels, number, text
from report_gen.facts.model import Fact
from report_gen.facts.signals.changes import Compared, change_fact, change_values
from report_gen.facts.signals.criteria import (
    ATTEMPTED_STATES,
    absolute_limits,
    compared_baseline,
    condition_text,
    criterion_text,
    for_improvement,
)
from report_gen.facts.signals.naming import ChannelIndex, ChannelView, Moment
from report_gen.facts.signals.readings import reading_values
from report_gen.facts.signals.worst import Rank, State, event_states, reading_state, worst_fact

__all__ = ["ChannelCourse", "EventReadings", "derive_channels", "derive_criteria"]

EventReadings = Mapping[str, Sequence[tuple[Fact, Compared]]]
"""Readings of events by channel reference, each with its fact."""

_SEEN = (*ATTEMPTED_STATES, "not_obtained")
"""States of a reading that was attempted; only these can meet or miss a criterion."""
_KINDS = {"baseline": "channel.baseline", "closing": "channel.closing"}


@dataclass(frozen=True, slots=True)
class ChannelCourse:
    """Results of a channel that the summaries need beside its facts."""

    worst: Fact
    """The fact of its worst; status `none_between` where the record has no state between baseline and closing."""
    between: tuple[State, ...]
    """Its states between baseline and closing."""
    closing: State | None
    """Its state at closing. None: none is recorded, or no response was looked for."""
    statuses: tuple[str, ...]
    """Place of every reading against its alert criterion, those of events included, and of what events say without a
    reading; empty without either."""

    @property
    def rank(self) -> Rank | None:
        """How grave its worst is. None: there is none."""
        return max((state.rank for state in self.between), default=None)


def derive_criteria(b: FactBuilder) -> None:
    """Add a fact for each criterion in force."""
    for index, criterion in enumerate(b.case.criteria):
        b.add(
            f"criterion.{criterion.id}",
            "criterion",
            f"/criteria/{index}",
            [
                text("text", criterion_text(criterion)),
                *(
                    number(condition.parameter, condition.threshold, condition_text(condition))
                    for condition in criterion.conditions
                    if condition.threshold is not None
                ),
                modality_labels("modalities", criterion.modalities),
                b.coded("baseline_kind", "baseline_kinds", compared_baseline(criterion)),
                text("reference", criterion.reference),
            ],
            group=f"criterion.{criterion.id}",
        )
    if not b.case.criteria:
        b.add("criterion", "criterion", "/criteria", [])


def derive_channels(b: FactBuilder, channels: ChannelIndex, event_readings: EventReadings) -> dict[str, ChannelCourse]:
    """Add the facts of every channel.

    Args:
        b: Collector.
        channels: Names and criteria.
        event_readings: Readings of events, which may be the worst reading too.

    Returns:
        The course of each channel by reference.
    """
    return {
        reference: _derive_channel(b, channels, view, event_readings.get(reference, ()))
        for reference, view in channels.views.items()
    }


def _derive_channel(
    b: FactBuilder, channels: ChannelIndex, view: ChannelView, event_readings: Sequence[tuple[Fact, Compared]]
) -> ChannelCourse:
    channel, pointer = view.channel, f"/channels/{view.index}"
    criterion = channels.criterion_for(channel.modality)
    limits = absolute_limits(b.case, channel.modality)
    _head(b, view)
    readings: list[tuple[Fact, Compared]] = []
    closing: tuple[Fact, Compared] | None = None
    for index, measurement in enumerate(channel.measurements):
        fact = _measurement(b, view, index, measurement, limits)
        if measurement.phase == "baseline":
            continue
        comparison = Compared(view, measurement.reading, Moment(measurement.at, index), criterion)
        kind, is_closing = f"{fact.kind}.change", measurement.phase == "closing"
        change_fact(b, fact, kind, comparison, group=view.fact_id, must_state=is_closing)
        readings.append((fact, comparison))
        closing = (fact, comparison) if is_closing else closing
    if not view.baselines():
        _missing(b, view, "baseline", pointer)
    if closing is None:
        _missing(b, view, "closing", pointer)
    else:
        _improvement(b, channels, *closing)
    own = [(fact, _for_alert(channels, comparison)) for fact, comparison in readings]
    at_events = [(fact, _for_alert(channels, comparison)) for fact, comparison in event_readings]
    return _course(b, channels, view, own, at_events)


def _head(b: FactBuilder, view: ChannelView) -> None:
    channel = view.channel
    b.add(
        view.fact_id,
        "channel",
        f"/channels/{view.index}",
        [
            text("label", view.label),
            text("short", view.short),
            b.words("site_name", view.site_name or None),
            text("family", view.family),
            b.words("peak", channel.peak),
            b.words("montage", channel.montage),
            b.coded("nerve", "nerves", channel.nerve),
            b.coded("muscle", "muscles", channel.muscle),
            b.words("nerve_other", channel.nerve_other),
            b.words("muscle_other", channel.muscle_other),
            b.coded("region", "body_regions", channel.region),
            b.words("region_other", channel.region_other),
            b.coded("recording_level", "recording_levels", channel.recording_level),
            b.coded("level", "levels", channel.level),
            b.coded("electrode", "electrode_sites", channel.electrode),
        ],
        group=view.fact_id,
        side=channel.side,
        modality=channel.modality,
        site=view.site,
    )


def _measurement(
    b: FactBuilder, view: ChannelView, index: int, measurement: Measurement, limits: tuple[float, ...]
) -> Fact:
    kind = _KINDS.get(measurement.phase, "channel.measurement")
    return b.add(
        view.measurement_ids[index],
        kind,
        f"/channels/{view.index}/measurements/{index}",
        [
            *reading_values(
                b, measurement.reading, view.channel.modality, limits, baseline=measurement.phase == "baseline"
            ),
            *b.moment(measurement.at, measurement.when),
            b.coded("baseline_kind", "baseline_kinds", measurement.baseline_kind),
        ],
        group=view.fact_id,
        status=measurement.reading.state,
        side=view.channel.side,
        modality=view.channel.modality,
        site=view.site,
        must_state=kind != "channel.measurement",
    )


def _missing(b: FactBuilder, view: ChannelView, phase: str, pointer: str) -> None:
    b.add(
        f"{view.fact_id}.{phase}",
        f"channel.{phase}",
        f"{pointer}/measurements",
        [],
        group=view.fact_id,
        side=view.channel.side,
        modality=view.channel.modality,
        site=view.site,
    )


def _improvement(b: FactBuilder, channels: ChannelIndex, closing: Fact, comparison: Compared) -> None:
    """A closing amplitude above baseline by the improvement criterion in force (clinical reference §10 fact 22)."""
    criterion = channels.criterion_for(comparison.view.channel.modality, improvement=True)
    improved = Compared(comparison.view, comparison.reading, comparison.moment, criterion)
    reference = improved.reference
    if criterion is None or reference is None or improved.status != "improved":
        return
    b.compute(
        f"{comparison.view.fact_id}.improvement",
        "channel.improvement",
        closing.pointer,
        [
            text("label", comparison.view.label),
            text("short", comparison.view.short),
            *(value for value in closing.values if value.name in ("text", "at", "stated_pct_of_baseline")),
            *change_values(improved),
            text("criterion", criterion_text(criterion)),
        ],
        formula="closing reading against baseline, held against the improvement criterion in force",
        inputs=[closing.id, comparison.view.measurement_ids[reference[0]], f"criterion.{criterion.id}"],
        group=comparison.view.fact_id,
        status="improved",
        side=comparison.view.channel.side,
        modality=comparison.view.channel.modality,
        site=comparison.view.site,
    )


def _for_alert(channels: ChannelIndex, comparison: Compared) -> Compared:
    """The same reading against an alert criterion: an improvement met is not a change for the worse."""
    if comparison.criterion is None or not for_improvement(comparison.criterion):
        return comparison
    criterion = channels.criterion_for(comparison.view.channel.modality)
    return Compared(comparison.view, comparison.reading, comparison.moment, criterion)


def _course(
    b: FactBuilder,
    channels: ChannelIndex,
    view: ChannelView,
    own: Sequence[tuple[Fact, Compared]],
    at_events: Sequence[tuple[Fact, Compared]],
) -> ChannelCourse:
    """Add the worst of a response, and say what its modality counts of it."""
    states: list[State] = []
    others: list[Fact] = []
    closing: State | None = None
    last = b.in_group(view.fact_id, "channel.closing")[-1]
    for fact, comparison in own:
        state = reading_state(b, fact, comparison)
        if fact is last:
            closing = state
        elif state is not None:
            states.append(state)
        else:
            others.append(fact)
    said = list(event_states(b, view, at_events, channels.criterion_for(view.channel.modality)))
    states.extend(said)
    others.extend(fact for fact, _ in at_events if all(state.fact is not fact for state in said))
    statuses = [
        "not_comparable" if comparison.status == "not_obtained" else comparison.status
        for _, comparison in (*own, *at_events)
        if comparison.reading.state in _SEEN
    ]
    statuses.extend(state.status for state in said if state.fact.kind == "event")
    worst = worst_fact(b, view, states, others)
    return ChannelCourse(worst, tuple(states), closing, tuple(statuses))
