"""Statements about muscles while the neuromuscular block was complete."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.parts import at, baseline, channel, reading
from tests.cases.quiet import case, with_alert
from tests.cases.reports import told

Data = dict[str, Any]


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
