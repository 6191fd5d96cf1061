"""What happened in the operation against its steps: incision and closure, bypass, the same thing at two times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from report_gen.checks.contradictions.days import off_by_a_day
from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined, utc
from report_gen.vocab import vocabulary

__all__ = ["OPERATION_CHECKS"]

_ARREST: Final = "circulatory_arrest"
_BYPASS: Final = ("bypass_start", "bypass_end")
_TWO_CLOCKS: Final = timedelta(minutes=5)
"""Most by which two clocks of one room give the same thing different times. Proposed; no source gives it."""
_SAME_THING: Final = MappingProxyType(
    {
        "bypass_start": "bypass_start",
        "dural_opening": "dura_open",
        "dural_closure": "dura_closed",
        "clamp": "cross_clamp_on",
        "declamp": "cross_clamp_off",
    }
)
"""Occurrences with the step that is the same thing."""
_CLAMPS: Final = ("clamp", "declamp")
"""Occurrences that two times of are two of, where clamps are moved from place to place, as on bypass."""
_OPEN_WOUND: Final = frozenset(
    {
        "cage_placement",
        "cantilever",
        "circulatory_arrest",
        "cord_contact",
        "correction",
        "decompression",
        "detethering",
        "drilling",
        "dural_closure",
        "dural_opening",
        "dural_tear",
        "hook_or_wire",
        "osteotomy",
        "osteotomy_closure",
        "rod_placement",
        "rod_rotation",
        "screw_placement",
        "screw_removal",
        "segmental_ligation",
        "tumor_manipulation",
    }
)
"""Occurrences that there are in an open wound alone; what goes through the skin, as a clamp or a lead may, is none."""
_BEFORE_CLOSURE: Final = _OPEN_WOUND | {"bypass_start", "clamp", "clip", "declamp", "distraction"}
"""Occurrences that there are no more once the skin is closed; some of them may come before the incision."""
_OPEN_STEPS: Final = frozenset({"exposure", "instrumentation", "decompression", "dura_open", "dura_closed"})
"""Steps of an open wound; those of closing are held against the incision in `milestone_order`."""
_STEPS_BEFORE_CLOSURE: Final = _OPEN_STEPS | {
    "bypass_start",
    "correction",
    "cross_clamp_off",
    "cross_clamp_on",
    "implant_placed",
    "temporary_clip_off",
    "temporary_clip_on",
}
"""Steps that there are no more once the skin is closed."""
_MOST_NAMED: Final = 3


def _steps(facts: Facts, *codes: str) -> list[tuple[datetime, Fact]]:
    """The steps of some codes that have a time, in its order."""
    timed = [
        (utc(at), fact)
        for fact in facts.of_kind("milestone")
        if fact.status in codes and (at := fact.instant("at")) is not None
    ]
    return sorted(timed, key=lambda row: row[0])


def _occurrences(facts: Facts, codes: Iterable[str]) -> list[Fact]:
    known = frozenset(codes)
    return [fact for fact in facts.of_kind("event.occurrence") if fact.status in known and fact.instant("at")]


def _arrest(facts: Facts) -> Iterator[Fired]:
    """An arrest before the first start or after the last end of bypass; between two runs of the pump it has its place.

    Bypass may be stopped for the arrest and started again after it, each of which some records log.
    """
    started, ended = (_steps(facts, code) for code in _BYPASS)
    for fact in _occurrences(facts, (_ARREST,)):
        at = fact.instant("at")
        if started and earlier(at, started[0][0]):
            step, order = started[0][1], "before"
        elif ended and earlier(ended[-1][0], at):
            step, order = ended[-1][1], "after"
        else:
            continue
        words = vocabulary("milestones").display(step.status)
        yield fired(fact.pointer, fact, step, time=fact.text("at"), order=order, step=words, step_time=step.text("at"))


def _two_times(facts: Facts) -> Iterator[Fired]:
    """An occurrence and the step that is the same thing, at times that no two clocks explain.

    Where one of them agrees, the others are further ones.
    """
    moved_on = bool(_steps(facts, *_BYPASS))
    for code, step in _SAME_THING.items():
        if moved_on and code in _CLAMPS:
            continue
        happened, steps = _occurrences(facts, (code,)), _steps(facts, step)
        if not happened or not steps:
            continue
        apart = [
            min(((abs(at - utc(when)), fact, row) for at, row in steps), key=lambda found: found[0])
            for fact in happened
            if (when := fact.instant("at")) is not None
        ]
        if any(gap <= _TWO_CLOCKS for gap, *_ in apart):
            continue
        _, fact, row = apart[0]
        # The vocabularies' own words: a label is free text.
        yield fired(
            fact.pointer,
            fact,
            row,
            what=vocabulary("occurrences").display(code),
            event=fact.code("event"),
            time=fact.text("at"),
            step=vocabulary("milestones").display(step),
            step_time=row.text("at"),
        )


def _outside(facts: Facts) -> Iterator[Fired]:
    """Said once: what is done in an open wound, before the first incision or after the last closure of the skin."""
    incised, closed = _steps(facts, "incision"), _steps(facts, "skin_closed")
    if incised and closed and incised[-1][0] > closed[-1][0]:
        # A further wound whose closure is not recorded.
        closed = []
    if incised:
        rows = [*_occurrences(facts, _OPEN_WOUND), *(fact for _, fact in _steps(facts, *_OPEN_STEPS))]
        at, step = incised[0]
        yield from _beyond(facts, [row for row in rows if earlier(row.instant("at"), at)], step, "before")
    if closed:
        rows = [*_occurrences(facts, _BEFORE_CLOSURE), *(fact for _, fact in _steps(facts, *_STEPS_BEFORE_CLOSURE))]
        at, step = closed[-1]
        yield from _beyond(facts, [row for row in rows if earlier(at, row.instant("at"))], step, "after")


def _beyond(facts: Facts, found: Sequence[Fact], step: Fact, order: str) -> Iterator[Fired]:
    """Said once of all that lies beyond a step; an arrest beside a recorded bypass is asked about with that."""
    bypassed = bool(_steps(facts, *_BYPASS))
    left = [row for row in found if not (bypassed and row.status == _ARREST)]
    if not left or off_by_a_day(facts):
        return
    names = [_named(row) for row in left[:_MOST_NAMED]]
    if len(left) > _MOST_NAMED:
        names = [*names[:-1], f"{len(left) - _MOST_NAMED + 1} more"]
    what = joined(names)
    yield fired(
        left[0].pointer,
        *left,
        step,
        about=None if len(left) == 1 else step,
        What=f"{what[0].upper()}{what[1:]}",
        lies="lies" if len(left) == 1 else "lie",
        order=order,
        step=vocabulary("milestones").display(step.status),
        step_time=step.text("at"),
    )


def _named(fact: Fact) -> str:
    book = "milestones" if fact.kind == "milestone" else "occurrences"
    return f"{vocabulary(book).display(fact.status)} at {fact.text('at')}"


OPERATION_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "contradiction.arrest_outside_bypass": _arrest,
        "contradiction.occurrence_against_milestone": _two_times,
        "contradiction.step_outside_operation": _outside,
    }
)
"""Contradictions between what happened in the operation and its steps."""
