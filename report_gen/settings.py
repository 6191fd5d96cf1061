"""What a caller may choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

__all__ = ["PAGE_SIZES", "PageSize", "Settings"]

PageSize = Literal["letter", "a4"]
PAGE_SIZES: Final[tuple[PageSize, ...]] = get_args(PageSize)


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices for one report; the defaults need no configuration."""

    page_size: PageSize = "letter"
    """Paper size."""
    pdf: bool = True
    """Whether the PDF is made; without it ReportLab is not loaded."""
    html: bool = False
    """Whether the HTML preview is made: one file that says what the PDF says, for a browser or a phone."""
    allow_incomplete: bool = False
    """Make the draft although a required field of the draft gate is missing; it then says so."""

    def __post_init__(self) -> None:
        """Refuse a page size that does not exist where it is chosen, not while drawing."""
        if self.page_size not in PAGE_SIZES:
            raise ValueError(f"page_size is one of {', '.join(PAGE_SIZES)}")
