"""Wrong usage, errors and exit codes of every command; the same as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import report_gen.assets
import report_gen.cli
import report_gen.cli.generate
import report_gen.pipeline
import report_gen.render.pdf
import report_gen.render.pdf.fonts
import report_gen.render.report.pdf
from report_gen.cli.command_line import COMMANDS
from report_gen.errors import RenderError
from report_gen.version import __version__
from tests.cases.canaries import with_canaries
from tests.cli.commands import EVENTFUL, QUIET, case_of, process


class TestUsage:
    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("print",),
            ("generate",),
            ("generate", QUIET, "--format", "docx"),
            ("generate", QUIET, "--format", ""),
            ("generate", QUIET, "--format", ","),
            ("generate", QUIET, "--page-size", "a5"),
            ("generate", QUIET, QUIET),
            ("generate", QUIET, "--unknown"),
            ("check",),
            ("check", QUIET, "--format", "xml"),
            ("schema", "rules"),
            ("doctor", "--format", "pdf"),
        ],
        ids=lambda arguments: " ".join(getattr(word, "name", word) for word in arguments) or "nothing",
    )
    def test_wrong_usage_is_exit_code_1(self, run, arguments):
        """The mistake and the usage on standard error, nothing on standard output."""
        code, shown, said = run(*arguments)
        assert (code, shown) == (1, "")
        assert "usage: report-gen" in said

    def test_every_module_of_a_command_is_offered(self):
        """A module that adds a command and is not listed would be reached by nobody."""
        modules = Path(report_gen.cli.__file__).parent.glob("*.py")
        assert {path.stem for path in modules if "\ndef add(" in path.read_text(encoding="utf-8")} == set(COMMANDS)

    @pytest.mark.parametrize("arguments", [("--help",), ("generate", "--help"), ("--version",)], ids=" ".join)
    def test_help_is_no_mistake(self, run, arguments):
        """Help and version are what was asked for."""
        code, shown, said = run(*arguments)
        assert (code, said) == (0, "")
        assert "report-gen" in shown


class TestOwnTrouble:
    def test_a_broken_font_is_exit_code_5(self, run, out, tmp_path, monkeypatch):
        """A font that is there and damaged: one line that says what to do, nothing written."""
        fonts = report_gen.render.pdf.fonts
        for name in fonts._FILES.values():
            (tmp_path / name).write_bytes(b"not a font")
        monkeypatch.setattr(fonts, "_FOLDER", tmp_path)
        fonts.register_fonts.cache_clear()
        try:
            code, shown, said = run("generate", QUIET, "-o", out)
            assert run("doctor")[0] == 5
        finally:
            monkeypatch.undo()
            fonts.register_fonts.cache_clear()
        assert (code, shown) == (5, "")
        assert said == "report-gen: a report font is missing or damaged; install report_gen again [assets.fonts]\n"
        assert list(out.iterdir()) == []

    def test_a_failed_layout_is_exit_code_6(self, run, out, monkeypatch):
        """The renderer's own error, one line, nothing written."""

        def fails(*_: object, **__: object) -> None:
            raise RenderError("render.layout", "a part of the report does not fit on a page")

        monkeypatch.setattr(report_gen.render.report.pdf, "render_pdf", fails)
        code, shown, said = run("generate", QUIET, "-o", out)
        assert (code, shown) == (6, "")
        assert said == "report-gen: a part of the report does not fit on a page [render.layout]\n"
        assert list(out.iterdir()) == []

    def test_a_surprise_in_the_renderer_quotes_nothing(self, run, file, out, monkeypatch):
        """Layout engines quote the text they were given; only the type and our own line are shown."""

        def fails(*_: object, **__: object) -> None:
            raise ValueError("paragraph text '<b>Zebrafinch' caused exception")

        monkeypatch.setattr(report_gen.render.report.pdf, "render_pdf", fails)
        code, shown, said = run("generate", file(with_canaries(case_of(EVENTFUL))), "-o", out)
        assert (code, shown) == (6, "")
        assert said.startswith("report-gen: the PDF could not be drawn: ValueError at report_gen/render/formats.py:")
        assert said.endswith("[render.unexpected]\n")
        assert said.count("\n") == 1
        assert "Zebrafinch" not in said
        assert list(out.iterdir()) == []

    @pytest.mark.parametrize("command", ["generate", "check"])
    @pytest.mark.parametrize("kind", [ValueError, KeyError, RecursionError, MemoryError, OSError, AssertionError])
    def test_a_surprise_anywhere_is_one_line_without_the_message(self, run, file, out, monkeypatch, command, kind):
        """A defect of ours prints its type and place, no traceback and no patient's data; exit code 6."""

        def fails(*_: object, **__: object) -> None:
            try:
                raise LookupError("MRN-7QX")
            except LookupError as error:
                raise kind("Zebrafinch, Canary") from error

        monkeypatch.setattr(report_gen.pipeline, "write", fails)
        more = ("-o", out) if command == "generate" else ()
        code, shown, said = run(command, file(with_canaries(case_of(EVENTFUL))), *more)
        assert (code, shown) == (6, "")
        assert said.startswith(f"report-gen: unexpected {kind.__name__} at report_gen/pipeline.py:")
        assert said.endswith("[internal.unexpected]\n")
        assert said.count("\n") == 1
        assert list(out.iterdir()) == []

    def test_a_surprise_in_the_process_prints_no_traceback(self, tmp_path):
        """The same in a real process, where Python would print what the exception quotes."""
        program = (
            "import report_gen.pipeline as pipeline, report_gen.cli as cli, sys\n"
            "def fails(*_, **__): raise ValueError('Zebrafinch')\n"
            "pipeline.derive = fails\n"
            "sys.exit(cli.main(sys.argv[1:]))\n"
        )
        command = [sys.executable, "-c", program, "generate", str(QUIET), "-o", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (6, b"")
        assert b"Traceback" not in done.stderr
        assert b"Zebrafinch" not in done.stderr

    def test_an_interrupt_is_exit_code_130(self, run, out, monkeypatch):
        """Ctrl-C while working: one line, nothing written."""

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(report_gen.cli.generate, "narrated", interrupted)
        code, shown, said = run("generate", QUIET, "-o", out)
        assert (code, shown) == (130, "")
        assert said == "report-gen: interrupted; no half-written file is left\n"
        assert list(out.iterdir()) == []

    def test_an_interrupt_while_writing_leaves_nothing(self, run, out, monkeypatch):
        """Ctrl-C between the two files: neither is there."""
        calls = iter([None, KeyboardInterrupt()])

        def interrupted(handle: int) -> None:
            if (trouble := next(calls)) is not None:
                raise trouble

        monkeypatch.setattr(os, "fsync", interrupted)
        assert run("generate", QUIET, "-o", out)[0] == 130
        assert list(out.iterdir()) == []

    def test_a_real_signal_is_exit_code_130(self):
        """The same from the keyboard: the process is stopped while it reads standard input."""
        command = [sys.executable, "-m", "report_gen", "check", "-"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}

        def listen() -> None:
            # A shell starts background jobs deaf to Ctrl-C, and these tests may be one.
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        with subprocess.Popen(command, preexec_fn=listen, **pipes) as process:
            # More than a pipe holds: when this returns, the program is past its imports and reads.
            process.stdin.write(b" " * 500_000)
            process.stdin.flush()
            process.send_signal(signal.SIGINT)
            shown, said = process.communicate(timeout=60)
        assert (process.returncode, shown) == (130, b"")
        assert said == b"report-gen: interrupted; no half-written file is left\n"


class TestAsAProcess:
    def test_python_m_report_gen(self, out):
        """`python -m report_gen` is the same program."""
        done = process("generate", QUIET, "-o", out, "--format", "json")
        assert done.returncode == 0
        assert Path(done.stdout.decode().strip()).is_file()

    def test_the_installed_command(self):
        """`report-gen` is installed beside the interpreter."""
        command = Path(sys.executable).with_name("report-gen")
        done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (0, f"report-gen {__version__}\n")

    def test_exit_codes_reach_the_shell(self, tmp_path):
        """The codes returned in this process are those that the shell sees."""
        assert process("generate", tmp_path / "nowhere.json").returncode == 4
        assert process("print").returncode == 1
        assert process("check", "-", input=b"{}").returncode == 2
