"""`extract`: the data that the PDF of a report has attached, verified, as files."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from report_gen.cli.shared.options import FORCE_HELP, OUTPUT_HELP, Commands
from report_gen.cli.shared.streams import print_paths, say
from report_gen.errors import ExitCode, FileAccessError

if TYPE_CHECKING:
    from report_gen.render.pdf.read import Contents

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    """Declare the command and its options."""
    extract = commands.add_parser("extract", help="take case and report data out of a PDF, and verify them")
    extract.add_argument("pdf", type=Path, help="PDF made with --flavour data")
    extract.add_argument("--record", type=Path, metavar="PDF", help="technical record to verify against the report")
    extract.add_argument("-o", "--output", default=".", type=Path, metavar="DIR", help=OUTPUT_HELP)
    extract.add_argument("--force", action="store_true", help=FORCE_HELP)
    extract.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Attached files beside each other in a folder, after their digest was compared with the one on the pages."""
    from report_gen.files import expect_folder, write_whole
    from report_gen.identity import content_id
    from report_gen.render.pdf.read import read_pdf

    expect_folder(options.output)
    contents = read_pdf(_bytes(options.pdf))
    if "report.json" not in contents.files:
        part = "this is the technical record alone, and " if contents.only_record else ""
        raise FileAccessError(
            "extract.nothing", f"{part}no report data are attached; only the report made with --flavour data has them"
        )
    if contents.content_ids != (content_id(contents.files["report.json"]),):
        raise FileAccessError(
            "extract.mismatch", "the attached data do not belong to the printed pages; nothing was written"
        )
    _verify_case(contents.files)
    if options.record is not None:
        _verify_record(contents, _bytes(options.record))
    wanted = {name: contents.files[name] for name in ("case.json", "report.json") if name in contents.files}
    named = {f"{options.pdf.stem}.{name}": data for name, data in wanted.items()}
    print_paths(write_whole(options.output, named, replace=options.force))
    say(f"content {contents.content_ids[0]} matches the printed pages")
    if options.record is not None:
        say(f"technical record {contents.record_sha256} matches what the report states")
    return ExitCode.DONE


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileAccessError("extract.unreadable", f"the PDF cannot be read: {error.strerror}") from None


def _verify_record(contents: Contents, record: bytes) -> None:
    """Refuse a technical record that is not the one whose digest stands on the pages of the report."""
    if hashlib.sha256(record).hexdigest() != contents.record_sha256:
        raise FileAccessError(
            "extract.other_record", "the technical record is not the one that the report states; nothing was written"
        )


def _verify_case(files: Mapping[str, bytes]) -> None:
    """Refuse an attached case that is not the one the attached report was made from: the report id holds its digest."""
    from report_gen.case import load_case
    from report_gen.identity import report_id

    named = json.loads(files["report.json"])["report_id"]
    if "case.json" in files and report_id(load_case(files["case.json"])) != named:
        raise FileAccessError("extract.mismatch", "the attached case is not that of the report; nothing was written")
