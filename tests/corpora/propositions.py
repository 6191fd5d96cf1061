"""What the frozen corpora say: propositions, each in a type of its own.

The sentences of a corpus outlive the facts that they were written about. A proposition therefore names no kind and no
id of a fact: it says of a response, an event or a modality what was so, when, how much, and who did it, in the codes of
the sample that it was read from. ``v0.1.0/README.md`` says how the rows were made and how to use them.

A field is None where the cited fact does not say it; ``where`` leads to the rest of the record. Units are in the names
of parameters, times are zoned as the sample writes them, durations are minutes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Pointer = Annotated[str, Field(pattern=r"^(/[^/]+)+$")]
Phase = Literal["baseline", "intraop", "closing", "event", "retest"]
Outcome = Literal["met", "not_met", "not_comparable"]


class Frozen(BaseModel):
    """A value that is read strictly: nothing unknown, nothing converted but times."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


# --- what propositions are about -------------------------------------------------------------------------------------


class Response(Frozen):
    """One response of one side; never several, never both sides."""

    modality: str
    side: Literal["left", "right", "midline", "not_recorded", "not_applicable"]
    nerve: str | None = None
    muscle: str | None = None
    level: str | None = None
    electrode: str | None = None
    peak: str | None = None
    channel: str | None = None
    """Name of the channel in the sample. None: the sample has none; modality, side and level are then the event's."""


class Who(Frozen):
    """A person or a role, as far as the fact names them."""

    role: str | None = None
    """Code; `not_recorded` where the record has somebody act and does not say who."""
    person: str | None = None
    """Reference in the sample."""
    name: str | None = None
    """Name with degree, as the report prints it."""


class Condition(Frozen):
    """One comparison of a criterion."""

    parameter: str
    threshold: float | None
    """In the unit of the parameter's name. None: the parameter is a state."""


class Criterion(Frozen):
    """A criterion in force."""

    conditions: tuple[Condition, ...]
    logic: Literal["any", "all"]
    baseline_kind: str
    reference: str


class Quantity(Frozen):
    """One measured value."""

    parameter: str
    """With its unit, such as `amplitude_uv`."""
    value: float


class Judged(Frozen):
    """One reading of a response against a criterion."""

    response: Response
    outcome: Outcome


class Says(Frozen):
    """What every proposition has."""

    where: tuple[Pointer, ...] = Field(min_length=1)
    """JSON pointers into the sample, the first to what the proposition is of."""


# --- events ----------------------------------------------------------------------------------------------------------


class EventClass(Says):
    """The event is of this class."""

    says: Literal["event_class"]
    event: str
    event_class: str


class EventModality(Says):
    """The event is of this modality."""

    says: Literal["event_modality"]
    event: str
    modality: str


class Change(Says):
    """The event is this change of this one response."""

    says: Literal["change"]
    event: str
    direction: str | None
    """None: the fact names the response and not what became of it."""
    parameter: str | None
    """What decreased or increased. None: the direction says it all."""
    response: Response


class OnsetKind(Says):
    """The change set in like this."""

    says: Literal["onset_kind"]
    event: str
    onset_kind: str


class EventTime(Says):
    """The event began, was noticed, or had its last unaffected trace at this time."""

    says: Literal["event_time"]
    event: str
    which: Literal["onset", "noticed", "last_unaffected"]
    at: AwareDatetime


class OnsetWindow(Says):
    """The onset lies somewhere between the last unaffected trace and when the change was noticed."""

    says: Literal["onset_window"]
    event: str
    from_at: AwareDatetime
    to_at: AwareDatetime
    minutes: float


class CriterionMet(Says):
    """The event, by any one of its readings, met its criterion, or not, or the record does not allow an answer."""

    says: Literal["criterion_met"]
    event: str
    criterion: Criterion
    outcome: Outcome
    readings: tuple[Judged, ...]
    """Each reading of the event by itself; the fact does not name them."""


class Context(Says):
    """This went on at the time of the event; nothing is said of a cause."""

    says: Literal["context"]
    event: str
    code: str


class ContextNote(Says):
    """The record describes the context in these words."""

    says: Literal["context_note"]
    event: str
    text: str


class Excluded(Says):
    """The record says that this cause was checked and excluded."""

    says: Literal["excluded"]
    event: str
    code: str


class Told(Says):
    """Somebody told somebody of the event."""

    says: Literal["told"]
    event: str
    to: Who
    by: Who
    at: AwareDatetime


class ToldAfter(Says):
    """This long after onset, or after it was noticed, somebody was told."""

    says: Literal["told_after"]
    event: str
    to: Who
    counted_from: Literal["onset", "noticed"]
    from_at: AwareDatetime
    to_at: AwareDatetime
    minutes: float
    """Negative: told before."""


class Acknowledged(Says):
    """Somebody who was told acknowledged."""

    says: Literal["acknowledged"]
    event: str
    who: Who
    at: AwareDatetime
    reply: str | None
    """In that person's words."""


class Act(Says):
    """Somebody did something about the event; nothing is said of its effect."""

    says: Literal["act"]
    event: str
    who: Who
    code: str
    at: AwareDatetime | None
    side: Literal["left", "right", "midline"] | None
    level: str | None
    detail: str | None
    agent: str | None
    dose: float | None
    dose_unit: str | None
    map_target_mmhg: float | None


class Retest(Says):
    """The responses were tested again."""

    says: Literal["retest"]
    event: str
    number: int
    """1 for the first of the event."""
    at: AwareDatetime | None


class Resolution(Says):
    """The event ended like this."""

    says: Literal["resolution"]
    event: str
    resolution_class: str | None
    """None: only whether it is a return is said."""
    returned: bool
    """Whether the class is a return to baseline or to within the criterion."""
    at: AwareDatetime | None
    """When the responses were so; not when somebody assigned the class, which no sample records."""
    assigned_by: Who | None


class Duration(Says):
    """From onset to resolution it took this long."""

    says: Literal["duration"]
    event: str
    from_at: AwareDatetime
    to_at: AwareDatetime
    minutes: float


# --- readings --------------------------------------------------------------------------------------------------------


class Reading(Says):
    """What one look at one response showed."""

    says: Literal["reading"]
    response: Response
    phase: Phase
    event: str | None
    at: AwareDatetime | None
    state: Literal["measured", "present", "absent"]
    pattern: str | None
    description: str | None
    quantities: tuple[Quantity, ...]
    stated_pct_of_baseline: float | None
    """Amplitude in percent of baseline as the record states it, without a number to compute it from."""


class Compared(Says):
    """A reading of one response against its baseline. `where`: the reading, then the baseline."""

    says: Literal["compared"]
    response: Response
    phase: Phase
    event: str | None
    at: AwareDatetime | None
    parameter: str
    measure: Literal["percent_of_baseline", "percent_change", "difference"]
    amount: float
    """As printed: percent, or the unit of the parameter; negative for a decrease."""
    value: float
    """Computed from; the fact need not say it."""
    baseline: float
    """Likewise."""


class Farthest(Says):
    """No reading of the modality is farther from baseline in the worse direction than one of these responses."""

    says: Literal["farthest"]
    modality: str
    responses: tuple[Response, ...] = Field(min_length=1)
    """All equals."""


class CriterionReach(Says):
    """How far the criterion was met in a modality, over every reading of every response."""

    says: Literal["criterion_reach"]
    modality: str
    outcome: Literal["met", "none_met", "not_comparable"]
    """`none_met`: all were compared and none met it. `not_comparable`: none met it and not all could be compared."""
    criterion: Criterion | None
    """Of the modality; a reading of an event is held against the event's own, where it names one. None: the sample has
    none for the modality."""
    count: int | None
    """Responses that met it. None: not said."""
    of: int | None
    """Responses with a reading that can be placed against a baseline. None: not said."""
    responses: tuple[Response, ...]
    """Those that met it; the fact does not name them."""


class Pattern(Says):
    """Some reading of the modality, at any time, showed this pattern."""

    says: Literal["pattern"]
    modality: str
    pattern: str
    responses: tuple[Response, ...] = Field(min_length=1)
    """Those that showed it; the fact does not name them. `where` leads to each reading."""


# --- times and modalities --------------------------------------------------------------------------------------------


class Gap(Says):
    """No data were recorded for a while."""

    says: Literal["gap"]
    modalities: tuple[str, ...]
    """Empty: the record names none."""
    from_at: AwareDatetime
    to_at: AwareDatetime
    minutes: float
    reason: str
    detail: str


class Monitored(Says):
    """Monitoring ran from then to then; the minutes leave out what was not monitored in between."""

    says: Literal["monitored"]
    from_at: AwareDatetime
    to_at: AwareDatetime
    minutes: float


class Performed(Says):
    """The modality was recorded."""

    says: Literal["performed"]
    modality: str


class BaselineReview(Says):
    """The baselines of a modality were reviewed."""

    says: Literal["baseline_review"]
    modality: str
    acceptance: str
    by: Who
    at: AwareDatetime
    note: str | None


class NotRecorded(Says):
    """The record does not say this; nothing is said of whether it was so."""

    says: Literal["not_recorded"]
    what: Literal[
        "onset_time", "act_time", "retest_time", "resolution", "resolution_time", "monitoring_times", "baseline_review"
    ]
    event: str | None
    modality: str | None


# --- counts ----------------------------------------------------------------------------------------------------------


class EventCount(Says):
    """So many events of a class are recorded: these."""

    says: Literal["event_count"]
    event_class: Literal["alert", "change", "improvement"]
    count: int
    events: tuple[str, ...]


class Endings(Says):
    """Of the alerts and changes, these are recorded as returned to baseline or to within criterion, the others not."""

    says: Literal["endings"]
    returned: tuple[str, ...]
    others: tuple[str, ...]


class ClosingCount(Says):
    """So many responses, by their last reading at closing."""

    says: Literal["closing_count"]
    relation: Literal["read", "compared", "within_criterion", "beyond_criterion", "not_compared"]
    count: int
    responses: tuple[Response, ...]
    """Those counted; the fact does not name them."""


Proposition = Annotated[
    EventClass
    | EventModality
    | Change
    | OnsetKind
    | EventTime
    | OnsetWindow
    | CriterionMet
    | Context
    | ContextNote
    | Excluded
    | Told
    | ToldAfter
    | Acknowledged
    | Act
    | Retest
    | Resolution
    | Duration
    | Reading
    | Compared
    | Farthest
    | CriterionReach
    | Pattern
    | Gap
    | Monitored
    | Performed
    | BaselineReview
    | NotRecorded
    | EventCount
    | Endings
    | ClosingCount,
    Field(discriminator="says"),
]
"""Everything that a cited fact of the corpora says."""
