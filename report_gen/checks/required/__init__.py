"""Fields that must be there before a draft is closed (G1) or signed (G2), and those whose absence only warns.

Source of the gates: clinical reference §1.8. A value that the record itself states as not recorded counts as given when
a draft is closed; signing needs the side, the onset and the people told of each alert, or the record's own statement
that they are not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.required.events import event_findings
from report_gen.checks.required.modalities import modality_findings
from report_gen.checks.required.record import record_findings
from report_gen.checks.required.settings import setting_findings
from report_gen.checks.required.state import state_findings
from report_gen.checks.required.team import team_findings
from report_gen.facts.model import Facts
from report_gen.finding import Finding

__all__ = ["required_findings"]


def required_findings(facts: Facts) -> Iterator[Finding]:
    """Every absent field that a gate asks for."""
    yield from record_findings(facts)
    yield from team_findings(facts)
    yield from modality_findings(facts)
    yield from setting_findings(facts)
    yield from event_findings(facts)
    yield from state_findings(facts)
