"""A modality as a whole: what positioning did to it, which responses met the criterion, which patterns it showed.

The change from the pre-position to a later baseline is the only evidence of the effect of positioning. Source: clinical
reference §1.3 and §10 fact 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from report_gen.case.contract.signals import Measurement
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.model import Fact, Value
from report_gen.facts.signals.changes import FORMULA, percent_decimals
from report_gen.facts.signals.channels import ChannelCourse
from report_gen.facts.signals.criteria import Change, any_true, compare, meets, responded
from report_gen.facts.signals.naming import ChannelIndex, ChannelView, sided
from report_gen.facts.signals.shares import by_words
from report_gen.facts.signals.worst import State, equals
from report_gen.facts.wording import change_text, joined, percent_text, utc
from report_gen.vocab import vocabulary

__all__ = ["derive_modalities"]

_AFTER = ("post_position", "opening")


_PRINTED = 0.5
"""Least change in percent that does not print as none."""


@dataclass(frozen=True, slots=True)
class _BaselinePair:
    """The baselines of one channel before and after positioning."""

    view: ChannelView
    before: tuple[int, Measurement]
    after: tuple[int, Measurement]

    @property
    def lost(self) -> bool:
        """Whether a response present before positioning is absent after it; no change is larger."""
        return responded(self.before[1].reading) is True and responded(self.after[1].reading) is False

    @property
    def change(self) -> Change | None:
        """The change of the modality's primary parameter; None where the record gives no percentage."""
        primary = vocabulary("modalities")[self.view.channel.modality].primary_parameter
        for change in compare(self.after[1].reading, self.before[1].reading):
            if change.parameter == primary and change.percent is not None:
                return change
        return None

    @property
    def size(self) -> float:
        """Percent change in the worse direction; infinite for a loss, minus infinite when not comparable."""
        change = self.change
        if self.lost:
            return float("inf")
        if change is None or change.percent is None:
            return float("-inf")
        worse = vocabulary("parameters")[change.parameter].worse
        return change.percent if worse == "increase" else -change.percent


def derive_modalities(b: FactBuilder, channels: ChannelIndex, courses: Mapping[str, ChannelCourse]) -> None:
    """Add what each modality showed: its change with positioning, its extremes, its patterns."""
    _positioning(b, channels)
    by_modality: dict[str, list[ChannelView]] = {}
    for view in channels.views.values():
        by_modality.setdefault(view.channel.modality, []).append(view)
    for modality, views in by_modality.items():
        _extreme(b, courses, modality, views, has_criterion=channels.criterion_for(modality) is not None)
        _patterns(b, modality, views)


def _positioning(b: FactBuilder, channels: ChannelIndex) -> None:
    """Add, for each modality and kind of later baseline, the largest change from before positioning for the worse.

    Nothing is added where no response got worse.
    """
    pairs: dict[tuple[str, str], list[_BaselinePair]] = {}
    for view in channels.views.values():
        baselines = view.baselines()
        before = [pair for pair in baselines if pair[1].baseline_kind == "pre_position"]
        after = [pair for pair in baselines if pair[1].baseline_kind in _AFTER]
        if before and after:
            kind = after[0][1].baseline_kind or ""
            pairs.setdefault((view.channel.modality, kind), []).append(_BaselinePair(view, before[-1], after[0]))
    for (modality, kind), channel_pairs in pairs.items():
        # Where nothing got worse there is no largest change for the worse; the least gain is none.
        if any(pair.size >= _PRINTED for pair in channel_pairs):
            _largest(b, channels, (modality, kind), channel_pairs)
    for kind in dict.fromkeys(kind for _, kind in pairs):
        every = [pair for (_, after), row in pairs.items() if after == kind for pair in row]
        if any(pair.size >= _PRINTED for pair in every):
            _largest_of_all(b, kind, every)


def _largest_of_all(b: FactBuilder, kind: str, pairs: list[_BaselinePair]) -> None:
    """Add the largest change for the worse over all modalities, which stands for that of each."""
    most = max(pair.size for pair in pairs)
    largest = [pair for pair in pairs if pair.size == most]
    facts = [fact for fact in b.of_kind("modality.positioning") if fact.code("after") == kind]
    b.compute(
        "aggregate.positioning" + ("" if kind == _AFTER[0] else f".{kind}"),
        "aggregate.positioning",
        "/channels",
        [
            text("text", _change_words(largest[0])),
            *_share(largest[0]),
            text("where", joined(sided(pair.view.label, pair.view.channel.side) for pair in largest)),
            term("after", "baseline_kinds", kind),
            number("channels", len(pairs), str(len(pairs))),
        ],
        formula="the largest of the changes of the modalities with positioning for the worse; a lost response is it",
        inputs=[fact.id for fact in facts],
        group="aggregate",
        status="met" if any(fact.status == "met" for fact in facts) else "not_met",
    )


def _largest(b: FactBuilder, channels: ChannelIndex, place: tuple[str, str], pairs: list[_BaselinePair]) -> None:
    """Add the largest change for the worse with its response; equals together, and whether they met the criterion."""
    modality, kind = place
    most = max(pair.size for pair in pairs)
    largest = [pair for pair in pairs if pair.size == most]
    criterion = channels.criterion_for(modality)
    answers = [
        meets(criterion, pair.after[1].reading, pair.before[1].reading) if criterion is not None else None
        for pair in largest
    ]
    status = {True: "met", False: "not_met", None: "not_comparable"}[any_true(answers)]
    one = largest[0] if len(largest) == 1 else None
    suffix = "" if kind == _AFTER[0] else f".{kind}"
    b.compute(
        f"modality.{modality}.positioning{suffix}",
        "modality.positioning",
        b.by_id[f"modality.{modality}"].pointer,
        [
            text("text", _change_words(largest[0])),
            text("where", joined(sided(pair.view.label, pair.view.channel.side) for pair in largest)),
            term("after", "baseline_kinds", kind),
            number("channels", len(pairs), str(len(pairs))),
        ],
        formula=f"later against pre-position baseline of each channel, the largest for the worse: {FORMULA}; "
        "a lost response is the largest",
        inputs=dict.fromkeys(
            name
            for pair in pairs
            for name in (
                *(pair.view.measurement_ids[index] for index in (pair.before[0], pair.after[0])),
                pair.view.fact_id,
            )
        ),
        group=f"modality.{modality}",
        status=status,
        side=one.view.channel.side if one is not None else "",
        modality=modality,
        site=one.view.site if one is not None else "",
    )


def _share(pair: _BaselinePair) -> list[Value]:
    """What was left of the response in percent of the earlier baseline; nothing of a latency or of a loss."""
    change = None if pair.lost else pair.change
    if change is None or change.percent_of_baseline is None:
        return []
    if vocabulary("parameters")[change.parameter].change != "percent":
        return []
    return [number("pct_of_baseline", change.percent_of_baseline, percent_text(change.percent_of_baseline))]


def _change_words(pair: _BaselinePair) -> str:
    change = None if pair.lost else pair.change
    if change is None or change.percent is None:
        return "loss of the response"
    words = change_text(change.percent, "%", decimals=percent_decimals(change.percent, ()))
    return f"{vocabulary('parameters').display(change.parameter)} {words}"


def _extreme(
    b: FactBuilder,
    courses: Mapping[str, ChannelCourse],
    modality: str,
    views: Sequence[ChannelView],
    *,
    has_criterion: bool,
) -> None:
    """Add which responses of the modality met the criterion, else the one farthest from baseline for the worse.

    Status `none_met` needs every reading of every channel to be compared and within; a reading that cannot be compared
    makes it `not_comparable`, because an unknown is not a stable response (clinical reference §10 fact 26). Of several
    that are equally far none is named here.
    """
    states = {view.fact_id: _every(courses[view.channel.id]) for view in views}
    shown = [view for view in views if any(state.size is not None for state in states[view.fact_id])]
    if not shown:
        return
    statuses = [status for view in views for status in courses[view.channel.id].statuses]
    beyond = [view for view in views if "beyond_criterion" in courses[view.channel.id].statuses]
    none_met = all(status == "within_criterion" for status in statuses)
    # Without a baseline nothing is far from it.
    followed = [view for view in shown if view.baselines()]
    farthest = None if beyond else _one_farthest(followed, states)
    if not has_criterion and farthest is None:
        return
    view, state = farthest if farthest is not None else (None, None)
    b.compute(
        f"modality.{modality}.extreme",
        "modality.extreme",
        b.by_id[f"modality.{modality}"].pointer,
        [
            text("change", state.phrase) if state is not None else None,
            text("channel", view.label) if view is not None else None,
            number("channels", len(shown), str(len(shown))),
            number("beyond", len(beyond), str(len(beyond))),
            text("named", joined(view.short for view in beyond)) if beyond else None,
        ],
        formula="every recorded state of all responses of the modality after baseline: those beyond the criterion, "
        "and the one farthest from baseline for the worse where it is one",
        inputs=dict.fromkeys(
            fact.id
            for member in shown
            for row in states[member.fact_id]
            for fact in (row.fact, row.change, b.by_id[member.fact_id])
            if fact is not None
        ),
        group=f"modality.{modality}",
        modality=modality,
        side=view.channel.side if view is not None else "",
        site=view.site if view is not None else "",
        status="met"
        if beyond
        else ("no_criterion" if not has_criterion else "none_met" if none_met else "not_comparable"),
    )


def _every(course: ChannelCourse) -> list[State]:
    return [*course.between, *([course.closing] if course.closing is not None else [])]


def _one_farthest(
    views: Sequence[ChannelView], states: Mapping[str, Sequence[State]]
) -> tuple[ChannelView, State] | None:
    """The one response farthest from baseline for the worse, with its state; None where none is, or several are."""
    gravest = equals(state for view in views for state in states[view.fact_id] if state.size is not None)
    if not gravest or (gravest[0].size or 0) <= 0:
        return None
    # What prints alike is alike to the reader, whatever digits behind it differ.
    words = {state.phrase for state in gravest}
    found = [view for view in views if any(state.phrase in words for state in states[view.fact_id])]
    return (found[0], gravest[0]) if len(found) == 1 else None


def _patterns(b: FactBuilder, modality: str, views: Sequence[ChannelView]) -> None:
    """Add what pattern each response of a modality showed, and when, baselines and events included."""
    readings: dict[str, list[Fact]] = {}
    for view in views:
        every = (*b.in_group(view.fact_id), *b.referring_to(view.fact_id))
        if named := [fact for fact in every if fact.value("pattern") and fact.author == "record"]:
            readings[view.short] = named
    if not readings:
        return
    b.compute(
        f"modality.{modality}.patterns",
        "modality.patterns",
        b.by_id[f"modality.{modality}"].pointer,
        [text("text", _pattern_words(b, readings)), number("channels", len(views), str(len(views)))],
        formula="the patterns of each response over all its readings, those of events included",
        inputs=dict.fromkeys(
            [fact.id for facts in readings.values() for fact in facts] + [view.fact_id for view in views]
        ),
        group=f"modality.{modality}",
        modality=modality,
    )


def _pattern_words(b: FactBuilder, readings: Mapping[str, Sequence[Fact]]) -> str:
    """What every reading of most responses showed, then each response that showed something else, with its times."""
    usual = [facts[0].text("pattern") for facts in readings.values()]
    common = max(dict.fromkeys(usual), key=usual.count)
    alike = [name for name, facts in readings.items() if all(fact.text("pattern") == common for fact in facts)]
    parts: list[str] = []
    if alike:
        number_of = f"all {len(alike)} responses" if len(alike) > 1 else joined(alike)
        some = f"{len(alike)} of {len(readings)} responses" if len(alike) > 1 else joined(alike)
        parts.append(f"{common} at every reading of {number_of if len(alike) == len(readings) else some}")
    others = {name: facts for name, facts in readings.items() if name not in alike}
    steady = by_words(
        (name, facts[0].text("pattern"))
        for name, facts in others.items()
        if len({fact.text("pattern") for fact in facts}) == 1
    )
    parts.extend(f"{pattern} at every reading of {joined(names)}" for pattern, names in steady.items())
    for name, facts in others.items():
        if any(name in names for names in steady.values()):
            continue
        times = by_words((_reading_time(b, fact), fact.text("pattern")) for fact in _once(b, facts))
        words = [_with_times(pattern, whens) for pattern, whens in times.items() if pattern != common]
        otherwise = f", otherwise {common}" if common in times else ""
        parts.append(f"{name}: {', '.join(words)}{otherwise}")
    return "; ".join(parts)


def _once(b: FactBuilder, facts: Sequence[Fact]) -> list[Fact]:
    """Readings without those that an event repeats with their time and pattern."""
    of_events = {
        (utc(at), fact.text("pattern"))
        for fact in facts
        if fact.kind == "event.reading"
        and (at := fact.instant("at") or b.by_id[f"{fact.group}.onset"].instant("onset_at")) is not None
    }
    return [
        fact
        for fact in facts
        if fact.kind.startswith("event.")
        or (at := fact.instant("at")) is None
        or (utc(at), fact.text("pattern")) not in of_events
    ]


def _with_times(pattern: str, whens: Sequence[str]) -> str:
    known = list(dict.fromkeys(filter(None, whens)))
    return f"{pattern} ({joined(known)})" if known else pattern


def _reading_time(b: FactBuilder, fact: Fact) -> str:
    """When a reading was taken: its own time, else the event that it belongs to."""
    phase = {"channel.baseline": "baseline", "channel.closing": "closing"}.get(fact.kind, "")
    at = fact.text("at") or (b.by_id[fact.group].code("id") if fact.kind.startswith("event.") else "")
    return f"{phase} {at}".strip() if phase else at
