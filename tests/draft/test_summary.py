"""Cells of the summary table: counted or named, each response once."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.draft.summary import baseline_words, event_words, worst_words
from tests.cases.parts import baseline, channel, measurement, reading
from tests.cases.quiet import one_channel, with_alert
from tests.cases.reports import facts_of
from tests.facts.signals.test_summary import HALF, MINUS, two_channels


def cells(data: dict[str, Any], row: int = 0) -> tuple[str, str, str]:
    """Baseline, worst and events of a row."""
    facts = facts_of(data)
    found = facts.summaries[row]
    return baseline_words(found), worst_words(facts, found), event_words(found)


def followed(*closings: dict[str, Any]) -> dict[str, Any]:
    """Left channels of free-run activity, silent at first."""
    data = one_channel([], modality="emg_free_run", muscle="tibialis_anterior")
    muscles = ("tibialis_anterior", "abductor_hallucis", "gastrocnemius")
    first = baseline("08:30", reading(pattern="silent"))
    data["channels"] = [
        channel(muscle, "emg_free_run", "left", [first, measurement("closing", "11:00", closing)], muscle=muscle)
        for muscle, closing in zip(muscles, closings, strict=False)
    ]
    return data


class TestBaselines:
    def test_one_shows_its_reading(self):
        """With its units."""
        data = one_channel([baseline("08:30", reading(2.0, 40.0)), measurement("closing", "11:00", reading(0.8))], HALF)
        assert cells(data)[0] == "2 µV, 40 ms"

    def test_several_are_counted_and_missing_ones_named(self):
        """All, or one of two."""
        data = two_channels(reading(1.9), reading(1.9))
        assert cells(data)[0] == "present in 2 of 2"
        data["channels"][1]["measurements"][0]["reading"] = {"state": "absent"}
        assert cells(data)[0] == "present in 1 of 2; L common fibular: absent"

    def test_patterns_are_counted(self):
        """What was seen has no amplitude."""
        assert cells(followed(reading(pattern="silent"), reading(pattern="burst")))[0] == "silent in 2 of 2"


class TestWorst:
    def test_of_one_response_is_its_change(self):
        """With sign and unit."""
        rows = [baseline("08:30", reading(2.0, 40.0)), measurement("closing", "11:00", reading(0.8, 41.0))]
        assert cells(one_channel(rows, HALF))[1] == f"amplitude {MINUS}60%, latency +1 ms"

    def test_of_several_is_named(self):
        """The farthest where none is beyond its criterion, else all that are."""
        assert cells(two_channels(reading(1.9), reading(1.8)))[1] == f"L common fibular: amplitude {MINUS}10%"
        both = cells(two_channels(reading(0.5), {"state": "absent"}))[1]
        assert both == f"L PTN: amplitude {MINUS}75%; L common fibular: absent"

    def test_more_than_four_beyond_are_counted(self):
        """The cell names four and counts the rest."""
        data = one_channel([], HALF)
        rows = [baseline("08:30", reading(2.0)), measurement("closing", "11:00", reading(0.5))]
        data["channels"] = [
            channel(f"c{index}", "ssep_lower", "left", rows, nerve="posterior_tibial", peak=f"P{index}")
            for index in range(6)
        ]
        assert cells(data)[1].count(MINUS) == 4
        assert cells(data)[1].endswith("; and 2 more")

    @pytest.mark.parametrize(
        ("modality", "field", "site", "text"),
        [
            ("tcd", "velocity_cm_s", {}, f"velocity {MINUS}50%"),
            ("nirs", "saturation_pct", {}, f"saturation {MINUS}50%"),
            ("f_wave", "latency_ms", {"nerve": "posterior_tibial"}, f"latency {MINUS}30 ms"),
            ("emg_triggered_nerve", "threshold_ma", {"nerve": "posterior_tibial"}, f"threshold {MINUS}30 mA"),
        ],
    )
    def test_the_parameter_of_the_modality_is_shown(self, modality, field, site, text):
        """Flow, saturation, latency and threshold are ranked as amplitudes are."""
        rows = [baseline("08:30", reading(**{field: 60.0})), measurement("intraop", "10:00", reading(**{field: 30.0}))]
        assert cells(one_channel(rows, modality=modality, **(site or {"electrode": "fz"})))[1] == text

    def test_patterns_stand_where_nothing_is_ranked(self):
        """Those after baseline, at events too; without any the cell says that nothing is."""
        data = followed(reading(pattern="silent"), reading(pattern="burst"))
        assert cells(data)[1] == "silent and burst activity"
        rows = [baseline("08:30", {"state": "present"}), measurement("closing", "11:00", {"state": "absent"})]
        assert cells(one_channel(rows, modality="lsr", muscle="mentalis"))[1] == "not ranked"


class TestEvents:
    def test_are_named_by_class(self):
        """In the row that they concern."""
        data = with_alert()
        sides = [row.fact.side for row in facts_of(data).summaries if row.fact.modality == "tcmep"]
        rows = [index for index, row in enumerate(facts_of(data).summaries) if row.fact.modality == "tcmep"]
        assert dict(zip(sides, (cells(data, row)[2] for row in rows), strict=True)) == {
            "left": "E1 alert",
            "right": "none recorded",
        }

    def test_of_one_class_share_its_name(self):
        """Two alerts are alerts."""
        data = with_alert()
        data["events"].append({**data["events"][0], "id": "E2"})
        assert "E1 and E2 alerts" in {cells(data, row)[2] for row in range(len(facts_of(data).summaries))}
