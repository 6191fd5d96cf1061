"""Stimulation tests against the criterion in force."""

from __future__ import annotations

import pytest

from tests.cases.parts import criterion
from tests.cases.quiet import case
from tests.cases.reports import facts_of


@pytest.mark.parametrize(
    ("test", "words", "status"),
    [
        ({"outcome": "threshold", "threshold_ma": 14.0}, "> 8 mA", "not_met"),
        ({"outcome": "threshold", "threshold_ma": 8.0}, "≤ 8 mA", "met"),
        ({"outcome": "no_response", "max_tested_ma": 20.0}, "> 8 mA", "not_met"),
        ({"outcome": "no_response", "max_tested_ma": 6.0}, "not comparable with 8 mA", "not_comparable"),
    ],
)
def test_a_threshold_is_said_to_be_above_or_not(test, words, status):
    """`Not met` would read as a test that failed, and it is the good result."""
    data = case(threshold_tests=[{"kind": "screw", "level": "L5", "side": "left", **test}])
    data["criteria"].append(criterion("screw", "emg_triggered_screw", ("threshold_at_most_ma", 8.0)))
    (held,) = facts_of(data).of_kind("threshold.criterion")
    assert (held.text("text"), held.status) == (words, status)


def test_mapping_and_tests_of_one_modality_and_side_are_two_rows():
    """A nerve that is tested for a threshold may be mapped as well."""
    mapped = {"modality": "emg_triggered_nerve", "side": "right", "site": "floor", "result": "found"}
    test = {"kind": "nerve", "nerve": "facial", "side": "right", "outcome": "no_response", "max_tested_ma": 2.0}
    rows = facts_of(case(threshold_tests=[test], mapping_tests=[mapped])).of_kind("summary.tests")
    assert [row.id.rpartition(".")[2] for row in rows] == ["tests", "mapping"]
