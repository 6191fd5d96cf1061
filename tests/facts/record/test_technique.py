"""Settings, reviews, stimulation tests and mapping as facts."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, criterion
from tests.cases.quiet import case, modality_of
from tests.cases.reports import fact, facts_of


class TestTechnique:
    def test_missing_settings_and_reviews_say_so(self):
        """A performed modality without them."""
        data = case()
        data["modalities"][0] = {"modality": "ssep_lower", "performed": True}
        facts = facts_of(data)
        names = ("stimulation", "recording", "baseline_review")
        assert {facts.by_id[f"modality.ssep_lower.{name}"].status for name in names} == {"not_recorded"}

    def test_a_modality_that_was_not_performed_asks_for_no_settings(self):
        """It has its reason."""
        data = case()
        data["modalities"].append(
            {
                "modality": "baep",
                "performed": False,
                "not_performed_reason": "field_access",
                "not_performed_detail": "drapes",
            }
        )
        facts = facts_of(data)
        assert [row.kind for row in facts.in_group("modality.baep")] == ["modality"]
        assert facts.by_id["modality.baep"].text("reason").endswith(", drapes")

    def test_settings_in_words(self):
        """Side, nerve, mode, intensity, masking, trains, sweeps, start."""
        data = case()
        modality_of(data, "tcmep")["stimulation"] = [
            {
                "side": "bilateral",
                "site": "C3-C4",
                "stim_mode": "cv",
                "intensity_v": 400.0,
                "train_count": 5,
                "double_train": True,
                "isi_ms": 2.0,
                "sweeps": 1,
                "start_at": at("09:30"),
            },
            {"double_train": False},
            {},
        ]
        texts = [row.text("text") for row in facts_of(data).in_group("modality.tcmep", "modality.stimulation")]
        assert texts == [
            "bilateral, C3-C4, constant voltage, 400 V, train of 5, double train, interstimulus interval 2 ms, "
            "1 sweeps, from 09:30",
            "no conditioning train",
            "settings not recorded",
        ]

    def test_recording_in_words(self):
        """A filter with one end says that the other is not recorded."""
        data = case()
        modality_of(data, "tcmep")["recording"] = {
            "electrode_type": "needle",
            "high_cut_hz": 1500.0,
            "notch_on": False,
            "sweep_ms": 100.0,
            "sensitivity_uv_div": 50.0,
        }
        modality_of(data, "ssep_lower")["recording"] = {"low_cut_hz": 30.0, "notch_on": True}
        facts = facts_of(data)
        assert facts.by_id["modality.tcmep.recording"].text("text") == (
            "needle, filters not recorded to 1500 Hz, notch off, sweep 100 ms, 50 µV/div, impedances not recorded"
        )
        assert facts.by_id["modality.ssep_lower.recording"].text("text").startswith("filters 30 to not recorded Hz")

    def test_several_impedances_are_a_range(self):
        """Lowest to highest, with their number; each is a fact as well."""
        data = case()
        rows = [{"electrode": name, "impedance_kohm": value} for name, value in (("A", 1.0), ("B", 4.5))]
        modality_of(data, "tcmep")["recording"]["impedances"] = rows
        facts = facts_of(data)
        assert "impedances 1 to 4.5 kΩ (2 electrodes)" in facts.by_id["modality.tcmep.recording"].text("text")
        assert len(facts.in_group("modality.tcmep", "modality.impedance")) == 2

    @pytest.mark.parametrize(
        ("test", "place", "result"),
        [
            (
                {"kind": "screw", "level": "L4", "side": "left", "outcome": "threshold", "threshold_ma": 12.0},
                "left L4",
                "12.0 mA",
            ),
            (
                {"kind": "nerve", "nerve": "facial", "side": "right", "outcome": "threshold", "threshold_v": 0.8},
                None,
                "0.8 V",
            ),
            (
                {"kind": "screw", "level": "L5", "side": "left", "outcome": "no_response", "max_tested_ma": 20.0},
                "left L5",
                "no response up to 20 mA",
            ),
            ({"kind": "screw", "level": "L5", "side": "left", "outcome": "no_response"}, "left L5", "no response"),
            (
                {"kind": "dilator", "side": "not_recorded", "outcome": "not_recorded"},
                "place not recorded",
                "not recorded",
            ),
        ],
    )
    def test_stimulation_tests_in_words(self, test, place, result):
        """Threshold, no response with its limit, or not recorded."""
        (found,) = facts_of(case(threshold_tests=[test])).of_kind("threshold")
        assert found.text("result") == result
        assert place is None or found.text("place") == place

    def test_mapping_results_are_facts(self):
        """With stimulus, polarity and after-discharge."""
        row = {
            "modality": "cortical_mapping",
            "side": "left",
            "site": "strip 3-4",
            "result": "hand movement",
            "intensity_ma": 8.0,
            "polarity": "anodal",
            "after_discharge": False,
        }
        data = case(mapping_tests=[row, {**row, "polarity": "not_recorded"}])
        data["modalities"].append({"modality": "cortical_mapping", "performed": True})
        found = [row.text("polarity") for row in facts_of(data).of_kind("mapping")]
        assert found == ["anodal", ""]


class TestTestsAgainstCriterion:
    LOW = criterion("low", "emg_triggered_screw", ("threshold_at_most_ma", 8.0))

    @pytest.mark.parametrize(
        ("test", "status"),
        [
            ({"outcome": "threshold", "threshold_ma": 8.0}, "met"),
            ({"outcome": "threshold", "threshold_ma": 8.1}, "not_met"),
            ({"outcome": "threshold", "threshold_v": 2.0}, "not_comparable"),
            ({"outcome": "no_response", "max_tested_ma": 20.0}, "not_met"),
            ({"outcome": "no_response", "max_tested_ma": 6.0}, "not_comparable"),
            ({"outcome": "no_response"}, "not_comparable"),
        ],
    )
    def test_a_threshold_is_held_against_its_criterion(self, test, status):
        """No response up to a lower current leaves it open."""
        data = case(threshold_tests=[{"kind": "screw", "level": "L4", "side": "left", **test}])
        data["criteria"].append(self.LOW)
        assert fact(data, "threshold.screw.L4.left.initial.criterion").status == status

    @pytest.mark.parametrize(("outcome", "criteria"), [("not_recorded", [LOW]), ("no_response", [])])
    def test_without_criterion_or_result_nothing_is_compared(self, outcome, criteria):
        """No fact is made up."""
        data = case(threshold_tests=[{"kind": "screw", "level": "L4", "side": "left", "outcome": outcome}])
        data["criteria"] += criteria
        assert facts_of(data).of_kind("threshold.criterion") == ()
