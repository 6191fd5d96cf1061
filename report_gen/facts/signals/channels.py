"""Facts of criteria and channels: baseline, course, worst, closing, and each against its baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from report_gen.case.contract.signals import Measurement, Reading
from report_gen.facts.builder import FactBuilder, modality_labels, number, text
from report_gen.facts.model import Fact
from report_gen.facts.signals.changes import Compared, change_fact, change_values, criterion_status
from report_gen.facts.signals.criteria import compare, condition_text, criterion_text, for_improvement, responded
from report_gen.facts.signals.naming import ChannelIndex, ChannelView, Moment
from report_gen.facts.signals.readings import reading_values
from report_gen.facts.wording import utc
from report_gen.vocab import vocabulary

__all__ = ["ChannelCourse", "EventReadings", "derive_channels", "derive_criteria"]

EventReadings = Mapping[str, Sequence[tuple[Fact, Compared]]]
"""Readings of events by channel reference, each with its fact."""

_SEEN = ("measured", "present", "absent", "not_obtained")
"""States of a reading that was attempted; only these can meet or miss a criterion."""
_KINDS = {"baseline": "channel.baseline", "closing": "channel.closing"}


@dataclass(frozen=True, slots=True)
class ChannelCourse:
    """Results of a channel that the summaries need beside its facts."""

    worst: Fact | None
    """The fact of the worst reading. None: no reading can be placed against the baseline."""
    severity: tuple[bool, float]
    """Whether the worst reading is beyond its criterion, and how far it is from baseline; higher is worse."""
    statuses: tuple[str, ...]
    """Place of every reading against its alert criterion, those of events included; empty without readings."""


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
                b.coded("baseline_kind", "baseline_kinds", criterion.baseline_kind),
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
    _head(b, view)
    readings: list[tuple[Fact, Compared]] = []
    closing: tuple[Fact, Compared] | None = None
    for index, measurement in enumerate(channel.measurements):
        fact = _measurement(b, view, index, measurement)
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
    alerts = [(fact, _for_alert(channels, comparison)) for fact, comparison in (*readings, *event_readings)]
    return _worst(b, view, alerts)


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
            b.words("peak", channel.peak),
            b.words("montage", channel.montage),
            b.coded("nerve", "nerves", channel.nerve),
            b.coded("muscle", "muscles", channel.muscle),
            b.coded("level", "levels", channel.level),
            b.coded("electrode", "electrode_sites", channel.electrode),
        ],
        group=view.fact_id,
        side=channel.side,
        modality=channel.modality,
        site=view.site,
    )


def _measurement(b: FactBuilder, view: ChannelView, index: int, measurement: Measurement) -> Fact:
    kind = _KINDS.get(measurement.phase, "channel.measurement")
    return b.add(
        view.measurement_ids[index],
        kind,
        f"/channels/{view.index}/measurements/{index}",
        [
            *reading_values(measurement.reading),
            b.instant("at", measurement.at),
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
    if criterion is None or reference is None or criterion_status(improved) != "improved":
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


def _size(comparison: Compared) -> float | None:
    """How far a reading is from its baseline in the worse direction, in percent; None when it cannot be placed.

    The primary parameter of the modality counts; without it, or without its values, the first parameter that both
    readings give and that has a worse direction (latency-only responses, thresholds, flow, saturation).
    """
    if vocabulary("modalities")[comparison.view.channel.modality].response_is_abnormal:
        return None
    reference = comparison.reference
    baseline: Reading | None = reference[1] if reference else None
    if comparison.reading.state == "absent":
        had_response = None if baseline is None else responded(baseline)
        return float("-inf") if had_response is False else float("inf")
    primary = vocabulary("modalities")[comparison.view.channel.modality].primary_parameter
    parameters = vocabulary("parameters")
    sizes: dict[str, float] = {}
    for change in compare(comparison.reading, baseline):
        worse = parameters[change.parameter].worse
        if change.percent is not None and worse is not None:
            sizes[change.parameter] = change.percent if worse == "increase" else -change.percent
    if primary in sizes:
        return sizes[primary]
    if comparison.reading.amplitude_pct_of_baseline is not None:
        return 100 - comparison.reading.amplitude_pct_of_baseline
    return next(iter(sizes.values()), None)


def _worst(b: FactBuilder, view: ChannelView, readings: Sequence[tuple[Fact, Compared]]) -> ChannelCourse:
    """The worst reading: beyond its criterion before within it, then the farthest, then the earliest."""
    statuses: list[str] = []
    best: tuple[tuple[bool, float], Fact, Compared, str] | None = None
    for fact, comparison in readings:
        status = criterion_status(comparison)
        if comparison.reading.state in _SEEN:
            statuses.append("not_comparable" if status == "not_obtained" else status)
        size = _size(comparison)
        if size is None:
            continue
        severity = (status == "beyond_criterion", size)
        if best is None or severity > best[0] or (severity == best[0] and _before(comparison, best[2])):
            best = (severity, fact, comparison, status)
    if best is None:
        return ChannelCourse(None, (False, float("-inf")), tuple(statuses))
    severity, reading_fact, comparison, status = best
    change = b.by_id.get(f"{reading_fact.id}.change")
    worst = b.compute(
        f"{view.fact_id}.worst",
        "channel.worst",
        reading_fact.pointer,
        [*reading_fact.values, *(change.values if change else ())],
        formula="reading beyond its criterion, else farthest from baseline in the worse direction; an absent response "
        "counts as the farthest; the earliest of equals",
        inputs=[reading_fact.id, *([change.id] if change else [])],
        group=view.fact_id,
        status=status,
        side=view.channel.side,
        modality=view.channel.modality,
        site=view.site,
    )
    return ChannelCourse(worst, severity, tuple(statuses))


def _before(comparison: Compared, other: Compared) -> bool:
    first, second = comparison.moment.at, other.moment.at
    return first is not None and (second is None or utc(first) < utc(second))
