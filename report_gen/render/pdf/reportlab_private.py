"""Everything private of ReportLab that we lean on; tests/render/pdf/test_reportlab_private.py notices when it moves.

ReportLab's open edition writes neither tags nor PDF/A, but leaves room for both: content operators are a list, catalog
and pages write the attributes that they list, and streams format themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject
from reportlab.platypus import Paragraph, Table

__all__ = [
    "OwnFaceText",
    "PlainFragments",
    "Stamp",
    "add_catalog_entries",
    "add_font",
    "add_object",
    "add_page_entries",
    "column_widths",
    "emit",
    "line_before_endstream",
    "page_count",
    "page_reference",
    "position",
    "set_stamp",
]


class Stamp(TimeStamp):
    """The report's own time in place of the clock's."""

    def __init__(self, at: datetime) -> None:
        """Take the time over in UTC."""
        moment = at.astimezone(UTC)
        self.t = moment.timestamp()
        self.lt = moment.timetuple()
        self.YMDhms = tuple(self.lt)[:6]
        self.dhh = self.dmm = 0
        self.tzname = "UTC"


def _document(canvas: Canvas) -> Any:
    document: Any = canvas._doc  # type: ignore[attr-defined]
    return document


def set_stamp(canvas: Canvas, at: datetime) -> None:
    """Give the file the report's own time as creation date, and a file id that starts from it."""
    document = _document(canvas)
    document._timeStamp = Stamp(at)
    # The id would otherwise start from a time that ReportLab may have read from the environment.
    document.signature = hashlib.md5(at.isoformat().encode(), usedforsecurity=False)


def page_count(canvas: Canvas) -> int:
    """Pages finished so far."""
    finished: int = canvas._pageNumber - 1  # type: ignore[attr-defined]
    return finished


def emit(canvas: Canvas, operators: str) -> None:
    """Append operators to the content of the page."""
    canvas._code.append(operators)  # type: ignore[attr-defined]


def position(canvas: Canvas, x: float, y: float) -> tuple[float, float]:
    """A point of the present coordinate system in those of the page."""
    a, b, c, d, e, f = canvas._currentMatrix  # type: ignore[attr-defined]
    return a * x + c * y + e, b * x + d * y + f


def column_widths(table: Table) -> list[float]:
    """Widths of a table's columns as laid out."""
    widths: list[float] = table._colWidths  # type: ignore[attr-defined]
    return widths


def page_reference(canvas: Canvas) -> Any:
    """A reference to the page being drawn."""
    return _document(canvas).thisPageRef()


def add_object(canvas: Canvas, content: Any, name: str) -> Any:
    """Put an object into the file and give a reference to it."""
    return _document(canvas).Reference(content, name)


def add_font(canvas: Canvas, name: str, font: Any) -> None:
    """Put a font into the file, which every page can name."""
    fonts = _document(canvas).idToObject["BasicFonts"]
    fonts.dict[name] = add_object(canvas, font, name)


class PlainFragments:
    """Fragments of texts without markup, which need no parser: most of a report's paragraphs are plain table cells."""

    def __init__(self) -> None:
        """Start without a fragment for any style."""
        self._patterns: dict[str, Any] = {}

    def of(self, text: str, style: ParagraphStyle) -> list[Any] | None:
        """The only fragment of a text, as ReportLab's parser gives it for this style. None: it must be parsed.

        Args:
            text: Markup of a paragraph.
            style: Its style, named once in a document.
        """
        if not text.strip() or "<" in text or "&" in text or "\n" in text:
            return None
        if style.name not in self._patterns:
            self._patterns[style.name] = Paragraph("x", style).frags[0]
        return [self._patterns[style.name].clone(text=text.strip(" "))]


class OwnFaceText(PDFTextObject):
    """A text object whose text in one face is not ReportLab's to write."""

    own_face = ""
    """Name of that face."""
    show: Callable[[str, float, float], str]
    """Operators for text, type size and leading."""

    def _formatText(self, text: str) -> str:
        if self._fontname == self.own_face:  # type: ignore[attr-defined]
            return self.show(text, self._fontsize, self._leading)  # type: ignore[attr-defined]
        written: str = super()._formatText(text)  # type: ignore[misc]
        return written


def add_page_entries(canvas: Canvas, entries: Mapping[str, Any]) -> None:
    """Give the page finished last further entries, and take the empty transition from it, which PDF/A forbids."""
    document = _document(canvas)
    page = document.idToObject[f"Page{document.pageCounter - 1}"]
    page.__NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, *entries]
    page.Trans = None
    for name, value in entries.items():
        setattr(page, name, value)


def add_catalog_entries(canvas: Canvas, entries: Mapping[str, Any]) -> None:
    """Give the document catalog further entries."""
    catalog = _document(canvas).Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, *entries]
    for name, value in entries.items():
        setattr(catalog, name, value)


@contextmanager
def line_before_endstream() -> Iterator[None]:
    """Let every stream end with a line feed before `endstream`, as ISO 19005 asks (6.1.7.1), while a file is written.

    The wrapper is in place only inside the block; the caller holds the render lock.
    """
    original = pdfdoc.PDFStream.format

    def with_line_feed(self: Any, document: Any) -> bytes:
        data: bytes = original(self, document)
        ending = b"endstream\n"
        # Also where the data end with a line feed of their own: that one is counted in their length.
        return data[: -len(ending)] + b"\n" + ending

    pdfdoc.PDFStream.format = with_line_feed  # type: ignore[method-assign]
    try:
        yield
    finally:
        pdfdoc.PDFStream.format = original  # type: ignore[method-assign]
