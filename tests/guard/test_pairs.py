"""Each value of a listing stands with its own place."""

from __future__ import annotations

import pytest

from report_gen.guard.sentence import judge
from tests.cases.parts import at, reading
from tests.cases.quiet import with_alert
from tests.guard.cases import SCOLIOSIS, built, judged, reasons, unit_of

SECOND = "At 11:54, in percent of baseline: "


def _second(listing):
    """The refusals of a listing of the second re-test: L TA 9%, R TA 45%, L AH 38%, R AH 55%, L VL 44%, R VL 62%."""
    return reasons(judged(SCOLIOSIS, "event-E1", "event.E1.retest.1154", SECOND + listing))


def _same(left, right, text):
    """The refusals of a wording of one re-test of the left and the right abductor hallucis."""
    rows = [{"channel": "mep-l", "reading": left}, {"channel": "mep-r", "reading": right}]
    data = with_alert(side="bilateral", channels=["mep-l", "mep-r"], retests=[{"at": at("10:15"), "readings": rows}])
    found, facts = built(data)
    return reasons(judge([text], [unit_of(found, "event-E1", "event.E1.retest.1015")], facts))


class TestEachWithItsOwn:
    @pytest.mark.parametrize(
        "listing",
        [
            "L TA 9%, R TA 45%, L AH 38%, R AH 55%, L VL 44%, R VL 62%.",
            "R VL 62%, L VL 44%, R AH 55%, L AH 38%, R TA 45%, L TA 9%.",
            "9% L TA, 45% R TA, 38% L AH, 55% R AH, 44% L VL, 62% R VL.",
            "L TA 9% and R TA 45%; L AH 38% and R AH 55%; L VL 44% and R VL 62%.",
            "L TA 9%, L AH 38%, L VL 44%; R TA 45%, R AH 55%, R VL 62%.",
            "left tibialis anterior 9%, right tibialis anterior 45%, left abductor hallucis 38%, right abductor "
            "hallucis 55%, left vastus lateralis 44%, right vastus lateralis 62%.",
        ],
    )
    def test_fair_listings_stand(self, listing):
        """Any order, value first or last, by muscle or by side."""
        assert _second(listing) == set()

    @pytest.mark.parametrize(
        "listing",
        [
            "L TA 45%, R TA 9%, L AH 38%, R AH 55%, L VL 44%, R VL 62%.",
            "L AH 9%, R TA 45%, L TA 38%, R AH 55%, L VL 44%, R VL 62%.",
            "L TA 9%, R TA 45%, L AH 38%, R AH 55%, R VL 44%, L VL 62%.",
            "45% L TA, 9% R TA, 38% L AH, 55% R AH, 44% L VL, 62% R VL.",
            "TA 9% on the right and 45% on the left; AH 38% on the left and 55% on the right; VL 44% on the left and "
            "62% on the right.",
            "L TA 9%, R TA 45%, L AH 38%, R AH 55%, L VL 44%, L VL 62%.",
            "L TA 9% and 45%, R TA, L AH 38%, R AH 55%, L VL 44%, R VL 62%.",
            "9%, 45%, 38%, 55%, 44%, 62%; L TA, R TA, L AH, R AH, L VL, R VL.",
        ],
    )
    def test_values_that_changed_places_are_refused(self, listing):
        """All numbers and all places are there, and the sentence is false."""
        assert "pairing" in _second(listing)

    @pytest.mark.parametrize("place", ["TA", "L and R TA", "L TA and R TA"])
    def test_two_places_do_not_share_a_value_of_one(self, place):
        """Neither without a side nor with both."""
        listing = f"{place} 9%, R TA 45%, L AH 38%, R AH 55%, L VL 44%, R VL 62%."
        assert _second(listing)


class TestBothSides:
    @pytest.mark.parametrize(
        "text",
        [
            "At 10:15, L AH was at 50% and R AH at 50% of baseline.",
            "At 10:15, L AH was at 50% of baseline and R AH at 50%.",
            "At 10:15, in percent of baseline: R AH 50%, L AH 50%.",
        ],
    )
    def test_one_value_of_two_sides(self, text):
        """Said for each."""
        assert _same(reading(200.0), reading(200.0), text) == set()

    @pytest.mark.parametrize(
        "text",
        [
            "At 10:15, L AH was at 50% of baseline.",
            "At 10:15, AH was at 50% of baseline.",
            "At 10:15, AH on both sides was at 75% and 50% of baseline.",
        ],
    )
    def test_one_side_does_not_stand_for_two(self, text):
        """Although the number is the same."""
        assert _same(reading(200.0), reading(200.0), text)

    @pytest.mark.parametrize(
        "text",
        [
            "At 10:15, L AH was at 25% and R AH at 50% of baseline.",
            "At 10:15, L AH was at 25% of baseline, and R AH at 50%.",
            "At 10:15, left and right AH were at 25% and 50% of baseline, respectively.",
            "At 10:15, AH on the left and right was at 25% and 50% of baseline, respectively.",
        ],
    )
    def test_values_in_turn(self, text):
        """`Respectively` binds first to first."""
        found = _same(reading(100.0), reading(200.0), text)
        assert found in (set(), {"side"})

    @pytest.mark.parametrize(
        "text",
        [
            "At 10:15, left and right AH were at 50% and 25% of baseline, respectively.",
            "At 10:15, right and left AH were at 25% and 50% of baseline, respectively.",
            "At 10:15, L AH was at 50% and R AH at 25% of baseline.",
            "At 10:15, AH was at 25% and 50% of baseline on both sides.",
        ],
    )
    def test_values_in_the_wrong_turn(self, text):
        """Each number is right somewhere."""
        assert _same(reading(100.0), reading(200.0), text)

    @pytest.mark.parametrize(
        ("text", "stands"),
        [
            ("At 10:15, L AH was absent and R AH present.", True),
            ("At 10:15, the left AH was absent; the right AH was present.", True),
            ("At 10:15, R AH was absent and L AH present.", False),
            ("At 10:15, L AH and R AH were absent.", False),
            ("At 10:15, L AH and R AH were present.", False),
            ("At 10:15, L AH was absent.", False),
        ],
    )
    def test_states_are_bound_like_numbers(self, text, stands):
        """Absent here is not absent there."""
        assert (_same({"state": "absent"}, {"state": "present"}, text) == set()) is stands
