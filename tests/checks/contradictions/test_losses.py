"""Losses that nobody was told of, without a baseline, or beside a class of no change."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, criterion, reading
from tests.cases.quiet import case, channel_of, closing, with_alert
from tests.cases.reports import findings, told

ABSENT = {"state": "absent"}


class TestNobodyTold:
    @pytest.mark.parametrize("kind", ["change", "observation"])
    def test_of_a_loss_of_any_class(self, kind):
        """By its direction or by its values."""
        lost = with_alert(event_class=kind, direction="loss", readings=[], retests=[], notifications=[])
        assert told(lost, "lost_without_notification") == [("block", "/events/0/notifications")]
        absent = [{"channel": "mep-l", "reading": ABSENT}]
        read = with_alert(event_class=kind, readings=absent, retests=[], notifications=[])
        found = findings(read, "contradiction.lost_without_notification")
        assert [row.message for row in found] == [
            "The left abductor hallucis TcMEP was lost at 10:00, and nobody is recorded as told."
        ]

    def test_of_a_loss_that_was_only_noticed_says_so(self):
        """The time of notice is not the time of the loss."""
        times = {"onset_at": None, "noticed_at": at("10:04")}
        lost = with_alert(event_class="change", direction="loss", notifications=[], **times)
        (found,) = findings(lost, "contradiction.lost_without_notification")
        assert found.message.startswith("The left abductor hallucis TcMEP was noticed lost at 10:04, ")

    def test_a_reading_with_its_own_time_is_asked_about_by_that(self):
        """At the onset before it nothing was lost yet."""
        late = [{"channel": "mep-l", "reading": ABSENT, "at": at("10:03")}]
        read = with_alert(event_class="change", readings=late, retests=[], notifications=[])
        (found,) = findings(read, "contradiction.lost_without_notification")
        assert "was lost at 10:03," in found.message

    def test_of_an_alert_is_asked_once(self):
        """By the rule of alerts."""
        assert told(with_alert(direction="loss", notifications=[]), "lost_without_notification") == []

    def test_somebody_told_or_nothing_lost_is_quiet(self):
        """A decrease without a message is no loss."""
        assert told(with_alert(event_class="change", direction="loss"), "lost_without_notification") == []
        assert told(with_alert(event_class="change", notifications=[]), "lost_without_notification") == []

    def test_an_absent_response_without_event_and_criterion_is_one_as_well(self):
        """What has no criterion is lost all the same."""
        data = closing(
            case(criteria=[criterion("ssep", "ssep_lower", ("amplitude_decrease_pct", 50.0))]), "mep-l", ABSENT
        )
        found = findings(data, "contradiction.beyond_criterion_without_event")
        assert [row.message for row in found] == [
            "The closing reading of the left abductor hallucis TcMEP at 11:46 is absent, and no event about it is "
            "recorded."
        ]


class TestWithoutBaseline:
    def test_a_loss_of_what_was_never_there(self):
        """The baseline is recorded as not obtained."""
        data = with_alert(direction="loss", readings=[], retests=[])
        channel_of(data, "mep-l")["measurements"][0]["reading"] = {"state": "not_obtained", "reason": "other"}
        assert told(data, "loss_without_baseline") == [("block", "/events/0")]

    def test_a_baseline_that_is_not_recorded_denies_nothing(self):
        """It may have been obtained."""
        data = with_alert(direction="loss", readings=[], retests=[])
        channel_of(data, "mep-l")["measurements"].pop(0)
        assert told(data, "loss_without_baseline") == []


class TestClassOfNoChange:
    def classed(self, data):
        """The case with the class of no change."""
        data["opinion"]["outcome_class"] = "no_change"
        return data

    @pytest.mark.parametrize("what", [ABSENT, reading(40.0)])
    def test_against_a_closing_reading(self, what):
        """Absent, or beyond its criterion."""
        data = self.classed(closing(case(), "mep-l", what))
        assert told(data, "no_change_against_readings") == [("block", "/opinion/outcome_class")]

    def test_against_an_alert(self):
        """An alert is a change, whatever came of it."""
        assert told(self.classed(with_alert()), "no_change_against_readings") == [("block", "/opinion/outcome_class")]

    def test_a_reversible_one_did_not_end_lost(self):
        """The alert is no contradiction; the closing reading is."""
        data = with_alert()
        data["opinion"]["outcome_class"] = "reversible_change"
        assert told(data, "no_change_against_readings") == []
        found = findings(closing(data, "mep-l", ABSENT), "contradiction.no_change_against_readings")
        assert [row.message.startswith("The outcome is classed as reversible change") for row in found] == [True]

    def test_of_a_quiet_case_it_is_right(self):
        """Nothing to ask."""
        assert told(self.classed(case()), "no_change_against_readings") == []
