"""The values of claim readiness, from counted minutes to the assessment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from report_gen.facts.intervals import Span
from report_gen.finding import Finding

__all__ = [
    "Assessment",
    "Attention",
    "Excluded",
    "ExcludedReason",
    "Lag",
    "Line",
    "Minutes",
    "MissingInput",
    "Place",
    "RuleFinding",
    "RuleOutcome",
    "Study",
]

RuleOutcome: TypeAlias = Literal["pass", "fail", "confirm", "not_applicable"]
"""Met; not met; a person must find out; the rule does not concern this case. Unknown is `confirm`, never `pass`."""
Place: TypeAlias = Literal["in_room", "remote"]
"""Where the professional was: in the operating room, or anywhere else. Only the professional's place counts, never the
technologist's (billing reference §0 fact 2)."""

MissingInput: TypeAlias = Literal["reader_log", "monitoring_intervals", "concurrency", "anesthesia_time"]
"""What minutes are computed from and a record may lack."""
ExcludedReason: TypeAlias = Literal[
    "setup", "baseline", "removal", "standby", "gap", "outage", "not_monitoring", "outside_anesthesia"
]
"""Why a minute of the professional's log does not count: a code of `interval_kinds`, or one of the last two."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """Minutes of the professional's log that do not count."""

    reason: ExcludedReason
    """Why; where several reasons fit, the first of this list, so that minutes are given away once."""
    minutes: float
    """How many."""
    facts: tuple[str, ...]
    """Facts that say so."""


@dataclass(frozen=True, slots=True)
class Attention:
    """One professional's minutes in one place."""

    person: str
    """Fact id of the professional, such as `person.prof1`."""
    place: Place
    """In the room or not."""
    logged_min: float
    """Union of the logged sessions."""
    excluded: tuple[Excluded, ...]
    """What does not count, by reason; the parts add up to `logged_min` less `counted_min`."""
    exclusive: tuple[Span, ...]
    """Countable stretches with no other case of any payer open."""
    shared: tuple[Span, ...]
    """Countable stretches with another case open."""
    undetermined: tuple[Span, ...]
    """Countable stretches for which the record does not say whether another case was open: neither counts nor lists
    it, or counts other cases where the list of them names none or too few."""
    allotted: tuple[Span, ...]
    """Stretches with other cases counted as open that the log of other cases leaves to this case, and names as many
    other cases in the same clock hour, or next to the stretch: one professional's time dealt out between patients.
    Neither exclusive nor shared unless the practice counts it."""
    facts: tuple[str, ...]
    """Sessions, and sessions in other cases, that this rests on."""
    among_medicare: tuple[Span, ...] = ()
    """Those of `allotted` whose other cases are all recorded as Medicare fee-for-service. No other may be counted."""

    @property
    def counted_min(self) -> float:
        """Minutes inside monitoring, whatever else was open."""
        return sum(span.length.total_seconds() for span in self.every) / 60

    @property
    def every(self) -> tuple[Span, ...]:
        """All countable stretches in order."""
        return tuple(sorted((*self.exclusive, *self.shared, *self.undetermined, *self.allotted)))


@dataclass(frozen=True, slots=True)
class Minutes:
    """The professionals' minutes of a case."""

    attention: tuple[Attention, ...]
    """By professional in order of first session, and place."""
    missing: tuple[MissingInput, ...]
    """What the record lacks. `reader_log` and `monitoring_intervals`: nothing can be computed and `attention` is
    empty."""
    monitored_min: float | None = None
    """Monitored time, as the report prints it. None: no monitoring interval is recorded."""
    attended_min: float | None = None
    """Monitored time that any professional attended, as the report prints it: what is counted is this, inside
    anesthesia, by professional and place. None: no monitoring interval or no session is recorded."""
    unattended: tuple[Span, ...] = ()
    """The rest of the monitored time, in order. Empty also where `attended_min` is None."""


@dataclass(frozen=True, slots=True)
class Study:
    """A base study that the record supports."""

    concept: str
    """Concept id, such as `sep.both`."""
    units: int
    """How many."""
    facts: tuple[str, ...]
    """Modalities and channels that it rests on."""
    uncertain: str = ""
    """Why a person must confirm that this is the right concept. Empty: nothing to confirm."""


@dataclass(frozen=True, slots=True)
class Line:
    """One proposed line of the claim."""

    id: str
    """`L1`, `L2` … in the order of the claim: monitoring first."""
    concept: str
    """Concept id, such as `mon.remote_exclusive`."""
    label: str
    """Our own words for it."""
    code: str
    """Code from the map that the practice provides, or of a public code set. Empty: no map."""
    units: int
    """Units by the policy in force."""
    minutes: float | None
    """Minutes behind the units. None: not a time line."""
    rounding: str
    """Policy applied: `midpoint`, `completed`. Empty: not a time line."""
    modifiers: tuple[str, ...]
    """Modifiers proposed."""
    person: str
    """Fact id of the professional who reports the line."""
    npi: str
    """Identifier of that professional as recorded. Empty: not recorded."""
    date_of_service: date
    """Start date of the case, also past midnight."""
    diagnoses: tuple[str, ...]
    """Fact ids of the diagnoses it points to, main one first."""
    facts: tuple[str, ...]
    """Facts it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding(Finding):
    """What one rule says about the case, met or not; `report-gen rules show CODE` explains the rule."""

    topic: str
    """Topic of the rule."""
    outcome: RuleOutcome
    """What was found."""
    action: str
    """What to do. Empty when there is nothing to do."""
    lines: tuple[str, ...] = ()
    """Lines of the claim that it concerns. Empty: all of them, or none."""
    denials: tuple[str, ...] = ()
    """Adjustment reason codes that it invites while open. Empty for `pass` and `not_applicable`."""

    @property
    def open(self) -> bool:
        """Whether somebody has something to do."""
        return self.outcome in ("fail", "confirm")


@dataclass(frozen=True, slots=True)
class Lag:
    """How long the report took."""

    closed_at: datetime | None
    """End of monitoring. None: not recorded."""
    drafted_at: datetime | None
    """When the draft was made. None: not recorded."""
    signed_at: datetime | None
    """When it was signed. None: not signed, or not recorded."""
    close_to_draft_min: float | None
    """Minutes from the first to the second. None: one is missing."""
    close_to_signed_min: float | None
    """Minutes from the first to the third. None: one is missing."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that can be said about billing a case from its record."""

    case_id: str
    """Case identifier of the practice."""
    date_of_service: date
    """Start date."""
    payer_class: str
    """Payer class; `unknown` when not recorded."""
    policy: str
    """Id of the payer policy applied."""
    policy_confirmed: bool
    """Whether that policy is known or was confirmed by the practice. False: a template that asks."""
    minutes: Minutes
    """The professionals' minutes."""
    studies: tuple[Study, ...]
    """Base studies that the record supports."""
    lines: tuple[Line, ...]
    """Proposed lines."""
    findings: tuple[RuleFinding, ...]
    """One for each rule, or several: open and blocking ones first."""
    lag: Lag
    """From the end of monitoring to draft and signature."""
    rules_checked_on: date
    """Oldest check among the rules applied."""
    has_code_map: bool
    """Whether the practice provided codes; without them the lines speak in concepts."""

    @property
    def open(self) -> tuple[RuleFinding, ...]:
        """Findings that somebody must act on."""
        return tuple(finding for finding in self.findings if finding.open)

    @property
    def blocked(self) -> bool:
        """Whether an open finding holds the claim back."""
        return any(finding.blocking for finding in self.open)

    @property
    def statement(self) -> str:
        """The strongest thing that may be said."""
        if not self.open:
            return f"No open item found by these rules (oldest check {self.rules_checked_on.isoformat()})."
        blocking = sum(finding.blocking for finding in self.open)
        return f"{len(self.open)} open, {blocking} of them to be settled before the claim goes out."
