"""Readings against each other, and units against the stimulator."""

from __future__ import annotations

import pytest

from report_gen.errors import CaseInvalidError
from tests.cases.parts import at, baseline, criterion, measurement, reading
from tests.cases.quiet import case, channel_of, closing, modality_of, one_channel, with_alert
from tests.cases.reports import findings, loaded, told


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

    @pytest.mark.parametrize(
        ("clock", "value", "fires"), [("10:15", 310.0, 1), ("10:15", 350.0, 0), ("10:16", 310.0, 0)]
    )
    def test_two_readings_of_one_minute_that_differ(self, clock, value, fires):
        """At the re-test, and in the course of the response; the same twice is one reading."""
        data = with_alert()
        channel_of(data, "mep-l")["measurements"].insert(1, measurement("intraop", clock, reading(value)))
        data["events"][0]["retests"] = [
            {"at": at("10:15"), "readings": [{"channel": "mep-l", "reading": reading(350.0)}]}
        ]
        found = findings(data, "contradiction.two_readings_at_one_time")
        assert [row.severity for row in found] == ["warn"] * fires

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
        assert told(data, "beyond_criterion_without_event") == [("block", "/channels/2/measurements/1")]

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
        assert message.startswith("The closing reading of the Fz D-wave at 11:00 meets")


class TestUnits:
    def test_volts_on_a_constant_current_stimulator_do_not_load(self):
        """A unit of the other kind of stimulator is an error of the file."""
        data = case()
        modality_of(data, "tcmep")["stimulation"][0]["stim_mode"] = "cc"
        with pytest.raises(CaseInvalidError, match=r"case\.unit_stimulator_mismatch"):
            loaded(data)
