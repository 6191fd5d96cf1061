"""The account of one event: which response each row of its values is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from report_gen import load_case
from report_gen.document.blocks import Table
from report_gen.draft.events import event_chains
from report_gen.facts import derive

SAMPLE = Path(__file__).parents[3] / "samples" / "valid" / "invented_mvd_lateral_spread.json"


def values_of(data: dict) -> Table:
    """The table of the first event."""
    sections = event_chains(derive(load_case(json.dumps(data).encode())), None)
    (table,) = [block for block in sections[0].blocks if isinstance(block, Table)]
    return table


@pytest.fixture
def spasm() -> dict:
    """A case in which two modalities record from the left mentalis."""
    data: dict = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return data


def test_a_response_is_named_by_its_short_name(spasm):
    """Side and place are enough where no other is shown."""
    assert [row.cells[0].text for row in values_of(spasm).rows] == ["L MEN"]


@pytest.mark.parametrize("columns", [1, 5])
def test_two_of_one_name_are_two_rows_that_say_their_modality(spasm, columns):
    """Nobody may read one modality's trace as the other's."""
    event = spasm["events"][0]
    event["readings"][0]["channel"] = "emg-mentalis-l"
    event["retests"] = event["retests"][:1] * columns
    place = 0 if columns == 1 else 1
    named = {row.cells[place].text for row in values_of(spasm).rows}
    assert named == {"L MEN, mentalis free-run EMG", "L MEN, mentalis LSR"}
