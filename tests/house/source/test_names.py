"""One name for one thing: a class of one room is not called as one of another, but for what mirrors the contract."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import report_gen
from tests.house.source.printed import modules

PACKAGE = Path(report_gen.__file__).parent
CONTRACT = ("case/", "vocab/entries.py")
"""Where the nouns of the contract and of its vocabularies stand."""
MIRRORS = ("facts/views/", "claim/record", "vocab/entries.py")
"""Rooms whose values mirror them under the same noun, such as the reading of a view."""
VIEWED_OF_VIEWS = frozenset({"Modality"})
"""Nouns that only mirrors share: the contract says `ModalityUse`."""


def classes(sources: Mapping[str, str]) -> Mapping[str, list[str]]:
    """Modules that define each top-level class or type alias, without the underscore of a private one."""
    found: dict[str, list[str]] = defaultdict(list)
    for place, source in sources.items():
        for name in _defined(ast.parse(source)):
            found[name.lstrip("_")].append(place)
    return found


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
            yield ast.unparse(node.target)


def homonyms(sources: Mapping[str, str]) -> list[str]:
    """Names of two classes of which not all but one mirror the contract."""
    return [
        f"{name}: {', '.join(places)}"
        for name, places in classes(sources).items()
        if len([place for place in places if not place.startswith(MIRRORS)]) > 1
        or (len(places) > 1 and not any(place.startswith(CONTRACT) for place in places))
    ]


def test_no_class_is_called_as_another():
    """Whoever reads `Notification` knows which, from whatever room they come."""
    assert homonyms(dict(modules(PACKAGE, but=frozenset()))) == []


def test_a_second_class_of_a_name_is_found():
    """Public or private, and a type alias as well; what mirrors the contract may bear its noun."""
    sources = {
        "case/events.py": "class Reading: ...",
        "facts/views/courses.py": "class Reading: ...",
        "guard/reading.py": "class Reading: ...\nclass _Frame: ...",
        "render/figures/pen.py": "Frame: TypeAlias = int",
        "claim/record.py": "class Payer: ...",
    }
    assert homonyms(sources) == [
        "Reading: case/events.py, facts/views/courses.py, guard/reading.py",
        "Frame: guard/reading.py, render/figures/pen.py",
    ]
