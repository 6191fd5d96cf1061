"""The values of an answer to a denial."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from report_gen.claim.model import RuleFinding
from report_gen.finding import Evidence

__all__ = ["AdviceStep", "ClockRun", "DenialAdvice", "DocumentState", "Needed"]

DocumentState: TypeAlias = Literal["there", "open", "not_needed", "not_in_record", "no_case"]
"""The record holds it; something about it is open; no rule asks for it in this case; no record can hold it; no case was
given."""


@dataclass(frozen=True, slots=True)
class AdviceStep:
    """One way to answer a denial."""

    instrument: str
    """Id of the instrument, such as `corrected_claim`."""
    label: str
    """Its short name."""
    how: str
    """The instrument, in one sentence."""
    why: str
    """Reason for it instead of another. Empty: the reason code asks for it."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A document that answers a denial."""

    id: str
    """Id of the document, such as `signed_report`."""
    label: str
    """Its short name."""
    state: DocumentState
    """Whether the case has it."""
    note: str
    """Messages of its open findings. Empty: none is open."""
    evidence: tuple[Evidence, ...]
    """Where it stands in the case file. Empty: nowhere, or no case was given."""


@dataclass(frozen=True, slots=True)
class ClockRun:
    """A limit in time that runs."""

    id: str
    label: str
    """Payer and level."""
    limit: str
    """Length of the limit, in words."""
    starts: str
    """From when, in words."""
    last_day: date | None
    """Last day. None: its start is not known here, or it is counted in business days, whose holidays differ."""
    note: str
    """Remarks on the limit, disputes of sources first. Empty: none."""
    certainty: str
    """Certainty of the limit."""


@dataclass(frozen=True, slots=True)
class DenialAdvice:
    """Everything known of a denial."""

    code: str
    """Reason code without its group, or a remark code given in its place. Empty: what was given is neither."""
    known: bool
    """Whether our table has it. It is dated: a newer code is not in it."""
    status: Literal["active", "deactivated", "unknown"]
    """Whether the code may stand on a remittance today."""
    meaning: str
    """Our own words. Empty: not in the table."""
    here: str
    """Its meaning for a claim of monitoring. Empty: not in the table."""
    trap: str
    """A common wrong reading of it. Empty: none known."""
    deactivated: str
    """Day or year from which it is no longer used. Empty: active, or not in the table."""
    instead: tuple[tuple[str, str], ...]
    """Codes used today, with our words. Empty: active."""
    group: str
    """Who bears the amount, by the group code. Empty: no group was given."""
    remark: str
    """Remark code, also one given in place of the reason code. Empty: none given."""
    remark_meaning: str
    """Our own words, and what to do. Empty: none given, or not in the table."""
    payer_class: str
    """Code of `payer_classes`; `unknown` when none was given."""
    steps: tuple[AdviceStep, ...]
    """Ways to answer, best first."""
    documents: tuple[Needed, ...]
    """Documents that answer it, best first; for a code that has ended, with those of the codes used today."""
    findings: tuple[RuleFinding, ...]
    """Open findings of the case that invite this denial."""
    clocks: tuple[ClockRun, ...]
    """Clocks that run for these steps."""
    rules: tuple[str, ...]
    """Rules of claim readiness that guard against it."""
    notes: tuple[str, ...]
    """Remarks on codes, payer and dates."""
    sources: tuple[str, ...]
    """Documents, with the place in them."""
    checked_on: date
    """Date of the code list."""
    certainty: str
    """Certainty of the reason code. Empty: not in the table."""

    @property
    def missing(self) -> tuple[Needed, ...]:
        """Documents that the case does not have, or not in order."""
        return tuple(document for document in self.documents if document.state in ("open", "not_in_record"))
