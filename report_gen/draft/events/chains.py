"""Each alert as one time-ordered table: values, who was told, what was done, re-tests, how it ended, each once.

The alerts of an episode stand in one table. What the record has no time for keeps its place behind what stands before
it; causes, exclusions and what is not recorded close the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from report_gen.document.blocks import Chronology, Section, TimeEntry
from report_gen.draft.events.account import in_order
from report_gen.draft.events.begun import begun
from report_gen.draft.events.ending import ended, left, lost
from report_gen.draft.events.entry import OVERALL, Entry, entry
from report_gen.draft.events.told import done, told
from report_gen.draft.events.values import listed, met, shown_by
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import Noted
from report_gen.facts.clock import span_text
from report_gen.facts.model import Fact, Facts
from report_gen.facts.stated_time import in_recorded_order
from report_gen.facts.views.courses import EventChain, Retest
from report_gen.facts.views.episodes import episodes, told_briefly

__all__ = ["alerts"]


def alerts(facts: Facts) -> tuple[Section[Block], ...]:
    """One section with one chronology for each alert or episode."""
    chains = [chain for chain in in_order(facts) if chain.event.status == "alert"]
    judged: dict[str, str] = {}
    brief = told_briefly(facts.events)
    return tuple(_section(facts, episode, judged, brief=brief) for episode in episodes(chains))


def _section(facts: Facts, episode: Sequence[EventChain], judged: dict[str, str], *, brief: bool) -> Section[Block]:
    first = episode[0]
    title = _title(episode)
    told = _entries(facts, episode, judged, brief=brief)
    rows = tuple(
        TimeEntry(row.shown, row.time_facts, row.sentences, row.strong) for row in (_brief(told) if brief else told)
    )
    chronology = Chronology(f"chain-{first.id}", title, rows)
    return Section(f"chain-{first.id}", title, (chronology,), level=2, role="event", about=first.event.id)


def _title(episode: Sequence[EventChain]) -> str:
    if len(episode) > 1:
        first, last = episode[0].onset, episode[-1].onset
        names = [_place(chain) for chain in episode]
        times = list(dict.fromkeys(text for text in (_time(first), _time(last)) if text))
        span = span_text(times[0], times[-1]) if len(times) > 1 else "".join(times)
        ids = _range([chain.id for chain in episode])
        return f"{ids} \u2013 alerts of one episode{f', {span}' if span else ''}: {', '.join(names)}"
    chain = episode[0]
    # That the onset is not known is said with what is known of it.
    kind = chain.event.text("onset_kind") if chain.event.code("onset_kind") != "unknown_gap" else ""
    parts = [chain.event.text("event_class"), _place(chain), _noticed(chain)]
    return f"{chain.id} \u2013 {', '.join(part for part in parts if part)}{f' ({kind})' if kind else ''}"


def _range(ids: Sequence[str]) -> str:
    return ", ".join(ids[:-1]) + " and " + ids[-1]


def _place(chain: EventChain) -> str:
    return " ".join(part for part in (side_of(chain), chain.event.text("modality")) if part)


def side_of(chain: EventChain) -> str:
    """The side of an event in a heading: that of its responses, or of both; empty where they differ otherwise."""
    sides = {channel.side for channel in chain.responses} or {chain.event.side}
    if sides <= {"left", "right"} and len(sides) == 2:
        return "left and right"
    side = chain.event.side if sides <= {"not_recorded"} or len(sides) > 1 else next(iter(sides))
    return {"bilateral": "both sides", "not_recorded": "", "not_applicable": ""}.get(side, side)


def _time(onset: Fact) -> str:
    return onset.text("onset_at") or onset.text("noticed_at")


def _noticed(chain: EventChain) -> str:
    onset = chain.onset
    noticed = f"noticed {onset.text('noticed_at')}" if onset.text("noticed_at") else ""
    return onset.text("onset_at") or onset.text("when") or noticed


def _entries(facts: Facts, chains: Sequence[EventChain], judged: dict[str, str], *, brief: bool) -> list[Entry]:
    """Rows in the order of their times; of one minute in the order: begun, told, done, re-tested, ended."""
    several = len(chains) > 1
    rows: list[Entry] = []
    known: set[str] = set()
    for chain in chains:
        rows.append(begun(facts, chain, name=chain.id if several else "", known=known, judged=judged, brief=brief))
        known.update(_said(chain))
    retests = [(chain, retest) for chain in chains for retest in chain.retests]
    rows.extend(told(facts, chains))
    rows.extend(done(facts, chains, (retest.fact for _, retest in retests)))
    rows.extend(_retested(facts, retest, chain.id if several else "") for chain, retest in retests)
    if not brief:
        rows.extend(
            _first_within(chain, fact, chain.id if several else "") for chain in chains for fact in _within(chain)
        )
    rows.extend(ended(chains))
    ordered = _joined(in_recorded_order(rows, lambda row: row.at))
    last = [*left(chains), *lost(facts, chains)]
    if last:
        cited = tuple(dict.fromkeys(fact for sentence in last for fact in sentence.facts))
        ordered.append(Entry(None, OVERALL, cited, tuple(last)))
    return ordered


def _said(chain: EventChain) -> set[str]:
    """What the first row of an alert says, so that the next one of its episode does not say it again."""
    said: set[str] = set()
    if chain.context is not None:
        said.add(chain.context.text("note") or chain.context.text("text"))
    if chain.physiology is not None and chain.physiology.status == "nearest":
        said.update(chain.physiology.inputs)
    return said


def _within(chain: EventChain) -> list[Fact]:
    """When all that met the criterion had been read within it again, where that is not the time of the ending."""
    first, end = chain.first_within, chain.resolution
    if first is None or (end is not None and end.instant("at") == first.instant("at")):
        return []
    return [first]


def _first_within(chain: EventChain, first: Fact, name: str) -> Entry:
    key = "events.first_within_each" if sum(map(met, chain.readings)) > 1 else "events.first_within"
    said, dated = (say(key, first=first, name=name, time=time) for time in ("", Noted(first).text("at")))
    return entry(first, [said], dated=[dated], follows=True)


def _retested(facts: Facts, retest: Retest, name: str) -> Entry:
    values, rests_on = listed(facts, retest.readings, retest.fact.instant("at")), shown_by(retest.readings)

    def said(time: str) -> list[Sentence]:
        sentences: list[Sentence] = []
        if values.beyond:
            listing = values.beyond
            sentences.append(say("events.values_beyond", listing=listing, name=name, time=time, shown_by=rests_on))
        if values.others:
            own = {"name": "", "time": ""} if sentences else {"name": name, "time": time}
            sentences.append(say("events.values", listing=values.others, shown_by=rests_on, **own))
        return sentences or [say("events.retest_bare", retest=retest.fact, name=name, time=time)]

    dated = said(Noted(retest.fact).text("at"))
    return entry(retest.fact, said(""), strong=bool(values.beyond), dated=dated, follows=True)


def _joined(rows: Sequence[Entry]) -> list[Entry]:
    """Rows of one time as one; a row whose first sentence is bold begins a row of its own."""
    joined: list[Entry] = []
    for row in rows:
        before = joined[-1] if joined else None
        if before is not None and before.shown == row.shown and not before.alone and not row.strong:
            # The time before the first of them is that of all.
            dated = (*(before.dated or before.sentences), *row.sentences)
            joined[-1] = replace(_with(before, row), sentences=(*before.sentences, *row.sentences), dated=dated)
        else:
            joined.append(row)
    return joined


def _with(before: Entry, row: Entry) -> Entry:
    """An entry that is of the times of another too; what the other says is added by who joins them."""
    return replace(before, time_facts=tuple(dict.fromkeys((*before.time_facts, *row.time_facts))))


def _brief(rows: Sequence[Entry]) -> list[Entry]:
    """Neighbouring rows as one: all that was told and done, then all re-tests and endings, each with its own time."""
    joined: list[Entry] = []
    for row in rows:
        before = joined[-1] if joined else None
        if before is None or before.alone or row.alone or row.at is None or before.follows != row.follows or row.strong:
            joined.append(row)
            continue
        dated = (*(before.dated or before.sentences), *(row.dated or row.sentences))
        end = row.end or row.time
        joined[-1] = replace(_with(before, row), sentences=dated, dated=dated, end=end if end != before.time else "")
    return joined
