"""What a wording of a unit must and may say: the values that the rules fill in and the judge reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from report_gen.draft.passages import Part, StatedValue, Unit
from report_gen.guard.reading import Mask, SentenceReading, concepts_of, read

__all__ = ["NOT_MET", "TIME_WORDS", "BoundValue", "Expectation", "free", "plain", "without_time"]

_SOFT: Final = frozenset({"full", "surgery", "present", "stage"})
"""Concepts in a fact's value that a wording may leave out: the rest of the value says it."""


_ABSENT_IN_VALUES: Final = frozenset({"side", "limb", "role", "reason"})
NOT_MET: Final = r"\b(?:not|no|none|neither|nor|never|without|unmet)\b"
TIME_WORDS: Final = frozenset({"time", "times", "when", "clock", "timing"})


@dataclass(frozen=True, slots=True)
class BoundValue:
    """A value and the one thing it belongs to."""

    sites: frozenset[str]
    """Concepts of nerve, muscle or place."""
    side: str
    """`left`, `right`, `both`, `midline` or empty."""
    value: str
    """A number with its unit, a concept, or `mask N`."""


@dataclass(slots=True)
class Expectation:
    """What the facts of a unit allow and ask for. Built once; read only afterwards."""

    unit: Unit
    masks: list[Mask] = field(default_factory=list)
    """Words to be found as they stand, all of them required."""
    concepts: set[str] = field(default_factory=set)
    """Concepts that must be said."""
    either: list[frozenset[str]] = field(default_factory=list)
    """Sets of which one concept or frame must be said."""
    licensed: set[str] = field(default_factory=set)
    """Further concepts that may be said."""
    numbers: set[str] = field(default_factory=set)
    """Numbers with units that must be said."""
    spare_numbers: set[str] = field(default_factory=set)
    """Numbers that may be said."""
    frames: set[str] = field(default_factory=set)
    """Denials that must be said."""
    denials: int = 0
    """How many denials the facts hold, besides what is not recorded."""
    denied: dict[str, str] = field(default_factory=dict)
    """Concepts that may only be said together with a pattern, such as `met` with `not`; in each part of a sentence."""
    spare_frames: set[str] = field(default_factory=set)
    """Denials that may be said."""
    absent: list[frozenset[str]] = field(default_factory=list)
    """What is not recorded: for each, words or concepts that name it."""
    pairs: list[BoundValue] = field(default_factory=list)
    """Values bound to their places, in order."""
    roles: dict[str, str] = field(default_factory=dict)
    """`to` and `by` of a notification, as concepts."""
    times: dict[str, int] = field(default_factory=dict)
    """Index of the mask of each time by what it is the time of."""
    names: dict[int, str] = field(default_factory=dict)
    """Concept of the role that a name belongs to, by index of its mask."""
    located: str = ""
    """Words that place the change, such as `left and right tibialis anterior`; each place keeps its side."""
    placed: str = ""
    """Words that place the change of the event; a sentence that names a place names all of them."""
    together: frozenset[str] = frozenset()
    """Concepts of which a sentence says all or none."""
    ors: int = -1
    """Most `or` that a list may hold: as many as the facts do. -1: no limit."""
    barred: list[str] = field(default_factory=list)
    """Patterns that would distort the facts although each word comes from them."""

    def mask(self, value: StatedValue) -> int:
        """Index of the mask of a value, added if it is new."""
        kind = value.how if value.how != "free" else "verbatim"
        wanted = Mask(kind, value.text)
        if wanted not in self.masks:
            self.masks.append(wanted)
        return self.masks.index(wanted)

    def say(self, text: str) -> None:
        """Require the concepts and numbers of a value."""
        reading = read(text)
        concepts = concepts_of(text)
        self.concepts |= concepts - _SOFT
        self.licensed |= concepts
        self.numbers |= {token.value for token in reading.tokens if token.kind == "number"}
        self.deny(reading)

    def deny(self, reading: SentenceReading) -> None:
        """Require the denials and absences that a value holds."""
        for frame in reading.frames:
            if frame.name != "not_recorded":
                self.frames.add(frame.name)
                self.denials += 1
                continue
            named = {token.raw for token in reading.tokens} & _ABSENT_IN_VALUES
            if named and frozenset(named) not in self.absent:
                self.absent.append(frozenset(named))


def free(part: Part, *leave_out: str) -> list[StatedValue]:
    """Values of a part that are said in free words, without those named."""
    return [value for value in part.said if value.how == "free" and value.name not in leave_out]


def plain(expected: Expectation, part: Part) -> None:
    """Require every value of a part that is said in free words."""
    for value in free(part):
        expected.say(value.text)


def without_time(expected: Expectation, part: Part, name: str = "at") -> None:
    """Require the time to be said as not recorded where the part has none."""
    if name in part.lacking:
        expected.absent.append(TIME_WORDS)
