"""Every file under samples/ is a test: drop one in and it is checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from report_gen.case import load_case
from report_gen.errors import CaseInvalidError
from report_gen.pipeline import examine

SAMPLES = Path(__file__).parents[2] / "samples"
SIDECAR = ".expected.json"
VALID = sorted((SAMPLES / "valid").glob("*.json"))
INVALID = sorted(path for path in (SAMPLES / "invalid").glob("*.json") if not path.name.endswith(SIDECAR))


def _expected(path: Path) -> dict[str, Any]:
    return json.loads(path.with_name(path.stem + SIDECAR).read_text(encoding="utf-8"))


def stem(path: Path) -> str:
    """The name under which a sample appears in the list of tests."""
    return path.stem


class TestValidSamples:
    def test_there_are_enough_of_them(self):
        """The folder is found, and is not emptied by accident."""
        assert len(VALID) >= 10

    @pytest.mark.parametrize("path", VALID, ids=stem)
    def test_loads(self, path):
        """A published or invented case keeps the contract."""
        assert load_case(path).case_id == path.stem

    @pytest.mark.parametrize("path", VALID, ids=stem)
    def test_everything_that_matters_is_stated(self, path):
        """No fact that must be stated is missing from the draft, and no statement rests on nothing."""
        findings = examine(load_case(path)).findings
        assert [(row.code, row.pointer) for row in findings if row.code.startswith("coverage.")] == []


class TestInvalidSamples:
    def test_there_are_enough_of_them(self):
        """The folder is found, and is not emptied by accident."""
        assert len(INVALID) >= 30

    def test_every_file_has_its_sidecar_and_every_sidecar_its_file(self):
        """A broken file without the list of what is wrong with it tests nothing."""
        files = {path.stem for path in INVALID}
        assert files == {path.name.removesuffix(SIDECAR) for path in (SAMPLES / "invalid").glob(f"*{SIDECAR}")}

    @pytest.mark.parametrize("path", INVALID, ids=stem)
    def test_the_sidecar_says_what_the_file_is_about(self, path):
        """Nobody must guess what a broken file shows."""
        sidecar = _expected(path)
        assert {"about", "problems"} == set(sidecar)
        assert sidecar["about"]
        assert sidecar["problems"]

    @pytest.mark.parametrize("path", INVALID, ids=stem)
    def test_every_problem_is_named_in_the_order_of_the_file(self, path):
        """Exactly the codes and places of the sidecar, no more and no fewer."""
        with pytest.raises(CaseInvalidError) as caught:
            load_case(path)
        expected = [(row["code"], row["pointer"]) for row in _expected(path)["problems"]]
        assert expected == [(row.code, row.pointer) for row in caught.value.problems]

    @pytest.mark.parametrize("path", INVALID, ids=stem)
    def test_every_problem_says_what_to_do(self, path):
        """An error without advice is half an error."""
        with pytest.raises(CaseInvalidError) as caught:
            load_case(path)
        for problem in caught.value.problems:
            assert problem.severity == "error"
            assert problem.expected
            assert problem.action.endswith(".")
