"""The report fonts as ReportLab knows them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from report_gen.errors import AssetError
from report_gen.render.metrics import BOLD, FALLBACK, REGULAR, coverage

__all__ = ["font_status", "register_fonts"]

_FOLDER = Path(__file__).parent / "fonts"
_FILES = {
    REGULAR: "ReportSans-Regular.ttf",
    BOLD: "ReportSans-Bold.ttf",
    FALLBACK: "ReportSansFallback-Regular.ttf",
}


@cache
def register_fonts() -> None:
    """Register the faces with ReportLab, once in a process.

    Raises:
        AssetError: A font file is missing or damaged.
    """
    try:
        for name, file in _FILES.items():
            pdfmetrics.registerFont(TTFont(name, str(_FOLDER / file)))
    except (OSError, TTFError) as error:
        raise AssetError("assets.fonts", "a report font is missing or damaged; install report_gen again") from error


def font_status() -> dict[str, str]:
    """Each face with whether its file is there, and how many characters it covers."""
    covered = {REGULAR: coverage().primary, BOLD: coverage().primary, FALLBACK: coverage().fallback}
    return {
        name: f"{'embedded' if (_FOLDER / file).is_file() else 'MISSING'}, {len(covered[name])} characters"
        for name, file in _FILES.items()
    }
