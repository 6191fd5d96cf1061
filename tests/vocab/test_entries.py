"""The vocabularies themselves: complete, unambiguous, sourced, and consistent with each other."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from report_gen.case.signals import Reading, Stimulation
from report_gen.vocab import names, vocabulary

FOLDER = Path(__file__).parents[2] / "report_gen" / "vocab"
MODALITIES = vocabulary("modalities").entries

# Terms that are rightly printed alike: the unit beside the number tells them apart, or the code's side does.
SAME_DISPLAY = {"criterion_parameters", "icd10cm_traps", "parameters"}


def raw(name: str) -> dict[str, Any]:
    """A vocabulary file as written."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def row_id(row: dict[str, Any]) -> str:
    """What a row of the limits is about."""
    return "-".join(str(row[key]) for key in ("quantity", "modality", "site", "age", "stim_mode") if row.get(key))


class TestEveryVocabulary:
    @pytest.mark.parametrize("name", names())
    def test_the_file_says_what_it_is(self, name):
        """Name, purpose, entries, and nothing else."""
        content = raw(name)
        assert {"vocabulary", "about", "entries"} == set(content)
        assert name == content["vocabulary"]
        assert content["about"].endswith(".")
        assert content["entries"]

    @pytest.mark.parametrize("name", names())
    def test_every_entry_is_complete(self, name):
        """Code, printed term, source; synonyms are a list of terms and not of letters."""
        for entry in raw(name)["entries"]:
            assert {"code", "display", "synonyms", "source"} <= set(entry), entry["code"]
            assert entry["display"].strip() == entry["display"] != "", entry["code"]
            assert re.search(r"\.md|^\[P\]|percentage", entry["source"]), entry["code"]
            assert isinstance(entry["synonyms"], list), entry["code"]
            assert all(len(term) > 1 for term in entry["synonyms"]), entry["code"]

    @pytest.mark.parametrize("name", names())
    def test_a_property_of_some_entries_is_explained(self, name):
        """Whoever reads the vocabulary must know what its absence elsewhere means."""
        kinds = [frozenset(entry) - {"abbreviation"} for entry in raw(name)["entries"]]
        some = frozenset().union(*kinds) - frozenset.intersection(*kinds)
        assert [key for key in sorted(some) if f"{key}:" not in raw(name)["about"]] == []

    @pytest.mark.parametrize("name", names())
    def test_codes_are_unique(self, name):
        """A later entry would silently replace an earlier one."""
        codes = [entry["code"] for entry in raw(name)["entries"]]
        assert sorted(set(codes)) == sorted(codes)

    @pytest.mark.parametrize("name", [name for name in names() if name not in ("icd10cm_traps", "levels")])
    def test_codes_can_be_typed(self, name):
        """Lower case, digits and underscores."""
        for code in vocabulary(name).codes:
            assert re.fullmatch(r"[a-z0-9_]+", code), code

    @pytest.mark.parametrize("name", names())
    def test_no_term_means_two_things(self, name):
        """Code, printed term, abbreviation and synonyms of one entry belong to no other entry, in any case."""
        owners: dict[str, set[str]] = defaultdict(set)
        for code, entry in vocabulary(name).entries.items():
            shown = () if name in SAME_DISPLAY else (entry.display,)
            for term in (code, *shown, entry.abbreviation or code, *entry.synonyms):
                owners[term.casefold()].add(code)
        assert {term: codes for term, codes in owners.items() if len(codes) > 1} == {}

    @pytest.mark.parametrize(
        "name",
        [
            "agents",
            "approaches",
            "causes",
            "credentials",
            "diagnosis_features",
            "dose_units",
            "electrode_sites",
            "interventions",
            "levels",
            "modalities",
            "muscles",
            "nerves",
            "positions",
            "procedure_families",
            "resolution_classes",
            "roles",
            "sides",
            "trace_qualities",
        ],
    )
    def test_the_vocabularies_that_a_report_needs_exist(self, name):
        """Each has more than a token entry."""
        assert len(vocabulary(name).codes) > 3


class TestModalities:
    @pytest.mark.parametrize(
        "code",
        [
            # clinical reference §2.1
            *("ssep_upper", "ssep_lower", "ssep_saphenous", "dsep", "baep", "cnap", "ecochg", "vep"),
            *("phase_reversal", "dorsal_column_mapping"),
            # §2.2
            *("tcmep", "dwave", "comep", "dcmep", "cortical_mapping", "subcortical_mapping", "emg_free_run"),
            *("emg_triggered_screw", "emg_triggered_nerve", "emg_directional", "tof", "lsr"),
            *("rln_intermittent", "rln_continuous", "h_reflex", "f_wave", "bcr", "eusr", "cmap", "nap"),
            # §2.3
            *("eeg", "eeg_processed", "ecog", "tcd", "nirs", "stump_pressure", "mer", "macrostimulation"),
            "wake_up_test",
            # §4
            "ssep_pudendal",
            # published cases that name no limb
            "ssep_unspecified",
        ],
    )
    def test_every_modality_of_the_clinical_reference_exists(self, code):
        """Sections 2.1 to 2.3, and the plans of section 4."""
        assert code in MODALITIES

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("ABR", "baep"),
            ("BAER", "baep"),
            ("MEP", "tcmep"),
            ("TCeMEP", "tcmep"),
            ("tcMEP", "tcmep"),
            ("sEMG", "emg_free_run"),
            ("stimEMG", "emg_triggered_nerve"),
            ("TO4", "tof"),
            ("NMJ", "tof"),
            ("SEP", "ssep_unspecified"),
        ],
    )
    def test_what_sites_write_is_known(self, written, code):
        """The forms that section 2 names."""
        assert written in MODALITIES[code].synonyms

    @pytest.mark.parametrize("code", MODALITIES)
    def test_properties_name_what_exists(self, code):
        """Readings, settings and site kinds of the contract."""
        extra = MODALITIES[code].extra
        assert extra["site_kind"] in {"nerve", "muscle", "level", "electrode_site", "none"}
        assert set(extra["core_parameters"]) <= set(Reading.model_fields)
        assert set(extra["core_stimulation"]) <= set(Stimulation.model_fields)
        assert extra["primary_parameter"] is None or extra["primary_parameter"] in vocabulary("parameters")
        assert extra["stimulated"] or not extra["core_stimulation"]

    def test_side_means_what_the_field_says(self):
        """Stimulated side for SSEP, stimulated ear for BAEP, recorded muscle for MEP (section 7.2)."""
        meant = {code: entry.extra["side_meaning"] for code, entry in MODALITIES.items()}
        assert {"stimulated_side"} == {meaning for code, meaning in meant.items() if code.startswith("ssep")}
        assert meant["baep"] == "stimulated_ear"
        assert {"recorded_muscle"} == {meant[code] for code in ("tcmep", "comep", "dcmep")}

    def test_muscle_responses_depend_on_the_block(self):
        """Statements about them need the train of four (section 10, fact 24)."""
        muscle = {code for code, entry in MODALITIES.items() if entry.extra["side_meaning"] == "recorded_muscle"}
        assert {code for code in muscle - {"tof"} if not MODALITIES[code].extra["needs_tof"]} == set()


class TestOtherVocabularies:
    def test_every_family_has_a_plan_of_known_codes(self):
        """Usual modalities and muscles, and structures at risk, except for the open family."""
        for code, entry in vocabulary("procedure_families").entries.items():
            assert set(entry.extra["usual_modalities"]) <= set(MODALITIES), code
            assert set(entry.extra["usual_muscles"]) <= set(vocabulary("muscles").codes), code
            if code != "other":
                assert entry.extra["usual_modalities"], code
                assert entry.extra["structures_at_risk"], code

    def test_every_agent_has_units_of_known_codes(self):
        """At least one way to give it; volatile agents as a fraction or end-tidal percent."""
        units = set(vocabulary("dose_units").codes)
        for code, entry in vocabulary("agents").entries.items():
            allowed = {*entry.extra["infusion_units"], *entry.extra["bolus_units"]}
            assert allowed, code
            assert allowed <= units, code
            assert (entry.extra["class"] == "volatile") == ("pct_end_tidal" in allowed), code

    @pytest.mark.parametrize(
        ("agent", "units"),
        [
            ("propofol", ["ug_kg_min"]),
            ("remifentanil", ["ug_kg_min"]),
            ("sufentanil", ["ug_kg_h"]),
            ("dexmedetomidine", ["ug_kg_h"]),
            ("ketamine", ["mg_kg_h"]),
        ],
    )
    def test_infusions_have_the_unit_of_the_clinical_reference(self, agent, units):
        """Per minute and per hour are sixty-fold apart (section 2.5)."""
        assert units == vocabulary("agents")[agent].extra["infusion_units"]

    def test_levels_run_from_head_to_tail(self):
        """Their order is counted, not spelled."""
        orders = [entry.extra["order"] for entry in vocabulary("levels").entries.values()]
        assert list(range(len(orders))) == orders

    def test_every_family_of_causes_is_there_and_undetermined_always(self):
        """Section 3.3 A to H."""
        kinds = {entry.extra["category"] for entry in vocabulary("causes").entries.values()}
        assert kinds == {
            "surgical_mechanical",
            "positional",
            "vascular_ischemic",
            "anesthetic_pharmacologic",
            "physiological",
            "technical",
            "patient",
            "undetermined",
        }

    def test_every_actor_has_interventions(self):
        """Team, anesthesia, surgery, monitoring (section 3.4)."""
        kinds = {entry.extra["actor_class"] for entry in vocabulary("interventions").entries.values()}
        assert {"team", "anesthesia", "surgical", "monitoring"} == kinds

    def test_resolution_is_the_closed_list(self):
        """Section 3.5."""
        assert vocabulary("resolution_classes").codes == (
            "full_return",
            "within_criterion",
            "partial",
            "unchanged",
            "worsened",
            "lost_to_close",
            "not_retestable",
            "superseded_by_new_baseline",
        )

    def test_criteria_compare_readings_of_the_contract(self):
        """A criterion on a value that no reading has could never be met."""
        for code, entry in vocabulary("criterion_parameters").entries.items():
            parameter = entry.extra["parameter"]
            assert parameter is None or parameter in Reading.model_fields, code
            assert (parameter is None) == (entry.extra["comparison"] in ("loss", "state")), code

    def test_places_of_service_are_facilities(self):
        """The patient's place, never the reader's home."""
        places = vocabulary("places_of_service")
        assert {"19", "21", "22", "23", "24"} == {code for code in places.codes if places[code].extra["facility"]}
        assert {"02", "10", "11", "12"} == {code for code in places.codes if not places[code].extra["facility"]}


class TestLimitRows:
    ROWS = raw("limits")["rows"]

    @pytest.mark.parametrize("row", ROWS, ids=row_id)
    def test_a_row_is_sound(self, row):
        """Known keys and codes, ranges that run upward, the soft within the hard, a source."""
        assert set(row) <= {"quantity", "modality", "site", "age", "stim_mode", "condition", "soft", "hard", "source"}
        assert row["source"]
        assert row.get("soft") or row.get("hard")
        for bounds in (row.get("soft"), row.get("hard")):
            assert bounds is None or bounds[0] < bounds[1]
        if row.get("soft") and row.get("hard"):
            assert row["hard"][0] <= row["soft"][0]
            assert row["soft"][1] <= row["hard"][1]
        assert row.get("age", "child") in ("adult", "child")
        assert row.get("stim_mode", "cc") in ("cc", "cv")
        assert row.get("condition", "circulatory_arrest") == "circulatory_arrest"

    def test_rows_name_known_codes(self):
        """Doses by agent and unit, everything else by modality; quantities by the field that holds them."""
        for row in self.ROWS:
            if row["quantity"] == "dose":
                assert row.get("modality", "propofol") in vocabulary("agents")
                assert row["site"] in vocabulary("dose_units")
            else:
                assert row.get("modality", "tcmep") in MODALITIES
                assert row["quantity"] in {*vocabulary("parameters").codes, "case_duration_min"}

    def test_no_two_rows_speak_of_the_same(self):
        """The later one would win without a word."""
        keys = [
            tuple(row.get(k) for k in ("quantity", "modality", "site", "age", "stim_mode", "condition"))
            for row in self.ROWS
        ]
        assert sorted(map(str, set(keys))) == sorted(map(str, keys))
