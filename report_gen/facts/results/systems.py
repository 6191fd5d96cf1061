"""What the record shows by system, for the proposal of an impression: sensory, motor, roots, cranial nerves, others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from report_gen.facts.builder import FactBuilder, text
from report_gen.facts.fact import Fact
from report_gen.facts.results.standing import ClosingStanding, counted_responses
from report_gen.facts.results.state_words import timed_words
from report_gen.facts.signals.channels import ChannelCourse
from report_gen.facts.signals.naming import ChannelIndex, ChannelView, responses_text
from report_gen.facts.signals.worst import equals
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["derive_systems"]

_SYSTEMS: Final[Mapping[str, str]] = {
    "sensory": "Sensory",
    "motor": "Motor",
    "emg": "Roots and nerves",
    "reflex": "Roots and nerves",
    "cranial_nerve": "Cranial nerves",
    "brain": "Brain and perfusion",
    "perfusion": "Brain and perfusion",
    "mapping": "Mapping",
}
"""System by what a modality watches; the block of the muscles is none."""
_CRANIAL_LIMBS: Final = ("face", "larynx")
_SERIOUS: Final = 1
"""Least rank of a state that is for the worse."""
_NAMED: Final = 3
"""Most states for the worse that a line names; of more it gives the number of responses."""


def derive_systems(b: FactBuilder, channels: ChannelIndex, courses: Mapping[str, ChannelCourse]) -> None:
    """Add a line for each system that was monitored."""
    views: dict[str, list[ChannelView]] = {}
    for view in channels.views.values():
        views.setdefault(_system_of(view), []).append(view)
    tests: dict[str, list[Fact]] = {}
    for fact in b.of_kind("summary.tests"):
        tests.setdefault(_system(fact.modality), []).append(fact)
    for name in dict.fromkeys(_SYSTEMS.values()):
        if name in views or name in tests:
            _System(b, courses, name, views.get(name, []), tests.get(name, [])).derive()


def _system(modality: str) -> str:
    entry = vocabulary("modalities")[modality]
    return "Cranial nerves" if entry.cranial else _SYSTEMS.get(entry.group, "")


def _system_of(view: ChannelView) -> str:
    muscle = vocabulary("muscles").get(view.channel.muscle or "")
    if muscle is not None and muscle.limb in _CRANIAL_LIMBS:
        return "Cranial nerves"
    return _system(view.channel.modality)


_NAMED_CLASSES: Final = ("alert", "change")
"""Classes of event that a line names."""


class _System:
    """The responses and the tests of one system, while its line is worded."""

    def __init__(
        self,
        b: FactBuilder,
        courses: Mapping[str, ChannelCourse],
        name: str,
        views: Sequence[ChannelView],
        tests: Sequence[Fact],
    ) -> None:
        self.b, self.courses, self.name, self.views, self.tests = b, courses, name, views, tests
        self.standing = ClosingStanding(b, courses, views)

    def derive(self) -> None:
        """Add the line."""
        followed = [view for view in self.views if view not in self.standing.unfollowed]
        parts = [*self._named(), *self._worst(followed), *self._closing(), *map(_tested, self.tests)]
        if not parts:
            return
        self.b.compute(
            f"result.system.{self.name.split()[0].lower()}",
            "result.system",
            "/channels" if self.views else "/threshold_tests",
            [text("system", self.name), text("text", "; ".join(parts))],
            formula="responses and stimulation tests of the system: alerts by name, the gravest states, the closing "
            "readings by group",
            inputs=dict.fromkeys((*self._members(followed), *(test.id for test in self.tests))),
            group="result.system",
            must_state=False,
        )

    def _members(self, followed: Sequence[ChannelView]) -> list[str]:
        facts = [fact for view in followed for fact in (self.b.by_id[view.fact_id], *self.standing.facts([view]))]
        changes = [change for view in followed if (change := self.standing.change(view)) is not None]
        worst = [self.courses[view.channel.id].worst for view in followed]
        ends = [end for event in self._events() if (end := self.b.by_id.get(f"{event.id}.resolution")) is not None]
        return [fact.id for fact in (*self._events(), *ends, *facts, *changes, *worst)]

    def _events(self) -> list[Fact]:
        own = {view.fact_id for view in self.views}
        modalities = {view.channel.modality for view in self.views} | {test.modality for test in self.tests}
        return [
            event
            for event in self.b.of_kind("event")
            if event.status in _NAMED_CLASSES
            and (own & set(event.inputs) or (not event.inputs and event.modality in modalities))
        ]

    def _named(self) -> list[str]:
        """Its alerts, and its changes where they are few, by name."""
        parts: list[str] = []
        for status in _NAMED_CLASSES:
            of_class = [event for event in self._events() if event.status == status]
            if of_class and (status == "alert" or len(of_class) <= _NAMED):
                names = joined(self._with_ending(event, told=len(of_class) <= _NAMED) for event in of_class)
                parts.append(f"{status}{'s' if len(of_class) > 1 else ''} {names}")
        return parts

    def _with_ending(self, event: Fact, *, told: bool) -> str:
        end = self.b.by_id.get(f"{event.id}.resolution")
        words = end.text("text") if end is not None and told else ""
        return f"{event.text('id')} ({words})" if words else event.text("id")

    def _changed(self, followed: Sequence[ChannelView], grave: Sequence[ChannelView]) -> list[str]:
        """The lowest of responses of an event that stand under no grave state, where they are few."""
        named = {name for event in self._events() for name in event.inputs}
        rest = [view for view in followed if view.fact_id in named and view not in grave]
        told = [
            f"{counted_responses([view])} {states[0].share}"
            for view in rest
            if (states := equals(self.courses[view.channel.id].between))
        ]
        return told if len(told) <= _NAMED else []

    def _worst(self, followed: Sequence[ChannelView]) -> list[str]:
        """The states for the worse between baseline and closing, by name; counted where they are many."""
        grave = [
            (view, states)
            for view in followed
            if (states := equals(self.courses[view.channel.id].between)) and states[0].rank[0] >= _SERIOUS
        ]
        if not grave:
            return self._farthest(followed)
        changed = self._changed(followed, [view for view, _ in grave])
        groups: dict[str, list[ChannelView]] = {}
        for view, states in grave:
            groups.setdefault(timed_words(states), []).append(view)
        if len(groups) <= _NAMED:
            return ["; ".join([*(f"{counted_responses(those)} {words}" for words, those in groups.items()), *changed])]
        return [f"{len(grave)} of {len(followed)} responses for the worse at some time"]

    def _farthest(self, followed: Sequence[ChannelView]) -> list[str]:
        """The lowest between baseline and closing of responses of which none changed for the worse."""
        sized = [
            (view, state)
            for view in followed
            for state in equals(self.courses[view.channel.id].between)[:1]
            if state.size is not None and 0 < state.size < float("inf")
        ]
        if not sized:
            return []
        most = max(state.size or 0.0 for _, state in sized)
        views = [view for view, state in sized if state.size == most]
        words = next(state.share for _, state in sized if state.size == most)
        return [f"lowest between baseline and closing {words} ({counted_responses(views)})"]

    def _closing(self) -> list[str]:
        standing = self.standing
        parts: list[str] = []
        if standing.beyond:
            parts.append(f"at closing beyond criterion {standing.names(standing.beyond)}")
        if standing.within:
            lowest = standing.lowest_words(standing.within)
            number, all_of = len(standing.within), len(standing.within) == len(self.views) > 1
            families = joined(dict.fromkeys(view.family for view in standing.within))
            noun = f"{families} {'response' if number == 1 else 'responses'}"
            others = "other" if number == 1 else "others"
            counted = f"{number} {others}" if standing.beyond else _all(number, noun) if all_of else f"{number} {noun}"
            parts.append(
                f"{'' if standing.beyond else 'at closing '}{counted} within criterion"
                f"{f', lowest {lowest}' if lowest else ''}"
            )
        if standing.described:
            parts.append(f"at closing {standing.described_words()}")
        if standing.unread:
            parts.append(f"no closing reading of {responses_text(standing.unread, '')}")
        return parts


def _all(number: int, noun: str) -> str:
    return f"both {noun}" if number == 2 else f"all {number} {noun}"


def _tested(fact: Fact) -> str:
    side = f"{fact.side} " if fact.side in ("left", "right") else ""
    words = "; ".join(part for part in (fact.text("lowest"), fact.text("others")) if part)
    return f"{side}{fact.text('row')} {words}"
