"""Reads the rule files beside this module; a damaged one names file, place and what is allowed there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from report_gen.errors import AssetError
from report_gen.rules.model import Rule, RuleFile, SourceDocument, SourceFile

__all__ = ["RULE_FILES", "documents", "read_table", "rule", "rules"]

_FOLDER = Path(__file__).parent
RULE_FILES = ("time", "units", "codes", "place", "people", "evidence", "payer", "report")
"""Files of rules by topic; other tables in the folder have readers of their own."""
_M = TypeVar("_M", bound=BaseModel)


def read_table(path: Path, model: type[_M]) -> _M:
    """One TOML file as a typed value; a citation by `document` takes title and address from ``sources.toml``.

    Raises:
        AssetError: `rules.unreadable` or `rules.invalid`; the message names every place and what is wrong there.
    """
    return _validated(path, model, _cited(_toml(path)))


@cache
def documents() -> Mapping[str, SourceDocument]:
    """The documents that the tables cite, by id.

    Raises:
        AssetError: The file is missing or damaged, or two documents have one id or one title.
    """
    path = _FOLDER / "sources.toml"
    entries = _validated(path, SourceFile, _toml(path)).document
    if len({entry.id for entry in entries}) < len(entries) or len({entry.title for entry in entries}) < len(entries):
        raise AssetError("rules.invalid", f"{path.name}: a document stands in two places")
    return MappingProxyType({entry.id: entry for entry in entries})


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssetError("rules.unreadable", f"{path.name} cannot be read as TOML: {error}") from error


def _validated(path: Path, model: type[_M], raw: dict[str, Any]) -> _M:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise AssetError("rules.invalid", f"{path.name}: {_problems(error)}") from error


def _cited(node: Any) -> Any:
    """The table with each citation's document spelt out; an unknown one stays, and the model refuses it."""
    if isinstance(node, list):
        return [_cited(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "locator" in node and (document := documents().get(str(node.get("document")))) is not None:
        # An address of the citation's own, such as that of the copy that was read, goes before the document's.
        own = {key: value for key, value in node.items() if key != "document"}
        return {"title": document.title, "url": document.url, **own}
    return {key: _cited(value) for key, value in node.items()}


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by id, in the order of the files.

    Raises:
        AssetError: A file is missing or damaged, or two rules have one id.
    """
    by_id: dict[str, Rule] = {}
    for name in RULE_FILES:
        for entry in read_table(_FOLDER / f"{name}.toml", RuleFile).rule:
            if entry.id in by_id:
                raise AssetError("rules.invalid", f"{name}.toml: the rule {entry.id} stands in two places")
            if entry.topic != name:
                raise AssetError("rules.invalid", f"{name}.toml: the rule {entry.id} says its topic is {entry.topic}")
            by_id[entry.id] = entry
    return MappingProxyType(by_id)


def rule(rule_id: str) -> Rule:
    """One rule; `KeyError` when there is none of this id."""
    return rules()[rule_id]


def _problems(error: ValidationError) -> str:
    problems = []
    for problem in error.errors(include_url=False, include_context=False):
        place = "/".join(str(part) for part in problem["loc"])
        problems.append(f"{place}: {problem['msg']}")
    return "; ".join(problems)
