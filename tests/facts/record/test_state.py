"""Physiology, snapshots, neuromuscular block, minutes and sessions."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, baseline, channel, reading
from tests.cases.quiet import alert, case, changed, modality_of, with_alert
from tests.cases.reports import fact, facts_of

_PRESSURES = (("09:50", 62.0), ("10:20", 80.0), ("10:40", 90.0))
BASELINE, CLOSING = "physiology.at.baseline", "physiology.at.closing"


class TestSnapshots:
    def test_baseline_and_closing_have_their_physiology(self):
        """Near the last accepted baseline, and near the last closing reading."""
        facts = facts_of(case())
        found = [facts.by_id[name] for name in (BASELINE, CLOSING)]
        assert [row.text("moment_at") for row in found] == ["08:32", "11:46"]
        assert [row.text("at") for row in found] == ["08:30", "11:40"]
        assert [row.text("map_mmhg") for row in found] == ["78 mmHg", "80 mmHg"]
        assert {row.status for row in found} == {"nearest"}

    def test_the_last_block_before_it_prints_its_time(self):
        """Train-of-four is a value of its own."""
        assert fact(case(), CLOSING).text("tof") == "4/4, ratio 90%, left AH at 08:25"

    def test_far_rows_are_not_taken(self):
        """More than 15 minutes away nothing is near; the block still is."""
        data = case(physiology=[{"at": at("10:00"), "map_mmhg": 70.0}])
        found = fact(data, BASELINE)
        assert (found.status, found.text("text"), bool(found.text("tof"))) == ("not_recorded", "not recorded", True)

    def test_each_value_comes_from_its_own_nearest_row(self):
        """A temperature charted apart from the pressure prints its own time."""
        rows = [{"at": at("08:30"), "map_mmhg": 70.0}, {"at": at("08:40"), "core_temp_c": 36.2}]
        assert fact(case(physiology=rows), BASELINE).text("core_temp_c") == "36.2 °C at 08:40"

    def test_a_rejected_baseline_is_not_the_moment(self):
        """The last accepted one is, even if an unaccepted one came later."""
        data = changed(lambda row: modality_of(row, "tcmep")["baseline_review"].update(acceptance="rejected"))
        assert fact(data, BASELINE).text("moment_at") == "08:30"

    def test_a_reset_is_not_the_opening(self):
        """The baseline moment is before surgery."""
        data = case()
        data["channels"][0]["measurements"].append(baseline("11:00", reading(1.0, 40.0), "reset"))
        assert fact(data, BASELINE).text("moment_at") == "08:32"

    def test_a_baseline_of_the_clamp_is_not_the_opening(self):
        """A baseline outside of the baseline interval does not call the values of its minute those of baseline."""
        data = case()
        data["channels"][0]["measurements"][0]["at"] = at("09:30")
        assert fact(data, BASELINE).text("moment_at") == "08:32"

    def test_untimed_readings_fall_back_on_intervals_and_last_data(self):
        """The end of the baseline interval and the last data of a modality."""
        data = case()
        for row in data["channels"]:
            for item in row["measurements"]:
                del item["at"]
        facts = facts_of(data)
        assert [facts.by_id[name].text("moment_at") for name in (BASELINE, CLOSING)] == ["08:50", "11:50"]

    def test_without_any_moment_it_is_not_recorded(self):
        """Nothing is near an unknown time."""
        found = fact(case(channels=[], intervals=[]), BASELINE)
        assert (found.status, found.text("moment_at"), found.text("tof")) == ("not_recorded", "", "")

    def test_a_block_followed_as_a_channel_counts(self):
        """Train-of-four may be recorded as a modality of its own."""
        data = case()
        data["anesthesia"]["train_of_four"] = []
        data["modalities"].append({"modality": "tof", "performed": True})
        rows = [baseline("08:20", reading(tof_count=2)), {"phase": "intraop", "reading": reading(tof_count=4)}]
        data["channels"].append(channel("t", "tof", "right", rows, muscle="adductor_pollicis"))
        facts = facts_of(data)
        assert facts.by_id[BASELINE].text("tof").startswith("2/4, right")
        assert facts.of_kind("tof") == ()


class TestRanges:
    def test_values_recorded_with_an_event_belong_to_the_range(self):
        """A report may not say 74 to 80 beside an event at 62."""
        found = fact(with_alert(), "physiology.map_mmhg")
        assert (found.text("low"), found.text("high"), found.text("count")) == ("62 mmHg", "80 mmHg", "4")

    def test_only_values_from_the_target_on_are_counted_below_it(self):
        """A target set at 09:00 does not judge 08:30; an untimed value is not counted."""
        data = case()
        data["anesthesia"]["map_target"] = {"map_mmhg": 79.0, "start_at": at("09:00"), "stated_minutes_below": 12.0}
        found = fact(data, "physiology.map_below_target")
        assert (found.text("below"), found.text("count")) == ("1", "2")

    def test_without_a_start_the_target_holds_throughout(self):
        """Every recorded value is counted."""
        data = case()
        data["anesthesia"]["map_target"] = {"map_mmhg": 79.0}
        assert fact(data, "physiology.map_below_target").text("count") == "3"

    def test_a_reading_that_an_event_repeats_is_counted_once(self):
        """The chart row of the minute of an event is the event's own reading where both say the same."""
        data = case(events=[alert(physiology={"at": at("10:01"), "map_mmhg": 62})])
        data["anesthesia"]["map_target"] = {"map_mmhg": 65.0}
        data["physiology"] = [{"at": at("10:01"), "map_mmhg": 62}, {"at": at("10:20"), "map_mmhg": 70}]
        found = fact(data, "physiology.map_below_target")
        assert (found.text("below"), found.text("count"), found.text("text")) == ("1", "2", "62 at 10:01")
        assert fact(data, "physiology.map_mmhg").text("count") == "2"

    def test_a_target_that_was_asked_for_has_its_own_count(self):
        """From the time on at which it was asked for; the standing target keeps its own."""
        asked = {"code": "raise_map", "at": at("10:08"), "actor": "anesthesia_team", "map_target_mmhg": 85}
        data = case(events=[alert(physiology=None, interventions=[asked])])
        data["anesthesia"]["map_target"] = {"map_mmhg": 65.0}
        data["physiology"] = [{"at": at(clock), "map_mmhg": value} for clock, value in _PRESSURES]
        facts = facts_of(data)
        found = facts.by_id["event.E1.intervention.raise_map.1008.below"]
        assert [found.text(name) for name in ("map_target_mmhg", "at", "below", "count", "text")] == [
            *("85 mmHg", "10:08", "1", "2", "80 at 10:20"),
        ]
        assert facts.by_id["physiology.map_below_target"].text("count") == "3"

    @pytest.mark.parametrize("target", [None, {"map_mmhg": 79.0}])
    def test_without_pressures_nothing_is_below_a_target(self, target):
        """No value, no count."""
        data = case(physiology=[])
        if target:
            data["anesthesia"]["map_target"] = target
        assert facts_of(data).get("physiology.map_below_target") is None
        assert fact(data, "physiology.map_mmhg").status == "not_recorded"

    def test_missing_block_is_stated_even_without_an_anesthesia_record(self):
        """A motor modality without train-of-four says so."""
        facts = facts_of(case(anesthesia=None))
        assert [facts.by_id[name].status for name in ("tof", "anesthesia.regimen")] == ["not_recorded"] * 2


class TestMinutes:
    def test_setup_and_baseline_are_not_monitoring(self):
        """Only the rest of the monitoring interval counts."""
        data = case()
        data["intervals"][2]["start_at"] = at("08:00")
        assert fact(data, "minutes.monitoring").number("monitored_min") == 180

    @pytest.mark.parametrize(
        ("modalities", "minutes"), [([], 150), (["ssep_lower"], 180), (["ssep_lower", "tcmep"], 150)]
    )
    def test_only_a_gap_of_every_modality_interrupts_the_whole(self, modalities, minutes):
        """A gap that lists all of them is a gap of all of them."""
        data = case()
        gap = {"kind": "gap", "start_at": at("10:00"), "end_at": at("10:30"), "reason": "cautery"}
        data["intervals"].append({**gap, "modalities": modalities})
        assert fact(data, "minutes.monitoring").number("monitored_min") == minutes

    def test_other_minutes_are_counted_without_monitoring_intervals(self):
        """Set-up is known even where monitoring is not."""
        data = case()
        del data["intervals"][2]
        facts = facts_of(data)
        assert facts.by_id["minutes.monitoring"].status == "not_recorded"
        assert facts.by_id["minutes.setup"].number("duration_min") == 40

    def test_attention_is_counted_by_mode(self):
        """In the room and remote are different facts."""
        data = case()
        session = {"person": "prof1", "start_at": at("09:00"), "end_at": at("09:30"), "other_open_cases": 0}
        data["professional_sessions"] = [
            {**session, "mode": "in_room"},
            {**session, "mode": "remote", "start_at": at("10:00"), "end_at": at("11:00")},
        ]
        facts = facts_of(data)
        names = ("minutes.professional.in_room", "minutes.professional.remote", "minutes.professional")
        assert [facts.by_id[name].number("attended_min") for name in names] == [30, 60, 90]

    def test_without_monitoring_intervals_nothing_was_attended_by_the_minute(self):
        """Sessions alone do not say what was monitored."""
        data = case()
        del data["intervals"][2]
        assert fact(data, "minutes.professional").status == "not_recorded"
        assert not facts_of(data).of_kind("unattended")

    def test_other_cases_are_counted_where_they_overlap(self):
        """Two other cases, never more than one at a time."""
        other = {"person": "prof1", "mode": "remote", "start_at": at("09:00"), "end_at": at("09:30")}
        rows = [
            {**other, "case_pseudonym": "X"},
            {**other, "case_pseudonym": "Y", "start_at": at("09:30"), "end_at": at("10:00")},
        ]
        found = fact(case(other_case_sessions=rows), "professional.other_cases")
        assert [found.number(name) for name in ("most_at_once", "overlap_min", "cases")] == [1, 60, 2]

    def test_unknown_other_cases_stay_unknown(self):
        """Not recorded is not none."""
        assert fact(case(other_case_sessions=None), "professional.other_cases").status == "not_recorded"

    def test_missing_sessions_are_stated(self):
        """No session is a fact that prints not recorded."""
        assert fact(case(professional_sessions=[]), "professional.sessions").status == "not_recorded"

    def test_a_repeated_milestone_has_its_own_id(self):
        """Both clip times are kept; incision and closure that are missing are stated."""
        rows = [{"code": "temporary_clip_on", "at": at(clock)} for clock in ("10:00", "10:20")]
        facts = facts_of(case(milestones=rows))
        assert [fact.id for fact in facts.of_kind("milestone")] == [
            "milestone.temporary_clip_on.1000",
            "milestone.temporary_clip_on.1020",
        ]
        assert len(facts.of_kind("milestone.missing")) == 2
