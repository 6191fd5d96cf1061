"""Figures as values: marks in time with the facts they show; how they look is the renderer's affair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

__all__ = [
    "ABSENT",
    "JOINED_MIN",
    "CriterionLine",
    "FigureSpan",
    "Join",
    "Lane",
    "Mark",
    "Omission",
    "Phase",
    "Point",
    "Series",
    "Step",
    "TargetStep",
    "Tick",
    "TimelineFigure",
    "TrendFigure",
]


_KEPT_BACK: Final[dict[str, Any]] = {"exclude": True}
"""For pydantic, which takes it from here without being loaded here: not a field of ``report.json`` of version 1."""


ABSENT: Final = "absent"
"""What the point of an absent response says, in place of a percentage."""
JOINED_MIN: Final = 20
"""Longest time in minutes between two readings that a line joins."""
Join = Literal["line", "dots", "none"]
"""Between two readings: close in time; far apart, so that what lay between is not known; or no line, because one of
them is absent or an event set in, whose course no line may invent."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled time on the axis."""

    at: datetime
    """Instant."""
    label: str
    """Local clock time as printed."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a time."""

    at: datetime
    """Instant."""
    value: float
    """Value in the unit of the figure."""
    facts: tuple[str, ...]
    """Ids of the facts shown."""
    text: str = field(default="", metadata=_KEPT_BACK)
    """The value as the facts print it, or `absent`. Empty: a whole number."""
    when: str = field(default="", metadata=_KEPT_BACK)
    """The time as the facts print it. Empty: not needed beside the point."""
    joined: Join = field(default="none", metadata=_KEPT_BACK)
    """How the point hangs together with the one before it."""

    @property
    def absent(self) -> bool:
        """Whether it stands for a response that was looked for and not there."""
        return self.text == ABSENT


@dataclass(frozen=True, slots=True)
class FigureSpan:
    """A stretch of a lane."""

    start_at: datetime
    """Start."""
    end_at: datetime
    """End."""
    kind: Literal["monitored", "gap", "outage", "standby"]
    """Monitored; without data; recorded without a link to those outside of the room; stood by."""
    facts: tuple[str, ...]
    """Ids of the facts shown."""
    label: str = field(default="", metadata=_KEPT_BACK)
    """Words beside the stretch. Empty: it is monitored, or the lane of the whole case has the words."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the operation, named."""

    label: str
    """Name."""
    start_at: datetime
    """Start."""
    end_at: datetime
    """End."""
    facts: tuple[str, ...]
    """Ids of the facts shown."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An event or an intervention at a time."""

    at: datetime
    """Instant."""
    kind: Literal["alert", "change", "improvement", "intervention"]
    """Which symbol."""
    label: str
    """Label beside the symbol, such as the event's id."""
    facts: tuple[str, ...]
    """Ids of the facts shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """A surgical step or hand-over at a time."""

    at: datetime
    """Instant."""
    label: str
    """Words."""
    facts: tuple[str, ...]
    """Ids of the facts shown."""
    when: str = field(default="", metadata=_KEPT_BACK)
    """The time as the facts print it, for a step whose words find no room beside its tick."""
    rank: int = field(default=0, metadata=_KEPT_BACK)
    """Which steps get their words first where there is no room for all: the lowest."""


@dataclass(frozen=True, slots=True)
class Omission:
    """What a figure leaves out, in words under it."""

    text: str
    """The sentence as printed."""
    facts: tuple[str, ...]
    """Ids of the facts left out."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Modalities over time that have a mark or a break to show, or the whole case."""

    label: str
    """Short label of the modality; several with the same breaks and without a mark share a lane."""
    spans: tuple[FigureSpan, ...]
    """Monitored stretches and gaps."""
    marks: tuple[Mark, ...]
    """Events of the modality."""
    facts: tuple[str, ...]
    """Ids of the facts behind the label."""


@dataclass(frozen=True, slots=True)
class TargetStep:
    """A pressure target while it held."""

    mmhg: float
    """Target in mmHg."""
    start_at: datetime
    """From when; the left edge where no start is recorded."""
    end_at: datetime
    """Until the next target, or the right edge."""
    facts: tuple[str, ...]
    """Ids of the facts behind the target."""


@dataclass(frozen=True, slots=True)
class TimelineFigure:
    """The case on a time axis."""

    id: str
    """Stable id."""
    title: str
    """Caption."""
    alt_text: str
    """The same facts in words, for readers who do not see the figure."""
    start_at: datetime
    """Left edge."""
    end_at: datetime
    """Right edge."""
    ticks: tuple[Tick, ...]
    """Axis labels."""
    phases: tuple[Phase, ...]
    """Phase band on top."""
    lanes: tuple[Lane, ...]
    """Lanes with something on them. Empty: neither an event nor a break has a time."""
    actions: tuple[Mark, ...]
    """Interventions, labelled with their event's id."""
    steps: tuple[Step, ...]
    """Key surgical steps."""
    handovers: tuple[Step, ...]
    """Hand-overs."""
    map_points: tuple[Point, ...]
    """Mean arterial pressure in mmHg. Empty: not recorded, and the panel is left out."""
    map_target: float | None
    """Standing pressure target in mmHg. None: none recorded."""
    map_target_facts: tuple[str, ...]
    """Ids of the facts behind the standing target."""
    kind: Literal["timeline"] = "timeline"
    """Kind of block."""
    note: tuple[Omission, ...] = ()
    """What the figure leaves out. Empty: nothing that belongs into it."""

    map_targets: tuple[TargetStep, ...] = field(default=(), metadata=_KEPT_BACK)
    """The targets that held, in order of time, none before its start. Empty: none held on the axis."""

    def statements(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each mark in words with its facts."""
        for phase in self.phases:
            yield phase.label, phase.facts
        for lane in self.lanes:
            yield lane.label, lane.facts
            for span in lane.spans:
                yield span.label or span.kind, span.facts
            for mark in lane.marks:
                yield f"{mark.kind} {mark.label}", mark.facts
        for action in self.actions:
            yield f"{action.kind} {action.label}", action.facts
        for step in (*self.steps, *self.handovers):
            yield step.label, step.facts
        for point in self.map_points:
            yield f"{point.value:g} mmHg", point.facts
        for target in self.map_targets:
            yield f"target {target.mmhg:g} mmHg", target.facts
        for omission in self.note:
            yield omission.text, omission.facts


@dataclass(frozen=True, slots=True)
class Series:
    """One response over time in percent of its baseline."""

    label: str
    """Label at the line's end."""
    points: tuple[Point, ...]
    """Values; an absent response is zero."""
    final_label: str
    """Last value as printed, such as `26%`."""
    emphasised: bool
    """Part of an event: its label is bold."""
    facts: tuple[str, ...]
    """Ids of the facts behind the label."""


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """The criterion in force as a line."""

    value: float
    """Percent of baseline."""
    label: str
    """What the line is, under the figure."""
    facts: tuple[str, ...]
    """Ids of the facts shown."""
    short: str = field(default="", metadata=_KEPT_BACK)
    """Words at the line itself, such as `80% decrease`."""


@dataclass(frozen=True, slots=True)
class TrendFigure:
    """Amplitude in percent of baseline over time, for the responses of one modality."""

    id: str
    """Stable id."""
    title: str
    """Caption."""
    alt_text: str
    """The same facts in words, for readers who do not see the figure."""
    start_at: datetime
    """Left edge."""
    end_at: datetime
    """Right edge."""
    ticks: tuple[Tick, ...]
    """Axis labels."""
    unit_label: str
    """Unit of the value axis."""
    series: tuple[Series, ...]
    """Responses."""
    criterion: tuple[CriterionLine, ...]
    """Criterion lines. Empty: none recorded in percent of amplitude."""
    kind: Literal["trend"] = "trend"
    """Kind of block."""
    note: tuple[Omission, ...] = ()
    """What the figure leaves out. Empty: nothing that belongs into it."""
    breaks: tuple[FigureSpan, ...] = field(default=(), metadata=_KEPT_BACK)
    """Gaps, outages and stand-bys of the modality on the axis. Empty: none has times there."""
    marks: tuple[Mark, ...] = field(default=(), metadata=_KEPT_BACK)
    """Events of the modality, as lines across the figure."""

    def statements(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each point and line in words with its facts."""
        for series in self.series:
            # A line is drawn for its points: without them its label is not there.
            yield (
                series.label,
                tuple(dict.fromkeys((*series.facts, *(i for point in series.points for i in point.facts)))),
            )
            for point in series.points:
                yield point.text or f"{point.value:.0f}%", point.facts
        for line in self.criterion:
            yield line.label, line.facts
        if self.marks:
            # Events are marked across the points of their responses: without these there is no figure.
            own = (point for series in self.series if series.emphasised for point in series.points)
            beneath = tuple(dict.fromkeys(i for point in own for i in point.facts))
            for mark in self.marks:
                yield f"{mark.kind} {mark.label}", (*mark.facts, *beneath)
        for span in self.breaks:
            yield span.label or span.kind, span.facts
        for omission in self.note:
            yield omission.text, omission.facts
