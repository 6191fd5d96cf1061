"""The draft report as values: a document in which every sentence, cell and mark names the facts that it states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from report_gen.document.blocks import KeyValue, KeyValues, Paragraph, Section, Table
from report_gen.document.figures import TimelineFigure, TrendFigure

__all__ = ["Block", "Draft", "Sentence", "Signatory", "SignsAs", "statements"]

SignsAs = Literal["professional", "technologist"]
"""As what somebody signs: who interprets the report, or who kept the record that it is made from."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One printed sentence and the facts it states."""

    text: str
    """The sentence as printed, without markup."""
    facts: tuple[str, ...]
    """Ids of the facts stated, at least one."""
    worded_by: Literal["template", "model", "person"] = "template"
    """Who worded it."""
    refused: str = ""
    """Why a model's wording was refused. Empty: none was offered, or it was taken."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Whose signature the report needs; what stands there in print depends on who has signed."""

    role: SignsAs
    """As what they sign."""
    names: tuple[str, ...]
    """Recorded names of those who hold the role. Empty: none is recorded."""
    facts: tuple[str, ...]
    """Ids of the facts behind the names, one each."""

    @property
    def printed_name(self) -> str:
        """The names as printed. Empty: none is recorded."""
        return "; ".join(self.names)


Block: TypeAlias = Paragraph[Sentence] | KeyValues | Table[Sentence] | Signatory | TimelineFigure | TrendFigure
"""What a section of the draft holds. Its paragraphs and notes consist of sentences, which cite."""


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
    sections: tuple[Section[Block], ...]
    """Sections in order."""
    language: str = "en-US"
    """Language of the text."""


def statements(draft: Draft, *, figures: bool = True) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Everything printed that states facts: (where, text, fact ids), in reading order.

    Args:
        draft: The draft.
        figures: Whether the marks of figures count; a mark shows a fact, only words state it.
    """
    for item in draft.running_header:
        yield "running_header", f"{item.label}: {item.text}", item.facts
    for section in draft.sections:
        for block in section.blocks:
            if not figures and isinstance(block, (TimelineFigure, TrendFigure)):
                continue
            for text, facts in _block_statements(block):
                yield section.id, text, facts


def _block_statements(block: Block) -> Iterator[tuple[str, tuple[str, ...]]]:
    match block:
        case Paragraph():
            yield from ((sentence.text, sentence.facts) for sentence in block.sentences)
        case KeyValues():
            yield from ((f"{item.label}: {item.text}", item.facts) for item in block.items)
        case Table():
            yield from ((cell.text, cell.facts) for row in block.rows for cell in row.cells if cell.text)
            yield from ((sentence.text, sentence.facts) for sentence in block.note)
        case Signatory():
            if block.names:
                yield block.printed_name, block.facts
        case TimelineFigure() | TrendFigure():
            yield from block.statements()
