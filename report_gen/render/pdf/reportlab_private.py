"""Everything private of ReportLab that we lean on; tests/render/pdf/test_reportlab_private.py notices when it moves.

ReportLab's open edition writes neither tags nor PDF/A, but leaves room for both: content operators are a list, catalog
and pages write the attributes that they list, and streams format themselves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

__all__ = [
    "Stamp",
    "add_catalog_entries",
    "add_font",
    "add_object",
    "add_operators",
    "add_page_entries",
    "fill_objects",
    "finished",
    "font_name",
    "object_number",
    "page_name",
    "pdf_value",
    "reserve_objects",
    "set_page_labels",
    "set_stamp",
    "split_text",
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


def add_operators(canvas: Canvas, operators: Sequence[str]) -> None:
    """Append operators to the content of the page."""
    canvas._code.extend(operators)  # type: ignore[attr-defined]


def font_name(canvas: Canvas, font: Any, subset: int) -> str:
    """Name of one subset of a TrueType font in the operators of a page."""
    name: str = font.getSubsetInternalName(subset, _document(canvas))
    return name


def split_text(canvas: Canvas, font: Any, text: str) -> list[tuple[int, bytes]]:
    """A text in the codes of a TrueType font: stretches with the number of their subset."""
    parts: list[tuple[int, bytes]] = font.splitString(text, _document(canvas))
    return parts


def set_page_labels(canvas: Canvas, labels: Sequence[tuple[int, str]]) -> None:
    """Number the pages from 1 again at each of some pages, each counted from 0, with what stands before its number."""
    entries: list[Any] = []
    for first, prefix in labels:
        label: dict[str, Any] = {"S": pdfdoc.PDFName("D")}
        if prefix:
            label["P"] = pdfdoc.PDFString(prefix)
        entries += [first, pdfdoc.PDFDictionary(label)]
    add_catalog_entries(canvas, {"PageLabels": pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(entries)})})


def page_name(canvas: Canvas) -> str:
    """Name of the object of the page being drawn."""
    name: str = _document(canvas).thisPageRef().name
    return name


def object_number(canvas: Canvas, name: str) -> int:
    """Number of an object that is in the file already."""
    number: int = _document(canvas).idToObjectNumberAndVersion[name][0]
    return number


def reserve_objects(canvas: Canvas, count: int) -> int:
    """Keep the numbers of so many objects, which `fill_objects` must fill, and give the first."""
    document = _document(canvas)
    first: int = document.objectcounter + 1
    document.objectcounter += count
    return first


def fill_objects(canvas: Canvas, first: int, contents: Sequence[bytes]) -> None:
    """Write the objects whose numbers were kept, as they stand."""
    document = _document(canvas)
    for number, content in enumerate(contents, start=first):
        name = f"reserved-{number}"
        document.idToObjectNumberAndVersion[name] = (number, 0)
        document.numberToId[number] = name
        document.idToObject[name] = content


def pdf_value(canvas: Canvas, value: Any) -> bytes:
    """A value as it is written."""
    written: bytes = pdfdoc.format(value, _document(canvas))
    return written


def add_object(canvas: Canvas, content: Any, name: str) -> Any:
    """Put an object into the file and give a reference to it."""
    return _document(canvas).Reference(content, name)


def add_font(canvas: Canvas, name: str, font: Any) -> None:
    """Put a font into the file, which every page can name."""
    fonts = _document(canvas).idToObject["BasicFonts"]
    fonts.dict[name] = add_object(canvas, font, name)


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


def finished(canvas: Canvas) -> bytes:
    """The finished file.

    Written here and not by ReportLab, whose way of numbering and joining takes a quarter of the time of a report of a
    thousand tagged cells. Every stream ends with a line feed before `endstream`, as ISO 19005 asks (6.1.7.1).
    """
    document = _document(canvas)
    document.format = lambda: _file(document)
    data: bytes = document.GetPDFData(canvas)
    return data


def _file(document: Any) -> bytes:
    catalog, info = document.Reference(document.Catalog), document.Reference(document.info)
    parts = [b"%%PDF-%d.%d\n%%\xe2\xe3\xcf\xd3\n" % document._pdfVersion]
    places: list[int] = []
    place = len(parts[0])
    number = 0
    # Objects are added while others are written: those that are named first by one of them.
    while (number := number + 1) in document.numberToId:
        content = document.idToObject[document.numberToId[number]]
        written = content if isinstance(content, bytes) else pdfdoc.format(content, document, toplevel=1)
        if written.endswith(_STREAM_END):
            # Also where the data end with a line feed of their own: that one is counted in their length.
            written = written[: -len(_STREAM_END)] + b"\n" + _STREAM_END
        part = b"%d 0 obj\n%s\nendobj\n" % (number, written.rstrip(b"\n"))
        places.append(place)
        parts.append(part)
        place += len(part)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % number)
    parts += [b"%010d 00000 n \n" % start for start in places]
    trailer = pdfdoc.PDFTrailer(startxref=place, Size=number, Root=catalog, Info=info, ID=document.ID())
    parts.append(trailer.format(document))
    return b"".join(parts)


_STREAM_END: Final = b"endstream\n"
