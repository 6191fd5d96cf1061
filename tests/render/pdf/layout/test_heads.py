"""Left and right of a table stand apart, and no wider table is made for it."""

from __future__ import annotations

from itertools import pairwise

from report_gen.render.pdf.layout.heads import Head, column_places
from report_gen.render.pdf.layout.words import Lettering
from report_gen.render.pdf.scripts import StandIns
from report_gen.render.pdf.styles import NORMAL

SIDES = (
    Head("Response", 1.0),
    Head("Worst", 0.0, group="Left"),
    Head("Closing", 0.0, group="Left"),
    Head("Worst", 0.0, group="Right"),
    Head("Closing", 0.0, group="Right"),
    Head("Event", 0.0),
)
TEXTS = (
    "Median nerve SSEP",
    "absent (09:12 to 09:16)",
    "95%, +0.1 ms",
    "absent (09:12 to 09:16)",
    "95%, +0.1 ms",
    "E1",
)


def _rooms(width: float) -> list[float]:
    """Room right of the text of each column but the last, with one row of texts."""
    words = Lettering(StandIns(None))
    cells = tuple((words.of(text),) for text in TEXTS)
    places = column_places(SIDES, [cells], width, words, NORMAL.cell)
    return [after - (left + room) for (left, room), (after, _) in pairwise(places)]


def test_groups_stand_further_apart_than_the_columns_in_them():
    """Where there is room."""
    response, left_worst, left_closing, right_worst, right_closing = _rooms(540)
    assert min(response, left_closing, right_closing) > 1.5 * max(left_worst, right_worst) > 0


def test_there_is_a_gap_where_there_is_no_room():
    """Between every two columns."""
    assert min(_rooms(330)) > 6
