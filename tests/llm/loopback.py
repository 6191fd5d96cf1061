"""A small server on 127.0.0.1 that speaks as much of the chat interface as a test needs, and goes wrong in each way.

Mocks of an HTTP library cannot do this: they know no socket that hangs, dribbles or breaks.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the connection it came by."""

    connection: socket.socket
    body: dict[str, Any]
    over: threading.Event
    """Set when the server stops."""

    def send(self, data: bytes) -> None:
        """Send some bytes now."""
        self.connection.sendall(data)

    def wait(self, seconds: float) -> None:
        """Let time pass, unless the server stops."""
        self.over.wait(seconds)


Behavior = Callable[[Exchange], None]


def answer(exchange: Exchange) -> bytes:
    """A good chat completion for the question, as JSON: one sentence for each id that its schema or facts name."""
    sentences = [{"facts": [fact_id], "text": f"Fact {fact_id}."} for fact_id in _ids(exchange.body)]
    message = {"role": "assistant", "content": json.dumps({"sentences": sentences})}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    whole = {"id": "c-1", "object": "chat.completion", "created": 1, "model": "served", "choices": [choice]}
    return json.dumps({**whole, "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}}).encode()


def _ids(node: Any) -> list[str]:
    """The first enum anywhere in a request: the ids that an answer may name."""
    if isinstance(node, dict):
        if isinstance(node.get("enum"), list):
            return [str(value) for value in node["enum"]]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            if found := _ids(child):
                return found
    return []


def _head(status: str, length: int | None, *more: str) -> bytes:
    sized = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    lines = (f"HTTP/1.1 {status}", "Content-Type: application/json", sized, "Connection: close", *more)
    return "\r\n".join((*lines, "", "")).encode()


def reply(status: str, body: bytes, *more: str) -> Behavior:
    """A whole response."""
    return lambda exchange: exchange.send(_head(status, len(body), *more) + body)


def good(exchange: Exchange) -> None:
    """The answer, at once."""
    body = answer(exchange)
    exchange.send(_head("200 OK", len(body)) + body)


def slow_first_byte(exchange: Exchange) -> None:
    """The answer, a little later."""
    exchange.wait(0.15)
    good(exchange)


def hang_before_headers(exchange: Exchange) -> None:
    """Takes the question and says nothing."""
    exchange.wait(60)


def hang_in_body(exchange: Exchange) -> None:
    """Half an answer, and then nothing."""
    body = answer(exchange)
    exchange.send(_head("200 OK", len(body)) + body[: len(body) // 2])
    exchange.wait(60)


def dribble(exchange: Exchange) -> None:
    """A byte every 50 ms: no single read takes long."""
    body = answer(exchange)
    exchange.send(_head("200 OK", len(body)))
    for byte in body:
        exchange.send(bytes((byte,)))
        exchange.wait(0.05)


def reset(exchange: Exchange) -> None:
    """Breaks the connection with RST."""
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang_up(exchange: Exchange) -> None:
    """Closes the connection without a word."""


def truncated(exchange: Exchange) -> None:
    """Promises more than it sends."""
    body = answer(exchange)
    exchange.send(_head("200 OK", len(body)) + body[:-20])


def cut_stream(exchange: Exchange) -> None:
    """One chunk of several, and the connection ends."""
    body = answer(exchange)[:40]
    exchange.send(_head("200 OK", None) + f"{len(body):x}\r\n".encode() + body + b"\r\n")


rate_limited = reply("429 Too Many Requests", b'{"error": {"message": "no"}}', "Retry-After: 120")
server_error = reply("500 Internal Server Error", b"oops")
unauthorized = reply("401 Unauthorized", b'{"error": {"message": "no"}}')
empty = reply("200 OK", b"")
wrong_typed = reply("200 OK", b'{"id": 1, "choices": [{"message": {"content": 3}, "finish_reason": "stop"}]}')


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n"
"""What stands before the events of a streamed answer."""


def event(delta: dict[str, Any] | None = None, *, reason: str | None = None, **fields: Any) -> bytes:
    """An event of a chat completion."""
    choices = [{"index": 0, "delta": delta or {}, "finish_reason": reason}]
    return b"data: " + json.dumps({"id": "c-1", "model": "served", "choices": choices, **fields}).encode() + b"\n\n"


def spoken(text: str, size: int = 7) -> Iterator[bytes]:
    """The events of a text, of so many characters each."""
    for place in range(0, len(text), size):
        yield event({"content": text[place : place + size]})


def streamed(*events: bytes, usage: bool = True, ends: bool = True) -> Behavior:
    """A server that sends these events, and the end."""

    def behavior(exchange: Exchange) -> None:
        exchange.send(HEAD)
        for one in events:
            exchange.send(one)
        if ends:
            told = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
            exchange.send(event(reason="stop"))
            exchange.send(event(usage=told) if usage else b"")
            exchange.send(b"data: [DONE]\n\n")

    return behavior


class Server:
    """Answers each request with the next of the given behaviors; the last one stays."""

    def __init__(self, *behaviors: Behavior) -> None:
        self._behaviors = list(behaviors)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._threads: list[threading.Thread] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        """Its address, as a `base_url`."""
        self.requests = 0
        """Requests so far."""

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        # Closing a socket does not wake a thread that waits in accept().
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        # Who asked may have gone; that is what the tests are about.
        with connection, suppress(OSError):
            connection.settimeout(20)
            body = _read(connection)
            if body is None:
                return
            with self._lock:
                behavior = self._behaviors[min(self.requests, len(self._behaviors) - 1)]
                self.requests += 1
            behavior(Exchange(connection, body, self._over))


def _read(connection: socket.socket) -> dict[str, Any] | None:
    """The JSON of one request; None: the connection ended before."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0]) if lengths else 0
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            return None
        body += piece
    loaded = json.loads(body or b"{}")
    return loaded if isinstance(loaded, dict) else {}
