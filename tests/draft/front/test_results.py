"""The results of page one: sides in their columns, stimulation tests as rows, columns that say nothing gone."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.document.blocks import Table
from report_gen.draft.front.results import results
from report_gen.facts.signals.worst import NO_READING
from tests.cases.parts import at, baseline, criterion, measurement, reading
from tests.cases.quiet import alert, case, one_channel, with_alert
from tests.cases.reports import facts_of
from tests.facts.results.test_summary import HALF, two_channels


def tables(data: dict[str, Any]) -> dict[str, Table]:
    """The tables by id."""
    return {block.id: block for block in results(facts_of(data)).blocks if isinstance(block, Table)}


def lines(data: dict[str, Any], name: str = "summary") -> list[dict[str, str]]:
    """Rows of a table, each cell under its headers, without those that span the table."""
    table = tables(data)[name]
    heads = [" ".join(part for part in (column.group, column.title) if part) for column in table.columns]
    return [dict(zip(heads, (cell.text for cell in row.cells), strict=True)) for row in table.rows if not row.heading]


def spans(data: dict[str, Any], name: str = "summary") -> list[str]:
    """The rows that span a table."""
    return [row.cells[0].text for row in tables(data)[name].rows if row.heading]


def worst(data: dict[str, Any], row: int = 0) -> str:
    """The worst on the left."""
    return lines(data)[row]["Left Worst before closing"]


def between(*readings: dict[str, Any]) -> dict[str, Any]:
    """Two left channels of one modality with readings between baseline and closing."""
    data = two_channels(reading(2.0), reading(2.0))
    for row, what in zip(data["channels"], readings, strict=True):
        row["measurements"].insert(1, measurement("intraop", "10:00", what))
    return data


class TestSides:
    def test_each_stands_in_its_columns(self):
        """Worst and closing, left and right; nothing about events where there is none."""
        assert lines(case(events=[]))[0] == {
            "Response": "Posterior tibial nerve SSEP (P37)",
            "Left Worst before closing": "95%, +0.4 ms",
            "Left Closing": "90%, +0.6 ms",
            "Right Worst before closing": "95%, +0.4 ms",
            "Right Closing": "90%, +0.6 ms",
        }

    def test_a_side_without_any_response_has_no_columns(self):
        """Empty columns tell nothing."""
        assert set(lines(two_channels(reading(1.9), reading(1.8)))[0]) == {
            "Response",
            "Left Worst before closing",
            "Left Closing",
        }

    @pytest.mark.parametrize(("side", "words"), [("midline", "midline"), ("not_recorded", "not recorded")])
    def test_what_has_neither_side_stands_apart(self, side, words):
        """Never under left or right."""
        data = two_channels(reading(1.9), reading(1.8))
        data["channels"][1]["side"] = side
        assert len(lines(data)) == 1
        (row,) = lines(data, "results-unsided")
        assert row == {
            "Response": "Common fibular nerve SSEP",
            "Side": words,
            "Worst before closing": "no reading",
            "Closing": "90%",
        }

    def test_alone_it_is_the_summary(self):
        """The table that others look for is there."""
        data = one_channel([baseline("08:30", reading(2.0))], HALF)
        data["channels"][0]["side"] = "not_recorded"
        assert lines(data)[0]["Side"] == "not recorded"


class TestWorst:
    def test_is_in_percent_of_baseline_with_its_time_where_it_is_for_the_worse(self):
        """Beyond the criterion, or lost."""
        assert worst(between(reading(0.8), reading(1.8))) == "40% (10:00)"
        assert worst(between(reading(0.8), reading(1.8)), 1) == "90%"
        assert worst(between({"state": "absent"}, reading(1.8))) == "absent (10:00)"

    def test_is_bold_where_the_criterion_was_met(self):
        """And nowhere else; the caption says what bold means."""
        table = tables(between(reading(0.8), reading(1.8)))["summary"]
        assert [row.cells[1].strong for row in table.rows if not row.heading] == [True, False]
        assert "bold: criterion met" in table.caption
        assert "bold" not in tables(case(events=[]))["summary"].caption

    @pytest.mark.parametrize(
        ("modality", "field", "site", "text"),
        [
            ("tcd", "velocity_cm_s", {}, "50%"),
            ("nirs", "saturation_pct", {}, "50%"),
            ("f_wave", "latency_ms", {"nerve": "posterior_tibial"}, "\u221230.0 ms"),
            ("emg_triggered_nerve", "threshold_ma", {"nerve": "posterior_tibial"}, "threshold \u221230.0 mA"),
        ],
    )
    def test_the_parameter_of_the_modality_is_shown(self, modality, field, site, text):
        """Flow and saturation in percent; what is judged by its difference as that."""
        rows = [baseline("08:30", reading(**{field: 60.0})), measurement("intraop", "10:00", reading(**{field: 30.0}))]
        assert worst(one_channel(rows, modality=modality, **(site or {"electrode": "fz"}))).startswith(text)

    def test_none_between_baseline_and_closing_is_said(self):
        """The closing state is never the worst."""
        rows = [baseline("08:30", {"state": "present"}), measurement("closing", "11:00", {"state": "absent"})]
        data = one_channel(rows, modality="lsr", muscle="mentalis")
        assert facts_of(data).of_kind("channel.worst")[0].text("text") == NO_READING
        assert worst(data) == "no reading"
        legend = "no reading: none recorded between baseline and closing"
        assert legend in tables(data)["summary"].caption
        assert legend not in tables(between(reading(0.8), reading(1.8)))["summary"].caption

    def test_an_event_that_names_no_response_says_so(self):
        """What it says is said of the row, of no response in it."""
        data = with_alert(channels=[], readings=[], retests=[], direction="hard_to_elicit")
        assert [
            row["Left Worst before closing"] for row in lines(data) if row["Response"] == "TcMEP, response not named"
        ] == ["hard to elicit, no value (10:00)"]


class TestEvents:
    def test_are_named_by_class(self):
        """In the row that they concern."""
        assert [row["Event"] for row in lines(with_alert())] == ["", "E1 alert"]

    def test_of_one_class_share_its_name(self):
        """Two alerts are alerts."""
        data = with_alert()
        data["events"].append({**data["events"][0], "id": "E2"})
        assert "E1 and E2 alerts" in {row["Event"] for row in lines(data)}

    def test_an_improvement_is_never_the_worst(self):
        """It is told by name; the closing shows where it came to."""
        data = one_channel(
            [baseline("08:30", reading(1.0)), measurement("closing", "11:00", reading(1.9))],
            HALF,
        )
        data["events"] = [
            alert(
                event_class="improvement", modality="ssep_lower", channels=["c"], direction="increase", criterion=None
            )
            | {"readings": [{"channel": "c", "reading": reading(1.9)}], "retests": [], "resolution": None}
        ]
        (row,) = lines(data)
        assert (row["Left Worst before closing"], row["Left Closing"]) == ("no change for the worse, see E1", "190%")
        assert row["Event"] == "E1 improvement"


class TestTies:
    def test_of_equal_amplitudes_the_longer_latency_stands(self):
        """A latency that was recorded is not left out because two readings have one amplitude."""
        rows = [baseline("08:30", reading(2.0, 38.0))]
        rows += [
            measurement("intraop", clock, reading(1.8, late)) for clock, late in (("09:00", 38.2), ("10:00", 38.9))
        ]
        rows.append(measurement("closing", "11:00", reading(2.0, 38.0)))
        assert worst(one_channel(rows)) == "90%, +0.9 ms"


class TestTests:
    def screws(self, *tests: dict[str, Any]) -> dict[str, str]:
        """The row of screw tests."""
        data = case(threshold_tests=list(tests))
        data["modalities"].append({"modality": "emg_triggered_screw", "performed": True})
        data["criteria"].append(criterion("screw", "emg_triggered_screw", ("threshold_at_most_ma", 8.0)))
        (row,) = lines(data, "results-tests")
        return row

    def test_the_low_screw_stands_with_its_value_and_the_others_with_theirs(self):
        """Sides stand apart, and what gave no response is named too."""
        assert self.screws(
            screw("L4", "left", 18.0),
            screw("L5", "left", 5.2, at=at("09:30")),
            screw("L5", "left", 16.0, stage="after_redirection"),
            screw("S1", "left", None),
            screw("L4", "right", 14.0),
            screw("L5", "right", 17.0),
        ) == {
            "Stimulation": "Screw tEMG L4\u2013S1, 5 screws; criterion \u2264 8 mA",
            "Left Lowest threshold": "L5: 5.2 mA (first, 09:30), 16.0 mA (after redirection)",
            "Left Other places": "L4: 18.0 mA; S1: no response up to 20 mA",
            "Right Lowest threshold": "L4: 14.0 mA",
            "Right Other places": "L5: 17.0 mA",
        }

    def test_of_many_other_places_the_range_is_told_with_their_number(self):
        """Both ends are named."""
        levels = zip(("L1", "L2", "L3", "L4", "L5"), (12.0, 15.0, 14.0, 18.0, 16.0), strict=True)
        row = self.screws(*(screw(level, "left", amount) for level, amount in levels))
        assert row["Left Other places"] == "4 others: 14.0 mA (L3) to 18.0 mA (L4)"

    def test_equal_lowest_results_are_all_named(self):
        """None of two equals is the lowest alone."""
        row = self.screws(screw("L4", "left", 12.0), screw("L5", "left", 12.0), screw("S1", "left", 15.0))
        told = (row["Left Lowest threshold"], row["Left Other places"])
        assert told == ("L4: 12.0 mA; L5: 12.0 mA", "S1: 15.0 mA")

    def test_a_test_without_a_side_stands_apart(self):
        """Under neither side."""
        data = case(threshold_tests=[screw("L4", "not_recorded", 12.0)])
        assert lines(data, "results-tests-unsided")[0]["Side"] == "not recorded"


class TestMapping:
    def test_results_stand_with_their_sites(self):
        """In the words of the record, left and right apart."""
        mapped = {"modality": "mer", "side": "left", "site": "central track", "result": "border entry"}
        data = case(mapping_tests=[mapped, {**mapped, "side": "right", "result": "border exit"}])
        assert lines(data, "results-mapping") == [
            {"Mapping": "MER", "Left": "central track: border entry", "Right": "central track: border exit"}
        ]


class TestSpans:
    def test_the_block_of_the_muscles_takes_one_line(self):
        """What all readings have in common."""
        data = case(events=[])
        data["anesthesia"]["train_of_four"] = [
            {"at": at(clock), "count": 4, "side": "left", "muscle": "abductor_hallucis"} for clock in ("08:25", "11:40")
        ]
        assert spans(data)[-1] == "TOF: 4/4 in all 2 readings, 08:25 to 11:40, left AH"

    def test_counts_that_differ_stand_with_their_times(self):
        """A range over all readings would say nothing of the block at the tests."""
        data = case(events=[])
        counted = (("08:00", 2), ("08:25", 4), ("11:40", 4))
        data["anesthesia"]["train_of_four"] = [{"at": at(clock), "count": count} for clock, count in counted]
        assert spans(data)[-1] == "TOF: 4/4 in 2 readings, 08:25 to 11:40; 2/4 at 08:00"
        data["anesthesia"]["train_of_four"][0]["at"] = at("09:00")
        assert spans(data)[-1] == "TOF: 4/4 at 08:25 and 11:40; 2/4 at 09:00"

    def test_an_alert_that_no_value_decides_says_so(self):
        """Its row is not bold, and its event is."""
        quality = {"state": "present", "description": "less than before"}
        data = with_alert(readings=[{"channel": "mep-l", "reading": quality}])
        told = (
            "E1: recorded as alert; its criterion, amplitude decrease of at least 80% or loss of the response, "
            "could not be checked: a usable amplitude of a response, or its baseline, is not recorded"
        )
        assert spans(data)[-1] == told
        assert told not in spans(with_alert())

    def test_a_criterion_that_is_seen_in_the_trace_is_said_to_be(self):
        """No value is missing for it."""
        data = with_alert()
        data["criteria"][-1]["conditions"] = [{"parameter": "sustained_activity"}]
        assert spans(data)[-1] == (
            "E1: recorded as alert; its criterion, sustained train or neurotonic activity, is judged from the trace; "
            "no recorded value shows whether it was met"
        )

    def test_a_modality_of_which_nothing_was_read_is_named(self):
        """It was performed, and the record has no reading of it."""
        data = case(events=[])
        data["modalities"].append({"modality": "dwave", "performed": True})
        assert "D-wave: performed; no reading recorded" in spans(data)

    def test_no_result_is_said_to_be_none(self):
        """The section is never empty."""
        declined = [{"modality": "tcmep", "performed": False, "not_performed_reason": "not_requested"}]
        data = case(events=[], channels=[], modalities=declined)
        data["anesthesia"]["train_of_four"] = []
        assert [list(row.values()) for row in lines(data)] == [["No result is recorded."]]


def screw(level: str, side: str, threshold: float | None, **more: Any) -> dict[str, Any]:
    """A test of a pedicle screw; without a threshold it gave no response up to 20 mA."""
    result = {"outcome": "threshold", "threshold_ma": threshold} if threshold else {"outcome": "no_response"}
    return {"kind": "screw", "level": level, "side": side, "max_tested_ma": 20.0, **result, **more}
