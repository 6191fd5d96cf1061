"""Limitations stand by their consequence for whoever reads the results."""

from __future__ import annotations

from typing import Any

from report_gen.document.blocks import Paragraph
from report_gen.draft.front.limitations import limitations
from tests.cases.parts import at
from tests.cases.quiet import case, with_alert
from tests.cases.reports import facts_of


def lines(data: dict[str, Any]) -> list[str]:
    """The lines in order, each with its label."""
    blocks = limitations(facts_of(data)).blocks
    rows = [block for block in blocks if isinstance(block, Paragraph)]
    return [f"{row.label}. {' '.join(sentence.text for sentence in row.sentences)}" for row in rows]


def gap(start: str, end: str) -> dict[str, Any]:
    """A stretch without motor data."""
    return {"kind": "gap", "start_at": at(start), "end_at": at(end), "reason": "cautery", "modalities": ["tcmep"]}


class TestOrder:
    def test_a_gap_in_which_an_alert_may_have_begun_stands_first(self):
        """Before what was not monitored, and another gap behind it; without an alert in it no gap stands first."""
        unknown = {"onset_at": None, "onset_kind": "unknown_gap"}
        data = with_alert(**unknown, last_unaffected_at=at("09:40"), noticed_at=at("10:00"))
        data["limitations"]["not_monitored"] = [{"structure": "sphincters"}]
        data["intervals"] += [gap("09:00", "09:05"), gap("09:41", "09:55")]
        assert lines(data)[:2] == [
            "No data. TcMEP 09:41 to 09:55 (electrocautery). TcMEP 09:00 to 09:05 (electrocautery).",
            "Not monitored. Sphincters.",
        ]
        assert [row.split(".")[0] for row in lines({**data, "events": []})[:2]] == ["Not monitored", "No data"]

    def test_that_nothing_adverse_was_seen_stands_last(self):
        """An adverse effect that was seen is a result, and stands there."""
        data = case(events=[])
        assert lines(data)[-1] == "Adverse effects of monitoring. Not observed, 12:00."
        data["adverse_effects"] = {"checked": True, "at": at("12:00"), "observed": ["bite"]}
        assert not [row for row in lines(data) if row.startswith("Adverse effects")]

    def test_an_adverse_check_that_was_not_made_or_not_recorded_is_said(self):
        """In the place of its result."""
        assert lines(case(adverse_effects=None))[-1] == "Adverse effects of monitoring. Check not recorded."
        unchecked = case(adverse_effects={"checked": False})
        assert lines(unchecked)[-1] == "Adverse effects of monitoring. Not checked for."


class TestTheCriterion:
    def test_a_record_without_one_says_so(self):
        """Nothing was then compared with one."""
        assert "Criterion. Not recorded." in lines(case(events=[], criteria=[]))

    def test_modalities_without_one_are_named(self):
        """Those of which something was read, but no control of the block; none where every one has one."""
        data = case(events=[])
        assert not [row for row in lines(data) if row.startswith("Criterion")]
        kept = [row for row in data["criteria"] if "tcmep" not in row["modalities"]]
        assert "Criterion. Not recorded for TcMEP." in lines({**data, "criteria": kept})


def test_a_reason_that_the_words_beside_it_hold_is_told_once():
    """Electrocautery, in the words of who wrote it."""
    data = case()
    words = "Electrocautery for exposure prevented readings"
    data["intervals"].append({**gap("09:41", "09:55"), "detail": words})
    assert f"No data. TcMEP 09:41 to 09:55 ({words})." in lines(data)
