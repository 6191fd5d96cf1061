"""Montage and further baselines of every response, and every reading that stands nowhere else as a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from report_gen.document.blocks import Cell, Column, Paragraph, Row, Section, Table
from report_gen.document.tables import without_empty_columns
from report_gen.draft.model import Block, Sentence, Stated
from report_gen.draft.responses import PairedResponse, ResponseRow, grouped, rows_of
from report_gen.draft.sentences import say
from report_gen.draft.technical.remarks import Remarks
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.views.courses import Reading, ResponseCourse

__all__ = ["all_readings", "montages"]

_SIDE_BY_SIDE = 4
"""Channels beside each other in the table of readings."""
_FEW = 2
"""Channels, and rows, up to which a table of readings is narrow, or short."""


def all_readings(facts: Facts) -> tuple[Section[Block], ...]:
    """Every timed reading between baseline and closing, by modality and time; nothing where there is none.

    Readings of events stand with their event, and those without a clock time with the closing values.
    """
    courses = {course.channel.id: course for course in facts.responses}
    tables: list[Block] = []
    changes: list[Fact] = []
    for modality, responses in grouped(facts):
        channels = [channel for response in responses for channel in response.channels]
        read = [course for channel in channels if _timed(course := courses[channel.id])]
        changes.extend(reading.change for course in read for reading in _timed(course) if reading.change is not None)
        for start in range(0, len(read), _SIDE_BY_SIDE):
            tables.append(_readings(modality, read[start : start + _SIDE_BY_SIDE], start))
    sentences: list[Sentence] = []
    if shared := [change for change in changes if _share(change)]:
        share = Words("percent of baseline", [Stated(change.id) for change in shared])
        sentences.append(say("record.of_baseline", share=share))
    if tables and (read_at := [chain.event for chain in facts.events if chain.every_reading]):
        events = joined_words([Noted(event).text("id") for event in read_at])
        sentences.append(say("record.readings_of_events", events=events))
    if sentences:
        tables.insert(0, Paragraph(tuple(sentences)))
    return (Section("readings", "All readings", tuple(tables)),) if tables else ()


def _timed(course: ResponseCourse) -> list[Reading]:
    return [
        reading
        for reading in course.readings
        if reading.fact.kind == "channel.measurement" and reading.fact.instant("at") is not None
    ]


def _readings(modality: Fact, courses: Sequence[ResponseCourse], start: int) -> Table[Sentence]:
    """Times down, responses across; a reading beyond its criterion is bold."""
    at: dict[float, dict[str, list[Reading]]] = {}
    for course in courses:
        for reading in _timed(course):
            instant = reading.fact.instant("at")
            if instant is not None:
                at.setdefault(instant.timestamp(), {}).setdefault(course.channel.id, []).append(reading)
    remarks = Remarks(reading.fact for course in courses for reading in _timed(course))
    rows: list[Row] = []
    for _, by_channel in sorted(at.items()):
        every = [reading for readings in by_channel.values() for reading in readings]
        cells = [_cell(by_channel.get(course.channel.id, ()), remarks) for course in courses]
        rows.append(Row((Cell(every[0].fact.text("at"), tuple(reading.fact.id for reading in every)), *cells)))
    columns = (Column("Time", 0.7), *(Column(course.channel.text("short"), 1.6) for course in courses))
    return Table(
        f"readings-{modality.modality}-{start // _SIDE_BY_SIDE + 1}",
        f"Readings between baseline and closing, {modality.text('label')}",
        columns,
        tuple(rows),
        remarks.notes(),
        panels=2 if len(courses) <= _FEW and len(rows) > _FEW else 1,
    )


def _cell(readings: Sequence[Reading], remarks: Remarks) -> Cell:
    words: list[str] = []
    cited: list[str] = []
    for reading in readings:
        share = _share(reading.change) if reading.change is not None else ""
        words.append(remarks.short(reading.fact.text("text"), reading.fact) + (f" ({share})" if share else ""))
        cited.extend((reading.fact.id, *((reading.change.id,) if reading.change is not None else ())))
    beyond = any(reading.change is not None and reading.change.status == "beyond_criterion" for reading in readings)
    return Cell("; ".join(words), tuple(cited), strong=beyond)


def _share(change: Fact) -> str:
    """The reading in percent of its baseline, by the first of its values that is judged so. Empty: none is."""
    names = [kind.of_baseline for kind in change_names().values() if kind.in_percent]
    return next((change.text(name) for name in names if change.text(name)), "")


def montages(facts: Facts) -> tuple[Section[Block], ...]:
    """Montage of every response, and the baselines that closing status does not show; nothing without channels."""
    courses = {course.channel.id: course for course in facts.responses}
    remarks = Remarks(fact for course in facts.responses for fact in course.baselines)
    rows: list[Row] = []
    for modality, responses in grouped(facts):
        shown = [response for response in responses if _has_more(courses, response)]
        montage_rows = rows_of(shown, lambda response: _montage_row(courses, remarks, response))
        if montage_rows:
            head = Cell(modality.text("label"), (modality.id,), strong=True)
            rows.extend([Row((head, *[Cell("")] * 4), heading=True), *montage_rows])
    if not rows:
        return ()
    further = [Column(side, 2.0, group="Further baselines") for side in ("Left", "Right", "Other side")]
    columns = (Column("Response", 2.0), Column("Montage", 1.4), *further)
    table = Table("montages", "By response", columns, tuple(rows), remarks.notes())
    return (Section("montages", "Montages and further baselines", (without_empty_columns(table),)),)


def _has_more(courses: Mapping[str, ResponseCourse], response: PairedResponse) -> bool:
    """Whether a montage or a second site is recorded, or a baseline stands nowhere else."""
    return any(
        channel.text("montage")
        or sum(bool(channel.text(name)) for name in ("nerve", "muscle", "level", "electrode")) > 1
        or len(courses[channel.id].baselines) > 1
        for channel in response.channels
    )


def _montage_row(courses: Mapping[str, ResponseCourse], remarks: Remarks, response: PairedResponse) -> ResponseRow:
    by_montage: dict[str, list[Fact]] = {}
    for channel in response.channels:
        by_montage.setdefault(channel.text("montage") or "not recorded", []).append(channel)
    montage = (
        next(iter(by_montage))
        if len(by_montage) == 1
        else "; ".join(
            f"{_side_words(channel)} {words}".strip() for words, channels in by_montage.items() for channel in channels
        )
    )
    cells = [_further(courses, remarks, response, sides) for sides in (("left",), ("right",), ())]
    ids = tuple(channel.id for channel in response.channels)
    named = dict.fromkeys(
        words
        for channel in response.channels
        for name in ("nerve", "muscle", "level", "electrode")
        if (words := channel.text(name)) and words not in response.name
    )
    montage = ", ".join([montage, *named])
    return ResponseRow((Cell(montage, ids), *cells), measured=any(cell.text for cell in cells))


def _further(
    courses: Mapping[str, ResponseCourse], remarks: Remarks, response: PairedResponse, sides: tuple[str, ...]
) -> Cell:
    """Baselines of one side that closing values do not show; without a side, those of channels of neither."""
    parts: list[str] = []
    cited: list[str] = []
    for channel in response.channels:
        if (channel.side in ("left", "right")) != bool(sides) or (sides and channel.side not in sides):
            continue
        used = courses[channel.id].reference
        for fact in courses[channel.id].baselines:
            if fact is used or (fact.status == "not_recorded" and used is None):
                continue
            kind = fact.text("baseline_kind") or "kind not recorded"
            time = fact.text("at") or fact.text("when") or "(time not recorded)"
            parts.append(f"{kind} {time}: {remarks.short(fact.text('text'), fact)}")
            cited.append(fact.id)
    return Cell("; ".join(parts), tuple(cited))


def _side_words(channel: Fact) -> str:
    return channel.side if channel.side in ("left", "right", "midline") else ""
