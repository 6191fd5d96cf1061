"""Where lines end: inside the column, and never between a number and its unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_gen.render.metrics import text_width
from report_gen.render.pdf.layout.lines import in_units, measured, natural_width, wrap

SIZE = 8.0
TEXT = st.text(st.sampled_from("abcde fgh 0123456789 %-/(),.µV≥") | st.just("\n"), max_size=120)


def _lines(text: str, width: float, *, bold: bool = False) -> list[str]:
    made = wrap((measured(text, bold=bold),), in_units(width, SIZE))
    return ["".join(part for part, _ in line) for line in made]


class TestUnbroken:
    @pytest.mark.parametrize(
        "whole",
        [
            "20.6 ms",
            "1360 µV",
            "17 %",
            "left 15 %",
            "right −8 %",
            "L TA",
            "≥ 80 %",
            "1 h 41 min",
            "36.1 °C",
            "54 mmHg",
            "11:29–11:34",
            "6 µg/min",
            "1.7 kΩ",
        ],
    )
    def test_a_value_stays_with_its_unit(self, whole):
        """However narrow the column, as long as the value fits."""
        width = text_width(f"{whole},", SIZE) + 0.1
        assert [line for line in _lines(f"aaa bbb {whole}, ccc {whole}", width) if whole in line] == [
            f"{whole},",
            whole,
        ]

    def test_words_that_begin_like_a_unit_are_no_unit(self):
        """`3 messages` may be parted."""
        assert measured("3 messages").words == ("3", "messages")
        assert measured("3 ms").words == ("3\xa0ms",)

    def test_two_values_may_be_parted(self):
        """Behind the comma."""
        assert measured("1360 µV, 20.6 ms").words == ("1360\xa0µV,", "20.6\xa0ms")


class TestWrapping:
    @given(text=TEXT, width=st.floats(14, 300))
    def test_no_line_is_wider_than_the_column_and_nothing_is_lost(self, text, width):
        """Long words are broken; blanks alone go at line ends."""
        lines = _lines(text, width)
        assert all(text_width(line.rstrip(" "), SIZE) <= width + 0.01 or len(line) == 1 for line in lines)
        assert "".join("".join(lines).split()) == "".join(text.split())

    def test_a_line_feed_ends_a_line(self):
        """Also where there is room."""
        assert _lines("a b\nc", 100) == ["a b", "c"]

    def test_a_long_word_is_broken_at_a_sign_where_it_has_one(self):
        """`right-sided` and the like."""
        assert _lines("aaaaaaaaaa-bbbbbbbbbb", 50)[0] == "aaaaaaaaaa-"

    def test_bold_and_plain_share_a_line(self):
        """A label stands before its value, with a blank between them."""
        spans = (measured("Label:", bold=True), measured("value that goes on"))
        lines = wrap(spans, in_units(60, SIZE))
        assert lines[0] == (("Label: ", True), ("value", False))
        assert natural_width(spans) > in_units(60, SIZE)

    def test_natural_width_is_that_of_the_text(self):
        """As the fonts give it."""
        span = measured("1360 µV, 20.6 ms")
        assert span.natural == pytest.approx(in_units(text_width("1360 µV, 20.6 ms", SIZE), SIZE), abs=1)
