"""One finding, whoever made it: what was found, who can answer it, and where the rule comes from.

The contract's soft limits, the gates, the contradictions, the coverage of the draft and the rules of billing all say
what they found in this one shape, so that a page, a worklist or a form reads one type.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

__all__ = [
    "CONCERNS",
    "GATES",
    "AnswerKind",
    "Certainty",
    "Concern",
    "Evidence",
    "Finding",
    "Gate",
    "GivenAnswer",
    "Origin",
    "Severity",
    "Source",
]

Gate: TypeAlias = Literal["draft", "sign", "claim"]
Severity: TypeAlias = Literal["block", "warn"]
Origin: TypeAlias = Literal["contract", "gate", "contradiction", "coverage", "rule"]
"""What found it: a soft limit of the contract, a field that a gate asks for, two statements of the record that cannot
both hold, a draft that leaves something out or invents something, or a rule of billing."""
Certainty: TypeAlias = Literal["measured", "read", "third_party", "believed", "own"]
"""How we know: computed from the official table, read in the source, told by a third party, general knowledge that
nobody checked, or our own policy."""

Concern: TypeAlias = Literal["side", "time", "value", "told", "words", "outcome", "who", "record", "settings"]
"""What is at stake: a side, a time, a value, who was told and answered, a person's words, what became of the patient or
of a response, who was there, another entry of the record, or how it was recorded."""
AnswerKind: TypeAlias = Literal["yes", "no", "stands_as_written", "not_known"]
"""How a person may answer, as in the case file."""

CONCERNS: Final[tuple[Concern, ...]] = get_args(Concern)
"""The concerns by consequence, the gravest first."""
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


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a person of the record answered to a finding."""

    fact: str
    """Fact id of the answer."""
    text: str
    """The answer, the role of who gave it, and when. Name and reason stand in its fact alone: findings are shown on
    screens and in logs."""
    settles: bool
    """Whether it settles the finding: given by somebody who can answer it, and of a kind that answers it."""


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
    concern: Concern = "record"
    """What is at stake; findings are put in this order."""
    subject: str = ""
    """Id of the event, channel, modality or person it is about, as an answer in the case file names it. Empty: the
    record as a whole."""
    about: str = ""
    """That subject as a reader knows it: the event or response, with its time. Empty: the record as a whole."""
    topic: str = ""
    """Findings of one topic for one respondent are asked as one question. Empty: by itself."""
    on_page: bool = False
    """Whether the report shows it: it closes a gate, or changes how a value is read."""
    settled_by: tuple[AnswerKind, ...] = ()
    """Answers in the case file that settle it. Empty: only a correction of the record does."""
    answers: tuple[GivenAnswer, ...] = ()
    """Answers given so far, in the order of the case file."""

    @property
    def settled(self) -> bool:
        """Whether somebody who can answer it has."""
        return any(answer.settles for answer in self.answers)

    @property
    def blocking(self) -> bool:
        """Whether its gate stays closed: it blocks, and nobody who can has answered it."""
        return self.severity == "block" and not self.settled

    @property
    def contradiction(self) -> bool:
        """Whether two statements of the record disagree: printed in a box on the page, never smoothed."""
        return self.origin == "contradiction"

    @property
    def facts(self) -> tuple[str, ...]:
        """Ids of the facts it rests on."""
        return tuple(evidence.fact for evidence in self.evidence)
