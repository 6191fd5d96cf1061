"""An endpoint whose HTTP library is mocked, for either major version of `openai`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import httpx
import openai
import respx

from report_gen.llm.config import EndpointConfig
from report_gen.llm.openai.adapter import OpenAIEndpoint
from report_gen.llm.port import Ask, Completion, EndpointError, Outcome

MAJOR = int(openai.VERSION.split(".")[0])
MOCKER = "httpcore2" if MAJOR >= 3 else "httpcore"
"""Name of the mocker: respx has the first only with pytest-httpx2 loaded."""

BASE = "http://127.0.0.1:9/v1"
CHAT = f"{BASE}/chat/completions"
RESPONSES = f"{BASE}/responses"
SENTENCES = {"sentences": [{"facts": ["event.E1.onset"], "text": "An alert began at {t1}."}]}


def ask(**fields: Any) -> Ask:
    """A question with an invented fact."""
    whole = {
        "id": "event-E1",
        "system": "Word the facts.",
        "user": 'FACTS:\n{"facts":[{"id":"event.E1.onset"}]}',
        "fact_ids": ("event.E1.onset", "event.E1.notification"),
        "max_output_tokens": 120,
        **fields,
    }
    return Ask(**whole)


def chat(content: Any = None, *, reason: Any = "stop", **fields: Any) -> dict[str, Any]:
    """A chat completion as a server sends it; `content` is the answer, sentences in form unless given."""
    text = json.dumps(SENTENCES) if content is None else content
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return {"id": "c-1", "object": "chat.completion", "created": 1, "model": "served", "choices": [choice], **fields}


def response(text: Any = None, *, status: str = "completed", **fields: Any) -> dict[str, Any]:
    """The same of the responses interface."""
    said = json.dumps(SENTENCES) if text is None else text
    part = {"type": "output_text", "text": said, "annotations": []}
    output = [{"type": "reasoning", "summary": []}, {"type": "message", "role": "assistant", "content": [part]}]
    return {"id": "r-1", "object": "response", "model": "served", "status": status, "output": output, **fields}


def ok(content: Any = None, **fields: Any) -> httpx.Response:
    """HTTP 200 with a chat completion."""
    return httpx.Response(200, json=chat(content, **fields))


def refusal(status: int = 400, *, param: str | None = None, code: str | None = None, **headers: str) -> httpx.Response:
    """An error as OpenAI words it."""
    error = {"message": "no", "type": "invalid_request_error", "param": param, "code": code}
    return httpx.Response(status, json={"error": error}, headers=headers)


def config(**fields: Any) -> EndpointConfig:
    """A configuration for the mocked endpoint."""
    return EndpointConfig(**{"model": "asked", "base_url": BASE, **fields})


async def each(endpoint: OpenAIEndpoint, asks: Sequence[Ask]) -> list[Completion | EndpointError]:
    """The outcomes of questions, one after another; opens and closes the endpoint."""
    endpoint.open()
    found: list[Completion | EndpointError] = []
    try:
        for one in asks:
            try:
                found.append(await endpoint.complete(one))
            except EndpointError as error:
                found.append(error)
    finally:
        await endpoint.aclose()
    return found


def once(**fields: Any) -> Completion | EndpointError:
    """The outcome of one question to an endpoint of the given configuration."""
    (found,) = asyncio.run(each(OpenAIEndpoint(config(**fields)), [ask()]))
    return found


def outcome(found: Completion | EndpointError) -> Outcome:
    """What became of it."""
    return Outcome.OK if isinstance(found, Completion) else found.outcome


def sent(route: respx.Route) -> list[dict[str, Any]]:
    """The bodies of the requests that a route has seen."""
    return [json.loads(call.request.content) for call in route.calls]
