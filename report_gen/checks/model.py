"""The checked report."""

from __future__ import annotations

from dataclasses import dataclass

from report_gen.draft.model import Draft
from report_gen.facts.model import Facts
from report_gen.finding import GATES, Finding, Gate

__all__ = ["CheckedReport"]


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
        reached = GATES[: GATES.index(gate) + 1]
        return any(finding.blocking and finding.gate in reached for finding in self.findings)
