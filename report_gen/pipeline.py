"""The one way through: case, facts, draft, checks, a model's wording where one is asked, documents in memory."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from report_gen.render.formats import RENDERERS, Document, Edition, Format
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
    from report_gen.narrate.merge import Wording
    from report_gen.narrate.record import NarrationRecord

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One generated report, in memory."""

    checked: CheckedReport
    """What every form of it says: facts, draft and findings."""
    documents: Mapping[Format, Document]
    """The forms that were asked for; ``json`` is always among them."""
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    """Wall time of each stage in ms, for benches; in no file. A narrated report is checked and drawn twice."""
    wordings: tuple[Wording, ...] = ()
    """What a model offered and what became of it, for a person to compare; in no file. Empty: none was asked."""
    narration: NarrationRecord | None = None
    """Account of the narration as logged: versions, calls, outcomes, tokens, cost; never content. None: no model was
    configured, or a defect of ours ended the narration."""

    @property
    def report_id(self) -> str:
        """Same record, same id (`report_gen.identity`); holds the case id, never a patient's data."""
        return self.checked.draft.report_id

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is missing or contradictory, blocking ones first."""
        return self.checked.findings

    @property
    def json(self) -> bytes:
        """``report.json``: every sentence with its facts, every fact with its place in the case file, the findings."""
        return self.documents["json"].data

    @property
    def pdf(self) -> bytes:
        """The PDF. Empty when the settings ask for none."""
        return self._of("pdf").data

    @property
    def html(self) -> bytes:
        """The HTML preview, one self-contained file. Empty unless the settings ask for it."""
        return self._of("html").data

    @property
    def notices(self) -> tuple[str, ...]:
        """Characters that could not be set in the PDF as recorded, without patient data."""
        return self._of("pdf").notices

    @property
    def pages(self) -> int:
        """Pages of the PDF; 0 without one."""
        return self._of("pdf").pages

    def _of(self, form: Format) -> Document:
        return self.documents.get(form, _NO_DOCUMENT)


_NO_DOCUMENT: Final = Document("", b"")


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
        GateBlockedError: A required field of the draft gate is missing and `settings.allow_incomplete` is false.
        RenderError: The PDF could not be drawn.
        AssetError: A prompt or the lexicon of the installation is damaged.
    """
    settings = settings if settings is not None else Settings()
    watch = Stopwatch(clock)
    checked = prepare(case, watch=watch)
    _stop_if_blocked(checked, settings)
    drawing = _Drawing(settings.formats, _edition(case, settings), watch)
    if narrator is None:
        report = Report(checked=checked, documents=drawing.of(checked))
    else:
        report = _narrated(case, checked, narrator, drawing, spent_s=spent_s)
    return replace(report, stage_ms=watch.stage_ms())


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

    Args:
        checked: The report.
        formats: Forms, of `report_gen.render.formats.RENDERERS`.
        edition: Provenance, paper, flavour and what is attached. None: worded by the template, the default paper.
        watch: Times each form as a stage.

    Raises:
        RenderError: A form could not be drawn.
        AssetError: A font is missing or damaged.
    """
    watch = watch if watch is not None else Stopwatch()
    edition = edition if edition is not None else Edition(provenance=provenance())
    with watch.stage("json"):
        data = RENDERERS["json"](checked, edition)
    edition, documents = replace(edition, report_json=data.data), {"json": data}
    for form, renderer in RENDERERS.items():
        if form in formats and form not in documents:
            with watch.stage(form):
                documents[form] = renderer(checked, edition)
    return MappingProxyType({form: documents[form] for form in RENDERERS if form in documents})


def _edition(case: Case, settings: Settings) -> Edition:
    return Edition(
        provenance=provenance(),
        page_size=settings.page_size,
        flavour=settings.flavour,
        script_fonts=settings.script_fonts,
        case_json=case_json(case) if settings.flavour == "record" else b"",
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
        missing = [finding for finding in checked.findings if finding.gate == "draft" and finding.blocking]
        raise GateBlockedError("gate.draft", _blocked(missing))


def _blocked(missing: Sequence[Finding]) -> str:
    """The message of a closed gate: the questions to answer first, each on its line."""
    count = f"{len(missing)} required fields are" if len(missing) > 1 else "1 required field is"
    questions = "".join(
        f"\n  {finding.pointer}  [{finding.code}]\n    Ask the {finding.who}: {finding.question}" for finding in missing
    )
    return (
        f"{count} missing or contradicted; nothing was made. Answer the questions, or ask for an incomplete draft "
        f"(--incomplete, Settings.allow_incomplete):{questions}"
    )


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
    from report_gen.claim.practice.profile import load_profile
    from report_gen.claim.record import read_record
    from report_gen.life import ReportLife
    from report_gen.render.claim.checklist import checklist
    from report_gen.render.claim.json import claim_json
    from report_gen.render.claim.pdf import render_claim_pdf
    from report_gen.render.terminal.claim import claim_text

    facts, profile = derive(case), profile if profile is not None else load_profile()
    life = life if life is not None else ReportLife.stated(case)
    assessment = assess(facts, profile, life=life)
    attached = attachment(read_record(facts, life), assessment, profile, report_id(case), report_file)
    data = claim_json(assessment, attached, f"report_gen {__version__}")
    sections = checklist(assessment, attached)
    drawn = render_claim_pdf(sections, assessment, attached, content_id=content_id(data), page_size=page_size)
    return ClaimSupport(assessment, attached, data, claim_text(sections), drawn.data, drawn.pages)
