"""What the record shows by system, for the proposal of an impression: sensory, motor, roots, cranial nerves, others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from report_gen.facts.builder import FactBuilder, text
from report_gen.facts.fact import Fact
from report_gen.facts.results.standing import ClosingStanding, counted_responses
from report_gen.facts.results.state_words import timed_words
from report_gen.facts.results.test_results import threshold_of
from report_gen.facts.signals.channels import ChannelCourse
from report_gen.facts.signals.naming import ChannelIndex, ChannelView, responses_text
from report_gen.facts.signals.shares import share_of
from report_gen.facts.signals.worst import State, equals
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


_NAMED_CLASSES: Final = ("alert", "change", "improvement")
"""Classes of event that a line names, in its order."""


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
        happened = [*self._named(followed), *self._further(followed)]
        worse = any(event.status != "improvement" for event in self._events())
        parts = [
            *happened,
            *(() if happened and worse else self._farthest(followed)),
            *self._closing(),
            *self._tested(),
        ]
        if not parts:
            return
        self.b.compute(
            f"result.system.{self.name.split()[0].lower()}",
            "result.system",
            "/channels" if self.views else "/threshold_tests",
            [text("system", self.name), text("text", ". ".join([*parts[:1], *map(_upper, parts[1:])]))],
            formula="responses and stimulation tests of the system: alerts and changes with the gravest states of "
            "their responses, the closing readings by group, the lowest thresholds",
            inputs=dict.fromkeys((*self._members(followed), *(test.id for test in self.tests))),
            group="result.system",
            must_state=False,
        )

    def _members(self, followed: Sequence[ChannelView]) -> list[str]:
        facts = [fact for view in followed for fact in (self.b.by_id[view.fact_id], *self.standing.facts([view]))]
        changes = [change for view in followed if (change := self.standing.change(view)) is not None]
        worst = [self.courses[view.channel.id].worst for view in followed]
        ends = [end for event in self._events() if (end := self.b.by_id.get(f"{event.id}.resolution")) is not None]
        tests = [told for event in self._events() if (told := self.b.by_id.get(f"{event.id}.tests")) is not None]
        return [fact.id for fact in (*self._events(), *ends, *tests, *facts, *changes, *worst)]

    def _events(self) -> list[Fact]:
        own = {view.fact_id for view in self.views}
        modalities = {view.channel.modality for view in self.views} | {test.modality for test in self.tests}
        return [
            event
            for event in self.b.of_kind("event")
            if event.status in _NAMED_CLASSES
            and (own & set(event.inputs) or (not event.inputs and event.modality in modalities))
        ]

    def _named(self, followed: Sequence[ChannelView]) -> list[str]:
        """Its alerts, and what else is few, each with how it ended and the lowest of its responses."""
        parts: list[str] = []
        told: set[str] = set()
        for status in _NAMED_CLASSES:
            of_class = [event for event in self._events() if event.status == status]
            if len(of_class) <= _NAMED:
                parts.extend(self._account(event, followed, told) for event in of_class)
            elif status == "alert":
                parts.append(f"alerts {joined(event.text('id') for event in of_class)}")
        return parts

    def _account(self, event: Fact, followed: Sequence[ChannelView], told: set[str]) -> str:
        """An event with its ending and what it left of its responses, but for what is `told` already."""
        end = self.b.by_id.get(f"{event.id}.resolution")
        words = end.text("text") if end is not None else ""
        unknown = end is not None and end.status == "not_recorded"
        name = " ".join(
            part
            for part in (
                event.status,
                event.text("id"),
                f"({'resolution ' if unknown else ''}{words})" if words else "",
            )
            if part
        )
        if event.status == "improvement":
            return f"{name}: {', '.join(part for part in (event.text('what'), self._responses(event)) if part)}"
        own = [view for view in followed if view.fact_id in event.inputs and view.fact_id not in told]
        told.update(view.fact_id for view in own)
        tests = self.b.by_id.get(f"{event.id}.tests")
        tested = [] if tests is None else [f"{_site(event)}{tests.text('text').replace('; ', ', ')}"]
        seen = "; ".join([*self._states(own), *tested]).replace(f" ({event.text('id')})", "")
        return f"{name}: {seen}" if seen else name

    def _responses(self, event: Fact) -> str:
        """The responses of an event, with what was left of their baseline at it."""
        values = [
            f"{self.b.by_id[fact.inputs[0]].text('short')} {share}"
            for fact in self.b.in_group(event.group, "event.reading")
            if (share := share_of(self.b.by_id.get(f"{fact.id}.change"))).endswith("%")
        ]
        told = f" ({', '.join(values)} of baseline)" if values else ""
        return f"{event.text('responses')}{told}"

    def _states(self, views: Sequence[ChannelView]) -> list[str]:
        """The gravest states of responses, those that read alike together; nothing of many that differ."""
        groups: dict[str, list[ChannelView]] = {}
        for view in views:
            if states := equals(self.courses[view.channel.id].between):
                grave = states[0].rank[0] >= _SERIOUS
                words = timed_words(states) if grave else states[0].share
                groups.setdefault(_of_baseline(states[0], words), []).append(view)
        told = [f"{counted_responses(those)} {words}" for words, those in groups.items()]
        return told if len(told) <= _NAMED else []

    def _further(self, followed: Sequence[ChannelView]) -> list[str]:
        """States for the worse of responses that no event of the line names, by name; counted where they are many."""
        events = self._events()
        named = {name for event in events for name in event.inputs}
        grave = [
            view
            for view in followed
            if (states := equals(self.courses[view.channel.id].between)) and states[0].rank[0] >= _SERIOUS
        ]
        if sum(event.status == "alert" for event in events) > _NAMED:
            return [f"{len(grave)} of {len(followed)} responses for the worse at some time"]
        rest = [view for view in grave if view.fact_id not in named]
        if not rest:
            return []
        told = self._states(rest) or [f"{len(rest)} of {len(followed)} responses for the worse at some time"]
        return [f"{'also ' if events else ''}{'; '.join(told)}"]

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
        words = next(_of_baseline(state, state.share) for _, state in sized if state.size == most)
        return [f"lowest before closing {words} ({counted_responses(views)})"]

    def _closing(self) -> list[str]:
        standing = self.standing
        parts: list[str] = []
        if standing.beyond:
            parts.append(f"beyond criterion {self._same() or standing.names(standing.beyond)}")
        if standing.within:
            lowest = standing.lowest_words(standing.within)
            number, all_of = len(standing.within), len(standing.within) == len(self.views) > 1
            families = joined(dict.fromkeys(view.family for view in standing.within))
            noun = f"{families} {'response' if number == 1 else 'responses'}"
            others = "other" if number == 1 else "others"
            counted = f"{number} {others}" if standing.beyond else _all(number, noun) if all_of else f"{number} {noun}"
            parts.append(f"{counted} within criterion{f', lowest {lowest}' if lowest else ''}")
        if standing.described:
            parts.append(standing.described_words())
        told = [f"at closing {'; '.join(parts)}"] if parts else []
        if standing.unread:
            told.append(f"no closing reading of {responses_text(standing.unread, '')}")
        return told

    def _same(self) -> str:
        """Those beyond their criterion, where they are the responses of the one event of the line and read alike."""
        beyond, events = self.standing.beyond, self._events()
        words = {self.standing.value(view) for view in beyond}
        if len(events) != 1 or len(words) > 1 or {view.fact_id for view in beyond} != set(events[0].inputs):
            return ""
        number = len(beyond)
        return f"the same {f'{number} responses' if number > 1 else 'response'}, {words.pop()}"

    def _tested(self) -> list[str]:
        """Stimulation tests of each modality by side: the lowest, or what an event does not tell of them; mapping."""
        told = {
            name
            for event in self._events()
            if (tests := self.b.by_id.get(f"{event.id}.tests")) is not None
            for name in tests.inputs
        }
        rows: dict[str, list[str]] = {}
        for fact in self.tests:
            side = f"{fact.side} " if fact.side in ("left", "right") else ""
            lowest, others = (fact.text(name).replace(": ", " ").replace("; ", ", ") for name in ("lowest", "others"))
            low = self._low(fact)
            if fact.id.endswith(".mapping"):
                words = f"{side}{fact.text('others')}"
            elif low and low <= told:
                words = f"{side}other places {others}" if others else ""
            elif low:
                words = f"{side}lowest {lowest}"
            else:
                words = f"{side}{', '.join(part for part in (lowest, others) if part)}"
            if words:
                rows.setdefault(fact.text("row"), []).append(words)
        return [f"{row}: {'; '.join(words)}" for row, words in rows.items()]

    def _low(self, row: Fact) -> set[str]:
        """Ids of the tests that a row shows as low: at or below the criterion, else with the lowest threshold."""
        cited = [self.b.by_id[name] for name in row.inputs]
        if met := {fact.inputs[0] for fact in cited if fact.kind == "threshold.criterion" and fact.status == "met"}:
            return met
        amounts = {
            fact.id: amount for fact in cited if fact.kind == "threshold" and (amount := threshold_of(fact)) is not None
        }
        return {name for name, amount in amounts.items() if amount == min(amounts.values())}


def _all(number: int, noun: str) -> str:
    return f"both {noun}" if number == 2 else f"all {number} {noun}"


def _site(event: Fact) -> str:
    """Side, modality and level of an event that names no response."""
    side = event.side if event.side in ("left", "right") else ""
    words = " ".join(
        part for part in (side, vocabulary("modalities").label(event.modality), event.text("level")) if part
    )
    return f"{words} " if words else ""


def _of_baseline(state: State, words: str) -> str:
    """Words that begin with what is left of the baseline, so said."""
    share = share_of(state.change)
    return f"{share} of baseline{words[len(share) :]}" if share.endswith("%") and words.startswith(share) else words


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
