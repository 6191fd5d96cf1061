"""What the timeline and the tables of tests take out of the facts."""

from __future__ import annotations

import pytest

from report_gen.document.blocks import Row, Table
from report_gen.draft.charts import timeline
from report_gen.draft.writer import write
from tests.cases.parts import at
from tests.cases.quiet import case
from tests.cases.reports import facts_of


@pytest.mark.parametrize(
    ("modality", "other"),
    [("eeg", "eeg_processed"), ("nap", "cnap"), ("cortical_mapping", "subcortical_mapping")],
)
def test_a_gap_is_drawn_on_the_lane_of_its_modality(modality, other):
    """Not on that of a modality whose printed name it holds."""
    data = case()
    data["modalities"] += [{"modality": code, "performed": True} for code in (modality, other)]
    gap = {"kind": "gap", "start_at": at("09:50"), "end_at": at("10:10"), "reason": "cautery", "modalities": [other]}
    data["intervals"].append(gap)
    figure = timeline(facts_of(data))
    assert figure is not None
    gaps = {lane.facts[0]: any(span.kind == "gap" for span in lane.spans) for lane in figure.lanes}
    assert (gaps[f"modality.{modality}"], gaps[f"modality.{other}"]) == (False, True)


def _notes(**test: object) -> str:
    """The last cell of the row of a stimulation test."""
    data = case(
        threshold_tests=[{"kind": "nerve", "nerve": "root_s1", "side": "left", "muscle": "gastrocnemius", **test}]
    )
    facts = facts_of(data)
    rows = [
        row
        for section in write(facts, report_id="test").sections
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]
    (row,) = [
        row for row in rows if isinstance(row, Row) and "threshold.nerve.root_s1.left.initial" in row.cells[0].facts
    ]
    return row.cells[-1].text


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ({"outcome": "threshold", "threshold_ma": 0.5, "max_tested_ma": 5}, "tested up to 5 mA"),
        ({"outcome": "threshold", "threshold_ma": 1.8, "max_tested_ma": 8}, "tested up to 8 mA"),
        ({"outcome": "threshold", "threshold_ma": 8, "max_tested_ma": 8}, ""),
        ({"outcome": "no_response", "max_tested_ma": 8}, ""),
        ({"outcome": "threshold", "threshold_v": 0.2, "max_tested_v": 2}, "tested up to 2 V"),
    ],
)
def test_the_highest_current_tested_is_told_unless_the_result_is_it(test, words):
    """Also where its number stands inside that of the threshold."""
    assert _notes(**test) == words
