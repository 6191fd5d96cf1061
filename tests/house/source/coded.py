"""Finds codes of the vocabularies that decide something in code, where a property of their entry should."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

_LOOK_UPS = frozenset({"get", "with_role"})
"""Methods that choose by the code they are given."""


def deciding_codes(source: str, codes: Collection[str]) -> list[tuple[int, str]]:
    """Codes written out where code decides by them, with their lines.

    Such are a side of a comparison, a member of a list, a key or value of a table, a subscript, and what is looked up.
    A code that is only handed on, as the name of a fact's value or the code of a finding, decides nothing, nor does a
    `Literal`.
    """
    places = _deciding(ast.parse(source))
    found = [
        (node.lineno, node.value)
        for place in places
        for node in _flat(place)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in codes
    ]
    return sorted(set(found))


def _deciding(tree: ast.Module) -> Iterator[ast.expr]:
    types = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal"
        for part in (node, node.slice)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            yield from (node.left, *node.comparators)
        elif isinstance(node, (ast.Tuple, ast.List, ast.Set)) and id(node) not in types:
            yield from node.elts
        elif isinstance(node, ast.Dict):
            yield from (*(key for key in node.keys if key is not None), *node.values)
        elif isinstance(node, ast.Subscript) and id(node) not in types:
            yield node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOOK_UPS:
            yield from node.args


def _flat(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        for child in node.elts:
            yield from _flat(child)
    else:
        yield node


def attributes_read(source: str) -> set[str]:
    """Names of attributes that a module reads."""
    tree = ast.parse(source)
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)}


def words_of_code(source: str) -> set[str]:
    """Names that a module uses and texts that it holds, whole."""
    tree = ast.parse(source)
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return texts | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
