"""The sections of a report as every rendering shows them: the draft's, with the blanks of whoever has yet to sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from report_gen.checks.model import CheckedReport
from report_gen.document.blocks import KeyValues, Paragraph, Section, SignatureBlock, SignatureLine, Table
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.draft.model import Block, Sentence, Signatory, SignsAs

__all__ = ["ReportBlock", "sections"]

ReportBlock: TypeAlias = (
    Paragraph[Sentence] | KeyValues | Table[Sentence] | SignatureBlock | TimelineFigure | TrendFigure
)
"""What a section of a rendered report holds."""


@dataclass(frozen=True, slots=True)
class _Blanks:
    title: str
    statement: str
    labels: tuple[str, ...]
    """What is to be filled in behind the printed name."""


_BLANKS: Final[Mapping[SignsAs, _Blanks]] = {
    "professional": _Blanks(
        "Interpreting professional",
        "To be completed by the professional on signing: location, mode and times of attention, number of "
        "other cases open at the same time, and whether the text above is adopted, edited or replaced.",
        ("Credentials and license", "Mode, times, cases", "Signature", "Date and time"),
    ),
    "technologist": _Blanks(
        "Technologist",
        "To be completed by the technologist: the record above is the log of this case.",
        ("Signature", "Date and time"),
    ),
}


def sections(report: CheckedReport) -> tuple[Section[ReportBlock], ...]:
    """The sections in order. Of a checked report nobody has signed, so that each signatory finds blanks to fill."""
    return tuple(_shown(section) for section in report.draft.sections)


def _shown(section: Section[Block]) -> Section[ReportBlock]:
    blocks = tuple(_unsigned(block) if isinstance(block, Signatory) else block for block in section.blocks)
    return Section(section.id, section.title, blocks, section.level, section.role, section.about)


def _unsigned(signatory: Signatory) -> SignatureBlock:
    """The blanks of somebody who has not signed; the program fills in no more than the printed name."""
    blanks = _BLANKS[signatory.role]
    name = SignatureLine("Printed name", signatory.printed_name, signatory.facts)
    return SignatureBlock(blanks.title, blanks.statement, (name, *map(SignatureLine, blanks.labels)))
