"""The forms in which a checked report is given out: one row of `RENDERERS` each.

A new form is a renderer and a row here, and a choice in `report_gen.settings.Settings`; the command line reads the
table. A renderer's modules are loaded when it is used, so that nobody waits for a form that is not asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from report_gen.errors import RenderError, ReportGenError, place

if TYPE_CHECKING:
    from report_gen.checks.model import CheckedReport
    from report_gen.document.pages import Pages
    from report_gen.render.report.pages import RecordFile

__all__ = [
    "CHOSEN_WITH",
    "FLAVOURS",
    "FORMATS",
    "MADE_FIRST",
    "PAGE_SIZES",
    "RENDERERS",
    "Document",
    "Edition",
    "Flavour",
    "Format",
    "PageSize",
    "Renderer",
    "chosen",
    "pdf_name",
    "record_name",
]

Format: TypeAlias = Literal["pdf", "record", "json", "html"]
PageSize: TypeAlias = Literal["letter", "a4"]
Flavour: TypeAlias = Literal["draft", "data", "payer"]
FLAVOURS: Final[tuple[Flavour, ...]] = get_args(Flavour)
PAGE_SIZES: Final[tuple[PageSize, ...]] = get_args(PageSize)

_ATTACHED: Final = MappingProxyType(
    {
        "case.json": "Record of the case that the report was made from",
        "report.json": "The report as data: every sentence with its facts, every fact with its place in the record",
    }
)


@dataclass(frozen=True, slots=True)
class Document:
    """A report in one form."""

    file_name: str
    """Name for its file: the report id, so that it holds no patient's data."""
    data: bytes
    """Its content."""
    pages: int = 0
    """Number of pages. 0: the form has none."""
    notices: tuple[str, ...] = ()
    """What could not be set as recorded, by script and number, without patient data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The inputs of a report's documents beside the checked report."""

    provenance: Mapping[str, str]
    """What made the report and who worded it, for ``report.json``."""
    page_size: PageSize = "letter"
    """Paper of the PDF."""
    flavour: Flavour = "draft"
    """Which PDF; `data` attaches the two files below."""
    bind: bool = False
    """Whether the technical record is bound behind the report, in one PDF."""
    drafted_at: datetime | None = None
    """When the draft was made, for the pages alone. None: not printed."""
    script_fonts: Path | None = None
    """Folder of fonts for further scripts. None: the usual folders of Debian."""
    case_json: bytes = b""
    """The case as a file. Empty: not needed, because nothing is attached."""
    report_json: bytes = b""
    """``report.json``, whose content id the other forms bear. Empty: not made yet."""
    record: Document | None = None
    """The technical record as a file of its own, which the report names with its digest. None: not drawn."""

    def __post_init__(self) -> None:
        """Refuse attached data without the case that belongs to them."""
        if self.flavour == "data" and not self.case_json:
            raise ValueError("the flavour `data` has the case attached: case_json is empty")


Renderer: TypeAlias = "Callable[[CheckedReport, Edition], Document]"
"""Makes one form of a checked report. A plain function: the same report and edition give the same bytes."""


def _json(checked: CheckedReport, edition: Edition) -> Document:
    from report_gen.render.report.json import render_json

    return Document(f"{checked.draft.report_id}.json", render_json(checked, edition.provenance))


def _html(checked: CheckedReport, edition: Edition) -> Document:
    from report_gen.identity import content_id
    from report_gen.render.report.html import render_html

    data = render_html(checked, content_id=content_id(edition.report_json), drafted_at=edition.drafted_at)
    return Document(f"{checked.draft.report_id}.html", data)


def _record(checked: CheckedReport, edition: Edition) -> Document:
    """The technical record, part B of the report, as a PDF of its own."""
    from report_gen.identity import content_id
    from report_gen.render.report.pages import record_pages

    with _quoting_nothing():
        pages = record_pages(checked, content_id(edition.report_json), drafted_at=edition.drafted_at)
        return _drawn(record_name(checked.draft.report_id), [pages], edition)


def _pdf(checked: CheckedReport, edition: Edition) -> Document:
    """The report that is signed, part A, as PDF; with part B behind it when it is bound.

    What A states of B is that of the file of its own, bound or not: no file can hold its own digest.
    """
    from report_gen.identity import content_id
    from report_gen.render.report.pages import record_pages, report_pages

    data_id, drafted_at, bound = content_id(edition.report_json), edition.drafted_at, edition.bind
    files = {"case.json": edition.case_json, "report.json": edition.report_json} if edition.flavour == "data" else {}
    name = pdf_name(checked.draft.report_id, edition.flavour, bind=bound)
    with _quoting_nothing():
        record = _record_file(edition.record)
        parts = [report_pages(checked, data_id, record=record, bound=bound, drafted_at=drafted_at)]
        if bound:
            parts.append(record_pages(checked, data_id, drafted_at=drafted_at))
        return _drawn(name, parts, edition, files)


def _drawn(
    name: str, parts: Sequence[Pages], edition: Edition, files: Mapping[str, bytes] = MappingProxyType({})
) -> Document:
    # ReportLab costs more to import than the rest of the program.
    from report_gen.render.pdf import EmbeddedFile
    from report_gen.render.report.pdf import render_pdf

    attached = [EmbeddedFile(file_name, data, _ATTACHED[file_name]) for file_name, data in files.items()]
    drawn = render_pdf(parts, page_size=edition.page_size, attachments=attached, fonts_folder=edition.script_fonts)
    return Document(name, drawn.data, drawn.pages, drawn.notices)


def _record_file(record: Document | None) -> RecordFile | None:
    from report_gen.render.report.pages import RecordFile

    if record is None:
        return None
    return RecordFile(record.file_name, record.pages, hashlib.sha256(record.data).hexdigest())


@contextmanager
def _quoting_nothing() -> Iterator[None]:
    """Make a `RenderError` of whatever goes wrong inside the layout engine, which quotes the text it was given."""
    try:
        yield
    except ReportGenError:
        raise
    except Exception as error:  # noqa: BLE001 - the layout engine raises anything
        raise RenderError(
            "render.unexpected", f"the PDF could not be drawn: {type(error).__name__} at {place(error)}"
        ) from None


def pdf_name(report_id: str, flavour: Flavour, *, bind: bool = False) -> str:
    """Name of the PDF of a report; each flavour, and each bound one, has its own, so that none replaces another."""
    kinds = ([flavour] if flavour != "draft" else []) + (["bound"] if bind else [])
    return f"{'-'.join((report_id, *kinds))}.pdf"


def record_name(report_id: str) -> str:
    """Name of the technical record of a report; it is the same whatever the flavour of the report."""
    return f"{report_id}-record.pdf"


RENDERERS: Final[Mapping[Format, Renderer]] = MappingProxyType(
    {"pdf": _pdf, "record": _record, "json": _json, "html": _html}
)
"""The renderer of each form, in the order in which their files are written."""
MADE_FIRST: Final[tuple[Format, ...]] = ("json", "record")
"""The forms that others name: the pages bear the content id of the data, and the report the digest of its record."""
CHOSEN_WITH: Final[Mapping[Format, Format]] = MappingProxyType({"record": "pdf"})
"""Forms that nobody chooses, because they belong to another."""
FORMATS: Final[tuple[Format, ...]] = tuple(form for form in RENDERERS if form not in CHOSEN_WITH)
"""Every form that may be chosen."""


def chosen(form: Format, formats: Collection[Format]) -> bool:
    """Whether a form is among those that were chosen, by itself or with the one that it belongs to."""
    return form in formats or CHOSEN_WITH.get(form) in formats
