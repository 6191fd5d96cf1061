"""`rules`: the rules of claim readiness with their age, or one with its sources."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from report_gen.cli.shared.options import Commands, day
from report_gen.cli.shared.streams import print_json, print_lines
from report_gen.errors import ExitCode, ReportGenError

if TYPE_CHECKING:
    from report_gen.rules import Rule

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    rules = commands.add_parser("rules", help="list the rules of claim readiness with age, or explain one")
    rules.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    rules.add_argument("id", nargs="?", metavar="ID", help="rule to show")
    rules.add_argument("--on", type=day, metavar="DAY", help="day to count age from, YYYY-MM-DD (default: today)")
    rules.add_argument("--format", default="text", choices=("text", "json"))
    rules.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """All rules on a day, or one."""
    from report_gen.render.terminal.rules import rule_lines, rule_table_lines
    from report_gen.rules import rules

    today = options.on or date.today()  # noqa: DTZ011 - the day at this desk; ages are in days
    if (options.action == "show") != (options.id is not None):
        raise _UsageError("usage.rule", "show one rule with `rules show ID`, or list all with `rules`")
    if options.action == "list":
        if options.format == "json":
            print_json([_dated(rule, today) for rule in rules().values()])
        else:
            print_lines(rule_table_lines(rules().values(), today))
        return ExitCode.DONE
    if options.id not in rules():
        raise _UsageError("usage.no_such_rule", "there is no rule of this id; `report-gen rules` lists them")
    rule = rules()[options.id]
    if options.format == "json":
        print_json(_dated(rule, today))
    else:
        print_lines(rule_lines(rule, today))
    return ExitCode.DONE


class _UsageError(ReportGenError):
    """An argument that the command cannot work with."""


def _dated(rule: Rule, today: date) -> dict[str, Any]:
    """A rule as JSON, with its age."""
    version = rule.current(today)
    return {
        **rule.model_dump(mode="json"),
        "age_days": version.age_days(today),
        "stale": version.stale_on(today),
    }
