"""`denial`: what a denial means for a monitoring claim, and what answers it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from report_gen.cli.shared.options import Commands, day
from report_gen.cli.shared.streams import load, print_json, print_lines
from report_gen.errors import ExitCode

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    denial = commands.add_parser("denial", help="say what a denial means for a monitoring claim and what answers it")
    denial.add_argument("code", metavar="CODE", help="claim adjustment reason code, such as 252 or CO-97")
    denial.add_argument("--remark", metavar="RC", help="remark code, such as N122")
    denial.add_argument("--payer", type=_payer_class, metavar="CLASS", help="class of the payer, such as medicare_ffs")
    denial.add_argument("--case", metavar="CASE", help="case file: which of its documents answer the denial")
    denial.add_argument("--profile", type=Path, metavar="FILE", help="the practice's profile, with --case")
    denial.add_argument("--received", type=day, metavar="DAY", help="day of the remittance, YYYY-MM-DD")
    denial.add_argument("--format", default="text", choices=("text", "json"))
    denial.set_defaults(run=run)


def _payer_class(code: str) -> str:
    # Read only for who names a payer: help must work when a vocabulary is damaged.
    from report_gen.vocab import vocabulary

    if code not in vocabulary("payer_classes"):
        raise argparse.ArgumentTypeError(f"choose one of {', '.join(vocabulary('payer_classes').codes)}")
    return code


def run(options: argparse.Namespace) -> int:
    """The advice, with the documents of a case where one is given."""
    from report_gen.claim.assess import assess
    from report_gen.claim.denials.explain import explain
    from report_gen.claim.practice.profile import load_profile
    from report_gen.facts import derive
    from report_gen.life import ReportLife
    from report_gen.render.claim.json import rule_finding_entry
    from report_gen.render.terminal.denial import denial_lines

    assessment = None
    if options.case is not None:
        case = load(options.case)
        assessment = assess(derive(case), load_profile(options.profile), life=ReportLife.stated(case))
    advice = explain(
        options.code,
        remark=options.remark,
        payer_class=options.payer,
        assessment=assessment,
        received_on=options.received,
    )
    if options.format == "json":
        print_json(
            _plain(asdict(advice) | {"findings": [asdict(rule_finding_entry(finding)) for finding in advice.findings]})
        )
    else:
        print_lines(denial_lines(advice))
    return ExitCode.DONE


def _plain(node: Any) -> Any:
    """Values as JSON knows them."""
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [_plain(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node
