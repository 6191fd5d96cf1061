"""The bench of throughput: the same bytes in every way of making reports, and what memory does over them."""

from __future__ import annotations

from dataclasses import replace
from threading import BrokenBarrierError

import pytest

import report_gen.pipeline
from bench import throughput
from bench.throughput import MIX, Held, Made, memory_row, side_by_side, watched, why_not

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
            assert 0 < row.figures["p50_s"] <= row.figures["p95_s"] <= row.figures["max_s"]

    def test_the_delay_of_the_model_is_said(self, part):
        """Times with a model mean nothing without it."""
        assert any("after 0.02 s" in note for note in part.notes)

    def test_memory_is_looked_at_throughout(self, part):
        """After each of a few reports."""
        for row, count in zip(part.rows[5:], (20, 4), strict=True):
            assert row.figures["reports"] == count
            assert all(row.figures[f"{name}_mib"] > 10 for name in ("start", "after_tenth", "end", "peak"))
            assert row.figures["peak_mib"] >= row.figures["start_mib"]
            assert row.samples["reports"] == tuple(range(count + 1))
            assert len(row.samples["mib"]) == count + 1


class TestSameBytes:
    def test_the_same_bytes_count(self):
        """At two seconds for all."""
        row = side_by_side("x", lambda order: (RIGHT, 2.0), MIX, EXPECTED)

        assert row.ok
        assert row.figures["reports_per_s"] == len(MIX) / 2

    def test_other_bytes_leave_no_figure(self):
        """One report of four is enough."""
        other = [replace(RIGHT[0], digest="other"), *RIGHT[1:]]

        row = side_by_side("x", lambda order: (other, 2.0), MIX, EXPECTED)

        assert not row.ok
        assert not row.figures
        assert row.why == "1 of 4 reports are other bytes than when made alone"

    def test_a_lost_report_leaves_no_figure(self):
        """The others are right."""
        row = side_by_side("x", lambda order: (RIGHT[1:], 2.0), MIX, EXPECTED)

        assert (row.ok, row.figures, row.why) == (False, {}, "1 of 4 reports were lost")

    def test_a_process_that_does_not_start_leaves_no_figure(self):
        """It is waited for, but not for ever."""

        def never(order):
            raise BrokenBarrierError

        row = side_by_side("x", never, MIX, EXPECTED)

        assert (row.ok, row.figures, row.why) == (False, {}, "a process did not start")

    def test_a_fault_of_the_report_it_is_compared_with_counts_too(self):
        """Agreeing with a bad one is no virtue."""
        expected = {**EXPECTED, MIX[0]: replace(EXPECTED[MIX[0]], why="no pages")}

        assert why_not(RIGHT, expected, len(RIGHT)) == "no pages"

    def test_a_report_with_a_fault_leaves_no_figure(self, monkeypatch):
        """In this process: threads make it, and the one it is compared with is faulty in the same way."""
        monkeypatch.setattr(throughput, "fault", lambda report: "coverage.missing")
        made = throughput._made(MIX[-1])

        row = side_by_side("x", throughput._in_threads, MIX[-1:], {MIX[-1]: made})

        assert (row.ok, row.figures, row.why) == (False, {}, "coverage.missing")


class TestMemory:
    def test_a_report_of_other_bytes_ends_the_watch(self):
        """And leaves no figure."""
        held = watched([MIX[-1], MIX[-1]], {MIX[-1]: Made(MIX[-1], "other")}, model=False)

        assert held.why == "1 of 1 reports are other bytes than when made alone"
        assert memory_row("x", held).figures == {}

    def test_a_leak_is_seen(self):
        """64 KiB a report, of a process that holds 66 MiB."""
        counts = tuple(range(0, 1001, 20))
        row = memory_row("x", Held(counts, tuple(60 + count / 16 for count in counts), 122.5))

        assert row.figures["growth_kib_per_report"] == pytest.approx(64)
        assert row.figures["bounded"] is False
        assert row.figures["after_tenth_mib"] == 60 + 100 / 16

    def test_caches_that_fill_are_no_leak(self):
        """Only the second half counts."""
        counts = tuple(range(0, 1001, 20))
        row = memory_row("x", Held(counts, tuple(60 + min(count, 200) / 10 for count in counts), 80.0))

        assert row.figures["growth_kib_per_report"] == pytest.approx(0)
        assert row.figures["bounded"] is True

    def test_a_few_reports_do_not_tell(self):
        """Neither bounded nor not."""
        assert memory_row("x", Held((0, 10, 20), (60.0, 70.0, 80.0), 80.0)).figures["bounded"] is None
