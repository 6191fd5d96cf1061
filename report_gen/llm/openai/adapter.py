"""Asks an OpenAI-compatible endpoint through the `openai` library; only the call itself carries the question out.

The library's versions 2 and 3 serve alike: no type of an HTTP library is used. The body is read here, from bytes, as a
damaged answer comes out of the library in a different way for each kind of damage.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, Literal

from report_gen.llm.config import OPENAI_URL, EndpointConfig
from report_gen.llm.openai.ladder import (
    AnswerFormat,
    FormatRefusal,
    Shape,
    answer_formats,
    body,
    first_shape,
    next_shape,
)
from report_gen.llm.openai.replies import answered, label, retry_after_s
from report_gen.llm.openai.stream import Events, Sentences
from report_gen.llm.openai.wire import loaded
from report_gen.llm.port import Ask, Completion, EndpointError, OfferedSentence, Outcome

__all__ = ["MAX_BODY_BYTES", "OpenAIEndpoint", "Trouble"]

MAX_BODY_BYTES: Final = 1024 * 1024
"""Longest response that is read; an answer in form is far shorter."""

Trouble = Literal["", "tls", "dns", "refused"]
"""Why there was no connection. Empty: the reason is not known, or there was one."""

_SOCKET_TIMEOUT_S: Final = 120.0
"""The caller keeps the deadline; this ends only calls that nobody waits for any more."""

_NO_KEY: Final = "none"
FORM_WAIT_S: Final = 1.0
"""Longest wait for the first question to find the form that an endpoint takes; then the others are asked as it was."""
_SDK_LOGGERS: Final = ("openai", "httpx", "httpx2", "httpcore", "httpcore2")
_DURING_CALL: ContextVar[bool] = ContextVar("report_gen.llm.openai.adapter.during_call", default=False)


class OpenAIEndpoint:
    """One endpoint, with what has been learnt of it: the form of question it takes.

    `open` first, `aclose` at the end; `complete` from one event loop. The library's loggers drop their records during
    a call of ours, because version 2 of it writes whole requests at level DEBUG. Records of other users of the library
    in the same process pass.
    """

    def __init__(self, config: EndpointConfig) -> None:
        """Keep the configuration; nothing is imported or opened yet."""
        self._config = config
        self._client: Any = None
        self._settled: Shape | None = None
        self._finding: asyncio.Event | None = None
        self._trouble: Trouble = ""
        self._filter = _DropDuringCall()

    def __repr__(self) -> str:
        """The endpoint by name, without its address."""
        return f"OpenAIEndpoint(model={self._config.model!r}, loopback={self._config.loopback})"

    @property
    def config(self) -> EndpointConfig:
        """Its configuration."""
        return self._config

    @property
    def shape(self) -> Shape | None:
        """The form of question that it has taken. None: none yet."""
        return self._settled

    @property
    def trouble(self) -> Trouble:
        """Why the last call found no connection."""
        return self._trouble

    def open(self) -> None:
        """Import the library and make the client: half a second to one and a half, blocking. Opens no connection.

        Raises:
            EndpointError: `auth` when the key's environment variable is unset or holds no key, for an endpoint that is
                not on this machine; `unavailable` when the library is not installed or cannot be used.
        """
        if self._client is not None:
            return
        key = os.environ.get(self._config.api_key_env, "").strip()
        if not key and self._config.loopback:
            key = _NO_KEY
        if not key or not key.isascii() or not key.isprintable():
            raise EndpointError(Outcome.AUTH)
        self._client = _client(self._config, key)
        for logger in _sdk_loggers():
            logger.addFilter(self._filter)

    async def aclose(self) -> None:
        """Close the connections. The endpoint can be opened again."""
        client, self._client = self._client, None
        for logger in _sdk_loggers():
            logger.removeFilter(self._filter)
        if client is not None:
            with _private():
                await client.close()

    async def complete(self, ask: Ask) -> Completion:
        """Answer a question, as `stream` does.

        Raises:
            EndpointError: There is no usable answer.
            RuntimeError: The endpoint is not open.
        """
        answer = self.stream(ask, _unheard)
        # A traceback that shows variables must not show the question.
        del ask
        return await answer

    async def stream(self, ask: Ask, heard: Callable[[OfferedSentence], None]) -> Completion:
        """Answer a question; a refused form of asking is followed by a plainer one within the call.

        Args:
            ask: The question.
            heard: Called with each sentence once it has arrived, where the endpoint answers in pieces.

        Raises:
            EndpointError: There is no usable answer. Neither it nor its traceback holds anything of the question.
            RuntimeError: The endpoint is not open.
        """
        with _private():
            answer = await self._in_form(ask, heard)
        # A traceback that shows variables must not show the question.
        del ask
        if isinstance(answer, EndpointError):
            raise answer
        return answer

    async def _in_form(self, ask: Ask, heard: Callable[[OfferedSentence], None]) -> Completion | EndpointError:
        """The answer, or what was wrong. Of the first questions, one finds the form and the others wait for it."""
        if self._settled is not None or self._config.hosted_by_openai or len(answer_formats(self._config)) == 1:
            return await self._step_down(ask, heard)
        if self._finding is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._finding.wait(), FORM_WAIT_S)
            return await self._step_down(ask, heard)
        finding = self._finding = asyncio.Event()
        try:
            return await self._step_down(ask, heard)
        finally:
            finding.set()
            self._finding = None

    async def _step_down(self, ask: Ask, heard: Callable[[OfferedSentence], None]) -> Completion | EndpointError:
        """The answer in the first form that the endpoint takes, or what was wrong with the first."""
        tried = [self._settled or first_shape(self._config)]
        first: EndpointError | None = None
        while True:
            reply = await self._call(ask, tried[-1], heard)
            if reply.refusal is None:
                return self._settle(reply, tried[-1])
            first = first or reply.failure
            proved = self._settled is not None and self._settled.answer_format is AnswerFormat.JSON_SCHEMA
            shape = next_shape(tried, reply.refusal, self._config, proved=proved)
            if shape is None:
                return _worst(first, reply.failure)
            tried.append(shape)

    def _settle(self, reply: _Reply, shape: Shape) -> Completion | EndpointError:
        """What was answered in a form, which is remembered if it was taken."""
        if reply.taken:
            self._take(shape)
        return reply.completion or reply.failure or EndpointError(Outcome.SERVER_ERROR)

    def _take(self, shape: Shape) -> None:
        """Remember a form that was taken, unless a stricter one is known to be; who waits for it may go on."""
        order = list(AnswerFormat)
        if self._settled is None or order.index(shape.answer_format) < order.index(self._settled.answer_format):
            self._settled = shape
        if self._finding is not None:
            self._finding.set()

    async def _call(self, ask: Ask, shape: Shape, heard: Callable[[OfferedSentence], None]) -> _Reply:
        """One request; what happens to it is a value, so that no exception drags the request along."""
        if self._client is None:
            raise RuntimeError("the endpoint is not open; call open() first")
        request = body(ask, self._config, shape)
        try:
            raw = await self._send(request, shape, Sentences(ask, heard))
        except Exception as error:  # noqa: BLE001 - the boundary: whatever the library raises is no answer
            self._trouble = _trouble(error)
            return _failed(error)
        self._trouble = ""
        if isinstance(raw, EndpointError):
            return _Reply(failure=raw, taken=True)
        if raw.events is not None and raw.events.error and not raw.events.begun:
            # Once a stream has begun, its status can no longer tell that the form is refused.
            failure = EndpointError(Outcome.SERVER_ERROR, status=raw.status, request_id=raw.request_id)
            return _Reply(failure=failure, refusal=FormatRefusal(500))
        try:
            payload = loaded(raw.data) if raw.events is None else raw.events.payload()
            return _Reply(completion=answered(payload, ask, self._config, request_id=raw.request_id), taken=True)
        except EndpointError as error:
            outcome, cause = error.outcome, error.cause
        failure = EndpointError(outcome, status=raw.status, request_id=raw.request_id, cause=cause)
        return _Reply(failure=failure, taken=True)

    async def _send(self, request: dict[str, Any], shape: Shape, sentences: Sentences) -> _Raw | EndpointError:
        interface = self._client.responses if self._config.api == "responses" else self._client.chat.completions
        async with interface.with_streaming_response.create(**request) as response:
            status, request_id = int(response.status_code), label(response.headers.get("x-request-id"))
            streamed = response.headers.get("content-type", "").startswith("text/event-stream")
            events = Events(self._config.api, sentences.feed) if streamed else None
            data, size = bytearray(), 0
            async for chunk in response.iter_bytes():
                size += len(chunk)
                if size > MAX_BODY_BYTES:
                    return EndpointError(Outcome.SCHEMA, status=status, request_id=request_id)
                if events is None:
                    data += chunk
                else:
                    events.feed(chunk)
                if events is None or events.begun:
                    self._take(shape)
        return _Raw(status=status, request_id=request_id, data=bytes(data), events=events)


@dataclass(frozen=True, slots=True)
class _Raw:
    """A response as it came."""

    status: int
    request_id: str
    data: bytes
    events: Events | None = None
    """What came of a streamed body, which has no `data`. None: it was not streamed."""


@dataclass(frozen=True, slots=True)
class _Reply:
    """The outcome of one request."""

    completion: Completion | None = None
    failure: EndpointError | None = None
    taken: bool = False
    """The endpoint took the form of the question, whatever the answer was worth."""
    refusal: FormatRefusal | None = None
    """It may have refused the form."""


def _unheard(_: OfferedSentence) -> None:
    """For who waits for the whole answer."""


class _DropDuringCall(logging.Filter):
    """Drops what the library logs while a call of ours runs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record passes."""
        return not _DURING_CALL.get()


@contextmanager
def _private() -> Iterator[None]:
    """Silence the library's loggers for this task inside the block."""
    token = _DURING_CALL.set(True)
    try:
        yield
    finally:
        # An abandoned call is ended by the garbage collector, which has another context.
        with suppress(ValueError):
            _DURING_CALL.reset(token)


def _sdk_loggers() -> list[logging.Logger]:
    """The loggers of the library and what it talks through; a filter on a parent does not hold for its children."""
    known = list(logging.root.manager.loggerDict)
    names = {*_SDK_LOGGERS, *(name for name in known if name.split(".")[0] in _SDK_LOGGERS)}
    return [logging.getLogger(name) for name in sorted(names)]


def _client(config: EndpointConfig, key: str) -> Any:
    """The library's client.

    Redirects are not followed, and for an endpoint on this machine the proxy variables of the environment do not count:
    either could carry the request to a machine that the configuration does not permit.
    """
    try:
        import openai

        http = openai.DefaultAsyncHttpxClient(
            follow_redirects=False, trust_env=not config.loopback, timeout=_SOCKET_TIMEOUT_S
        )
        shared: dict[str, Any] = {"api_key": key, "http_client": http, "max_retries": 0, "timeout": _SOCKET_TIMEOUT_S}
        if config.azure_api_version is not None:
            client: Any = openai.AsyncAzureOpenAI(
                azure_endpoint=config.base_url or "", api_version=config.azure_api_version, **shared
            )
        else:
            client = openai.AsyncOpenAI(base_url=config.base_url or OPENAI_URL, **shared)
        # The library imports its parts on first use, which would fall into the first deadline.
        _ = client.chat.completions if config.api == "chat" else client.responses
    except Exception:  # noqa: BLE001 - not installed, of another major version, no certificates: it cannot be used
        client = None
    if client is None:
        raise EndpointError(Outcome.UNAVAILABLE)
    return client


def _failed(error: Exception) -> _Reply:
    """An exception of the library as codes."""
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return _Reply(failure=EndpointError(_no_answer(error)))
    headers = getattr(getattr(error, "response", None), "headers", {})
    refusal = FormatRefusal(status, label(getattr(error, "param", None)), label(getattr(error, "code", None)))
    failure = EndpointError(
        _outcome(refusal),
        status=status,
        request_id=label(headers.get("x-request-id")),
        retry_after_s=retry_after_s(headers),
    )
    return _Reply(failure=failure, refusal=refusal)


def _outcome(refusal: FormatRefusal) -> Outcome:
    if refusal.code == "content_filter":
        return Outcome.FILTERED
    fixed = {401: Outcome.AUTH, 403: Outcome.AUTH, 408: Outcome.TIMEOUT, 429: Outcome.RATE_LIMITED}
    # 409 and 425 ask for a later attempt, as an overload does.
    later = refusal.status >= 500 or refusal.status in (409, 425)
    return fixed.get(refusal.status, Outcome.SERVER_ERROR if later else Outcome.BAD_REQUEST)


def _no_answer(error: Exception) -> Outcome:
    """The outcome of a call that got no HTTP status.

    While the body is read the HTTP library's own exceptions come through. There are two such libraries, so their
    classes are known by name.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError"}:
        return Outcome.TIMEOUT
    if names & {"DecodingError", "APIResponseValidationError", "JSONDecodeError"}:
        return Outcome.INVALID_JSON
    return Outcome.BAD_REQUEST if isinstance(error, UnicodeError) else Outcome.UNAVAILABLE


def _trouble(error: BaseException) -> Trouble:
    """Why there was no connection: the library wraps the reason several times."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        cause = pending.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        if isinstance(cause, ssl.SSLError):
            return "tls"
        if isinstance(cause, socket.gaierror):
            return "dns"
        if isinstance(cause, ConnectionRefusedError):
            return "refused"
        pending += [cause.__cause__, cause.__context__, *getattr(cause, "exceptions", ())]
    return ""


def _worst(first: EndpointError | None, last: EndpointError | None) -> EndpointError:
    """The failure to report when no form was taken: the last when it is about another matter, else the first."""
    if last is not None and last.outcome is not Outcome.BAD_REQUEST:
        return last
    return first or last or EndpointError(Outcome.BAD_REQUEST)
