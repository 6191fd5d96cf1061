"""Amplitude in percent of baseline over time: the modalities with alerts, the most severe first.

A line is drawn only where it invents no course. Two readings at most `JOINED_MIN` minutes apart are joined; further
apart they are joined by dots, which say which points belong together and not what lay between. Nothing runs across a
break of the modality, to an absent response or from one, to a baseline, or to the reading at which an event set in,
unless its onset is recorded as gradual or stepwise: the change was found there, its course was not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Final, NamedTuple

from report_gen.document.figures import (
    ABSENT,
    JOINED_MIN,
    CriterionLine,
    FigureSpan,
    Join,
    Omission,
    Point,
    Series,
    TrendFigure,
)
from report_gen.draft.figures.axis import EVENT_KINDS, breaks_of, event_mark, omission, ticks
from report_gen.draft.words import FILTERS
from report_gen.facts.clock import Clock
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.changes import MOST_PERCENT
from report_gen.facts.signals.criteria import ATTEMPTED_STATES
from report_gen.facts.views.courses import EventChain, Reading, ResponseCourse
from report_gen.facts.views.episodes import alert_accounts, told_briefly
from report_gen.facts.wording import joined, number_text, percent_text, utc
from report_gen.vocab import vocabulary

__all__ = ["Trends", "trends"]

_MOST_FIGURES: Final = 2
_MOST_LINES: Final = 8
_SEEN_ONSETS: Final = ("gradual", "stepwise")
_FELL_PERCENT: Final = 20.0
"""Points of a percentage by which a response beside those of an event may fall at its onset and still be joined."""


class Trends(NamedTuple):
    """The trends of a case."""

    report: tuple[TrendFigure, ...]
    """Of the modalities with alerts, the most severe first, at most two; where no alert is recorded, one of the
    modality with the gravest event. The last one names what is not drawn beside it. Empty: none can be drawn, or the
    accounts of alerts are so many that they need the room."""
    record: tuple[TrendFigure, ...]
    """Of the other modalities with events."""
    note: tuple[Omission, ...] = ()
    """What a report without a trend says of those it does not draw, beneath its timeline."""


def trends(facts: Facts) -> Trends:
    """Trends of the modalities with an alert, a change or an improvement and at least two timed values."""
    found: list[tuple[Fact, list[EventChain]]] = []
    for modality in facts.of_kind("modality"):
        chains = [
            chain
            for chain in facts.events
            if chain.event.modality == modality.modality and chain.event.status in EVENT_KINDS
        ]
        if chains:
            found.append((modality, chains))
    # The order of the record where two modalities are as severe.
    found.sort(key=lambda row: _severity(facts, *row))
    made = [(modality, chains, _trend(facts, modality, chains)) for modality, chains in found]
    drawn = [(modality, chains, figure) for modality, chains, figure in made if figure is not None]
    alerting = [row for row in drawn if any(chain.event.status == "alert" for chain in row[1])]
    # Where several alerts have accounts of their own, there is room for the gravest alone.
    most = 1 if alert_accounts(facts.events) > 1 else _MOST_FIGURES
    shown = [] if told_briefly(facts.events) else alerting[:most] or drawn[:1]
    report = [figure for _, _, figure in shown]
    record = [row for row in drawn if not any(row[2] is figure for figure in report)]
    notes = _other_trends([modality for modality, _, figure in made if figure is None], [row[0] for row in record])
    if report:
        report[-1] = replace(report[-1], note=(*report[-1].note, *notes))
    return Trends(tuple(report), tuple(figure for _, _, figure in record), () if report else notes)


def _other_trends(undrawn: Sequence[Fact], elsewhere: Sequence[Fact]) -> tuple[Omission, ...]:
    names = [[fact.text("label") for fact in group] for group in (elsewhere, undrawn)]
    notes = (
        omission(
            "but in the technical record",
            elsewhere,
            [f"{'trend' if len(names[0]) == 1 else 'trends'} of {joined(dict.fromkeys(names[0]))}"],
        ),
        omission("without two timed amplitudes in percent of baseline", undrawn, names[1]),
    )
    return tuple(note for note in notes if note is not None)


class _HowSevere(NamedTuple):
    """What ranks a modality among those with events: the smaller, the more severe."""

    event_class: int
    beyond_at_closing: bool
    unrecovered: bool
    lowest: float


def _severity(facts: Facts, modality: Fact, chains: Sequence[EventChain]) -> _HowSevere:
    classes = list(EVENT_KINDS)
    gravest = min(classes.index(chain.event.status) for chain in chains)
    courses = [course for course in facts.responses if course.channel.modality == modality.modality]
    readings = [reading for course in courses for reading in course.readings]
    return _HowSevere(
        gravest,
        not any(_beyond(course.closing) for course in courses),
        not any(_unrecovered(chain) for chain in chains if chain.event.status == classes[gravest]),
        min((value for reading in readings if (value := _percent(reading)) is not None), default=MOST_PERCENT),
    )


def _beyond(closing: Reading) -> bool:
    """Whether a response closed lost, or beyond its criterion."""
    change = closing.change
    return closing.fact.status == "absent" or (change is not None and change.status == "beyond_criterion")


def _unrecovered(chain: EventChain) -> bool:
    classes, resolution = vocabulary("resolution_classes"), chain.resolution
    return resolution is not None and resolution.status in classes and not classes[resolution.status].recovered


# --- one modality ----------------------------------------------------------------------------------------------------


def _trend(facts: Facts, modality: Fact, chains: Sequence[EventChain]) -> TrendFigure | None:
    breaks = [span for span, concerned in breaks_of(facts) if not concerned or modality.modality in concerned]
    affected = {channel for chain in chains for channel in chain.event.inputs}
    series: list[Series] = []
    short: list[Fact] = []
    partly: list[tuple[Fact, list[Fact]]] = []
    for course in facts.responses:
        channel = course.channel
        if channel.modality != modality.modality:
            continue
        points = _value_points(course, facts.clock)
        if len(points) < 2:
            short.append(channel)
            continue
        if missing := _not_in_curve(course, points):
            partly.append((channel, missing))
        series.append(_series(channel, points, breaks, emphasised=channel.id in affected))
    if not any(curve.emphasised for curve in series):
        return None
    series, crowded = _most_telling(series)
    drawn = {name for curve in series for name in curve.facts}
    gaps = [(channel, missing) for channel, missing in partly if channel.id in drawn]
    others = [facts.by_id[curve.facts[0]] for curve in crowded]
    notes = (
        omission("fewer than two timed values in percent of baseline", short, [fact.text("short") for fact in short]),
        omission(f"beyond {_MOST_LINES} responses", others, [fact.text("short") for fact in others]),
        omission(
            "without a time or a percentage of baseline to print",
            [fact for _, missing in gaps for fact in missing],
            [f"{channel.text('short')} {joined(fact.text('text') for fact in missing)}" for channel, missing in gaps],
        ),
    )
    marks = sorted((mark for chain in chains if (mark := event_mark(chain)) is not None), key=lambda mark: utc(mark.at))
    instants = [*(point.at for curve in series for point in curve.points), *(mark.at for mark in marks)]
    start_at, end_at = min(instants, key=utc), max(instants, key=utc)
    words = "; ".join(_curve_words(curve) for curve in series)
    return TrendFigure(
        id=f"trend-{modality.modality}",
        title=f"{FILTERS['upper_first'](modality.text('label'))}: amplitude in percent of baseline",
        alt_text=f"Amplitude in percent of baseline. {words}.",
        start_at=start_at,
        end_at=end_at,
        ticks=ticks(start_at, end_at, facts.clock),
        unit_label="% of baseline",
        series=tuple(series),
        criterion=_criterion_lines(facts, modality),
        note=tuple(note for note in notes if note is not None),
        marks=tuple(marks),
        breaks=tuple(span for span in breaks if utc(span.start_at) < utc(end_at) and utc(span.end_at) > utc(start_at)),
    )


def _curve_words(curve: Series) -> str:
    """A response for readers who do not see its line."""
    lowest = min(curve.points, key=lambda point: point.value)
    return f"{curve.label} lowest {lowest.text or percent_text(lowest.value)}, last {curve.final_label}"


def _most_telling(series: Sequence[Series]) -> tuple[list[Series], list[Series]]:
    """The responses that are drawn, and those beyond the number that a reader can tell apart.

    Those of events before the others, and the one that ended lowest first; drawn in the order of the record.
    """
    ranked = sorted(series, key=lambda curve: (not curve.emphasised, curve.points[-1].value))
    kept = {curve.facts for curve in ranked[:_MOST_LINES]}
    return [curve for curve in series if curve.facts in kept], [curve for curve in series if curve.facts not in kept]


def _criterion_lines(facts: Facts, modality: Fact) -> tuple[CriterionLine, ...]:
    """A line for each share of the amplitude that a criterion in force names; criteria of one share have one line."""
    by_share: dict[float, list[Fact]] = {}
    for fact in facts.of_kind("criterion"):
        number = fact.number("amplitude_decrease_pct")
        if number is not None and modality.modality in fact.codes("modalities"):
            by_share.setdefault(number, []).append(fact)
    return tuple(
        CriterionLine(
            100 - number,
            "; ".join(dict.fromkeys(_line_words(fact) for fact in criteria)),
            tuple(fact.id for fact in criteria),
            f"{percent_text(number)} decrease" if number == int(number) else f"{number_text(number)}% decrease",
        )
        for number, criteria in by_share.items()
    )


def _line_words(criterion: Fact) -> str:
    """What the line of a criterion is: all of it, or its amplitude part, beside conditions that no line shows."""
    whole, part = criterion.text("text"), criterion.text("amplitude_decrease_pct")
    return (
        f"criterion in force, {whole}" if whole == part else f"amplitude part alone of the criterion in force, {whole}"
    )


# --- one response ----------------------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """A point before it is known how it hangs together with the one before."""

    at: datetime
    value: float
    facts: tuple[str, ...]
    text: str
    when: str
    kind: str
    """`baseline`, `onset` for a reading at which an event set in unseen, or `reading`."""
    of_event: bool


def _drawn_at(reading: Reading) -> datetime | None:
    """When a reading is drawn; one of a re-test only at its own time. None: nowhere."""
    return reading.fact.instant("at") if reading.fact.kind == "event.retest.reading" else reading.at


def _percent(reading: Reading) -> float | None:
    """Percent of baseline; absent is zero. None: there is nothing to compare, or no percentage to print."""
    if reading.fact.status == "absent":
        return 0.0
    percent = reading.change.number("amplitude_pct_of_baseline") if reading.change is not None else None
    return None if percent is None or percent > MOST_PERCENT else percent


def _value_points(course: ResponseCourse, clock: Clock) -> list[_Found]:
    """Every timed reading of a response, in the record and in events, as percent of baseline; absent is zero.

    Two readings of one time are two points, unless they say the same.
    """
    points: dict[tuple[datetime, float], _Found] = {}

    def add(found: _Found) -> None:
        key = (utc(found.at), found.value)
        same = points.get(key)
        if same is None:
            points[key] = found
            return
        kind = "onset" if "onset" in (same.kind, found.kind) else same.kind
        cited = tuple(dict.fromkeys((*found.facts, *same.facts)))
        points[key] = found._replace(facts=cited, kind=kind, of_event=same.of_event or found.of_event)

    compared_with = {reading.baseline.id for reading in course.readings if reading.baseline is not None}
    for baseline in course.baselines:
        at = baseline.instant("at")
        if at is not None and baseline.number("amplitude_uv") and baseline.id in compared_with:
            add(_Found(at, 100.0, (baseline.id,), "", "", "baseline", of_event=False))
    for reading in course.readings:
        at, percent, change = _drawn_at(reading), _percent(reading), reading.change
        if at is None or percent is None:
            continue
        cited = (reading.fact.id, *([change.id] if change is not None else []))
        printed = change.text("amplitude_pct_of_baseline") if change is not None else ""
        add(
            _Found(
                at,
                percent,
                cited,
                ABSENT if reading.fact.status == "absent" else printed,
                clock.time(at) if reading.fact.status == "absent" else "",
                _kind(reading),
                of_event=reading.event is not None and course.channel.id in reading.event.inputs,
            )
        )
    return [points[key] for key in sorted(points, key=lambda key: key[0])]


def _kind(reading: Reading) -> str:
    event = reading.event
    at_onset = event is not None and reading.fact.kind != "event.retest.reading"
    return "onset" if at_onset and event is not None and event.code("onset_kind") not in _SEEN_ONSETS else "reading"


def _series(channel: Fact, found: Sequence[_Found], breaks: Sequence[FigureSpan], *, emphasised: bool) -> Series:
    joins: list[Join] = ["none", *(_join(before, point, breaks) for before, point in pairwise(found))]
    points = tuple(
        Point(point.at, point.value, point.facts, point.text, point.when, join)
        for point, join in zip(found, joins, strict=True)
    )
    last = points[-1]
    final = last.text if last.absent else percent_text(last.value)
    return Series(channel.text("short"), points, final, emphasised, (channel.id,))


def _join(before: _Found, point: _Found, breaks: Sequence[FigureSpan]) -> Join:
    """What joins two points that follow one another; the rule stands at the head of this module."""
    if ABSENT in (before.text, point.text) or point.kind == "baseline":
        return "none"
    if point.kind == "onset" and (point.of_event or before.value - point.value > _FELL_PERCENT):
        return "none"
    if any(utc(span.start_at) < utc(point.at) and utc(span.end_at) > utc(before.at) for span in breaks):
        return "none"
    return "line" if (utc(point.at) - utc(before.at)).total_seconds() <= JOINED_MIN * 60 else "dots"


def _not_in_curve(course: ResponseCourse, points: Sequence[_Found]) -> list[Fact]:
    """Readings of a response that its line does not show."""
    drawn = {name for point in points for name in point.facts}
    return [
        reading.fact
        for reading in course.readings
        if reading.fact.id not in drawn and reading.fact.status in ATTEMPTED_STATES
    ]
