"""A report that was made: what it says, and its documents in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from report_gen.checks.model import CheckedReport
from report_gen.finding import Finding
from report_gen.render.formats import Document, Format, chosen

if TYPE_CHECKING:
    from report_gen.narrate.merge import Wording
    from report_gen.narrate.record import NarrationRecord

__all__ = ["Report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One generated report, in memory."""

    checked: CheckedReport
    """What every form of it says: facts, draft and findings."""
    documents: Mapping[Format, Document]
    """The forms that were asked for; ``json`` is always among them."""
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    """Wall time of each stage in ms, for benches; in no file. A narrated report is checked and drawn twice."""
    wordings: tuple[Wording, ...] = ()
    """What a model offered and what became of it, for a person to compare; in no file. Empty: none was asked."""
    bound: bool = False
    """Whether the technical record stands in the same PDF, behind the report."""
    narration: NarrationRecord | None = None
    """Account of the narration as logged: versions, calls, outcomes, tokens, cost; never content. None: no model was
    configured, or a defect of ours ended the narration."""

    @property
    def report_id(self) -> str:
        """Same record, same id (`report_gen.identity`); holds the case id, never a patient's data."""
        return self.checked.draft.report_id

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is missing or contradictory, blocking ones first."""
        return self.checked.findings

    @property
    def json(self) -> bytes:
        """``report.json``: every sentence with its facts, every fact with its place in the case file, the findings."""
        return self.documents["json"].data

    @property
    def pdf(self) -> bytes:
        """The report that is signed, as PDF; bound, with the technical record behind it. Empty when none was asked."""
        return self._of("pdf").data

    @property
    def record_pdf(self) -> bytes:
        """The technical record as a PDF of its own; the report states its digest. Empty when no PDF was asked for.

        Bound behind the report it is drawn all the same, because a file cannot state its own digest.
        """
        return self._of("record").data

    @property
    def html(self) -> bytes:
        """The HTML preview, one self-contained file. Empty unless the settings ask for it."""
        return self._of("html").data

    @property
    def notices(self) -> tuple[str, ...]:
        """Characters that could not be set in the PDFs as recorded, without patient data."""
        return tuple(dict.fromkeys((*self._of("pdf").notices, *self._of("record").notices)))

    @property
    def pages(self) -> int:
        """Pages of the report that is signed, without those of a record bound behind it; 0 without a PDF."""
        return self._of("pdf").pages - (self.record_pages if self.bound else 0)

    @property
    def record_pages(self) -> int:
        """Pages of the technical record; 0 without a PDF."""
        return self._of("record").pages

    def files(self, formats: Collection[Format] | None = None) -> dict[str, bytes]:
        """What is to be written, bytes by file name: a record that is bound has no file of its own.

        Args:
            formats: Forms, of `report_gen.render.formats.FORMATS`. None: all that were made.
        """
        return {
            document.file_name: document.data
            for form, document in self.documents.items()
            if (formats is None or chosen(form, formats)) and not (self.bound and form == "record")
        }

    def _of(self, form: Format) -> Document:
        return self.documents.get(form, _NO_DOCUMENT)


_NO_DOCUMENT: Final = Document("", b"")
