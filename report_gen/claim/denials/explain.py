"""The meaning of a denial of monitoring, the ways to answer it, the documents the case has, and the clocks that run.

Everything comes from `denials.toml`, `clocks.toml` and the assessment; no clock is read, so a last day is given only
where the day of receipt, or the date of service, is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from report_gen.claim.denials.advice import AdviceStep, ClockRun, DenialAdvice, DocumentState, Needed
from report_gen.claim.model import Assessment
from report_gen.rules.denials import (
    Carc,
    DenialClock,
    DenialDocument,
    Denials,
    Instead,
    Rarc,
    clocks,
    denials,
    rules_for,
    sources_of,
)
from report_gen.vocab.candidates import find, likest

__all__ = ["AdviceStep", "ClockRun", "DenialAdvice", "DocumentState", "Needed", "explain"]

_REASON: Final = re.compile(r"^(?:CARC[\s-]*)?(?:(CO|PR|OA|PI|CR)[\s-]*)?0*([A-Z]?[1-9][0-9]{0,2})$")
_REMARK: Final = re.compile(r"^(?:RARC[\s-]*)?((?:MA|M|N)[1-9][0-9]{0,2})$")
_UNKNOWN: Final = "unknown"
_STARTS: Final = {
    "date_of_service": "the date of service",
    "determination": "the date of the first decision",
    "remittance": "receipt of the remittance",
    "letter": "the letter",
    "previous_level": "receipt of the decision of the level before",
    "negotiation_end": "the end of open negotiation",
}


def explain(
    carc: str,
    remark: str | None = None,
    payer_class: str | None = None,
    assessment: Assessment | None = None,
    received_on: date | None = None,
) -> DenialAdvice:
    """The meaning of a denial, and the ways to answer it.

    Args:
        carc: Reason code, with or without its group: `CO-97`, `PR 204`, `b15`.
        remark: Remark code such as `N706`. None: none on the remittance.
        payer_class: Code or name of a payer class. None: that of the assessment, or unknown.
        assessment: The case. None: no documents and no findings are looked up.
        received_on: Day on which the remittance came. None: no last day is counted from it.

    Returns:
        Advice; a code that the table does not have is said to be unknown, never guessed.

    Raises:
        AssetError: A table is missing or damaged.
    """
    table = denials()
    group, code = _reason(carc)
    code = code or _remark(carc)
    reason, note = table.carc_of(code), table.rarc_of(_remark(remark or code))
    payer = _payer(payer_class, assessment)
    instruments = _instruments(reason, note)
    steps = tuple(_steps(table, instruments, note, payer))
    ended = reason is not None and reason.status == "deactivated"
    names = dict.fromkeys((*(note.documents if note else ()), *_documents(table, reason)))
    codes = {code, *(reason.instead if reason is not None and ended else ())}
    clock_runs = tuple(_clocks(reason, note, payer, steps, (received_on, assessment))) if not ended else ()
    cited = [*(reason.source if reason else ()), *(note.source if note else ())]
    cited += [name for entry in _swaps(table, payer) if entry.instrument in instruments for name in entry.source]
    cited += [name for clock in clocks() for name in clock.source if clock.id in {run.id for run in clock_runs}]
    return DenialAdvice(
        code=code,
        known=reason is not None,
        status=reason.status if reason is not None else "unknown",
        meaning=reason.gloss if reason is not None else "",
        here=reason.here if reason is not None else "",
        trap=(reason.trap or "") if reason is not None else "",
        deactivated=(reason.deactivated or "") if reason is not None else "",
        instead=_instead(table, reason),
        group=next((entry.gloss for entry in table.group if entry.id == group), ""),
        remark=_remark(remark or code),
        remark_meaning=f"{note.gloss}. {note.action or ''}".strip() if note is not None else "",
        payer_class=payer,
        steps=steps,
        documents=tuple(_needed(entry, assessment) for name in names for entry in table.document if entry.id == name),
        findings=tuple(finding for finding in assessment.open if codes & set(finding.denials)) if assessment else (),
        clocks=clock_runs,
        rules=_guards(codes) if reason else (),
        notes=tuple(_notes(table, reason, (code, remark, note), (payer, payer_class), received_on)),
        sources=tuple(f"{entry.title}: {entry.locator}" for entry in sources_of(cited)),
        checked_on=table.checked_on,
        certainty=reason.certainty if reason is not None else "",
    )


def _guards(codes: Iterable[str]) -> tuple[str, ...]:
    """Ids of the rules that guard against any of some reason codes."""
    return tuple(dict.fromkeys(name for code in sorted(codes) for name in rules_for(code)))


def _reason(words: str) -> tuple[str, str]:
    """Group and reason code; both empty when the words are no reason code."""
    match = _REASON.match(words.strip().upper())
    return (match[1] or "", match[2]) if match else ("", "")


def _remark(words: str) -> str:
    match = _REMARK.match(words.strip().upper())
    return match[1] if match else ""


def _payer(words: str | None, assessment: Assessment | None) -> str:
    if words is None:
        return assessment.payer_class if assessment is not None else _UNKNOWN
    candidates = likest(find(words, "payer_classes"))
    return candidates[0].code if len(candidates) == 1 else _UNKNOWN


def _instead(table: Denials, reason: Carc | None) -> tuple[tuple[str, str], ...]:
    codes = reason.instead if reason is not None else ()
    return tuple((successor.code, successor.gloss) for code in codes if (successor := table.carc_of(code)) is not None)


def _documents(table: Denials, reason: Carc | None) -> Iterator[str]:
    """Ids of the documents that answer a reason code; of an ended code, those of today's codes as well."""
    if reason is None:
        return
    yield from reason.documents
    for code in reason.instead:
        used = table.carc_of(code)
        yield from used.documents if used is not None else ()


def _swaps(table: Denials, payer: str) -> tuple[Instead, ...]:
    """The instruments that a payer takes in place of others."""
    return tuple(entry for entry in table.instead if entry.payer_class == payer)


def _instruments(reason: Carc | None, note: Rarc | None) -> tuple[str, ...]:
    """Instruments of the remark code where it has its own, else of the reason code."""
    ended = reason is not None and reason.status == "deactivated"
    if note is not None and note.instruments and not ended:
        return note.instruments
    return reason.instruments if reason is not None else ()


def _steps(table: Denials, instruments: Iterable[str], note: Rarc | None, payer: str) -> Iterator[AdviceStep]:
    """The instruments as this payer takes them, less what the remark code rules out."""
    swaps = {entry.instrument: entry for entry in _swaps(table, payer)}
    known = {entry.id: entry for entry in table.instrument}
    reasons: dict[str, str] = {}
    for name in instruments:
        swap = swaps.get(name)
        remark = f"Remark {note.code}: {note.gloss}." if note is not None and name in note.instruments else ""
        for used in swap.use if swap is not None else (name,):
            if note is None or used not in note.forbids:
                reasons.setdefault(used, swap.why if swap is not None else remark)
    for name, why in reasons.items():
        yield AdviceStep(name, known[name].label, known[name].how, why)


def _needed(document: DenialDocument, assessment: Assessment | None) -> Needed:
    """A document, and whether the case has it by the findings of the rules about it."""
    if not document.in_case:
        return Needed(document.id, document.label, "not_in_record", "The record of a case does not hold it.", ())
    if assessment is None:
        return Needed(document.id, document.label, "no_case", "", ())
    findings = [finding for finding in assessment.findings if finding.code in document.rules]
    open_findings = [finding for finding in findings if finding.open]
    state: DocumentState = "not_needed"
    if open_findings:
        state = "open"
    elif any(finding.outcome == "pass" for finding in findings):
        state = "there"
    cited = [evidence for finding in findings for evidence in finding.evidence]
    kept = [evidence for evidence in cited if not document.facts or evidence.fact.startswith(document.facts)]
    notes = " ".join(dict.fromkeys(finding.message for finding in open_findings))
    return Needed(document.id, document.label, state, notes, tuple(dict.fromkeys(kept)))


def _clocks(
    reason: Carc | None,
    note: Rarc | None,
    payer: str,
    steps: Iterable[AdviceStep],
    days: tuple[date | None, Assessment | None],
) -> Iterator[ClockRun]:
    instruments, applied = {step.instrument for step in steps}, note is not None and note.no_surprises
    for clock in clocks():
        if payer != _UNKNOWN and clock.payer_classes and payer not in clock.payer_classes:
            continue
        if not (applied if clock.no_surprises else instruments & set(clock.instruments)):
            continue
        over = reason is not None and reason.later_level and clock.starts == "remittance"
        remarks = [clock.disputed or "", clock.note or ""]
        remarks += ["A later level may run: this decision ends one."] if over else []
        yield ClockRun(
            id=clock.id,
            label=clock.label,
            limit=_limit(clock),
            starts=_STARTS[clock.starts],
            last_day=None if over else _last_day(clock, *days),
            note=" ".join(words for words in remarks if words),
            certainty=clock.certainty,
        )


def _limit(clock: DenialClock) -> str:
    if clock.amount is None:
        return "as it stands there"
    unit = clock.unit.replace("_", " ")
    return f"{clock.amount} {unit[:-1] if clock.amount == 1 else unit}"


def _last_day(clock: DenialClock, received_on: date | None, assessment: Assessment | None) -> date | None:
    if clock.amount is None:
        return None
    if clock.starts == "remittance" and clock.unit == "days" and received_on is not None:
        return received_on + timedelta(days=clock.amount)
    if clock.starts == "date_of_service" and clock.unit == "years" and assessment is not None:
        day = assessment.date_of_service
        leap = (day.month, day.day) == (2, 29)
        return day.replace(year=day.year + clock.amount, day=28 if leap else day.day)
    return None


def _notes(
    table: Denials,
    reason: Carc | None,
    codes: tuple[str, str | None, Rarc | None],
    payer: tuple[str, str | None],
    received_on: date | None,
) -> Iterator[str]:
    code, remark, note = codes
    dated, misplaced = table.checked_on.isoformat(), _remark(code) if reason is None else ""
    if misplaced:
        yield f"{misplaced} is a remark code; give it with --remark, beside the reason code of the same line."
    elif reason is None:
        yield f"Not in our table of reason codes (list of {dated}): look it up where the list is published."
    if (remark or misplaced) and note is None:
        yield f"The remark code is not in our table (list of {dated})."
    if payer[0] == _UNKNOWN and reason is not None and reason.status == "active":
        words = "The payer class is not one of ours" if payer[1] is not None else "No payer class is known"
        yield f"{words}: clocks of all payers are listed."
        yield from (entry.why for entry in table.instead if entry.instrument in reason.instruments)
    if received_on is not None and table.stale_on(received_on):
        yield f"The list of {dated} is older than it may be: look number and status up anew."
