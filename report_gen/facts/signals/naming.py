"""Channels by name: ids, label and shortest unambiguous name; their baselines; the criterion that applies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from report_gen.case.contract.model import Case
from report_gen.case.contract.signals import AlertCriterion, Channel, Measurement
from report_gen.facts.clock import Clock
from report_gen.facts.row_ids import own_part, row_ids
from report_gen.facts.signals.criteria import for_improvement
from report_gen.facts.wording import joined, utc
from report_gen.vocab import Entry, Muscle, vocabulary

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
    """The modality as it follows a site, such as `TcMEP`, `free-run EMG` or `MEP, muscle not stated`."""
    _baselines: tuple[tuple[int, Measurement], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find the baselines once; every reading is compared with one."""
        measurements = enumerate(self.channel.measurements)
        object.__setattr__(self, "_baselines", tuple(pair for pair in measurements if pair[1].phase == "baseline"))

    def baselines(self) -> tuple[tuple[int, Measurement], ...]:
        """Baseline measurements with their index."""
        return self._baselines

    def reference(self, kind: str, moment: Moment) -> tuple[int, Measurement] | None:
        """The baseline that a reading is compared with.

        A reset that is known to be earlier than the reading, else the latest earlier baseline of the kind that the
        criterion names, else the latest earlier one of another kind. A reading is never compared with a later
        baseline: during positioning only the pre-position baseline counts (clinical reference §10 fact 8).
        """
        if len(self._baselines) == 1 and self._baselines[0][1].baseline_kind != "reset":
            # Most responses have one.
            return self._baselines[0] if _earlier(self._baselines[0], moment) is not False else None
        baselines = [pair for pair in self._baselines if _earlier(pair, moment) is not False]
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
    """Affected responses, each with its own side: `left median nerve SSEP`.

    Responses of one modality and side are named together. `On both sides` is said where the same responses of both
    sides are affected, and of nothing else: `tibialis anterior and abductor hallucis TcMEP on both sides`, but `left
    tibialis anterior TcMEP and right gastrocnemius TcMEP`.

    Args:
        views: The responses.
        side: Side of the event; it is said only where no response has a side of its own.
    """
    if all(view.channel.side == "not_recorded" for view in views):
        return joined(sided(words, side) for words in _by_family(views))
    if side == "not_applicable" and all(view.channel.side == "midline" for view in views):
        return joined(_by_family(views))
    parts: list[str] = []
    for family in dict.fromkeys(view.family for view in views):
        own = [view for view in views if view.family == family]
        of = {side: [view for view in own if view.channel.side == side] for side in _SIDES}
        names = {side: set(_site_names(of[side])) for side in _SIDES}
        if of["left"] and of["right"] and names["left"] == names["right"]:
            parts.extend(sided(words, "bilateral") for words in _by_family(of["left"]))
            of["left"] = of["right"] = []
        parts.extend(sided(words, side) for side in _SIDES for words in _by_family(of[side]))
    return joined(parts)


_SIDES = ("left", "right", "midline", "not_recorded")


def _site_names(views: Sequence[ChannelView]) -> list[str]:
    return list(dict.fromkeys(view.site_name for view in views if view.site_name))


def _by_family(views: Sequence[ChannelView]) -> list[str]:
    """Sites and modality of responses, one text for each modality: `median and ulnar nerve SSEP`."""
    families = dict.fromkeys(view.family for view in views)
    sites = {family: _site_names([view for view in views if view.family == family]) for family in families}
    return [" ".join(part for part in (joined(names), family) if part) for family, names in sites.items()]


def sided(words: str, side: str) -> str:
    """Words with their side; an unknown side says so."""
    if side in ("left", "right", "midline"):
        return f"{side} {words}"
    return {"bilateral": f"{words} on both sides", "not_recorded": f"{words} (side not recorded)"}.get(side, words)


def index_channels(case: Case, clock: Clock) -> ChannelIndex:
    """Names for every channel, and the criteria by modality."""
    alerts: dict[str, AlertCriterion] = {}
    improvements: dict[str, AlertCriterion] = {}
    for criterion in case.criteria:
        by_modality = improvements if for_improvement(criterion) else alerts
        for modality in criterion.modalities:
            by_modality.setdefault(modality, criterion)
    views = _views(case.channels, clock)
    return ChannelIndex(views, {criterion.id: criterion for criterion in case.criteria}, alerts, improvements)


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a response is recorded, as far as the record says it."""

    code: str
    """Code of nerve, muscle, level, electrode or region. Empty: the modality names none."""
    name: str
    """In words, such as `cortical median nerve` or `leg`. Empty: none, or not stated."""
    missing: str
    """What the record does not name, such as `muscle`, where it says that it names nothing. Empty: it names it."""


def _site(channel: Channel) -> _Site:
    """The site that names a channel: that of its modality, else any other, else the region."""
    kind = vocabulary("modalities")[channel.modality].site_kind
    codes = {
        "nerve": channel.nerve,
        "muscle": channel.muscle,
        "level": channel.level,
        "electrode_site": channel.electrode,
        "region": channel.region,
    }
    words = {"nerve": channel.nerve_other, "muscle": channel.muscle_other, "region": channel.region_other}
    level = vocabulary("recording_levels").display(channel.recording_level) if channel.recording_level else ""
    missing = kind if kind in ("nerve", "muscle") else "site"
    for place in (kind, *_SITE_VOCABULARIES):
        code = codes.get(place)
        if not code:
            continue
        if code == "not_stated":
            return _Site(code, level, missing)
        name = (words.get(place) if code == "other" else None) or _name(vocabulary(_SITE_VOCABULARIES[place])[code])
        return _Site(code, " ".join(part for part in (level, name) if part), "")
    return _Site("", level, "")


def _name(entry: Entry) -> str:
    """A site in words; several muscles recorded as one response by their abbreviation, so that nobody counts two."""
    several = isinstance(entry, Muscle) and entry.several
    return entry.abbreviation if several and entry.abbreviation else entry.display


_SITE_VOCABULARIES = {
    "nerve": "nerves",
    "muscle": "muscles",
    "level": "levels",
    "electrode_site": "electrode_sites",
    "region": "body_regions",
}


def _views(channels: Sequence[Channel], clock: Clock) -> dict[str, ChannelView]:
    sites = [_site(channel) for channel in channels]
    placements = [
        (channel, site, (channel.modality, site.code, site.name, channel.side))
        for channel, site in zip(channels, sites, strict=True)
    ]
    places = Counter(place for *_, place in placements)
    peaks = Counter((place, channel.peak) for channel, *_, place in placements)
    used: Counter[tuple[tuple[str, str, str, str], str | None]] = Counter()
    views: dict[str, ChannelView] = {}
    for index, (channel, site, place) in enumerate(placements):
        several = places[place] > 1
        used[place, channel.peak] += 1
        mark = f" {channel.peak}" if channel.peak and several else ""
        if peaks[(place, channel.peak)] > 1:
            # Same place and same peak: the montage tells them apart, or else their order in the record.
            mark += f" {channel.montage}" if channel.montage else f" {used[place, channel.peak]}"
        modality = vocabulary("modalities")[channel.modality].channel_label
        family = f"{modality}, {site.missing} not stated" if site.missing else modality
        label = f"{site.name} {family}{mark}" if site.name else f"{family}{mark}"
        fact_id = f"channel.{own_part(channel.id)}"
        views[channel.id] = ChannelView(
            channel=channel,
            index=index,
            fact_id=fact_id,
            measurement_ids=row_ids(fact_id, channel.measurements, clock),
            site=site.code,
            label=label,
            short=_short(channel, site, mark),
            site_name=f"{site.name}{mark}".strip(),
            family=family,
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


def _short(channel: Channel, site: _Site, mark: str) -> str:
    """Abbreviated site with side, such as `L TA` or `R median N20`; the modality stands in the table's row group."""
    words = site.name or vocabulary("modalities").label(channel.modality)
    if site.code not in ("", "other", "not_stated"):
        for name in _SITE_VOCABULARIES.values():
            entry = vocabulary(name).get(site.code)
            if entry is not None:
                own = entry.abbreviation or entry.display.removesuffix(" nerve")
                words = site.name.replace(entry.display, own)
                break
    side = f"{vocabulary('sides').label(channel.side)} " if channel.side in ("left", "right") else ""
    return f"{side}{words}{mark}"
