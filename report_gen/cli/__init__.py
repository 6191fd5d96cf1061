"""The command line: reads, calls the library, writes; standard output carries only the product.

What goes to standard error is read by people and kept by job schedulers: codes, places and questions, never a value out
of a case. That holds for our own mistakes too: an unexpected exception is told by its type and its place in our code,
without its message, which may quote the case.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from report_gen.cli.arguments import parser
from report_gen.cli.process import age_s, collect_only_young_garbage, leave_the_rest, without_plugins
from report_gen.cli.streams import print_problems, say
from report_gen.errors import CaseInvalidError, ExitCode, ReportGenError, place

__all__ = ["console", "main"]

_HOMES: Final = {
    "generate": "report_gen.cli.generate",
    "check": "report_gen.cli.check",
    "claim": "report_gen.cli.claims",
    "rules": "report_gen.cli.claims",
    "denial": "report_gen.cli.claims",
    "extract": "report_gen.cli.extract",
    "schema": "report_gen.cli.schema",
    "doctor": "report_gen.cli.doctor",
}
"""Where each command is; loaded when it is called, so that none waits for what another needs."""


def console() -> int:
    """Run the command of this process, as the program ``report-gen`` does, and return its exit code."""
    began_at = time.perf_counter() - age_s()
    collect_only_young_garbage()
    without_plugins()
    code = main(began_at=began_at)
    leave_the_rest()
    return code


def main(argv: Sequence[str] | None = None, *, began_at: float | None = None) -> int:
    """Run one command and return its exit code; see `report_gen.errors.ExitCode`.

    Args:
        argv: The arguments. None: those of the process.
        began_at: Reading of `time.perf_counter` at which whoever waits began to wait. None: now.
    """
    try:
        arguments = parser().parse_args(argv)
        arguments.began_at = time.perf_counter() if began_at is None else began_at
        code: int = getattr(import_module(_HOMES[arguments.command]), f"run_{arguments.command}")(arguments)
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
