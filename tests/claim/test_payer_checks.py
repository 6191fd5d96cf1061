"""What rows of the rules cannot say about payers: lines with codes, and tables renewed at different times."""

from __future__ import annotations

import re
from datetime import date, timedelta

from report_gen.claim import assess
from report_gen.claim.checks import payer
from report_gen.claim.given import Given
from report_gen.claim.minutes import count_minutes
from report_gen.claim.profile import load_profile, profile_from
from report_gen.claim.record import read_record
from report_gen.rules import rule
from report_gen.rules.concepts import concepts, concepts_dated
from tests.claim.building import facts

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
        codes = [line.code for line in assess(facts(edits=base), profile).lines]
        assert len(codes) > 1
        edits = {**base, "/encounter/authorization": {**AUTHORIZED, "cpt": codes[drop:]}}
        return [row for row in assess(facts(edits=edits), profile).findings if row.rule == "authorization"]

    def test_all_lines_authorized(self, tmp_path):
        """Number, days and services."""
        assert {row.outcome for row in self.outcomes(tmp_path)} == {"pass"}

    def test_a_line_that_is_not(self, tmp_path):
        """It is named."""
        found = self.outcomes(tmp_path, drop=1)
        assert [row.lines for row in found if row.outcome == "confirm"] == [("L1",)]

    def test_no_line_to_authorize(self):
        """Nothing proposed is not everything authorized."""
        record, profile = read_record(facts(edits={"/encounter/authorization": AUTHORIZED})), load_profile()
        given = Given(record, count_minutes(record), (), (), profile.policy_for(record), profile)
        version = rule("authorization").on(record.date_of_service)
        assert [row.outcome for row in payer.authorization(given, version)] == ["pass", "not_applicable"]


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
