"""What docs/contributing.md says is there: files, tests, names, targets, and the rooms in their order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source.test_layers import LAYERS, PACKAGE, layer

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
MOST_WORDS = 900
ANY_OF = re.compile(r"TOPIC|VOCABULARY")
"""Words that stand for a part of a file's name."""
QUOTED = re.compile(r"`([^`\n]+)`")
TEST = re.compile(r"test_\w+")
NAME = re.compile(r"[A-Z]\w+")


def is_path(word: str) -> bool:
    """Whether a quoted word is a path from the root."""
    return "/" in word or word.endswith((".md", ".toml"))


def found(path: str) -> list[Path]:
    """The files and folders that a path of the page may mean."""
    return sorted(ROOT.glob(ANY_OF.sub("*", path.rstrip("/"))))


def paragraphs(text: str) -> list[list[str]]:
    """The quoted words of each paragraph."""
    return [QUOTED.findall(part) for part in re.split(r"\n\n", text)]


def faults(text: str) -> list[str]:
    """Paths that lead nowhere; tests and names that no file of their own paragraph has."""
    wrong = []
    for words in paragraphs(text):
        files = {path: found(path) for path in words if is_path(path)}
        wrong += [path for path, there in files.items() if not there]
        sources = [path.read_text(encoding="utf-8") for there in files.values() for path in there if path.is_file()]
        wrong += [
            word
            for word in words
            if (TEST.fullmatch(word) and not any(f"def {word}(" in source for source in sources))
            or (NAME.fullmatch(word) and not any(re.search(rf"^{word}\b.* = ", s, re.MULTILINE) for s in sources))
        ]
    return wrong


def rooms(text: str) -> list[str]:
    """The rooms of the diagram, from the top."""
    (block,) = re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line.split()[0] for line in block.splitlines()]


class TestThePage:
    def test_every_path_test_and_name_is_there(self):
        """A test or a name in a file that its own paragraph names."""
        assert faults(TEXT) == []

    def test_names_tests_for_each_thing_to_add(self):
        """A list without what forces it is a wish."""
        lists = [part for part in TEXT.split("\n\n") if part.startswith("**")]
        assert len(lists) == 11
        assert [part for part in lists if "Forced by" not in part or not re.search(r"`test_\w+`", part)] == []

    def test_the_rooms_are_those_of_the_package_in_layer_order(self):
        """One line each, lowest first."""
        modules = (path.relative_to(PACKAGE).with_suffix("").parts[0] for path in PACKAGE.rglob("*.py"))
        there = {layer(f"report_gen.{name}") for name in modules}
        assert rooms(TEXT) == [name for name in LAYERS if name in there]

    def test_every_target_of_make_is_there(self):
        """The Makefile has it."""
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert {word[5:] for word in QUOTED.findall(TEXT) if word.startswith("make ")} <= {*targets}

    def test_is_short(self):
        """Nobody reads a long one; what does not fit belongs beside the code."""
        assert len(TEXT.split()) <= MOST_WORDS

    def test_the_readme_leads_to_it(self):
        """From the page that everybody opens."""
        assert "(docs/contributing.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("`report_gen/gone.py`", ["report_gen/gone.py"]),
        ("`report_gen/rules/TOPIC.toml` and `tests/gone/`", ["tests/gone/"]),
        ("`tests/cli/test_command_line.py` (`test_gone`)", ["test_gone"]),
        ("`tests/cli/test_command_line.py`\n\n`test_help_is_no_mistake`", ["test_help_is_no_mistake"]),
        ("`tests/cli/test_command_line.py` (`test_help_is_no_mistake`)", []),
        ("`GONE` in `report_gen/cli/command_line.py`", ["GONE"]),
        ("`COMMANDS` in `report_gen/cli/command_line.py`", []),
    ],
)
def test_the_check_itself_finds_what_is_gone(text, wrong):
    """A moved file, a renamed test, a test of another paragraph, a name that is no more."""
    assert faults(text) == wrong
