"""Pages as a fax machine sees them, without reading them: `make fax` reads them, where tesseract is.

Checked is what a fax takes away for good. A tint behind text is halftoned into dots between the letters, grey letters
fall apart, and a letter or a stroke that is smaller than the grid does not arrive.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from report_gen import Settings, generate, load_case
from report_gen.render.pdf.fonts import register_fonts
from tests.selection import now_and_in_full

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "valid").glob("*.json"))
NOW = ("invented_scoliosis_mep_loss", "published_c04_acdf")
"""Every kind of block, figures and frames included; a thin record with what it does not hold. What a fax takes away
depends on how a kind of block is drawn, not on what the case says."""
BY_SAMPLE = pytest.mark.parametrize(
    "path",
    now_and_in_full([path for path in SAMPLES if path.stem != "stress_twelve_hours"], NOW, key=lambda path: path.stem),
    ids=lambda path: path.stem,
)

ACROSS, FINE, STANDARD = 204, 196, 98
"""Dots an inch across; lines an inch down in the two modes of a group 3 fax."""
OVERSAMPLED = 2
"""Pixels drawn for each dot across, so that a dot's share of black is measured."""
WHITE_SHARE = 0.35
"""A letter's cell (its advance by its font's height) is never more than about half ink: under a third of pure white
means that something else lies in it. The fullest cell of the samples keeps 0.47."""
NEARLY_BLACK = 16
"""The darkest pixel of a black letter is 0 even in a full stop; text of 10 % grey has 25."""
ROWS = {"x-height": 5, "capital": 7}
"""A 5 by 7 matrix is the coarsest on which all capitals and digits differ; small letters without strokes above or below
take five of its rows. At 98 lines an inch that is 7.2 pt of Liberation Sans: 8 pt keeps a margin, 7 pt fails."""
LOW, TALL = set("acemnorsuvwxz"), set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
FLAT = set("_…")
"""Lone horizontal strokes: thinner than a row of standard mode, they can fall between two rows."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Letter:
    """A character of a page: left, bottom, right and top of its ink and of its cell, in points."""

    character: str
    ink: Box
    cell: Box

    @property
    def rows(self) -> float:
        """Height of the ink in lines of standard mode."""
        return (self.ink[3] - self.ink[1]) / 72 * STANDARD


def letters(page: Any) -> Iterator[Letter]:
    """The characters of a page that draw something."""
    text = page.get_textpage()
    for index in range(text.count_chars()):
        character = text.get_text_range(index, 1)
        if character.strip():
            yield Letter(character, text.get_charbox(index), text.get_charbox(index, loose=True))


def drawn(page: Any) -> Image.Image:
    """A page in grey, before anything is thresholded away."""
    return page.render(scale=OVERSAMPLED * ACROSS / 72, grayscale=True).to_pil().convert("L")


def sent(page: Any, image: Image.Image, lines: int) -> Image.Image:
    """A page on the grid of a fax: a dot is black when at least half of its area is."""
    width, height = page.get_size()
    grid = image.resize((round(width / 72 * ACROSS), round(height / 72 * lines)), Image.Resampling.BOX)
    return grid.point([0 if level < 128 else 255 for level in range(256)])


def histogram(image: Image.Image, size: tuple[float, float], box: Box, margin: int = 0) -> list[int]:
    """How many pixels of each level lie in a box given in points of a page of this size, widened by pixels."""
    width, height = size
    across, down = image.width / width, image.height / height
    left, bottom, right, top = box
    corners = (
        int(left * across) - margin,
        int((height - top) * down) - margin,
        int(right * across) + 1 + margin,
        int((height - bottom) * down) + 1 + margin,
    )
    return image.crop(corners).histogram()


class Page:
    """A page as drawn, and what a fax would do to it."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._drawn = drawn(page)
        self._letters = list(letters(page))
        self._size = page.get_size()

    def on_a_fill(self) -> list[str]:
        """Letters whose cell is not mostly pure white, before any threshold: a light tint is a fill too."""
        cells = [(row, histogram(self._drawn, self._size, row.cell)) for row in self._letters]
        return [row.character for row, levels in cells if levels[255] < WHITE_SHARE * sum(levels)]

    def not_black(self) -> list[str]:
        """Letters without a black pixel; unlike a look at the page's operators this sees forms and transparency too."""
        inks = [(row, histogram(self._drawn, self._size, row.ink)) for row in self._letters]
        return [row.character for row, levels in inks if not any(levels[: NEARLY_BLACK + 1])]

    def too_small(self) -> list[str]:
        """Small letters under five rows, and capitals and digits under seven, in standard mode."""
        return [row.character for row in self._letters if row.rows < _least(row.character)]

    def vanished(self, lines: int) -> list[str]:
        """Characters that leave no black dot on the grid, one dot around their ink included."""
        image = sent(self._page, self._drawn, lines)
        return [row.character for row in self._letters if not histogram(image, self._size, row.ink, margin=1)[0]]


def _least(character: str) -> int:
    if character in LOW:
        return ROWS["x-height"]
    return ROWS["capital"] if character in TALL else 0


def _faults(data: bytes) -> dict[str, list[str]]:
    """What each check finds, on all pages."""
    document = pypdfium2.PdfDocument(data)
    try:
        pages = [Page(page) for page in document]
        return {
            "on a fill": [mark for page in pages for mark in page.on_a_fill()],
            "not black": [mark for page in pages for mark in page.not_black()],
            "too small": [mark for page in pages for mark in page.too_small()],
            "vanished, fine": [mark for page in pages for mark in page.vanished(FINE)],
            "vanished, standard": [mark for page in pages for mark in page.vanished(STANDARD)],
        }
    finally:
        document.close()


@cache
def _of_sample(path: Path) -> dict[str, list[str]]:
    return _faults(generate(load_case(path), settings=Settings(allow_incomplete=True)).pdf)


class TestEverySample:
    @BY_SAMPLE
    def test_no_letter_stands_on_a_fill(self, path):
        """Around every letter the page is white."""
        assert _of_sample(path)["on a fill"] == []

    @BY_SAMPLE
    def test_every_letter_is_black(self, path):
        """Each letter reaches black, however it was drawn."""
        assert _of_sample(path)["not black"] == []

    @BY_SAMPLE
    def test_every_letter_spans_enough_rows_of_standard_mode(self, path):
        """Letters keep the rows that tell them apart."""
        assert _of_sample(path)["too small"] == []

    @BY_SAMPLE
    def test_nothing_vanishes_in_fine_mode(self, path):
        """Every character, minus signs and full stops included, leaves ink."""
        assert _of_sample(path)["vanished, fine"] == []

    @BY_SAMPLE
    def test_only_lone_horizontal_strokes_may_vanish_in_standard_mode(self, path):
        """Every character with a height leaves ink on the coarsest grid."""
        assert set(_of_sample(path)["vanished, standard"]) <= FLAT


def _page(
    words: str, *, size: float = 8.0, ink: float = 0.0, fill: float | None = None, room: float = 200, rows: int = 1
) -> bytes:
    """A page with lines of text, each a little lower on the grid of dots than the one before, on a fill or on none."""
    register_fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(220, 220), initialFontName="ReportSans")
    if fill is not None:
        canvas.setFillGray(fill)
        canvas.rect(8, 8, room, 200, stroke=0, fill=1)
    canvas.setFillGray(ink)
    canvas.setFont("ReportSans", size)
    for row in range(rows):
        canvas.drawString(10, 200 - row * (12 + 0.1), words)
    canvas.save()
    return buffer.getvalue()


class TestTheChecksThemselves:
    WORDS = "L TA 78 µV, 29.5 ms (−85%, +0.6 ms)"
    MARKS = "".join(WORDS.split())

    def test_pass_on_a_plain_page(self):
        """Black 8 pt on white has no fault."""
        found = _faults(_page(self.WORDS))
        assert set(found.pop("vanished, standard")) <= FLAT
        assert not any(found.values())

    @pytest.mark.parametrize("fill", [0.95, 0.88, 0.5])
    def test_see_a_fill_of_any_tint(self, fill):
        """Five percent of grey is enough, though a threshold at half would hide it."""
        assert _faults(_page(self.WORDS, fill=fill))["on a fill"] == list(self.MARKS)

    def test_see_a_fill_behind_a_part_of_a_line(self):
        """Only the letters over it are named."""
        assert "".join(_faults(_page(self.WORDS, fill=0.9, room=12))["on a fill"]) in ("LT", "LTA")

    def test_see_white_letters_on_black(self):
        """Reversed text is text on a fill."""
        assert _faults(_page(self.WORDS, ink=1.0, fill=0.0))["on a fill"] == list(self.MARKS)

    @pytest.mark.parametrize("ink", [0.1, 0.35, 0.6])
    def test_see_grey_letters(self, ink):
        """Ten percent is grey."""
        assert _faults(_page(self.WORDS, ink=ink))["not black"] == list(self.MARKS)

    def test_see_small_type(self):
        """Seven points are too few rows."""
        assert set(_faults(_page(self.WORDS, size=7))["too small"]) >= set("LTA785")

    def test_see_what_vanishes(self):
        """A minus sign of 3 pt is thinner than half a row of either mode, wherever it falls."""
        found = _faults(_page("−−−", size=3, rows=4))
        assert found["vanished, standard"] == ["−"] * 12
        assert _faults(_page("−−−", size=1.5, rows=4))["vanished, fine"] == ["−"] * 12
