"""The endpoint asks as configured, finds the form that a server takes, and gives every kind of damage its name."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from report_gen.llm.openai import adapter
from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.openai.ladder import AnswerFormat
from report_gen.llm.openai.replies import retry_after_s
from report_gen.llm.openai.wire import schema
from report_gen.llm.port import Completion, EndpointError, OfferedSentence, Outcome
from tests.llm.mocked import (
    BASE,
    CHAT,
    RESPONSES,
    SENTENCES,
    ask,
    chat,
    config,
    each,
    ok,
    once,
    outcome,
    refusal,
    response,
    sent,
)

TEXT = json.dumps(SENTENCES)


class TestRequest:
    def test_chat_by_default(self, server):
        """The question's words as they are, its ids as the only choice, its cap; nothing that was not configured."""
        route = server.post(CHAT).mock(return_value=ok())
        assert outcome(once()) is Outcome.OK
        form = {"name": "sentences", "strict": True, "schema": schema(ask())}
        assert sent(route) == [
            {
                "model": "asked",
                "messages": [{"role": "system", "content": ask().system}, {"role": "user", "content": ask().user}],
                "max_tokens": 120,
                "response_format": {"type": "json_schema", "json_schema": form},
                "stream": True,
                "stream_options": {"include_usage": True},
            }
        ]

    def test_responses_on_request(self, server):
        """The other interface, which must not store the answer."""
        route = server.post(RESPONSES).mock(return_value=httpx.Response(200, json=response()))
        assert outcome(once(api="responses", reasoning_effort="low")) is Outcome.OK
        form = {"type": "json_schema", "name": "sentences", "strict": True, "schema": schema(ask())}
        assert sent(route) == [
            {
                "model": "asked",
                "instructions": ask().system,
                "input": ask().user,
                "max_output_tokens": 120,
                "store": False,
                "reasoning": {"effort": "low"},
                "text": {"format": form},
                "stream": True,
            }
        ]

    def test_what_is_configured_is_sent(self, server):
        """Effort, tier and temperature, and the cap by its configured name."""
        route = server.post(CHAT).mock(return_value=ok())
        once(reasoning_effort="minimal", service_tier="fast", temperature=0.0, token_cap="max_completion_tokens")
        (body,) = sent(route)
        assert (body["reasoning_effort"], body["service_tier"], body["temperature"]) == ("minimal", "fast", 0.0)
        assert "max_tokens" not in body
        assert body["max_completion_tokens"] == 120

    def test_openai_and_azure_get_the_newer_cap(self, server, monkeypatch):
        """Where the older one is refused by new models."""
        monkeypatch.setenv("OPENAI_API_KEY", "sk-invented")
        route = server.post("https://api.openai.com/v1/chat/completions").mock(return_value=ok())
        assert outcome(once(base_url=None, allow_remote=True)) is Outcome.OK
        assert sent(route)[0]["max_completion_tokens"] == 120
        assert route.calls[0].request.headers["authorization"] == "Bearer sk-invented"

    def test_azure_with_a_dated_interface(self, server, monkeypatch):
        """The deployment is in the path, the version in the query, the key in Azure's own header."""
        monkeypatch.setenv("AZURE_KEY", "az-invented")
        route = server.post(path__regex=r"^/openai/deployments/asked/chat/completions$").mock(return_value=ok())
        found = once(
            base_url="https://r.azure.com", azure_api_version="2026-01-01", allow_remote=True, api_key_env="AZURE_KEY"
        )
        assert outcome(found) is Outcome.OK
        request = route.calls[0].request
        assert request.url.params["api-version"] == "2026-01-01"
        assert request.headers["api-key"] == "az-invented"
        assert "max_completion_tokens" in json.loads(request.content)

    def test_one_call_and_no_retries(self, server):
        """Retries belong to the policy, not to the library."""
        route = server.post(CHAT).mock(return_value=httpx.Response(503, headers={"retry-after": "0"}))
        assert outcome(once()) is Outcome.SERVER_ERROR
        assert route.call_count == 1


class TestAnswer:
    def test_sentences_and_what_is_said_of_them(self, server):
        """Model, request id, tier and token counts are kept."""
        usage = {"prompt_tokens": 90, "completion_tokens": 12, "prompt_tokens_details": {"cached_tokens": 64}}
        answer = httpx.Response(200, json=chat(usage=usage, service_tier="fast"), headers={"x-request-id": "req-7"})
        server.post(CHAT).mock(return_value=answer)
        assert once() == Completion(
            sentences=(OfferedSentence(("event.E1.onset",), "An alert began at {t1}."),),
            model="served",
            request_id="req-7",
            service_tier="fast",
            tokens_in=90,
            tokens_cached=64,
            tokens_out=12,
        )

    def test_responses_count_by_other_names(self, server):
        """Likewise."""
        usage = {"input_tokens": 90, "output_tokens": 12, "input_tokens_details": {"cached_tokens": 0}}
        server.post(RESPONSES).mock(return_value=httpx.Response(200, json=response(usage=usage)))
        found = once(api="responses")
        assert (found.tokens_in, found.tokens_cached, found.tokens_out, found.request_id) == (90, 0, 12, "r-1")

    @pytest.mark.parametrize(
        "usage",
        [
            None,
            [],
            "none",
            {"prompt_tokens": None, "completion_tokens": "12", "prompt_tokens_details": None},
            {"prompt_tokens": -1, "completion_tokens": True, "prompt_tokens_details": {"cached_tokens": 1.5}},
        ],
    )
    def test_usage_that_cannot_be_read_is_not_reported(self, server, usage):
        """Compatible servers leave it out or fill it with nothing; the answer stands."""
        server.post(CHAT).mock(return_value=ok(usage=usage))
        found = once()
        assert (outcome(found), found.tokens_in, found.tokens_cached, found.tokens_out) == (Outcome.OK, *[None] * 3)

    @pytest.mark.parametrize("said", ["a b", "x" * 129, "{t1}", "", 7, ["m"]])
    def test_labels_that_could_be_text_are_dropped(self, server, said):
        """What a server says of itself is logged; it must not be able to send the question back that way."""
        headers = {"x-request-id": said} if isinstance(said, str) else {}
        answer = httpx.Response(200, json={**chat(), "model": said, "id": said, "service_tier": said}, headers=headers)
        server.post(CHAT).mock(return_value=answer)
        found = once()
        assert (found.model, found.request_id, found.service_tier) == ("", "", "")

    def test_a_code_block_from_a_server_that_takes_a_schema_without_keeping_it(self, server):
        """Still an answer."""
        server.post(CHAT).mock(return_value=ok(f"```json\n{TEXT}\n```"))
        assert outcome(once()) is Outcome.OK

    def test_a_long_body_is_not_read_to_its_end(self, server, monkeypatch):
        """A short one that unpacks to a long one is long."""
        monkeypatch.setattr(adapter, "MAX_BODY_BYTES", 10_000)
        packed = gzip.compress(json.dumps(chat()).encode() + b" " * 100_000)
        answer = httpx.Response(200, content=packed, headers={"content-encoding": "gzip"})
        server.post(CHAT).mock(return_value=answer)
        assert outcome(once()) is Outcome.SCHEMA


class TestDamagedAnswers:
    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (httpx.Response(200, html="<html>Sign in</html>"), Outcome.INVALID_JSON),
            (httpx.Response(200), Outcome.INVALID_JSON),
            (
                httpx.Response(200, content=b'{"choices": [', headers={"content-type": "application/json"}),
                "invalid_json",
            ),
            (httpx.Response(200, content=b"\xff\xfe", headers={"content-type": "application/json"}), "invalid_json"),
            (httpx.Response(200, content=b"x", headers={"content-encoding": "gzip"}), Outcome.INVALID_JSON),
            (httpx.Response(200, json={"id": "x"}), Outcome.SCHEMA),
            (httpx.Response(200, json={"error": {"message": "overloaded"}}), Outcome.SERVER_ERROR),
            (httpx.Response(200, json=chat(choices=[])), Outcome.SCHEMA),
            (httpx.Response(200, content=b"null", headers={"content-type": "application/json"}), Outcome.SCHEMA),
            (httpx.Response(200, json="text"), Outcome.SCHEMA),
            (httpx.Response(200, json=[1]), Outcome.SCHEMA),
            (
                httpx.Response(200, json=chat(choices=[{"finish_reason": "stop", "message": {"content": None}}])),
                "schema",
            ),
            (httpx.Response(200, json=chat(choices={"0": {}})), Outcome.SCHEMA),
            (httpx.Response(200, json=chat(choices=[{"finish_reason": 1, "message": 2}])), Outcome.SCHEMA),
            (httpx.Response(200, json=chat(choices=[{"message": {"content": "", "refusal": "I cannot."}}])), "refused"),
            (ok(reason="content_filter"), Outcome.FILTERED),
            (ok(reason="length"), Outcome.TRUNCATED),
            (ok(reason=None), Outcome.SCHEMA),
            (ok(TEXT[:-5]), Outcome.INVALID_JSON),
            (ok("Hello! How can I help?"), Outcome.INVALID_JSON),
            (ok('{"sentences": [{"facts": ["event.E9.onset"], "text": "A."}]}'), Outcome.SCHEMA),
            (httpx.Response(204), Outcome.INVALID_JSON),
            (httpx.Response(200, text=f"data: {json.dumps(chat())}\n\n"), Outcome.INVALID_JSON),
        ],
    )
    def test_each_has_its_name(self, server, answer, expected):
        """HTTP 200 says nothing yet."""
        server.post(CHAT).mock(return_value=answer)
        assert outcome(once()) == expected

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (response(status="incomplete", incomplete_details={"reason": "max_output_tokens"}), Outcome.TRUNCATED),
            (response(status="incomplete", incomplete_details={"reason": "content_filter"}), Outcome.FILTERED),
            (response(status="failed", error={"code": "server_error"}), Outcome.SERVER_ERROR),
            (response("no JSON"), Outcome.INVALID_JSON),
            (chat(), Outcome.SCHEMA),
        ],
    )
    def test_likewise_of_responses(self, server, answer, expected):
        """The other interface has its own ways to be incomplete."""
        server.post(RESPONSES).mock(return_value=httpx.Response(200, json=answer))
        assert outcome(once(api="responses")) is expected

    def test_a_failure_keeps_the_id_of_the_request(self, server):
        """It is what the provider asks for."""
        server.post(CHAT).mock(return_value=httpx.Response(200, html="x", headers={"x-request-id": "req-8"}))
        found = once()
        assert (found.status, found.request_id) == (200, "req-8")


class TestRefusedCalls:
    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (refusal(400, param="messages"), Outcome.BAD_REQUEST),
            (refusal(400, code="content_filter"), Outcome.FILTERED),
            (refusal(401), Outcome.AUTH),
            (refusal(403), Outcome.AUTH),
            (refusal(404, code="model_not_found"), Outcome.BAD_REQUEST),
            (refusal(404), Outcome.BAD_REQUEST),
            (refusal(408), Outcome.TIMEOUT),
            (refusal(409), Outcome.SERVER_ERROR),
            (refusal(413), Outcome.BAD_REQUEST),
            (refusal(422), Outcome.BAD_REQUEST),
            (refusal(429), Outcome.RATE_LIMITED),
            (refusal(500), Outcome.SERVER_ERROR),
            (refusal(502), Outcome.SERVER_ERROR),
            (refusal(503), Outcome.SERVER_ERROR),
            (refusal(529), Outcome.SERVER_ERROR),
            (httpx.Response(401, html="<html>"), Outcome.AUTH),
            (httpx.Response(500, content=b"\xff"), Outcome.SERVER_ERROR),
            (httpx.Response(400, json=[1]), Outcome.BAD_REQUEST),
            (httpx.Response(400, json={"error": {"param": {"a": 1}, "code": 7}}), Outcome.BAD_REQUEST),
            (httpx.Response(307, headers={"location": "http://192.0.2.1/"}), Outcome.BAD_REQUEST),
        ],
    )
    def test_each_status_has_its_name(self, server, answer, expected):
        """Whatever the body is."""
        server.post(CHAT).mock(return_value=answer)
        found = once()
        assert (outcome(found), found.status) == (expected, answer.status_code)

    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (httpx.ConnectError("x"), Outcome.UNAVAILABLE),
            (httpx.ReadError("x"), Outcome.UNAVAILABLE),
            (httpx.RemoteProtocolError("x"), Outcome.UNAVAILABLE),
            (httpx.ConnectTimeout("x"), Outcome.TIMEOUT),
            (httpx.ReadTimeout("x"), Outcome.TIMEOUT),
            (httpx.PoolTimeout("x"), Outcome.TIMEOUT),
        ],
    )
    def test_no_answer_at_all(self, server, error, expected):
        """Timeouts and connections that fail or break."""
        server.post(CHAT).mock(side_effect=error)
        found = once()
        assert (outcome(found), found.status) == (expected, None)

    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (TypeError("x"), Outcome.UNAVAILABLE),
            (TimeoutError(), Outcome.TIMEOUT),
            (KeyError("x"), Outcome.UNAVAILABLE),
            (ExceptionGroup("x", [ValueError()]), Outcome.UNAVAILABLE),
        ],
    )
    def test_whatever_the_library_raises(self, server, monkeypatch, error, expected):
        """Its own faults are no answer either."""

        async def broken(self, request, shape, sentences):
            raise error

        monkeypatch.setattr(OpenAIEndpoint, "_send", broken)
        assert outcome(once()) is expected

    def test_a_question_that_is_no_unicode(self, server):
        """A lone surrogate cannot be sent, now or later."""
        route = server.post(CHAT).mock(return_value=ok())
        (found,) = asyncio.run(each(OpenAIEndpoint(config()), [ask(user="\ud800")]))
        assert (outcome(found), route.called) == (Outcome.BAD_REQUEST, False)

    def test_cancelling_goes_through(self, server):
        """The boundary holds back exceptions, not the clock."""

        async def run():
            endpoint = OpenAIEndpoint(config())
            endpoint.open()

            reached = asyncio.Event()

            async def hang(request):
                reached.set()
                await asyncio.sleep(60)

            server.post(CHAT).mock(side_effect=hang)
            task = asyncio.ensure_future(endpoint.complete(ask()))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            server.post(CHAT).mock(return_value=ok())
            found = await endpoint.complete(ask())
            await endpoint.aclose()
            return found

        assert outcome(asyncio.run(run())) is Outcome.OK

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({}, None),
            ({"retry-after": "4"}, 4.0),
            ({"retry-after": "0.5"}, 0.5),
            ({"retry-after": "-3"}, 0.0),
            ({"retry-after": "nan"}, None),
            ({"retry-after": "inf"}, None),
            ({"retry-after": "soon"}, None),
            ({"retry-after": ""}, None),
            ({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0.0),
            ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
            ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
        ],
    )
    def test_how_long_to_wait(self, server, headers, seconds):
        """In seconds, however the server says it."""
        server.post(CHAT).mock(return_value=refusal(429, **headers))
        assert once().retry_after_s == seconds

    def test_a_date_is_counted_from_now(self):
        """Whatever its zone."""
        now = datetime(2026, 11, 24, 12, tzinfo=UTC)
        later = format_datetime(now.astimezone(None) + timedelta(seconds=7))
        assert retry_after_s({"retry-after": later}, now=now) == 7
        assert retry_after_s({"retry-after": "Tue, 24 Nov 2026 12:00:07 -0000"}, now=now) == 7
        assert retry_after_s({"retry-after": "99 Nov 2026 99:99:99 GMT"}, now=now) is None


def rung_of(body):
    """How a request asked for the form of its answer."""
    kind = body.get("response_format", {"type": "text"})
    return "json_object_schema" if "schema" in kind else kind["type"]


def picky(accepts, status=400, **answer):
    """A server that refuses requests that `accepts` is false for."""

    def reply(request):
        body = json.loads(request.content)
        return ok(f"```json\n{TEXT}\n```") if accepts(body) else refusal(status, **answer)

    return reply


class TestLadder:
    @pytest.mark.parametrize("status", [400, 404, 422])
    @pytest.mark.parametrize("taken", ["json_object_schema", "json_object", "text"])
    def test_steps_down_to_what_is_taken_and_stays(self, server, status, taken):
        """The first question pays for the search, the next goes straight there."""
        route = server.post(CHAT).mock(side_effect=picky(lambda body: rung_of(body) == taken, status))
        endpoint = OpenAIEndpoint(config())
        found = asyncio.run(each(endpoint, [ask(), ask()]))
        steps = [answer_format.value for answer_format in AnswerFormat]
        assert [outcome(one) for one in found] == [Outcome.OK] * 2
        assert [rung_of(body) for body in sent(route)] == [*steps[: steps.index(taken) + 1], taken]
        assert endpoint.shape.answer_format == taken

    def test_below_the_schema_it_stands_in_the_message(self, server):
        """After the question's own words, which stay as they are; the system message is untouched."""
        route = server.post(CHAT).mock(side_effect=picky(lambda body: rung_of(body) == "text"))
        once()
        for body in sent(route)[1:]:
            system, user = (message["content"] for message in body["messages"])
            assert system == ask().system
            assert user.startswith(ask().user + "\n\nAnswer with one ")
            assert json.loads(user[user.rindex('{"type":"object","properties":{"sentences"') :]) == schema(ask())
        assert "```json" in sent(route)[-1]["messages"][1]["content"]

    def test_one_server_error_at_the_first_schema_is_a_refusal(self, server):
        """As llama-cpp-python words it."""
        route = server.post(CHAT).mock(side_effect=picky(lambda body: rung_of(body) == "json_object_schema", 500))
        assert outcome(once()) is Outcome.OK
        assert route.call_count == 2

    def test_a_server_that_is_down_is_not_searched(self, server):
        """A second server error is taken at its word, and nothing is remembered."""
        route = server.post(CHAT).mock(return_value=refusal(500))
        endpoint = OpenAIEndpoint(config())
        asyncio.run(each(endpoint, [ask()]))
        assert (route.call_count, endpoint.shape) == (2, None)

    def test_a_server_error_after_a_schema_has_worked_is_no_refusal(self, server):
        """It is left to the policy."""
        route = server.post(CHAT).mock(side_effect=[ok(), refusal(500)])
        found = asyncio.run(each(OpenAIEndpoint(config()), [ask(), ask()]))
        assert [outcome(one) for one in found] == [Outcome.OK, Outcome.SERVER_ERROR]
        assert route.call_count == 2

    @pytest.mark.parametrize("status", [401, 403, 429, 502, 503])
    def test_other_statuses_are_no_refusal_of_the_form(self, server, status):
        """One call."""
        route = server.post(CHAT).mock(return_value=refusal(status))
        once()
        assert route.call_count == 1

    @pytest.mark.parametrize(
        "why", [{"param": "model"}, {"code": "model_not_found"}, {"code": "context_length_exceeded"}]
    )
    def test_a_refusal_that_names_another_matter_is_final(self, server, why):
        """An unknown model is not found by asking differently."""
        route = server.post(CHAT).mock(return_value=refusal(400, **why))
        assert outcome(once()) is Outcome.BAD_REQUEST
        assert route.call_count == 1

    def test_what_the_server_names_is_changed(self, server):
        """The cap by its other name, effort and tier left out, the form kept; remembered."""

        def reply(request):
            body = json.loads(request.content)
            for name in ("max_completion_tokens", "reasoning_effort", "service_tier"):
                if name in body:
                    return refusal(400, param=name, code="unsupported_parameter")
            return ok()

        route = server.post(CHAT).mock(side_effect=reply)
        settings = {"base_url": "https://x.openai.com/v1", "allow_remote": True, "api_key_env": "PATH"}
        endpoint = OpenAIEndpoint(config(**settings, reasoning_effort="low", service_tier="fast"))
        route = server.post("https://x.openai.com/v1/chat/completions").mock(side_effect=reply)
        found = asyncio.run(each(endpoint, [ask(), ask()]))
        assert [outcome(one) for one in found] == [Outcome.OK] * 2
        assert route.call_count == 5
        assert (endpoint.shape.answer_format, endpoint.shape.cap) == (AnswerFormat.JSON_SCHEMA, "max_tokens")
        assert endpoint.shape.dropped == {"reasoning_effort", "service_tier"}

    def test_the_newer_cap_where_the_older_is_refused(self, server):
        """A proxy in front of a new model."""
        route = server.post(CHAT).mock(
            side_effect=lambda request: (
                refusal(400, param="max_tokens") if "max_tokens" in json.loads(request.content) else ok()
            )
        )
        assert outcome(once()) is Outcome.OK
        assert [("max_tokens" in body) for body in sent(route)] == [True, False]

    @pytest.mark.parametrize(
        ("refused", "dropped", "cap"),
        [("reasoning_effort", {"reasoning_effort"}, "max_tokens"), ("max_tokens", set(), "max_completion_tokens")],
    )
    def test_what_the_server_does_not_name_is_found(self, server, refused, dropped, cap):
        """And the strictest form is kept when the form was not the matter."""
        server.post(CHAT).mock(side_effect=picky(lambda body: refused not in body))
        effort = {"reasoning_effort": "low"} if dropped else {}
        endpoint = OpenAIEndpoint(config(**effort))
        (found,) = asyncio.run(each(endpoint, [ask()]))
        assert outcome(found) is Outcome.OK
        assert (endpoint.shape.answer_format, endpoint.shape.cap) == (AnswerFormat.JSON_SCHEMA, cap)
        assert endpoint.shape.dropped == dropped

    def test_a_search_that_finds_nothing_ends(self, server):
        """Every form once; nothing is remembered; the first refusal is reported."""
        route = server.post(CHAT).mock(return_value=refusal(400))
        endpoint = OpenAIEndpoint(config(reasoning_effort="low", service_tier="fast", temperature=1.0))
        (found,) = asyncio.run(each(endpoint, [ask()]))
        assert (outcome(found), found.status, endpoint.shape) == (Outcome.BAD_REQUEST, 400, None)
        assert route.call_count == len({json.dumps(body, sort_keys=True) for body in sent(route)}) == 10

    @pytest.mark.parametrize(
        ("structured", "steps"),
        [
            ("json_schema", ["json_schema"]),
            ("json_object", ["json_object_schema", "json_object"]),
            ("text", ["text"]),
        ],
    )
    def test_a_configured_form_is_kept(self, server, structured, steps):
        """Nothing else is tried."""
        route = server.post(CHAT).mock(return_value=refusal(404))
        once(structured=structured)
        assert [rung_of(body) for body in sent(route)] == steps

    def test_a_configured_cap_is_kept(self, server):
        """Likewise."""
        route = server.post(CHAT).mock(return_value=refusal(400, param="max_tokens"))
        assert outcome(once(token_cap="max_tokens", structured="text")) is Outcome.BAD_REQUEST
        assert all("max_completion_tokens" not in body for body in sent(route))

    def test_a_damaged_answer_is_no_refusal(self, server):
        """The form was taken; what came back is for the policy."""
        route = server.post(CHAT).mock(return_value=ok("no JSON"))
        endpoint = OpenAIEndpoint(config())
        asyncio.run(each(endpoint, [ask(), ask()]))
        assert [rung_of(body) for body in sent(route)] == ["json_schema"] * 2

    def test_a_question_refused_later_does_not_spoil_what_is_known(self, server):
        """One question too large for the schema is worded in a plainer form; the next asks as before."""
        large = tuple(f"event.E{n}.onset" for n in range(50)) + ask().fact_ids
        server.post(CHAT).mock(
            side_effect=picky(lambda body: rung_of(body) != "json_schema" or "E40" not in json.dumps(body))
        )
        endpoint = OpenAIEndpoint(config())
        found = asyncio.run(each(endpoint, [ask(), ask(fact_ids=large), ask()]))
        assert [outcome(one) for one in found] == [Outcome.OK] * 3
        assert endpoint.shape.answer_format is AnswerFormat.JSON_SCHEMA

    def test_trouble_on_the_way_down_is_what_is_reported(self, server):
        """A timeout is tried again; a refusal would not be."""
        server.post(CHAT).mock(side_effect=[refusal(400), httpx.ReadTimeout("x")])
        assert outcome(once()) is Outcome.TIMEOUT
        server.post(CHAT).mock(side_effect=[refusal(400), refusal(429, **{"retry-after": "3"})])
        found = once()
        assert (outcome(found), found.retry_after_s) == (Outcome.RATE_LIMITED, 3)

    def test_responses_have_three_rungs(self, server):
        """The schema extension is one of chat completions."""
        route = server.post(RESPONSES).mock(return_value=refusal(400))
        once(api="responses")
        kinds = [body.get("text", {"format": {"type": "text"}})["format"]["type"] for body in sent(route)]
        assert kinds[:3] == ["json_schema", "json_object", "text"]
        assert [body.get("stream", False) for body in sent(route)] == [True] * 3 + [False] * 2


class TestOpening:
    def test_not_open_is_a_mistake_of_the_caller(self):
        """It is said, not swallowed."""
        with pytest.raises(RuntimeError, match="call open"):
            asyncio.run(OpenAIEndpoint(config()).complete(ask()))

    def test_a_closed_endpoint_opens_again(self, server):
        """Twice open is once; twice closed too."""
        server.post(CHAT).mock(return_value=ok())

        async def run():
            endpoint = OpenAIEndpoint(config())
            found = await each(endpoint, [ask()])
            await endpoint.aclose()
            endpoint.open()
            return found + await each(endpoint, [ask()])

        assert [outcome(one) for one in asyncio.run(run())] == [Outcome.OK] * 2

    @pytest.mark.parametrize("key", [None, "", "  ", "sk-\u00e9", "a\nb"])
    def test_a_remote_endpoint_needs_a_key(self, monkeypatch, key):
        """Without one, or with something that is none, it is not asked."""
        monkeypatch.delenv("SOME_KEY", raising=False)
        if key is not None:
            monkeypatch.setenv("SOME_KEY", key)
        endpoint = OpenAIEndpoint(config(base_url=None, allow_remote=True, api_key_env="SOME_KEY"))
        with pytest.raises(EndpointError, match="auth") as caught:
            endpoint.open()
        assert caught.value.outcome is Outcome.AUTH

    def test_one_on_this_machine_does_not(self, server, monkeypatch):
        """Local servers want a key in the header and do not look at it."""
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        route = server.post(CHAT).mock(return_value=ok())
        assert outcome(once()) is Outcome.OK
        assert route.calls[0].request.headers["authorization"] == "Bearer none"

    def test_without_the_library_there_is_no_endpoint(self, monkeypatch):
        """An extra that is not installed costs the wording only."""
        monkeypatch.setitem(sys.modules, "openai", None)
        with pytest.raises(EndpointError, match="unavailable") as caught:
            OpenAIEndpoint(config()).open()
        assert caught.value.outcome is Outcome.UNAVAILABLE

    def test_the_library_is_not_loaded_before(self):
        """Importing the adapter is cheap."""
        code = (
            "import sys; import report_gen.llm.openai.probe; "
            "from report_gen.llm.openai.adapter import OpenAIEndpoint as E; "
            "from report_gen.llm.config import EndpointConfig as C; E(C(model='m', base_url='http://127.0.0.1:9')); "
            "print([n for n in ('openai', 'httpx', 'httpx2') if n in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
        assert done.stdout.strip() == "[]"

    def test_addresses_from_the_environment_do_not_count(self, server, monkeypatch):
        """The library would otherwise ask wherever a variable says."""
        monkeypatch.setenv("OPENAI_BASE_URL", "http://192.0.2.1/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-invented")
        route = server.post("https://api.openai.com/v1/chat/completions").mock(return_value=ok())
        assert outcome(once(base_url=None, allow_remote=True)) is Outcome.OK
        assert route.called
        assert BASE not in str(route.calls[0].request.url)
