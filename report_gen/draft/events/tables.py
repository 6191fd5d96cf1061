"""The values of an event by response: baseline, at the event, at each re-test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from report_gen.document.blocks import Cell, Column, Row, Table
from report_gen.draft.events.values import names_of
from report_gen.draft.model import Sentence
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.views.courses import EventChain, Reading

__all__ = ["values_table"]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen at one time of an event: one column of its values."""

    title: str
    at: datetime | None
    """Time of all its readings that have no other. None: not recorded."""
    readings: Mapping[str, Reading]
    """By id of the response."""


def _reading_cell(reading: Reading, column: _Seen) -> Cell:
    """The reading with its change in brackets and a time of its own, bold where it meets the criterion."""
    value, change = reading.fact, reading.change
    words = value.text("text")
    names = [kind.remaining for kind in change_names().values()]
    brackets = [change.text(name) for name in names if change.text(name)] if change is not None else []
    if brackets:
        words = f"{words} ({', '.join(brackets)})"
    if value.text("at") and value.instant("at") != column.at:
        words = f"{words} at {value.text('at')}"
    if value.text("when"):
        words = f"{words}, {value.text('when')}"
    beyond = change is not None and change.status == "beyond_criterion"
    return Cell(words, (value.id, *([change.id] if change is not None else [])), strong=beyond)


def values_table(chain: EventChain) -> Table[Sentence] | None:
    """Values of the event by response: baseline, during the event, and at each re-test."""
    columns: list[_Seen] = []
    if chain.readings:
        rounds = _rounds(chain.readings)
        titles = ["At the event"] if len(rounds) == 1 else [f"At the event ({turn + 1})" for turn in range(len(rounds))]
        columns.extend(_Seen(title, None, readings) for title, readings in zip(titles, rounds, strict=True))
    for index, retest in enumerate(chain.retests):
        if retest.readings:
            time = retest.fact.text("at") or retest.fact.text("when")
            at = f", {time}" if time else ""
            columns.extend(
                _Seen(f"Re-test {index + 1}{at}", retest.fact.instant("at"), readings)
                for readings in _rounds(retest.readings)
            )
    names = names_of(reading for column in columns for reading in column.readings.values())
    if not columns or len(columns) > 4:
        return None if not columns else _long_values(chain, columns, names)
    rows: list[Row] = []
    for response, name in names.items():
        sample = next(column.readings[response] for column in columns if response in column.readings)
        cells = [Cell(name, (sample.fact.id,), strong=True), _baseline_cell(sample)]
        cells.extend(
            _reading_cell(column.readings[response], column) if response in column.readings else Cell("")
            for column in columns
        )
        rows.append(Row(tuple(cells)))
    return Table(
        f"values-{chain.id}",
        f"Values of {chain.event.text('id')} (in brackets: percent of baseline, change of latency)",
        (Column("Response", 1.0), Column("Baseline", 1.2), *(Column(column.title, 1.6) for column in columns)),
        tuple(rows),
    )


def _rounds(readings: Sequence[Reading]) -> list[dict[str, Reading]]:
    """Readings by response; a response that was read several times stands in as many of them, in its order."""
    rounds: list[dict[str, Reading]] = []
    for reading in readings:
        free = next((row for row in rounds if reading.channel.id not in row), None)
        if free is None:
            free = {}
            rounds.append(free)
        free[reading.channel.id] = reading
    return rounds


def _long_values(chain: EventChain, columns: Sequence[_Seen], names: Mapping[str, str]) -> Table[Sentence]:
    rows: list[Row] = []
    for column in columns:
        for position, (response, reading) in enumerate(column.readings.items()):
            fact = reading.fact
            rows.append(
                Row(
                    (
                        Cell(column.title if position == 0 else "", (fact.id,) if position == 0 else (), strong=True),
                        Cell(names[response], (fact.id,)),
                        _baseline_cell(reading),
                        _reading_cell(reading, column),
                    )
                )
            )
    return Table(
        f"values-{chain.id}",
        f"Values of {chain.event.text('id')} (in brackets: percent of baseline, change of latency)",
        (Column("When", 1.1), Column("Response", 1.0), Column("Baseline", 1.1), Column("Value", 2.0)),
        tuple(rows),
    )


def _baseline_cell(reading: Reading) -> Cell:
    """The baseline that the reading's change was computed from."""
    baseline = reading.baseline
    return Cell(baseline.text("text"), (baseline.id,)) if baseline is not None else Cell("")
