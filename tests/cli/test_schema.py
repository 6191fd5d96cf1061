"""`schema`: the contracts, printed and written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import report_gen.assets
import report_gen.cli.generate
import report_gen.pipeline
import report_gen.render.pdf
import report_gen.render.pdf.fonts
from report_gen.cli.schema import schemas


class TestSchema:
    @pytest.mark.parametrize("name", ["case", "report", "finding"])
    def test_prints_a_schema(self, run, name):
        """Each contract's JSON Schema, alone on standard output."""
        code, shown, said = run("schema", name)
        assert (code, said) == (0, "")
        assert json.loads(shown)["$id"] == f"urn:report-gen:schema:{name}:v1"

    def test_the_case_contract_is_the_default(self, run):
        """Most people want the input contract."""
        assert run("schema") == run("schema", "case")

    def test_write_rewrites_the_committed_files(self, run, out, monkeypatch):
        """All files at once, with their paths on standard output."""
        monkeypatch.setattr(report_gen.assets, "asset_folder", lambda name: out)
        code, shown, _ = run("schema", "--write")
        assert code == 0
        assert sorted(Path(line).name for line in shown.splitlines()) == sorted(schemas())
        assert {path.name for path in out.iterdir()} == set(schemas())
