"""Every instant of a case, by itself or with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

__all__ = ["instants_by_part", "placed_instants"]

_LEAVES = frozenset({type(None), str, int, float, bool})


def instants_by_part(case: BaseModel) -> dict[str, list[datetime]]:
    """Every instant of a case by the name of its part, of the parts that have any; in no particular order."""
    found = {name: _instants(part) for name, part in case.__dict__.items() if type(part) not in _LEAVES}
    return {name: moments for name, moments in found.items() if moments}


def _instants(value: object) -> list[datetime]:
    moments: list[datetime] = []
    pending: list[object] = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, datetime):
            moments.append(node)
        elif isinstance(node, tuple):
            pending.extend(item for item in node if not isinstance(item, str))
        elif isinstance(node, BaseModel):
            fields = node.__dict__
            pending += [item for name in _bearing(type(node)) if (item := fields[name]) is not None]
    return moments


@cache
def _bearing(kind: type[BaseModel]) -> tuple[str, ...]:
    """Fields of a part of the contract that may hold an instant; most rows have one, of some twenty."""
    return tuple(name for name, field in kind.model_fields.items() if _may_hold(field.annotation))


def _may_hold(annotation: Any) -> bool:
    if annotation in _LEAVES or get_origin(annotation) is Literal:
        return False
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bool(_bearing(annotation))
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _may_hold(inner[0])
    return any(map(_may_hold, inner)) if inner else annotation not in (date, Ellipsis)


def placed_instants(
    value: BaseModel, pointer: str = "", *, without: Collection[str] = ()
) -> Iterator[tuple[str, datetime]]:
    """Every instant inside a contract value with its JSON pointer, in the order of the contract.

    Args:
        value: The value.
        pointer: JSON pointer to it.
        without: Fields of it that are left out.
    """
    for name, item in value.__dict__.items():
        if name not in without:
            yield from _placed(item, f"{pointer}/{name}")


def _placed(item: object, pointer: str) -> Iterator[tuple[str, datetime]]:
    if isinstance(item, datetime):
        yield pointer, item
    elif isinstance(item, BaseModel):
        yield from placed_instants(item, pointer)
    elif isinstance(item, tuple):
        for index, part in enumerate(item):
            yield from _placed(part, f"{pointer}/{index}")
