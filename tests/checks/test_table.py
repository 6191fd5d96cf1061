"""The tables of what is asked of a record, held against the functions beside them in both directions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from string import Formatter

import pytest

from report_gen.case.load import load_case
from report_gen.checks import table
from report_gen.checks.contradictions import CODES as CONTRADICTING
from report_gen.checks.contradictions import contradiction_findings, fired_contradictions
from report_gen.checks.fired import Coded
from report_gen.checks.required import CODES as REQUIRED
from report_gen.checks.required import fired_gates, required_findings
from report_gen.checks.table import CheckRule, contradictions, gates, parsed
from report_gen.errors import AssetError
from report_gen.facts import Facts, derive
from report_gen.finding import Finding
from report_gen.vocab import vocabulary
from tests.cases.quiet import case, with_alert
from tests.cases.reports import facts_of
from tests.checks.firing import Data, firing

RULES = {**gates(), **contradictions()}
DAY = "2026-02-11"
"""Date of service of the case that the tests begin with."""
ROW = """
{"about": "Invented.", "effective_from": "1990-01-01", "checked_on": "2026-11-30", "origin": "gate", "rules": [{
"code": "required.example",
"gate": "sign",
"severity": "block",
"ask": "technologist",
"message": "Something is not recorded.",
"question": "What was it?",
"sources": ["clinical.md §1.8"],
"certainty": "own"
}]}
"""


@cache
def fires() -> tuple[tuple[str, Facts], ...]:
    """Each code with the facts of a case in which it fires."""
    return tuple((code, facts_of(data)) for code, data in firing())


def found(facts: Facts) -> list[Finding]:
    """What the two tables find."""
    return [*required_findings(facts), *contradiction_findings(facts)]


def fired(facts: Facts) -> Iterator[Coded]:
    """Each time that a function of the two tables fires."""
    yield from fired_gates(facts)
    yield from fired_contradictions(facts)


def slots(words: str) -> set[str]:
    """Names of the slots of a text."""
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def _on(day: date, data: Data) -> Facts:
    return derive(load_case(json.dumps(data).replace(DAY, day.isoformat()).encode()))


class TestEveryRow:
    def test_has_a_function_and_every_function_a_row(self):
        """Neither an idle row nor a function that nobody sourced; no code belongs to two functions."""
        assert set(REQUIRED) == set(gates())
        assert set(CONTRADICTING) == set(contradictions())
        assert [code for code, count in Counter((*REQUIRED, *CONTRADICTING)).items() if count > 1] == []

    def test_can_fire(self):
        """In a case made for it; a check that never fires tells nobody anything."""
        silent = [code for code, facts in fires() if code not in {row.code for row in found(facts)}]
        assert silent == []
        assert set(RULES) - {code for code, _ in fires()} == set()

    def test_can_stay_silent(self):
        """In a complete case, quiet or with an alert."""
        assert [row.code for data in (case(), with_alert()) for row in found(facts_of(data))] == []

    def test_is_worded_with_the_words_that_its_function_gives(self):
        """No slot without a word, and no word that nothing prints."""
        faults = set()
        for _, facts in fires():
            for code, row in fired(facts):
                rule = RULES[code]
                wanted = slots(rule.message) | slots(rule.message_several) | slots(rule.question)
                given = {*row.words, *(("count",) if rule.message_several else ())}
                if wanted != given:
                    faults.add((code, *sorted(wanted ^ given)))
        assert faults == set()

    def test_weighs_less_in_its_milder_case_and_only_there(self):
        """Both weights of a row with a milder case are seen, and no function eases a row that has none."""
        seen = {(code, row.eased) for _, facts in fires() for code, row in fired(facts)}
        assert {code for code, eased in seen if eased} == {code for code, rule in RULES.items() if rule.eased}
        assert {code for code, rule in RULES.items() if rule.eased and (code, False) not in seen} == set()

    def test_names_one_or_several(self):
        """A row that counts is seen with one and with more, and no function counts for a row that does not."""
        seen = {(code, row.count > 1) for _, facts in fires() for code, row in fired(facts)}
        counting = {code for code, rule in RULES.items() if rule.message_several}
        assert {code for code, several in seen if several} == counting
        assert {code for code in counting if (code, False) not in seen} == set()

    def test_asks_somebody_one_short_question_about_a_whole_sentence(self):
        """Fit for the page; only people whom a report may ask."""
        faults = [
            code
            for code, rule in RULES.items()
            if not rule.question.endswith("?") or len(rule.question) > 120 or not rule.message.endswith(".")
        ]
        assert faults == []
        respondents = vocabulary("respondents")
        assert {rule.ask for rule in RULES.values() if "report" not in respondents[rule.ask].asked_in} == set()

    def test_has_a_source_of_its_own(self):
        """No place stands for many rows: the most that share one are fewer than a tenth."""
        shared = Counter(tuple(source.locator for source in rule.sources) for rule in RULES.values())
        assert {place: count for place, count in shared.items() if not place or count > len(RULES) / 10} == {}

    def test_is_asked_from_its_day_on_and_not_before(self):
        """The first day and the day before, for each row that has a day of its own."""
        cases = dict(firing())
        for code, rule in RULES.items():
            if rule.effective_from > date(1990, 1, 1):
                days = (rule.effective_from - timedelta(days=1), rule.effective_from)
                assert [code in {row.code for row in found(_on(day, cases[code]))} for day in days] == [False, True]


class TestReading:
    def test_a_row_says_what_its_head_does_not(self):
        """A day of its own goes before that of the file."""
        row = parsed(ROW.replace('"own"', '"own", "effective_from": "2013-01-01"'))["required.example"]
        assert isinstance(row, CheckRule)
        assert (row.effective_from, row.sources[0].checked_on) == (date(2013, 1, 1), date(2026, 11, 30))
        assert [(source.title, source.locator) for source in row.sources] == [("clinical reference", "§1.8")]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"sign"', '"later"'),
            ('"block"', '"stop"'),
            ('"technologist"', '"compliance"'),
            ('"technologist"', '"nobody"'),
            ('"own"', '"sure"'),
            ('"origin": "gate"', '"origin": "guess"'),
            ('["clinical.md §1.8"]', "[]"),
            ("clinical.md", "elsewhere.md"),
            ('"certainty":', '"certain":'),
            ('"question": "What was it?",\n', ""),
            ('"rules": [{', '"rows": [{'),
            ("1990-01-01", "soon"),
        ],
    )
    def test_a_damaged_row_is_refused(self, old, new):
        """An unknown key or word, a missing one, no source, or a document that is not ours."""
        assert old in ROW
        with pytest.raises(ValueError, match=r"."):
            parsed(ROW.replace(old, new))

    @pytest.mark.parametrize("text", [None, "{", ROW.replace('"rules"', '"rows"')])
    def test_a_table_that_is_missing_or_damaged_is_a_fault_of_the_installation(self, text, tmp_path, monkeypatch):
        """It names the file and what to do."""
        if text is not None:
            (tmp_path / "gates.json").write_text(text)
        monkeypatch.setattr(table, "_FOLDER", tmp_path)
        with pytest.raises(AssetError, match=r"gates\.json is missing or damaged; install report_gen again"):
            gates.__wrapped__()

    def test_a_code_that_stands_twice_is_refused(self):
        """One of the two would be lost."""
        table = json.loads(ROW)
        with pytest.raises(ValueError, match="twice"):
            parsed(json.dumps({**table, "rules": [*table["rules"], *table["rules"]]}))
