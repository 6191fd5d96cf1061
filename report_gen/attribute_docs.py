"""Docstrings of attributes as descriptions of a JSON Schema, read from the source only when a schema is made.

Pydantic can do this while it builds each model (`use_attribute_docstrings`); it then reads and parses all our source at
every start of the program, which costs a report more time than its facts and its text together.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Mapping
from itertools import pairwise
from types import ModuleType
from typing import Any

__all__ = ["attribute_docs", "describe"]


def attribute_docs(modules: Iterable[ModuleType]) -> dict[str, dict[str, str]]:
    """The docstring below each annotated attribute, by class and attribute, white space folded; inherited ones too.

    Args:
        modules: Modules whose classes are read, base classes included. Without its source, a module gives none.

    Raises:
        ValueError: Two of the modules define a class of the same name.
    """
    classes: dict[str, ast.ClassDef] = {}
    for module in modules:
        try:
            source = inspect.getsource(module)
        except OSError:
            continue
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef):
                if node.name in classes:
                    raise ValueError(f"two classes are called {node.name}")
                classes[node.name] = node
    return {name: _with_inherited(node, classes) for name, node in classes.items()}


def _with_inherited(kind: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> dict[str, str]:
    docs: dict[str, str] = {}
    for base in reversed(kind.bases):
        if isinstance(base, ast.Name) and base.id in classes:
            docs |= _with_inherited(classes[base.id], classes)
    return docs | _docs(kind)


def _docs(kind: ast.ClassDef) -> dict[str, str]:
    docs: dict[str, str] = {}
    for node, below in pairwise(kind.body):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
            and isinstance(below.value.value, str)
        ):
            docs[node.target.id] = " ".join(below.value.value.split())
    return docs


def describe(schema: dict[str, Any], docs: dict[str, dict[str, str]]) -> dict[str, Any]:
    """The schema with a description for each property that has a docstring; one that is there already stays.

    Args:
        schema: JSON Schema whose title, and the names of whose definitions, are names of classes.
        docs: As `attribute_docs` gives them.
    """
    definitions = {name: _described(node, docs.get(name, {})) for name, node in schema.get("$defs", {}).items()}
    described = _described(schema, docs.get(schema.get("title", ""), {}))
    return described | {"$defs": definitions} if definitions else described


def _described(node: dict[str, Any], docs: dict[str, str]) -> dict[str, Any]:
    if "properties" not in node:
        return node
    return node | {
        "properties": {
            name: {"description": docs[name]} | value if name in docs else value
            for name, value in node["properties"].items()
        }
    }
