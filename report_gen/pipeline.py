"""The one way through: case, facts, draft, checks, files in memory."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from report_gen.case.model import SCHEMA_VERSION, Case
from report_gen.checks import CheckedReport, Finding, check
from report_gen.draft.writer import write
from report_gen.errors import GateBlockedError
from report_gen.facts import derive
from report_gen.render.json_report import render_json
from report_gen.settings import Settings
from report_gen.version import __version__

__all__ = ["Report", "agenerate", "examine", "generate", "provenance", "report_id"]


@dataclass(frozen=True, slots=True)
class Report:
    """One generated report, in memory."""

    report_id: str
    """Same case and versions, same id; holds the case id, never a patient's data."""
    json: bytes
    """``report.json``: every sentence with its facts, every fact with its place in the case file, the findings."""
    pdf: bytes
    """The PDF. Empty when the settings ask for none."""
    findings: tuple[Finding, ...]
    """What is missing or contradictory, blocking ones first."""
    notices: tuple[str, ...]
    """Characters that could not be set as recorded, without patient data."""
    pages: int
    """Pages of the PDF; 0 without one."""
    stage_ms: Mapping[str, float]
    """Wall time of each stage in ms, for benches; not part of any file."""


def report_id(case: Case) -> str:
    """Id of the report of a case: case id, version, and a digest over the case and this program's version."""
    digest = hashlib.sha256(case.model_dump_json().encode())
    digest.update(f"|report_gen {__version__}".encode())
    return f"{case.case_id}-v{case.report.version}-{digest.hexdigest()[:10]}"


def provenance() -> dict[str, str]:
    """What made the report, for `report.json`: program, contract, and who worded it."""
    return {"program": f"report_gen {__version__}", "case_schema": SCHEMA_VERSION, "narration": "template"}


def examine(case: Case) -> CheckedReport:
    """Facts, draft and findings of a case, without drawing anything."""
    return check(facts := derive(case), write(facts, report_id=report_id(case)))


def generate(case: Case, *, settings: Settings | None = None) -> Report:
    """The draft report of a loaded case, as PDF and JSON.

    Safe from several threads at once. The same case and versions give the same bytes.

    Args:
        case: A case from `load_case`.
        settings: Choices; the defaults otherwise.

    Raises:
        GateBlockedError: A required field of the draft gate is missing and `settings.allow_incomplete` is false.
        RenderError: The PDF could not be drawn.
    """
    chosen = settings if settings is not None else Settings()
    marks = [("start", time.perf_counter())]
    facts = derive(case)
    marks.append(("facts", time.perf_counter()))
    draft = write(facts, report_id=report_id(case))
    marks.append(("write", time.perf_counter()))
    checked = check(facts, draft)
    marks.append(("check", time.perf_counter()))
    if checked.blocked("draft") and not chosen.allow_incomplete:
        missing = [row for row in checked.findings if row.gate == "draft" and row.severity == "block"]
        raise GateBlockedError(
            "gate.draft",
            f"{len(missing)} required fields are missing: "
            + " ".join(f"[{row.pointer}] {row.question}" for row in missing),
        )
    data = render_json(checked, provenance())
    marks.append(("json", time.perf_counter()))
    pdf, pages = b"", 0
    notices: tuple[str, ...] = ()
    if chosen.pdf:
        # ReportLab costs more to import than the rest of the program; callers who want no PDF do not pay for it.
        from report_gen.render.pdf import render_pdf

        rendered = render_pdf(checked, page_size=chosen.page_size)
        pdf, notices, pages = rendered.data, rendered.notices, rendered.pages
        marks.append(("pdf", time.perf_counter()))
    stages = {name: (at - before) * 1000 for (_, before), (name, at) in pairwise(marks)}
    return Report(draft.report_id, data, pdf, checked.findings, notices, pages, MappingProxyType(stages))


async def agenerate(case: Case, *, settings: Settings | None = None) -> Report:
    """`generate` for a running event loop: the work happens in a thread, so that the loop stays responsive.

    Raises:
        GateBlockedError: As `generate`.
        RenderError: As `generate`.
    """
    return await asyncio.to_thread(generate, case, settings=settings)
