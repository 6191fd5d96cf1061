"""What the timeline takes out of the facts, and what it says that it leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.document.figures import Lane, TimelineFigure
from report_gen.draft.figures.timeline import timeline
from tests.cases.parts import at
from tests.cases.quiet import alert, case, with_alert
from tests.cases.reports import facts_of


def _drawn(data: dict[str, Any]) -> TimelineFigure:
    figure = timeline(facts_of(data))
    assert figure is not None
    return figure


def _notes(data: dict[str, Any]) -> list[str]:
    return [omission.text for omission in _drawn(data).note]


def _lane(figure: TimelineFigure, modality: str) -> Lane | None:
    """The lane that shows breaks or events of a modality by itself."""
    lanes = [lane for lane in figure.lanes if f"modality.{modality}" in lane.facts and lane.label != "all modalities"]
    return lanes[0] if lanes else None


def _break(kind: str, start: str, end: str, *modalities: str) -> dict[str, Any]:
    reason = {"gap": "cautery", "outage": "internet_loss", "standby": "surgeon_request"}[kind]
    row = {"kind": kind, "start_at": at(start), "end_at": at(end), "reason": reason}
    return row | ({"modalities": list(modalities)} if modalities else {})


class TestLanes:
    @pytest.mark.parametrize(
        ("modality", "other"),
        [("eeg", "eeg_processed"), ("nap", "cnap"), ("cortical_mapping", "subcortical_mapping")],
    )
    def test_a_gap_is_drawn_on_the_lane_of_its_modality(self, modality, other):
        """Not on that of a modality whose printed name it holds, which has none."""
        data = case()
        data["modalities"] += [{"modality": code, "performed": True} for code in (modality, other)]
        data["intervals"].append(_break("gap", "09:50", "10:10", other))
        figure = _drawn(data)
        lane = _lane(figure, other)
        assert lane is not None
        assert [span.label for span in lane.spans if span.kind == "gap"] == ["data gap"]
        assert _lane(figure, modality) is None

    def test_a_quiet_case_has_no_lane_and_names_what_has_none(self):
        """A row of bars that all say the same is no news."""
        figure = _drawn(case(events=[]))
        assert figure.lanes == ()
        (note,) = figure.note
        assert note.text == (
            "No lane for lower-limb SSEP and TcMEP, which have no alert, change, improvement, or break of their own."
        )
        assert note.facts == ("modality.ssep_lower", "modality.tcmep")

    def test_an_event_has_its_lane_and_the_others_are_named(self):
        """Only what holds something."""
        figure = _drawn(with_alert())
        assert [(lane.label, [mark.label for mark in lane.marks]) for lane in figure.lanes] == [("TcMEP", ["E1"])]
        assert "No lane for lower-limb SSEP, which has no alert, change, improvement, or break of its own." in _notes(
            with_alert()
        )

    def test_modalities_with_the_same_break_share_a_lane(self):
        """One gap of two modalities is one gap."""
        data = case(events=[])
        data["intervals"].append(_break("gap", "09:50", "10:10", "ssep_lower", "tcmep"))
        figure = _drawn(data)
        assert [(lane.label, lane.facts) for lane in figure.lanes] == [
            ("lower-limb SSEP, TcMEP", ("modality.ssep_lower", "modality.tcmep"))
        ]

    def test_a_break_has_its_words_once(self):
        """On the first lane that shows it; the lane of an event shows the stretch."""
        data = with_alert()
        data["intervals"].append(_break("gap", "09:50", "10:10", "ssep_lower", "tcmep"))
        spans = [span for lane in _drawn(data).lanes for span in lane.spans if span.kind == "gap"]
        assert [span.label for span in spans] == ["data gap", ""]

    def test_outage_and_stand_by_of_the_whole_case_are_told_apart_in_words(self):
        """An outage stopped no recording: the lane of a modality shows the stand-by alone."""
        data = with_alert()
        data["intervals"] += [_break("outage", "09:10", "09:20"), _break("standby", "11:00", "11:10")]
        whole, motor = _drawn(data).lanes
        assert [span.label for span in whole.spans] == ["", "link outage", "stand-by"]
        assert [(span.kind, span.label) for span in motor.spans] == [("monitored", ""), ("standby", "")]

    def test_everything_drawn_cites(self):
        """Each statement of the figure names facts."""
        data = with_alert()
        data["intervals"].append(_break("standby", "11:00", "11:10"))
        facts = facts_of(data)
        figure = timeline(facts)
        assert figure is not None
        assert all(names and set(names) <= set(facts.by_id) for _, names in figure.statements())


class TestSteps:
    def ranked(self, data: dict[str, Any]) -> list[str]:
        """Steps and hand-overs, those first that get their words first."""
        figure = _drawn(data)
        steps = sorted((*figure.steps, *figure.handovers), key=lambda step: step.rank)
        return [step.label for step in steps]

    def test_the_step_before_an_alert_comes_first(self):
        """Then this operation's own steps, then those of every operation."""
        data = with_alert()
        data["milestones"] += [
            {"code": "correction", "at": at("09:57")},
            {"code": "implant_placed", "at": at("10:50")},
            {"code": "position_end", "at": at("08:10")},
        ]
        assert self.ranked(data) == [
            "deformity correction",
            "implant placed",
            "incision",
            "closure start",
            "skin closed",
            "positioning complete",
        ]

    def test_a_step_inside_the_time_in_which_an_event_set_in_is_nearest(self):
        """Of an onset without a time, all between the last unaffected trace and the notice is near."""
        data = with_alert(
            onset_at=None, onset_kind="unknown_gap", last_unaffected_at=at("09:30"), noticed_at=at("10:20")
        )
        data["milestones"] += [{"code": "correction", "at": at("09:40")}, {"code": "implant_placed", "at": at("10:22")}]
        assert self.ranked(data)[:2] == ["deformity correction", "implant placed"]

    def test_a_step_knows_its_time_in_words(self):
        """What has no room at its tick is told with it under the figure."""
        assert ("incision", "09:00") in [(step.label, step.when) for step in _drawn(case()).steps]


class TestWhatIsLeftOut:
    def test_an_event_and_an_act_without_a_time_are_named_under_the_timeline(self):
        """They are on no axis, and in no silence; nor is their modality said to be without an event."""
        data = with_alert(onset_at=None)
        data["events"][0]["interventions"][0].pop("at")
        data["milestones"].append({"code": "correction"})
        found = _notes(data)
        assert "Not drawn, without a recorded time: E1 (alert)." in found
        assert any("released" in row and "(E1)" in row for row in found)
        assert any("correction" in row for row in found)
        assert not any("No lane" in row and "TcMEP" in row for row in found)

    def test_entries_that_are_marked_on_no_lane_are_named_by_class(self):
        """With their numbers."""
        bare = {"event_class": "observation", "resolution": None, "interventions": [], "notifications": []}
        data = case(events=[alert(id=name, **bare) for name in ("E1", "E2")])
        assert "Not drawn: observation E1 and E2." in _notes(data)

    def test_a_modality_with_a_gap_of_unknown_time_is_not_said_to_be_without_one(self):
        """What has no time has no place, but it is recorded."""
        data = case(events=[])
        data["untimed_intervals"] = [{"kind": "gap", "reason": "cautery", "modalities": ["ssep_lower"]}]
        found = _notes(data)
        assert "Not drawn, without a recorded time: data gap (lower-limb SSEP)." in found
        assert not any("No lane" in row and "lower-limb SSEP" in row for row in found)


class TestTargets:
    def test_a_target_asked_for_takes_the_place_of_the_standing_one(self):
        """The standing one from its start to then, the other from then on."""
        asked = {"code": "raise_map", "at": at("10:08"), "actor": "anesthesia_team", "map_target_mmhg": 85}
        data = with_alert(interventions=[asked])
        data["anesthesia"]["map_target"] = {"map_mmhg": 65.0, "start_at": at("09:00")}
        figure = _drawn(data)
        steps = [(row.mmhg, row.start_at.strftime("%H:%M"), row.end_at) for row in figure.map_targets]
        assert [row[:2] for row in steps] == [(65, "09:00"), (85, "10:08")]
        assert steps[0][2] == figure.map_targets[1].start_at
        assert steps[1][2] == figure.end_at
