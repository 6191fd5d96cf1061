"""Values that a record holds many times alike are one value, and those that differ in anything are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from bench.measure import SAMPLES
from report_gen import load_case
from report_gen.facts.builder import FactBuilder, renamed

B = FactBuilder(load_case(SAMPLES / "published_c04_acdf.json"))
AT = datetime(2026, 3, 2, 12, 40, tzinfo=UTC)


class TestValues:
    def test_alike_are_made_once(self):
        """A pulse of 72 may stand in a thousand rows."""
        assert B.quantity("heart_rate_bpm", 72) is B.quantity("heart_rate_bpm", 72)
        assert B.instant("at", AT) is B.instant("at", AT)

    def test_of_other_names_and_zeros_of_other_signs_stay_apart(self):
        """Equal numbers are not one value by that alone."""
        assert B.quantity("heart_rate_bpm", 72) != B.quantity("map_mmhg", 72)
        assert [str(B.quantity("base", zero).number) for zero in (0.0, -0.0, 0.0)] == ["0.0", "-0.0", "0.0"]

    def test_one_instant_stamped_in_two_offsets_keeps_both(self):
        """The data show a time as it was stamped."""
        shifted = AT.astimezone(timezone(timedelta(hours=-5)))
        first, second = B.instant("at", AT), B.instant("at", shifted)
        assert (first.at, first.at.utcoffset()) == (AT, timedelta())
        assert (second.at, second.at.utcoffset()) == (AT, timedelta(hours=-5))

    def test_renamed_keeps_everything_else(self):
        """As a role of another party."""
        value = B.coded("by", "roles", "surgeon")
        assert renamed(value, "by") is value
        assert (renamed(value, "from").name, renamed(value, "from").code) == ("from", "surgeon")
