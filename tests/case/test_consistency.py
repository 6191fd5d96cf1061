from __future__ import annotations

import pytest

from report_gen.case import load_case
from tests.cases.edits import put
from tests.cases.minimal import at, data, found, full


class TestConsistency:
    @pytest.mark.parametrize(
        ("pointer", "value", "code", "where"),
        [
            ("/attendance/0/end_at", at("07:00"), "case.interval_order", "/attendance/0/end_at"),
            ("/professional_sessions/0/end_at", at("07:00"), "case.interval_order", "/professional_sessions/0/end_at"),
            ("/other_case_sessions/0/end_at", at("07:00"), "case.interval_order", "/other_case_sessions/0/end_at"),
            ("/intervals/0/end_at", at("07:00"), "case.interval_order", "/intervals/0/end_at"),
            ("/anesthesia/end_at", at("07:00"), "case.interval_order", "/anesthesia/end_at"),
            ("/anesthesia/agents/0/end_at", at("07:00"), "case.interval_order", "/anesthesia/agents/0/end_at"),
            (
                "/people/1/credentials/0/valid_to",
                "2024-01-01",
                "case.interval_order",
                "/people/1/credentials/0/valid_to",
            ),
            (
                "/encounter/authorization/valid_to",
                "2024-01-01",
                "case.interval_order",
                "/encounter/authorization/valid_to",
            ),
            ("/patient/date_of_birth", "2026-03-03", "case.time_order", "/patient/date_of_birth"),
            ("/patient/age_years", 65, "case.age", "/patient/age_years"),
            ("/physiology/0/sbp_mmhg", 63, "case.pressure_order", "/physiology/0/sbp_mmhg"),
            ("/events/0/physiology/sbp_mmhg", 40, "case.pressure_order", "/events/0/physiology/sbp_mmhg"),
            ("/surgery/levels/0/upper", "S1", "case.level_order", "/surgery/levels/0/upper"),
            ("/events/0/noticed_at", at("08:59"), "case.time_order", "/events/0/noticed_at"),
            ("/events/0/interventions/0/dose_unit", "mg", "case.dose_unit", "/events/0/interventions/0/dose_unit"),
            (
                "/events/0/interventions/0/dose_unit",
                None,
                "case.dose_without_unit",
                "/events/0/interventions/0/dose_unit",
            ),
            ("/anesthesia/agents/0/unit", "mg", "case.dose_unit", "/anesthesia/agents/0/unit"),
            ("/anesthesia/agents/2/unit", "ug_kg_min", "case.dose_unit", "/anesthesia/agents/2/unit"),
            ("/anesthesia/agents/1/kind", "infusion", "case.administration_kind", "/anesthesia/agents/1/kind"),
            ("/anesthesia/agents/0/kind", "inhaled", "case.administration_kind", "/anesthesia/agents/0/kind"),
            ("/anesthesia/agents/0/dose_to", 99, "case.dose_range", "/anesthesia/agents/0/dose_to"),
            ("/anesthesia/agents/0/dose", None, "case.dose_range", "/anesthesia/agents/0/dose_to"),
            (
                "/criteria/0/conditions/0/parameter",
                "response_loss",
                "case.criterion_threshold",
                "/criteria/0/conditions/0/threshold",
            ),
            ("/channels/1/muscle", None, "case.channel_site", "/channels/1/muscle"),
            (
                "/channels/1/measurements/1/reading/quality",
                "good",
                "case.value_against_state",
                "/channels/1/measurements/1/reading/quality",
            ),
            (
                "/channels/1/measurements/1/reading/amplitude_pct_of_baseline",
                50,
                "case.value_against_state",
                "/channels/1/measurements/1/reading/amplitude_pct_of_baseline",
            ),
            (
                "/channels/1/measurements/1/baseline_kind",
                "reset",
                "case.baseline_kind_without_baseline",
                "/channels/1/measurements/1/baseline_kind",
            ),
            (
                "/events/0/readings/0/reading",
                {"state": "measured"},
                "case.reading_without_value",
                "/events/0/readings/0/reading",
            ),
            (
                "/events/0/retests/0/readings/0/reading",
                {"state": "not_monitored"},
                "case.missing_reason",
                "/events/0/retests/0/readings/0/reading/reason",
            ),
            ("/threshold_tests/0/max_tested_ma", 10, "case.threshold_value", "/threshold_tests/0/max_tested_ma"),
            ("/threshold_tests/0/threshold_v", 10, "case.threshold_value", "/threshold_tests/0/threshold_ma"),
            ("/threshold_tests/0/kind", "nerve", "case.missing_field", "/threshold_tests/0/nerve"),
            ("/physiology/0/at", None, "case.missing_field", "/physiology/0/at"),
        ],
    )
    def test_values_that_cannot_both_be_right_are_found(self, pointer, value, code, where):
        """One change to a sound case, one problem."""
        case = full()
        put(case, pointer, value)
        assert [(code, where)] == found(case)

    def test_a_night_case_runs_forward(self):
        """The end has the next day's date."""
        case = full()
        case["intervals"] = [
            {"kind": "monitoring", "start_at": "2026-03-02T22:00:00-06:00", "end_at": "2026-03-03T03:00:00-06:00"}
        ]
        load_case(data(case))

    def test_the_hour_that_comes_twice_runs_forward(self):
        """When clocks go back, 01:10 can be later than 01:50."""
        case = full()
        case["intervals"] = [
            {"kind": "monitoring", "start_at": "2026-11-01T01:50:00-05:00", "end_at": "2026-11-01T01:10:00-06:00"}
        ]
        load_case(data(case))

    def test_the_hour_that_never_was_does_not_help(self):
        """When clocks go forward, 01:30 to 03:10 is forty minutes and not backwards."""
        case = full()
        case["intervals"] = [
            {"kind": "monitoring", "start_at": "2026-03-08T03:10:00-05:00", "end_at": "2026-03-08T01:55:00-06:00"}
        ]
        assert found(case) == [("case.interval_order", "/intervals/0/end_at")]

    @pytest.mark.parametrize(("arrest", "sound"), [(True, True), (False, False)])
    def test_pump_flow_does_not_pulsate(self, arrest, sound):
        """Both pressures may then be the same."""
        case = full()
        case["surgery"]["circulatory_arrest"] = arrest
        case["physiology"][0] |= {"sbp_mmhg": 60, "dbp_mmhg": 60}
        if sound:
            load_case(data(case))
        else:
            assert found(case) == [("case.pressure_order", "/physiology/0/sbp_mmhg")]

    @pytest.mark.parametrize("state", ["present", "absent", "not_recorded"])
    def test_states_without_numbers_need_no_reason(self, state):
        """An absent response is a finding."""
        case = full()
        put(case, "/events/0/readings/0/reading", {"state": state})
        load_case(data(case))

    @pytest.mark.parametrize("side", ["not_recorded", "left"])
    def test_a_channel_of_unknown_side_need_not_name_its_nerve(self, side):
        """Published cases often say neither."""
        case = full()
        case["channels"][0] |= {"side": side, "nerve": None}
        if side == "not_recorded":
            load_case(data(case))
        else:
            assert found(case) == [("case.channel_site", "/channels/0/nerve")]

    @pytest.mark.parametrize(
        ("modes", "sound"), [(["cc"], False), (["cc", "cc"], False), (["cc", "cv"], True), (["cv"], True), ([], True)]
    )
    def test_thresholds_fit_the_stimulators(self, modes, sound):
        """V only where some stimulator was not constant current."""
        case = full()
        case["modalities"][1]["stimulation"] = [{"stim_mode": mode} for mode in modes]
        case["channels"][1]["measurements"][0]["reading"] = {"state": "measured", "threshold_v": 300}
        where = "/channels/1/measurements/0/reading/threshold_v"
        if sound:
            load_case(data(case))
        else:
            assert [("case.unit_stimulator_mismatch", where)] == found(case)
