"""What is still open in a report, in the boxes that every rendering shows under the headings concerned."""

from __future__ import annotations

from report_gen.checks.model import CheckedReport
from report_gen.document.blocks import Box, SectionRole
from report_gen.finding import Finding
from report_gen.vocab import vocabulary

__all__ = ["boxes"]


def boxes(report: CheckedReport) -> dict[SectionRole, Box]:
    """The frames of a report that hold something, by the role of the section under whose heading they stand."""
    contradictions = tuple(finding for finding in report.findings if finding.contradiction)
    missing = tuple(
        finding
        for finding in report.findings
        if finding.blocking and finding.gate in ("draft", "sign") and not finding.contradiction
    )
    framed: dict[SectionRole, Box] = {
        "impression": _box("Contradictions in the record, to be settled before signing", contradictions),
        "attestation": _box("Open before signing", missing),
    }
    return {role: box for role, box in framed.items() if box.items}


def _box(title: str, findings: tuple[Finding, ...]) -> Box:
    return Box(title, tuple(map(_asked, findings)))


def _asked(finding: Finding) -> str:
    """A finding with the question that would settle it."""
    who = vocabulary("respondents").display(finding.who)
    return f"{finding.message} Question for the {who}: {finding.question}"
