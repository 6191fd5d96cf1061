"""A modality as a whole: what positioning did, which responses met the criterion, which patterns they showed."""

from __future__ import annotations

import pytest

from tests.cases.parts import baseline, channel, criterion, reading
from tests.cases.quiet import one_channel
from tests.cases.reports import facts_of

HALF = criterion("half", "ssep_lower", ("amplitude_decrease_pct", 50.0))
MINUS = "\u2212"


def positioned(*pairs, criteria=(HALF,)):
    """The positioning fact of channels with the given readings before and after; None without one."""
    data = one_channel([], *criteria)
    data["channels"] = [
        channel(
            f"c{index}",
            "ssep_lower",
            side,
            [
                *([baseline("08:00", before, "pre_position")] if before else []),
                *([baseline("08:30", after)] if after else []),
            ],
            nerve="posterior_tibial",
        )
        for index, (side, (before, after)) in enumerate(zip(("left", "right"), pairs, strict=False))
    ]
    return facts_of(data).get("modality.ssep_lower.positioning")


class TestPositioning:
    @pytest.mark.parametrize(
        ("left", "right", "printed", "side", "status"),
        [
            (1.8, 1.6, f"{MINUS}20%", "right", "not_met"),
            (0.9, 1.6, f"{MINUS}55%", "left", "met"),
        ],
    )
    def test_the_largest_change_for_the_worse_is_named(self, left, right, printed, side, status):
        """With its side, and whether any met the criterion."""
        found = positioned((reading(2.0), reading(left)), (reading(2.0), reading(right)))
        assert (found.text("text"), found.side, found.status) == (f"amplitude {printed}", side, status)

    @pytest.mark.parametrize(("left", "right"), [(2.2, 2.4), (2.0, 2.0), (1.995, 2.4)])
    def test_where_nothing_got_worse_nothing_is_named(self, left, right):
        """The least gain is no largest change, and a change that prints as none is none."""
        assert positioned((reading(2.0), reading(left)), (reading(2.0), reading(right))) is None

    def test_a_lost_response_is_the_largest(self):
        """It has no percentage and is not passed over for a small one."""
        found = positioned((reading(2.0), reading(1.9)), (reading(2.0), {"state": "absent"}))
        words = [found.text(name) for name in ("text", "where")]
        assert words == ["loss of the response", "right posterior tibial nerve SSEP"]
        assert (found.side, found.status) == ("right", "met")

    def test_the_criterion_is_that_of_the_change_named(self):
        """What another response met, or could not be held against, is not said of this one."""
        found = positioned((reading(2.0), reading(1.9)), (reading(2.0), {"state": "present"}))
        assert (found.text("text"), found.status) == (f"amplitude {MINUS}5%", "not_met")

    def test_equal_changes_are_all_named(self):
        """No one of them is the largest."""
        found = positioned((reading(2.0), reading(1.8)), (reading(2.0), reading(1.8)))
        assert found.text("where") == "left posterior tibial nerve SSEP and right posterior tibial nerve SSEP"
        assert found.side == ""

    def test_without_a_criterion_the_change_stands_alone(self):
        """Nothing was compared."""
        assert positioned((reading(2.0), reading(1.0)), criteria=()).status == "not_comparable"

    @pytest.mark.parametrize(
        "pair", [(None, reading(2.0)), (reading(2.0), None), ({"state": "present"}, {"state": "present"})]
    )
    def test_without_both_baselines_or_numbers_there_is_none(self, pair):
        """A change cannot be shown."""
        assert positioned(pair) is None
