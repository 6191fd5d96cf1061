"""A loopback server that speaks OpenAI's chat interface and plays the endpoint profiles.

    python -m bench.model.server --table FILE --seed N [--pace X]

It prints its port, serves until its standard input ends, and is a process of its own: what it costs does not share an
interpreter with the clients that are measured. `POST /PROFILE/v1/chat/completions` answers whole or as a stream, paced
by the profile's tokens a second; a whole answer comes when its last token would have. `GET /ledger` tells what every
report has used, calls that were cancelled included, which no client can know.

Which report asks stands in the last line of the system message, `[bench RUN REPORT]`, for no policy can set a header
for each report through one client. The line is taken off before anything is counted. A question without it meets no
fault and no stall.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import socket
import struct
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any, Final

from bench.model.answers import Said, Table, answered, key_of, load
from bench.model.profiles import PROFILES, Luck, Profile, luck, manner

__all__ = ["CHARACTERS_PER_TOKEN", "Server", "main", "marked", "tokens"]

CHARACTERS_PER_TOKEN: Final = 3.1
"""Of these texts, as the program's own cap on answers counts them; no tokenizer is at hand offline."""
CHUNK_TOKENS: Final = 8
"""Tokens in one piece of a stream."""
RETRY_AFTER_S: Final = 1
"""What a 429 asks to wait."""

_MARK: Final = re.compile(r"\n\[bench (\S+) (\d+)\]\s*$")
_UNMARKED: Final = ("unmarked", 0)
_UNANSWERED: Final = ("rate_limited", "server_error", "hang", "reset")
_FORMATS: Final = ("text", "json_object", "json_schema")


@dataclass(slots=True)
class _Use:
    """What one report has used."""

    calls: int = 0
    cancelled: int = 0
    faults: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    """One call: what is asked, by whom, and what it meets."""

    text: str
    reason: str
    model: str
    used_in: int
    used_out: int
    stream: bool
    luck: Luck
    use: _Use

    def due_s(self, out: int) -> float:
        """Seconds until so many tokens of the answer are there."""
        late = self.luck.fault_s if self.luck.fault == "slow" else 0.0
        return late + self.luck.first_token_s + out / self.luck.tokens_per_s


class _GoneError(Exception):
    """Who asked has hung up."""


def marked(system: str, run: str, report: int) -> str:
    """A system message that says which report of which run it belongs to."""
    return f"{system}\n[bench {run} {report}]"


def tokens(text: str) -> int:
    """Tokens of a text, estimated from its characters."""
    return ceil(len(text) / CHARACTERS_PER_TOKEN)


class Server:
    """Answers, counts, and goes wrong as the profiles say."""

    def __init__(self, table: Table, seed: int, *, pace: float = 1.0) -> None:
        """Keep what it says and what time is worth.

        Args:
            table: What writers said to each question.
            seed: Where chance starts.
            pace: Factor on every time, so that a smoke run need not wait.
        """
        self._table, self._seed, self._pace = table, seed, pace
        self._asked: Counter[tuple[str, str, int, str]] = Counter()
        self._uses: dict[tuple[str, str, int], _Use] = {}

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends."""
        # Cancelled only when the server ends, which asyncio's own callback would report as a fault.
        with suppress(ConnectionError, asyncio.IncompleteReadError, _GoneError, asyncio.CancelledError):
            going = True
            while going and (request := await _read(reader)) is not None:
                going = await self._respond(*request, reader, writer)
        writer.close()

    async def _respond(
        self, line: str, body: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one request; whether the connection stays open."""
        method, path, _ = line.split(" ", 2)
        if (method, path) == ("GET", "/ledger"):
            return await _send(writer, 200, json.dumps(self._ledger()).encode())
        parts = path.strip("/").split("/")
        if method != "POST" or parts[1:] != ["v1", "chat", "completions"] or parts[0] not in PROFILES:
            return await _send(writer, 404, _error("no such path", "not_found"))
        try:
            job = self._job(PROFILES[parts[0]], json.loads(body))
        except (ValueError, LookupError, TypeError, AttributeError):
            return await _send(writer, 400, _error("a request of another form", "bad_request"))
        job.use.calls += 1
        job.use.faults += job.luck.fault is not None
        began = asyncio.get_running_loop().time()
        try:
            return await _play(job, reader, writer)
        except (_GoneError, ConnectionError):
            late = job.luck.first_token_s + (job.luck.fault_s if job.luck.fault == "slow" else 0.0)
            written = (asyncio.get_running_loop().time() - began - late) * job.luck.tokens_per_s
            job.use.cancelled += 1
            if job.luck.fault not in _UNANSWERED:
                _charge(job, min(max(int(written), 0), job.used_out))
            raise

    def _job(self, profile: Profile, asked: dict[str, Any]) -> _Job:
        _check_format(asked)
        system, user = (_content(asked, role) for role in ("system", "user"))
        found = _MARK.search(system)
        run, report = (found[1], int(found[2])) if found else _UNMARKED
        key = key_of(user)
        sentences = answered(self._table, user, lambda inner: manner(profile, self._seed, report, inner))
        text, reason = _capped(_form(sentences), asked.get("max_completion_tokens") or asked.get("max_tokens"))
        met = self._luck(profile, run, report, key)
        use = self._uses.setdefault((profile.name, run, report), _Use())
        used_in = tokens(_MARK.sub("", system)) + tokens(user)
        return _Job(text, reason, str(asked["model"]), used_in, tokens(text), bool(asked.get("stream")), met, use)

    def _luck(self, profile: Profile, run: str, report: int, key: str) -> Luck:
        if (run, report) == _UNMARKED:
            profile = replace(profile, stalls=0.0, faults={})
        before = self._asked[profile.name, run, report, key]
        self._asked[profile.name, run, report, key] += 1
        met = luck(profile, self._seed, report, key, before)
        return Luck(met.first_token_s * self._pace, met.tokens_per_s / self._pace, met.fault, met.fault_s * self._pace)

    def _ledger(self) -> list[dict[str, Any]]:
        return [
            {"profile": profile, "run": run, "report": report, **asdict(use)}
            for (profile, run, report), use in self._uses.items()
        ]


def _check_format(asked: dict[str, Any]) -> None:
    """Refuse a form of answer that is none, as a real endpoint does."""
    form = asked.get("response_format") or {"type": "text"}
    if form["type"] not in _FORMATS:
        raise ValueError(form["type"])
    if form["type"] == "json_schema":
        named = form["json_schema"]
        if not named["name"] or named["schema"]["type"] != "object" or not named["strict"]:
            raise ValueError("json_schema")


def _content(asked: dict[str, Any], role: str) -> str:
    return next(str(row["content"]) for row in asked["messages"] if row["role"] == role)


def _form(sentences: Sequence[Said]) -> str:
    rows = [{"facts": row.facts, "text": row.text} for row in sentences]
    return json.dumps({"sentences": rows}, ensure_ascii=False, separators=(",", ":"))


def _capped(text: str, cap: object) -> tuple[str, str]:
    """The text as far as the cap lets it go, and why it ended."""
    if isinstance(cap, int) and tokens(text) > cap:
        return text[: int(cap * CHARACTERS_PER_TOKEN)], "length"
    return text, "stop"


def _charge(job: _Job, out: int) -> None:
    job.use.tokens_in += job.used_in
    job.use.tokens_out += out


# --- what a call meets -----------------------------------------------------------------------------------------------


async def _play(job: _Job, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Let a call meet its luck; whether the connection stays open.

    Raises:
        _GoneError: Who asked has hung up meanwhile.
    """
    began = asyncio.get_running_loop().time()
    if job.luck.fault in _UNANSWERED:
        return await _fail(job, began, reader, writer)
    if job.stream:
        return await _stream(job, began, reader, writer)
    await _wait(reader, began + job.due_s(job.used_out))
    _charge(job, job.used_out)
    body = json.dumps(_completion(job)).encode()
    sent = {"broken": body[: len(body) // 2], "empty": b"", "truncated": body[: len(body) // 2]}
    short = job.luck.fault == "truncated"
    return await _send(writer, 200, sent.get(job.luck.fault or "", body), length=len(body) if short else None)


async def _fail(job: _Job, began: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """End a call that comes to no answer; whether the connection stays open."""
    if job.luck.fault == "hang":
        await _wait(reader, began + job.luck.fault_s)
        return False
    await _wait(reader, began + job.luck.first_token_s)
    if job.luck.fault == "rate_limited":
        return await _send(writer, 429, _error("too many", "rate_limit_exceeded"), f"Retry-After: {RETRY_AFTER_S}")
    if job.luck.fault == "server_error":
        return await _send(writer, 500, _error("a fault of its own", "server_error"))
    found = writer.get_extra_info("socket")
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # ends it with RST
    writer.transport.abort()
    return False


async def _stream(job: _Job, began: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """The answer as server-sent events, each when its tokens would be there."""
    writer.write(_head(200, None, "Content-Type: text/event-stream"))
    step = int(CHUNK_TOKENS * CHARACTERS_PER_TOKEN)
    pieces = [job.text[start : start + step] for start in range(0, len(job.text), step)]
    if job.luck.fault == "empty":
        pieces = []
    elif job.luck.fault is not None and job.luck.fault != "slow":
        pieces = pieces[: len(pieces) // 2]
    sent = ""
    for piece in pieces:
        sent += piece
        await _wait(reader, began + job.due_s(tokens(sent)))
        await _event(writer, _piece(job, {"content": piece}))
    _charge(job, tokens(sent))
    if job.luck.fault == "truncated":
        return False
    if job.luck.fault == "broken":
        await _event(writer, '{"id":')
    elif job.luck.fault != "empty":
        await _event(writer, _piece(job, {}, job.reason))
        await _event(writer, json.dumps({**_outer(job, "chat.completion.chunk"), "choices": [], "usage": _usage(job)}))
    await _event(writer, "[DONE]")
    writer.write(b"0\r\n\r\n")
    await writer.drain()
    return True


async def _wait(reader: asyncio.StreamReader, until: float) -> None:
    """Let time pass, but not for somebody who has gone."""
    left = until - asyncio.get_running_loop().time()
    if left <= 0:
        return
    # Nobody sends a second request before the answer to the first, so whatever comes is the end.
    watching = asyncio.ensure_future(reader.read(1))
    done, _ = await asyncio.wait((watching,), timeout=left)
    if done:
        watching.exception()
        raise _GoneError
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


def _outer(job: _Job, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-bench", "object": kind, "created": 1, "model": job.model}


def _usage(job: _Job) -> dict[str, int]:
    both = job.used_in + job.used_out
    return {"prompt_tokens": job.used_in, "completion_tokens": job.used_out, "total_tokens": both}


def _completion(job: _Job) -> dict[str, Any]:
    message = {"role": "assistant", "content": job.text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": job.reason}
    return {**_outer(job, "chat.completion"), "choices": [choice], "usage": _usage(job)}


def _piece(job: _Job, delta: dict[str, str], reason: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    return json.dumps({**_outer(job, "chat.completion.chunk"), "choices": [choice]})


def _error(message: str, code: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": code, "param": None, "code": code}}).encode()


# --- HTTP ------------------------------------------------------------------------------------------------------------

_REASONS: Final = {200: "OK", 400: "Bad Request", 404: "Not Found", 429: "Too Many Requests", 500: "Server Error"}


async def _read(reader: asyncio.StreamReader) -> tuple[str, bytes] | None:
    """Request line and body; None when the connection has ended."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    line, *headers = head.split("\r\n")
    named = {name.strip().lower(): value.strip() for name, _, value in (row.partition(":") for row in headers)}
    return line, await reader.readexactly(int(named.get("content-length", "0")))


def _head(status: int, length: int | None, *more: str) -> bytes:
    sized = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    return "\r\n".join((f"HTTP/1.1 {status} {_REASONS[status]}", sized, *more, "", "")).encode()


async def _send(writer: asyncio.StreamWriter, status: int, body: bytes, *more: str, length: int | None = None) -> bool:
    """A whole response; with a length that it does not have, the connection ends after it."""
    promised = len(body) if length is None else length
    writer.write(_head(status, promised, "Content-Type: application/json", *more) + body)
    await writer.drain()
    return length is None


async def _event(writer: asyncio.StreamWriter, data: str) -> None:
    event = f"data: {data}\n\n".encode()
    writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
    await writer.drain()


# --- the process -----------------------------------------------------------------------------------------------------


async def _serve(server: Server, ready: Callable[[int], None]) -> None:
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0, backlog=512)
    ready(listening.sockets[0].getsockname()[1])
    # Whoever started this may die without a word; its end of the pipe is then closed.
    await asyncio.to_thread(sys.stdin.buffer.read)
    listening.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description="Plays endpoint profiles on 127.0.0.1.")
    parser.add_argument("--table", type=Path, required=True, help="what writers said to each question, as JSON")
    parser.add_argument("--seed", type=int, required=True, help="where chance starts")
    parser.add_argument("--pace", type=float, default=1.0, help="factor on every time (default: 1)")
    arguments = parser.parse_args(argv)
    server = Server(load(arguments.table), arguments.seed, pace=arguments.pace)
    asyncio.run(_serve(server, lambda port: print(port, flush=True)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
