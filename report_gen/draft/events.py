"""Each event as its chain: onset, values, criterion, context, notification, intervention, re-test, resolution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from report_gen.document.blocks import Cell, Column, Paragraph, Row, Section, Table
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.views.courses import EventChain, Reading, Retest
from report_gen.vocab import vocabulary

__all__ = ["event_chains", "in_order", "shown"]


def in_order(facts: Facts) -> list[EventChain]:
    """Events by onset or notice; those without a time keep their place in the record, after the others."""

    def begun(chain: EventChain) -> tuple[bool, float]:
        at = chain.begun_at
        return (at is None, at.timestamp() if at is not None else 0.0)

    return sorted(facts.events, key=begun)


def event_chains(facts: Facts) -> tuple[Section[Block], ...]:
    """One section for each event, under a common heading."""
    chains = tuple(_section(chain) for chain in in_order(facts) if _has_more(chain))
    if not chains:
        return ()
    return (Section("events", "Events", (Paragraph(tuple(_counts(facts))),)), *chains)


def _has_more(chain: EventChain) -> bool:
    """Whether an event's chain holds more than its line in the course."""
    parts = (chain.onset_window, chain.notice_delay, chain.criterion, chain.excluded, chain.physiology, chain.cause)
    acts = (chain.no_notification, chain.no_intervention, chain.no_retest, chain.resolution)
    facts = (*chain.readings, *chain.notifications, *chain.interventions, *chain.retests)
    # The course shows the context's own words in place of the note.
    note = chain.note if chain.context is not None and chain.context.text("note") else None
    return chain.signal or bool(facts) or any(part is not None for part in (*parts, *acts, note))


def _counts(facts: Facts) -> list[Sentence]:
    """The number of events of each class, as the line under the heading."""
    return [
        say("event_count", fact, fact.status) for fact in facts.of_kind("aggregate.events") if fact.number("count")
    ] or [say("events_other", facts.of_kind("event"))]


def _heading(chain: EventChain) -> str:
    event, onset = chain.event, chain.onset
    time = onset.text("onset_at") or (f"noticed {onset.text('noticed_at')}" if onset.text("noticed_at") else "")
    side = {"not_recorded": "side not recorded", "not_applicable": ""}.get(event.side, event.side)
    parts = [event.text("event_class").capitalize(), event.text("modality"), side, time]
    return f"{event.text('id')}: {', '.join(part for part in parts if part)}"


def _section(chain: EventChain) -> Section[Block]:
    blocks: list[Block] = [Paragraph(tuple(_onset(chain)), label="Onset")]
    table = _values(chain)
    if table is not None:
        blocks.append(table)
    for label, sentences in (
        ("Criterion", _criterion(chain)),
        ("Context", _context(chain)),
        ("Notification", _notifications(chain)),
        ("Intervention", _interventions(chain)),
        ("Re-test", _retests(chain)),
        ("Resolution", _resolution(chain)),
    ):
        if sentences:
            blocks.append(Paragraph(tuple(sentences), label=label))
    return Section(f"event-{chain.id}", _heading(chain), tuple(blocks), level=2, role="event", about=chain.event.id)


def _onset(chain: EventChain) -> list[Sentence]:
    event, onset = chain.event, chain.onset
    unchanged = event.code("direction") == "none"
    shown_by = shown(chain)
    if not chain.signal and (unchanged or not event.modality):
        sentences = [say("onset_occurrence", event, onset)]
    elif onset.text("onset_at"):
        sentences = [say("onset", event, onset, shown_by=shown_by)]
        if onset.text("last_unaffected_at"):
            sentences.append(say("last_unaffected", onset))
    elif chain.onset_window is not None:
        sentences = [say("onset_window", event, onset, chain.onset_window, shown_by=shown_by)]
    elif onset.text("noticed_at"):
        sentences = [say("onset_noticed", event, onset, shown_by=shown_by)]
    else:
        sentences = [say("onset_unknown", event, onset, shown_by=shown_by)]
    if event.text("onset_kind"):
        sentences.append(say("onset_kind", event))
    if chain.notice_delay is not None:
        sentences.append(say("notice_delay", chain.notice_delay))
    return sentences


def shown(chain: EventChain) -> tuple[Fact, ...]:
    """The readings at the event of the responses that it names: they show what its sentences say of them."""
    named = {channel.id for channel in chain.responses}
    return tuple(reading.fact for reading in chain.readings if reading.channel.id in named)


def _of_baseline(change: Fact | None) -> str:
    """The remaining share of a response, in percent of baseline. Empty: not judged in percent, or not comparable."""
    if change is None:
        return ""
    names = [kind.of_baseline for kind in change_names().values() if kind.in_percent]
    return next((Noted(change).text(name) for name in names if change.text(name)), "")


def _reading_cell(reading: Reading) -> Cell:
    """The reading with its change in brackets, bold where it meets the criterion."""
    value, change = reading.fact, reading.change
    words = value.text("text")
    names = [kind.remaining for kind in change_names().values()]
    brackets = [change.text(name) for name in names if change.text(name)] if change is not None else []
    if brackets:
        words = f"{words} ({', '.join(brackets)})"
    if value.kind == "event.reading" and value.text("at"):
        words = f"{words} at {value.text('at')}"
    beyond = change is not None and change.status == "beyond_criterion"
    return Cell(words, (value.id, *([change.id] if change is not None else [])), strong=beyond)


def _values(chain: EventChain) -> Table[Sentence] | None:
    """Values of the event by response: baseline, during the event, and at each re-test."""
    columns: list[tuple[str, dict[str, Reading]]] = []
    if chain.readings:
        columns.append(("At the event", _by_response(chain.readings)))
    for index, retest in enumerate(chain.retests):
        if retest.readings:
            at = f", {retest.fact.text('at')}" if retest.fact.text("at") else ""
            columns.append((f"Re-test {index + 1}{at}", _by_response(retest.readings)))
    names = _names(columns)
    if not columns or len(columns) > 4:
        return None if not columns else _long_values(chain, columns, names)
    rows: list[Row] = []
    for response, name in names.items():
        sample = next(readings[response] for _, readings in columns if response in readings)
        cells = [Cell(name, (sample.fact.id,), strong=True), _baseline_cell(sample)]
        cells.extend(_reading_cell(readings[response]) if response in readings else Cell("") for _, readings in columns)
        rows.append(Row(tuple(cells)))
    return Table(
        f"values-{chain.id}",
        f"Values of {chain.event.text('id')} (in brackets: percent of baseline, change of latency)",
        (Column("Response", 1.0), Column("Baseline", 1.2), *(Column(title, 1.6) for title, _ in columns)),
        tuple(rows),
    )


def _names(columns: Sequence[tuple[str, Mapping[str, Reading]]]) -> Mapping[str, str]:
    """The short name of each response by its id; where two modalities have one of that name, the modality too."""
    channels = {name: reading.channel for _, readings in columns for name, reading in readings.items()}
    shared = Counter(channel.text("short") for channel in channels.values())
    return {
        name: f"{channel.text('short')}, {channel.text('label')}"
        if shared[channel.text("short")] > 1
        else channel.text("short")
        for name, channel in channels.items()
    }


def _by_response(readings: Sequence[Reading]) -> dict[str, Reading]:
    return {reading.channel.id: reading for reading in readings}


def _long_values(
    chain: EventChain, columns: Sequence[tuple[str, dict[str, Reading]]], names: Mapping[str, str]
) -> Table[Sentence]:
    rows: list[Row] = []
    for title, readings in columns:
        for position, (response, reading) in enumerate(readings.items()):
            fact = reading.fact
            rows.append(
                Row(
                    (
                        Cell(title if position == 0 else "", (fact.id,) if position == 0 else (), strong=True),
                        Cell(names[response], (fact.id,)),
                        _baseline_cell(reading),
                        _reading_cell(reading),
                    )
                )
            )
    return Table(
        f"values-{chain.id}",
        f"Values of {chain.event.text('id')} (in brackets: percent of baseline, change of latency)",
        (Column("When", 1.1), Column("Response", 1.0), Column("Baseline", 1.1), Column("Value", 2.0)),
        tuple(rows),
    )


def _baseline_cell(reading: Reading) -> Cell:
    """The baseline that the reading's change was computed from."""
    baseline = reading.baseline
    return Cell(baseline.text("text"), (baseline.id,)) if baseline is not None else Cell("")


def _criterion(chain: EventChain) -> list[Sentence]:
    if chain.criterion is None:
        return []
    macro = {"met": "criterion_met", "not_met": "criterion_not_met"}.get(chain.criterion.status, "criterion_unknown")
    return [say(macro, chain.criterion)]


def _physiology_listing(fact: Fact) -> Words:
    """The recorded physiology of one time in words, with the neuromuscular block."""
    parameters, noted = vocabulary("parameters"), Noted(fact)
    known = [(parameters.get(value.name), value.name) for value in fact.values]
    named = [(entry.short_name, name) for entry, name in known if entry is not None and entry.short_name]
    words = [f"{short_name} " + noted.text(name) for short_name, name in named]
    if block := noted.text("tof"):
        words.append("last train-of-four " + block)
    return joined_words(words, ", ")


def _context(chain: EventChain) -> list[Sentence]:
    sentences: list[Sentence] = []
    if chain.context is not None:
        sentences.append(say("context", chain.context))
    if chain.excluded is not None:
        sentences.append(say("excluded", chain.excluded))
    if chain.physiology is not None:
        sentences.append(say("physiology", chain.physiology, _physiology_listing(chain.physiology)))
    if chain.note is not None:
        sentences.append(say("note", chain.note))
    return sentences


def _notifications(chain: EventChain) -> list[Sentence]:
    if chain.no_notification is not None:
        return [say("notification_missing", chain.no_notification)]
    return [
        say("notification_missing", notification.fact)
        if notification.fact.status == "not_recorded"
        else say("notification", notification.fact, notification.delay, notification.acknowledgement)
        for notification in chain.notifications
    ]


def _interventions(chain: EventChain) -> list[Sentence]:
    if chain.no_intervention is not None:
        return [say("intervention_missing", chain.no_intervention)]
    timed = [(at.timestamp(), fact) for fact in chain.interventions if (at := fact.instant("at")) is not None]
    if len(timed) < len(chain.interventions):
        return [say("intervention", fact) for fact in chain.interventions]
    return [say("intervention", fact) for _, fact in sorted(timed, key=lambda pair: pair[0])]


def _retests(chain: EventChain) -> list[Sentence]:
    if chain.no_retest is not None:
        return [say("retest_missing", chain.no_retest)]
    return [_retest(retest) for retest in chain.retests]


def _retest(retest: Retest) -> Sentence:
    parts: list[str] = []
    compared: list[Fact] = []
    in_percent = False
    for reading in retest.readings:
        value, change = Noted(reading.fact), reading.change
        of_baseline = _of_baseline(change)
        in_percent = in_percent or bool(of_baseline)
        parts.append(value.text("short") + " " + (of_baseline or value.text("text")))
        compared.extend([change] if change is not None else [])
    return say("retest", retest.fact, joined_words(parts, ", "), "yes" if in_percent else "", shown_by=compared)


def _resolution(chain: EventChain) -> list[Sentence]:
    sentences: list[Sentence] = []
    if chain.resolution is not None:
        sentences.append(say("resolution", chain.resolution, chain.duration))
    if chain.cause is not None:
        sentences.append(say("cause", chain.cause))
    return sentences
