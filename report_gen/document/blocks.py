"""Sections, paragraphs, tables and forms as values, each statement beside the evidence that it may have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, Protocol, TypeAlias, TypeVar

from report_gen.document.figures import TimelineFigure, TrendFigure

__all__ = [
    "Box",
    "Cell",
    "Chronology",
    "Column",
    "HasText",
    "KeyValue",
    "KeyValues",
    "PageBlock",
    "Paragraph",
    "Part",
    "Phrase",
    "Row",
    "Section",
    "SectionRole",
    "SignatureBlock",
    "SignatureLine",
    "Table",
    "TimeEntry",
    "ToConfirm",
]

SectionRole = Literal[
    "title", "result", "impression", "summary", "limitations", "course", "event", "closing", "attestation", "body"
]
"""What a section is in its document: `title` heads it, `result` is framed, `event` is the account of one event or of
one episode, and `body` is whatever nothing treats in a way of its own. What depends on the kind of a section asks its
role, never its id."""
Part = Literal["report", "record"]
"""Part A, the report that is signed, or part B, the technical record that is filed with it."""

_KEPT_BACK: Final[dict[str, Any]] = {"exclude": True}
"""For pydantic, which takes it from here without being loaded here: not a field of ``report.json`` of version 1."""


class HasText(Protocol):
    """What is printed as one sentence, whatever it may rest on."""

    @property
    def text(self) -> str:
        """As printed, without markup."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence that rests on nothing to be cited, such as the explanation of a column."""

    text: str
    """As printed, without markup."""


SentenceT = TypeVar("SentenceT", bound=HasText, covariant=True)
"""The sentences of a document: a report's each cite their facts, a checklist's need not."""
BlockT = TypeVar("BlockT", covariant=True)
"""The blocks that a document's sections may hold."""


@dataclass(frozen=True, slots=True)
class Paragraph(Generic[SentenceT]):
    """Sentences that belong together, with an optional bold lead-in."""

    sentences: tuple[SentenceT, ...]
    """The sentences in order."""
    label: str = ""
    """Lead-in such as `Onset`. Empty: none."""
    verbatim: bool = False
    """The text is a person's own and keeps its line breaks."""
    listed: bool = False
    """Each sentence takes a line of its own."""
    proposed: bool = False
    """The text is a proposal that the professional adopts, edits or replaces."""
    strong: bool = False
    """The first sentence is set bold."""
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
    group: str = ""
    """Header over this column and its neighbours of the same group, such as `Left`. Empty: none."""


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
class Table(Generic[SentenceT]):
    """A table; its header row repeats when it splits over pages."""

    id: str
    """Stable id such as `summary`."""
    caption: str
    """Caption, also the table's accessible summary."""
    columns: tuple[Column, ...]
    """Columns."""
    rows: tuple[Row, ...]
    """Rows."""
    note: tuple[SentenceT, ...] = ()
    """Sentences under the table, such as formulas and units."""
    panels: Literal[1, 2] = 1
    """Set as one column of rows, or as two columns of narrow rows side by side, left one first."""
    kind: Literal["table"] = "table"
    """Kind of block."""


@dataclass(frozen=True, slots=True)
class TimeEntry(Generic[SentenceT]):
    """What a chronology tells of one time."""

    time: str
    """Time as printed, such as `11:29` or `11:29\u201311:34`. Empty: that of the entry before it."""
    time_facts: tuple[str, ...]
    """Ids of the facts that the time is of. Empty only for an empty time."""
    sentences: tuple[SentenceT, ...]
    """What happened then, in order, at least one."""
    strong: bool = False
    """The first sentence is set bold."""


@dataclass(frozen=True, slots=True)
class Chronology(Generic[SentenceT]):
    """A time-ordered table of two columns, time and what; an entry is never split over pages."""

    id: str
    """Stable id such as `chain-E1`."""
    caption: str
    """Accessible summary; not printed."""
    entries: tuple[TimeEntry[SentenceT], ...]
    """Entries in order."""
    kind: Literal["chronology"] = "chronology"
    """Kind of block."""

    def statements(self) -> Iterator[tuple[str, SentenceT]]:
        """Every sentence behind the time under which it stands."""
        time = ""
        for entry in self.entries:
            time = entry.time or time
            yield from ((time, sentence) for sentence in entry.sentences)


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A statement behind an empty box that a person ticks to confirm it, or corrects."""

    text: str
    """The statement as printed."""
    facts: tuple[str, ...] = ()
    """Ids of the facts stated. Empty: it rests on none, such as `edited`."""


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
    confirmations: tuple[ToConfirm, ...] = ()
    """What the person confirms or corrects, under the statement. Empty: nothing."""
    kind: Literal["signature"] = "signature"
    """Kind of block."""


PageBlock: TypeAlias = (
    Paragraph[HasText]
    | KeyValues
    | Table[HasText]
    | Chronology[HasText]
    | SignatureBlock
    | TimelineFigure
    | TrendFigure
)
"""What a renderer can set."""


@dataclass(frozen=True, slots=True)
class Section(Generic[BlockT]):
    """One section, in the fixed order of the report."""

    id: str
    """Stable id such as `impression`."""
    title: str
    """Heading as printed."""
    blocks: tuple[BlockT, ...]
    """Content, never empty."""
    level: Literal[1, 2] = 1
    """Heading level; 2 stands under the last 1."""
    role: SectionRole = field(default="body", metadata=_KEPT_BACK)
    """What the section is in its document."""
    about: str = field(default="", metadata=_KEPT_BACK)
    """Id of the one fact that the section is about, such as its event. Empty: none."""
    part: Part = "report"
    """Which part of the report it belongs to."""


@dataclass(frozen=True, slots=True)
class Box:
    """A frame under the heading of a section, for what must not be overlooked."""

    title: str
    """Title of the frame."""
    items: tuple[str, ...]
    """What stands in it, at least one text, each on lines of its own."""
