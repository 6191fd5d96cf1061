"""An event's class, direction and resolution against its values: each contradiction both ways."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, baseline, reading
from tests.cases.quiet import alert, channel_of, closing, modality_of, one_channel, resolved, with_alert
from tests.cases.reports import codes, told


class TestResolution:
    @pytest.mark.parametrize("kind", ["full_return", "within_criterion"])
    @pytest.mark.parametrize("value", [reading(40.0), {"state": "absent"}])
    def test_resolved_while_the_last_value_meets_the_criterion(self, kind, value):
        """Beyond the criterion, or no response at all."""
        assert told(resolved(kind, value=value), "resolved_beyond_criterion") == [("block", "/events/0/resolution")]

    @pytest.mark.parametrize(
        ("kind", "value"),
        [("partial", reading(40.0)), ("within_criterion", reading(340.0)), ("within_criterion", {"state": "present"})],
    )
    def test_an_end_that_fits_its_values_is_quiet(self, kind, value):
        """Partial recovery may still be beyond; an unknown value contradicts nothing."""
        assert told(resolved(kind, value=value), "resolved_beyond_criterion") == []

    @pytest.mark.parametrize(("clock", "fires"), [("10:15", False), ("10:16", True)])
    def test_a_class_later_than_the_readings_is_asked_about(self, clock, fires):
        """The re-test at 10:15 was within the criterion already; that closes nothing."""
        data = with_alert(resolution={"resolution_class": "within_criterion", "at": at(clock), "assigned_by": "prof1"})
        found = told(data, "classed_after_within")
        assert found == ([("warn", "/events/0/resolution")] if fires else [])

    def test_a_return_to_within_what_was_never_left_is_asked_about(self):
        """No value of the event met the criterion."""
        data = with_alert(
            readings=[{"channel": "mep-l", "reading": reading(340.0)}],
            resolution={"resolution_class": "within_criterion", "at": at("10:15"), "assigned_by": "prof1"},
        )
        assert told(data, "within_without_beyond") == [("warn", "/events/0/resolution")]

    def test_the_last_value_counts_not_an_earlier_one(self):
        """Two re-tests: the second one decides."""
        rows = [
            {"at": at(clock), "readings": [{"channel": "mep-l", "reading": reading(value)}]}
            for clock, value in (("10:08", 40.0), ("10:15", 350.0))
        ]
        assert codes(with_alert(retests=rows)) == []

    @pytest.mark.parametrize("what", [reading(40.0), {"state": "absent"}])
    def test_resolved_and_beyond_at_closing(self, what):
        """Something happened afterwards."""
        assert told(closing(with_alert(), "mep-l", what), "resolved_beyond_at_closing") == [
            ("block", "/events/0/resolution")
        ]

    def test_a_later_event_explains_the_closing(self):
        """The second event of the response tells what happened."""
        data = closing(with_alert(), "mep-l", reading(40.0))
        later = alert(id="E2", onset_at=at("11:00"), retests=[], resolution={"resolution_class": "unchanged"})
        later["interventions"] = later["notifications"] = []
        data["events"].append(later)
        assert told(data, "resolved_beyond_at_closing") == []

    def test_a_full_return_far_below_baseline_is_asked_about(self):
        """45 percent of baseline is within a criterion of 80 percent and no return to baseline."""
        data = resolved("full_return", value=reading(180.0))
        assert told(data, "full_return_below_baseline") == [("warn", "/events/0/resolution")]

    @pytest.mark.parametrize(("kind", "value"), [("full_return", 380.0), ("within_criterion", 180.0)])
    def test_a_return_near_baseline_or_to_within_criterion_is_not(self, kind, value):
        """Each word fits its value."""
        assert told(resolved(kind, value=reading(value)), "full_return_below_baseline") == []

    @pytest.mark.parametrize(("kind", "fires"), [("unchanged", True), ("worsened", True), ("partial", False)])
    def test_unresolved_while_within_the_criterion_it_met(self, kind, fires):
        """Unchanged cannot be within what it was beyond."""
        data = resolved(kind, value=reading(350.0))
        assert bool(told(data, "unresolved_within_criterion")) is fires

    def test_unchanged_below_the_criterion_is_quiet(self):
        """A change that never met its criterion may stay as it was."""
        data = resolved("unchanged", value=reading(200.0), event_class="change")
        data["events"][0]["readings"][0]["reading"] = reading(210.0)
        assert codes(data) == []

    @pytest.mark.parametrize(("what", "fires"), [(reading(360.0), True), ({"state": "absent"}, False)])
    def test_lost_to_close_and_present_at_closing(self, what, fires):
        """Lost means absent to the end."""
        data = closing(resolved("lost_to_close", value={"state": "absent"}), "mep-l", what)
        assert bool(told(data, "lost_but_present")) is fires

    def test_superseded_without_a_new_baseline(self):
        """A new baseline has to be there, as a reading or as a reset of the modality."""
        data = resolved("superseded_by_new_baseline", value=reading(100.0))
        assert told(data, "superseded_without_reset") == [("block", "/events/0/resolution")]
        modality_of(data, "tcmep")["baseline_resets"] = [{"at": at("10:14"), "reason": "fade"}]
        assert told(data, "superseded_without_reset") == []
        modality_of(data, "tcmep")["baseline_resets"] = []
        reset = baseline("10:14", reading(100.0), "reset")
        channel_of(data, "mep-l")["measurements"].insert(1, reset)
        assert told(data, "superseded_without_reset") == []


class TestClassAndDirection:
    def test_an_alert_with_no_notification(self):
        """Nobody was told."""
        data = with_alert(notifications=[])
        assert told(data, "alert_without_notification") == [("block", "/events/0/notifications")]
        assert told(with_alert(event_class="change", notifications=[]), "alert_without_notification") == []

    @pytest.mark.parametrize(("kind", "fires"), [("alert", True), ("status", False)])
    def test_a_change_that_the_log_calls_an_alert(self, kind, fires):
        """The two words are kept apart."""
        data = with_alert(event_class="change", readings=[{"channel": "mep-l", "reading": reading(200.0)}])
        row = {"from_role": "technologist", "to_role": "surgeon", "kind": kind, "event": "E1"}
        data["communication"]["messages"] = [row]
        assert bool(told(data, "change_reported_as_alert")) is fires

    @pytest.mark.parametrize(("value", "fires"), [(60.0, True), (200.0, False)])
    def test_a_change_beyond_the_criterion_is_asked_about(self, value, fires):
        """A change that meets the criterion may be an alert."""
        data = with_alert(event_class="change", readings=[{"channel": "mep-l", "reading": reading(value)}])
        assert bool(told(data, "change_beyond_criterion")) is fires

    def test_a_signal_event_without_change(self):
        """An alert about nothing."""
        assert told(with_alert(direction="none"), "event_without_direction") == [("block", "/events/0/direction")]

    @pytest.mark.parametrize(
        ("direction", "value", "code"),
        [
            ("loss", reading(60.0), "loss_with_values"),
            ("loss", {"state": "present"}, "loss_with_values"),
            ("loss", {"state": "absent"}, None),
            ("loss", reading(0.0), None),
            ("decrease", {"state": "absent"}, "attenuation_with_absent_response"),
            ("decrease", reading(60.0), None),
            ("return", {"state": "absent"}, "return_with_absent_response"),
            ("decrease", reading(500.0), "direction_against_value"),
            ("increase", reading(60.0), "direction_against_value"),
            ("increase", reading(500.0), None),
        ],
    )
    def test_value_against_direction(self, direction, value, code):
        """Loss, attenuation, return and sign each fit the values or are asked about."""
        data = with_alert(direction=direction, readings=[{"channel": "mep-l", "reading": value}])
        found = {row for row in codes(data) if "loss" in row or "absent" in row or "direction" in row}
        assert found == ({f"contradiction.{code}"} if code else set())

    @pytest.mark.parametrize(
        ("direction", "latency", "fires"),
        [
            ("prolonged_latency", 39.0, True),
            ("prolonged_latency", 45.0, False),
            ("shortened_latency", 45.0, True),
            ("decrease_and_prolongation", 39.0, True),
        ],
    )
    def test_latency_against_direction(self, direction, latency, fires):
        """A latency that went the other way."""
        data = with_alert(
            modality="ssep_lower",
            channels=["ssep-l"],
            criterion="ssep",
            direction=direction,
            readings=[{"channel": "ssep-l", "reading": reading(0.9, latency)}],
            retests=[],
            resolution=None,
        )
        assert bool(told(data, "direction_against_value")) is fires

    @pytest.mark.parametrize(("direction", "fires"), [("decrease", False), ("increase", True)])
    @pytest.mark.parametrize(("modality", "field"), [("tcd", "velocity_cm_s"), ("nirs", "saturation_pct")])
    def test_flow_and_saturation_against_direction(self, modality, field, direction, fires):
        """A decrease is about what the modality measures."""
        data = one_channel([baseline("08:30", reading(**{field: 60.0}))], modality=modality, electrode="fz")
        data["events"] = [
            alert(modality=modality, channels=["c"], direction=direction, retests=[], resolution=None)
            | {"criterion": None, "readings": [{"channel": "c", "reading": reading(**{field: 30.0})}]}
        ]
        assert bool(told(data, "direction_against_value")) is fires

    def test_a_control_channel_has_its_own_direction(self):
        """A larger control response does not contradict a decrease."""
        rows = [{"channel": "mep-l", "reading": reading(60.0)}, {"channel": "mep-r", "reading": reading(450.0)}]
        assert codes(with_alert(readings=rows)) == []
