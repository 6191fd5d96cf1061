"""A document as PDF: its parts laid out and drawn, page labels, metadata, and bytes that depend on it alone."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from report_gen.document.pages import Pages
from report_gen.errors import RenderError
from report_gen.render.metrics import stand_ins as stand_in_widths
from report_gen.render.pdf.archive import Description, EmbeddedFile, add_attachments, add_description
from report_gen.render.pdf.fonts import register_fonts
from report_gen.render.pdf.ink import Ink
from report_gen.render.pdf.layout.blocks import BEGUN, Typesetter
from report_gen.render.pdf.layout.paginate import Front, Layout, PieceTooHigh, paginate
from report_gen.render.pdf.layout.pieces import TOGETHER, PagePiece, draw_column, roomier
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
    setter = _Setter(pages, words, paper[0] - 2 * MARGIN, running.top - running.bottom)
    if not any(section.part == "report" for section in pages.sections):
        return _LaidOut(running, setter.on_pages(setter.set(TIGHT)))
    return _LaidOut(running, _roomier(_best(setter), setter.height))


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A part set in one setting."""

    pieces: Sequence[PagePiece]
    front: Front
    results: int
    """Where the results begin."""
    limits: int
    """Where the limitations begin, the last of what belongs on page one."""

    def before(self, other: _Pieces) -> _Pieces:
        """What belongs on page one from here, what follows from the other."""
        pieces = [*self.pieces[: self.front.pieces], *other.pieces[other.front.pieces :]]
        return replace(self, pieces=pieces)

    def with_limits(self, limits: Sequence[PagePiece], *, at: int) -> _Pieces:
        """With the limitations set otherwise, and where the results or where they themselves began."""
        pieces = [*self.pieces[:at], *limits, *self.pieces[at : self.limits], *self.pieces[self.front.pieces :]]
        return replace(self, pieces=pieces, front=Front(at + len(limits), at + min(BEGUN, len(limits))))


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets a part."""

    part: Pages
    words: Lettering
    width: float
    height: float

    def set(self, setting: Setting) -> _Pieces:
        """All pieces in one setting."""
        typesetter = Typesetter(self.words, setting, self.width, self.height)
        pieces = typesetter.pieces(self.part.sections, self.part.boxes)
        limits = typesetter.begins.get("limitations", 0)
        return _Pieces(pieces, typesetter.front, min(typesetter.begins.get("summary", limits), limits), limits)

    def run_in(self, setting: Setting) -> list[PagePiece]:
        """The limitations as one paragraph. Empty: there are none."""
        limits = [section for section in self.part.sections if section.role == "limitations"]
        typesetter = Typesetter(self.words, setting, self.width, self.height)
        return typesetter.run_in(limits[0]) if limits else []

    def on_pages(self, made: _Pieces) -> Layout:
        """Parted into pages."""
        return paginate(made.pieces, self.height, front=made.front)


def _best(setter: _Setter) -> Layout:
    """Few pages first, then page one whole, then wide; what follows page one may be set wider or tighter than it."""
    wide = setter.set(NORMAL)
    best = setter.on_pages(wide)
    if best.content * _TIGHT_SHARE > len(best.pages) - 1 and best.whole:
        return best
    tight = setter.set(TIGHT)
    tight_pages = setter.on_pages(tight)
    best = min(best, *map(setter.on_pages, (wide.before(tight), tight.before(wide))), tight_pages, key=_cost)
    if best.whole and tight_pages.content > len(best.pages) - 1:
        return best
    limits = setter.run_in(TIGHT)
    if not limits:
        return best
    shorter = tight.with_limits(limits, at=tight.limits)
    best = min(best, *map(setter.on_pages, (shorter.before(wide), shorter)), key=_cost)
    if not best.begun:
        # Results that go on overleaf anyway: what changes their reading then stands before them.
        best = min(best, setter.on_pages(tight.with_limits(limits, at=tight.results)), key=_cost)
    return best


def _roomier(layout: Layout, height: float) -> Layout:
    """What may take more room does where that takes no page more."""
    pieces = [piece for page in layout.pages for piece in page]
    if not any(piece.roomier for piece in pieces):
        return layout
    other = paginate(roomier(pieces), height, front=layout.front)
    parted = any(page[-1].bond >= TOGETHER for page in other.pages[:-1])
    return other if _cost(other) <= _cost(layout) and not parted else layout


def _cost(layout: Layout) -> tuple[int, bool, bool]:
    return len(layout.pages), not layout.begun, not layout.whole


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
