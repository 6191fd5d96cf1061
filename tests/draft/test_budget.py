"""How much prose is signed: few words of sentences where nothing happened, and no more than a page's worth elsewhere.

Tables, chronologies, figures, running heads, the identification and what a person wrote do not count.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from report_gen import load_case
from report_gen.document.blocks import Paragraph
from report_gen.draft.model import Draft
from report_gen.draft.writer import write
from report_gen.facts import derive
from report_gen.facts.model import Facts
from tests.selection import OF_EACH_COURSE, over_samples

QUIET_WORDS, EVENTFUL_WORDS = 350, 700
by_sample = over_samples(*OF_EACH_COURSE)


@cache
def _written(path: Path) -> tuple[Facts, Draft]:
    facts = derive(load_case(path))
    return facts, write(facts, report_id="T-1").part("report")


def words_of(draft: Draft) -> int:
    """Words of the sentences that stand in paragraphs and were not a person's own."""
    paragraphs = [block for section in draft.sections for block in section.blocks if isinstance(block, Paragraph)]
    return sum(len(sentence.text.split()) for row in paragraphs if not row.verbatim for sentence in row.sentences)


@by_sample
def test_the_report_keeps_to_its_words(path):
    """350 where no event is about a response, else 700."""
    facts, report = _written(path)
    eventful = any(chain.signal for chain in facts.events)
    assert words_of(report) <= (EVENTFUL_WORDS if eventful else QUIET_WORDS)
