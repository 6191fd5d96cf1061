"""What each command takes. Loads nothing that reads a case or draws a report, so that help and usage come at once."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

from report_gen.errors import ExitCode
from report_gen.settings import FLAVOURS, FORMATS, PAGE_SIZES
from report_gen.version import __version__

__all__ = ["parser"]

_FORMATS_HELP: Final = f"any of {', '.join(FORMATS)}, with commas between"
_OUTPUT_HELP: Final = "folder (default: here); made when only its last part is missing"
_SCRIPT_FONTS_HELP: Final = "fonts for further scripts (default: where Debian keeps the Noto fonts)"


class _Parser(argparse.ArgumentParser):
    """Argparse with our exit code for wrong usage."""

    def error(self, message: str) -> Any:
        """Print usage and the mistake, and leave with code 1."""
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    """The parser of every command; `command` names the one that was chosen."""
    made = _Parser(prog="report-gen", description="Draft reports of intraoperative neurophysiological monitoring.")
    made.add_argument("--version", action="version", version=f"report-gen {__version__}")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")

    make = commands.add_parser("generate", help="write the draft report of a case as PDF, JSON or HTML")
    make.add_argument("case", help="case file, or - for standard input")
    make.add_argument("-o", "--output", default=".", type=Path, metavar="DIR", help=_OUTPUT_HELP)
    make.add_argument("--force", action="store_true", help="replace files that are there")
    make.add_argument("--format", default="pdf,json", type=_formats, metavar="LIST", help=_FORMATS_HELP)
    make.add_argument("--page-size", default="letter", choices=PAGE_SIZES)
    make.add_argument("--flavour", default="draft", choices=FLAVOURS, help="record attaches case and report data")
    make.add_argument("--script-fonts", type=Path, metavar="DIR", help=_SCRIPT_FONTS_HELP)
    make.add_argument("--incomplete", action="store_true", help="write although required fields are missing")
    _add_narration(make)
    make.add_argument(
        "--explain", action="store_true", help="show template and model wording side by side (case text!)"
    )
    make.add_argument("--timings", action="store_true", help="print the time of each stage")

    check = commands.add_parser("check", help="say what is wrong, missing or contradictory in a case")
    check.add_argument("case", help="case file, or - for standard input")
    check.add_argument("--format", default="text", choices=("text", "json"))

    _add_claims(commands)

    extract = commands.add_parser("extract", help="take case and report data out of a record PDF, and verify them")
    extract.add_argument("pdf", type=Path, help="PDF made with --flavour record")
    extract.add_argument("-o", "--output", default=".", type=Path, metavar="DIR", help=_OUTPUT_HELP)
    extract.add_argument("--force", action="store_true", help="replace files that are there")

    schema = commands.add_parser("schema", help="print a JSON Schema, or rewrite the committed ones")
    schema.add_argument("name", nargs="?", default="case", choices=("case", "report", "finding", "claim"))
    schema.add_argument("--write", action="store_true", help="rewrite the files in schemas/")

    doctor = commands.add_parser("doctor", help="show versions, fonts, folders and what is configured")
    doctor.add_argument("--format", default="text", choices=("text", "json"))
    doctor.add_argument("--script-fonts", type=Path, metavar="DIR", help=_SCRIPT_FONTS_HELP)
    doctor.add_argument("--probe", action="store_true", help="ask the configured language model what it can do")
    _add_narration(doctor)
    return made


def _add_claims(commands: Any) -> None:
    """The commands of the billing office."""
    claim = commands.add_parser("claim", help="say what the record supports on a claim, and what is open (3: blocked)")
    claim.add_argument("case", help="case file, or - for standard input")
    claim.add_argument("-o", "--output", type=Path, metavar="DIR", help="write claim.json, checklist and report there")
    claim.add_argument("--profile", type=Path, metavar="FILE", help="TOML file of the practice's payers and decisions")
    claim.add_argument("--codes", type=Path, metavar="FILE", help="TOML file of the practice's licensed code map")
    claim.add_argument(
        "--report", type=Path, metavar="PDF", help="report that goes with the claim (default: made anew)"
    )
    claim.add_argument("--format", default="text", choices=("text", "json"), help="on standard output, without -o")
    claim.add_argument("--page-size", default="letter", choices=PAGE_SIZES)
    claim.add_argument("--force", action="store_true", help="replace files that are there")

    listed = commands.add_parser("rules", help="list the rules of claim readiness with age, or explain one")
    listed.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    listed.add_argument("id", nargs="?", metavar="ID", help="rule to show")
    listed.add_argument("--on", type=_day, metavar="DAY", help="day to count age from, YYYY-MM-DD (default: today)")
    listed.add_argument("--format", default="text", choices=("text", "json"))

    denial = commands.add_parser("denial", help="say what a denial means for a monitoring claim and what answers it")
    denial.add_argument("code", metavar="CODE", help="claim adjustment reason code, such as 252 or CO-97")
    denial.add_argument("--remark", metavar="RC", help="remark code, such as N122")
    denial.add_argument("--payer", type=_payer_class, metavar="CLASS", help="class of the payer, such as medicare_ffs")
    denial.add_argument("--case", metavar="CASE", help="case file: which of its documents answer the denial")
    denial.add_argument("--profile", type=Path, metavar="FILE", help="the practice's profile, with --case")
    denial.add_argument("--received", type=_day, metavar="DAY", help="day of the remittance, YYYY-MM-DD")
    denial.add_argument("--format", default="text", choices=("text", "json"))


def _add_narration(command: argparse.ArgumentParser) -> None:
    """Which language model may re-word parts of the report; without one of these, none is asked."""
    group = command.add_argument_group("narration by a language model")
    group.add_argument("--llm", type=Path, metavar="FILE", help="TOML file that configures the endpoint")
    group.add_argument("--model", help="model to ask; overrides the file")
    group.add_argument("--base-url", metavar="URL", help="OpenAI-compatible endpoint (default: OpenAI)")
    group.add_argument("--api-key-env", metavar="NAME", help="environment variable that holds the key")
    group.add_argument("--allow-remote", action="store_true", help="allow an endpoint that is not on this machine")
    group.add_argument("--deadline", type=float, metavar="S", help="seconds that the model may take (default 4.5)")


def _formats(text: str) -> frozenset[str]:
    chosen = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not chosen or chosen - set(FORMATS):
        raise argparse.ArgumentTypeError(f"choose {_FORMATS_HELP}")
    return chosen


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written YYYY-MM-DD") from None


def _payer_class(code: str) -> str:
    # Read only for who names a payer: help must work when a vocabulary is damaged.
    from report_gen.vocab import vocabulary

    if code not in vocabulary("payer_classes"):
        raise argparse.ArgumentTypeError(f"choose one of {', '.join(vocabulary('payer_classes').codes)}")
    return code
