"""Tables made narrower: columns that hold nothing vanish, and what every row says is said once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from report_gen.document.blocks import Row, SentenceT, Table

__all__ = ["with_constants", "without_columns", "without_empty_columns"]


def without_empty_columns(table: Table[SentenceT]) -> Table[SentenceT]:
    """The table without the columns whose cells are all empty; the first column stays."""
    empty = {
        index for index in range(1, len(table.columns)) if not any(row.cells[index].text for row in _rows_of(table))
    }
    return without_columns(table, empty)


def without_columns(table: Table[SentenceT], columns: Collection[int]) -> Table[SentenceT]:
    """The table without the columns at these places."""
    if not columns:
        return table
    kept = [index for index in range(len(table.columns)) if index not in columns]
    return replace(
        table,
        columns=tuple(table.columns[index] for index in kept),
        rows=tuple(replace(row, cells=tuple(row.cells[index] for index in kept)) for row in table.rows),
    )


def with_constants(
    table: Table[SentenceT],
    movable: Collection[str],
    tell: Callable[[str, str, tuple[str, ...]], SentenceT | None],
) -> Table[SentenceT]:
    """The table with what every row says told once in a note; its columns vanish.

    A table of one row keeps its columns, and so does one that has nothing else to show.

    Args:
        table: The table.
        movable: Titles of the columns that may go; the first column never does.
        tell: Words what all cells of a column say, from its title, their text and the ids of their facts. None: the
            column stays.
    """
    rows = _rows_of(table)
    if len(rows) < 2:
        return table
    gone: list[int] = []
    notes: list[SentenceT] = []
    for index, column in enumerate(table.columns):
        texts = {row.cells[index].text for row in rows}
        if not index or column.title not in movable or len(texts) != 1 or texts == {""}:
            continue
        cited = tuple(dict.fromkeys(fact for row in rows for fact in row.cells[index].facts))
        sentence = tell(column.title, rows[0].cells[index].text, cited)
        if sentence is not None:
            gone.append(index)
            notes.append(sentence)
    return replace(without_columns(table, gone), note=(*notes, *table.note))


def _rows_of(table: Table[SentenceT]) -> list[Row]:
    return [row for row in table.rows if not row.heading]
