"""Spans of time name both zones across a change of the clock."""

from __future__ import annotations

from pathlib import Path

from report_gen import load_case
from report_gen.draft.spans import span_words
from report_gen.facts import derive

NIGHT = Path(__file__).parents[2] / "samples" / "valid" / "invented_overnight_clock_change.json"


def test_a_span_over_the_change_names_both_zones():
    """From 23:35 to 02:05 by the clock are two and a half hours; three and a half had passed."""
    facts = derive(load_case(NIGHT))
    spans = [str(span_words(facts, fact)) for fact in facts.of_kind("session")]
    assert spans == ["21:18\u201323:35", "23:35\u00a0EDT\u201302:05\u00a0EST", "02:02\u201303:02\u00a0EST"]
