"""The catalogue of facts, ``catalogue.toml``: statement, values, statuses and permitted wording of each kind."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from report_gen.errors import AssetError
from report_gen.vocab import vocabulary

__all__ = ["FactKind", "WordingMode", "catalogue"]

WordingMode = Literal["free", "verbatim", "time", "name", "quote"]
"""How a value is said.

`free`: shown to the model, said in any wording that the guard can read. `verbatim`: shown, and copied as it stands.
`time`, `name`, `quote`: never shown; a slot stands for a clock time, a person, or a person's own words.
"""

_FILE: Final = Path(__file__).parent / "catalogue.toml"


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact."""

    name: str
    """Such as `event.onset`."""
    says: str
    """What a fact of the kind states."""
    statuses: frozenset[str]
    """Statuses it may have."""
    authors: frozenset[str]
    """Who authors it: `record`, `professional`, `computed`."""
    must_state: frozenset[bool]
    """Whether a report that does not state it is incomplete; both where that depends on the case."""
    values: Mapping[str, tuple[str, ...]]
    """Forms of each value by its name: `text`, `time`, `day`, `number`, `flag`, `code`, `codes`, the last two with the
    vocabulary behind them where there is one. Two where the record may answer in either."""
    worded: Mapping[str, WordingMode]
    """How each value may be worded by a model. A value that is not named stays with the template; empty: all do."""
    status_words: Mapping[str, str]
    """What a status says to whoever words the fact. A status that is not named says nothing beside the values."""


@cache
def catalogue() -> Mapping[str, FactKind]:
    """Every kind of fact by its name.

    Raises:
        AssetError: The file is missing or damaged.
    """
    try:
        table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        shared = table.pop("shared")
        return MappingProxyType({name: _kind(name, entry, shared) for name, entry in table.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AssetError(
            "assets.catalogue", "the catalogue of facts is missing or damaged; install report_gen again"
        ) from error


def _kind(name: str, entry: Mapping[str, Any], shared: Mapping[str, Mapping[str, Any]]) -> FactKind:
    forms = {key: _several(form) for key, form in entry["values"].items()}
    for part in entry.get("shares", ()):
        forms |= {key: _several(form) for key, form in shared[part].items()}
    status = entry["status"]
    if isinstance(status, dict):
        statuses = {*vocabulary(status["vocabulary"]).codes, *status.get("or", ())}
    else:
        statuses = set(status)
    wordings: dict[str, WordingMode] = {}
    for key, how in entry.get("worded", {}).items():
        if how not in get_args(WordingMode) or key not in forms:
            raise ValueError(f"{name} words {key!r} in a way that is not known")
        wordings[key] = how
    return FactKind(
        name=name,
        says=entry["says"],
        statuses=frozenset(statuses),
        authors=frozenset(_several(entry["author"])),
        must_state=frozenset((entry["must_state"],) if isinstance(entry["must_state"], bool) else entry["must_state"]),
        values=MappingProxyType(forms),
        worded=MappingProxyType(wordings),
        status_words=MappingProxyType(_status_words(name, entry.get("status_words", {}), statuses)),
    )


def _status_words(name: str, words: Mapping[str, str], statuses: set[str]) -> dict[str, str]:
    if unknown := words.keys() - statuses:
        raise ValueError(f"{name} has words for {', '.join(sorted(unknown))}, which it cannot be")
    return dict(words)


def _several(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
