"""What is still open in a report, in the boxes that every rendering shows under the headings concerned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from report_gen.checks.answers import answer_text
from report_gen.checks.model import CheckedReport
from report_gen.document.blocks import Box, SectionRole
from report_gen.facts.wording import joined
from report_gen.finding import Finding
from report_gen.vocab import vocabulary

__all__ = ["boxes"]

_ASKED_ALIKE: Final = 3
"""Questions of one kind from which they are asked as one."""


def boxes(report: CheckedReport) -> dict[SectionRole, Box]:
    """The frames of a report that hold something, by the role of the section under whose heading they stand.

    Under the title stands what contradicts itself and must be settled before signing; under the attestation what else
    is open before signing, what changes how a value is read although it closes nothing, and every answer given.
    """
    contradictions = [finding for finding in report.findings if finding.contradiction and finding.blocking]
    missing = [finding for finding in report.findings if finding.blocking and not finding.contradiction]
    doubtful = [
        finding
        for finding in report.findings
        if (finding.on_page or finding.contradiction) and not finding.blocking and not finding.settled
    ]
    items = [*map(_asked, missing), *(f"To be read with the values: {words}" for words in _once_each(doubtful))]
    items += _answers(report)
    framed: dict[SectionRole, Box] = {
        "title": Box(
            "Contradictions and gaps in the record, to be settled before signing", tuple(map(_asked, contradictions))
        ),
        "attestation": Box(_title(missing, doubtful), tuple(items)),
    }
    return {role: box for role, box in framed.items() if box.items}


def _title(missing: Iterable[Finding], doubtful: Iterable[Finding]) -> str:
    if any(True for _ in missing):
        return "Open before signing"
    return "Open questions" if any(True for _ in doubtful) else "Questions answered"


def _asked(finding: Finding) -> str:
    """A finding with the question that would settle it, and with answers that did not."""
    who = vocabulary("respondents").display(finding.who)
    about = f"{finding.about}: " if finding.about and finding.about not in finding.message else ""
    return f"{about}{finding.message} Question for the {who}: {finding.question}"


def _once_each(doubtful: Iterable[Finding]) -> list[str]:
    """What is asked of several in the same words is asked of the first, and the others are named."""
    alike: dict[str, list[Finding]] = {}
    for finding in doubtful:
        alike.setdefault(finding.code, []).append(finding)
    lines: list[str] = []
    for findings in alike.values():
        others = list(dict.fromkeys(finding.subject for finding in findings[1:]))
        if len(findings) < _ASKED_ALIKE or not all(others):
            lines.extend(map(_asked, findings))
        else:
            lines.append(f"{_asked(findings[0])} The same is asked of {joined(others)}.")
    return lines


def _answers(report: CheckedReport) -> list[str]:
    """Every answer of the record, beside what it answers; one to a question that is not put any more too."""
    asked = {answer.fact: finding for finding in report.findings for answer in finding.answers}
    lines: list[str] = []
    for fact in report.facts.of_kind("answer"):
        finding = asked.get(fact.id)
        if finding is None:
            lines.append(f"Answered, to a question that is not open: {answer_text(fact)}.")
            continue
        about = f"{finding.about}: " if finding.about and finding.about not in finding.message else ""
        settles = next(answer.settles for answer in finding.answers if answer.fact == fact.id)
        left = "" if settles else " This does not settle it."
        lines.append(f"{about}{finding.message} Answered: {answer_text(fact)}.{left}")
    return lines
