"""What a caller may choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from report_gen.render.formats import FLAVOURS, FORMATS, PAGE_SIZES, Flavour, Format, PageSize

__all__ = ["FLAVOURS", "FORMATS", "PAGE_SIZES", "Flavour", "Format", "PageSize", "Settings", "flavour_named"]

_RENAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "record": (
            "the flavour `record` is now called `data`, REPORT_ID-data.pdf: the technical record is a file of its own, "
            "REPORT_ID-record.pdf, and comes with every flavour"
        )
    }
)
"""What to say of flavours that are called otherwise now."""


def flavour_named(name: str) -> Flavour:
    """The flavour of this name.

    Raises:
        ValueError: There is none, or it is called otherwise now; the message says how.
    """
    for flavour in FLAVOURS:
        if flavour == name:
            return flavour
    raise ValueError(_RENAMED.get(name, f"flavour is one of {', '.join(FLAVOURS)}"))


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices for one report; the defaults need no configuration."""

    page_size: PageSize = "letter"
    """Paper size."""
    pdf: bool = True
    """Whether the PDFs are made, the report and its technical record; without them ReportLab is not loaded."""
    html: bool = False
    """Whether the HTML preview is made: one file that says what the PDF says, for a browser or a phone."""
    flavour: Flavour = "draft"
    """Which PDF: `draft` to read and edit; `data` with case and report data attached, for whoever imports them; `payer`
    the copy of what is signed, refused while nobody has signed. Unsigned, each is marked as a draft."""
    bind: bool = False
    """Whether the technical record stands behind the report in one PDF, instead of in a file of its own."""
    drafted_at: datetime | None = None
    """When the draft is made, with UTC offset: stands on unsigned pages, and in no data. None: the latest time of the
    record stands there, so that the same case gives the same bytes whenever it is drawn."""
    script_fonts: Path | None = None
    """Folder of font files for scripts that the report fonts do not have, which the extra `scripts` draws. None: where
    Debian keeps the Noto fonts. Without the extra or a font, a bracket and a notice name what the PDF does not show."""
    allow_incomplete: bool = False
    """Make the draft although a required field of the draft gate is missing; it then says so."""

    def __post_init__(self) -> None:
        """Refuse a choice that does not exist where it is made, not while drawing."""
        flavour_named(self.flavour)
        if self.page_size not in PAGE_SIZES:
            raise ValueError(f"page_size is one of {', '.join(PAGE_SIZES)}")
        if self.drafted_at is not None and self.drafted_at.utcoffset() is None:
            raise ValueError("drafted_at carries its UTC offset")

    @property
    def formats(self) -> tuple[Format, ...]:
        """Forms of the report that are made, in the order of their table; always JSON, whose id the others bear."""
        return tuple(form for form in FORMATS if form == "json" or getattr(self, form))
