"""fpdf2: pages drawn from Python, tables by its table layout."""

from __future__ import annotations

import importlib.metadata
from importlib import import_module
from typing import Any

from bench.peers.blocks import (
    BOLD,
    CELL_PT,
    MARGIN_PT,
    REGULAR,
    TEXT_PT,
    Block,
    Cell,
    Content,
    Heading,
    Paragraph,
    Table,
)
from report_gen.document.pages import Running

__all__ = ["make", "missing", "version"]

_HEADING_PT = {1: 14.0, 2: 10.5, 3: 9.5}
_LINE = 1.22
_CELL_LINE = CELL_PT * 1.16
_PADDING = {
    "data": (1.0, 3.0, 1.5, 3.0),
    "values": (0.6, 8.0, 0.6, 0.0),
    "times": (1.0, 3.0, 1.5, 3.0),
    "box": (2.0, 4.0, 2.5, 4.0),
    "form": (4.0, 4.0, 2.0, 4.0),
}
"""Room inside a cell in points: top, right, bottom, left."""
_RULES = {"data": "HORIZONTAL_LINES", "values": "NONE", "times": "HORIZONTAL_LINES", "box": "ALL", "form": "NONE"}
_LABELED = ("values", "times", "box")
"""Tables whose cells may have a bold lead-in, or be bold as a whole by fpdf2's own markup."""
_MARKS = ("**", "__", "--", "~~")


def missing() -> str:
    """Why it cannot be run here; empty when it can."""
    try:
        import_module("fpdf")
    except ImportError:
        return "fpdf2 is not installed (extra bench-peers)"
    return ""


def version() -> str:
    """The version in use."""
    return importlib.metadata.version("fpdf2")


def make(content: Content) -> bytes:
    """The content as PDF."""
    pdf = _document(content)
    for number, block in enumerate(content.blocks):
        _block(pdf, block, content.blocks[number + 1] if number + 1 < len(content.blocks) else None)
    return bytes(pdf.output())


def _document(content: Content) -> Any:
    pdf = import_module("fpdf").FPDF(unit="pt", format=content.page_pt)
    # What a subclass would override; its base would be of no known type here.
    pdf.header = lambda: _header(pdf, content.running)
    pdf.footer = lambda: _footer(pdf, content.running)
    pdf.set_margins(MARGIN_PT, 50, MARGIN_PT)
    pdf.c_margin = 0
    pdf.set_auto_page_break(True, 44)
    pdf.add_font("R", "", REGULAR)
    pdf.add_font("R", "B", BOLD)
    pdf.set_title(content.title)
    pdf.set_lang(content.language)
    pdf.add_page()
    return pdf


def _header(pdf: Any, running: Running) -> None:
    pdf.set_y(15)
    pdf.set_font("R", size=CELL_PT)
    pdf.cell(text=running.kind, h=12)
    pdf.set_x(pdf.l_margin)
    pdf.set_font("R", "B", 10)
    pdf.cell(0, 12, running.mark, align="R", new_x="LMARGIN", new_y="NEXT")
    for label, text in running.identity:
        pdf.set_font("R", "B", CELL_PT)
        pdf.cell(pdf.get_string_width(label) + 3, 12, label)
        pdf.set_font("R", "", CELL_PT)
        pdf.cell(pdf.get_string_width(text) + 12, 12, text)
    pdf.set_line_width(0.8)
    pdf.line(pdf.l_margin, 41, pdf.w - pdf.r_margin, 41)
    pdf.set_y(50)


def _footer(pdf: Any, running: Running) -> None:
    left, right = pdf.l_margin, pdf.w - pdf.r_margin
    pdf.set_line_width(0.8)
    pdf.line(left, pdf.h - 36, right, pdf.h - 36)
    pdf.set_y(-34)
    pdf.set_font("R", size=CELL_PT)
    pdf.cell(text=running.reference, h=11)
    pdf.set_x(left)
    counted = running.counted.format(page=pdf.page_no(), pages="{nb}")
    pdf.cell(0, 11, counted, align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("R", "B", CELL_PT)
    pdf.cell(text=running.foot, h=11)
    pdf.set_font("R", size=CELL_PT)
    pdf.cell(text=f"   {running.drafted}", h=11)
    pdf.set_x(left)
    pdf.set_font("R", size=CELL_PT)
    pdf.cell(0, 11, running.content, align="R")


def _block(pdf: Any, block: Block, following: Block | None) -> None:
    match block:
        case Heading():
            _heading(pdf, block, following)
        case Paragraph():
            _paragraph(pdf, block)
        case Table():
            _table(pdf, block)


def _heading(pdf: Any, block: Heading, following: Block | None) -> None:
    size = _HEADING_PT[block.level]
    # A heading keeps a few lines of what it heads; a frame under it is not parted.
    room = 64.0 + (_room(following) if isinstance(following, Table) and following.kind == "form" else 0.0)
    if pdf.will_page_break(room):
        pdf.add_page()
    pdf.ln(4)
    pdf.start_section(block.text, level=block.level - 1)
    pdf.set_font("R", "B", size)
    pdf.multi_cell(0, size * 1.15, block.text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1.5)


def _paragraph(pdf: Any, block: Paragraph) -> None:
    pdf.set_font("R", size=TEXT_PT)
    indent = 11.0 if block.kind == "barred" else 0.0
    page, top = pdf.page, pdf.y
    left = pdf.l_margin
    pdf.set_left_margin(left + indent)
    pdf.set_x(left + indent)
    pdf.multi_cell(0, TEXT_PT * _LINE, _marked(block.label, block.text), **_set(block.label))
    pdf.set_left_margin(left)
    if block.kind == "barred":
        pdf.set_line_width(1.4)
        pdf.line(left + 2, top if pdf.page == page else pdf.t_margin, left + 2, pdf.y)
    pdf.ln(2.5 if block.kind == "body" else 1.5)


def _set(label: str) -> dict[str, Any]:
    return {"align": "L", "new_x": "LMARGIN", "new_y": "NEXT", "markdown": bool(label)}


def _marked(label: str, text: str) -> str:
    """A bold label before a text, as fpdf2's own markup; without a label the text stands for itself."""
    return f"**{_plain(label)}** {_plain(text)}" if label else text


def _plain(text: str) -> str:
    for mark in _MARKS:
        text = text.replace(mark, f"\\{mark}")
    return text


def _room(block: Table) -> float:
    return len(block.rows) * (_CELL_LINE + 8) + 8


def _table(pdf: Any, block: Table) -> None:
    if block.kind == "form" and pdf.will_page_break(_room(block)):
        pdf.add_page()
    pdf.set_font("R", size=CELL_PT)
    pdf.set_line_width(0.4)
    pdf.ln(3)
    data, top = block.kind == "data", pdf.y
    options = {
        "col_widths": block.shares,
        "line_height": _CELL_LINE,
        "text_align": [column.align.upper() for column in block.columns],
        "padding": _PADDING[block.kind],
        "borders_layout": _RULES[block.kind],
        "first_row_as_headings": data,
        "num_heading_rows": 2 + bool(block.groups) if data else 1,
        "headings_style": _face(True),
        "markdown": block.kind in _LABELED,
        "v_align": "BOTTOM" if block.kind == "form" else "TOP",
    }
    with pdf.table(**options) as table:
        if data:
            table.row().cell(block.caption, colspan=len(block.columns))
            if block.groups:
                over = table.row()
                for group, span in block.groups:
                    over.cell(group, colspan=span, align="C")
            heads = table.row()
            for column in block.columns:
                heads.cell(column.title)
        for row in block.rows:
            _row(table.row(), block, row.cells)
    if block.kind == "form":
        pdf.rect(pdf.l_margin, top, pdf.epw, pdf.y - top + 2)
        pdf.ln(4)
    for text in block.note:
        pdf.multi_cell(0, _CELL_LINE, text, **_set(""))
    pdf.ln(3.5)


def _row(row: Any, block: Table, cells: tuple[Cell, ...]) -> None:
    spanned = len(cells) == 1
    for index, cell in enumerate(cells):
        row.cell(
            _worded(block, cell),
            style=_face(cell.strong),
            colspan=len(block.columns) if spanned else 1,
            align="L" if spanned else None,
            **({"border": "BOTTOM"} if block.kind == "form" and index == 1 else {}),
        )


def _worded(block: Table, cell: Cell) -> str:
    if block.kind in _LABELED:
        return _marked(cell.label, cell.text) if cell.label else _plain(cell.text)
    return f"[  ] {cell.text}" if cell.tick else cell.text


def _face(strong: bool) -> Any:
    return import_module("fpdf.fonts").FontFace(emphasis="B" if strong else None)
