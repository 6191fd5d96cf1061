"""Where the parts of a signed report stand on its pages, and which words each should say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

import pypdfium2  # type: ignore[import-untyped] # it ships no types

from report_gen.document.blocks import HasText, SectionRole, Table
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.draft.model import Draft, statements
from report_gen.render.figures.drawing import measured_figure
from report_gen.render.figures.pen import RecorderPen
from report_gen.render.pdf.styles import MARGIN
from report_gen.render.report.standing import Standing
from trials.fax.words import printed, words

__all__ = ["PARTS", "Band", "Part", "Places", "parts"]

_PART_OF: Mapping[SectionRole, str] = {
    "result": "result box",
    "impression": "impression",
    "summary": "results table",
    "limitations": "limitations",
    "event": "alert chronologies",
    "attestation": "attestation",
}
"""The part of the signed report that a section is, by its role."""
PARTS = (*_PART_OF.values(), "figures", "header and footer")
EDGE = 46.0  # height in points of the running header; the footer is a little less


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of a page, from edge to edge."""

    page: int  # index of the page
    high: float  # upper edge in points from the page's foot
    low: float  # lower edge

    def holds(self, page: int, middle: float) -> bool:
        """Whether a word stands inside, by the page and the height of its middle in points from the page's foot."""
        return page == self.page and self.low <= middle <= self.high


@dataclass(slots=True)
class Part:
    """What should be read, and where."""

    expected: Counter[str] = field(default_factory=Counter)  # words printed
    bands: list[Band] = field(default_factory=list)  # where they stand

    def expect(self, texts: Iterable[str]) -> None:
        """Add the words of texts."""
        for text in texts:
            self.expected.update(words(printed(text)))


class Places:
    """Finds lines of a PDF in reading order."""

    def __init__(self, data: bytes) -> None:
        """Read the text and the boxes of all characters."""
        document = pypdfium2.PdfDocument(data)
        try:
            self.sizes = [page.get_size() for page in document]
            self._pages = [_squeezed(page) for page in document]
        finally:
            document.close()
        self._from = (0, 0)

    def line(self, text: str) -> Band:
        """The band of the next whole line, or lines, that say this."""
        sought = "".join(printed(text).split())
        page, start = self._from
        while page < len(self._pages):
            letters, boxes, starts = self._pages[page]
            at = letters.find(sought, start)
            while at >= 0 and not (at in starts and at + len(sought) in starts):
                at = letters.find(sought, at + 1)
            if at >= 0:
                self._from = (page, at + len(sought))
                rows = boxes[at : at + len(sought)]
                return Band(page, max(top for _, top in rows), min(bottom for bottom, _ in rows))
            page, start = page + 1, 0
        raise LookupError("a heading or caption of the draft is not on a line of its own in the PDF")

    def between(self, first: Band, after: Band | None) -> list[Band]:
        """The bands from the foot of a line to the head of another, running headers and footers left out."""
        last = after.page if after else len(self.sizes) - 1
        bands = []
        for page in range(first.page, last + 1):
            high = first.low if page == first.page else self.sizes[page][1] - EDGE
            low = after.high if after and page == last else EDGE
            bands.append(Band(page, high, low))
        return [band for band in bands if band.high > band.low]


def _squeezed(page: pypdfium2.PdfPage) -> tuple[str, list[tuple[float, float]], set[int]]:
    """The characters of a page without white space, their lower and upper edges, and where lines begin."""
    text = page.get_textpage()
    letters: list[str] = []
    boxes: list[tuple[float, float]] = []
    starts = {0}
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if letter in ("\r", "\n", "\r\n"):
            starts.add(len(letters))
        elif letter and not letter.isspace():
            _, bottom, _, top = text.get_charbox(index, loose=True)
            letters.append(letter[0])
            boxes.append((bottom, top))
    starts.add(len(letters))
    return "".join(letters), boxes, starts


def parts(draft: Draft, places: Places) -> dict[str, Part]:
    """What each part of the signed report should say, and where it stands."""
    found = {name: Part() for name in PARTS}
    report = draft.part("report")
    stated: dict[str, list[str]] = {}
    for where, text, _ in statements(report, shown=False):
        stated.setdefault(where, []).append(text)
    heads: list[Band] = []
    for section in report.sections:
        heads.append(places.line(section.title))
        for block in section.blocks:
            if isinstance(block, (TimelineFigure, TrendFigure)):
                _figure(found["figures"], block, places.line(block.title), places.sizes[0][0])
            elif isinstance(block, Table):
                stated.setdefault(section.id, []).extend(_over(block))
    for section, head, after in zip(report.sections, heads, [*heads[1:], None], strict=True):
        if part := found.get(_PART_OF.get(section.role, "")):
            part.bands += places.between(head, after)
            part.expect(stated.get(section.id, ()))
    for page, (_, height) in enumerate(places.sizes):
        found["header and footer"].bands += [Band(page, height, height - EDGE), Band(page, EDGE - 6, 0)]
        found["header and footer"].expect([*stated["running_header"], Standing.DRAFT.mark, Standing.DRAFT.foot])
    return found


def _over(table: Table[HasText]) -> Iterator[str]:
    """What stands over the rows of a table: the titles of its columns, and once what stands over several of them."""
    yield from (column.title for column in table.columns)
    yield from (group for group, _ in groupby(column.group for column in table.columns) if group)


def _figure(part: Part, figure: TimelineFigure | TrendFigure, caption: Band, page_width: float) -> None:
    pen, width = RecorderPen(), page_width - 2 * MARGIN
    height, draw = measured_figure(figure, width, printed)
    draw(pen)
    part.bands.append(Band(caption.page, caption.low, caption.low - height - 3))
    part.expect(label.text for label in pen.words)
