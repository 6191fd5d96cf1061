"""The growth bench: cases that grow keep the contract, known powers are recovered, a fault leaves no figure."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import pairwise
from math import log
from random import Random

import pytest

from bench.parts import growth
from bench.parts.enlarge import BASE, base_case, enlarged
from bench.parts.growth import fitted, grown, line
from bench.wording import Judged
from report_gen import Case, load_case
from report_gen.pipeline import prepare
from tests.selection import ALL

AMOUNT = growth.AMOUNTS["smoke"] if ALL else growth.Amount((1, 2), 1, 1)
"""Every axis and stage in every run; in the long one with as many sizes as the smoke scale says."""
MORE = 8 if ALL else 2
SIZES = tuple(6.0 * 2**step for step in range(7))
STAGES = (*growth.STAGES, "report")


@cache
def grown_case(axis: str, times: int) -> Case:
    """An enlarged case, loaded once."""
    return load_case(enlarged(axis, times))


class TestEnlarged:
    @pytest.mark.parametrize("axis", BASE)
    @pytest.mark.parametrize("times", [1, 64])
    def test_so_many_times_as_many_and_within_the_contract(self, axis, times):
        """Loading refuses ids used twice, impossible values, references to nothing, and lists that are too long."""
        case = grown_case(axis, times)

        counts = {name: len(getattr(case, name)) for name in BASE}
        assert counts == {**BASE, axis: BASE[axis] * times}

    def test_times_run_forward(self):
        """Onsets and rows are in order of time, and each chain ends before monitoring does."""
        case = grown_case("events", 64)
        rows = grown_case("physiology", 64).physiology

        ends = max(row.end_at for row in case.intervals if row.kind == "monitoring")
        onsets = [event.onset_at for event in case.events]
        assert all(before < after for before, after in pairwise(onsets))
        assert all(before.at < after.at for before, after in pairwise(rows))
        assert all(event.resolution is None or event.resolution.at < ends for event in case.events)

    @pytest.mark.parametrize("axis", BASE)
    def test_a_copy_raises_no_question_that_the_base_does_not_raise(self, axis):
        """Soft limits and contradictions included: otherwise growth would be that of the findings."""
        base, more = (prepare(grown_case(axis, times)) for times in (1, MORE))

        def asked(checked):
            found = Counter(row.code for row in checked.findings) + Counter(row.code for row in checked.facts.warnings)
            # A copied re-test may fall on the minute of a reading of the course, which says something else.
            del found["contradiction.two_readings_at_one_time"]
            return found

        assert asked(more) == asked(base)

    def test_only_the_one_list_differs(self):
        """The given rows stay in front, the copies follow."""
        base = base_case()
        more = json.loads(enlarged("channels", 4))

        assert {name for name in more if more[name] != base[name]} == {"channels"}
        assert more["channels"][: BASE["channels"]] == base["channels"]

    def test_ids_stay_as_the_log_has_them(self):
        """In any other form than a letter and two digits, the program takes an id for a person's own words."""
        ids = [event["id"] for event in json.loads(enlarged("events", 64))["events"]]

        assert all(name[0].isalpha() and name[1:].isdecimal() and len(name) <= 3 for name in ids)

    @pytest.mark.parametrize(("axis", "times"), [("people", 2), ("events", 0)])
    def test_what_cannot_grow_is_refused(self, axis, times):
        """A list that nobody enlarges, or no times."""
        with pytest.raises(ValueError, match="at least once"):
            enlarged(axis, times)


class TestFitted:
    @pytest.mark.parametrize("power", [1.0, 1.5, 2.0])
    @pytest.mark.parametrize("fixed", [0.0, 1.0, 50.0, 300.0])
    def test_a_known_power_is_recovered_whatever_the_fixed_cost(self, fixed, power):
        """The largest sizes decide."""
        fit = fitted(SIZES, [fixed + size**power for size in SIZES])

        assert fit.exponent == pytest.approx(power, abs=0.06)

    def test_the_fixed_cost_of_a_straight_line_is_found(self):
        """Then nothing is left over."""
        fit = fitted(SIZES, [40 + 3 * size for size in SIZES])

        assert fit.fixed == pytest.approx(40)
        assert (fit.exponent, fit.error) == (pytest.approx(1), pytest.approx(0, abs=1e-9))

    def test_a_stage_that_does_not_grow(self):
        """Its times are fitted as they are."""
        fit = fitted(SIZES, [100.0, 101.0, 99.0, 100.0, 102.0, 100.0, 101.0])

        assert fit.fixed == 0
        assert fit.exponent == pytest.approx(0.0, abs=0.02)

    def test_noise_shows_in_the_error(self):
        """The true power lies within a few errors."""
        rng = Random(5)  # noqa: S311 - made-up noise
        still = fitted(SIZES, [size**1.2 for size in SIZES])
        noisy = fitted(SIZES, [size**1.2 * rng.uniform(0.8, 1.25) for size in SIZES])

        assert noisy.error > 10 * still.error
        assert abs(noisy.exponent - still.exponent) < 4 * noisy.error

    def test_one_size_shows_no_growth(self):
        """A line needs two points."""
        with pytest.raises(ValueError, match="two sizes"):
            fitted([6.0], [1.0])

    def test_a_straight_line(self):
        """Slope without error."""
        slope, error = line([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 5.0, 7.0])

        assert (slope, error) == (pytest.approx(2.0), pytest.approx(0.0))


class TestGrown:
    @pytest.mark.parametrize(
        ("curve", "within"),
        [
            (lambda size: 40 + 3 * size, True),
            (lambda size: 40 + 3 * size * log(size), True),
            (lambda size: 40 + size**1.6, False),
            (lambda size: 40 + 0.01 * size**2 + size, False),
        ],
        ids=["linear", "n log n", "power", "a little quadratic"],
    )
    def test_worse_than_n_log_n_is_said(self, curve, within):
        """And nothing else is."""
        assert grown("x", SIZES, [curve(size) for size in SIZES]).figures["within"] is within

    @pytest.mark.parametrize(("fixed", "square"), [(100, 0.09), (100, 0.05), (20, 0.02)])
    def test_a_square_behind_a_fixed_cost_is_seen_through_noise(self, fixed, square):
        """Sizes from 1 to 64 times, 2 % noise: so few sizes have grown that only two may be left."""
        rng = Random(3)  # noqa: S311 - made-up noise
        times = [2**step for step in range(7)]
        seen = 0
        for _ in range(200):
            spent = [(fixed + square * n * n) * rng.gauss(1, 0.02) for n in times]
            seen += grown("x", SIZES, spent).figures["within"] is False
        assert seen >= 190

    @pytest.mark.parametrize(
        "curve", [lambda n: 100, lambda n: 100 + n, lambda n: 100 + 0.4 * n, lambda n: n * log(300 * n)]
    )
    def test_noise_alone_accuses_nobody(self, curve):
        """Flat, linear behind a fixed cost, hardly grown, n log n."""
        rng = Random(3)  # noqa: S311 - made-up noise
        within = 0
        for _ in range(200):
            spent = [curve(2**step) * rng.gauss(1, 0.02) for step in range(7)]
            within += grown("x", SIZES, spent).figures["within"] is True
        assert within >= 190

    def test_the_curve_is_kept(self):
        """For the plot."""
        row = grown("x", (6.0, 12.0), (1.0, 2.0))

        assert row.samples == {"size": (6.0, 12.0), "ms": (1.0, 2.0)}
        assert (row.figures["from_rows"], row.figures["to_rows"]) == (6, 12)


@pytest.fixture(scope="module")
def part():
    """The smoke run, once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growth, "AMOUNTS", {"smoke": AMOUNT})
        return growth.measure("smoke", 1)


class TestMeasure:
    def test_every_axis_and_stage_counts(self, part):
        """In the order of the table; the guard only where sentences grow."""
        names = [f"{axis} / {stage}" for axis in BASE for stage in (*STAGES, *growth.GUARD * (axis == "events"))]

        assert [row.name for row in part.rows] == names
        assert all(row.ok and not row.why for row in part.rows)

    def test_every_row_has_its_figures(self, part):
        """The names that tables and plots know."""
        for row in part.rows:
            assert all(row.figures[name] > 0 for name in ("from_rows", "to_rows", "from_ms", "to_ms"))
            assert row.figures["n_log_n_exponent"] > 1
            assert isinstance(row.figures["exponent"], float)
            assert isinstance(row.figures["within"], bool)
            assert len(row.samples["size"]) == len(row.samples["ms"]) == len(AMOUNT.times)

    @pytest.fixture
    def _only_events(self, monkeypatch):
        """One axis, two sizes, once."""
        monkeypatch.setattr(growth, "BASE", {"events": BASE["events"]})
        monkeypatch.setattr(growth, "AMOUNTS", {"smoke": growth.Amount((1, 2), 1, 1)})

    @pytest.mark.usefixtures("_only_events")
    @pytest.mark.parametrize(
        ("name", "broken", "why"),
        [
            ("fault", lambda report: "coverage.missing", "1 x: coverage.missing"),
            ("judged", lambda pages: Judged(1.0, 1.0, "refused"), "1 x: refused"),
        ],
    )
    def test_a_fault_leaves_no_figure(self, monkeypatch, name, broken, why):
        """Of a report that leaves something out, and of a guard that refuses what is true."""
        monkeypatch.setattr(growth, name, broken)
        rows = growth.measure("smoke", 1).rows
        assert len(rows) == len(STAGES) + len(growth.GUARD)
        assert not any(row.ok or row.figures or row.samples for row in rows)
        assert {row.why for row in rows} == {why}
