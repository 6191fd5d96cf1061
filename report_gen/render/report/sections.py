"""The sections of a report as every rendering shows them: the draft's, with the blanks of whoever has yet to sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from report_gen.checks.model import CheckedReport
from report_gen.document.blocks import Chronology, KeyValues, Paragraph, Section, SignatureBlock, SignatureLine, Table
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.draft.model import Block, Sentence, Signatory, SignsAs

__all__ = ["ReportBlock", "sections"]

ReportBlock: TypeAlias = (
    Paragraph[Sentence]
    | KeyValues
    | Table[Sentence]
    | Chronology[Sentence]
    | SignatureBlock
    | TimelineFigure
    | TrendFigure
)
"""What a section of a rendered report holds."""


_TITLES: Final[Mapping[SignsAs, str]] = {"professional": "Interpreting professional", "technologist": "Technologist"}
_FROM_THE_LOG: Final = "From the log of this case, to confirm or correct:"


def sections(report: CheckedReport) -> tuple[Section[ReportBlock], ...]:
    """The sections in order. Of a checked report nobody has signed, so that each signatory finds blanks to fill."""
    return tuple(_shown(section) for section in report.draft.sections)


def _shown(section: Section[Block]) -> Section[ReportBlock]:
    blocks = tuple(_unsigned(block) if isinstance(block, Signatory) else block for block in section.blocks)
    return Section(section.id, section.title, blocks, section.level, section.role, section.about, section.part)


def _unsigned(signatory: Signatory) -> SignatureBlock:
    """The blanks of those who have not signed; the program fills in no more than what the record has of them."""
    title = _TITLES[signatory.role] + ("s" if len(signatory.names) > 1 else "")
    lines = [line for index in range(max(1, len(signatory.names))) for line in _blanks(signatory, index)]
    return SignatureBlock(title, _FROM_THE_LOG, tuple(lines), signatory.confirmations)


def _blanks(signatory: Signatory, index: int) -> tuple[SignatureLine, ...]:
    """The lines of one of those who sign: name, credentials, signature, date and time."""
    cited = signatory.facts[index : index + 1]
    name = next(iter(signatory.names[index : index + 1]), "")
    credentials = next(iter(signatory.credentials[index : index + 1]), "")
    # Without credentials in the record there is a blank for them; with them, one line holds both.
    named = (
        (SignatureLine("Name and credentials", f"{name}; {credentials}", cited),)
        if name and credentials
        else (SignatureLine("Printed name", name, cited), SignatureLine("Credentials and license"))
    )
    if signatory.role == "technologist":
        return (*named, SignatureLine("Signature, date and time"))
    return (*named, SignatureLine("Signature"), SignatureLine("Date and time"))
