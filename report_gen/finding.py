"""One finding, whoever made it: what was found, who can answer it, and where the rule comes from.

The contract's soft limits, the gates, the contradictions, the coverage of the draft and the rules of billing all say
what they found in this one shape, so that a page, a worklist or a form reads one type.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

__all__ = ["GATES", "Certainty", "Evidence", "Finding", "Gate", "Origin", "Severity", "Source"]

Gate: TypeAlias = Literal["draft", "sign", "claim"]
Severity: TypeAlias = Literal["block", "warn"]
Origin: TypeAlias = Literal["contract", "gate", "contradiction", "coverage", "rule"]
"""What found it: a soft limit of the contract, a field that a gate asks for, two statements of the record that cannot
both hold, a draft that leaves something out or invents something, or a rule of billing."""
Certainty: TypeAlias = Literal["measured", "read", "third_party", "believed", "own"]
"""How we know: computed from the official table, read in the source, told by a third party, general knowledge that
nobody checked, or our own policy."""

GATES: Final[tuple[Gate, ...]] = ("draft", "sign", "claim")
"""The gates in the order in which a case passes them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What something rests on: a fact, or what became of the report."""

    fact: str
    """Fact id; `report.life` for what became of the report, `report.attachment` for its number as an attachment."""
    pointer: str
    """JSON pointer into the case file. Empty: it does not stand there."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from, as printed beside what it says."""

    title: str
    """Document."""
    locator: str
    """Place in it."""
    effective_from: date
    """Since when the rule holds."""
    checked_on: date
    """When it was last held against the source."""
    certainty: Certainty
    """How we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found about a case, with the one question that would settle it."""

    code: str
    """Stable identifier such as `contradiction.resolved_beyond_criterion`; of a billing rule, its id."""
    origin: Origin
    """What found it."""
    severity: Severity
    """`block` closes the gate while nobody has answered; `warn` does not."""
    gate: Gate
    """The first gate it concerns: draft (technologist), sign (professional), claim (billing)."""
    pointer: str
    """JSON pointer into the case file. Empty: the case as a whole, or no place in it."""
    message: str
    """What was found, in words fit for the report page; no patient identifier."""
    question: str
    """One short question for the person who can answer it."""
    who: str
    """Who can answer it: a code of the vocabulary `respondents`."""
    evidence: tuple[Evidence, ...] = ()
    """Facts it rests on."""
    sources: tuple[Source, ...]
    """Where the rule comes from. Never empty."""

    @property
    def blocking(self) -> bool:
        """Whether its gate stays closed while nobody has answered."""
        return self.severity == "block"

    @property
    def contradiction(self) -> bool:
        """Whether two statements of the record disagree: printed in a box on the page, never smoothed."""
        return self.origin == "contradiction"

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of the facts it rests on."""
        return tuple(evidence.fact for evidence in self.evidence)
