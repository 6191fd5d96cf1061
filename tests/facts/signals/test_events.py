"""Events as chains: times, values, criterion, people, physiology, end."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, reading
from tests.cases.quiet import alert, case, channel_of, with_alert
from tests.cases.reports import facts_of


def event(**overrides):
    """An occurrence without a modality."""
    return {"id": "E1", "event_class": "occurrence", "side": "not_applicable", "direction": "none", **overrides}


class TestTimes:
    def test_time_from_onset_to_notice_to_telling(self):
        """Notice counts from onset, and so does telling."""
        facts = facts_of(with_alert(noticed_at=at("10:01")))
        texts = [
            facts.by_id[f"event.E1.{name}"].text("delay_min")
            for name in ("notice_delay", "notification.surgeon.1002.delay")
        ]
        assert texts == ["1 min", "2 min"]

    def test_without_onset_the_notice_opens_a_window(self):
        """The onset lies between the last unaffected trace and the notice."""
        facts = facts_of(with_alert(onset_at=None, last_unaffected_at=at("09:07"), noticed_at=at("10:00")))
        assert facts.by_id["event.E1.onset_window"].text("window_min") == "53 min"
        assert facts.by_id["event.E1.onset"].status == "interval"
        assert facts.get("event.E1.notice_delay") is None

    def test_without_any_time_the_onset_is_not_recorded(self):
        """Nothing is inferred."""
        assert facts_of(with_alert(onset_at=None)).by_id["event.E1.onset"].status == "not_recorded"

    def test_told_before_onset_keeps_its_sign_and_prints_its_size(self):
        """The number is negative, the words are a length."""
        data = with_alert()
        data["events"][0]["notifications"][0]["at"] = at("09:59:15")
        found = facts_of(data).by_id["event.E1.notification.surgeon.095915.delay"]
        assert (found.number("delay_min"), found.text("delay_min")) == (-0.75, "45 s")

    def test_an_impossible_order_gives_no_length(self):
        """A notice or an end before the onset is a contradiction, not a duration."""
        facts = facts_of(
            with_alert(noticed_at=at("09:50"), resolution={"resolution_class": "partial", "at": at("09:40")})
        )
        assert [facts.get(f"event.E1.{name}") for name in ("notice_delay", "duration")] == [None, None]

    def test_duration_runs_from_onset_to_resolution(self):
        """15 minutes from 10:00 to 10:15."""
        assert facts_of(with_alert()).by_id["event.E1.duration"].text("duration_min") == "15 min"


class TestCriterion:
    @pytest.mark.parametrize(
        ("what", "status"),
        [
            (reading(60.0), "met"),
            ({"state": "absent"}, "met"),
            (reading(200.0), "not_met"),
            ({"state": "present"}, "not_comparable"),
            ({"state": "not_obtained", "reason": "not_stated"}, "not_comparable"),
        ],
    )
    def test_not_met_only_where_every_value_misses_it(self, what, status):
        """An unknown value is no miss."""
        data = with_alert(readings=[{"channel": "mep-l", "reading": what}])
        assert facts_of(data).by_id["event.E1.criterion"].status == status

    def test_the_criterion_of_the_modality_serves_where_none_is_named(self):
        """Without a reference the first alert criterion of the modality is in force."""
        data = with_alert()
        del data["events"][0]["criterion"]
        assert facts_of(data).by_id["event.E1.criterion"].inputs[0] == "criterion.mep"

    def test_without_values_there_is_nothing_to_compare(self):
        """No criterion fact without a value."""
        assert facts_of(with_alert(readings=[])).get("event.E1.criterion") is None


class TestPeople:
    def test_an_alert_without_notification_says_so(self):
        """The chain has a link that prints not recorded."""
        assert facts_of(with_alert(notifications=[])).by_id["event.E1.notification"].status == "not_recorded"

    def test_a_field_entered_as_not_recorded_is_marked(self):
        """The record's own statement is told from silence."""
        told = [{"to": "surgeon", "acknowledged": "not_recorded", "at": None}, {"to": "crna"}]
        facts = facts_of(with_alert(notifications=told))
        names = (
            ("notification.surgeon", "at_stated"),
            ("acknowledgement.surgeon", "acknowledged_stated"),
            ("notification.crna", "at_stated"),
        )
        assert [facts.by_id[f"event.E1.{place}"].text(name) for place, name in names] == ["not recorded"] * 2 + [""]

    def test_missing_links_of_a_signal_event_say_so(self):
        """Interventions, re-test, resolution and context are missing where nothing else of the record tells of them."""
        bare = alert(notifications=[], interventions=[], retests=[], context=[], resolution=None)
        data = case(events=[bare])
        channel_of(data, "mep-l")["measurements"].pop()
        facts = facts_of(data)
        statuses = {
            facts.by_id[f"event.E1.{name}"].status for name in ("intervention", "retest", "resolution", "context")
        }
        assert statuses == {"not_recorded"}

    def test_an_occurrence_has_only_what_was_recorded(self):
        """An event without a signal asks for no chain."""
        facts = facts_of(case(events=[event(onset_at=at("10:00"))]))
        assert [row.kind for row in facts.in_group("event.E1")] == ["event", "event.onset"]

    def test_an_intervention_carries_dose_target_level_and_side(self):
        """What was done, with its numbers."""
        action = {
            "code": "steroid",
            "actor": "anesthesiologist",
            "agent": "dexamethasone",
            "dose": 8.0,
            "dose_unit": "mg",
            "level": "T8",
            "side": "left",
        }
        found = facts_of(with_alert(interventions=[action])).by_id["event.E1.intervention.steroid"]
        assert [found.text(name) for name in ("agent", "dose", "level")] == ["dexamethasone", "8 mg", "T8"]
        assert (found.side, found.number("dose")) == ("left", 8.0)

    @pytest.mark.parametrize(
        ("outcome", "done"),
        [("staged", "staged the procedure"), ("changed", "aborted or staged the procedure")],
    )
    def test_the_outcome_says_which_of_two_was_done(self, outcome, done):
        """One code stands for both; the procedure's outcome is recorded apart."""
        data = with_alert(interventions=[{"code": "abort_or_stage", "actor": "surgeon"}])
        data["surgery"].update(outcome=outcome, planned_procedure="Thoracic decompression", outcome_reason="as stated")
        (found,) = facts_of(data).of_kind("event.intervention")
        assert found.text("done") == done

    def test_suspicion_belongs_to_the_professional(self):
        """Only a person may word it."""
        cause = {
            "causes": ["undetermined"],
            "by_role": "interpreting_professional",
            "by": "prof1",
            "statement": "unclear",
        }
        found = facts_of(with_alert(suspected_cause=cause, excluded=["hypotension"], note="see log"))
        assert found.by_id["event.E1.cause"].author == "professional"
        assert {f"event.E1.{name}" for name in ("excluded", "note")} <= set(found.by_id)


class TestPhysiology:
    def test_the_nearest_row_prints_its_own_time(self):
        """Within 15 minutes, otherwise not recorded."""
        data = with_alert(physiology=None, onset_at=at("10:08"))
        found = facts_of(data).by_id["event.E1.physiology"]
        assert (found.status, found.text("at"), found.text("map_mmhg")) == ("nearest", "10:00", "74 mmHg")

    @pytest.mark.parametrize(("clock", "status"), [("10:15", "nearest"), ("10:15:01", "not_recorded")])
    def test_fifteen_minutes_is_the_limit(self, clock, status):
        """The proposed charting cadence."""
        data = with_alert(physiology=None, onset_at=at(clock))
        assert facts_of(data).by_id["event.E1.physiology"].status == status

    def test_the_block_stands_beside_it(self):
        """The last train-of-four before the event, with its place and time."""
        words = "4/4, ratio 90%, left AH at 08:25"
        for physiology in (None, {"map_mmhg": 60.0}):
            found = facts_of(with_alert(physiology=physiology)).by_id["event.E1.physiology"]
            assert found.text("tof") == words

    def test_the_earlier_of_two_equally_near_rows_is_taken(self):
        """A tie does not look ahead."""
        data = with_alert(physiology=None, onset_at=at("10:05"))
        data["physiology"] = [{"at": at(clock), "map_mmhg": 70.0} for clock in ("10:10", "10:00")]
        assert facts_of(data).by_id["event.E1.physiology"].text("at") == "10:00"

    def test_the_last_row_before_goes_before_a_nearer_one_after(self):
        """What was known when the event began; a later row only where there is none."""
        data = with_alert(physiology=None, onset_at=at("10:08"))
        data["physiology"] = [{"at": at(clock), "map_mmhg": 70.0} for clock in ("10:09", "10:00")]
        assert facts_of(data).by_id["event.E1.physiology"].text("at") == "10:00"
        del data["physiology"][1]
        assert facts_of(data).by_id["event.E1.physiology"].text("at") == "10:09"

    def test_a_row_recorded_with_another_event_is_a_row(self):
        """The chart is not the only place in which pressures are recorded."""
        data = with_alert(physiology=None, onset_at=at("10:08"))
        more = {"id": "E2", "onset_at": at("10:06"), "physiology": {"at": at("10:06"), "map_mmhg": 66.0}}
        data["events"].append({**data["events"][0], **more})
        found = facts_of(data).by_id["event.E1.physiology"]
        assert (found.text("at"), found.text("map_mmhg")) == ("10:06", "66 mmHg")
        assert "event.E2.physiology" in found.inputs

    def test_an_event_without_time_has_no_nearest_row(self):
        """Nothing is near an unknown time."""
        data = with_alert(physiology=None, onset_at=None)
        assert facts_of(data).by_id["event.E1.physiology"].status == "not_recorded"


class TestFirstWithin:
    def test_is_the_first_reading_within_the_criterion(self):
        """A re-test before the time at which the end was classed, with its value."""
        rows = [
            {"at": at(clock), "readings": [{"channel": "mep-l", "reading": reading(value)}]}
            for clock, value in (("10:08", 40.0), ("10:12", 200.0), ("10:20", 350.0))
        ]
        found = facts_of(with_alert(retests=rows)).by_id["event.E1.first_within"]
        assert (found.text("at"), found.text("text")) == ("10:12", "L AH 50%")

    def test_a_reading_of_the_response_beside_the_event_counts(self):
        """And where none is within, there is no such fact."""
        data = with_alert(retests=[])
        assert facts_of(data).by_id["event.E1.first_within"].text("at") == "11:46"
        channel_of(data, "mep-l")["measurements"].pop()
        assert facts_of(data).get("event.E1.first_within") is None
