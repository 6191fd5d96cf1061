"""Examinations against the operation and each other, and results of what is recorded as not done."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.intervals import earlier
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import utc
from report_gen.vocab import vocabulary

__all__ = ["EXAMINATION_CHECKS"]

_AFTER: Final = ("waking", "examination", "follow_up", "discharge", "audiometry", "laryngoscopy")
"""Entries of the course that examine somebody whose skin is closed."""
_NOT_WORSE: Final = MappingProxyType(
    {"none_reported": "no new deficit", "preexisting_unchanged": "an unchanged deficit", "improved": "an improvement"}
)
"""Deficit classes that a lower grade denies, as what an examination shows."""
_ONE_GRADE: Final = 1.0
"""Least fall of a motor grade that is asked about: two examiners differ by less. Proposed; no source gives it."""


def _examinations(facts: Facts) -> list[Fact]:
    """The examination after surgery, and entries of the course that report one."""
    entries = [fact for fact in facts.of_kind("postoperative.entry") if fact.status in _AFTER]
    return [*facts.of_kind("postoperative.examination"), *entries]


def _step(facts: Facts, code: str) -> Fact | None:
    """The first step of a code that has a time."""
    timed = [
        (utc(at), fact) for fact in facts.of_kind("milestone") if (at := fact.instant("at")) and fact.status == code
    ]
    return min(timed, key=lambda row: row[0])[1] if timed else None


def _against_surgery(facts: Facts) -> Iterator[Fired]:
    """An examination before surgery after the incision, or one after surgery before the skin was closed."""
    incision, closed = _step(facts, "incision"), _step(facts, "skin_closed")
    before = facts.get("preoperative.examination")
    if before is not None and incision is not None and earlier(incision.instant("at"), before.instant("at")):
        yield _placed(before, incision, "before surgery", "after")
    for exam in _examinations(facts):
        if closed is not None and earlier(exam.instant("at"), closed.instant("at")):
            yield _placed(exam, closed, "after surgery", "before")


def _placed(exam: Fact, step: Fact, what: str, order: str) -> Fired:
    words = vocabulary("milestones").display(step.status)
    return fired(
        exam.pointer, exam, step, what=what, time=exam.text("at"), order=order, step=words, step_time=step.text("at")
    )


def _not_done(facts: Facts) -> Iterator[Fired]:
    """A result of what is recorded as not done: the safety screen, the check for harm, an examination."""
    screen = facts.get("preoperative.safety_screen")
    if screen is not None and screen.status == "not_performed" and screen.codes("items"):
        yield _denied(screen, "safety screen before transcranial stimulation", "not done", "items are listed")
    harm = facts.get("adverse_effects")
    if harm is not None and harm.status == "observed" and harm.flag("checked") is False:
        yield _denied(harm, "check for adverse effects of monitoring", "not done", "an effect is listed")
    for fact_id, when in (("preoperative.examination", "before"), ("postoperative.examination", "after")):
        exam = facts.get(fact_id)
        if exam is None or exam.status not in ("not_performed", "not_available_to_monitoring_team"):
            continue
        findings = facts.in_group(fact_id, f"{fact_id}.finding")
        if findings or exam.code("deficit") not in ("", "unknown"):
            said = "not done" if exam.status == "not_performed" else "not available to the monitoring team"
            yield _denied(exam, f"examination {when} surgery", said, "its result is recorded", *findings)


def _denied(fact: Fact, what: str, said: str, result: str, *more: Fact) -> Fired:
    return fired(fact.pointer, fact, *more, what=what, said=said, result=result)


def _against_grades(facts: Facts) -> Iterator[Fired]:
    """One finding for each examination: no new deficit, beside a motor grade lower than the one before surgery."""
    graded = {
        place: fact
        for fact in facts.of_kind("preoperative.examination.finding")
        if (place := _place(fact)) and fact.number("grade_0_5") is not None
    }
    for exam in _examinations(facts) if graded else ():
        if exam.code("deficit") not in _NOT_WORSE:
            continue
        for fact in facts.in_group(exam.id):
            after, place = fact.number("grade_0_5"), _place(fact)
            if after is None or place is None or place not in graded:
                continue
            before = graded[place]
            if (before.number("grade_0_5") or 0.0) - after >= _ONE_GRADE:
                domain = vocabulary("exam_domains").display(fact.code("domain"))
                yield fired(
                    exam.pointer,
                    exam,
                    before,
                    fact,
                    time=f" at {exam.text('at')}" if exam.text("at") else "",
                    deficit=_NOT_WORSE[exam.code("deficit")],
                    graded=f"a {fact.side} {domain} grade of {fact.text('grade_0_5')} after"
                    f" {before.text('grade_0_5')} before surgery",
                )
                break


def _place(fact: Fact) -> tuple[str, str, str] | None:
    """Domain, side and site of a finding of one side; None where the side or the site is not recorded."""
    site = " ".join(fact.words("site").casefold().split())
    return (fact.code("domain"), fact.side, site) if site and fact.side in ("left", "right") else None


EXAMINATION_CHECKS: Final[Checks[[Facts]]] = MappingProxyType(
    {
        "contradiction.examination_against_surgery": _against_surgery,
        "contradiction.not_done_with_result": _not_done,
        "contradiction.deficit_against_grades": _against_grades,
    }
)
"""Contradictions of examinations, screen and check for harm."""
