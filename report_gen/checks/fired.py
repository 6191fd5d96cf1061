"""The result of a check that fires, and the finding made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ParamSpec, TypeAlias

from report_gen.checks.answers import answers_to
from report_gen.checks.subjects import subject_of
from report_gen.checks.table import CheckRule
from report_gen.facts.model import Fact, Facts
from report_gen.finding import Evidence, Finding

__all__ = ["Checks", "Coded", "Fired", "finding_of", "findings", "fired", "run"]

_Subject = ParamSpec("_Subject")


@dataclass(frozen=True, slots=True)
class Fired:
    """One firing of a check: its place, its facts, and the words for its message."""

    pointer: str
    """JSON pointer into the case file."""
    facts: tuple[Fact, ...]
    """Facts it rests on."""
    words: Mapping[str, str]
    """Words for the slots of the message and the question."""
    count: int = 1
    """Number of faults that this one firing reports together."""
    eased: bool = False
    """Whether this is the milder case described in its rule."""
    about: Fact | None = None
    """The event, response, modality or person it is about. None: the first that its facts belong to."""


Checks: TypeAlias = Mapping[str, Callable[_Subject, Iterable[Fired]]]
"""Functions of checks by code, each asked of one subject: the facts of a case, or with them one of its events."""
Coded: TypeAlias = tuple[str, Fired]
"""The code of a check, and one firing of it."""


def fired(
    pointer: str, *facts: Fact, count: int = 1, eased: bool = False, about: Fact | None = None, **words: str
) -> Fired:
    """A check that fires at a place, on facts, with words for its slots."""
    return Fired(pointer, facts, words, count, eased, about)


def run(checks: Checks[_Subject], *subject: _Subject.args, **more: _Subject.kwargs) -> Iterator[Coded]:
    """Every firing of the checks on one subject, such as the case or one of its events, in the order of the checks."""
    for code, check in checks.items():
        for firing in check(*subject, **more):
            yield code, firing


def findings(coded: Iterable[Coded], rules: Callable[[], Mapping[str, CheckRule]], facts: Facts) -> Iterator[Finding]:
    """One finding for each firing, in the words of its rule; the table of rules is read when the first check fires.

    Args:
        coded: The firings with the codes of their checks.
        rules: Reads the table that has a rule for each code.
        facts: Facts of the case; a rule in force only after the date of service gives no finding.
    """
    day = facts.by_id["encounter.date_of_service"].day("text")
    for code, firing in coded:
        rule = rules()[code]
        if day is None or rule.effective_from <= day:
            yield finding_of(rule, firing, facts)


def finding_of(rule: CheckRule, firing: Fired, facts: Facts) -> Finding:
    """The finding of one firing, in the words of its rule, with the answers given to it."""
    subject = subject_of(facts, firing.facts, firing.about)
    weight = rule.eased if firing.eased and rule.eased is not None else rule
    words = {**firing.words, "count": str(firing.count)}
    message = rule.message_several if firing.count > 1 and rule.message_several else rule.message
    return Finding(
        code=rule.code,
        origin=rule.origin,
        severity=weight.severity,
        gate=weight.gate,
        pointer=firing.pointer,
        message=message.format_map(words),
        question=rule.question.format_map(words),
        who=rule.ask,
        evidence=tuple(Evidence(fact.id, fact.pointer) for fact in firing.facts),
        sources=rule.sources,
        concern=rule.concern,
        subject=subject.reference,
        about=subject.label,
        topic=rule.topic,
        on_page=rule.on_page or weight.severity == "block",
        settled_by=rule.settled_by,
        answers=tuple(answers_to(rule, subject, firing.facts, facts)),
    )
