"""What stood around an event on page one: the step in the record's own words, what occurred, the pressure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from report_gen.draft.words import FILTERS, Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import utc
from report_gen.vocab import vocabulary

__all__ = ["Told", "apart", "context", "named_in", "occurred", "pressure", "shortened", "target"]

Told: TypeAlias = Literal["all", "coded", "noted", "nothing"]
"""What is told of a context: all, its terms and what occurred alone, the record's own words alone, or nothing."""
_MOST_QUOTED: Final = 140
"""Most characters of a quotation on page one; the account of the event has it whole."""
_CLAUSE: Final = re.compile(r"(?<=;)\s+|(?<=[a-z0-9)]{3}\.)\s+(?=[A-Z])")
"""Between clauses; the stop of an abbreviation ends none."""
_TURNS: Final = re.compile(r"(?:but|except|however|yet|although|though|unless|until|not|no|none|never|nor|or)\b", re.I)
"""How a clause begins that may take back what stands before it: without it nothing of the quotation is printed."""


def apart(first: datetime | None, last: datetime | None) -> bool:
    """Whether two times are recorded that are not the same minute."""
    return first is not None and last is not None and abs(utc(last) - utc(first)) >= timedelta(minutes=1)


def shortened(words: str, *, most: int = _MOST_QUOTED) -> str:
    """Free words as far as they may be quoted: whole, or their first clauses and a mark of omission.

    Empty: no clause is short enough, or what would be left out may change what is said before it.

    Args:
        words: The words.
        most: Most characters of them.
    """
    if len(words) <= most:
        return FILTERS["unstopped"](words)
    clauses = _CLAUSE.split(str(words))
    kept = 0
    while kept < len(clauses) and len(" ".join(clauses[: kept + 1])) <= most:
        kept += 1
    if not kept or any(map(_TURNS.match, clauses[kept:])):
        return ""
    states = words.states if isinstance(words, Words) else ()
    return Words(" ".join(clauses[:kept]).rstrip(" ;.") + " \u2026", states)


def named_in(code: str, words: str) -> bool:
    """Whether free words hold a cause by its term or by another form of it."""
    entry = vocabulary("causes")[code]
    forms = "|".join(re.escape(form) for form in (entry.display, *entry.synonyms))
    return re.search(rf"(?<!\w)(?:{forms})(?!\w)", words, re.I) is not None


def context(chain: EventChain, *, told: Told = "all") -> str | None:
    """The step and what occurred at an event. None: neither is recorded.

    The record's own words come first, with the terms that it entered beside them where these say more: a term alone
    may name a step that was over by then.

    Args:
        chain: The event.
        told: How much of it.
    """
    if told == "nothing":
        return None
    parts: list[str] = []
    fact = chain.context
    if fact is not None and fact.status == "recorded":
        words = _coded(fact) if told == "coded" else _noted(fact) if told == "noted" else _step(fact)
        parts.extend([words] if words else [])
    if told != "noted":
        parts.extend(map(occurred, chain.occurrences))
    return joined_words(parts, "; ") if parts else None


def _coded(fact: Fact) -> str:
    return Noted(fact).text("text")


def _noted(fact: Fact) -> str:
    words = shortened(Noted(fact).text("note"))
    return FILTERS["quoted"](words) if words else ""


def _step(fact: Fact) -> str:
    noted, quoted = Noted(fact), _noted(fact)
    if not quoted:
        return noted.text("text") or FILTERS["quoted"](FILTERS["unstopped"](noted.text("note")))
    codes = fact.codes("text")
    left = [vocabulary("causes").display(code) for code in codes if not named_in(code, quoted)]
    if not left:
        return noted.says("text", quoted) if codes else quoted
    return quoted + " (" + noted.says("text", joined_words(left)) + ")"


def occurred(fact: Fact) -> str:
    """What happened in the operation, with its place and the words of the record."""
    noted = Noted(fact)
    more = [noted.text("level"), noted.side_words(), noted.text("site")]
    if fact.text("detail"):
        more.append(FILTERS["quoted"](noted.text("detail")))
    kept = [words for words in more if words]
    return noted.text("text") + " (" + joined_words(kept, "; ") + ")" if kept else noted.text("text")


def pressure(chain: EventChain) -> str | None:
    """The pressure at an event, with its time where that is another than the event's. None: it is not recorded."""
    physiology = chain.physiology
    if physiology is None or not physiology.text("map_mmhg"):
        return None
    noted = Noted(physiology)
    words = "MAP " + noted.text("map_mmhg")
    return words + " at " + noted.text("at") if apart(chain.begun_at, physiology.instant("at")) else words


def target(facts: Facts, chains: Sequence[EventChain]) -> Fact | None:
    """The target that was set for the pressure at alerts. None: there was none, or no pressure is known."""
    fact = facts.get("anesthesia.map_target")
    if fact is None or chains[0].event.status != "alert" or not any(map(pressure, chains)):
        return None
    start = fact.instant("start_at")
    begun = [chain.begun_at for chain in chains]
    held = start is None or all(at is not None and utc(at) >= utc(start) for at in begun)
    return fact if held else None
