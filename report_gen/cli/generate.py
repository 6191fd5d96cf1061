"""The command that makes a report."""

from __future__ import annotations

import argparse
import os
import sys

from report_gen.cli.narration import explained, narrated
from report_gen.cli.streams import load_timed, named_folder, print_findings, put, say
from report_gen.errors import ExitCode
from report_gen.files import expect_folder, write_whole
from report_gen.settings import FORMATS, Settings

__all__ = ["run_generate"]


def run_generate(arguments: argparse.Namespace) -> int:
    """The files of a report in a folder, their paths on standard output."""
    expect_folder(arguments.output)
    settings = Settings(
        page_size=arguments.page_size,
        flavour=arguments.flavour,
        script_fonts=named_folder(arguments.script_fonts),
        allow_incomplete=arguments.incomplete,
        **{form: form in arguments.format for form in FORMATS if form != "json"},
    )
    case, waited_s = load_timed(arguments.case)
    report, told = narrated(case, settings, arguments, waited_s=waited_s)
    chosen = [document for form, document in report.documents.items() if form in arguments.format]
    contents = {document.file_name: document.data for document in chosen}
    paths = write_whole(arguments.output, contents, replace=arguments.force)
    put(b"".join(os.fsencode(path) + b"\n" for path in paths), sys.stdout)
    print_findings(report.findings)
    for notice in report.notices:
        say(f"note: {notice}; the PDF marks the place")
    for line in told:
        say(line)
    if arguments.explain:
        say(explained(report))
    if arguments.timings:
        say("ms: " + ", ".join(f"{name} {spent:.1f}" for name, spent in report.stage_ms.items()))
    return ExitCode.DONE
