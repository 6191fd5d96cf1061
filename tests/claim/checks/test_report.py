from __future__ import annotations

import pytest

from report_gen.claim.model import RuleFinding
from report_gen.rules import rule
from tests.cases.story import assessed, data

SENTENCE = "Zanzibar protocol: I watched exclusively and in real time, continuously."


def found(rule_id: str, edits: dict[str, object] | None = None, removed: tuple[str, ...] = ()) -> list[RuleFinding]:
    """What a rule says of the base case with edits."""
    return [row for row in assessed(edits=edits, removed=removed).findings if row.code == rule_id]


class TestClaimWords:
    @pytest.mark.parametrize("pointer", ["/opinion/impression", "/opinion/clinical_correlation"])
    def test_names_the_word_and_never_the_sentence(self, pointer):
        """The text is a person's and may hold anything."""
        said = " ".join(row.message + row.action for row in found("claim_words", {pointer: SENTENCE}))
        for word in ("exclusively", "real-time", "continuously"):
            assert word in said
        assert "Zanzibar" not in said
        assert "watched" not in said

    def test_one_finding_for_each_kind_of_support(self):
        """Each can be supported or not by itself."""
        rows = found("claim_words", {"/opinion/impression": SENTENCE, "/professional_sessions/0/other_open_cases": 1})
        assert sorted(row.outcome for row in rows) == ["fail", "pass", "pass"]

    def test_cites_the_text_and_what_supports_it(self):
        """Both can be followed to the case file."""
        row = found("claim_words", {"/opinion/impression": "Read in real time."})[0]
        assert [entry.pointer for entry in row.evidence] == ["/opinion/impression", "/communication"]

    def test_every_word_of_the_list_is_found(self):
        """A pattern that matches nothing would pass in silence."""
        words = rule("claim_words").versions[-1].parameters["words"]
        assert isinstance(words, dict)
        for word in words:
            said = found("claim_words", {"/opinion/impression": f"We say {word.upper()} here."})
            assert f"“{word}”" in said[0].message


class TestGates:
    def test_count_and_codes_but_no_words_of_the_findings(self):
        """The check itself prints the words; here stands which."""
        row = found("gate_sign", removed=("/opinion", "/limitations"))[0]
        assert "required.impression, required.limitations_review" in row.message
        assert row.blocking

    def test_nobody_is_named(self):
        """Names, numbers and free text stay in the record."""
        raw = data()
        every = assessed(removed=("/opinion", "/order", "/report/signed_at", "/report/signed_by")).findings
        said = " ".join(row.message + row.action for row in every if row.topic in ("evidence", "report"))
        assert raw["patient"]["name"] not in said
        for person in raw["people"]:
            assert person["name"] not in said
