"""The case that the examples of the grammar are about: the alert of the scoliosis sample, and the course around it."""

from __future__ import annotations

from dataclasses import replace

from report_gen.guard.reader.meaning import Meaning
from report_gen.guard.reader.terms import CaseTerms, passage_terms
from tests.guard.cases import SCOLIOSIS, sample

__all__ = ["example_terms"]


def example_terms() -> CaseTerms:
    """The terms of the alert and of the course of the sample, as one passage about the alert."""
    found, facts = sample(SCOLIOSIS)
    about = next(passage for passage in found if passage.about)
    units = tuple(unit for passage in found for unit in passage.units)
    terms = passage_terms(replace(about, units=units), facts)
    # Another event's: this one names its responses by channel.
    terms.trie.put("left SSEP", "@responses", Meaning((frozenset({("responses", "left SSEP")}),)))
    return terms
