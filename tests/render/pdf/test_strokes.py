"""Lone strokes of the regular face: high enough for a fax, and not bold, because bold means something in a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

FONTS = Path(__file__).parents[3] / "report_gen" / "render" / "pdf" / "fonts"
ROW = 72 / 98 / 8 * 2048
"""A row of dots of a fax in standard mode, in units of type of 8 pt."""
UPRIGHT = 180
"""Width of the upright of a regular letter, in units."""


def _height(face: str, sign: str) -> int:
    """Height of the ink of a sign, in units."""
    font = TTFontFile(str(FONTS / f"ReportSans-{face}.ttf"))
    font.seek_table("head", 50)
    long_places = font.read_short()
    glyph = font.charToGlyph[ord(sign)]
    places, outlines = font.get_table("loca"), font.get_table("glyf")
    size = 4 if long_places else 2
    start = int.from_bytes(places[glyph * size : (glyph + 1) * size], "big") * (1 if long_places else 2)
    low, high = (int.from_bytes(outlines[start + at : start + at + 2], "big", signed=True) for at in (4, 8))
    return high - low


@pytest.mark.parametrize("sign", "-\u2010\u2212\u2013\u2014")
def test_a_stroke_fills_half_a_row_and_is_no_bolder_than_a_letter(sign):
    """Between a row of dots and the upright of a letter, and thinner than in the bold face."""
    assert ROW < _height("Regular", sign) < 1.1 * UPRIGHT
    assert _height("Regular", sign) < _height("Bold", sign)
