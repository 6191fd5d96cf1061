"""Alerts and other events of a signal in the result: what, where, when, what was done, and how it ended.

Values of several alerts are printed together only where all of them are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from report_gen.document.blocks import Paragraph
from report_gen.draft.events.values import met
from report_gen.draft.front import around
from report_gen.draft.front.around import OMITTED, apart, shortened
from report_gen.draft.front.reactions import actions, causes, main_act, ruled_out
from report_gen.draft.front.windows import window
from report_gen.draft.model import Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import FILTERS, Noted, Words, joined_words, repeated
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.views.courses import EventChain, Reading
from report_gen.vocab import vocabulary

__all__ = ["alert_in_a_line", "alerts", "changed", "changes", "shown_by"]

_MOST_VALUES: Final = 4
"""Most readings of an event that stand behind it."""
_MOST_SITES: Final = 3
"""Responses from which they are told apart by their abbreviations and not by their muscles."""
_WITHIN: Final = "within_criterion"
"""Class of an ending that says that a response came back to within its criterion."""
_MOST_WORDS: Final = 60
"""Most characters of a reading that is told in words."""


def alerts(facts: Facts, group: Sequence[EventChain], during: Sequence[Sentence]) -> list[Paragraph[Sentence]]:
    """One alert, or those of one episode a line each, with what was done and how each ended.

    Args:
        facts: The facts.
        group: The alerts, or several events of another class that are one episode.
        during: What was seen meanwhile that no event tells.
    """
    if len(group) == 1:
        chain = group[0]
        said = [_event(facts, chain), *window(facts, chain), *actions(group), *ruled_out(group), *_ended(facts, chain)]
        return [Paragraph((*said, *_note(facts, chain), *causes(group), *during), strong=True)]
    whole, coded = (_common(around.context(chain, told=told) for chain in group) for told in ("all", "coded"))
    pressure = _common(map(around.pressure, group))
    first, last = group[0], group[-1]
    alert = first.event.status == "alert"
    heading = say(
        "page_one.episode",
        word=Noted(*(chain.event for chain in group)).text("event_class") + "s",
        ids=joined_words(Noted(chain.event).text("id") for chain in group),
        context=whole or coded,
        pressure=pressure,
        aimed=around.aimed(facts, group),
        first=first.onset,
        last=last.onset if apart(first.onset.instant("onset_at"), last.onset.instant("onset_at")) else None,
    )
    left: around.Told = "nothing" if whole else "noted" if coded else "all"
    lines = [
        Paragraph((_of_several(facts, chain, told=left, pressed=pressure is None), *window(facts, chain)))
        for chain in group
    ]
    rest = [*actions(group), *ruled_out(group), *causes(group), *during]
    return [Paragraph((heading,), strong=alert), *lines, *([Paragraph(tuple(rest))] if rest else [])]


def changes(facts: Facts, group: Sequence[EventChain], *, briefly: bool) -> list[Paragraph[Sentence]]:
    """Changes or improvements of one episode: what, and what was done and how each ended.

    Those about which the same was told and done stand together; any other in one sentence where that is all.

    Args:
        facts: The facts.
        group: The events.
        briefly: Whether what was told and done is left to their rows.
    """
    done = [[] if briefly else actions([chain]) for chain in group]
    if len(group) > 1 and all(done) and len({tuple(row.text for row in rows) for rows in done}) == 1:
        return alerts(facts, group, ())
    return [
        _change(facts, chain, rows, () if briefly else (*_note(facts, chain), *causes([chain])))
        for chain, rows in zip(group, done, strict=True)
    ]


def _change(
    facts: Facts, chain: EventChain, after: Sequence[Sentence], named: Sequence[Sentence]
) -> Paragraph[Sentence]:
    if after:
        return Paragraph((_event(facts, chain), *after, *ruled_out([chain]), *_ended(facts, chain), *named))
    return Paragraph((_event(facts, chain, ending=chain.resolution), *named))


def _note(facts: Facts, chain: EventChain) -> list[Sentence]:
    """The record's own note on an event; nothing where it is long, or repeats the context or the tests of a place."""
    context = chain.context.text("note") if chain.context is not None else ""
    tested = facts.get(f"{chain.event.id}.tests") is not None
    words = shortened(Noted(chain.note).text("text")) if chain.note is not None and not tested else ""
    if not words or words.endswith(OMITTED) or repeated(words, context):
        return []
    return [say("page_one.note", words=FILTERS["quoted"](words))]


def _common(words: Iterable[str | None]) -> str | None:
    """What is said of every one of several alerts, stated of each. None: they differ, or one has nothing."""
    every = list(words)
    first = every[0]
    if first is None or any(other is None or str(other) != str(first) for other in every):
        return None
    return Words(first, [state for other in every if isinstance(other, Words) for state in other.states])


def _event(facts: Facts, chain: EventChain, *, ending: Fact | None = None) -> Sentence:
    """One event: class, time, what changed where, its values, the context, and how it ended where that is given."""
    return say(
        "page_one.event",
        shown_by=(*shown_by(chain), *_judged_by(chain, ending)),
        event=chain.event,
        since=_since(chain),
        onset=chain.onset,
        clock=_clock(facts, chain),
        what=changed(chain.event),
        values=_values(chain),
        tests=facts.get(f"{chain.event.id}.tests"),
        context=around.context(chain),
        pressure=around.pressure(chain),
        aimed=around.aimed(facts, [chain]),
        ending=ending,
        how=_how(chain, ending) if ending is not None else None,
    )


def _of_several(facts: Facts, chain: EventChain, *, told: around.Told, pressed: bool) -> Sentence:
    """One alert of an episode, with what its heading does not say of all of them."""
    ending = chain.resolution
    return say(
        "page_one.event_of_several",
        shown_by=(*shown_by(chain), *_judged_by(chain, ending)),
        event=chain.event,
        since=_since(chain),
        onset=chain.onset,
        clock=_clock(facts, chain),
        what=changed(chain.event),
        values=_values(chain),
        tests=facts.get(f"{chain.event.id}.tests"),
        context=around.context(chain, told=told),
        pressure=around.pressure(chain) if pressed else None,
        returned=_returned(facts, chain),
        ending=ending,
        how=_how(chain, ending) if ending is not None else None,
    )


def _clock(facts: Facts, chain: EventChain) -> str | None:
    """The clock of an onset where it is one that nobody read. None: it was read, or it is said of each event."""
    whole = facts.by_id["case.clock"]
    own = chain.onset.code("clock")
    if (own or whole.code("text")) != "synthetic" or chain.onset.instant("onset_at") is None:
        return None
    return Noted(chain.onset).text("clock") if own else Noted(whole).text("text")


def _how(chain: EventChain, ending: Fact) -> str:
    """How an event ended; words of the record's own are quoted.

    Where no reading of it left its criterion, that it came back to within it is what the record holds, and no finding.
    """
    noted = Noted(ending)
    if ending.status == "not_recorded":
        return noted.lacks("text", "resolution not recorded")
    if ending.status == "other":
        return "ended as " + FILTERS["quoted"](noted.text("text"))
    if ending.status == _WITHIN and chain.criterion is not None and _never_met(chain):
        unmet = Noted(chain.criterion).says("text", "no reading met its criterion")
        return unmet + "; recorded: " + noted.text("text")
    return noted.text("text")


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
    return "from" if read and all(apart(begun, at) for at in read) else None


def _named(chain: EventChain) -> list[Reading]:
    """The readings at an event of the responses that it names."""
    named = {channel.id for channel in chain.responses}
    return [reading for reading in chain.readings if reading.channel.id in named]


def _values(chain: EventChain) -> str | None:
    """What each response showed at the event, with its time where that is another than the onset.

    None: all are gone at the onset, or they are many and not alike.
    """
    readings = _named(chain)
    begun = chain.onset.instant("onset_at")
    later = {reading.fact.id for reading in readings if apart(begun, reading.fact.instant("at"))}
    told: list[tuple[Reading, str]] = []
    shares = 0
    for reading in readings:
        if share := _share(reading, chain.event):
            told.append((reading, share))
            shares += share.endswith("%")
        elif words := _in_words(reading, chain.event, late=reading.fact.id in later):
            told.append((reading, words))
    if not told or len(told) != len(readings):
        return None
    times = {reading.fact.text("at") for reading, _ in told}
    if not shares and len({str(words) for _, words in told}) == 1 and len(times) == 1:
        same = Words(told[0][1], [state for _, words in told if isinstance(words, Words) for state in words.states])
        return same + " " + Noted(*(reading.fact for reading, _ in told)).text("at") if later else same
    if len(told) > _MOST_VALUES:
        return None
    alone = len(told) == 1
    parts: list[str] = []
    for reading, words in told:
        at = Noted(reading.fact).text("at") if reading.fact.id in later else ""
        kept = [] if alone else [_told_apart(reading, readings)]
        parts.append(joined_words([*kept, words, *([at] if at else [])], " "))
    if shares < len(told):
        return joined_words(parts, "; " if any(", " in part for part in parts) else ", ")
    if alone and later:
        (reading, words) = told[0]
        return words + " of baseline " + Noted(reading.fact).text("at")
    return joined_words(parts, ", ") + " of baseline"


def _told_apart(reading: Reading, readings: Sequence[Reading]) -> str:
    """What tells a response from the others behind the names of all: its side, or its muscle, else its short name."""
    channels = [row.channel for row in readings]
    short = Noted(reading.fact).text("short")
    if sorted(channel.side for channel in channels) == ["left", "right"] and _alike(channels, "site_name"):
        return Noted(reading.fact).says("short", reading.channel.side)
    if _alike(channels, "family") and len({channel.side for channel in channels}) == 1 and len(channels) < _MOST_SITES:
        sites = [channel.text("site_name") for channel in channels if channel.text("muscle")]
        if len(sites) == len(channels) and len(set(sites)) == len(sites):
            return Noted(reading.fact).says("short", reading.channel.text("site_name"))
    return short


def _alike(channels: Sequence[Fact], name: str) -> bool:
    return len({(channel.modality, channel.text(name)) for channel in channels}) == 1


def _in_words(reading: Reading, event: Fact, *, late: bool) -> str:
    """What a reading showed that has no share of its baseline. Empty: what changed says it already, or it is long."""
    fact = Noted(reading.fact)
    if fact.status == "absent":
        return fact.says("text", "absent") if late else ""
    if fact.status != "measured" or not reading.fact.text("pattern"):
        return ""
    seen = fact.text("bare") or fact.text("text")
    return seen if len(seen) <= _MOST_WORDS and not repeated(seen, event.text("what")) else ""


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


def _ended(facts: Facts, chain: EventChain) -> list[Sentence]:
    """How an alert ended, when, and when responses were first seen again. Nothing where its class asks for no end."""
    end = chain.resolution
    if end is None:
        return []
    return [
        say(
            "page_one.ended",
            how=_how(chain, end),
            shown_by=_judged_by(chain, end),
            ending=end,
            duration=chain.duration if _told_by_duration(facts, chain, end) else None,
            since="onset" if chain.responses or facts.get(f"{chain.event.id}.tests") is None else "the first test",
            returned=_returned(facts, chain),
        )
    ]


def _judged_by(chain: EventChain, ending: Fact | None) -> tuple[Fact, ...]:
    """What shows whether an event left the criterion that it is recorded as returned to. Empty: it is not asked."""
    if ending is None or ending.status == "not_recorded":
        return ()
    changes = [fact for row in chain.every_reading for fact in (row.fact, row.change) if fact is not None]
    return (*([chain.criterion] if chain.criterion is not None else []), *changes)


def _never_met(chain: EventChain) -> bool:
    """Whether no reading of an event met its criterion, each being compared with it: none left what it returned to."""
    statuses = {reading.change.status if reading.change is not None else "" for reading in chain.every_reading}
    return statuses == {"within_criterion"} and chain.criterion is not None and chain.criterion.status == "not_met"


def _returned(facts: Facts, chain: EventChain) -> str | None:
    """When responses were first seen again, and when they were within criterion. None: the ending says all of it."""
    returned, first = facts.get(f"{chain.event.id}.returned"), chain.first_within
    end = chain.resolution.instant("at") if chain.resolution is not None else None
    at = first.instant("at") if first is not None else None
    if first is None or (end is not None and not apart(at, end)):
        return Noted(returned).text("text") if returned is not None else None
    beyond = list(filter(met, chain.readings))
    rests_on = returned.inputs if returned is not None else ()
    seen_at = [row.at for test in chain.retests for row in test.readings if row.fact.id in rests_on]
    seen_then = bool(seen_at) and all(not apart(at, seen) for seen in seen_at)
    key = "page_one.within_then" if seen_then else "page_one.within_each" if len(beyond) > 1 else "page_one.within"
    return phrase(key, returned=returned, first=first)


def _told_by_duration(facts: Facts, chain: EventChain, end: Fact) -> bool:
    """Whether the time from onset to resolution says how long the change lasted.

    Not where it is no recovery, nor where its time is that of the closing reading, which finds what came before.
    """
    if end.status == "not_recorded" or _never_met(chain) or not vocabulary("resolution_classes")[end.status].recovered:
        return False
    at = end.instant("at")
    closings = [fact for row in chain.responses for fact in facts.in_group(row.id, "channel.closing")]
    return not any(
        at is not None and (closed := fact.instant("at")) is not None and not apart(closed, at) for fact in closings
    )


def alert_in_a_line(facts: Facts, chain: EventChain) -> Sentence:
    """One of many alerts, briefly: time, what, where by abbreviations, the step, what was done, and how it ended.

    The pressure stands where it was below the target in force, or where there is none to hold it against.
    """
    shorts = [Noted(channel).text("short") for channel in chain.responses]
    # A response without a side has an abbreviation that stands for nothing alone.
    sided = all(channel.side in ("left", "right") for channel in chain.responses)
    family = Noted(*chain.responses[:1]).text("family") if sided and shorts else ""
    where = joined_words([joined_words(shorts), family], " ") if family else None
    return say(
        "page_one.event_short",
        shown_by=(*shown_by(chain), *_judged_by(chain, chain.resolution)),
        event=chain.event,
        since=_since(chain),
        onset=chain.onset,
        clock=_clock(facts, chain),
        what=changed(chain.event),
        where=where or Noted(chain.event).text("responses") or None,
        context=around.context(chain, told="coded") or around.context(chain),
        pressure=around.pressure(chain) if around.low(facts, chain) else None,
        done=main_act(chain),
        ending=chain.resolution,
        how=_how_short(chain, chain.resolution) if chain.resolution is not None else None,
    )


def _how_short(chain: EventChain, ending: Fact) -> str:
    """How one of many alerts ended, in short where it came back to within its criterion."""
    if ending.status == _WITHIN and not _never_met(chain):
        return Noted(ending).says("text", "within criterion")
    return _how(chain, ending)
