"""The tables of services and of studies: complete, consistent with the rules, strict, and free of licensed codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

import report_gen.rules
from report_gen.errors import AssetError
from report_gen.rules import rule
from report_gen.rules.concepts import Concept, ConceptFile, concept, concepts
from report_gen.rules.studies import Route, StudyTable, study_table
from report_gen.rules.tables import read_table
from report_gen.vocab import vocabulary

FOLDER = Path(report_gen.rules.__file__).parent
TIME = ("mon.in_room", "mon.remote_multi", "mon.remote_exclusive")
IDS = f"""{" ".join(TIME)} sep.upper sep.lower sep.both sep.trunk_head mep.upper mep.lower mep.both vep aep.threshold
aep.neuro eeg.coma_sleep eeg.nonbrain_surgery ecog.surgery map.first_hour map.each_more emg.limb_1 emg.limb_2 emg.limb_3
emg.limb_4 emg.larynx emg.hemidiaphragm emg.cranial_one_side emg.cranial_both emg.paraspinal_thoracic emg.limited
emg.single_fiber emg.with_ncs_limited emg.with_ncs_complete emg.with_ncs_other ncs.1_2 ncs.3_4 ncs.5_6 ncs.7_8 ncs.9_10
ncs.11_12 ncs.13_more blink nmj unlisted retired.mon_hour retired.aep_1 retired.aep_2""".split()


class TestConcepts:
    def test_are_these(self):
        """Other files, and the practice's code map, name them."""
        assert set(concepts()) == set(IDS)

    @pytest.mark.parametrize(
        ("name", "pc_tc", "bilateral", "mue"),
        [
            ("mon.in_room", 0, None, 32),
            ("mon.remote_multi", 9, None, 0),
            ("mon.remote_exclusive", 0, None, 40),
            ("sep.both", 1, 2, 1),
            ("sep.trunk_head", 1, 0, 1),
            ("mep.both", 1, 2, 1),
            ("aep.neuro", 0, 2, 1),
            ("map.each_more", 1, 0, 5),
            ("emg.hemidiaphragm", 1, 3, 1),
            ("emg.cranial_one_side", 1, 0, 1),
            ("emg.cranial_both", 1, 2, 1),
            ("emg.limited", 1, 0, 4),
            ("nmj", 1, 0, 4),
            ("unlisted", 0, 0, 1),
            ("retired.mon_hour", None, None, None),
        ],
    )
    def test_carry_the_indicators_of_the_tables_of_july_2024(self, name, pc_tc, bilateral, mue):
        """As measured in the fee schedule and the unit edits."""
        row = concept(name)
        assert (row.pc_tc, row.bilateral, row.mue) == (pc_tc, bilateral, mue)

    def test_only_auditory_studies_have_no_value_in_a_facility(self):
        """As in the fee schedule."""
        assert {name for name, row in concepts().items() if row.facility_na} == {"aep.threshold", "aep.neuro"}

    def test_labels_tell_services_apart(self):
        """No label stands twice."""
        labels = [row.label for row in concepts().values()]
        assert len(labels) == len(set(labels))

    def test_an_unknown_one_is_a_mistake_of_the_caller(self):
        """It is no empty answer."""
        with pytest.raises(KeyError, match=r"mon\.on_the_moon"):
            concept("mon.on_the_moon")

    @pytest.mark.parametrize(
        "values",
        [
            {"kind": "base", "pc_tc": 1, "mue": 1},
            {"kind": "base", "pc_tc": 1, "bilateral": 1, "mue": 1},
            {"kind": "base", "pc_tc": 1, "bilateral": 0},
            {"kind": "retired", "pc_tc": 1, "mue": 1},
            {"kind": "time", "pc_tc": 0, "mue": 4},
            {"kind": "base", "pc_tc": 1, "bilateral": 0, "mue": 1, "price": 7},
        ],
    )
    def test_one_that_makes_no_sense_is_refused(self, values):
        """A missing or unknown indicator, one that the kind cannot have, time under another name, an unknown key."""
        with pytest.raises(ValidationError, match="validation error for Concept"):
            Concept.model_validate({"id": "sep.new", "label": "Some study", **values})

    def test_a_table_with_one_twice_is_refused_by_name(self, tmp_path):
        """The message names the file."""
        path = tmp_path / "concepts.toml"
        text = (FOLDER / "concepts.toml").read_text("utf-8")
        path.write_text(
            text + '\n[[concept]]\nid = "vep"\nlabel = "Again"\nkind = "base"\npc_tc = 1\nbilateral = 2\nmue = 1\n'
        )
        with pytest.raises(AssetError, match=r"concepts\.toml.*two places"):
            read_table(path, ConceptFile)


class TestRulesAndConcepts:
    @pytest.mark.parametrize("name", TIME)
    def test_every_base_study_is_listed_for_a_monitoring_service_or_is_not(self, name):
        """A study in neither list would be neither a base nor a wrong base."""
        listed = rule("base_required").versions[-1].parameters[name]
        other = rule("base_wrong").versions[-1].parameters[name]
        bases = sorted(row.id for row in concepts().values() if row.kind == "base")
        assert sorted((*listed, *other)) == bases

    def test_the_remote_service_for_one_patient_lacks_the_auditory_study_and_nothing_else(self):
        """The one difference between the lists of the add-on table."""
        lists = rule("base_required").versions[-1].parameters
        assert lists["mon.in_room"] == lists["mon.remote_multi"]
        assert set(lists["mon.in_room"]) - set(lists["mon.remote_exclusive"]) == {"aep.neuro"}
        assert set(lists["mon.remote_exclusive"]) < set(lists["mon.in_room"])

    @pytest.mark.parametrize(
        "rule_id", ["same_moment", "combine_limbs", "emg_with_ncs", "pair_with_reason", "retired_concept"]
    )
    def test_rules_name_services_that_exist(self, rule_id):
        """A misspelled pair would never be found."""
        for version in rule(rule_id).versions:
            for name in ("never", "pairs", "single", "emg", "conduction", "retired"):
                for row in version.parameters.get(name, ()):
                    assert set(row.split("/")) <= set(concepts())

    def test_no_pair_is_both_never_and_with_a_reason(self):
        """Indicator 0 and 1 exclude each other."""
        never = {*rule("combine_limbs").versions[-1].parameters["never"]}
        never |= {*rule("same_moment").versions[-1].parameters["never"]}
        pairs = {frozenset(row.split("/")) for row in rule("pair_with_reason").versions[-1].parameters["pairs"]}
        assert not pairs & {frozenset(row.split("/")) for row in never}

    @pytest.mark.parametrize("name", ["concepts.toml", "studies.toml", "codes.toml"])
    def test_no_licensed_code_number_stands_in_the_tables(self, name):
        """Numbers of the section that monitoring is in; pages of the Federal Register are others."""
        assert not re.findall(r"\b9\d{4}\b", (FOLDER / name).read_text("utf-8"))


class TestStudyTable:
    def test_has_every_modality_once(self):
        """A new modality cannot be forgotten: the reader refuses the table."""
        assert sorted(row.code for row in study_table().modality) == sorted(vocabulary("modalities").codes)

    @pytest.mark.parametrize("keep", [slice(1, None), slice(0, None, 2)])
    def test_that_lacks_a_modality_is_refused(self, monkeypatch, keep):
        """What was performed could otherwise be lost."""
        table = study_table()
        short = table.model_copy(update={"modality": table.modality[keep]})
        monkeypatch.setattr("report_gen.rules.studies.read_table", lambda path, model: short)
        with pytest.raises(AssetError, match="each modality"):
            study_table.__wrapped__()

    @pytest.mark.parametrize(
        "values",
        [
            {"count": "concept"},
            {"count": "concept", "concept": "mon.in_room"},
            {"count": "concept", "concept": "sep.nowhere"},
            {"count": "mep", "concept": "mep.both"},
            {"count": "none"},
            {"count": "concept", "concept": "vep", "ask": "look"},
            {"count": "concept", "concept": "vep", "settle": "practice"},
            {"count": "guess"},
            {"count": "mep", "colour": "red"},
        ],
    )
    def test_a_route_that_makes_no_sense_is_refused(self, values):
        """No study, one that is none or unknown, nobody to settle a question, an unknown way or key."""
        with pytest.raises(ValidationError, match="validation error for Route"):
            Route.model_validate({"code": "vep", **values})

    @pytest.mark.parametrize("name", ["accessory_muscles", "accessory_families", "vascular_families", "head_nerves"])
    def test_a_term_outside_the_vocabulary_is_refused(self, name):
        """A misspelled term would never match."""
        raw = study_table().model_dump()
        with pytest.raises(ValidationError, match="not in the vocabulary"):
            StudyTable.model_validate({**raw, name: ("invented_term",)})
