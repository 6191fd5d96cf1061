"""Numbers, changes, durations and times as they are printed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.facts.wording import (
    change_text,
    decimals_of,
    duration_text,
    joined,
    number_text,
    percent_text,
    quantity_text,
    utc,
)
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])

MINUS = "\u2212"
recorded = st.decimals(min_value=-10_000, max_value=10_000, allow_nan=False, places=3)


class TestNumberText:
    @pytest.mark.parametrize(
        ("number", "text"),
        [(1.8, "1.8"), (40.0, "40"), (100.0, "100"), (0.05, "0.05"), (12345.678, "12345.678"), (-2.5, f"{MINUS}2.5")],
    )
    def test_a_recorded_number_is_printed_as_recorded(self, number, text):
        """No digit is rounded away and no trailing zero added."""
        assert number_text(number) == text

    @pytest.mark.parametrize("number", [0.0, -0.0])
    def test_zero_has_no_sign(self, number):
        """Zero prints as zero."""
        assert (number_text(number), number_text(number, decimals=1)) == ("0", "0.0")

    def test_very_small_and_large_numbers_have_no_exponent(self):
        """A reader sees digits."""
        assert (number_text(0.0000001), number_text(1e16)) == ("0.0000001", "10000000000000000")

    def test_the_largest_float_can_be_rounded(self):
        """No number of the contract stops the report."""
        assert number_text(1.7e308, decimals=0).startswith("17")

    @pytest.mark.parametrize(
        ("number", "decimals", "text"),
        [(0.285, 2, "0.29"), (2.5, 0, "3"), (-2.5, 0, f"{MINUS}3"), (1.005, 2, "1.01"), (0.5, 0, "1"), (-0.4, 0, "0")],
    )
    def test_rounding_is_half_away_from_zero(self, number, decimals, text):
        """As a reader rounds by hand, whatever the binary form of the number."""
        assert number_text(number, decimals=decimals) == text

    @PROPERTY
    @given(recorded, st.integers(0, 2))
    def test_rounding_agrees_with_decimal_arithmetic(self, number, decimals):
        """The printed number is the decimal one rounded half away from zero."""
        expected = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        assert Decimal(number_text(float(number), decimals=decimals).replace(MINUS, "-")) == expected

    @PROPERTY
    @given(recorded)
    def test_a_recorded_number_can_be_read_back(self, number):
        """Nothing of a recorded number is lost."""
        assert float(number_text(float(number)).replace(MINUS, "-")) == float(number)

    def test_decimals_of_a_number_are_those_recorded(self):
        """40 has none, 39.45 has two."""
        assert (decimals_of(40.0), decimals_of(39.45)) == (0, 2)


class TestPercentAndChange:
    def test_a_percentage_is_whole_unless_asked(self):
        """61.4 prints as 61%, and as 61.4% where it matters."""
        assert (percent_text(61.4), percent_text(61.4, decimals=1)) == ("61%", "61.4%")

    @pytest.mark.parametrize(
        ("number", "unit", "decimals", "text"),
        [
            (1.3, "ms", 1, "+1.3 ms"),
            (-60.4, "%", 0, f"{MINUS}60%"),
            (60.5, "%", 0, "+61%"),
            (-0.4, "%", 0, "0%"),
            (0.04, "ms", 1, "0.0 ms"),
            (3.0, "", 0, "+3"),
        ],
    )
    def test_a_change_carries_its_sign(self, number, unit, decimals, text):
        """Plus and minus are explicit; what rounds to nothing has none."""
        assert change_text(number, unit, decimals=decimals) == text

    @PROPERTY
    @given(st.floats(-1e6, 1e6), st.integers(0, 3))
    def test_no_change_is_ever_minus_zero(self, number, decimals):
        """A sign stands only before a digit other than zero."""
        body = change_text(number, "%", decimals=decimals).removesuffix("%")
        assert body.strip(f"+{MINUS}0.") or body[0] not in f"+{MINUS}"

    def test_a_quantity_takes_the_unit_of_its_name(self):
        """The unit comes with the name; percent stands without a space; an index has none."""
        texts = [quantity_text("latency_ms", 39.4), quantity_text("spo2_pct", 98.0), quantity_text("tof_count", 3.0)]
        assert [*texts, quantity_text("unknown", 2.0)] == ["39.4 ms", "98%", "3", "2"]


class TestDecimalsByKind:
    @pytest.mark.parametrize(
        ("name", "number", "modality", "text"),
        [
            ("latency_ms", 39.0, "ssep_lower", "39.0 ms"),
            ("latency_ms", 39.45, "ssep_lower", "39.5 ms"),
            ("amplitude_uv", 2.0, "ssep_upper", "2.0 µV"),
            ("amplitude_uv", 2.16, "baep", "2.2 µV"),
            ("amplitude_uv", 0.45, "ssep_upper", "0.45 µV"),
            ("amplitude_uv", 0.5, "ssep_upper", "0.5 µV"),
            ("amplitude_uv", 523.4, "tcmep", "523 µV"),
            ("amplitude_uv", 1360.0, "tcmep", "1360 µV"),
            ("amplitude_uv", 0.589, "tcmep", "0.6 µV"),
            ("amplitude_uv", 0.004, "ssep_upper", "0.004 µV"),
            ("amplitude_uv", 0.0, "tcmep", "0 µV"),
            ("core_temp_c", 36.0, "", "36.0 °C"),
            ("core_temp_c", 36.44, "", "36.4 °C"),
            ("threshold_ma", 16.0, "", "16.0 mA"),
            ("threshold_ma", 0.05, "", "0.05 mA"),
            ("map_mmhg", 78.0, "", "78 mmHg"),
            ("intensity_ma", 25.0, "", "25 mA"),
        ],
    )
    def test_a_kind_of_value_has_its_digits(self, name, number, modality, text):
        """Not those that somebody typed; a small value keeps two, and none that is there prints as zero."""
        assert quantity_text(name, number, modality=modality) == text

    @pytest.mark.parametrize(
        ("number", "text"), [(1.15, "1.15 µV"), (0.115, "0.115 µV"), (12.34, "12.3 µV"), (2.0, "2.0 µV")]
    )
    def test_a_value_that_others_are_a_share_of_keeps_its_third_digit(self, number, text):
        """A percentage of it can be computed from what is printed."""
        assert quantity_text("amplitude_uv", number, modality="ssep_lower", significant=3) == text

    @pytest.mark.parametrize(
        ("number", "text"), [(50.4, "50.4 µV"), (50.0, "50 µV"), (49.97, "49.97 µV"), (61.4, "61 µV")]
    )
    def test_no_value_is_rounded_onto_a_limit(self, number, text):
        """A value above a limit of 50 does not print as 50."""
        assert quantity_text("amplitude_uv", number, modality="tcmep", limits=[50.0]) == text


class TestDurationText:
    @pytest.mark.parametrize(
        ("minutes", "text"),
        [
            (0, "0 min"),
            (59.4 / 60, "59 s"),
            (59.5 / 60, "1 min"),
            (1, "1 min"),
            (119 / 60, "119 s"),
            (119.5 / 60, "2 min"),
            (2.5, "3 min"),
            (59.4, "59 min"),
            (59.5, "1 h 00 min"),
            (60, "1 h 00 min"),
            (185, "3 h 05 min"),
        ],
    )
    def test_seconds_below_two_minutes_then_minutes_then_hours(self, minutes, text):
        """Each length has one form."""
        assert duration_text(minutes) == text

    @PROPERTY
    @given(st.floats(0, 3000))
    def test_only_the_size_is_printed(self, minutes):
        """Before or after is said by whoever prints it."""
        assert duration_text(-minutes) == duration_text(minutes)


class TestWords:
    @pytest.mark.parametrize(
        ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b, and c")]
    )
    def test_a_list_reads_as_prose(self, items, text):
        """Two are joined by and, more by commas."""
        assert joined(items) == text

    def test_utc_is_the_same_instant(self):
        """Comparison happens in one zone."""
        moment = datetime(2026, 2, 11, 9, 0, tzinfo=timezone(timedelta(hours=-6)))
        assert utc(moment) == moment
        assert utc(moment).hour == 15
