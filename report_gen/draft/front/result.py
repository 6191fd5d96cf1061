"""The result: what happened, where and when, how it ended and closed, what could not be monitored, how the patient was.

Alerts stand in full, those of one episode together, and the outcome stands behind them: what could not be followed,
before anything that could reassure, the closing, the patient. Changes, improvements and other entries take a line each
behind that; where there is no alert they stand in its place, and where they are many they are counted by kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from report_gen.document.blocks import Paragraph, Section
from report_gen.draft.conditions import UNSEEN, findings_words, postoperative_findings
from report_gen.draft.course import nothing_monitored
from report_gen.draft.events import only_in_record
from report_gen.draft.front.alerts import alert_in_a_line, changed, changes, shown_by
from report_gen.draft.front.alerts import alerts as alerts_of
from report_gen.draft.front.around import occurred, shortened
from report_gen.draft.front.limitations import harm_by_monitoring, stimulus_changed
from report_gen.draft.front.reactions import surgeon_told, surgeons_told
from report_gen.draft.front.unfollowed import not_monitorable
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import FILTERS, Noted, joined_words, repeated
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.views.episodes import episodes, told_briefly
from report_gen.facts.views.told_order import told_in_order
from report_gen.facts.wording import utc
from report_gen.vocab import vocabulary

__all__ = ["result"]

_ALL_WITHIN: Final = {1: "page_one.closing_one", 2: "page_one.closing_both"}
"""Sentence of few responses that all closed within their criterion, by their number."""
_OTHERS_WITHIN: Final = {0: "page_one.closing_all_beyond", 1: "page_one.closing_one_other"}
"""Sentence of responses beyond their criterion, by how many others were within theirs."""
_NO_CLOCK: Final = "synthetic"
"""Code of the clock of times that were put together and read nowhere."""
_MOST_NOTED: Final = 500
"""Most characters of the note on the record that stand beside such times."""
_COMPUTED: Final = {
    "side": "side",
    "onset_at": "time of onset",
    "noticed_at": "time of notice",
    "last_unaffected_at": "time of the last trace without the change",
}
"""What of an event is said to be computed, by the field of the record."""
_OF_EVENT: Final = re.compile(rf"/events/(?P<index>[0-9]+)/(?P<field>{'|'.join(_COMPUTED)})")
_MOST_WITH_ACTIONS: Final = 3
"""Most changes that say what was told and done about them; of more the table of changes says it."""
_MOST_OPEN: Final = 3
"""Most events that did not return that are named by their responses; of more their names and endings are."""
_MOST_LINES: Final = 5
"""Most entries beside alerts that take a line each."""
_FINDINGS: Final = ("postoperative.examination.finding", "postoperative.finding")
_EXAMINES: Final = {"laryngoscopy": ("voice", "cranial_nerve"), "audiometry": ("hearing",)}
"""What an entry of the course after surgery examines by its kind, whose result is in free words."""
_WORD: Final = re.compile(r"\w+")
_LONG_WORD: Final = 4
"""Letters from which a word tells what a finding is about."""


def result(facts: Facts) -> Section[Block]:
    """The result box; its first sentence is bold, and so is that of every alert."""
    chains = [row for row in told_in_order(facts.events, ()) if isinstance(row, EventChain)]
    alerts = [chain for chain in chains if chain.event.status == "alert"]
    others = [chain for chain in chains if chain.event.status != "alert"]
    blocks: list[Paragraph[Sentence]] = []
    if nothing_monitored(facts):
        blocks.append(_paragraph([say("page_one.nothing_monitored", minutes=facts.by_id["minutes.monitoring"])]))
    many = told_briefly(facts.events)
    blocks.extend(_alerts(facts, alerts, others, briefly=many))
    rest = _others(facts, others, told_open=many)
    if not alerts:
        blocks.extend(rest)
    if missing := not_monitorable(facts):
        blocks.append(_paragraph(missing))
    blocks.extend(
        _paragraph([say("page_one.unread", those=fact)]) for fact in facts.of_kind("aggregate.closing.unread")
    )
    if not any(chain.signal for chain in chains):
        blocks.append(_paragraph([_nothing(facts)]))
    blocks.extend(_closing(facts))
    blocks.extend(_after(facts))
    if alerts:
        blocks.extend(rest)
    if (harm := harm_by_monitoring(facts)) is not None:
        blocks.append(_paragraph([harm]))
    blocks.extend(_made_up(facts))
    if blocks and not blocks[0].strong:
        blocks[0] = Paragraph(blocks[0].sentences, listed=blocks[0].listed, strong=True)
    return Section("result", "Result", tuple(blocks), role="result")


def _alerts(
    facts: Facts, alerts: Sequence[EventChain], others: Sequence[EventChain], *, briefly: bool
) -> list[Paragraph[Sentence]]:
    """The alerts with what is told of no event, and what nobody outside the room saw; briefly behind their number."""
    blocks: list[Paragraph[Sentence]] = []
    # Of many alerts each takes one line without its values, and its responses are named by their abbreviations.
    if briefly:
        counted_alerts = facts.by_id["aggregate.alerts"]
        events = Noted(*(chain.event for chain in alerts))
        listed = say("page_one.alerts_listed", count=counted_alerts, alerts=events, told=surgeons_told(alerts))
        counted = _counted(facts, told_open=True) if len(others) > _MOST_LINES else []
        blocks.append(_paragraph([*_open(facts), listed, *counted], strong=True))
        blocks.append(Paragraph(tuple(alert_in_a_line(facts, chain) for chain in alerts), listed=True))
        blocks.extend(_paragraph([line]) for line in _during(facts, alerts))
    else:
        for group in episodes(alerts):
            blocks.extend(alerts_of(facts, group, _during(facts, group)))
    blocks.extend(_outages(facts, alerts))
    outside = [say("page_one.outside", outside=fact) for fact in facts.of_kind("aggregate.outside")]
    if outside:
        blocks.append(_paragraph(outside, strong=True))
    return blocks


def _after(facts: Facts) -> list[Paragraph[Sentence]]:
    """How the patient was, with what was found before surgery; bold where a deficit is told that is not an old one."""
    found = postoperative_findings(facts)
    before = _before(facts, found)
    seen = (*facts.of_kind("postoperative.examination"), *facts.of_kind("postoperative.entry"))
    deficits = {fact.id for fact in seen if fact.code("deficit") in ("new", "unstated")}
    parts: list[tuple[bool, list[Sentence]]] = []
    for place, row in enumerate(found):
        strong = any(state.fact in deficits for state in row.states)
        # Only the first sentence of a paragraph is bold, so that each deficit begins one.
        if strong or not parts:
            parts.append((strong, []))
        parts[-1][1].extend((row, *before.get(place, ())))
    return [_paragraph(rows, strong=strong) for strong, rows in parts]


def _made_up(facts: Facts) -> list[Paragraph[Sentence]]:
    """That the times were read from no clock, or that a program worked out a time or a side of an event.

    The note on the record, which says what was made up and how, stands with it.
    """
    lines: list[Sentence] = []
    clock, note = facts.by_id["case.clock"], facts.get("case.record_note")
    timed = [chain for chain in facts.events if any(value.at is not None for value in chain.onset.values)]
    if clock.code("text") == _NO_CLOCK:
        lines.append(say("page_one.no_clock" if timed else "page_one.no_clock_untimed", clock=clock))
    else:
        own = [chain for chain in timed if chain.onset.code("clock") == _NO_CLOCK]
        if own:
            ids = joined_words(Noted(chain.event).text("id") for chain in own)
            onsets = Noted(*(chain.onset for chain in own))
            lines.append(say("page_one.no_clock_of_events", ids=ids, onsets=onsets))
    for origin in facts.of_kind("origin"):
        match = _OF_EVENT.fullmatch(origin.words("place")) if origin.status == "computed" else None
        if match is not None and (event := _event_at(facts, match["index"])) is not None:
            what = Noted(origin).says("place", _COMPUTED[match["field"]])
            lines.append(say("page_one.computed", origin=origin, what=what, event=event))
    if lines and note is not None:
        quoted = shortened(Noted(note).text("text"), most=_MOST_NOTED)
        lines.extend([say("page_one.record_note_quoted", quoted=FILTERS["quoted"](quoted))] if quoted else [])
    return [_paragraph(lines)] if lines else []


def _event_at(facts: Facts, index: str) -> Fact | None:
    return next((chain.event for chain in facts.events if chain.event.pointer == f"/events/{index}"), None)


def _before(facts: Facts, found: Sequence[Sentence]) -> dict[int, list[Sentence]]:
    """What was found before surgery of what was examined after it, by the place of the sentence that it stands behind.

    That is the sentence about the same kind of examination with which it has the most words in common, else the first.
    """
    beside: dict[int, list[Fact]] = {}
    spoken = [_spoken(row.text) for row in found]
    kinds = [_examined(facts, row) for row in found]
    for fact in facts.of_kind("preoperative.examination.finding"):
        own = _spoken(f"{fact.text('finding')} {fact.text('site')}")
        common = {place: len(own & spoken[place]) for place in range(len(found)) if fact.code("domain") in kinds[place]}
        if common:
            beside.setdefault(max(common, key=lambda place: common[place]), []).append(fact)
    return {
        place: [say("page_one.before", those=joined_words(findings_words(known), "; "))]
        for place, known in beside.items()
    }


def _spoken(words: str) -> set[str]:
    """The longer words of a text, to tell what is about the same."""
    return {word for word in _WORD.findall(words.casefold()) if len(word) >= _LONG_WORD}


def _examined(facts: Facts, row: Sentence) -> set[str]:
    """What a sentence tells to have been examined, by code."""
    told = [facts.by_id[state.fact] for state in row.states]
    if any(fact.kind == "postoperative.examination" and fact.status in UNSEEN for fact in told):
        # What was known before stands beside an examination that nobody told of.
        return {fact.code("domain") for fact in facts.of_kind("preoperative.examination.finding")}
    found = {fact.code("domain") for fact in told if fact.kind in _FINDINGS}
    return found.union(*(_EXAMINES.get(fact.status, ()) for fact in told if fact.kind == "postoperative.entry"))


def _paragraph(sentences: Sequence[Sentence], *, strong: bool = False) -> Paragraph[Sentence]:
    return Paragraph(tuple(sentences), strong=strong)


def _nothing(facts: Facts) -> Sentence:
    """That nothing is recorded, and of which responses every reading was compared and within its criterion."""
    alerts, changes, improvements = (facts.by_id[f"aggregate.{name}s"] for name in ("alert", "change", "improvement"))
    criteria = facts.by_id["aggregate.criteria"]
    return say("page_one.no_events", alerts=alerts, changes=changes, improvements=improvements, criteria=criteria)


def _during(facts: Facts, group: Sequence[EventChain]) -> list[Sentence]:
    """What was seen in the time of some events and is told by none."""
    ids = {chain.event.id for chain in group}
    return [say("page_one.during", during=fact) for fact in facts.of_kind("aggregate.during") if ids & set(fact.inputs)]


def _open(facts: Facts) -> list[Sentence]:
    """The events that are not recorded as returned, by their responses and times, where there are any."""
    resolution = facts.get("aggregate.resolution")
    if resolution is None or not resolution.text("open"):
        return []
    left = [chain for chain in facts.events if chain.event.id in resolution.inputs and not _recovered(chain)]
    if len(left) > _MOST_OPEN:
        those: str = Noted(resolution).text("open")
    else:
        those = joined_words(map(_left_open, left), "; ")
    return [say("page_one.open", those=those)]


def _recovered(chain: EventChain) -> bool:
    end = chain.resolution
    return end is None or (end.status != "not_recorded" and vocabulary("resolution_classes")[end.status].recovered)


def _left_open(chain: EventChain) -> str:
    """One event that did not return: its responses, or what changed, with its name and its time; how is in its line."""
    event, onset = Noted(chain.event), Noted(chain.onset)
    what = event.text("responses") or changed(chain.event) or event.text("event_class")
    at = onset.text("onset_at") or onset.text("noticed_at")
    return what + " (" + joined_words([part for part in (event.text("id"), at) if part], ", ") + ")"


def _others(facts: Facts, chains: Sequence[EventChain], *, told_open: bool) -> list[Paragraph[Sentence]]:
    """Changes, improvements and other entries, a line each; by number where they are many, and those still open."""
    if len(chains) <= _MOST_LINES:
        # What is most likely to matter first, bold where there is no alert; in order of time within a class.
        ranked = sorted(chains, key=lambda chain: vocabulary("event_classes")[chain.event.status].signal_rank or 9)
        signals = [chain for chain in ranked if chain.signal]
        briefly = told_open or len(signals) > _MOST_WITH_ACTIONS
        told = [row for group in episodes(signals) for row in changes(facts, group, briefly=briefly)]
        return [*told, *(_paragraph([_entry(chain)]) for chain in ranked if not chain.signal)]
    if told_open:
        return []
    # Of a long case the entries that are about no response are told by their number; the record has a row for each.
    left = _open(facts)
    counted = _counted(facts, told_open=False)
    return [*([_paragraph(counted)] if counted else []), *([_paragraph(left, strong=True)] if left else [])]


def _counted(facts: Facts, *, told_open: bool) -> list[Sentence]:
    """How many entries there are of each class but alerts, and where they are; behind many alerts without their ids."""
    # Beside many alerts the number of those that are about no response tells nothing.
    counts = [
        say("page_one.counted_alone" if told_open else "page_one.counted", count=fact, word=_plural(fact))
        for kind in ("aggregate.events", *(() if told_open else ("aggregate.entries",)))
        for fact in facts.of_kind(kind)
        if fact.number("count") and fact.status != "alert"
    ]
    if counts and (left := only_in_record(facts)):
        counts.append(say("page_one.in_record", left=Noted(*left)))
    return counts


def _plural(fact: Fact) -> str:
    word = fact.status.replace("_", " ")
    return word if fact.number("count") == 1 else word + "s"


def _entry(chain: EventChain) -> Sentence:
    """An entry that is not about a response: what occurred, where, and in whose words."""
    noted = chain.note is not None and not (chain.context is not None and chain.context.text("note"))
    signal = chain.event.code("direction") != "none"
    parts: list[str] = [*map(occurred, chain.occurrences)]
    context = chain.context
    if context is not None and context.text("text") and not repeated(context.text("text"), context.text("note")):
        parts.append(Noted(context).text("text"))
    if noted and chain.note is not None:
        parts.append(FILTERS["quoted"](Noted(chain.note).text("text")))
    elif chain.context is not None and chain.context.text("note"):
        parts.append(FILTERS["quoted"](Noted(chain.context).text("note")))
    if told := surgeon_told(chain):
        parts = [*map(FILTERS["unstopped"], parts), told]
    return say(
        "page_one.entry",
        shown_by=shown_by(chain) if signal else (),
        event=chain.event,
        onset=chain.onset,
        what=changed(chain.event),
        told=joined_words(parts, "; ") if parts else None,
    )


def _outages(facts: Facts, alerts: Sequence[EventChain]) -> list[Paragraph[Sentence]]:
    """Losses of the link during which an alert was recorded: nobody outside the room saw its traces."""
    lines: list[Sentence] = []
    for fact in facts.of_kind("interval.outage"):
        start, end = fact.instant("start_at"), fact.instant("end_at")
        if start is None or end is None:
            continue
        touched = [
            chain for chain in alerts if (at := chain.begun_at) is not None and utc(start) <= utc(at) <= utc(end)
        ]
        if touched:
            ids = joined_words(Noted(chain.event).text("id") for chain in touched)
            lines.append(say("page_one.outage_at_alert", gap=fact, ids=ids))
    return [_paragraph([line]) for line in lines]


def _closing(facts: Facts) -> list[Paragraph[Sentence]]:
    """How the responses closed: those beyond their criterion by name, the others by number and with their lowest."""
    closing = facts.by_id["aggregate.closing"]
    lowest, beyond = facts.get("aggregate.closing.lowest"), facts.get("aggregate.closing.beyond")
    compared, within = closing.number("compared") or 0, closing.number("within_criterion") or 0
    sentences: list[Sentence] = []
    if beyond is not None:
        name = _OTHERS_WITHIN.get(int(within), "page_one.closing_beyond")
        sentences.append(say(name, closing=closing, beyond=beyond, lowest=lowest))
    elif compared and closing.text("names"):
        sentences.append(say("page_one.closing_named", closing=closing, lowest=lowest))
    elif compared:
        sentences.append(say(_ALL_WITHIN.get(int(compared), "page_one.closing_within"), closing=closing, lowest=lowest))
    described = facts.get("aggregate.closing.described")
    if described is not None:
        # Where the record has no criterion, or one in words, nothing is said of a comparison.
        any_criterion = any(fact.status != "not_recorded" for fact in facts.of_kind("criterion"))
        # Behind a sentence of the closing this is of the closing too.
        alone = "page_one.described_too" if sentences else "page_one.described_alone"
        name = "page_one.described" if any_criterion and described.status == "uncompared" else alone
        sentences.append(say(name, described=described))
    if lowest is not None and not within:
        sentences.append(say("page_one.lowest", lowest=lowest))
    if compared:
        read = (facts.by_id[name] for name in closing.inputs)
        held = {fact.modality for fact in read if fact.status in ("beyond_criterion", "within_criterion")}
        sentences.extend(stimulus_changed(facts, held))
    return [_paragraph(sentences, strong=beyond is not None)] if sentences else []
