"""The two parts of a report as pages to be set: their sections, and what stands on each page.

Part A, the report, is what is signed; part B, the technical record, is filed with it. B is drawn first: A states the
name, the pages and the digest of its file, B the report id and the content id, so that either one finds the other.
None of that is a fact of the case or part of ``report.json``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from report_gen.checks.model import CheckedReport
from report_gen.document.blocks import PageBlock, Paragraph, Part, Phrase, Section, SignatureBlock
from report_gen.document.pages import Pages, Running
from report_gen.draft.running import moment_text
from report_gen.render.report.abbreviations import key_sections
from report_gen.render.report.open_items import boxes
from report_gen.render.report.sections import sections
from report_gen.render.report.standing import KIND, standing

__all__ = ["RecordFile", "drafted_words", "record_pages", "report_pages"]

_RECORD_KIND: Final = "IONM technical record, filed with the report"


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The technical record as a file of its own, as the report names it."""

    name: str
    """File name."""
    pages: int
    """Number of pages, at least 1."""
    sha256: str
    """Digest of the bytes, in hexadecimal."""

    @property
    def labels(self) -> str:
        """Labels of its pages, such as `B1–B6`."""
        return "B1" if self.pages == 1 else f"B1–B{self.pages}"

    def statement(self, *, bound: bool) -> str:
        """How the report names it; bound behind the report, the file of its own is what the digest is of."""
        counted = "1 page" if self.pages == 1 else f"{self.pages} pages"
        if bound:
            return (
                f"Technical record: pages {self.labels} of this file; as a file of its own {self.name}, {counted}, "
                f"SHA-256 {self.sha256}"
            )
        return f"Technical record: {self.name}, {counted} ({self.labels}), SHA-256 {self.sha256}"


def report_pages(
    report: CheckedReport,
    content_id: str,
    *,
    record: RecordFile | None = None,
    bound: bool = False,
    drafted_at: datetime | None = None,
) -> Pages:
    """The pages of part A, marked with the report's standing.

    Args:
        report: Checked report; the only thing that can be rendered.
        content_id: Identifies ``report.json`` of the same report; printed on every page, so that paper and data can be
            matched by eye.
        record: The technical record that is filed with it. None: none was drawn, and none is named.
        bound: Whether the technical record follows in the same file.
        drafted_at: When the draft was made, with its offset; printed while unsigned. None: the latest time of the
            record is, so that the pages depend on the record alone.
    """
    pages = _pages(report, content_id, "report", drafted_at)
    if record is None:
        return pages
    named = Paragraph((Phrase(record.statement(bound=bound)),))
    # Over the signatures: what they stand under is then one report with a record that cannot be exchanged.
    shown = tuple(_over_signatures(part, named) if part.role == "attestation" else part for part in pages.sections)
    counted = f"Page {{page}} of {{pages}} (+ technical record, {record.labels})"
    return replace(pages, sections=shown, running=replace(pages.running, counted=counted))


def _over_signatures(section: Section[PageBlock], named: PageBlock) -> Section[PageBlock]:
    place = next(
        (i for i, block in enumerate(section.blocks) if isinstance(block, SignatureBlock)), len(section.blocks)
    )
    return replace(section, blocks=(*section.blocks[:place], named, *section.blocks[place:]))


def record_pages(report: CheckedReport, content_id: str, *, drafted_at: datetime | None = None) -> Pages:
    """The pages of part B, labelled `B1` and so on; arguments as in `report_pages`."""
    pages, draft = _pages(report, content_id, "record", drafted_at), report.draft
    words = (
        f"Technical record to report {draft.report_id}, version {draft.version}: part of it, filed with it, not signed "
        f"separately. Content id of the report: {content_id}."
    )
    head = Section("record", "Technical record", (Paragraph((Phrase(words),)),), role="title", part="record")
    return replace(
        pages,
        sections=(head, *pages.sections),
        running=replace(
            pages.running,
            kind=_RECORD_KIND,
            reference=f"Technical record to report {draft.report_id}, version {draft.version}, not signed separately",
            counted="Page B{page} of B{pages}",
        ),
        title=f"{draft.title}, technical record",
        subject=f"{pages.subject}: technical record",
        label_prefix="B",
    )


def _pages(report: CheckedReport, content_id: str, part: Part, drafted_at: datetime | None) -> Pages:
    draft, stands = report.draft, standing(report)
    return Pages(
        _of_part(report, part),
        Running(
            kind=KIND,
            mark=stands.mark,
            identity=tuple((item.label, item.text) for item in draft.running_header),
            reference=f"Report {draft.report_id}, version {draft.version}",
            foot=stands.foot,
            content=f"Content {content_id}",
            drafted=drafted_words(report, drafted_at),
        ),
        title=draft.title,
        subject=stands.subject,
        language=draft.language,
        stamp_at=draft.stamp_at,
        boxes=boxes(report) if part == "report" else {},
    )


def _of_part(report: CheckedReport, part: Part) -> tuple[Section[PageBlock], ...]:
    own = (section for section in sections(report) if section.part == part)
    return (*own, *key_sections(report.facts, report.draft, part))


_UNSIGNED: Final = ("draft", "preliminary")
"""Statuses by which a record does not say that its report was signed."""


def drafted_words(report: CheckedReport, drafted_at: datetime | None) -> str:
    """When the draft was made, or how far the record goes that it was made from, and a status that the record states.

    Empty: neither is known, or the report is signed.

    Args:
        report: Checked report.
        drafted_at: When the draft was made. None: not told.
    """
    if standing(report).signed:
        return ""
    latest = report.facts.latest_at
    if drafted_at is not None:
        made = f"Drafted {moment_text(report.facts, drafted_at)}"
    else:
        made = "" if latest is None else f"Record as of {moment_text(report.facts, latest)}"
    return "; ".join(words for words in (made, _stated_status(report)) if words)


def _stated_status(report: CheckedReport) -> str:
    """A status in the record that goes further than a draft, which nothing here proves. Empty: it has none."""
    status = report.facts.get("case.status")
    if status is None or status.code("text") in ("", *_UNSIGNED):
        return ""
    return f"status in the record: {status.text('text')}, not verified"
