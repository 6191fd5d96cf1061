"""Each rule of the grammar reads its examples, and they mean what the rule says they mean."""

from __future__ import annotations

import pytest

from report_gen.guard.reader.meaning import as_words
from report_gen.guard.reader.proof import read, words_of
from report_gen.guard.reader.rules import grammar, grammar_rules
from report_gen.guard.reader.terms import CaseTerms
from tests.guard.reader.example_case import example_terms

EXAMPLES = [
    pytest.param(rule.name, words, meaning, id=f"{rule.name}: {words}")
    for rule in grammar_rules()
    for alternative in rule.alternatives
    for words, meaning in alternative.examples
]


@pytest.fixture(scope="module")
def terms() -> CaseTerms:
    """The terms that the examples use."""
    return example_terms()


class TestAnExample:
    """Words that a rule gives as an example."""

    @pytest.mark.parametrize(("rule", "words", "meaning"), EXAMPLES)
    def test_has_one_meaning_and_it_is_the_one_given(
        self, rule: str, words: str, meaning: str, terms: CaseTerms
    ) -> None:
        """The rule reads them in one way."""
        assert [as_words(one) for one in read(words_of(words, terms), terms, rule).meanings] == [meaning]


class TestTheGrammar:
    """All rules together."""

    def test_every_rule_is_used(self) -> None:
        """A sentence can be read by each of them."""
        graphs, reached, names = grammar().graphs, {"sentence"}, ["sentence"]
        while names:
            targets = {edge.target for row in graphs[names.pop()].edges for edge, _ in row if edge.target in graphs}
            names.extend(targets - reached)
            reached |= targets
        assert {rule.name for rule in grammar_rules()} <= reached
