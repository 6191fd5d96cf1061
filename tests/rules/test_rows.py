"""Every rule against its rows: met, not met, and on each side of the dates of its versions.

A row dropped into a file is a test. Every run makes of each rule one row for each outcome and one for each date;
`make test-all` makes them all.

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

import json
import tomllib
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from report_gen.claim.checks import CHECKS
from report_gen.claim.model import Assessment, RuleFinding
from report_gen.claim.practice.profile import load_profile, profile_from
from report_gen.rules import rules
from report_gen.rules.tables import RULE_FILES
from tests.cases.story import BASE, assessed
from tests.selection import ALL

FOLDER = Path(__file__).parent
WORST = ("fail", "confirm", "pass", "not_applicable")
KEYS = {"rule", "name", "expect", "date", "base", "remove", "set", "profile", "says"}


def _rows() -> list[dict[str, Any]]:
    return [row for name in RULE_FILES for row in tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["row"]]


ROWS = _rows()


def _name(row: dict[str, Any]) -> str:
    return f"{row['rule']}: {row['name']}"


def _case(row: dict[str, Any]) -> str:
    """The case of a row in its own words; many rows share one."""
    case = {"base": row.get("base", BASE), "remove": row.get("remove", ())}
    case |= {key: row.get(key) for key in ("set", "date", "profile")}
    return json.dumps(case, default=lambda day: {"iso": day.isoformat()})


def _now() -> set[str]:
    """Names of the rows of every run: of each rule one for each outcome, and one for each date that it knows."""
    shared = Counter(map(_case, ROWS))
    kinds: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in ROWS:
        kinds[row["rule"], row["expect"]].append(row)
        kinds[row["rule"], row.get("date")].append(row)
    # Where several would do, the one whose case other rows look at too: it is assessed once for all.
    return {_name(max(rows, key=lambda row: shared[_case(row)])) for rows in kinds.values()}


NOW = _now()


@cache
def _assessed(case: str) -> Assessment:
    """What is said of a case, given in the words of its row."""
    row = json.loads(case, object_hook=_dated)
    profile = load_profile() if row["profile"] is None else profile_from(row["profile"])
    return assessed(row["base"], row["set"], row["remove"], row["date"], profile=profile)


def _dated(node: dict[str, Any]) -> Any:
    return date.fromisoformat(node["iso"]) if set(node) == {"iso"} else node


def _findings(row: dict[str, Any]) -> list[RuleFinding]:
    """What the rule of a row says of its case."""
    return [finding for finding in _assessed(_case(row)).findings if finding.code == row["rule"]]


def _fault(row: dict[str, Any]) -> str:
    """What is wrong with what the rule of a row says of its case; nothing is the empty text."""
    found = _findings(row)
    worst = min((finding.outcome for finding in found), key=WORST.index)
    said = " ".join(finding.message for finding in found)
    if worst != row["expect"]:
        return f"{_name(row)}: expected {row['expect']}, found {worst}: {said}"
    if row.get("says", "") not in said:
        return f"{_name(row)}: {row['says']!r} is not in {said!r}"
    return "" if all(finding.sources for finding in found) else f"{_name(row)}: a finding without source"


class TestRows:
    @pytest.mark.parametrize("rule_id", rules())
    def test_the_rule_says_what_each_row_expects(self, rule_id):
        """The worst of what the rule says is the outcome expected, with evidence and source."""
        rows = [row for row in ROWS if row["rule"] == rule_id and (ALL or _name(row) in NOW)]
        assert rows
        assert [fault for fault in map(_fault, rows) if fault] == []

    def test_have_known_keys_and_names_of_their_own(self):
        """A word that is misspelt would be passed over, and of two rows of one name one could not be told."""
        assert [_name(row) for row in ROWS if not set(row) <= KEYS] == []
        assert [name for name, count in Counter(map(_name, ROWS)).items() if count > 1] == []
        assert [_name(row) for row in ROWS if row["rule"] not in rules()] == []


class TestEveryRule:
    def test_has_a_function_and_every_function_a_rule(self):
        """Neither an idle rule nor a function that nobody sourced."""
        assert set(CHECKS) == set(rules())

    def test_has_rows_that_pass_and_rows_that_do_not(self):
        """A rule that is never met or never unmet tells nobody anything."""
        outcomes = {name: {row["expect"] for row in ROWS if row["rule"] == name} for name in rules()}
        assert [name for name, found in outcomes.items() if not found & {"fail", "confirm"}] == []
        assert [name for name, found in outcomes.items() if not found & {"pass", "not_applicable"}] == []

    def test_has_rows_on_both_sides_of_each_date(self):
        """The first day of each version, and the day before it."""
        dates = {(row["rule"], row["date"]) for row in ROWS if "date" in row}
        wanted = [
            (name, day)
            for name, row in rules().items()
            for version in row.versions
            for day in (version.effective_from, version.effective_from - timedelta(days=1))
        ]
        assert [edge for edge in wanted if edge not in dates] == []

    def test_every_version_is_sourced_and_dated(self):
        """Document and place, and a check that is not in the future of its own rule file."""
        versions = [(name, version) for name, row in rules().items() for version in row.versions]
        assert [
            (name, version.effective_from)
            for name, version in versions
            if not all(source.title and source.locator for source in version.sources)
            or (version.checked_on < version.effective_from and version.certainty not in ("measured", "own"))
        ] == []
