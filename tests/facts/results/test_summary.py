"""Summaries and aggregates: nothing is said of the whole that is not true of every part."""

from __future__ import annotations

import pytest

from tests.cases.parts import baseline, channel, criterion, measurement, reading
from tests.cases.quiet import alert, case, one_channel, with_alert
from tests.cases.reports import fact, facts_of

HALF = criterion("half", "ssep_lower", ("amplitude_decrease_pct", 50.0))


def two_channels(first, second, *criteria):
    """Two left channels of one modality with a baseline of 2 µV and the given closing readings."""
    data = one_channel([], *(criteria or [HALF]))
    data["channels"] = [
        channel(
            nerve,
            "ssep_lower",
            "left",
            [baseline("08:30", reading(2.0)), measurement("closing", "11:00", what)],
            nerve=nerve,
        )
        for nerve, what in (("posterior_tibial", first), ("common_fibular", second))
    ]
    return data


class TestExtreme:
    @pytest.mark.parametrize(
        ("first", "second", "status"),
        [
            (reading(1.9), reading(1.8), "none_met"),
            (reading(1.9), reading(0.9), "met"),
            (reading(1.9), {"state": "present"}, "not_comparable"),
            (reading(1.9), {"state": "not_obtained", "reason": "not_stated"}, "not_comparable"),
            (reading(1.9), {"state": "not_recorded"}, "none_met"),
        ],
    )
    def test_none_met_needs_every_reading_within(self, first, second, status):
        """A reading that cannot be compared is not within; one that was not recorded is no reading."""
        facts = facts_of(two_channels(first, second))
        assert facts.by_id["modality.ssep_lower.extreme"].status == status
        assert facts.by_id["aggregate.criteria"].status == status

    def test_an_earlier_reading_without_numbers_keeps_it_open(self):
        """The worst reading is within, and another could not be compared."""
        data = two_channels(reading(1.9), reading(1.8))
        data["channels"][0]["measurements"].insert(1, measurement("intraop", "10:00", {"state": "present"}))
        assert fact(data, "modality.ssep_lower.extreme").status == "not_comparable"

    def test_patterns_of_readings_and_events_are_named(self):
        """Free-run activity is described, not measured."""
        rows = [
            baseline("08:30", reading(pattern="silent")),
            measurement("closing", "11:00", reading(pattern="silent")),
        ]
        data = one_channel(rows, modality="emg_free_run", muscle="tibialis_anterior")
        data["events"] = [
            alert(modality="emg_free_run", channels=["c"], direction="new_activity", retests=[])
            | {"criterion": None, "readings": [{"channel": "c", "reading": reading(pattern="burst")}]}
        ]
        assert (
            fact(data, "modality.emg_free_run.patterns").text("text") == "L TA: burst activity (E1), otherwise silent"
        )


def cells(facts, name):
    """Texts of the cells of a row by side and kind."""
    found = [fact for kind in ("worst", "closing") for fact in facts.in_group(name, f"result.{kind}")]
    return {f"{fact.side} {fact.kind.rpartition('.')[2]}": fact.text("text") for fact in found}


class TestRow:
    def row(self, *readings, criteria=(HALF,)):
        """The one row of a left and a right response with these closing readings."""
        data = one_channel([], *criteria)
        data["channels"] = [
            channel(
                side,
                "ssep_lower",
                side,
                [baseline("08:30", reading(2.0, 40.0)), measurement("closing", "11:00", what)],
                nerve="posterior_tibial",
            )
            for side, what in zip(("left", "right"), readings, strict=False)
        ]
        return facts_of(data)

    def test_a_response_has_one_row_for_both_sides(self):
        """In percent of baseline, with the change of its latency."""
        facts = self.row(reading(0.8, 41.0), reading(1.9, 40.0))
        assert [row.fact.text("row") for row in facts.summaries] == ["Posterior tibial nerve SSEP"]
        assert cells(facts, "result.ssep_lower.posterior_tibial") == {
            "left worst": "no reading",
            "left closing": "40%, +1.0 ms",
            "right worst": "no reading",
            "right closing": "95%, 0.0 ms",
        }
        assert [fact.status for fact in facts.of_kind("result.closing")] == ["beyond", "none"]

    @pytest.mark.parametrize(
        ("what", "text"),
        [
            ({"state": "absent"}, "absent"),
            ({"state": "present"}, "present"),
            ({"state": "not_recorded"}, "no closing reading"),
            (None, "no closing reading"),
        ],
    )
    def test_a_state_is_said_in_words(self, what, text):
        """A missing reading is said to be missing."""
        data = one_channel([baseline("08:30", reading(2.0))], HALF)
        if what:
            data["channels"][0]["measurements"].append(measurement("closing", "11:00", what))
        assert facts_of(data).of_kind("result.closing")[0].text("text") == text

    @pytest.mark.parametrize("side", ["midline", "not_recorded"])
    def test_what_is_neither_left_nor_right_has_a_row_of_its_own(self, side):
        """Beside one that is."""
        data = two_channels(reading(1.9), reading(1.8))
        data["channels"][1].update(nerve="posterior_tibial", side=side)
        assert [row.fact.side for row in facts_of(data).summaries] == ["", side]

    def test_the_same_response_recorded_twice_on_a_side_has_two_rows(self):
        """None of the two is hidden behind the other."""
        data = two_channels(reading(1.9), reading(1.8))
        data["channels"][1]["nerve"] = "posterior_tibial"
        assert len(facts_of(data).summaries) == 2

    def test_a_response_that_was_tried_and_never_obtained_says_so(self):
        """It was not left unmonitored: nobody could elicit it."""
        none = {"state": "not_obtained", "reason": "preexisting_deficit"}
        facts = facts_of(one_channel([baseline("08:30", none), measurement("closing", "11:00", none)], HALF))
        said = [fact.text("text") for kind in ("worst", "closing") for fact in facts.of_kind(f"result.{kind}")]
        assert said == ["no baseline", "not obtained"]

    def test_the_only_reading_of_a_response_is_shown_with_its_time(self):
        """A value that exists is never printed as no reading."""
        once = {"state": "not_monitored", "reason": "other", "reason_detail": "single measurement"}
        facts = facts_of(one_channel([baseline("08:30", reading(4.0)), measurement("closing", "11:00", once)], HALF))
        said = [fact.text("text") for kind in ("worst", "closing") for fact in facts.of_kind(f"result.{kind}")]
        assert said == ["only reading 4.0 µV (08:30)", "not monitored (single measurement)"]
        assert "only reading 4.0 µV (08:30)" in facts.by_id["aggregate.closing.unread"].text("text")

    def test_a_row_knows_its_responses_and_its_cells(self):
        """Each response stands in it once, and each cell is a fact whose members are its own."""
        facts = self.row(reading(1.9), reading(1.9))
        (row,) = facts.summaries
        assert [course.channel.side for course in row.courses] == ["left", "right"]
        for side in ("left", "right"):
            own = next(course.channel.id for course in row.courses if course.channel.side == side)
            assert own in row.worst[side].inputs
            assert own in row.closing[side].inputs
        assert row.events is None


class TestSharedRows:
    def rows(self, *patterns):
        """Rows of left muscles of free-run activity with these closing patterns."""
        data = one_channel([], modality="emg_free_run", muscle="tibialis_anterior")
        muscles = ("tibialis_anterior", "abductor_hallucis", "gastrocnemius")
        first = baseline("08:30", reading(pattern="silent"))
        data["channels"] = [
            channel(muscle, "emg_free_run", "left", [first, measurement("closing", "11:00", reading(pattern=pattern))])
            | {"muscle": muscle}
            for muscle, pattern in zip(muscles, patterns, strict=True)
        ]
        return [row.fact.text("row") for row in facts_of(data).summaries]

    def test_what_is_the_same_in_words_shares_a_row(self):
        """And a row of its own has what differs."""
        assert self.rows("silent", "silent", "silent") == ["TA, AH, and MG free-run EMG"]
        assert self.rows("silent", "burst", "silent") == [
            "Tibialis anterior and gastrocnemius free-run EMG",
            "Abductor hallucis free-run EMG",
        ]

    def test_numbers_never_share_a_row(self):
        """Two nerves at the same percentage are two results."""
        assert len(facts_of(two_channels(reading(1.9), reading(1.9))).summaries) == 2


class TestEventsInRows:
    def test_an_event_stands_in_the_row_of_its_channels(self):
        """And in no other."""
        said = {row.fact.text("row"): row.events for row in facts_of(with_alert()).summaries}
        assert {name: fact and fact.text("text") for name, fact in said.items()} == {
            "Posterior tibial nerve SSEP (P37)": None,
            "Abductor hallucis TcMEP": "E1 alert",
        }

    @pytest.mark.parametrize(("side", "own"), [("left", ""), ("bilateral", "bilateral"), ("not_recorded",) * 2])
    def test_without_channels_it_has_a_row_of_its_own(self, side, own):
        """What it says is said of no response; a side that is neither left nor right stands beside it."""
        facts = facts_of(with_alert(channels=[], readings=[], retests=[], side=side, direction="hard_to_elicit"))
        row = next(row for row in facts.summaries if row.fact.text("row") == "TcMEP, response not named")
        assert (row.fact.status, row.fact.side) == ("alert", own)
        assert [fact.text("text") for fact in row.worst.values()] == ["hard to elicit, no value (10:00)"]

    def test_an_event_stands_in_rows_of_other_modalities_that_it_names(self):
        """Its channels decide, not its own modality."""
        facts = facts_of(with_alert(channels=["mep-l", "ssep-l"]))
        assert facts.by_id["result.ssep_lower.posterior_tibial_p37"].status == "alert"


class TestAggregates:
    def test_each_channel_counts_once_at_closing(self):
        """The last closing reading counts, and one that was not recorded does not."""
        data = two_channels(reading(0.5), {"state": "not_recorded"})
        data["channels"][0]["measurements"].append(measurement("closing", "11:30", reading(1.9)))
        found = fact(data, "aggregate.closing")
        assert (found.number("channels"), found.number("within_criterion"), found.status) == (1, 1, "all_within")

    def test_a_closing_reading_without_baseline_counts(self):
        """It was read, and it is not within anything."""
        data = one_channel([measurement("closing", "11:00", reading(1.0))], HALF)
        found = fact(data, "aggregate.closing")
        assert (found.number("channels"), found.status) == (1, "mixed")

    @pytest.mark.parametrize(
        ("resolution", "status"),
        [
            ({"resolution_class": "full_return"}, "all_recovered"),
            ({"resolution_class": "partial"}, "some_open"),
            ({"resolution_class": "superseded_by_new_baseline"}, "some_open"),
            (None, "some_open"),
        ],
    )
    def test_only_a_recorded_return_is_a_recovery(self, resolution, status):
        """Partial, superseded and unknown stay open."""
        assert fact(with_alert(resolution=resolution), "aggregate.resolution").status == status

    def test_without_a_criterion_none_is_returned_to(self):
        """The status says so."""
        data = with_alert(resolution={"resolution_class": "partial"}, criterion=None)
        data["criteria"] = []
        assert fact(data, "aggregate.resolution").status == "open_without_criterion"

    def test_that_no_reading_met_its_criterion_is_said_of_families_that_were_compared(self):
        """Every reading of them, and of no other."""
        assert fact(case(events=[]), "aggregate.criteria").text("within") == "SSEP or TcMEP"
        data = case(events=[])
        data["channels"][0]["measurements"][1]["reading"] = {"state": "present"}
        assert fact(data, "aggregate.criteria").text("within") == "TcMEP"

    def test_events_are_counted_by_class(self):
        """One alert, no change."""
        facts = facts_of(with_alert())
        assert [facts.by_id[f"aggregate.{name}"].number("count") for name in ("alerts", "changes")] == [1, 0]

    def test_a_case_without_channels_compares_nothing(self):
        """No channel, no claim."""
        assert fact(case(channels=[]), "aggregate.criteria").status == "not_comparable"


class TestManyPatterns:
    MUSCLES = ("tibialis_anterior", "vastus_lateralis", "gastrocnemius", "abductor_hallucis", "rectus_abdominis")

    def bursts(self, muscles=MUSCLES, **more):
        """Left muscles, each with one burst at a time of its own."""
        data = one_channel([], modality="emg_free_run", muscle="tibialis_anterior")
        data["channels"] = [
            channel(
                muscle,
                "emg_free_run",
                "left",
                [
                    baseline("08:30", reading(pattern="silent")),
                    measurement("intraop", f"09:1{number}", reading(pattern="burst")),
                    measurement("closing", "11:00", reading(pattern="silent")),
                ],
                muscle=muscle,
            )
            for number, muscle in enumerate(muscles)
        ]
        data["events"] = []
        return facts_of(data | more)

    def test_share_a_row_that_names_each_with_its_time(self):
        """Nothing is dropped and no time is given to another muscle."""
        facts = self.bursts()
        assert len(facts.of_kind("result.group")) == 1
        (worst,) = facts.of_kind("result.worst")
        for number, short in enumerate(("TA", "VL")):
            assert f"{short} (09:1{number})" in worst.text("text")

    def test_of_a_few_responses_have_a_row_each(self):
        """A table of a few rows is read at once."""
        assert len(self.bursts(self.MUSCLES[:4]).of_kind("result.group")) == 4

    def test_of_which_one_is_in_an_alert_leave_it_a_row_of_its_own(self):
        """What weighs is not hidden among what does not."""
        raised = alert(modality="emg_free_run", channels=["gastrocnemius"], readings=[], retests=[], criterion=None)
        groups = self.bursts((*self.MUSCLES, "quadriceps"), events=[raised]).of_kind("result.group")
        assert sorted(fact.status for fact in groups) == ["alert", "none"]
