"""The vocabularies themselves: complete, unambiguous, sourced, and consistent with each other."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from report_gen.case.contract.signals import Reading, Stimulation
from report_gen.claim.model import ExcludedReason
from report_gen.vocab import (
    compared_parameters,
    interval_kinds,
    modality_of_test,
    names,
    places_in_team,
    signal_classes,
    team_roles,
    vocabulary,
)
from report_gen.vocab.candidates import spelt
from report_gen.vocab.entries import TestKind

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
        """Code, printed term, abbreviation and synonyms of one entry belong to no other, however they are spelt."""
        owners: dict[tuple[str, str], set[str]] = defaultdict(set)
        for name in names():
            for code, entry in vocabulary(name).entries.items():
                shown = () if name in SAME_DISPLAY else (entry.display,)
                for term in (code, *shown, entry.abbreviation or code, *entry.synonyms, *entry.former):
                    owners[name, spelt(term)].add(code)
        assert {term: codes for term, codes in owners.items() if len(codes) > 1} == {}

    def test_no_synonym_says_what_another_form_says(self):
        """In other capitals it is still the same; a list of words is to be read by a person."""
        twice = []
        for name, entry in ENTRIES:
            forms = [form.casefold() for form in (entry["display"], *entry["synonyms"])]
            twice += [(name, entry["code"], form) for form, count in Counter(forms).items() if count > 1]
        assert twice == []

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
            ("TCeMEP", "tcmep"),
            ("MEPs", "mep_unspecified"),
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
        """Readings and settings of the contract, parameters, milestones; and no setting without a stimulus."""
        known = {
            code: set(modality.core_parameters) <= set(Reading.model_fields)
            and set(modality.core_stimulation) <= set(Stimulation.model_fields)
            and modality.primary_parameter in (None, *vocabulary("parameters").codes)
            and modality.milestone in (None, *vocabulary("milestones").codes)
            and (modality.stimulated or not modality.core_stimulation)
            for code, modality in MODALITIES.items()
        }
        assert [code for code, is_known in known.items() if not is_known] == []

    def test_muscle_responses_depend_on_the_block(self):
        """Statements about them need the train of four (section 10, fact 24)."""
        muscle = {code for code, modality in MODALITIES.items() if modality.site_kind == "muscle"}
        controls = {code for code, modality in MODALITIES.items() if modality.of_block}
        assert controls == {"tof"}
        assert {code for code in muscle - controls if not MODALITIES[code].needs_tof} == set()

    def test_each_kind_of_threshold_test_has_one_modality(self):
        """A test without one would be held against nobody's limits and criteria."""
        kinds = Counter(modality.test_kind for modality in MODALITIES.values() if modality.test_kind)
        assert kinds == dict.fromkeys(get_args(TestKind), 1)
        assert {kind: modality_of_test(kind).code for kind in kinds} == {
            "screw": "emg_triggered_screw",
            "nerve": "emg_triggered_nerve",
            "dilator": "emg_directional",
            "not_stated": "emg_triggered_unspecified",
        }
        with pytest.raises(KeyError, match="hook"):
            modality_of_test("hook")


class TestOtherVocabularies:
    def test_families_that_are_done_at_levels(self):
        """Of the spine, where a report without the level is none."""
        families = vocabulary("procedure_families").entries
        assert {code for code, family in families.items() if family.at_levels} == {
            *("acdf", "alif", "cervical_posterior", "llif", "lumbar_decompression", "lumbar_fusion", "scoliosis"),
            *("spinal_fracture", "thoracic_decompression", "vertebral_augmentation", "vertebral_column_resection"),
        }

    def test_every_agent_has_units_of_known_codes(self):
        """At least one way to give it; volatile agents as a fraction or end-tidal percent."""
        units = set(vocabulary("dose_units").codes)
        for code, entry in vocabulary("agents").entries.items():
            allowed = {*entry.infusion_units, *entry.bolus_units}
            assert allowed, code
            assert allowed <= units, code
            assert (entry.kind == "volatile") == ("pct_end_tidal" in allowed), code

    @pytest.mark.parametrize(
        ("agent", "units"),
        [
            ("propofol", ("ug_kg_min", "mg_kg_h", "ug_ml")),
            ("remifentanil", ("ug_kg_min", "ng_ml")),
            ("sufentanil", ("ug_kg_h", "ng_ml")),
            ("dexmedetomidine", ("ug_kg_h",)),
            ("ketamine", ("mg_kg_h", "ug_kg_min")),
            ("remimazolam", ("mg_kg_h",)),
            ("methadone", ()),
        ],
    )
    def test_infusions_have_the_unit_of_the_clinical_reference(self, agent, units):
        """First; per minute and per hour are sixty-fold apart, so each other unit is one that reports use."""
        assert units == vocabulary("agents")[agent].infusion_units

    def test_levels_run_from_head_to_tail(self):
        """Their order is counted, not spelled."""
        orders = [entry.order for entry in vocabulary("levels").entries.values()]
        assert list(range(len(orders))) == orders

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
            "within_baseline_limits",
            "full_or_partial",
            "improved",
            "other",
        )

    def test_criteria_compare_readings_of_the_contract(self):
        """A criterion on a value that no reading has could never be met."""
        for code, entry in vocabulary("criterion_parameters").entries.items():
            assert entry.parameter is None or entry.parameter in Reading.model_fields, code
            assert (entry.parameter is None) == (entry.comparison in ("loss", "state")), code
            assert entry.parameter in (None, *compared_parameters()) or entry.comparison == "at_most", code

    def test_places_of_service_are_facilities(self):
        """The patient's place, never the reader's home."""
        places = vocabulary("places_of_service")
        assert {code for code in places.codes if places[code].facility} == {
            *("05", "06", "07", "08", "19", "21", "22", "23", "24", "25", "26", "51", "61"),
        }
        assert {code for code in places.codes if not places[code].facility} == {
            *("02", "10", "11", "12", "13", "18", "20", "31", "32", "34", "49", "62", "99"),
        }

    def test_kinds_of_interval_are_told_in_one_order(self):
        """Each has its own place in it; what interrupts monitoring stands together."""
        kinds = vocabulary("interval_kinds")
        every = interval_kinds("preparation", "monitoring", "break", "removal")
        assert every == ("setup", "baseline", "monitoring", "standby", "gap", "outage", "removal")
        assert sorted(entry.order for entry in kinds.entries.values()) == list(range(len(kinds.codes)))
        assert interval_kinds("break") == ("standby", "gap", "outage")
        assert interval_kinds() == ()

    def test_what_takes_minutes_from_a_claim_has_words(self):
        """Every kind but monitoring itself, which a claim's reasons name too."""
        named = {code for code, entry in vocabulary("interval_kinds").entries.items() if entry.left_out_as}
        assert named == set(vocabulary("interval_kinds").codes) - {"monitoring"}
        assert named | {"not_monitoring", "outside_anesthesia"} == set(get_args(ExcludedReason))

    def test_classes_of_event_about_a_response(self):
        """The gravest first; only a deterioration asks what was done and how it ended."""
        assert signal_classes() == ("alert", "change", "improvement")
        classes = vocabulary("event_classes").entries
        assert [code for code, entry in classes.items() if entry.deteriorates] == ["change", "alert"]

    def test_roles_by_team_and_place(self):
        """A member of the surgical team is told of an alert; only a surgeon fills the surgeon's place."""
        roles = vocabulary("roles")
        assert team_roles("surgical") == ("surgeon", "assistant_surgeon", "surgical_team")
        assert team_roles("anesthesia") == ("anesthesiologist", "crna", "anesthesia_team")
        assert places_in_team() == ("surgeon", "anesthesia", "technologist", "interpreting professional")
        assert roles["surgical_team"].place is None
        assert [code for code, role in roles.entries.items() if role.reads] == [
            *("interpreting_professional", "neurologist", "audiologist"),
        ]

    def test_a_compared_parameter_says_how(self):
        """By percent or as a difference, of which aspect, under which word; the others say none of the three."""
        for code, entry in vocabulary("parameters").entries.items():
            said = [entry.change is not None, entry.aspect is not None, entry.change_label != ""]
            assert len(set(said)) == 1, code
        assert list(compared_parameters()) == [
            *("amplitude_uv", "latency_ms", "interpeak_i_v_ms", "interpeak_i_iii_ms", "threshold_ma", "threshold_v"),
            *("velocity_cm_s", "saturation_pct", "pressure_mmhg", "spectral_edge_hz", "firing_rate_hz"),
        ]
        assert set(compared_parameters()) <= set(Reading.model_fields)

    def test_what_is_for_the_worse_has_a_rank_and_a_word(self):
        """A response without a reading takes its state from the kind of change; none is for worse and for better."""
        kinds = vocabulary("change_directions").entries.values()
        assert [kind.code for kind in kinds if bool(kind.state) != (kind.severity is not None)] == []
        assert [kind.code for kind in kinds if kind.severity is not None and kind.better] == []
        ranked = {kind.code: kind.severity for kind in kinds if kind.severity is not None}
        assert [code for code, rank in ranked.items() if rank == max(ranked.values())] == ["loss"]
        assert sorted(ranked, key=lambda code: -ranked[code])[1] == "hard_to_elicit"

    def test_patterns_are_ranked(self):
        """Sustained activity before bursts before spikes; loss of fast activity and new delta before symmetric."""
        rank = {entry.code: entry.severity for entry in vocabulary("emg_patterns").entries.values()}
        assert rank["neurotonic"] == rank["train"] > rank["burst"] > rank["spike"] > rank["silent"] == 0
        assert rank["fast_loss"] == rank["new_delta"] > rank["fast_symmetric"] == 0

    def test_every_aspect_can_rise_and_fall(self):
        """A direction that no parameter answers to could never be contradicted."""
        directions = vocabulary("change_directions").entries.values()
        aspects = {entry.aspect for entry in compared_parameters().values()}
        assert {aspect for entry in directions for aspect in (*entry.raises, *entry.lowers)} == aspects - {"interpeak"}
        assert [entry.code for entry in directions if set(entry.raises) & set(entry.lowers)] == []


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
