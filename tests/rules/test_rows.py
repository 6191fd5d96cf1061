"""Every rule against its rows: met, not met, and on each side of the dates of its versions.

A row dropped into a file is a test.

A row of `<topic>.toml`::

    [[row]]
    rule = "base_required"
    name = "a monitoring line without a base study"
    expect = "fail"                       # the worst outcome of the rule
    date = 2024-06-03                     # moves the whole case to this date of service
    base = "remote_medicare"              # story in samples/claims; this one by default
    remove = ["/order"]                   # JSON pointers taken out, then
    set = { "/encounter/place_of_service" = "11" }
    profile = { allot = true }            # the practice's profile, as in its file
    says = "words of the message"
"""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from report_gen.claim.assess import assess
from report_gen.claim.checks import CHECKS
from report_gen.claim.profile import load_profile, profile_from
from report_gen.rules import rules
from report_gen.rules.tables import RULE_FILES
from tests.claim.building import BASE, facts

FOLDER = Path(__file__).parent
WORST = ("fail", "confirm", "pass", "not_applicable")
KEYS = {"rule", "name", "expect", "date", "base", "remove", "set", "profile", "says"}


def _rows() -> list[dict[str, Any]]:
    return [row for name in RULE_FILES for row in tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["row"]]


ROWS = _rows()


class TestRows:
    @pytest.mark.parametrize("row", ROWS, ids=[f"{row['rule']}: {row['name']}" for row in ROWS])
    def test_the_rule_says_what_the_row_expects(self, row):
        """The worst of what the rule says is the outcome expected, with evidence and source."""
        assert set(row) <= KEYS
        profile = profile_from(row["profile"]) if "profile" in row else load_profile()
        case = facts(row.get("base", BASE), row.get("set"), row.get("remove", ()), row.get("date"))
        found = [finding for finding in assess(case, profile).findings if finding.rule == row["rule"]]
        assert min((finding.outcome for finding in found), key=WORST.index) == row["expect"], found
        assert row.get("says", "") in " ".join(finding.message for finding in found)
        assert all(finding.sources for finding in found)


class TestEveryRule:
    def test_has_a_function_and_every_function_a_rule(self):
        """Neither an idle rule nor a function that nobody sourced."""
        assert set(CHECKS) == set(rules())

    @pytest.mark.parametrize("rule_id", rules())
    def test_has_rows_that_pass_and_rows_that_do_not(self, rule_id):
        """A rule that is never met or never unmet tells nobody anything."""
        outcomes = {row["expect"] for row in ROWS if row["rule"] == rule_id}
        assert outcomes & {"fail", "confirm"}
        assert outcomes & {"pass", "not_applicable"}

    @pytest.mark.parametrize("rule_id", rules())
    def test_has_rows_on_both_sides_of_each_date(self, rule_id):
        """The first day of each version, and the day before it."""
        dates = {row["date"] for row in ROWS if row["rule"] == rule_id and "date" in row}
        for version in rules()[rule_id].versions:
            assert version.effective_from in dates
            assert version.effective_from - timedelta(days=1) in dates

    @pytest.mark.parametrize("rule_id", rules())
    def test_every_version_is_sourced_and_dated(self, rule_id):
        """Document and place, and a check that is not in the future of its own rule file."""
        for version in rules()[rule_id].versions:
            assert all(source.title and source.locator for source in version.sources)
            assert version.checked_on >= version.effective_from or version.certainty in ("measured", "own")
