"""The command that takes attached data out of a PDF again."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping

from report_gen.case import load_case
from report_gen.cli.streams import put, say
from report_gen.errors import ExitCode, FileAccessError
from report_gen.files import expect_folder, write_whole
from report_gen.identity import content_id, report_id
from report_gen.render.pdf.read import read_pdf

__all__ = ["run_extract"]


def run_extract(arguments: argparse.Namespace) -> int:
    """Attached files beside each other in a folder, after their digest was compared with the one on the pages."""
    expect_folder(arguments.output)
    try:
        data = arguments.pdf.read_bytes()
    except OSError as error:
        raise FileAccessError("extract.unreadable", f"the PDF cannot be read: {error.strerror}") from None
    contents = read_pdf(data)
    if "report.json" not in contents.files:
        raise FileAccessError("extract.nothing", "no report data are attached; only --flavour record attaches them")
    if contents.content_ids != (content_id(contents.files["report.json"]),):
        raise FileAccessError(
            "extract.mismatch", "the attached data do not belong to the printed pages; nothing was written"
        )
    _verify_case(contents.files)
    wanted = {name: contents.files[name] for name in ("case.json", "report.json") if name in contents.files}
    named = {f"{arguments.pdf.stem}.{name}": data for name, data in wanted.items()}
    paths = write_whole(arguments.output, named, replace=arguments.force)
    put(b"".join(os.fsencode(path) + b"\n" for path in paths), sys.stdout)
    say(f"content {contents.content_ids[0]} matches the printed pages")
    return ExitCode.DONE


def _verify_case(files: Mapping[str, bytes]) -> None:
    """Refuse an attached case that is not the one the attached report was made from: the report id holds its digest."""
    named = json.loads(files["report.json"])["report_id"]
    if "case.json" in files and report_id(load_case(files["case.json"])) != named:
        raise FileAccessError("extract.mismatch", "the attached case is not that of the report; nothing was written")
