"""How responses and events end."""

from __future__ import annotations

import pytest

from tests.cases.parts import at, measurement, reading
from tests.cases.quiet import case, channel_of, modality_of, with_alert
from tests.cases.reports import findings, told


def closed(clock, data):
    """The case with the closing reading of the left TcMEP at a time, or at none."""
    row = measurement("closing", clock, reading(360.0))
    channel_of(data, "mep-l")["measurements"][-1] = row
    return data


class TestClosing:
    @pytest.mark.parametrize(
        ("clock", "later"), [("09:50", "an event at 10:00"), ("10:10", "a reading at 10:15"), ("10:15", "")]
    )
    def test_is_the_last_reading(self, clock, later):
        """An event about the response and its re-test are later ones; the same minute is not."""
        found = findings(closed(clock, with_alert(readings=[])), "contradiction.closing_before_last_reading")
        name = "left abductor hallucis TcMEP"
        expected = f"The closing reading of the {name} at {clock} is before {later} of the same response."
        assert [row.message for row in found] == ([expected] if later else [])

    def test_one_without_a_time_may_be_the_last(self):
        """Unknown contradicts nothing."""
        assert told(closed(None, with_alert()), "closing_before_last_reading") == []

    def test_several_responses_are_one_question(self):
        """About none of them alone."""
        data = case()
        for name in ("mep-l", "mep-r", "ssep-l"):
            channel_of(data, name)["measurements"].append(measurement("intraop", "11:48", reading(2.0, 40.0)))
        (found,) = findings(data, "contradiction.closing_before_last_reading")
        assert (found.about, found.message.startswith("The closing readings of 3 responses")) == ("", True)


class TestReturn:
    @pytest.mark.parametrize(
        ("kind", "clock", "fires"),
        [("full_return", "11:51", True), ("full_return", "11:50", False), ("unchanged", "11:55", False)],
    )
    def test_is_seen_in_data(self, kind, clock, fires):
        """What lasts to the close may be timed with the close."""
        data = with_alert(resolution={"resolution_class": kind, "at": at(clock), "assigned_by": "prof1"})
        expected = [("block", "/events/0/resolution")] if fires else []
        assert told(data, "resolved_after_last_data") == expected

    def test_else_during_monitoring(self):
        """Where the last data have no time."""
        data = with_alert(resolution={"resolution_class": "full_return", "at": at("11:55"), "assigned_by": "prof1"})
        del modality_of(data, "tcmep")["last_data_at"]
        (found,) = findings(data, "contradiction.resolved_after_last_data")
        assert "at 11:55, later than the end of monitoring at 11:50." in found.message
