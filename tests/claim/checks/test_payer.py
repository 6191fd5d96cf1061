"""What rows of the rules cannot say about payers: lines with codes, and tables renewed at different times."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import ClassVar

import pytest

from report_gen.claim.checks import payer
from report_gen.claim.minutes.count import count_minutes
from report_gen.claim.practice.profile import load_profile, profile_from
from report_gen.claim.rule import RuleInput
from report_gen.rules import rule, rules
from report_gen.rules.concepts import concepts, concepts_dated
from tests.cases.story import assessed, recorded

AUTHORIZED = {"required": True, "number": "TEST-AUTH-1", "valid_from": "2026-08-01", "valid_to": "2026-12-31"}
CODES = 'format = "report_gen.code_map/1"\nlicence_confirmed_by = "C."\nlicence_confirmed_on = 2026-01-02\n[codes]\n'
PLAN = {
    "id": "plan_a",
    "payer_class": "commercial",
    "remote": "mon.remote_multi",
    "confirmed_on": date(2026, 8, 1),
    "confirmed_by": "B. Biller",
}


class TestAuthorizedServices:
    """What rows cannot say: authorized services against lines that have codes."""

    def outcomes(self, tmp_path, drop=0):
        """What the rule says when all codes of the proposed lines are authorized but some."""
        rows = [f'"{name}" = "{index:05d}"' for index, name in enumerate(concepts()) if name != "mon.remote_exclusive"]
        (tmp_path / "codes.toml").write_text(CODES + "\n".join(rows), encoding="utf-8")
        profile = load_profile(codes=tmp_path / "codes.toml").model_copy(
            update={"payers": profile_from({"payers": [PLAN]}).payers}
        )
        base = {"/encounter/payer/payer_class": "commercial"}
        codes = [line.code for line in assessed(edits=base, profile=profile).lines]
        assert len(codes) > 1
        edits = {**base, "/encounter/authorization": {**AUTHORIZED, "cpt": codes[drop:]}}
        return [row for row in assessed(edits=edits, profile=profile).findings if row.code == "authorization"]

    def test_all_lines_authorized(self, tmp_path):
        """Number, days and services."""
        assert {row.outcome for row in self.outcomes(tmp_path)} == {"pass"}

    def test_a_line_that_is_not(self, tmp_path):
        """It is named."""
        found = self.outcomes(tmp_path, drop=1)
        assert [row.lines for row in found if row.outcome == "confirm"] == [("L1",)]

    def test_no_line_to_authorize(self):
        """Nothing proposed is not everything authorized."""
        record, profile = recorded(edits={"/encounter/authorization": AUTHORIZED}), load_profile()
        given = RuleInput(record, count_minutes(record), (), (), profile.policy_for(record), profile)
        version = rule("authorization").on(record.date_of_service)
        assert [row.outcome for row in payer.authorization(given, version)] == ["pass", "not_applicable"]


class TestWhatToDo:
    """Actions that name who can do it."""

    def test_lines_without_codes_ask_for_the_code_map(self):
        """The scheduler cannot code lines."""
        edits = {"/encounter/authorization": {**AUTHORIZED, "cpt": ["00001"]}}
        (row,) = [row for row in assessed(edits=edits).open if row.code == "authorization"]
        assert "Lines without a code" in row.message
        assert row.action.startswith("Ask billing for the practice's code map")

    @pytest.mark.parametrize(
        ("rule_id", "edits", "removed", "words"),
        [
            ("medicare_remote_concept", {}, ("/encounter/payer",), "Record the payer's class first."),
            ("component_on_base", {}, ("/encounter/place_of_service",), "Record the place of service."),
            ("component_on_base", {"/encounter/place_of_service": "11"}, (), "Find out who bears it"),
            (
                "retired_concept",
                {"/encounter/authorization": {**AUTHORIZED, "cpt": ["0000Y"]}},
                (),
                "Add the retired concepts to the code map, or look the codes up.",
            ),
            ("reader_state_licence", {"/people/3/work_country": "CA"}, (), "Find out whether payer"),
        ],
    )
    def test_fits_what_was_found(self, rule_id, edits, removed, words):
        """Not the remedy of another answer to the same question."""
        (row,) = [row for row in assessed(edits=edits, removed=removed).open if row.code == rule_id]
        assert row.outcome == "confirm"
        assert row.action.startswith(words)


class TestAPlanWithAHint:
    """What a row for the whole class settles when something was found on the plan."""

    CASE: ClassVar = {"/encounter/payer/payer_class": "commercial", "/encounter/payer/name": "Blue Cross of Idaho"}

    def test_is_told_with_its_hint_and_the_way_out(self):
        """What was found, and that the plan needs a row of its own."""
        found = assessed(edits=self.CASE, profile=profile_from({"payers": [PLAN]}))
        (row,) = [row for row in found.findings if row.code == "payer_unconfirmed"]
        assert (row.outcome, row.blocking) == ("confirm", True)
        assert "remote monitoring was not reimbursed" in row.message
        assert 'adopt = "bc_idaho"' in row.action
        assert not found.policy_confirmed

    def test_is_settled_by_a_row_of_its_own(self):
        """By its exact name."""
        rows = [PLAN, {**PLAN, "id": "idaho", "name": "Blue Cross of Idaho"}]
        found = assessed(edits=self.CASE, profile=profile_from({"payers": rows}))
        assert found.policy_confirmed
        assert "payer_unconfirmed" not in {row.code for row in found.open}


class TestOldRules:
    """Terms of the rules themselves."""

    def found(self, day: date, *items: str, on: date = date(2029, 1, 2)):
        """What the rule says of the base case on a day."""
        rows = [{"item": item, "confirmed_on": on, "confirmed_by": "B."} for item in items]
        found = assessed(on=day, profile=profile_from({"confirmations": rows}))
        (row,) = [row for row in found.findings if row.code == "rules_current"]
        return row

    def test_years_later_every_one_is_named_once_and_counted(self):
        """Those of the quarter have their own rule; the known policy is among the others."""
        day = date(2029, 2, 1)
        row = self.found(day)
        wanted = [
            name
            for name, one in rules().items()
            if (held := one.on(day)) and held.stale_after_days > 100 and held.stale_on(day)
        ]
        wanted = [*(name for name in wanted if name != "diagnosis_specific"), "medicare_ffs"]
        assert len(wanted) > 50
        assert row.message == f"{len(wanted)} rules and policies past the term on 2029-02-01: {', '.join(wanted)}."
        assert (row.outcome, row.blocking, row.who) == ("confirm", True, "billing")

    def test_every_rule_past_its_term_is_asked_for_somewhere(self):
        """By table, here, or by the rule itself: nothing grows old in silence."""
        day = date(2029, 2, 1)
        said = " ".join(row.message for row in assessed(on=day).open)
        rule_ids = [name for name, one in rules().items() if (held := one.on(day)) and held.stale_on(day)]
        quarterly = [name for name in rule_ids if rules()[name].on(day).stale_after_days <= 100]
        titles = [rules()[name].on(day).sources[0].title.partition(",")[0].removeprefix("CMS ") for name in quarterly]
        assert [title for title in titles if title not in said] == []
        alone = set(rules()["rules_current"].on(day).parameters["watched_by_themselves"])
        assert [name for name in set(rule_ids) - set(quarterly) - alone if name not in said] == []

    def test_settled_one_by_one_leaves_the_rest(self):
        """And the number is that of the rest."""
        day = date(2029, 2, 1)
        all_, rest = self.found(day), self.found(day, "rules_current:reader_log")
        assert "reader_log" in all_.message
        assert "reader_log" not in rest.message
        assert int(rest.message.split()[0]) == int(all_.message.split()[0]) - 1

    def test_another_payer_does_not_rest_on_the_medicare_policy(self):
        """Only what is applied can be too old for the case."""
        found = assessed(edits={"/encounter/payer/payer_class": "commercial"}, on=date(2029, 2, 1))
        (row,) = [row for row in found.findings if row.code == "rules_current"]
        assert "medicare_ffs" not in row.message

    def test_both_rules_mean_the_same_by_a_quarterly_table(self):
        """Otherwise a table could fall between them."""
        name = "quarterly_days_at_most"
        both = (rule("rules_current"), rule("tables_current"))
        assert len({one.versions[-1].parameters[name] for one in both}) == 1


class TestOldTables:
    def test_each_is_named_once_with_its_date(self):
        """A table that several rules rest on is one thing to look up."""
        found = payer._old_tables(date(2026, 9, 15), 100)
        assert len(found) == len(set(found)) > 1
        assert all(re.search(r"\d{4}-\d{2}-\d{2}", row) for row in found)

    def test_none_is_old_in_its_own_quarter(self):
        """On the day of the tables."""
        assert payer._old_tables(date(2024, 7, 1), 100) == ()

    def test_the_table_of_services_is_watched_too(self, monkeypatch):
        """Rules renewed and the table of services forgotten."""
        monkeypatch.setattr(payer, "rules", dict)
        dated = concepts_dated()
        assert payer._old_tables(dated + timedelta(days=100), 100) == ()
        found = payer._old_tables(dated + timedelta(days=101), 100)
        assert found == (f"fee schedule indicators and unit limits of {dated.isoformat()}",)
