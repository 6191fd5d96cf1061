"""What an attachment screen gets: numbers that stay the same, and ids from where they stand."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.claim.attachment import AttachmentFile, ClaimAttachment, attachment
from report_gen.claim.practice.profile import Profile, load_profile, profile_from
from tests.cases.practice import raw
from tests.cases.story import BASE, assessed, recorded
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
NUMBER = "/encounter/attachment_control_number"
REPORT = "T-1-v1-0123456789"
RECORD, FOUND, SHIPPED = recorded(removed=[NUMBER]), assessed(removed=[NUMBER]), load_profile()
"""Of a case without a control number."""


def attached(
    name: str = BASE,
    removed: tuple[str, ...] = (),
    profile: Profile | None = None,
    edits: dict[str, Any] | None = None,
    **more: Any,
) -> ClaimAttachment:
    """The attachment of a story."""
    chosen = profile or load_profile()
    found = assessed(name, edits, removed, profile=chosen)
    return attachment(recorded(name, edits, removed), found, chosen, more.get("report_id", REPORT), more.get("file"))


class TestControlNumber:
    def test_comes_from_the_record(self):
        """The number that the practice gave."""
        found = attached()
        assert (found.control_number, found.control_number_from) == ("TEST-ACN-0117", "record")

    def test_is_made_from_the_report_when_there_is_none(self):
        """And says so; the same report gives the same number, another report another."""
        first, again = attached(removed=(NUMBER,)), attached(removed=(NUMBER,))
        other = attached(removed=(NUMBER,), report_id="T-1-v2-0123456789")
        assert first.control_number_from == "report_gen"
        assert first.control_number == again.control_number != other.control_number

    @PROPERTY
    @given(name=st.text(min_size=1, max_size=80))
    def test_what_is_made_fits_the_field(self, name):
        """Between 2 and 50 characters, capital letters and digits alone, whatever the report is called."""
        found = attachment(RECORD, FOUND, SHIPPED, name, None).control_number
        assert re.fullmatch(r"[A-Z0-9]{2,50}", found)

    def test_what_is_made_is_the_same_on_every_machine(self):
        """A number that a claim already carries must come out again."""
        assert attached(removed=(NUMBER,)).control_number == "RG8D2AF83AA677AD93"


class TestIds:
    def test_of_those_who_render_bill_and_house(self):
        """From the lines, the profile and the encounter."""
        found = attached(profile=profile_from(raw()))
        assert found.rendering_npis == ("0000000011",)
        assert found.billing_npi == "0000000900"
        assert found.facility_npi == "0000000100"

    def test_not_recorded_stays_absent(self):
        """No identifier is made up."""
        found = attached(removed=("/people/3/npi", "/encounter/facility_npi"))
        assert (found.rendering_npis, found.billing_npi, found.facility_npi) == ((), None, None)

    def test_two_readers_are_both_named_once(self):
        """In the order of the lines."""
        found = attached("hand_over")
        assert len(found.rendering_npis) == len(set(found.rendering_npis)) == 2

    def test_the_payer_id_is_the_record_s_else_the_profile_s(self):
        """The record is nearer to the case; a shipped policy knows none."""
        row = {"id": "mine", "payer_class": "commercial", "remote": "mon.remote_multi", "payer_id": "PROFILE-1"}
        profile = profile_from(raw(payers=[row]))
        place = "/encounter/payer/payer_id"
        commercial = {"/encounter/payer/payer_class": "commercial"}
        assert attached(profile=profile, edits=commercial).payer_id == "TEST-PAYER-01"
        assert attached(removed=(place,), profile=profile, edits=commercial).payer_id == "PROFILE-1"
        assert attached(removed=(place,)).payer_id is None
        assert attached(removed=("/encounter/payer",)).payer_id is None


class TestSubmission:
    def test_what_the_record_has_of_the_claim(self):
        """Of the base case, which has no authorization."""
        found = attached().submission
        assert (found.place_of_service, found.authorization_number) == ("21", None)
        assert [row.icd10cm for row in found.diagnoses] == [row.icd10cm for row in RECORD.diagnoses]
        assert found.ordering_npi == RECORD.member(RECORD.ordered_by).npi

    def test_who_ordered_without_an_identifier(self):
        """Another person's identifier does not stand in for it."""
        who = next(i for i, row in enumerate(RECORD.members) if row.fact == RECORD.ordered_by)
        assert attached(removed=(f"/people/{who}/npi",)).submission.ordering_npi is None


class TestDatesAndStanding:
    @pytest.mark.parametrize("story", [BASE, "over_midnight"])
    def test_the_service_has_the_date_on_which_it_began(self, story):
        """A case past midnight too."""
        found = attached(story)
        day = recorded(story).date_of_service
        assert (found.date_of_service_from, found.date_of_service_to) == (day, day)
        assert isinstance(day, date)

    def test_an_unsigned_report_says_so(self):
        """Only a recorded signature counts."""
        assert attached().signed
        assert not attached(removed=("/report/signed_at", "/report/signed_by")).signed

    def test_case_report_and_type(self):
        """What ties the file to the claim."""
        found = attached()
        assert (found.case_id, found.report_id, found.report_type) == ("CLAIM-REMOTE-MEDICARE", REPORT, "DG")

    def test_the_file_is_carried_as_it_is(self):
        """None when there is none."""
        file = AttachmentFile("r.pdf", "application/pdf", "0" * 64, 12, None)
        assert attached().file is None
        assert attached(file=file).file is file
