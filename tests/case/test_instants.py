"""Every instant of a case is found, in whichever field it stands."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.measure import SAMPLES
from report_gen import load_case
from report_gen.case.instants import instants_by_part, placed_instants


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_those_by_part_are_those_with_a_place(path):
    """Fields that cannot hold one are passed over by their type, and no other."""
    case = load_case(path)
    by_part = instants_by_part(case)
    placed = Counter((pointer.split("/")[1], at) for pointer, at in placed_instants(case))

    assert Counter((part, at) for part, moments in by_part.items() for at in moments) == placed
