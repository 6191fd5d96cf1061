"""`check`: text for people, findings for machines, exit codes."""

from __future__ import annotations

import io
import json
import sys

from jsonschema import Draft202012Validator

from report_gen.cli.schema import schemas
from tests.cli.commands import QUIET, case_of
from tests.selection import SAMPLES


class TestCheck:
    def test_text_goes_to_standard_error(self, run):
        """The text form has no product: standard output stays empty."""
        code, shown, said = run("check", SAMPLES / "published_c04_acdf.json")
        assert (code, shown) == (0, "")
        assert said.startswith("Draft can be made. Before signing: ")
        assert "For the professional at signing" in said
        assert "What is your impression: adopt, edit or replace the proposal? [before signing]" in said

    def test_json_goes_to_standard_output(self, run):
        """Findings for machines, as the schema of findings says, and nothing beside them."""
        code, shown, said = run("check", SAMPLES / "published_c04_acdf.json", "--format", "json")
        answer = json.loads(shown)
        assert (code, said, answer["valid"]) == (0, "", True)
        assert answer["findings"]
        validator = Draft202012Validator(schemas()["finding.v1.schema.json"])
        assert [error.message for row in answer["findings"] for error in validator.iter_errors(row)] == []

    def test_an_invalid_file_is_told_completely(self, run, file):
        """Each problem with place, code, what is expected and what to do; exit code 2."""
        data = case_of()
        del data["case_id"]
        data["patient"]["sex"] = "yes"
        data["patient"]["nickname"] = "Zed"
        code, shown, said = run("check", file(data))
        assert (code, shown) == (2, "")
        assert said.startswith("report-gen: 3 problems in the case file")
        for pointer, problem, expected, action in (
            ("/case_id", "case.missing_field", "this field", "Add the field."),
            ("/patient/sex", "case.not_in_vocabulary", "one of ", "Choose one of the listed codes."),
            ("/patient", "case.unknown_key", "only keys of the contract", "Remove the key"),
        ):
            block = said[said.index(f"  {pointer}  [{problem}]") :].splitlines()[:3]
            assert expected in block[1]
            assert action in block[2]

    def test_an_invalid_file_as_json(self, run, file):
        """The same problems for machines, still with exit code 2."""
        data = case_of()
        del data["case_id"]
        code, shown, said = run("check", file(data), "--format", "json")
        answer = json.loads(shown)
        assert (code, said, answer["valid"], answer["findings"]) == (2, "", False, [])
        assert [set(row) for row in answer["problems"]] == [{"code", "severity", "pointer", "expected", "action"}]

    def test_a_problem_of_the_whole_file_has_a_place_too(self, run, file):
        """What is wrong with the file as a whole is shown at its root."""
        code, _, said = run("check", file(b"{"))
        assert code == 2
        assert "  /  [" in said

    def test_reads_standard_input(self, run, monkeypatch):
        """A hyphen works here as well."""
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(QUIET.read_bytes())))
        assert run("check", "-")[0] == 0
