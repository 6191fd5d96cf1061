"""Reads tokens by the grammar: a chart of what each rule reads from each place, filled where it is asked for.

A cell holds every end that a rule can reach from a place, each with the set of its meanings. What is read once is not
read again. Too many meanings, tokens or steps refuse the sentence: one that is that hard to read misleads people too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from report_gen.guard.reader.meaning import EMPTY, Meaning, joined, listed, named, paired, stated
from report_gen.guard.reader.rules import Grammar, Way
from report_gen.guard.reader.tokens import Token

__all__ = ["MOST_MEANINGS", "MOST_STEPS", "MOST_TOKENS", "Found", "TooHard", "readings"]

MOST_TOKENS: Final = 120
MOST_MEANINGS: Final = 16
MOST_STEPS: Final = 40_000

Found: TypeAlias = Mapping[str, Sequence[tuple[int, Meaning]]]
"""Terms at a place, by terminal: where each ends, and what it means."""
_Cell: TypeAlias = "dict[int, set[Meaning]]"


class TooHard(Exception):
    """A sentence has more tokens, meanings or steps than are read."""


@dataclass(slots=True)
class _Chart:
    grammar: Grammar
    tokens: Sequence[Token]
    found: Sequence[Found]
    opening: str
    """The first token as it would be inside a sentence."""
    cells: dict[tuple[str, int], _Cell] = field(default_factory=dict)
    steps: int = 0


def readings(grammar: Grammar, start: str, words: Sequence[Token], found: Sequence[Found]) -> frozenset[Meaning]:
    """Every meaning that the words have by a rule, each covering all of them. Empty: they cannot be read.

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
        return frozenset()
    first = words[0].text
    chart = _Chart(grammar, words, found, first[:1].lower() + first[1:])
    return frozenset(_cell(chart, start, 0).get(len(words), ()))


def _cell(chart: _Chart, name: str, at: int) -> _Cell:
    """What a rule reads from a place."""
    key = (name, at)
    cell = chart.cells.get(key)
    if cell is not None:
        return cell
    cell = chart.cells[key] = {}
    graph = chart.grammar.graphs[name]
    if not _may_begin(chart, graph.words, graph.terms, at):
        return cell
    work: list[tuple[int, int, Meaning]] = [(0, at, EMPTY)]
    seen = {(0, at, EMPTY)}
    while work:
        node, place, meaning = work.pop()
        if node == 1:
            whole = stated(graph.says, meaning) if graph.says else meaning
            if whole is not None:
                meanings = cell.setdefault(place, set())
                meanings.add(whole)
                if len(meanings) > MOST_MEANINGS:
                    raise TooHard
            continue
        for edge, target in graph.edges[node]:
            chart.steps += 1
            if chart.steps > MOST_STEPS:
                raise TooHard
            if edge.word:
                if place < len(chart.tokens) and (
                    chart.tokens[place].text == edge.word or (place == 0 and chart.opening == edge.word)
                ):
                    _put((target, place + 1, meaning), work, seen)
            elif edge.target:
                for end, part in _parts(chart, edge.target, place):
                    own = named(edge.role, part, together=edge.together) if edge.role else part
                    both = _together(graph.way, meaning, own) if own is not None else None
                    if both is not None:
                        _put((target, end, both), work, seen)
            else:
                both = meaning if edge.value is None else joined(meaning, edge.value)
                if both is not None:
                    _put((target, place, both), work, seen)
    return cell


def _parts(chart: _Chart, target: str, place: int) -> list[tuple[int, Meaning]]:
    if target.startswith("@"):
        return list(chart.found[place].get(target, ())) if place < len(chart.tokens) else []
    return [(end, meaning) for end, meanings in _cell(chart, target, place).items() for meaning in meanings]


def _put(
    state: tuple[int, int, Meaning], work: list[tuple[int, int, Meaning]], seen: set[tuple[int, int, Meaning]]
) -> None:
    if state not in seen:
        seen.add(state)
        work.append(state)


def _together(way: Way, first: Meaning, second: Meaning) -> Meaning | None:
    if first is EMPTY:
        return second
    if way == "listed":
        return listed(first, second)
    if way == "paired" and len(first.rows) > 1 and len(second.rows) > 1:
        return paired(first, second)
    return joined(first, second)


def _may_begin(chart: _Chart, words: frozenset[str], terms: frozenset[str], at: int) -> bool:
    if at >= len(chart.tokens):
        return False
    if chart.tokens[at].text in words or (at == 0 and chart.opening in words):
        return True
    return not terms.isdisjoint(chart.found[at])
