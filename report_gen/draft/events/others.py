"""What is no alert, one row each: changes, improvements, observations, occurrences, and acts beside events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from report_gen.document.blocks import Cell, Column, Paragraph, Row, Section, Table
from report_gen.document.tables import without_empty_columns
from report_gen.draft.events.begun import occurrence_words
from report_gen.draft.events.ending import end_words, left
from report_gen.draft.events.entry import clock_time, opening
from report_gen.draft.events.messages import further_messages, message_words
from report_gen.draft.events.told import act_words, told_words
from report_gen.draft.events.values import listed, met
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import phrase, sentence
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.fact import Fact
from report_gen.facts.model import Facts
from report_gen.facts.views.courses import EventChain, Reading
from report_gen.facts.views.told_order import Told, told_in_order
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["further_events", "only_in_record", "other_events"]

_MOST_ROWS: Final = 16
"""Rows that the report holds; of more it keeps what is about a response, the technical record has the rest."""
_BESIDE: Final = "what was done beside events"
_CRITERION: Final[Mapping[str, str]] = {
    "met": "events.row_criterion_met",
    "not_met": "events.row_criterion_not_met",
}
"""Whether the recorded values met the criterion; its words stand where the technique is told."""
_COLUMNS: Final = (
    Column("Time", 0.75),
    Column("What", 1.2),
    Column("Values and circumstances", 3.0),
    Column("Told and done", 1.65),
    Column("Re-tested and ended", 1.6),
)


def other_events(facts: Facts) -> tuple[Section[Block], ...]:
    """The table of the report, with a line for the rows that only the technical record has."""
    kept, left = _split(facts)
    rows = [*(_row(facts, told) for told in kept), *(_improved(fact) for fact in facts.of_kind("channel.improvement"))]
    blocks: list[Block] = []
    if rows:
        caption = "Changes, improvements and other observations, one row each (amplitude in percent of baseline)"
        blocks.append(without_empty_columns(Table("others", caption, _COLUMNS, tuple(rows))))
    if left and not only_in_record(facts):
        blocks.append(Paragraph((_further(left),)))
    return (Section("others", "Changes and other observations", tuple(blocks), level=2),) if blocks else ()


def only_in_record(facts: Facts) -> tuple[Fact, ...]:
    """The events without a row in the report, where that is all of them and page one has their ids; else nothing."""
    kept, left = _split(facts)
    events = [row.event for row in left if isinstance(row, EventChain)]
    return tuple(events) if not kept and len(events) == len(left) else ()


def further_events(facts: Facts) -> tuple[Section[Block], ...]:
    """The rows that the report has no room for, for the technical record."""
    _, left = _split(facts)
    if not left:
        return ()
    rows = tuple(_row(facts, told) for told in left)
    table: Table[Sentence] = Table("further", "Events that the report names only, one row each", _COLUMNS, rows)
    return (Section("further", "Further events", (table,)),)


def _split(facts: Facts) -> tuple[list[Told], list[Told]]:
    """What the report has in its table, and what only the technical record has in its own."""
    # What answered an event stands with it.
    answered = {act.id for chain in facts.events for act in chain.answered_by}
    told = [
        row
        for row in told_in_order(facts.events, facts.of_kind("intervention"))
        if (row.event.status != "alert" if isinstance(row, EventChain) else row.id not in answered)
    ]
    if len(told) <= _MOST_ROWS:
        return told, []
    kept: list[Told] = [row for row in told if isinstance(row, EventChain) and _weighs(row)]
    return kept, [row for row in told if row not in kept]


def _weighs(chain: EventChain) -> bool:
    """Whether an event stays in the report however many there are: a criterion met, no return, an adverse event."""
    end = chain.resolution
    not_returned = chain.signal and end is not None and not _recovered(end)
    return chain.event.status == "adverse_event" or not_returned or any(met(reading) for reading in chain.every_reading)


def _recovered(end: Fact) -> bool:
    """Whether the class of an ending counts as a return; one that is not recorded does not."""
    entry = vocabulary("resolution_classes").get(end.status)
    return entry is not None and entry.recovered


def _further(left: Sequence[Told]) -> Sentence:
    """One line that names what the technical record has beside the table, by class."""
    classes: dict[str, list[str]] = {}
    for row in left:
        name = row.event.text("event_class") if isinstance(row, EventChain) else ""
        classes.setdefault(name, []).append(row.id if isinstance(row, EventChain) else "")
    words = []
    for name, ids in classes.items():
        listing = f" ({', '.join(ids)})" if all(ids) else ""
        words.append(f"{name if len(ids) == 1 else name + 's'}{listing}" if listing else _BESIDE)
    facts = [row.event if isinstance(row, EventChain) else row for row in left]
    return sentence(f"In the technical record: {joined(words)}.", *facts)


def _row(facts: Facts, told: Told) -> Row:
    if not isinstance(told, EventChain):
        return _act(told)
    onset = told.onset
    clock = onset.text("onset_at") or (f"noticed {onset.text('noticed_at')}" if onset.text("noticed_at") else "")
    time = ", ".join(part for part in (told.id, clock, onset.text("when")) if part)
    time = time if clock or onset.text("when") else f"{told.id}, time not recorded"
    cited = (told.event.id, onset.id)
    return Row(
        (
            Cell(time, cited, strong=True),
            Cell(_class(told), (told.event.id,)),
            _cell(_what(facts, told)),
            _cell(_reactions(facts, told)),
            _cell([*_retests(facts, told), *_end(told)]),
        )
    )


def _class(chain: EventChain) -> str:
    """The class, with the responses where the values beside it do not name them all."""
    event = chain.event
    shown = {reading.channel.id for reading in chain.readings}
    named = {channel.id for channel in chain.responses}
    place = event.text("modality") if named and named <= shown else event.text("responses")
    level = f" at {event.text('level')}" if event.text("level") else ""
    return f"{event.text('event_class').capitalize()}{f', {place}' if place else ''}{level}"


def _cell(words: Iterable[str]) -> Cell:
    """Words with what they state; empty where there are none."""
    text = joined_words([piece for piece in words if piece], " ") if words else Words("")
    return Cell(str(text), tuple(dict.fromkeys(state.fact for state in text.states)))


def _what(facts: Facts, chain: EventChain) -> list[str]:
    words: list[str] = []
    named = {channel.id for channel in chain.responses}
    if chain.event.code("direction") != "none":
        readings = [reading for reading in chain.readings if not named or reading.channel.id in named]
        values = listed(facts, readings, chain.begun_at)
        tests = facts.get(f"{chain.event.id}.tests")
        told = [part for part in values if part] or ([phrase("events.begun_tests", tests=tests)] if tests else [])
        listing = joined_words(told, "; ")
        in_percent = readings and all(_amplitude_in_percent(reading) for reading in readings)
        plain = chain.event.code("direction") in ("decrease", "increase") and not chain.event.codes("further")
        if in_percent and plain:
            words.append(phrase("events.row_listing", listing=listing))
        else:
            words.append(phrase("events.row_values", event=chain.event, listing=listing))
    if chain.criterion is not None and chain.criterion.status in _CRITERION:
        words.append(phrase(_CRITERION[chain.criterion.status], criterion=chain.criterion))
    if chain.event.text("severity"):
        words.append(phrase("events.severity", event=chain.event))
    words.extend(
        phrase("events.occurrence", occurrence=fact, words=occurrence_words(fact)) for fact in chain.occurrences
    )
    context = chain.context
    if context is not None and context.text("note"):
        words.append(phrase("events.row_words", context=context))
    elif context is not None and context.text("text"):
        words.append(phrase("events.context_coded", context=context))
    words.extend(Words(said.text, said.states) for said in left([chain]))
    return words


def _amplitude_in_percent(reading: Reading) -> bool:
    """Whether a value in percent of baseline says by itself that an amplitude fell or rose."""
    return reading.change is not None and bool(reading.change.text("amplitude_pct_of_baseline"))


def _reactions(facts: Facts, chain: EventChain) -> list[str]:
    told = told_words(facts, chain)
    words: list[str] = [phrase("events.row_told", listing=told)] if told else []
    acts = [*chain.interventions, *chain.answered_by]
    if acts:
        done = joined_words([act_words(Noted(act), time=_moment(act)) for act in acts], "; ")
        words.append(phrase("events.done", listing=done))
    return [*words, *(message_words(message) for message in further_messages(facts, [chain]))]


def _moment(act: Fact) -> str:
    return Noted(act).text("at") or Noted(act).text("when")


def _retests(facts: Facts, chain: EventChain) -> list[str]:
    """Every re-test with its time."""
    words: list[str] = []
    for retest in chain.retests:
        values = listed(facts, retest.readings, retest.fact.instant("at"))
        time = opening(retest.fact)
        listing = joined_words([part for part in values if part], "; ")
        key = "events.values" if listing else "events.retest_bare"
        argument: dict[str, str | Fact] = {"listing": listing} if listing else {"retest": retest.fact}
        words.append(phrase(key, name="", time=time, **argument))
    return words


def _end(chain: EventChain) -> list[str]:
    end = chain.resolution
    if end is None:
        return []
    if end.status == "not_recorded":
        return [Noted(end).lacks("text", "not recorded")]
    untimed = None if clock_time(end) else end
    return [phrase("events.row_end", end=end, words=end_words(end), untimed=untimed)]


def _act(act: Fact) -> Row:
    """What was done beside events; the record names none that it answered."""
    return Row(
        (
            Cell(clock_time(act) or "time not recorded", (act.id,), strong=True),
            Cell("Intervention", (act.id,)),
            Cell(""),
            _cell([phrase("events.done", listing=act_words(Noted(act)))]),
            Cell(""),
        )
    )


def _improved(fact: Fact) -> Row:
    """A closing value that met the criterion of an improvement."""
    side = f"{fact.side} " if fact.side in ("left", "right", "midline") else ""
    share = fact.text("amplitude_pct_of_baseline")
    words = f"{fact.text('text')} ({share} of baseline)" if share else fact.text("text")
    return Row(
        (
            Cell("Closing", (fact.id,), strong=True),
            Cell(f"Improvement: {side}{fact.text('label')}", (fact.id,)),
            Cell(f"{words}; criterion for an improvement met ({fact.text('criterion')})", (fact.id,)),
            Cell(""),
            Cell(""),
        )
    )
