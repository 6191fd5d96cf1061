"""Who was told of an alert, by whom, when, and what they answered; and what was done: rows of its chronology."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from report_gen.draft.events.entry import UNTIMED, Entry, clock_time
from report_gen.draft.events.messages import further_messages, sent
from report_gen.draft.model import Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.fact import Fact
from report_gen.facts.intervals import minutes_between
from report_gen.facts.model import Facts
from report_gen.facts.stated_time import in_recorded_order
from report_gen.facts.views.courses import EventChain, Notification

__all__ = ["act_words", "done", "of_some", "told", "told_words"]

_ANSWER: Final[Mapping[str, str]] = {
    "yes": "events.answer_yes",
    "no": "events.answer_no",
    "not_recorded": "events.answer_not_recorded",
}
_IN_ONE_ROW_MIN: Final = 5.0
"""Minutes between two tellings of one row, at most."""


@dataclass(frozen=True, slots=True)
class _ToldOnce:
    """One telling, whichever alerts it was about: each fact once for each of them."""

    facts: tuple[Fact, ...]
    acknowledgements: tuple[Fact, ...]
    about: tuple[str, ...]
    """Ids of the alerts."""


def of_some(about: Sequence[str], episode: Sequence[str]) -> str:
    """Which alerts of an episode something is about; empty where it is about all of them."""
    return "" if len(about) == len(episode) else ", ".join(about)


def _values(fact: Fact) -> Hashable:
    return (fact.status, fact.side, tuple((value.name, value.text) for value in fact.values))


def told(facts: Facts, chains: Sequence[EventChain]) -> list[Entry]:
    """Tellings; those by one person about the same alerts in one sentence. Then what the log alone has."""
    ids = [chain.id for chain in chains]
    entries = [_told(facts, group, of_some(group[0].about, ids)) for group in _groups(chains)]
    return [*entries, *sent(facts, chains)]


def _groups(chains: Sequence[EventChain]) -> list[list[_ToldOnce]]:
    """Tellings that share a row."""
    groups: list[list[_ToldOnce]] = []
    for telling in in_recorded_order(_tellings(chains), lambda telling: telling.facts[0].instant("at")):
        group = next((group for group in reversed(groups) if _one_teller(group[-1], telling)), None)
        if group is not None:
            group.append(telling)
        else:
            groups.append([telling])
    return groups


def _one_teller(one: _ToldOnce, other: _ToldOnce) -> bool:
    """Whether two tellings are by one person about the same alerts, at one time or shortly after each other."""
    first, second = one.facts[0], other.facts[0]
    if (first.text("by"), first.text("by_name"), one.about) != (second.text("by"), second.text("by_name"), other.about):
        return False
    earlier, later = first.instant("at"), second.instant("at")
    if earlier is None or later is None:
        return earlier is later and clock_time(first) == clock_time(second)
    return minutes_between(earlier, later) <= _IN_ONE_ROW_MIN


def _tellings(chains: Sequence[EventChain]) -> list[_ToldOnce]:
    alike: dict[Hashable, list[tuple[EventChain, Notification]]] = {}
    for chain in chains:
        for number, notification in enumerate(chain.notifications):
            # Without a time two tellings are one only within an event's own list, where each stands once.
            own = () if notification.fact.instant("at") is not None else (chain.id, number)
            key = (_values(notification.fact), _values(notification.acknowledgement), own)
            alike.setdefault(key, []).append((chain, notification))
    return [
        _ToldOnce(
            tuple(notification.fact for _, notification in rows),
            tuple(notification.acknowledgement for _, notification in rows),
            tuple(dict.fromkeys(chain.id for chain, _ in rows)),
        )
        for rows in alike.values()
    ]


def _told(facts: Facts, group: Sequence[_ToldOnce], about: str) -> Entry:
    by = Noted(*(fact for telling in group for fact in telling.facts))
    first = by.facts[0]
    time, end = span(first, group[-1].facts[0])
    name = _name(facts, first, "by") if first.text("by") else ""
    key = "events.told" if first.text("by") else "events.told_by_nobody"

    def said(*, ranged: bool) -> tuple[Sentence]:
        listing = joined_words((_recipient(facts, telling, ranged=ranged) for telling in group), "; ")
        return (say(key, by=by, name=name, about=about, listing=listing),)

    cited = tuple(fact.id for fact in by.facts)
    told = said(ranged=bool(end))
    return Entry(first.instant("at"), time or UNTIMED, cited, told, end=end, dated=said(ranged=True))


def _recipient(facts: Facts, telling: _ToldOnce, *, ranged: bool) -> Words:
    """Who was told, at which time where the row has several, and the answer with its time."""
    to, answer = Noted(*telling.facts), Noted(*telling.acknowledgements)
    name = _name(facts, telling.facts[0], "to")
    untimed = None if clock_time(telling.facts[0]) else to
    time = (to.text("at") or to.text("when")) if ranged else ""
    return phrase(_ANSWER[answer.status], to=to, name=name, time=time, untimed=untimed, answer=answer)


def _name(facts: Facts, fact: Fact, role: str) -> str:
    """The name beside a role where the record has not exactly one person of that role, who is named on page one."""
    name = fact.words(f"{role}_name")
    holders = [person for person in facts.of_kind("person") if person.status == fact.code(role)]
    alone = len(holders) == 1 and holders[0].words("name") == name
    return "" if not name or alone else Noted(fact).text(f"{role}_name")


def told_words(facts: Facts, chain: EventChain) -> str:
    """Who was told, when, and what they answered, for a row of a table. Empty: the record has no notification."""
    words: list[str] = []
    for notification in chain.notifications:
        telling = _ToldOnce((notification.fact,), (notification.acknowledgement,), (chain.id,))
        words.append(_recipient(facts, telling, ranged=True))
    return joined_words(words, "; ") if words else ""


@dataclass(frozen=True, slots=True)
class _Act:
    """One act, whichever alerts it answered: its fact once for each of them."""

    facts: tuple[Fact, ...]
    about: tuple[str, ...]
    """Ids of the alerts."""


def act_words(act: Noted, *, time: str = "", about: str = "") -> Words:
    """What was done, by whom and how, behind its time where that is printed.

    Args:
        act: The fact, or several of one act; what only some of them say is stated of those.
        time: Time before it. Empty: it stands elsewhere.
        about: Alerts that it answered. Empty: all that the table is about.
    """
    what = act.text("done")
    what = "\u201c" + what + "\u201d" if act.status == "other" else what
    dose = act.text("agent") + (" " + act.text("dose") if act.text("dose") else "") if act.text("agent") else ""
    target = "target " + act.text("map_target_mmhg") if act.text("map_target_mmhg") else ""
    missing = act.lacks("side", "side not recorded") if act.facts[0].side == "not_recorded" else ""
    side = act.side_words() or missing
    detailed = [fact for fact in act.facts if fact.text("detail")]
    detail = Noted(*detailed).text("detail") if detailed else ""
    details = [words for words in (side, act.text("level"), target, dose, detail) if words]
    brackets = joined_words(details, "; ") if details else ""
    key = "events.act" if act.text("actor") else "events.act_of_nobody"
    return phrase(key, act=act, time=time, what=what, details=brackets, about=about)


def done(facts: Facts, chains: Sequence[EventChain], between: Iterable[Fact]) -> list[Entry]:
    """What was done about an episode: acts that nothing else comes between share a row, each with its own time.

    Args:
        facts: The facts.
        chains: The alerts.
        between: Facts with times that part such rows, as the beginning of a further alert does: re-tests.
    """
    ordered = in_recorded_order(_acts(chains), lambda act: act.facts[0].instant("at"))
    stops = [at for fact in between if (at := fact.instant("at")) is not None]
    stops.extend(at for chain in chains[1:] if (at := chain.begun_at) is not None)
    said = [*(group[0].facts[0] for group in _groups(chains)), *further_messages(facts, chains)]
    # Who was told in the minute of an act stands before it, and so parts it from the one before.
    told_at = [at for fact in said if (at := fact.instant("at")) is not None]
    runs: list[list[_Act]] = []
    for act in ordered:
        if runs and _together(runs[-1][-1].facts[0], act.facts[0], stops, told_at):
            runs[-1].append(act)
        else:
            runs.append([act])
    ids = [chain.id for chain in chains]
    return [_run(run, ids) for run in runs]


def _acts(chains: Sequence[EventChain]) -> list[_Act]:
    """Acts, one that the record holds at several alerts once; one of them may tell it with a detail."""
    alike: dict[Hashable, list[tuple[str, Fact]]] = {}
    for chain in chains:
        for act in (*chain.interventions, *chain.answered_by):
            own = () if act.instant("at") is not None else (act.id,)
            said = tuple((value.name, value.text) for value in act.values if value.name not in ("detail", "event"))
            alike.setdefault((act.status, act.side, said, own), []).append((chain.id, act))
    acts: list[_Act] = []
    for rows in alike.values():
        details = {act.text("detail") for _, act in rows if act.text("detail")}
        split = [[row] for row in rows] if len(details) > 1 else [rows]
        for group in split:
            about = tuple(dict.fromkeys(name for name, _ in group))
            acts.append(_Act(tuple(act for _, act in group), about))
    return acts


def _together(one: Fact, other: Fact, stops: Sequence[datetime], told_at: Sequence[datetime]) -> bool:
    """Whether two neighbouring acts may share a row."""
    first, second = one.instant("at"), other.instant("at")
    if first is None or second is None:
        return first is second and clock_time(one) == clock_time(other)
    return not (any(first <= stop < second for stop in stops) or any(first < told <= second for told in told_at))


def span(first: Fact, last: Fact) -> tuple[str, str]:
    """The first and the last time of a row that runs from one fact to another; one that is the same is empty."""
    start, end = clock_time(first), clock_time(last)
    return start, "" if start == end else end


def _run(run: Sequence[_Act], ids: Sequence[str]) -> Entry:
    time, end = span(run[0].facts[0], run[-1].facts[0])

    def said(*, ranged: bool) -> tuple[Sentence]:
        acts = [(Noted(*act.facts), of_some(act.about, ids)) for act in run]
        parts = [act_words(act, time=act.text("at") if ranged else "", about=about) for act, about in acts]
        return (say("events.done", listing=joined_words(parts, "; ")),)

    cited = tuple(fact.id for act in run for fact in act.facts)
    at = run[0].facts[0].instant("at")
    return Entry(at, time or UNTIMED, cited, said(ranged=bool(end)), end=end, dated=said(ranged=True))
