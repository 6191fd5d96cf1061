"""Aggregates over modality and side: baseline, worst, closing, event; no other module counts or concludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from report_gen.facts.builder import FactBuilder, modality_label, number, terms, text
from report_gen.facts.model import Fact, Value
from report_gen.facts.signals.changes import change_phrase, reading_phrase
from report_gen.facts.signals.channels import ChannelCourse
from report_gen.facts.signals.naming import ChannelIndex, ChannelView, Moment
from report_gen.facts.wording import counted, joined
from report_gen.vocab import signal_classes

__all__ = ["derive_summary"]

Courses = Mapping[str, ChannelCourse]


def derive_summary(b: FactBuilder, channels: ChannelIndex, courses: Courses) -> None:
    """Add the summary of each modality and side, and of each modality."""
    groups: dict[tuple[str, str], list[ChannelView]] = {}
    for view in channels.views.values():
        groups.setdefault((view.channel.modality, view.channel.side), []).append(view)
    order = {code: index for index, code in enumerate(record.modality for record in b.case.modalities)}
    for (modality, side), views in sorted(groups.items(), key=lambda item: order.get(item[0][0], len(order))):
        _modality_side(b, channels, courses, (modality, side), views)
    for modality in dict.fromkeys(modality for modality, _ in groups):
        views = [view for (code, _), side_views in groups.items() if code == modality for view in side_views]
        _extreme(b, courses, modality, views)
        _patterns(b, modality, views)


def _modality_side(
    b: FactBuilder, channels: ChannelIndex, courses: Courses, place: tuple[str, str], views: Sequence[ChannelView]
) -> None:
    modality, side = place
    baselines = [_used_baseline(b, channels, view) for view in views]
    worst = [fact for view in views if (fact := courses[view.channel.id].worst) is not None]
    closings = [b.in_group(view.fact_id, "channel.closing")[-1] for view in views]
    changes = {fact.id: b.by_id.get(f"{fact.id}.change") for fact in closings}
    closing_changes = [fact for fact in changes.values() if fact is not None]
    signals = [fact for fact in b.of_kind("event") if fact.status in signal_classes()]
    events = [fact for fact in signals if _touches(b, fact, modality, views, side)]
    b.compute(
        f"summary.{modality}.{side}",
        "summary",
        f"/channels/{views[0].index}",
        [
            modality_label("row", modality),
            _worst_of(courses, views),
            text("closing", _closing_text(views, closings, changes)),
        ],
        formula="all channels of the modality and side; worst is the reading beyond its criterion or farthest from "
        "baseline",
        inputs=[fact.id for fact in (*baselines, *worst, *closings, *closing_changes, *events)],
        group=f"summary.{modality}",
        side=side,
        modality=modality,
        status=_summary_status(events, worst),
    )


def _extreme(b: FactBuilder, courses: Courses, modality: str, views: Sequence[ChannelView]) -> None:
    """Add the reading of the whole modality farthest from baseline, and whether any met the criterion.

    Status `none_met` needs every reading of every channel to be compared and within; a reading that cannot be compared
    makes it `not_comparable`, because an unknown is not a stable response (clinical reference §10 fact 26).
    """
    shown = [view for view in views if courses[view.channel.id].worst is not None]
    if not shown:
        return
    farthest = max(shown, key=lambda view: courses[view.channel.id].severity)
    worst = courses[farthest.channel.id].worst
    statuses = [status for view in views for status in courses[view.channel.id].statuses]
    beyond = [view for view in views if "beyond_criterion" in courses[view.channel.id].statuses]
    none_met = all(status == "within_criterion" for status in statuses)
    b.compute(
        f"modality.{modality}.extreme",
        "modality.extreme",
        b.by_id[f"modality.{modality}"].pointer,
        [
            text("change", reading_phrase(worst)) if worst is not None else None,
            text("channel", farthest.label),
            number("channels", len(shown), str(len(shown))),
            number("beyond", len(beyond), str(len(beyond))),
        ],
        formula="all readings of all channels of the modality; the worst of them",
        inputs=[fact.id for view in shown if (fact := courses[view.channel.id].worst) is not None],
        group=f"modality.{modality}",
        modality=modality,
        side=farthest.channel.side,
        site=farthest.site,
        status="met" if beyond else ("none_met" if none_met else "not_comparable"),
    )


def _patterns(b: FactBuilder, modality: str, views: Sequence[ChannelView]) -> None:
    """Add the patterns named by any reading of the modality, baselines and events included."""
    patterns: dict[str, list[str]] = {}
    for view in views:
        for fact in (*b.in_group(view.fact_id), *b.referring_to(view.fact_id)):
            if fact.value("pattern") and fact.author == "record":
                patterns.setdefault(fact.code("pattern"), []).append(fact.id)
    if patterns:
        b.compute(
            f"modality.{modality}.patterns",
            "modality.patterns",
            b.by_id[f"modality.{modality}"].pointer,
            [terms("patterns", "emg_patterns", [*patterns]), number("channels", len(views), str(len(views)))],
            formula="patterns named by the readings of all channels of the modality",
            inputs=[fact_id for ids in patterns.values() for fact_id in ids],
            group=f"modality.{modality}",
            modality=modality,
        )


def _touches(b: FactBuilder, event: Fact, modality: str, views: Sequence[ChannelView], side: str) -> bool:
    """Whether an event concerns a modality and side: by its channels; without any, unless its side excludes it."""
    channels = {view.fact_id for view in views}
    if event.inputs:
        return bool(channels & set(event.inputs))
    sided = ("left", "right", "midline")
    return event.modality == modality and not (event.side in sided and side in sided and event.side != side)


def _used_baseline(b: FactBuilder, channels: ChannelIndex, view: ChannelView) -> Fact:
    criterion = channels.criterion_for(view.channel.modality)
    reference = view.reference(criterion.baseline_kind if criterion else "post_position", Moment(None))
    if reference is None:  # a reset may be the only baseline there is
        reference = next(iter(view.baselines()), None)
    return b.by_id[view.measurement_ids[reference[0]] if reference else f"{view.fact_id}.baseline"]


def _worst_of(courses: Courses, views: Sequence[ChannelView]) -> Value | None:
    """The worst reading by the name of its response, with the reading's fact behind it; None where none is ranked."""
    ranked = [view for view in views if courses[view.channel.id].worst is not None]
    if not ranked:
        return None
    view = max(ranked, key=lambda view: courses[view.channel.id].severity)
    worst = courses[view.channel.id].worst
    return None if worst is None else Value("worst", view.short, code=worst.id)


def _closing_text(views: Sequence[ChannelView], closings: Sequence[Fact], changes: Mapping[str, Fact | None]) -> str:
    """Closing state of a modality and side; every channel is counted or named exactly once."""
    if len(closings) == 1:
        phrase = change_phrase(changes[closings[0].id])
        base = closings[0].text("text")
        return f"{base} ({phrase})" if phrase else base
    patterns = [fact.text("pattern") for fact in closings]
    if all(patterns):
        return counted([view.short for view in views], patterns)
    total = len(closings)
    within, uncompared = 0, 0
    beyond: list[str] = []
    named: dict[str, list[str]] = {}
    for view, fact in zip(views, closings, strict=True):
        change = changes[fact.id]
        if fact.status == "absent":
            named.setdefault("absent", []).append(view.short)
        elif fact.status not in ("measured", "present"):
            words = "no closing reading" if fact.status == "not_recorded" else fact.text("text")
            named.setdefault(words, []).append(view.short)
        elif change is not None and change.status == "beyond_criterion":
            phrase = change_phrase(change) or fact.text("text")
            beyond.append(f"{view.short} ({phrase})")
        elif change is not None and change.status == "within_criterion":
            within += 1
        else:
            uncompared += 1
    parts = [f"within criterion in {within} of {total}"] if within else []
    if uncompared:
        parts.append(f"present in {uncompared} of {total}" + (", not compared" if within or beyond else ""))
    if beyond:
        parts.append(f"beyond criterion: {joined(beyond)}")
    parts.extend(f"{words}: {joined(names)}" for words, names in named.items())
    return "; ".join(parts)


def _summary_status(events: Sequence[Fact], worst: Sequence[Fact]) -> str:
    for status in signal_classes():
        if any(fact.status == status for fact in events):
            return status
    return "beyond_criterion" if any(fact.status == "beyond_criterion" for fact in worst) else "none"
