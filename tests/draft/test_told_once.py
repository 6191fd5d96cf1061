"""In the report that is signed nothing is told twice: a value that a sentence states stands in one sentence.

Tables, chronologies, figures, forms and the running head may hold it once more: things are looked up there.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from report_gen import load_case
from report_gen.document.blocks import Paragraph
from report_gen.draft.model import Draft
from report_gen.draft.writer import write
from report_gen.facts import derive
from tests.selection import OF_EACH_COURSE, over_samples

TWICE = {
    ("event", "id"): "by which an event is named wherever anything refers to it",
    ("channel", "short"): "by which a response is named",
    ("channel", "family"): "by which a response is named",
    ("limitations.not_monitored", "structure"): "a proposed impression says so too; the reason stands once",
    ("aggregate.closing.unfollowed", "text"): "a proposed impression says so too",
    ("case.clock", "text"): "beside a time that is no clock's, and in full",
    ("event.onset", "onset_at"): "the heading of an episode spans its alerts",
    ("anesthesia.map_target", "map_mmhg"): "beside each pressure of an alert that is held against it",
    **{
        ("event.intervention", name): "a stimulus other than at baseline, beside the closing readings"
        for name in ("done", "at", "detail")
    },
    ("interval.gap", "start_at"): "of a gap in which an onset may lie",
    ("interval.gap", "end_at"): "of a gap in which an onset may lie",
    ("interval.gap", "reason"): "of a gap in which an onset may lie",
    ("interval.gap", "detail"): "of a gap in which an onset may lie, where its reason has no term",
    ("postoperative.examination", "at"): "an impression that was entered before it says so",
    ("modality", "label"): "by which a modality is named",
    ("modality", "reason"): "of what was not performed, in a proposed impression too",
}
"""Values that may stand in several sentences, by kind of fact and name of value, each with its reason."""
by_sample = over_samples(*OF_EACH_COURSE)


@cache
def _report(path: Path) -> tuple[dict[str, str], Draft]:
    facts = derive(load_case(path))
    return {fact.id: fact.kind for fact in facts}, write(facts, report_id="T-1").part("report")


@by_sample
def test_a_value_stands_in_one_sentence(path):
    """Result, impression, limitations, course and supervision share out what there is to say."""
    kinds, report = _report(path)
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    for section in report.sections:
        for block in section.blocks:
            for sentence in block.sentences if isinstance(block, Paragraph) else ():
                said = {(state.fact, state.value) for state in sentence.states if state.how == "says" and state.value}
                for key in said:
                    told[key].append(f"{section.id}: {sentence.text}")
    twice = {key: texts for key, texts in told.items() if len(texts) > 1 and (kinds[key[0]], key[1]) not in TWICE}
    assert twice == {}
