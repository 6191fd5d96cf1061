"""Answers that arrive in pieces: sentence by sentence, whatever the pieces are; what has come is kept."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Sequence
from typing import Any

import pytest

import report_gen.llm.openai.adapter
from report_gen.llm.client import Client
from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.openai.ladder import AnswerFormat
from report_gen.llm.openai.stream import Events, Sentences
from report_gen.llm.port import Answer, Ask, Completion, EndpointError, OfferedSentence, Outcome
from tests.llm.loopback import HEAD, Behavior, Exchange, Server, answer, event, reply, spoken, streamed
from tests.llm.mocked import ask, config, each, outcome

IDS = ("event.E1.onset", "event.E1.notification")
ROWS = [
    {"facts": [IDS[0]], "text": 'The response {t1} “was } lost”, \\ "gone" ] é.'},
    {"facts": list(IDS), "text": "The surgeon was told at {t2}."},
]
TEXT = json.dumps({"sentences": ROWS}, ensure_ascii=False)
SAID = tuple(OfferedSentence(tuple(row["facts"]), str(row["text"])) for row in ROWS)


def heard(*pieces: str) -> list[OfferedSentence]:
    """What is offered of an answer that arrives in these pieces."""
    found: list[OfferedSentence] = []
    reader = Sentences(ask(), found.append)
    for piece in pieces:
        reader.feed(piece)
    return found


def then_hangs(*events: bytes) -> Behavior:
    """A server that sends these events, and nothing more."""

    def behavior(exchange: Exchange) -> None:
        exchange.send(HEAD)
        for one in events:
            exchange.send(one)
        exchange.wait(60)

    return behavior


def one(server: Server, **fields: Any) -> Completion | EndpointError:
    """The outcome of one question to a server."""
    (found,) = asyncio.run(each(OpenAIEndpoint(config(base_url=server.url, **fields)), [ask()]))
    return found


def asked(server: Server, asks: Sequence[Ask], *, deadline_s: float = 20.0, **fields: Any) -> tuple[Answer, ...]:
    """The answers of a client."""
    with Client.from_config(config(base_url=server.url, max_attempts=1, **fields)) as client:
        client.warm()
        client.ask([ask(id="first")], deadline_s=20.0)  # so that opening takes nothing of the time
        return client.ask(asks, deadline_s=deadline_s)


class TestSentences:
    """Sentences out of text that is not all there."""

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 10_000])
    def test_are_offered_in_order_whatever_the_pieces(self, size: int) -> None:
        """Braces, brackets and quotation marks within a text end nothing."""
        assert tuple(heard(*(TEXT[place : place + size] for place in range(0, len(TEXT), size)))) == SAID

    def test_each_is_offered_once_it_is_whole(self) -> None:
        """Not before, and not later."""
        end = TEXT.index("}, {") + 1
        assert heard(TEXT[: end - 1]) == []
        assert heard(TEXT[: end - 1], TEXT[end - 1 : end]) == [SAID[0]]

    @pytest.mark.parametrize(
        "before",
        ["Here it is:\n", "```json\n", "<think>\nThe side?\n</think>\n", '<think>{"sentences": [{}]}</think>', " "],
    )
    def test_are_found_where_they_stand(self, before: str) -> None:
        """After words, in a block, after thinking, drafts in which do not count."""
        assert tuple(heard(before, TEXT)) == SAID
        assert tuple(heard(*before, *TEXT)) == SAID

    def test_thinking_without_an_end_offers_nothing(self) -> None:
        """It was not meant yet."""
        assert heard("<think>", TEXT) == []

    @pytest.mark.parametrize(
        "wrong",
        [
            '{"facts": ["event.E9.onset"], "text": "A."}',
            '{"facts": [], "text": 7}',
            '{"facts": [], "facts": [], "text": "A."}',
            '{"facts": [], "text": "A.", "sure": true}',
            '{"facts": [], "text": "a\\u0000b"}',
            "7",
            "[]",
        ],
    )
    def test_what_is_wrong_ends_the_offering(self, wrong: str) -> None:
        """What came before it stands; nothing after it is taken for a sentence."""
        rows = [json.dumps(row) for row in ROWS]
        assert tuple(heard(f'{{"sentences": [{rows[0]}, {wrong}, {rows[1]}]}}')) == SAID[:1]

    def test_is_bounded(self) -> None:
        """A text without end is not kept, and as many sentences are offered as are read of a whole answer."""
        row = json.dumps(ROWS[1])
        assert len(heard('{"sentences": [', *([row + ","] * 300))) == 200
        assert heard('{"sentences": [{"facts": [], "text": "', *(["a}" * 1000] * 100), '"}') == []


class TestEvents:
    """Events put together to the body of a whole answer."""

    @pytest.mark.parametrize("size", [1, 5, 10_000])
    def test_a_chat_completion(self, size: int) -> None:
        """Whatever the pieces of the body are."""
        body = b"".join([b": alive\n\n", *spoken(TEXT), event(reason="stop"), event(usage={"a": 1}), b"data: [DONE]"])
        texts: list[str] = []
        events = Events("chat", texts.append)
        for place in range(0, len(body), size):
            events.feed(body[place : place + size])
        payload = events.payload()
        assert isinstance(payload, dict)
        assert "".join(texts) == payload["choices"][0]["message"]["content"] == TEXT
        assert (payload["model"], payload["usage"], payload["choices"][0]["finish_reason"]) == (
            "served",
            {"a": 1},
            "stop",
        )

    def test_one_that_was_cut_is_no_answer(self) -> None:
        """The end is told, or there is none."""
        events = Events("chat", lambda _: None)
        events.feed(b"".join(spoken(TEXT)))
        with pytest.raises(EndpointError, match="unavailable"):
            events.payload()

    @pytest.mark.parametrize("line", [b"data: {", b"data: \xff", b"data: " + b"[" * 100_000, b'data: {"error": "no"}'])
    def test_damage_is_an_error(self, line: bytes) -> None:
        """Nothing of it is repeated."""
        events = Events("chat", lambda _: None)
        events.feed(line + b"\n")
        assert events.error

    def test_likewise_of_responses(self) -> None:
        """Text comes in events of its own, and the whole at the end."""
        texts: list[str] = []
        events = Events("responses", texts.append)
        for body in (
            {"type": "response.output_text.delta", "delta": "a"},
            {"type": "response.completed", "response": {"status": "completed"}},
        ):
            events.feed(b"event: x\ndata: " + json.dumps(body).encode() + b"\n\n")
        assert (texts, events.payload()) == (["a"], {"status": "completed"})


class TestAnEndpointThatStreams:
    """Against a real socket."""

    def test_is_read_to_its_end(self) -> None:
        """Sentences, model and tokens are those of the answer."""
        with Server(streamed(*spoken(TEXT))) as server:
            found = one(server)
        assert isinstance(found, Completion)
        assert (found.sentences, found.model, found.tokens_in, found.tokens_out) == (SAID, "served", 10, 5)

    @pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
    def test_thinking_may_come_in_a_field_of_its_own(self, name: str) -> None:
        """It is no part of the answer, unless there is no other."""
        with Server(streamed(event({name: "Hm."}), *spoken(TEXT)), streamed(event({name: TEXT}))) as server:
            first, second = one(server), one(server)
        assert isinstance(first, Completion)
        assert isinstance(second, Completion)
        assert (first.place, second.place) == ("", "reasoning_field")
        assert first.sentences == second.sentences == SAID

    def test_one_that_does_not_stream_is_read_whole(self) -> None:
        """The parameter is a wish."""
        with Server(lambda exchange: exchange.send(_whole(answer(exchange)))) as server:
            found = one(server)
        assert isinstance(found, Completion)
        assert len(found.sentences) == 2

    def test_a_body_without_end_is_not_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As of one that is not streamed."""
        monkeypatch.setattr(report_gen.llm.openai.adapter, "MAX_BODY_BYTES", 10_000)
        with Server(streamed(*([event({"content": "a" * 100})] * 500))) as server:
            assert outcome(one(server)) is Outcome.SCHEMA

    def test_a_server_that_refuses_to_stream_is_asked_without(self) -> None:
        """Named or not: the parameter is left out, and the answer is there."""
        said = json.dumps({"error": {"message": "no", "param": "stream_options"}}).encode()
        with Server(reply("400 Bad Request", said), streamed(*spoken(TEXT), usage=False)) as server:
            endpoint = OpenAIEndpoint(config(base_url=server.url))
            (found,) = asyncio.run(each(endpoint, [ask()]))
        assert outcome(found) is Outcome.OK
        assert endpoint.shape is not None
        assert endpoint.shape.dropped == {"stream_options"}

    def test_an_error_before_the_first_word_may_be_about_the_form(self) -> None:
        """The status was sent before: the next form is tried, as after a status of 500."""
        with Server(streamed(b'data: {"error": {"message": "no"}}\n\n', ends=False), streamed(*spoken(TEXT))) as server:
            endpoint = OpenAIEndpoint(config(base_url=server.url))
            (found,) = asyncio.run(each(endpoint, [ask()]))
        assert outcome(found) is Outcome.OK
        assert endpoint.shape is not None
        assert endpoint.shape.answer_format is AnswerFormat.JSON_OBJECT_SCHEMA


class TestWhatHasCome:
    """Sentences of an answer that never came to its end."""

    def _cut(self) -> str:
        return TEXT[: TEXT.index("}, {") + 12]

    def test_stays_when_the_time_is_over(self) -> None:
        """The first sentence is whole; the second was under way."""
        with Server(streamed(*spoken(TEXT)), then_hangs(*spoken(self._cut()))) as server:
            (found,) = asked(server, [ask()], deadline_s=1.5)
        assert found.outcome is Outcome.PARTIAL
        assert found.completion is not None
        assert found.completion.sentences == SAID[:1]
        assert [attempt.outcome for attempt in found.attempts] == [Outcome.TIMEOUT]

    def test_stays_when_the_connection_breaks(self) -> None:
        """Or the answer is cut off at its cap."""
        cut = streamed(*spoken(self._cut()), ends=False)
        capped = streamed(*spoken(self._cut()), event(reason="length"), ends=False)
        with Server(streamed(*spoken(TEXT)), cut, capped) as server:
            found = asked(server, [ask(id="a"), ask(id="b")], parallel=1)
        assert [row.outcome for row in found] == [Outcome.PARTIAL, Outcome.PARTIAL]
        assert {row.completion.sentences for row in found if row.completion} == {SAID[:1]}

    def test_does_not_stay_of_an_answer_that_was_withheld(self) -> None:
        """A filter has its reasons, and what is out of form is believed in no part."""
        withheld = streamed(*spoken(self._cut()), event(reason="content_filter"), ends=False)
        formless = streamed(*spoken(self._cut()), event(reason="stop"), ends=False)
        with Server(streamed(*spoken(TEXT)), withheld, formless) as server:
            found = asked(server, [ask(id="a"), ask(id="b")], parallel=1)
        assert [row.outcome for row in found] == [Outcome.FILTERED, Outcome.INVALID_JSON]
        assert not any(row.completion for row in found)


class TestTheForm:
    """What form of question a server takes is found once."""

    def test_is_found_by_the_first_of_many(self) -> None:
        """Ten questions at once, a server that knows no schema: one refusal, not ten."""
        refused, lock = [0], threading.Lock()

        def picky(exchange: Exchange) -> None:
            if exchange.body.get("response_format", {}).get("type") == "json_schema":
                with lock:
                    refused[0] += 1
                exchange.wait(0.1)
                reply("400 Bad Request", b'{"error": {"message": "no", "param": "response_format"}}')(exchange)
            else:
                streamed(*spoken(TEXT))(exchange)

        with Server(picky) as server, Client.from_config(config(base_url=server.url, parallel=10)) as client:
            found = client.ask([ask(id=f"q{number}") for number in range(10)], deadline_s=20.0)
        assert {row.outcome for row in found} == {Outcome.OK}
        assert refused == [1]

    def test_is_known_before_the_first_answer_is_whole(self) -> None:
        """The others wait for the first word at most, not for the last."""

        def slow(exchange: Exchange) -> None:
            first, *others = spoken(TEXT)
            exchange.send(HEAD + first)
            exchange.wait(3)
            exchange.send(b"".join(others) + event(reason="stop"))

        with (
            Server(slow, streamed(*spoken(TEXT))) as server,
            Client.from_config(config(base_url=server.url, parallel=4)) as client,
        ):
            found = client.ask([ask(id=f"q{number}") for number in range(4)], deadline_s=20.0)
        began = [row.attempts[0] for row in found]
        assert {row.outcome for row in found} == {Outcome.OK}
        assert max(attempt.wall_s for attempt in began[1:]) < 2.5 < began[0].wall_s


def _whole(body: bytes) -> bytes:
    """A response that is not streamed."""
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
