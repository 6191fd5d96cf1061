"""What an unknown key or code may mean: named in the contract's words, and nothing of the file repeated beside them."""

from __future__ import annotations

import itertools
import json

import pytest

from report_gen.case import load_case
from report_gen.case.contract.model import contract_models
from report_gen.case.near import (
    OF_THE_PATIENT,
    keys_like,
    may_be_shown,
    meant_codes,
    places_of_key,
    unit_of_key,
    vocabularies_of,
)
from report_gen.errors import CaseInvalidError, Problem
from report_gen.vocab import names, vocabulary
from tests.cases.minimal import channel, data, event, measured, minimal

CANARY = "Zebulon Quagmire"
OF_THE_CASE = """
    abbreviations absence_reasons acceptances administration_kinds agents anesthesia_regimens approaches
    baseline_kinds body_regions causes change_directions clocks communication_channels credentials
    criterion_parameters dose_units electrode_sites
    emg_patterns event_classes gap_reasons icd10cm_traps interval_kinds interventions levels message_kinds milestones
    modalities muscles nerves occurrences onset_kinds parameters places_of_service positions procedure_families
    procedure_outcomes recording_levels report_statuses resolution_classes respondents roles session_modes sides
    surgical_phases trace_phases trace_qualities
"""
"""Vocabularies of what was done, by whom, where and when: a code of them may be named to whoever wrote another word."""

READING = ("channels", 0, "measurements", 0, "reading")
ROW = ("physiology", 0)


def problems(case: dict) -> tuple[Problem, ...]:
    """Problems of a case that has some."""
    with pytest.raises(CaseInvalidError, match=r"\d problems? in the case file") as caught:
        load_case(data(case))
    return caught.value.problems


def advice(case: dict, pointer: str) -> str:
    """What to do about the one problem at a place."""
    (action,) = [row.action for row in problems(case) if row.pointer == pointer]
    return action


def muscle(**change: object) -> dict:
    """A case with one channel of transcranial potentials."""
    case = minimal() | {"channels": [channel("tcmep", **change)]}
    case["modalities"].append({"modality": "tcmep", "performed": True})
    return case


def done(code: object) -> dict:
    """A case with one intervention of an event."""
    return minimal() | {"events": [event(interventions=[{"code": code, "actor": "surgeon"}])]}


class TestUnknownKeys:
    def test_a_key_in_another_unit_is_named_with_the_one_that_is_meant(self):
        """In both places: what stands there, and what the contract calls it, with the unit that its value must have."""
        case = minimal() | {"channels": [channel()]}
        case["channels"][0]["measurements"][0]["reading"] = {"state": "measured", "amplitude_mv": 0.002}
        (problem,) = [row for row in problems(case) if row.code == "case.unknown_key"]
        assert problem.pointer == "/channels/0/measurements/0/reading"
        assert problem.expected == "only keys of the contract; `amplitude_mv`, key 2 of this object, is not one"
        assert "`amplitude_uv` may be meant, with its value in µV" in problem.action

    @pytest.mark.parametrize(
        ("key", "place", "like"),
        [
            ("amplitude_mv", READING, ("amplitude_uv",)),
            ("amplitude", READING, ("amplitude_uv",)),
            ("amplitudeUv", READING, ("amplitude_uv",)),
            ("Amplitude-uV", READING, ("amplitude_uv",)),
            ("amp", READING, ("amplitude_uv",)),
            ("amplitud_uv", READING, ("amplitude_uv",)),
            ("latency", READING, ("latency_ms",)),
            ("latency_s", READING, ("latency_ms",)),
            ("map", ROW, ("map_mmhg",)),
            ("mean_arterial_pressure", ROW, ("map_mmhg",)),
            ("hr", ROW, ("heart_rate_bpm",)),
            ("bis", ROW, ("bispectral_index",)),
            ("temp_f", ROW, ("core_temp_c", "limb_temp_c")),
            ("weight_lb", ("patient",), ("weight_kg",)),
            ("patient_name", ("patient",), ("name",)),
            ("dob", ("patient",), ("date_of_birth",)),
            ("date_of_brith", ("patient",), ("date_of_birth",)),
            ("gender", ("patient",), ("sex",)),
            ("start", ("intervals", 0), ("start_at",)),
            ("time", ("milestones", 0), ("at",)),
            ("comment", ("events", 0), ("note",)),
            (CANARY, ("patient",), ()),
            ("x" * 5000, READING, ()),
            ("", READING, ()),
            ("amplitude_uv", ("nowhere", 0), ()),
        ],
    )
    def test_the_nearest_key_is_that_of_the_object(self, key, place, like):
        """The same word in another unit, spelling or abbreviation, a label of a form, a slip of the pen; or none."""
        assert keys_like(key, place) == like

    def test_each_key_of_the_contract_is_nearest_to_itself(self):
        """In camel case and with hyphens, as other systems write it; a key with another's name could not be."""
        places = [("patient",), ("surgery",), ("events", 0), READING, ROW, ("channels", 0)]
        named = {model.__name__: model for model in contract_models()}
        fields = itertools.chain(*(named[kind].model_fields for kind in ("Patient", "Reading", "PhysiologyRow")))
        lost = []
        for key in fields:
            head, *rest = key.split("_")
            camel = head + "".join(word.capitalize() for word in rest)
            for written in (camel, key.replace("_", "-")):
                if not any(key in keys_like(written, place) for place in places):
                    lost.append(written)
        assert lost == []

    @pytest.mark.parametrize(
        ("key", "unit"), [("amplitude_uv", "µV"), ("latency_ms", "ms"), ("state", ""), ("nothing", "")]
    )
    def test_the_unit_is_the_label_s(self, key, unit):
        """As a form prints it."""
        assert unit_of_key(key, READING) == unit

    def test_a_key_in_the_wrong_object_is_sent_home(self):
        """It is one of the contract's, and its place is told."""
        case = minimal() | {"event_class": "alert"}
        assert advice(case, "").startswith("Move the key to where the contract has it: `events[]`.")
        assert places_of_key("event_class") == ("events[]",)
        assert places_of_key("at") == (), "many have it, and naming them helps nobody"
        assert places_of_key("zebra") == ()

    def test_a_key_that_is_like_none_is_counted(self):
        """Nothing is guessed."""
        case = minimal()
        case["patient"]["shoe"] = 9
        (problem,) = problems(case)
        assert problem.expected == "only keys of the contract; key 4 of this object is not one"
        assert problem.action == "Remove the key, or spell it as the contract does."


class TestWhatMayBeShown:
    @pytest.mark.parametrize(
        "key",
        [
            *(
                "amplitude_mv",
                "weight_lb",
                "amplitudeMv",
                "latency-s",
                "onset_time",
                "core_temp_f",
                "event_class",
                "at",
            ),
            *("modality", "start_time", "events_channels"),
        ],
    )
    def test_words_of_the_contract_and_units(self, key):
        """They tell nothing that the contract does not."""
        assert may_be_shown(key)

    @pytest.mark.parametrize(
        "key",
        [
            *(
                CANARY,
                "zebulon",
                "Zebulon_Quagmire",
                "zebulon_quagmire",
                "zebulonQuagmire",
                "name_zebulon",
                "mrn_12345",
            ),
            *("12345678", "mrn_0012345", "0_5_0_5", "5", "id_20260324", "name ", " name", "Name_Case", "case name"),
            *(
                "smith",
                "low",
                "heart",
                "reading_smith",
                "amplitude_µv",
                "name\u202e",
                "name_" * 20,
                "",
                "_",
                "name__case",
            ),
            *("phone_5551234", "x1", "Note", "anna_note", "1971_09_02", "date_1971", "name.case", "name/case"),
        ],
    )
    def test_what_may_be_a_name_or_a_number(self, key):
        """A word of its own, a capital, other signs, four digits in a row, or what the contract has no word for."""
        assert not may_be_shown(key)

    @pytest.mark.parametrize("key", ["zebulon_quagmire", "mrn_00123456", "name_zebulon", "Quagmire", "zebulonMv"])
    def test_a_name_or_number_as_key_is_never_repeated(self, key):
        """Neither whole nor in part, at any place, nor in the text of the error."""
        for case in (minimal() | {key: 1}, minimal(), minimal() | {"channels": [channel()]}):
            case["patient"][key] = 1
            if "channels" in case:
                case["channels"][0]["measurements"][0]["reading"] = measured() | {key: {key: 1}}
            with pytest.raises(CaseInvalidError, match="in the case file") as caught:
                load_case(json.dumps(case).encode())
            said = f"{caught.value} {caught.value!r} {caught.value.problems}".casefold()
            assert [word for word in ("zebulon", "quagmire", "00123456") if word in said] == []


class TestUnknownCodes:
    @pytest.mark.parametrize(
        ("change", "meant"),
        [
            ({"muscle": "TA"}, "`tibialis_anterior` may be meant."),
            ({"muscle": "Tibialis-anterior"}, "`tibialis_anterior` may be meant."),
            ({"muscle": "tibialis anteriro"}, "`tibialis_anterior` may be meant."),
            ({"muscle": "peroneus longus"}, "`fibularis_longus` may be meant."),
            ({"muscle": "tibialis"}, "`tibialis_anterior` or `tibialis_posterior` may be meant."),
            ({"muscle": "hand"}, "`hand` as `region` may be meant."),
            ({"muscle": "C5 root"}, "`root_c5` as `nerve` may be meant."),
            ({"muscle": "a" * 5000}, ""),
            ({"muscle": CANARY}, ""),
            ({"muscle": ["TA"]}, ""),
            ({"side": "Left"}, "`left` may be meant."),
            ({"side": "both sides"}, ""),
        ],
    )
    def test_a_term_in_the_place_of_its_code_is_resolved(self, change, meant):
        """The code that is meant is named where it is one of those allowed there, or of a field beside it."""
        (place,) = change
        said = advice(muscle(**change), f"/channels/0/{place}")
        assert said == f"Choose one of the listed codes{f'; {meant}' if meant else '.'}"

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            *(("irrigation", "irrigate"), ("irrigated", "irrigate"), ("stopped surgery", "stop_surgery")),
            *(("screw out", "remove_screw"), ("papaverin", "papaverine"), ("MAP raised", "raise_map")),
        ],
    )
    def test_what_was_plainly_done_is_resolved(self, written, code):
        """As a record writes it."""
        assert advice(done(written), "/events/0/interventions/0/code").endswith(f"; `{code}` may be meant.")

    @pytest.mark.parametrize("written", ["mep", "MEP", "motor evoked potential"])
    def test_a_kind_that_is_not_stated_is_offered_with_those_it_may_be(self, written):
        """MEP alone does not say where it was stimulated."""
        case = minimal()
        case["modalities"].append({"modality": written, "performed": True})
        said = advice(case, "/modalities/1/modality")
        assert "`mep_unspecified` or `tcmep`" in said

    def test_a_long_list_is_cut_and_says_where_the_whole_is(self):
        """A hundred muscles are not a message; the command that lists them is."""
        (problem,) = [row for row in problems(muscle(muscle="x")) if row.pointer == "/channels/0/muscle"]
        assert problem.expected.endswith(f"({len(vocabulary('muscles').codes)} in all; see `report-gen vocab muscles`)")

    def test_a_list_that_is_no_vocabulary_is_answered_too(self):
        """A state of a reading with a letter wrong."""
        case = minimal() | {"channels": [channel()]}
        case["channels"][0]["measurements"][0]["reading"] = {"state": "mesured", "amplitude_uv": 1.0}
        assert advice(case, "/channels/0/measurements/0/reading/state").endswith("; `measured` may be meant.")

    def test_what_may_be_meant_is_all_that_fits(self):
        """Two threshold parameters are called the same: both are named, none is chosen."""
        assert meant_codes("Threshold", ["threshold_ma", "threshold_v"]) == ("threshold_ma", "threshold_v")
        assert meant_codes("Threshold", ["threshold_ma"]) == ("threshold_ma",)
        assert meant_codes("Threshold", ["high", "low"]) == ()

    def test_a_code_of_an_earlier_contract_is_not_offered(self):
        """It loads; whoever writes something else is led to today's word."""
        case = minimal() | {"events": [event(event_class="Surgical event")]}
        (problem,) = [row for row in problems(case) if row.pointer == "/events/0/event_class"]
        assert "happening" not in problem.expected
        assert problem.action == "Choose one of the listed codes; `occurrence` may be meant."

    def test_each_vocabulary_is_of_the_patient_or_is_not(self):
        """A new one is thought about: what may be named of the case, of its place and of what was done."""
        assert set(names()) - OF_THE_PATIENT == set(OF_THE_CASE.split())

    def test_a_code_of_the_patient_is_never_resolved(self):
        """To say that a diagnosis or a deficit may be meant is to say what the file holds."""
        lists = [(name, vocabulary(name).codes) for name in sorted(OF_THE_PATIENT)]
        assert [(name, code) for name, codes in lists for code in codes if meant_codes(code.upper(), codes)] == []

    def test_a_place_knows_its_vocabulary(self):
        """By the contract, at any depth and in a list."""
        assert vocabularies_of(("channels", 0, "muscle")) == ("muscles",)
        assert vocabularies_of(("events", 0, "context", 3)) == ("causes",)
        assert vocabularies_of((*READING, "state")) == ()
        assert vocabularies_of(("patient", "name")) == ()
        assert vocabularies_of(()) == ()
