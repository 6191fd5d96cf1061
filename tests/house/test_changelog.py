"""One version, said the same in three places."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import report_gen

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


class TestTheVersion:
    def test_package_and_project_agree(self):
        """What a program reads is what was installed."""
        assert report_gen.__version__ == PROJECT["version"]

    def test_the_changelog_begins_with_it(self):
        """The newest heading is the version of this tree, with its date or the word Unreleased."""
        heading = re.search(r"^## \[([^\]]+)\] - (\S+)$", CHANGELOG, re.MULTILINE)
        assert heading
        assert heading[1] == PROJECT["version"]
        assert heading[2] == "Unreleased" or re.fullmatch(r"\d{4}-\d{2}-\d{2}", heading[2])

    def test_headings_are_unique_and_newest_first(self):
        """Nothing is released twice."""
        versions = [tuple(map(int, row.split("."))) for row in re.findall(r"^## \[([\d.]+)\]", CHANGELOG, re.MULTILINE)]
        assert versions == sorted(set(versions), reverse=True)

    def test_every_public_name_in_it_exists(self):
        """Entries name what users call, and those names are there."""
        names = set(re.findall(r"`report_gen\.(\w+)`", CHANGELOG))
        assert names
        assert names - set(report_gen.__all__) == set()
