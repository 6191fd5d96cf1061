"""The content of one report brought down to what any engine can set: headings, text with a lead-in, and grids.

Of the package it takes `document` alone, which loads nothing else: a peer's process must not pay for loading ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, Literal, TypeAlias

from report_gen.document.blocks import Column
from report_gen.document.pages import Running

__all__ = [
    "BOLD",
    "CELL_PT",
    "FAMILY",
    "FONTS",
    "MARGIN_PT",
    "REGULAR",
    "TEXT_PT",
    "Block",
    "Cell",
    "Content",
    "Heading",
    "Paragraph",
    "Row",
    "Table",
]

FONTS: Final = Path(__file__).resolve().parents[2] / "report_gen" / "render" / "pdf" / "fonts"
"""Folder of the report fonts, which every engine embeds."""
FAMILY: Final = "Report Sans"
"""Family name inside the font files."""
REGULAR: Final = FONTS / "ReportSans-Regular.ttf"
"""The regular face."""
BOLD: Final = FONTS / "ReportSans-Bold.ttf"
"""The bold face."""
TEXT_PT: Final = 8.5
"""Type size of running text in points, as ours has it."""
CELL_PT: Final = 8.0
"""Type size in tables, headers and footers in points, as ours has it."""
MARGIN_PT: Final = 38.0
"""Left and right margin in points, as ours has it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    text: str
    """As printed."""
    level: Literal[1, 2, 3]
    """1 is the title of the report."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand in one paragraph."""

    sentences: tuple[str, ...]
    """In order; a line feed inside one is a line break."""
    label: str = ""
    """Bold lead-in with its punctuation, or a whole sentence that is bold. Empty: none."""
    kind: Literal["body", "item", "barred"] = "body"
    """Running text, one entry of a list, or text that nobody has adopted yet and that is marked by a bar."""

    @property
    def text(self) -> str:
        """The sentences as one text, without the label."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell."""

    text: str
    """As printed; may be empty."""
    label: str = ""
    """Bold lead-in with its punctuation, or a whole sentence that is bold. Empty: none."""
    strong: bool = False
    """Set bold."""
    tick: bool = False
    """Behind an empty box that a person ticks."""


@dataclass(frozen=True, slots=True)
class Row:
    """A table row."""

    cells: tuple[Cell, ...]
    """As many cells as the table has columns; one alone spans the table."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; caption and header row stand again, where the engine can, on every page it reaches."""

    kind: Literal["data", "values", "times", "box", "form"]
    """With header row and rules; a grid of labeled values without rules; times beside what happened, with rules and
    without header row; a frame; a frame with blanks to fill. No row is parted at the end of a page."""
    columns: tuple[Column, ...]
    """Columns; without a title where the table has no header row."""
    rows: tuple[Row, ...]
    """Rows under the header row."""
    caption: str = ""
    """Bold line above. Empty: none."""
    note: tuple[str, ...] = ()
    """Sentences below, each on a line of its own."""

    @property
    def shares(self) -> tuple[float, ...]:
        """Width of each column as a share of the table's."""
        total = sum(column.weight for column in self.columns)
        return tuple(column.weight / total for column in self.columns)

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """Headers over neighbouring columns with the number of these; empty over some. No item: over none at all."""
        if not any(column.group for column in self.columns):
            return ()
        runs = groupby(self.columns, key=lambda column: column.group)
        return tuple((group, len(list(run))) for group, run in runs)

    @property
    def unfilled(self) -> int:
        """Rows of a form above its blanks, which span it."""
        return sum(len(row.cells) == 1 for row in self.rows)


Block: TypeAlias = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that one part of a report, which is a file of its own, says in words."""

    title: str
    """Document title."""
    language: str
    """Language of the text, such as `en-US`."""
    page_pt: tuple[float, float]
    """Width and height of the paper in points."""
    running: Running
    """Header and footer, labels with their colon: labels and values stand in one line under the kind, the reference in
    a line with the count of pages, and a rule parts both from the body."""
    blocks: tuple[Block, ...]
    """The body in order."""

    def texts(self) -> Iterator[tuple[int, str]]:
        """Every text of the body, sentence by sentence and cell by cell, with the number of its block."""
        for number, block in enumerate(self.blocks):
            yield from ((number, text) for text in _texts(block) if text)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield block.text
        case Paragraph():
            yield block.label
            yield from block.sentences
        case Table():
            yield block.caption
            yield from (group for group, _ in block.groups)
            yield from (column.title for column in block.columns)
            yield from (part for row in block.rows for cell in row.cells for part in (cell.label, cell.text))
            yield from block.note
