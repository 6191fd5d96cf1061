"""Reads an answer while it arrives: events of a stream, and in them sentence after sentence.

A sentence is offered as soon as its object is closed and in form; what is wrong ends the offering and nothing else:
the whole answer is read strictly at the end, if it comes. All sizes are bounded: the caller bounds the bytes, and a
sentence is as long as the reader of whole answers allows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from report_gen.llm.openai.standing import thinks_aloud, unique_members
from report_gen.llm.openai.wire import MAX_BYTES, MAX_SENTENCES, sentence
from report_gen.llm.port import Ask, EndpointError, OfferedSentence, Outcome

__all__ = ["Events", "Sentences"]

_LIST_BEGINS: Final = re.compile(r'\{\s*"sentences"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")
_THOUGHT_ENDS: Final = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_DONE: Final = "[DONE]"


class Sentences:
    """The sentences of an answer whose text arrives in pieces."""

    def __init__(self, ask: Ask, heard: Callable[[OfferedSentence], None]) -> None:
        """Begin with nothing.

        Args:
            ask: The question.
            heard: Called with each sentence, in order.
        """
        self._ids = frozenset(ask.fact_ids)
        self._heard = heard
        self._text = ""
        self._count = 0
        self._within = False
        self._over = False

    def feed(self, piece: str) -> None:
        """Take the next piece of text."""
        if self._over:
            return
        self._text += piece
        self._over = len(self._text) > MAX_BYTES
        # Only these marks end thinking, begin the list or end a sentence: other pieces are not worth a look.
        if not self._within and (">" in piece or "[" in piece):
            self._begin()
        elif self._within and ("}" in piece or "]" in piece):
            self._offer()

    def _begin(self) -> None:
        """Find the beginning of the list, after the model's thinking."""
        if (ends := _THOUGHT_ENDS.search(self._text)) is not None:
            self._text = self._text[ends.end() :]
        elif thinks_aloud(self._text):  # what stands in it is not meant yet
            return
        begins = _LIST_BEGINS.search(self._text)
        if begins is not None:
            self._text = self._text[begins.end() :]
            self._within = True
            self._offer()

    def _offer(self) -> None:
        """Offer every sentence that is whole."""
        decoder = json.JSONDecoder(object_pairs_hook=unique_members)
        while not self._over:
            between = _BETWEEN.match(self._text)
            place = between.end() if between else 0
            if not self._text.startswith("{", place):
                self._over = place < len(self._text)
                return
            try:
                entry, end = decoder.raw_decode(self._text, place)
            except (ValueError, RecursionError):
                return  # not whole yet, or never
            self._text = self._text[end:]
            self._count += 1
            try:
                found = sentence(entry, self._ids)
            except EndpointError:
                self._over = True
                return
            self._over = self._count >= MAX_SENTENCES
            self._heard(found)


class Events:
    """The events of a streamed answer, of which the body of a whole one is made at the end."""

    def __init__(self, api: str, text: Callable[[str], None]) -> None:
        """Begin with nothing.

        Args:
            api: Interface that was asked: `chat` or `responses`.
            text: Called with each piece of the answer's text.
        """
        self._api = api
        self._text = text
        self._rest = b""
        self._fields: dict[str, Any] = {}
        self._content: list[str] = []
        self._reasoning: list[str] = []
        self._refusal = ""
        self._reason: object = None
        self._whole: object = None
        self._error: object = None

    @property
    def begun(self) -> bool:
        """Whether anything of an answer has come."""
        return bool(self._content or self._reasoning or self._refusal or self._whole is not None)

    @property
    def error(self) -> bool:
        """Whether the stream told of an error."""
        return self._error is not None

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._line(line)

    def payload(self) -> object:
        """The body that a server that does not stream would have sent.

        Raises:
            EndpointError: `unavailable`: the stream ended before the answer did.
        """
        self._line(self._rest)
        self._rest = b""
        if self._error is not None:
            return {"error": self._error}
        if self._api == "responses":
            if self._whole is None:
                raise EndpointError(Outcome.UNAVAILABLE)
            return self._whole
        if self._reason is None:
            raise EndpointError(Outcome.UNAVAILABLE)
        message = {
            "role": "assistant",
            "content": "".join(self._content) or None,
            "reasoning_content": "".join(self._reasoning) or None,
            "refusal": self._refusal or None,
        }
        return {**self._fields, "choices": [{"index": 0, "message": message, "finish_reason": self._reason}]}

    def _line(self, line: bytes) -> None:
        if not line.startswith(b"data:"):
            return  # names of events, comments that keep the connection alive, empty lines
        try:
            said = line[5:].decode("utf-8").strip()
            event = None if said in ("", _DONE) else json.loads(said)
        except (ValueError, RecursionError):
            self._error = self._error or "damaged"
            return
        if isinstance(event, dict):
            self._responses_event(event) if self._api == "responses" else self._chat_event(event)

    def _chat_event(self, event: Mapping[str, Any]) -> None:
        if event.get("error"):
            self._error = event["error"]
            return
        for name in ("id", "model", "service_tier", "usage"):
            if event.get(name) is not None:
                self._fields[name] = event[name]
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        delta = choice.get("delta")
        if isinstance(delta, dict):
            self._delta(delta)
        if choice.get("finish_reason") is not None:
            self._reason = choice["finish_reason"]

    def _delta(self, delta: Mapping[str, Any]) -> None:
        for piece in _texts(delta.get("content")):
            self._content.append(piece)
            self._text(piece)
        for name in ("reasoning_content", "reasoning"):
            self._reasoning.extend(_texts(delta.get(name)))
        self._refusal += "".join(_texts(delta.get("refusal")))

    def _responses_event(self, event: Mapping[str, Any]) -> None:
        kind = event.get("type")
        if kind == "response.output_text.delta":
            for piece in _texts(event.get("delta")):
                self._content.append(piece)
                self._text(piece)
        elif kind in ("response.completed", "response.incomplete", "response.failed"):
            self._whole = event.get("response")
        elif kind == "error":
            self._error = event.get("message") or "error"


def _texts(content: object) -> Iterator[str]:
    """The texts of a piece of content, which some servers send in parts."""
    if isinstance(content, str) and content:
        yield content
    elif isinstance(content, list):
        for part in content:
            if isinstance(part, dict) and isinstance(part.get("text"), str):
                yield part["text"]
