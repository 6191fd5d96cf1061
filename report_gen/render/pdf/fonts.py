"""The report fonts: which characters they draw, how wide text is, and which face each run of text takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from report_gen.errors import AssetError

__all__ = ["BOLD", "FALLBACK", "REGULAR", "Coverage", "coverage", "font_status", "register_fonts", "runs", "text_width"]

REGULAR = "ReportSans"
BOLD = "ReportSans-Bold"
FALLBACK = "ReportSansFallback"

_FOLDER = Path(__file__).parent / "fonts"
_FILES = {
    REGULAR: "ReportSans-Regular.ttf",
    BOLD: "ReportSans-Bold.ttf",
    FALLBACK: "ReportSansFallback-Regular.ttf",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Characters that the fonts draw rightly when set one by one from left to right."""

    primary: frozenset[str]
    """In both weights of the report font."""
    fallback: frozenset[str]
    """Only in the fallback font."""

    @property
    def settable(self) -> frozenset[str]:
        """Characters that can be printed."""
        return self.primary | self.fallback


@cache
def coverage() -> Coverage:
    """What the shipped fonts cover.

    Raises:
        AssetError: The coverage table is missing or damaged.
    """
    try:
        table = json.loads((_FOLDER / "coverage.json").read_text(encoding="utf-8"))
        primary, fallback = (
            frozenset(chr(code) for first, last in table[name] for code in range(first, last + 1))
            for name in ("primary", "fallback")
        )
    except (OSError, ValueError, KeyError) as error:
        raise AssetError("assets.fonts", "the font coverage table is missing; install report_gen again") from error
    return Coverage(primary, fallback)


@cache
def register_fonts() -> None:
    """Register the faces with ReportLab, once in a process.

    Raises:
        AssetError: A font file is missing or damaged.
    """
    try:
        for name, file in _FILES.items():
            pdfmetrics.registerFont(TTFont(name, str(_FOLDER / file)))
        pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    except (OSError, TTFError) as error:
        raise AssetError("assets.fonts", "a report font is missing or damaged; install report_gen again") from error


def runs(text: str, *, bold: bool = False) -> Iterator[tuple[str, str]]:
    """Stretches of printable text that take one face: (font name, text)."""
    main = BOLD if bold else REGULAR
    primary = coverage().primary
    if primary.issuperset(text):
        if text:
            yield main, text
        return
    start = 0
    current = ""
    for index, character in enumerate(text):
        face = main if character in primary else FALLBACK
        if face != current:
            if index > start:
                yield current, text[start:index]
            start, current = index, face
    yield current, text[start:]


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of printable text in points."""
    return float(sum(_width()(part, face, size) for face, part in runs(text, bold=bold)))


def _width() -> Callable[[str, str, float], float]:
    register_fonts()
    width: Callable[[str, str, float], float] = pdfmetrics.stringWidth
    return width


def font_status() -> dict[str, str]:
    """Each face with whether its file is there, and how many characters it covers."""
    covered = {REGULAR: coverage().primary, BOLD: coverage().primary, FALLBACK: coverage().fallback}
    return {
        name: f"{'embedded' if (_FOLDER / file).is_file() else 'MISSING'}, {len(covered[name])} characters"
        for name, file in _FILES.items()
    }
