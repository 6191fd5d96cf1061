"""What a caller may choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices for one report; the defaults need no configuration."""

    page_size: Literal["letter", "a4"] = "letter"
    """Paper size."""
    pdf: bool = True
    """Whether the PDF is made; without it ReportLab is not loaded."""
    allow_incomplete: bool = False
    """Make the draft although a required field of the draft gate is missing; it then says so."""
