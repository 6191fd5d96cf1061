"""Reads back what a record PDF carries: its attached files, and the content id printed on its pages.

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
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """What a PDF carries."""

    files: dict[str, bytes]
    """Attached files by name. Empty: none."""
    content_ids: tuple[str, ...]
    """Content ids printed on the pages, each once, in order. Empty: none."""


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
    found = [match for page in pages for match in _PRINTED.findall(page)]
    return Contents(files, tuple(dict.fromkeys(found)))
