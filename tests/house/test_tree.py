"""What holds for every committed file."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = {"report_gen": 400, "bench": 400, "trials": 400, "tests": 500, "tools": 500}
"""Of a module, by the folder that it is in."""
STILL_LONG = {
    "tests/claim/minutes/test_count.py",
    "tests/guard/test_sentence.py",
    "tests/llm/openai/test_adapter.py",
    "tests/llm/test_client.py",
    "tests/llm/egress/test_leaks.py",
    "tests/llm/policy/test_calls.py",
}
"""Modules still to be cut along what they test. None may be added."""
MOST_FILES = 15
"""Modules of a room; one more wants a wall."""
BINARY = {".icc", ".pdf", ".png", ".ttf", ".xz"}


def committed() -> list[Path]:
    """Every file that git tracks and that is there."""
    # Inside a container the tree may belong to another user, which git otherwise refuses to read.
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("a git checkout (git clone, not an unpacked archive)")
    return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    """The committed text files with their content."""
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8", errors="surrogateescape"))
        for path in committed()
        if path.suffix not in BINARY
    ]


class TestEveryFile:
    def test_holds_no_path_of_one_machine(self):
        """Home folders and work folders of whoever wrote it stay out, in binary files too."""
        # Written apart, so that this file does not hold them.
        homes = ["/" + name + "/" for name in ("root", "work", "home", "Users")] + ["." + "library"]
        found = [
            f"{path.relative_to(ROOT)}: {home}"
            for path in committed()
            for home in homes
            if home.encode() in path.read_bytes()
        ]
        assert found == []

    def test_holds_no_note_to_self(self):
        """Unfinished work is in the issue tracker, not in the code."""
        marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
        found = [name for name, text in texts() if name != "LICENSE" and marks.search(text)]
        assert found == []

    def test_ends_with_one_newline(self):
        """No blank lines at the end and no last line without an end, except in samples that are about bytes."""
        found = [
            name
            for name, text in texts()
            if not name.startswith("samples/invalid/") and text and (not text.endswith("\n") or text.endswith("\n\n"))
        ]
        assert [name for name in found if not name.endswith((".txt", "LICENSE"))] == []

    def test_is_not_an_editors_or_a_builds(self):
        """Nothing that a tool leaves behind is tracked."""
        left = re.compile(r"(^|/)(__pycache__|\.venv|out|dist|build|\.idea|\.vscode)/|\.(pyc|orig|rej|swp)$|~$")
        assert [name for name, _ in texts() if left.search(name)] == []


def modules() -> list[Path]:
    """The committed modules of the folders that have a budget, as paths below the root."""
    names = [path.relative_to(ROOT) for path in committed() if path.suffix == ".py"]
    return [path for path in names if path.parts[0] in MOST_LINES]


class TestEveryModule:
    def test_is_short_enough_to_read(self):
        """A module over the budget does more than one thing; those that still are over it are named and get fewer."""
        found = {
            path.as_posix()
            for path in modules()
            if len((ROOT / path).read_text(encoding="utf-8").splitlines()) > MOST_LINES[path.parts[0]]
        }
        assert found == STILL_LONG

    def test_has_a_room_that_can_be_taken_in(self):
        """A room over the budget has no walls."""
        rooms = Counter(path.parent.as_posix() for path in modules())
        assert [room for room, count in rooms.items() if count > MOST_FILES] == []

    def test_is_not_a_drawer(self):
        """Names that say nothing collect everything."""
        drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
        assert [path for path in (ROOT / "report_gen").rglob("*") if path.stem in drawers] == []
