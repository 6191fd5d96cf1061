"""One checked report as neutral blocks, and further cases of the same kind to make reports of."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any, Final

from bench.measure import SAMPLES
from bench.peers.blocks import Block, Cell, Content, Heading, Paragraph, Row, Table
from report_gen import load_case, pipeline
from report_gen.checks.model import CheckedReport
from report_gen.document import blocks as document
from report_gen.document.figures import TimelineFigure, TrendFigure
from report_gen.document.pages import Pages
from report_gen.identity import content_id
from report_gen.render.formats import Document, Format
from report_gen.render.report.pages import RecordFile, record_pages, report_pages
from tests.cases.edits import moved

__all__ = ["Prepared", "figures", "parts", "prepare", "varied"]

LETTER_PT: Final = (612.0, 792.0)
_TIME_SHARE: Final = 0.12
_BLANK_LINE = re.compile(r"\n\s*\n")
_MOST_DAYS, _MOST_MINUTES = 150, 360
_SYLLABLES = ("la", "mo", "ri", "ta", "ne", "su", "do", "ve")


@dataclass(frozen=True, slots=True)
class Prepared:
    """One document to be set, as ours and as the peers take it."""

    case: bytes
    """The case file."""
    report: CheckedReport
    """What ours draws."""
    report_json: bytes
    """Its data, whose content id ours prints at the foot of every page."""
    parts: tuple[Content, ...]
    """The same as the peers set it: the report that is signed, and its technical record, each a PDF of its own."""


def prepare(sample: str, random: Random) -> Prepared:
    """A report of a case of its own: the sample with another patient, on another day, at another hour.

    Args:
        sample: Name of a file in samples/valid, without its ending.
        random: Where the differences come from.

    Raises:
        ValueError: The report does not state everything that it must.
    """
    raw: dict[str, Any] = json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))
    case = json.dumps(varied(raw, random)).encode()
    report = pipeline.prepare(load_case(case))
    incomplete = sorted({row.code for row in report.findings if row.code.startswith("coverage.")})
    if incomplete:
        raise ValueError(", ".join(incomplete))
    documents = pipeline.render(report)
    return Prepared(case, report, documents["json"].data, parts(report, documents))


def varied(raw: dict[str, Any], random: Random) -> dict[str, Any]:
    """The same case of another invented patient, every date and time of it moved by the same days and minutes."""
    later = timedelta(days=random.randint(1, _MOST_DAYS), minutes=random.randint(0, _MOST_MINUTES))
    case: dict[str, Any] = moved(raw, later)
    if born := raw["patient"].get("date_of_birth"):
        # Another patient is born on another day.
        case["patient"]["date_of_birth"] = moved(born, later)
    given = "".join(random.choices(_SYLLABLES, k=3)).capitalize()
    case["patient"] |= {"name": f"Testcase, {given}", "mrn": f"TEST-{random.randint(0, 9999):04d}"}
    case["case_id"] = f"{case['case_id']}-{random.randint(0, 9999):04d}"
    return case


def figures(report: CheckedReport) -> int:
    """How many figures a report has; blocks have none."""
    return sum(
        isinstance(block, TimelineFigure | TrendFigure) for section in report.draft.sections for block in section.blocks
    )


def parts(report: CheckedReport, documents: Mapping[Format, Document]) -> tuple[Content, ...]:
    """Both parts of a report as neutral blocks; figures are left out, their notes and every word around them are kept.

    Args:
        report: Checked report.
        documents: Its documents, of which the pages print content id, name and digest.
    """
    printed_id, record = content_id(documents["json"].data), documents["record"]
    filed = RecordFile(record.file_name, record.pages, hashlib.sha256(record.data).hexdigest())
    return _content(report_pages(report, printed_id, record=filed)), _content(record_pages(report, printed_id))


def _content(pages: Pages) -> Content:
    identity = tuple((f"{label}:", text) for label, text in pages.running.identity)
    return Content(
        title=pages.title,
        language=pages.language,
        page_pt=LETTER_PT,
        running=replace(pages.running, identity=identity),
        blocks=tuple(block for one in pages.sections for block in _section(one, pages.boxes.get(one.role))),
    )


def _section(section: document.Section[document.PageBlock], box: document.Box | None) -> Iterator[Block]:
    yield Heading(section.title, 1 if section.role == "title" else 3 if section.level == 2 else 2)
    if box is not None:
        rows = (Row((Cell(box.title, strong=True),)), *(Row((Cell(item),)) for item in box.items))
        yield Table("box", (document.Column("", 1),), rows)
    framed = [block for block in section.blocks if isinstance(block, document.Paragraph) and section.role == "result"]
    if framed:
        yield _result(framed)
    for block in section.blocks:
        match block:
            case document.Paragraph() if not framed:
                yield from _paragraph(block)
            case document.Chronology():
                yield _times(block)
            case document.KeyValues():
                yield _values(block)
            case document.Table():
                yield _table(block)
            case document.SignatureBlock():
                yield _form(block)
            case TimelineFigure() | TrendFigure() if block.note:
                yield Paragraph(tuple(row.text for row in block.note))


def _paragraph(block: document.Paragraph[document.HasText]) -> Iterator[Block]:
    label, sentences = _led(block)
    if block.proposed:
        yield Paragraph((), label=f"{block.label}:")
        yield from (Paragraph((text,), kind="barred") for text in sentences)
    elif block.listed:
        yield from ([Paragraph((), label=label, kind="item")] if label else [])
        yield from (Paragraph((text,), kind="item") for text in sentences)
    elif block.verbatim:
        parts = [part.strip("\n") for text in sentences for part in _BLANK_LINE.split(text) if part.strip()]
        yield from (Paragraph((part,), label="" if index else label) for index, part in enumerate(parts))
    else:
        yield Paragraph(sentences, label=label)


def _led(block: document.Paragraph[document.HasText]) -> tuple[str, tuple[str, ...]]:
    """What is bold of a paragraph, and its sentences after that."""
    sentences = tuple(row.text for row in block.sentences)
    label = f"{block.label}." if block.label else ""
    return (" ".join((label, sentences[0])).strip(), sentences[1:]) if block.strong else (label, sentences)


def _result(framed: Sequence[document.Paragraph[document.HasText]]) -> Table:
    """The result in its frame, a line of its own for each sentence that takes one."""
    cells: list[Cell] = []
    for block in framed:
        label, sentences = _led(block)
        lines = list(sentences) if block.listed else [" ".join(sentences)]
        cells.append(Cell(lines[0] if lines else "", label=label))
        cells.extend(map(Cell, lines[1:]))
    return Table("box", (document.Column("", 1),), tuple(Row((cell,)) for cell in cells))


def _times(block: document.Chronology[document.HasText]) -> Table:
    rows = []
    for entry in block.entries:
        texts = [sentence.text for sentence in entry.sentences]
        bold = texts[0] if entry.strong else ""
        rows.append(Row((Cell(entry.time, strong=True), Cell(" ".join(texts[bool(bold) :]), label=bold))))
    return Table("times", (document.Column("", _TIME_SHARE), document.Column("", 1 - _TIME_SHARE)), tuple(rows))


def _values(block: document.KeyValues) -> Table:
    cells = [Cell(item.text, label=f"{item.label}:") for item in block.items]
    cells += [Cell("")] * (-len(cells) % block.columns)
    rows = tuple(Row(tuple(cells[start : start + block.columns])) for start in range(0, len(cells), block.columns))
    return Table("values", (document.Column("", 1),) * block.columns, rows)


def _table(block: document.Table[document.HasText]) -> Table:
    rows = (
        Row(tuple(Cell(cell.text, strong=cell.strong) for cell in (row.cells[:1] if row.heading else row.cells)))
        for row in block.rows
    )
    return Table(
        "data",
        block.columns,
        tuple(rows),
        caption=block.caption,
        note=tuple(sentence.text for sentence in block.note),
    )


def _form(block: document.SignatureBlock) -> Table:
    head = [Row((Cell(block.title, strong=True),)), Row((Cell(block.statement),))]
    head += [Row((Cell(row.text, tick=True),)) for row in block.confirmations]
    lines = (
        Row((Cell(f"{line.label}:" if line.prefilled else line.label), Cell(line.prefilled))) for line in block.lines
    )
    return Table("form", (document.Column("", 0.38), document.Column("", 0.62)), (*head, *lines))
