"""Values in another unit than their field's: a whole response, one value, ten times the baseline."""

from __future__ import annotations

import pytest

from tests.cases.parts import reading
from tests.cases.quiet import case, channel_of, closing, scaled, with_alert
from tests.cases.reports import codes, findings


class TestAWholeResponse:
    def test_is_one_finding_that_names_it_and_the_unit(self):
        """No line for each value, and no warning beside it."""
        found = [row for row in findings(scaled(case(), "mep-r", 0.001)) if row.subject == "mep-r"]
        assert [(row.code, row.severity, row.gate) for row in found] == [
            ("contradiction.unit_of_channel", "block", "sign")
        ]
        assert (
            "all 2 values of amplitude are about 1/1000 of those of the left abductor hallucis TcMEP"
            in found[0].message
        )
        assert found[0].question == "Were the values of the right abductor hallucis TcMEP entered in mV?"

    def test_the_values_of_its_events_do_not_hide_it(self):
        """They were entered in the right unit, so that they are thousands of percent."""
        data = scaled(with_alert(), "mep-l", 0.001)
        assert [row for row in codes(data) if "unit" in row or "1000" in row] == ["contradiction.unit_of_channel"]

    @pytest.mark.parametrize("factor", [0.2, 0.05, 5.0])
    def test_a_weak_or_strong_response_is_none(self, factor):
        """Sides differ."""
        assert [row for row in codes(scaled(case(), "mep-r", factor)) if "unit_of" in row] == []


class TestOneValue:
    def test_is_asked_together_with_the_change_that_it_would_be(self):
        """Is it the unit, or was it noticed and who was told: one question, which blocks signing."""
        data = closing(case(), "mep-l", reading(0.36))
        data["opinion"]["outcome_class"] = "no_change"
        blocking = [row for row in findings(data) if row.severity == "block"]
        assert [row.code for row in blocking] == ["contradiction.unit_of_value"]
        assert blocking[0].question == "Is the value at 11:46 in mV, or was a change noticed, and who was told?"

    def test_that_stands_as_written_is_asked_about_as_a_change(self):
        """The answer settles the unit and nothing else."""
        data = closing(case(), "mep-l", reading(0.36))
        data["answers"] = [
            {
                "finding": "contradiction.unit_of_value",
                "subject": "mep-l",
                "answer": "stands_as_written",
                "reason": "read again on the machine",
                "by": "tech1",
            }
        ]
        assert "contradiction.beyond_criterion_without_event" in codes(data)
        assert "contradiction.unit_of_value" not in codes(data)


class TestTheBaseline:
    def test_in_another_unit_is_asked_about_itself(self):
        """Not every later value, each of which would be a thousand times too high."""
        data = case()
        channel_of(data, "ssep-l")["measurements"][0]["reading"] = reading(0.002, 40.0)
        found = [row for row in findings(data) if row.code.startswith("contradiction.")]
        assert [(row.code, row.subject) for row in found] == [("contradiction.unit_of_value", "ssep-l")]
        assert found[0].message.startswith("The baseline of the left posterior tibial nerve SSEP at 08:30 is 0.002")
        assert found[0].question == "Is the value at 08:30 in mV, or right as recorded?"


class TestBothSides:
    def test_in_another_unit_block_as_well(self):
        """No other side tells, but every value is outside what is usual."""
        data = scaled(scaled(case(), "mep-l", 0.001), "mep-r", 0.001)
        found = findings(data, "limits.beyond_soft")
        assert [(row.subject, row.severity, row.gate) for row in found] == [
            ("mep-l", "block", "sign"),
            ("mep-r", "block", "sign"),
        ]
        assert {row.question for row in found} == {"Were they entered in mV, or right as recorded?"}
        assert found[0].message.startswith("All values of the left abductor hallucis TcMEP from 08:32 to 11:46:")


class TestTenTimesTheBaseline:
    def test_blocks_until_somebody_says_so(self):
        """One finding for a response."""
        data = closing(case(), "mep-l", reading(5000.0))
        found = findings(data, "contradiction.percent_above_1000")
        assert [(row.severity, row.subject) for row in found] == [("block", "mep-l")]
        data["answers"] = [
            {
                "finding": "contradiction.percent_above_1000",
                "subject": "mep-l",
                "answer": "stands_as_written",
                "reason": "facilitated after decompression",
                "by": "tech1",
            }
        ]
        assert [row.blocking for row in findings(data, "contradiction.percent_above_1000")] == [False]

    def test_five_times_is_none(self):
        """Responses of muscles do that."""
        assert findings(closing(case(), "mep-l", reading(2000.0)), "contradiction.percent_above_1000") == []


class TestUnusualValues:
    def test_are_one_finding_for_a_response_and_quantity(self):
        """With its name and times, not a list of places."""
        data = case()
        for row in channel_of(data, "ssep-l")["measurements"]:
            row["reading"] = reading(2.0, 70.0)
        found = findings(data, "limits.beyond_soft")
        assert [(row.subject, row.severity) for row in found] == [("ssep-l", "warn")]
        assert found[0].message.startswith(
            "3 unusual values of the left posterior tibial nerve SSEP from 08:30 to 11:45: expected latency between"
        )

    @pytest.mark.parametrize(("name", "value", "unit"), [("etco2_mmhg", 5.1, "kPa"), ("map_mmhg", 150.0, "")])
    def test_of_vital_signs_suspect_the_unit_where_it_fits(self, name, value, unit):
        """A pressure in kilopascal reads low; a high one is just high."""
        data = case()
        data["physiology"][0][name] = value
        found = findings(data, "limits.beyond_soft")
        assert [f"entered in {unit}" in row.question for row in found] == [bool(unit)]

    @pytest.mark.parametrize(
        ("years", "height", "weight", "units"),
        [
            (50, 67.0, 82.0, ["inches"]),
            (10, 54.0, 35.0, ["inches"]),
            (10, 138.0, 150.0, ["pounds"]),
            (50, 172.0, 82.0, []),
            (10, 138.0, 35.0, []),
            (0, 52.0, 4.1, []),
        ],
    )
    def test_height_and_weight_are_held_against_the_age(self, years, height, weight, units):
        """Inches and pounds of an adult and of a child; a newborn is small."""
        data = case()
        del data["patient"]["date_of_birth"]
        data["patient"] |= {"age_years": years, "height_cm": height, "weight_kg": weight}
        found = [row.question for row in findings(data, "limits.beyond_soft")]
        assert [unit for unit in units if any(f"entered in {unit}," in row for row in found)] == units
        assert len(found) == len(units)
