"""`claim`: what the record of a case supports on a claim, and what is open."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from report_gen.cli.options import CASE_HELP, FORCE_HELP, Commands
from report_gen.cli.streams import load, print_paths, put, say
from report_gen.errors import ExitCode, FileAccessError
from report_gen.settings import FLAVOURS, PAGE_SIZES, Settings

__all__ = ["LARGEST_REPORT_BYTES", "add", "run"]

LARGEST_REPORT_BYTES: Final = 64 * 1024 * 1024
"""A report file beyond it is refused unread."""


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    claim = commands.add_parser("claim", help="say what the record supports on a claim, and what is open (3: blocked)")
    claim.add_argument("case", help=CASE_HELP)
    claim.add_argument("-o", "--output", type=Path, metavar="DIR", help="write claim.json, checklist and report there")
    claim.add_argument("--profile", type=Path, metavar="FILE", help="TOML file of the practice's payers and decisions")
    claim.add_argument("--codes", type=Path, metavar="FILE", help="TOML file of the practice's licensed code map")
    claim.add_argument(
        "--report", type=Path, metavar="PDF", help="report that goes with the claim (default: made anew)"
    )
    claim.add_argument("--format", default="text", choices=("text", "json"), help="on standard output, without -o")
    claim.add_argument("--page-size", default="letter", choices=PAGE_SIZES)
    claim.add_argument("--force", action="store_true", help=FORCE_HELP)
    claim.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Files or text; exit code 3 when an open item holds the claim back, files written all the same."""
    import hashlib

    from report_gen.claim.attachment import AttachmentFile
    from report_gen.claim.practice.profile import load_profile
    from report_gen.files import expect_folder, write_whole
    from report_gen.identity import report_id
    from report_gen.pipeline import claim_support, generate

    if options.output is not None:
        expect_folder(options.output)
    profile = load_profile(options.profile, options.codes)
    case = load(options.case)
    name, report, pages = "", b"", None
    if options.report is not None:
        name, report, pages = _named_report(options.report, report_id(case))
    elif options.output is not None:
        settings = Settings(page_size=options.page_size, flavour="payer")
        document = generate(case, settings=settings).documents["pdf"]
        name, report, pages = document.file_name, document.data, document.pages
    digest = hashlib.sha256(report).hexdigest()
    file = AttachmentFile(name, "application/pdf", digest, len(report), pages) if report else None
    support = claim_support(case, profile=profile, report_file=file, page_size=options.page_size)
    if options.output is None:
        put(support.json if options.format == "json" else support.text.encode(), sys.stdout)
    else:
        stem = support.attachment.report_id
        contents = {
            f"{stem}.claim.json": support.json,
            f"{stem}.claim.pdf": support.pdf,
            f"{stem}.claim.txt": support.text.encode(),
        }
        if options.report is None:
            contents[name] = report
        print_paths(write_whole(options.output, contents, replace=options.force))
    say(support.assessment.statement)
    return ExitCode.GATE_BLOCKED if support.assessment.blocked else ExitCode.DONE


def _named_report(path: Path, wanted: str) -> tuple[str, bytes, int | None]:
    """A report file that was made before, with its pages where they can be counted.

    Raises:
        FileAccessError: It cannot be read, is no PDF, is a claim checklist, or says that it is the report of another
            record.
    """
    try:
        if path.stat().st_size > LARGEST_REPORT_BYTES:
            raise FileAccessError("claim.report_too_large", "the report file is larger than 64 MB")
        data = path.read_bytes()
    except OSError as error:
        raise FileAccessError("claim.report_unreadable", f"the report cannot be read: {error.strerror}") from None
    if not data.startswith(b"%PDF-"):
        raise FileAccessError("claim.report_not_a_pdf", "the report file is not a PDF")
    from report_gen.render.formats import pdf_name
    from report_gen.render.pdf.read import read_pdf

    # People name files after patients; only a name that this program gives may stand in claim.json.
    names = {pdf_name(wanted, flavour) for flavour in FLAVOURS}
    name = path.name if path.name in names else f"{wanted}.pdf"
    try:
        contents = read_pdf(data)
    except FileAccessError as error:
        if error.code != "extract.not_installed":
            raise
        say("note: pages of the report are not counted and its id is not compared; that needs the extra `extract`")
        return name, data, None
    if contents.for_billing:
        raise FileAccessError(
            "claim.not_a_report", "the report file holds a claim checklist, which goes to nobody else"
        )
    if set(contents.report_ids) - {wanted}:
        # Among pages of the right report, too: another patient's must not go out with them.
        raise FileAccessError(
            "claim.other_report",
            "the report was made from another record, or before a change of this one; make it again",
        )
    if not contents.report_ids:
        say("note: the report file names no report; make sure that it is that of this case")
    return name, data, contents.pages
