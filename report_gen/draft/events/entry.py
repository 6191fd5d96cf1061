"""One entry of a chronology before its place in time is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from report_gen.draft.model import Sentence
from report_gen.draft.words import FILTERS, Noted
from report_gen.facts.clock import span_text, unbroken
from report_gen.facts.fact import Fact

__all__ = ["OVERALL", "UNTIMED", "Entry", "clock_time", "entry", "opening"]

UNTIMED: Final = "no time"
"""Stands in the time column where the record gives no time."""
OVERALL: Final = "overall"
"""Stands there before what is of the whole event: its words may hold times of their own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the record has of one time of an episode."""

    at: datetime | None
    """Its clock time. None: it keeps its place behind the entry before it."""
    time: str
    """Its time as printed; of several times the first."""
    time_facts: tuple[str, ...]
    """Ids of the facts that the time is of."""
    sentences: tuple[Sentence, ...]
    """What happened then, at least one."""
    strong: bool = False
    """Whether the first sentence is set bold."""
    alone: bool = False
    """Whether nothing else of the same time joins it: the beginning of an alert."""
    end: str = ""
    """The last of several times as printed. Empty: it is of one time."""
    dated: tuple[Sentence, ...] = ()
    """Its sentences with their times, for a row that is of several. Empty: those that they have stand in them."""
    follows: bool = False
    """Whether it is a re-test or an ending; else somebody was told or did something."""

    @property
    def shown(self) -> str:
        """Its time or times as printed."""
        return unbroken(span_text(self.time, self.end) if self.end else self.time)


def entry(
    fact: Fact,
    sentences: Sequence[Sentence],
    *,
    strong: bool = False,
    dated: Sequence[Sentence] = (),
    follows: bool = False,
) -> Entry:
    """An entry at the time of a fact.

    Args:
        fact: The fact.
        sentences: What happened then.
        strong: Whether the first sentence is set bold.
        dated: The same with its time.
        follows: Whether it is a re-test or an ending.
    """
    at, time = fact.instant("at"), clock_time(fact) or UNTIMED
    return Entry(at, time, (fact.id,), tuple(sentences), strong, dated=tuple(dated), follows=follows)


def clock_time(fact: Fact, name: str = "at") -> str:
    """The time of a fact as far as it is recorded: by the clock, else in the record's words. Empty: not recorded."""
    clock, words = fact.text(name), fact.text("when")
    return f"{clock} ({words})" if clock and words else clock or words


def opening(fact: Fact) -> str:
    """The time of a fact before a sentence about it: by the clock, else in the record's words with a colon."""
    noted = Noted(fact)
    if noted.text("at") or not noted.text("when"):
        return noted.text("at")
    return FILTERS["upper_first"](noted.text("when")) + ":"
