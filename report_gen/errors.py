"""The exception tree, with the stable code and the exit code of each situation.

::

    ReportGenError
    ├── CaseInvalidError     exit 2   the case file breaks the contract (holds every problem found)
    ├── GateBlockedError     exit 3   a required-field gate stops what was asked for
    ├── FileAccessError      exit 4   a file or folder cannot be read or written
    ├── AssetError           exit 5   vocabulary, schema, rule, prompt, template or font unusable
    ├── RenderError          exit 6   a report could not be drawn
    └── ConfigurationError   exit 1   what a person configured breaks its contract (holds every problem found)
        ├── ProfileError                a practice's profile or code map
        └── NarrationConfigError        which language model is asked, and how

No message carries a value out of the case: only codes, places and what to do.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import ClassVar, Final, Literal

__all__ = [
    "AssetError",
    "CaseInvalidError",
    "ConfigurationError",
    "ExitCode",
    "FileAccessError",
    "GateBlockedError",
    "NarrationConfigError",
    "Problem",
    "ProfileError",
    "RenderError",
    "ReportGenError",
    "place",
]

_PACKAGE: Final = Path(__file__).parent


class ExitCode(IntEnum):
    """What the command line returns; stable, part of the interface."""

    DONE = 0
    USAGE = 1
    CASE_INVALID = 2
    GATE_BLOCKED = 3
    FILE_ACCESS = 4
    ASSETS_UNUSABLE = 5
    RENDER_FAILED = 6
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a case file, worded without any value from it.

    Attributes:
        code: Stable identifier such as ``case.unknown_key``.
        severity: ``error`` refuses the file; ``warning`` (a soft plausibility limit) lets it through.
        pointer: JSON pointer (RFC 6901) to the place; empty for the file as a whole.
        expected: What the contract asks for there.
        action: What the person at the keyboard should do now.
    """

    code: str
    severity: Literal["error", "warning"]
    pointer: str
    expected: str
    action: str


class ReportGenError(Exception):
    """Base of everything this package raises on purpose.

    Attributes:
        code: Stable identifier, for programs.
        exit_code: What the command line returns for it.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, code: str, message: str) -> None:
        """Keep the stable ``code`` beside the message shown to a person."""
        super().__init__(message)
        self.code = code


class CaseInvalidError(ReportGenError):
    """The case file breaks the contract.

    Attributes:
        problems: Every problem found, in document order; never only the first.
    """

    exit_code = ExitCode.CASE_INVALID

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Summarise ``problems`` in the message; the values stay out of it."""
        count = len(problems)
        first = problems[0]
        where = first.pointer or "the file as a whole"
        super().__init__(
            "case.invalid",
            f"{count} problem{'s' if count != 1 else ''} in the case file; first at {where}: {first.code}. "
            f"Expected {first.expected}. {first.action}",
        )
        self.problems = problems


class GateBlockedError(ReportGenError):
    """A required-field gate stops what was asked for; the findings say which field and why."""

    exit_code = ExitCode.GATE_BLOCKED


class FileAccessError(ReportGenError):
    """A file or folder cannot be read or written; nothing half-written is left behind."""

    exit_code = ExitCode.FILE_ACCESS


class AssetError(ReportGenError):
    """A vocabulary, schema, rule file, prompt, template or font of ours is missing or unusable."""

    exit_code = ExitCode.ASSETS_UNUSABLE


class RenderError(ReportGenError):
    """A checked report could not be drawn."""

    exit_code = ExitCode.RENDER_FAILED


class ConfigurationError(ReportGenError):
    """What a person configured, in a file or by options, breaks its contract or must not be done.

    Attributes:
        topic: What is configured; opens the code of the error and of its problems.
        problems: Every problem found, in the order of the file; `pointer` leads to the place.
    """

    exit_code = ExitCode.USAGE
    topic: ClassVar[str]

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        """List every problem of the configuration ``name``; its values stay out of the message."""
        listed = "; ".join(
            f"{problem.pointer or 'as a whole'}: expected {problem.expected}. {problem.action}" for problem in problems
        )
        super().__init__(f"{self.topic}.invalid", f"{name}: {listed}")
        self.problems = problems


class ProfileError(ConfigurationError):
    """A practice's claim profile or code map breaks its contract."""

    topic = "profile"


class NarrationConfigError(ConfigurationError):
    """The language model is configured in a way that cannot be used, or must not be without the user's say.

    Trouble of a model that is rightly configured is no error: the report is then worded by the template.
    """

    topic = "llm"


def place(error: BaseException) -> str:
    """The innermost line of this package that an exception passed through, to report it without its message."""
    location = "outside report_gen"
    for frame, line in traceback.walk_tb(error.__traceback__):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGE):
            location = f"report_gen/{path.relative_to(_PACKAGE).as_posix()}:{line}"
    return location
