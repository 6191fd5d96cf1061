"""The notation of the grammar: rules with alternatives, each with a sentence or words that it reads and their meaning.

A file holds rules. A rule begins at the margin with its name, and with the kind of proposition where its words state
one. Its alternatives stand indented beneath; under each, `e.g.` gives words that it reads, `means` what they mean::

    act: act
        the {actor:@roles} {deed}
            e.g. the surgeon paused surgery
            means act(actor=surgeon, done=pause_surgery)

A head such as ``acts: act, sharing actor`` shares what its words leave out: a row without an actor has that of the row
before it.

In an alternative

- ``{rule}`` is what another rule reads; ``{name:rule}`` gives the values it leaves unnamed that name; ``{@terminal}``
  and ``{name:@terminal}`` are terms, times, numbers and quotations (`terms`);
- a ``+`` behind a rule or terminal is a list (`a`, `a and b`, `a, b, and c`), a ``,`` a list with commas alone, a ``;``
  one with semicolons;
- ``{=name:value}`` is a value that the words around it state, ``{=name:one & other}`` several;
- ``[...]`` may be there, ``[a|b]`` is one of them or nothing, ``<a|b>`` is one of them;
- a name that begins with ``same_``, as in ``{same_to:@roles}``, is a value said again: what is stated must have it as
  ``to`` already;
- ``{=then:later}`` says that a row is later than the row before it: both must have a time, and the second the later;
- a ``~`` at the beginning pairs the lists of an alternative member by member, in the order said; a ``+`` there lists
  its parts, one beside the other;
- everything else is words as they stand. Lines that begin with ``#`` are for people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["Alternative", "GrammarRule", "OneOf", "Reference", "SaidValue", "Symbol", "Way", "parse_rules"]

ListMark: TypeAlias = Literal["", "+", ",", ";"]
Way: TypeAlias = Literal["joined", "listed", "paired"]
"""How the parts of an alternative come together."""
_WAYS: Final[Mapping[str, Way]] = {"": "joined", "~ ": "paired", "+ ": "listed"}
"""By the mark that an alternative begins with."""

_SLOT: Final = re.compile(
    r"\{(?:=(?P<name>[a-z_]+):(?P<value>[^{}]+)"
    r"|(?:(?P<role>[a-z_]+):)?(?P<target>@?[a-z_.]+)(?P<series>[+,;]?))\}"
)
_HEAD: Final = re.compile(
    r"(?P<name>[a-z_]+)(?:: (?P<says>[a-z_]+)(?:, sharing (?P<shares>[a-z_]+(?: and [a-z_]+)*))?)?"
)


_Written: TypeAlias = "tuple[str, list[str], list[str]]"
"""An alternative as the file has it, its examples, and what they mean."""
_BENEATH: Final[Mapping[str, Literal[1, 2]]] = {"e.g.": 1, "means": 2}
"""What stands beneath an alternative, and where it is kept."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What another rule, or a terminal, reads."""

    target: str
    """Name of the rule; a terminal begins with `@`."""
    role: str = ""
    """Name that unnamed values get. Empty: none."""
    series: ListMark = ""
    """How several are listed. Empty: it is one."""


@dataclass(frozen=True, slots=True)
class SaidValue:
    """A value that the words around it state."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several ways, or nothing where that is allowed."""

    ways: tuple[tuple[Symbol, ...], ...]
    optional: bool


Symbol: TypeAlias = "str | Reference | SaidValue | OneOf"
"""Words, a reference, a value, or a choice."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to say what a rule reads."""

    items: tuple[Symbol, ...]
    """What it consists of, in order."""
    way: Way
    """How its parts come together."""
    text: str
    """As the file has it."""
    examples: tuple[tuple[str, str], ...]
    """Words that it reads, each with their meaning."""


@dataclass(frozen=True, slots=True)
class GrammarRule:
    """A rule with its alternatives."""

    name: str
    says: str
    """Kind of proposition that its words state. Empty: none."""
    shares: tuple[str, ...]
    """Names of what each row has from the row before it where it does not say it."""
    alternatives: tuple[Alternative, ...]


def parse_rules(text: str, source: str) -> tuple[GrammarRule, ...]:
    """The rules of one file.

    Args:
        text: What the file holds.
        source: Its name, for errors.

    Raises:
        ValueError: A line cannot be read, a rule has no alternative, or an alternative no example with its meaning.
    """
    rules: list[GrammarRule] = []
    head: re.Match[str] | None = None
    rows: list[_Written] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        if line.startswith(" "):
            if head is None:
                raise ValueError(f"{source}:{number}: an alternative without a rule")
            _put_line(words, rows, f"{source}:{number}")
            continue
        if head is not None:
            rules.append(_rule(head, rows, source))
        head, rows = _HEAD.fullmatch(words), []
        if head is None:
            raise ValueError(f"{source}:{number}: no name of a rule")
    if head is not None:
        rules.append(_rule(head, rows, source))
    return tuple(rules)


def _put_line(words: str, rows: list[_Written], place: str) -> None:
    """Add an alternative, or an example or a meaning to the last one."""
    mark, _, rest = words.partition(" ")
    if mark not in _BENEATH:
        rows.append((words, [], []))
    elif not rows:
        raise ValueError(f"{place}: an example of nothing")
    else:
        rows[-1][_BENEATH[mark]].append(rest)


def _rule(head: re.Match[str], rows: Sequence[_Written], source: str) -> GrammarRule:
    if not rows:
        raise ValueError(f"{source}: {head['name']} has no alternative")
    alternatives: list[Alternative] = []
    for text, examples, meanings in rows:
        if len(examples) != len(meanings) or not examples:
            raise ValueError(f"{source}: {text!r} needs an example and what it means")
        mark = text[:2] if text[:2] in _WAYS else ""
        try:
            items, _ = _sequence(text.removeprefix(mark), 0, "")
        except ValueError as error:
            raise ValueError(f"{source}: {text!r}: {error}") from None
        pairs = zip(examples, meanings, strict=True)
        alternatives.append(Alternative(items, _WAYS[mark], text, tuple(pairs)))
    shares = tuple((head["shares"] or "").split(" and ")) if head["shares"] else ()
    return GrammarRule(head["name"], head["says"] or "", shares, tuple(alternatives))


def _sequence(text: str, at: int, stops: str) -> tuple[tuple[Symbol, ...], int]:
    """Items up to one of the characters `stops`, and where that stands."""
    items: list[Symbol] = []
    while at < len(text) and text[at] not in stops:
        if text[at] in "[<":
            close = "]" if text[at] == "[" else ">"
            ways: list[tuple[Symbol, ...]] = []
            start = text[at]
            while not ways or text[at] == "|":
                way, at = _sequence(text, at + 1, "|" + close)
                ways.append(way)
                if at == len(text):
                    raise ValueError("a bracket is not closed")
            items.append(OneOf(tuple(ways), start == "["))
            at += 1
        elif text[at] == "{":
            match = _SLOT.match(text, at)
            if match is None:
                raise ValueError(f"no slot at {at}")
            items.append(_slot(match))
            at = match.end()
        elif text[at] in "]>}|":
            raise ValueError(f"unexpected {text[at]!r} at {at}")
        else:
            end = next((place for place in range(at + 1, len(text)) if text[place] in "[]<>{}|"), len(text))
            if text[at:end].strip():
                items.append(text[at:end].strip())
            at = end
    return tuple(items), at


def _slot(match: re.Match[str]) -> Reference | SaidValue:
    if match["name"]:
        return SaidValue(match["name"], match["value"])
    series: ListMark = match["series"]  # type: ignore[assignment] # the expression allows these alone
    return Reference(match["target"], match["role"] or "", series)
