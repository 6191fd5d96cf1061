"""What the simulated model says: writers' sentences, or such as are made false out of the request's own facts.

The server knows no case. A table made before the run tells it what writers wrote for each question, by the question's
text; the falsehoods are made from nothing but that wording and the facts in the request. Only the standard library is
used: the server starts at once and its process holds nothing of the program that is measured.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from bench.model.profiles import Manner

__all__ = ["Chance", "Said", "Table", "answered", "falsehoods", "key_of", "load", "save", "sheets_of"]

PARTLY: Final = 1 / 3
"""Share of false sentences in an answer that is partly faithful; one at least."""

_MARK: Final = re.compile(r"^FACTS:\s*(?=\{)", re.MULTILINE)
_SLOT: Final = re.compile(r"\{[tnq]\d+\}")
_NUMBER: Final = re.compile(r"(?<![\w{:./])\d+(?:\.\d+)?(?![\w}:/]|\.\d)")
_UNIT: Final = re.compile(r"(?<=\d)(?:%| (?:min|h|ms|µV|mV|mA|mmHg|cm/s|dB|V)\b)")
_NO_VALUES: Final = ("event_class", "id", "ids", "kind", "passage", "side", "status")
_TURNED: Final = (
    ("left", "right"),
    ("alert", "change"),
    ("lost", "reduced"),
    ("loss", "decrease"),
    ("before", "after"),
    ("increase", "decrease"),
    ("raised", "lowered"),
    ("upper", "lower"),
    ("partial", "full"),
    ("accepted", "rejected"),
    ("within", "beyond"),
    ("sudden", "gradual"),
    ("met", "not met"),
    ("told", "not told"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an answer."""

    facts: tuple[str, ...]
    """Ids that it says it states."""
    text: str
    """Its wording, slots as they stand."""


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of the questions of a run."""

    answers: Mapping[str, tuple[tuple[Said, ...], ...]]
    """What each writer said to a question, by the key of its text."""
    joined: Mapping[str, tuple[tuple[str, str], ...]]
    """Questions that hold others: for each of those, in order, what stands before its ids, and its own key."""


Chance = Callable[[str], tuple[Manner, Random]]
"""How true the answer to the question of a key is, and the chance behind its falsehoods."""


def key_of(user: str) -> str:
    """What a question is found by: a digest of its user message."""
    return hashlib.sha256(user.encode()).hexdigest()[:16]


def answered(table: Table, user: str, chance: Chance) -> tuple[Said, ...]:
    """The sentences that answer a question; none for a question that is not in the table.

    A question that holds others is answered as they would be, each with its own luck, so that one call for a whole
    report is told neither more nor fewer falsehoods than a call for each section.

    Args:
        table: What is known.
        user: The user message.
        chance: Where chance comes from.
    """
    key = key_of(user)
    parts = table.joined.get(key, (("", key),))
    said: list[Said] = []
    for (prefix, inner), sheet in zip(parts, sheets_of(user), strict=False):
        variants = table.answers.get(inner, ())
        if not variants:
            continue
        manner, rng = chance(inner)
        sentences = _told(rng.choice(variants), manner, _unprefixed(sheet, prefix), rng)
        said += [Said(tuple(f"{prefix}{fact}" for fact in row.facts), row.text) for row in sentences]
    return tuple(said)


def sheets_of(user: str) -> Iterator[dict[str, Any]]:
    """The facts of a request: each JSON object after a line `FACTS:`."""
    for mark in _MARK.finditer(user):
        sheet, _ = json.JSONDecoder().raw_decode(user, mark.end())
        yield sheet


def falsehoods(text: str, sheet: Mapping[str, Any]) -> tuple[str, ...]:
    """Every false sentence that is made of a faithful one and the facts of its request, each once.

    A slot or number is another of the same request, a unit is left out, or a word of direction, side or class is
    turned. Where none of it applies, a value is another value of the request, or else the sentence is denied.

    Args:
        text: The faithful sentence.
        sheet: The facts of the request.
    """
    values = list(_values(sheet))
    found = [*_slots(text, values), *_numbers(text, values), *_units(text), *_turned(text)]
    made = tuple(dict.fromkeys(new for new in found if new != text))
    return made or tuple(_exchanged(text, values)) or (f"It was not recorded that {text[:1].lower()}{text[1:]}",)


def save(table: Table, path: Path) -> None:
    """Write a table for the server."""
    path.write_text(json.dumps(asdict(table)), encoding="utf-8")


def load(path: Path) -> Table:
    """Read a table."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    answers = {
        key: tuple(tuple(Said(tuple(row["facts"]), row["text"]) for row in rows) for rows in variants)
        for key, variants in raw["answers"].items()
    }
    return Table(answers, {key: tuple((part[0], part[1]) for part in parts) for key, parts in raw["joined"].items()})


def _told(faithful: Sequence[Said], manner: Manner, sheet: Mapping[str, Any], rng: Random) -> list[Said]:
    """The sentences after so many of them were made false."""
    if manner == "faithful" or not faithful:
        return list(faithful)
    places = range(len(faithful))
    count = len(faithful) if manner == "false" else max(1, round(PARTLY * len(faithful)))
    wrong = set(rng.sample(places, count))
    return [
        Said(row.facts, rng.choice(falsehoods(row.text, sheet))) if place in wrong else row
        for place, row in enumerate(faithful)
    ]


def _unprefixed(sheet: dict[str, Any], prefix: str) -> dict[str, Any]:
    if not prefix:
        return sheet
    return {**sheet, "facts": [{**row, "id": row["id"].removeprefix(prefix)} for row in sheet.get("facts", ())]}


def _values(node: object) -> Iterator[str]:
    """Every text of a sheet beside ids, kinds, and the words that are turned rather than exchanged."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for name, child in node.items():
            if name not in _NO_VALUES:
                yield from _values(child)
    elif isinstance(node, list):
        for child in node:
            yield from _values(child)


def _others(pattern: re.Pattern[str], values: Sequence[str]) -> list[str]:
    return sorted({match.group() for value in values for match in pattern.finditer(value)})


def _slots(text: str, values: Sequence[str]) -> Iterator[str]:
    pool = _others(_SLOT, values)
    for match in _SLOT.finditer(text):
        for new in pool:
            if new[1] == match.group()[1]:
                yield text[: match.start()] + new + text[match.end() :]


def _numbers(text: str, values: Sequence[str]) -> Iterator[str]:
    pool = _others(_NUMBER, values)
    for match in _NUMBER.finditer(text):
        for new in pool:
            if float(new) != float(match.group()):
                yield text[: match.start()] + new + text[match.end() :]


def _units(text: str) -> Iterator[str]:
    for match in _UNIT.finditer(text):
        yield text[: match.start()] + text[match.end() :]


def _turned(text: str) -> Iterator[str]:
    denied = re.search(r"\b(?:no|nor|none|not)\b", text, re.IGNORECASE) is not None
    for one, other in _TURNED:
        for old, new in ((one, other), (other, one)):
            if denied and "not " in f"{old} {new}":  # twice denied is no plain falsehood
                continue
            for match in re.finditer(rf"\b{old}\b", text, re.IGNORECASE):
                yield text[: match.start()] + _cased(new, match.group()) + text[match.end() :]


def _exchanged(text: str, values: Sequence[str]) -> Iterator[str]:
    low = text.lower()
    mine = [value for value in dict.fromkeys(values) if value.lower() in low]
    rest = [value for value in dict.fromkeys(values) if value.lower() not in low]
    for old in mine:
        place = low.index(old.lower())
        for new in rest:
            if old.lower() not in new.lower():
                yield text[:place] + _cased(new, text[place:]) + text[place + len(old) :]


def _cased(new: str, old: str) -> str:
    """A word with a capital where the one before had one."""
    return new[:1].upper() + new[1:] if old[:1].isupper() else new
