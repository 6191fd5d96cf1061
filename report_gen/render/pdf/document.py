"""A document as PDF: its parts laid out and drawn, page labels, metadata, and bytes that depend on it alone."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from report_gen.document.pages import Pages
from report_gen.errors import RenderError
from report_gen.render.metrics import stand_ins as stand_in_widths
from report_gen.render.pdf.archive import Description, EmbeddedFile, add_attachments, add_description
from report_gen.render.pdf.fonts import register_fonts
from report_gen.render.pdf.ink import Ink
from report_gen.render.pdf.layout.blocks import Typesetter
from report_gen.render.pdf.layout.paginate import Layout, PieceTooHigh, paginate
from report_gen.render.pdf.layout.pieces import draw_column
from report_gen.render.pdf.layout.words import Lettering
from report_gen.render.pdf.reportlab_private import finished, set_page_labels, set_stamp
from report_gen.render.pdf.running import RunningLines
from report_gen.render.pdf.scripts import StandIns
from report_gen.render.pdf.styles import MARGIN, NORMAL, TIGHT, Setting, page
from report_gen.render.pdf.tagged import Element, TaggedCanvas

__all__ = ["RenderedPdf", "set_pages"]

_AUTHOR: Final = "report_gen"
_TIGHT_SHARE: Final = 0.86
"""Height of tight setting as a share of normal, at the least."""

# ReportLab shares one read position for each registered font between threads: unlocked, some files come out different
# without any error.
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A document as PDF."""

    data: bytes
    """The file; the same document gives the same bytes."""
    pages: int
    """Number of pages."""
    notices: tuple[str, ...]
    """What could not be set as recorded, by script and number, without patient data."""
    part_pages: tuple[int, ...] = ()
    """Number of pages of each part, in order."""


@dataclass(frozen=True, slots=True)
class _LaidOut:
    running: RunningLines
    layout: Layout


def set_pages(
    parts: Pages | Sequence[Pages],
    *,
    page_size: Literal["letter", "a4"] = "letter",
    attachments: Sequence[EmbeddedFile] = (),
    fonts_folder: Path | None = None,
) -> RenderedPdf:
    """A document as PDF.

    Args:
        parts: The document, or several bound in one file: each begins on a page of its own, has its own running lines
            and is counted by itself. Title, subject, language and time of the file are those of the first.
        page_size: Paper.
        attachments: Files that travel inside, as the source of what the pages say.
        fonts_folder: Fonts for scripts that the report fonts do not have. None: the usual folders of Debian.

    Raises:
        RenderError: It could not be laid out.
        AssetError: A font is missing or damaged, or the folder of fonts is missing.
    """
    with _LOCK:
        register_fonts()
        stand_ins = StandIns(fonts_folder)
        bound = (parts,) if isinstance(parts, Pages) else tuple(parts)
        try:
            with stand_in_widths(stand_ins.advances):
                return _render(bound, page(page_size), tuple(attachments), stand_ins)
        except PieceTooHigh as error:
            raise RenderError("render.layout", "a part of the report does not fit on a page") from error


def _render(
    parts: Sequence[Pages], paper: tuple[float, float], attachments: tuple[EmbeddedFile, ...], stand_ins: StandIns
) -> RenderedPdf:
    words = Lettering(stand_ins)
    first = parts[0]
    description = Description(
        title=words.spoken(first.title),
        subject=first.subject,
        author=_AUTHOR,
        language=first.language,
        stamp_at=first.stamp_at,
    )
    laid_out = [_laid_out(part, words, paper) for part in parts]
    canvas = _canvas(description, paper)
    ink = Ink(canvas, stand_ins)
    labels: list[tuple[int, str]] = []
    drawn = 0
    for pages, part in zip(parts, laid_out, strict=True):
        labels.append((drawn, pages.label_prefix))
        if len(parts) > 1:
            ink.parent = ink.place(Element("Part", canvas.tags.root))
        _draw(ink, part)
        drawn += len(part.layout.pages)
    set_page_labels(canvas, labels)
    stand_ins.write(canvas)
    canvas.tags.write(canvas)
    add_description(canvas, description)
    add_attachments(canvas, attachments, description.stamp_at)
    return RenderedPdf(finished(canvas), drawn, words.notices, tuple(len(part.layout.pages) for part in laid_out))


def _canvas(description: Description, paper: tuple[float, float]) -> TaggedCanvas:
    options: dict[str, Any] = {
        "pagesize": paper,
        "lang": description.language,
        "invariant": 1,
        "initialFontName": "ReportSans",
        "pageCompression": 1,
        "pdfVersion": (1, 7),
    }
    canvas = TaggedCanvas(io.BytesIO(), **options)
    canvas.setTitle(description.title)
    canvas.setAuthor(description.author)
    canvas.setSubject(description.subject)
    canvas.setCreator(description.author)
    canvas.setProducer(description.author)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    set_stamp(canvas, description.stamp_at)
    return canvas


def _laid_out(pages: Pages, words: Lettering, paper: tuple[float, float]) -> _LaidOut:
    """The pieces of a part in the widest setting that takes no page more than another, and keeps page one whole."""
    running = RunningLines(pages.running, words, paper)
    if not any(section.part == "report" for section in pages.sections):
        return _LaidOut(running, _set(pages, words, paper, running, TIGHT))
    normal = _set(pages, words, paper, running, NORMAL)
    count = len(normal.pages)
    parted = normal.front > len(normal.pages[0])
    if normal.content * _TIGHT_SHARE <= count - 1 or parted:
        tight = _set(pages, words, paper, running, TIGHT)
        whole = parted and tight.front <= len(tight.pages[0])
        if len(tight.pages) < count or (whole and len(tight.pages) == count):
            return _LaidOut(running, tight)
    return _LaidOut(running, normal)


def _set(pages: Pages, words: Lettering, paper: tuple[float, float], running: RunningLines, setting: Setting) -> Layout:
    height = running.top - running.bottom
    setter = Typesetter(words, setting, paper[0] - 2 * MARGIN, height)
    pieces = setter.pieces(pages.sections, pages.boxes)
    return paginate(pieces, height, front=setter.front)


def _draw(ink: Ink, part: _LaidOut) -> None:
    count = len(part.layout.pages)
    for number, pieces in enumerate(part.layout.pages, start=1):
        part.running.draw(ink, number, count)
        top = part.running.top
        head = pieces[0].head if pieces else None
        if head is not None:
            head.draw(ink, MARGIN, top)
            top -= head.height
        draw_column(ink, pieces, MARGIN, top)
        ink.end_page()
