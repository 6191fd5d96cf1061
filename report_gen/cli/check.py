"""`check`: what is wrong, missing or contradictory in a case."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from report_gen.cli.shared.options import CASE_HELP, Commands
from report_gen.cli.shared.streams import load, print_findings, print_json
from report_gen.errors import CaseInvalidError, ExitCode

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    check = commands.add_parser("check", help="say what is wrong, missing or contradictory in a case")
    check.add_argument("case", help=CASE_HELP)
    check.add_argument("--format", default="text", choices=("text", "json"))
    check.add_argument("--all", action="store_true", help="also list questions that close no gate and are for others")
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Problems or findings of a case; exit code 3 when the draft gate is closed."""
    from report_gen.pipeline import prepare
    from report_gen.render.report.json import finding_entry

    as_json = options.format == "json"
    try:
        checked = prepare(load(options.case))
    except CaseInvalidError as error:
        if not as_json:
            raise
        print_json({"valid": False, "problems": [asdict(problem) for problem in error.problems], "findings": []})
        return ExitCode.CASE_INVALID
    if as_json:
        print_json(
            {
                "valid": True,
                "problems": [asdict(problem) for problem in checked.facts.warnings],
                "can_be_drafted": not checked.blocked("draft"),
                "can_be_signed": not checked.blocked("sign"),
                "findings": [asdict(finding_entry(finding)) for finding in checked.findings],
            }
        )
    else:
        print_findings(checked.findings, everything=True, whole=options.all)
    return ExitCode.GATE_BLOCKED if checked.blocked("draft") else ExitCode.DONE
