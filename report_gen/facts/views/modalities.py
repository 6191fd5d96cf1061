"""Facts of one modality grouped: its course, its stimulation tests, its rows of the summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from report_gen.facts.fact import Fact
from report_gen.facts.index import FactIndex
from report_gen.facts.views.courses import ResponseCourse

__all__ = [
    "ModalityCourse",
    "StimulationTest",
    "SummaryRow",
    "modality_courses",
    "stimulation_results",
    "summary_rows",
]


@dataclass(frozen=True, slots=True)
class StimulationTest:
    """One test of a screw, nerve or dilator."""

    fact: Fact
    """Place, result, stage."""
    criterion: Fact | None
    """The result held against the criterion in force. None: there is none, or no result is recorded."""


@dataclass(frozen=True, slots=True)
class ModalityCourse:
    """One modality as set up, reviewed and read. A part that the record does not have is None or empty."""

    modality: Fact
    """Ordered, performed, or why not."""
    indication: Fact | None
    """Structures at risk that it assessed."""
    stimulation: tuple[Fact, ...]
    """Its settings in the order of the record; one that is not recorded stands for itself."""
    recording: Fact | None
    """How it was recorded; one that is not recorded stands for itself. None: it was not performed."""
    impedances: tuple[Fact, ...]
    baseline_review: Fact | None
    """One that is not recorded stands for itself. None: there is no baseline that anybody could review."""
    baseline_resets: tuple[Fact, ...]
    """New baselines decided on, in the order of the record."""
    extreme: Fact | None
    """Which responses met the criterion, and the farthest from baseline. None: nothing can be placed or told."""
    patterns: Fact | None
    """The patterns that its responses showed. None: their readings name none."""
    tests: tuple[StimulationTest, ...]
    """Its stimulation tests, in the order of the record."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One row of the results: a response group with its cells, each of which is a fact of its own."""

    fact: Fact
    """Name, modality, and the gravest class of event that names it; a side where that is neither left nor right."""
    courses: tuple[ResponseCourse, ...]
    """Each response, in the order of the record. Empty: an event that names none."""
    worst: Mapping[str, Fact]
    """Worst between baseline and closing, by side code."""
    closing: Mapping[str, Fact]
    """Closing, by side code."""
    events: Fact | None
    """The events that name a response of the row. None: none does."""


def stimulation_results(facts: FactIndex) -> tuple[StimulationTest, ...]:
    """Every stimulation test of a case, in the order of the record."""
    held = {fact.inputs[0]: fact for fact in facts.of_kind("threshold.criterion")}
    return tuple(StimulationTest(fact, held.get(fact.id)) for fact in facts.of_kind("threshold"))


def modality_courses(facts: FactIndex) -> tuple[ModalityCourse, ...]:
    """The course of every modality of a case: those recorded in their order, then those only ordered."""
    indications = {fact.modality: fact for fact in reversed(facts.of_kind("indication"))}
    tests: dict[str, list[StimulationTest]] = {}
    for test in stimulation_results(facts):
        tests.setdefault(test.fact.modality, []).append(test)
    return tuple(
        _modality(facts, fact, indications.get(fact.modality), tuple(tests.get(fact.modality, ())))
        for fact in facts.of_kind("modality")
    )


def _modality(
    facts: FactIndex, modality: Fact, indication: Fact | None, tests: tuple[StimulationTest, ...]
) -> ModalityCourse:
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts.in_group(modality.group):
        by_kind.setdefault(fact.kind.removeprefix("modality."), []).append(fact)
    return ModalityCourse(
        modality=modality,
        indication=indication,
        stimulation=tuple(by_kind.get("stimulation", ())),
        recording=_first(by_kind, "recording"),
        impedances=tuple(by_kind.get("impedance", ())),
        baseline_review=_first(by_kind, "baseline_review"),
        baseline_resets=tuple(by_kind.get("baseline_reset", ())),
        extreme=_first(by_kind, "extreme"),
        patterns=_first(by_kind, "patterns"),
        tests=tests,
    )


def summary_rows(facts: FactIndex, responses: tuple[ResponseCourse, ...]) -> tuple[SummaryRow, ...]:
    """Each row of the results of a case, in the order of its modalities.

    Args:
        facts: The facts.
        responses: The courses of their channels.
    """
    courses = {course.channel.id: course for course in responses}
    return tuple(_summary(facts, fact, courses) for fact in facts.of_kind("result.group"))


def _summary(facts: FactIndex, row: Fact, courses: Mapping[str, ResponseCourse]) -> SummaryRow:
    events = facts.in_group(row.id, "result.events")
    return SummaryRow(
        fact=row,
        courses=tuple(courses[name] for name in row.inputs if name in courses),
        worst={fact.side: fact for fact in facts.in_group(row.id, "result.worst")},
        closing={fact.side: fact for fact in facts.in_group(row.id, "result.closing")},
        events=events[0] if events else None,
    )


def _first(by_kind: Mapping[str, list[Fact]], kind: str) -> Fact | None:
    return by_kind.get(kind, [None])[0]
