"""Whether each value of a listing stands with its own place: the percentage of the left muscle with the left muscle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from report_gen.guard.expectation import BoundValue, Expectation
from report_gen.guard.lexicon import stem_of
from report_gen.guard.reading import SentenceReading, Token

__all__ = ["pairs_hold"]

_SIDES: Final = ("left", "right", "both", "midline")
_MOST_CHUNKS: Final = 6


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str
    """`side`, `site`, `value`, or `break` where a place that has no value yet is left."""
    word: str


def pairs_hold(reading: SentenceReading, expected: Expectation) -> bool:
    """Whether the sentence can be read so that every value belongs to its place; each part may name either first."""
    in_turn = any(token.raw == "respectively" for token in reading.tokens)
    for breaks in ((";", ".", "lead"), (";", "."), (";", ".", "while", "whereas", "but")):
        items = list(_items(reading, expected.pairs, breaks))
        chunks = _chunks(_in_turn(items) if in_turn else items)
        readings = [(_forward(chunk), _forward(chunk[::-1])) for chunk in chunks][:_MOST_CHUNKS]
        if any(
            _covers([placed for part in choice for placed in part], expected.pairs) for choice in product(*readings)
        ):
            return True
        if _covers(_forward(items), expected.pairs):
            return True
    return False


def _chunks(items: Sequence[_Item]) -> list[list[_Item]]:
    """Runs between breaks that hold a value."""
    runs: list[list[_Item]] = [[]]
    for item in items:
        if item.kind == "break":
            runs.append([])
        else:
            runs[-1].append(item)
    return [run for run in runs if any(item.kind == "value" for item in run)]


def _items(reading: SentenceReading, pairs: Sequence[BoundValue], breaks: Sequence[str]) -> Iterator[_Item]:
    sites = {site for pair in pairs for site in pair.sites}
    values = {pair.value for pair in pairs}
    words = {word: value for value in values for word in value.split()}
    last = ""
    for token in reading.tokens:
        if token.raw in breaks or ("lead" in breaks and "lead" in _names_of(token)):
            yield _Item("break", "")
        value = _value_of(token, values, words)
        if value:
            if value != last:
                yield _Item("value", value)
            last = value if token.kind in ("term", "claim", "unknown") else ""
            continue
        for name in _names_of(token):
            if name in _SIDES or name in sites:
                yield _Item("side" if name in _SIDES else "site", name)
                last = ""


def _value_of(token: Token, values: set[str], words: dict[str, str]) -> str:
    if token.kind == "mask":
        name = f"mask {token.mask}"
        return name if name in values else ""
    if token.kind == "number":
        return token.value if token.value in values else ""
    return next((words[name] for name in _names_of(token) if name in words), "")


def _names_of(token: Token) -> tuple[str, ...]:
    if token.kind == "term":
        return token.meanings[0]
    return (f"word.{stem_of(token.raw)}",) if token.kind in ("claim", "unknown") else ()


def _in_turn(items: Sequence[_Item]) -> list[_Item]:
    """`left and right TA 9% and 45%, respectively`: places and values taken in turn."""
    ordered: list[_Item] = []
    places: list[_Item] = []
    values: list[_Item] = []

    def flush() -> None:
        sides = [item for item in places if item.kind == "side"]
        sites = [item for item in places if item.kind == "site"]
        if sides and sides[0].word == "both":
            sides = [_Item("side", "left"), _Item("side", "right")]
        if len(values) > 1 and len(sides) == len(values):
            for side, value in zip(sides, values, strict=True):
                ordered.extend([side, *sites, value])
        elif len(values) > 1 and len(sites) == len(values):
            for site, value in zip(sites, values, strict=True):
                ordered.extend([*sides[:1], site, value])
        else:
            ordered.extend([*places, *values])
        places.clear()
        values.clear()

    for item in items:
        if item.kind == "break":
            flush()
            ordered.append(item)
            continue
        if item.kind != "value" and values:
            flush()
        (values if item.kind == "value" else places).append(item)
    flush()
    return ordered


def _forward(items: Sequence[_Item]) -> list[tuple[str, frozenset[str], str]]:
    """Each value with the places named since the value before it; what is not named again is carried on."""
    placed_values: list[tuple[str, frozenset[str], str]] = []
    sides: list[str] = []
    sites: set[str] = set()
    kept: tuple[tuple[str, ...], frozenset[str]] = ((), frozenset())
    for index, item in enumerate(items):
        following = items[index + 1].kind if index + 1 < len(items) else ""
        if item.kind == "break" or (item.kind == "side" and following == "site" and sites and not sides):
            sites = set()
        if item.kind == "side":
            sides.append(item.word)
        elif item.kind == "site":
            sites.add(item.word)
        elif item.kind == "value":
            named = tuple(dict.fromkeys(sides))
            # A place named anew brings its own side, or has none.
            now = (named or (() if sites else kept[0]), frozenset(sites) or kept[1])
            side = "both" if set(now[0]) >= {"left", "right"} else (now[0][0] if len(now[0]) == 1 else "")
            placed_values.append((side, now[1], item.word))
            kept = now
            sides, sites = [], set()
    return placed_values


def _covers(placed_values: Sequence[tuple[str, frozenset[str], str]], pairs: Sequence[BoundValue]) -> bool:
    """Whether the values found are those of the pairs, each pair once."""
    open_pairs = list(pairs)
    for side, sites, value in placed_values:
        allowed = {"left", "right", "both"} if side == "both" else {side}
        mine = [
            pair
            for pair in open_pairs
            if pair.value == value and (pair.side in allowed or not pair.side) and pair.sites <= sites
        ]
        named = frozenset(site for pair in mine for site in pair.sites)
        every = frozenset(site for pair in pairs for site in pair.sites)
        if not mine or named != sites & every:
            return False
        if side == "both" and not _both(mine):
            return False
        for pair in mine:
            open_pairs.remove(pair)
    return not open_pairs


def _both(pairs: Sequence[BoundValue]) -> bool:
    sides = {pair.side for pair in pairs}
    return sides >= {"left", "right"} or "both" in sides
