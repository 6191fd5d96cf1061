"""Placing labels: properties that hold for any marks."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.render.figures.place import group_marks, place_steps, shortened, spread
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
PLACES = st.floats(0, 500, allow_nan=False)


def _width(words: str) -> float:
    return 4.5 * len(words)


class TestShortened:
    @PROPERTY
    @given(st.text(max_size=60), st.floats(10, 300))
    def test_fits_and_keeps_the_beginning(self, words, room):
        """The result fits, and is the words themselves or their beginning with an ellipsis."""
        made = shortened(words, room, _width)
        assert _width(made) <= max(room, _width("…"))
        assert made == words or (made.endswith("…") and words.startswith(made[:-1]))

    @PROPERTY
    @given(st.text(max_size=60))
    def test_what_fits_is_untouched(self, words):
        """Nothing is cut that has room."""
        assert shortened(words, _width(words), _width) == words


class TestGroupMarks:
    @PROPERTY
    @given(st.lists(st.tuples(PLACES, st.sampled_from(["E1", "E2", "E33", "E444"])), max_size=80))
    def test_every_mark_stands_once_and_labels_stand_clear(self, marks):
        """No mark is lost or doubled, and every label ends before the next symbol starts."""
        groups = group_marks(marks, _width)
        assert sorted(place for group in groups for place in group.places) == sorted(place for place, _ in marks)
        for group, after in pairwise(groups):
            assert group.label_at + _width(group.label) < after.places[0] - 4.0

    def test_one_event_with_several_marks_says_how_many(self):
        """Seven interventions of one event in a minute read as that event seven times."""
        assert [group.label for group in group_marks([(10.0 + i, "E1") for i in range(7)], _width)] == ["E1 (7)"]

    def test_several_events_read_as_a_range(self):
        """First and last name stand for what lies between."""
        assert [group.label for group in group_marks([(1, "E1"), (2, "E2"), (3, "E3")], _width)] == ["E1–E3"]


class TestPlaceSteps:
    @PROPERTY
    @given(st.lists(st.tuples(PLACES, st.sampled_from(["cut", "decompression", "rod placed"])), max_size=40))
    def test_labels_do_not_touch(self, steps):
        """Labels in one row keep apart, stay inside, and no tick runs through a label under its own."""
        placed = place_steps(steps, width=_width, left=0, right=520, rows=5)
        assert sorted(step.place for step in placed) == sorted(place for place, _ in steps)
        shown = [step for step in placed if step.shown]
        for step in shown:
            assert step.left >= 0
            assert step.left + _width(step.words) <= 520
        for i, one in enumerate(shown):
            for other in shown[i + 1 :]:
                if one.row == other.row:
                    first, second = sorted((one, other), key=lambda row: row.left)
                    assert first.left + _width(first.words) <= second.left
                high, low = (one, other) if one.row >= other.row else (other, one)
                assert not low.left <= high.place <= low.left + _width(low.words) or high.row == low.row

    def test_words_stand_right_of_their_tick_where_there_is_room(self):
        """A label on the left would be read as belonging to the tick before."""
        (step,) = place_steps([(100.0, "incision")], width=_width, left=0, right=520, rows=5)
        assert (step.row, step.left) == (0, 102.0)

    def test_at_the_right_edge_words_stand_on_the_left(self):
        """The last step does not leave the page."""
        (step,) = place_steps([(515.0, "skin closed")], width=_width, left=0, right=520, rows=5)
        assert step.left + _width("skin closed") < 515


class TestSpread:
    @PROPERTY
    @given(st.lists(st.floats(0, 200), min_size=1, max_size=12))
    def test_keeps_apart_in_order_and_inside(self, wanted):
        """Heights are a gap apart, in the order wanted, and inside where the range has room for all."""
        made = spread(wanted, gap=9, low=0, high=200)
        order = sorted(range(len(wanted)), key=lambda index: -wanted[index])
        for above, below in pairwise(order):
            assert made[above] - made[below] >= 9 - 1e-6
        assert min(made) >= -1e-6
        assert max(made) <= 200 + 1e-6
