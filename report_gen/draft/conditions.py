"""The patient before and after surgery, as those who saw them report it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from report_gen.document.blocks import Paragraph, Section
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.stated_time import in_recorded_order
from report_gen.facts.wording import utc

__all__ = ["after_surgery", "before_surgery", "postoperative_findings"]


_SEEN_AFTER = ("waking", "examination", "intensive_care", "death", "reoperation", "complication")
"""Kinds of entry of the course after surgery that say how the patient was, beside those that report a result."""
_UNSEEN = ("not_recorded", "not_available_to_monitoring_team", "not_performed")
"""Statuses of an examination that nobody told of."""


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
    told = [noted.text("deficit"), *findings_words(facts.of_kind(f"{fact_id}.finding")), noted.text("course")]
    return say("conditions.exam", when=when, exam=exam, told=_listed(told))


def findings_words(findings: Iterable[Fact]) -> list[Words]:
    """Findings of an examination in words; those of the same place stand together, each with its side."""
    places: dict[tuple[str, str], list[Fact]] = {}
    for fact in findings:
        places.setdefault((fact.code("domain"), fact.text("site")), []).append(fact)
    return [_place(rows) for rows in places.values()]


def _place(rows: Sequence[Fact]) -> Words:
    """The findings of one place; a single one has its side before the place."""
    if len(rows) == 1 and rows[0].side != "bilateral":
        place = phrase("conditions.finding_sided_place", finding=rows[0])
        return phrase("conditions.findings", place=place, told=_finding(rows[0], sided=False))
    place = phrase("conditions.finding_place", finding=Noted(*rows))
    if _same_on_both_sides(rows):
        told = joined_words([Noted(*rows).says("side", "both sides"), _finding(*rows, sided=False)], " ")
    else:
        told = joined_words([_finding(fact) for fact in rows], ", ")
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
    told = _listed([noted.text("deficit"), noted.text("text"), result, *findings_words(findings), linked])
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
