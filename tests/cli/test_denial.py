"""`denial`: advice as text and as data."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest

from report_gen import load_case
from report_gen.pipeline import report_id
from tests.cases.practice import written
from tests.cases.story import BASE, CLAIMS

STORY = CLAIMS / f"{BASE}.json"
ID = report_id(load_case(STORY))
VALID = CLAIMS.parent / "valid"


class TestDenial:
    def test_of_a_known_code(self, run):
        """Meaning, what answers it, source and date of the list."""
        code, shown, said = run("denial", "CO-252", "--remark", "N706", "--payer", "medicare_ffs")
        assert (code, said) == (0, "")
        assert shown.startswith("252: ")
        for words in ("Group: ", "Remark N706: ", "Medicare fee-for-service", "1. ", "Source: ", "Code list of "):
            assert words in shown

    def test_of_an_unknown_code(self, run):
        """Said to be unknown, never guessed."""
        code, shown, _ = run("denial", "999")
        assert code == 0
        assert shown.startswith("999: unknown.")
        assert "1. " not in shown

    def test_of_a_deactivated_code(self, run):
        """With what is used today."""
        code, shown, _ = run("denial", "15")
        assert code == 0
        assert "deactivated" in shown.splitlines()[0]
        assert "used today: " in shown

    def test_of_a_remark_code_in_the_wrong_place(self, run):
        """What it is, and where it goes."""
        code, shown, _ = run("denial", "N122")
        assert code == 0
        assert shown.startswith("N122: no reason code.")
        assert "N122 is a remark code; give it with --remark" in shown

    def test_with_a_case_its_documents_are_found(self, run):
        """Where they stand in the file, and the payer class of the case."""
        shown = run("denial", "252", "--case", STORY)[1]
        assert "Payer class: Medicare fee-for-service" in shown
        assert "no case given" not in shown
        assert re.search(r"^Document: signed report: in the record \(/report", shown, re.MULTILINE)

    def test_with_a_case_its_open_findings_are_named(self, run):
        """Those that invite this denial, by rule."""
        shown = run("denial", "252", "--case", CLAIMS / "unsigned_report.json")[1]
        assert "Open in this case: signature: " in shown
        assert re.search(r"^Document: signed report: open ", shown, re.MULTILINE)

    def test_a_profile_settles_what_it_can(self, run, tmp_path):
        """The same profile as for the claim."""
        profile, _ = written(tmp_path)
        wanted = "Open in this case: tables_current"
        assert wanted in run("denial", "236", "--case", STORY)[1]
        assert wanted not in run("denial", "236", "--case", STORY, "--profile", profile)[1]

    def test_a_day_of_receipt_gives_last_days(self, run):
        """Counted from it; without it none is."""
        arguments = ("denial", "50", "--payer", "medicare_ffs")
        assert "last day 2026" not in run(*arguments)[1]
        shown = run(*arguments, "--received", "2026-06-01")[1]
        assert f"last day {date(2026, 6, 1) + timedelta(days=120)}" in shown

    @pytest.mark.parametrize(
        "more", [(), ("--case", STORY), ("--received", "2026-06-01"), ("--remark", "N706")], ids=str
    )
    def test_speaks_json(self, run, more):
        """The same advice for machines, days as days are written in JSON."""
        code, shown, said = run("denial", "CO-97", "--format", "json", *more)
        found = json.loads(shown)
        assert (code, said, found["code"], found["known"]) == (0, "", "97", True)
        assert date.fromisoformat(found["checked_on"])

    @pytest.mark.parametrize(
        "arguments",
        [(), ("252", "--payer", "nobody"), ("252", "--received", "01.06.2026"), ("252", "--format", "xml")],
        ids=str,
    )
    def test_wrong_usage_is_exit_code_1(self, run, arguments):
        """Usage on standard error."""
        code, shown, said = run("denial", *arguments)
        assert (code, shown) == (1, "")
        assert "usage: report-gen denial" in said

    def test_an_invalid_case_is_exit_code_2(self, run, file):
        """As everywhere."""
        assert run("denial", "252", "--case", file("{}"))[0] == 2
