"""Figures as values: marks in time with the facts they show; how they look is the renderer's affair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = [
    "CriterionLine",
    "FigureSpan",
    "Lane",
    "Mark",
    "Phase",
    "Point",
    "Series",
    "Step",
    "Tick",
    "TimelineFigure",
    "TrendFigure",
]


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


@dataclass(frozen=True, slots=True)
class FigureSpan:
    """A stretch of a lane."""

    start_at: datetime
    """Start."""
    end_at: datetime
    """End."""
    kind: Literal["monitored", "gap"]
    """Monitored, or without data."""
    facts: tuple[str, ...]
    """Ids of the facts shown."""


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


@dataclass(frozen=True, slots=True)
class Lane:
    """One modality over time."""

    label: str
    """Short label of the modality."""
    spans: tuple[FigureSpan, ...]
    """Monitored stretches and gaps."""
    marks: tuple[Mark, ...]
    """Events of the modality."""
    facts: tuple[str, ...]
    """Ids of the facts behind the label."""


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
    """Modality lanes."""
    actions: tuple[Mark, ...]
    """Interventions, labelled with their event's id."""
    steps: tuple[Step, ...]
    """Key surgical steps."""
    handovers: tuple[Step, ...]
    """Hand-overs."""
    map_points: tuple[Point, ...]
    """Mean arterial pressure in mmHg. Empty: not recorded, and the panel is left out."""
    map_target: float | None
    """Pressure target in mmHg. None: none recorded."""
    map_target_facts: tuple[str, ...]
    """Ids of the facts behind the target."""
    kind: Literal["timeline"] = "timeline"
    """Kind of block."""

    def statements(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each mark in words with its facts."""
        for phase in self.phases:
            yield phase.label, phase.facts
        for lane in self.lanes:
            yield lane.label, lane.facts
            for span in lane.spans:
                yield span.kind, span.facts
            for mark in lane.marks:
                yield f"{mark.kind} {mark.label}", mark.facts
        for action in self.actions:
            yield f"{action.kind} {action.label}", action.facts
        for step in (*self.steps, *self.handovers):
            yield step.label, step.facts
        for point in self.map_points:
            yield f"{point.value:g} mmHg", point.facts
        if self.map_target is not None:
            yield f"target {self.map_target:g} mmHg", self.map_target_facts


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
    """Part of an event: drawn bold."""
    facts: tuple[str, ...]
    """Ids of the facts behind the label."""


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """The criterion in force as a line."""

    value: float
    """Percent of baseline."""
    label: str
    """Words on the line."""
    facts: tuple[str, ...]
    """Ids of the facts shown."""


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

    def statements(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each point and line in words with its facts."""
        for series in self.series:
            yield series.label, series.facts
            for point in series.points:
                yield f"{point.value:.0f}%", point.facts
        for line in self.criterion:
            yield line.label, line.facts
