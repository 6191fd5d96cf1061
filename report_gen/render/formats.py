"""The forms in which a checked report is given out: one row of `RENDERERS` each.

A new form is a renderer and a row here, and a choice in `report_gen.settings.Settings`; the command line reads the
table. A renderer's modules are loaded when it is used, so that nobody waits for a form that is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from report_gen.errors import RenderError, ReportGenError, place

if TYPE_CHECKING:
    from report_gen.checks.model import CheckedReport

__all__ = [
    "FLAVOURS",
    "FORMATS",
    "PAGE_SIZES",
    "RENDERERS",
    "Document",
    "Edition",
    "Flavour",
    "Format",
    "PageSize",
    "Renderer",
    "pdf_name",
]

Format: TypeAlias = Literal["pdf", "json", "html"]
PageSize: TypeAlias = Literal["letter", "a4"]
Flavour: TypeAlias = Literal["draft", "record", "payer"]
FLAVOURS: Final[tuple[Flavour, ...]] = get_args(Flavour)
PAGE_SIZES: Final[tuple[PageSize, ...]] = get_args(PageSize)

_ATTACHED: Final = MappingProxyType(
    {
        "case.json": "Record of the case that the report was made from",
        "report.json": "The report as data: every sentence with its facts, every fact with its place in the record",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The inputs of a report's documents beside the checked report."""

    provenance: Mapping[str, str]
    """What made the report and who worded it, for ``report.json``."""
    page_size: PageSize = "letter"
    """Paper of the PDF."""
    flavour: Flavour = "draft"
    """Which PDF; `record` attaches the two files below."""
    script_fonts: Path | None = None
    """Folder of fonts for further scripts. None: the usual folders of Debian."""
    case_json: bytes = b""
    """The case as a file. Empty: not needed, because nothing is attached."""
    report_json: bytes = b""
    """``report.json``, whose content id the other forms bear. Empty: not made yet."""

    def __post_init__(self) -> None:
        """Refuse a record without the case that belongs to it."""
        if self.flavour == "record" and not self.case_json:
            raise ValueError("a record has the case attached: case_json is empty")


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


Renderer: TypeAlias = "Callable[[CheckedReport, Edition], Document]"
"""Makes one form of a checked report. A plain function: the same report and edition give the same bytes."""


def _json(checked: CheckedReport, edition: Edition) -> Document:
    from report_gen.render.report.json import render_json

    return Document(f"{checked.draft.report_id}.json", render_json(checked, edition.provenance))


def _html(checked: CheckedReport, edition: Edition) -> Document:
    from report_gen.identity import content_id
    from report_gen.render.report.html import render_html

    data = render_html(checked, content_id=content_id(edition.report_json))
    return Document(f"{checked.draft.report_id}.html", data)


def _pdf(checked: CheckedReport, edition: Edition) -> Document:
    """The PDF; whatever goes wrong inside the layout engine is a `RenderError` that quotes nothing."""
    from report_gen.identity import content_id

    # ReportLab costs more to import than the rest of the program.
    from report_gen.render.pdf import EmbeddedFile
    from report_gen.render.report.pdf import render_pdf

    files = {"case.json": edition.case_json, "report.json": edition.report_json}
    attached = [EmbeddedFile(name, data, _ATTACHED[name]) for name, data in files.items()]
    try:
        drawn = render_pdf(
            checked,
            content_id=content_id(edition.report_json),
            page_size=edition.page_size,
            attachments=attached if edition.flavour == "record" else (),
            fonts_folder=edition.script_fonts,
        )
    except ReportGenError:
        raise
    except Exception as error:  # noqa: BLE001 - the layout engine raises anything, often quoting the text it was given
        raise RenderError(
            "render.unexpected", f"the PDF could not be drawn: {type(error).__name__} at {place(error)}"
        ) from None
    name = pdf_name(checked.draft.report_id, edition.flavour)
    return Document(name, drawn.data, drawn.pages, drawn.notices)


def pdf_name(report_id: str, flavour: Flavour) -> str:
    """Name of the PDF of a report; each flavour has its own, so that none replaces another."""
    return f"{report_id}.pdf" if flavour == "draft" else f"{report_id}-{flavour}.pdf"


RENDERERS: Final[Mapping[Format, Renderer]] = MappingProxyType({"pdf": _pdf, "json": _json, "html": _html})
"""The renderer of each form, in the order in which their files are written."""
FORMATS: Final[tuple[Format, ...]] = tuple(RENDERERS)
"""Every form."""
