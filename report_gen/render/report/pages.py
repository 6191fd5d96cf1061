"""The report as pages to be set: its sections, and what stands on each page."""

from __future__ import annotations

from report_gen.checks.model import CheckedReport
from report_gen.document.pages import Pages, Running
from report_gen.render.report.open_items import boxes
from report_gen.render.report.sections import sections
from report_gen.render.report.standing import KIND, standing

__all__ = ["report_pages"]


def report_pages(report: CheckedReport, content_id: str) -> Pages:
    """The pages of a report, marked with its standing.

    Args:
        report: Checked report; the only thing that can be rendered.
        content_id: Identifies ``report.json`` of the same report; printed on every page, so that paper and data can be
            matched by eye.
    """
    draft, stands = report.draft, standing(report)
    return Pages(
        sections(report),
        Running(
            kind=KIND,
            mark=stands.mark,
            identity=tuple((item.label, item.text) for item in draft.running_header),
            reference=f"Report {draft.report_id}, version {draft.version}",
            foot=stands.foot,
            content=f"Content {content_id}",
        ),
        title=draft.title,
        subject=stands.subject,
        language=draft.language,
        stamp_at=draft.stamp_at,
        boxes=boxes(report),
    )
