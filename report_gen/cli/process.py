"""The process of a command: what it may do to itself; the library does none of it to its caller's process."""

from __future__ import annotations

import gc
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Final

from report_gen.cli.command_line import main

__all__ = ["LONGEST_START_S", "age_s", "console"]

LONGEST_START_S: Final = 2.0
"""A process that is older when its command begins was another program before, such as a shell that waited."""


def console() -> int:
    """Run the command of this process, as the program ``report-gen`` does, and return its exit code."""
    began_at = time.perf_counter() - age_s()
    _collect_only_young_garbage()
    _without_plugins()
    code = main(began_at=began_at)
    _leave_the_rest()
    return code


def age_s() -> float:
    """Seconds since this process began, by the wall clock where the system tells it, else processor time; at most 2.

    On a busy machine a program waits longer for its start than it works for it, and whoever waits for the report waits
    for both.
    """
    with suppress(OSError, ValueError, IndexError, AttributeError):
        # Field 22 of proc(5): ticks after boot; the name before it may hold anything, parentheses too.
        began = int(Path("/proc/self/stat").read_text(encoding="latin-1").rpartition(")")[2].split()[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - began / os.sysconf("SC_CLK_TCK")
        if 0 <= age <= LONGEST_START_S:
            return age
    return min(time.process_time(), LONGEST_START_S)


def _collect_only_young_garbage() -> None:
    """No full collection while a command runs: it would look at every object of the libraries, and find nothing."""
    gc.set_threshold(500_000, 20, 1_000_000)


def _without_plugins() -> None:
    """No plugin of pydantic in a command: whatever is installed beside us would be handed every value of the case.

    The variable is the documented way. The loader would still import importlib.metadata, which takes longer than the
    case does to load, and so gives way to one that finds none; tests/cli/test_start.py notices when
    pydantic has another.
    """
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    loader = ModuleType("pydantic.plugin._loader")
    loader.__dict__["get_plugins"] = tuple
    sys.modules.setdefault(loader.__name__, loader)


def _leave_the_rest() -> None:
    """Leave the remaining objects to the end of the process; the interpreter need not search them once more."""
    gc.freeze()
