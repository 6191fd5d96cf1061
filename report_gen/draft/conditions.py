"""The patient before and after surgery, as those who saw them report it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from report_gen.document.blocks import Paragraph, Section
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.stated_time import in_recorded_order
from report_gen.facts.wording import utc

__all__ = ["after_surgery", "before_surgery", "findings_words", "postoperative_findings"]


_SEEN_AFTER = ("waking", "examination", "intensive_care", "death", "reoperation", "complication")
"""Kinds of entry of the course after surgery that say how the patient was, beside those that report a result."""
_UNSEEN = ("not_recorded", "not_available_to_monitoring_team", "not_performed")
"""Statuses of an examination that nobody told of."""
_LOST = ("new", "unstated")
"""Deficits that are new, or not stated to be old ones."""
_PLACES = {
    "place": ("conditions.finding_place", "conditions.further_place"),
    "sided_place": ("conditions.finding_sided_place", "conditions.further_sided_place"),
    "both_place": ("conditions.finding_both_place", "conditions.further_both_place"),
}
"""Patterns of a place, with what was examined and without."""
_FULL_POWER = 5.0
_LIMBS = re.compile(
    r"\b(all|both|each|arms|legs|limbs|hands|feet|bilateral|bilaterally|equal|symmetric)\b", re.IGNORECASE
)
"""Words of a finding on both sides that say of themselves that it is of both."""


def before_surgery(facts: Facts) -> Section[Block]:
    """History, examination, safety screen, consent."""
    history = facts.by_id["preoperative.history"]
    sentences = [
        say("conditions.history_none", history=history)
        if history.status == "none"
        else say("conditions.history", history=history)
    ]
    sentences.append(_examination(facts, "preoperative.examination", "Pre-operative"))
    if (screen := facts.get("preoperative.safety_screen")) is not None:
        sentences.append(_screen(screen))
    sentences.append(say("conditions.consent", consent=facts.by_id["preoperative.consent"]))
    if (body := facts.get("patient.body")) is not None:
        sentences.append(say("conditions.body", body=body))
    if (skin := facts.get("patient.skin")) is not None:
        sentences.append(say("conditions.skin", skin=skin))
    return Section("before", "Before surgery", (Paragraph(tuple(sentences), listed=True),))


def _screen(screen: Fact) -> Sentence:
    if screen.status == "negative":
        return say("conditions.screen_empty", screen=screen)
    if screen.status == "not_performed":
        return say("conditions.screen_not_performed", screen=screen)
    return say("conditions.screen", screen=screen)


def _examination(facts: Facts, fact_id: str, when: str) -> Sentence:
    exam = facts.by_id[fact_id]
    if exam.status == "not_recorded":
        return say("conditions.exam_missing", when=when, exam=exam)
    if exam.status == "not_available_to_monitoring_team":
        return say("conditions.exam_not_available", when=when, exam=exam)
    if exam.status == "not_performed":
        return say("conditions.exam_not_performed", when=when, exam=exam)
    noted = Noted(exam)
    told = [*_deficit(exam, facts.of_kind(f"{fact_id}.finding")), noted.text("course")]
    return say("conditions.exam", when=when, exam=exam, told=_listed(told))


def _deficit(of: Fact, findings: Sequence[Fact]) -> list[str]:
    """The stated deficit, then the findings; a new one is told by the findings where the first of them is a part of it.

    Which findings the examiner counts to the deficit is not recorded; a grade below full power stands first.
    """
    deficit, words = Noted(of).text("deficit"), findings_words(findings)
    if of.code("deficit") in _LOST and any(map(_weak, findings)):
        return [joined_words([deficit, words[0]], ": "), *words[1:]]
    return [deficit, *words]


def findings_words(findings: Iterable[Fact]) -> list[Words]:
    """Findings of an examination in words; those of the same place together, each with its side.

    Where any is graded below full power, those of full power stand behind the others; where all are graded the weakest
    stands first. What was examined is named once for the places that follow each other.
    """
    places: dict[tuple[str, str], list[Fact]] = {}
    for fact in _affected_first(list(findings)):
        places.setdefault((fact.code("domain"), fact.text("site")), []).append(fact)
    words: list[Words] = []
    before = ""
    for rows in places.values():
        words.append(_place(rows, further=rows[0].code("domain") == before))
        before = rows[0].code("domain")
    return words


def _weak(finding: Fact) -> bool:
    grade = finding.number("grade_0_5")
    return grade is not None and grade < _FULL_POWER


def _affected_first(findings: Sequence[Fact]) -> list[Fact]:
    if not any(map(_weak, findings)):
        return list(findings)
    grades = {fact.id: grade for fact in findings if (grade := fact.number("grade_0_5")) is not None}
    if len(grades) == len(findings):
        return sorted(findings, key=lambda fact: grades[fact.id])
    return sorted(findings, key=lambda fact: grades.get(fact.id, 0.0) >= _FULL_POWER)


def _place(rows: Sequence[Fact], *, further: bool) -> Words:
    """The findings of one place.

    A single one, and one alike on both sides, has its side with the place; where its words name the limbs they say it.
    `further`: what was examined is named already.
    """
    single = len(rows) == 1 or _same_on_both_sides(rows)
    noted = Noted(*rows)
    both = len(rows) > 1 or rows[0].side == "bilateral"
    limbs = both and single and bool(_LIMBS.search(rows[0].words("finding")))
    name = "place" if not single or limbs else "both_place" if both else "sided_place"
    # Without a place or a side of its own a finding is one of what was examined.
    named = bool(rows[0].text("site")) or (name != "place" and bool(noted.side_words()))
    place = phrase(_PLACES[name][further and named], finding=noted)
    if not single:
        return phrase("conditions.findings", place=place, told=joined_words([_finding(fact) for fact in rows], ", "))
    told = _finding(*rows, sided=False)
    if _repeats_its_grade(rows[0]):
        return joined_words([place, told], " ")
    return phrase("conditions.findings", place=place, told=told)


def _same_on_both_sides(rows: Sequence[Fact]) -> bool:
    """Whether there are two findings, left and right, in the same words and with the same grade."""
    said = {(fact.words("finding"), fact.number("grade_0_5")) for fact in rows}
    return sorted(fact.side for fact in rows) == ["left", "right"] and len(said) == 1


def _finding(*facts: Fact, sided: bool = True) -> Words:
    """A finding, or several in the same words, with its side; a grade that its words only repeat stands alone."""
    noted, repeats = Noted(*facts), _repeats_its_grade(facts[0])
    words = (
        phrase("conditions.finding_grade", finding=noted) if repeats else phrase("conditions.finding", finding=noted)
    )
    side = noted.side_words() if sided else ""
    return joined_words([side, words], " ") if side else words


def _repeats_its_grade(fact: Fact) -> bool:
    grade = fact.number("grade_0_5")
    if grade is None:
        return False
    whole = round(grade)
    sign = "" if grade == whole else " plus" if grade > whole else " minus"
    said = fact.words("finding").strip(" .").lower()
    return said in {f"{whole}{sign} of 5", f"grade {whole}{sign} of 5", f"{whole}{sign}/5"}


def _listed(parts: Iterable[str]) -> Words | None:
    """Parts that say anything, parted by semicolons. None: none does."""
    kept = [Words(part.rstrip(". "), part.states) if isinstance(part, Words) else part for part in parts if part]
    return joined_words(kept, "; ") if kept else None


def after_surgery(facts: Facts) -> Section[Block]:
    """The course after surgery as those who saw the patient report it, apart from the closing data.

    Examination and entries stand in the order of their times; an entry without one keeps its place.
    """
    exam, entries = facts.by_id["postoperative.examination"], facts.of_kind("postoperative.entry")
    told_by_entries = exam.status == "not_recorded" and not exam.must_state
    sentences = _course(facts, [*entries] if told_by_entries else [exam, *entries])
    return Section("after", "After surgery", (Paragraph(sentences, listed=bool(entries)),))


def postoperative_findings(facts: Facts) -> tuple[Sentence, ...]:
    """The examination after surgery and every entry that reports a deficit, a finding or a result, in their order."""
    exam = facts.by_id["postoperative.examination"]
    examined = facts.of_kind("postoperative.examination.finding") or exam.status not in _UNSEEN
    entries = [
        fact
        for fact in facts.of_kind("postoperative.entry")
        if fact.text("deficit")
        or fact.text("result")
        or facts.in_group(fact.id, "postoperative.finding")
        or fact.status in _SEEN_AFTER
    ]
    return _course(facts, [*([exam] if examined else []), *entries])


def _course(facts: Facts, rows: Sequence[Fact]) -> tuple[Sentence, ...]:
    return tuple(
        _examination(facts, fact.id, "Post-operative")
        if fact.kind == "postoperative.examination"
        else _entry(fact, facts.in_group(fact.id, "postoperative.finding"))
        for fact in _in_order(rows)
    )


def _entry(fact: Fact, findings: Sequence[Fact]) -> Sentence:
    noted = Noted(fact)
    result = phrase("conditions.result", entry=fact) if fact.text("result") else ""
    linked = phrase("conditions.linked_operation", entry=fact) if fact.text("linked_case") else ""
    said = [noted.text("text"), result]
    if any(said):
        told = _listed([noted.text("deficit"), *said, *findings_words(findings), linked])
    else:
        told = _listed([*_deficit(fact, findings), linked])
    if fact.text("by_role"):
        return say("conditions.entry_by_role", entry=fact, told=told)
    return say("conditions.entry", entry=fact, told=told)


def _in_order(rows: Sequence[Fact]) -> list[Fact]:
    """Entries of the course after surgery in recorded order, the examination at its time between them.

    An entry without a clock time stands behind the examination, unless it is the waking or told from the entry before
    it: what comes days later is never told first.
    """
    exams = [fact for fact in rows if fact.kind == "postoperative.examination"]
    entries = in_recorded_order(
        [fact for fact in rows if fact.kind == "postoperative.entry"], lambda fact: fact.instant("at")
    )
    for exam in exams:
        at, place = exam.instant("at"), 0
        for index, entry in enumerate(entries):
            entered_at = entry.instant("at")
            if at is not None and entered_at is not None and utc(entered_at) <= utc(at):
                place = index + 1
        while at is not None and place < len(entries) and _stays_in_front(entries[place]):
            place += 1
        entries.insert(place, exam)
    return entries


def _stays_in_front(entry: Fact) -> bool:
    """Whether an entry without a time keeps its place before a timed examination."""
    return entry.instant("at") is None and (entry.status == "waking" or entry.value("follows") is not None)
