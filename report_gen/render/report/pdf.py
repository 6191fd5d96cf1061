"""The parts of a report as PDF: each as a file of its own, or the technical record bound behind the report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from report_gen.document.pages import Pages
from report_gen.render.pdf import EmbeddedFile, RenderedPdf, set_pages

__all__ = ["render_pdf"]


def render_pdf(
    parts: Sequence[Pages],
    *,
    page_size: Literal["letter", "a4"] = "letter",
    attachments: Sequence[EmbeddedFile] = (),
    fonts_folder: Path | None = None,
) -> RenderedPdf:
    """Parts of a report in one PDF, each marked with the report's standing on every page.

    Args:
        parts: Pages of the report, of its technical record, or of both in this order.
        page_size: Paper.
        attachments: Files that travel inside, as the source of what the pages say.
        fonts_folder: Fonts for scripts that the report fonts do not have. None: the usual folders of Debian.

    Raises:
        RenderError: The report could not be laid out.
        AssetError: A font is missing or damaged, or the folder of fonts is missing.
    """
    return set_pages(parts, page_size=page_size, attachments=attachments, fonts_folder=fonts_folder)
