"""The HTML preview: one file that shows, in the same order, what the PDF shows, and can be read on a phone.

It fetches nothing, runs nothing and links to nothing. The browser is told not to translate it, which would send the
text to a translation service, and not to turn numbers into telephone links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from report_gen.checks.model import CheckedReport
from report_gen.document.blocks import (
    Box,
    Cell,
    HasText,
    KeyValues,
    PageBlock,
    Paragraph,
    Row,
    Section,
    SignatureBlock,
    SignatureLine,
    Table,
)
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.draft.model import Draft
from report_gen.render.figures.svg import figure_svg
from report_gen.render.html_markup import NONE, Html, element, joined, text
from report_gen.render.report.html_style import STYLE
from report_gen.render.report.open_items import boxes
from report_gen.render.report.sections import sections
from report_gen.render.report.standing import KIND, Standing, standing

__all__ = ["render_html"]

_FIGURE_WIDTH = 536.0
"""Width of a drawing in points: the text width of a letter page, so that both renderings are drawn alike."""
_BLANK_LINE = re.compile(r"\n\s*\n")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def render_html(report: CheckedReport, *, content_id: str = "") -> bytes:
    """The report as one UTF-8 file of HTML, marked with its standing; the same report gives the same bytes.

    Args:
        report: Checked report; the only thing that can be rendered.
        content_id: Identifies ``report.json`` of the same report, as on the pages of the PDF. Empty: not printed.
    """
    draft = report.draft
    stands, framed = standing(report), boxes(report)
    main = element("main", *(_section(section, framed.get(section.role)) for section in sections(report)))
    page = element(
        "html",
        _head(draft, stands),
        element("body", _header(draft, stands), main, _footer(draft, stands, content_id)),
        # A translator would read another text than the one that is signed, and send it away.
        attributes={"lang": draft.language, "translate": "no"},
    )
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _head(draft: Draft, stands: Standing) -> Html:
    metas: tuple[Mapping[str, str], ...] = (
        {"charset": "utf-8"},
        {"http-equiv": "Content-Security-Policy", "content": _POLICY},
        {"name": "viewport", "content": "width=device-width, initial-scale=1"},
        {"name": "color-scheme", "content": "only light"},
        {"name": "format-detection", "content": "telephone=no, date=no, address=no, email=no"},
        {"name": "google", "content": "notranslate"},
        {"name": "referrer", "content": "no-referrer"},
        {"name": "robots", "content": "noindex"},
    )
    return element(
        "head",
        *(element("meta", attributes=attributes) for attributes in metas),
        element("title", text(f"{draft.title} ({stands.mark})")),
        # Ours, without any text of the case; escaping would break its quotation marks.
        element("style", Html(STYLE)),
    )


def _header(draft: Draft, stands: Standing) -> Html:
    """Whose report it is, and how far it is signed; it stays in view."""
    mark = element(
        "p",
        element("span", text(stands.mark), attributes=_of("mark")),
        text(" "),
        element("span", text(KIND), attributes=_of("kind")),
    )
    items = (
        element("li", element("b", text(f"{item.label}:")), text(" "), text(item.text)) for item in draft.running_header
    )
    return element("header", element("div", mark, element("ul", *items)))


def _footer(draft: Draft, stands: Standing, content_id: str) -> Html:
    content = f" · Content {content_id}" if content_id else ""
    return element(
        "footer",
        element("p", text(f"Report {draft.report_id}, version {draft.version}{content}")),
        element("p", text(stands.foot), attributes=_of("mark")),
    )


def _of(kind: str) -> dict[str, str]:
    """The attribute that names a class of the style sheet."""
    return {"class": kind}


def _section(section: Section[PageBlock], box: Box | None) -> Html:
    level = "h1" if section.role == "title" else f"h{section.level + 1}"
    framed = () if box is None else (_box(box),)
    return element("section", element(level, text(section.title)), *framed, *map(_block, section.blocks))


def _box(box: Box) -> Html:
    items = element("ul", *(element("li", text(item)) for item in box.items))
    return element("div", element("h3", text(box.title)), items, attributes=_of("box"))


def _block(block: PageBlock) -> Html:
    match block:
        case Paragraph():
            return _paragraph(block)
        case KeyValues():
            return _key_values(block)
        case Table():
            return _table(block)
        case SignatureBlock():
            return _signature(block)
        case TimelineFigure() | TrendFigure():
            return _figure(block)


def _lead(label: str) -> Html:
    """A paragraph's bold beginning; nothing without a label."""
    return joined((element("b", text(label)), text(" "))) if label else text("")


def _paragraph(block: Paragraph[HasText]) -> Html:
    sentences = [text(sentence.text) for sentence in block.sentences]
    if block.proposed:
        proposals = element("div", *(element("p", sentence) for sentence in sentences), attributes=_of("proposed"))
        return joined((element("p", element("b", text(f"{block.label}:"))), proposals))
    if block.listed:
        return element("ul", *(element("li", sentence) for sentence in sentences), attributes=_of("listed"))
    lead = _lead(f"{block.label}." if block.label else "")
    if block.verbatim:
        parts = _parted(block.sentences)
        return joined(element("p", lead if index == 0 else text(""), part) for index, part in enumerate(parts))
    return element("p", lead, joined(sentences, " "))


def _parted(sentences: Sequence[HasText]) -> Iterator[Html]:
    """A person's own words: line breaks kept, blank lines parting paragraphs."""
    for sentence in sentences:
        yield from (text(part.strip("\n")) for part in _BLANK_LINE.split(sentence.text) if part.strip())


def _key_values(block: KeyValues) -> Html:
    items = (_pair(text(f"{item.label}:"), text(item.text)) for item in block.items)
    return element("dl", *items, attributes=_of(f"values in-{block.columns}"))


def _pair(label: Html, value: Html) -> Html:
    return element("div", element("dt", label), text(" "), element("dd", value))


def _signature(block: SignatureBlock) -> Html:
    lines = (_pair(text(line.label), _blank(line)) for line in block.lines)
    return element(
        "div",
        element("h3", text(block.title)),
        element("p", text(block.statement)),
        element("dl", *lines),
        attributes=_of("signature"),
    )


def _blank(line: SignatureLine) -> Html:
    """The value from the record, or a blank line with a text for screen readers."""
    return text(line.prefilled) if line.prefilled else element("span", text("blank"), attributes=_of("unseen"))


def _figure(figure: TimelineFigure | TrendFigure) -> Html:
    drawing = element(
        "div",
        figure_svg(figure, _FIGURE_WIDTH),
        # Reached by keyboard where it is wider than the screen.
        attributes={"class": "drawing", "tabindex": "0", "role": "region", "aria-label": f"Drawing: {figure.title}"},
    )
    return element("figure", element("figcaption", text(figure.title)), drawing)


# --- tables ----------------------------------------------------------------------------------------------------------

# The roles say again what the elements are: a browser that lays a row out as a block forgets it otherwise.


def _table(block: Table[HasText]) -> Html:
    head = element(
        "tr",
        *(
            _heading_cell(column.title, column.align, {"scope": "col", "role": "columnheader"})
            for column in block.columns
        ),
        attributes={"role": "row"},
    )
    # A first cell left empty says that the one above it holds on.
    nested = any(not row.cells[0].text for row in block.rows)
    table = element(
        "table",
        element("caption", text(block.caption)),
        element("thead", head, attributes={"role": "rowgroup"}),
        *(_group(block, group, nested) for group in _groups(block.rows, nested)),
        attributes={"role": "table"},
    )
    notes = (element("p", text(note.text), attributes=_of("note")) for note in block.note)
    return joined((table, *notes))


def _heading_cell(title: str, align: str, attributes: Mapping[str, str]) -> Html:
    return element("th", text(title), attributes={**_aligned(align), **attributes})


def _aligned(align: str, *, strong: bool = False, sub: bool = False) -> Mapping[str, str]:
    kinds = [kind for kind, applies in ((align, align != "left"), ("strong", strong), ("sub", sub)) if applies]
    return _of(" ".join(kinds)) if kinds else NONE


def _groups(rows: Sequence[Row], nested: bool) -> list[tuple[Row, ...]]:
    """Rows that one heading covers: those up to the next heading, or those that leave their first cell to it."""
    starts = [index for index, row in enumerate(rows) if index == 0 or row.heading or (nested and row.cells[0].text)]
    return [tuple(rows[start:end]) for start, end in pairwise((*starts, len(rows)))]


def _group(block: Table[HasText], rows: tuple[Row, ...], nested: bool) -> Html:
    body: list[Html] = []
    for index, row in enumerate(rows):
        if row.heading:
            cells: tuple[Html, ...] = (
                _row_heading(row.cells[0], {"scope": "rowgroup", "colspan": str(len(block.columns))}),
            )
        elif nested:
            cells = _nested_cells(block, row, len(rows) if index == 0 else 0)
        else:
            cells = (_row_heading(row.cells[0], {"scope": "row"}), *_cells(block, row, 1))
        body.append(element("tr", *cells, attributes={"role": "row"}))
    return element("tbody", *body, attributes={"role": "rowgroup"})


def _row_heading(cell: Cell, attributes: Mapping[str, str], *, sub: bool = False) -> Html:
    kinds = _aligned("left", strong=cell.strong, sub=sub)
    return element("th", text(cell.text), attributes={**kinds, "role": "rowheader", **attributes})


def _nested_cells(block: Table[HasText], row: Row, covered: int) -> tuple[Html, ...]:
    """Cells of a row whose first two cells head it; the first stands once for all rows that it covers."""
    first = (_row_heading(row.cells[0], {"scope": "rowgroup", "rowspan": str(covered)}),) if covered else ()
    return (*first, _row_heading(row.cells[1], {"scope": "row"}, sub=True), *_cells(block, row, 2))


def _cells(block: Table[HasText], row: Row, start: int) -> Iterator[Html]:
    for cell, column in zip(row.cells[start:], block.columns[start:], strict=True):
        kinds = _aligned(column.align, strong=cell.strong)
        yield element("td", text(cell.text), attributes={**kinds, "role": "cell", "data-label": column.title})
