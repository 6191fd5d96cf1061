"""Reads tokens by the grammar: a chart of what each rule reads from each place, filled where it is asked for.

A cell holds every end that a rule can reach from a place, each with the set of its meanings. What is read once is not
read again. Too many meanings, tokens or steps refuse the sentence: one that is that hard to read misleads people too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from report_gen.guard.reader.meaning import EMPTY, Meaning, joined, listed, named, paired, stated
from report_gen.guard.reader.notation import Way
from report_gen.guard.reader.rules import Grammar, Graph
from report_gen.guard.reader.tokens import Token

__all__ = ["MOST_MEANINGS", "MOST_STEPS", "MOST_TOKENS", "TermsAt", "TooHard", "WaysRead", "readings"]

MOST_TOKENS: Final = 120
MOST_MEANINGS: Final = 16
MOST_STEPS: Final = 10_000

TermsAt: TypeAlias = Mapping[str, Sequence[tuple[int, Meaning]]]
"""Terms at a place, by terminal: where each ends, and what it means."""
_Ways: TypeAlias = "dict[int, set[Meaning]]"
_At: TypeAlias = "tuple[int, int, Meaning]"
"""A node of a rule, the place in the text that it was reached at, and the meaning of what lies between."""


class TooHard(Exception):
    """A sentence has more tokens, meanings or steps than are read."""


@dataclass(slots=True)
class _Chart:
    grammar: Grammar
    tokens: Sequence[Token]
    found: Sequence[TermsAt]
    opening: str
    """The first token as it would be inside a sentence."""
    cells: dict[tuple[str, int], _Ways] = field(default_factory=dict)
    steps: int = 0
    reached: int = 0


@dataclass(frozen=True, slots=True)
class WaysRead:
    """What came of reading some words."""

    meanings: frozenset[Meaning]
    """Every meaning that they have. Empty: they cannot be read."""
    reached: int
    """Tokens that some rule read, from the first on; where it is not all of them, the next is the word at fault."""


def readings(grammar: Grammar, start: str, words: Sequence[Token], found: Sequence[TermsAt]) -> WaysRead:
    """Every meaning that the words have by a rule, each covering all of them.

    Args:
        grammar: The grammar.
        start: The rule.
        words: The tokens.
        found: The terms at each of them.

    Raises:
        TooHard: There are too many tokens, meanings or steps.
    """
    if len(words) > MOST_TOKENS:
        raise TooHard
    if not words:
        return WaysRead(frozenset(), 0)
    first = words[0].word
    chart = _Chart(grammar, words, found, first[:1].lower() + first[1:])
    meanings = _cell(chart, start, 0).get(len(words), ())
    return WaysRead(frozenset(meanings), chart.reached)


def _cell(chart: _Chart, name: str, at: int) -> _Ways:
    """What a rule reads from a place: every end, with the meanings that reach it."""
    key = (name, at)
    cell = chart.cells.get(key)
    if cell is not None:
        return cell
    cell = chart.cells[key] = {}
    graph = chart.grammar.graphs[name]
    if not _may_begin(chart, graph, at):
        return cell
    work: list[_At] = [(0, at, EMPTY)]
    seen = {work[0]}
    while work:
        state = work.pop()
        node, place, meaning = state
        if node == 1:
            _end(cell, place, stated(graph.says, meaning, graph.shares) if graph.says else meaning)
            continue
        chart.reached = max(chart.reached, place)
        for after in _steps(chart, graph, state):
            if after not in seen:
                seen.add(after)
                work.append(after)
    return cell


def _end(cell: _Ways, place: int, meaning: Meaning | None) -> None:
    if meaning is None:
        return
    meanings = cell.setdefault(place, set())
    meanings.add(meaning)
    if len(meanings) > MOST_MEANINGS:
        raise TooHard


def _steps(chart: _Chart, graph: Graph, state: _At) -> Iterator[_At]:
    """Where a state leads by one edge."""
    node, place, meaning = state
    for edge, target in graph.edges[node]:
        chart.steps += 1
        if chart.steps > MOST_STEPS:
            raise TooHard
        if edge.word:
            if _is(chart, place, edge.word):
                yield target, place + 1, meaning
        elif edge.target:
            for end, part in _parts(chart, edge.target, place):
                own = named(edge.role, part) if edge.role else part
                both = _together(graph.way, meaning, own) if own is not None else None
                if both is not None:
                    yield target, end, both
        else:
            both = meaning if edge.value is None else joined(meaning, edge.value)
            if both is not None:
                yield target, place, both


def _is(chart: _Chart, place: int, word: str) -> bool:
    if place >= len(chart.tokens):
        return False
    return chart.tokens[place].word == word or (place == 0 and chart.opening == word)


def _parts(chart: _Chart, target: str, place: int) -> Iterable[tuple[int, Meaning]]:
    if target.startswith("@"):
        return chart.found[place].get(target, ()) if place < len(chart.tokens) else ()
    return [(end, meaning) for end, meanings in _cell(chart, target, place).items() for meaning in meanings]


def _together(way: Way, first: Meaning, second: Meaning) -> Meaning | None:
    if first is EMPTY:
        return second
    if way == "listed":
        return listed(first, second)
    if way == "paired" and len(first.rows) > 1 and len(second.rows) > 1:
        return paired(first, second)
    return joined(first, second)


def _may_begin(chart: _Chart, graph: Graph, at: int) -> bool:
    if at >= len(chart.tokens):
        return False
    if chart.tokens[at].word in graph.words or (at == 0 and chart.opening in graph.words):
        return True
    return not graph.terms.isdisjoint(chart.found[at])
