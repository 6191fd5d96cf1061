"""The bench of throughput: the same bytes in every way of making reports, and what memory does over them."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import pytest

import report_gen.pipeline
from bench.parts import memory, mixture, throughput
from bench.parts.memory import Held, memory_row, watched
from bench.parts.mixture import MIX, Made
from bench.parts.throughput import blocks, side_by_side, why_not
from tests.selection import ALL

AMOUNT = throughput.AMOUNTS["smoke"] if ALL else throughput.Amount(2, {1: 1, 4: 2}, 0.02, 10)
"""Every way in every run; in the long one with as many reports as the smoke scale says."""
WAYS = (
    "without a model / 1 process",
    "without a model / 2 processes",
    "without a model / 8 threads",
    "with a model / 1 in flight",
    "with a model / 4 in flight",
    "memory / without a model",
    "memory / with a model",
)
EXPECTED = {sample: Made(sample, sample[::-1]) for sample in MIX}
RIGHT = list(EXPECTED.values())


@pytest.fixture(scope="module")
def part():
    """A busy machine leaves a model no time within six seconds; what comes of it is tested, not when."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_gen.pipeline, "TOTAL_S", 600.0)
        patch.setattr(throughput, "AMOUNTS", {"smoke": AMOUNT})
        patch.setattr(throughput, "MIX", MIX if ALL else MIX[-2:])
        return throughput.measure("smoke", 1)


class TestMeasure:
    def test_every_way_counts(self, part):
        """In the order of the table."""
        assert tuple(row.name for row in part.rows) == WAYS
        assert [(row.name, row.why) for row in part.rows if not row.ok] == []

    def test_rates(self, part):
        """Reports by seconds."""
        for row in part.rows[:5]:
            assert row.figures["reports_per_s"] > 0
            assert row.figures["reports"] == pytest.approx(row.figures["reports_per_s"] * row.figures["seconds"])

    def test_nothing_that_the_model_worded_is_lost(self, part):
        """However many are in flight."""
        for row in part.rows[3:5]:
            assert row.figures["kept_pct"] == 100
            assert row.figures["calls_per_report"] > 1
            assert len(row.samples["report_s"]) == row.figures["reports"]
            assert 0 < row.figures["p50_s"] <= row.figures["max_s"]

    def test_speed_has_a_spread(self, part):
        """The seconds of shares of the reports, which make up the whole."""
        for row in part.rows[:5]:
            assert len(row.samples["block_s"]) == row.figures["reports"]
            assert sum(row.samples["block_s"]) == pytest.approx(row.figures["seconds"])

    def test_blocks_are_equal_shares(self):
        """In order of time, whatever order the reports are in; a rest at the end is in none."""
        ends = [float(n) for n in range(1, 26)]
        assert blocks(ends[::-1]) == (2.0,) * 12
        assert blocks([3.0, 1.0]) == (1.0, 2.0)

    def test_the_delay_of_the_model_is_said(self, part):
        """Times with a model mean nothing without it."""
        assert any("after 0.02 s" in note for note in part.notes)

    def test_memory_is_looked_at_throughout(self, part):
        """After each of a few reports."""
        counts = (AMOUNT.remembered, AMOUNT.remembered // 5)
        assert counts == ((20, 4) if ALL else (10, 2))
        for row, count in zip(part.rows[5:], counts, strict=True):
            assert row.figures["reports"] == count
            assert all(row.figures[f"{name}_mib"] > 10 for name in ("start", "after_tenth", "end", "peak"))
            assert row.figures["peak_mib"] >= row.figures["start_mib"]
            assert row.samples["reports"] == tuple(range(count + 1))
            assert len(row.samples["mib"]) == count + 1


class TestSameBytes:
    def test_the_same_bytes_count(self):
        """At two seconds for all."""
        row = side_by_side("x", lambda order: (RIGHT, (0.5, 1.0, 2.0, 1.5)), MIX, EXPECTED)

        assert row.ok
        assert row.figures["reports_per_s"] == len(MIX) / 2

    def test_other_bytes_leave_no_figure(self):
        """One report of four is enough."""
        other = [replace(RIGHT[0], digest="other"), *RIGHT[1:]]

        row = side_by_side("x", lambda order: (other, (2.0,) * 4), MIX, EXPECTED)

        assert not row.ok
        assert not row.figures
        assert row.why == "1 of 4 reports are other bytes than when made alone"

    def test_a_lost_report_leaves_no_figure(self):
        """The others are right."""
        row = side_by_side("x", lambda order: (RIGHT[1:], (2.0,) * 3), MIX, EXPECTED)

        assert (row.ok, row.figures, row.why) == (False, {}, "1 of 4 reports were lost")

    def test_a_process_that_dies_leaves_no_figure(self, monkeypatch):
        """While it is warmed, as the memory killer would end it: known at once, not after the patience."""
        monkeypatch.setattr(throughput, "ProcessPoolExecutor", _dying)

        row = side_by_side("x", lambda order: throughput._in_processes(2, order), MIX, EXPECTED)

        assert (row.ok, row.figures, row.why) == (False, {}, "a process did not start, or died")

    def test_a_fault_of_the_report_it_is_compared_with_counts_too(self):
        """Agreeing with a bad one is no virtue."""
        expected = {**EXPECTED, MIX[0]: replace(EXPECTED[MIX[0]], why="no pages")}

        assert why_not(RIGHT, expected, len(RIGHT)) == "no pages"

    def test_a_report_with_a_fault_leaves_no_figure(self, monkeypatch):
        """In this process: threads make it, and the one it is compared with is faulty in the same way."""
        monkeypatch.setattr(mixture, "fault", lambda report: "coverage.missing")
        made = mixture.made_of(MIX[-1])

        row = side_by_side("x", throughput._in_threads, MIX[-1:], {MIX[-1]: made})

        assert (row.ok, row.figures, row.why) == (False, {}, "coverage.missing")


def _dying(processes, context, warmed, arguments):
    """Processes that end before they are warm."""
    return ProcessPoolExecutor(processes, context, os._exit, (1,))


class TestMemory:
    def test_every_report_is_of_another_case(self):
        """Another patient at other times, mostly of the fastest sample, and the same with the same seed."""
        cases = [memory._watched_case(number, 1) for number in range(1, 81)]

        assert len({case for _, case in cases}) == 80
        assert {sample for sample, _ in cases} == set(MIX)
        assert cases[4] == memory._watched_case(5, 1) != memory._watched_case(5, 2)

    def test_a_report_of_other_bytes_leaves_no_figure(self):
        """It is made again, from the same case."""
        held = watched(2, 1, model=False)

        assert list(held.kept) == [2]
        assert memory._differing(held, 1, None) == ""
        other = memory._differing(replace(held, kept={2: "other"}), 1, None)
        assert other == "1 of 1 reports are other bytes than when made alone"
        assert (memory_row("x", held, other).ok, memory_row("x", held, other).figures) == (False, {})

    def test_a_report_with_a_fault_ends_the_watch(self, monkeypatch):
        """And leaves no figure."""
        monkeypatch.setattr(mixture, "fault", lambda report: "coverage.missing")
        held = watched(2, 1, model=False)

        assert (held.counts, held.why) == ((0,), "coverage.missing")
        assert memory_row("x", held).figures == {}

    @pytest.mark.parametrize("kib", [64, 1])
    def test_a_leak_is_seen(self, kib):
        """However much the process holds beside it."""
        counts = tuple(range(0, 1001, 20))
        row = memory_row("x", Held(counts, tuple(60 + kib * count / 1024 for count in counts), 122.5, {}))

        assert row.figures["growth_kib_per_report"] == pytest.approx(kib)
        assert row.figures["growth_error_kib_per_report"] == pytest.approx(0, abs=1e-9)
        assert row.figures["bounded"] is False
        assert row.figures["after_tenth_mib"] == 60 + 100 * kib / 1024

    def test_caches_that_fill_are_no_leak(self):
        """Only the second half counts."""
        counts = tuple(range(0, 1001, 20))
        row = memory_row("x", Held(counts, tuple(60 + min(count, 200) / 10 for count in counts), 80.0, {}))

        assert row.figures["growth_kib_per_report"] == pytest.approx(0)
        assert row.figures["bounded"] is True

    def test_a_few_reports_do_not_tell(self):
        """Neither bounded nor not."""
        assert memory_row("x", Held((0, 490, 980), (60.0, 70.0, 80.0), 80.0, {})).figures["bounded"] is None
