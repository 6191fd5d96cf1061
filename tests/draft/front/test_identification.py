"""The identification says each thing once and each person's part in the operation."""

from __future__ import annotations

from typing import Any

from report_gen.document.blocks import KeyValues
from report_gen.draft.front.identification import identification
from tests.cases.parts import at
from tests.cases.quiet import case
from tests.cases.reports import facts_of


def values(data: dict[str, Any]) -> dict[str, str]:
    """The text of each label, in order."""
    blocks = identification(facts_of(data)).blocks
    return {item.label: item.text for block in blocks if isinstance(block, KeyValues) for item in block.items}


class TestProcedure:
    def test_levels_that_the_procedure_names_are_not_said_again(self):
        """Those that it does not name stand behind it."""
        data = case()
        data["surgery"]["procedure"] = "Fusion T4-L1"
        data["surgery"]["levels"] = [{"upper": "T4", "lower": "L1"}]
        assert "T4\u2013L1" not in values(data)["Procedure"]
        data["surgery"]["procedure"] = "Fusion"
        assert values(data)["Procedure"].startswith("Fusion; T4\u2013L1")

    def test_it_stands_across_the_page_before_the_pairs(self):
        """In the same place of every report."""
        first = identification(facts_of(case())).blocks[0]
        assert isinstance(first, KeyValues)
        assert [item.label for item in first.items] == ["Procedure"]


class TestPeople:
    def test_who_has_no_credential_has_the_role(self):
        """A nurse anesthetist is not taken for the anesthesiologist."""
        data = case()
        data["people"].append({"id": "gas", "name": "Gas, Gwen", "role": "crna"})
        assert "Gas, Gwen (nurse anesthetist)" in values(data)["Anesthesia"]

    def test_the_professional_has_the_other_cases_that_were_open(self):
        """As many as at once at most."""
        data = case()
        data["other_case_sessions"] = [
            {
                "person": "prof1",
                "case_pseudonym": name,
                "mode": "remote",
                "start_at": at("09:00"),
                "end_at": at("10:00"),
            }
            for name in ("OTHER-A", "OTHER-B")
        ]
        assert values(data)["Interpreting professional"].endswith("at most 2 other cases open at once)")
