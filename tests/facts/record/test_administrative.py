"""Identification, people, state before and after, tests, closing: what is recorded, and what says it is not."""

from __future__ import annotations

import pytest

from report_gen.draft.model import statements
from report_gen.facts.model import Fact, Facts
from tests.cases.parts import at
from tests.cases.quiet import case
from tests.cases.reports import checked, fact, facts_of


def patient(**fields):
    """The complete case with a patient of the given fields."""
    data = case()
    data["patient"] = {"name": "N", "mrn": "1", "sex": "male", **fields}
    return data


class TestPatient:
    @pytest.mark.parametrize(
        ("born", "text"),
        [
            ("1961-02-12", "64 years"),
            ("2024-02-11", "2 years"),
            ("2025-01-12", "12 months"),
            ("2024-02-12", "23 months"),
            ("2025-11-11", "3 months"),
            ("2025-11-12", "13 weeks"),
            ("2026-01-14", "4 weeks"),
            ("2026-01-15", "27 days"),
            ("2026-02-10", "1 day"),
            ("2026-02-11", "0 days"),
        ],
    )
    def test_age_is_completed_years_months_weeks_or_days(self, born, text):
        """Latencies of an infant are not read by years, nor those of a newborn by months."""
        assert fact(patient(date_of_birth=born), "patient.age").text("age_years") == text

    @pytest.mark.parametrize(
        ("fields", "text"), [({"age_years": 1}, "1 year"), ({"age_years": 40}, "40 years"), ({}, "")]
    )
    def test_a_stated_age_serves_without_date_of_birth(self, fields, text):
        """Without either the age is not recorded."""
        found = fact(patient(**fields), "patient.age")
        assert (found.text("age_years"), found.status) == (text, "recorded" if fields else "not_recorded")

    def test_body_and_skin_are_facts_where_recorded(self):
        """Height matters for latencies."""
        data = patient(height_cm=171.5, skin_and_allergy_note="latex")
        texts = [fact(data, "patient.body").text("height_cm"), fact(data, "patient.skin").text("text")]
        assert texts == ["171.5 cm", "latex"]


class TestBefore:
    @pytest.mark.parametrize(
        ("history", "status", "text"),
        [
            (None, "not_recorded", "not recorded"),
            ([], "none", "none"),
            ([{"item": "diabetes", "detail": "since 2010"}], "recorded", "diabetes (since 2010)"),
        ],
    )
    def test_asked_and_none_is_not_not_recorded(self, history, status, text):
        """Three states."""
        data = case()
        data["preoperative"]["history"] = history
        found = fact(data, "preoperative.history")
        assert (found.status, found.text("text")) == (status, text)

    @pytest.mark.parametrize(
        ("screen", "status"),
        [
            ({"performed": True}, "negative"),
            ({"performed": False}, "not_performed"),
            ({"performed": True, "positive": ["seizure"], "note": "discussed"}, "positive"),
            (None, "not_recorded"),
        ],
    )
    def test_the_safety_screen_has_four_states(self, screen, status):
        """Before transcranial stimulation its absence is stated."""
        data = case()
        data["preoperative"]["mep_safety_screen"] = screen
        assert fact(data, "preoperative.safety_screen").status == status

    def test_without_transcranial_stimulation_no_screen_is_missed(self):
        """A case of SSEP alone needs none."""
        data = case()
        data["preoperative"]["mep_safety_screen"] = None
        data["modalities"], data["channels"] = data["modalities"][:1], data["channels"][:2]
        assert facts_of(data).get("preoperative.safety_screen") is None

    def test_consent_that_was_not_obtained_says_so(self):
        """Not obtained is recorded."""
        data = case()
        data["preoperative"]["consent"] = {"obtained": False}
        assert fact(data, "preoperative.consent").text("text") == "not obtained"

    def test_examinations_list_their_findings(self):
        """A finding keeps side, site and grade."""
        data = case()
        finding = {"domain": "motor", "side": "left", "site": "TA", "finding": "weak", "grade_0_5": 4.0}
        data["preoperative"]["examination"]["findings"] = [finding]
        found = facts_of(data).of_kind("preoperative.examination.finding")[0]
        assert (found.side, found.text("grade_0_5")) == ("left", "4/5")

    @pytest.mark.parametrize(
        ("grade", "text"), [(3.7, "4\u2212/5"), (4.3, "4+/5"), (4.5, "4.5/5"), (0.0, "0/5"), (5.0, "5/5")]
    )
    def test_a_motor_grade_is_printed_as_it_is_written(self, grade, text):
        """A little less than 4 is 4 minus; halfway between two stays a number."""
        data = case()
        finding = {"domain": "motor", "side": "left", "finding": "weak", "grade_0_5": grade}
        data["preoperative"]["examination"]["findings"] = [finding]
        assert facts_of(data).of_kind("preoperative.examination.finding")[0].text("grade_0_5") == text


class TestOrderAndPlace:
    def test_a_requested_modality_that_is_not_listed_is_a_fact(self):
        """What was asked for and is not there."""
        data = case()
        data["order"]["modalities"].append("baep")
        assert fact(data, "modality.baep").status == "requested_not_listed"

    def test_a_modality_that_is_requested_twice_is_one_request(self):
        """An order that names a modality again says no more than before."""
        data = case()
        data["order"]["modalities"] += ["baep", "baep"]
        assert [row.id for row in facts_of(data).of_kind("modality") if row.modality == "baep"] == ["modality.baep"]

    def test_requested_is_yes_no_or_not_recorded(self):
        """Without an order nobody knows."""
        data = case()
        data["order"]["modalities"] = ["tcmep"]
        found = [fact(row, "modality.ssep_lower").text("requested") for row in (case(), data, case(order=None))]
        assert found == ["yes", "no", "not recorded"]

    @pytest.mark.parametrize(
        ("field", "value", "fact_id"),
        [
            ("outcome", "aborted", "surgery.outcome"),
            ("circulatory_arrest", True, "surgery.circulatory_arrest"),
            ("postoperative_diagnosis", "same", "surgery.postoperative_diagnosis"),
            ("operative_note_mentions_monitoring", False, "surgery.operative_note"),
            ("cpt", ["22551"], "surgery.cpt"),
        ],
    )
    def test_particulars_of_surgery_are_facts_where_recorded(self, field, value, fact_id):
        """And only there."""
        data = case()
        assert facts_of(data).get(fact_id) is None
        data["surgery"][field] = value
        assert fact(data, fact_id).status != "not_recorded"

    def test_missing_reasons_say_so(self):
        """No diagnosis, no order, no place of service, no level."""
        data = case(diagnoses=[], order=None)
        data["surgery"]["levels"] = []
        data["encounter"].pop("place_of_service")
        facts = facts_of(data)
        missing = {facts.by_id[name].status for name in ("diagnosis", "order", "encounter.place_of_service")}
        assert (missing, facts.get("surgery.levels")) == ({"not_recorded"}, None)

    def test_amendments_and_payers_are_facts(self):
        """What version this is, and who pays."""
        data = case(report={"version": 2, "amends_report_id": "R1", "amendment_reason": "late value"})
        data["encounter"] |= {"payer": {"payer_class": "unknown"}, "authorization": {"required": False}}
        facts = facts_of(data)
        assert facts.by_id["case.amends"].text("reason") == "late value"
        assert not facts.by_id["encounter.payer"].must_state


class TestPeople:
    def test_credentials_carry_their_validity(self):
        """From, to, or both."""
        data = case()
        data["people"][2]["credentials"] = [
            {"code": "cnim", "valid_from": "2020-01-01"},
            {"code": "cnim", "valid_from": "2020-01-01", "valid_to": "2030-01-01"},
            {"code": "state_medical_license", "state": "TX"},
        ]
        words = fact(data, "person.tech1").text("credentials")
        assert words.count("2020-01-01") == 2
        assert "(valid from 2020-01-01)" in words
        assert "TX" in words

    def test_the_places_in_the_team_that_nobody_fills_are_named(self):
        """A team without anesthesia provider says so."""
        data = case()
        del data["people"][1]
        found = fact(data, "people.missing")
        assert (found.status, found.text("roles")) == ("not_recorded", "anesthesia")
        assert facts_of(case()).get("people.missing") is None


class TestClosing:
    @pytest.mark.parametrize(
        ("check", "status", "text"),
        [
            (None, "not_recorded", "not recorded"),
            ({"checked": False}, "not_checked", "not checked"),
            ({"checked": True}, "none_observed", "none observed"),
            ({"checked": True, "observed": ["bite"]}, "observed", None),
        ],
    )
    def test_none_observed_is_not_not_checked(self, check, status, text):
        """Four states of one field."""
        found = fact(case(adverse_effects=check), "adverse_effects")
        assert found.status == status
        assert text is None or found.text("text") == text

    def test_limitations_confounders_problems_and_messages_are_facts(self):
        """Each entry is one."""
        data = case(
            limitations={"not_monitored": [{"structure": "C5 root", "reason": "x"}], "confounders": ["cooling"]},
            technical_problems=[{"problem": "noise", "modality": "tcmep"}, {"problem": "hum"}],
            log_signature={"by": "tech1", "at": at("12:30")},
        )
        data["communication"]["messages"] = [{"from_role": "technologist", "to_role": "surgeon", "kind": "status"}]
        data["opinion"] |= {"clinical_correlation": "correlate", "outcome_class": "no_change"}
        facts = facts_of(data)
        kinds = ("limitations.not_monitored", "limitations.confounder", "problem", "message", "log.signature")
        assert [len(facts.of_kind(kind)) for kind in kinds] == [1, 1, 2, 1, 1]
        assert {"opinion.correlation", "opinion.outcome_class"} <= set(facts.by_id)
        assert facts.by_id["limitations.review"].status == "not_recorded"

    @pytest.mark.parametrize("opinion", [None, {"by": "prof1"}])
    def test_without_impression_it_is_pending(self, opinion):
        """Nobody but a person writes it."""
        assert fact(case(opinion=opinion), "opinion.impression").status == "not_recorded"

    def test_absent_records_say_so(self):
        """Communication, equipment, examination."""
        facts = facts_of(case(communication=None, postoperative_examination=None))
        names = ("communication.channel", "equipment", "postoperative.examination")
        assert {facts.by_id[name].status for name in names} == {"not_recorded"}

    def test_the_end_of_monitoring_is_a_fact(self):
        """Relation to closure and reason."""
        end = {"relation": "before_closure", "reason": "surgeon's request"}
        assert fact(case(monitoring_end=end), "monitoring.end").text("text") == "before closure"

    def test_equipment_is_a_fact(self):
        """Device by device."""
        (found,) = facts_of(case(equipment=[{"make_model": "M1"}])).of_kind("equipment")
        assert found.text("text") == "M1"

    def test_anesthesia_particulars_are_facts(self):
        """Ranges of doses, age adjustment, fluids."""
        data = case()
        data["anesthesia"] |= {"fluids_note": "1 L", "start_at": None, "end_at": None}
        data["anesthesia"]["agents"] = [
            {
                "agent": "sevoflurane",
                "kind": "inhaled",
                "dose": 0.3,
                "dose_to": 0.5,
                "unit": "mac",
                "age_adjusted": True,
            },
            {"agent": "propofol", "kind": "bolus"},
        ]
        facts = facts_of(data)
        assert facts.by_id["agent.sevoflurane.inhaled"].text("dose").startswith("0.3\u20130.5")
        assert facts.by_id["agent.propofol.bolus"].text("dose") == ""
        assert facts.by_id["anesthesia.fluids"].text("text") == "1 L"
        assert facts.get("anesthesia.time") is None


class TestModel:
    def test_an_id_derived_twice_is_refused(self):
        """Tracing needs one fact for one id."""
        row = Fact("a", "a", "a", "")
        with pytest.raises(ValueError, match="fact id 'a' derived twice"):
            Facts((row, row))

    def test_look_ups(self):
        """By id, kind and group; what is not there gives nothing."""
        facts = facts_of(case())
        assert facts.of_kind("case.id") == (facts.get("case.id"),)
        assert facts.get("nothing") is None
        assert facts.of_kind("nothing") == facts.in_group("nothing") == ()
        assert len(facts.in_group("minutes")) == len([row for row in facts if row.group == "minutes"])

    def test_a_value_that_is_not_there_gives_the_default(self):
        """No text, no number, no instant."""
        row = Fact("a", "a", "a", "")
        assert (row.text("x", "d"), row.number("x"), row.instant("x")) == ("d", None, None)

    def test_a_name_without_degree_and_a_missing_reference(self):
        """A person is named with the degree where there is one."""
        data = case()
        data["people"][3]["degree"] = "MD"
        texts = [fact(data, name).text("name") for name in ("person.prof1", "person.tech1")]
        assert texts == ["Person Prof1, MD", "Person Tech1"]


class TestLinkedCases:
    def test_are_told_with_what_is_known_of_them(self):
        """Relation, operation, date, monitored or not; the case id of another operation is in no fact id."""
        linked = {"relation": "earlier_operation", "procedure": "T4 biopsy", "case_id": "case-7", "monitored": False}
        facts = facts_of(case(linked_cases=[linked, {"relation": "later_operation", "on": "2026-03-01"}]))
        first, second = facts.of_kind("linked_case")
        assert [first.text(name) for name in ("relation", "procedure", "case_id", "monitored")] == [
            "earlier operation",
            "T4 biopsy",
            "case-7",
            "no",
        ]
        assert (second.text("relation"), second.text("on")) == ("later operation", "2026-03-01")
        assert "case-7" not in first.id

    def test_are_on_the_page(self):
        """In one sentence each."""
        linked = {"relation": "earlier_operation", "procedure": "T4 biopsy", "case_id": "case-7", "monitored": False}
        draft = checked(case(linked_cases=[linked])).draft
        said = [text for _, text, _ in statements(draft)]
        assert "Earlier operation: T4 biopsy, case case-7, not monitored." in said
