"""What some fifty published case reports write, of every kind of operation, leads to the code meant, or to none.

The phrases are invented in their manner. A phrase that leads to another code would put a step, a muscle or a drug into
the record that nobody named.
"""

from __future__ import annotations

from collections import Counter

import pytest

from report_gen.vocab import vocabulary
from report_gen.vocab.candidates import find, likest, near

PHRASES: dict[str, dict[str, str]] = {
    "interventions": {
        "irrigated": "irrigate",
        "irrigation": "irrigate",
        "Warm saline irrigation": "irrigate_warm",
        "ice-cold saline": "irrigate_cold",
        "stopped surgery": "stop_surgery",
        "surgery paused": "pause_surgery",
        "re-explored": "reexplore",
        "wound reopened": "reexplore",
        "returned to theatre": "reoperate",
        "shunted": "place_shunt",
        "carotid shunt": "place_shunt",
        "perfused": "start_perfusion",
        "distal aortic perfusion": "start_perfusion",
        "pump flow increased": "raise_perfusion",
        "flow restored": "restore_flow",
        "extubated and examined": "extubate_and_examine",
        "imaging obtained": "imaging",
        "O-arm": "ct",
        "angiogram": "angiography",
        "ICG videoangiography": "icg_angiography",
        "observed": "wait",
        "waited": "wait",
        "no intervention": "no_action",
        "topical papaverine": "papaverine",
        "laminectomy extended": "widen_laminectomy",
        "laminectomy widened": "widen_laminectomy",
        "graft removed": "remove_graft",
        "protamine given": "reverse_heparin",
        "head flexion": "flex_head",
        "neck neutral": "neutral_head",
        "screw out": "remove_screw",
        "screws removed": "remove_screw",
        "screw repositioned": "redirect_screw",
        "all implants removed": "remove_implants",
        "rods removed": "remove_rod",
        "derotation reversed": "release_correction",
        "set screws loosened": "release_set_screws",
        "distraction removed": "release_distraction",
        "fused in situ": "fix_in_situ",
        "cage downsized": "place_smaller_implant",
        "blood pressure raised": "raise_map",
        "induced hypertension": "raise_map",
        "packed red cells": "transfuse",
        "sugammadex given": "reverse_nmb",
        "sevoflurane stopped": "stop_volatile",
        "converted to TIVA": "switch_to_tiva",
        "methylprednisolone given": "steroid",
        "CSF drained": "csf_drain",
        "haematoma evacuated": "evacuate_hematoma",
        "retraction released": "release_retractor",
        "retractor removed": "remove_retractor",
        "temporary clip removed": "remove_clip",
        "clip readjusted": "reposition_clip",
        "unclamped": "remove_clamp",
        "intercostal arteries reimplanted": "reimplant_vessel",
        "tourniquet deflated": "release_tourniquet",
        "shoulder tape released": "release_tape",
        "traction released": "relax_traction",
        "lengthening reduced": "shorten_limb",
        "tumour resection stopped": "stop_resection",
        "durotomy repaired": "repair_dura",
        "chest compressions": "resuscitate",
        "field flooded with saline": "flood_field",
        "caesarean section": "deliver",
        "ETT repositioned": "reposition_tube",
        "cable graft": "graft_nerve",
        "teflon felt placed": "place_teflon",
        "Stagnara test": "wake_up_test",
        "voltage increased": "raise_stimulus",
        "procedure abandoned": "abort_procedure",
        "surgery staged": "stage_procedure",
        "surgery continued": "continue_surgery",
    },
    "occurrences": {
        "incidental durotomy": "dural_tear",
        "dural laceration": "dural_tear",
        "brisk bleeding": "bleeding",
        "massive haemorrhage": "massive_bleeding",
        "vertebral artery injury": "vessel_injury",
        "aortic cross-clamp": "clamp",
        "declamping": "declamp",
        "nerve stretched": "traction",
        "thromboembolism": "embolus",
        "asystole": "cardiac_arrest",
        "venous air embolism": "air_embolism",
        "seizures": "seizure",
        "patient moved": "patient_movement",
        "neurogenic shock": "spinal_shock",
        "medial breach": "screw_breach",
        "rod derotation": "rod_rotation",
        "osteotomy closed": "osteotomy_closure",
        "sublaminar wire passage": "hook_or_wire",
        "desaturation": "hypoxia",
        "blood pressure drop": "hypotension",
        "intraoperative rupture": "aneurysm_rupture",
        "perforator occlusion": "vessel_occlusion",
        "root manipulation": "nerve_manipulation",
        "tumour manipulation": "tumor_manipulation",
        "arm abduction": "limb_position",
        "neck hyperextension": "head_position",
        "stent graft deployed": "stent_deployment",
        "pulse lavage": "irrigation",
    },
    "agents": {
        "remimazolam": "remimazolam",
        "Methadone": "methadone",
        "pethidine": "meperidine",
        "noradrenaline": "norepinephrine",
        "adrenaline": "epinephrine",
        "suxamethonium": "succinylcholine",
        "lignocaine": "lidocaine",
        "paracetamol": "acetaminophen",
        "thiopentone": "thiopental",
        "cis-atracurium": "cisatracurium",
        "N2O": "nitrous_oxide",
        "TXA": "tranexamic_acid",
        "Keppra": "levetiracetam",
        "ICG": "indocyanine_green",
        "magnesium sulphate": "magnesium",
        "isoprenaline": "isoproterenol",
        "GTN": "nitroglycerin",
        "tPA": "alteplase",
        "calcium gluconate": "calcium",
        "sodium nitroprusside": "nitroprusside",
    },
    "muscles": {
        "TA": "tibialis_anterior",
        "tib ant": "tibialis_anterior",
        "AH": "abductor_hallucis",
        "APB": "apb",
        "ADM": "adm",
        "EDB": "extensor_digitorum_brevis",
        "peroneus longus": "fibularis_longus",
        "Peroneus brevis": "fibularis_brevis",
        "posterior tibialis": "tibialis_posterior",
        "gluteus medius": "gluteus_medius",
        "glut max": "gluteus_maximus",
        "hamstrings": "hamstrings",
        "quads": "quadriceps",
        "gastroc": "gastrocnemius",
        "lateral gastrocnemius": "lateral_gastrocnemius",
        "FDI": "first_dorsal_interosseous",
        "first dorsal interosseus": "first_dorsal_interosseous",
        "opponens": "opponens_pollicis",
        "thenar": "thenar",
        "hypothenar muscles": "hypothenar",
        "pronator teres": "pronator_teres",
        "extensor indicis": "extensor_indicis",
        "infraspinatus": "infraspinatus",
        "serratus": "serratus_anterior",
        "SCM": "sternocleidomastoid",
        "paraspinals": "paraspinal",
        "hemidiaphragm": "diaphragm",
        "bulbospongiosus": "bulbocavernosus",
        "anal sphincter": "anal_sphincter",
        "vocal cord": "vocalis",
        "tongue": "tongue",
        "temporalis": "temporalis",
        "levator palpebrae": "levator_palpebrae",
        "medial rectus": "medial_rectus",
        "pharyngeal constrictors": "pharyngeal_constrictor",
    },
    "nerves": {
        "peroneal nerve": "common_fibular",
        "deep peroneal nerve": "deep_fibular",
        "tibial nerve": "posterior_tibial",
        "CN VII": "facial",
        "frontal branch": "facial_temporal",
        "marginal mandibular nerve": "facial_marginal",
        "AIN": "anterior_interosseous",
        "upper trunk": "upper_trunk",
        "T10 root": "root_t10",
        "lateral femoral cutaneous nerve": "lateral_femoral_cutaneous",
        "phrenic nerve": "phrenic",
        "vestibulocochlear nerve": "cochlear",
        "cauda equina": "cauda_equina",
    },
    "body_regions": {
        "leg": "leg",
        "lower extremity": "leg",
        "hand muscles": "hand",
        "intrinsic foot muscles": "foot",
        "UE": "arm",
        "calf": "lower_leg",
    },
    "modalities": {
        "MEP": "mep_unspecified",
        "TcMEP": "tcmep",
        "SSEP": "ssep_unspecified",
        "tEMG": "emg_triggered_unspecified",
        "ABR": "baep",
    },
    "places_of_service": {
        "military treatment facility": "26",
        "ASC": "24",
        "SNF": "31",
        "emergency department": "23",
        "IHS hospital": "06",
    },
    "procedure_families": {
        "TLIF": "lumbar_fusion",
        "microdiscectomy": "lumbar_decompression",
        "vestibular schwannoma resection": "posterior_fossa",
        "thyroidectomy": "thyroid",
        "TEVAR": "endovascular_aortic",
        "total hip arthroplasty": "hip_pelvis",
        "STA-MCA bypass": "cerebral_bypass",
        "selective dorsal rhizotomy": "root_exploration",
        "lipomyelomeningocele repair": "tethered_cord",
        "pedicle subtraction osteotomy": "vertebral_column_resection",
        "coil embolization": "neurointervention",
        "cesarean delivery": "obstetric",
    },
    "diagnosis_features": {
        "herniated disc": "disc_herniation",
        "tumour": "tumor",
        "carotid stenosis": "arterial_stenosis",
    },
    "history_items": {"diabetes mellitus": "diabetes", "foot drop": "weakness", "pacemaker": "implant"},
    "positions": {"beach chair": "semi_sitting", "left lateral": "lateral_left", "knee-chest": "kneeling"},
    "surgical_phases": {"skin closure": "closure", "wound closing": "closure", "screw placement": "instrumentation"},
    "causes": {"low blood pressure": "hypotension", "unknown": "undetermined", "retraction": "retractor"},
    "message_kinds": {"alarm": "alert", "update": "status", "handoff": "handover"},
}
NONE_OF_THESE = {
    "interventions": ["fixed it", "the patient", "surgeon", "John Testcase", "good result", "ok", "left", "."],
    "occurrences": ["surgery", "nothing unusual", "Monday", "normal", "12:30"],
    "agents": ["anesthetic given", "gas", "pain killer", "mg", "0.5"],
    "muscles": ["left", "L5", "leg", "arm", "MEP", "median", "nerve", "hand", "foot", "intrinsic foot muscles"],
    "nerves": ["leg", "left", "muscle", "N20", "P37"],
    "modalities": ["potentials", "signals", "monitoring", "response"],
}


class TestPhrases:
    def test_there_are_as_many_as_fifty_records_need(self):
        """Over every kind of operation, and of every vocabulary that holds what was done or where."""
        assert sum(map(len, PHRASES.values())) >= 200

    @pytest.mark.parametrize("name", PHRASES)
    def test_each_leads_to_its_code_alone(self, name):
        """By a form of the term in other letters or number at most, so that nothing is guessed."""
        found = {words: [row.code for row in likest(find(words, name))] for words in PHRASES[name]}
        assert found == {words: [code] for words, code in PHRASES[name].items()}

    @pytest.mark.parametrize("name", NONE_OF_THESE)
    def test_what_is_none_leads_to_none(self, name):
        """A word of another list, a name, a time, praise; a limb is no muscle and a kind of signal no modality."""
        assert {words: find(words, name) for words in NONE_OF_THESE[name]} == dict.fromkeys(NONE_OF_THESE[name], ())


class TestNear:
    def test_a_slip_of_the_pen_is_near(self):
        """One letter wrong, doubled, or in the wrong place; never at the first, nor in an abbreviation."""
        written = {
            "papaverin": ["papaverine"],
            "irrigaton": ["irrigate"],
            "haemetoma evacuated": ["evacuate_hematoma"],
            "xapaverine": [],
            "CTT": [],
        }
        assert {words: [row.code for row in near(words, "interventions")] for words in written} == written

    def test_words_within_a_term_are_near_to_all_that_have_them(self):
        """What they leave open is left open."""
        assert [row.code for row in near("tibialis", "muscles")] == ["tibialis_anterior", "tibialis_posterior"]
        assert {row.likeness for row in near("tibialis", "muscles")} == {"part"}

    def test_a_term_itself_is_nearest(self):
        """Nothing is offered beside it, though others begin so."""
        assert [row.code for row in near("biceps", "muscles")] == ["biceps"]
        assert [row.code for row in near("Irrigation", "interventions")] == ["irrigate"]

    def test_a_modality_of_unstated_kind_brings_the_kinds(self):
        """MEP may be transcranial; the record does not say."""
        codes = [row.code for row in near("mep", "modalities")]
        assert codes[0] == "mep_unspecified"
        assert {"tcmep", "dcmep"} <= set(codes)

    def test_what_is_near_to_nothing(self):
        """Names, blanks and walls of text."""
        assert [near(words) for words in ("Zebulon Quagmire", "", " - ", "MEP" * 100)] == [(), (), (), ()]


class TestTerms:
    def test_what_was_done_completes_a_sentence(self):
        """A past tense without capital, pronoun or full stop, of which no two are alike."""
        done = [entry.done for entry in vocabulary("interventions").entries.values()]
        assert [words for words, count in Counter(done).items() if count > 1] == []
        assert [words for words in done if not words[0].islower() or words.endswith(".")] == []

    @pytest.mark.parametrize("name", ["interventions", "occurrences", "agents", "muscles", "nerves", "surgical_phases"])
    def test_terms_are_lower_case_words_of_the_field(self, name):
        """They stand inside sentences; an abbreviation or a name keeps its capitals."""
        keep = {"Il", "Teflon", "Doppler", "TIVA", "CSF", "E1"}
        odd = [
            entry.display
            for entry in vocabulary(name).entries.values()
            if entry.display[0].isupper()
            and not entry.display.split()[0].isupper()
            and entry.display.split()[0] not in keep
            and not entry.display[1:2].isdigit()
        ]
        assert odd == []

    def test_a_drug_can_be_entered_that_no_list_has(self):
        """With any unit of a dose but that of a gas."""
        other = vocabulary("agents")["other"]
        units = {*other.infusion_units, *other.bolus_units}
        assert units == set(vocabulary("dose_units").codes) - {"pct_end_tidal", "mac"}
