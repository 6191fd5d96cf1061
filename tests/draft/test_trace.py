"""Every statement rests on facts, every fact that must be stated is, and every fact points into the case file."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from report_gen import generate, load_case
from report_gen.checks import CheckedReport, check
from report_gen.document.blocks import Paragraph, Section, Table
from report_gen.draft.model import Draft, Sentence, statements
from report_gen.draft.writer import write
from report_gen.facts import Fact, Facts, Value
from report_gen.pipeline import prepare
from report_gen.settings import Settings
from report_gen.vocab import vocabulary
from tests.cases.maximal import maximal_facts
from tests.facts.test_every_field import maximal
from tests.selection import over_samples

SAMPLES = sorted((Path(__file__).parents[2] / "samples" / "valid").glob("*.json"))
by_sample = over_samples(
    "invented_scoliosis_mep_loss",
    "published_c04_acdf",
    "invented_lumbar_fusion_screws",
    "invented_overnight_clock_change",
)
"""An alert with all that follows; a thin record; tests of screws; two days and two offsets of the clock."""


@cache
def _checked(path: Path) -> CheckedReport:
    return prepare(load_case(path))


def _unstated(facts: Facts, draft: Draft) -> list[str]:
    """Facts that must be stated and are not; a mark in a figure is not enough."""
    cited = {fact for _, _, facts in statements(draft, shown=False) for fact in facts}
    return [fact.id for fact in facts if fact.must_state and fact.id not in cited]


def _at(tree: Any, pointer: str) -> bool:
    """Whether a pointer leads to a place in the file, or to one that the file leaves out of an object it has."""
    node, parts = tree, pointer.split("/")[1:]
    for index, part in enumerate(parts):
        if isinstance(node, list):
            if not part.isdigit() or int(part) >= len(node):
                return False
            node = node[int(part)]
        elif isinstance(node, dict):
            if part not in node:
                return index >= len(parts) - 2  # not recorded: the object is there, or it is itself left out
            node = node[part]
        else:
            return False
    return True


class TestEveryField:
    def test_every_fact_that_must_be_stated_is(self):
        """In a case with every field of the contract filled, those that no sample has included."""
        facts = maximal_facts(maximal())
        assert _unstated(facts, write(facts, report_id="T-1")) == []


class TestEverySample:
    @by_sample
    def test_every_statement_cites_known_facts(self, path):
        """No sentence, cell, label or figure mark stands without a fact behind it."""
        checked = _checked(path)
        orphans = [
            (where, text)
            for where, text, facts in statements(checked.draft)
            if not facts or any(fact not in checked.facts.by_id for fact in facts)
        ]
        assert orphans == []

    @by_sample
    def test_every_fact_that_must_be_stated_is(self, path):
        """Nothing that matters in the record is missing from the words."""
        checked = _checked(path)
        assert _unstated(checked.facts, checked.draft) == []

    @by_sample
    def test_every_fact_points_into_the_file(self, path):
        """Pointers lead to a place in the case file, and computed facts name the facts they were computed from."""
        checked, tree = _checked(path), json.loads(path.read_bytes())
        assert [fact.id for fact in checked.facts if not _at(tree, fact.pointer)] == []
        unknown = [(fact.id, name) for fact in checked.facts for name in fact.inputs if name not in checked.facts.by_id]
        assert unknown == []
        assert [fact.id for fact in checked.facts if fact.author == "computed" and not fact.formula] == []

    @by_sample
    def test_report_json_carries_the_same_trace(self, path):
        """The file that other systems read has the sentences, the facts and the links between them."""
        report = json.loads(generate(load_case(path), settings=Settings(pdf=False)).json)
        known = {fact["id"] for fact in report["facts"]}
        cited: set[str] = set()

        def walk(node: Any) -> None:
            if isinstance(node, dict):
                if "text" in node and isinstance(node.get("facts"), list):
                    cited.update(node["facts"])
                for value in node.values():
                    walk(value)
            elif isinstance(node, list):
                for value in node:
                    walk(value)

        walk(report["sections"])
        walk(report["running_header"])
        assert cited <= known
        assert len(cited) > 20

    @by_sample
    def test_tables_are_rectangular_and_headings_span(self, path):
        """Every row has a cell for each column, and a row that heads others keeps the rest empty."""
        for section in _checked(path).draft.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    for row in block.rows:
                        assert len(row.cells) == len(block.columns)
                        assert not row.heading or not any(cell.text for cell in row.cells[1:])


UNPRINTED = {
    "adverse_effects": {"checked"},  # its words say so: none observed, or not checked
    "channel": {"family", "label", "short"},  # named by site and modality, or in its short form
    "communication.channel": {"live_waveforms"},  # in words of its own
    "criterion": {"text"},  # without a criterion the sentence says that none is recorded
    "encounter.facility": {"npi"},  # for the claim
    "event.context": {"event"},  # stands in the account of that event
    "event.occurrence": {"event"},
    "event": {"direction", "either", "modality", "what"},  # in the words of the responses and of the change
    "event.retest": {"number"},  # counted in the header of the table
    "event.retest.reading": {"channel"},  # in its short form
    "event.reading": {"channel", "short"},  # of several readings of one response the first names it
    "linked_case": {"monitored"},  # in words of its own
    "modality": {"name", "requested"},  # in its short form; the order lists what was requested
    "person": {"work_country", "work_state"},  # for the claim
    "people.missing": {"roles"},  # each of them stands as not recorded
    "postoperative.entry": {"follows"},  # told in its place
    "postoperative.examination": {"availability"},  # in words of its own
    "preoperative.examination": {"availability"},
    "threshold": {"place"},  # the level heads its row, the side its columns
}
"""Values of recorded facts that need not be printed to the letter, and why."""


class TestEveryValue:
    @by_sample
    def test_of_a_recorded_fact_is_printed(self, path):
        """Citing a fact is not enough: each recorded number, time, name and remark stands in words that cite it."""
        checked = _checked(path)
        said: dict[str, str] = {}
        for _, text, facts in statements(checked.draft, shown=False):
            for fact in facts:
                said[fact] = f"{said.get(fact, '')} {text.lower()}"
        lost = [
            (fact.id, value.name, value.text)
            for fact in checked.facts
            if fact.must_state and fact.author != "computed"
            for value in fact.values
            if value.name not in UNPRINTED.get(fact.kind, ()) and not _printed(fact, value, said[fact.id])
        ]
        assert lost == []


def _printed(fact: Fact, value: Value, words: str) -> bool:
    """Whether a value stands in the words that cite its fact; a finding may be told by the grade that it repeats."""
    grade = value.name == "finding" and fact.value("grade_0_5") and fact.text("grade_0_5") in words
    if (grade and "of 5" in value.text) or value.text.lower().rstrip(".") in words:
        return True
    if value.name == "acceptance":  # the words of what was accepted may stand between its own
        return all(part in words for part in value.text.split())
    if value.name == "text" and fact.value("remark"):  # a table tells the remark once, in a note
        return fact.text("bare").lower() in words and fact.text("remark").lower() in words
    if value.codes and value.vocabulary:  # a list in another order or joint: each of its terms
        terms = vocabulary(value.vocabulary)
        return all(code == "other" or terms.display(code).lower() in words for code in value.codes)
    if value.code == "other":  # its own words are printed instead
        return any(row.name.endswith(("_other", "detail")) or row.name == "place" for row in fact.values)
    return fact.kind == "minutes.monitoring" and "nothing was monitored" in words


class TestTheCheckItself:
    def test_a_sentence_without_a_fact_blocks_signing(self):
        """The program notices its own defects: a statement that rests on nothing becomes a finding."""
        checked = _checked(SAMPLES[0])
        invented = Section("course", "Course", (Paragraph((Sentence("Everything was fine.", ()),)),))
        findings = check(checked.facts, replace(checked.draft, sections=(*checked.draft.sections, invented))).findings
        assert [row.code for row in findings if row.code.startswith("coverage.")] == ["coverage.statement_without_fact"]

    def test_a_dropped_section_blocks_signing(self):
        """Leaving something out is as serious as inventing it."""
        checked = _checked(next(path for path in SAMPLES if path.stem == "invented_scoliosis_mep_loss"))
        fewer = tuple(section for section in checked.draft.sections if section.role not in ("event", "result"))
        findings = check(checked.facts, replace(checked.draft, sections=fewer)).findings
        missing = {fact for row in findings if row.code == "coverage.fact_not_stated" for fact in row.facts}
        assert any(fact.startswith("event.E1.intervention") for fact in missing)
        assert any(fact.startswith("event.E1.notification") for fact in missing)
