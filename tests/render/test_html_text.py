"""Text on its way into HTML: any text stands for itself, whatever it looks like."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.render.html_text import characters, plain, text, values
from tests.hostile import HOSTILE
from tests.markup_tree import tree
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANY = st.text(st.characters(exclude_categories=())) | st.text("<>&\"'=/ \n\rאא1a;#x")
"""Any code points, halves of characters included; and those that mean something to HTML, close together."""


class TestPlain:
    @PROPERTY
    @given(ANY)
    def test_leaves_nothing_that_is_no_text(self, words):
        """No control, no direction mark, no half character; doing it twice changes nothing."""
        made = plain(words)
        categories = {unicodedata.category(character) for character in made} - {"Cf", "Cn"}
        assert "Cs" not in categories
        assert {character for character in made if unicodedata.category(character) == "Cc"} <= {"\n", "\t"}
        assert not set(made) & set("\u200e\u200f\u202a\u202e\u2066\u2069\u061c\ufffe\U0010ffff")
        assert plain(made) == made
        made.encode()

    @pytest.mark.parametrize(
        "words", ["naïve", "می\u200cخواهم", "👨\u200d👩", "葛\U000e0100", "x" + "\u0301" * 9, "a\tb"]
    )
    def test_keeps_what_writing_needs(self, words):
        """Joiners, variants and marks change what a word looks like; they stay."""
        assert plain(words) == words

    def test_line_ends_are_line_feeds(self):
        """As a browser would read them."""
        assert plain("a\r\nb\rc\nd") == "a\nb\nc\nd"


class TestText:
    @PROPERTY
    @given(ANY)
    def test_any_text_stands_for_itself(self, words):
        """Read back, it is the text; no element comes of it but line breaks and stretches set apart."""
        made = tree(text(words))
        assert made.text() == plain(words)
        assert {node.name for node in made.walk()} <= {"", "br", "bdi"}
        assert all(not node.attributes for node in made.walk())

    @pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
    def test_hostile_text_stands_for_itself(self, words):
        """Markup, templates and scripts are words."""
        made = tree(text(words))
        assert made.text() == words
        assert {node.name for node in made.walk()} <= {"", "bdi"}

    @pytest.mark.parametrize(
        ("words", "apart"),
        [
            ("told כהן, דוד at 11:28", ["כהן, דוד"]),
            ("(اختبار، ليلى); Cohen", ["اختبار، ليلى"]),
            ("דוד 5 כהן 7", ["דוד 5 כהן"]),
            ("דוד Cohen כהן", ["דוד", "כהן"]),
            ("דוד\nכהן", ["דוד", "כהן"]),
            ("Δοκιμάκη 测试 परीक्षण", []),
        ],
    )
    def test_what_reads_from_right_to_left_is_set_apart(self, words, apart):
        """The stretch alone: figures beside it keep their place."""
        assert [node.text() for node in tree(text(words)).all("bdi")] == apart

    @pytest.mark.parametrize(
        "words",
        [
            "א " * 100_000,
            "א1 " * 100_000,
            "א" + "1" * 200_000,
            "<&" * 100_000,
            "א!" * 100_000,
            "1" * 200_000,
            "1 " * 100_000,
        ],
    )
    def test_no_text_is_slow(self, words):
        """Two hundred thousand characters take no more than a pass over them, whatever they are.

        Counted is this process's own work, which no other process adds to. A pass takes some hundredths of a second,
        and every character against every other would take minutes: between them nothing is near the bound.
        """
        start = time.process_time()
        values(words)
        assert time.process_time() - start < 10


class TestValues:
    @pytest.mark.parametrize(
        ("words", "kept"),
        [
            ("2.3 µV, 19.1 ms (−8 % of baseline)", ["2.3 µV", "19.1 ms", "−8 %"]),
            ("450 V, 7 pulses at 500 Hz, 5 kΩ", ["450 V", "500 Hz", "5 kΩ"]),
            ("norepinephrine 4 µg/min, MAP 54 mmHg", ["4 µg/min", "54 mmHg"]),
            ("> 8 mA at L4, <3 mV", ["> 8 mA", "<3 mV"]),
            ("36.1 °C; 4 h 28 min", ["36.1 °C", "4 h", "28 min"]),
            ("5 of 8 in S1, 3 Vs, 6 Lords", []),
        ],
    )
    def test_a_number_stays_with_its_unit(self, words, kept):
        """Marked for the style sheet, which lets no line end between them; the words are as they were."""
        assert [node.text() for node in tree(values(words)).all("span")] == kept
        assert tree(values(words)).text() == words

    @PROPERTY
    @given(ANY)
    def test_any_text_stands_for_itself(self, words):
        """Marking adds elements and takes nothing away."""
        assert tree(values(words)).text() == plain(words)


class TestCharacters:
    @PROPERTY
    @given(ANY)
    def test_any_attribute_stands_for_itself(self, words):
        """A value cannot end itself and begin another attribute."""
        (node,) = tree(f'<p title="{characters(words)}"></p>').children
        assert node.attributes == {"title": plain(words)}

    @PROPERTY
    @given(ANY)
    def test_any_characters_stand_for_themselves(self, words):
        """Where no element may stand, none comes."""
        made = tree(f"<title>{characters(words)}</title>")
        assert made.text() == plain(words)
        assert len(made.children) == 1
