"""Finds where printed English is turned back into data: compared, searched, parted or parsed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PARTING = frozenset(
    {
        "casefold",
        "count",
        "endswith",
        "find",
        "index",
        "partition",
        "removeprefix",
        "removesuffix",
        "rpartition",
        "rsplit",
        "split",
        "splitlines",
        "startswith",
    }
)
"""Methods of a string that take it apart or look into it."""
SEARCHING = frozenset({"findall", "finditer", "fromisoformat", "fullmatch", "match", "search", "split", "sub"})
"""Functions that read the string they are given."""


def printed_text_read(source: str, place: str) -> list[str]:
    """Places in a module where the text of a fact's value, or a printed term, decides something.

    `fact.text(name)` is for printing, and whether it is empty may be asked. `fact.words(name)` gives a person's own
    words, which may be searched. What a template sentence says stands in its states, not in its words.
    """
    return [f"{place}:{node.lineno} {why}" for node, why in _found(ast.parse(source))]


def _found(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            empty = any(isinstance(side, ast.Constant) and side.value == "" for side in sides)
            if not empty and any(_printed(side) for side in sides):
                yield node, "compares a printed text"
        elif isinstance(node, ast.Subscript) and _is_text(node.value):
            yield node, "cuts a printed text"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in PARTING and _is_text(node.func.value):
                yield node, "parts a printed text"
            if node.func.attr in SEARCHING and any(_is_text(given) for given in node.args):
                yield node, "parses a printed text"
            if node.func.attr == "join" and any(_reads_template(given) for given in node.args):
                yield node, "reads the template's sentences again"
        elif isinstance(node, ast.DictComp) and _printed(node.key):
            yield node, "looks a code up by its printed term"


def _reads_template(node: ast.expr) -> bool:
    """`row.text for row in unit.template`: the English of what a wording stands for."""
    if not isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        return False
    over = node.generators[0].iter
    return isinstance(over, ast.Attribute) and over.attr == "template" and isinstance(node.elt, ast.Attribute)


def _printed(node: ast.expr) -> bool:
    return _is_text(node) or _is_term(node)


def _is_text(node: ast.expr) -> bool:
    """`something.text("name")`, or that with its letters changed."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr in ("lower", "casefold", "strip"):
        return _is_text(node.func.value)
    return node.func.attr == "text" and bool(node.args) and isinstance(node.args[0], (ast.Constant, ast.Name))


def _is_term(node: ast.expr) -> bool:
    """The printed term of a code: `entry.display`, `vocabulary.display(code)`, `vocabulary.label(code)`."""
    if isinstance(node, ast.Attribute):
        return node.attr in ("display", "abbreviation")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("lower", "casefold"):
            return _is_term(node.func.value)
        return node.func.attr in ("display", "label") and bool(node.args)
    return False


def modules(package: Path, *, but: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Every module of the package with its source, rooms of these names left out."""
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package).as_posix()
        if place.partition("/")[0] not in but:
            yield place, path.read_text(encoding="utf-8")
