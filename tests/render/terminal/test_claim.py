"""The checklist as text: everything that is open stands there, claims nothing, and fits a terminal."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from report_gen import load_case
from report_gen.case.contract.model import Case
from report_gen.claim import Assessment, Profile, load_profile
from report_gen.claim.attachment import attachment
from report_gen.claim.record import read_record
from report_gen.document.blocks import Cell, Column, KeyValue, KeyValues, Paragraph, Row, Section, Table
from report_gen.draft.model import Sentence
from report_gen.facts import derive
from report_gen.identity import report_id
from report_gen.life import ReportLife
from report_gen.render.claim.checklist import checklist
from report_gen.render.claim.json import claim_json
from report_gen.render.terminal.claim import claim_text
from report_gen.vocab import vocabulary
from tests.cases.maximal import maximal
from tests.cases.practice import settled
from tests.cases.reports import loaded
from tests.cases.story import BASE, CLAIMS, data, edited, of_case
from tests.hostile import HOSTILE, everywhere
from tests.render.claim_cases import by_case
from tests.selection import now_and_in_full

WIDTH = 100
FORBIDDEN = re.compile(
    r"\b(approved|compliant|ready|clean|guaranteed|certified|audit-?proof|no injury)\b", re.IGNORECASE
)
"""What no output may say of a claim."""


def told(case: Case, profile: Profile | None = None) -> tuple[Assessment, str, str]:
    """Assessment, text and JSON of a case."""
    chosen, record = profile or load_profile(), read_record(derive(case), ReportLife.stated(case))
    found = of_case(case, chosen)
    attached = attachment(record, found, chosen, report_id(case), None)
    return found, claim_text(checklist(found, attached)), claim_json(found, attached, "report_gen test").decode()


@cache
def sample(path: Path) -> tuple[Assessment, str, str]:
    """Of a sample, under what is shipped."""
    return told(load_case(path))


def squeezed(text: str) -> str:
    """Text without white space: where lines break is the layout's affair."""
    return "".join(text.split())


class TestEverySample:
    @by_case
    def test_says_all_that_is_open(self, path):
        """Message, action, rule and denial of each open finding, under whom to ask."""
        found, text, _ = sample(path)
        body = squeezed(text)
        assert squeezed(found.statement) in body
        for row in found.open:
            assert squeezed(row.message) in body
            assert squeezed(row.action) in body
            assert row.code in body
            assert squeezed(", ".join(row.denials)) in body
            assert all(squeezed(source.title) in body for source in row.sources)
        held = len(re.findall(r"^    HOLD ", text, re.MULTILINE))
        looked = len(re.findall(r"^    check ", text, re.MULTILINE))
        # What is said of several lines or people in the same words stands once.
        said = {(row.who, row.code, row.message, row.action, row.blocking) for row in found.open}
        assert (held, looked) == (sum(row[-1] for row in said), sum(not row[-1] for row in said))

    @by_case
    def test_asks_each_who_can_answer_by_the_name_of_their_office(self, path):
        """As the vocabulary calls them on a checklist; a surgeon is asked through the office."""
        found, text, _ = sample(path)
        entries = [vocabulary("respondents")[who] for who in {row.who for row in found.open}]
        offices = {entry.office or entry.display for entry in entries}
        assert {words for words in offices if f"Ask the {words}: " not in text} == set()

    @by_case
    def test_says_every_line_with_its_units(self, path):
        """Label, concept and units of each proposed line, in order."""
        found, text, _ = sample(path)
        lines = squeezed(text[text.index("PROPOSED LINES") :])
        place = 0
        for row in found.lines:
            place = lines.index(squeezed(f"{row.id} {row.label} ({row.concept})"), place)
            assert squeezed(f"Units: {row.units}") in lines[place:]
        assert found.lines or "supports no line" in text

    @by_case
    def test_keeps_to_a_terminal(self, path):
        """No line is wider, none ends in blanks, the last ends with a newline, and nothing controls the terminal."""
        _, text, _ = sample(path)
        assert [line for line in text.split("\n") if len(line) > WIDTH or line != line.rstrip()] == []
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert {char for char in text if unicodedata.category(char).startswith("C")} == {"\n"}

    @by_case
    def test_claims_nothing(self, path):
        """Neither text nor data says of a claim what no rule can know."""
        _, text, data = sample(path)
        assert FORBIDDEN.findall(text) == []
        assert FORBIDDEN.findall(data) == []

    @by_case
    def test_the_green_sentence_stands_only_where_nothing_is_open(self, path):
        """And under what is shipped something always is."""
        found, text, data = sample(path)
        assert found.open
        assert "No open item found" not in squeezed(text) + text + data


class TestWithNothingOpen:
    def test_one_sentence_and_no_list(self, tmp_path):
        """The dated sentence, no section of open items, nobody to ask."""
        found, text, data = told(loaded(data_of_base()), settled(tmp_path))
        assert found.open == ()
        assert squeezed(f"{found.statement}") in squeezed(text)
        assert "WHAT IS OPEN" not in text
        assert "To ask" not in text
        assert "HOLD" not in text
        assert FORBIDDEN.findall(text + data) == []


def data_of_base() -> dict[str, Any]:
    """The base story as raw data."""
    return data(BASE)


class TestHostileText:
    @pytest.mark.parametrize(
        "text", now_and_in_full(HOSTILE, (HOSTILE[6], HOSTILE[13], HOSTILE[17], HOSTILE[20])), ids=range(len(HOSTILE))
    )
    def test_does_not_reach_the_page(self, text):
        """What people typed into the case changes not one character of the checklist but the report's digest."""
        raw = data_of_base()
        assert everywhere(raw, text) > 10
        found, shown, _ = told(loaded(raw))
        digest = re.compile(r"-v1-[0-9a-f]{10}")
        if len(text.strip()) > 40 or "\n" in text:
            assert text not in shown
        assert {char for char in shown if unicodedata.category(char).startswith("C")} == {"\n"}
        assert [line for line in shown.split("\n") if len(line) > WIDTH] == []
        rules = {row.code for row in found.findings}
        assert rules == {row.code for row in sample(CLAIMS / f"{BASE}.json")[0].findings}
        assert digest.search(shown)

    def test_the_longest_identifiers_keep_to_the_width(self):
        """Case id, control number, people and policy at the most that the contract takes."""
        raw = json.loads(json.dumps(data_of_base()).replace('"pro1"', f'"{"p" * 60}"'))
        raw["case_id"] = "C" * 60
        raw["encounter"]["attachment_control_number"] = "N" * 64
        _, text, _ = told(loaded(raw))
        assert "C" * 60 in text
        assert [line for line in text.split("\n") if len(line) > WIDTH] == []

    def test_the_maximal_case(self):
        """With every field filled."""
        _, text, _ = told(Case.model_validate_json(json.dumps(maximal())))
        assert [line for line in text.split("\n") if len(line) > WIDTH] == []


class TestMinutes:
    def test_without_a_log_nothing_is_estimated(self):
        """What is missing is named."""
        text = told(edited(removed=["/professional_sessions"]))[1]
        assert "Cannot be computed: the record lacks reader log" in text

    def test_reasons_and_places_are_words(self):
        """The base story: where, and why minutes do not count."""
        text = sample(CLAIMS / f"{BASE}.json")[1]
        assert "outside the room" in text
        assert "Excluded: baselines 26; removal 2; outside monitoring 22" in text


class TestSections:
    def test_sections_of_every_kind_of_block(self):
        """Paragraphs, pairs and tables, with a value that has no room beside its label on a line of its own."""
        table = Table(
            "t",
            "caption",
            (Column("A", 10), Column("B", 10), Column("C", 10)),
            (
                Row((Cell("Head"), Cell(""), Cell("")), heading=True),
                Row((Cell("one"), Cell("two"), Cell("three"))),
                Row((Cell("four"), Cell("five"), Cell(""))),
            ),
            (Sentence("A note.", ()),),
        )
        pairs = KeyValues((KeyValue("Short", "value", ()), KeyValue("Long", "w " * 60, ())))
        sections = (Section("s", "Title", (Paragraph((Sentence("Words.", ()),), label="Label"), pairs, table)),)
        assert claim_text(sections).splitlines() == [
            "TITLE",
            "  Label. Words.",
            f"  {'Short:':<31}value",
            "  Long:",
            "    " + " ".join("w" * 48),
            "    " + " ".join("w" * 12),
            "  Head",
            "    one    two",
            "           C: three",
            "    four   five",
            "  A note.",
        ]
