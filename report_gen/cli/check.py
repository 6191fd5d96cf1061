"""The command that says what is wrong, missing or contradictory in a case."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from report_gen.cli.streams import load, print_findings, print_json
from report_gen.errors import CaseInvalidError, ExitCode
from report_gen.pipeline import prepare

__all__ = ["run_check"]


def run_check(arguments: argparse.Namespace) -> int:
    """Problems or findings of a case; exit code 3 when the draft gate is closed."""
    as_json = arguments.format == "json"
    try:
        checked = prepare(load(arguments.case))
    except CaseInvalidError as error:
        if not as_json:
            raise
        print_json({"valid": False, "problems": [asdict(row) for row in error.problems], "findings": []})
        return ExitCode.CASE_INVALID
    if as_json:
        print_json(
            {
                "valid": True,
                "problems": [asdict(row) for row in checked.facts.warnings],
                "findings": [asdict(row) for row in checked.findings],
            }
        )
    else:
        print_findings(checked.findings, everything=True)
    return ExitCode.GATE_BLOCKED if checked.blocked("draft") else ExitCode.DONE
