"""Summaries and aggregates: nothing is said of the whole that is not true of every part."""

from __future__ import annotations

import pytest

from tests.cases.parts import baseline, channel, criterion, measurement, reading
from tests.cases.quiet import alert, case, one_channel, with_alert
from tests.cases.reports import fact, facts_of

HALF = criterion("half", "ssep_lower", ("amplitude_decrease_pct", 50.0))
MINUS = "\u2212"


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
        assert fact(data, "modality.emg_free_run.patterns").text("patterns") == "silent and burst activity"


class TestRow:
    def summary(self, data):
        """The summary of the left lower-limb SSEP."""
        return fact(data, "summary.ssep_lower.left")

    def test_a_single_channel_shows_its_readings_with_the_change(self):
        """With sign and unit."""
        rows = [baseline("08:30", reading(2.0, 40.0)), measurement("closing", "11:00", reading(0.8, 41.0))]
        closing = self.summary(one_channel(rows, HALF)).text("closing")
        assert closing == f"0.8 µV, 41 ms (amplitude {MINUS}60%, latency +1 ms)"

    @pytest.mark.parametrize(
        ("second", "text"),
        [
            (reading(1.8), "within criterion in 2 of 2"),
            ({"state": "present"}, "within criterion in 1 of 2; present in 1 of 2, not compared"),
            ({"state": "absent"}, "within criterion in 1 of 2; absent: L common fibular"),
            ({"state": "not_recorded"}, "within criterion in 1 of 2; no closing reading: L common fibular"),
            (reading(0.8), f"within criterion in 1 of 2; beyond criterion: L common fibular (amplitude {MINUS}60%)"),
        ],
    )
    def test_several_channels_are_counted_or_named_each_once(self, second, text):
        """No closing reading is left out of the row."""
        closing = self.summary(two_channels(reading(1.9), second)).text("closing")
        assert closing == text

    def test_without_comparison_present_is_counted(self):
        """Present in both, without a claim."""
        data = two_channels({"state": "present"}, {"state": "present"})
        assert self.summary(data).text("closing") == "present in 2 of 2"

    def test_the_worst_reading_is_named_by_its_response(self):
        """The fact of the reading stands behind the name; nothing is ranked where nothing can be placed."""
        facts = facts_of(two_channels(reading(1.9), reading(0.9)))
        (found,) = facts.of_kind("summary")
        assert (found.text("worst"), found.code("worst")) == ("L common fibular", "channel.common_fibular.worst")
        assert facts.summaries[0].worst is facts.by_id["channel.common_fibular.worst"]
        assert facts_of(two_channels({"state": "present"}, {"state": "present"})).summaries[0].worst is None

    def test_a_row_knows_its_responses_their_baselines_and_events(self):
        """Each response with the baseline that it is held against."""
        (row,) = facts_of(two_channels(reading(1.9), reading(1.9))).summaries
        assert [course.channel.site for course in row.courses] == ["posterior_tibial", "common_fibular"]
        assert [fact.group for fact in row.baselines] == [course.channel.id for course in row.courses]
        assert row.events == ()


class TestEventsInRows:
    def test_an_event_stands_in_the_rows_of_its_channels(self):
        """The left row has it, the right row does not."""
        rows = {row.fact.side: row for row in facts_of(with_alert()).summaries if row.fact.modality == "tcmep"}
        assert [[event.code("id") for event in rows[side].events] for side in ("left", "right")] == [["E1"], []]

    @pytest.mark.parametrize(
        ("side", "rows"),
        [("left", ["left"]), ("bilateral", ["left", "right"]), ("not_recorded", ["left", "right"])],
    )
    def test_without_channels_its_side_decides_and_an_unknown_side_stands_everywhere(self, side, rows):
        """An event of unknown side is not hidden."""
        facts = facts_of(with_alert(channels=[], side=side))
        found = [name for name in ("left", "right") if facts.by_id[f"summary.tcmep.{name}"].status == "alert"]
        assert found == rows

    def test_an_event_stands_in_rows_of_other_modalities_that_it_names(self):
        """Its channels decide, not its own modality."""
        facts = facts_of(with_alert(channels=["mep-l", "ssep-l"]))
        assert facts.by_id["summary.ssep_lower.left"].status == "alert"


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

    def test_events_are_counted_by_class(self):
        """One alert, no change."""
        facts = facts_of(with_alert())
        assert [facts.by_id[f"aggregate.{name}"].number("count") for name in ("alerts", "changes")] == [1, 0]

    def test_a_case_without_channels_compares_nothing(self):
        """No channel, no claim."""
        assert fact(case(channels=[]), "aggregate.criteria").status == "not_comparable"


class TestPatterns:
    def free_run(self, *closings):
        """Two left channels of free-run activity, silent at first."""
        data = one_channel([], modality="emg_free_run", muscle="tibialis_anterior")
        data["channels"] = [
            channel(
                muscle,
                "emg_free_run",
                "left",
                [
                    baseline("08:30", reading(pattern="silent")),
                    measurement("closing", "11:00", reading(pattern=pattern)),
                ],
                muscle=muscle,
            )
            for muscle, pattern in zip(("tibialis_anterior", "abductor_hallucis"), closings, strict=True)
        ]
        return fact(data, "summary.emg_free_run.left")

    def test_patterns_are_counted_and_the_rarer_named(self):
        """No amplitude to rank: what was seen, and where it differed."""
        assert self.free_run("silent", "burst").text("closing") == "silent in 1 of 2; L AH: burst activity"

    def test_an_abnormal_response_is_not_ranked(self):
        """A lateral spread response that stays is not its best, nor its loss its worst."""
        rows = [baseline("08:30", {"state": "present"}), measurement("closing", "11:00", {"state": "absent"})]
        found = fact(one_channel(rows, modality="lsr", muscle="mentalis"), "summary.lsr.left")
        assert found.value("worst") is None
