"""Types of the entries of each vocabulary: the properties of a modality, a parameter, a role."""

# No `from __future__ import annotations`: a file is checked against the annotations, which must be types by then.
# No `@dataclass` either: it would compile some eighty functions in every process, 10 ms of each command.

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal, NoReturn

__all__ = [
    "KINDS",
    "Agent",
    "Aspect",
    "ChangeDirection",
    "CriterionParameter",
    "EmgPattern",
    "Entry",
    "EventClass",
    "Icd10Trap",
    "IntervalKind",
    "Intervention",
    "Level",
    "Milestone",
    "Modality",
    "Muscle",
    "Parameter",
    "PlaceOfService",
    "ProcedureFamily",
    "ResolutionClass",
    "Respondent",
    "Role",
    "TestKind",
    "properties_of",
]


class Entry:
    """One term; all there is to say of it in most vocabularies. Made by `reader` alone, not changed after."""

    code: str
    """Stable code, as in case files."""
    display: str
    """The term as printed inside a sentence."""
    abbreviation: str | None = None
    """Printed abbreviation. None: the field uses none."""
    synonyms: tuple[str, ...]
    """Other forms that sites write."""
    former: tuple[str, ...] = ()
    """Codes that case files may hold for it from earlier versions of the contract; they load as this one."""
    source: str
    """Document and place the term comes from."""

    _PRINTED: ClassVar[tuple[str, ...]] = ("display", "abbreviation")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: an entry is shared by all threads."""
        raise AttributeError(f"{type(self).__name__}.{name} is set once")

    def __repr__(self) -> str:
        """The type and the code."""
        return f"{type(self).__name__}({self.code!r})"

    @property
    def printed(self) -> tuple[str, ...]:
        """Every form in which the term is printed."""
        return tuple(form for name in self._PRINTED if (form := getattr(self, name)))


class Agent(Entry):
    """A drug of anesthesia."""

    kind: Literal[
        "alpha2_agonist", "hypnotic", "nmb", "nmb_reversal", "opioid", "other", "steroid", "vasopressor", "volatile"
    ]
    """Its class; `nmb` blocks the neuromuscular junction."""
    infusion_units: tuple[str, ...]
    """Codes of `dose_units` for an infusion, or for inhaling. Empty: not given so."""
    bolus_units: tuple[str, ...]
    """Codes of `dose_units` for a bolus. Empty: not given so."""


Aspect = Literal["size", "latency", "interpeak", "threshold"]
"""What of a response a parameter measures: how much there is of it, how late, or what it takes to elicit it."""


class ChangeDirection(Entry):
    """A kind of change."""

    article: Literal["a", "an", "the", ""]
    """Article before the term in a sentence. Empty: it takes none."""
    raises: tuple[Aspect, ...] = ()
    """What rises in such a change."""
    lowers: tuple[Aspect, ...] = ()
    """What falls in such a change."""
    severity: int | None = None
    """The state that it leaves a response in: 3 absent, 2 hard to elicit, 1 reduced or changed. None: not worse."""
    state: str = ""
    """That state in words, of a response. Empty: it is no change for the worse."""
    better: bool = False
    """Whether it is a change for the better."""

    _PRINTED: ClassVar = (*Entry._PRINTED, "state")


class CriterionParameter(Entry):
    """What an alert criterion compares."""

    parameter: str | None
    """Code of `parameters`, the field of the reading. None: no number is compared."""
    comparison: Literal["decrease_pct", "increase_pct", "increase_abs", "at_most", "loss", "state"]
    """How: against baseline in percent or in the unit, as an amount, by loss, or by judgement of a state."""
    unit: str
    """Unit of the threshold as printed. Empty: there is no threshold."""
    met_by: tuple[str, ...] = ()
    """Codes of `emg_patterns` that are the state themselves. Empty: whether it is there is only judged."""
    not_met_by: tuple[str, ...] = ()
    """Codes of `emg_patterns` that rule it out."""


class EmgPattern(Entry):
    """A pattern of free-run activity."""

    severity: int | None = None
    """Place among the patterns of one response, 0 for none or undisturbed activity, higher for the graver; patterns
    that nothing ranks share a place. None: it is not a finding for the worse."""


class EventClass(Entry):
    """A class of event."""

    signal_rank: int | None = None
    """Place among the classes that are about a response, 1 for the gravest. None: it is not about one."""
    deteriorates: bool = False
    """Whether the response got worse, so that what was done and how it ended must be told."""


class Icd10Trap(Entry):
    """An ICD-10-CM code that needs care."""

    billable: bool
    """False: a category that needs more digits."""
    side: Literal["left", "right", "bilateral"] | None
    """Side that the code says. None: it says none."""


class IntervalKind(Entry):
    """A kind of interval."""

    part: Literal["preparation", "monitoring", "break", "removal"]
    """Part of the case. A break interrupts monitoring: its cause is told, and no lane is drawn through it."""
    order: int
    """Place in the order in which a report tells of them, from 0."""
    stops_monitoring: bool = False
    """Whether its time is no monitoring at all. False: it is monitoring, or for some of the modalities it is."""
    left_out_as: str = ""
    """What its minutes are called where they are left out of a claim. Empty: they are not left out."""


class Intervention(Entry):
    """What somebody did about a change."""

    done: str
    """Completes "The surgeon ..."."""
    either: bool = False
    """Whether it names several things of which one was done: the record's own words say which."""

    _PRINTED: ClassVar = (*Entry._PRINTED, "done")


class Level(Entry):
    """A vertebral, root or dermatomal level."""

    region: Literal["skull", "cervical", "thoracic", "lumbar", "sacral", "pelvis"]
    """Part of the spine."""
    order: int
    """Place from head to tail, from 0."""


TestKind = Literal["screw", "nerve", "dilator", "not_stated"]
"""What is stimulated in a threshold test."""


class Milestone(Entry):
    """A step of anesthesia or surgery."""

    may_be_act: bool = False
    """Whether it may be what was done about a change, so that nobody may say that nothing is recorded."""


class Modality(Entry):
    """A modality of monitoring."""

    group: Literal[
        "sensory",
        "motor",
        "mapping",
        "emg",
        "neuromuscular",
        "cranial_nerve",
        "reflex",
        "brain",
        "perfusion",
    ]
    """What it watches."""
    site_kind: Literal["nerve", "muscle", "level", "electrode_site", "none"]
    """What names a channel."""
    core_parameters: tuple[str, ...]
    """Codes of `parameters` that a baseline needs."""
    primary_parameter: str | None
    """Code of `parameters` that is trended as percent of baseline. None: none is."""
    stimulated: bool
    """Whether somebody or something stimulates."""
    core_stimulation: tuple[str, ...]
    """Settings that must be recorded, fields of the contract's stimulation."""
    needs_tof: bool
    """Whether a statement depends on the neuromuscular block."""
    channel_label: str
    """The modality as it follows a site, such as `SSEP` in "median nerve SSEP"."""
    response_is_abnormal: bool = False
    """Whether the response is a finding to abolish, so that its absence is no loss."""
    electrodes: bool = True
    """False: no electrode is placed."""
    impedances: bool = True
    """False: its electrodes are checked in another way."""
    transcranial: bool = False
    """Whether it stimulates through the skull, which the safety screen is for."""
    cranial: bool = False
    """Whether it is of a cranial nerve although its group is sensory or motor."""
    baseline_in_field: bool = False
    """Whether its baseline may need the exposed field, so that the first one can follow the incision."""
    test_kind: TestKind | None = None
    """Kind of threshold test that it consists of. None: it is not made of tests."""
    kind_stated: bool = True
    """False: how the response is elicited is not stated, nor what of it is judged."""
    milestone: str | None = None
    """Code of `milestones` that records it. None: it has readings, tests or results of its own."""
    amplitude_decimals: int = 1
    """Digits after the point of an amplitude in µV as printed."""

    _PRINTED: ClassVar = (*Entry._PRINTED, "channel_label")

    @property
    def of_block(self) -> bool:
        """Whether it is a control of the neuromuscular block, which assesses no structure and has no criterion."""
        return self.group == "neuromuscular"


class Muscle(Entry):
    """A muscle recorded."""

    limb: Literal["face", "larynx", "upper", "trunk", "lower", "pelvic", "not_stated"]
    """Region of the body."""
    several: bool = False
    """Whether it stands for several muscles recorded as one; who names one of them does not name it."""


class Parameter(Entry):
    """A quantity, by the field that holds it."""

    unit: str
    """Unit as printed. Empty: it has none."""
    worse: Literal["increase", "decrease"] | None
    """Direction of deterioration. None: neither is one."""
    change: Literal["percent", "difference"] | None = None
    """How a change from baseline is judged and shown. None: it is not compared with a baseline."""
    aspect: Aspect | None = None
    """What of a response it measures. None: it is not compared with a baseline."""
    change_label: str = ""
    """Short word before its change. Empty: it is not compared with a baseline."""
    value_label: str = ""
    """Word before a value that its unit does not tell apart from others. Empty: the unit does."""
    short_name: str = ""
    """Name of a physiological value where several stand together. Empty: it is none."""
    always_stated: bool = False
    """Whether a report states that the record has no value of it (clinical reference §1.5)."""
    beside_alert: bool = False
    """Whether its value stands beside an alert, behind the pressure with its target."""
    decimals: int | None = None
    """Digits after the point as printed; an amplitude in µV has those of its modality. None: as recorded."""
    exact: bool = False
    """Whether further digits of the record are printed as well, because a small difference counts."""

    _PRINTED: ClassVar = (*Entry._PRINTED, "unit", "change_label", "value_label", "short_name")


class PlaceOfService(Entry):
    """A place of service."""

    facility: bool
    """Whether the patient of an operation can be there."""


class ProcedureFamily(Entry):
    """A family of procedures."""

    at_levels: bool = False
    """Whether it is done at vertebral levels, which a report must name."""


class ResolutionClass(Entry):
    """How an event ended."""

    recovered: bool
    """Whether it counts as a return to baseline or to within criterion."""


class Respondent(Entry):
    """Who can answer a finding."""

    asked_in: tuple[str, ...]
    """Documents that may ask them: `report`, `claim`."""
    office: str | None = None
    """How the claim's checklist calls them, where the person is asked through an office. None: by the term."""


class Role(Entry):
    """A role in the case."""

    team: Literal["surgical", "anesthesia", "monitoring"] | None = None
    """Team it belongs to. None: the role does not say."""
    place: Literal["surgeon", "anesthesia", "technologist", "interpreting professional"] | None = None
    """Place in the team that a report names, which it fills. None: none of these."""
    reads: bool = False
    """Whether it can read a study, so that its minutes can be reported."""
    logged_as: Literal["attendance", "session"] | None = None
    """What the log calls its times of attendance, which a report tells beside its name. None: it tells none."""


KINDS: Final[Mapping[str, type[Entry]]] = MappingProxyType(
    {
        "agents": Agent,
        "change_directions": ChangeDirection,
        "criterion_parameters": CriterionParameter,
        "emg_patterns": EmgPattern,
        "event_classes": EventClass,
        "icd10cm_traps": Icd10Trap,
        "interval_kinds": IntervalKind,
        "interventions": Intervention,
        "levels": Level,
        "milestones": Milestone,
        "modalities": Modality,
        "muscles": Muscle,
        "parameters": Parameter,
        "places_of_service": PlaceOfService,
        "procedure_families": ProcedureFamily,
        "resolution_classes": ResolutionClass,
        "respondents": Respondent,
        "roles": Role,
    }
)
"""Type of the entries of each vocabulary that says more than `Entry`."""


def properties_of(kind: type[Entry]) -> Mapping[str, Any]:
    """The properties of a kind of entry with their types, those of every entry first."""
    properties: dict[str, Any] = {}
    for base in reversed(kind.__mro__[:-1]):
        properties |= {name: hint for name, hint in base.__annotations__.items() if not name.startswith("_")}
    return properties
