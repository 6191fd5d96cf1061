"""The one way through: case, facts, draft, checks, a model's wording where one is asked, documents in memory."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from report_gen.case.contract.model import SCHEMA_VERSION, Case
from report_gen.case.dump import case_json
from report_gen.checks import CheckedReport, check
from report_gen.draft.writer import write
from report_gen.errors import AssetError, GateBlockedError, place
from report_gen.facts import derive
from report_gen.finding import Finding
from report_gen.identity import content_id, report_id
from report_gen.render.formats import MADE_FIRST, RENDERERS, Document, Edition, Flavour, Format, chosen
from report_gen.render.made import Report
from report_gen.render.report.standing import standing
from report_gen.settings import PageSize, Settings
from report_gen.stopwatch import Stopwatch
from report_gen.version import __version__

if TYPE_CHECKING:
    from report_gen.claim.attachment import AttachmentFile
    from report_gen.claim.attachment import ClaimAttachment as ClaimAttachment
    from report_gen.claim.model import Assessment
    from report_gen.claim.practice.profile import Profile
    from report_gen.life import ReportLife
    from report_gen.llm.client import Narrator

__all__ = [
    "OVER_PLAIN_S",
    "TOTAL_S",
    "ClaimSupport",
    "Report",
    "agenerate",
    "claim_support",
    "generate",
    "prepare",
    "provenance",
    "render",
]

TOTAL_S: Final = 6.0
"""Seconds from the first byte to the last file that a narrated report may take, whatever the model does."""
OVER_PLAIN_S: Final = 0.5
"""Seconds that it may take longer than without a model, on a machine where that alone takes longer than `TOTAL_S`."""
_LOG = logging.getLogger("report_gen.narration")


def provenance() -> dict[str, str]:
    """What made a report that is worded by template alone, for `report.json`: program, contract, and who worded it."""
    return {"program": f"report_gen {__version__}", "case_schema": SCHEMA_VERSION, "narration": "template"}


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
        GateBlockedError: A required field of the draft gate is missing and `settings.allow_incomplete` is false; or a
            payer's copy is asked of a report that is not signed.
        RenderError: A PDF could not be drawn.
        AssetError: A prompt or the grammar of the installation is damaged.
    """
    settings = settings if settings is not None else Settings()
    watch = Stopwatch(clock)
    checked = prepare(case, watch=watch)
    _stop_if_blocked(checked, settings)
    _stop_if_unsigned(checked, settings.flavour)
    drawing = _Drawing(settings.formats, _edition(case, settings), watch)
    if narrator is None:
        report = Report(checked=checked, documents=drawing.of(checked))
    else:
        report = _narrated(case, checked, narrator, drawing, spent_s=spent_s)
    return replace(report, stage_ms=watch.stage_ms(), bound=settings.bind)


def prepare(case: Case, *, watch: Stopwatch | None = None) -> CheckedReport:
    """Facts, draft and findings of a case, without drawing anything; `watch` times the stages."""
    watch = watch if watch is not None else Stopwatch()
    with watch.stage("facts"):
        facts = derive(case)
    with watch.stage("write"):
        draft = write(facts, report_id=report_id(case))
    with watch.stage("check"):
        return check(facts, draft)


def render(
    checked: CheckedReport,
    formats: Collection[Format] = ("pdf", "json"),
    *,
    edition: Edition | None = None,
    watch: Stopwatch | None = None,
) -> Mapping[Format, Document]:
    """A checked report in the forms that are asked for, and always as JSON, whose content id the others bear.

    With the PDF comes the technical record, which is drawn before it. Bound behind the report it is among the documents
    too, as the file of its own of which the digest is; whoever writes files leaves it out.

    Args:
        checked: The report.
        formats: Forms, of `report_gen.render.formats.FORMATS`.
        edition: Provenance, paper, flavour and what is attached. None: worded by the template, the default paper.
        watch: Times each form as a stage.

    Raises:
        GateBlockedError: A payer's copy of a report that is not signed.
        RenderError: A form could not be drawn.
        AssetError: A font is missing or damaged.
    """
    watch = watch if watch is not None else Stopwatch()
    edition = edition if edition is not None else Edition(provenance=provenance())
    _stop_if_unsigned(checked, edition.flavour)
    documents: dict[Format, Document] = {}
    for form in (*MADE_FIRST, *(form for form in RENDERERS if form not in MADE_FIRST)):
        if form == "json" or chosen(form, formats):
            with watch.stage(form):
                documents[form] = RENDERERS[form](checked, edition)
            edition = replace(
                edition,
                report_json=documents["json"].data,
                record=documents.get("record"),
            )
    return MappingProxyType({form: documents[form] for form in RENDERERS if form in documents})


def _edition(case: Case, settings: Settings) -> Edition:
    return Edition(
        provenance=provenance(),
        page_size=settings.page_size,
        flavour=settings.flavour,
        bind=settings.bind,
        drafted_at=settings.drafted_at,
        script_fonts=settings.script_fonts,
        case_json=case_json(case) if settings.flavour == "data" else b"",
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    """The settings with which the documents of one report are made, once or, with a model, twice."""

    formats: tuple[Format, ...]
    edition: Edition
    watch: Stopwatch

    def of(
        self, checked: CheckedReport, narration: Mapping[str, str] = MappingProxyType({})
    ) -> Mapping[Format, Document]:
        """The documents of a checked report; `narration` is added to its provenance."""
        edition = replace(self.edition, provenance={**self.edition.provenance, **narration})
        return render(checked, self.formats, edition=edition, watch=self.watch)


def _narrated(case: Case, checked: CheckedReport, narrator: Narrator, drawing: _Drawing, *, spent_s: float) -> Report:
    """The report as a model words it where that is proved in time, else as the template does; its record is logged."""
    report = _worded(case, checked, narrator, drawing, spent_s=spent_s)
    if report.narration is None:
        return report
    from report_gen.narrate.record import log_line

    record = replace(report.narration, report_ms=round((drawing.watch.elapsed_s() + spent_s) * 1000))
    _LOG.info("%s", log_line(record))
    return replace(report, narration=record)


def _worded(case: Case, checked: CheckedReport, narrator: Narrator, drawing: _Drawing, *, spent_s: float) -> Report:
    """Draws the template's report first: what that takes here and now decides what a model may take."""
    # None of this is loaded for a report that no model words.
    from report_gen.llm.client import GRACE_S
    from report_gen.narrate import run
    from report_gen.narrate.budget import Budget, redraw_s
    from report_gen.narrate.record import as_provenance

    watch, record = drawing.watch, run.unasked(checked.draft, narrator)
    prepared_s, check_s = watch.elapsed_s(), watch.stage_ms()["check"] / 1000
    plain = Report(checked=checked, documents=drawing.of(checked, as_provenance(record)), narration=record)
    draw_s = watch.elapsed_s() - prepared_s
    ends_at = max(watch.began - spent_s + TOTAL_S, watch.began + watch.elapsed_s() + OVER_PLAIN_S)
    budget = Budget(watch.clock, ends_at, rest_s=check_s + draw_s)
    if budget.for_model_s() < run.LEAST_S + GRACE_S:
        return plain
    # Not before: its library takes as long to load as a report, and what drawing takes is measured without it.
    narrator.warm()
    try:
        with watch.stage("narrate"):
            narration, record = run.narrated(case, checked.facts, checked.draft, narrator, budget)
        if not budget.late():
            checked_at = watch.elapsed_s()
            with watch.stage("check"):
                again = check(checked.facts, narration.draft)
            slower = (watch.elapsed_s() - checked_at) / check_s if check_s > 0 else 1.0
            if not replace(budget, rest_s=redraw_s(draw_s, slower, worded=narration.kept > 0)).late():
                documents = drawing.of(again, as_provenance(record))
                return Report(checked=again, documents=documents, wordings=narration.wordings, narration=record)
        wordings, record = run.dropped(narration, record)
        return replace(plain, wordings=wordings, narration=record)
    except AssetError:
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours in narration costs the wording, never the report
        _LOG.error("narration failed: %s at %s", type(error).__name__, place(error))
        return replace(plain, narration=None)


def _stop_if_blocked(checked: CheckedReport, settings: Settings) -> None:
    if checked.blocked("draft") and not settings.allow_incomplete:
        raise GateBlockedError("gate.draft", _blocked(checked.findings))


def _stop_if_unsigned(checked: CheckedReport, flavour: Flavour) -> None:
    if flavour == "payer" and not standing(checked).signed:
        raise GateBlockedError(
            "gate.payer_copy",
            "a payer's copy is made of a signed report alone, and this one is an unsigned draft; nothing was made. "
            "Make the draft (without the flavour `payer`), have it signed, and attach what was signed",
        )


def _blocked(findings: Sequence[Finding]) -> str:
    """The message of a closed gate: what can be made, and the questions to answer first, each on its line."""
    from report_gen.render.terminal.findings import blocked_lines

    state, *lines = blocked_lines(findings)
    missing = sum(finding.blocking and finding.gate == "draft" for finding in findings)
    count = "1 required field is" if missing == 1 else f"{missing} required fields are"
    way_out = (
        f"{count} missing or contradicted; nothing was made. Answer the questions, or ask for an incomplete draft "
        "(--incomplete, Settings.allow_incomplete):"
    )
    return "\n".join((f"{state} {way_out}", *lines))


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
    record_file: AttachmentFile | None = None,
    page_size: PageSize = "letter",
) -> ClaimSupport:
    """Claim readiness of a loaded case, as data, text and PDF. The same record, profile and versions, the same bytes.

    Args:
        case: A case from `load_case`.
        profile: The practice's payers, decisions and code map. None: what is shipped.
        life: What became of the report. None: what the case file states of it.
        report_file: The signed report that goes with the claim. None: none is named.
        record_file: The technical record that goes with it. None: none is named, or it is bound behind the report.
        page_size: Paper of the checklist.

    Raises:
        AssetError: A rule, a font or another part of the installation is missing or damaged.
        RenderError: The checklist could not be drawn.
    """
    # None of this is loaded for a clinical report: rules are read and their models built only for billing.
    from report_gen.claim.assess import assess
    from report_gen.claim.attachment import attachment
    from report_gen.claim.practice.profile import load_profile
    from report_gen.claim.record import read_record
    from report_gen.life import ReportLife
    from report_gen.render.claim.checklist import checklist
    from report_gen.render.claim.json import claim_json
    from report_gen.render.claim.pdf import render_claim_pdf
    from report_gen.render.terminal.claim import claim_text

    facts, profile = derive(case), profile if profile is not None else load_profile()
    life = life if life is not None else ReportLife.stated(case)
    files = tuple(file for file in (report_file, record_file) if file is not None)
    assessment = assess(facts, profile, life=life, attaches_draft=any(file.draft for file in files))
    attached = attachment(
        read_record(facts, life), assessment, profile, report_id(case), report_file, record_file=record_file
    )
    data = claim_json(assessment, attached, f"report_gen {__version__}")
    sections = checklist(assessment, attached)
    drawn = render_claim_pdf(sections, assessment, attached, content_id=content_id(data), page_size=page_size)
    return ClaimSupport(assessment, attached, data, claim_text(sections), drawn.data, drawn.pages)
