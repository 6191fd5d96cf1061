"""What followed an event on page one: who was told, what was done, what was ruled out, which cause somebody names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from report_gen.draft.front.around import apart, named_in, shortened
from report_gen.draft.model import Sentence, Stated
from report_gen.draft.sentences import say
from report_gen.draft.words import FILTERS, Noted, Words, joined_words
from report_gen.facts.model import Fact
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import utc
from report_gen.vocab import team_roles, vocabulary

__all__ = ["actions", "causes", "main_act", "ruled_out", "surgeon_told", "surgeons_told"]

_MOST_ACTIONS: Final = 3
"""Most actions about an episode that are named before those that only look into it."""
_MOST_BESIDE: Final = 2
"""Most further ones that are named; of more only their number is, unless they only look into it."""
_MOST_LOOKS: Final = 4
"""Most that only look into it that are named without their times."""
_AT_ONCE: Final = " told and acknowledged"
"""Of a telling that was answered in its minute."""
_MOST_REPLY: Final = 40
"""Most characters of a surgeon's reply that is quoted."""
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
    parts = _told_of(group)
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
    more = (_looks(further, group) or _number(further, group)) if len(named) < len(ordered) else None
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


def _looks(further: Sequence[Sequence[Fact]], group: Sequence[EventChain]) -> Words | None:
    """Actions that only look into a change, by name; their times are in the table. None: there is another, or many."""
    if len(further) > _MOST_LOOKS or any(rows[0].status not in _ASIDE for rows in further):
        return None
    names = [Noted(*rows).says("done", vocabulary("interventions")[rows[0].status].display) for rows in further]
    return "also " + joined_words(dict.fromkeys(names)) + _where(group, " (times: ", ")")


def _number(further: Sequence[Sequence[Fact]], group: Sequence[EventChain]) -> Words:
    """How many actions are not named, and where they are."""
    done = Noted(*(fact for rows in further for fact in rows))
    return done.says("done", f"{len(further)} more action{'' if len(further) == 1 else 's'}: ") + _where(group)


def _where(group: Sequence[EventChain], before: str = "", behind: str = "") -> Words:
    """Where the report has what was done about an episode."""
    ids = joined_words(Noted(chain.event).text("id") for chain in group)
    return before + ("table of " if group[0].event.status == "alert" else "row of ") + ids + behind


def _surgeons(role: str) -> bool:
    return role in team_roles("surgical")


def _anesthetists(role: str) -> bool:
    return role in team_roles("anesthesia")


def _readers(role: str) -> bool:
    entry = vocabulary("roles").get(role)
    return entry is not None and entry.reads


class _ToldTeam(NamedTuple):
    """The telling of one team of an episode, in words."""

    to: list[str]
    when: str
    """Of which alerts where it was not all, the time or times, and by whom where it was by a reader."""
    answer: str


def _told_of(group: Sequence[EventChain]) -> list[str]:
    """Who was told of an episode and when: surgeons, anesthesia, readers; those told in the same minute together.

    Args:
        group: The events of the episode.
    """
    tellings: list[_ToldTeam] = []
    for asked in (_surgeons, _anesthetists, _readers):
        new = _told(group, asked)
        if new is None:
            continue
        before = tellings[-1] if tellings else None
        if before is not None and before.when == new.when and not before.answer and new.answer in ("", _AT_ONCE):
            # One time, stated of both tellings.
            when = Words(str(new.when), [part for row in (before, new) for part in _states(row.when)])
            at_once = new.answer and Words(" (acknowledged)", _states(new.answer))
            tellings[-1] = _ToldTeam([*before.to, new.to[0] + at_once], when, "")
        else:
            tellings.append(new)
    return [
        # Said in one breath where one telling was answered in its minute.
        joined_words(row.to) + (row.answer + row.when if row.answer == _AT_ONCE else " told" + row.when + row.answer)
        for row in tellings
    ]


def _states(words: str) -> tuple[Stated, ...]:
    return words.states if isinstance(words, Words) else ()


def surgeon_told(chain: EventChain) -> str | None:
    """That the surgeon was told of an event, when, and a short answer. None: the record does not have it."""
    row = _told([chain], _surgeons)
    return joined_words(row.to) + " told" + row.when if row is not None else None


def surgeons_told(chains: Sequence[EventChain]) -> str | None:
    """When the surgeon was first told of each of several events, by name where one has no telling. None: of none."""
    tellings = [(Noted(chain.event).text("id"), _told([chain], _surgeons)) for chain in chains]
    known = [(name, row.when.strip(", ")) for name, row in tellings if row is not None]
    left = [name for name, row in tellings if row is None]
    if not known:
        return None
    if not left:
        return joined_words(when for _, when in known)
    return joined_words(name + " " + when for name, when in known) + " (of " + joined_words(left) + " not recorded)"


def _told(group: Sequence[EventChain], asked: Callable[[str], bool]) -> _ToldTeam | None:
    """The first telling of one of certain roles, with its answer. None: none is recorded.

    Of several alerts: from the first of one to that of the last, with their names where one has no telling.
    """
    rows = [[(row.fact, row.acknowledgement) for row in chain.notifications] for chain in group]
    answers = {fact.id: answer for row in rows for fact, answer in row}
    told = [[fact for fact, _ in row] for row in rows]
    if not any(told):
        told = [list(chain.told) for chain in group]
    known = [[fact for fact in row if asked(fact.code("to"))] for row in told]
    firsts = sorted((min(row, key=_moment) for row in known if row), key=_moment)
    if not firsts:
        return None
    first, last = Noted(firsts[0]), Noted(firsts[-1])
    until: str = " to " + last.text("at") if apart(_at(first), _at(last)) else ""
    by = " by the " + first.text("by") if _readers(first.code("by")) else ""
    when = " " + _when(first) + until if _when(first) else first.lacks("at", ", time not recorded")
    given = [answer for fact in firsts if (answer := answers.get(fact.id)) is not None]
    when = _of_which(group, known) + when + by
    to = first.text("to")
    if asked is _surgeons and len(group) == 1 and given:
        reply = Noted(given[0]).text("reply")
        quoted = " (" + FILTERS["quoted"](FILTERS["unstopped"](reply)) + ")" if _short(reply) else ""
        return _ToldTeam([to + quoted], when, "")
    if asked is not _readers or len(given) != len(firsts) or any(answer.status != "yes" for answer in given):
        return _ToldTeam([to], when, "")
    answered = _answered(given)
    told_at, answered_at = _at(first), given[0].instant("at")
    if len(given) == 1 and told_at is not None and answered_at is not None and not apart(told_at, answered_at):
        return _ToldTeam([to], when, Noted(*given).says("text", _AT_ONCE))
    acknowledged = Noted(*given).says("text", ", acknowledged") + (" " + answered if answered else "")
    return _ToldTeam([to], when, acknowledged)


def _of_which(group: Sequence[EventChain], known: Sequence[Sequence[Fact]]) -> str:
    """Which alerts somebody was told of, where the record has it of some of them and not of others."""
    those = [chain for chain, row in zip(group, known, strict=True) if row]
    others = [chain for chain, row in zip(group, known, strict=True) if not row]
    if not others:
        return ""
    ids, left = (joined_words(Noted(chain.event).text("id") for chain in some) for some in (those, others))
    return " of " + ids + " (of " + left + " not recorded)"


def _short(reply: str) -> bool:
    """Whether a reply is quoted: it is short, and more than the one word that only says that it was heard."""
    return len(reply) <= _MOST_REPLY and len(reply.split()) > 1


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


def main_act(chain: EventChain) -> str | None:
    """The first act about an event that did more than look into it or wait, with its time. None: none is recorded."""
    acts = [rows for rows in sorted(_acts([chain]), key=_of_first) if rows[0].status not in _ASIDE | _STIMULUS]
    # A pause only makes room for what is then done.
    done = [rows for rows in acts if rows[0].status != "pause_surgery"] or acts
    return _act(done[0], [chain], timed=_when(Noted(*done[0])) != "") if done else None


def ruled_out(group: Sequence[EventChain]) -> list[Sentence]:
    """Which causes are recorded as excluded, of an alert or of each of several; the same of several once."""
    alike: dict[str, list[EventChain]] = {}
    for chain in group:
        if chain.excluded is not None:
            alike.setdefault(chain.excluded.text("text"), []).append(chain)
    said: list[Sentence] = []
    for about in alike.values():
        name = joined_words(Noted(chain.event).text("id") for chain in about) if len(about) < len(group) else None
        facts = Noted(*(chain.excluded for chain in about if chain.excluded is not None))
        said.append(say("page_one.ruled_out", excluded=facts, name=name))
    return said


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
