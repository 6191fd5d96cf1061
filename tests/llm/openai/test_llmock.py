"""Against llmock, a server that follows a schema by itself, breaks on demand and judges its clients."""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.request
from collections import Counter
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.openai.ladder import AnswerFormat
from report_gen.llm.openai.probe import probe
from report_gen.llm.port import Outcome
from tests.llm.mocked import ask, config, each, outcome
from tests.llm.servers import served
from tests.selection import examples

pytestmark = pytest.mark.skipif(find_spec("llmock") is None, reason="llmock (pip install llmock)")

PROGRAM = str(Path(sys.executable).with_name("llmock"))


def llmock(*options):
    """A running llmock."""
    return served([PROGRAM, "serve", "--host", "127.0.0.1", "--port", "{port}", "--log-level", "error", *options])


@pytest.fixture(scope="module")
def patient():
    """The address of one llmock for all that do not ask it to break; each answer takes 50 ms."""
    with llmock("--latency-ms", "50") as base:
        yield base


_NUMBERS = count(1)


def questions(amount):
    """Questions that differ, as llmock takes equal ones for retries."""
    return [ask(user=f"FACTS: {next(_NUMBERS)}") for _ in range(amount)]


def asked(base, amount=1, **fields):
    """What became of questions to it, one after another, and the endpoint."""
    endpoint = OpenAIEndpoint(config(base_url=f"{base}/v1", **fields))
    return asyncio.run(each(endpoint, questions(amount))), endpoint


def verdict(base):
    """What it says of its client."""
    with urllib.request.urlopen(f"{base}/_llmock/verdict", timeout=60) as found:  # noqa: S310 - on this machine
        return json.load(found)


class TestAnswers:
    @pytest.mark.parametrize("api", ["chat", "responses"])
    def test_a_server_that_reads_our_schema_answers_in_form(self, patient, api):
        """It makes its answer from the schema: our ids, our keys; usage is reported."""
        before = verdict(patient)["attempts"]
        (found,), endpoint = asked(patient, api=api)
        said = verdict(patient)
        assert outcome(found) is Outcome.OK
        assert [sentence.facts for sentence in found.sentences] == [("event.E1.onset",)]
        assert found.tokens_out > 0
        assert endpoint.shape.answer_format is AnswerFormat.JSON_SCHEMA
        assert (said["passed"], said["attempts"]) == (True, before + 1)

    def test_lower_rungs(self, patient):
        """It knows the schema that stands beside json_object; asked in plain text it only says something."""
        found = {form: outcome(asked(patient, structured=form)[0][0]) for form in ("json_object", "text")}
        assert found == {"json_object": Outcome.OK, "text": Outcome.INVALID_JSON}


class TestFaults:
    # In every run the one below meets 429 and 503 here, and tests/llm/test_clock.py each of the three on a socket.
    @pytest.mark.exhaustive
    @pytest.mark.parametrize(
        ("status", "expected"),
        [(401, Outcome.AUTH), (429, Outcome.RATE_LIMITED), (503, Outcome.SERVER_ERROR)],
    )
    def test_each_has_its_name_and_costs_one_call(self, status, expected):
        """No retries of ours or of the library."""
        with llmock("--error-rate", f"{status}=1.0") as base:
            (found,), endpoint = asked(base)
            said = verdict(base)
        assert (outcome(found), found.status, endpoint.shape) == (expected, status, None)
        assert said["attempts"] == 1

    def test_a_refusal_that_says_nothing_is_searched_once(self):
        """Every form is tried, then it is over."""
        with llmock("--error-rate", "400=1.0") as base:
            (found,), endpoint = asked(base)
            said = verdict(base)
        assert (outcome(found), endpoint.shape) == (Outcome.BAD_REQUEST, None)
        assert said["attempts"] == 8

    def test_a_limit_of_calls_says_how_long_to_wait(self):
        """What is over the limit is told the real wait."""
        with llmock("--rpm", "2") as base:
            found, _ = asked(base, 4)
        assert [outcome(one) for one in found] == [Outcome.OK] * 2 + [Outcome.RATE_LIMITED] * 2
        assert 0 < found[-1].retry_after_s <= 60

    def test_what_is_thrown_at_random_is_caught(self):
        """A quarter of the calls over the limit, a tenth failing: the adapter makes one call a question and says so."""
        with llmock("--error-rate", "429=0.25", "--error-rate", "503=0.1") as base:
            found, _ = asked(base, amount := examples(40, 60))
            said = verdict(base)
        counts = Counter(outcome(one) for one in found)
        assert set(counts) <= {Outcome.OK, Outcome.RATE_LIMITED, Outcome.SERVER_ERROR}
        assert counts[Outcome.OK] > 0
        assert counts[Outcome.RATE_LIMITED] > 0
        assert said["attempts"] == amount
        assert said["passed"], said["findings"]


class TestProbe:
    def test_it_says_what_works(self, patient):
        """Form, cap and time of a server as found."""
        endpoint = OpenAIEndpoint(config(base_url=f"{patient}/v1"))

        async def run():
            report = await probe(endpoint)
            await endpoint.aclose()
            return report

        report = asyncio.run(run())
        assert (report.outcome, report.answer_format, report.cap, report.usage) == (
            Outcome.OK,
            "json_schema",
            "max_tokens",
            True,
        )
        assert report.answer_s >= 0.05
        assert report.tokens_per_s > 0
