"""Aggregates over modality and side: baseline, worst, closing, event; nobody else counts or concludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from report_gen.facts.builder import FactBuilder, modality_label, number, text
from report_gen.facts.channels import ChannelCourse
from report_gen.facts.model import Fact
from report_gen.facts.naming import ChannelIndex, ChannelView, Moment
from report_gen.facts.wording import joined

__all__ = ["derive_summary"]

_SIGNAL = ("alert", "change", "improvement")
_MOST_SHOWN = 4
"""Channels listed by name in one table cell."""
_CHANGES = (
    ("amplitude_change_pct", "amplitude"),
    ("latency_change_ms", "latency"),
    ("interpeak_i_v_change_ms", "I\u2013V"),
    ("interpeak_i_iii_change_ms", "I\u2013III"),
    ("velocity_cm_change_pct", "velocity"),
    ("saturation_change_pct", "saturation"),
    ("threshold_change_ma", "threshold"),
    ("threshold_change_v", "threshold"),
    ("spectral_edge_change_pct", "spectral edge"),
    ("pressure_change_pct", "pressure"),
    ("firing_rate_change_hz", "firing rate"),
)

Courses = Mapping[str, ChannelCourse]


def derive_summary(b: FactBuilder, channels: ChannelIndex, courses: Courses) -> None:
    """Add the summary of each modality and side, and of each modality."""
    groups: dict[tuple[str, str], list[ChannelView]] = {}
    for view in channels.views.values():
        groups.setdefault((view.channel.modality, view.channel.side), []).append(view)
    order = {code: index for index, code in enumerate(row.modality for row in b.case.modalities)}
    for (modality, side), views in sorted(groups.items(), key=lambda item: order.get(item[0][0], len(order))):
        _row(b, channels, courses, (modality, side), views)
    for modality in dict.fromkeys(modality for modality, _ in groups):
        views = [view for (code, _), rows in groups.items() if code == modality for view in rows]
        _extreme(b, courses, modality, views)
        _patterns(b, modality, views)


def _row(
    b: FactBuilder, channels: ChannelIndex, courses: Courses, place: tuple[str, str], views: Sequence[ChannelView]
) -> None:
    modality, side = place
    baselines = [_used_baseline(b, channels, view) for view in views]
    worst = [fact for view in views if (fact := courses[view.channel.id].worst) is not None]
    closings = [b.in_group(view.fact_id, "channel.closing")[-1] for view in views]
    changes = {fact.id: b.by_id.get(f"{fact.id}.change") for fact in closings}
    closing_changes = [fact for fact in changes.values() if fact is not None]
    events = [
        fact for fact in b.of_kind("event") if fact.status in _SIGNAL and _touches(b, fact, modality, views, side)
    ]
    b.compute(
        f"summary.{modality}.{side}",
        "summary",
        f"/channels/{views[0].index}",
        [
            modality_label("row", modality),
            text("baseline", _states(views, baselines)),
            text("worst", _worst_text(courses, views) or _patterns_text(b, views) or "not ranked"),
            text("closing", _closing_text(views, closings, changes)),
            text("alert", _event_text(events)),
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
    """The reading of the whole modality farthest from baseline, and whether any met the criterion.

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
            text("change", _reading_phrase(worst)) if worst is not None else None,
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
    """The patterns named by any reading of the modality, baselines and events included."""
    found: dict[str, list[str]] = {}
    for view in views:
        for fact in (*b.in_group(view.fact_id), *b.referring_to(view.fact_id)):
            if fact.value("pattern") and fact.author == "record":
                found.setdefault(fact.text("pattern"), []).append(fact.id)
    if found:
        b.compute(
            f"modality.{modality}.patterns",
            "modality.patterns",
            b.by_id[f"modality.{modality}"].pointer,
            [text("patterns", joined(found)), number("channels", len(views), str(len(views)))],
            formula="patterns named by the readings of all channels of the modality",
            inputs=[fact_id for ids in found.values() for fact_id in ids],
            group=f"modality.{modality}",
            modality=modality,
        )


def _touches(b: FactBuilder, event: Fact, modality: str, views: Sequence[ChannelView], side: str) -> bool:
    """Whether an event concerns a modality and side: by its channels, else unless its side rules the row out."""
    mine = {view.fact_id for view in views}
    named = [fact_id for fact_id in event.inputs if fact_id.startswith("channel.")]
    if named:
        return bool(mine & set(named))
    sided = ("left", "right", "midline")
    return event.modality == modality and not (event.side in sided and side in sided and event.side != side)


def _used_baseline(b: FactBuilder, channels: ChannelIndex, view: ChannelView) -> Fact:
    criterion = channels.criterion_for(view.channel.modality)
    reference = view.reference(criterion.baseline_kind if criterion else "post_position", Moment(None))
    if reference is None:  # a reset may be the only baseline there is
        reference = next(iter(view.baselines()), None)
    return b.by_id[view.measurement_ids[reference[0]] if reference else f"{view.fact_id}.baseline"]


def _states(views: Sequence[ChannelView], facts: Sequence[Fact]) -> str:
    """One channel shows its reading; several show how many gave a response, and name those that did not."""
    if len(facts) == 1:
        return facts[0].text("text")
    patterns = [fact.text("pattern") for fact in facts]
    if all(patterns):
        return _counted(views, patterns)
    good = [fact for fact in facts if fact.status in ("measured", "present")]
    if len(good) == len(facts):
        return f"present in {len(facts)} of {len(facts)}"
    missing: dict[str, list[str]] = {}
    for view, fact in zip(views, facts, strict=True):
        if fact not in good:
            missing.setdefault(fact.text("text"), []).append(view.short)
    named = "; ".join(f"{joined(names)}: {words}" for words, names in missing.items())
    return f"present in {len(good)} of {len(facts)}; {named}"


def _counted(views: Sequence[ChannelView], patterns: Sequence[str]) -> str:
    """Patterns with the number of channels that show them; those of fewer channels than the first are named."""
    by_pattern: dict[str, list[str]] = {}
    for view, pattern in zip(views, patterns, strict=True):
        by_pattern.setdefault(pattern, []).append(view.short)
    common = max(by_pattern, key=lambda pattern: len(by_pattern[pattern]))
    parts = [f"{common} in {len(by_pattern[common])} of {len(views)}"]
    parts.extend(f"{joined(names)}: {pattern}" for pattern, names in by_pattern.items() if pattern != common)
    return "; ".join(parts)


def _patterns_text(b: FactBuilder, views: Sequence[ChannelView]) -> str:
    """Patterns after baseline, those of events included; empty where no reading names one."""
    found = [
        fact.text("pattern")
        for view in views
        for fact in (*b.in_group(view.fact_id), *b.referring_to(view.fact_id))
        if fact.value("pattern") and fact.author == "record" and fact.kind != "channel.baseline"
    ]
    return joined(dict.fromkeys(found))


def _change_phrase(fact: Fact | None) -> str:
    """Shortest change that carries its sign, such as `amplitude \u221262%, latency +1.3 ms`."""
    if fact is None:
        return ""
    return ", ".join(f"{label} {fact.text(name)}" for name, label in _CHANGES if fact.value(name))


def _reading_phrase(fact: Fact) -> str:
    if fact.code("text") == "absent":
        return "absent"
    return _change_phrase(fact) or fact.text("text")


def _worst_text(courses: Courses, views: Sequence[ChannelView]) -> str:
    courses_of = [(view, courses[view.channel.id]) for view in views]
    placed = [(view, course.severity, course.worst) for view, course in courses_of if course.worst is not None]
    if not placed:
        return ""
    beyond = [row for row in placed if row[1][0]]
    shown = beyond or [max(placed, key=lambda row: row[1])]
    words = [
        (f"{view.short}: " if len(views) > 1 else "") + _reading_phrase(worst) for view, _, worst in shown[:_MOST_SHOWN]
    ]
    more = f"; and {len(shown) - _MOST_SHOWN} more" if len(shown) > _MOST_SHOWN else ""
    return "; ".join(words) + more


def _closing_text(views: Sequence[ChannelView], closings: Sequence[Fact], changes: Mapping[str, Fact | None]) -> str:
    """Closing state of a row; every channel is counted or named exactly once."""
    if len(closings) == 1:
        phrase = _change_phrase(changes[closings[0].id])
        base = closings[0].text("text")
        return f"{base} ({phrase})" if phrase else base
    patterns = [fact.text("pattern") for fact in closings]
    if all(patterns):
        return _counted(views, patterns)
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
            phrase = _change_phrase(change) or fact.text("text")
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


def _event_text(events: Sequence[Fact]) -> str:
    by_class: dict[str, list[str]] = {}
    for fact in events:
        by_class.setdefault(fact.text("event_class"), []).append(fact.text("id"))
    return "; ".join(f"{joined(ids)} {name}{'s' if len(ids) > 1 else ''}" for name, ids in by_class.items()) or (
        "none recorded"
    )


def _summary_status(events: Sequence[Fact], worst: Sequence[Fact]) -> str:
    for status in _SIGNAL:
        if any(fact.status == status for fact in events):
            return status
    return "beyond_criterion" if any(fact.status == "beyond_criterion" for fact in worst) else "none"
