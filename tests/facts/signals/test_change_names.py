"""Which value of a change is shown: one answer for the tables, the summary and the checks."""

from __future__ import annotations

import pytest

from report_gen.draft.technical.closing import closing_status
from report_gen.facts.catalogue import catalogue
from report_gen.facts.signals.change_names import change_names
from tests.cases.parts import baseline, measurement, reading
from tests.cases.quiet import alert, one_channel
from tests.cases.reports import codes, facts_of

SHOWN = {
    "amplitude_uv": ("amplitude_change_pct", "amplitude_pct_of_baseline"),
    "latency_ms": ("latency_change_ms", "latency_change_ms"),
    "interpeak_i_v_ms": ("interpeak_i_v_change_ms", "interpeak_i_v_change_ms"),
    "interpeak_i_iii_ms": ("interpeak_i_iii_change_ms", "interpeak_i_iii_change_ms"),
    "threshold_ma": ("threshold_change_ma", "threshold_change_ma"),
    "threshold_v": ("threshold_change_v", "threshold_change_v"),
    "velocity_cm_s": ("velocity_cm_change_pct", "velocity_cm_pct_of_baseline"),
    "saturation_pct": ("saturation_change_pct", "saturation_pct_of_baseline"),
    "pressure_mmhg": ("pressure_change_pct", "pressure_pct_of_baseline"),
    "spectral_edge_hz": ("spectral_edge_change_pct", "spectral_edge_pct_of_baseline"),
    "firing_rate_hz": ("firing_rate_change_hz", "firing_rate_change_hz"),
}
"""Of each parameter that is compared, the value that tables show and the one that an event's values show."""


def test_percent_where_it_is_judged_in_percent():
    """A size in percent of baseline; a latency, a threshold and a rate in their own unit."""
    assert {code: (names.judged, names.remaining) for code, names in change_names().items()} == SHOWN


def test_every_name_is_one_of_a_change():
    """Names that no fact holds would print nothing."""
    held = set(catalogue()["channel.closing.change"].values)
    assert [
        name for names in change_names().values() for name in (names.judged, names.remaining) if name not in held
    ] == []


def test_what_a_retest_prints_may_be_worded():
    """A percent of baseline that the catalogue leaves out would be kept from the model without a word."""
    printed = {names.of_baseline for names in change_names().values() if names.in_percent}
    assert set(catalogue()["event.retest.change"].worded) == printed


def test_a_difference_of_percentages_is_in_points():
    """Written with a percent sign it would read as a relative change."""
    saturation = change_names()["saturation_pct"]
    assert (saturation.difference, saturation.difference_unit) == ("saturation_change_points", "points")
    assert change_names()["latency_ms"].difference_unit == "ms"


def test_the_closing_table_shows_each_and_the_results_what_is_left_of_it():
    """None is in one and not in the other, the firing rate included."""
    lacking = []
    for parameter, (judged, _) in SHOWN.items():
        rows = [
            baseline("08:30", reading(**{parameter: 6.0})),
            measurement("closing", "11:00", reading(**{parameter: 5.0})),
        ]
        facts = facts_of(one_channel(rows, modality="mer", electrode="stn"))
        words = facts.of_kind("channel.closing.change")[0].text(judged)
        (section,) = closing_status(facts)
        cells = [cell.text for row in section.blocks[0].rows for cell in row.cells]
        if not any(f"({words}, " in text for text in cells):
            lacking.append((parameter, "closing table"))
        left = facts.of_kind("channel.closing.change")[0].text(change_names()[parameter].remaining)
        if left not in facts.of_kind("result.closing")[0].text("text"):
            lacking.append((parameter, "results"))
    assert lacking == []


@pytest.mark.parametrize(
    ("direction", "fires"), [("decrease", False), ("increase", True), ("prolonged_latency", False)]
)
def test_a_firing_rate_answers_to_a_plain_direction(direction, fires):
    """It is how much there is of the response, as an amplitude is; a latency it has none."""
    data = one_channel([baseline("08:30", reading(firing_rate_hz=60.0))], modality="mer", electrode="stn")
    data["events"] = [
        alert(modality="mer", channels=["c"], direction=direction, retests=[], resolution=None)
        | {"criterion": None, "readings": [{"channel": "c", "reading": reading(firing_rate_hz=30.0)}]}
    ]
    assert ("contradiction.direction_against_value" in codes(data)) is fires
