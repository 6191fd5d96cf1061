"""From minutes to units, and the rules on units that no case file can break by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.claim.checks.units import CHECKS
from report_gen.claim.lines.propose import propose
from report_gen.claim.lines.studies import supported
from report_gen.claim.minutes.count import count_minutes
from report_gen.claim.minutes.units import TimeRule, time_rule, time_units, units
from report_gen.claim.model import Line
from report_gen.claim.practice.profile import load_profile
from report_gen.claim.rule import RuleInput, RuleVerdict
from report_gen.errors import AssetError
from report_gen.rules import rule
from report_gen.rules.payers import PayerPolicy
from tests.cases.story import recorded
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = date(2026, 9, 15)
lengths = st.floats(-600, 3000, allow_nan=False) | st.integers(-600_000, 3_000_000).map(lambda number: number / 60)
unit_lengths = st.sampled_from((15, 60)) | st.integers(1, 120)


def policy(**terms: object) -> PayerPolicy:
    """A payer that takes the remote exclusive service."""
    return PayerPolicy.model_validate(
        {"id": "invented", "payer_class": "commercial", "remote": "mon.remote_exclusive", **terms}
    )


class TestUnits:
    @pytest.mark.parametrize(
        ("minutes", "unit_min", "midpoint", "completed"),
        [
            (0, 15, 0, 0),
            (7, 15, 0, 0),
            (7.5, 15, 0, 0),
            (8, 15, 1, 0),
            (14.999, 15, 1, 0),
            (15, 15, 1, 1),
            (22.5, 15, 1, 1),
            (23, 15, 2, 1),
            (30, 60, 0, 0),
            (31, 60, 1, 0),
            (90, 60, 1, 1),
            (91, 60, 2, 1),
        ],
    )
    def test_the_midpoint_must_be_passed(self, minutes, unit_min, midpoint, completed):
        """On the midpoint is not past it."""
        assert units(minutes, unit_min, "midpoint") == midpoint
        assert units(minutes, unit_min, "completed") == completed

    def test_a_floor_must_be_exceeded(self):
        """Thirty minutes in total are nothing; a second more is a unit."""
        assert units(30, 60, "midpoint", 30) == 0
        assert units(30 + 1 / 60, 60, "midpoint", 30) == 1
        assert units(45, 15, "completed", 45) == 0

    def test_minutes_that_were_added_up_are_whole(self):
        """Ten times six seconds short of the quarter hour: float sums must not lose the last unit."""
        assert sum([0.1] * 150) != 15
        assert units(sum([0.1] * 150), 15, "completed") == 1
        assert units(sum([0.1] * 75), 15, "midpoint") == 0

    @pytest.mark.parametrize("minutes", [float("nan"), float("inf"), float("-inf")])
    def test_what_is_no_number_is_refused(self, minutes):
        """Never a unit out of nothing."""
        with pytest.raises(ValueError, match="finite"):
            units(minutes, 15, "midpoint")

    def test_a_unit_has_a_length(self):
        """At least one minute."""
        with pytest.raises(ValueError, match="at least one minute"):
            units(15, 0, "midpoint")

    @PROPERTY
    @given(lengths, unit_lengths, st.sampled_from(("midpoint", "completed")), st.integers(0, 60))
    def test_never_negative_and_never_below_the_floor(self, minutes, unit_min, rounding, over_min):
        """Nor more than the minutes could hold."""
        found = units(minutes, unit_min, rounding, over_min)
        assert found >= 0
        assert found <= max(minutes, 0) / unit_min + 0.5
        if minutes <= over_min:
            assert found == 0

    @PROPERTY
    @given(lengths, unit_lengths)
    def test_midpoint_is_completed_or_one_more(self, minutes, unit_min):
        """The two roundings are never further apart."""
        assert units(minutes, unit_min, "midpoint") - units(minutes, unit_min, "completed") in (0, 1)

    @PROPERTY
    @given(lengths, lengths, unit_lengths, st.sampled_from(("midpoint", "completed")))
    def test_more_minutes_are_never_fewer_units(self, one, other, unit_min, rounding):
        """Monotone."""
        less, more = sorted((one, other))
        assert units(less, unit_min, rounding) <= units(more, unit_min, rounding)

    @PROPERTY
    @given(st.integers(0, 3000 * 60), unit_lengths)
    def test_exact_to_the_second(self, seconds, unit_min):
        """Against fractions of the same seconds."""
        exact = Fraction(seconds, 60) / unit_min
        assert units(seconds / 60, unit_min, "completed") == exact.__floor__()
        assert units(seconds / 60, unit_min, "midpoint") == exact.__floor__() + (exact % 1 > Fraction(1, 2))


class TestTimeUnits:
    @pytest.mark.parametrize(
        ("concept", "minutes", "expected"),
        [
            ("mon.in_room", 23, (2, "midpoint")),
            ("mon.remote_exclusive", 235, (15, "completed")),
            ("mon.remote_multi", 30, (0, "midpoint")),
            ("mon.remote_multi", 31, (1, "midpoint")),
        ],
    )
    def test_defaults(self, concept, minutes, expected):
        """In-room and hourly services by the midpoint, remote exclusive ones by completed quarters."""
        assert time_units(concept, minutes, policy(), DAY) == expected

    def test_the_payer_goes_first(self):
        """Its rounding of one service leaves the others alone."""
        row = policy(rounding={"mon.remote_exclusive": "midpoint"})
        assert time_units("mon.remote_exclusive", 235, row, DAY) == (16, "midpoint")
        assert time_units("mon.in_room", 23, row, DAY) == (2, "midpoint")

    def test_the_payers_cap_is_applied_before_rounding(self):
        """Five hours where two are taken."""
        assert time_units("mon.in_room", 300, policy(cap_min_per_day=120.0), DAY) == (8, "midpoint")
        assert time_units("mon.in_room", 60, policy(cap_min_per_day=120.0), DAY) == (4, "midpoint")

    def test_before_the_first_version_its_numbers_hold(self):
        """The finding then asks; the figures have to come from somewhere."""
        assert time_rule(date(2001, 1, 1)) == time_rule(DAY)

    def test_a_service_without_time_is_a_mistake_of_the_caller(self):
        """Base studies are not counted in minutes."""
        with pytest.raises(KeyError, match=r"sep\.both"):
            time_units("sep.both", 30, policy(), DAY)

    def test_a_damaged_rule_is_named(self):
        """A rounding that nobody knows."""
        version = rule("units_time").versions[0]
        parameters = {**version.parameters, "rounding": {"mon.in_room": "up"}}
        with pytest.raises(AssetError, match=r"units\.toml: units_time"):
            TimeRule.of(version.model_copy(update={"parameters": parameters}))


def said(rule_id: str, change: Callable[[Line], Line]) -> list[RuleVerdict]:
    """What a rule says of the base case with its lines changed."""
    record, profile = recorded(), load_profile()
    counted, studies, of_payer = count_minutes(record), supported(record), profile.policy_for(record)
    lines = tuple(change(line) for line in propose(record, counted, studies, of_payer, profile))
    version = rule(rule_id).on(record.date_of_service)
    assert version is not None
    return list(CHECKS[rule_id](RuleInput(record, counted, studies, lines, of_payer, profile), version))


class TestLinesThatNoCaseLeadsTo:
    """The proposal keeps within these limits; a rule must not trust it."""

    def test_a_base_study_beyond_its_limit(self):
        """Twice where a day holds one."""
        found = said("base_unit_limit", lambda line: replace(line, units=2) if line.concept == "sep.both" else line)
        [failed] = [row for row in found if row.outcome == "fail"]
        assert "2 units" in failed.message
        assert "1 a day" in failed.message
        assert len(failed.lines) == 1

    def test_a_base_study_on_two_lines(self):
        """The lines of one professional are added up."""
        found = said(
            "base_unit_limit", lambda line: replace(line, concept="sep.both") if line.concept == "mep.both" else line
        )
        [failed] = [row for row in found if row.outcome == "fail"]
        assert len(failed.lines) == 2

    def test_a_study_without_a_known_limit_asks(self):
        """Retired services have none."""
        found = said("base_unit_limit", lambda line: replace(line, concept="retired.aep_1"))
        assert {row.outcome for row in found} == {"confirm"}

    def test_hours_for_medicare(self):
        """A service that Medicare takes none of."""
        found = said("unit_limit", lambda line: replace(line, concept="mon.remote_multi", units=3))
        assert [row.outcome for row in found] == ["fail"]

    @pytest.mark.parametrize(("units_", "outcome"), [(40, "pass"), (41, "confirm")])
    def test_the_last_unit_that_a_day_holds(self, units_, outcome):
        """At the limit and one beyond."""
        found = said("unit_limit", lambda line: replace(line, units=units_) if line.minutes else line)
        assert [row.outcome for row in found] == [outcome]
