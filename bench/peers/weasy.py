"""WeasyPrint: plain semantic HTML with a print style sheet."""

from __future__ import annotations

import importlib.metadata
import json
from functools import cache
from html import escape
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

__all__ = ["make", "missing", "page", "version"]

_STYLE = f"""
@font-face {{ font-family: R; src: url({REGULAR.as_uri()}); font-weight: normal }}
@font-face {{ font-family: R; src: url({BOLD.as_uri()}); font-weight: bold }}
@page {{ size: WIDTHpt HEIGHTpt; margin: 50pt {MARGIN_PT}pt 44pt;
  @top-left {{ content: element(head); width: 100%; vertical-align: bottom; padding-bottom: 4pt }}
  @bottom-left {{ content: element(foot); width: 100%; vertical-align: top; padding-top: 4pt }} }}
body {{ font: {TEXT_PT}pt/1.22 R; margin: 0 }}
#head {{ position: running(head); font-size: {CELL_PT}pt; border-bottom: .8pt solid; padding-bottom: 3pt }}
#foot {{ position: running(foot); font-size: {CELL_PT}pt; border-top: .8pt solid; padding-top: 2pt }}
.right {{ float: right }}
#head .right {{ font-size: 10pt; font-weight: bold }}
#head i {{ font-style: normal; margin-right: 12pt }}
#page::after {{ content: COUNTED }}
h1, h2, h3 {{ break-after: avoid; margin: 4pt 0 1.5pt; line-height: 1.15 }}
h1 {{ font-size: 14pt; margin-bottom: 4pt }} h2 {{ font-size: 10.5pt }} h3 {{ font-size: 9.5pt }}
p {{ margin: 0 0 2.5pt; orphans: 2; widows: 2; white-space: pre-line }}
p.item {{ padding-left: 11pt; text-indent: -11pt; margin-bottom: 1.5pt }}
p.barred {{ border-left: 1.4pt solid; padding: 0 0 1.5pt 9pt; margin: 0 0 0 1pt }}
table {{ width: 100%; border-collapse: collapse; table-layout: fixed; font-size: {CELL_PT}pt; line-height: 1.16;
  margin: 3pt 0 4pt }}
td, th {{ text-align: left; vertical-align: top; padding: 1pt 3pt 1.5pt; font-weight: normal;
  overflow-wrap: break-word }}
td:first-child, th:first-child {{ padding-left: 0 }}
b, th.strong, td.strong, thead th {{ font-weight: bold }}
.data thead tr:last-child th, .data thead tr:first-child th {{ border-bottom: .8pt solid }}
.data tbody tr > * {{ border-bottom: .4pt solid }} .data tbody {{ border-bottom: .9pt solid }}
.times tr > * {{ border-bottom: .4pt solid }}
i.tick {{ display: inline-block; width: 6pt; height: 6pt; border: .8pt solid; margin-right: 4pt }}
.values td {{ padding: .6pt 8pt .6pt 0 }}
.box, .form {{ border: 1.2pt solid; break-inside: avoid }}
.box td, .form td {{ padding: 2pt 4pt 2.5pt !important; border-bottom: .4pt solid }}
.form td {{ vertical-align: bottom; padding-top: 6pt !important; border-bottom: none }}
.form td + td {{ border-bottom: .8pt solid }}
tr {{ break-inside: avoid }}
p.note {{ font-size: {CELL_PT}pt }}
"""


def missing() -> str:
    """Why it cannot be run here; empty when it can."""
    try:
        _library()
    except ImportError:
        return "WeasyPrint is not installed (extra bench-peers)"
    except OSError:
        return "WeasyPrint does not find pango"
    return ""


def version() -> str:
    """The version in use."""
    return importlib.metadata.version("weasyprint")


def make(content: Content) -> bytes:
    """The content as tagged PDF."""
    made: Any = (
        _library()
        .HTML(string=page(content))
        .write_pdf(stylesheets=[_style(content.page_pt, content.running.counted)], font_config=_fonts(), pdf_tags=True)
    )
    return bytes(made)


def _library() -> Any:
    return import_module("weasyprint")


@cache
def _fonts() -> Any:
    return import_module("weasyprint.text.fonts").FontConfiguration()


@cache
def _style(page_pt: tuple[float, float], counted: str) -> Any:
    """The style sheet, read once in a process for each way of counting pages, as a service would."""
    sheet = _STYLE.replace("WIDTH", str(page_pt[0])).replace("HEIGHT", str(page_pt[1]))
    count = json.dumps(counted, ensure_ascii=False)
    for name, counter in (("{page}", "page"), ("{pages}", "pages")):
        count = count.replace(name, f'" counter({counter}) "')
    sheet = sheet.replace("COUNTED", count)
    return _library().CSS(string=sheet, font_config=_fonts())


def page(content: Content) -> str:
    """The content as HTML."""
    running = content.running
    identity = "".join(f"<i><b>{escape(label)}</b> {escape(text)}</i>" for label, text in running.identity)
    body = "".join(map(_block, content.blocks))
    return (
        f'<!DOCTYPE html><html lang="{escape(content.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(content.title)}</title></head><body>"
        f'<div id="head"><span class="right">{escape(running.mark)}</span>{escape(running.kind)}<br>{identity}</div>'
        f'<div id="foot"><span id="page" class="right"></span>{escape(running.reference)}<br>'
        f'<span class="right">{escape(running.content)}</span><b>{escape(running.foot)}</b> {escape(running.drafted)}'
        "</div>"
        f"{body}</body></html>"
    )


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
        case Paragraph():
            return f'<p class="{block.kind}">{_labeled(block.label, block.text)}</p>'
        case Table():
            return _table(block)


def _labeled(label: str, text: str) -> str:
    return f"<b>{escape(label)}</b> {escape(text)}" if label else escape(text)


def _table(block: Table) -> str:
    columns = "".join(f'<col style="width:{share:.3%}">' for share in block.shares)
    head = ""
    if block.kind == "data":
        span = len(block.columns)
        titles = "".join(f'<th style="text-align:{one.align}">{escape(one.title)}</th>' for one in block.columns)
        over = "".join(
            f'<th colspan="{count}" style="text-align:center">{escape(group)}</th>' for group, count in block.groups
        )
        over = f"<tr>{over}</tr>" if over else ""
        head = f'<thead><tr><th colspan="{span}">{escape(block.caption)}</th></tr>{over}<tr>{titles}</tr></thead>'
    rows = "".join(f"<tr>{_cells(block, row.cells)}</tr>" for row in block.rows)
    notes = "".join(f'<p class="note">{escape(text)}</p>' for text in block.note)
    return f'<table class="{block.kind}"><colgroup>{columns}</colgroup>{head}<tbody>{rows}</tbody></table>{notes}'


def _cells(block: Table, cells: tuple[Cell, ...]) -> str:
    span = f' colspan="{len(block.columns)}"' if len(cells) == 1 else ""
    return "".join(
        f'<td class="{"strong" if cell.strong else ""}" style="text-align:{column.align}"{span}>'
        f"{'<i class=tick></i>' if cell.tick else ''}{_labeled(cell.label, cell.text)}</td>"
        for cell, column in zip(cells, block.columns, strict=False)
    )
