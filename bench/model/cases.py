"""The cases of the model benchmark: what a faithful model says to their questions, and what must not be lost.

The wording is that of the writers of the faithfulness corpus; drafts that are held out are left out. Where no writer
worded a unit, the model says what the template says.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bench.measure import SAMPLES, fault
from bench.model.answers import Said, Table, key_of
from bench.model.whole import joined, prefix
from report_gen import Case, Report, generate, load_case
from report_gen.draft.passages import StatedValue as Value
from report_gen.draft.passages import Unit, passages
from report_gen.draft.writer import write
from report_gen.llm.question.prompt import Question, questions
from trials.guard.corpus import DRAFTS, Page, Sheet, held_out, sheets

__all__ = ["NAMES", "BenchCase", "asked_of", "faithful", "false_printed", "lost", "opened", "table"]

_WORDED: Final = sorted({path.stem for path in DRAFTS.glob("*/*.json")})
NAMES: Final = tuple(name for place, name in enumerate(_WORDED) if not held_out(place))
"""The cases that writers have worded, those held out left out."""
_OWN_NOTE: Final = "A language model"
_SLOT: Final = re.compile(r"\{([tnq]\d{1,3})\}")


@dataclass(frozen=True, slots=True)
class BenchCase:
    """A case with the report that no model worded."""

    name: str
    """Name of its file, without ending."""
    case: Case
    """The case."""
    plain: Report
    """Its deterministic report."""
    document: Mapping[str, Any]
    """What that one's `report.json` holds."""
    true: Mapping[str, frozenset[str]]
    """By passage, every sentence that a writer or the template wrote of it; whatever else a model says is false."""


def opened(names: Sequence[str]) -> tuple[BenchCase, ...]:
    """The cases of these names, in order, each with its deterministic report."""
    cases = [(name, load_case(SAMPLES / f"{name}.json")) for name in names]
    reports = [generate(case) for _, case in cases]
    true = _true(names)
    return tuple(
        BenchCase(name, case, report, json.loads(report.json), true[name])
        for (name, case), report in zip(cases, reports, strict=True)
    )


def table(names: Collection[str]) -> Table:
    """What the server must know to answer the questions of these cases, one by one or joined."""
    answers: dict[str, tuple[tuple[Said, ...], ...]] = {}
    whole: dict[str, tuple[tuple[str, str], ...]] = {}
    for sheet in sheets(DRAFTS):
        if sheet.case not in names:
            continue
        asked = asked_of(sheet)
        for question, said in faithful(sheet, asked):
            key = key_of(question.ask.user)
            answers[key] = (*answers.get(key, ()), said)
        asks = [question.ask for question in asked]
        parts = tuple((prefix(place), key_of(ask.user)) for place, ask in enumerate(asks))
        whole[key_of(joined(asks).user)] = parts
    return Table(answers, whole)


def faithful(sheet: Sheet, asked: Sequence[Question]) -> Iterator[tuple[Question, tuple[Said, ...]]]:
    """Each question with what one writer, and for the rest the template, says to it."""
    pages = {page.passage.id: page for page in sheet.pages}
    for question in asked:
        yield question, _said(question.units, pages.get(question.passage))


def false_printed(report: Report, of: BenchCase) -> int:
    """How many of the model's sentences in a report say what neither a writer nor the template wrote of that passage.

    The simulated model says nothing else but these and what was made false of them, so each such sentence is false,
    whatever the guard made of it.
    """
    return sum(
        row["worded_by"] == "model" and not _made_of(row["text"], of.true.get(section["id"], frozenset()))
        for section in json.loads(report.json)["sections"]
        for row in _sentences(section)
    )


def _made_of(text: str, known: frozenset[str]) -> bool:
    """Whether a text is sentences of these, one after the other: those about one fact are printed as one."""
    return text in known or any(
        text.startswith(f"{one} ") and _made_of(text[len(one) + 1 :], known) for one in known if one
    )


def _true(names: Collection[str]) -> dict[str, dict[str, frozenset[str]]]:
    """Every sentence that the model's table holds, slots filled, by case and passage."""
    found: dict[str, dict[str, frozenset[str]]] = {name: {} for name in names}
    for sheet in sheets(DRAFTS):
        if sheet.case not in names:
            continue
        of = found[sheet.case]
        for question, said in faithful(sheet, asked_of(sheet)):
            hidden = {row.slot: row for unit in question.units for part in unit.parts for row in part.said if row.slot}
            texts = frozenset(_filled(row.text, hidden) for row in said)
            of[question.passage] = of.get(question.passage, frozenset()) | texts
    return found


def _filled(text: str, hidden: Mapping[str, Value]) -> str:
    """A sentence with the values of its slots, a person's own words in quotation marks."""
    shown = {slot: f"“{row.text}”" if row.how == "quote" else row.text for slot, row in hidden.items()}
    return _SLOT.sub(lambda match: shown.get(match[1], match[0]), text).strip()


def lost(report: Report, of: BenchCase) -> str:
    """What a report lacks of the deterministic one; empty when it states the same facts with the same findings.

    A model's sentence stands for template sentences and states their facts; so each section must state the same facts,
    every sentence of the template must stand or have one of the model's in its place, and what is not prose must be the
    same to the letter.
    """
    return fault(report) or next(_differences(report, of), "")


def _differences(report: Report, of: BenchCase) -> Iterator[str]:
    if report.findings != of.plain.findings:
        yield "other findings"
    one, other = json.loads(report.json), of.document
    if one["facts"] != other["facts"]:
        yield "other facts"
    if [section["id"] for section in one["sections"]] != [section["id"] for section in other["sections"]]:
        yield "other sections"
    for mine, theirs in zip(one["sections"], other["sections"], strict=False):
        theme = mine["id"].partition("-")[0]
        if why := _reworded(mine, theirs):
            yield f"{theme}: {why}"
        if _fixed(mine) != _fixed(theirs):
            yield f"{theme}: other tables or words of a person"


def asked_of(sheet: Sheet) -> tuple[Question, ...]:
    """The questions of a case, those about passages that the writer left out included."""
    return questions(passages(write(sheet.facts, report_id="bench"), sheet.facts), sheet.facts)


def _said(units: Sequence[Unit], page: Page | None) -> tuple[Said, ...]:
    """What a writer says of these units in his order, and the template of those that he left out."""
    by_key = {unit.key: unit for unit in units}
    place = {unit.key: index for index, unit in enumerate(units)}
    mine = [claim for claim in page.claims if set(claim.units) <= by_key.keys()] if page is not None else []
    said = [
        Said(claim.units, _with_slots(claim.text, [by_key[key] for key in claim.units]))
        for claim in mine
        if claim.units
    ]
    worded = {key for row in said for key in row.facts}
    rest = [
        Said((unit.key,), _with_slots(sentence.text, [unit]))
        for unit in units
        if unit.key not in worded
        for sentence in unit.template
    ]
    return tuple(sorted([*said, *rest], key=lambda row: min(place[key] for key in row.facts))) if rest else tuple(said)


def _with_slots(text: str, units: Sequence[Unit]) -> str:
    """A sentence as a model that knows only slots would have written it."""
    hidden = {said.slot: said for unit in units for part in unit.parts for said in part.said if said.slot}
    for said in sorted(hidden.values(), key=lambda row: -len(row.text)):
        text = re.sub(_pattern(said), f"{{{said.slot}}}", text)
    return text


def _pattern(said: Value) -> str:
    return f"“{re.escape(said.text)}”" if said.how == "quote" else rf"(?<![\w:]){re.escape(said.text)}(?![\w:])"


def _sentences(section: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sentences of a section's prose, without the note that tells of the model: it states nothing of the case."""
    return [
        row
        for block in section["blocks"]
        if block["kind"] == "paragraph"
        for row in block["sentences"]
        if not row["text"].startswith(_OWN_NOTE)
    ]


def _reworded(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """What is wrong with a section's prose beside the deterministic one; empty when nothing is."""
    said, due = _sentences(mine), _sentences(theirs)
    if {fact for row in said for fact in row["facts"]} != {fact for row in due for fact in row["facts"]}:
        return "other facts stated"
    kept = [row["text"] for row in said if row["worded_by"] != "model"]
    known = [row["text"] for row in due]
    if Counter(kept) - Counter(known):
        return "a sentence that is neither the template's nor the model's"
    told = {fact for row in said if row["worded_by"] == "model" for fact in row["facts"]}
    gone = Counter(known) - Counter(kept)
    if any(gone[row["text"]] and not told.issuperset(row["facts"]) for row in due):
        return "a sentence that nothing stands for"
    return ""


def _fixed(section: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [block for block in section["blocks"] if block["kind"] != "paragraph" or block["verbatim"]]
