"""Closing status by channel, and the results of stimulation tests and mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from report_gen.document.blocks import Cell, Column, Row, Section, Table
from report_gen.draft.model import Block, Sentence
from report_gen.draft.responses import PairedResponse, ResponseRow, grouped, rows_of, times_between
from report_gen.draft.sentences import sentence
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.views.courses import ResponseCourse
from report_gen.facts.views.modalities import StimulationTest, stimulation_results
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["closing_status", "stimulation_tests"]

_UNUSUAL = {
    "beyond_criterion": "beyond criterion",
    "no_criterion": "no criterion recorded",
    "not_comparable": "not comparable with the criterion",
}


def _side(fact: Fact) -> str:
    return vocabulary("sides").display(fact.side)


def closing_status(facts: Facts) -> tuple[Section[Block], ...]:
    """Each response with baseline, worst and closing reading, left beside right; other sides stand apart."""
    groups = grouped(facts)
    if not groups:
        return ()
    courses = {course.channel.id: course for course in facts.responses}
    lateral: list[Row] = []
    other: list[Row] = []
    for modality, responses in groups:
        sided = [response for response in responses if response.lateral]
        rest = [response for response in responses if not response.lateral]
        if sided:
            lateral.append(_heading(courses, modality, sided, 7))
            lateral.extend(rows_of(sided, lambda response: _both_sides(courses, response)))
        if rest:
            other.append(_heading(courses, modality, rest, 5))
            other.extend(_one_side(response, courses[channel.id]) for response in rest for channel in response.channels)
    reading = (Column("baseline", 1.15), Column("worst", 1.2), Column("closing", 1.45))
    tables: list[Block] = []
    if lateral:
        columns = [Column(f"{side} {column.title}", column.weight) for side in ("Left", "Right") for column in reading]
        tables.append(
            Table(
                "closing",
                "Baseline, worst and closing reading by response",
                (Column("Response", 1.5), *columns),
                tuple(lateral),
                () if other else _note(facts),
            )
        )
    if other:
        columns = [Column(column.title.capitalize(), column.weight) for column in reading]
        tables.append(
            Table(
                "closing-other",
                "Baseline, worst and closing reading, responses that are not left or right",
                (Column("Response", 1.6), Column("Side", 0.9), *columns),
                tuple(other),
                _note(facts),
            )
        )
    return (Section("closing", "Closing status", tuple(tables), role="closing"),)


def _note(facts: Facts) -> tuple[Sentence, ...]:
    change = next((fact for fact in facts.of_kind("channel.closing.change") if fact.values), None)
    if change is None:
        return ()
    words = "A closing reading with its change and no further words is within the criterion in force."
    return (sentence(f"Change in brackets: {change.formula}. {words}", change),)


def _heading(
    courses: Mapping[str, ResponseCourse], modality: Fact, responses: Sequence[PairedResponse], columns: int
) -> Row:
    """The modality with the kind and times of its baselines and the times of its closing readings."""
    shown = [courses[channel.id] for response in responses for channel in response.channels]
    baselines = [course.reference for course in shown if course.reference is not None]
    closings = [course.closing.fact for course in shown]
    kinds = joined(dict.fromkeys(fact.text("baseline_kind") or "unspecified" for fact in baselines))
    taken = [fact for fact in closings if fact.status != "not_recorded"]
    words = [modality.text("label")]
    if baselines:
        words.append(f"{kinds} baseline {times_between(baselines)}")
    words.append(f"closing {times_between(taken)}" if taken else "closing not recorded")
    cited = tuple(fact.id for fact in (modality, *baselines, *closings))
    return Row((Cell("; ".join(words), cited, strong=True), *[Cell("")] * (columns - 1)), heading=True)


def _readings(course: ResponseCourse) -> tuple[Cell, Cell, Cell]:
    baseline, worst, closing, change = course.reference, course.worst, course.closing.fact, course.closing.change
    names = [kind.judged for kind in change_names().values()]
    brackets = [change.text(name) for name in names if change.text(name)] if change is not None else []
    if change is not None and (change.status == "beyond_criterion" or _numeric(closing)):
        brackets += [_UNUSUAL[change.status]] if change.status in _UNUSUAL else []
    cited = tuple(fact.id for fact in (*course.closings, *([change] if change is not None else [])))
    words = closing.text("text") + (f" ({', '.join(brackets)})" if brackets else "")
    return (
        Cell(baseline.text("text"), (baseline.id,))
        if baseline is not None
        else Cell("not recorded", tuple(fact.id for fact in course.baselines)),
        Cell(_timed(worst), (worst.id,), strong=worst.status == "beyond_criterion")
        if worst is not None
        else _between(course),
        Cell(words, cited, strong=change is not None and change.status == "beyond_criterion"),
    )


def _timed(reading: Fact) -> str:
    return f"{reading.text('text')}, {reading.text('at')}" if reading.text("at") else reading.text("text")


def _between(course: ResponseCourse) -> Cell:
    """What a response without comparable numbers showed between baseline and closing, events included."""
    words = dict.fromkeys(fact.text("text") for fact in course.before_closing if fact.status != "not_recorded")
    if not words:
        return Cell("none recorded", (course.channel.id,))
    return Cell("; ".join(words), tuple(fact.id for fact in course.before_closing))


def _numeric(fact: Fact) -> bool:
    return any(value.number is not None for value in fact.values)


def _both_sides(courses: Mapping[str, ResponseCourse], response: PairedResponse) -> ResponseRow:
    cells: list[Cell] = []
    for side in ("left", "right"):
        channel = response.on(side)
        cells.extend(_readings(courses[channel.id]) if channel is not None else (Cell(""), Cell(""), Cell("")))
    return ResponseRow(tuple(cells), any(_in_numbers(courses[channel.id]) for channel in response.channels))


def _in_numbers(course: ResponseCourse) -> bool:
    worst = [course.worst] if course.worst is not None else []
    return any(_numeric(fact) for fact in (*course.baselines, *course.closings, *worst))


def _one_side(response: PairedResponse, course: ResponseCourse) -> Row:
    channel = course.channel
    return Row((Cell(response.name, (channel.id,)), Cell(_side(channel), (channel.id,)), *_readings(course)))


def stimulation_tests(facts: Facts) -> tuple[Section[Block], ...]:
    """Tables of screw, nerve and dilator tests and of mapping results; nothing when none is recorded."""
    blocks: list[Block] = []
    every = stimulation_results(facts)
    for kind, title in (
        ("screw", "Pedicle screw stimulation"),
        ("nerve", "Nerve stimulation"),
        ("dilator", "Directional stimulation"),
    ):
        tests = [test for test in every if test.fact.group == f"threshold.{kind}"]
        if tests:
            blocks.append(
                Table(
                    f"tests-{kind}",
                    title,
                    (
                        Column("Place", 1.5),
                        Column("Time", 0.6),
                        Column("Result", 1.3),
                        Column("Criterion", 1.4),
                        Column("Muscle", 0.7),
                        Column("Stage", 1.0),
                        Column("Note", 1.6),
                    ),
                    tuple(_test_row(test) for test in tests),
                )
            )
    mapped = facts.of_kind("mapping")
    if mapped:
        blocks.append(
            Table(
                "mapping",
                "Mapping",
                (
                    Column("Modality", 1.3),
                    Column("Side", 0.6),
                    Column("Time", 0.6),
                    Column("Site", 1.4),
                    Column("Stimulus", 1.0),
                    Column("Result", 2.4),
                ),
                tuple(_mapping_row(fact) for fact in mapped),
            )
        )
    return (Section("tests", "Stimulation tests and mapping", tuple(blocks)),) if blocks else ()


def _says_the_highest(fact: Fact) -> bool:
    """Whether the result of a test is itself the highest current or voltage that was tested."""
    reached = ("threshold_ma", "max_tested_ma"), ("threshold_v", "max_tested_v")
    pairs = [(fact.number(threshold), fact.number(limit)) for threshold, limit in reached]
    return fact.status == "no_response" or any(limit is not None and at == limit for at, limit in pairs)


def _test_row(test: StimulationTest) -> Row:
    fact, met = test.fact, test.criterion
    highest = fact.text("max_tested_ma") or fact.text("max_tested_v")
    notes = [
        fact.text("direction"),
        f"tested up to {highest}" if highest and not _says_the_highest(fact) else "",
        fact.text("note"),
    ]
    return Row(
        (
            Cell(fact.text("place"), (fact.id,), strong=True),
            Cell(fact.text("at") or "not recorded", (fact.id,)),
            Cell(fact.text("result"), (fact.id,), strong=met is not None and met.status == "met"),
            _criterion_cell(fact, met),
            Cell(fact.text("muscle") or ("none" if fact.status == "no_response" else "not recorded"), (fact.id,)),
            Cell(fact.text("stage"), (fact.id,)),
            Cell("; ".join(part for part in notes if part), (fact.id,)),
        )
    )


def _criterion_cell(fact: Fact, met: Fact | None) -> Cell:
    if met is None:
        return Cell("none recorded", (fact.id,))
    return Cell(f"{met.text('text')}: {met.text('criterion')}", (met.id,), strong=met.status == "met")


def _mapping_row(fact: Fact) -> Row:
    stimulus = " ".join(part for part in (fact.text("intensity_ma"), fact.text("polarity")) if part)
    after = {"yes": "; after-discharge recorded", "no": "; no after-discharge recorded"}.get(
        fact.text("after_discharge"), ""
    )
    return Row(
        (
            Cell(fact.text("modality"), (fact.id,)),
            Cell(_side(fact), (fact.id,)),
            Cell(fact.text("at") or "not recorded", (fact.id,)),
            Cell(fact.text("site"), (fact.id,)),
            Cell(stimulus, (fact.id,)),
            Cell(fact.text("result") + after, (fact.id,)),
        )
    )
