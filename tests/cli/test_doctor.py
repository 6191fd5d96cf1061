"""`doctor`: what is installed and configured, and whether it can be used."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import report_gen.assets
import report_gen.cli.generate
import report_gen.cli.narration
import report_gen.pipeline
import report_gen.render.pdf
import report_gen.render.pdf.fonts
from report_gen.errors import AssetError
from report_gen.version import __version__
from tests.llm import loopback
from tests.llm.loopback import Server
from tests.llm.servers import free_port

HERE = ("--base-url", "http://127.0.0.1:9/v1")


class TestTheInstallation:
    def test_says_what_is_there(self, run):
        """Versions, contracts, fonts, folders, vocabularies and who words the report."""
        code, shown, said = run("doctor")
        assert (code, said) == (0, "")
        for words in (
            f"report_gen: {__version__}",
            f"python: {sys.version.split()[0]}",
            "packages reportlab: ",
            "packages openai: ",
            "contracts: case.v1; claim.v1; finding.v1; report.v1",
            "fonts ReportSans: embedded, ",
            "folders prompts: ",
            "folders schemas: ",
            "vocabularies: ",
            "narration: template (no model configured)",
            "usable: yes",
        ):
            assert words in shown

    def test_speaks_json(self, run):
        """The same for machines."""
        code, shown, _ = run("doctor", "--format", "json")
        status = json.loads(shown)
        assert (code, status["usable"], status["problems"]) == (0, True, [])
        assert status["vocabularies"] > 40

    def test_a_missing_folder_is_told(self, run, monkeypatch):
        """What is missing is named, what is there is still shown, and the exit code is 5."""

        def broken(name: str) -> Path:
            raise AssetError("assets.folder", f"the folder {name} is missing; install report_gen again")

        monkeypatch.setattr(report_gen.assets, "asset_folder", broken)
        code, shown, _ = run("doctor")
        assert code == 5
        assert "folders prompts: MISSING" in shown
        assert "usable: NO" in shown
        assert "the folder schemas is missing" in shown
        assert "fonts ReportSans: embedded" in shown


class TestTheModel:
    def status(self, run, *options: object) -> tuple[int, dict]:
        """What it says as JSON."""
        code, shown, _ = run("doctor", "--format", "json", *options)
        return code, json.loads(shown)

    def test_without_a_model(self, run):
        """Template, and usable."""
        code, status = self.status(run)
        assert (code, status["narration"]) == (0, "template (no model configured)")

    def test_with_a_model_that_is_not_probed(self, run):
        """Named, without a call."""
        code, status = self.status(run, "--model", "m", "--base-url", f"http://127.0.0.1:{free_port()}/v1")
        assert (code, status["narration"]) == (0, "m (on this machine)")
        assert self.status(run, "--model", "m", "--allow-remote")[1]["narration"] == "m (remote, allowed)"

    def test_a_probe_of_a_dead_port(self, run):
        """A finding with advice, not a failure of the installation."""
        base = f"http://127.0.0.1:{free_port()}/v1"
        code, status = self.status(run, "--probe", "--model", "m", "--base-url", base)
        assert (code, status["usable"]) == (0, True)
        assert status["narration"] == [
            "endpoint: on this machine, model 'm'",
            "usable: no, unavailable",
            "reachable: no",
            "to do: nothing listens at base_url; start the server or correct the port",
        ]

    def test_a_probe_for_people(self, run):
        """The same on one line."""
        code, shown, said = run("doctor", "--probe", "--model", "m", "--base-url", f"http://127.0.0.1:{free_port()}/v1")
        assert (code, said) == (0, "")
        assert "narration: endpoint: on this machine, model 'm'; usable: no, unavailable" in shown

    def test_a_probe_of_a_server_that_answers(self, run):
        """Usable, with the form that it takes."""
        with Server(loopback.good) as server:
            _, status = self.status(run, "--probe", "--model", "m", "--base-url", server.url)
        assert status["narration"][1] == "usable: yes"
        assert "answered by: served" in status["narration"]

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--probe",), "/model: expected a model to probe"),
            (("--model", "m"), "allow_remote = true"),
            (("--deadline", "2"), "/model: expected this key"),
            (("--model", "m", *HERE, "--deadline", "0"), "/deadline_s: expected"),
        ],
    )
    def test_a_configuration_that_makes_no_endpoint(self, run, options, words):
        """Here it is what was asked about: wrong usage, with the reason."""
        exit_code, shown, said = run("doctor", *options)
        assert (exit_code, shown) == (1, "")
        assert words in said
        assert said.rstrip().endswith("[llm.invalid]")
