"""Every contradiction of §1.8 fires on the two statements that disagree, and only on them."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.errors import CaseInvalidError
from tests.building import (
    alert,
    at,
    baseline,
    case,
    channel,
    channel_of,
    codes,
    criterion,
    findings,
    loaded,
    measurement,
    modality_of,
    one_channel,
    reading,
    with_alert,
)

Data = dict[str, Any]


def told(data: Data, code: str) -> list[tuple[str, str]]:
    """Severity and place of the contradictions of a code."""
    return [(row.severity, row.pointer) for row in findings(data, f"contradiction.{code}")]


def resolved(kind: str, *, value: Data, **overrides: Any) -> Data:
    """An alert with a last value and a resolution class."""
    retest = {"at": at("10:15"), "readings": [{"channel": "mep-l", "reading": value}]}
    return with_alert(retests=[retest], resolution={"resolution_class": kind, "at": at("10:15")}, **overrides)


def closing(data: Data, name: str, what: Data) -> Data:
    """The case with another closing reading of a channel."""
    channel_of(data, name)["measurements"][-1]["reading"] = what
    return data


def says(words: str, data: Data | None = None) -> Data:
    """The case with an impression in these words."""
    target = case() if data is None else data
    target["opinion"]["impression"] = words
    return target


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


class TestChain:
    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"noticed_at": at("09:50")}, "/events/0"),
            ({"last_unaffected_at": at("10:01")}, "/events/0"),
            (
                {"interventions": [{"code": "pause_surgery", "actor": "surgeon", "at": at("09:59")}]},
                "/events/0/interventions/0",
            ),
            (
                {"retests": [{"at": at("09:59"), "readings": [{"channel": "mep-l", "reading": reading(340.0)}]}]},
                "/events/0/retests/0",
            ),
            ({"resolution": {"resolution_class": "within_criterion", "at": at("09:59")}}, "/events/0/resolution"),
        ],
    )
    def test_nothing_follows_from_an_event_before_its_onset(self, change, place):
        """Notice, action, re-test and end come after."""
        assert told(with_alert(**change), "chain_order") == [("block", place)]

    @pytest.mark.parametrize(("clock", "fires"), [("09:59", True), ("10:00", False)])
    def test_told_before_onset(self, clock, fires):
        """At the same minute is no contradiction."""
        data = with_alert()
        data["events"][0]["notifications"][0]["at"] = at(clock)
        assert bool(told(data, "chain_order")) is fires

    def test_told_before_it_was_noticed(self):
        """Where only the notice is known it is the start."""
        data = with_alert(onset_at=None, noticed_at=at("10:04"))
        message = findings(data, "contradiction.chain_order")[0].message
        assert message == "E1 is recorded as told before it was noticed."

    def test_acknowledged_before_anybody_was_told(self):
        """The answer comes after the word."""
        data = with_alert()
        data["events"][0]["notifications"][0]["acknowledged_at"] = at("10:01")
        assert told(data, "chain_order") == [("block", "/events/0/notifications/0")]

    def test_a_time_of_an_acknowledgement_that_did_not_happen(self):
        """Not acknowledged, at 10:03."""
        data = with_alert()
        data["events"][0]["notifications"][0]["acknowledged"] = "no"
        assert told(data, "acknowledgement_against_time") == [("block", "/events/0/notifications/0")]

    def test_retests_in_another_order_than_listed(self):
        """The list is in order of time."""
        rows = [
            {"at": at(clock), "readings": [{"channel": "mep-l", "reading": reading(340.0)}]}
            for clock in ("10:15", "10:10")
        ]
        assert told(with_alert(retests=rows), "chain_order") == [("block", "/events/0/retests/1")]

    @pytest.mark.parametrize(("clock", "fires"), [("11:51", True), ("11:50", False), ("08:40", False)])
    def test_outside_monitoring(self, clock, fires):
        """Baseline recording and the last minute are inside."""
        data = with_alert(onset_at=at(clock), interventions=[], retests=[], notifications=[], resolution=None)
        assert bool(told(data, "event_outside_monitoring")) is fires

    def test_without_intervals_nothing_is_outside(self):
        """Unknown monitoring contradicts nothing."""
        assert told({**with_alert(), "intervals": []}, "event_outside_monitoring") == []

    @pytest.mark.parametrize(
        ("modalities", "end", "fires"),
        [
            ([], "10:10", True),
            (["tcmep"], "10:10", True),
            (["ssep_lower", "tcmep"], "10:10", True),
            (["ssep_lower"], "10:10", False),
            ([], "10:00", False),
        ],
    )
    def test_inside_a_gap_of_its_modality(self, modalities, end, fires):
        """No data, no onset; an event noticed at the end of a gap is none."""
        data = with_alert()
        gap = {"kind": "gap", "start_at": at("09:50"), "end_at": at(end), "reason": "cautery", "modalities": modalities}
        data["intervals"].append(gap)
        assert bool(told(data, "event_inside_gap")) is fires

    @pytest.mark.parametrize(("clock", "fires"), [("08:31", True), ("08:32", False)])
    def test_before_the_first_baseline(self, clock, fires):
        """Nothing can change before it was recorded."""
        data = with_alert(onset_at=at(clock), interventions=[], retests=[], notifications=[], resolution=None)
        assert bool(told(data, "event_before_baseline")) is fires


class TestReadings:
    def test_a_closing_reading_later_than_the_last_data(self):
        """One of the two times is wrong."""
        data = case()
        modality_of(data, "tcmep")["last_data_at"] = at("11:45")
        assert told(data, "closing_after_last_data") == [
            ("block", f"/channels/{index}/measurements/1") for index in (2, 3)
        ]

    def test_any_other_reading_later_than_the_last_data(self):
        """Values of events too."""
        data = with_alert()
        modality_of(data, "tcmep")["last_data_at"] = at("10:10")
        assert told(data, "reading_after_last_data") == [("block", "/events/0/retests/0/readings/0")]

    @pytest.mark.parametrize(("stated", "fires"), [(90.0, False), (90.9, False), (91.1, True), (45.0, True)])
    def test_a_typed_percent_against_the_computed_one(self, stated, fires):
        """Rounding by a point is allowed."""
        data = closing(case(), "mep-l", reading(360.0, amplitude_pct_of_baseline=stated))
        place = "/channels/2/measurements/1/reading/amplitude_pct_of_baseline"
        assert told(data, "percent_typed_against_computed") == ([("block", place)] if fires else [])

    def test_a_typed_percent_without_values_stands_alone(self):
        """Nothing to compare with."""
        data = closing(case(), "mep-l", {"state": "present", "amplitude_pct_of_baseline": 90.0})
        assert told(data, "percent_typed_against_computed") == []

    @pytest.mark.parametrize(
        ("what", "fires"),
        [
            ({"state": "not_obtained", "reason": "preexisting_deficit", "reason_detail": "Canary Zebrafinch"}, True),
            ({"state": "absent"}, True),
            ({"state": "not_recorded"}, False),
            ({"state": "present"}, False),
        ],
    )
    def test_a_response_without_baseline(self, what, fires):
        """Unobtainable, and later there; the reason stays out of the message."""
        data = case()
        channel_of(data, "mep-l")["measurements"][0]["reading"] = what
        found = findings(data, "contradiction.no_baseline_then_value")
        assert [row.pointer for row in found] == (["/channels/2/measurements/0"] if fires else [])
        assert not any("Canary" in row.message for row in found)

    def test_a_value_in_an_event_counts_as_later(self):
        """Not only measurements."""
        data = closing(with_alert(), "mep-l", {"state": "absent"})
        channel_of(data, "mep-l")["measurements"][0]["reading"] = {"state": "absent"}
        assert told(data, "no_baseline_then_value") == [("block", "/channels/2/measurements/0")]

    def test_a_response_that_first_appears_as_an_improvement_is_none(self):
        """Decompression may bring it."""
        data = with_alert(event_class="improvement", direction="return", retests=[], criterion=None)
        channel_of(data, "mep-l")["measurements"][0]["reading"] = {"state": "absent"}
        assert told(data, "no_baseline_then_value") == []

    def test_a_reading_beyond_the_criterion_without_an_event(self):
        """Something happened that no chain tells."""
        data = closing(case(), "mep-l", reading(40.0))
        assert told(data, "beyond_criterion_without_event") == [("warn", "/channels/2/measurements/1")]

    @pytest.mark.parametrize("channels", [["mep-l"], []])
    def test_an_event_about_it_tells(self, channels):
        """By its channel, or by its modality where it names none."""
        data = closing(with_alert(channels=channels), "mep-l", reading(40.0))
        assert told(data, "beyond_criterion_without_event") == []

    def test_unlateralised_channels_are_named_without_side(self):
        """A side that is not recorded is not printed as one."""
        loss = criterion("k", "dwave", ("amplitude_decrease_pct", 50.0))
        rows = [baseline("09:30", reading(20.0)), measurement("closing", "11:00", reading(5.0))]
        data = one_channel(rows, loss, modality="dwave", electrode="fz")
        data["channels"][0]["side"] = "not_recorded"
        message = findings(data, "contradiction.beyond_criterion_without_event")[0].message
        assert message.startswith("A reading of the Fz D-wave meets")


class TestBlock:
    """MEP and EMG statements while the block was complete."""

    def block(self, data: Data, *counts: tuple[str, int, str | None, str]) -> Data:
        """The case with train-of-four counts of `(time, count, muscle, side)`."""
        data["anesthesia"]["train_of_four"] = [
            {"at": at(clock), "count": number, "side": side, **({"muscle": muscle} if muscle else {})}
            for clock, number, muscle, side in counts
        ]
        return data

    FOOT, HAND = "abductor_hallucis", "adductor_pollicis"

    def fires(self, data: Data) -> list[str]:
        """Places of the finding."""
        return [place for _, place in told(data, "motor_under_block")]

    def test_a_motor_statement_after_a_count_of_zero(self):
        """One finding for the count, at the first statement after it."""
        assert self.fires(self.block(case(), ("08:20", 0, self.FOOT, "left"))) == ["/channels/2/measurements/0"]

    def test_a_statement_before_it_is_quiet(self):
        """Only what follows is in question."""
        assert self.fires(self.block(case(), ("11:50", 0, self.FOOT, "left"))) == []

    def test_recovery_ends_it(self):
        """A later count above zero at the same site."""
        counts = [("08:00", 0, self.FOOT, "left"), ("08:25", 3, self.FOOT, "left")]
        assert self.fires(self.block(case(), *counts)) == []

    @pytest.mark.parametrize(("start", "fires"), [("08:10", False), ("07:50", True), ("11:48", True)])
    def test_reversal_between_ends_it(self, start, fires):
        """Sugammadex after the count and before the statement."""
        data = self.block(case(), ("08:00", 0, self.FOOT, "left"))
        data["anesthesia"]["agents"].append(
            {"agent": "sugammadex", "kind": "bolus", "dose": 200.0, "unit": "mg", "start_at": at(start)}
        )
        assert bool(self.fires(data)) is fires

    def test_reversal_as_an_intervention_ends_it(self):
        """Recorded with an event."""
        action = {"code": "reverse_nmb", "actor": "anesthesiologist", "at": at("10:05")}
        data = self.block(with_alert(interventions=[action]), ("10:02", 0, self.FOOT, "left"))
        assert self.fires(data) == []

    def test_the_site_of_the_statement_counts(self):
        """Foot recovered, hand blocked: a statement about the foot holds."""
        counts = [("08:25", 0, self.HAND, "left"), ("08:24", 4, self.FOOT, "left")]
        assert self.fires(self.block(case(), *counts)) == []

    def test_the_foot_blocked_beside_a_recovered_hand(self):
        """A count at the hand does not clear the foot."""
        counts = [("08:25", 4, self.HAND, "left"), ("08:24", 0, self.FOOT, "left")]
        assert self.fires(self.block(case(), *counts)) == ["/channels/2/measurements/0"]

    def test_the_side_of_the_statement_counts(self):
        """Left blocked and right recovered: only the left statement is in question."""
        counts = [("08:25", 4, self.FOOT, "right"), ("08:24", 0, self.FOOT, "left")]
        assert self.fires(self.block(case(), *counts)) == ["/channels/2/measurements/0"]

    def test_a_clearly_newer_count_elsewhere_goes_before_an_old_one(self):
        """Hours later the hand tells more than the foot did."""
        counts = [("07:50", 0, self.FOOT, "left"), ("08:28", 4, self.HAND, "right")]
        assert self.fires(self.block(case(), *counts)) == []

    def test_another_site_serves_where_the_own_is_unknown(self):
        """A count without muscle is better than none."""
        assert self.fires(self.block(case(), ("08:20", 0, None, "left"))) == ["/channels/2/measurements/0"]

    def test_counts_followed_as_a_channel(self):
        """Train-of-four as a modality of its own."""
        data = self.block(case())
        data["modalities"].append({"modality": "tof", "performed": True, "last_data_at": at("11:50")})
        rows = [baseline("08:25", reading(tof_count=0))]
        data["channels"].append(channel("t", "tof", "left", rows, muscle=self.FOOT))
        assert self.fires(data) == ["/channels/2/measurements/0"]

    def test_a_modality_without_muscles_is_not_concerned(self):
        """SSEP do not depend on the block."""
        data = self.block(case(), ("08:20", 0, self.FOOT, "left"))
        data["channels"] = data["channels"][:2]
        assert self.fires(data) == []

    @pytest.mark.parametrize(("level", "muscle"), [("L4", FOOT), ("C5", HAND), ("T6", None)])
    def test_screw_tests_are_statements(self, level, muscle):
        """At their level's part of the body."""
        data = self.block(
            case(), ("10:00", 0, muscle, "left"), ("10:00", 4, {self.FOOT: self.HAND}.get(muscle, self.FOOT), "left")
        )
        data["channels"] = data["channels"][:2]
        data["threshold_tests"] = [
            {"kind": "screw", "level": level, "side": "left", "outcome": "no_response", "at": at("10:05")}
        ]
        assert self.fires(data) == ["/threshold_tests/0"]

    def test_an_event_and_its_untimed_values_are_statements(self):
        """At the time of the event."""
        data = self.block(with_alert(), ("09:58", 0, self.FOOT, "left"))
        for row in data["channels"][2:]:
            row["measurements"] = row["measurements"][:1]
        assert self.fires(data) == ["/events/0/readings/0"]

    def test_an_event_about_no_value_is_a_statement(self):
        """Its onset says that something was seen."""
        data = self.block(with_alert(readings=[], retests=[]), ("09:58", 0, self.FOOT, "left"))
        for row in data["channels"][2:]:
            row["measurements"] = row["measurements"][:1]
        assert self.fires(data) == ["/events/0"]


class TestSides:
    @pytest.mark.parametrize(
        ("side", "channels", "fires"),
        [
            ("left", ["mep-l"], False),
            ("right", ["mep-l"], True),
            ("bilateral", ["mep-l"], True),
            ("bilateral", ["mep-l", "mep-r"], False),
            ("left", ["mep-l", "mep-r"], True),
            ("not_applicable", ["mep-l"], True),
            ("not_recorded", ["mep-l"], False),
        ],
    )
    def test_event_against_channels(self, side, channels, fires):
        """Two sides are bilateral; an unknown side contradicts nothing."""
        data = with_alert(side=side, channels=channels)
        assert told(data, "event_side_against_channels") == ([("block", "/events/0/side")] if fires else [])

    @pytest.mark.parametrize(
        ("code", "side", "fires"),
        [
            ("G51.32", "right", True),
            ("G51.31", "right", False),
            ("M48.04", "right", False),
            ("G51.32", "not_applicable", False),
        ],
    )
    def test_code_against_diagnosis(self, code, side, fires):
        """The side in the code."""
        data = case(diagnoses=[{"text": "spasm", "icd10cm": code, "side": side}])
        assert told(data, "diagnosis_code_side") == ([("block", "/diagnoses/0/icd10cm")] if fires else [])

    @pytest.mark.parametrize(("words", "fires"), [("left spasm", True), ("right spasm", False), ("spasm", False)])
    def test_words_of_the_diagnosis_against_its_side(self, words, fires):
        """The text names the other side."""
        data = case(diagnoses=[{"text": words, "side": "right"}])
        assert bool(told(data, "diagnosis_text_side")) is fires

    @pytest.mark.parametrize(
        ("diagnoses", "fires"),
        [
            ([{"side": "right"}], True),
            ([{"side": "left"}], False),
            ([{"side": "right"}, {"side": "left"}], False),
            ([{"side": "bilateral"}], False),
            ([{"icd10cm": "G51.31"}], True),
            ([{}], False),
        ],
    )
    def test_diagnosis_against_surgery(self, diagnoses, fires):
        """None of the diagnoses lies on the side operated."""
        data = case(diagnoses=[{"text": "spasm", **row} for row in diagnoses])
        data["surgery"]["side"] = "left"
        assert bool(told(data, "diagnosis_against_surgery_side")) is fires

    @pytest.mark.parametrize(
        ("words", "fires"),
        [("Right TLIF", True), ("Left TLIF", False), ("TLIF left, graft right", False), ("TLIF", False)],
    )
    def test_words_of_the_procedure_against_its_side(self, words, fires):
        """What was scheduled and what was coded."""
        data = case()
        data["surgery"] |= {"side": "left", "procedure": words}
        assert bool(told(data, "procedure_text_side")) is fires


class TestTimes:
    @pytest.mark.parametrize(
        ("code", "clock", "fires"),
        [("closure_start", "08:59", True), ("skin_closed", "11:19", True), ("closure_start", "09:00", False)],
    )
    def test_milestones_in_order(self, code, clock, fires):
        """Incision before closure, closure before skin closed."""
        data = case()
        next(row for row in data["milestones"] if row["code"] == code)["at"] = at(clock)
        assert bool(told(data, "milestone_order")) is fires

    @pytest.mark.parametrize(("on", "off", "fires"), [("10:00", "10:20", False), ("10:20", "10:00", True)])
    def test_pairs_in_order(self, on, off, fires):
        """Clamp on before clamp off; the label of a step is free text and stays out of the message."""
        data = case()
        data["milestones"] += [
            {"code": "cross_clamp_on", "at": at(on), "label": "Canary Zebrafinch"},
            {"code": "cross_clamp_off", "at": at(off), "label": "Canary Zebrafinch"},
        ]
        found = findings(data, "contradiction.milestone_order")
        assert bool(found) is fires
        assert not any("Canary" in row.message for row in found)

    def test_anesthesia_may_start_before_the_room(self):
        """In the holding area."""
        data = case()
        data["milestones"].insert(0, {"code": "anesthesia_start", "at": at("07:20")})
        assert told(data, "milestone_order") == []

    def test_a_first_baseline_after_incision_is_asked_about(self):
        """Only where every baseline of the modality is later."""
        data = case()
        for name in ("mep-l", "mep-r"):
            channel_of(data, name)["measurements"][0]["at"] = at("09:10")
        modality_of(data, "tcmep")["baseline_review"]["at"] = at("09:12")
        assert told(data, "baseline_after_incision") == [("warn", "/channels/2/measurements/0")]
        channel_of(data, "mep-l")["measurements"][0]["at"] = at("08:32")
        assert told(data, "baseline_after_incision") == []

    @pytest.mark.parametrize("modality", ["dwave", "cortical_mapping"])
    def test_modalities_of_the_open_field_start_later(self, modality):
        """An epidural electrode needs the exposure."""
        data = one_channel([baseline("09:30", reading(20.0))], modality=modality, electrode="fz")
        assert told(data, "baseline_after_incision") == []

    def test_without_incision_nothing_is_later(self):
        """Unknown contradicts nothing."""
        data = case()
        del data["milestones"][1]
        assert told(data, "baseline_after_incision") == []

    @pytest.mark.parametrize(("clock", "fires"), [("08:29", True), ("08:30", False)])
    def test_a_review_before_the_first_baseline(self, clock, fires):
        """Nothing was there to review."""
        data = case()
        modality_of(data, "ssep_lower")["baseline_review"]["at"] = at(clock)
        assert told(data, "review_before_baseline") == ([("block", "/modalities/0/baseline_review")] if fires else [])

    @pytest.mark.parametrize(
        ("relation", "end", "fires"),
        [
            ("before_closure", "11:50", True),
            ("before_closure", "11:10", False),
            ("after_skin_closure", "11:10", True),
            ("after_emergence", "12:00", False),
            ("at_skin_closure", "11:49", False),
        ],
    )
    def test_the_end_of_monitoring_against_its_times(self, relation, end, fires):
        """What is said of the end, and when the last interval ends."""
        data = case(monitoring_end={"relation": relation, "reason": "request"})
        data["intervals"][2]["end_at"] = at(end)
        assert told(data, "monitoring_end_against_times") == ([("block", "/monitoring_end")] if fires else [])

    @pytest.mark.parametrize(
        ("start", "end", "fires"), [("07:20", "11:00", True), ("09:00", "12:20", True), ("07:30", "12:10", False)]
    )
    def test_a_session_outside_anesthesia(self, start, end, fires):
        """The professional attends within anesthesia time."""
        data = case()
        data["professional_sessions"][0] |= {"start_at": at(start), "end_at": at(end)}
        assert told(data, "session_outside_anesthesia") == ([("block", "/professional_sessions/0")] if fires else [])

    def test_without_anesthesia_times_no_session_is_outside(self):
        """Unknown contradicts nothing."""
        data = case()
        del data["anesthesia"]["start_at"], data["anesthesia"]["end_at"]
        assert told(data, "session_outside_anesthesia") == []

    @pytest.mark.parametrize(
        ("stated", "cases", "person", "fires"),
        [
            (0, 1, "prof1", True),
            (1, 1, "prof1", False),
            (1, 2, "prof1", True),
            (None, 2, "prof1", False),
            (0, 1, "tech1", False),
        ],
    )
    def test_open_cases_against_sessions(self, stated, cases, person, fires):
        """More sessions of the same professional overlap than were stated."""
        data = case()
        data["professional_sessions"][0]["other_open_cases"] = stated
        data["other_case_sessions"] = [
            {
                "person": person,
                "case_pseudonym": f"X{number}",
                "mode": "remote",
                "start_at": at("09:00"),
                "end_at": at("10:00"),
            }
            for number in range(cases)
        ]
        assert bool(told(data, "open_cases_against_sessions")) is fires


class TestWords:
    @pytest.mark.parametrize(
        ("words", "fires"),
        [
            ("Monitoring was continuous.", True),
            ("Signals were continuously monitored.", True),
            ("Uninterrupted recording.", True),
            ("Continuous EMG was recorded.", False),
            ("Continuous vagal stimulation was used.", False),
            ("Monitoring had a gap.", False),
        ],
    )
    def test_continuous_with_a_gap(self, words, fires):
        """The name of a technique claims nothing."""
        data = says(words)
        data["intervals"].append({"kind": "gap", "start_at": at("10:20"), "end_at": at("10:30"), "reason": "cautery"})
        assert told(data, "continuous_with_gap") == ([("block", "/opinion/impression")] if fires else [])

    def test_continuous_without_a_gap(self):
        """True as far as the record goes."""
        assert codes(says("Monitoring was continuous.")) == []

    @pytest.mark.parametrize(
        ("words", "fires"),
        [
            ("Left TcMEP fell by 85%.", False),
            ("Left TcMEP fell to 15 percent of baseline.", False),
            ("Left TcMEP fell by 84.5 %.", False),
            ("Left TcMEP fell by 62%.", True),
            ("No recorded change.", False),
        ],
    )
    def test_a_percent_in_the_impression(self, words, fires):
        """Recorded, computed, or what is left to a hundred; rounding is allowed."""
        data = says(words, with_alert())
        assert told(data, "percent_in_impression") == ([("block", "/opinion/impression")] if fires else [])

    def test_a_percent_in_the_clinical_correlation(self):
        """It is the professional's text too."""
        data = with_alert()
        data["opinion"]["clinical_correlation"] = "Fell by 62%."
        assert told(data, "percent_in_impression") == [("block", "/opinion/clinical_correlation")]

    @pytest.mark.parametrize(
        ("field", "value", "place"),
        [
            ("note", "fell 62%", "/events/0/note"),
            ("context_note", "about 62 % down", "/events/0/context"),
            (
                "suspected_cause",
                {"causes": ["undetermined"], "by_role": "interpreting_professional", "statement": "62% fall"},
                "/events/0/suspected_cause",
            ),
        ],
    )
    def test_a_percent_in_the_words_of_an_event(self, field, value, place):
        """Against the values of the event and its channels."""
        assert told(with_alert(**{field: value}), "percent_in_event") == [("block", place)]

    def test_a_percent_of_the_event_itself_is_right(self):
        """85 percent was computed."""
        assert codes(with_alert(note="fell by 85% to 15%", context_note="80% criterion")) == []

    def test_without_computed_values_words_stand_alone(self):
        """A published case may have words only."""
        data = with_alert(note="fell 62%", readings=[], retests=[], resolution=None, channels=[])
        assert told(data, "percent_in_event") == []

    @pytest.mark.parametrize(
        ("words", "fires"), [("The right side was stable.", True), ("The left side was stable.", False)]
    )
    def test_a_side_that_nothing_in_the_record_has(self, words, fires):
        """Only one side was recorded."""
        data = says(words)
        data["channels"] = [row for row in data["channels"] if row["side"] == "left"]
        assert told(data, "side_in_impression") == ([("block", "/opinion/impression")] if fires else [])

    def test_bilateral_facts_allow_both_sides(self):
        """Settings for both sides name both."""
        data = says("The right side was stable.")
        data["channels"] = [row for row in data["channels"] if row["side"] == "left"]
        data["modalities"][0]["stimulation"][0]["side"] = "bilateral"
        assert told(data, "side_in_impression") == []

    @pytest.mark.parametrize(
        ("words", "fires"),
        [
            ("SSEPs were stable.", True),
            ("SSEP remained unchanged; TcMEP not affected.", True),
            ("SSEP could not be followed. TcMEP were stable.", False),
            ("All signals were stable.", False),
        ],
    )
    def test_stable_without_a_baseline(self, words, fires):
        """What has no baseline cannot be stable (§10 fact 26)."""
        data = says(words)
        for name in ("ssep-l", "ssep-r"):
            absent = {"state": "not_obtained", "reason": "preexisting_deficit"}
            channel_of(data, name)["measurements"] = [
                baseline("08:30", absent),
                measurement("closing", "11:40", absent),
            ]
        assert told(data, "stable_without_baseline") == ([("block", "/opinion/impression")] if fires else [])

    def test_one_followed_response_of_the_modality_suffices(self):
        """Left unobtainable, right stable."""
        data = says("SSEP were stable.")
        absent = {"state": "not_obtained", "reason": "preexisting_deficit"}
        channel_of(data, "ssep-l")["measurements"] = [
            baseline("08:30", absent),
            measurement("closing", "11:40", absent),
        ]
        assert told(data, "stable_without_baseline") == []

    def test_without_impression_there_is_nothing_to_compare(self):
        """Pending is no contradiction."""
        assert codes(case(opinion=None)) == ["required.impression"]


class TestUnits:
    def test_volts_on_a_constant_current_stimulator_do_not_load(self):
        """A unit of the other kind of stimulator is an error of the file."""
        data = case()
        modality_of(data, "tcmep")["stimulation"][0]["stim_mode"] = "cc"
        with pytest.raises(CaseInvalidError, match=r"case\.unit_stimulator_mismatch"):
            loaded(data)
