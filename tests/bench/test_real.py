"""The part about a real model: what counts, and that it is skipped where no server is installed. No server is run."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from bench.gate import InTime
from bench.real.reports import Patient, Usual
from bench.real.run import measure, patient_rows, probe_row, usual_row
from bench.real.serving import VARIABLE, Installed, installed
from report_gen.llm.openai.probe import ProbeReport
from report_gen.llm.port import Outcome
from report_gen.narrate.merge import Wording


class TestWhatIsInstalled:
    @pytest.mark.parametrize(
        ("python", "why"),
        [
            ("", "names no Python"),
            (sys.executable, "lacks llama-cpp-python"),
            ("/nowhere/python", "cannot be run"),
        ],
    )
    def test_a_part_without_server_is_skipped(self, monkeypatch, python, why):
        """With the reason, and without a fault."""
        monkeypatch.setenv(VARIABLE, python)
        assert why in str(installed())
        (row,) = measure("smoke", 1).rows
        assert row.skipped
        assert why in row.why

    def test_the_server_listens_on_this_machine_only(self, tmp_path):
        """On the port that it is given, with as many threads."""
        command = Installed("python", "1", tmp_path / "m.gguf").command(81, threads=3)
        told = dict(zip(command[3::2], command[4::2], strict=True))
        assert command[:3] == ["python", "-m", "llama_cpp.server"]
        assert (told["--host"], told["--port"], told["--n_threads"]) == ("127.0.0.1", "81", "3")


def made(s=5.0, why=""):
    """A report in the usual time."""
    return Usual(InTime("a_case", s, 0.2, why), questions=4, answered=1, sentences=9, kept=2)


class TestRows:
    def test_reports_in_time_count(self):
        """With what was asked and kept of all of them."""
        row = usual_row("as it comes", [made(), made(5.5)])
        assert not row.failed
        assert {name: row.figures[name] for name in ("reports", "max_s", "answered", "sentences", "kept")} == {
            "reports": 2,
            "max_s": 5.5,
            "answered": 2,
            "sentences": 18,
            "kept": 4,
        }

    @pytest.mark.parametrize(
        ("bad", "why"), [(made(6.1), "late: 6.10 s of 6.00 s"), (made(why="other facts"), "facts")]
    )
    def test_a_late_or_wrong_report_does_not(self, bad, why):
        """One is enough."""
        row = usual_row("as it comes", [made(), bad])
        assert row.failed
        assert why in row.why

    def test_answers_are_counted_and_refusals_told_by_reason(self):
        """A part of an answer reaches the guard too."""
        ours = ("event-E1", ("f",), ("A template.",), ("A wording.",))
        found = Patient(
            reports=1,
            questions=4,
            outcomes=Counter({Outcome.OK: 1, Outcome.PARTIAL: 2, Outcome.TIMEOUT: 1}),
            waited_s=[30.0],
            offered=3,
            wordings=[
                Wording(*ours, True, (), ()),
                Wording(*ours, False, ("unread", "time"), ("so", "")),
                Wording(*ours, False, ("unread",), ("so",)),
            ],
        )
        whole, unread = patient_rows(found, 3)
        assert whole.figures["wordings_kept"] == 1
        assert (whole.figures["whole_answers"], whole.figures["cut_off"], whole.figures["no_answer"]) == (1, 2, 1)
        assert whole.figures["seconds_an_answer_s"] == pytest.approx(10.0)
        assert (unread.name, unread.figures["refused"]) == ("refused / unread", 2)
        (few,) = patient_rows(found, 4)
        assert few.why == "3 of 4 answers reached the guard"
        found.why = "a_case: other findings than the template's report"
        (wrong,) = patient_rows(found, 3)
        assert wrong.failed

    def test_a_probe_that_fails_is_a_fault(self):
        """The server is there: it must be usable."""
        assert probe_row(ProbeReport(Outcome.SCHEMA, True, "m")).failed
        good = ProbeReport(Outcome.OK, True, "m", answer_format="json_object_schema", answer_s=1.0, tokens_per_s=30.0)
        assert probe_row(good).figures["form"] == "json_object_schema"
