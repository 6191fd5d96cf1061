"""Running parts in processes of their own, and the tables that are printed. No time is asserted."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import suite
from bench.__main__ import main
from bench.measure import ROOT, steadiness
from bench.result import Part, Row, Run, load
from bench.table import WIDTH, heading, markdown, number, table
from tests.selection import ALL, now_and_in_full

FAKES = {
    "good": """
import os
def measure(scale, seed):
    return Part("good", "Does it run?", (Row("a", {"seed": seed, "scale": scale, "process": os.getpid()}),))
""",
    "skips": """
def measure(scale, seed):
    return Part("skips", "Is it there?", (Row("a", {"n": 1}), Row("b", why="no such library")))
""",
    "wrong": """
def measure(scale, seed):
    return Part("wrong", "Is it right?", (Row("a", ok=False, why="no pages"), Row("b", {"n": 1})))
""",
    "crash": """
def measure(scale, seed):
    raise RuntimeError("the server did not start")
""",
    "killed": """
import os, signal
def measure(scale, seed):
    os.kill(os.getpid(), signal.SIGKILL)
""",
    "foreign": """
def measure(scale, seed):
    return {"rows": []}
""",
    "twice": """
def measure(scale, seed):
    return Part("twice", "", (Row("a", {"n": 1}), Row("a", {"n": 2})))
""",
    "hangs": """
import subprocess, sys, time
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
def measure(scale, seed):
    import tempfile
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    tempfile.mkdtemp(prefix="left-by-a-part-")
    Path(__file__).with_suffix(".started").write_text(str(child.pid))
    time.sleep(600)
""",
}


@pytest.fixture(scope="module")
def fakes(tmp_path_factory):
    """Modules of made-up parts that a fresh process can import, by name; the folder that they are in."""
    folder = tmp_path_factory.mktemp("fakes")
    for name, body in FAKES.items():
        (folder / f"fake_{name}.py").write_text("from bench.result import Part, Row\n" + body, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        # The fixed work is done ten times as often otherwise, around each part of each test.
        patch.setattr(suite, "steadiness", partial(steadiness, 3))
        yield folder


@dataclass(frozen=True)
class Ran:
    """What one run of several made-up parts left."""

    code: int
    printed: str
    file: Path
    found: Run


PARTS = {"good": "good", "crash": "crash", "again": "good", "killed": "killed", "twice": "twice"}
PARTS |= {"skips": "skips", "wrong": "wrong", "foreign": "foreign"} if ALL else {}


def run(out, parts, *arguments):
    """The exit code and the text of a smoke run of some parts, and the file that it wrote."""
    said = io.StringIO()
    with redirect_stdout(said):
        code = main(["run", "--smoke", "--out", str(out), *arguments], {name: f"fake_{parts[name]}" for name in parts})
    file = next(out.glob("*.json"))
    return Ran(code, said.getvalue(), file, load(file))


@pytest.fixture(scope="module")
def ran(tmp_path_factory, fakes):
    """A run of every kind of part that ends by itself."""
    return run(tmp_path_factory.mktemp("out"), PARTS, "--seed", "5")


class TestRun:
    def test_parts_run_in_order_each_in_a_process_of_its_own(self, ran):
        """With the scale and the seed that were asked for, and nothing left behind."""
        assert [part.name for part in ran.found.parts] == list(PARTS)
        figures = [ran.found.part(name).rows[0].figures for name in ("good", "again")]
        assert [(row["scale"], row["seed"]) for row in figures] == [("smoke", 5)] * 2
        assert len({os.getpid(), *(row["process"] for row in figures)}) == 3
        assert (ran.found.scale, ran.found.seed) == ("smoke", 5)
        assert ran.printed.count("Does it run?") == 2
        assert list(ran.file.parent.iterdir()) == [ran.file]

    def test_how_steady_the_machine_was_is_kept_for_each_part(self, ran):
        """Or nobody could say later whether it was too noisy."""
        for name in ("steady_ms", *(f"{part}_steady_ms" for part in PARTS)):
            assert ran.found.machine[name] > 0
        assert ran.found.machine["noise_pct"] == max(ran.found.machine[f"{name}_noise_pct"] for name in PARTS)

    def test_a_part_that_crashes_does_not_stop_the_others(self, ran):
        """It is told with the last lines that it wrote; the file names only the kind of error."""
        assert ran.code == 1
        assert "RuntimeError: the server did not start" in ran.printed
        assert "not ok: crash: crashed" in ran.printed
        assert ran.found.part("crash").rows == (Row("crashed", ok=False, why="RuntimeError"),)
        assert not ran.found.part("again").rows[0].failed

    @pytest.mark.parametrize(
        ("name", "why"),
        now_and_in_full(
            [("killed", "ended by signal 9"), ("foreign", "TypeError"), ("twice", "ValueError")],
            ["killed", "twice"],
            key=lambda row: row[0],
        ),
    )
    def test_other_ways_to_end_without_a_result(self, ran, name, why):
        """Killed, not a part, rows that cannot be told apart."""
        assert ran.found.part(name).rows[0].why == why
        assert f"not ok: {name}: crashed" in ran.printed

    @pytest.mark.parametrize(("name", "error"), [("foreign", TypeError), ("twice", ValueError)])
    def test_what_is_no_part_ends_its_process(self, monkeypatch, fakes, name, error):
        """Not a part, rows that cannot be told apart: an error, of which the process dies as of any other."""
        monkeypatch.syspath_prepend(str(fakes))
        with pytest.raises(error):
            suite.measure_part(f"fake_{name}", "smoke", 1)

    def test_a_row_that_does_not_count_makes_the_exit_code_1(self, tmp_path, fakes):
        """And is named at the end."""
        wrong = run(tmp_path, {"wrong": "wrong"})
        assert wrong.code == 1
        assert "not ok: wrong: a\n" in wrong.printed

    def test_a_skipped_row_and_parts_that_were_not_asked_for_do_not(self, tmp_path, fakes):
        """A missing peer is no fault."""
        skips = run(tmp_path, {"wrong": "wrong", "skips": "skips"}, "--only", "skips")
        assert skips.code == 0
        assert [part.name for part in skips.found.parts] == ["skips"]
        assert "skipped: no such library" in skips.printed
        assert "not ok" not in skips.printed

    def test_a_part_that_hangs_is_stopped_with_all_that_it_started(self, monkeypatch, fakes):
        """Or the next part would share the machine with it."""
        started = fakes / "fake_hangs.started"
        started.unlink(missing_ok=True)

        class Hurried(subprocess.Popen):
            """The time is up as soon as the process has started its own, however long that takes here."""

            def wait(self, timeout=None):
                if timeout is None:
                    return super().wait()
                while self.poll() is None and not (started.exists() and started.read_text(encoding="utf-8")):
                    time.sleep(0.02)
                return super().wait(0.01)

        monkeypatch.setattr(suite, "subprocess", SimpleNamespace(**{**vars(subprocess), "Popen": Hurried}))
        found = suite.run_parts(suite.Order("smoke", 1, {"hangs": "fake_hangs"}), lambda outcome: None)
        assert found.parts[0].rows[0].why == "it hung and was stopped"
        assert ended(int(started.read_text(encoding="utf-8")))

    def test_a_folder_that_cannot_be_made_is_said_before_the_minutes_are_spent(self, tmp_path, fakes, capsys):
        """Exit code 4, and no part has run."""
        (tmp_path / "file").write_text("", encoding="utf-8")
        assert main(["run", "--smoke", "--out", str(tmp_path / "file")], {"good": "fake_good"}) == 4
        assert "Does it run?" not in capsys.readouterr().out

    def test_an_interrupt_leaves_no_file_and_no_process(self, tmp_path, fakes):
        """Ctrl-C in the middle of a part, which has no time to remove what it wrote for the moment."""
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        started = fakes / "fake_hangs.started"
        started.unlink(missing_ok=True)
        arguments = ["run", "--smoke", "--out", str(tmp_path / "out")]
        code = f"from bench.__main__ import main; raise SystemExit(main({arguments!r}, {{'hangs': 'fake_hangs'}}))"
        child = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(scratch)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            while child.poll() is None and not (started.exists() and started.read_text(encoding="utf-8")):
                time.sleep(0.02)
            child.send_signal(signal.SIGINT)
            _, error = child.communicate(timeout=60)
        finally:
            child.kill()
        assert child.returncode == 130
        assert b"nothing was written" in error
        assert list((tmp_path / "out").iterdir()) == []
        assert list(scratch.iterdir()) == []
        assert ended(int(started.read_text(encoding="utf-8")))

    def test_every_part_of_the_suite_stands_in_its_order(self):
        """As the README and the results name them."""
        assert list(suite.PARTS) == ["stages", "growth", "model", "throughput", "peers", "checking", "real"]


def ended(process):
    """Whether a process is gone, or only waits to be collected by whoever has inherited it."""
    for _ in range(500):
        try:
            status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        except (FileNotFoundError, ProcessLookupError):
            return True
        if status.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


class TestCalm:
    def test_steady_before_and_after_but_slower_is_not_calm(self):
        """Another program started in between."""
        middle, wavered = suite.calm((3.0, 0.01), (4.5, 0.01))
        assert middle == pytest.approx(3.75)
        assert wavered == pytest.approx(0.5)
        assert suite.calm((3.0, 0.2), (3.0, 0.01)) == (3.0, 0.2)


WIDE = Part(
    "stages",
    "How long does each stage take, and why does the sentence that asks for it not end on the first line of the table?",
    (
        *(
            Row(f"{case} / {stage}", {f"figure_number_{place}_ms": 1234.5 * place for place in range(14)})
            for case in ("quiet", "a case with a very long name that does not fit anywhere at all", "12 hours")
            for stage in ("load", "facts")
        ),
        Row("12 hours / pdf", {"figure_number_1_ms": 99999.0}, ok=False, why="no pages " * 30),
        Row("typst", why="typst is not installed"),
        Row("memory", {"peak_mib": 1.5, "steady": True}),
    ),
    ("A note that is as long as it likes. " * 8,),
    3.0,
)


class TestTable:
    def test_no_line_is_too_long(self):
        """On a terminal a broken table cannot be read."""
        assert max(map(len, table(WIDE).splitlines())) <= WIDTH

    def test_every_figure_of_every_row_is_there(self):
        """A wide table is split and not cut."""
        text = table(WIDE)
        for place in range(1, 14):
            assert text.count(number(1234.5 * place)) == 6
        assert text.count("    load ") == text.count("    facts ") > 3

    def test_columns_are_aligned(self):
        """Figures end where their head ends."""
        rows = (Row("a", {"p50_ms": 1.0, "engine": "x"}), Row("longer", {"p50_ms": 12345.0, "engine": "abc"}))
        lines = table(Part("p", "q", rows)).splitlines()
        assert lines[2:] == [
            "             p50",
            "              ms  engine",
            "  a         1.00  x",
            "  longer  12,345  abc",
        ]

    def test_rows_of_one_case_stand_under_its_name(self):
        """Which is printed once for neighbors."""
        rows = [Row(name, {"p50_ms": 1.0}) for name in ("quiet / load", "quiet / pdf", "total", "quiet / all")]
        lines = [line.split("  1.00")[0].rstrip() for line in table(Part("p", "q", tuple(rows))).splitlines()[4:]]
        assert lines == ["  quiet", "    load", "    pdf", "  total", "  quiet", "    all"]

    def test_rows_that_do_not_count_say_why_and_have_no_figures(self):
        """Times of a report that failed its checks must not be read."""
        text = table(WIDE)
        assert "not ok: no pages" in text
        assert "99,999" not in text
        assert "skipped: typst is not installed" in text
        assert "99,999" not in markdown(WIDE)

    def test_rows_that_share_no_figure_are_tables_of_their_own(self):
        """Not a table of holes."""
        last = table(WIDE).split("typst is not installed")[1]
        assert "peak" in last
        assert "figure" not in last.split("memory")[0].split("peak")[1]

    def test_a_part_of_failed_rows_is_still_a_table(self):
        """That is when it is read most."""
        assert "not ok: RuntimeError" in table(Part("p", "", (Row("crashed", ok=False, why="RuntimeError"),)))

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("p50_ms", ("p50", "ms")),
            ("within_6s_pct", ("within 6s", "%")),
            ("peak_mib", ("peak", "MiB")),
            ("reports_per_s", ("reports", "per s")),
            ("usd_per_report", ("usd", "per report")),
            ("exponent", ("exponent", "")),
            ("tried", ("tried", "")),
        ],
    )
    def test_units_come_from_the_names(self, name, words):
        """So that a part writes a figure's name and nothing else."""
        assert heading(name) == words

    @pytest.mark.parametrize(
        ("value", "unit", "text"),
        [
            (99.97, "%", ">99.9"),
            (100.0, "%", "100.0"),
            (0.01, "%", "<0.1"),
            (0.0, "%", "0.0"),
            (0.00123, "", "0.00123"),
            (1.2345, "", "1.23"),
            (12345.6, "", "12,346"),
            (12345, "", "12,345"),
            (0.0, "", "0"),
            (-2.5, "", "-2.50"),
            (True, "", "yes"),
            (None, "", "–"),
        ],
    )
    def test_digits_that_mean_something(self, value, unit, text):
        """And a share that is not all never reads as all."""
        assert number(value, unit) == text

    def test_markdown_of_chosen_columns(self):
        """For the README; a figure that does not exist is an error and not an empty column."""
        rows = (Row("a | b", {"p50_ms": 1.0, "n": 2}), Row("c", ok=False, why="no pages"))
        part = Part("p", "q", rows)
        assert markdown(part, ["n", "p50_ms"]) == (
            "|  | n | p50, ms |\n| --- | ---: | ---: |\n| a \\| b | 2 | 1.00 |\n| c (not ok: no pages) |  |  |\n"
        )
        with pytest.raises(ValueError, match="p51_ms"):
            markdown(part, ["p51_ms"])


class TestShow:
    def test_a_result_is_shown_as_it_was_printed(self, ran, capsys):
        """The same tables, months later."""
        assert main(["show", str(ran.file)]) == 0
        shown = capsys.readouterr().out
        assert all(table(part) in shown and table(part) in ran.printed for part in ran.found.parts)
        assert "seed 5" in shown

    def test_columns_that_no_row_has_are_wrong_usage(self, ran, capsys):
        """Exit code 2."""
        only = ["show", str(ran.file), "--only", "good", "--markdown", "--columns"]
        assert main([*only, "nothing"]) == 2
        assert main([*only, "seed"]) == 0
        assert "| a | 5 |" in capsys.readouterr().out
