"""Makes the entries of a vocabulary out of the rows of its file, each checked against the properties of its kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from report_gen.vocab.entries import Entry, properties_of

__all__ = ["read_entries"]

E = TypeVar("E", bound=Entry)


def read_entries(kind: type[E], rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, E]:
    """The entries of a vocabulary by code, made from the rows of its file.

    Raises:
        TypeError: A property is missing, is none of the kind's, or is not of its type in one of the rows.
    """
    properties = properties_of(kind)
    if unknown := set[str]().union(*rows.values()) - properties.keys():
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    # A property at a time, because a command may read some fourteen hundred rows.
    for name, annotation in properties.items():
        values = [row[name] for row in rows.values() if name in row]
        if len(values) < len(rows) and not hasattr(kind, name):
            raise TypeError(f"{kind.__name__}.{name} is missing")
        if not _fit(values, annotation):
            raise TypeError(f"{kind.__name__}.{name} is not of its type")
    lists = [name for name, annotation in properties.items() if _origin(annotation) is tuple]
    entries = {code: kind.__new__(kind) for code in rows}
    for code, entry in entries.items():
        entry.__dict__.update(rows[code])
        for name in lists:
            entry.__dict__[name] = tuple(getattr(entry, name))
    return MappingProxyType(entries)


def _fit(values: Collection[Any], annotation: Any) -> bool:
    """Whether values from JSON fit an annotation: a text, number, flag, choice, a list of these, or null."""
    inner: tuple[Any, ...] = getattr(annotation, "__args__", ())
    types = set(map(type, values))
    if _origin(annotation) is tuple:
        return types <= {list} and _fit([item for value in values for item in value], inner[0])
    if _origin(annotation) is Literal:
        return types <= {str} and set(values) <= set(inner)
    if types and type(None) in inner:
        (one,) = set(inner) - {type(None)}
        return _fit([value for value in values if value is not None], one)
    return types <= {annotation}


def _origin(annotation: Any) -> Any:
    """The subscripted type; `typing.get_origin` takes as long as the comparison itself over all vocabularies."""
    return getattr(annotation, "__origin__", None)
