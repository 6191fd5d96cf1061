"""The template's own sentences read as exactly what their facts state."""

from __future__ import annotations

import pytest

from report_gen.draft.passages import Unit
from report_gen.facts.model import Facts
from report_gen.guard.reader.meaning import as_text, as_words
from report_gen.guard.reader.proof import read, words_of
from report_gen.guard.reader.propositions import propositions
from report_gen.guard.reader.terms import CaseTerms, passage_terms
from tests.guard.cases import NOW, SAMPLES, sample
from tests.selection import now_and_in_full


def misread(unit: Unit, facts: Facts, terms: CaseTerms) -> str:
    """What is wrong with how a unit's template is read; empty: nothing is."""
    said: set[str] = set()
    for sentence in unit.template:
        meanings = read(words_of(sentence.text, terms), terms).meanings
        if len(meanings) != 1:
            return f"{len(meanings)} meanings: {sentence.text}"
        (meaning,) = meanings
        if any(meaning.rows):
            return f"{as_words(meaning)}: {sentence.text}"
        said |= {as_text([one]) for one in meaning.states}
    stated = {as_text([one]) for one in propositions(unit, facts)}
    return "" if said == stated else f"reads {sorted(said - stated)}, not {sorted(stated - said)}: {unit.template}"


class TestATemplateSentence:
    """A sentence of the draft that a model may re-word."""

    @pytest.mark.parametrize("name", now_and_in_full(SAMPLES, NOW))
    def test_means_what_its_facts_state(self, name: str) -> None:
        """Read in one way, and exactly so."""
        found, facts = sample(name)
        terms = {passage.id: passage_terms(passage, facts) for passage in found}
        wrong = [misread(unit, facts, terms[passage.id]) for passage in found for unit in passage.offered]
        assert [row for row in wrong if row] == []
