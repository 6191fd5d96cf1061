"""Alerts and other events of a signal in the result: what, where, when, what was done, and how it ended.

Values of several alerts are printed together only where all of them are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from report_gen.document.blocks import Paragraph
from report_gen.draft.model import Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import FILTERS, Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.views.courses import EventChain, Reading
from report_gen.facts.wording import utc
from report_gen.vocab import team_roles, vocabulary

__all__ = ["alert_in_a_line", "alerts", "changed", "event_sentence", "occurred", "shown_by"]

_MOST_VALUES: Final = 4
"""Most readings of an event that stand behind it."""
_MOST_ACTIONS: Final = 3
"""Most actions about an episode that are named."""
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
"""Interventions that look into a change or go on as before; the account of the alert has them."""
_STIMULUS: Final = frozenset({"raise_stimulus", "lower_stimulus", "change_stimulation_site"})
"""Interventions that the limitations tell."""


def alerts(facts: Facts, group: Sequence[EventChain], during: Sequence[Sentence]) -> list[Paragraph[Sentence]]:
    """One alert, or those of one episode a line each, with what was done and how each ended.

    Args:
        facts: The facts.
        group: The alerts.
        during: What was seen meanwhile that no event tells.
    """
    if len(group) == 1:
        chain = group[0]
        said = [event_sentence(facts, chain), *_window(facts, chain), *_actions(group), *_ended(facts, chain)]
        return [Paragraph((*said, *during), strong=True)]
    context, pressure = _common(map(_context, group)), _common(map(_pressure, group))
    first, last = group[0], group[-1]
    heading = say(
        "page_one.episode",
        ids=joined_words(Noted(chain.event).text("id") for chain in group),
        context=context,
        pressure=pressure,
        target=_target(facts, group),
        first=first.onset,
        last=last.onset if _apart(first.onset.instant("onset_at"), last.onset.instant("onset_at")) else None,
    )
    apart = {"contextual": context is None, "pressed": pressure is None}
    lines = [Paragraph((_of_several(facts, chain, **apart), *_window(facts, chain))) for chain in group]
    rest = [*_actions(group), *during]
    return [Paragraph((heading,), strong=True), *lines, *([Paragraph(tuple(rest))] if rest else [])]


def _common(words: Iterable[str | None]) -> str | None:
    """What is said of every one of several alerts, stated of each. None: they differ, or one has nothing."""
    every = list(words)
    first = every[0]
    if first is None or any(other is None or str(other) != str(first) for other in every):
        return None
    return Words(first, [state for other in every if isinstance(other, Words) for state in other.states])


def event_sentence(facts: Facts, chain: EventChain, *, ending: Fact | None = None) -> Sentence:
    """One event: class, time, what changed where, its values, the context, and how it ended where that is given."""
    return say(
        "page_one.event",
        shown_by=shown_by(chain),
        event=chain.event,
        since=_since(chain),
        onset=chain.onset,
        what=changed(chain.event),
        values=_values(chain),
        tests=facts.get(f"{chain.event.id}.tests"),
        context=_context(chain),
        pressure=_pressure(chain),
        target=_target(facts, [chain]),
        ending=ending,
        how=_how(ending) if ending is not None else None,
    )


def _of_several(facts: Facts, chain: EventChain, *, contextual: bool, pressed: bool) -> Sentence:
    """One alert of an episode, with what its heading does not say of all of them."""
    ending = chain.resolution
    return say(
        "page_one.event_of_several",
        shown_by=shown_by(chain),
        event=chain.event,
        since=_since(chain),
        onset=chain.onset,
        what=changed(chain.event),
        values=_values(chain),
        tests=facts.get(f"{chain.event.id}.tests"),
        context=_context(chain) if contextual else None,
        pressure=_pressure(chain) if pressed else None,
        returned=facts.get(f"{chain.event.id}.returned"),
        ending=ending,
        how=_how(ending) if ending is not None else None,
    )


def _apart(first: datetime | None, last: datetime | None) -> bool:
    """Whether two times are recorded that are not the same minute."""
    return first is not None and last is not None and abs(utc(last) - utc(first)) >= timedelta(minutes=1)


def _how(*endings: Fact) -> str:
    """How events ended, of which the record says the same."""
    noted = Noted(*endings)
    if endings[0].status == "not_recorded":
        return noted.lacks("text", "resolution not recorded")
    return FILTERS["quoted"](noted.text("text")) if endings[0].status == "other" else noted.text("text")


def changed(event: Fact) -> str | None:
    """What changed, quoted where the record has no term for it. None: no signal changed."""
    if event.code("direction") == "none":
        return None
    words = Noted(event).text("what")
    own = event.code("direction") == "other" and not event.codes("further")
    return FILTERS["quoted"](words) if own else words


def shown_by(chain: EventChain) -> tuple[Fact, ...]:
    """The readings at the event of the responses that it names: they show what its sentence says of them."""
    named = {channel.id for channel in chain.responses}
    return tuple(reading.fact for reading in chain.readings if reading.channel.id in named)


def _since(chain: EventChain) -> str | None:
    """A word before the onset where every reading at the event is later than it. None: the onset stands alone."""
    begun = chain.onset.instant("onset_at")
    read = [at for reading in _named(chain) if (at := reading.fact.instant("at")) is not None]
    return "from" if read and all(_apart(begun, at) for at in read) else None


def _named(chain: EventChain) -> list[Reading]:
    """The readings at an event of the responses that it names."""
    named = {channel.id for channel in chain.responses}
    return [reading for reading in chain.readings if reading.channel.id in named]


def _values(chain: EventChain) -> str | None:
    """What was left of each response at the event, with its time where that is another than the onset.

    None: all are gone at the onset, or they are many.
    """
    readings = _named(chain)
    begun = chain.onset.instant("onset_at")
    later = {reading.fact.id for reading in readings if _apart(begun, reading.fact.instant("at"))}
    shares = [
        (reading, words)
        for reading in readings
        if (words := _share(reading, chain.event)) or (reading.fact.id in later and (words := _bare(reading)))
    ]
    if not shares or len(shares) != len(readings):
        return None
    if later and len({(str(words), reading.fact.text("at")) for reading, words in shares}) == 1:
        same = Noted(*(reading.fact for reading in readings))
        if all(words == "absent" for _, words in shares):
            return same.says("text", "absent ") + same.text("at")
    if len(shares) > _MOST_VALUES:
        return None
    alone = len(shares) == 1
    parts: list[str] = []
    for reading, words in shares:
        at = Noted(reading.fact).text("at") if reading.fact.id in later else ""
        kept = [] if alone else [Noted(reading.fact).text("short")]
        parts.append(joined_words([*kept, words, *([at] if at else [])], " "))
    of_baseline = all(words.endswith("%") for _, words in shares)
    if not of_baseline:
        return joined_words(parts, ", ")
    if alone and later:
        (reading, words) = shares[0]
        return words + " of baseline " + Noted(reading.fact).text("at")
    return joined_words(parts, ", ") + " of baseline"


def _bare(reading: Reading) -> str:
    """A reading that has no share of its baseline, in words."""
    return Noted(reading.fact).says("text", "absent") if reading.fact.status == "absent" else ""


def _share(reading: Reading, event: Fact) -> str:
    """A reading in percent of its baseline, and its latency where that is what changed. Empty: neither is known."""
    if reading.change is None:
        return ""
    noted, kinds = Noted(reading.change), vocabulary("change_directions")
    codes = (event.code("direction"), *event.codes("further"))
    raised = {aspect for code in codes if (kind := kinds.get(code)) is not None for aspect in kind.raises}
    parts = [
        noted.text(names.of_baseline)
        for names in change_names().values()
        if names.in_percent and reading.change.text(names.of_baseline).endswith("%")
    ][:1]
    parts.extend(
        noted.text(names.difference)
        for names in change_names().values()
        if names.aspect == "latency" and "latency" in raised and reading.change.text(names.difference)
    )
    return joined_words(parts, ", ")


def _context(chain: EventChain) -> str | None:
    """The step and what occurred at an event. None: neither is recorded."""
    parts: list[str] = []
    if chain.context is not None and chain.context.status == "recorded":
        context = Noted(chain.context)
        parts.append(context.text("text") or FILTERS["quoted"](FILTERS["unstopped"](context.text("note"))))
    parts.extend(map(occurred, chain.occurrences))
    return joined_words(parts, "; ") if parts else None


def occurred(fact: Fact) -> str:
    """What happened in the operation, with its place and the words of the record."""
    noted = Noted(fact)
    more = [noted.text("level"), noted.side_words(), noted.text("site")]
    if fact.text("detail"):
        more.append(FILTERS["quoted"](noted.text("detail")))
    kept = [words for words in more if words]
    return noted.text("text") + " (" + joined_words(kept, "; ") + ")" if kept else noted.text("text")


def _pressure(chain: EventChain) -> str | None:
    """The pressure at an event, with its time where that is another than the event's. None: it is not recorded."""
    physiology = chain.physiology
    if physiology is None or not physiology.text("map_mmhg"):
        return None
    noted = Noted(physiology)
    words = "MAP " + noted.text("map_mmhg")
    return words + " at " + noted.text("at") if _apart(chain.begun_at, physiology.instant("at")) else words


def _target(facts: Facts, chains: Sequence[EventChain]) -> Fact | None:
    """The target that was set for the pressure at alerts. None: there was none, or no pressure is known."""
    target = facts.get("anesthesia.map_target")
    if target is None or chains[0].event.status != "alert" or not any(map(_pressure, chains)):
        return None
    start = target.instant("start_at")
    begun = [chain.begun_at for chain in chains]
    held = start is None or all(at is not None and utc(at) >= utc(start) for at in begun)
    return target if held else None


def _window(facts: Facts, chain: EventChain) -> list[Sentence]:
    """Between which traces a change began whose onset is not recorded, and when nothing was recorded meanwhile."""
    onset = chain.onset
    last, noticed = onset.instant("last_unaffected_at"), onset.instant("noticed_at")
    if last is None or onset.instant("onset_at") is not None:
        return []
    gaps = [
        fact
        for fact in facts.of_kind("interval.gap")
        if noticed is not None and _covers(fact, last, noticed) and _concerns(fact, chain.event)
    ]
    return [say("page_one.window", onset=onset, gaps=joined_words(map(_gap, gaps), ", ") if gaps else None)]


def _covers(gap: Fact, first: datetime, last: datetime) -> bool:
    start, end = gap.instant("start_at"), gap.instant("end_at")
    return start is not None and end is not None and utc(start) <= utc(last) and utc(end) >= utc(first)


def _concerns(gap: Fact, event: Fact) -> bool:
    codes = gap.codes("modalities")
    return not codes or not event.modality or event.modality in codes


def _gap(fact: Fact) -> str:
    noted = Noted(fact)
    reason = noted.text("reason")
    if fact.code("reason") == "other" and fact.text("detail"):
        reason = noted.says("reason", noted.text("detail"))
    why = " (" + reason + ")" if reason else ""
    return noted.text("start_at") + " to " + noted.text("end_at") + why


def _actions(group: Sequence[EventChain]) -> list[Sentence]:
    """When the surgeon was told of an episode, and the first of what was done about it, each with its time."""
    parts = _surgeon_told(group)
    acts: dict[tuple[str, str, str], list[Fact]] = {}
    for chain in group:
        for act in (*chain.interventions, *chain.answered_by):
            acts.setdefault((act.status, act.side, act.text("at")), []).append(act)
    ordered = sorted(acts.values(), key=lambda rows: _moment(rows[0]))
    main = [rows for rows in ordered if rows[0].status not in _ASIDE | _STIMULUS and rows[0].text("at")]
    parts.extend(_act(Noted(*rows)) for rows in main[:_MOST_ACTIONS])
    if not parts:
        return []
    more = "further actions in its account" if len(ordered) > len(main[:_MOST_ACTIONS]) else None
    return [say("page_one.actions", those=FILTERS["upper_first"](joined_words(parts, "; ")), more=more)]


def _moment(fact: Fact) -> tuple[bool, float]:
    at = fact.instant("at")
    return at is None, utc(at).timestamp() if at is not None else 0.0


def _surgeon_told(group: Sequence[EventChain]) -> list[str]:
    """The first notification of a surgeon, or of another of the team. Empty: none with a time is recorded.

    Of several alerts: from the first of one to that of the last.
    """
    surgeons = team_roles("surgical")
    told = [[row.fact for row in chain.notifications] for chain in group]
    if not any(told):
        told = [list(chain.told) for chain in group]
    timed = [[fact for fact in row if fact.code("to") in surgeons and fact.text("at")] for row in told]
    firsts = sorted((min(row, key=_moment) for row in timed if row), key=_moment)
    if not firsts:
        return []
    first, last = Noted(firsts[0]), Noted(firsts[-1])
    until = " to " + last.text("at") if _moment(firsts[-1]) != _moment(firsts[0]) else ""
    return [first.text("to") + " told " + first.text("at") + until]


def _act(act: Noted) -> str:
    """What was done, with its time; in the words of the record where there is no term for it."""
    if act.status == "other" and act.text("detail"):
        words = act.says("done", FILTERS["quoted"](FILTERS["unstopped"](act.text("detail"))))
    else:
        words = act.says("done", vocabulary("interventions")[act.status].display)
    return words + " " + act.text("at")


def _ended(facts: Facts, chain: EventChain) -> list[Sentence]:
    """How an alert ended, when, and when responses were first seen again. Nothing where its class asks for no end."""
    end = chain.resolution
    if end is None:
        return []
    return [
        say(
            "page_one.ended",
            how=_how(end),
            ending=end,
            duration=chain.duration if _told_by_duration(facts, chain, end) else None,
            since="onset" if chain.responses or facts.get(f"{chain.event.id}.tests") is None else "the first test",
            returned=facts.get(f"{chain.event.id}.returned"),
        )
    ]


def _told_by_duration(facts: Facts, chain: EventChain, end: Fact) -> bool:
    """Whether the time from onset to resolution says how long the change lasted.

    Not where it is no recovery, nor where its time is that of the closing reading, which finds what came before.
    """
    if end.status == "not_recorded" or not vocabulary("resolution_classes")[end.status].recovered:
        return False
    at = end.instant("at")
    closings = [fact for row in chain.responses for fact in facts.in_group(row.id, "channel.closing")]
    return not any(
        at is not None and (closed := fact.instant("at")) is not None and not _apart(closed, at) for fact in closings
    )


def alert_in_a_line(chain: EventChain) -> Sentence:
    """One of many alerts, in a line: time, what, where by abbreviations, the step, and how it ended."""
    shorts = [Noted(channel).text("short") for channel in chain.responses]
    modality = Noted(chain.event).text("modality")
    where = joined_words([joined_words(shorts), modality], " ") if shorts else None
    return say(
        "page_one.event_short",
        shown_by=shown_by(chain),
        event=chain.event,
        since=_since(chain),
        onset=chain.onset,
        what=changed(chain.event),
        where=where or Noted(chain.event).text("responses") or None,
        context=_context(chain),
        pressure=_pressure(chain),
        ending=chain.resolution,
        how=_how(chain.resolution) if chain.resolution is not None else None,
    )
