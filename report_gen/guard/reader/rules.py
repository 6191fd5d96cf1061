"""The rules compiled: each rule a graph whose edges are words, terms and other rules; alternatives share beginnings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from report_gen.errors import AssetError
from report_gen.guard.reader.meaning import Meaning
from report_gen.guard.reader.notation import GrammarRule, OneOf, Reference, SaidValue, Symbol, Way, parse_rules
from report_gen.guard.reader.tokens import tokens

__all__ = ["Edge", "Grammar", "Graph", "compiled", "grammar", "grammar_digest", "grammar_rules"]

_FOLDER: Final = Path(__file__).parent / "grammar"
_SERIES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "+": (("and",), (",", "and")),
    ",": ((",",),),
    ";": ((";",),),
}
"""What stands before the last member of a list; before the others stands its mark alone."""
_MARK: Final = {"+": ",", ",": ",", ";": ";"}


@dataclass(frozen=True, slots=True)
class Edge:
    """A step from one node to another: a word, a term, another rule, a value, or nothing."""

    word: str = ""
    """The token that is read. Empty: none."""
    target: str = ""
    """The terminal (with `@`) or rule that reads. Empty: none."""
    role: str = ""
    value: Meaning | None = None
    """What is said without a word. None: nothing."""


@dataclass(slots=True)
class Graph:
    """One rule. Nodes are numbers; reading begins at 0 and ends at 1."""

    says: str
    way: Way = "joined"
    shares: tuple[str, ...] = ()
    """Names of what a row has from the row before it where it does not say it."""
    edges: list[list[tuple[Edge, int]]] = field(default_factory=lambda: [[], []])
    words: frozenset[str] = frozenset()
    """Tokens that it can begin with."""
    terms: frozenset[str] = frozenset()
    """Terminals that it can begin with."""

    def node(self) -> int:
        """A new node."""
        self.edges.append([])
        return len(self.edges) - 1


@dataclass(frozen=True, slots=True)
class Grammar:
    """All rules, by name."""

    graphs: Mapping[str, Graph]


@cache
def grammar_rules() -> tuple[GrammarRule, ...]:
    """The rules of all files, in the order of the files' names.

    Raises:
        AssetError: A file cannot be read.
    """
    rules: list[GrammarRule] = []
    for path in sorted(_FOLDER.glob("*.grammar")):
        try:
            rules.extend(parse_rules(path.read_text(encoding="utf-8"), path.name))
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise AssetError(
                "assets.grammar", f"the grammar {path.name!r} is damaged; install report_gen again"
            ) from error
    return tuple(rules)


@cache
def grammar_digest() -> str:
    """SHA-256 over the files of the grammar, in hexadecimal."""
    digest = hashlib.sha256()
    for path in sorted(_FOLDER.glob("*.grammar")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def grammar() -> Grammar:
    """The grammar of this version, compiled once.

    Raises:
        AssetError: It does not hold together.
    """
    try:
        return compiled(grammar_rules())
    except ValueError as error:
        raise AssetError("assets.grammar", f"the grammar is damaged; install report_gen again ({error})") from error


def compiled(rules: Sequence[GrammarRule]) -> Grammar:
    """Rules as graphs.

    Raises:
        ValueError: Two rules share a name, a reference names no rule, or a rule can begin with itself.
    """
    graphs: dict[str, Graph] = {}
    series: dict[str, tuple[str, str]] = {}
    for rule in rules:
        if rule.name in graphs:
            raise ValueError(f"two rules are called {rule.name}")
        graph = graphs[rule.name] = Graph(rule.says, shares=rule.shares)
        for number, alternative in enumerate(rule.alternatives):
            if alternative.way != "joined":
                # Its own rule, since its parts come together in another way.
                name = f"{rule.name}~{number}"
                own = graphs[name] = Graph("", alternative.way)
                _add(own, 0, alternative.items, 1, series)
                graph.edges[0].append((Edge(target=name), 1))
            else:
                _add(graph, 0, alternative.items, 1, series)
    for name, (target, mark) in series.items():
        _list(graphs, name, target, mark)
    for name, graph in graphs.items():
        for target in {edge.target for row in graph.edges for edge, _ in row if edge.target}:
            if not target.startswith("@") and target not in graphs:
                raise ValueError(f"{name} names {target}, which is no rule")
    for name in graphs:
        graphs[name].words, graphs[name].terms = _begins(graphs, name, ())
    return Grammar(graphs)


def _add(graph: Graph, at: int, items: Sequence[Symbol], end: int, series: dict[str, tuple[str, str]]) -> None:
    """Add a path for the items from one node to another."""
    steps = list(_steps(items, series))
    if not steps:
        graph.edges[at].append((Edge(), end))
    for place, step in enumerate(steps):
        last = place == len(steps) - 1
        if isinstance(step, OneOf):
            after = end if last else graph.node()
            for way in step.ways:
                _add(graph, at, way, after, series)
            if step.optional:
                graph.edges[at].append((Edge(), after))
            at = after
            continue
        shared = None if last else _same(graph, at, step)
        target = end if last else shared if shared is not None else graph.node()
        if shared is None:
            graph.edges[at].append((step, target))
        at = target


def _steps(items: Sequence[Symbol], series: dict[str, tuple[str, str]]) -> Iterator[Edge | OneOf]:
    """Items as edges; a choice stays one. Lists that they name are added to `series`."""
    for item in items:
        if isinstance(item, str):
            yield from (Edge(word=token.word) for token in tokens(item))
        elif isinstance(item, SaidValue):
            yield Edge(value=Meaning(tuple(frozenset({(item.name, one)}) for one in item.value.split(" & "))))
        elif isinstance(item, Reference):
            yield _reference(item, series)
        else:
            yield item


def _same(graph: Graph, at: int, step: Edge) -> int | None:
    """A node that the same step leads to already, and nothing else does."""
    for edge, target in graph.edges[at]:
        if edge == step and target > 1 and sum(to == target for row in graph.edges for _, to in row) == 1:
            return target
    return None


def _reference(item: Reference, series: dict[str, tuple[str, str]]) -> Edge:
    target = item.target
    if item.series:
        target = f"list of {item.target}{item.series}"
        series[target] = (item.target, item.series)
    return Edge(target=target, role=item.role)


def _list(graphs: dict[str, Graph], name: str, target: str, mark: str) -> None:
    """The rule of a list: one member, or one and the rest behind its mark."""
    whole, rest = Graph("", "listed"), Graph("", "listed")
    member = Edge(target=target)
    after = whole.node()
    whole.edges[0].extend([(member, 1), (member, after)])
    whole.edges[after].append((Edge(target=name + "rest"), 1))
    for before in _SERIES[mark]:
        at = 0
        for word in before:
            node = rest.node()
            rest.edges[at].append((Edge(word=word), node))
            at = node
        rest.edges[at].append((member, 1))
    comma, more = rest.node(), rest.node()
    rest.edges[0].append((Edge(word=_MARK[mark]), comma))
    rest.edges[comma].append((member, more))
    rest.edges[more].append((Edge(target=name + "rest"), 1))
    graphs[name], graphs[name + "rest"] = whole, rest


def _begins(graphs: Mapping[str, Graph], name: str, above: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Words and terminals that a rule can begin with.

    Raises:
        ValueError: It can begin with itself, or read nothing.
    """
    if name in above:
        raise ValueError(f"{name} can begin with itself")
    graph = graphs[name]
    if graph.words or graph.terms:
        return graph.words, graph.terms
    words: set[str] = set()
    terms: set[str] = set()
    nodes, seen = [0], {0}
    while nodes:
        for edge, target in graph.edges[nodes.pop()]:
            if edge.word:
                words.add(edge.word)
            elif edge.target.startswith("@"):
                terms.add(edge.target)
            elif edge.target:
                more, others = _begins(graphs, edge.target, (*above, name))
                words |= more
                terms |= others
            elif target == 1:
                raise ValueError(f"{name} can read nothing")
            elif target not in seen:
                seen.add(target)
                nodes.append(target)
    return frozenset(words), frozenset(terms)
