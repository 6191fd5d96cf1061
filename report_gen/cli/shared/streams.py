"""What every command shares: reading a case, writing to the two streams, JSON for machines."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from report_gen.errors import FileAccessError, Problem

if TYPE_CHECKING:
    from report_gen.case import Case
    from report_gen.finding import Finding

__all__ = [
    "json_text",
    "load",
    "load_timed",
    "named_folder",
    "print_findings",
    "print_json",
    "print_lines",
    "print_paths",
    "print_problems",
    "put",
    "say",
]


def say(text: str) -> None:
    """Print a line for the person at the keyboard on standard error."""
    try:
        print(text, file=sys.stderr)
    except OSError:
        # A log that cannot be written is no reason to withhold a report.
        _silence(sys.stderr)


def _silence(stream: TextIO) -> None:
    """Let a broken stream end nowhere: what is still in its buffer would fail once more when the interpreter ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def put(data: bytes, stream: TextIO | None) -> None:
    """Write bytes to standard output: neither its encoding nor what is in a path can then fail.

    Raises:
        BrokenPipeError: The reader went away.
        FileAccessError: Whatever standard output is cannot take the bytes.
    """
    if stream is None:
        # Closed by the caller, who wants to hear nothing.
        return
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except OSError as error:
        _silence(stream)
        if isinstance(error, BrokenPipeError):
            raise
        reason = error.strerror or "input/output error"
        raise FileAccessError("file.standard_output", f"cannot write to standard output: {reason}") from None


def load(source: str) -> Case:
    """The case of a file, or of standard input for `-`; errors as `load_case`."""
    return load_timed(source)[0]


def load_timed(source: str) -> tuple[Case, float]:
    """The case, and the seconds that standard input let us wait for it; 0 for a file."""
    # Help, usage and whatever else needs no case do not wait for its contract.
    from report_gen.case import load_case
    from report_gen.case.raw import MAX_BYTES

    if source != "-":
        return load_case(Path(source)), 0.0
    began = time.perf_counter()
    data = _standard_input(sys.stdin, MAX_BYTES + 1)
    waited_s = time.perf_counter() - began
    return load_case(data), waited_s


def _standard_input(stream: TextIO | None, most: int) -> bytes:
    if stream is None:
        raise FileAccessError("case.unreadable", "the case file cannot be read: standard input is closed")
    try:
        # One byte more than the loader takes: enough for it to refuse the file without holding the rest.
        return stream.buffer.read(most)
    except OSError as error:
        reason = error.strerror or "input/output error"
        raise FileAccessError("case.unreadable", f"standard input cannot be read: {reason}") from None


def named_folder(named: Path | None) -> Path | None:
    """The folder of an option, which must exist."""
    if named is not None and not named.is_dir():
        raise FileAccessError("file.no_folder", f"the folder {str(named)!r} does not exist")
    return named


def json_text(value: object) -> str:
    """JSON as the commands print it: sorted keys, two spaces, a newline at the end."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def print_json(value: object) -> None:
    """Write JSON to standard output."""
    put(json_text(value).encode(), sys.stdout)


def print_lines(lines: Iterable[str]) -> None:
    """Write lines of text to standard output."""
    put("".join(f"{line}\n" for line in lines).encode(), sys.stdout)


def print_paths(paths: Iterable[Path]) -> None:
    """Write the paths of the written files to standard output, one a line, in the bytes of the file system."""
    put(b"".join(os.fsencode(path) + b"\n" for path in paths), sys.stdout)


def print_problems(problems: Sequence[Problem]) -> None:
    """Print every problem of a case file, with its place and what to do, on standard error."""
    from report_gen.render.terminal.findings import problem_lines

    say("\n".join(problem_lines(problems)))


def print_findings(findings: Sequence[Finding], *, everything: bool = False, whole: bool = False) -> None:
    """Print the open findings on standard error; see `report_gen.render.terminal.findings.finding_lines`."""
    from report_gen.render.terminal.findings import finding_lines

    say("\n".join(finding_lines(findings, everything=everything, whole=whole)))
