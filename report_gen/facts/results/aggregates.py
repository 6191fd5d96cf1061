"""Counts over the whole case: events, how they ended, how responses closed, what stands outside of any event.

Every response is in exactly one of the groups that are counted at closing, and a group that is not good news is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from report_gen.facts.builder import FactBuilder, number, text
from report_gen.facts.model import Fact, Value
from report_gen.facts.results.standing import ClosingStanding
from report_gen.facts.results.summary import row_name, unfollowed
from report_gen.facts.signals.channels import ChannelCourse
from report_gen.facts.signals.naming import ChannelIndex, ChannelView, responses_text
from report_gen.facts.signals.shares import by_words
from report_gen.facts.signals.worst import State, equals, told
from report_gen.facts.wording import joined, utc
from report_gen.vocab import signal_classes, vocabulary

__all__ = ["derive_aggregates"]

_MOST_COMPARED = 12
"""Most responses compared that are named where others could not be monitored."""
_SERIOUS = 1
"""Least rank of a state that is for the worse."""


def derive_aggregates(b: FactBuilder, channels: ChannelIndex, courses: Mapping[str, ChannelCourse]) -> None:
    """Add the aggregates of the case."""
    events = b.of_kind("event")
    for status in signal_classes():
        of_class = [fact for fact in events if fact.status == status]
        _count(b, "aggregate.events", status, of_class)
    for status in vocabulary("event_classes").codes:
        others = [fact for fact in events if fact.status == status]
        if others and status not in signal_classes():
            _count(b, "aggregate.entries", status, others)
    _criteria(b, channels, courses)
    _resolution(b, events)
    _Closing(b, channels, courses).derive()
    _outside(b, channels, courses, events)


def _count(b: FactBuilder, kind: str, status: str, of_class: Sequence[Fact]) -> None:
    ids = tuple(fact.code("id") for fact in of_class)
    b.compute(
        f"aggregate.{status}s",
        kind,
        "/events",
        [number("count", len(ids), str(len(ids))), Value("ids", joined(ids), codes=ids)],
        formula=f"events of class {status}",
        inputs=[fact.id for fact in of_class],
        group="aggregate",
        status=status,
        must_state=False,
    )


def _criteria(b: FactBuilder, channels: ChannelIndex, courses: Mapping[str, ChannelCourse]) -> None:
    read = {name: course for name, course in courses.items() if course.statuses}
    beyond = [course for course in read.values() if "beyond_criterion" in course.statuses]
    within = [course for course in read.values() if set(course.statuses) == {"within_criterion"}]
    none_met = bool(read) and len(within) == len(read)
    status = "met" if beyond else ("none_met" if none_met else "not_comparable")
    states = [
        state for course in read.values() for state in (*course.between, *([course.closing] if course.closing else []))
    ]
    b.compute(
        "aggregate.criteria",
        "aggregate.criteria",
        "/channels",
        [
            number("compared", len(beyond) + len(within), str(len(beyond) + len(within))),
            number("beyond", len(beyond), str(len(beyond))),
            number("channels", len(read), str(len(read))),
            text("within", " or ".join(families)) if (families := _all_within(b, channels, read)) else None,
        ],
        formula="channels with readings; those of which a reading met its criterion, and those of which every reading "
        "was within it",
        inputs=_ids(fact for state in states for fact in (state.fact, state.change)),
        group="aggregate",
        status=status,
        must_state=False,
    )


def _all_within(b: FactBuilder, channels: ChannelIndex, read: Mapping[str, ChannelCourse]) -> list[str]:
    """Families of responses of which every reading was compared with its criterion and within it.

    Nothing is said of a family of which a response could not be followed from a baseline.
    """
    statuses: dict[str, set[str]] = {}
    for name, course in read.items():
        statuses.setdefault(channels.views[name].family, set()).update(course.statuses)
    for view in channels.views.values():
        if unfollowed(b, view):
            statuses.pop(view.family, None)
    return [family for family, found in statuses.items() if found == {"within_criterion"}]


def _ids(facts: Iterable[Fact | None]) -> tuple[str, ...]:
    """Ids of facts, each once."""
    return tuple(dict.fromkeys(fact.id for fact in facts if fact is not None))


def _resolution(b: FactBuilder, events: Sequence[Fact]) -> None:
    """Add how the events ended: those not recorded as returned with their class, else each class with its events.

    Where no criterion is recorded, none can be returned to, and its status says so.
    """
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
    closed = by_words(
        (fact.text("id"), end.text("text"))
        for fact, end in zip(relevant, resolutions, strict=True)
        if end.status != "not_recorded" and endings[end.status].recovered
    )
    b.compute(
        "aggregate.resolution",
        "aggregate.resolution",
        "/events",
        [
            number("count", len(relevant), str(len(relevant))),
            text("open", joined(open_ids)),
            text("closed", joined(f"{words} ({joined(ids)})" for words, ids in closed.items())) if closed else None,
        ],
        formula="events by recorded resolution class; open where it is no return to baseline or to within criterion",
        inputs=_ids((*relevant, *resolutions)),
        group="aggregate",
        status="all_recovered" if not open_ids else "some_open" if b.case.criteria else "open_without_criterion",
        must_state=False,
    )


class _Closing:
    """The last closing reading of each response: compared, described, not read, or not to be followed."""

    def __init__(self, b: FactBuilder, channels: ChannelIndex, courses: Mapping[str, ChannelCourse]) -> None:
        self.b, self.channels = b, channels
        of_block = {code for code, entry in vocabulary("modalities").entries.items() if entry.of_block}
        # The block of the muscles is watched for what it does to other responses; it is none of them.
        views = [view for view in channels.views.values() if view.channel.modality not in of_block]
        self.standing = ClosingStanding(b, courses, views)

    def derive(self) -> None:
        """Add the counts, and the names of what is not good news."""
        standing = self.standing
        self._counts()
        self._named("beyond", standing.beyond, standing.names(standing.beyond))
        self._lowest()
        self._named("described", standing.described, standing.described_words(), self._judged(standing.described))
        self._named("unread", standing.unread, standing.unread_words())
        self._named("unfollowed", standing.unfollowed, standing.unfollowed_words())

    def _counts(self) -> None:
        standing = self.standing
        seen = standing.seen
        changes = [change for view in seen if (change := standing.change(view)) is not None]
        counts = Counter(fact.status for fact in changes)
        values: list[Value] = [number(status, count, str(count)) for status, count in counts.items()]
        if compared := counts["within_criterion"] + counts["beyond_criterion"]:
            values.append(number("compared", compared, str(compared)))
            values.append(number("further", len(seen) - compared, str(len(seen) - compared)))
            if standing.unfollowed and 1 < compared <= _MOST_COMPARED:
                values.append(text("names", _by_side(standing.compared)))
            values.append(text("families", joined(dict.fromkeys(view.family for view in standing.compared))))
        # Those that no criterion compares are told of behind it, under the same times.
        if times := standing.times(seen) or standing.times(standing.compared):
            values.append(text("times", times))
        all_within = bool(seen) and counts["within_criterion"] == len(seen)
        self.b.compute(
            "aggregate.closing",
            "aggregate.closing",
            "/channels",
            [number("channels", len(seen), str(len(seen))), *values],
            formula="last closing reading of each channel by its comparison with the criterion",
            inputs=_ids((*standing.facts(standing.views), *changes)),
            group="aggregate",
            must_state=False,
            status="all_within" if all_within else "mixed",
        )

    def _judged(self, views: Sequence[ChannelView]) -> str:
        """Whether the criterion of every one of some responses is itself one in words, which no number meets."""
        parameters = vocabulary("criterion_parameters")
        criteria = [self.channels.criterion_for(view.channel.modality) for view in views]
        worded = all(
            criterion is not None
            and all(parameters[row.parameter].comparison in ("state", "loss") for row in criterion.conditions)
            for criterion in criteria
        )
        return "worded" if worded else "uncompared"

    def _named(self, name: str, views: Sequence[ChannelView], words: str, status: str = "computed") -> None:
        """Add the responses of a group by modality, each with what is said of it; nothing where there are none."""
        if not views:
            return
        standing = self.standing
        self.b.compute(
            f"aggregate.closing.{name}",
            f"aggregate.closing.{name}",
            "/channels",
            [number("count", len(views), str(len(views))), text("text", words)],
            formula=_GROUPS[name],
            inputs=_ids(
                fact
                for view in views
                for fact in (*standing.facts([view]), standing.change(view), self.b.by_id[view.fact_id])
            ),
            group="aggregate",
            status=status,
        )

    def _lowest(self) -> None:
        """Add what closed farthest from baseline, of the responses that are not named as beyond their criterion."""
        standing = self.standing
        words = standing.lowest_words(standing.others)
        if not words or (not standing.compared and standing.all_listed):
            return
        self.b.compute(
            "aggregate.closing.lowest",
            "aggregate.closing.lowest",
            "/channels",
            [text("text", words)],
            formula="of the responses not beyond their criterion, the closing reading farthest from baseline for the "
            "worse; an absent response is the farthest",
            inputs=_ids(
                fact
                for view in standing.seen
                for fact in (*standing.facts([view]), standing.change(view), self.b.by_id[view.fact_id])
            ),
            group="aggregate",
            status="others" if standing.beyond else "all",
        )


_GROUPS: Final[Mapping[str, str]] = {
    "described": "responses with a closing reading that no criterion compares, by what was seen",
    "beyond": "responses whose last closing reading is beyond the criterion in force",
    "unread": "responses with a baseline, or none recorded, and no closing reading",
    "unfollowed": "responses of which no baseline was obtained and no response was seen at closing",
}


def _listed(pairs: Iterable[tuple[ChannelView, str]]) -> str:
    """Responses with what is said of them, those of which the same is said together."""
    groups: dict[str, list[ChannelView]] = {}
    for view, words in pairs:
        groups.setdefault(words, []).append(view)
    return "; ".join(f"{responses_text(views, '')}: {words}" for words, views in groups.items())


def _by_side(views: Sequence[ChannelView]) -> str:
    """Responses as their rows are named, each with its sides, so that the sides are the number of responses."""
    sides: dict[str, list[str]] = {}
    for view in views:
        sides.setdefault(row_name(view), []).append(vocabulary("sides").display(view.channel.side))
    return joined(f"{name} ({' and '.join(those)})" for name, those in sides.items())


def _about(event: Fact, test: Fact) -> bool:
    """Whether an event is about the place of a stimulation test: its modality, and its level and side where it says."""
    level, side = event.text("level"), event.side
    return (
        event.modality == test.modality
        and (not level or level == test.site)
        and (side not in ("left", "right") or side == test.side)
    )


def _outside(
    b: FactBuilder, channels: ChannelIndex, courses: Mapping[str, ChannelCourse], events: Sequence[Fact]
) -> None:
    """Add what is for the worse and stands in no event: readings, patterns, low thresholds."""
    signals = [event for event in events if event.status in signal_classes()]
    covered = {name for event in signals for name in event.inputs}
    of_all = {event.modality for event in signals if not event.inputs}
    found: list[tuple[ChannelView, list[State]]] = []
    meanwhile: dict[str, list[tuple[ChannelView, list[State]]]] = {}
    spans = _spans(b, events)
    for view in channels.views.values():
        course = courses[view.channel.id]
        every = [*course.between, *([course.closing] if course.closing is not None else [])]
        # What an event says of a response stands in the line of that event, whatever its class.
        told_at = {utc(state.at) for state in every if state.event and state.at is not None}
        grave = [
            state
            for state in every
            if state.rank[0] >= _SERIOUS
            and not state.fact.kind.startswith("event")
            and (state.at is None or utc(state.at) not in told_at)
        ]
        if not grave or view.fact_id in covered or view.channel.modality in of_all:
            continue
        by_event: dict[str, list[State]] = {}
        for state in grave:
            by_event.setdefault(_within(spans, state), []).append(state)
        for name, states in by_event.items():
            (meanwhile.setdefault(name, []) if name else found).append((view, equals(states)))
    _meanwhile(b, meanwhile)
    tests = [
        (test, held)
        for held in b.of_kind("threshold.criterion")
        for test in (b.by_id[held.inputs[0]],)
        if held.status == "met" and not any(_about(event, test) for event in signals)
    ]
    if not found and not tests:
        return
    listed = [_listed((view, told(states, "share")) for view, states in found)] if found else []
    listed.extend(f"{test.text('place')} {test.text('result')} ({held.text('text')})" for test, held in tests)
    b.compute(
        "aggregate.outside",
        "aggregate.outside",
        "/channels" if found else "/threshold_tests",
        [text("text", "; ".join(listed))],
        formula="readings beyond the criterion in force, lost or hard to elicit, patterns that are not undisturbed, "
        "and thresholds at or below the criterion, of what no event tells",
        inputs=_ids(
            [fact for _, states in found for state in states for fact in (state.fact, state.change)]
            + [b.by_id[view.fact_id] for view, _ in found]
            + [fact for pair in tests for fact in pair]
        ),
        group="aggregate",
    )


def _spans(b: FactBuilder, events: Sequence[Fact]) -> dict[str, tuple[datetime, datetime]]:
    """From when to when each alert lasted: from its onset or notice to its resolution, else to its last re-test."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for event in events:
        onset = b.by_id[f"{event.id}.onset"]
        begun = onset.instant("onset_at") or onset.instant("noticed_at")
        retests = [at for fact in b.in_group(event.group, "event.retest") if (at := fact.instant("at")) is not None]
        end = b.by_id.get(f"{event.id}.resolution")
        ended = (end.instant("at") if end is not None else None) or max(retests, key=utc, default=None)
        if event.status == "alert" and begun is not None and ended is not None:
            spans[event.id] = (begun, ended)
    return spans


def _within(spans: Mapping[str, tuple[datetime, datetime]], state: State) -> str:
    """Id of the alert that began last of those in whose time a state was recorded. Empty: it is of none."""
    if state.at is None:
        return ""
    at = utc(state.at)
    around = [name for name, (begun, ended) in spans.items() if utc(begun) <= at <= utc(ended)]
    return max(around, key=lambda name: utc(spans[name][0]), default="")


def _meanwhile(b: FactBuilder, rows: Mapping[str, Sequence[tuple[ChannelView, list[State]]]]) -> None:
    """Add what was seen in the time of each alert that no event tells."""
    for name, seen in rows.items():
        event = b.by_id[name]
        listed = _listed((view, told(states, "share")) for view, states in seen)
        b.compute(
            f"{name}.during",
            "aggregate.during",
            "/channels",
            [text("text", f"During {event.text('id')}: {listed}")],
            formula="readings beyond the criterion in force, lost or hard to elicit, and patterns that are not "
            "undisturbed, of what no event tells, in the time of an alert",
            inputs=_ids(
                [event, *(b.by_id[view.fact_id] for view, _ in seen)]
                + [fact for _, states in seen for state in states for fact in (state.fact, state.change)]
            ),
            group="aggregate",
        )
