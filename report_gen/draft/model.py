"""The draft report as values: sections of sentences, tables, figures and blanks, each naming the facts it states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import Field

from report_gen.draft.figures import TimelineFigure, TrendFigure

__all__ = [
    "Block",
    "Cell",
    "Column",
    "Draft",
    "KeyValue",
    "KeyValues",
    "Paragraph",
    "Row",
    "Section",
    "Sentence",
    "SignatureBlock",
    "SignatureLine",
    "Stated",
    "Table",
    "statements",
]


_KEPT_BACK: Final[Any] = Field(exclude=True)
"""Which values a sentence states is for programs here; ``report.json`` of version 1 holds the facts alone."""


class Stated(NamedTuple):
    """One thing that a sentence says of a fact."""

    fact: str
    """Id of the fact."""
    value: str = ""
    """Name of the value, or `side`, or `modality` for the modality that it is about. Empty: the fact as such."""
    how: Literal["says", "lacks", "shows"] = "says"
    """`says`: it is stated. `lacks`: that it is not recorded is stated. `shows`: nothing of the fact is stated; it is
    the reading that shows what the sentence says."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One printed sentence and the facts it states."""

    text: str
    """The sentence as printed, without markup."""
    facts: tuple[str, ...]
    """Ids of the facts that it states and of the readings that show what it says, at least one."""
    worded_by: Literal["template", "model", "person"] = "template"
    """Who worded it."""
    refused: str = ""
    """Why a model's wording was refused. Empty: none was offered, or it was taken."""
    states: Annotated[tuple[Stated, ...], _KEPT_BACK] = ()
    """What it states, noted while it was worded; nobody searches the text for it. Empty: read from a file."""

    @classmethod
    def stating(
        cls, text: str, states: Iterable[Stated], *, worded_by: Literal["template", "model", "person"] = "template"
    ) -> Sentence:
        """A sentence that cites what it states, each fact once, in that order."""
        rows = tuple(states)
        return cls(text, tuple(dict.fromkeys(state.fact for state in rows)), worded_by, states=rows)

    @property
    def stated(self) -> tuple[str, ...]:
        """Ids of the facts of which it states anything: all of them but those that only show what it says."""
        shown = {state.fact for state in self.states if state.how == "shows"}
        return tuple(fact for fact in self.facts if fact not in shown)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that belong together, with an optional bold lead-in."""

    sentences: tuple[Sentence, ...]
    """The sentences in order."""
    label: str = ""
    """Lead-in such as `Onset`. Empty: none."""
    verbatim: bool = False
    """The text is a person's own and keeps its line breaks."""
    listed: bool = False
    """Each sentence takes a line of its own."""
    proposed: bool = False
    """The text is a proposal that the professional adopts, edits or replaces."""
    kind: Literal["paragraph"] = "paragraph"
    """Kind of block."""


@dataclass(frozen=True, slots=True)
class KeyValue:
    """A label and its value, set in one cell so that text extraction keeps them together."""

    label: str
    """Label, without colon."""
    text: str
    """Value as printed; `not recorded` when the record has none."""
    facts: tuple[str, ...]
    """Ids of the facts stated."""


@dataclass(frozen=True, slots=True)
class KeyValues:
    """A grid of labelled values."""

    items: tuple[KeyValue, ...]
    """Cells in reading order."""
    columns: int = 2
    """Columns of the grid, 1 to 3."""
    kind: Literal["key_values"] = "key_values"
    """Kind of block."""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column."""

    title: str
    """Header as printed."""
    weight: float
    """Share of the width, relative to the other columns."""
    align: Literal["left", "right", "center"] = "left"
    """Alignment of the cells."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell."""

    text: str
    """Text as printed; empty only where the row has nothing to say in that column."""
    facts: tuple[str, ...] = ()
    """Ids of the facts stated. Empty only for an empty cell or a row label that repeats the columns' sense."""
    strong: bool = False
    """Set bold (an alert, or a row label)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A table row with as many cells as the table has columns."""

    cells: tuple[Cell, ...]
    """Cells in column order."""
    heading: bool = False
    """The first cell heads the rows below and spans the table; the other cells are empty."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its header row repeats when it splits over pages."""

    id: str
    """Stable id such as `summary`."""
    caption: str
    """Caption, also the table's accessible summary."""
    columns: tuple[Column, ...]
    """Columns."""
    rows: tuple[Row, ...]
    """Rows."""
    note: tuple[Sentence, ...] = ()
    """Sentences under the table, such as formulas and units."""
    panels: Literal[1, 2] = 1
    """Set as one column of rows, or as two columns of narrow rows side by side, left one first."""
    kind: Literal["table"] = "table"
    """Kind of block."""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A blank for a person to fill by hand or on signing."""

    label: str
    """What goes there."""
    prefilled: str = ""
    """Value from the record, such as a printed name. Empty: left blank."""
    facts: tuple[str, ...] = ()
    """Ids of the facts in `prefilled`."""


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Blanks for attestation and signature; never filled by the program."""

    title: str
    """Title such as `Interpreting professional`."""
    statement: str
    """What the signature will mean, worded as a blank to complete."""
    lines: tuple[SignatureLine, ...]
    """Blanks."""
    kind: Literal["signature"] = "signature"
    """Kind of block."""


Block = Paragraph | KeyValues | Table | SignatureBlock | TimelineFigure | TrendFigure


@dataclass(frozen=True, slots=True)
class Section:
    """One section, in the fixed order of the report."""

    id: str
    """Stable id such as `impression`."""
    title: str
    """Heading as printed."""
    blocks: tuple[Block, ...]
    """Content, never empty."""
    level: Literal[1, 2] = 1
    """Heading level; 2 stands under the last 1."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole report before checks."""

    report_id: str
    """Report id: the same case and versions give the same id."""
    version: int
    """Report version, from 1."""
    title: str
    """Document title: case id and kind of report, never the patient's name."""
    stamp_at: datetime
    """The report's own time (the latest time in the record), used as creation date."""
    running_header: tuple[KeyValue, ...]
    """Patient, MRN, date of birth, date of service: on every page."""
    sections: tuple[Section, ...]
    """Sections in order."""
    language: str = "en-US"
    """Language of the text."""


def statements(draft: Draft, *, shown: bool = True) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Everything printed that states facts: (where, text, fact ids), in reading order.

    Args:
        draft: The draft.
        shown: Whether it counts what is only shown: by the marks of a figure, by a reading behind a sentence. Only
            words state a fact.
    """
    for item in draft.running_header:
        yield "running_header", f"{item.label}: {item.text}", item.facts
    for section in draft.sections:
        for block in section.blocks:
            if not shown and isinstance(block, (TimelineFigure, TrendFigure)):
                continue
            for text, facts in _block_statements(block, shown=shown):
                yield section.id, text, facts


def _block_statements(block: Block, *, shown: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    match block:
        case Paragraph():
            yield from ((row.text, row.facts if shown else row.stated) for row in block.sentences)
        case KeyValues():
            yield from ((f"{item.label}: {item.text}", item.facts) for item in block.items)
        case Table():
            yield from ((cell.text, cell.facts) for row in block.rows for cell in row.cells if cell.text)
            yield from ((row.text, row.facts if shown else row.stated) for row in block.note)
        case SignatureBlock():
            yield from ((line.prefilled, line.facts) for line in block.lines if line.prefilled)
        case TimelineFigure() | TrendFigure():
            yield from block.statements()
