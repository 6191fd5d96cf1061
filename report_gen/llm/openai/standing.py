"""Finds the answer in what a model sent: after its thinking, in another field, in parts, in a code block, among words.

Nothing of it is believed for where it stands; the form is read strictly once it is found. Of two answers none is taken:
which of them would be meant is not guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeGuard

from report_gen.llm.port import EndpointError, Outcome, Place

__all__ = ["message_text", "only_thought", "standing", "thinks_aloud", "unique_members"]

_THOUGHT: Final = re.compile(r"^.*</(?:think|thinking|thought|reasoning)>", re.IGNORECASE | re.DOTALL)
_OPEN_THOUGHT: Final = re.compile(r"^\s*<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_FENCE: Final = re.compile(r"^[ \t]*```[ \t]*(?:json)?[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_BEGINNING: Final = re.compile(r'\{\s*"sentences"\s*:')
_MOST_BEGINNINGS: Final = 20
"""Places at which an answer may seem to begin; a text with more of them is not searched."""
_REASONING_FIELDS: Final = ("reasoning_content", "reasoning")


def message_text(message: Mapping[str, Any]) -> tuple[str, Place]:
    """The text of a chat message that holds the answer, and where it stood.

    Args:
        message: The message: its content is a text, a list of parts, or nothing, when the answer may stand in the
            field for the model's reasoning.

    Raises:
        EndpointError: `refused`, or `schema` when there is no text; its cause says so when the model only thought.
    """
    content = message.get("content")
    place: Place = ""
    if isinstance(content, list):
        content, place = _joined(content), "parts"
    reasoning = next((message[name] for name in _REASONING_FIELDS if _is_text(message.get(name))), "")
    if _is_text(content):
        return content, place
    if _BEGINNING.search(reasoning):
        return reasoning, "reasoning_field"
    if content is None or content == "":
        raise EndpointError(Outcome.SCHEMA, cause="thinking" if reasoning else "")
    raise EndpointError(Outcome.SCHEMA)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip())


def _joined(parts: Sequence[object]) -> str | None:
    """The texts of content parts; None when a part is no text and no reasoning."""
    texts: list[str] = []
    for part in parts:
        if not isinstance(part, dict):
            return None
        if part.get("type") == "refusal":
            raise EndpointError(Outcome.REFUSED)
        if part.get("type") in ("text", "output_text"):
            text = part.get("text")
            if not isinstance(text, str):
                return None
            texts.append(text)
    return "".join(texts)


def only_thought(message: Mapping[str, Any]) -> bool:
    """Whether a chat message holds a model's thinking and nothing after it."""
    content = message.get("content")
    if _is_text(content):
        return _OPEN_THOUGHT.match(content) is not None and _THOUGHT.match(content) is None
    return any(_is_text(message.get(name)) for name in _REASONING_FIELDS)


def thinks_aloud(text: str) -> bool:
    """Whether a text begins with a model's thinking, or holds the end of it."""
    return bool(_OPEN_THOUGHT.match(text) or _THOUGHT.match(text))


def standing(text: str) -> tuple[str, Place]:
    """The part of a text that is the answer, and where it stands.

    Args:
        text: The text. One that begins with JSON is the answer as it is; where no one answer is found, it is given back
            as it is too, and its reader will refuse it.
    """
    thought = _THOUGHT.match(text)
    if thought is None and _OPEN_THOUGHT.match(text):
        return text, ""  # still thinking: what stands in it was not meant yet
    rest = text[thought.end() :] if thought else text
    place: Place = "after_thinking" if thought else ""
    if rest.lstrip().startswith("{") and _is_json(rest):
        return rest, place
    marks = list(_FENCE.finditer(rest))
    if len(marks) == 2 and not rest.lstrip().startswith("{"):
        return rest[marks[0].end() : marks[1].start()], place or "block"
    found = _among_words(rest)
    return (found, place or "words") if found else (rest, place)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _among_words(text: str) -> str:
    """The one answer in a text; empty where there is none, or more than one."""
    beginnings = list(_BEGINNING.finditer(text))
    if not 0 < len(beginnings) <= _MOST_BEGINNINGS:
        return ""
    found: list[str] = []
    end = 0
    for beginning in beginnings:
        if beginning.start() < end:
            continue  # within the one before: a text that quotes
        try:
            _, end = json.JSONDecoder().raw_decode(text, beginning.start())
        except (ValueError, RecursionError):
            return ""
        found.append(text[beginning.start() : end])
    return found[0] if len(found) == 1 else ""


def unique_members(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """The members of a JSON object.

    Raises:
        ValueError: A key is repeated; readers would understand it differently.
    """
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("repeated key")
    return members
