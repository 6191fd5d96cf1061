"""How responses stand at closing: compared with their criterion, described, not read, or not to be followed.

Every response is in exactly one of these groups, and what is said of a group is true of each of its members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from report_gen.facts.builder import FactBuilder
from report_gen.facts.clock import span_text
from report_gen.facts.fact import Fact
from report_gen.facts.results.single import only_reading, only_words
from report_gen.facts.results.summary import unfollowed
from report_gen.facts.signals.channels import ChannelCourse
from report_gen.facts.signals.criteria import ATTEMPTED_STATES
from report_gen.facts.signals.naming import ChannelView, responses_text
from report_gen.facts.signals.shares import share_of
from report_gen.facts.signals.worst import State
from report_gen.facts.wording import joined, utc

__all__ = ["ClosingStanding", "counted_responses"]

_SERIOUS: Final = 1
"""Least rank of a state that is for the worse."""
_COMPARED: Final = ("beyond_criterion", "within_criterion")
_NAMED: Final = 4
"""Most responses that are named one by one where they share what is said of them; more are counted by modality."""
_GROUPS_LISTED: Final = 4
"""Most different descriptions that a sentence lists; of more it gives the number of responses."""


def counted_responses(views: Sequence[ChannelView]) -> str:
    """Responses by name, or by number and modality where they are many: `12 TcMEP responses`."""
    if len(views) <= _NAMED:
        return responses_text(views, "")
    families = dict.fromkeys(view.family for view in views)
    counts = {name: sum(view.family == name for view in views) for name in families}
    return joined(f"{count} {name} {'response' if count == 1 else 'responses'}" for name, count in counts.items())


class ClosingStanding:
    """The last closing reading of each of some responses, by group."""

    def __init__(self, b: FactBuilder, courses: Mapping[str, ChannelCourse], views: Iterable[ChannelView]) -> None:
        """Sort the responses.

        Args:
            b: Collector, which has the facts of every channel.
            courses: The course of each channel by reference.
            views: The responses.
        """
        self.b, self.courses = b, courses
        self.views = list(views)
        groups: dict[str, list[ChannelView]] = {}
        self._group_of = {view.fact_id: self._group(view) for view in self.views}
        for view in self.views:
            groups.setdefault(self._group_of[view.fact_id], []).append(view)
        self.unfollowed = groups.get("unfollowed", [])
        self.unread = groups.get("unread", [])
        self.beyond = groups.get("beyond_criterion", [])
        self.within = groups.get("within_criterion", [])
        self.described = groups.get("", [])
        self.seen = self._of("beyond_criterion", "within_criterion", "")
        self.compared = self._of("beyond_criterion", "within_criterion")
        self.others = self._of("within_criterion", "")

    def _of(self, *groups: str) -> list[ChannelView]:
        """Members of some groups, in the order of the responses."""
        return [view for view in self.views if self._group_of[view.fact_id] in groups]

    def _group(self, view: ChannelView) -> str:
        if unfollowed(self.b, view):
            return "unfollowed"
        if self.closing(view).status not in ATTEMPTED_STATES:
            return "unread"
        change = self.change(view)
        return change.status if change is not None and change.status in _COMPARED else ""

    def closing(self, view: ChannelView) -> Fact:
        """The last closing reading of a response; one that is not recorded stands for itself."""
        return self.b.in_group(view.fact_id, "channel.closing")[-1]

    def change(self, view: ChannelView) -> Fact | None:
        """Its change from baseline. None: there is no baseline to compare with."""
        return self.b.by_id.get(f"{self.closing(view).id}.change")

    def facts(self, views: Iterable[ChannelView]) -> list[Fact]:
        """The closing readings and baselines of responses."""
        return [
            fact for view in views for fact in (self.closing(view), *self.b.in_group(view.fact_id, "channel.baseline"))
        ]

    def times(self, views: Iterable[ChannelView]) -> str:
        """First and last time of the closing readings, such as `09:42\u201309:44`. Empty: one has no time."""
        closings = [self.closing(view) for view in views]
        instants = [at for fact in closings if (at := fact.instant("at")) is not None]
        if not closings or len(instants) < len(closings):
            return ""
        first, last = (self.b.clock.time(pick(instants, key=utc)) for pick in (min, max))
        return first if first == last else span_text(first, last)

    def value(self, view: ChannelView) -> str:
        """The closing reading of a response: in percent of its baseline, else in words."""
        closing = self.closing(view)
        if closing.status == "absent":
            return "absent"
        share = share_of(self.change(view))
        if share.endswith("%"):
            return f"{share} of baseline"
        return share or closing.text("text")

    def names(self, views: Sequence[ChannelView]) -> str:
        """Responses with their closing readings, those that read the same together."""
        groups: dict[str, list[ChannelView]] = {}
        for view in views:
            groups.setdefault(self.value(view), []).append(view)
        return "; ".join(f"{responses_text(those, '')} {words}" for words, those in groups.items())

    @property
    def all_listed(self) -> bool:
        """Whether the responses that no criterion compares are all described, and not only counted."""
        return len({self.value(view) for view in self.described}) <= _GROUPS_LISTED

    def described_words(self) -> str:
        """What was seen of the responses that no criterion compares; counted where it differs widely."""
        if self.all_listed:
            groups: dict[str, list[ChannelView]] = {}
            for view in self.described:
                groups.setdefault(self.value(view), []).append(view)
            return "; ".join(self._all_or_some(those, words) for words, those in groups.items())
        return f"{_families(self.described)} ({len(self.described)} responses, see the table)"

    def _all_or_some(self, those: Sequence[ChannelView], words: str) -> str:
        """What was seen of responses: of many that are all of one modality as that, else of each by name or number."""
        family = those[0].family
        if len(those) > _NAMED and list(those) == [view for view in self.views if view.family == family]:
            muscles = {(view.channel.muscle, view.channel.side) for view in those}
            of_muscles = None not in {name for name, _ in muscles} and len(muscles) == len(those)
            return f"{family} {words} in all {len(those)} {'muscles' if of_muscles else 'responses'}"
        return f"{counted_responses(those)} {words}"

    def unread_words(self) -> str:
        """Responses without a closing reading, with what the record says of it."""
        groups: dict[str, list[ChannelView]] = {}
        for view in self.unread:
            closing = self.closing(view)
            said = "" if closing.status == "not_recorded" else closing.text("text")
            only = only_reading(self.b, view, self.courses[view.channel.id]) if len(self.unread) <= _NAMED else None
            if only is not None:
                # Why it was read once is said in the words of the record where it has any.
                why = closing.text("reason_detail") or said
                said = f"{only_words(only)}{f'; {why}' if why else ''}"
            words = said
            groups.setdefault(words, []).append(view)
        named = [(_named(those), words) for words, those in groups.items()]
        return "; ".join(
            name + (f": {words}" if words and name.endswith(")") else _behind(words)) for name, words in named
        )

    def unfollowed_words(self) -> str:
        """Responses without a baseline, with why there was none; of those that nobody tested why, where it is known."""
        groups: dict[str, list[ChannelView]] = {}
        for view in self.unfollowed:
            baselines = self.b.in_group(view.fact_id, "channel.baseline")
            words = joined(dict.fromkeys(fact.text("text") for fact in baselines))
            untested = all(fact.status == "not_monitored" for fact in baselines)
            why = words.partition(" (")[2].removesuffix(")") if untested else ""
            groups.setdefault(why or f"baseline {words}", []).append(view)
        return "; ".join(f"{responses_text(those, '')}: {words}" for words, those in groups.items())

    def lowest_words(self, views: Sequence[ChannelView]) -> str:
        """The closing readings farthest from baseline for the worse, all equals; empty where none is for the worse.

        Those that are lost, reduced or hard to elicit in words are all named; without any, the farthest.
        """
        closings = [(view, self.courses[view.channel.id].closing) for view in views]
        grave = [view for view, state in closings if state is not None and state.rank[0] >= _SERIOUS]
        sized = [(view, state) for view, state in closings if state is not None and (state.size or 0) > 0]
        if not grave and not sized:
            return ""
        lowest = grave or _farthest(sized, self)
        groups: dict[str, list[ChannelView]] = {}
        for view in lowest:
            groups.setdefault(self.value(view), []).append(view)
        return "; ".join(f"{words} ({counted_responses(those)})" for words, those in groups.items())


def _named(views: Sequence[ChannelView]) -> str:
    """Responses by name; that the side of all of them is not recorded is said."""
    unsided = all(view.channel.side == "not_recorded" for view in views)
    return responses_text(views, "not_recorded" if unsided else "")


def _behind(words: str) -> str:
    """What is said of responses, behind their names; in brackets unless it has brackets of its own."""
    if not words:
        return ""
    return f": {words}" if "(" in words else f" ({words})"


def _farthest(sized: Sequence[tuple[ChannelView, State]], standing: ClosingStanding) -> list[ChannelView]:
    most = max(state.size or 0 for _, state in sized)
    # What prints alike is alike to the reader, whatever digits behind it differ.
    alike = {standing.value(view) for view, state in sized if state.size == most}
    return [view for view, _ in sized if standing.value(view) in alike]


def _families(views: Iterable[ChannelView]) -> str:
    return joined(dict.fromkeys(view.family for view in views))
