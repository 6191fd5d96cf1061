"""Today's practice: a Word template filled by a program and converted by LibreOffice.

The template has the page, the styles, and a header and footer with placeholders; filling puts the values in their
places and the body behind. One LibreOffice process converts one document, as practices run it.
"""

from __future__ import annotations

import importlib.metadata
import io
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.sax.saxutils import escape

from bench.peers.blocks import FONTS, Block, Cell, Content, Heading, Paragraph, Table
from bench.peers.word_template import docx, element, template

__all__ = ["fill", "make", "missing", "version"]

_PATIENCE_S = 90.0
_EXPORT = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
_COUNTERS = re.compile(r"(\{pages?\})")
_KINDS = {"body": "Normal", "item": "Item", "barred": "Barred"}
_FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{fonts}</dir><cachedir>{cache}</cachedir>
</fontconfig>"""


def missing() -> str:
    """Why it cannot be run here; empty when it can."""
    try:
        docx()
    except ImportError:
        return "python-docx is not installed (extra bench-peers)"
    return "" if shutil.which("soffice") else "soffice is not on PATH (LibreOffice Writer)"


def version() -> str:
    """The versions in use: of what fills and of what converts."""
    done = subprocess.run(["soffice", "--version"], capture_output=True, text=True, check=False)  # noqa: S607
    office = next(iter(done.stdout.split("(")[0].removeprefix("LibreOffice").split()), "")
    return f"{importlib.metadata.version('python-docx')} + LibreOffice {office or 'unknown'}"


def make(content: Content) -> bytes:
    """The content as tagged PDF.

    Raises:
        RuntimeError: LibreOffice made no file.
        TimeoutExpired: It took longer than anyone would wait.
    """
    home = Path(_home().name)
    with TemporaryDirectory(dir=home) as folder:
        source = Path(folder) / "report.docx"
        source.write_bytes(fill(template(content.page_pt), content))
        _convert(source, home)
        target = source.with_suffix(".pdf")
        if not target.exists():
            raise RuntimeError("LibreOffice made no file")
        return target.read_bytes()


@cache
def _home() -> TemporaryDirectory[str]:
    """A folder with a user profile and a font configuration of its own, which goes with the process."""
    home = TemporaryDirectory(prefix="bench-word-")
    path = Path(home.name)
    conf = _FONTS_CONF.format(fonts=escape(str(FONTS)), cache=escape(str(path / "font-cache")))
    (path / "fonts.conf").write_text(conf, encoding="utf-8")
    return home


def _convert(source: Path, home: Path) -> None:
    command = ["soffice", f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", _EXPORT, "--outdir", str(source.parent), str(source)]
    # The report fonts are found through a configuration of this run, so that nothing has to be installed for it.
    environment = {**os.environ, "FONTCONFIG_FILE": str(home / "fonts.conf"), "HOME": str(home)}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as office:
        try:
            office.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            _kill(office.pid)
            raise


def _kill(process: int) -> None:
    """End a process and what it started: soffice is a script whose child does the work.

    It has no group of its own: it must end with the part when that is stopped.
    """
    listed = Path(f"/proc/{process}/task/{process}/children")
    children = [int(child) for child in listed.read_text(encoding="ascii").split()] if listed.exists() else []
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    for child in children:
        _kill(child)


def fill(form: bytes, content: Content) -> bytes:
    """The template with a report in it, as a Word file."""
    document = docx().Document(io.BytesIO(form))
    document.core_properties.title = content.title
    document.core_properties.language = content.language
    section = document.sections[0]
    for paragraph in (*section.header.paragraphs, *section.footer.paragraphs):
        for run in paragraph.runs:
            _replace(paragraph, run, content)
    for block in content.blocks:
        _block(document, block)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _replace(paragraph: Any, run: Any, content: Content) -> None:
    name = run.text.removeprefix("{{").removesuffix("}}")
    if not name or name == run.text:
        return
    run.text = ""
    if name == "page":
        _page_of_pages(run, content.running.counted)
    elif name == "identity":
        anchor = run._r
        for label, text in content.running.identity:
            for words, bold in ((f"{label} ", True), (f"{text}    ", False)):
                made = paragraph.add_run(words)
                made.bold = bold
                anchor.addprevious(made._r)
    else:
        run.text = getattr(content.running, name)


def _page_of_pages(run: Any, counted: str) -> None:
    fields = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
    for part in _COUNTERS.split(counted):
        if part in fields:
            run._r.addprevious(element("fldSimple", f'w:instr="{fields[part]}"', "<w:r><w:t>1</w:t></w:r>"))
        elif part:
            run._r.addprevious(element("r", inner=f'<w:t xml:space="preserve">{escape(part)}</w:t>'))


def _block(document: Any, block: Block) -> None:
    match block:
        case Heading():
            document.add_paragraph(block.text, style=f"Heading {block.level}")
        case Paragraph():
            _write(document.add_paragraph(style=_KINDS[block.kind]), block.label, block.text, False)
        case Table():
            _table(document, block)


def _write(paragraph: Any, label: str, text: str, strong: bool) -> None:
    if label:
        paragraph.add_run(f"{label} ").bold = True
    if text:
        paragraph.add_run(text).bold = strong or None


def _table(document: Any, block: Table) -> None:
    data = block.kind == "data"
    heads = [(Cell(block.caption, strong=True),), tuple(Cell(one.title, strong=True) for one in block.columns)]
    if block.groups:
        # Over the first of the columns that it heads.
        over = [cell for group, span in block.groups for cell in (Cell(group, strong=True), *[Cell("")] * (span - 1))]
        heads.insert(1, tuple(over))
    heads = heads if data else []
    rows = [*heads, *(row.cells for row in block.rows)]
    table = document.add_table(len(rows), len(block.columns))
    table.autofit = False
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    widths = [int(room * share) for share in block.shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _dress(table, block)
    for number, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
        _row(row, cells, block, widths)
        properties = row._tr.get_or_add_trPr()
        if number < len(heads):
            _flag(properties, "tblHeader")
            _underline(row.cells, 6)
        _flag(properties, "cantSplit")
        if block.kind == "form" and number >= block.unfilled:
            _underline(row.cells[-1:], 6)
    for text in block.note:
        document.add_paragraph(text, style="Note")
    if not block.note:
        document.add_paragraph(style="Gap")


def _row(row: Any, cells: tuple[Cell, ...], block: Table, widths: list[int]) -> None:
    alignments = docx("enum.text").WD_ALIGN_PARAGRAPH
    places = row.cells
    if len(cells) == 1 and len(places) > 1:
        places = (places[0].merge(places[-1]),)
    for place, cell, column, width in zip(places, cells, block.columns, widths, strict=False):
        paragraph = place.paragraphs[0]
        paragraph.style = "Cell"
        if len(cells) > 1:
            place.width = width
            paragraph.alignment = getattr(alignments, column.align.upper()) if column.align != "left" else None
        if block.kind in ("box", "form"):
            paragraph.paragraph_format.keep_with_next = True
        _write(paragraph, "[  ]" if cell.tick else cell.label, cell.text, cell.strong)


def _flag(properties: Any, name: str) -> None:
    properties.append(element(name))


def _dress(table: Any, block: Table) -> None:
    """Rules and cell margins of a kind of table, in eighths and twentieths of a point."""
    thick = {"box": 10, "form": 6}.get(block.kind, 0)
    rules = {side: thick for side in ("top", "left", "bottom", "right") if thick}
    if block.kind == "data":
        rules["bottom"] = 7
    if block.kind in ("data", "times", "box"):
        rules["insideH"] = 3
    drawn = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>' for side, size in rules.items()
    )
    pads = {
        "data": (20, 0, 30, 100),
        "times": (20, 0, 30, 100),
        "values": (12, 0, 12, 160),
        "box": (40, 80, 50, 80),
        "form": (110, 80, 30, 80),
    }
    margins = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in zip(("top", "left", "bottom", "right"), pads[block.kind], strict=True)
    )
    for name, inner in (("tblBorders", drawn), ("tblCellMar", margins)):
        table._tbl.tblPr.insert_element_before(element(name, inner=inner), "w:tblLook")


def _underline(cells: Sequence[Any], eighths: int) -> None:
    """A line under these cells of a row; a merged cell stands among them once for each of its columns."""
    rule = f'<w:bottom w:val="single" w:sz="{eighths}" w:color="000000"/>'
    for found in {cell._tc: None for cell in cells}:
        found.get_or_add_tcPr().append(element("tcBorders", inner=rule))
