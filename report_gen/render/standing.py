"""What every rendering of an unsigned report says beside its draft: the marks, and the boxes of what is still open."""

from __future__ import annotations

from dataclasses import dataclass

from report_gen.checks.model import CheckedReport
from report_gen.finding import Finding
from report_gen.vocab import vocabulary

__all__ = ["BILLING_MARK", "DRAFT_MARK", "KIND", "Box", "asked", "boxes"]

DRAFT_MARK = "DRAFT – NOT SIGNED"
"""Stands at the top and the foot of an unsigned report."""
BILLING_MARK = f"{DRAFT_MARK} – NOT FOR BILLING"
"""The mark at the foot."""
KIND = "Intraoperative neurophysiological monitoring"
"""What kind of report it is, beside whose it is."""


@dataclass(frozen=True, slots=True)
class Box:
    """Findings in a frame."""

    title: str
    """Title of the frame."""
    findings: tuple[Finding, ...]
    """Findings in order, at least one."""


def boxes(report: CheckedReport) -> dict[str, Box]:
    """The frames of a report that hold something, by the id of the section under whose heading they stand."""
    contradictions = tuple(row for row in report.findings if row.contradiction)
    missing = tuple(
        row for row in report.findings if row.blocking and row.gate in ("draft", "sign") and not row.contradiction
    )
    made = {
        "impression": Box("Contradictions in the record, to be settled before signing", contradictions),
        "attestation": Box("Open before signing", missing),
    }
    return {section: box for section, box in made.items() if box.findings}


def asked(finding: Finding) -> str:
    """A finding with the question that would settle it."""
    who = vocabulary("respondents").display(finding.who)
    return f"{finding.message} Question for the {who}: {finding.question}"
