"""The identification says each thing once and each person's part in the operation."""

from __future__ import annotations

from typing import Any

import pytest

from report_gen.document.blocks import KeyValues
from report_gen.draft.front.identification import identification
from tests.cases.parts import at
from tests.cases.quiet import case
from tests.cases.reports import facts_of
from tests.cases.thin import thin


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

    @pytest.mark.parametrize(
        ("named", "side", "words"),
        [
            ("Left lobectomy", "left", "Left lobectomy"),
            ("Left lobectomy; right side deferred", "left", "Left lobectomy; right side deferred; side: left"),
            ("Lobectomy", "left", "Lobectomy; side: left"),
        ],
    )
    def test_a_side_that_its_words_alone_name_is_not_said_again(self, named, side, words):
        """Words that name two sides leave open which it was."""
        data = case()
        data["surgery"] |= {"procedure": named, "side": side, "levels": []}
        assert values(data)["Procedure"] == words

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            (
                {"outcome": "staged", "planned_procedure": "Total removal.", "outcome_reason": "Loss; deferred."},
                "Partial removal. Planned: Total removal; staged: \u201cLoss; deferred.\u201d",
            ),
            (
                {"outcome": "changed", "outcome_reason": "less correction"},
                "Partial removal; changed from the plan: \u201cless correction\u201d",
            ),
            (
                {"outcome": "aborted", "planned_procedure": "Total removal"},
                "Partial removal. Planned: Total removal; aborted",
            ),
            ({"outcome": "staged"}, "Partial removal; staged"),
        ],
    )
    def test_what_was_done_stands_before_what_was_planned_and_why_it_changed(self, more, words):
        """Three things in three places, whichever of them the record has."""
        data = case()
        data["surgery"] |= {"procedure": "Partial removal.", "side": "not_applicable", "levels": [], **more}
        assert values(data)["Procedure"] == words

    def test_it_stands_across_the_page_before_the_pairs(self):
        """In the same place of every report."""
        first = identification(facts_of(case())).blocks[0]
        assert isinstance(first, KeyValues)
        assert [item.label for item in first.items] == ["Procedure"]


def rows(data: dict[str, Any]) -> list[tuple[str, ...]]:
    """The labels of each row."""
    blocks = identification(facts_of(data)).blocks
    return [tuple(item.label for item in block.items) for block in blocks if isinstance(block, KeyValues)]


class TestTheGrid:
    def test_is_the_same_in_every_case(self):
        """However much the record holds, each value has its place and no cell stands empty beside another."""
        assert (
            rows(case())
            == rows(thin())
            == [
                ("Procedure",),
                ("Diagnosis",),
                ("Surgeon", "Anesthesia"),
                ("Age and sex", "Position"),
                ("Interpreting professional",),
                ("Technologist",),
                ("Monitoring",),
                ("Ordered",),
            ]
        )


class TestTimes:
    def test_a_length_that_is_not_the_difference_of_the_times_says_what_is_left_out(self):
        """Each kind with its length; nothing where all of it was monitored."""
        data = case()
        assert "less" not in values(data)["Monitoring"]
        whole = next(row for row in data["intervals"] if row["kind"] == "monitoring")
        start, end = whole["start_at"], whole["end_at"]
        whole["end_at"] = at("10:00")
        data["intervals"] += [
            {"kind": "standby", "start_at": at("10:00"), "end_at": at("10:18")},
            {"kind": "monitoring", "start_at": at("10:30"), "end_at": end},
        ]
        assert start == at("08:50")
        assert values(data)["Monitoring"].startswith(
            "08:50 to 11:50 (2 h 30 min: 3 h 00 min less 18 min stand-by and 12 min between monitoring intervals)"
        )


class TestTheOrder:
    @pytest.mark.parametrize(
        ("asked", "done", "words"),
        [
            (["ssep_lower", "tcmep"], ["ssep_lower", "tcmep"], "all performed"),
            (["ssep_lower", "tcmep", "baep"], ["ssep_lower", "tcmep"], "whether performed, not recorded: BAEP"),
            (["tcmep"], ["ssep_lower", "tcmep"], "performed; also performed: lower-limb SSEP"),
            (["ssep_lower", "tcmep"], ["tcmep"], "performed: TcMEP; not performed: lower-limb SSEP"),
            (["ssep_lower", "tcmep"], [], "none of it performed"),
        ],
    )
    def test_what_of_it_was_performed_stands_behind_it(self, asked, done, words):
        """All of it, some, none, more than it, or what the record does not say."""
        data = case()
        data["order"]["modalities"] = asked
        for row in data["modalities"]:
            row["performed"] = row["modality"] in done
        assert values(data)["Ordered"].endswith(words)


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
        assert values(data)["Interpreting professional"].endswith("; at most 2 other cases open at once")
