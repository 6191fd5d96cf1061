"""Tables without columns that hold nothing, and with what every row says told once."""

from __future__ import annotations

from report_gen.document.blocks import Cell, Column, Phrase, Row, Table
from report_gen.document.tables import with_constants, without_empty_columns


def table(*rows: tuple[str, ...], heading: str = "") -> Table[Phrase]:
    """A table of these rows, each cell citing its text."""
    columns = tuple(Column(title, 1.0) for title in ("Place", "Side", "Stage", "Note")[: len(rows[0])])
    body = [Row(tuple(Cell(text, (f"f-{text}",) if text else ()) for text in row)) for row in rows]
    head = [Row((Cell(heading), *[Cell("")] * (len(columns) - 1)), heading=True)] if heading else []
    return Table("t", "Tests", columns, (*head, *body))


def told(title: str, words: str, facts: tuple[str, ...]) -> Phrase:
    """The words of a note."""
    return Phrase(f"{title}: {words} [{', '.join(facts)}]")


class TestWithoutEmptyColumns:
    def test_a_column_without_a_word_vanishes(self):
        """Its header goes with it, and rows that head others keep their shape."""
        found = without_empty_columns(table(("L4", "", "initial"), ("L5", "", "final"), heading="Screws"))
        assert [column.title for column in found.columns] == ["Place", "Stage"]
        assert [[cell.text for cell in row.cells] for row in found.rows] == [
            ["Screws", ""],
            ["L4", "initial"],
            ["L5", "final"],
        ]

    def test_one_word_keeps_a_column(self):
        """What a single row says is not lost."""
        assert len(without_empty_columns(table(("L4", ""), ("L5", "left"))).columns) == 2

    def test_the_first_column_stays(self):
        """It names the rows, if only they had names."""
        assert [column.title for column in without_empty_columns(table(("", "left"))).columns] == ["Place", "Side"]


class TestWithConstants:
    def test_what_every_row_says_is_told_once(self):
        """The note cites each fact whose cell is gone."""
        found = with_constants(table(("L4", "left", "initial"), ("L5", "left", "final")), ("Side", "Stage"), told)
        assert [column.title for column in found.columns] == ["Place", "Stage"]
        assert [note.text for note in found.note] == ["Side: left [f-left]"]

    def test_other_columns_stay_as_they_are(self):
        """Nobody asked for them to move."""
        found = with_constants(table(("L4", "left"), ("L5", "left")), (), told)
        assert (len(found.columns), found.note) == (2, ())

    def test_one_row_keeps_its_columns(self):
        """Nothing would be said less often."""
        assert len(with_constants(table(("L4", "left")), ("Side",), told).columns) == 2
