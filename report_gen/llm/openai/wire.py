"""What goes over the wire: the JSON Schema of an answer, and the strict reading of what comes back.

The schema keeps to the few keywords that every server takes; a server that takes it need not enforce it. So the answer
is checked again here, by hand, and nothing of it is believed beyond its form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from report_gen.llm.openai.standing import message_text, only_thought, standing, unique_members
from report_gen.llm.port import Ask, EndpointError, OfferedSentence, Outcome, Place

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "MAX_SENTENCES",
    "lint",
    "loaded",
    "parse",
    "read_chat",
    "read_responses",
    "schema",
    "sentence",
]

MAX_BYTES: Final = 64 * 1024
"""Longest answer that is read, in bytes of UTF-8."""
MAX_SENTENCES: Final = 200
"""Most sentences in an answer."""
MAX_CHARACTERS: Final = 1000
"""Longest sentence, in characters."""

_MAX_DEPTH: Final = 4
_FORBIDDEN: Final = re.compile("[\x00\ud800-\udfff]")
_KEYWORDS: Final[Mapping[str, frozenset[str]]] = {
    "object": frozenset({"type", "properties", "required", "additionalProperties"}),
    "array": frozenset({"type", "items"}),
    "string": frozenset({"type", "enum"}),
}


def schema(ask: Ask) -> dict[str, Any]:
    """The JSON Schema of an answer to a question: its fact ids, and no others, may be named.

    Raises:
        ValueError: The question has no fact ids; an empty choice is no schema.
    """
    if not ask.fact_ids:
        raise ValueError("a question needs at least one fact id")
    ids = list(dict.fromkeys(ask.fact_ids))
    row = _object({"facts": {"type": "array", "items": {"type": "string", "enum": ids}}, "text": {"type": "string"}})
    return _object({"sentences": {"type": "array", "items": row}})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def lint(root: object) -> tuple[str, ...]:
    """Parts of a schema that some server refuses or fails on; empty when every server takes it.

    Args:
        root: The schema as a JSON value.
    """
    return tuple(_lint(root, "#", 0))


def _lint(node: object, place: str, depth: int) -> list[str]:
    if not isinstance(node, dict):
        return [f"{place}: not an object"]
    kind = node.get("type")
    if not isinstance(kind, str) or kind not in _KEYWORDS:
        return [f"{place}: type is not one of {', '.join(_KEYWORDS)}"]
    faults = [f"{place}: keyword {keyword}" for keyword in node if keyword not in _KEYWORDS[kind]]
    deeper = depth + (kind != "string")
    if deeper > _MAX_DEPTH:
        return [*faults, f"{place}: deeper than {_MAX_DEPTH}"]
    if kind == "object":
        return faults + _lint_object(node, place, deeper)
    if kind == "array":
        return faults + _lint(node.get("items"), f"{place}/items", deeper)
    return faults + _lint_enum(node, place)


def _lint_object(node: Mapping[str, Any], place: str, depth: int) -> list[str]:
    properties = node.get("properties")
    if not isinstance(properties, dict) or not properties:
        return [f"{place}: no properties"]
    faults = []
    if node.get("required") != list(properties):
        faults.append(f"{place}: not every property is required")
    if node.get("additionalProperties") is not False:
        faults.append(f"{place}: additionalProperties is not false")
    for name, part in properties.items():
        faults += _lint(part, f"{place}/properties/{name}", depth)
    return faults


def _lint_enum(node: Mapping[str, Any], place: str) -> list[str]:
    if "enum" not in node:
        return []
    values = node["enum"]
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        return [f"{place}: enum is not a list of strings with at least one"]
    return [f"{place}: enum repeats a value"] if len(set(values)) < len(values) else []


def parse(text: str, ask: Ask, *, found: bool = False) -> tuple[OfferedSentence, ...]:
    """The sentences of an answer that is in form; whether they are true is for others to find.

    A sentence without a fact id, an empty one, and an answer without sentences are in form.

    Args:
        text: The answer.
        ask: The question.
        found: Whether the JSON may stand after the model's thinking, in one Markdown code block, or among words.

    Raises:
        EndpointError: `invalid_json` when it is no JSON, or JSON with a repeated key; `schema` when it has another
            shape than asked for, names an unknown id, is too large, or holds what no text may (lone surrogates, NUL).
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise EndpointError(Outcome.SCHEMA)
    answer = loaded(standing(text)[0] if found else text)
    if not isinstance(answer, dict) or set(answer) != {"sentences"}:
        raise EndpointError(Outcome.SCHEMA)
    entries = answer["sentences"]
    if not isinstance(entries, list) or len(entries) > MAX_SENTENCES:
        raise EndpointError(Outcome.SCHEMA)
    ids = frozenset(ask.fact_ids)
    return tuple(sentence(entry, ids) for entry in entries)


def sentence(entry: object, ids: frozenset[str]) -> OfferedSentence:
    """One sentence of an answer.

    Args:
        entry: Its JSON value.
        ids: Ids that it may name.

    Raises:
        EndpointError: `schema`: it has another shape, names another id, is too long, or holds what no text may.
    """
    if not isinstance(entry, dict) or set(entry) != {"facts", "text"}:
        raise EndpointError(Outcome.SCHEMA)
    facts, text = entry["facts"], entry["text"]
    if not isinstance(facts, list) or not all(isinstance(fact, str) and fact in ids for fact in facts):
        raise EndpointError(Outcome.SCHEMA)
    if not isinstance(text, str) or len(text) > MAX_CHARACTERS or _FORBIDDEN.search(text):
        raise EndpointError(Outcome.SCHEMA)
    return OfferedSentence(facts=tuple(facts), text=text)


def loaded(data: str | bytes) -> object:
    """The JSON value in `data`.

    Raises:
        EndpointError: `invalid_json`: it is no JSON, or JSON that readers would understand differently (a repeated
            key, NaN), or nested beyond measure.
    """
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        value: object = json.loads(text, object_pairs_hook=unique_members, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        value = _BROKEN
    # Raised out here: an exception raised in the handler would hold the decoder's, which holds the whole answer.
    if value is _BROKEN:
        raise EndpointError(Outcome.INVALID_JSON)
    return value


_BROKEN: Final = object()


def _no_constant(name: str) -> object:
    raise ValueError(name)


def read_chat(payload: object) -> tuple[str, Place]:
    """The text of a chat completion that is complete, and where in the message it stands.

    Args:
        payload: The JSON value of the whole response.

    Raises:
        EndpointError: It is something else, or incomplete, refused or filtered; the outcome says which.
    """
    choices = _body(payload).get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise EndpointError(Outcome.SCHEMA)
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict):
        raise EndpointError(Outcome.SCHEMA)
    if message.get("refusal"):
        raise EndpointError(Outcome.REFUSED)
    reason = choice.get("finish_reason")
    if reason != "stop":
        raise EndpointError(_unfinished(reason), cause="thinking" if only_thought(message) else "")
    return message_text(message)


def read_responses(payload: object) -> str:
    """The text of a response that is complete.

    Args:
        payload: The JSON value of the whole response.

    Raises:
        EndpointError: It is something else, or incomplete, refused or filtered; the outcome says which.
    """
    body = _body(payload)
    if body.get("status") == "incomplete":
        details = body.get("incomplete_details")
        raise EndpointError(_unfinished(details.get("reason") if isinstance(details, dict) else None))
    if body.get("status") == "failed":
        raise EndpointError(Outcome.SERVER_ERROR)
    output = body.get("output")
    if body.get("status") != "completed" or not isinstance(output, list):
        raise EndpointError(Outcome.SCHEMA)
    parts = [part for item in output for part in _parts(item)]
    if any(part.get("type") == "refusal" for part in parts):
        raise EndpointError(Outcome.REFUSED)
    texts = [_text(part.get("text")) for part in parts if part.get("type") == "output_text"]
    if not texts:
        raise EndpointError(Outcome.SCHEMA)
    return "".join(texts)


def _body(payload: object) -> dict[str, Any]:
    if not isinstance(payload, dict):
        raise EndpointError(Outcome.SCHEMA)
    if payload.get("error"):
        raise EndpointError(Outcome.SERVER_ERROR)
    return payload


def _parts(item: object) -> list[dict[str, Any]]:
    content = item.get("content") if isinstance(item, dict) and item.get("type") == "message" else None
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []


def _unfinished(reason: object) -> Outcome:
    """Outcome of an answer that was cut off; `schema` when the reason is not known."""
    if reason in ("length", "max_output_tokens"):
        return Outcome.TRUNCATED
    return Outcome.FILTERED if reason == "content_filter" else Outcome.SCHEMA


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise EndpointError(Outcome.SCHEMA)
    return value
