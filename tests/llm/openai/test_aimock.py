"""Against aimock (npm @copilotkit/aimock), which also speaks Azure's dialect and cuts connections.

Runs when node is there and the package is under `node_modules` of the repository or of the folder in AIMOCK_DIR.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import urllib.request
from pathlib import Path

import pytest

from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.openai.ladder import AnswerFormat
from report_gen.llm.port import Outcome
from tests.llm.mocked import SENTENCES, ask, config, each, outcome
from tests.llm.servers import served

HOMES = [Path(os.environ.get("AIMOCK_DIR", "missing")), Path(__file__).parents[3]]
PROGRAMS = [home / "node_modules/@copilotkit/aimock/dist/cli.js" for home in HOMES]
PROGRAM = next((path for path in PROGRAMS if path.is_file()), None)
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    PROGRAM is None or NODE is None,
    reason="node and aimock (in AIMOCK_DIR: npm install @copilotkit/aimock@1.43.0)",
)

REPLIES = {
    "good": {"content": json.dumps(SENTENCES)},
    "chatty": {"content": "Hello! How can I help?"},
    "cut": {"content": json.dumps(SENTENCES)[:-4]},
    "long": {"content": json.dumps(SENTENCES), "finishReason": "length"},
    "filtered": {"content": json.dumps(SENTENCES), "finishReason": "content_filter"},
    "limited": {"error": {"message": "slow down", "type": "rate_limit_error"}, "status": 429},
    "failing": {"error": {"message": "failing", "type": "server_error"}, "status": 503},
    "unknown": {"error": {"message": "no", "type": "invalid_request_error", "code": "model_not_found"}, "status": 404},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The root address of a running aimock with one reply for each key of REPLIES."""
    path = tmp_path_factory.mktemp("aimock") / "fixtures.json"
    rows = [{"match": {"userMessage": f"[{name}]"}, "response": reply} for name, reply in REPLIES.items()]
    path.write_text(json.dumps({"fixtures": rows}))
    with served([NODE, str(PROGRAM), "-p", "{port}", "-f", str(path), "--log-level", "silent"]) as address:
        yield address


def told(base, path, method="GET", body=None):
    """What its own interface says."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(base + path, data=data, method=method)  # noqa: S310 - on this machine
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as found:  # noqa: S310
        return json.loads(found.read() or b"null")


def asked(base, name="good", **fields):
    """What became of a question that is answered with the named reply, and the endpoint."""
    endpoint = OpenAIEndpoint(config(**{"base_url": f"{base}/v1", **fields}))
    (found,) = asyncio.run(each(endpoint, [ask(user=f"[{name}]")]))
    return found, endpoint


class TestAnswers:
    @pytest.mark.parametrize("api", ["chat", "responses"])
    def test_both_interfaces(self, base, api):
        """The content that was set up comes back as sentences."""
        found, endpoint = asked(base, api=api)
        assert outcome(found) is Outcome.OK
        assert [sentence.text for sentence in found.sentences] == ["An alert began at {t1}."]
        assert endpoint.shape.answer_format is AnswerFormat.JSON_SCHEMA

    def test_azure(self, base):
        """By deployment and version."""
        found, _ = asked(base, base_url=base, azure_api_version="2026-01-01")
        assert outcome(found) is Outcome.OK

    def test_what_it_received(self, base):
        """Its journal holds the question as it was asked, once, and the key in no readable form."""
        asked(base, "good")
        last = told(base, "/__aimock/journal")[-1]
        assert last["body"]["messages"][1]["content"] == "[good]"
        assert last["body"]["response_format"]["json_schema"]["strict"] is True
        assert last["body"]["max_tokens"] == 120
        assert last["headers"]["x-stainless-retry-count"] == "0"

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("chatty", Outcome.INVALID_JSON),
            ("cut", Outcome.INVALID_JSON),
            ("long", Outcome.TRUNCATED),
            ("filtered", Outcome.FILTERED),
            ("limited", Outcome.RATE_LIMITED),
            ("failing", Outcome.SERVER_ERROR),
            ("unknown", Outcome.BAD_REQUEST),
        ],
    )
    def test_each_fault_has_its_name(self, base, name, expected):
        """In the content, in the reason it ended, in the status."""
        found, _ = asked(base, name)
        assert outcome(found) is expected


class TestChaos:
    @pytest.mark.parametrize(
        ("rates", "expected"),
        [
            ({"malformedRate": 1}, Outcome.INVALID_JSON),
            ({"disconnectRate": 1}, Outcome.UNAVAILABLE),
            ({"rateLimitRate": 1}, Outcome.RATE_LIMITED),
            ({"dropRate": 1}, Outcome.SERVER_ERROR),
        ],
    )
    def test_each_has_its_name(self, base, rates, expected):
        """Damaged bodies, cut connections, limits, failures."""
        told(base, "/__aimock/chaos", "POST", rates)
        try:
            found, _ = asked(base)
        finally:
            told(base, "/__aimock/chaos", "DELETE")
        assert outcome(found) is expected
        assert outcome(asked(base)[0]) is Outcome.OK

    def test_a_slow_answer_can_be_left(self, base):
        """The caller's clock ends the call, and the next one works."""

        async def run():
            endpoint = OpenAIEndpoint(config(base_url=f"{base}/v1"))
            endpoint.open()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await endpoint.complete(ask(user="[good]"))
            told(base, "/__aimock/chaos", "DELETE")
            found = await endpoint.complete(ask(user="[good]"))
            await endpoint.aclose()
            return found

        told(base, "/__aimock/chaos", "POST", {"latencyMs": 20_000})
        try:
            assert outcome(asyncio.run(run())) is Outcome.OK
        finally:
            told(base, "/__aimock/chaos", "DELETE")
