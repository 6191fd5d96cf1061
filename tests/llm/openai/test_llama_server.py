"""Against a real model: the server of llama-cpp-python with a model of 135 million parameters, weak and slow.

Runs where LLAMA_SERVER_PYTHON names a Python with both, as bench/README.md has it. What the model says is its own, so
nothing here depends on it: only form, time, and that a report is right.
"""

from __future__ import annotations

import asyncio

import pytest

from bench.gate import InTime
from bench.model.cases import opened
from bench.real.reports import patient, usual
from bench.real.serving import MODEL, Installed, installed, served
from report_gen.llm.client import Client
from report_gen.llm.config import EndpointConfig
from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.openai.ladder import AnswerFormat
from report_gen.llm.openai.probe import PROBE_ASK, probe
from report_gen.llm.policy.calls import Policy
from report_gen.llm.port import Outcome

FOUND = installed()

pytestmark = pytest.mark.skipif(isinstance(FOUND, str), reason=str(FOUND))
CASES = ("published_c10_mca_clip",)


@pytest.fixture(scope="module")
def config():
    """The configuration for a running server; other tests need the other core."""
    assert isinstance(FOUND, Installed)
    with served(FOUND, threads=1) as url:
        yield EndpointConfig(model=MODEL, base_url=url, parallel=1, max_attempts=1)


def test_a_probe_finds_the_form_and_the_speed(config):
    """A schema is taken beside `json_object` alone, and a question is dropped when the next one comes."""

    async def run():
        endpoint = OpenAIEndpoint(config.model_copy(update={"parallel": None}))
        try:
            return await probe(endpoint, within_s=120)
        finally:
            await endpoint.aclose()

    report = asyncio.run(run())
    assert (report.outcome, report.answer_format, report.cap) == (Outcome.OK, "json_object_schema", "max_tokens")
    assert report.answer_s is not None
    assert report.tokens_per_s is not None
    assert report.answered_by == MODEL
    assert report.at_once is not None
    assert report.at_once < 2


def test_answers_are_in_form_and_come_in_pieces(config):
    """Sentences are heard before the end, of the facts asked about and of no others."""

    async def run():
        endpoint, heard = OpenAIEndpoint(config), []
        endpoint.open()
        try:
            return await endpoint.stream(PROBE_ASK, heard.append), heard, endpoint.shape
        finally:
            await endpoint.aclose()

    answer, heard, shape = asyncio.run(run())
    assert shape.answer_format is AnswerFormat.JSON_OBJECT_SCHEMA
    assert tuple(heard) == answer.sentences
    assert {fact for sentence in heard for fact in sentence.facts} <= set(PROBE_ASK.fact_ids)


def test_a_report_is_right_and_in_time(config):
    """In the usual time hardly anything comes of it: the template's report, with every fact and finding."""
    (of,) = opened(CASES)
    made = usual(of, config.model_copy(update={"parallel": None, "max_attempts": 3}))
    assert made.in_time.why == ""
    assert made.in_time.s <= InTime("", 0.0, made.in_time.plain_s).limit_s + 1.0  # other tests run beside this one
    assert made.questions > 0


def test_with_time_enough_the_guard_reads_what_it_says(config):
    """A model that knows nothing of the field; what stands states the facts, and the findings are the template's."""
    found = patient(opened(CASES), config, 1)
    assert found.why == ""
    assert found.read >= 1
    assert found.wordings


def test_a_question_in_turn_is_not_cut_off_by_the_next(config):
    """The server ends an answer when another question comes, so that it is asked one at a time."""
    asks = [PROBE_ASK, PROBE_ASK]
    with Client(lambda: OpenAIEndpoint(config), Policy(deadline_s=240, hedge=False, parallel=1)) as client:
        assert [answer.outcome for answer in client.ask(asks)] == [Outcome.OK, Outcome.OK]
