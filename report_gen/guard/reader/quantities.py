"""Times of day, amounts with their units and lengths of time, each with every end that it can have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from report_gen.facts.wording import duration_text
from report_gen.guard.reader.meaning import Meaning, alone
from report_gen.guard.reader.tokens import Token
from report_gen.guard.reader.trie import Trie
from report_gen.vocab import vocabulary

__all__ = ["COUNTS", "amounts", "clocks", "durations"]

_UNITS: Final = (
    *("%", "mA", "V", "ms", "µV", "µs", "Hz", "mm", "s", "mmHg", "bpm", "°C", "MAC", "mL", "g/dL", "cm/s", "kΩ"),
    *("percentage points", "points"),
)
_MOST_DIGITS: Final = 6
"""Of a length of time; no case takes as many minutes."""
_ZONE: Final = re.compile(r"[A-Z]{2,5}")
"""Letters of a time zone behind a time."""
_TIME_UNITS: Final = {
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("s", "second", "seconds"), 1),
}
"""Seconds in each unit of a length of time."""
COUNTS: Final = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def clocks(words: Sequence[Token], place: int) -> list[tuple[int, Meaning]]:
    """A time of day as it is printed, alone or with the letters of its zone behind it (`01:22 EST`)."""
    ends = [(place + 1, alone(words[place].text))]
    if place + 1 < len(words) and _ZONE.fullmatch(words[place + 1].text):
        ends.append((place + 2, alone(f"{words[place].text} {words[place + 1].text}")))
    return ends


def amounts(words: Sequence[Token], place: int) -> list[tuple[int, Meaning]]:
    """A number with each unit that follows it."""
    node: Trie | None = _units()
    ends: list[tuple[int, Meaning]] = []
    end, unit = place + 1, ""
    while node is not None and end < len(words):
        node = node.next.get(words[end].word)
        unit += (" " if words[end].spaced and words[end].text != "%" else "") + words[end].text
        end += 1
        if node is not None and node.found:
            ends.append((end, alone(words[place].text + unit)))
    return ends


def durations(words: Sequence[Token], place: int) -> list[tuple[int, Meaning]]:
    """A length of time, such as `12 min`, `1 h 44 min`, `104 minutes` or `40 s`; means it as the report prints it.

    Seconds are read where the report prints them: it rounds those of longer times.
    """
    ends: list[tuple[int, Meaning]] = []
    minutes, end, largest = 0.0, place, 3600
    while end + 1 < len(words) and (unit := _TIME_UNITS.get(words[end + 1].text, 0)):
        count = _count(words[end].text)
        if unit > largest or count is None:
            break
        minutes += count * unit / 60
        end, largest = end + 2, unit - 1
        text = duration_text(minutes)
        if unit > 1 or text.endswith(" s"):
            ends.append((end, alone(text)))
        end += end < len(words) and words[end].text == "and"
    return ends


def _count(text: str) -> int | None:
    """A whole number without a sign, in figures or in words. None: it is none, or has more zeros than are printed."""
    if text.lower() in COUNTS:
        return COUNTS.index(text.lower()) + 1
    whole = text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS
    return int(text) if whole and (text[0] != "0" or len(text) <= len("05")) else None


@cache
def _units() -> Trie:
    trie = Trie()
    doses = (entry.display for entry in vocabulary("dose_units").entries.values())
    for unit in dict.fromkeys((*_UNITS, *doses)):
        trie.put(unit, "@unit", alone(unit))
    return trie
