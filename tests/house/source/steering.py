"""Finds where the id of a section decides something; what a section is, its role says."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

_HOLDERS = frozenset({"id", "passage"})
"""Attributes that hold the id of a section: its own, and the passage of a question or a wording."""
_PARTING = frozenset({"endswith", "partition", "removeprefix", "replace", "rpartition", "split", "startswith"})
_LOOKING_UP = frozenset({"get", "index", "count"})


def ids_steered_on(source: str, place: str, ids: Collection[str]) -> list[str]:
    """Places in a module that compare, part or look up the id of a section by a literal.

    Args:
        source: The module.
        place: Its name, for what is found.
        ids: Ids of sections, and the beginnings of those that a case completes, such as `event-`.
    """
    return [f"{place}:{line} {why}" for line, why in sorted(_found(ast.parse(source), frozenset(ids)))]


def _found(tree: ast.Module, ids: frozenset[str]) -> Iterator[tuple[int, str]]:
    constants = {name: value for name, value in _constants(tree) if _names(value, ids, {})}
    for node in ast.walk(tree):
        match node:
            case ast.Compare():
                sides = [node.left, *node.comparators]
                if any(map(_is_id, sides)) and any(_names(side, ids, constants) for side in sides):
                    yield node.lineno, "compares the id of a section"
            case ast.Call(func=ast.Attribute(value=value, attr=attr), args=given):
                if attr in _PARTING and _is_id(value) and any(_names(one, ids | {"-"}, constants) for one in given):
                    yield node.lineno, "parts the id of a section"
                if attr in _LOOKING_UP and any(map(_is_id, given)) and _names(value, ids, constants):
                    yield node.lineno, "looks something up by the id of a section"
            case ast.Subscript(value=value, slice=key) if _is_id(key) and _names(value, ids, constants):
                yield node.lineno, "looks something up by the id of a section"
            case ast.Match(subject=subject, cases=cases) if _is_id(subject):
                if any(_names(one, ids, constants) for case in cases for one in ast.walk(case.pattern)):
                    yield node.lineno, "compares the id of a section"


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Values that are given a name anywhere in the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from ((one.id, node.value) for one in node.targets if isinstance(one, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _is_id(node: ast.AST) -> bool:
    """`section.id`, `question.passage`, or that cut or with its letters changed."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return isinstance(node, ast.Attribute) and node.attr in _HOLDERS


def _names(node: ast.AST, ids: frozenset[str], constants: dict[str, ast.expr]) -> bool:
    """Whether an expression holds the id of a section as a literal, itself or by the name of a constant."""
    if isinstance(node, ast.Name):
        return node.id in constants
    return any(isinstance(one, ast.Constant) and one.value in ids for one in ast.walk(node))
