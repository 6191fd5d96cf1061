"""Changes of a case as plain data: what stands at a JSON pointer, and every time in it."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

__all__ = ["drop", "moved", "put", "replaced", "stamped"]

_INSTANT: Final = re.compile(r"^\d{4}-\d{2}-\d{2}T")
_DAY: Final = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_KEEP: Final = ("date_of_birth", "valid_from", "valid_to")
"""Dates that do not move with the operation."""


def put(node: Any, pointer: str, value: Any) -> None:
    """Set what stands at a JSON pointer; `-` as the last step appends to a list."""
    *way, last = _steps(pointer)
    for step in way:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    if isinstance(node, list):
        if last == "-":
            node.append(deepcopy(value))
        else:
            node[int(last)] = deepcopy(value)
    else:
        node[last] = deepcopy(value)


def drop(node: Any, pointer: str) -> None:
    """Remove what stands at a JSON pointer; what is not there is a mistake of the test."""
    *way, last = _steps(pointer)
    for step in way:
        node = node[int(step)] if isinstance(node, list) else node[step]
    del node[int(last) if isinstance(node, list) else last]


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def replaced(data: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """The case with another value at a JSON pointer; the given one stays as it is."""
    changed = deepcopy(data)
    put(changed, pointer, value)
    return changed


def stamped(node: Any, zone: tzinfo) -> Any:
    """The same with every instant at the same time of day, in the offset that a zone has on its day."""
    if isinstance(node, dict):
        return {name: stamped(value, zone) for name, value in node.items()}
    if isinstance(node, list):
        return [stamped(value, zone) for value in node]
    if not isinstance(node, str) or not _INSTANT.match(node):
        return node
    return datetime.fromisoformat(node).replace(tzinfo=zone).isoformat()


def moved(node: Any, by: timedelta, *, since: datetime | None = None, key: str = "") -> Any:
    """The same with every time later by so much.

    Args:
        node: A case or a part of it.
        by: How much later.
        since: Move only instants from here on, and no calendar date. None: all, but for birthdays and credentials.
        key: Name under which the node stands.
    """
    if isinstance(node, dict):
        return {name: moved(value, by, since=since, key=name) for name, value in node.items()}
    if isinstance(node, list):
        return [moved(value, by, since=since, key=key) for value in node]
    if not isinstance(node, str) or key in _KEEP:
        return node
    if _INSTANT.match(node):
        instant = datetime.fromisoformat(node)
        return (instant + by).isoformat() if since is None or instant >= since else node
    if _DAY.match(node) and since is None:
        return (date.fromisoformat(node) + by).isoformat()
    return node
