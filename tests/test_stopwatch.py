"""Times of stages: they follow each other without a gap, and add up to the whole."""

from __future__ import annotations

import pytest

from report_gen.stopwatch import Stopwatch


def ticking(*readings_s: float):
    """A clock that says one reading after the other."""
    return iter(readings_s).__next__


class TestStages:
    def test_begin_where_the_one_before_ended(self):
        """The clock is read once a stage; what lies between two counts to the second."""
        watch = Stopwatch(ticking(10.0, 10.5, 12.5))
        with watch.stage("first"):
            pass
        with watch.stage("second"):
            pass
        assert dict(watch.stage_ms()) == {"first": 500.0, "second": 2000.0}
        assert watch.elapsed_s() == 2.5 == sum(watch.stage_ms().values()) / 1000

    def test_that_come_twice_count_once_with_both(self):
        """In the order in which they first came."""
        watch = Stopwatch(ticking(0.0, 1.0, 2.0, 4.0))
        for name in ("check", "draw", "check"):
            with watch.stage(name):
                pass
        assert list(watch.stage_ms().items()) == [("check", 3000.0), ("draw", 1000.0)]

    def test_that_fail_do_not_count(self):
        """Their time is that of whatever comes next."""
        watch = Stopwatch(ticking(0.0, 3.0))
        with pytest.raises(ValueError, match="no"), watch.stage("failed"):
            raise ValueError("no")
        assert (watch.elapsed_s(), dict(watch.stage_ms())) == (0.0, {})
        with watch.stage("next"):
            pass
        assert dict(watch.stage_ms()) == {"next": 3000.0}

    def test_none_have_taken_no_time(self):
        """Before the first one ends."""
        assert Stopwatch(ticking(7.0)).elapsed_s() == 0.0
