"""Text from outside becomes printable without losing anything silently."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.render.escape import MARKS_KEPT, printable
from report_gen.render.metrics import coverage
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
SETTABLE = coverage().settable


class TestPrintable:
    @pytest.mark.parametrize(
        "text", ["plain", "µV ≥ 50% − Δ Ω ° ± × “quoted” ’", "Łukasz Nguyễn Ďurčová", "Οδυσσέας", "Їжак"]
    )
    def test_what_the_fonts_cover_is_unchanged(self, text):
        """Notation and European scripts pass as they are."""
        made = printable(text, SETTABLE)
        assert (made.text, made.notices) == (text, ())

    def test_decomposed_accents_are_composed(self):
        """A name typed with separate accents is set as one letter each."""
        assert printable(unicodedata.normalize("NFD", "Nguyễn"), SETTABLE).text == "Nguyễn"

    @pytest.mark.parametrize(
        ("text", "made"),
        [
            ("שלום", "[Hebrew: 4 characters not printable here]"),
            ("a 張三 b", "a [Chinese or Japanese: 2 characters not printable here] b"),
            ("ab\U0001f600", "ab[Symbol: 1 character not printable here]"),
            ("אב גד x", "[Hebrew: 4 characters not printable here] x"),
        ],
    )
    def test_what_they_do_not_cover_is_named(self, text, made):
        """A bracket and a notice say which script and how many characters; the notice gives no letter away."""
        result = printable(text, SETTABLE)
        assert result.text == made
        assert len(result.notices) == 1
        assert "U+" not in result.notices[0]

    @pytest.mark.parametrize("code", [0x0, 0x7, 0x1B, 0x85, 0xAD, 0x200B, 0x202E, 0x2066, 0xFEFF, 0xE0041])
    def test_invisible_characters_are_left_out_and_named(self, code):
        """Controls, direction marks and zero-width characters cannot change what a reader sees."""
        made = printable(f"12{chr(code)}34", SETTABLE)
        assert made.text == "1234"
        assert f"U+{code:04X}" in made.notices[0]

    def test_stacked_marks_are_thinned_and_counted(self):
        """Five hundred accents on one letter become two, and the report says so."""
        made = printable("x" + "\u0301" * 500, SETTABLE)
        assert sum(map(bool, map(unicodedata.combining, made.text))) == MARKS_KEPT
        assert str(500 - MARKS_KEPT) in made.notices[0]

    @PROPERTY
    @given(st.text(max_size=300))
    def test_any_text_gives_settable_text(self, text):
        """Whatever comes in, only settable characters and line feeds come out, and a change is never silent."""
        made = printable(text, SETTABLE)
        assert SETTABLE.issuperset(made.text.replace("\n", ""))
        if not made.notices:
            assert made.text.split() == unicodedata.normalize("NFC", text).split()

    @PROPERTY
    @given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
    def test_is_stable(self, text):
        """Printable text stays as it is."""
        once = printable(text, SETTABLE).text
        assert printable(once, SETTABLE).text == once

    def test_notices_repeat_nothing_of_the_text_around(self):
        """A notice may be shown and logged."""
        (notice,) = printable("Zebrafinch אב", SETTABLE).notices
        assert "Zebrafinch" not in notice

    def test_lone_surrogates_are_named(self):
        """Half a character is replaced, not passed on."""
        made = printable("a\ud800b", SETTABLE)
        assert made.text == "a[Unassigned: 1 character not printable here]b"
