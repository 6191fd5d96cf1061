"""The draft report as values: a document in which every sentence, cell and mark names the facts that it states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias

from pydantic import Field

from report_gen.document.blocks import Chronology, KeyValue, KeyValues, Paragraph, Part, Section, Table, ToConfirm
from report_gen.document.figures import TimelineFigure, TrendFigure

__all__ = ["Block", "Draft", "Sentence", "Signatory", "SignsAs", "Stated", "statements"]

SignsAs = Literal["professional", "technologist"]
"""As what somebody signs: who interprets the report, or who kept the record that it is made from."""


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
        stated = tuple(states)
        return cls(text, tuple(dict.fromkeys([state.fact for state in stated])), worded_by, states=stated)

    @property
    def stated(self) -> tuple[str, ...]:
        """Ids of the facts of which it states anything: all of them but those that only show what it says."""
        shown = {state.fact for state in self.states if state.how == "shows"}
        return tuple(fact for fact in self.facts if fact not in shown)


@dataclass(frozen=True, slots=True)
class Signatory:
    """Whose signature the report needs; what stands there in print depends on who has signed."""

    role: SignsAs
    """As what they sign."""
    names: tuple[str, ...]
    """Recorded names of those who hold the role. Empty: none is recorded."""
    facts: tuple[str, ...]
    """Ids of the facts behind the names, one each."""
    credentials: tuple[str, ...] = ()
    """Recorded credentials and licenses of each of them, in that order; an empty text: none is recorded."""
    confirmations: tuple[ToConfirm, ...] = ()
    """What the log has of their attendance, for them to confirm or correct."""

    @property
    def printed_name(self) -> str:
        """The names as printed. Empty: none is recorded."""
        return "; ".join(self.names)


Block: TypeAlias = (
    Paragraph[Sentence] | KeyValues | Table[Sentence] | Chronology[Sentence] | Signatory | TimelineFigure | TrendFigure
)
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
    """Patient, MRN, date of birth, encounter, date of service, facility: on every page."""
    sections: tuple[Section[Block], ...]
    """Sections in order: those of the report that is signed, then those of the technical record."""
    language: str = "en-US"
    """Language of the text."""

    def part(self, part: Part) -> Draft:
        """The draft with the sections of one part alone."""
        return replace(self, sections=tuple(section for section in self.sections if section.part == part))


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
                yield from ((section.id, omission.text, omission.facts) for omission in block.note)
                continue
            for text, facts in _block_statements(block, shown=shown):
                yield section.id, text, facts


def _block_statements(block: Block, *, shown: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    match block:
        case Paragraph():
            yield from ((sentence.text, sentence.facts if shown else sentence.stated) for sentence in block.sentences)
        case KeyValues():
            yield from ((f"{item.label}: {item.text}", item.facts) for item in block.items)
        case Table():
            yield from ((cell.text, cell.facts) for row in block.rows for cell in row.cells if cell.text)
            yield from ((sentence.text, sentence.facts if shown else sentence.stated) for sentence in block.note)
        case Chronology():
            yield from _told(block, shown=shown)
        case Signatory():
            yield from ((row.text, row.facts) for row in block.confirmations if row.facts)
            for name, credentials, fact in zip_longest(block.names, block.credentials, block.facts, fillvalue=""):
                yield from ((text, (fact,)) for text in (name, credentials) if text)
        case TimelineFigure() | TrendFigure():
            yield from block.statements()


def _told(block: Chronology[Sentence], *, shown: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in block.entries:
        if entry.time:
            yield entry.time, entry.time_facts
        yield from ((sentence.text, sentence.facts if shown else sentence.stated) for sentence in entry.sentences)
