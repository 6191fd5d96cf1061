"""The one way through: case, facts, draft, checks, files in memory."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from report_gen.case.dump import case_json
from report_gen.case.model import SCHEMA_VERSION, Case
from report_gen.checks import CheckedReport, Finding, check
from report_gen.draft.writer import write
from report_gen.errors import AssetError, GateBlockedError, RenderError, ReportGenError, place
from report_gen.facts import derive
from report_gen.identity import content_id, report_id
from report_gen.life import ReportLife
from report_gen.render.json_report import render_json
from report_gen.settings import PageSize, Settings
from report_gen.version import __version__

if TYPE_CHECKING:
    from report_gen.claim.attachment import Attachment as ClaimAttachment
    from report_gen.claim.attachment import AttachmentFile
    from report_gen.claim.model import Assessment
    from report_gen.claim.profile import Profile
    from report_gen.llm.client import Narrator
    from report_gen.narrate.merge import Wording
    from report_gen.narrate.run import Told
    from report_gen.render.pdf import RenderedPdf

__all__ = [
    "OVER_PLAIN_S",
    "TOTAL_S",
    "ClaimSupport",
    "Report",
    "agenerate",
    "claim_support",
    "examine",
    "generate",
    "provenance",
]

TOTAL_S: Final = 6.0
"""Seconds from the first byte to the last file that a narrated report may take, whatever the model does."""
OVER_PLAIN_S: Final = 0.5
"""Seconds that it may take longer than without a model, on a machine where that alone takes longer than `TOTAL_S`."""
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
    """Wall time of each stage in ms, for benches; in no file. A narrated report is checked and drawn twice."""
    wordings: tuple[Wording, ...] = ()
    """What a model offered and what became of it, for a person to compare; in no file. Empty: none was asked."""
    narration: Mapping[str, Any] = field(default_factory=dict)
    """Record of the narration as logged: versions, calls, outcomes, tokens, cost; never content. Empty: none."""


def provenance() -> dict[str, str]:
    """What made a report that is worded by template alone, for `report.json`: program, contract, and who worded it."""
    return {"program": f"report_gen {__version__}", "case_schema": SCHEMA_VERSION, "narration": "template"}


def examine(case: Case) -> CheckedReport:
    """Facts, draft and findings of a case, without drawing anything."""
    return check(facts := derive(case), write(facts, report_id=report_id(case)))


def generate(
    case: Case,
    *,
    settings: Settings | None = None,
    narrator: Narrator | None = None,
    spent_s: float = 0.0,
    clock: Callable[[], float] = time.perf_counter,
) -> Report:
    """The draft report of a loaded case, as JSON, PDF and, when asked for, HTML.

    Safe from several threads at once, and inside a running event loop, which it blocks; there `agenerate` is the better
    choice. Without a narrator the same case and versions give the same bytes. With one, the same report comes, worded
    by the model where the guard has proved its wording; trouble with the model is never an error of the report.

    A narrated report is there within `TOTAL_S`, or within what it takes without a model and `OVER_PLAIN_S` where that
    alone is longer: the template's report is made first, so that it is known what the machine needs for one today, and
    it is given out when the model's wording cannot be proved, checked and drawn within the rest.

    Args:
        case: A case from `load_case`.
        settings: Choices; the defaults otherwise.
        narrator: Client of a language model. None: the template words everything.
        spent_s: Seconds already spent on this report, such as a program's start, or needed after it, such as writing
            files; they count against the time of a narrated report.
        clock: The clock of that time, in seconds.

    Raises:
        GateBlockedError: A required field of the draft gate is missing and `settings.allow_incomplete` is false.
        RenderError: The PDF could not be drawn.
        AssetError: A prompt or the lexicon of the installation is damaged.
    """
    chosen = settings if settings is not None else Settings()
    watch = _Watch(clock)
    facts = derive(case)
    watch.mark("facts")
    draft = write(facts, report_id=report_id(case))
    watch.mark("write")
    checked = check(facts, draft)
    _stop_if_blocked(checked, chosen)
    watch.mark("check")
    if narrator is None:
        return _report(_made(case, checked, provenance(), chosen, watch), watch)
    documents, told = _narrated(case, checked, chosen, narrator, watch, spent_s)
    record = told.record | {"report_ms": round((watch.elapsed_s() + spent_s) * 1000)} if told.record else {}
    if record:
        _LOG.info("%s", json.dumps(record, sort_keys=True))
    return replace(_report(documents, watch), wordings=told.narration.wordings, narration=MappingProxyType(record))


class _Watch:
    """What the stages of a report have taken, in order."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.began = clock()
        self._marks = [("", self.began)]

    def mark(self, stage: str) -> None:
        """End a stage."""
        self._marks.append((stage, self.clock()))

    def elapsed_s(self) -> float:
        """Seconds from the beginning to the end of the last stage."""
        return self._marks[-1][1] - self.began

    def stage_ms(self) -> Mapping[str, float]:
        """Milliseconds of each stage; one that came twice counts once, with both."""
        spent: dict[str, float] = {}
        for (_, before), (stage, at) in pairwise(self._marks):
            spent[stage] = spent.get(stage, 0.0) + (at - before) * 1000
        return MappingProxyType(spent)


@dataclass(frozen=True, slots=True)
class _Documents:
    """A checked report in every form that is asked for."""

    checked: CheckedReport
    json: bytes
    html: bytes
    pdf: RenderedPdf | None


def _report(documents: _Documents, watch: _Watch) -> Report:
    drawn = documents.pdf
    return Report(
        documents.checked.draft.report_id,
        documents.json,
        drawn.data if drawn is not None else b"",
        documents.html,
        documents.checked.findings,
        drawn.notices if drawn is not None else (),
        drawn.pages if drawn is not None else 0,
        watch.stage_ms(),
    )


def _made(case: Case, checked: CheckedReport, made: Mapping[str, str], chosen: Settings, watch: _Watch) -> _Documents:
    data = render_json(checked, made)
    watch.mark("json")
    html = b""
    if chosen.html:
        # The other forms do not wait for this one's modules.
        from report_gen.render.html_report import render_html

        html = render_html(checked, content_id=content_id(data))
        watch.mark("html")
    drawn = None
    if chosen.pdf:
        files = {"case.json": case_json(case), "report.json": data} if chosen.flavour == "record" else {}
        drawn = _draw(checked, chosen, content_id(data), files)
        watch.mark("pdf")
    return _Documents(checked, data, html, drawn)


def _narrated(
    case: Case, checked: CheckedReport, chosen: Settings, narrator: Narrator, watch: _Watch, spent_s: float
) -> tuple[_Documents, Told]:
    """The documents as a model words them where that is proved in time, else as the template does."""
    # None of this is loaded for a report that no model words.
    from report_gen.llm.client import GRACE_S
    from report_gen.narrate.budget import Budget, redraw_s
    from report_gen.narrate.run import LEAST_S, dropped, narrated, unasked

    facts, draft = checked.facts, checked.draft
    plain = unasked(draft, narrator)
    prepared_s, check_s = watch.elapsed_s(), watch.stage_ms()["check"] / 1000
    documents = _made(case, checked, provenance() | plain.provenance, chosen, watch)
    draw_s = watch.elapsed_s() - prepared_s
    ends_at = max(watch.began - spent_s + TOTAL_S, watch.began + watch.elapsed_s() + OVER_PLAIN_S)
    budget = Budget(watch.clock, ends_at, rest_s=check_s + draw_s)
    if budget.for_model_s() < LEAST_S + GRACE_S:
        return documents, plain
    # Not before: its library takes as long to load as a report, and what drawing takes is measured without it.
    narrator.warm()
    try:
        told = narrated(case, facts, draft, narrator, budget)
        watch.mark("narrate")
        if budget.late():
            return documents, dropped(told, plain)
        checked_at = watch.elapsed_s()
        again = check(facts, told.narration.draft)
        watch.mark("check")
        slower = (watch.elapsed_s() - checked_at) / check_s if check_s > 0 else 1.0
        if replace(budget, rest_s=redraw_s(draw_s, slower, worded=told.narration.kept > 0)).late():
            return documents, dropped(told, plain)
        return _made(case, again, provenance() | told.provenance, chosen, watch), told
    except AssetError:
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours in narration costs the wording, never the report
        _LOG.error("narration failed: %s at %s", type(error).__name__, place(error))
        return documents, replace(plain, record={})


def _stop_if_blocked(checked: CheckedReport, chosen: Settings) -> None:
    if checked.blocked("draft") and not chosen.allow_incomplete:
        missing = [row for row in checked.findings if row.gate == "draft" and row.severity == "block"]
        raise GateBlockedError("gate.draft", _blocked(missing))


def _blocked(missing: Sequence[Finding]) -> str:
    """What must be answered first, one question on a line."""
    count = f"{len(missing)} required fields are" if len(missing) > 1 else "1 required field is"
    rows = "".join(f"\n  {row.pointer}  [{row.code}]\n    Ask the {row.ask}: {row.question}" for row in missing)
    return (
        f"{count} missing or contradicted; nothing was made. Answer the questions, or ask for an incomplete draft "
        f"(--incomplete, Settings.allow_incomplete):{rows}"
    )


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


async def agenerate(
    case: Case, *, settings: Settings | None = None, narrator: Narrator | None = None, spent_s: float = 0.0
) -> Report:
    """`generate` for a running event loop: the work happens in a thread, so that the loop stays responsive.

    Raises:
        GateBlockedError: As `generate`.
        RenderError: As `generate`.
        AssetError: As `generate`.
    """
    # Whoever awaits this has loaded it; other reports do not wait for it.
    import asyncio

    asked_at = time.perf_counter()

    def work() -> Report:
        # Waiting for a thread of the pool, which is the caller's, counts too.
        waited_s = time.perf_counter() - asked_at
        return generate(case, settings=settings, narrator=narrator, spent_s=spent_s + waited_s)

    return await asyncio.to_thread(work)


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
    life: ReportLife | None = None,
    report_file: AttachmentFile | None = None,
    page_size: PageSize = "letter",
) -> ClaimSupport:
    """Claim readiness of a loaded case, as data, text and PDF. The same record, profile and versions, the same bytes.

    Args:
        case: A case from `load_case`.
        profile: The practice's payers, decisions and code map. None: what is shipped.
        life: What became of the report. None: what the case file states of it.
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
    life = life if life is not None else ReportLife.stated(case)
    found = assess(facts, chosen, life=life)
    attached = attachment(read_record(facts, life), found, chosen, report_id(case), report_file)
    data = claim_json(found, attached, f"report_gen {__version__}")
    sections = checklist(found, attached)
    drawn = render_claim_pdf(sections, found, attached, content_id=content_id(data), page_size=page_size)
    return ClaimSupport(found, attached, data, claim_text(sections), drawn.data, drawn.pages)
