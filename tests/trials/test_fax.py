"""The trial of the fax: which words are compared, where they stand, what counts as lost; nothing is read here."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from report_gen import generate, load_case
from report_gen.pipeline import prepare
from tests.selection import SAMPLES
from trials.fax import __main__ as front
from trials.fax.machine import MODES, Read, arrived
from trials.fax.page import PARTS, Band, Part, Places, parts
from trials.fax.recall import misread, of_kind, tally
from trials.fax.words import words

QUIET = SAMPLES / "invented_acdf_quiet.json"


@pytest.fixture(scope="module")
def case():
    """A quiet case."""
    return load_case(QUIET)


@pytest.fixture(scope="module")
def pdf(case):
    """Its report."""
    return generate(case).pdf


class TestWords:
    def test_are_compared_as_a_reader_takes_them(self):
        """Case, outer punctuation and the kind of dash do not count; a unit is a word of its own."""
        assert list(words("The P37, at 18.9ms (−12 %) “left”")) == ["the", "p37", "at", "18.9", "ms", "-12", "left"]

    def test_a_single_letter_is_none(self):
        """Tesseract finds those in every speck."""
        assert list(words("a – b")) == []


class TestPlaces:
    def test_every_part_of_a_report_is_found_and_has_words(self, case, pdf):
        """Otherwise its recall would be that of nothing; a quiet case has no alert."""
        found = parts(prepare(case).draft, Places(pdf))
        assert set(found) == set(PARTS)
        assert [name for name, part in found.items() if not (part.expected and part.bands)] == ["alert chronologies"]

    def test_a_line_that_is_not_there_is_a_mistake(self, pdf):
        """The draft and the PDF would not belong together."""
        with pytest.raises(LookupError, match="not on a line of its own"):
            Places(pdf).line("No heading of this report")

    def test_standard_mode_has_half_the_lines(self, pdf):
        """Sent as 98 an inch and printed twice; every dot is black or white."""
        (clean, fine, standard) = [image for _, _, image in arrived(pdf, 0.5)][: len(MODES)]
        assert fine.size == standard.size
        assert {color for _, color in fine.getcolors()} == {0, 255} < {color for _, color in clean.getcolors()}


class TestRecall:
    part = Part(Counter({"loss": 2, "-50": 1, "11:28": 1}), [Band(0, 700.0, 600.0)])

    def test_a_word_counts_where_it_stands(self):
        """Read elsewhere it is no help."""
        seen = [Read("loss", 0, 650.0), Read("loss", 0, 100.0), Read("11:28", 1, 650.0), Read("so", 0, 690.0)]
        found = tally(self.part, seen)
        assert (found.lost, found.instead) == (Counter({"loss": 1, "-50": 1, "11:28": 1}), Counter({"so": 1}))
        assert found.recall == "25.0"
        assert of_kind(re.compile("-"), [found]).lost == Counter({"-50": 1})

    def test_what_was_lost_is_told_with_what_looks_like_it(self):
        """The more often, the earlier; what looks like nothing stands alone."""
        assert misread({"loss": 2, "11:28": 1, "left": 1}, ["11:26", "zz"], 2) == "2 loss, 1 11:28 (11:26?)"


class TestWithoutTesseract:
    def test_it_says_so(self, monkeypatch, capsys):
        """And is no failure."""
        monkeypatch.setattr(front, "TESSERACT", "")
        assert front.main([]) == 0
        assert "tesseract is not on PATH" in capsys.readouterr().err
