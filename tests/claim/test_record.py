"""What billing reads of the facts: typed values, and absence that stays absence."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone

import pytest

from report_gen.case.contract.model import Case
from report_gen.claim.record import ClaimRecord, read_record
from report_gen.errors import CaseInvalidError
from report_gen.facts import derive
from report_gen.life import ReportLife
from tests.cases.maximal import maximal
from tests.cases.story import BASE, recorded

ZONE = timezone(timedelta(hours=-7))


def record(edits=None, removed=(), name: str = BASE) -> ClaimRecord:
    """The record of a story with edits."""
    return recorded(name, edits, removed)


@pytest.fixture(scope="module")
def base() -> ClaimRecord:
    """The record of the base story."""
    return record()


class TestOfTheBaseStory:
    def test_the_encounter(self, base):
        """Identifiers as recorded."""
        assert (base.case_id, base.date_of_service) == ("CLAIM-REMOTE-MEDICARE", date(2026, 9, 15))
        assert (base.place_of_service, base.facility_npi) == ("21", "0000000100")
        assert base.life.attachment_control_number == "TEST-ACN-0117"
        assert (base.family, base.surgery_side) == ("cervical_posterior", "midline")

    def test_the_payer(self, base):
        """Class, plan, id and networks; no member number is read at all."""
        assert base.payer is not None
        assert (base.payer.payer_class, base.payer.name) == ("medicare_ffs", "Example Medicare")
        assert base.payer.payer_id == "TEST-PAYER-01"
        assert (base.payer.facility_in_network, base.payer.professional_in_network) == (True, True)
        assert not hasattr(base.payer, "member_id")
        assert base.authorization is None

    def test_the_order(self, base):
        """Who, when and what."""
        assert base.ordered
        assert base.ordered_by == "person.surg1"
        assert base.ordered_at == datetime(2026, 9, 9, 9, 0, tzinfo=ZONE)
        assert base.ordered_modalities == ("ssep_upper", "ssep_lower", "tcmep", "emg_free_run", "tof")

    def test_the_professional(self, base):
        """Place, state and credentials with their dates."""
        (reader,) = base.with_role("interpreting_professional")
        assert base.member(reader.fact) is reader
        assert base.readers == (reader.fact,) == ("person.pro1",)
        assert (reader.npi, reader.work_state, reader.work_country) == ("0000000011", "CA", "US")
        licence = next(row for row in reader.credentials if row.code == "state_medical_license")
        assert (licence.state, licence.valid_from, licence.valid_to) == ("CA", date(2025, 1, 1), date(2027, 12, 31))
        degree = next(row for row in reader.credentials if row.code == "md")
        assert (degree.state, degree.valid_from, degree.valid_to) == ("", None, None)

    def test_session_stretches_and_times(self, base):
        """One remote session, five stretches in order, and the report's own times."""
        (session,) = base.sessions
        assert (session.person, session.mode, session.other_open_cases) == ("person.pro1", "remote", 0)
        assert session.span.length == timedelta(hours=3, minutes=38)
        assert [row.kind for row in base.stretches] == ["setup", "baseline", "baseline", "monitoring", "removal"]
        incision = base.milestone("incision")
        assert incision is not None
        assert incision.instant("at") == datetime(2026, 9, 15, 9, 0, tzinfo=ZONE)
        assert base.milestone("flip") is None
        (signature,) = base.life.signatures
        assert base.signer(signature) is base.member("person.pro1")
        assert base.life.drafted_at == datetime(2026, 9, 15, 12, 6, tzinfo=ZONE)

    def test_modalities_and_responses(self, base):
        """What was performed, who read its baseline, and which limb a muscle is of."""
        assert {row.code for row in base.performed} >= {"ssep_upper", "ssep_lower", "tcmep", "emg_free_run"}
        reviewed = [row for row in base.modalities if row.reviewed_by]
        assert reviewed
        assert all(row.reviewed_by == "person.pro1" and row.reviewed_at for row in reviewed)
        limbs = {row.limb for row in base.responses if row.modality == "tcmep"}
        assert limbs >= {"upper", "lower"}

    def test_every_fact_named_exists(self, base):
        """Rules cite by these ids."""
        rows = (*base.sessions, *base.stretches, *base.members, *base.modalities, *base.responses, *base.diagnoses)
        assert [row.fact for row in rows if row.fact not in base.facts.by_id] == []


class TestAbsence:
    def test_other_cases_not_recorded_is_not_none(self):
        """Nothing said differs from said that there were none."""
        assert record().other_sessions == ()
        assert record(removed=["/other_case_sessions"]).other_sessions is None

    def test_a_count_of_other_cases_that_is_missing_is_not_zero(self):
        """The log's silence is no exclusivity."""
        (session,) = record(removed=["/professional_sessions/0/other_open_cases"]).sessions
        assert session.other_open_cases is None

    def test_another_case_is_read_with_its_person(self):
        """By pseudonym, with its span."""
        other = {
            "person": "pro1",
            "case_pseudonym": "X-1",
            "mode": "remote",
            "start_at": "2026-09-15T09:00:00-07:00",
            "end_at": "2026-09-15T09:30:00-07:00",
        }
        found = record({"/other_case_sessions/-": other}).other_sessions
        assert found is not None
        assert [(row.person, row.span.length) for row in found] == [("person.pro1", timedelta(minutes=30))]
        assert [row.payer_class for row in found] == ["unknown"]
        paid = record({"/other_case_sessions/-": {**other, "payer_class": "medicare_ffs"}}).other_sessions
        assert paid is not None
        assert [row.payer_class for row in paid] == ["medicare_ffs"]

    @pytest.mark.parametrize(
        ("pointer", "name", "value"),
        [
            ("/encounter/payer", "payer", None),
            ("/encounter/place_of_service", "place_of_service", ""),
            ("/encounter/facility_npi", "facility_npi", ""),
            ("/order", "ordered", False),
            ("/order", "ordered_by", ""),
            ("/order/ordered_by", "ordered_by", ""),
            ("/order", "ordered_modalities", ()),
            ("/order/ordered_at", "ordered_at", None),
            ("/diagnoses", "diagnoses", ()),
            ("/professional_sessions", "sessions", ()),
            ("/intervals", "stretches", ()),
        ],
    )
    def test_what_is_left_out_is_empty(self, pointer, name, value):
        """Never a default that looks like an answer."""
        assert getattr(record(removed=[pointer]), name) == value

    @pytest.mark.parametrize("name", ["facility_in_network", "professional_in_network"])
    @pytest.mark.parametrize("value", [True, False, None])
    def test_a_network_is_yes_no_or_not_recorded(self, name, value):
        """Three answers stay three."""
        place = f"/encounter/payer/{name}"
        found = record(removed=[place]) if value is None else record({place: value})
        assert found.payer is not None
        assert getattr(found.payer, name) is value

    def test_baselines_that_nobody_read(self):
        """No review recorded, no reader and no time."""
        found = record(removed=["/modalities/0/baseline_review"]).modalities[0]
        assert (found.reviewed_by, found.reviewed_at) == ("", None)

    def test_a_reading_by_nobody_named_is_a_reading(self):
        """Who read them is left empty, and that they were read stands."""
        found = record(removed=["/modalities/0/baseline_review/by"]).modalities[0]
        assert (found.reviewed, found.reviewed_by) == (True, "")
        assert found.reviewed_at is not None

    def test_a_reading_without_a_time_keeps_its_reader(self):
        """Who and when are recorded apart."""
        found = record(removed=["/modalities/0/baseline_review/at"]).modalities[0]
        assert found.reviewed_by == "person.pro1"
        assert found.reviewed_at is None

    def test_a_person_that_nobody_is(self):
        """No member, no error."""
        assert record().member("person.nobody") is None


class TestOfTheMaximalCase:
    def test_every_part_is_there(self):
        """With every field of the contract filled, nothing that billing reads is empty."""
        case = Case.model_validate_json(json.dumps(maximal()))
        found = read_record(derive(case), ReportLife.stated(case))
        empty = [name for name in ClaimRecord.__slots__ if getattr(found, name) in (None, "", ())]
        assert empty == []
        assert found.authorization is not None
        assert (found.authorization.required, found.authorization.codes) == (True, ("G0037",))
        assert found.authorization.valid_from is not None
        assert found.authorization.valid_to is not None


class TestWithoutDayOrZone:
    @pytest.mark.parametrize("missing", [["date_of_service"], ["time_zone"], ["date_of_service", "time_zone"]])
    def test_nothing_can_be_counted_and_it_is_said_where(self, missing):
        """A report is made of such a case; a claim counts days and clock hours."""
        with pytest.raises(CaseInvalidError, match=r"case\.missing_field") as caught:
            record(removed=[f"/encounter/{name}" for name in missing])
        assert [problem.pointer for problem in caught.value.problems] == [f"/encounter/{name}" for name in missing]
