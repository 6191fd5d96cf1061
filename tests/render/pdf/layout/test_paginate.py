"""Where pages end, as properties on made-up pieces and documents."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_gen.document.blocks import Section
from report_gen.render.metrics import stand_ins as stand_in_widths
from report_gen.render.pdf.layout.blocks import Typesetter
from report_gen.render.pdf.layout.paginate import PieceTooHigh, paginate
from report_gen.render.pdf.layout.pieces import FORBIDDEN, FREE, INSIDE, KEPT, SAVING, TOGETHER, PagePiece
from report_gen.render.pdf.layout.words import Lettering
from report_gen.render.pdf.scripts import StandIns
from report_gen.render.pdf.styles import NORMAL
from tests.render.pdf.made import chronology, prose, section, signature, table

HEIGHT = 700.0
BONDS = st.sampled_from([FREE, INSIDE, KEPT, TOGETHER, FORBIDDEN])
PIECES = st.lists(st.tuples(st.floats(1, 300), BONDS, st.floats(0, 9)), min_size=1, max_size=60)


def _nothing(*_: object) -> None:
    """Draws nothing."""


def _pieces(rows: Sequence[tuple[float, float, float]]) -> list[PagePiece]:
    return [PagePiece(height, _nothing, before=gap, bond=bond) for height, bond, gap in rows]


def _height(page: Sequence[PagePiece]) -> float:
    return sum(piece.height + (piece.before if number else 0) for number, piece in enumerate(page)) + (
        page[0].head.height if page[0].head else 0.0
    )


def _set(*sections: Section) -> list[list[PagePiece]]:
    """The pages of sections, as pieces."""
    with stand_in_widths({}):
        made = Typesetter(Lettering(StandIns()), NORMAL, 536.0, HEIGHT).pieces(sections, {})
    return [list(page) for page in paginate(made, HEIGHT).pages]


class TestAnyPieces:
    @given(rows=PIECES)
    def test_all_stand_once_in_order_and_fit(self, rows):
        """Whatever the bonds."""
        made = _pieces(rows)
        layout = paginate(made, HEIGHT)
        assert [piece for page in layout.pages for piece in page] == made
        assert all(_height(page) <= HEIGHT + 0.01 for page in layout.pages)
        assert 0 < layout.last_fill <= 1.0001

    @given(rows=PIECES)
    def test_a_forbidden_break_is_taken_only_where_the_pieces_alone_are_too_high(self, rows):
        """What a heading heads is on its page."""
        made = _pieces(rows)
        for page in paginate(made, HEIGHT).pages[:-1]:
            if page[-1].bond >= FORBIDDEN:
                bound = [piece.bond >= FORBIDDEN for piece in page[:-1]]
                assert all(bound) or _height(page) > HEIGHT * 0.2

    @given(count=st.integers(1, 300), height=st.floats(8, 30))
    def test_even_rows_take_no_page_too_many(self, count, height):
        """A long table fills its pages."""
        made = _pieces([(height, INSIDE, 0.0)] * count)
        least = -(-count // int((HEIGHT + 1e-6) / height))
        assert len(paginate(made, HEIGHT).pages) == least

    def test_a_piece_that_is_higher_than_a_page_is_an_error(self):
        """Nothing is clipped."""
        with pytest.raises(PieceTooHigh):
            paginate(_pieces([(HEIGHT + 1, FREE, 0.0)]), HEIGHT)

    def test_a_repeated_head_has_its_room(self):
        """It stands over every part but the first."""
        made = _pieces([(100.0, INSIDE, 0.0)] * 20)
        for piece in made:
            piece.head = PagePiece(50.0, _nothing)
        pages = paginate(made, HEIGHT).pages
        assert all(_height(page) <= HEIGHT for page in pages)

    def test_a_last_page_is_not_nearly_empty(self):
        """Where pages before it can give."""
        made = _pieces([(100.0, INSIDE, 0.0)] * 8)
        pages = paginate(made, HEIGHT).pages
        assert [len(page) for page in pages] == [5, 3]

    def test_a_section_begins_on_the_next_page_rather_than_after_a_block(self):
        """Among breaks that leave about as much free, that between sections is taken."""
        made = _pieces([(100.0, INSIDE, 0.0)] * 6 + [(50.0, FREE, 0.0)] + [(100.0, INSIDE, 0.0)] * 6)
        assert len(paginate(made, HEIGHT).pages[0]) == 7


class TestDocuments:
    @given(before=st.integers(0, 60), lines=st.integers(1, 30))
    def test_a_heading_stands_with_its_body_and_no_line_alone(self, before, lines):
        """Wherever on the page the section begins."""
        filler = section("Before", *[prose(1, 6)] * before) if before else section("Before", prose(1))
        pages = _set(filler, section("Section", prose(lines, 14)))
        for page in pages[:-1]:
            assert page[-1].bond < FORBIDDEN

    @given(before=st.integers(0, 60), entries=st.integers(1, 9))
    def test_an_alert_is_whole(self, before, entries):
        """Heading and table of an alert that fits on a page stand on one where parting them saves none."""
        filler = section("Before", *[prose(1, 6)] * before) if before else section("Before", prose(1))
        pages = _set(filler, section("E1", chronology(entries), level=2, role="event"))
        assert not any(page[-1].bond >= SAVING for page in pages[:-1])

    def test_a_page_is_saved_where_a_long_alert_is_parted(self):
        """Between two sections that leave no room for it whole; three entries at least stand on either page."""
        before = section("Before", *[prose(1, 6)] * 30)
        after = section("After", *[prose(1, 6)] * 30)
        pages = _set(before, section("E1", chronology(12, 30), level=2, role="event"), after)
        assert len(pages) == 2
        assert pages[0][-1].bond == SAVING
        assert all(sum(piece.head is not None for piece in page) >= 3 for page in pages)

    def test_a_long_alert_has_three_entries_at_either_end(self):
        """And its title again."""
        pages = _set(section("E1", chronology(60, 30), level=2, role="event"))
        assert len(pages) > 1
        rows = [[piece for piece in page if piece.head is not None] for page in pages]
        assert all(len(page) >= 3 for page in rows)

    @given(before=st.integers(0, 60))
    def test_what_is_signed_and_the_signature_are_on_one_page(self, before):
        """Though they are two sections."""
        filler = section("Before", *[prose(1, 6)] * before) if before else section("Before", prose(1))
        attested = (
            section("Supervision", prose(3), role="attestation"),
            section("Signatures", signature(), signature("Technologist"), role="attestation"),
        )
        pages = _set(filler, *attested)
        assert not any(page[-1].bond >= TOGETHER for page in pages[:-1])

    @given(before=st.integers(0, 60), rows=st.integers(1, 12))
    def test_a_short_table_moves_whole(self, before, rows):
        """Where that takes no page more."""
        filler = section("Before", *[prose(1, 6)] * before) if before else section("Before", prose(1))
        pages = _set(filler, section("Table", table(rows)))
        assert not any(page[-1].bond >= KEPT for page in pages[:-1])

    @given(before=st.integers(0, 60))
    def test_the_result_is_never_parted(self, before):
        """Its frame is whole."""
        filler = section("Before", *[prose(1, 6)] * before) if before else section("Before", prose(1))
        pages = _set(filler, section("Result", prose(12, 20), role="result"))
        assert not any(page[-1].bond >= TOGETHER for page in pages[:-1])
