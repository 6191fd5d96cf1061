"""Baseline, worst and closing reading of every response."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.document.blocks import Cell, Column, Row, Section, Table
from report_gen.document.tables import without_empty_columns
from report_gen.draft.model import Block, Sentence, Stated
from report_gen.draft.responses import PairedResponse, ResponseRow, grouped, rows_of, times_between
from report_gen.draft.sentences import say
from report_gen.draft.technical.remarks import Remarks
from report_gen.draft.words import Noted, Words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.views.courses import ResponseCourse
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["closing_status"]

_UNUSUAL = {
    "beyond_criterion": "beyond criterion",
    "no_criterion": "no criterion recorded",
    "not_comparable": "not comparable with the criterion",
}


def closing_status(facts: Facts) -> tuple[Section[Block], ...]:
    """Each response with baseline, worst and closing reading, left beside right; other sides stand apart."""
    groups = grouped(facts)
    if not groups:
        return ()
    lateral, other = _Responses(facts), _Responses(facts)
    for modality, responses in groups:
        sided = [response for response in responses if response.lateral]
        rest = [response for response in responses if not response.lateral]
        if sided:
            lateral.rows.append(lateral.heading(modality, sided, 7))
            lateral.rows.extend(rows_of(sided, lateral.both_sides))
        if rest:
            other.rows.append(other.heading(modality, rest, 5))
            other.rows.extend(other.one_side(response, channel) for response in rest for channel in response.channels)
    reading = (("Baseline", 1.15), ("Worst", 1.2), ("Closing", 1.45))
    tables: list[Block] = []
    if lateral.rows:
        columns = [Column(name, weight, group=side) for side in ("Left", "Right") for name, weight in reading]
        tables.append(
            lateral.table(
                "closing",
                "Baseline, worst and closing reading by response",
                (Column("Response", 1.5), *columns),
                () if other.rows else _formula(facts),
            )
        )
    if other.rows:
        columns = [Column(name, weight) for name, weight in reading]
        tables.append(
            other.table(
                "closing-other",
                "Baseline, worst and closing reading, responses that are not left or right",
                (Column("Response", 1.6), Column("Side", 0.9), *columns),
                _formula(facts),
            )
        )
    if (untimed := _untimed(facts)) is not None:
        tables.append(untimed)
    return (Section("closing", "Closing values by response", tuple(tables), role="closing"),)


def _untimed(facts: Facts) -> Table[Sentence] | None:
    """Readings between baseline and closing without a time by the clock: no figure can show them. None: there are none.

    Readings of events stand with their event.
    """
    rows = [
        Row(
            (
                Cell(f"{course.channel.text('short')}, {course.channel.text('label')}", (course.channel.id,)),
                Cell(reading.fact.text("when") or "not recorded", (reading.fact.id,)),
                Cell(reading.fact.text("text"), (reading.fact.id,)),
            )
        )
        for course in facts.responses
        for reading in course.readings
        if reading.fact.kind == "channel.measurement" and reading.fact.instant("at") is None
    ]
    if not rows:
        return None
    columns = (Column("Response", 1.6), Column("Time", 1.4), Column("Reading", 2.5))
    return Table("untimed", "Readings between baseline and closing without a time by the clock", columns, tuple(rows))


def _formula(facts: Facts) -> tuple[Sentence, ...]:
    """What stands in brackets, and what a closing reading without further words is."""
    changes = [fact for fact in facts.of_kind("channel.closing.change") if fact.values]
    if not changes:
        return ()
    within = [fact for fact in changes if fact.status == "within_criterion"]
    sentences = [say("record.formula", formula=_of(changes[0].formula, changes))]
    if within:
        words = _of("A closing reading with its change and no further words", within)
        sentences.append(say("record.within", readings=words))
    return tuple(sentences)


def _of(words: str, changes: Sequence[Fact]) -> Words:
    return Words(words, [Stated(fact.id) for fact in changes])


class _Responses:
    """The rows of a table of responses, with the remarks that are told once under it."""

    def __init__(self, facts: Facts) -> None:
        self.rows: list[Row] = []
        self._courses = {course.channel.id: course for course in facts.responses}
        every = [fact for course in facts.responses for fact in _read(course)]
        self._remarks = Remarks(every)
        self._unread: list[Fact] = []

    def table(
        self, name: str, caption: str, columns: tuple[Column, ...], note: tuple[Sentence, ...]
    ) -> Table[Sentence]:
        """The table of these rows, without columns that hold nothing."""
        unread = [say("record.none_read", worst=Noted(*self._unread))] if self._unread else []
        notes = (*note, *unread, *self._remarks.notes())
        return without_empty_columns(Table(name, caption, columns, tuple(self.rows), notes))

    def heading(self, modality: Fact, responses: Sequence[PairedResponse], columns: int) -> Row:
        """The modality with the kind and times of its baselines and the times of its closing readings."""
        shown = [self._courses[channel.id] for response in responses for channel in response.channels]
        baselines = [course.reference for course in shown if course.reference is not None]
        closings = [course.closing.fact for course in shown]
        kinds = joined(dict.fromkeys(fact.text("baseline_kind") or "unspecified" for fact in baselines))
        taken = [fact for fact in closings if fact.status != "not_recorded"]
        words = [modality.text("label")]
        if baselines:
            words.append(f"{kinds} baseline {times_between(baselines)}")
        words.append(f"closing {times_between(taken)}" if taken else "no closing reading")
        cited = tuple(fact.id for fact in (modality, *baselines, *closings))
        return Row((Cell("; ".join(words), cited, strong=True), *[Cell("")] * (columns - 1)), heading=True)

    def both_sides(self, response: PairedResponse) -> ResponseRow:
        """The cells of both sides, those of a side that was not recorded empty."""
        cells: list[Cell] = []
        for side in ("left", "right"):
            channel = response.on(side)
            cells.extend(self._readings(channel) if channel is not None else (Cell(""), Cell(""), Cell("")))
        return ResponseRow(tuple(cells), any(_in_numbers(self._courses[channel.id]) for channel in response.channels))

    def one_side(self, response: PairedResponse, channel: Fact) -> Row:
        """The row of one channel that is neither left nor right."""
        side = vocabulary("sides").display(channel.side)
        return Row((Cell(response.name, (channel.id,)), Cell(side, (channel.id,)), *self._readings(channel)))

    def _readings(self, channel: Fact) -> tuple[Cell, Cell, Cell]:
        course = self._courses[channel.id]
        baseline, closing, change = course.reference, course.closing.fact, course.closing.change
        names = [kind.judged for kind in change_names().values()]
        brackets = [change.text(name) for name in names if change.text(name)] if change is not None else []
        if change is not None and (change.status == "beyond_criterion" or _numeric(closing)):
            brackets += [_UNUSUAL[change.status]] if change.status in _UNUSUAL else []
        cited = tuple(fact.id for fact in (*course.closings, *([change] if change is not None else [])))
        words = closing.text("text") + (f" ({', '.join(brackets)})" if brackets else "")
        return (
            Cell(self._remarks.short(baseline.text("text"), baseline), (baseline.id,))
            if baseline is not None
            else Cell("not recorded", tuple(fact.id for fact in course.baselines)),
            self._worst(course),
            Cell(
                self._remarks.short(words, closing),
                cited,
                strong=change is not None and change.status == "beyond_criterion",
            ),
        )

    def _worst(self, course: ResponseCourse) -> Cell:
        worst = course.worst
        if course.baselines and not course.followed:
            return Cell("no baseline", (worst.id, *(fact.id for fact in course.baselines)))
        if worst.status == "none_between":
            self._unread.append(worst)
            return Cell("not read", (worst.id,))
        words = self._remarks.short(worst.text("told"), *_read(course))
        return Cell(words, (worst.id,), strong=worst.status == "beyond_criterion")


def _read(course: ResponseCourse) -> list[Fact]:
    """Every recorded reading of a response."""
    return [*course.baselines, *(reading.fact for reading in course.readings)]


def _numeric(fact: Fact) -> bool:
    return any(value.number is not None for value in fact.values)


def _in_numbers(course: ResponseCourse) -> bool:
    return any(_numeric(fact) for fact in (*course.baselines, *course.closings, course.worst))
