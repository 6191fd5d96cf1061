"""Findings and the checked report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from report_gen.draft.model import Draft
from report_gen.facts.model import Facts

__all__ = ["Ask", "CheckedReport", "Finding", "Gate", "Severity"]

Gate = Literal["draft", "sign", "claim"]
Severity = Literal["block", "warn"]
Ask = Literal["technologist", "professional", "surgeon", "anesthesia", "billing", "schedule"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing, implausible or contradictory, with the one question that would settle it."""

    code: str
    """Stable identifier such as `contradiction.resolved_but_beyond_criterion`."""
    severity: Severity
    """`block` closes the gate; `warn` does not."""
    gate: Gate
    """The first gate it concerns: draft (technologist), sign (professional), claim (billing)."""
    pointer: str
    """JSON pointer into the case file."""
    message: str
    """What was found, in words fit for the report page; no patient identifier."""
    question: str
    """One short question for the person who can answer it."""
    ask: Ask
    """Who can answer it."""
    source: str
    """Where the rule comes from."""
    facts: tuple[str, ...] = ()
    """Ids of the facts concerned."""
    contradiction: bool = False
    """Two statements of the record disagree: printed in a box on the page, never smoothed."""


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A draft with everything that was found about it. Only `report_gen.checks.run` makes one."""

    facts: Facts
    """The facts the draft states."""
    draft: Draft
    """The draft."""
    findings: tuple[Finding, ...]
    """All findings, blocking ones first, then in the order of the case file."""

    def blocked(self, gate: Gate) -> bool:
        """Whether a finding closes `gate` or an earlier one."""
        order: tuple[Gate, ...] = ("draft", "sign", "claim")
        reached = order[: order.index(gate) + 1]
        return any(finding.severity == "block" and finding.gate in reached for finding in self.findings)
