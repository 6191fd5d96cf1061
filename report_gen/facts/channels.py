"""Facts of criteria, modalities, channels: baseline, course, worst, closing, and each against its baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from report_gen.case.signals import AlertCriterion, Channel, Measurement, Reading
from report_gen.facts.builder import FactBuilder, number, site_of, text
from report_gen.facts.criteria import Change, compare, condition_text, criterion_text, meets
from report_gen.facts.model import Fact, Value
from report_gen.facts.wording import change_text, joined, number_text, percent_text, quantity_text
from report_gen.vocab import vocabulary

__all__ = [
    "ChannelIndex",
    "ChannelView",
    "change_fact",
    "derive_channels",
    "derive_criteria",
    "reading_values",
]

_VALUE_FIELDS = (
    "amplitude_uv",
    "latency_ms",
    "interpeak_i_v_ms",
    "interpeak_i_iii_ms",
    "threshold_ma",
    "threshold_v",
    "velocity_cm_s",
    "saturation_pct",
    "pressure_mmhg",
    "spectral_edge_hz",
    "suppression_ratio_pct",
    "bispectral_index",
    "firing_rate_hz",
    "tof_count",
    "tof_ratio_pct",
    "duration_s",
    "depth_mm",
)
_STATE_WORDS = {
    "present": "present",
    "absent": "absent",
    "not_obtained": "not obtained",
    "not_monitored": "not monitored",
    "not_recorded": "not recorded",
}


def reading_text(reading: Reading) -> str:
    """A reading in one short phrase, such as `1.8 µV, 39.4 ms` or `not obtained (preexisting deficit)`."""
    if reading.state == "measured":
        parts: list[str] = []
        if reading.pattern is not None:
            parts.append(vocabulary("emg_patterns").display(reading.pattern))
        for name in _VALUE_FIELDS:
            amount = getattr(reading, name)
            if amount is not None:
                label = {"tof_count": "TOF ", "interpeak_i_v_ms": "I\u2013V ", "interpeak_i_iii_ms": "I\u2013III "}.get(
                    name, ""
                )
                parts.append(label + (f"{amount}/4" if name == "tof_count" else quantity_text(name, amount)))
        words = ", ".join(parts)
    else:
        words = _STATE_WORDS[reading.state]
        if reading.state == "present" and reading.amplitude_pct_of_baseline is not None:
            words = f"{number_text(reading.amplitude_pct_of_baseline)}% of baseline amplitude"
    reasons = [
        vocabulary("absence_reasons").display(reading.reason) if reading.reason else "",
        reading.reason_detail or "",
    ]
    reason = ", ".join(part for part in reasons if part)
    return f"{words} ({reason})" if reason else words


def reading_values(reading: Reading) -> tuple[Value, ...]:
    """All values of a reading, the short phrase first."""
    values = [text("text", reading_text(reading))]
    for name in _VALUE_FIELDS:
        amount = getattr(reading, name)
        if amount is not None:
            values.append(number(name, amount))
    if reading.pattern is not None:
        values.append(text("pattern", vocabulary("emg_patterns").display(reading.pattern)))
    if reading.amplitude_pct_of_baseline is not None:
        stated = reading.amplitude_pct_of_baseline
        values.append(number("stated_pct_of_baseline", stated, f"{number_text(stated)}%"))
    if reading.description is not None:
        values.append(text("description", reading.description))
    return tuple(values)


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel with its key, its printed names and its baselines."""

    channel: Channel
    index: int
    key: str
    site: str
    label: str
    """Without side, such as `posterior tibial nerve SSEP`."""
    short: str
    """Shortest unambiguous name with side, for tables and figures."""

    @property
    def fact_id(self) -> str:
        """Id of the channel's own fact."""
        return f"channel.{self.key}"

    def baselines(self) -> tuple[tuple[int, Measurement], ...]:
        """Baseline measurements with their index."""
        return tuple((i, row) for i, row in enumerate(self.channel.measurements) if row.phase == "baseline")

    def reference(self, kind: str, at: datetime | None) -> tuple[int, Measurement] | None:
        """The baseline compared with at a time: the kind named by the criterion, or a later reset before `at`."""
        rows = self.baselines()
        resets = [
            pair
            for pair in rows
            if pair[1].baseline_kind == "reset" and at is not None and pair[1].at is not None and pair[1].at <= at
        ]
        if resets:
            return resets[-1]
        wanted = [pair for pair in rows if pair[1].baseline_kind == kind]
        usable = [pair for pair in rows if pair[1].baseline_kind != "reset"]
        return (wanted or usable or [None])[-1]


@dataclass(frozen=True, slots=True)
class ChannelIndex:
    """All channels by reference, and the criterion that applies to each modality."""

    views: dict[str, ChannelView]
    criteria: dict[str, AlertCriterion]
    """Criteria by id."""
    by_modality: dict[str, AlertCriterion]
    """First criterion that names the modality."""

    def criterion_for(self, modality: str, criterion_id: str | None = None) -> AlertCriterion | None:
        """The criterion named, or else the one of the modality, or None."""
        if criterion_id is not None:
            return self.criteria.get(criterion_id)
        return self.by_modality.get(modality)


def derive_criteria(b: FactBuilder) -> ChannelIndex:
    """Add a fact for each criterion in force and name every channel."""
    by_modality: dict[str, AlertCriterion] = {}
    for index, row in enumerate(b.case.criteria):
        for modality in row.modalities:
            by_modality.setdefault(modality, row)
        b.add(
            f"criterion.{row.id}",
            "criterion",
            f"/criteria/{index}",
            [
                text("text", criterion_text(row)),
                *(
                    number(condition.parameter, condition.threshold, condition_text(condition))
                    for condition in row.conditions
                    if condition.threshold is not None
                ),
                text("modalities", joined(vocabulary("modalities").label(code) for code in row.modalities)),
                b.coded("baseline_kind", "baseline_kinds", row.baseline_kind),
                text("reference", row.reference),
            ],
            group=f"criterion.{row.id}",
        )
    if not b.case.criteria:
        b.add("criterion", "criterion", "/criteria", [])
    views = _views(b)
    return ChannelIndex(views, {row.id: row for row in b.case.criteria}, by_modality)


def _views(b: FactBuilder) -> dict[str, ChannelView]:
    rough: list[tuple[Channel, int, str, str, str]] = []
    for index, channel in enumerate(b.case.channels):
        site, site_name = site_of(
            channel.modality,
            {
                "nerve": channel.nerve,
                "muscle": channel.muscle,
                "level": channel.level,
                "electrode_site": channel.electrode,
            },
        )
        parts = [channel.modality, site, channel.side]
        rough.append((channel, index, ".".join(part for part in parts if part), site, site_name))
    counts: dict[str, int] = {}
    for _, _, key, _, _ in rough:
        counts[key] = counts.get(key, 0) + 1
    used: dict[str, int] = {}
    views: dict[str, ChannelView] = {}
    for channel, index, key, site, site_name in rough:
        peak = f".{channel.peak.lower()}" if channel.peak and counts[key] > 1 else ""
        unique = key + peak
        used[unique] = used.get(unique, 0) + 1
        if used[unique] > 1:
            unique = f"{unique}.{used[unique]}"
        peak_words = f" {channel.peak}" if channel.peak and counts[key] > 1 else ""
        entry = vocabulary("modalities")[channel.modality]
        modality = str(entry.extra.get("channel_label") or entry.abbreviation or entry.display)
        label = f"{site_name} {modality}{peak_words}" if site_name else f"{modality}{peak_words}"
        views[channel.id] = ChannelView(channel, index, unique, site, label, _short(channel, site, peak_words))
    return views


def _short(channel: Channel, site: str, peak_words: str) -> str:
    """Abbreviated site with side, such as `L TA` or `R median N20`; the modality stands in the table's row group."""
    for name in ("nerves", "muscles", "levels", "electrode_sites"):
        entry = vocabulary(name).get(site)
        if entry is not None:
            site_words = entry.abbreviation or entry.display.removesuffix(" nerve")
            break
    else:
        site_words = vocabulary("modalities").label(channel.modality)
    side = {"left": "L ", "right": "R "}.get(channel.side, "")
    return f"{side}{site_words}{peak_words}"


def _status(met: bool | None, reading: Reading, has_criterion: bool) -> str:
    if reading.state in ("not_obtained", "not_monitored", "not_recorded"):
        return reading.state
    if met is None:
        return "not_comparable" if has_criterion else "no_criterion"
    return "beyond_criterion" if met else "within_criterion"


def change_fact(
    b: FactBuilder,
    fact_id: str,
    kind: str,
    pointer: str,
    view: ChannelView,
    reading: Reading,
    at: datetime | None,
    criterion: AlertCriterion | None,
    *,
    reading_fact: str,
    group: str,
    must_state: bool,
) -> Fact | None:
    """Add the change of a reading against its baseline; None when there is no baseline to compare with."""
    reference = view.reference(criterion.baseline_kind if criterion else "post_position", at)
    if reference is None:
        return None
    baseline = reference[1].reading
    changes = compare(reading, baseline)
    met = None if criterion is None else meets(criterion, reading, baseline)
    values: list[Value] = []
    for change in changes:
        values.extend(_change_values(change))
    return b.compute(
        fact_id,
        kind,
        pointer,
        values,
        formula="(value \u2212 baseline) / baseline \u00d7 100 for percent; value \u2212 baseline otherwise",
        inputs=[
            reading_fact,
            f"{view.fact_id}.m{reference[0] + 1}",
            *([f"criterion.{criterion.id}"] if criterion else []),
        ],
        group=group,
        status=_status(met, reading, criterion is not None),
        side=view.channel.side,
        modality=view.channel.modality,
        site=view.site,
        must_state=must_state,
    )


def _change_values(change: Change) -> list[Value]:
    stem = change.parameter.rpartition("_")[0] if change.parameter != "interpeak_i_v_ms" else "interpeak_i_v"
    entry = vocabulary("parameters").get(change.parameter)
    unit = str(entry.extra.get("unit", "")) if entry is not None else ""
    values = [
        number(
            f"{stem}_change_{change.parameter.rpartition('_')[2]}",
            change.absolute,
            change_text(change.absolute, unit, decimals=_decimals(change)),
        )
    ]
    percent, of_baseline = change.percent, change.percent_of_baseline
    if percent is not None and of_baseline is not None:
        values.append(number(f"{stem}_change_pct", percent, change_text(percent, "%", decimals=0)))
    if percent is not None and of_baseline is not None and unit != "ms":
        values.append(number(f"{stem}_pct_of_baseline", of_baseline, percent_text(of_baseline)))
        values.append(number(f"{stem}_change_size_pct", abs(percent), percent_text(abs(percent))))
    return values


def _decimals(change: Change) -> int:
    """Digits after the point of a difference: as many as the finer of the two recorded values has."""
    return max(len(f"{value:.6g}".partition(".")[2]) for value in (change.baseline, change.value))


def derive_channels(
    b: FactBuilder, channels: ChannelIndex, event_readings: dict[str, list[tuple[str, Reading]]]
) -> None:
    """Add every channel's facts.

    Args:
        b: Collector.
        channels: Names and criteria.
        event_readings: Readings of events by channel reference, each with its fact id; they compete for the worst.
    """
    for view in channels.views.values():
        _derive_channel(b, channels, view, event_readings.get(view.channel.id, []))


def _derive_channel(
    b: FactBuilder, channels: ChannelIndex, view: ChannelView, event_rows: Sequence[tuple[str, Reading]]
) -> None:
    channel, pointer = view.channel, f"/channels/{view.index}"
    criterion = channels.criterion_for(channel.modality)
    common = {"side": channel.side, "modality": channel.modality, "site": view.site}
    b.add(
        view.fact_id,
        "channel",
        pointer,
        [
            text("label", view.label),
            text("short", view.short),
            b.words("peak", channel.peak),
            b.words("montage", channel.montage),
        ],
        group=view.fact_id,
        **common,
    )
    candidates: list[tuple[str, Reading, datetime | None]] = []
    closing: tuple[int, Measurement] | None = None
    for index, row in enumerate(channel.measurements):
        fact_id, place = f"{view.fact_id}.m{index + 1}", f"{pointer}/measurements/{index}"
        kind = {"baseline": "channel.baseline", "closing": "channel.closing"}.get(row.phase, "channel.measurement")
        b.add(
            fact_id,
            kind,
            place,
            [
                *reading_values(row.reading),
                b.instant("at", row.at),
                b.coded("baseline_kind", "baseline_kinds", row.baseline_kind),
            ],
            group=view.fact_id,
            status=row.reading.state,
            must_state=kind != "channel.measurement",
            **common,
        )
        if row.phase == "baseline":
            continue
        change_fact(
            b,
            f"{fact_id}.change",
            f"{kind}.change",
            place,
            view,
            row.reading,
            row.at,
            criterion,
            reading_fact=fact_id,
            group=view.fact_id,
            must_state=kind == "channel.closing",
        )
        candidates.append((fact_id, row.reading, row.at))
        if row.phase == "closing":
            closing = (index, row)
    if not any(row.phase == "baseline" for row in channel.measurements):
        b.add(
            f"{view.fact_id}.baseline", "channel.baseline", f"{pointer}/measurements", [], group=view.fact_id, **common
        )
    if closing is None:
        b.add(f"{view.fact_id}.closing", "channel.closing", f"{pointer}/measurements", [], group=view.fact_id, **common)
    _worst(b, view, criterion, [*candidates, *((fact_id, reading, None) for fact_id, reading in event_rows)])


def _severity(view: ChannelView, reading: Reading, baseline: Reading | None) -> float | None:
    """How far a reading is from its baseline in the worse direction; higher is worse; None when not comparable."""
    if reading.state == "absent":
        return float("inf")
    if reading.amplitude_pct_of_baseline is not None:
        return 100 - reading.amplitude_pct_of_baseline
    entry = vocabulary("modalities").get(view.channel.modality)
    primary = entry.extra.get("primary_parameter") if entry is not None else None
    changes = compare(reading, baseline)
    for change in changes:
        if change.parameter == primary and change.percent is not None:
            parameter = vocabulary("parameters").get(change.parameter)
            worse = parameter.extra.get("worse") if parameter is not None else "decrease"
            return -change.percent if worse != "increase" else change.percent
    return None


def _worst(
    b: FactBuilder,
    view: ChannelView,
    criterion: AlertCriterion | None,
    candidates: Sequence[tuple[str, Reading, datetime | None]],
) -> None:
    worst: tuple[float, str, Reading] | None = None
    for fact_id, reading, at in candidates:
        reference = view.reference(criterion.baseline_kind if criterion else "post_position", at)
        severity = _severity(view, reading, reference[1].reading if reference else None)
        if severity is not None and (worst is None or severity > worst[0]):
            worst = (severity, fact_id, reading)
    if worst is None:
        return
    chosen = b.by_id[worst[1]]
    change = b.by_id.get(f"{worst[1]}.change")
    b.compute(
        f"{view.fact_id}.worst",
        "channel.worst",
        chosen.pointer,
        [*chosen.values, *(change.values if change else ())],
        formula="reading farthest from baseline in the worse direction; an absent response counts as the farthest",
        inputs=[worst[1], *([change.id] if change else [])],
        group=view.fact_id,
        status=change.status if change else worst[2].state,
        side=view.channel.side,
        modality=view.channel.modality,
        site=view.site,
    )
