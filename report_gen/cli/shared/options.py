"""What the options of several commands share: their help, how a value is read, the type they are added to.

Loads no library: help and usage come at once.
"""

from __future__ import annotations

import argparse
from datetime import date
from typing import Final, Protocol

__all__ = ["CASE_HELP", "FORCE_HELP", "OUTPUT_HELP", "SCRIPT_FONTS_HELP", "Commands", "day"]

CASE_HELP: Final = "case file, or - for standard input"
FORCE_HELP: Final = "replace files that are there"
OUTPUT_HELP: Final = "folder (default: here); made when only its last part is missing"
SCRIPT_FONTS_HELP: Final = "fonts for further scripts (default: where Debian keeps the Noto fonts)"


class Commands(Protocol):
    """Where a command adds itself: the subparsers of argparse, whose own class is private."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:
        """The parser of a new command, which gets its options and, as the default `run`, its function."""


def day(words: str) -> date:
    """A day as an option states it.

    Raises:
        argparse.ArgumentTypeError: It is not written YYYY-MM-DD.
    """
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written YYYY-MM-DD") from None
