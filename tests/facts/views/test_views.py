"""Events as chains and responses as courses: what belongs together stays together, with its time."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest

from tests.cases.parts import at, measurement, reading
from tests.cases.quiet import case, channel_of, with_alert
from tests.cases.reports import facts_of


def chain(data: dict):
    """The only event of a case."""
    (found,) = facts_of(data).events
    return found


def course(data: dict, modality: str = "tcmep"):
    """The left motor response of a case."""
    return next(
        row for row in facts_of(data).responses if (row.channel.modality, row.channel.side) == (modality, "left")
    )


class TestReadingsOfAnEvent:
    def test_carry_their_response_event_and_time(self):
        """The response that was lost has a time, and the time a response."""
        (found,) = chain(with_alert(readings=[{"channel": "mep-l", "reading": {"state": "absent"}}])).readings
        assert (found.fact.status, found.channel.side, found.channel.modality) == ("absent", "left", "tcmep")
        assert found.event is not None
        assert found.event.code("id") == "E1"
        assert found.at is not None
        assert found.at.isoformat() == at("10:00")

    @pytest.mark.parametrize(
        ("change", "clock"),
        [
            ({}, "10:00"),
            ({"onset_at": None, "noticed_at": at("10:04")}, "10:04"),
            ({"onset_at": None}, None),
            ({"readings": [{"channel": "mep-l", "reading": reading(60.0), "at": at("10:01")}]}, "10:01"),
        ],
    )
    def test_have_their_own_time_else_that_of_onset_or_notice(self, change, clock):
        """Nothing is guessed where neither is recorded."""
        data = with_alert(**change)
        data["events"][0] = {key: value for key, value in data["events"][0].items() if value is not None}
        (found,) = chain(data).readings
        assert (found.at.isoformat() if found.at else None) == (at(clock) if clock else None)

    def test_know_their_baseline_and_change(self):
        """And none where the response has no baseline."""
        data = with_alert()
        (found,) = chain(data).readings
        assert found.change is not None
        assert found.baseline is not None
        assert found.baseline.kind == "channel.baseline"
        assert found.change.inputs[1] == found.baseline.id
        bare = deepcopy(data)
        rows = channel_of(bare, "mep-l")["measurements"]
        channel_of(bare, "mep-l")["measurements"] = [row for row in rows if row["phase"] != "baseline"]
        (found,) = chain(bare).readings
        assert (found.change, found.baseline) == (None, None)

    def test_of_a_retest_have_its_time(self):
        """Unless they have one of their own; the last reading of each response is the latest of the chain."""
        row = {"at": at("10:20"), "readings": [{"channel": "mep-l", "reading": reading(200.0)}]}
        found = chain(with_alert(retests=[row]))
        ((late,),) = [retest.readings for retest in found.retests]
        assert late.at is not None
        assert late.at.isoformat() == at("10:20")
        assert found.last_readings == (late,)


class TestChains:
    def test_part_what_is_missing_from_what_is_recorded(self):
        """A fact that stands for what the record does not have is no act."""
        bare = chain(with_alert(notifications=[], interventions=[], retests=[]))
        assert bare.no_notification is not None
        assert bare.no_intervention is not None
        assert (bare.notifications, bare.interventions, bare.retests) == ((), (), ())
        full = chain(with_alert())
        assert (full.no_notification, full.no_intervention, full.no_retest) == (None, None, None)
        assert len(full.notifications) == 2

    def test_somebody_whose_role_is_not_recorded_was_told_all_the_same(self):
        """The notification is there; who was told is what is missing."""
        told = {"to": "not_recorded", "at": at("10:02"), "acknowledged": "not_recorded"}
        found = chain(with_alert(notifications=[told]))
        assert found.no_notification is None
        assert [row.fact.status for row in found.notifications] == ["role_not_recorded"]

    def test_a_notification_has_its_own_acknowledgement_and_delay(self):
        """However many there are."""
        rows = [
            {"to": role, "at": at(clock), "acknowledged": answer}
            for role, clock, answer in (
                ("surgeon", "10:02", "yes"),
                ("crna", "10:05", "no"),
                ("nurse", "10:09", "yes"),
            )
        ]
        found = chain(with_alert(notifications=rows)).notifications
        assert [row.fact.status for row in found] == ["surgeon", "crna", "nurse"]
        assert [row.acknowledgement.status for row in found] == ["yes", "no", "yes"]
        assert [row.delay.number("delay_min") for row in found if row.delay] == [2.0, 5.0, 9.0]

    def test_eleven_retests_keep_their_own_readings(self):
        """An id that begins like another's is another's."""
        rows = [
            {"at": at(f"10:{20 + n}"), "readings": [{"channel": "mep-l", "reading": reading(100.0 + n)}]}
            for n in range(11)
        ]
        found = chain(with_alert(retests=rows)).retests
        assert [row.fact.text("number") for row in found] == [str(n + 1) for n in range(11)]
        assert [[value.fact.number("amplitude_uv") for value in row.readings] for row in found] == [
            [100.0 + n] for n in range(11)
        ]


class TestCourses:
    def test_hold_the_readings_of_events_too(self):
        """Those of the course first, then those at events, then those at re-tests."""
        data = with_alert(retests=[{"at": at("10:20"), "readings": [{"channel": "mep-l", "reading": reading(200.0)}]}])
        kinds = [row.fact.kind for row in course(data).readings]
        assert kinds.count("event.reading") == kinds.count("event.retest.reading") == 1
        assert kinds[-2:] == ["event.reading", "event.retest.reading"]

    def test_close_with_the_last_closing_reading(self):
        """Of several; and one that is not recorded stands for itself."""
        data = case()
        channel_of(data, "mep-l")["measurements"] += [measurement("closing", "11:46", reading(150.0))]
        assert course(data).closing.fact.number("amplitude_uv") == 150.0
        rows = channel_of(data, "mep-l")["measurements"]
        channel_of(data, "mep-l")["measurements"] = [row for row in rows if row["phase"] != "closing"]
        assert course(data).closing.fact.status == "not_recorded"

    def test_are_made_once(self):
        """They are asked for often."""
        facts = facts_of(with_alert())
        assert facts.events is facts.events
        assert facts.responses is facts.responses


class TestModalities:
    def test_have_their_settings_reviews_and_extremes(self):
        """What belongs to one modality, and what the record does not have."""
        data = case()
        mep = next(row for row in data["modalities"] if row["modality"] == "tcmep")
        mep["baseline_resets"] = [{"at": at("10:00"), "reason": "new anesthetic"}]
        data["modalities"].append({"modality": "emg_triggered_screw", "performed": False})
        courses = {row.modality.modality: row for row in facts_of(data).modalities}
        found, screws = courses["tcmep"], courses["emg_triggered_screw"]
        assert [fact.kind for fact in found.baseline_resets] == ["modality.baseline_reset"]
        named = (found.recording, found.baseline_review, found.extreme)
        assert [fact and fact.kind.partition(".")[2] for fact in named] == ["recording", "baseline_review", "extreme"]
        assert {fact.modality for fact in (*found.stimulation, *found.impedances)} <= {"tcmep"}
        assert (screws.recording, screws.baseline_review, screws.extreme, screws.patterns) == (None,) * 4

    def test_have_their_stimulation_tests_with_what_they_were_held_against(self):
        """A result without a criterion has none."""
        test = {"kind": "screw", "side": "left", "outcome": "threshold", "threshold_ma": 9.0}
        data = case(threshold_tests=[{**test, "level": "L4"}, {**test, "level": "L5", "outcome": "not_recorded"}])
        data["threshold_tests"][1].pop("threshold_ma")
        data["modalities"].append({"modality": "emg_triggered_screw", "performed": True})
        condition = {"parameter": "threshold_at_most_ma", "threshold": 8.0}
        modalities = ["emg_triggered_screw"]
        data["criteria"].append({"id": "low", "modalities": modalities, "conditions": [condition], "reference": "x"})
        (found,) = [row for row in facts_of(data).modalities if row.tests]
        assert found.modality.modality == "emg_triggered_screw"
        assert [test.criterion and test.criterion.status for test in found.tests] == ["not_met", None]


class TestSessions:
    def test_know_who_attended_and_when(self):
        """In this case and in others."""
        times = {"person": "prof1", "start_at": at("09:00"), "end_at": at("10:00")}
        data = case(other_case_sessions=[{**times, "case_pseudonym": "x", "mode": "remote"}])
        (other,) = facts_of(data).other_sessions
        assert (other.professional, other.span.length) == ("person.prof1", timedelta(hours=1))
        assert {row.fact.kind for row in facts_of(data).sessions} == {"session"}
        assert {row.professional for row in facts_of(data).sessions} == {"person.prof1"}
