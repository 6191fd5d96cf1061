"""`generate`: the draft report of a case as files."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from report_gen.cli.narration import add_narration, explained, narrated
from report_gen.cli.shared.options import CASE_HELP, FORCE_HELP, OUTPUT_HELP, SCRIPT_FONTS_HELP, Commands
from report_gen.cli.shared.streams import load_timed, named_folder, print_findings, print_paths, say
from report_gen.errors import ExitCode, ReportGenError
from report_gen.settings import FLAVOURS, FORMATS, PAGE_SIZES, Flavour, Settings, flavour_named

__all__ = ["add", "run"]

_FORMATS_HELP: Final = f"any of {', '.join(FORMATS)}, with commas between; pdf is report and technical record"
_FLAVOURS_HELP: Final = f"{', '.join(FLAVOURS)}; data attaches case and report data, payer needs a signed report"


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    make = commands.add_parser("generate", help="write the draft report of a case as PDF, JSON or HTML")
    make.add_argument("case", help=CASE_HELP)
    make.add_argument("-o", "--output", default=".", type=Path, metavar="DIR", help=OUTPUT_HELP)
    make.add_argument("--force", action="store_true", help=FORCE_HELP)
    make.add_argument("--format", default="pdf,json", type=_formats, metavar="LIST", help=_FORMATS_HELP)
    make.add_argument("--page-size", default="letter", choices=PAGE_SIZES)
    make.add_argument("--flavour", default="draft", type=_flavour, metavar="NAME", help=_FLAVOURS_HELP)
    make.add_argument("--bind", action="store_true", help="the technical record behind the report, in one PDF")
    make.add_argument("--script-fonts", type=Path, metavar="DIR", help=SCRIPT_FONTS_HELP)
    make.add_argument("--incomplete", action="store_true", help="write although required fields are missing")
    add_narration(make)
    make.add_argument(
        "--explain", action="store_true", help="show template and model wording side by side (case text!)"
    )
    make.add_argument("--timings", action="store_true", help="print the time of each stage")
    make.set_defaults(run=run)


def _formats(text: str) -> frozenset[str]:
    formats = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not formats or formats - set(FORMATS):
        raise argparse.ArgumentTypeError(f"choose {_FORMATS_HELP}")
    return formats


def _flavour(text: str) -> Flavour:
    try:
        return flavour_named(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _now() -> datetime:
    """The minute at which the draft is made, or the one that a build system states for all that it makes.

    Raises:
        ReportGenError: ``SOURCE_DATE_EPOCH`` is no number of seconds.
    """
    stated = os.environ.get("SOURCE_DATE_EPOCH")
    if not stated:
        return datetime.now(UTC).replace(second=0, microsecond=0)
    try:
        return datetime.fromtimestamp(int(stated), UTC)
    except (ValueError, OverflowError, OSError):
        raise ReportGenError("usage.source_date_epoch", "SOURCE_DATE_EPOCH is not a number of seconds") from None


def run(options: argparse.Namespace) -> int:
    """The files of a report in a folder, their paths on standard output."""
    from report_gen.files import expect_folder, write_whole

    expect_folder(options.output)
    settings = Settings(
        page_size=options.page_size,
        flavour=options.flavour,
        bind=options.bind,
        drafted_at=_now(),
        script_fonts=named_folder(options.script_fonts),
        allow_incomplete=options.incomplete,
        **{form: form in options.format for form in FORMATS if form != "json"},
    )
    case, waited_s = load_timed(options.case)
    report, lines = narrated(case, settings, options, waited_s=waited_s)
    print_paths(write_whole(options.output, report.files(options.format), replace=options.force))
    print_findings(report.findings)
    for notice in report.notices:
        say(f"note: {notice}; the PDF marks the place")
    for line in lines:
        say(line)
    if options.explain:
        say(explained(report))
    if options.timings:
        say("ms: " + ", ".join(f"{name} {spent:.1f}" for name, spent in report.stage_ms.items()))
    return ExitCode.DONE
