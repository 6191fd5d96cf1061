"""A new deficit after surgery that no event and no word of the impression goes with (clinical reference §1.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.vocab import vocabulary

__all__ = ["DEFICIT_CHECKS"]

_NAMED: Final = re.compile(
    r"\b(?:deficits?|weak(?:ness|er)?|pare(?:sis|tic)|\w*(?:paresis|plegia)\w*|paraly\w+|foot drop|drop foot|numb\w*"
    r"|(?:ankle|leg|arm|hand|grip|motor|muscle|foot) strength|(?<!in )[0-4][+-]?\s*/\s*5|pals(?:y|ies)|sensory loss"
    r"|hypesthe\w+|hypaesthe\w+|aphasi\w+|hoarse\w*|hearing loss|examination)\b",
    re.IGNORECASE,
)
"""Words by which an impression names a deficit or the examination that found it."""
_NONE: Final = re.compile(
    r"\b(?:no|without(?:\s+any)?|nor)\s+(?:\w+\s+){0,3}?(?:deficits?|weakness|paralysis|numbness)\b"
    r"|\b(?:correlat\w+|recommend\w*|advis\w+)\b[^.;]*",
    re.IGNORECASE,
)
"""Words by which an impression denies one, or advises an examination; neither names one."""
_NEW: Final = re.compile(r"\b(?:new|post-?operative)\s+(?:\w+\s+)?deficit", re.IGNORECASE)
"""Words by which the correlation names one; its advice to examine names none."""


def _new(facts: Facts) -> list[Fact]:
    """Examinations after surgery that report a new deficit, in the order of the record."""
    return [fact for fact in facts if fact.kind.startswith("postoperative.") and fact.code("deficit") == "new"]


def _time(exam: Fact) -> str:
    at = exam.text("at")
    return f" at {at}" if at else ""


def _without_event(facts: Facts) -> Iterator[Fired]:
    classes = vocabulary("event_classes")
    if any(classes[chain.event.status].deteriorates for chain in facts.events):
        return
    for exam in _new(facts)[:1]:
        yield fired(exam.pointer, exam, time=_time(exam))


def _not_in_impression(facts: Facts) -> Iterator[Fired]:
    """Asked of the professional whose words leave it out; of a later examination they could not know."""
    impression = _silent(facts)
    if impression is not None:
        known = [exam for exam in _new(facts) if not earlier(impression.instant("at"), exam.instant("at"))]
        for exam in known[:1]:
            yield fired(impression.pointer, impression, exam, time=_time(exam))


def _after_impression(facts: Facts) -> Iterator[Fired]:
    """A deficit that the impression is too early to name: whether it becomes an addendum, somebody has to say."""
    impression = _silent(facts)
    if impression is not None:
        later = [exam for exam in _new(facts) if earlier(impression.instant("at"), exam.instant("at"))]
        for exam in later[:1] if len(later) == len(_new(facts)) else ():
            yield fired(impression.pointer, impression, exam, time=_time(exam), entered=impression.text("at"))


def _silent(facts: Facts) -> Fact | None:
    """The impression, where neither it nor the correlation names a deficit. None: one does, or none is entered."""
    impression = facts.by_id["opinion.impression"]
    if impression.status == "not_recorded":
        return None
    words = " ".join(fact.words("text") for fact in (impression, *facts.of_kind("opinion.correlation")))
    named = _NAMED.search(_NONE.sub(" ", impression.words("text"))) or _NEW.search(_NONE.sub(" ", words))
    return None if named else impression


DEFICIT_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "contradiction.deficit_without_event": _without_event,
        "contradiction.deficit_not_in_impression": _not_in_impression,
        "contradiction.deficit_after_impression": _after_impression,
    }
)
"""Contradictions between the examination after surgery and the rest of the record."""
