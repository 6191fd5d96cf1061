"""Reads back what a PDF of ours carries: its attached files, and what its pages say of themselves.

Needs the extra ``extract`` (pikepdf, pypdfium2): two kept libraries that read what others may have written into a file
since, which our own few lines would not.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from report_gen.errors import FileAccessError

__all__ = ["Contents", "read_pdf"]

_PRINTED = re.compile(r"Content\s+([0-9a-f]{4}(?:-[0-9a-f]{4}){3})\b")
_REPORT = re.compile(r"\b[Rr]eport\s+(\S+-v\d+-[0-9a-f]{10}), version")
_RECORD_SHA256 = re.compile(r"\bTechnical\s+record:[^:]*?SHA-256\s+([0-9a-f]{64})\b")
_BOUND = re.compile(r"\bTechnical\s+record:\s+pages\s+\S+\s+of\s+this\s+file\b")
_RECORD = re.compile(r"\bPage\s+B\d+\s+of\s+B\d+\b")
_BILLING = "NOT PART OF THE CLINICAL RECORD"
_DRAFT = "NOT FOR BILLING"
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """What a PDF carries."""

    files: dict[str, bytes]
    """Attached files by name. Empty: none."""
    content_ids: tuple[str, ...]
    """Content ids printed on the pages, each once, in order. Empty: none."""
    report_ids: tuple[str, ...]
    """Report ids printed on the pages, each once, in order. Empty: none, or too long for the foot of a page."""
    pages: int
    """Number of pages."""
    for_billing: bool
    """Whether a page says that it is of a claim checklist, which stays in the billing office."""
    draft: bool
    """Whether a page says that it is of an unsigned draft, which no payer gets."""
    record_pages: int
    """How many of the pages are of a technical record; the others are of the report, or say nothing."""
    record_sha256: str
    """Digest of its technical record that the report states. Empty: it states none, or states several."""

    bound: bool
    """Whether the report says that its technical record is in the same file."""

    @property
    def only_record(self) -> bool:
        """Whether it is a technical record without the report that it belongs to."""
        return 0 < self.pages == self.record_pages


def read_pdf(data: bytes) -> Contents:
    """Attached files of a PDF, and what its pages say of themselves.

    Raises:
        FileAccessError: The data are no PDF, or damaged, or the extra is not installed.
    """
    try:
        import pikepdf
        import pypdfium2  # type: ignore[import-untyped]
    except ImportError:
        raise FileAccessError(
            "extract.not_installed", "reading a PDF needs the extra: pip install 'report-gen[extract]'"
        ) from None
    if len(data) > _LARGEST:
        raise FileAccessError("extract.too_large", f"the file is larger than {_LARGEST // 1024 // 1024} MB")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            files = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
        document = pypdfium2.PdfDocument(data)
        try:
            pages = [page.get_textpage().get_text_bounded() for page in document]
        finally:
            document.close()
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError) as error:
        raise FileAccessError("extract.not_a_pdf", f"the file cannot be read as PDF ({type(error).__name__})") from None
    stated = _each(_RECORD_SHA256, pages)
    return Contents(
        files=files,
        content_ids=_each(_PRINTED, pages),
        report_ids=_each(_REPORT, pages),
        pages=len(pages),
        for_billing=any(_BILLING in page for page in pages),
        draft=any(_DRAFT in page for page in pages),
        record_pages=sum(_RECORD.search(page) is not None for page in pages),
        record_sha256=stated[0] if len(stated) == 1 else "",
        bound=any(_BOUND.search(page) for page in pages),
    )


def _each(form: re.Pattern[str], pages: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match for page in pages for match in form.findall(page)))
