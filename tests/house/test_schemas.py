"""The committed JSON Schemas: those of the models, described, and in agreement with the loader."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from report_gen.case import load_case
from report_gen.cli.schema import schemas
from report_gen.errors import CaseInvalidError
from report_gen.pipeline import generate
from report_gen.settings import Settings
from tests.cases.minimal import full
from tests.selection import over_samples

ROOT = Path(__file__).parents[2]
VALID = sorted((ROOT / "samples" / "valid").glob("*.json"))
SIDECAR = ".expected.json"
INVALID = sorted(path for path in (ROOT / "samples" / "invalid").glob("*.json") if not path.name.endswith(SIDECAR))

# What a schema can say: shape, closed lists, lengths, ranges, forms.
SEEN_BY_SCHEMA = {
    "case.missing_field",
    "case.not_a_date",
    "case.not_a_time",
    "case.not_in_vocabulary",
    "case.naive_time",
    "case.out_of_range",
    "case.pattern",
    "case.too_few_items",
    "case.too_long",
    "case.too_many_items",
    "case.too_short",
    "case.unknown_key",
    "case.unknown_version",
    "case.wrong_type",
}
# Faults with such a code that no schema sees: the year 1 is a date-time, a row without a time is one inside an event,
# and which field a screw needs depends on its kind.
BEYOND_SCHEMA = {"time_out_of_range", "physiology_without_time", "threshold_without_level"}

# Faults of another kind that a schema refuses all the same: the deep list stands under a key that does not exist, and
# Python's reader takes minus infinity for a number below zero.
BY_CHANCE = {"json_too_deep", "number_infinity"}


def stem(path: Path) -> str:
    """The name under which a sample appears in the list of tests."""
    return path.stem


by_sample = over_samples("invented_lumbar_fusion_screws", "published_c04_acdf")
"""Events, tests and figures with all that a report holds; a thin record."""


@cache
def made() -> dict[str, Any]:
    """Every schema as the models give it."""
    return schemas()


def schema_of(name: str) -> Any:
    """A schema as the models give it; that the file says the same is a test of its own."""
    return made()[name]


def nodes(node: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of every object in a schema, by its place."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield from ((f"{place}/{key}", value) for key, value in node["properties"].items())
        for key, value in node.items():
            yield from nodes(value, f"{place}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, f"{place}/{index}")


@pytest.fixture(scope="module")
def case_validator() -> Draft202012Validator:
    """A checker of case files that also checks formats."""
    return Draft202012Validator(schema_of("case.v1.schema.json"), format_checker=Draft202012Validator.FORMAT_CHECKER)


NOT_JSON = object()
"""What stands for a file that no parser of JSON takes; a tree may itself be null."""


def tree_of(path: Path) -> Any:
    """What a file holds."""
    try:
        return json.loads(path.read_bytes())
    except (ValueError, UnicodeDecodeError):
        return NOT_JSON


def seen_by_the_schema(path: Path) -> bool:
    """Whether a schema can see what the list beside an invalid sample says of it."""
    problems = json.loads(path.with_name(path.stem + SIDECAR).read_text(encoding="utf-8"))["problems"]
    seen = any(row["code"] in SEEN_BY_SCHEMA for row in problems) and path.stem not in BEYOND_SCHEMA
    return seen or path.stem in BY_CHANCE


class TestDrift:
    @pytest.mark.parametrize("name", made())
    def test_the_file_is_what_the_models_give(self, name):
        """Other systems read the files, so the files must not lag."""
        wanted = json.dumps(schema_of(name), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        path = ROOT / "schemas" / name
        there = path.read_text(encoding="utf-8") if path.is_file() else ""
        if there != wanted:
            lines = difflib.unified_diff(
                there.splitlines(), wanted.splitlines(), f"schemas/{name}", "models", lineterm=""
            )
            pytest.fail("\n".join(["run `make schemas` and commit the result", *list(lines)[:200]]))

    def test_no_other_file_lies_there(self):
        """A schema that nothing makes any more would mislead."""
        assert set(made()) == {path.name for path in (ROOT / "schemas").iterdir()}


class TestDescriptions:
    @pytest.mark.parametrize("name", made())
    def test_it_is_a_schema(self, name):
        """Of the draft it names."""
        Draft202012Validator.check_schema(schema_of(name))
        assert schema_of(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"

    @pytest.mark.parametrize("name", made())
    def test_every_property_is_described(self, name):
        """Nobody should have to read our source."""
        bare = [place for place, node in nodes(schema_of(name)) if not node.get("description")]
        assert bare == []


class TestCaseSchema:
    def test_formats_are_checked(self, case_validator):
        """Without its helper package the checker would pass any text as a time."""
        assert {"date", "date-time"} <= set(case_validator.format_checker.checkers)

    @by_sample
    def test_accepts_what_loads(self, case_validator, path):
        """No valid sample is refused."""
        errors = [error.json_path for error in case_validator.iter_errors(json.loads(path.read_text(encoding="utf-8")))]
        assert errors == []

    def test_refuses_what_breaks_the_shape(self, case_validator):
        """Wherever the fault of an invalid sample that is JSON is one that a schema can see, and nowhere else."""
        trees = {path: tree for path in INVALID if (tree := tree_of(path)) is not NOT_JSON}
        assert len(trees) > 60
        otherwise = [
            path.stem for path, tree in trees.items() if case_validator.is_valid(tree) == seen_by_the_schema(path)
        ]
        assert otherwise == []

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(
                ("milestones/0/at", f"2026-03-02T08:30:00{end}")
                for end in (".0000000-06:00", ".1Z", ".123456789Z", "Z")
            ),
            *(("milestones/0/at", f"2026-03-02T08:30:00{end}") for end in ("", ".Z", ",5Z", "z", "-0600", "+24:00")),
            *(
                ("milestones/0/at", at)
                for at in ("2026-03-02t08:30:00Z", "2026-03-02 08:30:00Z", "2026-03-02T08:30:60Z")
            ),
            *(("diagnoses/0/icd10cm", code) for code in ("QA0.0101", "QA00101", "M4802", "M48.02", "G20", "Z3A.20")),
            *(("diagnoses/0/icd10cm", code) for code in ("STROKE", "m48.02", "M48.", "48.02", "M48.06123", "M48-02")),
            *(("encounter/place_of_service", place) for place in ("26", "06", "99", "21", "27", "1", "")),
            *(("anesthesia/agents/0/agent", agent) for agent in ("remimazolam", "methadone", "other", "Propofol", "x")),
            *(("channels/0/nerve", nerve) for nerve in ("deep_fibular", "root_t10", "other", "peroneal nerve")),
        ],
    )
    def test_agrees_with_the_loader_on_each_written_form(self, case_validator, field, value):
        """What one takes the other takes: another system checks its files by the schema alone."""
        case = full()
        *path, key = [int(part) if part.isdigit() else part for part in field.split("/")]
        holder: Any = case
        for part in path:
            holder = holder[part]
        holder[key] = value
        if value == "other":
            holder[f"{key}_other"] = "in words"
        if key == "agent":
            holder.pop("unit", None), holder.pop("dose", None)
        assert _is_of_the_contract(case) == case_validator.is_valid(case)


def _is_of_the_contract(case: dict[str, Any]) -> bool:
    """Whether the loader finds nothing of the kinds that a schema can see."""
    try:
        load_case(json.dumps(case).encode())
    except CaseInvalidError as error:
        return not any(row.code in SEEN_BY_SCHEMA for row in error.problems)
    return True


class TestReportSchema:
    @by_sample
    def test_accepts_every_report(self, path):
        """`report.json` of each valid sample, and its findings one by one."""
        report = json.loads(generate(load_case(path), settings=Settings(pdf=False, allow_incomplete=True)).json)
        whole = Draft202012Validator(
            schema_of("report.v1.schema.json"), format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        assert [error.json_path for error in whole.iter_errors(report)] == []
        one = Draft202012Validator(schema_of("finding.v1.schema.json"))
        assert [error.json_path for row in report["findings"] for error in one.iter_errors(row)] == []

    def test_refuses_an_unknown_key(self):
        """The document is closed."""
        report = json.loads(generate(load_case(VALID[0]), settings=Settings(pdf=False, allow_incomplete=True)).json)
        validator = Draft202012Validator(schema_of("report.v1.schema.json"))
        assert not validator.is_valid(report | {"extra": 1})
