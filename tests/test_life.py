"""What became of a report: as the case file states it, and as whoever keeps it passes it to a claim."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta, timezone

import pytest

from report_gen import claim_support
from report_gen.case.contract.administration import STATED_LIFE
from report_gen.claim.assess import assess
from report_gen.claim.model import Assessment, RuleFinding
from report_gen.facts import derive
from report_gen.life import NOTHING_KNOWN, ReportLife, Signature
from tests.cases.reports import loaded
from tests.cases.story import data, edited

ZONE = timezone(timedelta(hours=-7))
DRAFTED, SIGNED = (datetime(2026, 9, 15, hour, minute, tzinfo=ZONE) for hour, minute in ((12, 6), (18, 20)))
SECOND = {"id": "pro2", "role": "interpreting_professional", "name": "Second, Sam", "npi": "0000000019"}
UNSTATED = tuple(f"/{part}/{name}" for part in STATED_LIFE for name in sorted(STATED_LIFE[part]))


def signature(by: str | None = "pro1", at: datetime | None = SIGNED, content: str | None = "0123-4567-89ab-cdef"):
    """A signature that this program took."""
    return Signature(at=at, by=by, content_id=content)


def kept(*signatures: Signature) -> ReportLife:
    """A life that somebody keeps beside the case."""
    return ReportLife(drafted_at=DRAFTED, signatures=signatures, attachment_control_number="TEST-ACN-9")


def found(life: ReportLife, second: bool = False) -> Assessment:
    """What the rules find of the base story, which states nothing of its report, with such a life beside it."""
    edits: dict = {"/report/status": "draft"}
    if second:
        log = {"person": "pro2", "mode": "remote", "other_open_cases": 0}
        log |= {"start_at": "2026-09-15T11:00:00-07:00", "end_at": "2026-09-15T11:30:00-07:00"}
        edits |= {"/people/-": SECOND, "/professional_sessions/-": log}
    return assess(derive(edited(edits=edits, removed=UNSTATED)), life=life)


def said(assessment: Assessment, rule: str) -> list[RuleFinding]:
    """What one rule says."""
    return [row for row in assessment.findings if row.code == rule]


class TestStated:
    def test_is_what_the_file_states(self):
        """A signature outside this program has no content id: nobody can say what exactly was signed."""
        life = ReportLife.stated(edited())
        assert [(row.by, row.content_id) for row in life.signatures] == [("pro1", None)]
        assert life.drafted_at == DRAFTED
        assert life.signed_at == life.first_signed_at == life.signatures[0].at
        assert life.attachment_control_number == "TEST-ACN-0117"
        assert life.from_record

    def test_each_part_alone(self):
        """Each field of the file that states a life changes it, and none makes up another."""
        whole = data()
        for part in STATED_LIFE:
            whole[part] = {key: value for key, value in whole[part].items() if key not in STATED_LIFE[part]}
        filled = {**data()["report"], **data()["encounter"]}
        empty = ReportLife.stated(loaded(whole))
        assert empty == ReportLife(from_record=True)
        alone = {}
        for part in STATED_LIFE:
            for name in STATED_LIFE[part]:
                one = deepcopy(whole)
                one[part][name] = filled.get(name, "2026-09-16T08:00:00-07:00")
                alone[name] = ReportLife.stated(loaded(one))
        assert len({*alone.values(), empty}) == 6
        assert [(row.at, row.by is None) for row in alone["signed_at"].signatures] == [(SIGNED, True)]
        assert [(row.at, row.by) for row in alone["signed_by"].signatures] == [(None, "pro1")]
        assert alone["signed_by"].signed_at is None

    def test_is_what_a_claim_takes_when_it_is_given_no_other(self):
        """Old files give what they always gave; a life that is passed goes before it."""
        assert claim_support(edited()).attachment.control_number == "TEST-ACN-0117"
        assert claim_support(edited(), life=kept()).attachment.control_number == "TEST-ACN-9"
        assert not claim_support(edited(), life=NOTHING_KNOWN).attachment.signed


class TestTimes:
    def test_of_an_unknown_zone_are_refused(self):
        """Where the value is made: a claim would count minutes from them."""
        unzoned = DRAFTED.replace(tzinfo=None)
        for name in ("drafted_at", "delivered_at"):
            with pytest.raises(ValueError, match="carries its UTC offset"):
                ReportLife(**{name: unzoned})
        with pytest.raises(ValueError, match="carries its UTC offset"):
            signature(at=unzoned)


class TestTheControlNumber:
    @pytest.mark.parametrize("number", ["", " ", "x" * 65, "one\ntwo"])
    def test_is_one_that_a_case_file_could_hold(self, number):
        """It goes to the payer; what the contract refuses is refused here too."""
        with pytest.raises(ValueError, match="one line of 1 to 64 characters"):
            ReportLife(attachment_control_number=number)


class TestSeveralSignatures:
    def test_the_report_is_signed_when_the_last_has(self):
        """And what must come before a signature must come before the first."""
        later = SIGNED + timedelta(hours=2)
        life = kept(signature(at=later), signature("pro2"))
        assert (life.first_signed_at, life.signed_at) == (SIGNED, later)

    def test_a_signature_without_its_time_leaves_open_when_the_report_was_signed(self):
        """The first time that is known is still the first that is known."""
        life = kept(signature(at=SIGNED), signature("pro2", at=None))
        assert (life.first_signed_at, life.signed_at) == (SIGNED, None)

    def test_a_signer_who_is_nobody_of_the_record_is_asked_about(self):
        """That is something else than a signer who is not stated."""
        (row,) = said(found(kept(signature("locum7"))), "signer_not_surgeon")
        assert (row.outcome, row.message) == (
            "confirm",
            "The report is signed by somebody who is not one of the people of the record.",
        )


class TestAClaimOnALifeThatIsKept:
    def test_a_signature_needs_no_word_of_the_file(self):
        """The status in the file is what the file states; a signature that was taken says more than that."""
        assessment = found(kept(signature()))
        for rule in ("signature", "signer_is_reader", "signed_after_interpretation", "report_lag", "attachment_ready"):
            assert [row.outcome for row in said(assessment, rule)] == ["pass"], rule
        assert (assessment.lag.drafted_at, assessment.lag.signed_at) == (DRAFTED, SIGNED)

    def test_its_findings_lead_to_no_place_in_the_file(self):
        """It does not stand there; one that the file states does."""
        (taken,) = said(found(kept(signature())), "signature")
        assert [(row.fact, row.pointer) for row in taken.evidence] == [("report.life", "")]
        (stated,) = said(assess(derive(edited()), life=ReportLife.stated(edited())), "signature")
        assert [(row.fact, row.pointer) for row in stated.evidence] == [("report.life", "/report")]

    def test_nothing_known_is_not_signed(self):
        """Never a default that looks like an answer."""
        assert [row.outcome for row in said(assess(derive(edited())), "signature")] == ["fail"]

    @pytest.mark.parametrize(
        ("signers", "outcome", "words"),
        [
            (("pro1", "pro2"), "pass", "Each professional of the log has signed."),
            (("pro2",), "confirm", "2 professionals are in the log and one signature is recorded."),
            (("pro1", "nobody"), "fail", "The signer is not a professional of the log."),
            (("pro1", "tech1"), "fail", "The signer is not a professional of the log."),
            ((None,), "not_applicable", "No signer is recorded."),
        ],
    )
    def test_each_professional_of_the_log_signs(self, signers, outcome, words):
        """A report with several named professionals is final when all have signed."""
        (row,) = said(found(kept(*(signature(by) for by in signers)), second=True), "signer_is_reader")
        assert (row.outcome, row.message) == (outcome, words)

    def test_each_signer_is_held_against_the_operating_team(self):
        """One who operated is found behind one who did not; one whom nobody names is asked for."""
        rows = said(found(kept(signature(), signature("surg1"), signature(None))), "signer_not_surgeon")
        assert sorted(row.outcome for row in rows) == ["confirm", "fail", "pass"]

    def test_an_early_signature_is_found_beside_a_late_one(self):
        """Before the end of monitoring nobody can sign what happened."""
        early = signature(at=datetime(2026, 9, 15, 10, 0, tzinfo=ZONE))
        (row,) = said(found(kept(signature(), early)), "signed_after_interpretation")
        assert row.outcome == "fail"
