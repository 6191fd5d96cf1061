"""What a denial means and what answers it, as lines for the billing office."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.claim.denials.advice import DenialAdvice
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["denial_lines"]


def denial_lines(advice: DenialAdvice) -> tuple[str, ...]:
    """The advice: what the denial means, what answers it, which clocks run and where that is said."""
    return (*_head_lines(advice), *_answer_lines(advice), *_tail_lines(advice))


def _head_lines(advice: DenialAdvice) -> Iterator[str]:
    name = advice.code or "This code"
    if not advice.known and name == advice.remark:
        yield f"{name}: no reason code."
    elif not advice.known:
        yield f"{name}: unknown."
    else:
        yield f"{name}: {advice.meaning} ({advice.status}; our words)."
    if advice.deactivated:
        now = joined(f"{code} ({words})" for code, words in advice.instead)
        yield f"Deactivated {advice.deactivated}; used today: {now}."
    parts = (("Group", advice.group), ("For monitoring", advice.here), ("Beware", advice.trap))
    yield from (f"{label}: {words}" for label, words in parts if words)
    if advice.remark:
        yield f"Remark {advice.remark}: {advice.remark_meaning or 'not in our table.'}"
    yield f"Payer class: {vocabulary('payer_classes').display(advice.payer_class)}"
    yield from (f"Note: {words}" for words in advice.notes)


def _answer_lines(advice: DenialAdvice) -> Iterator[str]:
    for number, step in enumerate(advice.steps, start=1):
        yield f"{number}. {step.label}: {step.how}{f' {step.why}' if step.why else ''}"
    state = {
        "there": "in the record",
        "open": "open",
        "not_needed": "no rule asks for it here",
        "not_in_record": "to be found elsewhere",
        "no_case": "no case given",
    }
    for document in advice.documents:
        places = ", ".join(entry.pointer for entry in document.evidence)
        parts = [state[document.state], document.note, f"({places})" if places else ""]
        yield f"Document: {document.label}: {' '.join(words for words in parts if words)}"
    for finding in advice.findings:
        yield f"Open in this case: {finding.code}: {finding.message} {finding.action}".rstrip()


def _tail_lines(advice: DenialAdvice) -> Iterator[str]:
    for run in advice.clocks:
        day = f", last day {run.last_day.isoformat()}" if run.last_day is not None else ""
        note = f" {run.note}" if run.note else ""
        yield f"Clock: {run.label}: {run.limit} from {run.starts}{day} ({run.certainty.replace('_', ' ')}).{note}"
    if advice.rules:
        yield f"Rules that ask for it beforehand: {', '.join(advice.rules)}"
    yield from (f"Source: {words}" for words in advice.sources)
    how = f", {advice.certainty.replace('_', ' ')}" if advice.certainty else ""
    yield f"Code list of {advice.checked_on.isoformat()}{how}. Confirm with the payer before acting."
