"""Between which traces a change began whose onset is not recorded, on page one."""

from __future__ import annotations

from datetime import datetime

from report_gen.draft.model import Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import Noted, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import utc

__all__ = ["window"]


def window(facts: Facts, chain: EventChain) -> list[Sentence]:
    """Between which traces a change began whose onset is not recorded, and when nothing was recorded meanwhile."""
    onset = chain.onset
    last, noticed = onset.instant("last_unaffected_at"), onset.instant("noticed_at")
    if last is None or onset.instant("onset_at") is not None:
        return []
    gaps = [
        fact
        for fact in facts.of_kind("interval.gap")
        if noticed is not None and _covers(fact, last, noticed) and _concerns(fact, chain.event)
    ]
    return [say("page_one.window", onset=onset, gaps=joined_words(map(_gap, gaps), ", ") if gaps else None)]


def _covers(gap: Fact, first: datetime, last: datetime) -> bool:
    start, end = gap.instant("start_at"), gap.instant("end_at")
    return start is not None and end is not None and utc(start) <= utc(last) and utc(end) >= utc(first)


def _concerns(gap: Fact, event: Fact) -> bool:
    codes = gap.codes("modalities")
    return not codes or not event.modality or event.modality in codes


def _gap(fact: Fact) -> str:
    noted = Noted(fact)
    reason = noted.text("reason")
    if fact.code("reason") == "other" and fact.text("detail"):
        reason = noted.says("reason", noted.text("detail"))
    why = " (" + reason + ")" if reason else ""
    return noted.text("start_at") + " to " + noted.text("end_at") + why
