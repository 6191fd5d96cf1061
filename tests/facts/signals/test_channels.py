"""Channels: reference baseline, change, worst, closing, improvement, names."""

from __future__ import annotations

import pytest

from report_gen.facts.signals.worst import NO_READING
from tests.cases.parts import at, baseline, channel, criterion, measurement, reading
from tests.cases.quiet import alert, case, one_channel
from tests.cases.reports import fact, facts_of

HALF = criterion("half", "ssep_lower", ("amplitude_decrease_pct", 50.0))
TENTH = criterion("tenth", "ssep_lower", ("amplitude_decrease_pct", 50.0), ("latency_increase_pct", 10.0))
LOSS = criterion("loss", "ssep_lower", ("amplitude_decrease_pct", 50.0), ("response_loss", None))
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
        """Decrease is negative; a latency change is in ms with one decimal."""
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

    def test_a_difference_prints_on_its_own_side_of_the_threshold(self):
        """0.96 ms more is not printed as the 1.0 ms that it misses."""
        later = criterion("later", "ssep_lower", ("latency_increase_ms", 1.0))
        rows = [baseline("08:30", reading(2.0, 39.04)), measurement("closing", "11:00", reading(2.0, 40.0))]
        found = change_of(rows, later)
        assert (found.text("latency_change_ms"), found.status) == ("+0.96 ms", "within_criterion")

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
        assert (found.text("text"), found.status) == ("1.9 µV, 45.0 ms", "beyond_criterion")

    def test_absent_is_the_farthest(self):
        """A lost response is worse than any decrease."""
        assert self.worst([reading(0.1, 40.0), {"state": "absent"}], HALF).text("text") == "absent"

    def test_equals_are_told_together_in_order_of_time(self):
        """Two equal readings: neither is the worst alone, and the times decide the order."""
        found = self.worst([reading(1.0, 40.0), reading(1.0, 40.0)], HALF)
        assert (found.text("text"), found.text("told"), found.text("at")) == (
            "1.0 µV, 40.0 ms",
            "1.0 µV, 40.0 ms, 09:00 and 10:00",
            "",
        )
        rows = [baseline("08:30", reading(2.0))]
        rows += [measurement("intraop", clock, reading(1.0)) for clock in ("10:00", "09:00")]
        assert facts_of(one_channel(rows, HALF)).by_id[f"{LEFT}.worst"].text("told") == "1.0 µV, 09:00 and 10:00"

    def test_a_latency_alone_can_be_the_worst(self):
        """Without amplitudes the latency is ranked."""
        found = self.worst([reading(latency_ms=41.0), reading(latency_ms=43.0)], TENTH)
        assert found.text("latency_change_ms") == "+3.0 ms"

    def test_a_stated_percent_is_ranked(self):
        """A record with percentages only still has a worst reading."""
        stated = [{"state": "present", "amplitude_pct_of_baseline": number} for number in (80.0, 45.0)]
        assert self.worst(stated, HALF).text("text") == "45% of baseline amplitude"

    def test_without_numbers_the_state_itself_is_told(self):
        """Present without numbers is what was seen between baseline and closing."""
        assert self.worst([{"state": "present"}], HALF).text("told") == "present, 09:00"

    def test_the_closing_reading_is_never_the_worst(self):
        """However low it is; what stands between baseline and closing is told, or that nothing does."""
        rows = [baseline("08:30", reading(2.0)), measurement("closing", "11:00", {"state": "absent"})]
        assert facts_of(one_channel(rows, HALF)).by_id[f"{LEFT}.worst"].text("told") == NO_READING
        rows.insert(1, measurement("intraop", "10:00", reading(1.8)))
        assert facts_of(one_channel(rows, HALF)).by_id[f"{LEFT}.worst"].text("told") == "1.8 µV, 10:00"

    @pytest.mark.parametrize(
        ("direction", "words", "status"),
        [
            ("loss", "lost (E1, 10:00)", "beyond_criterion"),
            ("hard_to_elicit", "hard to elicit, no value (E1, 10:00)", "not_comparable"),
            ("decrease", "reduced, no value (E1, 10:00)", "not_comparable"),
        ],
    )
    def test_an_event_without_a_reading_says_the_state(self, direction, words, status):
        """A loss without a number is a loss, whatever the re-test and the closing reading show."""
        data = self.event(direction, retest={"state": "present", "description": "reversed by repositioning"})
        facts = facts_of(data)
        assert (facts.by_id[f"{LEFT}.worst"].text("told"), facts.by_id[f"{LEFT}.worst"].status) == (words, status)
        assert facts.by_id["aggregate.criteria"].status == ("met" if status == "beyond_criterion" else "not_comparable")

    @pytest.mark.parametrize(
        ("order", "words", "status"),
        [
            ("in_order", "lost (E1, 10:00)", "beyond_criterion"),
            ("together", "lost (E1, 10:00)", "beyond_criterion"),
            ("either", "reduced or lost, no value (E1, 10:00)", "not_comparable"),
        ],
    )
    def test_of_several_kinds_of_change_the_gravest_counts(self, order, words, status):
        """One after the other, it was reached; one or the other, nobody knows that it was."""
        data = self.event("decrease", retest=reading(1.9), further_directions=["loss"], direction_order=order)
        found = facts_of(data).by_id[f"{LEFT}.worst"]
        assert (found.text("told"), found.status) == (words, status)

    @pytest.mark.parametrize(
        ("states", "told"),
        [
            (("present", "reduced"), "present, reduced, 10:00"),
            (("reduced", "hard_to_elicit"), "hard to elicit, 10:00"),
            (("hard_to_elicit", "absent"), "absent, 10:00"),
            (("increased", "present"), "present, larger than baseline, 09:00; present, 10:00"),
        ],
    )
    def test_states_in_words_are_ranked_as_numbers_are(self, states, told):
        """Absent before hard to elicit before reduced before unchanged."""
        assert self.worst([{"state": state} for state in states], HALF).text("told") == told

    def test_a_retest_that_is_worse_than_the_event_counts(self):
        """The response went on to disappear."""
        data = self.event("decrease", retest={"state": "absent"})
        assert facts_of(data).by_id[f"{LEFT}.worst"].text("text") == "absent"

    def test_an_improvement_is_not_the_worst(self):
        """It is told with its event."""
        data = self.event("increase", retest=reading(3.0), event_class="improvement")
        assert facts_of(data).by_id[f"{LEFT}.worst"].text("told") == "no change for the worse, see E1"

    @pytest.mark.parametrize(
        ("modality", "patterns", "told"),
        [
            ("emg_free_run", ("burst", "spike", "silent"), "burst activity, 09:00"),
            ("emg_free_run", ("train", "neurotonic", "burst"), "train activity, 09:00; neurotonic discharge, 10:00"),
            ("emg_free_run", ("silent", "silent", "silent", "silent"), "silent, 4 readings from 09:00 to 12:00"),
            ("eeg", ("fast_loss", "fast_symmetric"), "loss of fast activity, 09:00"),
        ],
    )
    def test_patterns_are_ranked_by_their_vocabulary(self, modality, patterns, told):
        """The gravest, with its time; those that nothing ranks are told together."""
        rows = [baseline("08:30", reading(pattern="fast_symmetric" if modality == "eeg" else "silent"))]
        for index, pattern in enumerate(patterns):
            rows.append(measurement("intraop", f"{9 + index:02d}:00", reading(pattern=pattern)))
        site = {"electrode": "fz"} if modality == "eeg" else {"muscle": "tibialis_anterior"}
        assert facts_of(one_channel(rows, modality=modality, **site)).by_id[f"{LEFT}.worst"].text("told") == told

    @pytest.mark.parametrize("amplitude", [21.0, 60.0])
    def test_a_percentage_above_a_thousand_is_not_printed(self, amplitude):
        """The reading is, and why no percentage stands beside it."""
        found = self.worst([reading(amplitude)], HALF)
        assert f"{amplitude:.1f} µV" in found.text("phrase")
        assert "above 1000% of baseline, percentage not printed" in found.text("phrase")

    def test_a_response_that_is_still_there_does_not_print_as_gone(self):
        """99.97 percent less is not 100 percent less."""
        assert self.worst([reading(0.0006)], HALF).text("amplitude_change_pct") == f"{MINUS}99.97%"

    def event(self, direction, *, retest, **more):
        """A response of which an event tells without a reading, with a re-test and a closing reading."""
        rows = [baseline("08:30", reading(2.0)), measurement("closing", "11:45", reading(1.9))]
        data = one_channel(rows, LOSS)
        data["events"] = [
            alert(modality="ssep_lower", channels=["c"], direction=direction, criterion=None, readings=[], **more)
            | {"retests": [{"at": at("10:15"), "readings": [{"channel": "c", "reading": retest}]}]}
        ]
        return data

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
        assert facts.by_id["channel.d.worst"].text("told") == NO_READING


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
        """Its values meet the improvement criterion, and none of them is a worst."""
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
        assert statuses == ["met", "none_between"]
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
            (reading(0.3, 6.0, interpeak_i_v_ms=4.1), "0.3 µV, 6.0 ms, I\u2013V 4.1 ms"),
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
