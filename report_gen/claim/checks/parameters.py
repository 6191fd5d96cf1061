"""Typed reading of a rule version's parameters; a missing or mistyped one is a damaged rule file, not a finding."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from report_gen.errors import AssetError
from report_gen.rules.model import Version

__all__ = ["flag", "number", "number_by", "text", "text_by", "texts", "whole"]

_T = TypeVar("_T")


def text(version: Version, name: str) -> str:
    """A parameter that is text.

    Raises:
        AssetError: `rules.parameter`: missing, or of another type. So for all readers of this module.
    """
    value = version.parameters.get(name)
    if not isinstance(value, str):
        raise _damaged(version, name, "text")
    return value


def texts(version: Version, name: str) -> tuple[str, ...]:
    """A parameter that is a list of text."""
    value = version.parameters.get(name)
    if not isinstance(value, tuple):
        raise _damaged(version, name, "a list of text")
    return value


def number(version: Version, name: str) -> float:
    """A parameter that is a number; its name carries the unit."""
    value = version.parameters.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _damaged(version, name, "a number")
    return float(value)


def whole(version: Version, name: str) -> int:
    """A parameter that is a whole number: a count, days."""
    value = version.parameters.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _damaged(version, name, "a whole number")
    return value


def flag(version: Version, name: str) -> bool:
    """A parameter that is true or false."""
    value = version.parameters.get(name)
    if not isinstance(value, bool):
        raise _damaged(version, name, "true or false")
    return value


def text_by(version: Version, name: str) -> Mapping[str, str]:
    """A parameter that is a table of text."""
    return _table(version, name, str, "a table of text")


def number_by(version: Version, name: str) -> Mapping[str, int]:
    """A parameter that is a table of whole numbers."""
    return _table(version, name, int, "a table of whole numbers")


def _table(version: Version, name: str, kind: type[_T], expected: str) -> Mapping[str, _T]:
    value = version.parameters.get(name)
    if not isinstance(value, dict):
        raise _damaged(version, name, expected)
    kept = {key: item for key, item in value.items() if isinstance(item, kind) and not isinstance(item, bool)}
    if len(kept) != len(value):
        raise _damaged(version, name, expected)
    return MappingProxyType(kept)


def _damaged(version: Version, name: str, expected: str) -> AssetError:
    title = version.sources[0].title
    return AssetError(
        "rules.parameter",
        f"a rule version from {version.effective_from.isoformat()} (source: {title}) needs the parameter {name} "
        f"as {expected}",
    )
