"""A probe says what works, how fast, and what to do when nothing does; trouble of the endpoint is a finding."""

from __future__ import annotations

import asyncio
import dataclasses
import socket
import sys
import threading
from contextlib import suppress

import httpx
import pytest

from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.openai.probe import PROBE_ASK, THINKING, ProbeReport, probe
from report_gen.llm.openai.wire import lint, schema
from report_gen.llm.port import Outcome
from report_gen.render.terminal.endpoint import probe_lines
from tests.llm.loopback import Server, spoken, streamed
from tests.llm.mocked import CHAT, RESPONSES, config, ok, refusal, response, sent

GOOD = '{"sentences": [{"facts": ["f1"], "text": "The probe was run."}]}'


def probed(within_s=10.0, **fields):
    """The report on an endpoint of the given configuration."""

    async def run():
        endpoint = OpenAIEndpoint(config(**fields))
        try:
            return await probe(endpoint, within_s=within_s)
        finally:
            await endpoint.aclose()

    return asyncio.run(run())


def steady(report):
    """A report with times that do not vary."""
    return dataclasses.replace(report, open_s=0.5, first_s=1.0, answer_s=0.25, tokens_per_s=48.0)


class TestWhatWorks:
    def test_it_asks_twice(self, server):
        """Once for the form, once for the time; the question is its own."""
        route = server.post(CHAT).mock(return_value=ok(GOOD, usage={"completion_tokens": 12}))
        report = probed(parallel=1)
        assert (report.outcome, report.reachable, report.usage, report.advice) == (Outcome.OK, True, True, "")
        assert [body["messages"][1]["content"] for body in sent(route)] == [PROBE_ASK.user] * 2
        assert report.tokens_per_s == pytest.approx(12 / max(report.answer_s, 0.001))
        assert lint(schema(PROBE_ASK)) == ()

    def test_what_people_read(self, server):
        """A line a finding."""
        server.post(CHAT).mock(return_value=ok(GOOD, usage={"completion_tokens": 12}))
        assert probe_lines(steady(probed())) == [
            "endpoint: on this machine, model 'asked'",
            "usable: yes",
            "form of the answer: json_schema; answers capped by max_tokens",
            "answered by: served",
            "opening: 0.50 s; first answer: 1.00 s",
            "next answer: 0.25 s, 48 tokens/s (as reported)",
            "two questions at once: both were answered",
        ]

    @pytest.mark.parametrize(
        ("second", "line"), [(ok(GOOD), "one was dropped for the other"), (refusal(503), "neither was answered")]
    )
    def test_a_server_that_answers_one_at_a_time(self, server, second, line):
        """How to ask it is said; what it does with one question counts."""
        server.post(CHAT).mock(side_effect=[ok(GOOD), ok(GOOD), refusal(503), second])
        report = probed()
        assert report.outcome is Outcome.OK
        assert f"two questions at once: {line}" in probe_lines(report)[-1]
        assert probe_lines(report)[-1].endswith("set parallel = 1")

    def test_what_the_endpoint_refuses_is_said(self, server):
        """The plainer form that it takes, and the parameter it is asked without."""

        def reply(request):
            if b"reasoning_effort" in request.content:
                return refusal(400, param="reasoning_effort")
            return refusal(400, param="response_format") if b"strict" in request.content else ok(GOOD)

        server.post(CHAT).mock(side_effect=reply)
        lines = probe_lines(steady(probed(reasoning_effort="low", parallel=1)))
        assert "form of the answer: json_object_schema; answers capped by max_tokens" in lines
        assert "refused by the endpoint and left out: reasoning_effort" in lines
        assert lines[-1].endswith("(estimated, as the endpoint reports no usage)")

    def test_the_responses_interface(self, server):
        """It has one name for the cap."""
        server.post(RESPONSES).mock(return_value=httpx.Response(200, json=response(GOOD)))
        assert probed(api="responses").cap == "max_output_tokens"

    def test_an_endpoint_that_fails_the_second_time_is_not_usable(self, server):
        """It is reachable, and how it is asked is known."""
        server.post(CHAT).mock(side_effect=[ok(GOOD), refusal(429)])
        report = probed()
        assert (report.outcome, report.status, report.answer_format) == (Outcome.RATE_LIMITED, 429, "json_schema")
        assert (report.answer_s, report.tokens_per_s) == (None, None)

    @pytest.mark.parametrize(
        ("message", "line"),
        [
            ({"content": f"<think>Hm.</think>{GOOD}"}, "after the model's thinking, which takes time of every answer"),
            ({"content": None, "reasoning_content": GOOD}, "in the field for the model's reasoning"),
            ({"content": [{"type": "text", "text": GOOD}]}, "in parts of the content"),
            ({"content": f"```json\n{GOOD}\n```"}, "in a code block"),
            ({"content": f"Here it is: {GOOD}"}, "among words"),
        ],
    )
    def test_where_the_answer_stood_is_said(self, server, message, line):
        """It is read there, and whoever sets the server up knows."""
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        server.post(CHAT).mock(return_value=httpx.Response(200, json={"model": "served", "choices": [choice]}))
        report = probed()
        assert report.outcome is Outcome.OK
        assert any(line in row and row.startswith("the answer stood ") for row in probe_lines(report))

    def test_when_the_first_sentence_was_there_is_said(self):
        """Of an endpoint that answers in pieces."""
        with Server(streamed(*spoken(GOOD))) as server:
            lines = probe_lines(probed(base_url=server.url))
        assert any(line.startswith("in pieces: the first sentence of the next answer after ") for line in lines)


class TestWhatToDo:
    @pytest.mark.parametrize("reason", ["stop", "length"])
    @pytest.mark.parametrize("message", [{"content": "<think>Hm"}, {"content": "", "reasoning_content": "Hm"}])
    def test_a_model_that_only_thinks(self, server, message, reason):
        """The cause is named, and how to switch it off."""
        choice = {"index": 0, "message": message, "finish_reason": reason}
        server.post(CHAT).mock(return_value=httpx.Response(200, json={"model": "served", "choices": [choice]}))
        report = probed()
        assert report.outcome is not Outcome.OK
        assert report.advice == THINKING

    @pytest.mark.parametrize(
        ("answer", "fields", "outcome", "advice"),
        [
            (refusal(401), {}, Outcome.AUTH, "check the key in OPENAI_API_KEY"),
            (refusal(404), {}, Outcome.BAD_REQUEST, "the model 'asked' is unknown there"),
            (refusal(400), {}, Outcome.BAD_REQUEST, "check model, api and base_url"),
            (refusal(429), {}, Outcome.RATE_LIMITED, "check quota"),
            (refusal(503), {}, Outcome.SERVER_ERROR, "a fault of its own"),
            (httpx.Response(200, html="<html>"), {}, Outcome.INVALID_JSON, "check base_url, and for a proxy"),
            (ok("{}"), {}, Outcome.SCHEMA, "not in the form"),
            (ok(GOOD, reason="length"), {}, Outcome.TRUNCATED, "lowest reasoning_effort"),
            (ok(GOOD, reason="content_filter"), {}, Outcome.FILTERED, "content filter"),
        ],
    )
    def test_each_outcome_has_its_advice(self, server, answer, fields, outcome, advice):
        """Something answered, so that it is reachable."""
        server.post(CHAT).mock(return_value=answer)
        report = probed(**fields)
        assert (report.outcome, report.reachable) == (outcome, True)
        assert advice in report.advice
        lines = probe_lines(report)
        assert lines[1].startswith(f"usable: no, {outcome.value} (HTTP {answer.status_code})")
        assert lines[2:] == ["reachable: yes", f"to do: {report.advice}"]

    def test_a_missing_responses_interface(self, server):
        """Most servers have only the other."""
        server.post(RESPONSES).mock(return_value=refusal(404))
        assert "try api = chat" in probed(api="responses").advice

    def test_a_key_that_is_not_there(self, monkeypatch):
        """The variable is named; no call is made."""
        monkeypatch.delenv("SOME_KEY", raising=False)
        report = probed(base_url=None, allow_remote=True, api_key_env="SOME_KEY")
        assert (report.outcome, report.reachable, report.first_s) == (Outcome.AUTH, False, None)
        assert probe_lines(report)[1:] == [
            "usable: no, auth",
            "reachable: no",
            "to do: the environment variable SOME_KEY is not set; put the key there",
        ]
        monkeypatch.setenv("SOME_KEY", "a\u00e9")
        assert "holds no usable key" in probed(base_url=None, allow_remote=True, api_key_env="SOME_KEY").advice

    def test_a_library_that_is_not_there(self, monkeypatch):
        """How to install it is said."""
        monkeypatch.setitem(sys.modules, "openai", None)
        monkeypatch.setattr("report_gen.llm.openai.probe.find_spec", lambda name: None)
        report = probed()
        assert (report.outcome, report.reachable) == (Outcome.UNAVAILABLE, False)
        assert "pip install 'report-gen[llm]'" in report.advice

    def test_nothing_listens(self):
        """A port that is closed."""
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = found.getsockname()[1]
        report = probed(base_url=f"http://127.0.0.1:{port}/v1")
        assert (report.outcome, report.reachable) == (Outcome.UNAVAILABLE, False)
        assert "nothing listens at base_url" in report.advice

    def test_a_name_without_address(self, monkeypatch):
        """The host is wrong, or the network is."""

        def nowhere(*args, **kwargs):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        report = probed(base_url="http://model.example/v1", allow_remote=True)
        assert report.outcome is Outcome.UNAVAILABLE
        assert "has no address" in report.advice

    def test_tls_that_is_not_trusted_or_not_there(self):
        """Where the trusted certificates come from is said."""
        with socket.create_server(("127.0.0.1", 0)) as listening:

            def answer():
                # The probe may give up before this thread comes round, and the test be over.
                with suppress(OSError):
                    for _ in range(2):
                        connection, _ = listening.accept()
                        with connection:
                            connection.recv(4096)
                            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

            thread = threading.Thread(target=answer, daemon=True)
            thread.start()
            report = probed(base_url=f"https://127.0.0.1:{listening.getsockname()[1]}/v1")
            # Closing a socket does not wake a thread that waits in accept().
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(20)
        assert report.outcome is Outcome.UNAVAILABLE
        assert "SSL_CERT_FILE" in report.advice

    def test_no_answer_in_time(self):
        """A server that takes the call and says nothing; the probe has a clock of its own."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            report = probed(within_s=0.1, base_url=f"http://127.0.0.1:{listening.getsockname()[1]}/v1")
        assert (report.outcome, report.reachable) == (Outcome.TIMEOUT, False)
        assert "no answer in time" in report.advice

    def test_every_outcome_of_a_call_has_advice(self):
        """A new one cannot be forgotten."""
        from report_gen.llm.openai.probe import ADVICE

        policy = {Outcome.PARTIAL, Outcome.EGRESS, Outcome.CIRCUIT_OPEN, Outcome.NOT_ASKED, Outcome.CANCELLED}
        assert set(ADVICE) == set(Outcome) - policy - {Outcome.OK, Outcome.UNAVAILABLE}

    def test_an_empty_report_can_be_told(self):
        """Nothing known, nothing invented."""
        assert probe_lines(ProbeReport(Outcome.NOT_ASKED, loopback=False, model="m")) == [
            "endpoint: on another machine, model 'm'",
            "usable: no, not_asked",
            "reachable: no",
        ]
