"""Which trends are drawn, in which order, and where their lines run."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.document.figures import Point, Series, TrendFigure
from report_gen.draft.figures.trends import Trends, trends
from tests.cases.busy import busy_case
from tests.cases.parts import at, baseline, criterion, measurement, reading
from tests.cases.quiet import alert, channel_of, with_alert
from tests.cases.reports import facts_of

ABSENT = {"state": "absent"}


def _trends(data: dict[str, Any]) -> Trends:
    return trends(facts_of(data))


def _first(data: dict[str, Any]) -> TrendFigure:
    return _trends(data).report[0]


def _curve(data: dict[str, Any], label: str = "L AH") -> Series:
    return next(curve for curve in _first(data).series if curve.label == label)


def _course(*rows: tuple[str, dict[str, Any]], **event: Any) -> dict[str, Any]:
    """A case with an alert of the left TcMEP at 10:00, its baseline at 08:30, and these readings in between."""
    data = with_alert(**event)
    readings = [measurement("intraop", clock, what) for clock, what in rows]
    closing = measurement("closing", "11:46", reading(360.0))
    channel_of(data, "mep-l")["measurements"] = [baseline("08:30", reading(400.0)), *readings, closing]
    return data


def _joins(points: tuple[Point, ...]) -> list[tuple[str, str]]:
    return [(point.text, point.joined) for point in points]


class TestLines:
    def test_readings_close_in_time_are_joined_and_far_ones_by_dots(self):
        """Twenty minutes is close; after them nobody looked for a while."""
        data = _course(
            ("09:20", reading(400.0)), ("09:40", reading(392.0)), onset_kind="gradual", readings=[], retests=[]
        )
        assert _joins(_curve(data).points) == [("", "none"), ("100%", "dots"), ("98%", "line"), ("90%", "dots")]

    def test_no_line_runs_across_a_break_of_the_modality(self):
        """The gap is drawn, and one of another modality is neither drawn nor in the way."""
        data = _course(("10:40", reading(300.0)), ("10:50", reading(310.0)), ("11:00", reading(320.0)))
        gap = {"kind": "gap", "reason": "cautery", "start_at": at("10:42"), "end_at": at("10:48")}
        other = {"kind": "gap", "reason": "cautery", "start_at": at("10:52"), "end_at": at("10:58")}
        data["intervals"] += [{**gap, "modalities": ["tcmep"]}, {**other, "modalities": ["ssep_lower"]}]
        joined = {point.at.strftime("%H:%M"): point.joined for point in _curve(data).points}
        assert (joined["10:50"], joined["11:00"]) == ("none", "line")
        assert [span.start_at.strftime("%H:%M") for span in _first(data).breaks] == ["10:42"]

    def test_no_line_runs_to_an_absent_response_or_from_one(self):
        """The loss was found, its decline was not."""
        data = _course(
            ("09:50", reading(400.0)),
            direction="loss",
            onset_kind="gradual",
            readings=[{"channel": "mep-l", "reading": ABSENT}],
        )
        assert _joins(_curve(data).points)[1:] == [
            ("100%", "dots"),
            ("absent", "none"),
            ("85%", "none"),
            ("90%", "dots"),
        ]

    @pytest.mark.parametrize(
        ("onset", "joined"), [("sudden", "none"), ("unknown", "none"), ("gradual", "line"), ("stepwise", "line")]
    )
    def test_no_line_runs_into_an_onset_that_nobody_saw_coming(self, onset, joined):
        """The reading at which a change was found hangs on the one before only where the course was seen."""
        points = _curve(_course(("09:50", reading(400.0)), onset_kind=onset)).points
        assert [point.joined for point in points if point.text == "15%"] == [joined]

    def test_an_absent_response_says_so_with_its_time(self):
        """It is no nought percent."""
        data = _course(direction="loss", readings=[{"channel": "mep-l", "reading": ABSENT}])
        point = next(point for point in _curve(data).points if point.absent)
        assert (point.text, point.when, point.value) == ("absent", "10:00", 0.0)

    def test_a_response_lost_to_close_ends_absent(self):
        """In the words at its end."""
        data = _course(direction="loss", readings=[{"channel": "mep-l", "reading": ABSENT}], retests=[])
        channel_of(data, "mep-l")["measurements"][-1]["reading"] = ABSENT
        assert _curve(data).final_label == "absent"


def _sensory_alert(name: str, **more: Any) -> dict[str, Any]:
    told = {"id": name, "modality": "ssep_lower", "channels": ["ssep-l"], "criterion": "ssep", "onset_at": at("10:30")}
    rows = {
        "readings": [{"channel": "ssep-l", "reading": reading(0.8, 41.0)}],
        "retests": [{"at": at("10:50"), "readings": [{"channel": "ssep-l", "reading": reading(1.9, 40.2)}]}],
    }
    return alert(**{**told, **rows, **more})


class TestWhichAreDrawn:
    def order(self, data: dict[str, Any]) -> tuple[list[str], list[str]]:
        """Modalities drawn in the report, and in the technical record."""
        made = _trends(data)
        return [figure.id for figure in made.report], [figure.id for figure in made.record]

    def test_the_alert_that_did_not_recover_comes_before_the_one_that_did(self):
        """Whatever the order of the record; of two accounts of alerts the report draws the gravest."""
        data = with_alert(resolution={"resolution_class": "partial", "at": at("10:15"), "assigned_by": "prof1"})
        data["events"].append(_sensory_alert("E2"))
        assert self.order(data) == (["trend-tcmep"], ["trend-ssep_lower"])

    def test_what_closed_beyond_its_criterion_comes_first_of_all(self):
        """Before an alert that is recorded as not recovered."""
        data = with_alert(resolution={"resolution_class": "partial", "at": at("10:15"), "assigned_by": "prof1"})
        data["events"].append(_sensory_alert("E2"))
        channel_of(data, "ssep-l")["measurements"][-1]["reading"] = reading(0.6, 41.0)
        assert self.order(data)[0] == ["trend-ssep_lower"]

    def test_a_modality_with_changes_alone_goes_to_the_technical_record(self):
        """The report names it."""
        data = with_alert()
        data["events"].append(_sensory_alert("E2", event_class="change"))
        made = _trends(data)
        assert self.order(data) == (["trend-tcmep"], ["trend-ssep_lower"])
        assert "Not drawn, but in the technical record: trend of lower-limb SSEP." in [
            omission.text for omission in made.report[-1].note
        ]

    def test_without_an_alert_the_gravest_event_has_the_one_trend(self):
        """A change that met nothing is still the case's event."""
        assert self.order(with_alert(event_class="change")) == (["trend-tcmep"], [])

    def test_events_are_marked_and_everything_drawn_cites(self):
        """Each statement of the figure names facts."""
        facts = facts_of(with_alert())
        (figure,) = trends(facts).report
        assert [(mark.kind, mark.label) for mark in figure.marks] == [("alert", "E1")]
        assert all(names and set(names) <= set(facts.by_id) for _, names in figure.statements())


class TestWhatIsLeftOut:
    def notes(self, data: dict[str, Any]) -> list[str]:
        """The notes under the trends of the report."""
        return [omission.text for figure in _trends(data).report for omission in figure.note]

    def test_readings_without_a_time_or_percentage_are_named_under_the_trend(self):
        """With their response."""
        data = with_alert()
        rows = channel_of(data, "mep-l")["measurements"]
        rows.insert(1, measurement("intraop", None, reading(330.0)))
        rows.insert(2, measurement("intraop", "10:30", reading(9000.0)))
        assert self.notes(data) == [
            "Not drawn, without a time or a percentage of baseline to print: L AH 330 µV and 9000 µV."
        ]

    def test_responses_and_modalities_that_are_not_drawn_are_named(self):
        """Too few values; too many lines; a modality without percentages."""
        data = busy_case()
        data["channels"] = [row for row in data["channels"] if row["id"] != "tibialis_anterior-r"]
        kept = channel_of(data, "abductor_hallucis-r")
        kept["measurements"] = kept["measurements"][:1]
        assert "Not drawn, fewer than two timed values in percent of baseline: R AH." in self.notes(data)

    def test_of_more_than_eight_responses_those_of_events_stay_and_the_rest_are_named(self):
        """None is left out in silence."""
        data = with_alert()
        muscles = ("deltoid", "biceps", "triceps", "tibialis_anterior", "vastus_lateralis")
        for muscle in muscles:
            for side in ("left", "right"):
                row = {**channel_of(data, "mep-r"), "id": f"{muscle}-{side}", "side": side, "muscle": muscle}
                data["channels"].append(row)
        figure = _first(data)
        assert len(figure.series) == 8
        assert "L AH" in [curve.label for curve in figure.series]
        (note,) = [text for text in self.notes(data) if "beyond 8 responses" in text]
        named = note.partition(": ")[2].rstrip(".").replace(", and ", ", ").split(", ")
        assert len(named) == 4
        assert not set(named) & {curve.label for curve in figure.series}


class TestCriterionLine:
    def lines(self, *conditions: tuple[str, float | None]) -> list[Any]:
        """The lines of a case whose criteria have these conditions, one criterion each row."""
        data = with_alert()
        data["criteria"] = [criterion("x", "tcmep", *conditions)]
        for event in data["events"]:
            event["criterion"] = "x"
        return [line for figure in _trends(data).report for line in figure.criterion]

    @pytest.mark.parametrize(
        ("conditions", "beginning"),
        [
            ([("amplitude_decrease_pct", 50.0)], "criterion in force, amplitude"),
            ([("amplitude_decrease_pct", 50.0), ("latency_increase_pct", 10.0)], "amplitude part alone of the"),
            ([("amplitude_decrease_pct", 50.0), ("response_loss", None)], "amplitude part alone of the"),
        ],
    )
    def test_a_line_at_a_share_of_the_amplitude_is_no_criterion_of_latency(self, conditions, beginning):
        """The line shows the amplitude part of a criterion; its label says so where there is more to it."""
        lines = self.lines(*conditions)
        assert lines
        assert all(line.label.startswith(beginning) for line in lines)

    def test_a_line_says_what_it_is_beside_it(self):
        """A decrease of eighty percent stands at twenty percent of baseline."""
        assert [(line.value, line.short) for line in self.lines(("amplitude_decrease_pct", 80.0))] == [
            (20.0, "80% decrease")
        ]

    def test_two_criteria_of_one_share_have_one_line(self):
        """Printed once, citing both."""
        data = with_alert()
        data["criteria"] = [
            criterion(name, "tcmep", ("amplitude_decrease_pct", 80.0), ("response_loss", None)) for name in ("mep", "b")
        ]
        (line,) = _first(data).criterion
        assert line.facts == ("criterion.mep", "criterion.b")
        assert line.label.count("amplitude part") == 1
