"""One time that a check fires, and how it becomes a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ParamSpec, TypeAlias

from report_gen.checks.table import CheckRule
from report_gen.facts.model import Fact, Facts
from report_gen.finding import Evidence, Finding

__all__ = ["Checks", "Coded", "Fired", "findings", "fired", "run"]

_Subject = ParamSpec("_Subject")


@dataclass(frozen=True, slots=True)
class Fired:
    """Where a check fires, on which facts, and with which words."""

    pointer: str
    """JSON pointer into the case file."""
    facts: tuple[Fact, ...]
    """Facts it rests on."""
    words: Mapping[str, str]
    """Words for the slots of the message and the question."""
    count: int = 1
    """How many things it was found of at once."""
    eased: bool = False
    """Whether this is the milder case that its row describes."""


Checks: TypeAlias = Mapping[str, Callable[_Subject, Iterable[Fired]]]
"""Functions of checks by code, each asked of one subject: the facts of a case, or with them one of its events."""
Coded: TypeAlias = tuple[str, Fired]
"""A check's code, and one time that it fires."""


def fired(pointer: str, *facts: Fact, count: int = 1, eased: bool = False, **words: str) -> Fired:
    """A check that fires at a place, on facts, with words for its slots."""
    return Fired(pointer, facts, words, count, eased)


def run(checks: Checks[_Subject], *subject: _Subject.args, **more: _Subject.kwargs) -> Iterator[Coded]:
    """Each check of one subject, such as the case or one of its events, in the order of the checks."""
    for code, check in checks.items():
        for found in check(*subject, **more):
            yield code, found


def findings(coded: Iterable[Coded], rules: Callable[[], Mapping[str, CheckRule]], facts: Facts) -> Iterator[Finding]:
    """What fired, in the words of its row; the table is read when the first check fires.

    Args:
        coded: What fired.
        rules: Reads the table that has a row for each code.
        facts: Facts of the case; a check that is asked only from a day after the date of service on says nothing.
    """
    day = facts.by_id["encounter.date_of_service"].day("text")
    for code, found in coded:
        rule = rules()[code]
        if day is None or rule.effective_from <= day:
            yield _finding(rule, found)


def _finding(rule: CheckRule, found: Fired) -> Finding:
    weight = rule.eased if found.eased and rule.eased is not None else rule
    words = {**found.words, "count": str(found.count)}
    message = rule.message_several if found.count > 1 and rule.message_several else rule.message
    return Finding(
        code=rule.code,
        origin=rule.origin,
        severity=weight.severity,
        gate=weight.gate,
        pointer=found.pointer,
        message=message.format_map(words),
        question=rule.question.format_map(words),
        who=rule.ask,
        evidence=tuple(Evidence(fact.id, fact.pointer) for fact in found.facts),
        sources=rule.sources,
    )
