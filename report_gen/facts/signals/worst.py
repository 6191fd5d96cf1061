"""The worst of a response: its most severe recorded state in time between baseline and closing.

Numbers and words are ranked alike: absent before hard to elicit before reduced before unchanged, and a pattern by its
place in its vocabulary. A response that an event names without a reading of it takes its state from the kind of change.
A closing reading, an improvement, and a re-test behind a change for the worse are never the worst.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from report_gen.case.contract.signals import AlertCriterion, Reading
from report_gen.facts.builder import FactBuilder
from report_gen.facts.model import Fact, Value
from report_gen.facts.signals.changes import TOO_LARGE, Compared, change_phrase
from report_gen.facts.signals.criteria import ATTEMPTED_STATES, responded
from report_gen.facts.signals.naming import ChannelView, Moment
from report_gen.facts.signals.shares import share_phrase
from report_gen.facts.wording import joined, utc
from report_gen.vocab import vocabulary

__all__ = [
    "NO_READING",
    "Rank",
    "State",
    "equals",
    "event_state",
    "event_states",
    "names_nobody",
    "reading_state",
    "told",
    "worst_fact",
]

NO_READING: Final = "no reading between baseline and closing"
_NOT_PLACED: Final = float("-inf")
_UNCHANGED, _CHANGED, _, _ABSENT = range(4)
"""Ranks of a state; `severity` of the kinds of change is on the same scale."""
_STATE_RANKS: Final = {"reduced": 1, "changed": 1, "hard_to_elicit": 2}
"""Ranks of the states of a reading that say more than that there was a response."""
_TIMES_LISTED: Final = 3
"""Times of one state that are listed one by one."""

Rank = tuple[int, float]
"""How grave a state is: its rank, then its size within it, in percent of the baseline or by its pattern."""


@dataclass(frozen=True, slots=True)
class State:
    """One recorded state of a response after its baseline."""

    rank: Rank
    """How grave it is."""
    size: float | None
    """Change for the worse in percent of the baseline, infinite for a loss. None: nothing places it."""
    fact: Fact
    """The reading, or the event that says the state."""
    change: Fact | None
    """The reading's change from baseline. None: there is none."""
    status: str
    """Place against the alert criterion in force."""
    words: str
    """The state in words, such as `0.8 µV, 41 ms` or `lost`."""
    phrase: str
    """The same as its change from baseline where it has one, such as `amplitude −62%`."""
    share: str
    """The same in percent of its baseline where it can be compared, such as `38%, +1.3 ms`."""
    clock: str
    """When: a time, or onset or notice of the event. Empty: not recorded."""
    event: str = ""
    """Id of the event that it was recorded with. Empty: none."""
    at: datetime | None = None
    """The time behind `clock`. None: not recorded."""


def reading_state(b: FactBuilder, fact: Fact, comparison: Compared) -> State | None:
    """The state that a reading shows; None where no response was looked for, or the record does not say.

    Args:
        b: Collector.
        fact: The reading.
        comparison: The reading held against the alert criterion.
    """
    if comparison.reading.state not in ATTEMPTED_STATES:
        return None
    size = _size(comparison)
    change = b.by_id.get(f"{fact.id}.change")
    event = b.by_id.get(fact.group) if fact.kind.startswith("event.") else None
    clock, at = fact.text("at") or fact.text("when"), fact.instant("at")
    if event is not None and not clock:
        # A re-test comes after what it tests; where its time is not recorded, that of the event is not its time.
        retest = b.by_id.get(fact.id.rpartition(".reading")[0]) if fact.kind == "event.retest.reading" else None
        onset = b.by_id[f"{event.id}.onset"]
        clock, at = _begun(onset) if retest is None else (f"re-test {retest.text('number')}", None)
    return State(
        rank=_rank(comparison, size),
        size=size,
        fact=fact,
        change=change,
        status=comparison.status,
        words=fact.text("text"),
        phrase=_phrase(fact, change),
        share="absent" if fact.status == "absent" else share_phrase(change) or fact.text("text"),
        clock=clock,
        event=event.code("id") if event is not None and not (fact.value("at") or fact.value("when")) else "",
        at=at,
    )


def _phrase(fact: Fact, change: Fact | None) -> str:
    """A reading as its change from baseline; in full where it is absent, has no change, or one too large to print."""
    phrase = "" if fact.status == "absent" else change_phrase(change)
    return f"{fact.text('text')} ({phrase})" if TOO_LARGE in phrase else phrase or fact.text("text")


def _size(comparison: Compared) -> float | None:
    """How far a reading is from its baseline in the worse direction, in percent; None when it cannot be placed.

    The primary parameter of the modality counts; without it, or without its values, the first parameter that both
    readings give and that has a worse direction (latency-only responses, thresholds, flow, saturation). Of a response
    that is a finding to abolish, more of it is worse, and its absence is the best.
    """
    modality = vocabulary("modalities")[comparison.view.channel.modality]
    reference = comparison.reference
    baseline: Reading | None = reference[1] if reference else None
    if responded(comparison.reading) is False:
        had_response = None if baseline is None else responded(baseline)
        return _NOT_PLACED if had_response is False or modality.response_is_abnormal else float("inf")
    parameters = vocabulary("parameters")
    sizes: dict[str, float] = {}
    for change in comparison.changes:
        worse = parameters[change.parameter].worse
        if change.percent is not None and worse is not None:
            more_of_it = modality.response_is_abnormal and parameters[change.parameter].aspect == "size"
            upwards = worse == "increase" or more_of_it
            sizes[change.parameter] = change.percent if upwards else -change.percent
    if modality.primary_parameter in sizes:
        return sizes[modality.primary_parameter]
    if comparison.reading.amplitude_pct_of_baseline is not None:
        below = 100 - comparison.reading.amplitude_pct_of_baseline
        return -below if modality.response_is_abnormal else below
    return next(iter(sizes.values()), None)


def _rank(comparison: Compared, size: float | None) -> Rank:
    reading, reference = comparison.reading, comparison.reference
    if reading.pattern is not None:
        severity = vocabulary("emg_patterns")[reading.pattern].severity or 0
        as_before = reference is not None and reference[1].pattern == reading.pattern
        return (_CHANGED if severity and not as_before else _UNCHANGED, float(severity))
    if size == float("inf"):
        return (_ABSENT, size)
    said = _STATE_RANKS.get(reading.state, _UNCHANGED)
    if said and reference is not None and reference[1].state == reading.state:
        # As at baseline: nothing got worse.
        return (_UNCHANGED, _NOT_PLACED if size is None else size)
    if said > _CHANGED:
        return (said, float("inf"))
    return (_CHANGED if comparison.status == "beyond_criterion" else said, _NOT_PLACED if size is None else size)


def _begun(onset: Fact) -> tuple[str, datetime | None]:
    """Onset or notice of an event in words, and its instant."""
    if onset.text("onset_at") or onset.text("when"):
        return onset.text("onset_at") or onset.text("when"), onset.instant("onset_at")
    noticed = onset.text("noticed_at")
    return (f"noticed {noticed}" if noticed else ""), onset.instant("noticed_at")


@dataclass(frozen=True, slots=True)
class _Said:
    """The state that an event's kinds of change leave a response in."""

    rank: int
    """How grave; 0 where they are not for the worse."""
    words: str
    """The state in words."""
    certain: bool
    """Whether the record says that it was reached; of two kinds of which it was one, only one was."""


def _said(b: FactBuilder, event: Fact) -> _Said:
    kinds = vocabulary("change_directions")
    codes = (event.code("direction"), *event.codes("further"))
    entries = [entry for code in codes if (entry := kinds.get(code)) is not None]
    worse = [entry for entry in entries if entry.severity]
    if not worse:
        return _Said(0, "", certain=True)
    rank = max(entry.severity or 0 for entry in worse)
    either = any(row.id == event.code("id") and row.direction_order == "either" for row in b.case.events)
    told = worse if either else [entry for entry in worse if entry.severity == rank]
    words = [(entry.code == "other" and event.text("direction_other")) or entry.state for entry in told]
    certain = not either or all(entry.severity == rank for entry in entries)
    return _Said(rank, " or ".join(words) if either else joined(words), certain)


def _for_the_better(b: FactBuilder, event: Fact) -> bool:
    entry = vocabulary("change_directions").get(event.code("direction"))
    return event.status == "improvement" or (entry is not None and entry.better and not _said(b, event).rank)


def event_state(b: FactBuilder, event: Fact, status: str) -> State | None:
    """The state that an event's kind of change says of a response without a reading; None where it says none.

    Args:
        b: Collector.
        event: The event.
        status: Place of a lost response against the criterion in force; another change without numbers has none.
    """
    said = _said(b, event)
    severity, words = said.rank, said.words
    if not severity or event.status == "improvement":
        return None
    lost = severity == _ABSENT and said.certain
    clock, at = _begun(b.by_id[f"{event.id}.onset"])
    size = float("inf") if severity > _CHANGED else _NOT_PLACED
    told_as = words if lost else f"{words}, no value"
    without = status if status == "no_criterion" else "not_comparable"
    return State(
        rank=(severity, size),
        size=size if severity > _CHANGED else None,
        fact=event,
        change=None,
        status=status if lost else without,
        words=told_as,
        phrase=told_as,
        share=told_as,
        clock=clock,
        event=event.code("id"),
        at=at,
    )


def event_states(
    b: FactBuilder,
    view: ChannelView,
    readings: Sequence[tuple[Fact, Compared]],
    criterion: AlertCriterion | None,
) -> Iterator[State]:
    """What the events say of a response: their readings of it, else the state that their kind of change says.

    Args:
        b: Collector.
        view: The response.
        readings: Readings of events, held against the alert criterion.
        criterion: The alert criterion in force. None: none is recorded.
    """
    read = {
        fact.group
        for fact, comparison in readings
        if fact.kind == "event.reading" and comparison.reading.state in ATTEMPTED_STATES
    }
    wordless: dict[str, State] = {}
    for event in b.referring_to(view.fact_id):
        if event.kind == "event" and event.group not in read:
            _, at = _begun(b.by_id[f"{event.id}.onset"])
            gone = Compared(view, Reading.model_construct(state="absent"), Moment(at), criterion)
            state = event_state(b, event, gone.status)
            if state is not None:
                wordless[event.group] = state
                yield state
    for fact, comparison in readings:
        reading = reading_state(b, fact, comparison)
        if reading is None or _for_the_better(b, b.by_id[fact.group]):
            continue
        instead = wordless.get(fact.group)
        if instead is None or fact.kind == "event.reading" or reading.rank[0] > instead.rank[0]:
            yield reading


def names_nobody(event: Fact) -> bool:
    """Whether an event names no response, so that what it says is said of its modality and side as a whole."""
    return not event.inputs


def equals(states: Iterable[State]) -> list[State]:
    """The gravest states, all of equal rank, in order of time; those without a time keep their place behind."""
    every = list(states)
    highest = max((state.rank for state in every), default=None)
    kept = [state for state in every if state.rank == highest]
    if len(kept) < 2:
        return kept
    return sorted(kept, key=lambda state: (state.at is None, utc(state.at).timestamp() if state.at else 0.0))


def told(states: Sequence[State], said: Literal["words", "phrase", "share"] = "words") -> str:
    """States in words, each with every time at which it is recorded.

    Args:
        states: The states.
        said: Which words of each: the reading, its change from baseline, or what is left of the response.
    """
    by_words: dict[str, list[State]] = {}
    for state in states:
        by_words.setdefault(getattr(state, said), []).append(state)
    return "; ".join(f"{words}{_times(alike)}" for words, alike in by_words.items())


def _times(states: Sequence[State]) -> str:
    """When a state is recorded; a single one of an event stands in brackets with the event's id."""
    of_events = {utc(state.at) for state in states if state.event and state.at is not None}
    # A reading that an event repeats with its time is one state, told once.
    states = [state for state in states if state.event or state.at is None or utc(state.at) not in of_events]
    if len(states) == 1 and states[0].event:
        return f" ({', '.join(part for part in (states[0].event, states[0].clock) if part)})"
    whens = list(dict.fromkeys(_when(state) for state in states if state.clock or state.event))
    if not whens:
        return ""
    untimed = len([state for state in states if not state.clock and not state.event])
    more = f", {untimed} without time" if untimed else ""
    if len(whens) <= _TIMES_LISTED:
        return f", {joined(whens)}{more}"
    return f", {len(whens)} readings from {whens[0]} to {whens[-1]}{more}"


def _when(state: State) -> str:
    if not state.event:
        return state.clock
    return f"{state.clock} ({state.event})" if state.clock else state.event


def worst_fact(b: FactBuilder, view: ChannelView, states: Sequence[State], others: Sequence[Fact]) -> Fact:
    """Add the worst of a response.

    Args:
        b: Collector.
        view: The response.
        states: Its states between baseline and closing.
        others: Its further readings in that time: those of improvements, and those that show no state.
    """
    gravest = equals(states)
    place = f"/channels/{view.index}/measurements"
    values: list[Value]
    if gravest:
        first = gravest[0]
        change = first.change
        # Of several that are equally grave no one is the worst: they share their words, and no single value or time.
        own = [*first.fact.values, *(change.values if change else ())] if len(gravest) == 1 else []
        taken = own if first.fact.kind != "event" else []
        code = first.fact.code("text") if len({state.fact.code("text") for state in gravest}) == 1 else ""
        values = [
            Value("text", "; ".join(dict.fromkeys(state.words for state in gravest)), code=code),
            Value("told", told(gravest)),
            Value("phrase", told(gravest, "phrase")),
            *(value for value in taken if value.name != "text"),
        ]
        status, pointer = first.status, first.fact.pointer
    else:
        words = _only(b, others)
        values = [Value("text", words), Value("told", words), Value("phrase", words)]
        status, pointer = "none_between", place
    parts = [fact for state in gravest for fact in (state.fact, state.change) if fact is not None]
    return b.compute(
        f"{view.fact_id}.worst",
        "channel.worst",
        pointer,
        values,
        formula="most severe recorded state between baseline and closing: absent, hard to elicit, beyond its "
        "criterion, else farthest from baseline in the worse direction; equals together",
        inputs=dict.fromkeys(fact.id for fact in (*parts, *(() if gravest else others), b.by_id[view.fact_id])),
        group=view.fact_id,
        status=status,
        side=view.channel.side,
        modality=view.channel.modality,
        site=view.site,
    )


def _only(b: FactBuilder, others: Sequence[Fact]) -> str:
    """What there is in place of a state."""
    if not others:
        return NO_READING
    better = [fact for fact in others if fact.kind.startswith("event.") and _for_the_better(b, b.by_id[fact.group])]
    ids = dict.fromkeys(b.by_id[fact.group].code("id") for fact in better)
    words = dict.fromkeys(
        fact.text("text")
        for fact in others
        if fact not in better and fact.status not in (*ATTEMPTED_STATES, "not_recorded")
    )
    parts = [*words, *([f"no change for the worse, see {joined(ids)}"] if ids else [])]
    return "; ".join(parts) or NO_READING
