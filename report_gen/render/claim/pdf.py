"""The claim checklist as PDF: for the billing office, never part of the clinical record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from report_gen.claim.attachment import ClaimAttachment
from report_gen.claim.model import Assessment
from report_gen.document.blocks import PageBlock, Section
from report_gen.document.pages import Pages, Running
from report_gen.render.pdf import RenderedPdf, set_pages

__all__ = ["render_claim_pdf"]

_KIND: Final = "Intraoperative neurophysiological monitoring"
_MARK: Final = "CLAIM CHECKLIST"
_FOOT: Final = "FOR THE BILLING OFFICE – NOT PART OF THE CLINICAL RECORD"


def render_claim_pdf(
    sections: Sequence[Section[PageBlock]],
    assessment: Assessment,
    attached: ClaimAttachment,
    *,
    content_id: str,
    page_size: Literal["letter", "a4"] = "letter",
) -> RenderedPdf:
    """The checklist as PDF; the same assessment gives the same bytes.

    Args:
        sections: Sections of the checklist.
        assessment: The assessment.
        attached: What the attachment screen asks for.
        content_id: Identifies ``claim.json`` of the same assessment; printed on every page.
        page_size: Paper.

    Raises:
        RenderError: It could not be laid out.
        AssetError: A font is missing or damaged.
    """
    running = Running(
        kind=_KIND,
        mark=_MARK,
        identity=(("Case", assessment.case_id), ("Date of service", assessment.date_of_service.isoformat())),
        reference=f"Report {attached.report_id}",
        foot=_FOOT,
        content=f"Content {content_id}",
    )
    times = [
        at for at in (assessment.lag.closed_at, assessment.lag.drafted_at, assessment.lag.signed_at) if at is not None
    ]
    day = assessment.date_of_service
    pages = Pages(
        tuple(sections),
        running,
        title=f"Claim checklist {assessment.case_id}",
        subject=f"{_KIND}, claim checklist",
        language="en-US",
        stamp_at=max(times, default=datetime(day.year, day.month, day.day, tzinfo=UTC)),
    )
    return set_pages(pages, page_size=page_size)
