"""Channels by name: ids, label and shortest unambiguous name; their baselines; the criterion that applies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from report_gen.case.contract.model import Case
from report_gen.case.contract.signals import AlertCriterion, Channel, Measurement
from report_gen.facts.builder import site_of
from report_gen.facts.row_ids import own_part, row_ids
from report_gen.facts.signals.criteria import for_improvement
from report_gen.facts.wording import joined, utc
from report_gen.vocab import vocabulary

__all__ = ["ChannelIndex", "ChannelView", "Moment", "index_channels", "responses_text", "sided"]


@dataclass(frozen=True, slots=True)
class Moment:
    """Time and order of a reading, as far as they are recorded."""

    at: datetime | None
    """The time. None: not recorded."""
    index: int | None = None
    """Place among the measurements of its channel, which stand in the order they were taken. None: not one of them."""


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel with its ids, its printed names and its baselines."""

    channel: Channel
    index: int
    fact_id: str
    """Id of the channel's own fact."""
    measurement_ids: tuple[str, ...]
    """Ids of its measurements' facts, in the order of the record."""
    site: str
    label: str
    """Without side, such as `posterior tibial nerve SSEP`."""
    short: str
    """Shortest unambiguous name with side, for tables and figures."""
    site_name: str
    """Nerve, muscle, level or electrode in words. Empty: the modality names none."""
    family: str
    """The modality as it follows a site, such as `TcMEP` or `free-run EMG`."""

    def baselines(self) -> tuple[tuple[int, Measurement], ...]:
        """Baseline measurements with their index."""
        return tuple(
            (i, measurement)
            for i, measurement in enumerate(self.channel.measurements)
            if measurement.phase == "baseline"
        )

    def reference(self, kind: str, moment: Moment) -> tuple[int, Measurement] | None:
        """The baseline that a reading is compared with.

        A reset that is known to be earlier than the reading, else the latest earlier baseline of the kind that the
        criterion names, else the latest earlier one of another kind. A reading is never compared with a later
        baseline: during positioning only the pre-position baseline counts (clinical reference §10 fact 8).
        """
        baselines = [pair for pair in self.baselines() if _earlier(pair, moment) is not False]
        resets = [pair for pair in baselines if pair[1].baseline_kind == "reset" and _earlier(pair, moment)]
        usable = [pair for pair in baselines if pair[1].baseline_kind != "reset"]
        wanted = [pair for pair in usable if pair[1].baseline_kind == kind]
        candidates = resets or wanted or usable
        return candidates[-1] if candidates else None


def _earlier(pair: tuple[int, Measurement], moment: Moment) -> bool | None:
    """Whether a baseline was taken no later than a reading; None when the record does not say."""
    index, measurement = pair
    if measurement.at is not None and moment.at is not None:
        return utc(measurement.at) <= utc(moment.at)
    return None if moment.index is None else index < moment.index


@dataclass(frozen=True, slots=True)
class ChannelIndex:
    """All channels by reference, and the criterion that applies to each modality."""

    views: dict[str, ChannelView]
    criteria: dict[str, AlertCriterion]
    """Criteria by id."""
    alerts: dict[str, AlertCriterion]
    """First alert criterion that names the modality."""
    improvements: dict[str, AlertCriterion]
    """First improvement criterion that names the modality."""

    def criterion_for(
        self, modality: str | None, criterion_id: str | None = None, *, improvement: bool = False
    ) -> AlertCriterion | None:
        """The criterion named, or else the alert or improvement criterion of the modality, or None."""
        if criterion_id is not None:
            return self.criteria[criterion_id]
        return (self.improvements if improvement else self.alerts).get(modality or "")


def responses_text(views: Sequence[ChannelView], side: str) -> str:
    """Affected responses with their side in words.

    One modality is named once behind its sites, and a bilateral change says `on both sides`: `left median nerve SSEP`,
    `tibialis anterior and abductor hallucis TcMEP on both sides`.
    """
    sites: dict[str, list[str]] = {}
    for view in views:
        names = sites.setdefault(view.family, [])
        if view.site_name and view.site_name not in names:
            names.append(view.site_name)
    words = joined(" ".join(part for part in (joined(names), family) if part) for family, names in sites.items())
    return sided(words, side)


def sided(words: str, side: str) -> str:
    """Words with their side; an unknown side says so."""
    if side in ("left", "right", "midline"):
        return f"{side} {words}"
    return {"bilateral": f"{words} on both sides", "not_recorded": f"{words} (side not recorded)"}.get(side, words)


def index_channels(case: Case) -> ChannelIndex:
    """Names for every channel, and the criteria by modality."""
    alerts: dict[str, AlertCriterion] = {}
    improvements: dict[str, AlertCriterion] = {}
    for criterion in case.criteria:
        by_modality = improvements if for_improvement(criterion) else alerts
        for modality in criterion.modalities:
            by_modality.setdefault(modality, criterion)
    views = _views(case.channels, case.encounter.date_of_service)
    return ChannelIndex(views, {criterion.id: criterion for criterion in case.criteria}, alerts, improvements)


def _views(channels: Sequence[Channel], day: date) -> dict[str, ChannelView]:
    sites = [
        site_of(
            channel.modality,
            {
                "nerve": channel.nerve,
                "muscle": channel.muscle,
                "level": channel.level,
                "electrode_site": channel.electrode,
            },
        )
        for channel in channels
    ]
    placements = [
        (channel, site, name, (channel.modality, site, channel.side))
        for channel, (site, name) in zip(channels, sites, strict=True)
    ]
    places = Counter(place for *_, place in placements)
    peaks = Counter((place, channel.peak) for channel, *_, place in placements)
    used: Counter[tuple[tuple[str, str, str], str | None]] = Counter()
    views: dict[str, ChannelView] = {}
    for index, (channel, site, name, place) in enumerate(placements):
        several = places[place] > 1
        used[place, channel.peak] += 1
        mark = f" {channel.peak}" if channel.peak and several else ""
        if peaks[(place, channel.peak)] > 1:
            # Same place and same peak: the montage tells them apart, or else their order in the record.
            mark += f" {channel.montage}" if channel.montage else f" {used[place, channel.peak]}"
        entry = vocabulary("modalities")[channel.modality]
        modality = entry.channel_label
        label = f"{name} {modality}{mark}" if name else f"{modality}{mark}"
        fact_id = f"channel.{own_part(channel.id)}"
        views[channel.id] = ChannelView(
            channel=channel,
            index=index,
            fact_id=fact_id,
            measurement_ids=row_ids(fact_id, channel.measurements, day),
            site=site,
            label=label,
            short=_short(channel, site, mark),
            site_name=f"{name}{mark}".strip(),
            family=modality,
        )
    return _distinct(views)


def _distinct(views: dict[str, ChannelView]) -> dict[str, ChannelView]:
    """The same views with numbers behind the short names that would still be alike within a modality."""
    counts = Counter((view.channel.modality, view.short) for view in views.values())
    used: Counter[tuple[str, str]] = Counter()
    named: dict[str, ChannelView] = {}
    for reference, view in views.items():
        name = (view.channel.modality, view.short)
        used[name] += 1
        words = f"{view.short} ({used[name]})" if counts[name] > 1 else view.short
        named[reference] = replace(view, short=words)
    return named


def _short(channel: Channel, site: str, mark: str) -> str:
    """Abbreviated site with side, such as `L TA` or `R median N20`; the modality stands in the table's row group."""
    for name in ("nerves", "muscles", "levels", "electrode_sites"):
        entry = vocabulary(name).get(site)
        if entry is not None:
            words = entry.abbreviation or entry.display.removesuffix(" nerve")
            break
    else:
        words = vocabulary("modalities").label(channel.modality)
    side = f"{vocabulary('sides').label(channel.side)} " if channel.side in ("left", "right") else ""
    return f"{side}{words}{mark}"
