"""The rows of the frozen corpora, and how they are read. What they say is in ``propositions.py``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, TypeAdapter

from tests.corpora.propositions import Frozen, Proposition

FOLDER = Path(__file__).parent / "v0.1.0"
"""The corpora that were made against version 0.1.0."""


class Slot(Frozen):
    """What stood behind a placeholder such as `{t1}` in a sentence as it was offered."""

    printed: str
    """As it stands in the text: a time of day, a name, words in quotation marks."""
    value: str
    """A zoned time, a name, or the words alone."""


class Difference(Frozen):
    """Where a cited fact of 0.1.0 says something else than the record; the propositions follow the record."""

    fact: int
    """Place of the fact in the row, from 0."""
    said: str
    recorded: str


class _Row(Frozen):
    case: str
    """Name of the sample."""
    passage: str
    about: tuple[Proposition, ...]
    """What the heading of an event's passage says: its class and modality."""
    record_differs: tuple[Difference, ...]


class Sentence(_Row):
    """A hand-written sentence, true or false."""

    id: str
    text: tuple[str, ...]
    """The sentence, or a few that belong together, as it would be printed."""
    slotted: tuple[str, ...]
    """The same as it was offered, with placeholders."""
    slots: dict[str, Slot]
    template: tuple[str, ...]
    """How 0.1.0 words the same facts."""
    propositions: tuple[tuple[Proposition, ...], ...] = Field(min_length=1)
    """What each cited fact says."""
    truth: bool
    """Whether the sentence says no more and no less than the cited facts."""
    sort: str = Field(alias="class")
    why: str
    harm: str
    arguable: bool
    kept_at_0_1_0: Literal["kept", "refused"]


class Wording(_Row):
    """What a language model offered for some facts, with a person's verdict."""

    id: str
    offered: tuple[str, ...]
    template: tuple[str, ...]
    propositions: tuple[tuple[Proposition, ...], ...] = Field(min_length=1)
    verdict: Literal["true", "false", "weak", "borderline"]
    note: str
    guard_at_0_1_0: Literal["kept", "refused", "fallback"]
    """`fallback`: it stood, but too much of its passage did not."""
    reasons_at_0_1_0: tuple[tuple[str, str], ...]


class Answered(Frozen):
    """One sentence of an answer."""

    facts: tuple[str, ...] = Field(min_length=1)
    """Keys of the facts that it cites."""
    text: str
    slotted: str
    propositions: tuple[tuple[Proposition, ...], ...]
    """What each cited fact says."""
    wording: str | None
    """Id of the wording that holds the verdict on it. None: none was given."""


class Answer(_Row):
    """A language model's answer to one question."""

    n: str
    """Its number within the case."""
    slots: dict[str, Slot]
    facts: dict[str, tuple[Proposition, ...]]
    """What each fact of the question says, by the key that the answer cites."""
    sentences: tuple[Answered, ...]


_SENTENCE, _WORDING, _ANSWER = TypeAdapter(Sentence), TypeAdapter(Wording), TypeAdapter(Answer)


def sentences() -> tuple[Sentence, ...]:
    """The hand-written sentences."""
    return tuple(_SENTENCE.validate_json(line) for line in _lines("sentences"))


def wordings() -> tuple[Wording, ...]:
    """What the model offered, judged."""
    return tuple(_WORDING.validate_json(line) for line in _lines("model-wordings"))


def answers() -> tuple[Answer, ...]:
    """The model's raw answers."""
    return tuple(_ANSWER.validate_json(line) for line in _lines("model-answers"))


def sample(case: str) -> dict[str, Any]:
    """The frozen sample of a row."""
    data: dict[str, Any] = json.loads((FOLDER / "samples" / f"{case}.json").read_bytes())
    return data


def _lines(name: str) -> Iterator[str]:
    # Not splitlines: some sentences hold other line separators, which are part of what they try.
    return (line for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").split("\n") if line)
