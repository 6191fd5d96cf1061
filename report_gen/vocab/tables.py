"""Reads the vocabulary files beside this module and answers look-ups."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from report_gen.errors import AssetError

__all__ = ["Entry", "Limit", "Vocabulary", "limits", "names", "vocabulary"]

_FOLDER = Path(__file__).parent
_LIMITS = "limits"


@dataclass(frozen=True, slots=True)
class Entry:
    """One term."""

    code: str
    """Stable code, as in case files."""
    display: str
    """The term as printed inside a sentence."""
    abbreviation: str | None
    """Printed abbreviation. None: the field uses none."""
    synonyms: tuple[str, ...]
    """Other forms that sites write."""
    source: str
    """Document and place the term comes from."""
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Further properties that the vocabulary's `about` names."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed list of terms."""

    name: str
    """Name of the file without ending."""
    about: str
    """What the list is for and what its further properties mean."""
    entries: Mapping[str, Entry]
    """Terms by code, in the order they are offered."""

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes in order."""
        return tuple(self.entries)

    def __contains__(self, code: object) -> bool:
        """Whether the list has this code."""
        return code in self.entries

    def __getitem__(self, code: str) -> Entry:
        """The entry of a code; `KeyError` when the list does not have it."""
        return self.entries[code]

    def get(self, code: str) -> Entry | None:
        """The entry of a code, or None."""
        return self.entries.get(code)

    def display(self, code: str) -> str:
        """The printed term of a code."""
        return self.entries[code].display

    def label(self, code: str) -> str:
        """The abbreviation of a code where it has one, else the printed term."""
        entry = self.entries[code]
        return entry.abbreviation or entry.display


@dataclass(frozen=True, slots=True)
class Limit:
    """Plausible range of a quantity, in the unit of its name."""

    soft: tuple[float, float] | None
    """Outside it the value is unusual: a warning. None: no soft range."""
    hard: tuple[float, float] | None
    """Outside it the value is taken for a mistake: an error. None: no hard range."""
    source: str
    """Document and place."""


def names() -> tuple[str, ...]:
    """Names of all vocabularies."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json") if path.stem != _LIMITS))


def _read(name: str) -> Any:
    try:
        return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssetError(
            "assets.vocabulary", f"the vocabulary {name!r} is missing or damaged; install report_gen again"
        ) from error


@cache
def vocabulary(name: str) -> Vocabulary:
    """The vocabulary of that name.

    Raises:
        AssetError: The installation lacks the file, or the file is damaged.
    """
    raw = _read(name)
    known = {"code", "display", "abbreviation", "synonyms", "source"}
    entries = {
        row["code"]: Entry(
            code=row["code"],
            display=row["display"],
            abbreviation=row.get("abbreviation"),
            synonyms=tuple(row.get("synonyms", ())),
            source=row["source"],
            extra=MappingProxyType({key: value for key, value in row.items() if key not in known}),
        )
        for row in raw["entries"]
    }
    return Vocabulary(name, raw["about"], MappingProxyType(entries))


@cache
def _limit_rows() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    by_quantity: dict[str, list[Mapping[str, Any]]] = {}
    for row in _read(_LIMITS)["rows"]:
        by_quantity.setdefault(row["quantity"], []).append(row)
    return MappingProxyType({name: tuple(rows) for name, rows in by_quantity.items()})


@cache
def limits(
    quantity: str,
    *,
    modality: str = "",
    site: str = "",
    age: str = "",
    stim_mode: str = "",
    condition: str = "",
) -> Limit | None:
    """The plausible range of a quantity; the most specific row wins, and lends what it lacks from broader rows.

    Args:
        quantity: Field name with the unit in it.
        modality: Modality code, where it matters.
        site: Peak or site code, where it matters.
        age: `adult` or `child` (under 18); empty when unknown.
        stim_mode: `cc` or `cv`; empty when unknown.
        condition: Special circumstance such as `circulatory_arrest`.
    """
    wanted = {"modality": modality, "site": site, "age": age, "stim_mode": stim_mode, "condition": condition}
    fitting: list[tuple[int, Mapping[str, Any]]] = []
    for row in _limit_rows().get(quantity, ()):
        keys = [key for key in wanted if row.get(key)]
        if all(row[key] == wanted[key] for key in keys):
            # A special circumstance outweighs any other key.
            fitting.append((len(keys) + len(wanted) * ("condition" in keys), row))
    if not fitting:
        return None
    soft: tuple[float, float] | None = None
    hard: tuple[float, float] | None = None
    source = ""
    for _, row in sorted(fitting, key=lambda pair: pair[0]):
        soft = tuple(row["soft"]) if row.get("soft") else soft
        hard = tuple(row["hard"]) if row.get("hard") else hard
        source = row["source"]
    return Limit(soft, hard, source)
