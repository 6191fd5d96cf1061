"""Counts over the whole case: events, criteria met, how events ended, how channels closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from report_gen.facts.builder import FactBuilder, number, text
from report_gen.facts.model import Fact, Value
from report_gen.facts.signals.channels import ChannelCourse
from report_gen.facts.wording import joined
from report_gen.vocab import signal_classes, vocabulary

__all__ = ["derive_aggregates"]

_VALUES_SEEN = ("measured", "present", "absent")


def derive_aggregates(b: FactBuilder, courses: Mapping[str, ChannelCourse]) -> None:
    """Add the aggregates of the case."""
    events = b.of_kind("event")
    for status in signal_classes():
        of_class = [fact for fact in events if fact.status == status]
        b.compute(
            f"aggregate.{status}s",
            "aggregate.events",
            "/events",
            [number("count", len(of_class), str(len(of_class))), _event_ids(of_class)],
            formula=f"events of class {status}",
            inputs=[fact.id for fact in of_class],
            group="aggregate",
            status=status,
            must_state=False,
        )
    _criteria(b, courses)
    _resolution(b, events)
    _closing(b)


def _event_ids(events: Sequence[Fact]) -> Value:
    ids = tuple(fact.code("id") for fact in events)
    return Value("ids", joined(ids), codes=ids)


def _criteria(b: FactBuilder, courses: Mapping[str, ChannelCourse]) -> None:
    read = [course for course in courses.values() if course.statuses]
    beyond = [course for course in read if "beyond_criterion" in course.statuses]
    within = [course for course in read if set(course.statuses) == {"within_criterion"}]
    none_met = bool(read) and len(within) == len(read)
    status = "met" if beyond else ("none_met" if none_met else "not_comparable")
    b.compute(
        "aggregate.criteria",
        "aggregate.criteria",
        "/channels",
        [
            number("compared", len(beyond) + len(within), str(len(beyond) + len(within))),
            number("beyond", len(beyond), str(len(beyond))),
            number("channels", len(read), str(len(read))),
        ],
        formula="channels with readings; those of which a reading met its criterion, and those of which every reading "
        "was within it",
        inputs=[course.worst.id for course in read if course.worst is not None],
        group="aggregate",
        status=status,
        must_state=False,
    )


def _resolution(b: FactBuilder, events: Sequence[Fact]) -> None:
    classes = vocabulary("event_classes")
    relevant = [fact for fact in events if classes[fact.status].deteriorates]
    if not relevant:
        return
    resolutions = [b.by_id[f"{fact.group}.resolution"] for fact in relevant]
    endings = vocabulary("resolution_classes")
    open_ids = [
        f"{fact.text('id')} ({end.text('text') if end.status != 'not_recorded' else 'resolution not recorded'})"
        for fact, end in zip(relevant, resolutions, strict=True)
        if end.status == "not_recorded" or not endings[end.status].recovered
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


def _closing(b: FactBuilder) -> None:
    """The last closing reading of each channel that has one; a channel counts once."""
    last = {fact.group: fact for fact in b.of_kind("channel.closing")}
    seen = [fact for fact in last.values() if fact.status in _VALUES_SEEN]
    changes = [change for fact in seen if (change := b.by_id.get(f"{fact.id}.change")) is not None]
    counts = Counter(fact.status for fact in changes)
    values: list[Value] = [number(status, count, str(count)) for status, count in counts.items()]
    if compared := counts["within_criterion"] + counts["beyond_criterion"]:
        values.append(number("compared", compared, str(compared)))
        values.append(number("further", len(seen) - compared, str(len(seen) - compared)))
    b.compute(
        "aggregate.closing",
        "aggregate.closing",
        "/channels",
        [number("channels", len(seen), str(len(seen))), *values],
        formula="last closing reading of each channel by its comparison with the criterion",
        inputs=[fact.id for fact in (*seen, *changes)],
        group="aggregate",
        must_state=False,
        status="all_within" if seen and counts["within_criterion"] == len(seen) else "mixed",
    )
