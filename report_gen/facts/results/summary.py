"""Rows of the results: one a response group, its worst and its closing, left and right, and its events.

A row is about one response, recorded on the left, on the right or both; a response that has neither side has a row of
its own. Responses of one modality share a row where everything that is said of them is the same and holds no number,
and where many of them showed patterns alone, closed alike, and are in no alert, change or improvement: the row names
each with its times. Each cell is a fact with its members as inputs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from report_gen.facts.builder import FactBuilder, text
from report_gen.facts.model import Fact
from report_gen.facts.results.row_events import gravest, row_events
from report_gen.facts.results.single import only_reading, only_words
from report_gen.facts.results.state_words import by_share, later_words, timed_words, when_words
from report_gen.facts.row_ids import code_ids
from report_gen.facts.signals.channels import ChannelCourse
from report_gen.facts.signals.criteria import RESPONSE_STATES
from report_gen.facts.signals.naming import ChannelIndex, ChannelView
from report_gen.facts.signals.shares import share_phrase
from report_gen.facts.signals.worst import NO_READING, equals
from report_gen.facts.wording import joined
from report_gen.vocab import signal_classes, vocabulary

__all__ = [
    "NO_BASELINE",
    "SIDES",
    "derive_summary",
    "row_fact",
    "row_name",
    "unfollowed",
]

Courses = Mapping[str, ChannelCourse]

NO_BASELINE: Final = ("absent", "not_obtained", "not_monitored")
"""States of a baseline from which a response cannot be followed."""
SIDES: Final = ("left", "right")
_UNFOLLOWED: Final = {"not_obtained": "not obtained", "not_monitored": "not monitored"}
"""Closing states of a response without a baseline, without the reason."""
_SERIOUS: Final = 1
"""Least rank of a state that is for the worse."""
_POOLED_FROM: Final = 5
"""Responses of a modality with patterns at some time from which they share a row."""
_NAMED_IN_FULL: Final = 2
"""Responses of a shared row that are named in full; more are named by their abbreviations."""


def derive_summary(b: FactBuilder, channels: ChannelIndex, courses: Courses) -> None:
    """Add the row of each response group."""
    order = {code: index for index, code in enumerate(record.modality for record in b.case.modalities)}
    # The block of the muscles has a line of its own where its readings are recorded as such.
    told = any(fact.status != "not_recorded" for fact in b.of_kind("tof"))
    modalities = vocabulary("modalities")
    shown = [view for view in channels.views.values() if not (told and modalities[view.channel.modality].of_block)]
    responses = [_ResponseGroup(b, courses, views) for views in _paired(shown)]
    in_words = {group.modality for group in responses if group.in_words}
    groups = sorted(
        _shared(responses),
        key=lambda group: order.get(group[0].modality, len(order)),
    )
    ids = code_ids("result", [f"{rows[0].modality}.{rows[0].place}" for rows in groups])
    for fact_id, rows in zip(ids, groups, strict=True):
        _add_row(b, fact_id, rows, sharing=rows[0].modality in in_words or len(rows) > 1)


def row_name(view: ChannelView) -> str:
    """A response as sentences name it, without its side: `posterior tibial nerve SSEP`."""
    return (
        f"{view.site_name} {view.family}" if view.site_name else vocabulary("modalities").label(view.channel.modality)
    )


def _with_peak(view: ChannelView) -> str:
    """That name, and the peak where it is not a part of it: `posterior tibial nerve SSEP (P37)`."""
    name, peak = row_name(view), view.channel.peak
    return f"{name} ({peak})" if peak and peak not in name else name


def _site(view: ChannelView) -> str:
    """Nerve, muscle, level or electrode, with the peak."""
    site, peak = view.site_name, view.channel.peak
    return f"{site} {peak}" if site and peak and peak not in site else site


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def unfollowed(b: FactBuilder, view: ChannelView) -> bool:
    """Whether no baseline was there to follow a response from, and none was seen at closing either."""
    baselines = b.in_group(view.fact_id, "channel.baseline")
    return all(fact.status in NO_BASELINE for fact in baselines) and _closing(b, view).status not in RESPONSE_STATES


def _closing(b: FactBuilder, view: ChannelView) -> Fact:
    return b.in_group(view.fact_id, "channel.closing")[-1]


def _closing_words(b: FactBuilder, view: ChannelView) -> str:
    """The last closing reading of a response in percent of its baseline, else in words."""
    closing = _closing(b, view)
    if closing.status == "absent":
        return "absent"
    if closing.status == "not_recorded":
        return "no closing reading"
    return share_phrase(b.by_id.get(f"{closing.id}.change")) or closing.text("text")


@dataclass(frozen=True, slots=True)
class _SideCell:
    """What a cell says of one response."""

    text: str
    beyond: bool
    """Whether the criterion in force was met."""
    members: tuple[str, ...]
    """Ids of the facts behind it."""
    told: tuple[tuple[str, str], ...] = ()
    """What was seen, each with when behind a blank. Empty: `text` says it all."""


class _ResponseGroup:
    """One response on its sides, while its cells are worded."""

    def __init__(self, b: FactBuilder, courses: Courses, views: Sequence[ChannelView]) -> None:
        self.b, self.views = b, tuple(views)
        first = self.views[0]
        self.modality, self.name, self.site, self.family = (
            first.channel.modality,
            _with_peak(first),
            _site(first),
            first.family,
        )
        side = first.channel.side
        parts = (first.site or self.modality, (first.channel.peak or "").lower(), "" if side in SIDES else side)
        self.place = "_".join(part for part in parts if part)
        self.worst = {view.channel.side: _worst(b, view, courses[view.channel.id]) for view in self.views}
        self.closing = {view.channel.side: _closed(b, view) for view in self.views}
        own = {view.fact_id for view in self.views}
        self.events = [event for event in b.of_kind("event") if own & set(event.inputs)]

    @property
    def said(self) -> tuple[object, ...]:
        """All that is said of it but its name; rows that say the same and hold no number may be one."""
        cells = (self.worst, self.closing)
        return (
            self.modality,
            *(tuple((side, cell.text) for side, cell in row.items()) for row in cells),
            tuple(event.id for event in self.events),
        )

    @property
    def in_words(self) -> bool:
        """Whether no cell holds a number, such as a percentage or a time."""
        return not any(
            char.isdigit() for row in (self.worst, self.closing) for cell in row.values() for char in cell.text
        )

    @property
    def short(self) -> str:
        """Its abbreviation without a side."""
        return self.views[0].short.removeprefix("L ").removeprefix("R ")

    @property
    def alike(self) -> tuple[object, ...] | None:
        """What it has in common with those that it may share a row with, each named in the cell. None: it may not."""
        cells = (*self.worst.values(), *self.closing.values())
        weighs = any(event.status in signal_classes() for event in self.events)
        if weighs or any(cell.beyond or "%" in cell.text for cell in cells):
            return None
        return (self.modality, tuple((side, cell.text) for side, cell in self.closing.items()))


def _paired(views: Iterable[ChannelView]) -> list[list[ChannelView]]:
    """Responses by name with both sides together; what is recorded twice on one side, or on none, stands alone."""
    rows: list[list[ChannelView]] = []
    by_place: dict[tuple[object, ...], list[list[ChannelView]]] = {}
    every = list(views)
    counts = Counter((_place(view), view.channel.side) for view in every)
    for view in every:
        side = view.channel.side
        # Of several at one place and side, only their names tell which belongs to which of the other side.
        named = view.label if max(counts[_place(view), other] for other in SIDES) > 1 else ""
        alike = by_place.setdefault((_place(view), named), []) if side in SIDES else []
        row = next((row for row in alike if all(other.channel.side != side for other in row)), None)
        if row is None:
            row = []
            rows.append(row)
            alike.append(row)
        row.append(view)
    for row in rows:
        row.sort(key=lambda view: view.channel.side)
    return rows


def _place(view: ChannelView) -> tuple[object, ...]:
    """What two sides of one response have in common."""
    channel = view.channel
    words = (channel.nerve_other, channel.muscle_other, channel.region_other)
    return (channel.modality, view.site, channel.recording_level, *words, channel.peak)


def _shared(groups: Sequence[_ResponseGroup]) -> list[list[_ResponseGroup]]:
    """Groups of which the same is said in words, or that closed alike after patterns, together."""
    many = Counter(group.alike for group in groups if group.alike is not None and not group.in_words)
    rows: dict[object, list[_ResponseGroup]] = {}
    for group in groups:
        apart = group.said if group.in_words else group.views[0].fact_id
        alike = group.alike
        rows.setdefault(apart if alike is None or many[alike] < _POOLED_FROM else alike, []).append(group)
    return list(rows.values())


def _worst(b: FactBuilder, view: ChannelView, course: ChannelCourse) -> _SideCell:
    """The worst between baseline and closing; when, where it is for the worse."""
    members = (course.worst.id, view.fact_id)
    states = equals(course.between)
    if states:
        grave = states[0].rank[0] >= _SERIOUS
        words = timed_words(states) if grave else later_words(states)
        told = tuple((share, when_words(alike)) for share, alike in by_share(states).items()) if grave else ()
        return _SideCell(words, course.worst.status == "beyond_criterion", members, told)
    if unfollowed(b, view):
        return _SideCell("no baseline", False, (*members, *_baselines(b, view)))
    # Whether its baseline is its only reading depends on the closing.
    rest = (*members, _closing(b, view).id)
    if (only := only_reading(b, view, course)) is not None:
        return _SideCell(only_words(only), False, (*rest, only.id))
    words = course.worst.text("text")
    return _SideCell("no reading" if words == NO_READING else words, False, rest)


def _closed(b: FactBuilder, view: ChannelView) -> _SideCell:
    closing = _closing(b, view)
    change = b.by_id.get(f"{closing.id}.change")
    members = (closing.id, *([change.id] if change is not None else []), view.fact_id)
    if unfollowed(b, view):
        # Why no baseline was obtained, and no response later, is said of the response once and not in its cells.
        words = _UNFOLLOWED.get(closing.status) or _closing_words(b, view)
        return _SideCell(words, False, (*members, *_baselines(b, view)))
    return _SideCell(_closing_words(b, view), change is not None and change.status == "beyond_criterion", members)


def _baselines(b: FactBuilder, view: ChannelView) -> list[str]:
    return [fact.id for fact in b.in_group(view.fact_id, "channel.baseline")]


def _add_row(b: FactBuilder, fact_id: str, rows: Sequence[_ResponseGroup], *, sharing: bool) -> None:
    """Add a row; `sharing` says that responses of its modality may share one."""
    first = rows[0]
    views = [view for row in rows for view in row.views]
    cells = [cell for row in rows for part in (row.worst, row.closing) for cell in part.values()]
    beyond = any(cell.beyond for cell in cells)
    named = {event.id for row in rows for event in row.events}
    events = [event for event in b.of_kind("event") if event.id in named]
    sides = {view.channel.side for view in views}
    # Which responses share a row depends on what is said of each of the modality.
    others = [
        fact.id
        for kind in ("channel.worst", "channel.closing")
        for fact in (b.of_kind(kind) if sharing else ())
        if fact.modality == first.modality
    ]
    row_fact(
        b,
        fact_id,
        _name(rows),
        first.modality,
        "" if sides & set(SIDES) else first.views[0].channel.side,
        (
            *(view.fact_id for view in views),
            *(event.id for event in events),
            *(name for cell in cells for name in cell.members),
            *others,
        ),
        gravest(events, beyond=beyond),
    )
    for side in first.worst:
        for kind, part in (("worst", "worst"), ("closing", "closing")):
            members = [cell for row in rows for name, cell in getattr(row, part).items() if name == side]
            said = _said_of(rows, kind, side)
            _cell(b, fact_id, kind, side, first.modality, (said, members), others)
    row_events(b, fact_id, first.modality, events)


def _name(rows: Sequence[_ResponseGroup]) -> str:
    """The group's name; of several the modality with their sites."""
    if len(rows) == 1:
        return _upper(rows[0].name)
    sites = [row.site if len(rows) <= _NAMED_IN_FULL else row.short for row in rows]
    return _upper(f"{joined(sites)} {rows[0].family}")


def _said_of(rows: Sequence[_ResponseGroup], kind: str, side: str) -> str:
    """The words of a cell; where the responses of a shared row differ, each is named with when."""
    parts = [(row.short, row.worst if kind == "worst" else row.closing) for row in rows]
    cells = [(short, part[side]) for short, part in parts if side in part]
    if len({cell.text for _, cell in cells}) == 1:
        return cells[0][1].text
    told: dict[str, list[str]] = {}
    for short, cell in cells:
        for share, when in cell.told or ((cell.text, ""),):
            told.setdefault(share, []).append(f"{short}{when}")
    return "; ".join(f"{share}: {', '.join(names)}" for share, names in told.items())


def row_fact(  # noqa: PLR0913  a row has these parts
    b: FactBuilder, fact_id: str, name: str, modality: str, side: str, members: Iterable[str], status: str
) -> None:
    """Add the fact of a row; `side` is that of what is neither left nor right, and empty otherwise."""
    b.compute(
        fact_id,
        "result.group",
        "/channels",
        [text("row", name)],
        formula="a response on its sides; several of a modality of which the same is said, or that closed alike",
        inputs=dict.fromkeys(members),
        group=fact_id,
        status=status,
        side=side,
        modality=modality,
    )


_FORMULAS: Final = {
    "worst": "most severe recorded state between baseline and closing, in percent of baseline where it can be compared",
    "closing": "last closing reading, in percent of baseline where it can be compared",
}


def _cell(  # noqa: PLR0913  a cell has these parts
    b: FactBuilder,
    fact_id: str,
    kind: str,
    side: str,
    modality: str,
    said: tuple[str, Sequence[_SideCell]],
    sharing: Sequence[str],
) -> None:
    words, members = said
    b.compute(
        f"{fact_id}.{side}.{kind}",
        f"result.{kind}",
        b.by_id[fact_id].pointer,
        [text("text", words)],
        formula=_FORMULAS[kind],
        inputs=dict.fromkeys((*(name for cell in members for name in cell.members), *sharing)),
        group=fact_id,
        status="beyond" if any(cell.beyond for cell in members) else "none",
        side=side,
        modality=modality,
    )
