"""The Word template that a practice keeps: page, styles, and a header and footer with placeholders."""

from __future__ import annotations

import io
from functools import cache
from importlib import import_module
from typing import Any

from bench.peers.blocks import CELL_PT, FAMILY, MARGIN_PT, TEXT_PT

__all__ = ["docx", "element", "template"]

_HEADING_PT = {1: 14.0, 2: 10.5, 3: 9.5}


def docx(name: str = "") -> Any:
    """A module of python-docx, which may not be installed.

    Raises:
        ImportError: It is not.
    """
    return import_module(f"docx.{name}" if name else "docx")


def element(name: str, attributes: str = "", inner: str = "") -> Any:
    """An element of WordprocessingML, from the text of its attributes and of what it holds; the prefix `w` is known."""
    space = docx("oxml.ns").nsdecls("w")
    return docx("oxml").parse_xml(f"<w:{name} {space} {attributes}>{inner}</w:{name}>")


@cache
def template(page_pt: tuple[float, float]) -> bytes:
    """The template as a practice would keep it, made once."""
    pt = docx("shared").Pt
    document = docx().Document()
    section = document.sections[0]
    section.page_width, section.page_height = pt(page_pt[0]), pt(page_pt[1])
    section.left_margin = section.right_margin = pt(MARGIN_PT)
    section.top_margin, section.bottom_margin = pt(50), pt(44)
    section.header_distance, section.footer_distance = pt(15), pt(12)
    _styles(document)
    width = page_pt[0] - 2 * MARGIN_PT
    _template_line(section.header.paragraphs[0], width, ("{{kind}}", ""), ("{{mark}}", "b"), size=10.0)
    _template_line(section.header.add_paragraph(), width, ("{{identity}}", ""), ("", ""), rule="bottom")
    _template_line(section.footer.paragraphs[0], width, ("{{reference}}", ""), ("{{page}}", ""), rule="top")
    _template_line(section.footer.add_paragraph(), width, ("{{foot}}", "b"), ("{{content}}", ""))
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _styles(document: Any) -> None:
    pt = docx("shared").Pt
    styles = document.styles
    normal = styles["Normal"]
    _face(normal, TEXT_PT)
    normal.paragraph_format.space_after = pt(2.5)
    normal.paragraph_format.line_spacing = pt(TEXT_PT * 1.22)
    for level, size in _HEADING_PT.items():
        heading = styles[f"Heading {level}"]
        _face(heading, size)
        heading.font.bold = True
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = pt(4), pt(1.5)
        heading.paragraph_format.line_spacing = pt(size * 1.15)
        heading.paragraph_format.keep_with_next = True
    for name in ("Item", "Barred", "Cell", "Note", "Gap"):
        style = styles.add_style(name, docx("enum.style").WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.paragraph_format.space_after = pt(1.5)
    styles["Item"].paragraph_format.left_indent = pt(11)
    styles["Item"].paragraph_format.first_line_indent = pt(-11)
    styles["Barred"].paragraph_format.left_indent = pt(11)
    _rule(styles["Barred"].element.get_or_add_pPr(), "left", 11, 6)
    for name, after in (("Cell", 0), ("Note", 3)):
        styles[name].font.size = pt(CELL_PT)
        styles[name].paragraph_format.line_spacing = pt(CELL_PT * 1.16)
        styles[name].paragraph_format.space_after = pt(after)
    # Word joins two tables that nothing parts.
    styles["Gap"].font.size = pt(2)
    styles["Gap"].paragraph_format.line_spacing, styles["Gap"].paragraph_format.space_after = pt(4), pt(0)


def _face(style: Any, size: float) -> None:
    qn, shared = docx("oxml.ns").qn, docx("shared")
    style.font.name, style.font.size = FAMILY, shared.Pt(size)
    style.font.color.rgb = shared.RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # Word's own heading styles name theme fonts, which win over a name.
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FAMILY)


def _template_line(
    paragraph: Any,
    width: float,
    left: tuple[str, str],
    right: tuple[str, str],
    *,
    rule: str = "",
    size: float = CELL_PT,
) -> None:
    """A line of header or footer: a placeholder at the left, one at the right edge."""
    pt = docx("shared").Pt
    paragraph.style = "Cell"
    if size != CELL_PT:
        paragraph.paragraph_format.line_spacing = pt(size * 1.2)
    paragraph.paragraph_format.tab_stops.add_tab_stop(pt(width), docx("enum.text").WD_TAB_ALIGNMENT.RIGHT)
    for number, (text, face) in enumerate((left, right)):
        if number:
            paragraph.add_run("\t")
        run = paragraph.add_run(text)
        run.bold = face == "b"
        if number and size != CELL_PT:
            run.font.size = pt(size)
    if rule:
        _rule(paragraph._p.get_or_add_pPr(), rule, 6, 3)


def _rule(properties: Any, side: str, eighths: int, space: int) -> None:
    """A line at one side of a paragraph, in eighths of a point, and its distance in points."""
    border = f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="000000"/>'
    after = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    properties.insert_element_before(element("pBdr", inner=border), *after)
