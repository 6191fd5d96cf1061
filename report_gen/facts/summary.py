"""Aggregates over modality and side, and over the whole case; nobody else counts or concludes."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.facts.builder import FactBuilder, number, text
from report_gen.facts.channels import ChannelIndex, ChannelView
from report_gen.facts.model import Fact, Value
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["derive_summary"]


def derive_summary(b: FactBuilder, channels: ChannelIndex) -> None:
    """Add the summary of each modality and side, and the aggregates of the case."""
    groups: dict[tuple[str, str], list[ChannelView]] = {}
    for view in channels.views.values():
        groups.setdefault((view.channel.modality, view.channel.side), []).append(view)
    order = {code: index for index, code in enumerate(row.modality for row in b.case.modalities)}
    for (modality, side), views in sorted(groups.items(), key=lambda item: order.get(item[0][0], len(order))):
        _row(b, modality, side, views)
    for modality in dict.fromkeys(modality for modality, _ in groups):
        _modality(b, modality, [view for (code, _), views in groups.items() if code == modality for view in views])
    _aggregates(b)


def _facts_of(b: FactBuilder, views: Sequence[ChannelView], kind: str) -> list[Fact]:
    wanted = {view.fact_id for view in views}
    return [fact for fact in b.facts if fact.kind == kind and fact.group in wanted]


def _row(b: FactBuilder, modality: str, side: str, views: Sequence[ChannelView]) -> None:
    baselines = _used_baselines(b, views)
    worst = _facts_of(b, views, "channel.worst")
    closings = [_last(b, view, "channel.closing") for view in views]
    closing_changes = _facts_of(b, views, "channel.closing.change")
    events = [
        fact
        for fact in b.facts
        if fact.kind == "event"
        and fact.modality == modality
        and fact.status in ("alert", "change", "improvement")
        and _touches(b, fact, views, side)
    ]
    labels = vocabulary("modalities")[modality].extra
    b.compute(
        f"summary.{modality}.{side}",
        "summary",
        f"/channels/{views[0].index}",
        [
            text("row", str(labels["table_row"])),
            text("baseline", _states(views, baselines)),
            text("worst", _worst_text(b, views, worst)),
            text("closing", _closing_text(views, closings, closing_changes)),
            text("alert", _alert_text(events)),
        ],
        formula="all channels of the modality and side; worst is the reading farthest from baseline",
        inputs=[fact.id for fact in (*baselines, *worst, *closings, *closing_changes, *events)],
        group=f"summary.{modality}",
        side=side,
        modality=modality,
        status=_summary_status(events, worst),
    )


def _modality(b: FactBuilder, modality: str, views: Sequence[ChannelView]) -> None:
    """The reading of the whole modality farthest from baseline, and whether any met the criterion."""
    worst = _facts_of(b, views, "channel.worst")
    by_group = {view.fact_id: view for view in views}
    compared = [fact for fact in worst if fact.status in ("within_criterion", "beyond_criterion")]
    beyond = [fact for fact in compared if fact.status == "beyond_criterion"]
    group, place = f"modality.{modality}", b.by_id[f"modality.{modality}"].pointer
    if worst:
        farthest = max(worst, key=_distance)
        view = by_group[farthest.group]
        b.compute(
            f"modality.{modality}.extreme",
            "modality.extreme",
            place,
            [
                text("change", _reading_phrase(farthest)),
                text("channel", view.label),
                number("channels", len(worst), str(len(worst))),
                number("beyond", len(beyond), str(len(beyond))),
            ],
            formula="worst readings of all channels of the modality; the farthest from baseline among them",
            inputs=[fact.id for fact in worst],
            group=group,
            modality=modality,
            side=view.channel.side,
            site=view.site,
            status="met" if beyond else ("none_met" if len(compared) == len(worst) else "not_comparable"),
        )
    patterns: dict[str, list[str]] = {}
    wanted = set(by_group)
    for fact in b.facts:
        if fact.group in wanted and fact.value("pattern") and fact.kind != "channel.worst":
            patterns.setdefault(fact.text("pattern"), []).append(fact.id)
    if patterns:
        b.compute(
            f"modality.{modality}.patterns",
            "modality.patterns",
            place,
            [text("patterns", joined(patterns)), number("channels", len(views), str(len(views)))],
            formula="patterns named by the readings of all channels of the modality",
            inputs=[fact_id for ids in patterns.values() for fact_id in ids],
            group=group,
            modality=modality,
        )


def _touches(b: FactBuilder, event: Fact, views: Sequence[ChannelView], side: str) -> bool:
    index = int(event.pointer.rsplit("/", 1)[1])
    row = b.case.events[index]
    mine = {view.channel.id for view in views}
    return bool(mine & set(row.channels)) if row.channels else event.side in (side, "bilateral")


def _used_baselines(b: FactBuilder, views: Sequence[ChannelView]) -> list[Fact]:
    used: list[Fact] = []
    for view in views:
        reference = view.reference("post_position", None)
        fact_id = f"{view.fact_id}.m{reference[0] + 1}" if reference else f"{view.fact_id}.baseline"
        used.append(b.by_id[fact_id])
    return used


def _last(b: FactBuilder, view: ChannelView, kind: str) -> Fact:
    return [fact for fact in b.facts if fact.group == view.fact_id and fact.kind == kind][-1]


def _states(views: Sequence[ChannelView], facts: Sequence[Fact]) -> str:
    """One channel shows its reading; several show how many gave a response, and name those that did not."""
    if len(facts) == 1:
        return facts[0].text("text")
    good = [fact for fact in facts if fact.status in ("measured", "present")]
    if len(good) == len(facts):
        return f"present in {len(facts)} of {len(facts)}"
    missing = [
        f"{view.short}: {fact.text('text')}" for view, fact in zip(views, facts, strict=True) if fact not in good
    ]
    return f"present in {len(good)} of {len(facts)}; {'; '.join(missing)}"


def _change_phrase(fact: Fact) -> str:
    """Shortest change that carries its sign, such as `amplitude \u221262%, latency +1.3 ms`."""
    parts: list[str] = []
    if fact.value("amplitude_change_pct"):
        parts.append(f"amplitude {fact.text('amplitude_change_pct')}")
    if fact.value("latency_change_ms"):
        parts.append(f"latency {fact.text('latency_change_ms')}")
    for name, label in (
        ("velocity_cm_change_pct", "velocity"),
        ("saturation_change_pct", "saturation"),
        ("threshold_change_ma", "threshold"),
        ("threshold_change_v", "threshold"),
        ("spectral_edge_change_pct", "spectral edge"),
        ("pressure_change_pct", "pressure"),
    ):
        if fact.value(name):
            parts.append(f"{label} {fact.text(name)}")
    return ", ".join(parts)


def _reading_phrase(fact: Fact) -> str:
    if fact.text("text") == "absent":
        return "absent"
    return _change_phrase(fact) or fact.text("text")


def _worst_text(b: FactBuilder, views: Sequence[ChannelView], worst: Sequence[Fact]) -> str:
    if not worst:
        return "no reading to compare"
    by_group = {view.fact_id: view for view in views}
    beyond = [fact for fact in worst if fact.status == "beyond_criterion"]
    shown = beyond or [max(worst, key=_distance)]
    words = "; ".join(
        (f"{by_group[fact.group].short}: " if len(views) > 1 else "") + _reading_phrase(fact) for fact in shown[:4]
    )
    more = f"; and {len(shown) - 4} more" if len(shown) > 4 else ""
    return words + more


def _distance(fact: Fact) -> float:
    if fact.text("text") == "absent":
        return float("inf")
    percent = fact.number("amplitude_change_pct")
    return -percent if percent is not None else float("-inf")


def _closing_text(views: Sequence[ChannelView], closings: Sequence[Fact], changes: Sequence[Fact]) -> str:
    if len(closings) == 1:
        phrase = _change_phrase(changes[-1]) if changes else ""
        base = closings[0].text("text")
        return f"{base} ({phrase})" if phrase else base
    by_group = {fact.group: fact for fact in changes}
    absent = [v.short for v, fact in zip(views, closings, strict=True) if fact.status == "absent"]
    missing = [
        v.short
        for v, fact in zip(views, closings, strict=True)
        if fact.status in ("not_recorded", "not_monitored", "not_obtained")
    ]
    beyond = [
        f"{v.short} ({_change_phrase(by_group[v.fact_id])})"
        for v, fact in zip(views, closings, strict=True)
        if fact.status not in ("absent",) and v.fact_id in by_group and by_group[v.fact_id].status == "beyond_criterion"
    ]
    within = sum(
        1
        for v, fact in zip(views, closings, strict=True)
        if fact.status in ("measured", "present")
        and v.fact_id in by_group
        and by_group[v.fact_id].status == "within_criterion"
    )
    present = sum(fact.status in ("measured", "present") for fact in closings)
    parts: list[str] = []
    if within:
        parts.append(f"within criterion in {within} of {len(closings)}")
    elif present and not beyond:
        parts.append(f"present in {present} of {len(closings)}")
    if beyond:
        parts.append(f"beyond criterion: {joined(beyond)}")
    if absent:
        parts.append(f"absent: {joined(absent)}")
    if missing:
        parts.append(f"no closing reading: {joined(missing)}")
    return "; ".join(parts)


def _alert_text(events: Sequence[Fact]) -> str:
    if not events:
        return "none recorded"
    return ", ".join(f"{fact.text('id')} {fact.status}" for fact in events)


def _summary_status(events: Sequence[Fact], worst: Sequence[Fact]) -> str:
    for status in ("alert", "change", "improvement"):
        if any(fact.status == status for fact in events):
            return status
    return "beyond_criterion" if any(fact.status == "beyond_criterion" for fact in worst) else "none"


def _aggregates(b: FactBuilder) -> None:
    events = [fact for fact in b.facts if fact.kind == "event"]
    for status in ("alert", "change", "improvement"):
        mine = [fact for fact in events if fact.status == status]
        b.compute(
            f"aggregate.{status}s",
            "aggregate.events",
            "/events",
            [number("count", len(mine), str(len(mine))), text("ids", joined(fact.text("id") for fact in mine))],
            formula=f"events of class {status}",
            inputs=[fact.id for fact in mine],
            group="aggregate",
            status=status,
            must_state=False,
        )
    worst = [fact for fact in b.facts if fact.kind == "channel.worst"]
    compared = [fact for fact in worst if fact.status in ("within_criterion", "beyond_criterion")]
    beyond = [fact for fact in compared if fact.status == "beyond_criterion"]
    b.compute(
        "aggregate.criteria",
        "aggregate.criteria",
        "/channels",
        [
            number("compared", len(compared), str(len(compared))),
            number("beyond", len(beyond), str(len(beyond))),
            number("channels", len(worst), str(len(worst))),
        ],
        formula="channels whose worst reading was compared with a criterion, and those that met it",
        inputs=[fact.id for fact in worst],
        group="aggregate",
        status="none_met" if compared and not beyond else ("met" if beyond else "not_comparable"),
        must_state=False,
    )
    _resolution_aggregate(b, events)
    _closing_aggregate(b)


def _resolution_aggregate(b: FactBuilder, events: Sequence[Fact]) -> None:
    relevant = [fact for fact in events if fact.status in ("alert", "change")]
    if not relevant:
        return
    resolutions = [b.by_id[f"{fact.group}.resolution"] for fact in relevant]
    classes = vocabulary("resolution_classes")
    open_ids = [
        fact.text("id")
        for fact, end in zip(relevant, resolutions, strict=True)
        if end.status == "not_recorded" or not classes[end.status].extra["recovered"]
    ]
    b.compute(
        "aggregate.resolution",
        "aggregate.resolution",
        "/events",
        [number("count", len(relevant), str(len(relevant))), text("open", joined(open_ids))],
        formula="events whose recorded resolution class is a return to baseline or to within criterion",
        inputs=[fact.id for fact in resolutions],
        group="aggregate",
        status="some_open" if open_ids else "all_recovered",
        must_state=False,
    )


def _closing_aggregate(b: FactBuilder) -> None:
    changes = [fact for fact in b.facts if fact.kind == "channel.closing.change"]
    counts: dict[str, int] = {}
    for fact in changes:
        counts[fact.status] = counts.get(fact.status, 0) + 1
    values: list[Value] = [number(status, count, str(count)) for status, count in counts.items()]
    b.compute(
        "aggregate.closing",
        "aggregate.closing",
        "/channels",
        [number("channels", len(changes), str(len(changes))), *values],
        formula="closing readings by their comparison with the criterion",
        inputs=[fact.id for fact in changes],
        group="aggregate",
        must_state=False,
        status="all_within" if changes and counts.get("within_criterion", 0) == len(changes) else "mixed",
    )
