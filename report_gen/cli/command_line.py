"""Finds the command that was asked for, runs it, and turns every error into a line and an exit code."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

from report_gen.cli.shared.streams import print_problems, say
from report_gen.errors import CaseInvalidError, ExitCode, ReportGenError, place
from report_gen.version import __version__

__all__ = ["COMMANDS", "main", "parser"]

COMMANDS: Final = ("generate", "check", "claim", "rules", "denial", "extract", "schema", "vocab", "doctor")
"""Every command in the order of the help; each is the module of its name beside this one."""


class _Parser(argparse.ArgumentParser):
    """Argparse with our exit code for wrong usage."""

    def error(self, message: str) -> Any:
        """Print usage and the mistake, and leave with code 1."""
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n")


def parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of some commands; the `run` of its result runs the command that was named."""
    command_line = _Parser(
        prog="report-gen", description="Draft reports of intraoperative neurophysiological monitoring."
    )
    command_line.add_argument("--version", action="version", version=f"report-gen {__version__}")
    added = command_line.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in commands:
        import_module(f"report_gen.cli.{name}").add(added)
    return command_line


def main(argv: Sequence[str] | None = None, *, began_at: float | None = None) -> int:
    """Run one command and return its exit code; see `report_gen.errors.ExitCode`.

    Args:
        argv: The arguments. None: those of the process.
        began_at: Reading of `time.perf_counter` at which whoever waits began to wait. None: now.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    # No option stands before a command, so the first argument names it; whatever else it is, all are offered.
    named = [name for name in COMMANDS if arguments[:1] == [name]]
    try:
        options = parser(named or COMMANDS).parse_args(arguments)
        options.began_at = time.perf_counter() if began_at is None else began_at
        code: int = options.run(options)
    except CaseInvalidError as error:
        print_problems(error.problems)
        code = error.exit_code
    except ReportGenError as error:
        first, newline, rest = str(error).partition("\n")
        say(f"report-gen: {first} [{error.code}]{newline}{rest}")
        code = error.exit_code
    except KeyboardInterrupt:
        say("report-gen: interrupted; no half-written file is left")
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader went away, as `| head` does; it needs no words.
        code = ExitCode.FILE_ACCESS
    except Exception as error:  # noqa: BLE001 - a traceback would print the exception's message, which may quote the case
        say(
            f"report-gen: unexpected {type(error).__name__} at {place(error)}; no half-written file is left; "
            "send this line to the makers of the program [internal.unexpected]"
        )
        code = ExitCode.RENDER_FAILED
    return int(code)
