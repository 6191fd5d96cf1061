"""The one way through: case, facts, draft, checks, files in memory."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from report_gen.case.model import SCHEMA_VERSION, Case
from report_gen.checks import CheckedReport, Finding, check
from report_gen.draft.writer import write
from report_gen.errors import GateBlockedError, RenderError, ReportGenError
from report_gen.facts import derive
from report_gen.render.html_report import render_html
from report_gen.render.json_report import render_json
from report_gen.settings import PageSize, Settings
from report_gen.version import __version__

if TYPE_CHECKING:
    from report_gen.claim.attachment import Attachment as ClaimAttachment
    from report_gen.claim.attachment import AttachmentFile
    from report_gen.claim.model import Assessment
    from report_gen.claim.profile import Profile
    from report_gen.draft.model import Draft
    from report_gen.facts.model import Facts
    from report_gen.llm.client import Client
    from report_gen.narrate.merge import Wording
    from report_gen.render.pdf import RenderedPdf

__all__ = [
    "TOTAL_S",
    "ClaimSupport",
    "Report",
    "agenerate",
    "case_json",
    "claim_support",
    "content_id",
    "examine",
    "generate",
    "place",
    "provenance",
    "report_id",
]

TOTAL_S: Final = 6.0
"""Seconds from the first byte to the last file that a narrated report may take, whatever the model does."""
_REST_S: Final = 0.8
"""Seconds kept for checking and drawing at least."""
_REST_PER_PREPARATION: Final = 3.0
"""How many times as long as facts and draft the rest may take, in a process that has just started: the slower the
machine and the longer the case, the more is kept. Measured, it takes about twice as long."""
_PACKAGE = Path(__file__).parent
_LOG = logging.getLogger("report_gen.narration")


@dataclass(frozen=True, slots=True)
class Report:
    """One generated report, in memory."""

    report_id: str
    """Same case and versions, same id; holds the case id, never a patient's data."""
    json: bytes
    """``report.json``: every sentence with its facts, every fact with its place in the case file, the findings."""
    pdf: bytes
    """The PDF. Empty when the settings ask for none."""
    html: bytes
    """The HTML preview, one self-contained file. Empty unless the settings ask for it."""
    findings: tuple[Finding, ...]
    """What is missing or contradictory, blocking ones first."""
    notices: tuple[str, ...]
    """Characters that could not be set as recorded, without patient data."""
    pages: int
    """Pages of the PDF; 0 without one."""
    stage_ms: Mapping[str, float]
    """Wall time of each stage in ms, for benches; not part of any file."""
    wordings: tuple[Wording, ...] = ()
    """What a model offered and what became of it, for a person to compare; in no file. Empty: none was asked."""
    narration: Mapping[str, Any] = field(default_factory=dict)
    """Record of the narration as logged: versions, calls, outcomes, tokens, cost; never content. Empty: none."""


def reported(case: Case) -> Case:
    """The case as its report is made from: without what became of that report afterwards.

    When it was drafted, signed and delivered, and the number of its claim, are for billing. A report that is made again
    when they are known is the same report, with the same id and the same bytes.
    """
    times = {"drafted_at": None, "signed_at": None, "signed_by": None, "delivered_at": None}
    return case.model_copy(
        update={
            "report": case.report.model_copy(update=times),
            "encounter": case.encounter.model_copy(update={"attachment_control_number": None}),
        }
    )


def report_id(case: Case) -> str:
    """Id of the report of a case: case id, version, and a digest over what is reported and this program's version."""
    digest = hashlib.sha256(reported(case).model_dump_json().encode())
    digest.update(f"|report_gen {__version__}".encode())
    return f"{case.case_id}-v{case.report.version}-{digest.hexdigest()[:10]}"


def provenance() -> dict[str, str]:
    """What made a report that is worded by template alone, for `report.json`: program, contract, and who worded it."""
    return {"program": f"report_gen {__version__}", "case_schema": SCHEMA_VERSION, "narration": "template"}


def examine(case: Case) -> CheckedReport:
    """Facts, draft and findings of a case, without drawing anything."""
    return check(facts := derive(reported(case)), write(facts, report_id=report_id(case)))


def generate(
    case: Case, *, settings: Settings | None = None, narrator: Client | None = None, spent_s: float = 0.0
) -> Report:
    """The draft report of a loaded case, as JSON, PDF and, when asked for, HTML.

    Safe from several threads at once, and inside a running event loop, which it blocks; there `agenerate` is the better
    choice. Without a narrator the same case and versions give the same bytes. With one, the same report comes, worded
    by the model where the guard has proved its wording; trouble with the model is never an error of the report.

    Args:
        case: A case from `load_case`.
        settings: Choices; the defaults otherwise.
        narrator: Client of a language model. None: the template words everything.
        spent_s: Seconds already spent on this report, such as a program's start; they count against the six seconds.

    Raises:
        GateBlockedError: A required field of the draft gate is missing and `settings.allow_incomplete` is false.
        RenderError: The PDF could not be drawn.
        AssetError: A prompt or the lexicon of the installation is damaged.
    """
    chosen = settings if settings is not None else Settings()
    began = time.perf_counter() - spent_s
    if narrator is not None:
        narrator.warm()
    marks = [("start", time.perf_counter())]
    facts = derive(reported(case))
    marks.append(("facts", time.perf_counter()))
    draft = write(facts, report_id=report_id(case))
    marks.append(("write", time.perf_counter()))
    checked = check(facts, draft)
    _stop_if_blocked(checked, chosen)
    marks.append(("check", time.perf_counter()))
    made, worded = provenance(), _Worded()
    if narrator is not None:
        left_s = TOTAL_S - (marks[-1][1] - began) - _kept_s(marks[-1][1] - marks[0][1])
        draft, told, worded = _with_model(case, facts, draft, narrator, left_s)
        made |= told
        checked = check(facts, draft)
        marks.append(("narrate", time.perf_counter()))
    data = render_json(checked, made)
    marks.append(("json", time.perf_counter()))
    html = b""
    if chosen.html:
        html = render_html(checked, content_id=content_id(data))
        marks.append(("html", time.perf_counter()))
    pdf, pages = b"", 0
    notices: tuple[str, ...] = ()
    if chosen.pdf:
        files = {"case.json": case_json(case), "report.json": data} if chosen.flavour == "record" else {}
        rendered = _draw(checked, chosen, content_id(data), files)
        pdf, notices, pages = rendered.data, rendered.notices, rendered.pages
        marks.append(("pdf", time.perf_counter()))
    stages = {name: (at - before) * 1000 for (_, before), (name, at) in pairwise(marks)}
    if worded.record:
        worded.record["report_ms"] = round((marks[-1][1] - began) * 1000)
        _LOG.info("%s", json.dumps(worded.record, sort_keys=True))
    return Report(
        draft.report_id,
        data,
        pdf,
        html,
        checked.findings,
        notices,
        pages,
        MappingProxyType(stages),
        worded.wordings,
        MappingProxyType(worded.record),
    )


@dataclass(frozen=True, slots=True)
class _Worded:
    """What a model offered, and the record of it."""

    wordings: tuple[Wording, ...] = ()
    record: dict[str, Any] = field(default_factory=dict)


def _with_model(
    case: Case, facts: Facts, draft: Draft, narrator: Client, left_s: float
) -> tuple[Draft, dict[str, str], _Worded]:
    """The draft after narration, what `report.json` says of it, and what became of each wording."""
    # None of this is loaded for a report that no model words.
    from report_gen.narrate.run import narrated

    try:
        narration, told, record = narrated(case, facts, draft, narrator, left_s=left_s)
    except ReportGenError:
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours in narration costs the wording, never the report
        defect = f"{type(error).__name__} at {place(error)}"
        _LOG.error("narration failed: %s", defect)
        return draft, {"narration_defect": defect}, _Worded()
    return narration.draft, told, _Worded(narration.wordings, record)


def _stop_if_blocked(checked: CheckedReport, chosen: Settings) -> None:
    if checked.blocked("draft") and not chosen.allow_incomplete:
        missing = [row for row in checked.findings if row.gate == "draft" and row.severity == "block"]
        raise GateBlockedError("gate.draft", _blocked(missing))


def _kept_s(preparation_s: float) -> float:
    """Seconds to keep for what comes after the model."""
    return max(_REST_S, _REST_PER_PREPARATION * preparation_s)


def _blocked(missing: Sequence[Finding]) -> str:
    """What must be answered first, one question on a line."""
    count = f"{len(missing)} required fields are" if len(missing) > 1 else "1 required field is"
    rows = "".join(f"\n  {row.pointer}  [{row.code}]\n    Ask the {row.ask}: {row.question}" for row in missing)
    return (
        f"{count} missing or contradicted; nothing was made. Answer the questions, or ask for an incomplete draft "
        f"(--incomplete, Settings.allow_incomplete):{rows}"
    )


def case_json(case: Case) -> bytes:
    """The case as its file would hold it: what it left out stays out."""
    return case.model_dump_json(exclude_unset=True).encode() + b"\n"


def content_id(report_json: bytes) -> str:
    """What stands in the footer of every page: the first 64 bits of the SHA-256 of ``report.json``, in hexadecimal."""
    digest = hashlib.sha256(report_json).hexdigest()
    return "-".join(digest[start : start + 4] for start in range(0, 16, 4))


_ATTACHED = {
    "case.json": "Record of the case that the report was made from",
    "report.json": "The report as data: every sentence with its facts, every fact with its place in the record",
}


def _draw(checked: CheckedReport, chosen: Settings, content: str, files: Mapping[str, bytes]) -> RenderedPdf:
    """The PDF; whatever goes wrong inside the layout engine is a `RenderError` that quotes nothing."""
    # ReportLab costs more to import than the rest of the program; callers who want no PDF do not pay for it.
    from report_gen.render.pdf import Attachment, render_pdf

    attachments = [Attachment(name, data, _ATTACHED[name]) for name, data in files.items()]
    try:
        return render_pdf(
            checked,
            content_id=content,
            page_size=chosen.page_size,
            attachments=attachments,
            fonts_folder=chosen.script_fonts,
        )
    except ReportGenError:
        raise
    except Exception as error:  # noqa: BLE001 - the layout engine raises anything, often quoting the text it was given
        raise RenderError(
            "render.unexpected", f"the PDF could not be drawn: {type(error).__name__} at {place(error)}"
        ) from None


def place(error: BaseException) -> str:
    """The innermost line of this package that an exception passed through, to report it without its message."""
    found = "outside report_gen"
    for frame, line in traceback.walk_tb(error.__traceback__):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGE):
            found = f"report_gen/{path.relative_to(_PACKAGE).as_posix()}:{line}"
    return found


async def agenerate(
    case: Case, *, settings: Settings | None = None, narrator: Client | None = None, spent_s: float = 0.0
) -> Report:
    """`generate` for a running event loop: the work happens in a thread, so that the loop stays responsive.

    Raises:
        GateBlockedError: As `generate`.
        RenderError: As `generate`.
        AssetError: As `generate`.
    """
    return await asyncio.to_thread(generate, case, settings=settings, narrator=narrator, spent_s=spent_s)


@dataclass(frozen=True, slots=True)
class ClaimSupport:
    """What the billing office gets of one case, in memory; none of it belongs to the clinical report."""

    assessment: Assessment
    """Minutes, lines and findings."""
    attachment: ClaimAttachment
    """What the attachment screen of a practice-management system asks for."""
    json: bytes
    """``claim.json``."""
    text: str
    """The checklist as plain text."""
    pdf: bytes
    """The checklist as PDF."""
    pages: int
    """Pages of that PDF."""


def claim_support(
    case: Case,
    *,
    profile: Profile | None = None,
    report_file: AttachmentFile | None = None,
    page_size: PageSize = "letter",
) -> ClaimSupport:
    """Claim readiness of a loaded case, as data, text and PDF. The same record, profile and versions, the same bytes.

    Args:
        case: A case from `load_case`.
        profile: The practice's payers, decisions and code map. None: what is shipped.
        report_file: The report file that goes with the claim. None: none is named.
        page_size: Paper of the checklist.

    Raises:
        AssetError: A rule, a font or another part of the installation is missing or damaged.
        RenderError: The checklist could not be drawn.
    """
    # None of this is loaded for a clinical report: rules are read and their models built only for billing.
    from report_gen.claim.assess import assess
    from report_gen.claim.attachment import attachment
    from report_gen.claim.profile import load_profile
    from report_gen.claim.record import read_record
    from report_gen.render.claim_json import claim_json
    from report_gen.render.claim_sections import checklist
    from report_gen.render.claim_text import claim_text
    from report_gen.render.pdf.claim_page import render_claim_pdf

    facts, chosen = derive(case), profile if profile is not None else load_profile()
    found = assess(facts, chosen)
    attached = attachment(read_record(facts), found, chosen, report_id(case), report_file)
    data = claim_json(found, attached, f"report_gen {__version__}")
    sections = checklist(found, attached)
    drawn = render_claim_pdf(sections, found, attached, content_id=content_id(data), page_size=page_size)
    return ClaimSupport(found, attached, data, claim_text(sections), drawn.data, drawn.pages)
