from __future__ import annotations

import pytest

from report_gen.case import load_case
from report_gen.case.schema import case_schema
from tests.cases.edits import put
from tests.cases.minimal import data, event, found, full

PEOPLE = [
    "/order/ordered_by",
    "/report/signed_by",
    "/preoperative/consent/by",
    "/attendance/0/person",
    "/attendance/0/handed_over_to",
    "/professional_sessions/0/person",
    "/professional_sessions/0/handed_over_to",
    "/other_case_sessions/0/person",
    "/communication/messages/0/from_person",
    "/communication/messages/0/to_person",
    "/modalities/0/baseline_review/by",
    "/modalities/0/baseline_resets/0/authorized_by",
    "/events/0/notifications/0/by",
    "/events/0/notifications/0/to_person",
    "/events/0/resolution/assigned_by",
    "/events/0/suspected_cause/by",
    "/events/0/stated_causes/0/by",
    "/postoperative_course/0/by",
    "/answers/0/by",
    "/origins/0/by",
    "/opinion/by",
    "/log_signature/by",
]
OTHERS = [
    "/communication/messages/0/event",
    "/interventions/0/in_response_to",
    "/interventions/0/when/event",
    "/milestones/0/when/event",
    "/channels/1/measurements/1/when/event",
    "/events/0/notifications/0/when/event",
    "/events/0/resolution/when/event",
    "/postoperative_course/0/when/event",
    "/events/0/channels/0",
    "/events/0/readings/0/channel",
    "/events/0/retests/0/readings/0/channel",
    "/events/0/criterion",
]


class TestReferences:
    def test_a_full_case_refers_to_what_is_there(self):
        """No alarm without cause."""
        load_case(data(full()))

    @pytest.mark.parametrize("pointer", PEOPLE + OTHERS)
    def test_a_reference_to_nothing_is_found(self, pointer):
        """Each field that names another entry."""
        case = full()
        put(case, pointer, "nobody")
        assert [("case.dangling_reference", pointer)] == found(case)

    def test_every_reference_of_the_contract_is_tested(self):
        """A new reference must be added to the lists here and to the check."""
        fields = case_schema()["$defs"]
        named = {
            f"{model}.{name}"
            for model, schema in fields.items()
            for name, field in schema["properties"].items()
            if "by reference" in field.get("description", "")
        }
        twice = ["channel of a reading stands in events and in re-tests", *["an event of a stated time"] * 5]
        assert len(named) == len(PEOPLE + OTHERS) - len(twice)

    @pytest.mark.parametrize(
        "pointer", ["/patient/agee", "/people/9", "/events/0/criterion", "patient", "/modalities/x"]
    )
    def test_an_origin_of_nothing_is_found(self, pointer):
        """It names a field that has a value."""
        case = full()
        case["origins"][0]["pointer"] = pointer
        if pointer == "/events/0/criterion":
            del case["events"][0]["criterion"]
        assert found(case) == [("case.dangling_reference", "/origins/0/pointer")]

    def test_another_operation_is_listed(self):
        """An entry after surgery that reports it names one of the linked cases."""
        case = full()
        case["postoperative_course"][0]["linked_case"] = "C-9"
        assert found(case) == [("case.dangling_reference", "/postoperative_course/0/linked_case")]

    @pytest.mark.parametrize("holder", ["channels", "events"])
    def test_a_modality_that_was_not_set_up_is_found(self, holder):
        """Channels and events belong to a modality record."""
        case = full()
        case[holder][0]["modality"] = "ssep_upper"
        assert [("case.dangling_reference", f"/{holder}/0/modality")] == found(case)


class TestUniqueIds:
    @pytest.mark.parametrize("name", ["people", "channels", "events", "criteria"])
    def test_an_id_used_twice_is_found(self, name):
        """At the second entry, and at the third."""
        case = full()
        case[name] += [case[name][0], case[name][0]]
        number = len(case[name])
        assert [("case.duplicate_id", f"/{name}/{index}/id") for index in (number - 2, number - 1)] == found(case)

    @pytest.mark.parametrize("name", ["modalities", "indications"])
    def test_a_modality_recorded_twice_is_found(self, name):
        """One record per modality."""
        case = full()
        case[name].append(case[name][0])
        assert [("case.duplicate_id", f"/{name}/{len(case[name]) - 1}/modality")] == found(case)

    def test_lists_have_ids_of_their_own(self):
        """A channel and an event may share one."""
        case = full()
        case["events"].append(event(id="tech1"))
        load_case(data(case))
