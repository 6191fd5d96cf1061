"""Forms of asking an endpoint, from the strictest that servers know down to the one that all of them take."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Literal

from report_gen.llm.config import EndpointConfig
from report_gen.llm.openai.wire import schema
from report_gen.llm.port import Ask

__all__ = ["MAX_STEPS", "AnswerFormat", "FormatRefusal", "Shape", "answer_formats", "body", "first_shape", "next_shape"]

MAX_STEPS: Final = 10
"""Calls that one question may spend on finding the form."""


class AnswerFormat(StrEnum):
    """How a request asks for the form of its answer."""

    JSON_SCHEMA = "json_schema"
    """A schema that the server promises to keep."""
    JSON_OBJECT_SCHEMA = "json_object_schema"
    """JSON, with the schema as an extension that llama-cpp-python knows."""
    JSON_OBJECT = "json_object"
    """JSON of any form; the schema stands in the message."""
    TEXT = "text"
    """Plain text; schema and code block are asked for in the message."""


Cap = Literal["max_completion_tokens", "max_tokens"]

_OTHER_CAP: Final[dict[Cap, Cap]] = {
    "max_completion_tokens": "max_tokens",
    "max_tokens": "max_completion_tokens",
}
_AUTO: Final = "auto"
_OPTIONAL: Final = ("reasoning_effort", "service_tier", "temperature")
_STREAM: Final = "stream"
_STREAMING: Final = (_STREAM, "stream_options")
_ALIASES: Final = {"reasoning": "reasoning_effort", "text": "response_format", "max_output_tokens": "max_tokens"}
_REFUSED: Final = (400, 404, 422)
_BROKEN: Final = (500, 501)
_OTHER_MATTER: Final = frozenset({"model", "messages", "input", "instructions"})
_OTHER_MATTER_CODES: Final = frozenset(
    {
        "DeploymentNotFound",
        "content_filter",
        "context_length_exceeded",
        "insufficient_quota",
        "invalid_api_key",
        "model_not_found",
    }
)
_LINES: Final = {
    AnswerFormat.JSON_OBJECT_SCHEMA: "Answer with one JSON object that follows this JSON Schema: ",
    AnswerFormat.JSON_OBJECT: "Answer with one JSON object that follows this JSON Schema: ",
    AnswerFormat.TEXT: "Answer with one ```json code block that holds one JSON object and follows this JSON Schema: ",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One form of asking."""

    answer_format: AnswerFormat
    """How a request asks for the form of its answer."""
    cap: Cap
    """Name of the parameter that caps the answer. The responses interface has its own."""
    dropped: frozenset[str] = frozenset()
    """Configured parameters that are left out because the endpoint refused them."""


@dataclass(frozen=True, slots=True)
class FormatRefusal:
    """A server's refusal of a form."""

    status: int
    """HTTP status."""
    param: str = ""
    """Parameter that the server names as the cause. Empty: it names none."""
    code: str = ""
    """The server's own code for the cause. Empty: it gives none."""


def answer_formats(config: EndpointConfig) -> tuple[AnswerFormat, ...]:
    """The formats that a configuration allows, strictest first."""
    formats: dict[str, tuple[AnswerFormat, ...]] = {
        "auto": tuple(AnswerFormat),
        "json_schema": (AnswerFormat.JSON_SCHEMA,),
        "json_object": (AnswerFormat.JSON_OBJECT_SCHEMA, AnswerFormat.JSON_OBJECT),
        "text": (AnswerFormat.TEXT,),
    }
    allowed = formats[config.structured]
    if config.api == "responses":
        return tuple(answer_format for answer_format in allowed if answer_format is not AnswerFormat.JSON_OBJECT_SCHEMA)
    return allowed


def first_shape(config: EndpointConfig) -> Shape:
    """The form to begin with.

    An endpoint that is not known to be OpenAI's or Azure's is first given `max_tokens`: llama-cpp-python takes the
    newer name without a word and does not heed it, so that the answer would have no end.
    """
    cap: Cap = "max_completion_tokens" if config.hosted_by_openai else "max_tokens"
    return Shape(answer_format=answer_formats(config)[0], cap=cap if config.token_cap == _AUTO else config.token_cap)


def next_shape(tried: Sequence[Shape], refusal: FormatRefusal, config: EndpointConfig, *, proved: bool) -> Shape | None:
    """The form to try after a refusal. None: the form is not the matter, or every form was tried.

    A server that names the parameter is believed. Otherwise the formats are tried from the strictest down, then the
    same without the optional parameters, then with the other token cap.

    Args:
        tried: Forms tried for this question, in order; the last was refused.
        refusal: What the server said.
        config: The configuration.
        proved: Whether a schema has worked at this endpoint, so that a server error is only that.
    """
    last = tried[-1]
    if refusal.status in _BROKEN:
        if proved or len(tried) > 1 or last.answer_format is not AnswerFormat.JSON_SCHEMA:
            return None
        return _below(last, config)
    param = refusal.param.split(".")[0]
    param = _ALIASES.get(param, param)
    if refusal.status not in _REFUSED or param in _OTHER_MATTER or refusal.code in _OTHER_MATTER_CODES:
        return None
    if len(tried) >= MAX_STEPS:
        return None
    named = _named(last, param, config)
    if named is not None and named not in tried:
        return named
    return next((shape for shape in _unnamed(tried[0], config, refusal.status) if shape not in tried), None)


def _below(shape: Shape, config: EndpointConfig) -> Shape | None:
    allowed = answer_formats(config)
    place = allowed.index(shape.answer_format) + 1
    return replace(shape, answer_format=allowed[place]) if place < len(allowed) else None


def _named(shape: Shape, param: str, config: EndpointConfig) -> Shape | None:
    """The form without the parameter that the server named."""
    if param == "response_format":
        return _below(shape, config)
    if param in _OTHER_CAP:
        return replace(shape, cap=_OTHER_CAP[shape.cap]) if _swaps(config) else None
    if param in _STREAMING and config.stream:
        return replace(shape, dropped=shape.dropped | {param})
    if param in _sent(shape, config):
        return replace(shape, dropped=shape.dropped | {param})
    return None


def _unnamed(start: Shape, config: EndpointConfig, status: int) -> list[Shape]:
    """Forms in the order in which they are tried when the server does not say what it refuses."""
    allowed = answer_formats(config)
    down = [
        replace(start, answer_format=answer_format) for answer_format in allowed[allowed.index(start.answer_format) :]
    ]
    if status == 404:
        return down
    both_ends = [down[0], down[-1]]
    if optional := _sent(start, config):
        both_ends = [replace(shape, dropped=shape.dropped | optional) for shape in both_ends]
        down += both_ends
    if _swaps(config):
        down += [replace(shape, cap=_OTHER_CAP[shape.cap]) for shape in both_ends]
    if config.stream:
        down += [replace(shape, dropped=shape.dropped | {_STREAM}) for shape in both_ends]
    return down


def _swaps(config: EndpointConfig) -> bool:
    return config.token_cap == _AUTO and config.api == "chat"


def _sent(shape: Shape, config: EndpointConfig) -> frozenset[str]:
    return frozenset(name for name in _OPTIONAL if getattr(config, name) is not None) - shape.dropped


def body(ask: Ask, config: EndpointConfig, shape: Shape) -> dict[str, Any]:
    """The parameters of a request in the given form; the question's words are sent as they are.

    Below the strictest format a fixed line with the schema follows them.
    """
    form = schema(ask)
    line = _LINES.get(shape.answer_format)
    user = ask.user if line is None else f"{ask.user}\n\n{line}{json.dumps(form, separators=(',', ':'))}"
    sent: dict[str, Any] = {name: getattr(config, name) for name in _OPTIONAL if name in _sent(shape, config)}
    sent |= _streaming(config, shape)
    if config.api == "responses":
        return _responses_body(ask, user, config.model, sent) | _responses_format(form, shape.answer_format)
    messages = [{"role": "system", "content": ask.system}, {"role": "user", "content": user}]
    head = {"model": config.model, "messages": messages, shape.cap: ask.max_output_tokens}
    return head | sent | _chat_format(form, shape.answer_format)


def _streaming(config: EndpointConfig, shape: Shape) -> dict[str, Any]:
    """How the answer is asked for in pieces; the chat interface tells its tokens then only on request."""
    if not config.stream or _STREAM in shape.dropped:
        return {}
    if config.api == "responses" or "stream_options" in shape.dropped:
        return {_STREAM: True}
    return {_STREAM: True, "stream_options": {"include_usage": True}}


def _chat_format(form: dict[str, Any], answer_format: AnswerFormat) -> dict[str, Any]:
    if answer_format is AnswerFormat.JSON_SCHEMA:
        named = {"name": "sentences", "strict": True, "schema": form}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    if answer_format is AnswerFormat.JSON_OBJECT_SCHEMA:
        return {"response_format": {"type": "json_object", "schema": form}}
    return {"response_format": {"type": "json_object"}} if answer_format is AnswerFormat.JSON_OBJECT else {}


def _responses_body(ask: Ask, user: str, model: str, sent: dict[str, Any]) -> dict[str, Any]:
    optional = dict(sent)
    if (effort := optional.pop("reasoning_effort", None)) is not None:
        optional["reasoning"] = {"effort": effort}
    return {
        "model": model,
        "instructions": ask.system,
        "input": user,
        "max_output_tokens": ask.max_output_tokens,
        "store": False,
        **optional,
    }


def _responses_format(form: dict[str, Any], answer_format: AnswerFormat) -> dict[str, Any]:
    if answer_format is AnswerFormat.JSON_SCHEMA:
        return {"text": {"format": {"type": "json_schema", "name": "sentences", "strict": True, "schema": form}}}
    return {"text": {"format": {"type": "json_object"}}} if answer_format is AnswerFormat.JSON_OBJECT else {}
