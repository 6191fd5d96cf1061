"""Channels: reference baseline, change, worst, closing, improvement, names."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, baseline, channel, criterion, measurement, reading
from tests.cases.quiet import alert, case, one_channel
from tests.cases.reports import fact, facts_of

HALF = criterion("half", "ssep_lower", ("amplitude_decrease_pct", 50.0))
TENTH = criterion("tenth", "ssep_lower", ("amplitude_decrease_pct", 50.0), ("latency_increase_pct", 10.0))
LEFT = "channel.c"
MINUS = "\u2212"


def change_of(measurements, *criteria, number=None, **more):
    """The change fact of the last measurement of a case with one channel."""
    facts = facts_of(one_channel(measurements, *criteria, **more))
    rows = [row for row in facts if row.kind in ("channel.closing.change", "channel.measurement.change")]
    return rows[-1] if number is None else rows[number]


class TestReference:
    def test_the_kind_that_the_criterion_names_is_compared_with(self):
        """A pre-position criterion looks at the pre-position baseline, whatever came later."""
        rows = [
            baseline("08:00", reading(4.0), "pre_position"),
            baseline("08:30", reading(2.0)),
            measurement("closing", "11:00", reading(1.0)),
        ]
        early = criterion("k", "ssep_lower", ("amplitude_decrease_pct", 50.0), baseline_kind="pre_position")
        found = [change_of(rows, row).text("amplitude_pct_of_baseline") for row in (HALF, early)]
        assert found == ["50%", "25%"]

    def test_without_that_kind_the_last_earlier_baseline_serves(self):
        """An opening baseline stands in for a post-position one."""
        rows = [baseline("08:00", reading(4.0), "opening"), measurement("closing", "11:00", reading(1.0))]
        assert change_of(rows, HALF).text("amplitude_pct_of_baseline") == "25%"

    def test_a_reading_is_never_compared_with_a_later_baseline(self):
        """During positioning only the pre-position baseline exists."""
        rows = [
            baseline("08:00", reading(4.0), "pre_position"),
            measurement("intraop", "08:20", reading(1.0)),
            baseline("08:30", reading(2.0)),
            measurement("closing", "11:00", reading(1.9)),
        ]
        first = change_of(rows, HALF, number=0)
        assert (first.inputs[1], first.text("amplitude_pct_of_baseline")) == (
            f"{LEFT}.baseline.pre_position.0800",
            "25%",
        )

    def test_with_only_later_baselines_nothing_is_compared(self):
        """No earlier baseline, no change."""
        rows = [measurement("intraop", "08:20", reading(1.0)), baseline("08:30", reading(2.0))]
        assert facts_of(one_channel(rows, HALF)).of_kind("channel.measurement.change") == ()

    @pytest.mark.parametrize("reset_at", ["10:00", None])
    def test_a_reset_counts_from_then_on(self, reset_at):
        """After a reset readings are held against it; the order of the record serves where times are missing."""
        rows = [
            baseline("08:30", reading(2.0)),
            measurement("intraop", "09:30", reading(1.5)),
            baseline(reset_at, reading(1.0), "reset"),
            measurement("closing", "11:00" if reset_at else None, reading(0.9)),
        ]
        facts = facts_of(one_channel(rows, HALF))
        changes = [
            facts.by_id[facts.of_kind(f"channel.{phase}.change")[0].inputs[1]] for phase in ("measurement", "closing")
        ]
        assert [fact.code("baseline_kind") for fact in changes] == ["post_position", "reset"]

    def test_a_reset_may_be_the_only_baseline(self):
        """It is what the closing is held against; of a reading at an unknown time nothing is known."""
        rows = [baseline("08:30", reading(2.0), "reset"), measurement("closing", "11:00", reading(1.9))]
        facts = facts_of(one_channel(rows, HALF))
        reset = facts.by_id[f"{LEFT}.baseline.reset.0830"]
        assert facts.by_id[f"{LEFT}.closing.1100.change"].inputs[1] == reset.id
        assert [row.baselines for row in facts.summaries] == [(reset,)]
        (untimed,) = facts_of(one_channel(rows[:1], HALF)).of_kind("channel.baseline")
        assert untimed.text("baseline_kind") == "reset"

    def test_a_reset_of_unknown_time_does_not_touch_an_event(self):
        """Nothing says that the reset was earlier than the event."""
        rows = [baseline("08:30", reading(2.0)), baseline(None, reading(1.0), "reset")]
        data = one_channel(rows, HALF)
        data["events"] = [
            alert(modality="ssep_lower", channels=["c"], criterion="half", retests=[])
            | {"readings": [{"channel": "c", "reading": reading(0.9)}]}
        ]
        assert facts_of(data).by_id["event.E1.reading.c.change"].inputs[1] == f"{LEFT}.baseline.post_position.0830"


class TestChange:
    def test_change_has_sign_unit_and_formula(self):
        """Decrease is negative; latency change is in ms with the decimals recorded."""
        rows = [baseline("08:30", reading(1.8, 39.4)), measurement("closing", "11:00", reading(0.65, 44.1))]
        found = change_of(rows, TENTH)
        names = ("amplitude_change_pct", "amplitude_pct_of_baseline", "latency_change_ms", "latency_change_pct")
        assert [found.text(name) for name in names] == [f"{MINUS}64%", "36%", "+4.7 ms", "+12%"]
        assert (found.status, bool(found.formula)) == ("beyond_criterion", True)

    @pytest.mark.parametrize(
        ("value", "printed", "status"),
        [
            (0.992, f"{MINUS}50%", "beyond_criterion"),
            (1.004, f"{MINUS}49.8%", "within_criterion"),
            (1.00001, f"{MINUS}50.000%", "within_criterion"),
        ],
    )
    def test_a_percentage_prints_on_its_own_side_of_the_threshold(self, value, printed, status):
        """49.8 percent is not printed as the 50 percent it misses; beyond three digits nobody measured."""
        rows = [baseline("08:30", reading(2.0)), measurement("closing", "11:00", reading(value))]
        found = change_of(rows, HALF)
        assert (found.text("amplitude_change_pct"), found.status) == (printed, status)

    def test_a_difference_of_percentages_is_in_points(self):
        """A fall from 60 to 45 percent is 15 points and a quarter."""
        rows = [
            baseline("08:30", reading(saturation_pct=60.0)),
            measurement("closing", "11:00", reading(saturation_pct=45.0)),
        ]
        low = criterion("low", "nirs", ("saturation_decrease_pct", 20.0))
        found = change_of(rows, low, modality="nirs", electrode="fz")
        texts = [found.text("saturation_change_points"), found.text("saturation_change_pct"), found.status]
        assert texts == [f"{MINUS}15 points", f"{MINUS}25%", "beyond_criterion"]

    def test_a_lost_response_has_no_percentage(self):
        """Absent is a loss, not minus 100 percent."""
        rows = [baseline("08:30", reading(2.0)), measurement("closing", "11:00", {"state": "absent"})]
        found = change_of(rows, HALF)
        assert (found.values, found.status) == ((), "beyond_criterion")

    def test_a_zero_baseline_gives_a_difference_only(self):
        """There is no percentage of nothing."""
        rows = [baseline("08:30", reading(0.0)), measurement("closing", "11:00", reading(1.0))]
        assert [value.name for value in change_of(rows, HALF).values] == ["amplitude_change_uv"]

    @pytest.mark.parametrize(
        ("now", "criteria", "status"),
        [
            (reading(1.9), [HALF], "within_criterion"),
            (reading(1.9), [TENTH], "not_comparable"),
            ({"state": "present"}, [HALF], "not_comparable"),
            ({"state": "present"}, [], "no_criterion"),
            ({"state": "not_obtained", "reason": "not_stated"}, [HALF], "not_obtained"),
            ({"state": "not_recorded"}, [HALF], "not_recorded"),
        ],
    )
    def test_status_says_what_the_record_allows(self, now, criteria, status):
        """Within only where it was computed."""
        rows = [baseline("08:30", reading(2.0)), measurement("closing", "11:00", now)]
        assert change_of(rows, *criteria).status == status


class TestWorst:
    def worst(self, readings, *criteria, **more):
        """The worst fact of one channel with the given readings after a baseline of 2 µV, 40 ms."""
        rows = [baseline("08:30", reading(2.0, 40.0))]
        rows += [measurement("intraop", f"{9 + index}:00".zfill(5), row) for index, row in enumerate(readings)]
        return facts_of(one_channel(rows, *criteria, **more)).get(f"{LEFT}.worst")

    def test_a_reading_beyond_its_criterion_goes_before_a_smaller_amplitude(self):
        """A latency beyond 10 percent is worse than a decrease within 50."""
        found = self.worst([reading(1.9, 45.0), reading(1.2, 40.0)], TENTH)
        assert (found.text("text"), found.status) == ("1.9 µV, 45 ms", "beyond_criterion")

    def test_absent_is_the_farthest(self):
        """A lost response is worse than any decrease."""
        assert self.worst([reading(0.1, 40.0), {"state": "absent"}], HALF).text("text") == "absent"

    def test_the_earliest_of_equals_is_taken(self):
        """Two equal readings: the first is when it happened."""
        assert self.worst([reading(1.0, 40.0), reading(1.0, 40.0)], HALF).text("at") == "09:00"

    def test_the_earliest_of_equals_is_found_in_any_order(self):
        """The times decide, not the order in the file."""
        rows = [baseline("08:30", reading(2.0))]
        rows += [measurement("intraop", clock, reading(1.0)) for clock in ("10:00", "09:00")]
        assert facts_of(one_channel(rows, HALF)).by_id[f"{LEFT}.worst"].text("at") == "09:00"

    def test_a_latency_alone_can_be_the_worst(self):
        """Without amplitudes the latency is ranked."""
        found = self.worst([reading(latency_ms=41.0), reading(latency_ms=43.0)], TENTH)
        assert found.text("latency_change_ms") == "+3 ms"

    def test_a_stated_percent_is_ranked(self):
        """A record with percentages only still has a worst reading."""
        stated = [{"state": "present", "amplitude_pct_of_baseline": number} for number in (80.0, 45.0)]
        assert self.worst(stated, HALF).text("text") == "45% of baseline amplitude"

    def test_nothing_to_rank_gives_no_worst(self):
        """Present without numbers cannot be placed."""
        assert self.worst([{"state": "present"}], HALF) is None

    def test_an_event_reading_competes_with_its_own_time(self):
        """The worst may stand in an event and is held against the baseline of that time."""
        rows = [
            baseline("08:30", reading(2.0)),
            baseline("11:00", reading(0.5), "reset"),
            measurement("closing", "11:45", reading(0.45)),
        ]
        data = one_channel(rows, HALF)
        data["events"] = [
            alert(modality="ssep_lower", channels=["c"], criterion="half", retests=[])
            | {"readings": [{"channel": "c", "reading": reading(0.6)}]}
        ]
        found = facts_of(data).by_id[f"{LEFT}.worst"]
        assert (found.inputs[0], found.text("amplitude_pct_of_baseline")) == ("event.E1.reading.c", "30%")

    def test_an_always_absent_response_does_not_outrank_a_change(self):
        """A response that was never there is not the farthest from its baseline."""
        data = one_channel([baseline("08:30", reading(2.0)), measurement("closing", "11:00", reading(1.5))], HALF)
        never = [baseline("08:30", {"state": "absent"}), measurement("closing", "11:00", {"state": "absent"})]
        data["channels"].append(channel("d", "ssep_lower", "left", never, nerve="common_fibular"))
        facts = facts_of(data)
        assert facts.by_id["modality.ssep_lower.extreme"].site == "posterior_tibial"
        assert facts.by_id["channel.d.worst"].text("text") == "absent"


class TestImprovement:
    BETTER = criterion("better", "ssep_lower", ("amplitude_increase_pct", 50.0))

    def test_a_closing_amplitude_above_baseline_is_an_improvement(self):
        """By the improvement criterion in force, with its numbers."""
        rows = [baseline("08:30", reading(1.0)), measurement("closing", "11:00", reading(1.8))]
        found = facts_of(one_channel(rows, HALF, self.BETTER)).by_id[f"{LEFT}.improvement"]
        assert (found.status, found.text("amplitude_change_pct")) == ("improved", "+80%")

    def test_it_is_not_beyond_the_alert_criterion(self):
        """An improvement criterion listed first does not become the alert criterion."""
        rows = [baseline("08:30", reading(1.0)), measurement("closing", "11:00", reading(1.8))]
        assert change_of(rows, self.BETTER, HALF).status == "within_criterion"

    @pytest.mark.parametrize("criteria", [[HALF], [HALF, BETTER]])
    def test_without_reaching_it_there_is_none(self, criteria):
        """No criterion or too small an increase gives no such fact."""
        rows = [baseline("08:30", reading(1.0)), measurement("closing", "11:00", reading(1.3))]
        assert facts_of(one_channel(rows, *criteria)).get(f"{LEFT}.improvement") is None

    def test_an_improvement_event_is_held_against_it_and_not_ranked_as_bad(self):
        """Its values meet the improvement criterion; the worst reading stays within the alert criterion."""
        rows = [baseline("08:30", reading(1.0)), measurement("closing", "11:00", reading(1.0))]
        data = one_channel(rows, HALF, self.BETTER)
        data["events"] = [
            {
                "id": "I1",
                "event_class": "improvement",
                "modality": "ssep_lower",
                "channels": ["c"],
                "side": "left",
                "direction": "increase",
                "onset_at": at("10:00"),
                "readings": [{"channel": "c", "reading": reading(1.9)}],
            }
        ]
        facts = facts_of(data)
        statuses = [facts.by_id[name].status for name in ("event.I1.criterion", f"{LEFT}.worst")]
        assert statuses == ["met", "within_criterion"]
        assert facts.by_id["event.I1.reading.c.change"].status == "improved"


class TestNames:
    def test_missing_baseline_and_closing_say_so(self):
        """A channel without either has a fact that prints not recorded."""
        facts = facts_of(one_channel([measurement("intraop", "10:00", reading(1.0))], HALF))
        assert [facts.by_id[f"{LEFT}.{phase}"].status for phase in ("baseline", "closing")] == ["not_recorded"] * 2

    def test_peaks_of_one_place_are_told_apart(self):
        """The peak joins label and short name only where a place has several."""
        data = case()
        rows = [baseline("08:30", reading(1.0, 20.0)), measurement("closing", "11:00", reading(1.0, 20.0))]
        data["channels"] = [
            channel(name, "ssep_lower", "left", rows, nerve="posterior_tibial", peak=peak)
            for name, peak in (("a", "P37"), ("b", "N34"))
        ]
        facts = facts_of(data)
        assert [row.text("site_name") for row in facts.of_kind("channel")] == [
            f"posterior tibial nerve {peak}" for peak in ("P37", "N34")
        ]
        assert len({row.text("short") for row in facts.of_kind("channel")}) == 2

    @pytest.mark.parametrize("montages", [("Cz'-Fz", "CPz-Fz"), (None, None), ("Cz'-Fz", "Cz'-Fz")])
    def test_short_names_are_unique_within_a_modality(self, montages):
        """Two channels of one place and peak differ by montage or number, so that tables do not merge them."""
        data = case()
        rows = [baseline("08:30", reading(1.0, 20.0)), measurement("closing", "11:00", reading(1.0, 20.0))]
        data["channels"] = [
            channel(
                f"c{index}",
                "ssep_lower",
                "left",
                rows,
                nerve="posterior_tibial",
                **({"montage": montage} if montage else {}),
            )
            for index, montage in enumerate(montages)
        ]
        facts = facts_of(data)
        assert len({row.text("short") for row in facts.of_kind("channel")}) == 2
        assert len({row.id for row in facts.of_kind("channel")}) == 2

    def test_a_modality_without_site_is_named_by_itself(self):
        """BAEP has a side and no nerve."""
        rows = [baseline("08:30", reading(0.4, 6.0)), measurement("closing", "11:00", reading(0.4, 6.1))]
        found = facts_of(one_channel(rows, modality="baep", peak="V")).of_kind("channel")[0]
        assert (found.id, found.text("short")) == ("channel.c", "L BAEP")

    def test_no_criterion_is_stated(self):
        """A record without criteria says that none is recorded."""
        data = case(criteria=[])
        assert fact(data, "criterion").status == "not_recorded"


class TestReadingWords:
    @pytest.mark.parametrize(
        ("what", "text"),
        [
            (reading(1.8, 39.4), "1.8 µV, 39.4 ms"),
            (reading(0.3, 6.0, interpeak_i_v_ms=4.1), "0.3 µV, 6 ms, I\u2013V 4.1 ms"),
            (
                reading(suppression_ratio_pct=30.0, bispectral_index=42.0),
                "suppression ratio 30%, processed EEG index 42",
            ),
            (reading(tof_count=3, tof_ratio_pct=60.0), "TOF 3/4, TOF ratio 60%"),
            (reading(pattern="train"), "train activity"),
            (reading(1.8, quality="poor"), "1.8 µV (poorly reproducible)"),
            (reading(1.8, quality="good"), "1.8 µV"),
            ({"state": "present", "amplitude_pct_of_baseline": 40.0}, "40% of baseline amplitude"),
            (
                {"state": "not_obtained", "reason": "preexisting_deficit", "reason_detail": "old stroke"},
                "not obtained (pre-existing deficit, old stroke)",
            ),
        ],
    )
    def test_a_reading_is_one_short_phrase(self, what, text):
        """Values with units, states with reasons, poor traces with their grade."""
        data = one_channel([baseline("08:30", what)], modality="eeg_processed", electrode="fz")
        assert facts_of(data).of_kind("channel.baseline")[0].text("text") == text
