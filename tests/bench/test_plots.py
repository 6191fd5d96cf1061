"""The plots: written, the same every time, readable as text; not what they look like."""

from __future__ import annotations

import re
import sys
from functools import cache
from random import Random

import pytest

from bench import suite
from bench.plots import plots
from bench.result import Part, Row, Run, save
from tests.selection import ALL

NAMES = [f"{name}.{kind}" for name in ("policies", "growth", "throughput") for kind in ("svg", "png")]


def run(*only):
    """Made-up rows as the parts give them."""
    rng = Random(1)  # noqa: S311 - a draw, not a secret
    sizes = tuple(6.0 * 2**step for step in range(7))
    waits = [
        Row(f"{profile} / {policy}", {"p50_s": 1.0}, {"wall_s": tuple(rng.lognormvariate(0, 1) for _ in range(50))})
        for profile in ("hosted fast", "hosted mid", "hostile")
        for policy in ("ours", "one call")
    ]
    waits.append(Row("no model", {"p50_s": 0.1}, {"wall_s": (0.1, 0.2)}))
    grown = [
        Row(f"{axis} / {stage}", {"exponent": 1.01}, {"size": sizes, "ms": tuple(size / 7 for size in sizes)})
        for axis in ("events", "channels", "physiology")
        for stage in ("load", "pdf")
    ]
    speeds = [
        Row("no model / 1 process", {"reports_per_s": 10}),
        Row("no model / 2 processes", ok=False, why="bytes differ"),
        Row("memory", {"growth_mib": 0.1}, {"reports": (0.0, 100.0, 200.0), "mib": (80.0, 81.0, 81.0)}),
    ]
    parts = (Part("model", "", tuple(waits)), Part("growth", "", tuple(grown)), Part("throughput", "", tuple(speeds)))
    chosen = tuple(part for part in parts if not only or part.name in only)
    return Run(
        "quick", 1, "2026-11-20T10:00:00Z", "a1b2c3", {"processor": "Invented & Sons <9>", "cores": 2}, {}, chosen
    )


@cache
def plots_of(*only):
    """The plots of a run of these parts, drawn once."""
    return plots(run(*only))


@pytest.fixture(scope="module")
def drawn():
    """All plots of one run."""
    return plots_of()


class TestPlots:
    def test_every_plot_is_there_in_both_kinds(self, drawn):
        """And is what its name says."""
        assert list(drawn) == NAMES
        for name, data in drawn.items():
            assert data.startswith(b"\x89PNG" if name.endswith("png") else b"<?xml")

    def test_the_same_run_gives_the_same_bytes(self, drawn):
        """Or every run would change committed files."""
        assert plots_of("growth") == {name: data for name, data in drawn.items() if name.startswith("growth")}
        if ALL:
            assert plots(run()) == drawn

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("policies", ["endpoint: hostile", "one call", "seconds until the report is there", "6 s"]),
            ("growth", ["events", "pdf, n^1.01", "n log n", "ms of CPU", "384", "how many in the case"]),
            ("throughput", ["reports per second", "MiB held", "1 process"]),
        ],
    )
    def test_words_are_text_and_say_where_it_was_measured(self, drawn, name, said):
        """Text can be searched, read aloud and set in the reader's font."""
        texts = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn[f"{name}.svg"].decode()))
        for words in [*said, "Invented &amp; Sons &lt;9&gt;, 2 cores", "2026-11-20", "commit a1b2c3", "quick, seed 1"]:
            assert words in texts

    def test_files_are_fit_to_be_kept_with_the_source(self, drawn):
        """One newline at the end, no blanks before one, and no date."""
        for name in NAMES[::2]:
            text = drawn[name].decode()
            assert text.endswith("</svg>\n")
            assert not re.search(r"[ \t]$", text, re.MULTILINE)
            assert "dc:date" not in text

    def test_a_part_that_did_not_run_has_no_plot(self):
        """And neither has one of which no row counts."""
        assert list(plots_of("growth")) == NAMES[2:4]
        lost = Part("model", "", (Row("hostile / ours", ok=False, why="lost a report"), Row("x / y", why="skipped")))
        assert plots(Run("quick", 1, "", "", {}, {}, (lost, Part("growth", "", ())))) == {}

    def test_what_waits_for_no_endpoint_stands_in_every_panel(self, drawn):
        """To be compared with each; its share within the limit is printed in all three."""
        assert len(re.findall(r"<text[^>]*>no model</text>", drawn["policies.svg"].decode())) >= 1
        assert drawn["policies.svg"].count(b">100.0 %<") >= 3

    def test_the_triangle_is_named_by_what_it_is(self, drawn):
        """Of fewer than a hundred reports, the greatest is no 99th percentile."""
        assert b"Triangle: max." in drawn["policies.svg"]
        waits = {"wall_s": tuple(float(n) for n in range(1, 101))}
        part = Part("model", "", (Row("hosted fast / ours", {"p50_s": 1.0}, waits),))
        assert b"Triangle: p99." in plots(Run("full", 1, "", "", {}, {}, (part,)))["policies.svg"]

    def test_a_row_that_does_not_count_is_not_drawn(self, drawn):
        """Its name is nowhere."""
        assert b"2 processes" not in drawn["throughput.svg"]


class TestWritten:
    def test_they_stand_beside_the_result(self, tmp_path):
        """Under its name."""
        written, why = suite.write(run("throughput"), tmp_path)
        assert [path.name for path in written] == [
            "quick-2026-11-20-a1b2c3.json",
            "quick-2026-11-20-a1b2c3-throughput.svg",
            "quick-2026-11-20-a1b2c3-throughput.png",
        ]
        assert not why
        assert sorted(tmp_path.iterdir()) == sorted(written)

    def test_without_matplotlib_there_is_a_result_and_a_line(self, tmp_path, monkeypatch):
        """The extra is optional."""
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        written, why = suite.write(run(), tmp_path)
        assert [path.suffix for path in written] == [".json"]
        assert "matplotlib is not installed" in why
        assert "\n" not in why

    def test_a_run_without_plots_does_not_ask_for_matplotlib(self, tmp_path, monkeypatch):
        """Nothing would be drawn."""
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        assert suite.write(run("none"), tmp_path)[1] == ""

    def test_an_older_result_is_not_replaced(self, tmp_path):
        """Two runs of one commit on one day are there to be compared."""
        save(run(), tmp_path / "quick-2026-11-20-a1b2c3.json")
        assert suite.stem(run(), tmp_path) == "quick-2026-11-20-a1b2c3-2"
