"""`not_recorded` passes no gate that an omission would not pass; what was not monitored is not asked about."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.cases.parts import at, measurement
from tests.cases.quiet import case, changed, channel_of, with_alert
from tests.cases.reports import checked, codes, findings
from tests.checks.test_required import drop, every_channel, no_phase, person


def explicit(row):
    """The closing reading of a channel as the record's own `not_recorded`."""
    no_phase("closing")(row)
    row["measurements"].append(measurement("closing", None, {"state": "not_recorded"}))


class TestExplicit:
    def test_a_closing_that_says_so_is_missing(self):
        """The same finding, at the same gate."""
        omitted = changed(every_channel("tcmep", no_phase("closing")))
        stated = changed(every_channel("tcmep", explicit))
        assert codes(omitted) == codes(stated) == ["required.closing"]
        assert [checked(data).blocked("draft") for data in (omitted, stated)] == [True, True]

    def test_one_channel_of_several_too(self):
        """It is named."""
        data = case()
        explicit(channel_of(data, "mep-l"))
        found = findings(data, "required.channel_closing")
        assert [row.message for row in found] == ["No closing reading of the left abductor hallucis TcMEP is recorded."]

    def test_a_baseline_that_says_so_is_missing(self):
        """Nothing can be followed against it."""
        data = case()
        for name in ("mep-l", "mep-r"):
            channel_of(data, name)["measurements"][0]["reading"] = {"state": "not_recorded"}
        assert "required.baseline" in codes(data)

    def test_somebody_unnamed_was_told(self):
        """Neither the surgeon nor the anesthesia team is known to be."""
        row = {"at": at("10:02"), "to": "not_recorded", "acknowledged": "not_recorded"}
        data = with_alert(notifications=[row])
        found = [(row.code, row.severity) for row in findings(data) if row.concern == "told"]
        assert ("required.notification", "block") in found
        assert ("required.acknowledgement", "warn") in found


class TestTheDraftGate:
    @pytest.mark.parametrize(
        "change",
        [
            person(2, role="nurse"),
            drop("patient", "mrn"),
            drop("patient", "name"),
            drop("encounter", "facility_name"),
            drop("encounter", "date_of_service"),
            drop("encounter", "time_zone"),
            drop("opinion"),
            lambda data: data.update(people=data["people"][3:], attendance=[], order=None, preoperative=None),
            lambda data: data["surgery"].update(side="not_recorded", levels=[]),
        ],
    )
    def test_asks_nothing_that_only_signing_needs(self, change):
        """Who, where, which number: asked before signing."""
        data = changed(change)
        data = {name: value for name, value in data.items() if value is not None}
        report = checked(data)
        assert not report.blocked("draft")
        assert report.blocked("sign") or "time_zone" not in data["encounter"]

    def test_asks_nobody_who_is_not_named(self):
        """A record without a technologist has nobody who could still read the machine."""
        data = changed(every_channel("tcmep", no_phase("closing")))
        assert checked(data).blocked("draft")
        person(2, role="nurse")(data)
        assert not checked(data).blocked("draft")
        assert checked(data).blocked("sign")

    def test_asks_for_no_value_where_none_was_entered(self):
        """A record in words has no closing value to be read."""
        data = case()
        for name in ("mep-l", "mep-r"):
            channel_of(data, name)["measurements"] = [measurement("baseline", None, {"state": "present"})]
        assert not checked(data).blocked("draft")


class TestNothingMonitored:
    def called_off(self):
        """An operation called off after induction: nothing performed, nothing recorded."""
        data = case(channels=[], intervals=[], criteria=[], indications=[], physiology=[], events=[])
        data["modalities"] = [
            {"modality": code, "performed": False, "not_performed_reason": "not_requested"}
            for code in ("ssep_lower", "tcmep")
        ]
        data["surgery"] |= {"outcome": "aborted", "outcome_reason": "arrhythmia after induction"}
        data["milestones"] = [data["milestones"][0]]
        data["professional_sessions"] = []
        data["people"][3].pop("work_location")
        del data["limitations"], data["communication"]
        return data

    def test_asks_for_no_times_of_what_was_not_done(self):
        """Neither monitoring nor incision, closure, attention, limitations or closings."""
        report = checked(self.called_off())
        assert not report.blocked("sign")
        gone = ("monitoring_times", "milestone", "professional_sessions", "limitations_review", "closing", "last_data")
        assert [row.code for row in report.findings if row.code.removeprefix("required.") in gone] == []

    def test_what_was_monitored_before_it_was_called_off_is_asked_about(self):
        """Readings were taken."""
        data = deepcopy(case(intervals=[]))
        data["surgery"] |= {"outcome": "aborted", "outcome_reason": "arrhythmia"}
        data["milestones"] = [data["milestones"][0]]
        assert "required.monitoring_times" in codes(data)
        assert "required.milestone" not in codes(data)


class TestWhatDoesNotExist:
    def test_no_review_of_baselines_that_are_not_recorded(self):
        """The baseline is asked for, its review is not."""
        data = changed(every_channel("tcmep", no_phase("baseline")))
        del data["modalities"][1]["baseline_review"]
        assert "required.baseline" in codes(data)
        assert "required.baseline_review" not in codes(data)

    @pytest.mark.parametrize("code", ["emg_triggered_screw", "cortical_mapping", "wake_up_test"])
    def test_no_baseline_of_single_tests(self, code):
        """A screw, a map and a wake-up have a result."""
        data = case()
        data["modalities"].append({"modality": code, "performed": True})
        assert not [row for row in codes(data) if row.startswith("required.baseline")]


class TestWhatIsAnswered:
    def test_an_age_is_enough(self):
        """No date of birth is asked for beside it."""
        data = changed(drop("patient", "date_of_birth"))
        assert "required.date_of_birth" in codes(data)
        data["patient"]["age_years"] = 67
        assert "required.date_of_birth" not in codes(data)
