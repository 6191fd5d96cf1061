"""The course: reviews of baselines by one person in one sentence, and what was reported at closing."""

from __future__ import annotations

from typing import Any

from report_gen.draft.course import course
from tests.cases.parts import at
from tests.cases.quiet import case, modality_of
from tests.cases.reports import facts_of


def told(data: dict[str, Any]) -> list[str]:
    """The sentences of the course."""
    return [sentence.text for section in course(facts_of(data), []) for sentence in section.blocks[0].sentences]


def test_reviews_by_one_person_share_a_sentence():
    """Each with its time, its limits and its words."""
    data = case()
    review = {"by": "prof1", "at": at("08:47"), "acceptance": "accepted_with_limits", "note": "left side small"}
    modality_of(data, "tcmep")["baseline_review"] = review
    (said,) = [text for text in told(data) if "reviewed" in text]
    assert said == (
        "Person Prof1 reviewed and accepted the baselines of lower-limb SSEP (08:45); "
        "TcMEP (08:47, with limits; \u201cleft side small\u201d)."
    )


def test_what_was_reported_at_closing_is_told_in_its_words():
    """One that names an event stands with the event."""
    data = case()
    report = {"at": at("11:48"), "kind": "closing_report", "from_role": "technologist", "to_role": "surgical_team"}
    data["communication"]["messages"] = [{**report, "text": "All present"}]
    assert "Closing report 11:48, technologist to surgical team: \u201cAll present\u201d." in told(data)
