"""Two runs side by side: what counts as a difference, and when nothing can be told. No time is measured here."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bench.compare import DIFFERENT, NOISY, Interval, compare, interval, verdict
from bench.result import Part, Row, Run
from tests.selection import examples


def draws(seed, middle=100.0, spread=0.05, count=200):
    """Made-up times."""
    rng = Random(seed)  # noqa: S311 - a draw, not a secret
    return tuple(middle * rng.lognormvariate(0, spread) for _ in range(count))


def run(*rows, **other):
    """A run of one part on a machine that is steady."""
    facts = {"processor": "invented", "cores": 2, "memory_gib": 8.0, "steady_ms": 3.0, "noise_pct": 2.0}
    machine = {**facts, **other.pop("machine", {})}
    part = Part("stages", "How long?", rows)
    return replace(Run("quick", 1, "2026-11-20T10:00:00Z", "a1", machine, {"python": "3.11"}, (part,)), **other)


def row(values, name="wall_ms", **figures):
    """A row of one sample."""
    return Row("quiet / all", figures or {"p50_ms": 1.0}, {name: tuple(values)})


def line(text, start):
    """The line of a text that begins so."""
    return next(line.strip() for line in text.splitlines() if line.strip().startswith(start))


class TestVerdict:
    def test_a_slowdown_of_a_fifth_is_found(self):
        """With its size and the interval that holds it."""
        told = line(compare(run(row(draws(1))), run(row(draws(2, middle=120.0)))), "wall_ms")
        assert "slower 1.2" in told or "slower 1.1" in told

    def test_the_other_way_round_it_is_faster_by_as_much(self):
        """What is said is how many times, and more than once in both directions."""
        a, b = run(row(draws(1))), run(row(draws(2, middle=120.0)))
        slower, faster = line(compare(a, b), "wall_ms").split(), line(compare(b, a), "wall_ms").split()
        assert faster[1] == "faster"
        assert faster[2] == slower[2]

    @pytest.mark.parametrize("seed", range(10, 20))
    def test_two_draws_of_one_distribution_are_no_slowdown_of_a_fifth(self, seed):
        """At most one draw in twenty shows a difference, and then a small one."""
        found = interval(draws(seed), draws(seed + 100), Random(1))  # noqa: S311 - a draw, not a secret
        assert 0.95 < found.low <= found.ratio <= found.high < 1.05

    def test_two_draws_of_one_distribution_are_no_difference(self):
        """In words."""
        assert "no difference seen" in compare(run(row(draws(1))), run(row(draws(2))))

    def test_wild_draws_say_nothing(self):
        """A wide interval around 1 is not an absence of a difference."""
        assert "too noisy to tell" in compare(
            run(row(draws(1, spread=2, count=20))), run(row(draws(2, spread=2, count=20)))
        )

    def test_the_interval_holds_the_true_ratio_nineteen_times_in_twenty(self):
        """Or the verdicts are worth nothing; the bound leaves room for the draw."""
        held, draws_made = 0, examples(60, 200)
        for seed in range(draws_made):
            found = interval(draws(2 * seed, count=41), draws(2 * seed + 1, 120.0, count=41), Random(seed))  # noqa: S311
            held += found.low <= 1.2 <= found.high
        assert held >= 0.9 * draws_made

    def test_few_values_say_nothing(self):
        """Whatever they are."""
        assert "too few values to tell (4 and 200)" in compare(run(row(draws(1, count=4))), run(row(draws(2))))

    @pytest.mark.parametrize(
        ("kind", "up", "down"),
        [("time", "slower", "faster"), ("rate", "faster", "slower"), ("other", "larger", "smaller")],
    )
    def test_more_is_worse_or_better_by_what_it_is(self, kind, up, down):
        """More reports a second are faster, more MiB are neither."""
        assert verdict(Interval(1.25, 1.2, 1.3), kind, 0.0) == f"{up} 1.25x (1.20-1.30)"
        assert verdict(Interval(0.8, 0.769, 0.833), kind, 0.0) == f"{down} 1.25x (1.20-1.30)"

    def test_one_seed_gives_one_text(self):
        """Or two readers of two files would disagree."""
        a, b = run(row(draws(1))), run(row(draws(2)))
        assert compare(a, b, seed=3) == compare(a, b, seed=3)
        assert compare(a, a).count("no difference seen") == 1


class TestMachine:
    def test_a_noisy_machine_hides_what_is_smaller_than_its_noise(self):
        """Noise around the part in either run; a difference far beyond it is still told."""
        noisy = {"stages_noise_pct": 100 * NOISY + 20}
        a, b = run(row(draws(1))), run(row(draws(2, middle=120.0)), machine=noisy)
        for text in (compare(a, b), compare(b, a)):
            assert "too noisy to tell" in text
            assert "wavered by 30 %, which is noisy" in text
        assert "slower 3." in compare(a, run(row(draws(2, middle=300.0)), machine=noisy))

    def test_machines_on_which_fixed_work_differs_get_a_second_ratio(self):
        """Twice as long on a machine half as fast is no verdict."""
        b = run(row(draws(2, middle=200.0), p50_ms=2.0), machine={"stages_steady_ms": 3.0 * 2 * DIFFERENT / DIFFERENT})
        text = compare(run(row(draws(1), p50_ms=1.0)), b)
        assert "not comparable" in line(text, "wall_ms")
        assert "slower" not in line(text, "wall_ms")
        assert "p50_ms 2.00x (1.00x against the fixed work)" in text

    def test_sizes_do_not_depend_on_how_fast_a_machine_is(self):
        """MiB are compared on any two."""
        b = run(row(draws(2, middle=120.0), "peak_mib"), machine={"steady_ms": 6.0})
        assert "larger 1." in compare(run(row(draws(1), "peak_mib")), b)

    def test_unknown_noise_allows_no_verdict(self):
        """Nobody knows what the interval is worth."""
        a, b = run(row(draws(1))), run(row(draws(2, middle=120.0)))
        unknown = replace(b, machine={name: value for name, value in b.machine.items() if name != "noise_pct"})
        for text in (compare(a, unknown), compare(unknown, a)):
            assert "wavered is unknown" in text
            assert line(text, "wall_ms").split(maxsplit=1)[1].startswith("noise unknown, no verdict: ")

    @pytest.mark.parametrize("fact", [{"processor": "other"}, {"system": "other"}, {"cores": 4}])
    def test_two_machines_allow_no_verdict(self, fact):
        """However alike the fixed work is on them; the ratio is there."""
        told = line(compare(run(row(draws(1))), run(row(draws(2, middle=120.0)), machine=fact)), "wall_ms")
        assert "other machine, no verdict: 1.2" in told or "other machine, no verdict: 1.1" in told
        assert "slower" not in told

    @pytest.mark.parametrize("other", [{"seed": 2}, {"scale": "full"}])
    def test_parts_that_draw_allow_no_verdict_over_other_draws(self, other):
        """Of the others, seed and scale only say how often."""
        a, b = run(row(draws(1))), run(row(draws(2, middle=120.0)), **other)
        assert "slower" in line(compare(a, b), "wall_ms")
        a, b = (replace(one, parts=(replace(one.parts[0], name="model"),)) for one in (a, b))
        assert "other seed or scale, no verdict" in line(compare(a, b), "wall_ms")

    def test_what_differs_between_the_runs_is_said_first(self):
        """Other scale, seed, machine, versions."""
        b = run(row(draws(1)), scale="full", seed=2, machine={"processor": "other"}, versions={"python": "3.12"})
        head = compare(run(row(draws(1))), b).split("stages:")[0]
        for said in ("scales: quick and full", "seeds: 1 and 2", "invented and other", "python 3.11 and 3.12"):
            assert said in head


class TestRows:
    def test_a_row_that_does_not_count_is_not_compared(self):
        """Times of reports that failed their checks are no times."""
        bad = replace(row(draws(2)), ok=False, why="no pages")
        text = compare(run(row(draws(1))), run(bad))
        assert "quiet / all: does not count in B (no pages)" in text
        assert "x" not in text.split("quiet / all")[1]

    def test_rows_and_parts_of_one_run_are_named(self):
        """Nothing disappears in silence."""
        a = run(row(draws(1)), Row("gone", {"p50_ms": 1.0}))
        b = run(row(draws(1)), Row("new", {"p50_ms": 1.0}))
        b = replace(b, parts=(*b.parts, Part("model", "", ())))
        text = compare(a, b)
        for said in ("gone: only in A", "new: only in B", "only in B: model"):
            assert said in text

    def test_values_at_places_are_compared_in_pairs(self):
        """From 1 ms to 64 ms over the sizes is growth and not spread."""
        sizes = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
        grown = [
            Row("events / pdf", {"exponent": 1.0}, {"size": sizes, "ms": tuple(factor * n for n in sizes)})
            for factor in (1, 1.3)
        ]
        text = compare(run(grown[0]), run(grown[1]))
        assert line(text, "ms").split(maxsplit=1)[1] == "slower 1.30x (1.30-1.30)"
        other = replace(grown[1], samples={"size": sizes[1:], "ms": sizes[1:]})
        assert "different size: not compared" in compare(run(grown[0]), run(other))

    def test_figures_without_values_behind_them_have_a_ratio_and_no_verdict(self):
        """One number on either side has no spread."""
        a = Row("quiet", {"size_bytes": 100, "pages": 2, "lost": 0, "engine": "one", "ok": True, "none": None})
        b = Row("quiet", {"size_bytes": 150, "pages": 2, "lost": 3, "engine": "two", "ok": True, "none": None})
        told = line(compare(run(a), run(b)), "size_bytes")
        assert told == "size_bytes 1.50x   pages same   lost 0 → 3   engine one → two"
