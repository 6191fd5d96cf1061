"""The files that go with a claim: the report and its technical record, checked to be those of the case."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from report_gen.cli.shared.streams import say
from report_gen.errors import FileAccessError, ReportGenError

if TYPE_CHECKING:
    from report_gen.claim.attachment import AttachmentFile
    from report_gen.render.pdf.read import Contents

__all__ = ["LARGEST_REPORT_BYTES", "attached_files"]

LARGEST_REPORT_BYTES: Final = 64 * 1024 * 1024
"""A file beyond it is refused unread."""


class _Read(NamedTuple):
    """A file, and what its pages say where they can be read."""

    data: bytes
    contents: Contents | None


def attached_files(
    report: Path | None, record: Path | None, wanted: str
) -> tuple[AttachmentFile | None, AttachmentFile | None]:
    """The report and the technical record that were made before, as a claim names them.

    Args:
        report: The report, alone or with the record bound behind it. None: no file is named.
        record: The record as a file of its own. None: no file is named.
        wanted: Id of the report of the case.

    Raises:
        FileAccessError: A file cannot be read, is no PDF, is a claim checklist, is the other part of the report, says
            that it is of another record of a case, or is not the technical record whose digest the report states.
        ReportGenError: A record is named without its report.
    """
    if report is None:
        if record is not None:
            raise ReportGenError(
                "claim.record_alone", "a technical record goes with its report: name that with --report"
            )
        return None, None
    first = _read(report, wanted)
    if first.contents is not None and first.contents.only_record:
        raise FileAccessError(
            "claim.only_record", "that is the technical record: name it with --record, and the report with --report"
        )
    second = _read(record, wanted) if record is not None else None
    _expect_pair(first, second)
    return _named(report, first, wanted), None if record is None or second is None else _named(record, second, wanted)


def _expect_pair(report: _Read, record: _Read | None) -> None:
    """Refuse a record that is not that of the report; say so when the report names one that is not there."""
    stated = report.contents.record_sha256 if report.contents is not None else ""
    if record is None:
        if stated and report.contents is not None and not report.contents.bound:
            say("note: the report names a technical record, which is part of it; name that file with --record")
        return
    if record.contents is not None and record.contents.report_ids and not record.contents.only_record:
        raise FileAccessError(
            "claim.not_a_record", "the file named with --record is not the technical record of a report alone"
        )
    if stated and hashlib.sha256(record.data).hexdigest() != stated:
        raise FileAccessError(
            "claim.other_record", "the technical record is not the one whose digest the report states; name that one"
        )


def _named(path: Path, read: _Read, wanted: str) -> AttachmentFile:
    from report_gen.claim.attachment import AttachmentFile
    from report_gen.render.formats import FLAVOURS, pdf_name, record_name

    of_report = {pdf_name(wanted, flavour, bind=bind) for flavour in FLAVOURS for bind in (False, True)}
    contents = read.contents
    own = record_name(wanted) if contents is not None and contents.only_record else pdf_name(wanted, "draft")
    # People name files after patients; only a name that this program gives may stand in claim.json.
    name = path.name if path.name in of_report | {record_name(wanted)} else own
    digest, size = hashlib.sha256(read.data).hexdigest(), len(read.data)
    if contents is None:
        return AttachmentFile(name, "application/pdf", digest, size, None)
    return AttachmentFile(name, "application/pdf", digest, size, contents.pages, contents.draft)


def _read(path: Path, wanted: str) -> _Read:
    try:
        if path.stat().st_size > LARGEST_REPORT_BYTES:
            raise FileAccessError("claim.report_too_large", "the report file is larger than 64 MB")
        data = path.read_bytes()
    except OSError as error:
        raise FileAccessError("claim.report_unreadable", f"the report cannot be read: {error.strerror}") from None
    if not data.startswith(b"%PDF-"):
        raise FileAccessError("claim.report_not_a_pdf", "the report file is not a PDF")
    from report_gen.render.pdf.read import read_pdf

    try:
        contents = read_pdf(data)
    except FileAccessError as error:
        if error.code != "extract.not_installed":
            raise
        say("note: pages of the report are not counted and its id is not compared; that needs the extra `extract`")
        return _Read(data, None)
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
    return _Read(data, contents)
