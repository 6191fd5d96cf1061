"""What a record leaves open: `other` in words, and times that no clock gave."""

from __future__ import annotations

import pytest

from report_gen.case import load_case
from tests.cases.edits import put
from tests.cases.minimal import data, found, full, minimal


class TestNothingIsInvented:
    def test_the_least_a_record_can_say_is_a_case(self):
        """Nobody named, no record number, no facility, no date and no zone: none has to be made up."""
        case = minimal()
        del case["people"], case["patient"]["name"], case["patient"]["mrn"]
        del case["encounter"]["facility_name"], case["encounter"]["date_of_service"], case["encounter"]["time_zone"]
        loaded = load_case(data(case | {"clock": "not_recorded"}))
        assert loaded.people == ()
        assert loaded.patient.mrn is None

    @pytest.mark.parametrize("modality", ["tcmep", "mep_unspecified", "ssep_lower", "emg_free_run"])
    def test_a_response_needs_no_muscle_and_no_nerve(self, modality):
        """The limb does, or that none is stated."""
        row = {"id": "leg-l", "modality": modality, "side": "left", "measurements": []}
        thin = minimal() | {"modalities": [{"modality": modality, "performed": True}], "channels": [row]}
        assert found(thin)[0][0] == "case.channel_site"
        for region in ("leg", "not_stated"):
            row["region"] = region
            assert load_case(data(thin)).channels[0].region == region


class TestOther:
    @pytest.mark.parametrize(
        ("pointer", "words"),
        [
            ("/channels/1/muscle", "muscle_other"),
            ("/events/0/interventions/0/code", "code_other"),
            ("/events/0/interventions/0/agent", "agent_other"),
            ("/events/0/direction", "direction_other"),
            ("/events/0/resolution/resolution_class", "class_other"),
            ("/anesthesia/agents/0/agent", "agent_other"),
            ("/surgery/approach", "approach_other"),
            ("/surgery/position", "position_other"),
            ("/postoperative_course/0/kind", "kind_other"),
            ("/channels/1/region", "region_other"),
        ],
    )
    def test_other_has_its_words_and_no_code_else_has(self, pointer, words):
        """A code that says nothing needs what the record says; a code that says something needs no second one."""
        place = f"{pointer.rpartition('/')[0]}/{words}"
        case = full()
        put(case, pointer, "other")
        assert found(case) == [("case.other_without_words", place)]
        put(case, place, "as the record words it")
        load_case(data(case))
        case = full()
        put(case, place, "as the record words it")
        assert found(case) == [("case.words_without_other", place)]

    def test_a_cause_that_no_code_names_is_stated(self):
        """The list of causes may hold `other`; the statement is then its words."""
        case = full()
        case["events"][0]["stated_causes"][0]["causes"] = ["other"]
        assert found(case) == [("case.other_without_words", "/events/0/stated_causes/0/statement")]
        case["events"][0]["stated_causes"][0]["statement"] = "as the surgeon put it"
        load_case(data(case))


class TestStatedTimes:
    @pytest.mark.parametrize(
        "when",
        [
            {"relation": "after", "event": "E1", "amount": 10, "unit": "min"},
            {"relation": "after", "previous_entry": True},
            {"relation": "during", "phase": "closure"},
            {"relation": "after", "phase": "operation", "amount": 2, "amount_to": 3, "unit": "wk", "approximate": True},
            {"relation": "before", "milestone": "closure_start"},
            {"words": "some minutes later"},
            {"approximate": True},
        ],
    )
    def test_a_time_may_be_known_in_part(self, when):
        """Relative, in order, by phase, about, or in words."""
        case = full()
        case["events"][0]["resolution"]["when"] = when
        del case["events"][0]["resolution"]["at"]
        load_case(data(case))

    @pytest.mark.parametrize(
        ("when", "place"),
        [
            ({}, ""),
            ({"relation": "after"}, "/relation"),
            ({"phase": "closure"}, "/relation"),
            ({"relation": "after", "phase": "closure", "milestone": "incision"}, "/phase"),
            ({"relation": "after", "phase": "closure", "amount": 10}, "/amount"),
            ({"relation": "after", "phase": "closure", "unit": "min"}, "/amount"),
            ({"relation": "during", "phase": "closure", "amount": 10, "unit": "min"}, "/amount"),
            ({"amount": 10, "unit": "min", "words": "ten"}, "/amount"),
            ({"relation": "after", "phase": "closure", "amount": 3, "amount_to": 2, "unit": "wk"}, "/amount_to"),
        ],
    )
    def test_a_time_that_says_nothing_or_two_things_is_found(self, when, place):
        """Each with what is missing."""
        case = full()
        case["events"][0]["resolution"]["when"] = when
        assert found(case) == [("case.stated_time", f"/events/0/resolution/when{place}")]
