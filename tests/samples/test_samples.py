"""Every file under samples/ is a test: drop one in and it is checked."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from report_gen.case import load_case
from report_gen.errors import CaseInvalidError, Problem
from report_gen.pipeline import prepare
from tests.selection import now_and_in_full
from tools import make_stress_case

SAMPLES = Path(__file__).parents[2] / "samples"
NOW = ("invented_scoliosis_mep_loss", "published_c04_acdf", "invented_lumbar_fusion_screws", "invented_dbs_stn")
"""An alert with all that follows; a thin record; tests of screws; an operation of another kind."""
SIDECAR = ".expected.json"
VALID = sorted((SAMPLES / "valid").glob("*.json"))
INVALID = sorted(path for path in (SAMPLES / "invalid").glob("*.json") if not path.name.endswith(SIDECAR))


def _expected(path: Path) -> dict[str, Any]:
    return json.loads(path.with_name(path.stem + SIDECAR).read_text(encoding="utf-8"))


@cache
def _problems(path: Path) -> tuple[Problem, ...]:
    """What is said of a file when it is refused; a file that is taken has no problem."""
    try:
        load_case(path)
    except CaseInvalidError as error:
        return error.problems
    return ()


def stem(path: Path) -> str:
    """The name under which a sample appears in the list of tests."""
    return path.stem


class TestValidSamples:
    def test_there_are_enough_of_them(self):
        """The folder is found, and is not emptied by accident."""
        assert len(VALID) >= 10

    def test_loads(self):
        """A published or invented case keeps the contract."""
        assert [path.stem for path in VALID if load_case(path).case_id != path.stem] == []

    @pytest.mark.parametrize("path", now_and_in_full(VALID, NOW, key=stem), ids=stem)
    def test_everything_that_matters_is_stated(self, path):
        """No fact that must be stated is missing from the draft, and no statement rests on nothing."""
        findings = prepare(load_case(path)).findings
        assert [(row.code, row.pointer) for row in findings if row.code.startswith("coverage.")] == []


class TestInvalidSamples:
    def test_there_are_enough_of_them(self):
        """The folder is found, and is not emptied by accident."""
        assert len(INVALID) >= 30

    def test_every_file_has_its_sidecar_and_every_sidecar_its_file(self):
        """A broken file without the list of what is wrong with it tests nothing."""
        files = {path.stem for path in INVALID}
        assert files == {path.name.removesuffix(SIDECAR) for path in (SAMPLES / "invalid").glob(f"*{SIDECAR}")}

    def test_the_sidecar_says_what_the_file_is_about(self):
        """Nobody must guess what a broken file shows."""
        sidecars = {path.stem: _expected(path) for path in INVALID}
        assert [name for name, row in sidecars.items() if set(row) != {"about", "problems"}] == []
        assert [name for name, row in sidecars.items() if not row["about"] or not row["problems"]] == []

    def test_every_problem_is_named_in_the_order_of_the_file(self):
        """Exactly the codes and places of the sidecar, no more and no fewer."""
        wanted = {path.stem: [(row["code"], row["pointer"]) for row in _expected(path)["problems"]] for path in INVALID}
        assert wanted == {path.stem: [(row.code, row.pointer) for row in _problems(path)] for path in INVALID}

    def test_every_problem_says_what_to_do(self):
        """An error without advice is half an error."""
        assert [
            (path.stem, row)
            for path in INVALID
            for row in _problems(path)
            if row.severity != "error" or not row.expected or not row.action.endswith(".")
        ] == []


class TestTheStressCase:
    def test_it_is_what_its_tool_makes(self):
        """Byte for byte, so that a change of the tool or its tables is seen in the sample."""
        assert make_stress_case.OUT.read_text(encoding="utf-8") == make_stress_case.text()
