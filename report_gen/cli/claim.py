"""`claim`: what the record of a case supports on a claim, and what is open."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from report_gen.cli.claim_files import attached_files
from report_gen.cli.shared.options import CASE_HELP, FORCE_HELP, Commands
from report_gen.cli.shared.streams import load, print_paths, put, say
from report_gen.errors import ExitCode
from report_gen.settings import PAGE_SIZES

__all__ = ["add", "run"]

_REPORT_HELP: Final = "signed report that goes with the claim, with or without the technical record bound behind it"
_RECORD_HELP: Final = "technical record of that report, as a file of its own"


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    claim = commands.add_parser("claim", help="say what the record supports on a claim, and what is open (3: blocked)")
    claim.add_argument("case", help=CASE_HELP)
    claim.add_argument("-o", "--output", type=Path, metavar="DIR", help="write claim.json and checklist there")
    claim.add_argument("--profile", type=Path, metavar="FILE", help="TOML file of the practice's payers and decisions")
    claim.add_argument("--codes", type=Path, metavar="FILE", help="TOML file of the practice's licensed code map")
    claim.add_argument("--report", type=Path, metavar="PDF", help=_REPORT_HELP)
    claim.add_argument("--record", type=Path, metavar="PDF", help=_RECORD_HELP)
    claim.add_argument("--format", default="text", choices=("text", "json"), help="on standard output, without -o")
    claim.add_argument("--page-size", default="letter", choices=PAGE_SIZES)
    claim.add_argument("--force", action="store_true", help=FORCE_HELP)
    claim.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Files or text; exit code 3 when an open item holds the claim back, files written all the same."""
    from report_gen.claim.practice.profile import load_profile
    from report_gen.files import expect_folder, write_whole
    from report_gen.identity import report_id
    from report_gen.pipeline import claim_support

    if options.output is not None:
        expect_folder(options.output)
    profile = load_profile(options.profile, options.codes)
    case = load(options.case)
    # No report is made here: what this program makes is an unsigned draft, and none of those goes to a payer.
    report, record = attached_files(options.report, options.record, report_id(case))
    support = claim_support(case, profile=profile, report_file=report, record_file=record, page_size=options.page_size)
    if options.output is None:
        put(support.json if options.format == "json" else support.text.encode(), sys.stdout)
    else:
        stem = support.attachment.report_id
        contents = {
            f"{stem}.claim.json": support.json,
            f"{stem}.claim.pdf": support.pdf,
            f"{stem}.claim.txt": support.text.encode(),
        }
        print_paths(write_whole(options.output, contents, replace=options.force))
    say(support.assessment.statement)
    return ExitCode.GATE_BLOCKED if support.assessment.blocked else ExitCode.DONE
