"""Reads back what a PDF of ours carries: its attached files, and what is printed at the foot of its pages.

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
_REPORT = re.compile(r"Report\s+(\S+-v\d+-[0-9a-f]{10}), version")
_BILLING = "NOT PART OF THE CLINICAL RECORD"
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


def read_pdf(data: bytes) -> Contents:
    """Attached files and printed content ids of a PDF.

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
    billing = any(_BILLING in page for page in pages)
    return Contents(files, _each(_PRINTED, pages), _each(_REPORT, pages), len(pages), billing)


def _each(form: re.Pattern[str], pages: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match for page in pages for match in form.findall(page)))
