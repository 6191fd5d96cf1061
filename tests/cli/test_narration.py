"""The options that name a language model: what a person is told, and that a report always comes."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import report_gen.cli.narration
import report_gen.pipeline
from report_gen import Report, Settings, generate
from tests.llm import loopback
from tests.llm.loopback import Exchange, Server
from tests.llm.servers import free_port
from tests.narrate.comparing import document, sentences
from tests.narrate.faithful import MODEL, SAMPLES, Faithful, asked, case, client, drafted, writers
from tests.selection import now_and_in_full

EVENTFUL = "invented_scoliosis_mep_loss"
HERE = ("--base-url", "http://127.0.0.1:9/v1")
CANARIES = ("Zebrafinch", "MRN-7QX", "canary sang", "Saint Canary", "quoted canary")


@cache
def plain() -> Report:
    """The report that no model words."""
    return generate(case(EVENTFUL), settings=Settings(pdf=False))


def narrated() -> Report:
    """The report that a faithful model words."""
    with client(Faithful(drafted(EVENTFUL, writers(EVENTFUL)[0]))) as narrator:
        return generate(case(EVENTFUL), settings=Settings(pdf=False), narrator=narrator)


def canaries() -> bytes:
    """An eventful case with a mark in each place that may hold a patient's data or a person's words."""
    data = json.loads((SAMPLES / f"{EVENTFUL}.json").read_bytes())
    data["patient"] |= {"name": "Zebrafinch, Canary", "mrn": "MRN-7QX"}
    data["encounter"]["facility_name"] = "Saint Canary Hospital"
    data["record_note"] = "the canary sang"
    for person in data["people"]:
        person["name"] = f"Zebrafinch, {person['id']}"
    for event in data["events"]:
        event["context_note"] = event["note"] = "quoted canary sang"
    return json.dumps(data).encode()


@pytest.fixture
def make(run, tmp_path):
    """Runs `generate` for a sample: exit code, `report.json`, lines about the narration, all of standard error."""

    def call(*options: object, source: object = SAMPLES / f"{EVENTFUL}.json") -> tuple[int, dict, list[str], str]:
        out = tmp_path / "out"
        out.mkdir()
        code, shown, said = run("generate", source, "-o", out, "--format", "json", *options)
        paths = [Path(line) for line in shown.splitlines()]
        assert paths == list(out.iterdir())
        told = [line for line in said.splitlines() if line.startswith("narration:")]
        return code, json.loads(paths[0].read_bytes()) if paths else {}, told, said

    return call


@pytest.fixture
def patient(monkeypatch):
    """A report may take a minute: what is tested here is no matter of time, on a slow machine either."""
    monkeypatch.setattr("report_gen.pipeline.TOTAL_S", 60.0)


def served(name: str = EVENTFUL) -> Server:
    """A server on this machine that words a sample as a writer did, by the real interface."""
    written = drafted(name, writers(name)[0])
    by_user = {question.ask.user: written[question.ask.id] for question in asked(case(name))}

    def answer(exchange: Exchange) -> None:
        users = [row["content"] for row in exchange.body["messages"] if row["role"] == "user"]
        said = next((rows for user, rows in by_user.items() if users and user in users[-1]), ())
        content = json.dumps({"sentences": [{"facts": list(row.facts), "text": row.text} for row in said]})
        message = {"role": "assistant", "content": content}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        whole = {"id": "c-1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]}
        loopback.reply("200 OK", json.dumps(whole).encode())(exchange)

    return Server(answer)


@pytest.mark.usefixtures("patient")
class TestTheCommand:
    def test_a_report_worded_by_a_model(self, make):
        """Through option, adapter and wire: the report says who worded it, and a line or two tell how much."""
        with served() as server:
            code, made, told, _ = make("--model", "m", "--base-url", server.url, "--deadline", "50")
        assert code == 0
        assert made["provenance"]["narration"] == "model"
        assert made["provenance"]["narration_endpoint"] == "loopback"
        wanted = json.dumps(document(narrated())["sections"]).replace("(scripted) worded", "(m) worded")
        assert made["sections"] == json.loads(wanted)
        counts = narrated().narration
        assert counts is not None
        assert len(told) == (2 if counts.refused else 1)
        assert told[0].startswith(
            f"narration: the model worded {counts.sentences_kept} of {counts.sentences} sentences in "
        )
        assert counts.sentences_kept > 0.8 * counts.sentences

    def test_explained(self, make):
        """Both wordings side by side on standard error, when asked for."""
        with served() as server:
            _, made, _, said = make("--model", "m", "--base-url", server.url, "--deadline", "50", "--explain")
        assert "=> model" in said
        first = next(row for section in made["sections"] for row in sentences(section) if row["worded_by"] == "model")
        assert first["text"][:40] in said

    def test_nothing_of_the_case_is_printed_unless_explained(self, make, tmp_path):
        """With names, notes and ids marked: neither by a model that answers nonsense."""
        path = tmp_path / "case.json"
        path.write_bytes(canaries())
        with Server(loopback.good) as server:
            code, made, told, said = make("--model", "m", "--base-url", server.url, "--deadline", "50", source=path)
        assert code == 0
        assert "Zebrafinch" in json.dumps(made)
        assert len(told) == 2
        assert "wordings did not stand" in told[1]
        assert [mark for mark in CANARIES if mark in said] == []
        assert "Fact f1" not in said

    def test_a_dead_endpoint(self, make):
        """The report comes with exit code 0, and it says why no model worded it, and whom it then left alone."""
        base = f"http://127.0.0.1:{free_port()}/v1"
        code, made, told, said = make("--model", "m", "--base-url", base, "--deadline", "20")
        assert code == 0
        assert made["sections"] == document(plain())["sections"]
        assert made["provenance"]["narration"] == "template"
        reasons = [line for line in told if "without answer" in line]
        assert any("the endpoint cannot be reached" in line for line in reasons)
        assert all("cannot be reached" in line or "failed several times in a row" in line for line in reasons)
        assert "Traceback" not in said
        assert base not in said

    def test_a_refused_key(self, make):
        """A mistake of configuration, told once."""
        with Server(loopback.unauthorized) as server:
            code, _, told, _ = make("--model", "m", "--base-url", server.url, "--deadline", "20")
        assert code == 0
        assert sum("the endpoint refused the key" in line for line in told) == 1

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--model", "m"), "allow_remote = true"),
            (("--model", "m", "--base-url", "https://model.example/v1"), "allow_remote = true"),
            (("--base-url", "http://127.0.0.1:9/v1"), "/model: expected this key"),
            (("--allow-remote",), "/model: expected this key"),
            (("--deadline", "3"), "/model: expected this key"),
            (("--model", "m", *HERE, "--deadline", "0"), "/deadline_s: expected"),
            (("--model", "m", *HERE, "--deadline", "-1"), "/deadline_s: expected"),
            (("--model", "m", *HERE, "--deadline", "nan"), "/deadline_s: expected"),
            (("--model", "m", *HERE, "--deadline", "61"), "/deadline_s: expected"),
            (("--model", "", *HERE), "/model: expected a name"),
            (("--model", "m", "--base-url", "ftp://127.0.0.1/v1"), "/base_url: expected"),
            (("--model", "m", "--base-url", "http://user:Zebrafinch@127.0.0.1/v1"), "/base_url: expected"),
            (
                ("--model", "m", "--base-url", "http://127.0.0.1:9/v1", "--api-key-env", "sk-Zebrafinch"),
                "/api_key_env: expected",
            ),
        ],
    )
    def test_options_that_make_no_endpoint(self, make, options, words):
        """The report comes, worded by template, with exit code 0; the reason is said once, and no secret."""
        exit_code, made, told, said = make(*options)
        assert exit_code == 0
        assert made == document(plain())
        assert len(told) == 1
        assert words in told[0]
        assert told[0].endswith("]; the template words the report")
        assert "Zebrafinch" not in said

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ('modell = "m"', "/modell: expected one of the keys model"),
            (
                'model = "m"\nbase_url = "http://127.0.0.1:9/v1"\napi_key = "Zebrafinch"',
                "/api_key: expected one of the keys model",
            ),
            ('base_url = "http://127.0.0.1:9/v1"', "/model: expected this key"),
            ('model = "m"', "allow_remote = true"),
            ("model = m", "UTF-8 text in TOML"),
            ("model = \xff", "UTF-8 text in TOML"),
            ('model = 3\nbase_url = "http://127.0.0.1:9/v1"', "/model: expected text"),
            ('model = "m"\nbase_url = "http://127.0.0.1:9/v1"\ndeadline_s = 0', "/deadline_s: expected"),
            ('model = "m"\nbase_url = "http://127.0.0.1:9/v1"\napi = "telegraph"', "/api: expected"),
            (None, "cannot be read"),
        ],
    )
    def test_files_that_make_no_endpoint(self, make, tmp_path, text, words):
        """The same for the file of `--llm`."""
        path = tmp_path / "llm.toml"
        if text is not None:
            path.write_bytes(text.encode("latin-1"))
        exit_code, made, told, said = make("--llm", path)
        assert exit_code == 0
        assert made == document(plain())
        assert len(told) == 1
        assert words in told[0]
        assert told[0].endswith("]; the template words the report")
        assert "Zebrafinch" not in said

    def test_a_file_and_options(self, make, tmp_path):
        """Options go before the file."""
        path = tmp_path / "llm.toml"
        with served() as server:
            path.write_text(f'model = "other"\nbase_url = "{server.url}"\ndeadline_s = 50', encoding="utf-8")
            code, made, _, _ = make("--llm", path, "--model", "mine")
        assert code == 0
        assert made["provenance"]["narration"] == "model"
        assert made["provenance"]["narration_model"] == "mine"

    def test_a_file_whose_model_the_option_names(self, make, tmp_path):
        """The file says where, the option which."""
        path = tmp_path / "llm.toml"
        with served() as server:
            path.write_text(f'base_url = "{server.url}"\ndeadline_s = 50', encoding="utf-8")
            _, made, _, _ = make("--llm", path, "--model", "mine")
        assert made["provenance"]["narration"] == "model"

    def test_a_remote_file_that_the_option_allows(self, tmp_path):
        """Who allows it on the command line has allowed it."""
        path = tmp_path / "llm.toml"
        path.write_text('model = "m"', encoding="utf-8")
        options = {"llm": path, "model": None, "base_url": None, "api_key_env": None, "deadline": None}
        found = report_gen.cli.narration.endpoint(_options(**options, allow_remote=True))
        assert found is not None
        assert found.allow_remote

    def test_a_deadline_that_is_no_number_is_wrong_usage(self, run, tmp_path):
        """As for every option, before anything is read."""
        assert run("generate", SAMPLES / f"{EVENTFUL}.json", "-o", tmp_path, "--deadline", "soon")[0] == 1

    def test_explaining_without_a_model(self, make):
        """There is nothing to compare; the report comes."""
        code, made, told, _ = make("--explain")
        assert (code, told) == (0, ["narration: no model was asked; there is nothing to compare"])
        assert made == document(plain())


def _options(**given: object) -> object:
    import argparse

    return argparse.Namespace(**given)


class TestFromAColdStart:
    @pytest.mark.parametrize(
        ("name", "behavior"),
        now_and_in_full(
            [
                (name, behavior)
                for name in ("invented_thyroid_rln", "stress_twelve_hours")
                for behavior in (loopback.hang_before_headers, loopback.dribble, loopback.reset)
            ],
            now=[("invented_thyroid_rln", loopback.hang_before_headers), ("stress_twelve_hours", loopback.reset)],
        ),
    )
    def test_the_files_are_there_whatever_the_endpoint_does(self, name, behavior, tmp_path):
        """Through command, adapter and wire. How long it takes: tests/pipeline/test_deadline.py, and the bench."""
        with Server(behavior) as server:
            command = [
                sys.executable,
                "-m",
                "report_gen",
                "generate",
                str(SAMPLES / f"{name}.json"),
                "-o",
                str(tmp_path),
            ]
            done = subprocess.run(
                [*command, "--model", "m", "--base-url", server.url],
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
        assert done.returncode == 0
        assert done.stderr.splitlines()[-1].endswith(("the template words them", "the template words the report"))
        assert len(list(tmp_path.glob("*.pdf"))) == 2
