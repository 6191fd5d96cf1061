"""Placing labels: properties that hold for any marks."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.render.figures.place import folded, place_steps, shortened, spread, stack_labels, wrapped
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


class TestLines:
    @PROPERTY
    @given(st.text(max_size=80), st.floats(20, 300))
    def test_every_character_stands_in_a_line_that_fits(self, words, room):
        """Nothing is cut, also not a word that is wider than the room."""
        lines = wrapped(words, room, _width)
        assert "".join(lines).replace(" ", "") == "".join(words.split())
        assert all(_width(line) <= room for line in lines)

    def test_two_lines_are_as_narrow_as_they_get(self):
        """Broken near the middle, between words."""
        assert folded("clamp moved to the supraceliac segment", _width) == ("clamp moved to the", "supraceliac segment")
        assert folded("incision", _width) == ("incision",)


class TestStackedLabels:
    @PROPERTY
    @given(
        st.lists(st.tuples(PLACES, st.sampled_from(["E1", "E2", "E33", "link outage"])), max_size=60),
        st.sampled_from([0.0, 2.4]),
    )
    def test_every_mark_has_its_own_label_or_is_known_to_have_none(self, marks, symbol):
        """None is lost; labels on one level keep apart, and no leader runs through a label."""
        labels = stack_labels(marks, width=_width, right=560, levels=3, symbol=symbol)
        assert sorted((label.place, label.words) for label in labels) == sorted(marks)
        shown = [label for label in labels if label.shown]
        for one in shown:
            assert one.left + _width(one.words) <= 560
            for other in shown:
                if one is other:
                    continue
                if one.level == other.level and one.left <= other.left:
                    assert one.left + _width(one.words) < other.left
                if other.level > one.level:
                    assert not one.left < other.place < one.left + _width(one.words)

    def test_marks_in_a_crowd_get_levels_and_no_range(self):
        """Three events in two minutes are three numbers."""
        labels = stack_labels([(100, "E1"), (104, "E2"), (108, "E3")], width=_width, right=560, levels=3)
        assert [(label.words, label.level) for label in labels] == [("E1", 2), ("E2", 1), ("E3", 0)]

    def test_what_has_no_room_is_left_out_whole(self):
        """Its words are kept, for the key."""
        labels = stack_labels([(100, "E1"), (104, "E2")], width=_width, right=560, levels=1)
        assert [(label.words, label.shown) for label in labels] == [("E1", False), ("E2", True)]

    def test_at_the_right_edge_a_label_stands_over_its_mark(self):
        """The line to it ends below its words."""
        (label,) = stack_labels([(555, "E1")], width=_width, right=560, levels=3)
        assert label.left < label.place
        assert label.leader < 0


class TestPlaceSteps:
    @PROPERTY
    @given(
        st.lists(
            st.tuples(PLACES, st.sampled_from([("cut",), ("decompression",), ("left rod", "placed"), ("a", "b", "c")])),
            max_size=40,
        )
    )
    def test_labels_do_not_touch(self, steps):
        """Labels in one row keep apart, stay inside, and no tick runs through a label under its own."""
        placed = place_steps([(place, [lines]) for place, lines in steps], width=_width, left=0, right=520, rows=5)
        assert [step.place for step in placed] == [place for place, _ in steps]
        shown = [step for step in placed if step.shown]
        for step in shown:
            assert step.left >= 0
            assert step.right <= 520
            assert step.top < 5
        for one in shown:
            for other in shown:
                if one is other:
                    continue
                if one.row <= other.top and other.row <= one.top and one.left <= other.left:
                    assert one.right < other.left
                if other.row <= one.top:
                    assert not other.left < one.place < other.right

    def test_words_stand_right_of_their_tick_where_there_is_room(self):
        """A label on the left would be read as belonging to the tick before."""
        (step,) = place_steps([(100.0, [("incision",)])], width=_width, left=0, right=520, rows=5)
        assert (step.row, step.left, step.before_tick) == (0, 102.0, False)

    def test_at_the_right_edge_words_stand_on_the_left(self):
        """The last step does not leave the page."""
        (step,) = place_steps([(515.0, [("skin closed",)])], width=_width, left=0, right=520, rows=5)
        assert step.right < 515

    def test_the_foremost_steps_have_their_words_whatever_comes_after(self):
        """What stands nearest to an event does not give way to the incision."""
        crowd = [(100.0 + 3 * index, [(f"step number {index}",)]) for index in range(30)]
        foremost = [(150.0, [("rod derotation",)]), *crowd]
        placed = place_steps(foremost, width=_width, left=0, right=520, rows=3)
        assert placed[0].shown
        assert not all(step.shown for step in placed)


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
