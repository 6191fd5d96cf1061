"""The simulated endpoint: its wire, its pace, its faults."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

import bench.model.reports
import bench.model.run
import bench.model.server
from bench.model.answers import key_of
from bench.model.profiles import PROFILES, luck
from bench.model.server import Server, marked, tokens
from tests.bench.model.known import SEED, known, question


def body(stream=False, system=None, **more):
    """A request as the clients send it."""
    ask = question()
    messages = [
        {"role": "system", "content": marked(ask.system, "test", 0) if system is None else system},
        {"role": "user", "content": ask.user},
    ]
    return {"model": "asked", "messages": messages, "max_tokens": 4000, "stream": stream, **more}


def events(data):
    """The JSON of a stream's events, and whether it ended as it should."""
    rows = [row.removeprefix("data: ") for row in data.decode().split("\n\n") if row]
    return [json.loads(row) for row in rows if row != "[DONE]"], rows[-1:] == ["[DONE]"]


@asynccontextmanager
async def serving(monkeypatch, fault=None, pace=0.01):
    """A server in this process whose every call meets the fault; gives its port and itself."""
    profile = replace(PROFILES["hostile"], name="p", stalls=0.0, faults={fault: 1.0} if fault else {})
    monkeypatch.setattr(bench.model.server, "PROFILES", {"p": profile})
    server = Server(known(), SEED, pace=pace)
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1], server
    finally:
        listening.close()


async def sent(port, request, path="/p/v1/chat/completions"):
    """Head and body of the response; the connection is read to its end or to the promised length."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    data = json.dumps(request).encode()
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        names = dict(row.lower().split(": ", 1) for row in head.decode().split("\r\n")[1:] if row)
        if "content-length" in names:
            try:
                return head.decode(), await reader.readexactly(int(names["content-length"]))
            except asyncio.IncompleteReadError as error:
                return head.decode(), error
        return head.decode(), await _chunks(reader)
    finally:
        writer.close()


async def _chunks(reader):
    found = b""
    while True:
        try:
            size = int(await reader.readuntil(b"\r\n"), 16)
        except asyncio.IncompleteReadError:
            return found
        if not size:
            return found
        found += (await reader.readexactly(size + 2))[:-2]


def ran(monkeypatch, request, fault=None, **options):
    """What one request gets."""

    async def run():
        async with serving(monkeypatch, fault, **options) as (port, _):
            return await sent(port, request)

    return asyncio.run(run())


class TestServer:
    def test_streaming_and_whole_agree(self, monkeypatch):
        """The same words, the same reason for the end, the same usage."""
        _, whole = ran(monkeypatch, body())
        _, stream = ran(monkeypatch, body(stream=True))
        one = json.loads(whole)
        pieces, ended = events(stream)
        said = "".join(row["choices"][0]["delta"].get("content", "") for row in pieces if row["choices"])
        assert said == one["choices"][0]["message"]["content"]
        assert json.loads(said)["sentences"]
        assert ended
        assert len(pieces) > 4
        assert [row["choices"][0]["finish_reason"] for row in pieces if row["choices"]][-1] == "stop"
        assert pieces[-1]["usage"] == one["usage"]
        assert one["usage"]["completion_tokens"] == tokens(said)

    def test_it_takes_no_less_time_than_its_luck_says(self, monkeypatch):
        """An answer comes when its last token would have."""
        began = time.perf_counter()
        _, data = ran(monkeypatch, body(), pace=0.05)
        took = time.perf_counter() - began
        profile = bench.model.server.PROFILES["p"]
        met = luck(profile, SEED, 0, key_of(question().user), 0)
        out = json.loads(data)["usage"]["completion_tokens"]
        assert took >= 0.05 * (met.first_token_s + out / met.tokens_per_s)

    def test_a_cap_cuts(self, monkeypatch):
        """With the reason that endpoints give."""
        _, data = ran(monkeypatch, body(max_tokens=20))
        choice = json.loads(data)["choices"][0]
        assert choice["finish_reason"] == "length"
        assert tokens(choice["message"]["content"]) <= 20

    def test_a_form_that_is_none_is_refused(self, monkeypatch):
        """And one that is asked for strictly is taken."""
        named = {"name": "s", "strict": True, "schema": {"type": "object", "properties": {}}}
        head, _ = ran(monkeypatch, body(response_format={"type": "json_schema", "json_schema": named}))
        assert head.startswith("HTTP/1.1 200 ")
        head, _ = ran(monkeypatch, body(response_format={"type": "yaml"}))
        assert head.startswith("HTTP/1.1 400 ")

    def test_429(self, monkeypatch):
        """It says when to come again."""
        head, _ = ran(monkeypatch, body(), "rate_limited")
        assert head.startswith("HTTP/1.1 429 ")
        assert "\r\nRetry-After: 1\r\n" in head

    def test_500(self, monkeypatch):
        """A fault of its own."""
        assert ran(monkeypatch, body(), "server_error")[0].startswith("HTTP/1.1 500 ")

    def test_a_hang_ends_without_a_byte(self, monkeypatch):
        """The connection is closed in the end."""
        with pytest.raises(asyncio.IncompleteReadError) as caught:
            ran(monkeypatch, body(), "hang")
        assert caught.value.partial == b""

    def test_a_reset(self, monkeypatch):
        """The connection breaks."""
        with pytest.raises(ConnectionResetError, match="reset by peer"):
            ran(monkeypatch, body(), "reset")

    def test_slow_is_good_and_late(self, monkeypatch):
        """By 5 s at least, here a hundredth of that."""
        began = time.perf_counter()
        _, data = ran(monkeypatch, body(), "slow")
        assert time.perf_counter() - began >= 0.05
        assert json.loads(data)["choices"][0]["finish_reason"] == "stop"

    def test_a_broken_body_is_no_json(self, monkeypatch):
        """Though it is all that was promised."""
        head, data = ran(monkeypatch, body(), "broken")
        assert head.startswith("HTTP/1.1 200 ")
        with pytest.raises(json.JSONDecodeError, match="Unterminated string"):
            json.loads(data)

    def test_an_empty_body(self, monkeypatch):
        """A good status and nothing else."""
        head, data = ran(monkeypatch, body(), "empty")
        assert (head.startswith("HTTP/1.1 200 "), data) == (True, b"")

    def test_a_truncated_body(self, monkeypatch):
        """Less than was promised, and the connection ends."""
        _, data = ran(monkeypatch, body(), "truncated")
        assert isinstance(data, asyncio.IncompleteReadError)
        assert 0 < len(data.partial) < data.expected

    @pytest.mark.parametrize("fault", ["broken", "truncated", "empty"])
    def test_a_stream_that_breaks_has_no_end_of_an_answer(self, monkeypatch, fault):
        """No reason for its end, whatever else comes."""
        _, data = ran(monkeypatch, body(stream=True), fault)
        assert b'"finish_reason": "stop"' not in data

    def test_a_question_without_a_mark_meets_no_fault(self, monkeypatch):
        """It is the one that opens a client."""
        head, _ = ran(monkeypatch, body(system=question().system), "server_error")
        assert head.startswith("HTTP/1.1 200 ")

    def test_the_mark_costs_no_tokens(self, monkeypatch):
        """It is the bench's, not the program's."""
        _, one = ran(monkeypatch, body())
        _, other = ran(monkeypatch, body(system=question().system))
        assert json.loads(one)["usage"]["prompt_tokens"] == json.loads(other)["usage"]["prompt_tokens"]

    def test_each_attempt_has_its_own_luck(self, monkeypatch):
        """And the ledger knows of each."""

        async def run():
            async with serving(monkeypatch) as (port, server):
                for _ in range(3):
                    await sent(port, body())
                return server._asked, server._ledger()

        asked, ledger = asyncio.run(run())
        assert list(asked.values()) == [3]
        assert [(row["run"], row["report"], row["calls"], row["cancelled"]) for row in ledger] == [("test", 0, 3, 0)]

    def test_a_call_that_is_hung_up_on_is_paid_for(self, monkeypatch):
        """Its input, and its output as far as it was."""

        async def run():
            async with serving(monkeypatch, pace=10.0) as (port, server):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                data = json.dumps(body()).encode()
                head = f"POST /p/v1/chat/completions HTTP/1.1\r\nContent-Length: {len(data)}\r\n\r\n"
                writer.write(head.encode() + data)
                await writer.drain()
                while not server._uses:
                    await asyncio.sleep(0.01)
                writer.close()
                while not (row := server._ledger()[0])["cancelled"]:
                    await asyncio.sleep(0.01)
                return row

        row = asyncio.run(run())
        whole = tokens(question().system) + tokens(question().user)
        assert (row["calls"], row["cancelled"], row["tokens_in"], row["tokens_out"]) == (1, 1, whole, 0)
