"""What a caller may choose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from report_gen.render.formats import FLAVOURS, FORMATS, PAGE_SIZES, Flavour, Format, PageSize

__all__ = ["FLAVOURS", "FORMATS", "PAGE_SIZES", "Flavour", "Format", "PageSize", "Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices for one report; the defaults need no configuration."""

    page_size: PageSize = "letter"
    """Paper size."""
    pdf: bool = True
    """Whether the PDF is made; without it ReportLab is not loaded."""
    html: bool = False
    """Whether the HTML preview is made: one file that says what the PDF says, for a browser or a phone."""
    flavour: Flavour = "draft"
    """Which PDF: `draft` to read and edit; `record` for the chart, with case and report data attached; `payer` without
    attachment, because the data say more than a payer needs. Unsigned, each is marked as a draft."""
    script_fonts: Path | None = None
    """Folder of font files for scripts that the report fonts do not have, which the extra `scripts` draws. None: where
    Debian keeps the Noto fonts. Without the extra or a font, a bracket and a notice name what the PDF does not show."""
    allow_incomplete: bool = False
    """Make the draft although a required field of the draft gate is missing; it then says so."""

    def __post_init__(self) -> None:
        """Refuse a choice that does not exist where it is made, not while drawing."""
        if self.flavour not in FLAVOURS:
            raise ValueError(f"flavour is one of {', '.join(FLAVOURS)}")
        if self.page_size not in PAGE_SIZES:
            raise ValueError(f"page_size is one of {', '.join(PAGE_SIZES)}")

    @property
    def formats(self) -> tuple[Format, ...]:
        """Forms of the report that are made, in the order of their table; always JSON, whose id the others bear."""
        return tuple(form for form in FORMATS if form == "json" or getattr(self, form))
