"""Makes the questions to a model: a released prompt, filled with the coded facts of one passage or a piece of it."""

from __future__ import annotations

import hashlib
import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from report_gen.assets import asset_folder
from report_gen.draft.passages import Passage, Unit, plain_ids
from report_gen.errors import AssetError
from report_gen.facts.model import Facts
from report_gen.llm.port import Ask
from report_gen.llm.question.brief import brief
from report_gen.llm.question.worth import worth_asking

__all__ = ["PIECE_CHARACTERS", "Prompt", "Question", "answer_cap", "load_prompt", "prompt_files", "questions"]

PIECE_CHARACTERS: Final = 450
"""Characters that the template's answer to one question has at most, its form included, unless a single unit is longer:
150 tokens at three characters each. Answers are written one token after another, so that a long passage is sooner done
in pieces side by side, and of a long answer nothing is there when the clock ends."""

_DEFAULT: Final = "narrate.v4"
_VERSION: Final = re.compile(r"[a-z]+\.v[1-9]\d*")

_ORDER: Final = ("alert", "course", "change")
"""Passages and classes of events, the most telling first: where not all can be asked, the last are not. An account is
asked to its end before the next is begun, so that one that stands is in one hand."""

_CAP_FACTOR: Final = 1.5
_CHARACTERS_PER_TOKEN: Final = 3
_CAP_FLOOR: Final = 120
_EMPTY_ANSWER: Final = len('{"sentences":[]}')


@dataclass(frozen=True, slots=True)
class Prompt:
    """A released prompt."""

    version: str
    """Its name and version, such as `narrate.v4`."""
    digest: str
    """SHA-256 over its files, in hexadecimal; for provenance and for a provider's cache key."""
    system: str
    """The system message, the same for every case."""
    user: Template
    """The user message; its variables are in the prompt's .toml."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what it asks for."""

    ask: Ask
    """What goes to the endpoint; its fact ids are the keys of `units`."""
    passage: str
    """Id of the passage, such as `course` or `event-E1`; stays on this machine."""
    units: tuple[Unit, ...]
    """The units to word, in printing order."""


def questions(passages: Sequence[Passage], facts: Facts) -> tuple[Question, ...]:
    """The questions that ask for every unit whose wording is worth asking for once, the most telling first.

    The accounts of alerts come first, then the course, which is signed, the accounts of changes, and of other events,
    each in printing order. A long passage is asked in pieces: `course`, `course/2` and so on.

    Args:
        passages: The passages in printing order.
        facts: All facts of the case.

    Raises:
        AssetError: The prompt is missing, unknown, or not as it was released.
    """
    prompt = load_prompt()
    shown = plain_ids(facts)
    asked: list[tuple[int, list[Question]]] = []
    events = 0
    for passage in passages:
        name = passage.id
        if passage.role == "event":
            events += 1
            name = name if shown else f"event-{events}"
        asked.append((_rank(passage, facts), _asked(prompt, passage, facts, name)))
    asked.sort(key=lambda ranked: ranked[0])
    return tuple(question for _, batch in asked for question in batch)


def answer_cap(units: Sequence[Unit]) -> int:
    """The most tokens that an answer about `units` may take.

    One and a half times the size of the template's own answer, at three characters a token (these texts have 3.1),
    and never below 120.
    """
    size = _EMPTY_ANSWER + sum(map(_answer_size, units))
    return max(_CAP_FLOOR, ceil(_CAP_FACTOR * size / _CHARACTERS_PER_TOKEN))


def _answer_size(unit: Unit) -> int:
    """Characters of the template's answer about a unit: its sentences, each in the JSON that names its fact."""
    wrapping = len(f'{{"facts":["{unit.key}"],"text":""}},')
    return sum(len(sentence.text) + wrapping for sentence in unit.template)


def prompt_files(version: str) -> tuple[str, str, str]:
    """The names of a version's files: system message, user message, description."""
    return (f"{version}.system.jinja", f"{version}.user.jinja", f"{version}.toml")


def load_prompt(version: str = _DEFAULT, *, folder: Path | None = None) -> Prompt:
    """A released prompt, once its files are found to be those that were released.

    Args:
        version: Such as `narrate.v4`.
        folder: Where the prompts are; the installed ones otherwise.

    Raises:
        AssetError: The version is not a released one, or a file is missing, damaged, or not as it was released.
    """
    return _loaded(version, asset_folder("prompts") if folder is None else folder)


@cache
def _loaded(version: str, folder: Path) -> Prompt:
    if not _VERSION.fullmatch(version):
        raise AssetError("assets.prompt", "no such prompt; choose one that prompts/manifest.toml lists")
    released = _manifest(folder)
    texts: list[str] = []
    digest = hashlib.sha256()
    for name in prompt_files(version):
        try:
            data = (folder / name).read_bytes()
        except OSError as error:
            raise AssetError("assets.prompt", f"the prompt file {name} is missing; install report_gen again") from error
        if hashlib.sha256(data).hexdigest() != released.get(name):
            raise AssetError("assets.prompt", f"the prompt file {name} is not as released; install report_gen again")
        digest.update(data)
        texts.append(data.decode())
    try:
        system, user = (_environment().from_string(text) for text in texts[:2])
        return Prompt(version, digest.hexdigest(), system.render(), user)
    except TemplateError as error:
        raise AssetError("assets.prompt", f"the prompt {version} cannot be rendered") from error


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        listed = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise AssetError("assets.prompt", "prompts/manifest.toml is unusable; install report_gen again") from error
    if not isinstance(listed, dict):
        raise AssetError("assets.prompt", "prompts/manifest.toml is unusable; install report_gen again")
    return listed


def _environment() -> ImmutableSandboxedEnvironment:
    # Only the text of a released prompt is ever compiled; what a case holds arrives as the value of a variable.
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, optimized=False)


def _asked(prompt: Prompt, passage: Passage, facts: Facts, name: str) -> list[Question]:
    pieces = _pieces([unit for unit in passage.offered if worth_asking(unit)])
    asked: list[Question] = []
    for number, units in enumerate(pieces, start=1):
        ask = Ask(
            id=name if number == 1 else f"{name}/{number}",
            system=prompt.system,
            user=_user(prompt, passage, brief(passage, facts, units=units), (number, len(pieces))),
            fact_ids=tuple(unit.key for unit in units),
            max_output_tokens=answer_cap(units),
        )
        asked.append(Question(ask, passage.id, units))
    return asked


def _user(prompt: Prompt, passage: Passage, facts: str, place: tuple[int, int]) -> str:
    piece, pieces = place
    try:
        return prompt.user.render(passage=passage.role, piece=piece, pieces=pieces, facts=facts)
    except TemplateError:
        # Cut off from its cause: an error of a template may hold what was being rendered.
        raise AssetError("assets.prompt", f"the prompt {prompt.version} does not know this passage") from None


def _rank(passage: Passage, facts: Facts) -> int:
    event = facts.get(passage.about)
    kind = passage.role if event is None else event.status
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _pieces(units: Sequence[Unit]) -> list[tuple[Unit, ...]]:
    """As few pieces as the limit allows, and those as even as units allow: the longest answer decides the wait."""
    fewest = len(_packed(units, PIECE_CHARACTERS))
    evenest = bisect_left(range(PIECE_CHARACTERS), True, key=lambda most: len(_packed(units, most)) <= fewest)
    return _packed(units, evenest)


def _packed(units: Sequence[Unit], most: int) -> list[tuple[Unit, ...]]:
    packed: list[list[Unit]] = []
    used = 0
    for unit in units:
        size = _answer_size(unit)
        if not packed or used + size > most:
            packed.append([])
            used = _EMPTY_ANSWER
        packed[-1].append(unit)
        used += size
    return [tuple(piece) for piece in packed]
