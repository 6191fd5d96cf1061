"""One checked report as neutral blocks, and further cases of the same kind to make reports of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
from report_gen.identity import content_id
from report_gen.render.report.json import render_json
from report_gen.render.report.pages import report_pages
from tests.cases.edits import moved

__all__ = ["Prepared", "content", "figures", "prepare", "varied"]

LETTER_PT: Final = (612.0, 792.0)
_BLANK_LINE = re.compile(r"\n\s*\n")
_MOST_DAYS, _MOST_MINUTES = 150, 360
_SYLLABLES = ("la", "mo", "ri", "ta", "ne", "su", "do", "ve")


@dataclass(frozen=True, slots=True)
class Prepared:
    """One document to be set, as ours and as the peers take it."""

    report: CheckedReport
    """What ours draws."""
    content_id: str
    """What ours prints at the foot of every page."""
    content: Content
    """The same, as the peers set it."""


def prepare(sample: str, random: Random) -> Prepared:
    """A report of a case of its own: the sample with another patient, on another day, at another hour.

    Args:
        sample: Name of a file in samples/valid, without its ending.
        random: Where the differences come from.

    Raises:
        ValueError: The report does not state everything that it must.
    """
    raw: dict[str, Any] = json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))
    report = pipeline.prepare(load_case(json.dumps(varied(raw, random)).encode()))
    incomplete = sorted({row.code for row in report.findings if row.code.startswith("coverage.")})
    if incomplete:
        raise ValueError(", ".join(incomplete))
    printed = content_id(render_json(report, pipeline.provenance()))
    return Prepared(report, printed, content(report, printed))


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


def content(report: CheckedReport, printed_id: str) -> Content:
    """A report as neutral blocks; figures are left out, every word around them is kept.

    Args:
        report: Checked report.
        printed_id: Content id as printed at the foot of every page.
    """
    pages = report_pages(report, printed_id)
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
    for block in section.blocks:
        match block:
            case document.Paragraph():
                yield from _paragraph(block)
            case document.KeyValues():
                yield _values(block)
            case document.Table():
                yield _table(block)
            case document.SignatureBlock():
                yield _form(block)
            case TimelineFigure() | TrendFigure():
                pass


def _paragraph(block: document.Paragraph[document.HasText]) -> Iterator[Block]:
    sentences = tuple(row.text for row in block.sentences)
    label = f"{block.label}." if block.label else ""
    if block.proposed:
        yield Paragraph((), label=f"{block.label}:")
        yield from (Paragraph((text,), kind="barred") for text in sentences)
    elif block.listed:
        yield from (Paragraph((text,), kind="item") for text in sentences)
    elif block.verbatim:
        parts = [part.strip("\n") for text in sentences for part in _BLANK_LINE.split(text) if part.strip()]
        yield from (Paragraph((part,), label="" if index else label) for index, part in enumerate(parts))
    else:
        yield Paragraph(sentences, label=label)


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
    head = (Row((Cell(block.title, strong=True),)), Row((Cell(block.statement),)))
    lines = (Row((Cell(line.label), Cell(line.prefilled))) for line in block.lines)
    return Table("form", (document.Column("", 0.38), document.Column("", 0.62)), (*head, *lines))
