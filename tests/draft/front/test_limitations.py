"""Limitations stand by their consequence for whoever reads the results."""

from __future__ import annotations

from typing import Any

from report_gen.document.blocks import Paragraph
from report_gen.draft.front.limitations import limitations
from tests.cases.parts import at
from tests.cases.quiet import case, with_alert
from tests.cases.reports import facts_of


def lines(data: dict[str, Any]) -> list[str]:
    """The sentences, in order."""
    blocks = limitations(facts_of(data)).blocks
    return [row.text for block in blocks if isinstance(block, Paragraph) for row in block.sentences]


def gap(start: str, end: str) -> dict[str, Any]:
    """A stretch without motor data."""
    return {"kind": "gap", "start_at": at(start), "end_at": at(end), "reason": "cautery", "modalities": ["tcmep"]}


class TestOrder:
    def test_a_gap_in_which_an_alert_may_have_begun_stands_first(self):
        """Before what was not monitored; another gap comes behind it."""
        unknown = {"onset_at": None, "onset_kind": "unknown_gap"}
        data = with_alert(**unknown, last_unaffected_at=at("09:40"), noticed_at=at("10:00"))
        data["intervals"] += [gap("09:00", "09:05"), gap("09:41", "09:55")]
        found = lines(data)
        assert found[0] == "No TcMEP data 09:41 to 09:55 (electrocautery)."
        assert found.index("No TcMEP data 09:00 to 09:05 (electrocautery).") > 0

    def test_that_nothing_adverse_was_seen_stands_last(self):
        """An adverse effect is a result, and stands there."""
        data = case(events=[])
        assert lines(data)[-1].startswith("Adverse effects: none observed")
        data["adverse_effects"] = {"checked": True, "at": at("12:00"), "observed": ["bite"]}
        assert not [row for row in lines(data) if row.startswith("Adverse effects")]

    def test_a_record_without_a_criterion_says_so(self):
        """Nothing was then compared with one."""
        assert "No alert criterion is recorded." in lines(case(events=[], criteria=[]))


def test_a_reason_that_the_words_beside_it_hold_is_told_once():
    """Electrocautery, in the words of who wrote it."""
    data = case()
    words = "Electrocautery for exposure prevented readings"
    data["intervals"].append({**gap("09:41", "09:55"), "detail": words})
    assert f"No TcMEP data 09:41 to 09:55 ({words})." in lines(data)
