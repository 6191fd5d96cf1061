"""What followed an event on page one: who was told, what was done, which cause somebody names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import Final

from report_gen.draft.front.around import apart, named_in, shortened
from report_gen.draft.model import Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import FILTERS, Noted, Words, joined_words
from report_gen.facts.model import Fact
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import utc
from report_gen.vocab import team_roles, vocabulary

__all__ = ["actions", "causes"]

_MOST_ACTIONS: Final = 3
"""Most actions about an episode that are named before those that only look into it."""
_MOST_BESIDE: Final = 2
"""Most further ones that are named; of more only their number is."""
_ASIDE: Final = frozenset(
    {
        "check_electrodes",
        "checklist",
        "closer_monitoring",
        "compare_control",
        "continue_monitoring",
        "continue_surgery",
        "discuss",
        "no_action",
        "repeat_average",
        "repeat_stimulation",
        "technical_check",
        "tof_check",
        "wait",
    }
)
"""Interventions that look into a change or go on as before; they come behind the others."""
_STIMULUS: Final = frozenset({"raise_stimulus", "lower_stimulus", "change_stimulation_site"})
"""Interventions that the limitations tell."""
_CAUSES: Final[Mapping[str, str]] = {
    "recorded": "page_one.cause_suspected",
    "suspected": "page_one.cause_suspected",
    "stated": "page_one.cause_stated",
    "excluded_others": "page_one.cause_left",
}
"""Sentence of a cause by how sure who names it is; of any other the sentence says that this is not stated."""


def actions(group: Sequence[EventChain]) -> list[Sentence]:
    """Who was told of an episode, and what was done about it, each with its time. Nothing: none of it is recorded.

    Args:
        group: The alerts of the episode, or one event of another class.
    """
    parts = [*_told(group, _surgeons), *_told(group, _readers)]
    ordered = [rows for rows in sorted(_acts(group), key=_of_first) if rows[0].status not in _STIMULUS]
    main = [rows for rows in ordered if rows[0].status not in _ASIDE][:_MOST_ACTIONS]
    further = [rows for rows in ordered if rows not in main]
    named = main if len(further) > _MOST_BESIDE else ordered
    untimed = [rows for rows in named if not _when(Noted(*rows))]
    # Where no act has a time that is said once, behind all of them.
    at_once = len(untimed) > 1 and len(untimed) == len(named)
    parts.extend(_act(rows, group, timed=not at_once) for rows in named)
    if at_once:
        facts = Noted(*(fact for rows in untimed for fact in rows))
        parts[-1] += facts.lacks("at", "; times not recorded")
    more = _number(further, group) if len(named) < len(ordered) else None
    if not parts and more is None:
        return []
    those = FILTERS["upper_first"](joined_words(parts, "; ")) if parts else None
    return [say("page_one.actions", those=those, more=more)]


def _acts(group: Sequence[EventChain]) -> list[list[Fact]]:
    """What was done about an episode, each act once, whichever events of it the record holds it at."""
    acts: dict[Hashable, list[Fact]] = {}
    for chain in group:
        untimed: Counter[Hashable] = Counter()
        for act in (*chain.interventions, *chain.answered_by):
            key: Hashable = (act.status, act.side, act.instant("at"))
            if act.instant("at") is None:
                # Without a time two acts of one kind at one event are two.
                key = (key, act.words("detail"))
                untimed[key] += 1
                key = (key, untimed[key])
            acts.setdefault(key, []).append(act)
    return list(acts.values())


def _of_first(rows: Sequence[Fact]) -> tuple[bool, float]:
    return _moment(rows[0])


def _moment(fact: Fact) -> tuple[bool, float]:
    at = fact.instant("at")
    return at is None, utc(at).timestamp() if at is not None else 0.0


def _number(further: Sequence[Sequence[Fact]], group: Sequence[EventChain]) -> Words:
    """How many actions are not named, and where they are."""
    done = Noted(*(fact for rows in further for fact in rows))
    ids = joined_words(Noted(chain.event).text("id") for chain in group)
    count = FILTERS["count_word"](str(len(further)))
    where = "table" if group[0].event.status == "alert" else "row"
    return done.says("done", f"{count} further action{'' if len(further) == 1 else 's'}: {where} of ") + ids


def _surgeons(role: str) -> bool:
    return role in team_roles("surgical")


def _readers(role: str) -> bool:
    entry = vocabulary("roles").get(role)
    return entry is not None and entry.reads


def _told(group: Sequence[EventChain], asked: Callable[[str], bool]) -> list[str]:
    """The first telling of one of certain roles, with its answer. Empty: none is recorded.

    Of several alerts: from the first of one to that of the last.
    """
    rows = [[(row.fact, row.acknowledgement) for row in chain.notifications] for chain in group]
    answers = {fact.id: answer for row in rows for fact, answer in row}
    told = [[fact for fact, _ in row] for row in rows]
    if not any(told):
        told = [list(chain.told) for chain in group]
    known = [[fact for fact in row if asked(fact.code("to"))] for row in told]
    firsts = sorted((min(row, key=_moment) for row in known if row), key=_moment)
    if not firsts:
        return []
    first, last = Noted(firsts[0]), Noted(firsts[-1])
    until: str = " to " + last.text("at") if apart(_at(first), _at(last)) else ""
    by = " by the " + first.text("by") if _readers(first.code("by")) else ""
    when = " " + _when(first) + until if _when(first) else first.lacks("at", ", time not recorded")
    given = [answer for fact in firsts if (answer := answers.get(fact.id)) is not None]
    if asked is not _readers or len(given) != len(firsts) or any(answer.status != "yes" for answer in given):
        return [first.text("to") + " told" + when + by]
    answered = _answered(given)
    # Said in one breath where one telling was answered in its minute.
    told_at, answered_at = _at(first), given[0].instant("at")
    if len(given) == 1 and told_at is not None and answered_at is not None and not apart(told_at, answered_at):
        return [first.text("to") + Noted(*given).says("text", " told and acknowledged") + when + by]
    acknowledged = Noted(*given).says("text", ", acknowledged") + (" " + answered if answered else "")
    return [first.text("to") + " told" + when + by + acknowledged]


def _answered(given: Sequence[Fact]) -> str:
    """From the first answer to the last. Empty: not every one has a time."""
    ordered = sorted(given, key=_moment)
    first, last = Noted(ordered[0]), Noted(ordered[-1])
    if not last.text("at"):
        return ""
    return first.text("at") + (" to " + last.text("at") if apart(_at(first), _at(last)) else "")


def _at(noted: Noted) -> datetime | None:
    return noted.facts[0].instant("at")


def _when(noted: Noted) -> str:
    return noted.text("at") or noted.text("when")


def _act(rows: Sequence[Fact], group: Sequence[EventChain], *, timed: bool) -> str:
    """What was done, with its side where that is not the event's, and its time where it is `timed`.

    In the words of the record where there is no term for it; beside the term where this leaves open which of two was
    done, or where no clock time says when.
    """
    act, detailed = Noted(*rows), [fact for fact in rows if fact.text("detail")]
    detail = shortened(Noted(*detailed).text("detail")) if detailed else ""
    time = _when(act)
    if act.status == "other":
        words = act.says("done", FILTERS["quoted"](detail or act.text("done")))
        detail = ""
    else:
        words = act.says("done", vocabulary("interventions")[act.status].display)
    open_which = bool(act.code("done")) and vocabulary("interventions")[act.code("done")].either
    side = act.side_words() if any(chain.event.side != rows[0].side for chain in group) else ""
    kept = [side, FILTERS["quoted"](detail) if detail and (open_which or not act.text("at")) else ""]
    more = joined_words([part for part in kept if part], "; ") if any(kept) else ""
    words = words + (" (" + more + ")" if more else "")
    if not timed:
        return words
    return words + ((" " if act.text("at") else ", ") + time if time else act.lacks("at", ", time not recorded"))


def causes(group: Sequence[EventChain]) -> list[Sentence]:
    """Which cause somebody suspects or states, and who; the same of several alerts once."""
    alike: dict[Hashable, tuple[list[Fact], list[EventChain]]] = {}
    for chain in group:
        for fact in (*([chain.cause] if chain.cause is not None else []), *chain.stated_causes):
            key = (fact.kind, fact.status, tuple((value.name, value.text) for value in fact.values))
            facts, about = alike.setdefault(key, ([], []))
            facts.append(fact)
            about.append(chain)
    said: list[Sentence] = []
    for facts, about in alike.values():
        some = len({chain.id for chain in about}) < len(group)
        name = joined_words(Noted(chain.event).text("id") for chain in about) if some else None
        cause = Noted(*facts)
        pattern = _CAUSES.get(cause.status, "page_one.cause_unsure")
        said.append(say(pattern, cause=cause, by=_by(cause), words=_named(cause), name=name))
    return said


def _by(cause: Noted) -> str:
    """The role of who names a cause, or the name where the role is not recorded."""
    if cause.code("by_role") != "not_recorded":
        return cause.text("by_role")
    return cause.text("by") or cause.lacks("by", "by whom is not recorded")


def _named(cause: Noted) -> str:
    """The cause in that person's words, with the terms entered beside them that they do not hold."""
    terms = [words for words in (cause.text("named"), cause.text("undetermined")) if words]
    coded = joined_words(terms, "; ") if terms else cause.text("text")
    statement = cause.text("statement")
    quoted = FILTERS["quoted"](shortened(statement)) if shortened(statement) else ""
    if not quoted:
        return coded
    if all(named_in(code, quoted) for code in cause.facts[0].codes("text") if code != "other"):
        return cause.says("text", quoted)
    return quoted + " (" + coded + ")"
