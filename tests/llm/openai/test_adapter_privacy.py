"""Nothing of a question leaves but the call itself: not to logs, exceptions or tracebacks, nor to another machine."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import re
import subprocess
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.port import EndpointError, Outcome
from tests.llm.mocked import CHAT, ask, chat, config, each, ok, once, outcome, refusal

ROOT = Path(__file__).parents[3]
CANARY = "canary-7c1e"
SECRET = "sk-canary-key"
CANARY_ASK = ask(system=f"system {CANARY}", user=f"user {CANARY}")


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked, in every place of a response; the path says with which status."""

    seen: list[str]

    def do_POST(self):
        """One request."""
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.seen.append(self.path)
        status = int(re.search(r"/(\d{3})/", self.path)[1])
        said = {**chat(body, model=body, id=body), "error": {"message": body, "param": body, "code": body}}
        if status == 200:
            del said["error"]
        data = b"{broken " + body.encode() if self.path.startswith("/200/broken") else json.dumps(said).encode()
        streamed = self.path.startswith("/200/stream")
        if streamed:
            data = _events(body, told=self.path.startswith("/200/streamed_error"))
        self.send_response(status)
        self.send_header("content-type", "text/event-stream" if streamed else "application/json")
        self.send_header("x-request-id", f"echo {CANARY}")
        if self.path.startswith("/200/packed"):
            self.send_header("content-encoding", "gzip")
        if status == 307:
            self.send_header("location", "/200/elsewhere/chat/completions")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Nothing."""


def _events(body: str, *, told: bool) -> bytes:
    """What was asked, in every place of a streamed response; as an error, or as an answer that breaks off."""
    if told:
        rows = [{"error": {"message": body, "param": body, "code": body}}]
    else:
        delta = {"content": body, "reasoning_content": body}
        rows = [{"id": body, "model": body, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}]
    return b"".join(b"data: " + json.dumps(row).encode() + b"\n\n" for row in rows) + b"data: {broken " + body.encode()


@pytest.fixture
def echo():
    """The base address of a server that sends everything back, and the paths it was asked."""
    handler = type("Handler", (Echo,), {"seen": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler.seen
        server.shutdown()
        thread.join(10)


@pytest.fixture
def records():
    """Every record that reaches the root logger while every logger there is says all it can."""
    found: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(record)

    keep = Keep(level=1)
    names = ["", "openai", "httpx", "httpx2", "httpcore", "httpcore2", "asyncio", *logging.root.manager.loggerDict]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(1)
    logging.getLogger().addHandler(keep)
    yield found
    logging.getLogger().removeHandler(keep)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def written(record):
    """All that a formatter could make of a record, its arguments and exception included."""
    shown = logging.Formatter("%(name)s %(message)s").format(record)
    return f"{shown} {record.args!r} {record.__dict__!r}"


def failure(base, path):
    """The error that a question with the canary ends in."""
    (found,) = asyncio.run(each(OpenAIEndpoint(config(base_url=base + path)), [CANARY_ASK]))
    assert isinstance(found, EndpointError)
    return found


PATHS = [
    "/200",
    "/200/broken",
    "/200/packed",
    "/200/stream",
    "/200/streamed_error",
    *("/307", "/400", "/401", "/404", "/422", "/429", "/500", "/503"),
]


class TestLogs:
    @pytest.mark.parametrize("path", PATHS)
    def test_no_record_during_a_call(self, echo, records, path):
        """Whatever the server says, at the lowest level of every logger."""
        base, seen = echo
        failure(base, path)
        assert seen
        assert [record for record in records if CANARY in written(record)] == []
        # A body that breaks off in unpacking is cleared away after the call, by the event loop, which says just that.
        late = ("receive_response_body.failed", "response_closed.")
        told = [record for record in records if record.name.split(".")[0] != "asyncio"]
        assert [record for record in told if path != "/200/packed" or not record.getMessage().startswith(late)] == []

    def test_the_library_does_log_the_question_without_us(self, echo, records):
        """The test above could fail: a client of someone else's logs, and version 2 writes the whole request."""
        import openai

        async def run():
            endpoint = OpenAIEndpoint(config(base_url=f"{echo[0]}/200"))
            endpoint.open()
            async with openai.AsyncOpenAI(base_url=f"{echo[0]}/200", api_key="k") as other:
                messages = [{"role": "user", "content": CANARY}]
                await other.chat.completions.create(model="m", messages=messages)
            await endpoint.aclose()

        asyncio.run(run())
        assert [record for record in records if record.name.startswith("openai")]
        if openai.VERSION.startswith("2."):
            assert [record for record in records if CANARY in written(record)]

    def test_the_loggers_are_as_they_were_after_closing(self, server):
        """No level, handler or filter of ours stays."""

        def state():
            loggers = [logging.getLogger(name) for name in ("openai", "openai._base_client", "httpx", "httpx2")]
            return [(found.level, list(found.handlers), list(found.filters), found.disabled) for found in loggers]

        before = state()
        server.post(CHAT).mock(return_value=ok())
        endpoint = OpenAIEndpoint(config())
        endpoint.open()
        assert state() != before
        asyncio.run(endpoint.aclose())
        assert state() == before

    def test_with_the_debug_switch_of_the_library(self, echo):
        """`OPENAI_LOG=debug` makes it set up logging by itself; nothing of the question or the key is written."""
        code = (
            "import asyncio, logging, sys\n"
            "from report_gen.llm.openai.adapter import OpenAIEndpoint\n"
            "from tests.llm.mocked import ask, config, each\n"
            f"asks = [ask(system='{CANARY}', user='{CANARY}')]\n"
            "for address in sys.argv[1:]:\n"
            "    endpoint = OpenAIEndpoint(config(base_url=address))\n"
            "    print(repr(asyncio.run(each(endpoint, asks), debug=True)[0]))\n"
            "import openai, openai._base_client as base\n"
            "base.log.debug('the switch is on')\n"
        )
        environment = {**os.environ, "OPENAI_LOG": "debug", "OPENAI_API_KEY": SECRET, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code, f"{echo[0]}/200", f"{echo[0]}/400"],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        assert done.stdout.count("EndpointError(") == 2
        assert "the switch is on" in done.stderr
        assert CANARY not in done.stdout + done.stderr
        assert SECRET not in done.stdout + done.stderr


class TestExceptions:
    @pytest.mark.parametrize("path", PATHS)
    def test_an_error_is_codes(self, echo, path):
        """No text of the server's, no exception beneath it that would hold the request."""
        error = failure(echo[0], path)
        assert error.__cause__ is None
        assert error.__context__ is None
        assert CANARY not in f"{error!r} {error} {error.args!r} {vars(error)!r}"

    @pytest.mark.parametrize("path", PATHS)
    def test_a_traceback_that_shows_variables_shows_none_of_it(self, echo, path):
        """As error collectors write them: every frame of ours with its local variables."""
        error = failure(echo[0], path)
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        ours = [frame for frame in frames if frame.f_code.co_filename.endswith("adapter.py")]
        assert ours
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
        assert CANARY not in shown
        assert CANARY not in repr([frame.f_locals for frame in ours])

    @pytest.mark.parametrize("path", ["/400", "/200/stream", "/200/streamed_error"])
    def test_nothing_reachable_from_the_error_holds_it(self, echo, path):
        """Not by any reference from the error but through the frame of the caller, who knows the question anyway."""
        error = failure(echo[0], path).with_traceback(None)
        reached, pending = set(), [error]
        while pending:
            item = pending.pop()
            if id(item) in reached or isinstance(item, type):
                continue
            reached.add(id(item))
            assert not (isinstance(item, (str, bytes)) and CANARY in str(item))
            pending += gc.get_referents(item)

    def test_the_key_is_not_shown(self, server, monkeypatch):
        """Neither the configuration nor the endpoint says it, nor the address."""
        monkeypatch.setenv("OPENAI_API_KEY", SECRET)
        server.post(CHAT).mock(return_value=refusal(401))
        endpoint = OpenAIEndpoint(config())
        (found,) = asyncio.run(each(endpoint, [ask()]))
        shown = f"{endpoint!r} {endpoint.config!r} {found!r} {endpoint.config.provenance()!r}"
        assert SECRET not in shown
        assert "127.0.0.1" not in repr(endpoint)


class TestOutcomes:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/200", Outcome.SCHEMA),
            ("/200/broken", Outcome.INVALID_JSON),
            ("/200/packed", Outcome.INVALID_JSON),
        ],
    )
    def test_an_answer_that_cannot_be_read(self, echo, path, expected):
        """No sentences, broken JSON, and a body that is not packed as it says."""
        assert failure(echo[0], path).outcome is expected


class TestWhereItGoes:
    def test_redirects_are_not_followed(self, echo):
        """A server may not send the question on to another."""
        base, seen = echo
        error = failure(base, "/307")
        assert (error.outcome, error.status) == (Outcome.BAD_REQUEST, 307)
        assert seen == ["/307/chat/completions"]

    def test_a_proxy_of_the_environment_does_not_get_what_stays_here(self, echo, monkeypatch):
        """Only a remote endpoint is asked through one."""
        base, seen = echo
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"{base}/200")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        found = once(base_url="http://127.0.0.1:9/v1")
        assert outcome(found) is Outcome.UNAVAILABLE
        assert seen == []

    def test_a_remote_endpoint_is_asked_through_the_proxy(self, echo, monkeypatch):
        """The test above could fail: the proxy is used where it may be."""
        base, seen = echo
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, f"{base}/200")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        found = once(base_url="http://model.example/503", allow_remote=True)
        assert seen == ["http://model.example/503/chat/completions"]
        assert (outcome(found), found.status) == (Outcome.SERVER_ERROR, 503)

    def test_a_mocked_answer_is_what_is_asked(self, server):
        """The mocker holds: a request to anywhere else would fail."""
        server.post(CHAT).mock(return_value=httpx.Response(200, json=chat()))
        assert outcome(once()) is Outcome.OK
