"""Each section of a draft says what it is; whatever depends on that finds one answer."""

from __future__ import annotations

from collections import Counter

from report_gen import load_case
from report_gen.facts import derive
from report_gen.pipeline import prepare
from tests.selection import over_samples

by_sample = over_samples("invented_scoliosis_mep_loss", "published_c04_acdf", "invented_acdf_quiet")
"""An alert; a thin record; a case without events."""


@by_sample
def test_every_role_but_event_and_body_has_one_section_at_most(path):
    """What belongs under a heading cannot stand under two; what page one and the signature need exists."""
    roles = Counter(section.role for section in prepare(load_case(path)).draft.sections)
    assert {role for role, count in roles.items() if count > 1} <= {"event", "body"}
    assert {"title", "result", "impression", "summary", "limitations", "attestation"} <= set(roles)


@by_sample
def test_the_account_of_an_event_names_its_event(path):
    """By the fact of the event, which its heading and what a model is told come from; no other section is about one."""
    case = load_case(path)
    facts = derive(case)
    sections = prepare(case).draft.sections
    assert {facts.by_id[section.about].kind for section in sections if section.role == "event"} <= {"event"}
    assert [section.id for section in sections if section.about and section.role != "event"] == []
