"""What belongs on page one stands there, and what has room takes it, on made-up documents."""

from __future__ import annotations

import pypdfium2
import pytest

from report_gen.document.blocks import Paragraph, Phrase, Section
from report_gen.render.pdf import set_pages
from report_gen.render.pdf.layout.paginate import Front, paginate
from report_gen.render.pdf.layout.pieces import FREE, INSIDE, KEPT, PagePiece, roomier
from tests.render.pdf.made import pages, prose, section, signature, table

LIMITS = ("Not monitored", "No data", "Criterion")


def _nothing(*_: object) -> None:
    """Draws nothing."""


def _limits() -> Section:
    lines = (Paragraph((Phrase(f"Words of {label.lower()}."),), label=label) for label in LIMITS)
    return section("Limitations", *lines, role="limitations")


def _report(before: int, rows: int) -> list[str]:
    """The text of each page of a report with so much impression and so many rows of results."""
    made = set_pages(
        pages(
            section("Report", prose(1), role="title"),
            section("Result", prose(2), role="result"),
            section("Impression", *[prose(1, 30)] * before, role="impression"),
            section("Results", table(rows), role="summary"),
            _limits(),
            section("Course", *[prose(1, 30)] * 10, role="course"),
        )
    )
    pdf = pypdfium2.PdfDocument(made.data)
    try:
        return [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()


def _places(text: str, words: tuple[str, ...]) -> list[int]:
    return [text.index(word) for word in words]


class TestLimitations:
    def test_a_line_for_each_kind_behind_the_results(self):
        """Where there is room; its label heads each line."""
        first = _report(2, 4)[0]
        rows = [line for line in first.splitlines() if line.startswith(LIMITS)]
        assert [row.strip() for row in rows] == [f"{label}. Words of {label.lower()}." for label in LIMITS]
        assert _places(first, ("Results", "Limitations")) == sorted(_places(first, ("Results", "Limitations")))

    @pytest.mark.parametrize("before", range(0, 22, 3))
    @pytest.mark.parametrize("rows", [3, 12, 24, 60])
    def test_begin_on_page_one(self, before, rows):
        """However long the impression or the results are; before results that go on overleaf."""
        assert "Not monitored." in _report(before, rows)[0]

    def test_stand_before_results_that_go_on_overleaf(self):
        """Labels and words in one paragraph: none of it is lost."""
        first = _report(4, 90)[0]
        found = _places(first, ("Impression", "Limitations", *LIMITS, "Results"))
        assert found == sorted(found)


class TestTheFirstPage:
    def test_does_not_end_before_what_belongs_on_it(self):
        """Though a break before it costs less otherwise."""
        pieces = [PagePiece(90.0, _nothing, bond=FREE if number == 4 else KEPT) for number in range(9)]
        assert len(paginate(pieces, 700.0).pages[0]) == 5
        layout = paginate(pieces, 700.0, front=Front(7, 6))
        assert len(layout.pages[0]) == 7
        assert layout.whole
        assert layout.begun

    def test_says_what_did_not_fit(self):
        """More than a page of what belongs there."""
        layout = paginate([PagePiece(90.0, _nothing) for _ in range(9)], 300.0, front=Front(8, 6))
        assert not layout.whole
        assert not layout.begun


class TestRoomier:
    def test_stands_in_its_place_with_its_bonds(self):
        """What comes before and after is as it was."""
        piece = PagePiece(50.0, _nothing, before=5.0, after=3.0, bond=INSIDE)
        piece.roomier = lambda: [PagePiece(40.0, _nothing), PagePiece(40.0, _nothing)]
        other = PagePiece(10.0, _nothing)
        first, second, third = roomier([piece, other])
        assert (first.before, second.after, second.bond) == (5.0, 3.0, INSIDE)
        assert third is other

    @pytest.mark.parametrize(("filler", "under"), [(2, True), (29, False)])
    def test_signatures_stand_under_each_other_where_that_takes_no_page_more(self, filler, under):
        """So that no machine reads a line of one as a line of the other."""
        attested = section("Supervision", signature("First"), signature("Second"), role="attestation")
        made = set_pages(pages(section("Before", *[prose(1, 16)] * filler), attested))
        assert made.pages == 1
        page = pypdfium2.PdfDocument(made.data)[0]
        text = page.get_textpage()
        tops = [text.get_charbox(_found(text, title))[3] for title in ("First", "Second")]
        assert (tops[0] - tops[1] > 20) is under


def _found(text: pypdfium2.PdfTextPage, words: str) -> int:
    """Where words begin, as number of a character."""
    found = text.search(words, match_case=True).get_next()
    assert found is not None
    return found[0]


@pytest.mark.parametrize("rows", [28, 40])
def test_the_course_begins_at_the_foot_of_page_one(rows):
    """With its first paragraph, where the table behind it goes overleaf."""
    made = set_pages(
        pages(
            section("Report", prose(1), role="title"),
            section("Result", prose(2), role="result"),
            section("Results", table(rows), role="summary"),
            _limits(),
            section("Course", prose(1, 30), table(12), *[prose(1, 30)] * 12, role="course"),
        )
    )
    pdf = pypdfium2.PdfDocument(made.data)
    try:
        first, _ = [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()
    assert "Course" in first
