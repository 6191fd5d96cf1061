from __future__ import annotations

from datetime import date

import pytest

from report_gen.case import Case, load_case
from report_gen.case.limits import age_group, age_on, hard_errors, soft_warnings
from report_gen.errors import CaseInvalidError
from report_gen.vocab import limits
from tests.cases.minimal import at, channel, data, event, full, measured, minimal


def refused(tree: dict) -> list[str]:
    """Places beyond a hard limit."""
    try:
        load_case(data(tree))
    except CaseInvalidError as error:
        problems = error.problems
    else:
        return []
    assert {("limits.beyond_hard", "error")} == {(row.code, row.severity) for row in problems}
    return [row.pointer for row in problems]


def warned(tree: dict) -> list[str]:
    """Places that are unusual in a case that loads."""
    found = soft_warnings(load_case(data(tree)))
    assert {row.severity for row in found} <= {"warning"}
    return [row.pointer for row in found]


def physiology(**values: float) -> dict:
    """A case with one row of physiology."""
    return minimal() | {"physiology": [{"at": at("08:10")} | values]}


def median(latency_ms: float, age_years: int | None) -> dict:
    """A case with a median cortical latency in a patient of an age."""
    case = minimal()
    case["modalities"] = [{"modality": "ssep_upper", "performed": True}]
    case["channels"] = [
        channel(
            "ssep_upper",
            nerve="median",
            peak="N20",
            measurements=[{"phase": "baseline", "reading": measured(2, latency_ms)}],
        )
    ]
    if age_years is not None:
        case["patient"]["age_years"] = age_years
    return case


def stimulation(**settings: object) -> dict:
    """A case with one set of transcranial settings."""
    return minimal() | {"modalities": [{"modality": "tcmep", "performed": True, "stimulation": [settings]}]}


def agent(**fields: object) -> dict:
    """A case with one agent."""
    return minimal() | {"anesthesia": {"agents": [{"kind": "infusion"} | fields]}}


class TestAge:
    @pytest.mark.parametrize(
        ("born", "years"), [("2008-03-02", 18), ("2008-03-03", 17), ("2026-03-02", 0), ("2004-02-29", 22)]
    )
    def test_years_are_completed_on_the_birthday(self, born, years):
        """Not the day before, and in a leap year as in others."""
        assert years == age_on(date.fromisoformat(born), date(2026, 3, 2))

    def test_the_group_comes_from_the_date_of_birth(self):
        """Or from the stated age, or is unknown."""
        case = minimal()
        assert age_group(load_case(data(case))) == ""
        case["patient"]["age_years"] = 17
        assert age_group(load_case(data(case))) == "child"
        case["patient"] = minimal()["patient"] | {"date_of_birth": "2008-03-02"}
        assert age_group(load_case(data(case))) == "adult"


class TestHardLimits:
    def test_a_sound_case_has_none(self):
        """Every kind of value, none of them impossible."""
        assert list(hard_errors(load_case(data(full())))) == []

    @pytest.mark.parametrize(
        ("name", "inside", "outside"),
        [
            ("map_mmhg", 20, 19.9),
            ("map_mmhg", 200, 201),
            ("sbp_mmhg", 300, 301),
            ("heart_rate_bpm", 0, 251),
            ("core_temp_c", 34, 33.9),
            ("core_temp_c", 43, 43.1),
            ("spo2_pct", 50, 49),
            ("etco2_mmhg", 5, 4),
            ("mac_fraction", 2, 2.1),
            ("hemoglobin_g_dl", 2, 25.1),
            ("ebl_ml", 20000, 20001),
        ],
    )
    def test_the_edge_is_inside(self, name, inside, outside):
        """The limits themselves are possible values."""
        assert refused(physiology(**{name: inside})) == []
        assert [f"/physiology/0/{name}"] == refused(physiology(**{name: outside}))

    @pytest.mark.parametrize("name", ["map_mmhg", "sbp_mmhg", "dbp_mmhg", "heart_rate_bpm", "etco2_mmhg", "spo2_pct"])
    def test_nothing_may_flow_in_circulatory_arrest(self, name):
        """Zero is then a true value."""
        case = physiology(**{name: 0})
        case["surgery"]["circulatory_arrest"] = True
        assert refused(case) == []

    @pytest.mark.parametrize("years", [10, 40])
    def test_arrest_counts_for_every_age(self, years):
        """The special circumstance outweighs the age."""
        case = physiology(map_mmhg=0, core_temp_c=18, heart_rate_bpm=0)
        case["surgery"]["circulatory_arrest"] = True
        case["patient"]["age_years"] = years
        assert refused(case) == []

    @pytest.mark.parametrize(("age_years", "outcome"), [(5, []), (40, ["latency"]), (None, ["latency"])])
    def test_children_have_shorter_latencies(self, age_years, outcome):
        """Possible in a child, a mistake in an adult; without an age it is measured as an adult's."""
        assert outcome == [place.split("/")[-1].removesuffix("_ms") for place in refused(median(9, age_years))]

    @pytest.mark.parametrize(
        ("settings", "outcome"),
        [
            ({"stim_mode": "cv", "intensity_v": 1200}, []),
            ({"stim_mode": "cv", "intensity_v": 1201}, ["intensity_v"]),
            ({"stim_mode": "cc", "intensity_ma": 400}, []),
            ({"stim_mode": "cc", "intensity_ma": 401}, ["intensity_ma"]),
            ({"intensity_v": 1201}, ["intensity_v"]),
            ({"intensity_ma": 4}, ["intensity_ma"]),
            ({"train_count": 21}, ["train_count"]),
            ({"isi_ms": 11}, ["isi_ms"]),
            ({"pulse_width_us": 0.05}, ["pulse_width_us"]),
        ],
    )
    def test_stimulators_have_limits_of_their_own(self, settings, outcome):
        """A mode that is not recorded follows from the unit."""
        assert [f"/modalities/0/stimulation/0/{name}" for name in outcome] == refused(stimulation(**settings))

    def test_a_pulse_width_in_ms_is_found_in_any_modality(self):
        """0.2 ms is 200 µs."""
        case = stimulation(pulse_width_us=0.2)
        case["modalities"][0]["modality"] = "dsep"
        assert refused(case) == ["/modalities/0/stimulation/0/pulse_width_us"]

    def test_readings_of_events_and_retests_are_measured_too(self):
        """Each by the peak of its channel."""
        case = full()
        case["events"][0]["readings"][0]["reading"]["latency_ms"] = 380
        case["events"][0]["retests"][0]["readings"][0]["reading"]["latency_ms"] = 1
        case["events"][0]["physiology"] = {"map_mmhg": 6}
        assert sorted(
            [
                "/events/0/readings/0/reading/latency_ms",
                "/events/0/retests/0/readings/0/reading/latency_ms",
                "/events/0/physiology/map_mmhg",
            ]
        ) == sorted(refused(case))

    def test_only_measured_readings_are_measured(self):
        """A response without numbers has none to compare."""
        case = minimal() | {"channels": [channel(measurements=[{"phase": "closing", "reading": {"state": "absent"}}])]}
        assert refused(case) == []

    def test_tests_and_mapping_have_limits(self):
        """Thresholds, highest stimuli, mapping currents, trains of four."""
        case = full()
        case["threshold_tests"][0] |= {"threshold_ma": 61, "max_tested_ma": 62}
        case["threshold_tests"].append(
            {
                "kind": "nerve",
                "nerve": "facial",
                "side": "left",
                "outcome": "threshold",
                "threshold_v": 1300,
                "max_tested_v": 1400,
            }
        )
        case["mapping_tests"][0]["intensity_ma"] = 60
        assert refused(case) == [
            "/threshold_tests/0/threshold_ma",
            "/threshold_tests/0/max_tested_ma",
            "/threshold_tests/1/threshold_v",
            "/threshold_tests/1/max_tested_v",
            "/mapping_tests/0/intensity_ma",
        ]

    @pytest.mark.parametrize(
        ("fields", "outcome"),
        [
            ({"agent": "propofol", "dose": 3001, "unit": "ug_kg_min"}, ["dose"]),
            ({"agent": "propofol", "dose": 100, "dose_to": 3001, "unit": "ug_kg_min"}, ["dose_to"]),
            ({"agent": "remifentanil", "dose": 10.5, "unit": "ug_kg_min"}, ["dose"]),
            ({"agent": "sevoflurane", "kind": "inhaled", "dose": 2.5, "unit": "mac"}, ["dose"]),
            ({"agent": "desflurane", "kind": "inhaled", "dose": 60, "unit": "pct_end_tidal"}, ["dose"]),
            ({"agent": "propofol", "kind": "bolus", "dose": 200, "unit": "mg"}, []),
            ({"agent": "propofol"}, []),
        ],
    )
    def test_doses_are_measured_in_their_unit(self, fields, outcome):
        """Tenfold the usual is a slip of the point or the unit."""
        assert [f"/anesthesia/agents/0/{name}" for name in outcome] == refused(agent(**fields))

    def test_doses_of_interventions_are_measured_too(self):
        """A drug given because of an event."""
        action = {"code": "raise_map", "actor": "anesthesia_team", "agent": "propofol"}
        case = minimal() | {
            "events": [event(interventions=[action | {"dose": 9000, "dose_unit": "ug_kg_min"}, action])]
        }
        assert refused(case) == ["/events/0/interventions/0/dose"]

    def test_a_case_of_days_has_a_wrong_date(self):
        """From the first to the last monitoring interval."""
        case = minimal() | {
            "intervals": [
                {"kind": "monitoring", "start_at": at("08:00"), "end_at": at("09:00")},
                {"kind": "monitoring", "start_at": "2026-04-02T08:00:00-05:00", "end_at": "2026-04-02T09:00:00-05:00"},
            ]
        }
        assert refused(case) == ["/intervals"]

    def test_the_message_names_the_range_and_the_unit(self):
        """So that a slip of the unit is seen at once."""
        with pytest.raises(CaseInvalidError, match="between 20 and 200 mmHg"):
            load_case(data(physiology(map_mmhg=820)))


class TestSoftLimits:
    @pytest.mark.parametrize(
        ("values", "outcome"),
        [
            ({"map_mmhg": 54}, ["map_mmhg"]),
            ({"map_mmhg": 55}, []),
            ({"spo2_pct": 89, "ebl_ml": 6000}, ["spo2_pct", "ebl_ml"]),
        ],
    )
    def test_unusual_values_are_warned_of_and_loaded(self, values, outcome):
        """They may be right."""
        assert [f"/physiology/0/{name}" for name in outcome] == warned(physiology(**values))

    @pytest.mark.parametrize(("age_years", "count"), [(5, 0), (40, 1), (None, 1)])
    def test_age_counts(self, age_years, count):
        """A mean pressure of 45 is usual in a child only."""
        case = physiology(map_mmhg=45)
        if age_years is not None:
            case["patient"]["age_years"] = age_years
        assert count == len(warned(case))

    @pytest.mark.parametrize(("age_years", "count"), [(5, 0), (40, 1)])
    def test_children_need_higher_intensities(self, age_years, count):
        """900 V is usual in a child only."""
        case = stimulation(stim_mode="cv", intensity_v=900)
        case["patient"]["age_years"] = age_years
        assert count == len(warned(case))

    @pytest.mark.parametrize(("settings", "count"), [({"stim_mode": "cc"}, 0), ({"stim_mode": "cv"}, 1), ({}, 0)])
    def test_the_stimulator_counts(self, settings, count):
        """A pulse of 300 µs is usual of constant current only."""
        assert count == len(warned(stimulation(pulse_width_us=300, **settings)))

    def test_volatile_agents_beside_motor_potentials_are_warned_of(self):
        """Wherever the fraction stands."""
        case = minimal() | {
            "modalities": [{"modality": "tcmep", "performed": True}],
            "physiology": [{"at": at("08:10"), "mac_fraction": 0.6}, {"at": at("08:20"), "mac_fraction": 0.5}],
            "anesthesia": {"agents": [{"agent": "sevoflurane", "kind": "inhaled", "dose": 0.7, "unit": "mac"}]},
            "events": [event(physiology={"mac_fraction": 0.8}), event(id="E2")],
        }
        assert warned(case) == [
            "/physiology/0/mac_fraction",
            "/events/0/physiology/mac_fraction",
            "/anesthesia/agents/0/dose",
        ]
        case["modalities"][0]["performed"] = False
        assert warned(case) == []

    def test_a_train_of_four_ratio_above_one_is_unusual(self):
        """Acceleromyography gives such values, and they are to be looked at."""
        case = minimal() | {"anesthesia": {"train_of_four": [{"ratio_pct": 125}, {"count": 4}]}}
        assert warned(case) == ["/anesthesia/train_of_four/0/ratio_pct"]

    def test_impedances_above_five_kilohm_are_unusual(self):
        """ACNS asks for less."""
        case = full()
        case["modalities"][0]["recording"]["impedances"][0]["impedance_kohm"] = 7
        assert warned(case) == ["/modalities/0/recording/impedances/0/impedance_kohm"]

    def test_a_short_case_is_unusual(self):
        """Less than a quarter of an hour."""
        case = minimal() | {"intervals": [{"kind": "monitoring", "start_at": at("08:00"), "end_at": at("08:10")}]}
        assert warned(case) == ["/intervals"]

    def test_a_sound_case_has_none(self):
        """No alarm without cause."""
        assert soft_warnings(load_case(data(minimal()))) == ()


class TestEveryNumber:
    @pytest.mark.parametrize(
        ("holder", "bounded"),
        [
            ("PhysiologyRow", {"suppression_ratio_pct"}),
            ("Stimulation", {"masking_db_nhl", "sweeps"}),
            ("Reading", {"suppression_ratio_pct", "tof_count", "duration_s", "amplitude_pct_of_baseline"}),
        ],
    )
    def test_a_number_has_a_limit_or_is_bounded_by_its_type(self, holder, bounded):
        """A new number of the contract must come with a limit, or be named here."""
        fields = Case.model_json_schema()["$defs"][holder]["properties"]
        numbers = {
            name
            for name, field in fields.items()
            if {part.get("type") for part in field.get("anyOf", [field])} & {"number", "integer"}
        }
        assert bounded == {name for name in numbers if not _limited(name)}


def _limited(name: str) -> bool:
    """Whether a quantity has a limit whatever the modality, or at least in one."""
    places = [{}, {"modality": "tcmep", "stim_mode": "cc"}, {"modality": "tcmep", "stim_mode": "cv"}]
    return any(limits(name, **place) for place in places)
