"""Proposed lines: the service by place and other cases, units, who reports, modifiers, codes and diagnoses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.claim.lines.propose import propose
from report_gen.claim.lines.studies import supported
from report_gen.claim.minutes.count import count_minutes
from report_gen.claim.model import Line
from report_gen.claim.practice.profile import CodeLicence, Profile, profile_from
from report_gen.rules.concepts import concepts
from tests.cases.story import at, recorded
from tests.selection import examples

PARTS = ("/communication/messages/2/event", "/criteria", "/events", "/channels")
ALONE = {"/modalities": [{"modality": "tcd", "performed": True}]}
"""Nothing that makes a base study."""
SECOND = {"id": "pro2", "role": "interpreting_professional", "name": "Relay, Rita", "npi": "0000000014"}
COMMERCIAL = {"/encounter/payer/payer_class": "commercial"}
HOURLY = {"payers": [{"id": "invented_plan", "payer_class": "commercial", "remote": "mon.remote_multi"}]}


def session(mode: str, start: str, end: str, other: int | None = 0, person: str = "pro1") -> dict[str, Any]:
    """A row of the professional's log. Monitoring of the base case runs from 08:52 to 11:40."""
    row: dict[str, Any] = {"person": person, "mode": mode, "start_at": at(start), "end_at": at(end)}
    return row if other is None else {**row, "other_open_cases": other}


def elsewhere(start: str, end: str) -> dict[str, Any]:
    """A row of the log of other cases."""
    return {"person": "pro1", "case_pseudonym": "X1", "mode": "remote", "start_at": at(start), "end_at": at(end)}


def lines(
    *sessions: dict[str, Any],
    edits: Mapping[str, Any] | None = None,
    removed: Sequence[str] = (),
    profile: Profile | None = None,
) -> tuple[Line, ...]:
    """Lines of the base case with another log, edits, and a profile."""
    chosen = profile or profile_from({})
    log = {"/professional_sessions": list(sessions)} if sessions else {}
    record = recorded(edits={**log, **(edits or {})}, removed=removed)
    return propose(record, count_minutes(record), supported(record), chosen.policy_for(record), chosen)


def time(*sessions: dict[str, Any], **options: Any) -> list[tuple[str, float | None, int]]:
    """Concept, minutes and units of the monitoring lines."""
    return [
        (row.concept, row.minutes, row.units) for row in lines(*sessions, **options) if row.concept.startswith("mon.")
    ]


class TestTheBaseCase:
    def test_has_monitoring_first_then_studies_in_the_order_of_a_claim(self):
        """Numbered without a gap."""
        rows = lines()
        assert [row.id for row in rows] == ["L1", "L2", "L3", "L4"]
        assert [row.concept for row in rows] == ["mon.remote_exclusive", "sep.both", "mep.both", "emg.limited"]

    def test_carries_what_a_line_needs(self):
        """Professional, date, diagnoses, units and the facts behind it."""
        monitoring, study, *_ = lines()
        assert (monitoring.minutes, monitoring.units, monitoring.rounding) == (168.0, 11, "completed")
        assert (study.minutes, study.units, study.rounding) == (None, 1, "")
        for row in (monitoring, study):
            assert (row.person, row.npi, row.date_of_service) == ("person.pro1", "0000000011", date(2026, 9, 15))
            assert row.diagnoses == ("diagnosis.M47:12", "diagnosis.M48:02")
            assert row.label == concepts()[row.concept].label
        assert monitoring.facts[0].startswith("session.")
        assert {"modality.ssep_upper", "modality.ssep_lower"} < set(study.facts)


class TestMonitoring:
    def test_in_the_room_and_elsewhere_are_two_lines_for_medicare(self):
        """68 min by the midpoint are 5 units, 100 min completed are 6."""
        mixed = session("in_room", "08:04", "10:00"), session("remote", "10:00", "11:42")
        assert time(*mixed) == [("mon.in_room", 68.0, 5), ("mon.remote_exclusive", 100.0, 6)]

    def test_in_the_room_and_elsewhere_are_two_lines_for_a_plan_that_takes_hours(self):
        """And 100 min are 2 hours by the midpoint."""
        mixed = session("in_room", "08:04", "10:00"), session("remote", "10:00", "11:42")
        found = time(*mixed, edits=COMMERCIAL, profile=profile_from(HOURLY))
        assert found == [("mon.in_room", 68.0, 5), ("mon.remote_multi", 100.0, 2)]

    def test_the_room_comes_first_whatever_came_first(self):
        """The order is that of a claim."""
        mixed = session("remote", "08:04", "10:00"), session("in_room", "10:00", "11:42")
        assert [row[0] for row in time(*mixed)] == ["mon.in_room", "mon.remote_exclusive"]

    def test_another_place_in_the_building_is_elsewhere(self):
        """Only the operating room is the room."""
        assert [row[0] for row in time(session("in_facility", "08:04", "11:42"))] == ["mon.remote_exclusive"]

    def test_another_case_watched_from_the_room_goes_under_several_cases(self):
        """40 of 168 min; Medicare has no service for them."""
        edits = {"/other_case_sessions": [elsewhere("09:00", "09:40")]}
        here = session("in_room", "08:04", "11:42")
        hourly = time(here, edits={**edits, **COMMERCIAL}, profile=profile_from(HOURLY))
        assert hourly == [("mon.in_room", 128.0, 9), ("mon.remote_multi", 40.0, 1)]
        assert time(here, edits=edits) == [("mon.in_room", 128.0, 9)]

    def test_time_in_the_room_dealt_out_goes_under_several_cases(self):
        """Where the payer takes that service."""
        here = session("in_room", "09:00", "09:50", 1)
        edits = {**COMMERCIAL, "/other_case_sessions": [elsewhere("09:50", "10:00")]}
        assert time(here, edits=edits, profile=profile_from(HOURLY)) == [("mon.remote_multi", 50.0, 1)]

    def test_shared_minutes_in_the_room_and_elsewhere_are_one_hourly_line(self):
        """One line for a professional and a service."""
        edits = {"/other_case_sessions": [elsewhere("08:00", "12:00")], **COMMERCIAL}
        mixed = session("in_room", "08:04", "10:00"), session("remote", "10:00", "11:42")
        assert time(*mixed, edits=edits, profile=profile_from(HOURLY)) == [("mon.remote_multi", 168.0, 3)]

    def test_a_line_that_comes_to_no_unit_stays(self):
        """All time shared: the findings say why there is nothing to report."""
        edits = {"/other_case_sessions": [elsewhere("08:00", "12:00")]}
        assert time(edits=edits) == [("mon.remote_exclusive", 0.0, 0)]
        assert time(session("in_room", "08:04", "11:42"), edits=edits) == [("mon.in_room", 0.0, 0)]

    def test_without_a_counted_minute_there_is_no_line(self):
        """A log that ended before monitoring began, or none."""
        assert time(session("remote", "08:04", "08:30")) == []
        assert time(removed=["/professional_sessions/0"]) == []

    def test_minutes_of_which_nobody_knows_earn_no_exclusive_unit(self):
        """The hourly service does not ask for one patient alone."""
        unknown = session("remote", "08:04", "11:42", None)
        assert time(unknown, removed=["/other_case_sessions"]) == [("mon.remote_exclusive", 0.0, 0)]
        inside = session("in_room", "08:04", "11:42", None)
        assert time(inside, removed=["/other_case_sessions"]) == [("mon.in_room", 0.0, 0)]
        hourly = time(unknown, removed=["/other_case_sessions"], edits=COMMERCIAL, profile=profile_from(HOURLY))
        assert hourly == [("mon.remote_multi", 168.0, 3)]

    @pytest.mark.parametrize(
        ("mode", "allot", "expected"),
        [
            ("remote", False, ("mon.remote_exclusive", 0.0, 0)),
            ("remote", True, ("mon.remote_exclusive", 45.0, 3)),
            ("in_room", False, ("mon.in_room", 0.0, 0)),
            ("in_room", True, ("mon.in_room", 0.0, 0)),
        ],
    )
    def test_time_dealt_out_counts_only_remotely_and_if_the_practice_says_so(self, mode, allot, expected):
        """The session counts another case, and the list of other cases has it in the rest of the hour."""
        edits = {"/other_case_sessions": [{**elsewhere("09:45", "10:00"), "payer_class": "medicare_ffs"}]}
        here = session(mode, "09:00", "09:45", 1)
        assert time(here, edits=edits, profile=profile_from({"allot": allot})) == [expected]

    @pytest.mark.parametrize("payer_class", ["commercial", "medicare_advantage", "unknown", None])
    def test_time_dealt_out_with_a_patient_of_another_payer_never_counts(self, payer_class):
        """Whatever the practice decided: the answer is about Medicare's own patients."""
        other = elsewhere("09:45", "10:00") | ({"payer_class": payer_class} if payer_class else {})
        here = session("remote", "09:00", "09:45", 1)
        found = time(here, edits={"/other_case_sessions": [other]}, profile=profile_from({"allot": True}))
        assert found == [("mon.remote_exclusive", 0.0, 0)]

    def test_time_dealt_out_for_another_payer_never_counts(self):
        """A plan that takes the Medicare service takes no answer of Medicare with it."""
        plan = {"id": "plan", "payer_class": "medicare_advantage", "remote": "mon.remote_exclusive"}
        edits = {
            "/encounter/payer/payer_class": "medicare_advantage",
            "/other_case_sessions": [{**elsewhere("09:45", "10:00"), "payer_class": "medicare_ffs"}],
        }
        profile = profile_from({"allot": True, "payers": [plan]})
        found = time(session("remote", "09:00", "09:45", 1), edits=edits, profile=profile)
        assert found == [("mon.remote_exclusive", 0.0, 0)]

    @pytest.mark.parametrize("allot", [False, True])
    def test_a_count_that_no_list_bears_out_is_dealt_out_to_nobody(self, allot):
        """The session counts another case, the list says that there was none: nobody knows."""
        found = time(session("remote", "08:04", "11:42", 1), profile=profile_from({"allot": allot}))
        assert found == [("mon.remote_exclusive", 0.0, 0)]

    def test_a_service_that_the_payer_does_not_take_has_no_line(self):
        """Neither here nor there, each by itself."""
        plan = {"id": "invented_plan", "payer_class": "commercial"}
        mixed = session("in_room", "08:04", "10:00"), session("remote", "10:00", "11:42")
        no_remote = profile_from({"payers": [{**plan, "remote": "none"}]})
        assert [row[0] for row in time(*mixed, edits=COMMERCIAL, profile=no_remote)] == ["mon.in_room"]
        no_room = profile_from({"payers": [{**plan, "remote": "mon.remote_exclusive", "in_room": "none"}]})
        assert [row[0] for row in time(*mixed, edits=COMMERCIAL, profile=no_room)] == ["mon.remote_exclusive"]

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["in_room", "in_facility", "remote"]),
                st.integers(0, 22),
                st.integers(1, 22),
                st.sampled_from([None, 0, 1, 3]),
                st.sampled_from(["pro1", "pro2"]),
            ),
            min_size=1,
            max_size=5,
        ),
        st.booleans(),
        st.booleans(),
    )
    @settings(max_examples=examples(20, 60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_no_minute_of_a_professional_is_on_two_lines(self, rows, hourly, allot):
        """Whatever the log: minutes on lines never exceed the minutes counted, and no time line has a modifier."""
        log = [
            session(mode, *(f"{8 + tick // 6:02}:{tick % 6}0" for tick in (start, min(start + length, 23))), other, who)
            for mode, start, length, other, who in rows
        ]
        edits = {"/professional_sessions": log, "/people/-": SECOND, **(COMMERCIAL if hourly else {})}
        profile = profile_from({"allot": allot, **HOURLY})
        record = recorded(edits=edits, removed=["/other_case_sessions"] if len(rows) % 2 else ())
        counted = count_minutes(record)
        found = propose(record, counted, supported(record), profile.policy_for(record), profile)
        for person in ("person.pro1", "person.pro2"):
            most = sum(row.counted_min for row in counted.attention if row.person == person)
            assert sum(row.minutes or 0 for row in found if row.person == person) <= most + 1e-6
        monitoring = [row for row in found if row.concept.startswith("mon.")]
        assert not any(row.modifiers for row in monitoring)
        assert len({(row.person, row.concept) for row in monitoring}) == len(monitoring)


class TestWhoReports:
    HAND_OVER = (session("remote", "08:04", "10:00"), session("remote", "10:00", "11:42", person="pro2"))

    def test_each_professional_has_an_own_line_with_the_own_npi(self):
        """The studies are of the one who read the baselines."""
        rows = lines(*self.HAND_OVER, edits={"/people/-": SECOND})
        found = [(row.concept, row.npi, row.minutes) for row in rows[:2]]
        assert found == [("mon.remote_exclusive", "0000000011", 68.0), ("mon.remote_exclusive", "0000000014", 100.0)]
        assert {row.npi for row in rows[2:]} == {"0000000011"}

    def test_a_study_without_a_review_goes_to_who_read_all_others(self):
        """Free-run EMG has often none."""
        rows = lines(*self.HAND_OVER, edits={"/people/-": SECOND}, removed=["/modalities/3/baseline_review"])
        assert rows[-1].concept == "emg.limited"
        assert rows[-1].person == "person.pro1"

    def test_a_study_that_two_read_is_of_nobody_until_somebody_says(self):
        """The combined study, with its halves read by two professionals."""
        edits = {"/people/-": SECOND, "/modalities/1/baseline_review/by": "pro2"}
        rows = {row.concept: row for row in lines(*self.HAND_OVER, edits=edits)}
        assert (rows["sep.both"].person, rows["sep.both"].npi) == ("", "")
        assert rows["mep.both"].person == "person.pro1"

    def test_a_technologist_reads_no_study(self):
        """The only professional does; of two, neither."""
        edits = {f"/modalities/{index}/baseline_review/by": "tech1" for index in range(5)}
        assert {row.person for row in lines(edits=edits)} == {"person.pro1"}
        rows = lines(*self.HAND_OVER, edits={**edits, "/people/-": SECOND})
        assert {row.person for row in rows[2:]} == {""}

    def test_an_npi_that_is_not_recorded_stays_empty(self):
        """It is never made up."""
        rows = lines(removed=["/people/3/npi"])
        assert {(row.person, row.npi) for row in rows} == {("person.pro1", "")}


class TestModifiers:
    @pytest.mark.parametrize(("place", "expected"), [("21", ("26",)), ("24", ("26",)), ("11", ()), ("02", ())])
    def test_name_the_professional_component_in_a_facility(self, place, expected):
        """On studies that have components, and on no time line."""
        rows = lines(edits={"/encounter/place_of_service": place})
        assert {row.modifiers for row in rows if row.minutes is None} == {expected}
        assert {row.modifiers for row in rows if row.minutes is not None} == {()}

    def test_are_none_when_the_place_is_not_recorded(self):
        """The rule on components asks."""
        assert {row.modifiers for row in lines(removed=["/encounter/place_of_service"])} == {()}

    @pytest.mark.parametrize("code", ["baep", "bcr"])
    def test_are_none_on_a_study_without_components(self, code):
        """Auditory and unlisted studies."""
        (row,) = [
            row
            for row in lines(edits={"/modalities/-": {"modality": code, "performed": True}})
            if code in str(row.facts)
        ]
        assert row.modifiers == ()


class TestCodes:
    def test_are_public_ones_alone_without_a_map(self):
        """One of the services of the base case has a public code."""
        assert [row.code for row in lines()] == ["G0453", "", "", ""]

    def test_come_from_the_map_of_the_practice(self):
        """What it lacks stays empty."""
        licence = CodeLicence(confirmed_by="Billing", confirmed_on=date(2026, 1, 1))
        own = {"sep.both": "0001Z", "mep.both": "0002Z"}
        shipped = profile_from({})
        profile = shipped.model_copy(update={"codes": {**shipped.codes, **own}, "code_licence": licence})
        assert [row.code for row in lines(profile=profile)] == ["G0453", "0001Z", "0002Z", ""]


class TestDiagnoses:
    def test_are_four_coded_ones_at_most_in_the_order_recorded(self):
        """One without a code cannot be pointed to."""
        coded = ["M47.12", None, "M48.02", "M50.00", "M43.12", "G95.9"]
        rows = [
            {"text": f"Invented {index}", **({"icd10cm": code} if code else {})} for index, code in enumerate(coded)
        ]
        for row in lines(edits={"/diagnoses": rows}):
            assert row.diagnoses == ("diagnosis.M47:12", "diagnosis.M48:02", "diagnosis.M50:00", "diagnosis.M43:12")


class TestNothingToReport:
    def test_gives_no_line(self):
        """No log and no study."""
        assert lines(edits=ALONE, removed=[*PARTS, "/professional_sessions/0"]) == ()
