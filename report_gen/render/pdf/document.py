"""Pages: running header and footer, page total, bookmarks, metadata, and bytes that depend on the report alone."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate
from reportlab.platypus.doctemplate import LayoutError

from report_gen.document.pages import Pages, Running
from report_gen.errors import RenderError
from report_gen.render.figures.place import shortened
from report_gen.render.metrics import SCRIPTS, runs, text_width
from report_gen.render.metrics import stand_ins as stand_in_widths
from report_gen.render.pdf.archive import Description, EmbeddedFile, add_attachments, add_description
from report_gen.render.pdf.blocks import Typesetter
from report_gen.render.pdf.flowables import Heading
from report_gen.render.pdf.fonts import register_fonts
from report_gen.render.pdf.reportlab_private import OwnFaceText, line_before_endstream, page_count, set_stamp
from report_gen.render.pdf.scripts import StandIns
from report_gen.render.pdf.styles import CELL_SIZE, MARGIN, page
from report_gen.render.pdf.tagged import TaggedCanvas

__all__ = ["RenderedPdf", "set_pages"]

_TOP, _BOTTOM = 50.0, 40.0
_TOTAL = "page-total"

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


class _Canvas(TaggedCanvas):
    """A canvas whose page total is one form, filled when the number of pages is known."""

    def __init__(
        self,
        *arguments: Any,
        description: Description,
        attachments: tuple[EmbeddedFile, ...],
        stand_ins: StandIns,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self._description, self._attachments, self._stand_ins = description, attachments, stand_ins
        set_stamp(self, description.stamp_at)

    def beginText(self, x: float = 0, y: float = 0, direction: Literal["LTR", "RTL"] | None = None) -> OwnFaceText:
        """A text object that shows further scripts with the document's own letters."""
        text = OwnFaceText(self, x, y, direction=direction)
        text.own_face, text.show = SCRIPTS, self._stand_ins.show
        return text

    def save(self) -> None:
        """Fill in the page total, write structure and metadata, and finish the file."""
        total = str(page_count(self))
        self.beginForm(_TOTAL, 0, -2, 40, CELL_SIZE + 2)
        self.setFont(next(runs(total))[0], CELL_SIZE)
        self.drawString(0, 0, total)
        self.endForm()
        self._stand_ins.write(self)
        self.tags.write(self)
        add_description(self, self._description)
        add_attachments(self, self._attachments, self._description.stamp_at)
        with line_before_endstream():
            super().save()


class _PdfPages(BaseDocTemplate):
    """One column of flowables with a bookmark for each heading."""

    _headings = 0

    def afterFlowable(self, flowable: Flowable) -> None:
        """Set a bookmark at each heading."""
        if isinstance(flowable, Heading) and flowable.words:
            self._headings += 1
            key = f"heading-{self._headings}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.words, key, level=flowable.level, closed=False)


def set_pages(
    pages: Pages,
    *,
    page_size: Literal["letter", "a4"] = "letter",
    attachments: Sequence[EmbeddedFile] = (),
    fonts_folder: Path | None = None,
) -> RenderedPdf:
    """A document as PDF.

    Args:
        pages: The document.
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
        try:
            with stand_in_widths(stand_ins.advances):
                return _render(pages, page(page_size), tuple(attachments), stand_ins)
        except LayoutError as error:
            # ReportLab's message quotes the flowable's text, which may be a patient's.
            raise RenderError("render.layout", "a part of the report does not fit on a page") from error


def _render(
    pages: Pages, paper: tuple[float, float], attachments: tuple[EmbeddedFile, ...], stand_ins: StandIns
) -> RenderedPdf:
    width, height = paper
    setter = Typesetter(width - 2 * MARGIN, stand_ins)
    description = Description(
        title=setter.spoken(pages.title),
        subject=pages.subject,
        author="report_gen",
        language=pages.language,
        stamp_at=pages.stamp_at,
    )
    buffer = io.BytesIO()
    document = _PdfPages(
        buffer,
        pagesize=paper,
        title=description.title,
        author=description.author,
        subject=description.subject,
        creator=description.author,
        producer=description.author,
        lang=pages.language,
        displayDocTitle=True,
        invariant=1,
        initialFontName="ReportSans",
        pageCompression=1,
    )
    frame = Frame(
        MARGIN,
        _BOTTOM,
        width - 2 * MARGIN,
        height - _TOP - _BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    running_header = _RunningHeader(pages.running, setter, paper)
    document.addPageTemplates(PageTemplate(id="page", frames=[frame], onPage=running_header.draw))
    document.build(_story(pages, setter), canvasmaker=_maker(description, attachments, stand_ins))
    return RenderedPdf(buffer.getvalue(), document.page, setter.notices)


def _maker(
    description: Description, attachments: tuple[EmbeddedFile, ...], stand_ins: StandIns
) -> Callable[..., _Canvas]:
    def make(*arguments: Any, **options: Any) -> _Canvas:
        own: dict[str, Any] = {"description": description, "attachments": attachments, "stand_ins": stand_ins}
        return _Canvas(*arguments, **own, pdfVersion=(1, 7), **options)

    return make


def _story(pages: Pages, setter: Typesetter) -> list[Flowable]:
    story: list[Flowable] = []
    for section in pages.sections:
        story.extend(setter.section(section, pages.boxes.get(section.role)))
    return story


class _RunningHeader:
    """The running header and footer, drawn on every page."""

    def __init__(self, running: Running, setter: Typesetter, paper: tuple[float, float]) -> None:
        self._width, self._height = paper
        self._kind, self._mark, self._foot, self._content = running.kind, running.mark, running.foot, running.content
        self._identity = [(f"{label}:", setter.words(words)) for label, words in running.identity]
        self._reference = setter.words(running.reference)

    def draw(self, canvas: Any, document: BaseDocTemplate) -> None:
        """Draw header and footer of one page; they repeat what the report says and are artifacts."""
        with canvas.tags.artifact(canvas, "Pagination"):
            self._draw(canvas, document)

    def _draw(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        left, right = MARGIN, self._width - MARGIN
        y = self._height - 24
        _draw(canvas, right - text_width(self._mark, 10, bold=True), y, self._mark, 10, bold=True)
        _draw(canvas, left, y, self._kind, CELL_SIZE)
        self._identify(canvas, left, y - 12, right)
        canvas.setLineWidth(0.8)
        canvas.line(left, y - 17, right, y - 17)
        canvas.line(left, 36, right, 36)
        counted = f"Page {document.page} of "
        end = right - text_width("000", CELL_SIZE)
        room = end - text_width(counted, CELL_SIZE) - left - 12
        _draw(canvas, left, 26, shortened(self._reference, room, lambda words: text_width(words, CELL_SIZE)), CELL_SIZE)
        _draw(canvas, end - text_width(counted, CELL_SIZE), 26, counted, CELL_SIZE)
        canvas.saveState()
        canvas.translate(end, 26)
        canvas.doForm(_TOTAL)
        canvas.restoreState()
        _draw(canvas, left, 15, self._foot, CELL_SIZE, bold=True)
        _draw(canvas, right - text_width(self._content, CELL_SIZE), 15, self._content, CELL_SIZE)

    def _identify(self, canvas: Canvas, left: float, y: float, right: float) -> None:
        """Draw the identity, patient first; a long name is shortened so that MRN and dates always stand whole."""
        gap = 12.0
        fixed = sum(
            text_width(label, CELL_SIZE, bold=True) + 3 + text_width(words, CELL_SIZE) + gap
            for label, words in self._identity[1:]
        )
        x = left
        for index, (label, words) in enumerate(self._identity):
            label_width = text_width(label, CELL_SIZE, bold=True) + 3
            if index == 0:
                room = right - left - fixed - label_width - gap
                shown = shortened(words, room, lambda text: text_width(text, CELL_SIZE))
            else:
                shown = words
            _draw(canvas, x, y, label, CELL_SIZE, bold=True)
            _draw(canvas, x + label_width, y, shown, CELL_SIZE)
            x += label_width + text_width(shown, CELL_SIZE) + gap


def _draw(canvas: Canvas, x: float, y: float, words: str, size: float, *, bold: bool = False) -> None:
    for face, part in runs(words, bold=bold):
        canvas.setFont(face, size)
        canvas.drawString(x, y, part)
        x += text_width(part, size, bold=bold)
