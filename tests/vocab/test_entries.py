"""The vocabularies themselves: complete, unambiguous, sourced, and consistent with each other."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from report_gen.case.signals import Reading, Stimulation
from report_gen.vocab import names, vocabulary

FOLDER = Path(__file__).parents[2] / "report_gen" / "vocab"
MODALITIES = vocabulary("modalities").entries

# Terms that are rightly printed alike: the unit beside the number tells them apart, or the code's side does.
SAME_DISPLAY = {"criterion_parameters", "icd10cm_traps", "parameters"}


@cache
def raw(name: str) -> dict[str, Any]:
    """A vocabulary file as written."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


NEEDED = (
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
)
"""Vocabularies that a report cannot do without."""
ENTRIES = [(name, entry) for name in names() for entry in raw(name)["entries"]]


def _complete(entry: dict[str, Any]) -> bool:
    """Whether an entry as written has all that an entry needs, each of its kind."""
    return (
        {"code", "display", "synonyms", "source"} <= set(entry)
        and entry["display"].strip() == entry["display"] != ""
        and re.search(r"\.md|^\[P\]|percentage", entry["source"]) is not None
        and isinstance(entry["synonyms"], list)
        and all(len(term) > 1 for term in entry["synonyms"])
    )


def _sound(row: dict[str, Any]) -> bool:
    """Whether a row of the limits has known keys, ranges that run upward, the soft within the hard, and a source."""
    soft, hard = row.get("soft"), row.get("hard")
    return (
        set(row) <= {"quantity", "modality", "site", "age", "stim_mode", "condition", "soft", "hard", "source"}
        and bool(row["source"])
        and bool(soft or hard)
        and all(bounds is None or bounds[0] < bounds[1] for bounds in (soft, hard))
        and (not soft or not hard or (hard[0] <= soft[0] and soft[1] <= hard[1]))
        and row.get("age", "child") in ("adult", "child")
        and row.get("stim_mode", "cc") in ("cc", "cv")
        and row.get("condition", "circulatory_arrest") == "circulatory_arrest"
    )


class TestEveryVocabulary:
    def test_the_file_says_what_it_is(self):
        """Name, purpose, entries, and nothing else."""
        sound = {
            name: {"vocabulary", "about", "entries"} == set(content)
            and name == content["vocabulary"]
            and content["about"].endswith(".")
            and bool(content["entries"])
            for name in names()
            for content in [raw(name)]
        }
        assert [name for name, is_sound in sound.items() if not is_sound] == []

    def test_every_entry_is_complete(self):
        """Code, printed term, source; synonyms are a list of terms and not of letters."""
        assert [(name, entry["code"]) for name, entry in ENTRIES if not _complete(entry)] == []

    def test_a_property_of_some_entries_is_explained(self):
        """Whoever reads the vocabulary must know what its absence elsewhere means."""
        unexplained = []
        for name in names():
            kinds = [frozenset(entry) - {"abbreviation"} for entry in raw(name)["entries"]]
            some = frozenset().union(*kinds) - frozenset.intersection(*kinds)
            unexplained += [(name, key) for key in sorted(some) if f"{key}:" not in raw(name)["about"]]
        assert unexplained == []

    def test_codes_are_unique(self):
        """A later entry would silently replace an earlier one."""
        counts = Counter((name, entry["code"]) for name, entry in ENTRIES)
        assert [key for key, count in counts.items() if count > 1] == []

    def test_codes_can_be_typed(self):
        """Lower case, digits and underscores."""
        typed = [name for name in names() if name not in ("icd10cm_traps", "levels")]
        codes = [(name, code) for name in typed for code in vocabulary(name).codes]
        assert [(name, code) for name, code in codes if not re.fullmatch(r"[a-z0-9_]+", code)] == []

    def test_no_term_means_two_things(self):
        """Code, printed term, abbreviation and synonyms of one entry belong to no other entry, in any case."""
        owners: dict[tuple[str, str], set[str]] = defaultdict(set)
        for name in names():
            for code, entry in vocabulary(name).entries.items():
                shown = () if name in SAME_DISPLAY else (entry.display,)
                for term in (code, *shown, entry.abbreviation or code, *entry.synonyms):
                    owners[name, term.casefold()].add(code)
        assert {term: codes for term, codes in owners.items() if len(codes) > 1} == {}

    def test_the_vocabularies_that_a_report_needs_exist(self):
        """Each has more than a token entry."""
        assert [name for name in NEEDED if len(vocabulary(name).codes) <= 3] == []


class TestModalities:
    def test_every_modality_of_the_clinical_reference_exists(self):
        """Sections 2.1 to 2.3, and the plans of section 4."""
        named = (
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
        )
        assert [code for code in named if code not in MODALITIES] == []

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

    def test_properties_name_what_exists(self):
        """Readings, settings and site kinds of the contract."""
        extras = {code: entry.extra for code, entry in MODALITIES.items()}
        known = {
            code: extra["site_kind"] in {"nerve", "muscle", "level", "electrode_site", "none"}
            and set(extra["core_parameters"]) <= set(Reading.model_fields)
            and set(extra["core_stimulation"]) <= set(Stimulation.model_fields)
            and (extra["primary_parameter"] is None or extra["primary_parameter"] in vocabulary("parameters"))
            and bool(extra["stimulated"] or not extra["core_stimulation"])
            for code, extra in extras.items()
        }
        assert [code for code, is_known in known.items() if not is_known] == []

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

    def test_a_row_is_sound(self):
        """Known keys and codes, ranges that run upward, the soft within the hard, a source."""
        assert len(self.ROWS) > 100
        assert [row for row in self.ROWS if not _sound(row)] == []

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
