"""Coded statements that the rest of the record denies."""

from __future__ import annotations

import pytest

from tests.cases.parts import at
from tests.cases.quiet import case, modality_of, with_alert
from tests.cases.reports import findings, told


def inhaled(agent, end):
    """A case with an inhaled agent until a time, or without an end."""
    data = case()
    row = {"agent": agent, "kind": "inhaled", "start_at": at("07:45")}
    data["anesthesia"]["agents"].append(row | ({"end_at": at(end)} if end else {}))
    return data


class TestRegimen:
    @pytest.mark.parametrize(
        ("agent", "end", "fires"),
        [
            ("sevoflurane", "09:01", True),
            ("sevoflurane", "09:00", False),
            ("sevoflurane", None, False),
            ("nitrous_oxide", "11:00", False),
        ],
    )
    def test_intravenous_alone_has_no_volatile_agent(self, agent, end, fires):
        """One that was off before the incision was of induction; practices differ on nitrous oxide."""
        found = [("warn", "/anesthesia/regimen")] if fires else []
        assert told(inhaled(agent, end), "regimen_against_agents") == found

    def test_without_an_incision_it_is_held_against_the_baseline(self):
        """And says so."""
        data = inhaled("desflurane", "08:45")
        data["milestones"] = []
        (found,) = findings(data, "contradiction.regimen_against_agents")
        assert (found.on_page, found.message.endswith("desflurane until 08:45, after the first baseline.")) == (
            True,
            True,
        )

    def test_of_another_regimen_nothing_is_asked(self):
        """Balanced anesthesia has one."""
        data = inhaled("sevoflurane", "11:00")
        data["anesthesia"]["regimen"] = "balanced"
        assert told(data, "regimen_against_agents") == []


class TestNotPerformed:
    def test_has_no_results(self):
        """One finding for the modality, which is its subject."""
        data = case()
        modality_of(data, "tcmep").update(performed=False, not_performed_reason="other")
        (found,) = findings(data, "contradiction.not_performed_with_results")
        assert (found.severity, found.subject, found.pointer) == ("block", "tcmep", "/modalities/1")

    def test_a_response_that_was_tried_in_vain_is_none(self):
        """Why it was not performed."""
        data = case()
        modality_of(data, "tcmep").update(performed=False, not_performed_reason="other")
        for row in data["channels"][2:]:
            row["measurements"] = [{**entry, "reading": {"state": "absent"}} for entry in row["measurements"]]
        assert told(data, "not_performed_with_results") == []


class TestCauses:
    @pytest.mark.parametrize(
        ("suspected", "fires"), [("hypotension", True), ("distraction", False), ("undetermined", False)]
    )
    def test_one_that_was_excluded_is_not_suspected(self, suspected, fires):
        """An open cause is none."""
        cause = {"causes": [suspected], "by": "prof1", "by_role": "interpreting_professional"}
        data = with_alert(excluded=["hypotension"], suspected_cause=cause)
        expected = [("block", "/events/0/suspected_cause")] if fires else []
        assert told(data, "excluded_and_suspected") == expected

    def test_nor_stated_by_anybody(self):
        """The surgeon's word beside the log's."""
        cause = {"causes": ["hypotension"], "by_role": "surgeon", "certainty": "stated"}
        data = with_alert(excluded=["hypotension"], stated_causes=[cause])
        assert told(data, "excluded_and_suspected") == [("block", "/events/0/stated_causes/0")]
