"""Words that remember which values of which facts they print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, SupportsIndex

from report_gen.draft.model import Stated
from report_gen.facts.model import Fact
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["FILTERS", "Noted", "Words", "joined_words", "printed", "repeated"]

_COUNTS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Words(str):
    """A text with what it states; joining, capitalizing and replacing keep that."""

    __slots__ = ("states",)

    states: tuple[Stated, ...]
    """What the text states, in the order it is printed; the same thing may come twice."""

    def __new__(cls, text: str, states: Iterable[Stated] = ()) -> Words:
        """A text that states `states`."""
        words = str.__new__(cls, text)
        words.states = tuple(states)
        return words

    def __str__(self) -> str:
        """The plain text: a template prints its arguments through `str`."""
        return self

    def __add__(self, other: str) -> Words:
        """These words, then others."""
        return printed((self, other))

    def __radd__(self, other: str) -> Words:
        """Other words, then these."""
        return printed((other, self))

    def capitalize(self) -> Words:
        """The same statement with a capital."""
        return Words(super().capitalize(), self.states)

    def strip(self, chars: str | None = None) -> Words:
        """The same statement without what stands at its ends."""
        return Words(super().strip(chars), self.states)

    def replace(self, old: str, new: str, count: SupportsIndex = -1) -> Words:
        """The same statement with other words between its values."""
        return Words(super().replace(old, new, count), self.states)


def printed(pieces: Iterable[str]) -> Words:
    """Pieces joined without a separator; the result states everything that any of them states."""
    items = pieces if isinstance(pieces, list) else tuple(pieces)
    return Words("".join(items), _states(items))


def joined_words(pieces: Iterable[str], separator: str = "") -> Words:
    """Pieces with a separator, else listed with commas and `and`."""
    items = tuple(pieces)
    return Words(separator.join(items) if separator else joined(items), _states(items))


def repeated(coded: str, words: str) -> bool:
    """Whether free words hold those of a code, so that they stand alone for both."""
    return bool(coded) and coded.casefold() in words.casefold()


def _states(pieces: Iterable[str]) -> tuple[Stated, ...]:
    # A list, not a generator: this runs for every piece of every sentence.
    return tuple([state for piece in pieces if isinstance(piece, Words) for state in piece.states])


class Noted:
    """A fact as a sentence reads it: its texts remember which value of which fact they print.

    Of several facts that say the same, what is printed of the first is stated of each.
    """

    __slots__ = ("facts",)

    def __init__(self, *facts: Fact) -> None:
        """Read one fact, or several that say the same as one."""
        self.facts = facts

    @property
    def status(self) -> str:
        """Coded status."""
        return self.facts[0].status

    @property
    def site(self) -> str:
        """Coded site."""
        return self.facts[0].site

    @property
    def side(self) -> Words:
        """Side code, which reads as the word for it."""
        return self.says("side", self.facts[0].side)

    def side_words(self) -> str:
        """The side in words; an empty string where the fact has none or the record does not say it."""
        words = {"bilateral": "both sides"}.get(self.facts[0].side, self.facts[0].side)
        return self.says("side", words) if words in ("left", "right", "both sides", "midline") else ""

    def text(self, name: str) -> str:
        """The rendering of a value, or an empty string."""
        text = self.facts[0].text(name)
        return Words(text, [Stated(fact.id, name) for fact in self.facts]) if text else ""

    def code(self, name: str) -> str:
        """The code of a value, or an empty string; it is not printed."""
        return self.facts[0].code(name)

    def number(self, name: str) -> float | None:
        """The number of a value, or None."""
        return self.facts[0].number(name)

    def says(self, name: str, words: str) -> Words:
        """Words that state the value called `name` otherwise than by its rendering, beside what they state already."""
        return Words(words, [*_states((words,)), *[Stated(fact.id, name) for fact in self.facts]])

    def lacks(self, name: str, words: str) -> Words:
        """Words that say that the value called `name` is not recorded."""
        return Words(words, [Stated(fact.id, name, "lacks") for fact in self.facts])


def _count_word(number: str) -> str:
    counted = number.isdigit() and int(number) < len(_COUNTS)
    return Words(_COUNTS[int(number)], _states((number,))) if counted else number


def _quoted(words: str) -> str:
    return "\u201c" + words + "\u201d"


def _with_article(event: Noted) -> str:
    """What changed, behind its article where the kind of change takes one; `what` decides between `a` and `an`."""
    what = event.text("what")
    code = event.code("direction")
    if code == "other" and not event.facts[0].codes("further"):
        return _quoted(what)
    article = "" if code == "other" else vocabulary("change_directions")[code].article
    if article in ("a", "an"):
        article = "an" if what[:1] in "aeiou" else "a"
    return article + " " + what if article else what


def _unstopped(words: str) -> str:
    """Words without the full stop that they bring, where more follows."""
    return Words(words.rstrip(". "), _states((words,)))


def _upper_first(words: str) -> str:
    return Words(words[:1].upper() + words[1:], _states((words,)))


FILTERS: Final[Mapping[str, Callable[..., str]]] = MappingProxyType(
    {
        "count_word": _count_word,
        "quoted": _quoted,
        "unstopped": _unstopped,
        "upper_first": _upper_first,
        "with_article": _with_article,
    }
)
"""The filters of the sentence patterns, by name."""
