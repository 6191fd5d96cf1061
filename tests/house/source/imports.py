"""Reads who imports whom out of a package's source, without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Import:
    """One import statement, resolved to the module it reaches."""

    importer: str
    """Dotted name of the importing module."""
    target: str
    """Dotted name of the imported module."""
    line: int
    """Line of the statement."""
    at_module_level: bool
    """Runs when the importer is imported."""
    typing_only: bool
    """Stands under `if TYPE_CHECKING:` and never runs."""

    def __str__(self) -> str:
        """The place and the edge, for a failure message."""
        return f"{self.importer}:{self.line} imports {self.target}"


def modules(package: Path) -> dict[str, Path]:
    """Every module of the package folder by dotted name; a package stands for its `__init__`."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = [package.name, *path.relative_to(package).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(package: Path) -> list[Import]:
    """Every import of every module of the package, those inside functions included."""
    known = modules(package)
    found: list[Import] = []
    for name, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        found += _walk(tree, name, path.name == "__init__.py", known)
    return found


def _walk(tree: ast.Module, name: str, is_package: bool, known: dict[str, Path]) -> Iterator[Import]:
    pending: list[tuple[ast.AST, bool, bool]] = [(tree, True, False)]
    while pending:
        node, top, typing_only = pending.pop()
        for target in _targets(node, name, is_package, known):
            yield Import(name, target, getattr(node, "lineno", 0), top, typing_only)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            top = False
        guarded = isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        body = set(map(id, node.body)) if isinstance(node, ast.If) else set()
        for child in ast.iter_child_nodes(node):
            pending.append((child, top, typing_only or (guarded and id(child) in body)))


def _targets(node: ast.AST, name: str, is_package: bool, known: dict[str, Path]) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = name.split(".")
            anchor = parts[: len(parts) - node.level + is_package]
            base = ".".join([*anchor, base] if base else anchor)
        reached = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base for alias in node.names]
        return list(dict.fromkeys(reached))
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
        return [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return []


def cycles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other in a circle (strongly connected components larger than one)."""
    reach = {start: _reachable(start, edges) for start in edges}
    groups = {
        tuple(sorted(other for other in reach[start] if start in reach.get(other, ())))
        for start in edges
        if start in reach[start]
    }
    return [list(group) for group in sorted(groups)]


def _reachable(start: str, edges: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    pending = list(edges[start])
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending += edges.get(node, ())
    return seen
