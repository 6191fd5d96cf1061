"""Intervals in absolute time: unions, differences, intersections, minutes, concurrency."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.facts.intervals import (
    Span,
    concurrency,
    contains,
    intersect,
    merge,
    minutes,
    minutes_between,
    subtract,
)
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])

START = datetime(2026, 2, 11, 8, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")

instants = st.integers(0, 240).map(lambda number: START + timedelta(minutes=number))
spans = st.lists(
    st.tuples(st.integers(0, 240), st.integers(1, 60)).map(
        lambda pair: Span(START + timedelta(minutes=pair[0]), START + timedelta(minutes=pair[0] + pair[1]))
    ),
    max_size=8,
)


def span(start: int, end: int) -> Span:
    """A span in minutes from the start."""
    return Span(START + timedelta(minutes=start), START + timedelta(minutes=end))


class TestSpan:
    def test_an_empty_span_is_refused(self):
        """A span that does not end after its start is a mistake."""
        with pytest.raises(ValueError, match="a span ends after it starts"):
            Span(START, START)

    def test_ends_are_held_in_utc(self):
        """Local ends of another zone give the same span."""
        local = START.astimezone(NEW_YORK)
        assert Span(local, local + timedelta(minutes=5)) == span(0, 5)


class TestMerge:
    @PROPERTY
    @given(spans)
    def test_result_is_disjoint_and_in_order(self, rows):
        """No two merged spans touch, and they stand in order of time."""
        merged = merge(rows)
        assert all(first.end_at < second.start_at for first, second in pairwise(merged))

    @PROPERTY
    @given(spans)
    def test_merging_twice_changes_nothing(self, rows):
        """A union is its own union."""
        assert merge(merge(rows)) == merge(rows)

    @PROPERTY
    @given(spans, instants)
    def test_holds_exactly_what_a_span_holds(self, rows, moment):
        """An instant is in the union when it is in one of the spans."""
        inside = any(row.start_at <= moment < row.end_at for row in rows)
        assert any(row.start_at <= moment < row.end_at for row in merge(rows)) == inside

    def test_touching_spans_join(self):
        """A span that starts where another ends continues it."""
        assert merge([span(10, 20), span(0, 10)]) == (span(0, 20),)


class TestSubtractAndIntersect:
    @PROPERTY
    @given(spans, spans)
    def test_minutes_are_conserved(self, rows, removed):
        """What is left and what is shared make up the whole."""
        assert minutes(subtract(rows, removed)) + minutes(intersect(rows, removed)) == pytest.approx(minutes(rows))

    @PROPERTY
    @given(spans, spans)
    def test_what_is_left_shares_nothing_with_what_was_removed(self, rows, removed):
        """A difference and what was taken away are disjoint."""
        assert intersect(subtract(rows, removed), removed) == ()

    @PROPERTY
    @given(spans, spans)
    def test_intersection_does_not_depend_on_order(self, first, second):
        """Two unions share the same time whichever comes first."""
        assert intersect(first, second) == intersect(second, first)

    @PROPERTY
    @given(spans)
    def test_intersection_with_itself_is_the_union(self, rows):
        """A union shares itself with itself."""
        assert intersect(rows, rows) == merge(rows)

    @PROPERTY
    @given(spans)
    def test_subtracting_itself_leaves_nothing(self, rows):
        """A union without itself is empty."""
        assert subtract(rows, rows) == ()

    def test_a_hole_in_the_middle_leaves_two_pieces(self):
        """A gap splits the monitoring around it."""
        assert subtract([span(0, 60)], [span(20, 30)]) == (span(0, 20), span(30, 60))


class TestMinutes:
    def test_overlaps_count_once(self):
        """Two overlapping spans are as long as their union."""
        assert minutes([span(0, 30), span(20, 50)]) == 50

    def test_midnight_does_not_bend_a_duration(self):
        """A span over midnight is as long as the time that passed."""
        evening = datetime(2026, 2, 11, 23, 30, tzinfo=NEW_YORK)
        assert minutes_between(evening, datetime(2026, 2, 12, 0, 15, tzinfo=NEW_YORK)) == 45

    def test_the_hour_that_repeats_counts_twice(self):
        """On 2026-11-01 New York sets its clocks back: 00:30 to 02:30 takes three hours."""
        early = datetime(2026, 11, 1, 0, 30, tzinfo=NEW_YORK)
        late = datetime(2026, 11, 1, 2, 30, tzinfo=NEW_YORK)
        assert (minutes_between(early, late), minutes([Span(early, late)])) == (180, 180)

    def test_the_same_wall_time_twice_is_an_hour_apart(self):
        """01:30 before and after the change are two instants."""
        first = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=0)
        assert minutes_between(first, first.replace(fold=1)) == 60

    def test_the_hour_that_is_skipped_does_not_count(self):
        """On 2026-03-08 New York sets its clocks forward: 01:30 to 03:30 takes one hour."""
        early = datetime(2026, 3, 8, 1, 30, tzinfo=NEW_YORK)
        assert minutes_between(early, datetime(2026, 3, 8, 3, 30, tzinfo=NEW_YORK)) == 60

    @PROPERTY
    @given(instants, instants)
    def test_direction_is_the_sign(self, first, second):
        """Minutes the other way round are the negative."""
        assert minutes_between(first, second) == -minutes_between(second, first)


class TestContains:
    def test_both_ends_are_inside(self):
        """An event in the last minute of monitoring is inside."""
        assert contains([span(0, 10)], START)
        assert contains([span(0, 10)], START + timedelta(minutes=10))

    def test_outside_is_outside(self):
        """A minute later is not."""
        assert not contains([span(0, 10)], START + timedelta(minutes=11))


class TestConcurrency:
    @PROPERTY
    @given(spans, st.lists(spans, max_size=3))
    def test_pieces_cover_the_own_time(self, own, others):
        """Cutting changes no minute."""
        assert minutes(piece for piece, _ in concurrency(own, others)) == pytest.approx(minutes(own))

    @PROPERTY
    @given(spans, st.lists(spans, max_size=3))
    def test_each_piece_counts_the_cases_open_in_it(self, own, others):
        """The number of a piece is the number of other cases open in its middle."""
        for piece, count in concurrency(own, others):
            middle = piece.start_at + piece.length / 2
            assert count == sum(any(row.start_at <= middle < row.end_at for row in rows) for rows in others)

    def test_neighbouring_pieces_of_one_count_are_one_piece(self):
        """One other case that replaces another leaves one piece with one case open."""
        assert concurrency([span(0, 60)], [[span(10, 30)], [span(30, 50)]]) == (
            (span(0, 10), 0),
            (span(10, 50), 1),
            (span(50, 60), 0),
        )
