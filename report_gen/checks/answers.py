"""Answers that people of the record gave to findings, and which of them settle one.

An answer is kept in the case file and printed. A finding that rests on reading a person's words is settled by that
person alone; one about a field by whoever is asked for it, by the professional who is to sign, or, where the person
asked does not keep this record, by whoever asked them. What two coded values contradict is settled by no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from report_gen.checks.subjects import Subject
from report_gen.checks.table import CheckRule
from report_gen.facts.model import Fact, Facts
from report_gen.finding import GivenAnswer
from report_gen.vocab import team_roles, vocabulary

__all__ = ["ANSWERS", "REASONED", "answer_text", "answers_to"]

REASONED: Final = ("stands_as_written", "no")
"""Answers that settle nothing without a reason."""
ANSWERS: Final = {
    "yes": "yes",
    "no": "no",
    "stands_as_written": "stands as written",
    "not_known": "not known",
}
"""Answers as printed."""
_PROFESSIONAL: Final = "professional"
"""The respondent who reads the study and signs."""


def answers_to(rule: CheckRule, subject: Subject, evidence: tuple[Fact, ...], facts: Facts) -> Iterator[GivenAnswer]:
    """The answers of the case file to one finding, in their order."""
    for fact in facts.of_kind("answer"):
        if fact.code("finding") in (rule.code, rule.code.partition(".")[2]) and _is_about(fact, subject):
            settles = (
                fact.status in rule.settled_by
                and (fact.status not in REASONED or bool(fact.words("reason")))
                and _may_answer(rule, fact, evidence, facts)
            )
            yield GivenAnswer(fact.id, _without_words(fact), settles)


def answer_text(answer: Fact) -> str:
    """An answer as printed, such as `stands as written, because "..." (interpreting professional, 12:40)`."""
    reason = f", because \u201c{answer.words('reason')}\u201d" if answer.words("reason") else ""
    who = ", ".join(part for part in (answer.text("by"), answer.text("role"), answer.text("at")) if part)
    return f"{ANSWERS.get(answer.status, answer.status)}{reason} ({who})"


def _without_words(answer: Fact) -> str:
    """An answer without anybody's name or words, such as `stands as written (interpreting professional, 12:40)`."""
    who = ", ".join(part for part in (answer.text("role"), answer.text("at")) if part)
    return f"{ANSWERS.get(answer.status, answer.status)} ({who})"


def _is_about(answer: Fact, subject: Subject) -> bool:
    """An answer without a subject is about the record as a whole, and so answers what has no subject of its own."""
    return answer.code("subject") == subject.reference


def _may_answer(rule: CheckRule, answer: Fact, evidence: tuple[Fact, ...], facts: Facts) -> bool:
    person = facts.get(next(iter(answer.inputs), ""))
    if person is None:
        return False
    if rule.rests_on == "words" and (author := _author(evidence, facts)):
        return person.id == author
    role = vocabulary("roles").get(person.status)
    reads = role is not None and role.reads
    if person.status == rule.ask or (reads and (rule.ask == _PROFESSIONAL or rule.rests_on == "values")):
        return True
    # Others are asked outside this record; whoever keeps it passes their answer on.
    return rule.ask != _PROFESSIONAL and rule.ask not in team_roles("monitoring")


def _author(evidence: tuple[Fact, ...], facts: Facts) -> str:
    """Fact id of the person whose words the finding reads. Empty: the record does not say whose they are."""
    opinion = facts.get("opinion.impression")
    for fact in evidence:
        if fact.kind.startswith("opinion."):
            return next(iter(fact.inputs), "") or next(iter(opinion.inputs if opinion is not None else ()), "")
    return ""
