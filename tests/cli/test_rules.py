"""`rules`: the list with ages, and one rule with its sources."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from report_gen.rules import rules


class TestRules:
    def test_lists_every_rule_with_its_age(self, run):
        """In the order of the files, with a count at the end."""
        code, shown, said = run("rules", "--on", "2026-11-02")
        *rows, last = shown.splitlines()
        assert (code, said) == (0, "")
        assert [row.split()[0] for row in rows] == list(rules())
        stale = [row for row in rows if " STALE " in row]
        counted = f"{len(rows)} rules, {len(stale)} to be looked up anew before they are relied on"
        assert last == f"{counted} for services of 2026-11-02"
        reader = next(row for row in rows if row.startswith("reader_log "))
        assert " 1 days " in reader
        assert " blocks " in reader

    def test_a_later_day_makes_more_stale(self, run):
        """In ten years all of them."""
        last = run("rules", "--on", "2036-11-02")[1].splitlines()[-1]
        assert last.startswith(f"{len(rules())} rules, {len(rules())} to be looked up anew")

    def test_counts_from_today_when_no_day_is_given(self, run):
        """The day at this desk."""
        today = date.today()  # noqa: DTZ011 - as the command
        days = {today.isoformat(), (today + timedelta(days=1)).isoformat()}
        assert run("rules")[1].splitlines()[-1].split()[-1] in days

    def test_speaks_json(self, run):
        """Every rule with its versions, sources and age."""
        code, shown, said = run("rules", "--format", "json", "--on", "2026-11-02")
        found = json.loads(shown)
        assert (code, said, [row["id"] for row in found]) == (0, "", list(rules()))
        assert all(version["sources"] for row in found for version in row["versions"])
        assert {type(row["stale"]) for row in found} == {bool}
        assert {type(row["age_days"]) for row in found} == {int}

    @pytest.mark.parametrize("name", ["reader_log", "tables_current", "units_time"])
    def test_shows_one(self, run, name):
        """Question, whom to ask, each version with its source and parameters."""
        code, shown, said = run("rules", "show", name, "--on", "2026-11-02")
        rule = rules()[name]
        assert (code, said) == (0, "")
        assert shown.startswith(f"{name} (")
        assert rule.question in shown
        assert rule.remedy in shown
        for version in rule.versions:
            assert f"From {version.effective_from}" in shown
            assert all(source.title in shown and source.locator in shown for source in version.sources)
            assert all(source.title in shown for source in version.disputed_by)
            assert all(f"  {parameter} = " in shown for parameter in version.parameters)

    def test_shows_one_as_json(self, run):
        """The same for machines."""
        code, shown, _ = run("rules", "show", "reader_log", "--format", "json")
        assert (code, json.loads(shown)["id"]) == (0, "reader_log")

    @pytest.mark.parametrize(
        "arguments",
        [("show", "no_such_rule"), ("show",), ("list", "reader_log"), ("explain", "reader_log"), ("--on", "today")],
        ids=" ".join,
    )
    def test_wrong_usage_is_exit_code_1(self, run, arguments):
        """A rule that is not there, no rule, or one where none is wanted."""
        code, shown, said = run("rules", *arguments)
        assert (code, shown) == (1, "")
        assert said

    def test_an_unknown_rule_is_not_repeated(self, run):
        """What was typed may be anything."""
        said = run("rules", "show", "Zebrafinch")[2]
        assert said == "report-gen: there is no rule of this id; `report-gen rules` lists them [usage.no_such_rule]\n"
