"""One checked report as neutral blocks, and further cases of the same kind to make reports of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final

from bench.measure import SAMPLES
from bench.peers.blocks import Block, Cell, Column, Content, Heading, Paragraph, Row, Running, Table
from report_gen import load_case
from report_gen.checks.model import CheckedReport
from report_gen.draft import model
from report_gen.draft.figures import TimelineFigure, TrendFigure
from report_gen.pipeline import content_id, examine, provenance
from report_gen.render.json_report import render_json
from report_gen.render.standing import BILLING_MARK, DRAFT_MARK, KIND, Box, asked, boxes
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
    report = examine(load_case(json.dumps(varied(raw, random)).encode()))
    incomplete = sorted({row.code for row in report.findings if row.code.startswith("coverage.")})
    if incomplete:
        raise ValueError(", ".join(incomplete))
    printed = content_id(render_json(report, provenance()))
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
    draft = report.draft
    framed = boxes(report)
    blocks = [block for section in draft.sections for block in _section(section, framed.get(section.id))]
    return Content(
        title=draft.title,
        language=draft.language,
        page_pt=LETTER_PT,
        running=Running(
            kind=KIND,
            mark=DRAFT_MARK,
            identity=tuple((f"{item.label}:", item.text) for item in draft.running_header),
            report=f"Report {draft.report_id}, version {draft.version}",
            foot_mark=BILLING_MARK,
            content_id=f"Content {printed_id}",
        ),
        blocks=tuple(blocks),
    )


def _section(section: model.Section, box: Box | None) -> Iterator[Block]:
    yield Heading(section.title, 1 if section.id == "identification" else 3 if section.level == 2 else 2)
    if box is not None:
        rows = (Row((Cell(box.title, strong=True),)), *(Row((Cell(asked(row)),)) for row in box.findings))
        yield Table("box", (Column("", 1),), rows)
    for block in section.blocks:
        match block:
            case model.Paragraph():
                yield from _paragraph(block)
            case model.KeyValues():
                yield _values(block)
            case model.Table():
                yield _table(block)
            case model.SignatureBlock():
                yield _form(block)
            case TimelineFigure() | TrendFigure():
                pass


def _paragraph(block: model.Paragraph) -> Iterator[Block]:
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


def _values(block: model.KeyValues) -> Table:
    cells = [Cell(item.text, label=f"{item.label}:") for item in block.items]
    cells += [Cell("")] * (-len(cells) % block.columns)
    rows = tuple(Row(tuple(cells[start : start + block.columns])) for start in range(0, len(cells), block.columns))
    return Table("values", (Column("", 1),) * block.columns, rows)


def _table(block: model.Table) -> Table:
    rows = (
        Row(tuple(Cell(cell.text, strong=cell.strong) for cell in (row.cells[:1] if row.heading else row.cells)))
        for row in block.rows
    )
    return Table(
        "data",
        tuple(Column(column.title, column.weight, column.align) for column in block.columns),
        tuple(rows),
        caption=block.caption,
        note=tuple(sentence.text for sentence in block.note),
    )


def _form(block: model.SignatureBlock) -> Table:
    head = (Row((Cell(block.title, strong=True),)), Row((Cell(block.statement),)))
    lines = (Row((Cell(line.label), Cell(line.prefilled))) for line in block.lines)
    return Table("form", (Column("", 0.38), Column("", 0.62)), (*head, *lines))
