"""The width table against the fonts it was made from."""

from __future__ import annotations

import pytest
from reportlab.pdfbase import pdfmetrics

import report_gen.render.metrics
from report_gen import AssetError
from report_gen.render.metrics import coverage, runs, text_width
from report_gen.render.pdf.fonts import register_fonts


class TestTextWidth:
    @pytest.mark.parametrize("bold", [False, True])
    def test_is_what_the_fonts_give(self, bold):
        """Every character is as wide as ReportLab reads it out of the font file."""
        register_fonts()
        wrong = [
            f"U+{ord(character):04X}"
            for character in sorted(coverage().settable)
            for face, part in runs(character, bold=bold)
            if text_width(part, 8, bold=bold) != pdfmetrics.stringWidth(part, face, 8)
        ]
        assert wrong == []

    def test_adds_up_over_faces(self):
        """Text that takes two faces is as wide as its parts."""
        words = "Նարեկ, loss < 50 %"
        register_fonts()
        parts = sum(pdfmetrics.stringWidth(part, face, 9) for face, part in runs(words))
        assert text_width(words, 9) == pytest.approx(parts)

    def test_other_scripts_have_a_likely_width(self):
        """Letters that no report font has take room; marks on them take none."""
        assert text_width("漢字", 10) == 20
        assert text_width("ש", 10) == text_width("שָ", 10) > 5


class TestTables:
    @pytest.mark.parametrize("damage", ["", "{", "[]", '{"regular":[1],"bold":[1],"fallback":[1]}'])
    def test_a_damaged_table_is_named(self, tmp_path, monkeypatch, damage):
        """Missing, cut off, of another shape or too short: an installation at fault, not a wrong layout."""
        folder = report_gen.render.metrics._FOLDER
        (tmp_path / "coverage.json").write_bytes((folder / "coverage.json").read_bytes())
        if damage:
            (tmp_path / "widths.json").write_text(damage)
        monkeypatch.setattr(report_gen.render.metrics, "_FOLDER", tmp_path)
        report_gen.render.metrics._metrics.cache_clear()
        try:
            with pytest.raises(AssetError, match="font table is missing or damaged"):
                coverage()
        finally:
            monkeypatch.undo()
            report_gen.render.metrics._metrics.cache_clear()
