"""typst: one source file, fed with the content as JSON."""

from __future__ import annotations

import importlib.metadata
import json
from dataclasses import asdict
from functools import cache
from importlib import import_module
from typing import Any

from bench.peers.blocks import CELL_PT, FAMILY, FONTS, MARGIN_PT, TEXT_PT, Content, Table

__all__ = ["make", "missing", "version"]

_SOURCE = (
    """
#let data = json(bytes(sys.inputs.data))
#let run = data.running
#let cell-size = CELLpt
#set document(title: data.title)
#set text(font: "FAMILY", size: TEXTpt, lang: "en", region: "us", hyphenate: false,
  top-edge: 0.9em, bottom-edge: -0.25em)
#set par(leading: 0.07em, spacing: 0.37em, justify: false)
#set page(
  width: data.page_pt.at(0) * 1pt, height: data.page_pt.at(1) * 1pt,
  margin: (x: MARGINpt, top: 50pt, bottom: 44pt), header-ascent: 6pt, footer-descent: 4pt,
  header: {
    set text(size: cell-size)
    grid(columns: (1fr, auto), row-gutter: 1pt, align: (bottom, bottom + right),
      run.kind, text(size: 10pt, weight: "bold", run.mark),
      grid.cell(colspan: 2, run.identity.map(((label, value)) => [*#label* #value]).join(h(12pt))))
    v(2pt, weak: true)
    line(length: 100%, stroke: 0.8pt)
  },
  footer: context {
    set text(size: cell-size)
    line(length: 100%, stroke: 0.8pt)
    v(2pt, weak: true)
    grid(columns: (1fr, auto), row-gutter: 1pt, align: (left, right),
      run.reference, run.counted.replace("{page}", counter(page).display())
        .replace("{pages}", str(counter(page).final().first())),
      [#strong(run.foot) #h(8pt) #run.drafted], run.content)
  },
)
#show heading: set block(above: 7pt, below: 3.5pt)
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set text(size: 10.5pt)
#show heading.where(level: 3): set text(size: 9.5pt)
#let lines(words) = words.split("\\n").join(linebreak())
#let labeled(label, words) = if label == "" { lines(words) } else [*#label* #lines(words)]
#let tick = box(width: 6pt, height: 6pt, stroke: 0.8pt, baseline: 0.5pt)
#let place(it, columns) = {
  let spanned = it.cells.len() == 1
  it.cells.enumerate().map(((index, cell)) => table.cell(
    colspan: if spanned { columns.len() } else { 1 },
    align: { if spanned { left } else { (left: left, right: right, center: center).at(columns.at(index).align) } },
    if cell.tick [#tick #cell.text] else if cell.strong { strong(cell.text) } else { labeled(cell.label, cell.text) }))
}
#let grid-of(it) = {
  set par(leading: 0.04em)
  set text(size: cell-size)
  let columns = it.columns.map(column => column.weight * 1fr)
  let rows = it.rows.map(row => place(row, it.columns)).flatten()
  let inset(x) = (left: if x == 0 { 0pt } else { 3pt }, right: 3pt, y: 1pt)
  if it.kind == "data" {
    let heads = if it.groups.len() > 0 { 3 } else { 2 }
    table(columns: columns, inset: (x, y) => inset(x),
      stroke: (x, y) => (bottom: if y < heads { 0.8pt } else { 0.4pt }),
      table.header(table.cell(colspan: columns.len(), strong(it.caption)),
        ..it.groups.map(((group, span)) => table.cell(colspan: span, align: center, strong(group))),
        ..it.columns.map(column => strong(column.title))),
      ..rows, table.hline(stroke: 0.9pt))
  } else if it.kind == "times" {
    show table.cell: set block(breakable: false)
    table(columns: columns, inset: (x, y) => inset(x), stroke: (bottom: 0.4pt), ..rows)
  } else if it.kind == "values" {
    table(columns: columns, inset: (left: 0pt, right: 8pt, y: 0.4pt), stroke: none, ..rows)
  } else if it.kind == "box" {
    block(stroke: 1.2pt, breakable: false, width: 100%,
      table(columns: columns, inset: (x: 4pt, y: 2pt), stroke: (bottom: 0.4pt), ..rows))
  } else {
    block(stroke: 0.8pt, breakable: false, width: 100%, inset: (bottom: 3pt),
      table(columns: columns, inset: (x: 4pt, top: 6pt, bottom: 2pt),
        stroke: (x, y) => (bottom: if x == 1 and y >= it.unfilled { 0.8pt } else { 0pt }), align: bottom, ..rows))
  }
  for words in it.note { block(lines(words)) }
}
#for it in data.blocks {
  if "level" in it { heading(level: it.level, it.text) }
  else if "sentences" in it {
    let words = labeled(it.label, it.sentences.join(" ", default: ""))
    if it.kind == "item" { par(hanging-indent: 11pt, words) }
    else if it.kind == "barred" { block(stroke: (left: 1.4pt), inset: (left: 9pt, y: 0.8pt), spacing: 0pt, words) }
    else { par(words) }
  } else { grid-of(it) }
}
""".replace("CELL", str(CELL_PT))
    .replace("TEXT", str(TEXT_PT))
    .replace("MARGIN", str(MARGIN_PT))
    .replace("FAMILY", FAMILY)
)


def missing() -> str:
    """Why it cannot be run here; empty when it can."""
    try:
        import_module("typst")
    except ImportError:
        return "typst is not installed (extra bench-peers)"
    return ""


def version() -> str:
    """The version in use."""
    return importlib.metadata.version("typst")


def make(content: Content) -> bytes:
    """The content as tagged PDF."""
    made: bytes = _compiler().compile(
        _SOURCE.encode(), format="pdf", sys_inputs={"data": json.dumps(_data(content))}, pdf_tags=True
    )
    return made


def _data(content: Content) -> dict[str, Any]:
    """The content as plain data, with what follows from the columns and rows of each table."""
    data = asdict(content)
    for block, made in zip(content.blocks, data["blocks"], strict=True):
        if isinstance(block, Table):
            made |= {"groups": block.groups, "unfilled": block.unfilled}
    return data


@cache
def _compiler() -> Any:
    """The compiler with the report fonts only, made once in a process as a service would."""
    return import_module("typst").Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)
