"""The report as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from report_gen.checks.model import CheckedReport
from report_gen.render.pdf import EmbeddedFile, RenderedPdf, set_pages
from report_gen.render.report.pages import report_pages

__all__ = ["render_pdf"]


def render_pdf(
    report: CheckedReport,
    *,
    content_id: str,
    page_size: Literal["letter", "a4"] = "letter",
    attachments: Sequence[EmbeddedFile] = (),
    fonts_folder: Path | None = None,
) -> RenderedPdf:
    """The report as PDF, marked with its standing on every page.

    Args:
        report: Checked report; the only thing that can be rendered.
        content_id: Identifies ``report.json`` of the same report, as in `report_pages`.
        page_size: Paper.
        attachments: Files that travel inside, as the source of what the pages say.
        fonts_folder: Fonts for scripts that the report fonts do not have. None: the usual folders of Debian.

    Raises:
        RenderError: The report could not be laid out.
        AssetError: A font is missing or damaged, or the folder of fonts is missing.
    """
    pages = report_pages(report, content_id)
    return set_pages(pages, page_size=page_size, attachments=attachments, fonts_folder=fonts_folder)
