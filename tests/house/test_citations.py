"""The references under ``docs/reference``: each citation leads to a section, each section is cited, figures agree."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from report_gen.case.limits import MAC_WITH_MOTOR
from report_gen.checks.contradictions.outcomes import LOW_RETURN_PCT
from report_gen.facts.record.snapshots import NEAREST_ROW_MIN
from report_gen.rules import rules
from report_gen.vocab import names, vocabulary

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
EXAMPLES = ROOT / "tests" / "claim" / "worked_examples.toml"
LIMITS = ROOT / "report_gen" / "vocab" / "limits.json"
WRITTEN_IN = {".py", ".json", ".toml", ".jinja"}

ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
DOCUMENT = r"\b(clinical|billing|architecture)(?:\.md| reference)\b"
SECTION = r"§\d+(?:\.\d+)*(?: (?:fact|item)s? \d+(?: (?:to|and) \d+)?)?(?: \((?:S\d+[a-z]?(?:, )?)+\))?"
CITATION = re.compile(rf"{DOCUMENT}[\"',]* ?[\"']?({SECTION}(?:(?:,|;| and| to) {SECTION})*)")
PLACE = re.compile(r"§(\d+(?:\.\d+)*)(?: (?:fact|item)s? (\d+)(?: (to|and) (\d+))?)?(?: \(([^)]*)\))?")
MENTION = re.compile(rf"{DOCUMENT}(?![\"'`])")
KEY = re.compile(r"\bS\d+[a-z]?\b")

Cited = tuple[str, str, tuple[str, ...]]
"""Document, anchor of the section, and keys named beside it."""


def citations(text: str) -> Iterator[Cited]:
    """Every section that a text cites."""
    for match in CITATION.finditer(" ".join(text.split())):
        for place in PLACE.finditer(match[2]):
            section, first, joint, last, keys = place.groups()
            numbers = range(int(first), int(last) + 1) if joint == "to" else [int(n) for n in (first, last) if n]
            for anchor in [f"{section}.{number}" for number in numbers] or [section]:
                yield match[1], anchor, tuple(KEY.findall(keys or ""))


def unsectioned(text: str) -> list[str]:
    """Mentions of a reference that name no section of it."""
    flat = " ".join(text.split())
    cited = {match.start() for match in CITATION.finditer(flat)}
    return [flat[row.start() : row.end() + 30] for row in MENTION.finditer(flat) if row.start() not in cited]


@cache
def written() -> dict[str, str]:
    """Text of every file of ours that may cite, by its path."""
    rooms = ("report_gen", "tests", "tools", "prompts")
    paths = [path for room in rooms for path in (ROOT / room).rglob("*") if path.suffix in WRITTEN_IN]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths if path != Path(__file__)}


@cache
def cited() -> frozenset[Cited]:
    """Every citation in them."""
    return frozenset(row for text in written().values() for row in citations(text))


@cache
def sections(document: str) -> dict[str, str]:
    """Text of each section of a reference by its anchor, up to the next one."""
    parts = ANCHOR.split((REFERENCE / f"{document}.md").read_text("utf-8"))
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert len(found) == len(parts) // 2, f"an anchor of {document}.md stands twice"
    return found


def limit_rows() -> list[dict[str, Any]]:
    """Rows of the file of limits."""
    rows: list[dict[str, Any]] = json.loads(LIMITS.read_text("utf-8"))["rows"]
    return rows


class TestEveryCitation:
    def test_leads_to_a_section(self):
        """Document and section are there; an anchor is the number of the section."""
        assert sorted({row[:2] for row in cited() if row[0] == "architecture"}) == []
        assert [row[:2] for row in sorted(cited()) if row[1] not in sections(row[0])] == []

    def test_names_keys_that_stand_in_its_section(self):
        """A key beside a section is one of what the section rests on."""
        astray = [
            (document, anchor, key)
            for document, anchor, keys in sorted(cited())
            for key in keys
            if key not in KEY.findall(sections(document)[anchor])
        ]
        assert astray == []

    def test_names_its_section(self):
        """A document alone sends a reader to search it."""
        assert [(path, row) for path, text in written().items() for row in unsectioned(text)] == []

    def test_is_there_for_each_term(self):
        """A vocabulary's entry or a limit cites a section, or says that it is a proposal or a percentage by nature."""
        sources = [entry.source for name in names() for entry in vocabulary(name).entries.values()]
        sources += [row["source"] for row in limit_rows()]
        known = ("[P]", "a percentage")
        assert [row for row in sources if not [*citations(row)] and not row.startswith(known)] == []


class TestEverySection:
    @pytest.mark.parametrize("document", ["clinical", "billing"])
    def test_is_cited(self, document):
        """What nothing rests on is not kept."""
        assert set(sections(document)) - {anchor for name, anchor, _ in cited() if name == document} == set()

    def test_names_keys_that_have_a_source_and_every_source_is_named(self):
        """Both ways."""
        named = {key for text in sections("clinical").values() for key in KEY.findall(text)}
        assert named == set(sections("sources"))

    def test_has_a_source_that_can_be_found(self):
        """Who, what and where."""
        rows = [line for line in (REFERENCE / "sources.md").read_text("utf-8").splitlines() if "<a id" in line]
        assert [row for row in rows if not all(cell.strip() for cell in row.strip("|").split("|"))] == []
        assert len(rows) == len(sections("sources"))


def _range(cell: str) -> list[float] | None:
    return [float(end) for end in cell.split(" to ")] if cell else None


def _table_rows(anchor: str) -> list[tuple[object, ...]]:
    """Rows of the table of limits in a section."""
    lines = [line for line in sections("clinical")[anchor].splitlines() if line.count("|") == 5]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    return [(quantity, where, _range(soft), _range(hard)) for quantity, where, soft, hard in cells]


class TestFigures:
    def test_the_limits_are_those_of_the_vocabulary(self):
        """Each row of the file in the section that it cites, and no other; what is proposed alone stands in §2.5."""
        wanted: dict[str, list[tuple[object, ...]]] = {"2.1": [], "2.2": [], "2.3": [], "2.5": []}
        for row in limit_rows():
            keys = ("modality", "site", "age", "stim_mode", "condition")
            where = ", ".join(f"{key} {row[key]}" for key in keys if row.get(key))
            anchor = next((anchor for _, anchor, _ in citations(row["source"])), "2.5")
            wanted[anchor].append((row["quantity"], where, row.get("soft"), row.get("hard")))
        assert {anchor: _table_rows(anchor) for anchor in wanted} == wanted

    @pytest.mark.parametrize(
        ("document", "anchor", "words"),
        [
            ("clinical", "2.5", f"More than {MAC_WITH_MOTOR} MAC"),
            ("clinical", "7.2", f"below {LOW_RETURN_PCT} % of baseline"),
            ("clinical", "1.7.6", f"every {NEAREST_ROW_MIN} minutes"),
        ],
    )
    def test_a_figure_of_the_text_is_that_of_the_code(self, document, anchor, words):
        """It stands there in these words."""
        assert words in " ".join(sections(document)[anchor].split())

    def test_the_units_are_those_of_the_rules(self):
        """Midpoints, the floor of the hourly code, and which unit counts when completed."""
        values = rules()["units_time"].versions[-1].parameters
        assert set(values["unit_min"].values()) == {15, 60}
        assert "(8 of 15, 31 of 60 minutes)" in sections("billing")["3"]
        assert f"for {values['over_min']['mon.remote_multi']} minutes or less" in sections("billing")["3"]
        assert values["rounding"]["mon.remote_exclusive"] == "completed"

    def test_the_worked_examples_are_as_many_as_their_table_has(self):
        """Numbered from one."""
        numbers = {row["number"] for row in tomllib.loads(EXAMPLES.read_text("utf-8"))["row"]}
        assert numbers == set(range(1, max(numbers) + 1))
        assert f"{max(numbers)} cases" in sections("billing")["3.1"]

    def test_the_places_of_service_are_those_of_the_vocabulary(self):
        """Each code of the section is one of the list."""
        codes = set(
            re.findall(
                r"\b\d{2}\b(?= (?:and|inpatient|outpatient|ambulatory|emergency|military|hospitals))",
                sections("billing")["5"],
            )
        )
        assert codes == {"21", "22", "19", "24", "23", "26", "06", "08"}
        places = vocabulary("places_of_service").entries
        assert codes <= set(places)
        taken = rules()["pos_facility"].versions[-1].parameters
        told = {*taken["facility"], *taken["ask"]}
        assert told == {code for code, place in places.items() if place.facility}
        assert {"21", "22", "19", "24", "26"} <= set(taken["facility"])


class TestTheCheckItself:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("(clinical reference §1.3)", {("clinical", "1.3")}),
            ("clinical.md §1.3; billing.md §12", {("clinical", "1.3"), ("billing", "12")}),
            ("clinical reference §1.1, §1.2 and §3", {("clinical", "1.1"), ("clinical", "1.2"), ("clinical", "3")}),
            ("clinical\n    reference §10 facts 2 and 20", {("clinical", "10.2"), ("clinical", "10.20")}),
            ("clinical reference §10 facts 16 to 18", {("clinical", f"10.{number}") for number in (16, 17, 18)}),
            ("clinical.md §7.1 item 6", {("clinical", "7.1.6")}),
            ('Source("clinical reference", "§2")', {("clinical", "2")}),
            ("CFR §410.32", set()),
        ],
    )
    def test_a_citation_is_read_in_each_of_its_forms(self, text, found):
        """Lists, ranges, facts, items, broken lines, calls; another document's section is none."""
        assert {row[:2] for row in citations(text)} == found

    def test_keys_are_read_beside_their_section(self):
        """Words in brackets are no keys."""
        assert [*citations("clinical.md §2.2 (S46, S48b) and more (S1)")] == [("clinical", "2.2", ("S46", "S48b"))]
        assert [*citations("clinical.md §1.1 (ASNM 2013)")] == [("clinical", "1.1", ())]

    def test_a_mention_without_a_section_is_found(self):
        """In whatever form, but for a name in quotes."""
        assert unsectioned("see clinical.md for more")
        assert unsectioned("the billing reference, section 7")
        assert not unsectioned('{"clinical.md": "clinical reference"}, clinical.md §1')
