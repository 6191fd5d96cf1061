"""Criteria are three-valued: met, missed, or not answerable from the record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen.case.contract.signals import AlertCriterion, Reading
from report_gen.facts.signals.criteria import (
    Change,
    all_true,
    any_true,
    compare,
    criterion_text,
    for_improvement,
    meets,
    responded,
)
from tests.cases.parts import criterion, reading
from tests.cases.quiet import case
from tests.cases.reports import facts_of
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
answers = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=5)


def rule(*conditions: tuple[str, float | None], logic: str = "any") -> AlertCriterion:
    """A criterion of the given conditions."""
    return AlertCriterion.model_validate_json(json.dumps(criterion("k", "tcmep", *conditions, logic=logic)))


def read(*values: float | None, **more: Any) -> Reading:
    """A reading of amplitude and latency, or of any other state."""
    return Reading(**(more if "state" in more else reading(*values, **more)))


PRESENT, ABSENT = read(state="present"), read(state="absent")
BASE = read(2.0, 40.0)
HALF = ("amplitude_decrease_pct", 50.0)
TENTH = ("latency_increase_pct", 10.0)
LOSS = ("response_loss", None)


class TestLogic:
    @PROPERTY
    @given(answers)
    def test_any_is_true_once_one_is_and_unknown_before_false(self, rows):
        """One true decides; otherwise one unknown keeps the answer open."""
        expected = True if True in rows else None if None in rows else False
        assert any_true(rows) is expected

    @PROPERTY
    @given(answers)
    def test_all_mirrors_any(self, rows):
        """All of the answers is not any of their opposites."""
        opposite = any_true([None if answer is None else not answer for answer in rows])
        assert all_true(rows) is (None if opposite is None else not opposite)

    @pytest.mark.parametrize(
        ("now", "expected"),
        [(read(0.9, 40.0), True), (read(1.9, 45.0), True), (read(1.9, 41.0), False), (read(1.9), None)],
    )
    def test_any_condition_suffices(self, now, expected):
        """Amplitude or latency; with the latency unknown a small decrease is not within."""
        assert meets(rule(HALF, TENTH), now, BASE) is expected

    @pytest.mark.parametrize(
        ("now", "expected"),
        [(read(0.9, 45.0), True), (read(0.9, 41.0), False), (read(1.9), False), (read(0.9), None)],
    )
    def test_all_conditions_are_needed(self, now, expected):
        """Amplitude and latency; one missed decides, one unknown leaves it open."""
        assert meets(rule(HALF, TENTH, logic="all"), now, BASE) is expected


class TestNumbers:
    def test_the_threshold_itself_meets(self):
        """0.9 against 1.8 is a decrease of 50 percent exactly."""
        assert meets(rule(HALF), read(0.9), read(1.8)) is True

    def test_binary_noise_does_not_undo_a_threshold(self):
        """5.9 against 4.9 is a prolongation of 1 ms exactly."""
        assert meets(rule(("latency_increase_ms", 1.0)), read(1.0, 5.9), read(1.0, 4.9)) is True

    def test_a_response_without_numbers_is_not_within(self):
        """Present says nothing about percent."""
        assert meets(rule(HALF), PRESENT, BASE) is None

    @pytest.mark.parametrize("base", [PRESENT, None, read(latency_ms=40.0), read(0.0, 40.0)])
    def test_a_baseline_without_the_parameter_leaves_it_open(self, base):
        """No amplitude, no baseline or a zero amplitude give no percentage."""
        assert meets(rule(HALF), read(1.0), base) is None

    def test_a_stated_percent_stands_in_for_missing_amplitudes(self):
        """40 percent of baseline is a decrease of 60 percent."""
        stated = read(state="present", amplitude_pct_of_baseline=40.0)
        assert [meets(rule(HALF), stated, base) for base in (PRESENT, BASE)] == [True, True]

    def test_computed_values_go_before_a_stated_percent(self):
        """What was typed does not override what was measured."""
        assert meets(rule(HALF), read(1.9, amplitude_pct_of_baseline=10.0), BASE) is False

    @pytest.mark.parametrize(
        ("parameter", "field", "now", "expected"),
        [
            ("threshold_at_most_ma", "threshold_ma", 8.0, True),
            ("threshold_at_most_ma", "threshold_ma", 8.5, False),
            ("pressure_at_most_mmhg", "pressure_mmhg", 7.0, True),
        ],
    )
    def test_at_most_needs_no_baseline(self, parameter, field, now, expected):
        """A low threshold or pressure is low by itself."""
        assert meets(rule((parameter, 8.0)), read(**{field: now}), None) is expected

    def test_an_absent_response_is_at_most_any_amplitude(self):
        """No response is no microvolt, but it is no threshold."""
        low = [rule(("amplitude_at_most_uv", 100.0)), rule(("threshold_at_most_ma", 8.0))]
        assert [meets(row, ABSENT, None) for row in low] == [True, None]

    def test_a_missing_value_is_not_at_most(self):
        """Unknown stays unknown."""
        assert meets(rule(("threshold_at_most_ma", 8.0)), PRESENT, BASE) is None

    def test_a_threshold_missing_from_the_criterion_is_never_guessed(self):
        """A percent condition without its percent compares nothing."""
        assert meets(rule(("amplitude_decrease_pct", None)), read(0.1), BASE) is None
        assert meets(rule(("threshold_at_most_ma", None)), read(threshold_ma=1.0), BASE) is None


class TestLoss:
    @pytest.mark.parametrize(
        ("now", "base", "expected"),
        [
            (ABSENT, BASE, True),
            (read(0.0), BASE, True),
            (ABSENT, PRESENT, True),
            (read(1.0), BASE, False),
            (PRESENT, ABSENT, False),
            (ABSENT, ABSENT, False),
            (ABSENT, None, None),
            (ABSENT, read(state="not_obtained", reason="not_stated"), None),
            (read(state="not_obtained", reason="not_stated"), BASE, None),
            (read(state="not_recorded"), BASE, None),
        ],
    )
    def test_loss_needs_a_response_at_baseline_and_none_now(self, now, base, expected):
        """An absent baseline loses nothing; an unknown one leaves it open; a large decrease is not a loss."""
        assert meets(rule(LOSS), now, base) is expected

    def test_a_lost_response_is_beyond_any_decrease(self):
        """Loss meets a percent criterion, and no improvement criterion."""
        assert meets(rule(HALF), ABSENT, BASE) is True
        assert meets(rule(("amplitude_increase_pct", 20.0)), ABSENT, BASE) is False

    def test_a_decrease_against_an_absent_baseline_is_open(self):
        """There is no percentage of nothing, and absent is not stable."""
        assert meets(rule(HALF, LOSS), ABSENT, ABSENT) is None

    def test_a_loss_leaves_a_latency_open(self):
        """Amplitude and latency cannot both be answered for a lost response."""
        assert meets(rule(HALF, TENTH, logic="all"), ABSENT, BASE) is None


class TestStates:
    @pytest.mark.parametrize("parameter", ["sustained_activity", "fast_activity_loss", "persistent_response"])
    def test_a_state_is_never_computed(self, parameter):
        """Sustained activity and EEG patterns are judged by a person."""
        assert meets(rule((parameter, None)), read(pattern="train"), read(pattern="silent")) is None

    def test_a_trace_that_cannot_be_interpreted_answers_nothing(self):
        """Neither as a reading nor as a baseline."""
        poor = read(0.1, 40.0, quality="not_interpretable")
        assert [meets(rule(HALF), poor, BASE), meets(rule(HALF), read(0.1), poor)] == [None, None]
        assert responded(poor) is None

    @pytest.mark.parametrize(
        ("now", "expected"),
        [(PRESENT, True), (ABSENT, False), (read(latency_ms=3.0), True), (read(pattern="silent"), None)],
    )
    def test_a_response_is_seen_by_its_state_or_numbers(self, now, expected):
        """A pattern alone says nothing about a response."""
        assert responded(now) is expected


class TestChange:
    def test_decrease_is_negative(self):
        """1 against 2 is minus 50 percent, 50 percent of baseline."""
        change = compare(read(1.0), BASE)[0]
        assert (change.absolute, change.percent, change.percent_of_baseline) == (-1.0, -50.0, 50.0)

    def test_a_tiny_baseline_gives_no_percentage(self):
        """A ratio that means nothing is not printed."""
        assert Change("amplitude_uv", 1e-300, 5.0).percent is None

    def test_only_numbers_on_both_sides_are_compared(self):
        """Latency needs a latency at baseline; states without numbers give nothing."""
        assert [row.parameter for row in compare(read(1.0, 41.0), read(2.0))] == ["amplitude_uv"]
        assert compare(PRESENT, BASE) == compare(BASE, PRESENT) == compare(BASE, None) == ()


class TestWords:
    def test_conditions_are_joined_by_their_logic(self):
        """Any reads or, all reads and."""
        words = [criterion_text(rule(HALF, LOSS, logic=logic)) for logic in ("any", "all")]
        assert words == [
            "amplitude decrease of at least 50% or loss of the response",
            "amplitude decrease of at least 50% and loss of the response",
        ]

    def test_units_other_than_percent_stand_apart(self):
        """1 ms, not 1ms."""
        assert criterion_text(rule(("latency_increase_ms", 1.0))) == "latency increase of at least 1 ms"

    def test_an_improvement_criterion_has_only_increases(self):
        """One condition for the worse makes it an alert criterion."""
        increase = ("amplitude_increase_pct", 20.0)
        assert [for_improvement(rule(increase)), for_improvement(rule(increase, HALF))] == [True, False]


class TestAState:
    """A state is judged by a person; a coded pattern that is that state says so itself."""

    @pytest.mark.parametrize(
        ("pattern", "before", "met"),
        [
            ("fast_loss", "fast_symmetric", True),
            ("new_delta", "fast_symmetric", True),
            ("fast_symmetric", "fast_symmetric", False),
            ("burst_suppression", "fast_symmetric", None),
            ("fast_loss", "fast_loss", None),
        ],
    )
    def test_is_met_by_the_pattern_that_it_names(self, pattern, before, met):
        """Not by one that was there at baseline, and not decided by one that says nothing of it."""
        found = meets(rule(("fast_activity_loss", None)), read(pattern=pattern), read(pattern=before))
        assert found is met

    def test_of_which_no_pattern_is_the_name_stays_a_judgement(self):
        """A train is not said to have been sustained."""
        assert meets(rule(("sustained_activity", None)), read(pattern="train"), read(pattern="silent")) is None


class TestTheBaselineComparedWith:
    @pytest.mark.parametrize(
        ("condition", "named", "kind"),
        [
            (HALF, {}, "post_position"),
            (("threshold_at_most_ma", 8.0), {}, None),
            (("fast_activity_loss", None), {}, None),
            (("fast_activity_loss", None), {"baseline_kind": "opening"}, "opening"),
        ],
    )
    def test_is_none_where_a_value_of_its_own_or_a_pattern_is_asked(self, condition, named, kind):
        """Unless the record names one."""
        data = case(criteria=[criterion("k", "tcmep", condition, **named)])
        assert facts_of(data).by_id["criterion.k"].code("baseline_kind") == (kind or "")
