"""Each event as its chain: onset, values, criterion, context, told, done, re-test, resolution."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.draft.conditions import PHYSIOLOGY_NAMES
from report_gen.draft.model import Block, Cell, Column, Paragraph, Row, Section, Sentence, Table
from report_gen.draft.sentences import say
from report_gen.facts.model import Fact, Facts

__all__ = ["SIGNAL_EVENTS", "event_chains", "in_order"]

SIGNAL_EVENTS = ("alert", "change", "improvement")
"""Classes of event that say something of a response; the others are happenings, observations, adverse events."""


def in_order(facts: Facts) -> list[Fact]:
    """Events by onset or notice; those without a time keep their place in the record, after the others."""

    def begun(event: Fact) -> tuple[bool, float]:
        onset = facts.by_id[f"{event.group}.onset"]
        at = onset.instant("onset_at") or onset.instant("noticed_at")
        return (at is None, at.timestamp() if at is not None else 0.0)

    return sorted(facts.of_kind("event"), key=begun)


def event_chains(facts: Facts) -> tuple[Section, ...]:
    """One section for each event, under a common heading."""
    events = in_order(facts)
    if not events:
        return ()
    chains = tuple(_chain(facts, event) for event in events if _has_chain(facts, event))
    if not chains:
        return ()
    return (Section("events", "Events", (Paragraph(tuple(_counts(facts))),)), *chains)


def _has_chain(facts: Facts, event: Fact) -> bool:
    """Whether an event says more than the course's own line about it."""
    kinds = {fact.kind for fact in facts.in_group(event.group)}
    line = {"event", "event.onset", "event.context"} | ({"event.note"} - _noted(facts, event))
    return event.status in SIGNAL_EVENTS or bool(kinds - line)


def _noted(facts: Facts, event: Fact) -> set[str]:
    """The note's kind where the course's line shows the context's own words in its place."""
    context = facts.get(f"{event.group}.context")
    return {"event.note"} if context is not None and context.text("note") else set()


def _counts(facts: Facts) -> list[Sentence]:
    """How many events of each class, as the heading's own line."""
    return [
        say("event_count", fact, fact.status) for fact in facts.of_kind("aggregate.events") if fact.number("count")
    ] or [say("events_other", facts.of_kind("event"))]


def _heading(facts: Facts, event: Fact) -> str:
    onset = facts.by_id[f"{event.group}.onset"]
    time = onset.text("onset_at") or (f"noticed {onset.text('noticed_at')}" if onset.text("noticed_at") else "")
    side = {"not_recorded": "side not recorded", "not_applicable": ""}.get(event.side, event.side)
    parts = [event.text("event_class").capitalize(), event.text("modality"), side, time]
    return f"{event.text('id')}: {', '.join(part for part in parts if part)}"


def _chain(facts: Facts, event: Fact) -> Section:
    blocks: list[Block] = [Paragraph(tuple(_onset(facts, event)), label="Onset")]
    table = _values(facts, event)
    if table is not None:
        blocks.append(table)
    for label, sentences in (
        ("Criterion", _criterion(facts, event)),
        ("Context", _context(facts, event)),
        ("Told", _told(facts, event)),
        ("Done", _done(facts, event)),
        ("Re-test", _retests(facts, event)),
        ("Resolution", _resolution(facts, event)),
    ):
        if sentences:
            blocks.append(Paragraph(tuple(sentences), label=label))
    return Section(f"event-{event.text('id')}", _heading(facts, event), tuple(blocks), level=2)


def _onset(facts: Facts, event: Fact) -> list[Sentence]:
    onset, window = facts.by_id[f"{event.group}.onset"], facts.get(f"{event.group}.onset_window")
    unchanged = event.code("direction") == "none"
    if event.status not in SIGNAL_EVENTS and (unchanged or not event.text("modality")):
        sentences = [say("onset_happening", event, onset)]
    elif onset.text("onset_at"):
        sentences = [say("onset", event, onset)]
        if onset.text("last_unaffected_at"):
            sentences.append(say("last_unaffected", onset))
    elif window is not None:
        sentences = [say("onset_window", event, onset, window)]
    elif onset.text("noticed_at"):
        sentences = [say("onset_noticed", event, onset)]
    else:
        sentences = [say("onset_unknown", event, onset)]
    if event.text("onset_kind"):
        sentences.append(say("onset_kind", event))
    if (delay := facts.get(f"{event.group}.notice_delay")) is not None:
        sentences.append(say("notice_delay", delay))
    return sentences


_BRACKETS = (
    "amplitude_pct_of_baseline",
    "velocity_cm_pct_of_baseline",
    "saturation_pct_of_baseline",
    "spectral_edge_pct_of_baseline",
    "pressure_pct_of_baseline",
    "latency_change_ms",
    "interpeak_i_v_change_ms",
    "interpeak_i_iii_change_ms",
    "threshold_change_ma",
    "threshold_change_v",
    "firing_rate_change_hz",
)
"""What a value of an event shows of its change: percent of baseline where that is how it is judged, else the change."""


def _reading_cell(facts: Facts, value: Fact) -> Cell:
    change = facts.get(f"{value.id}.change")
    words = value.text("text")
    brackets = [change.text(name) for name in _BRACKETS if change.text(name)] if change is not None else []
    if brackets:
        words = f"{words} ({', '.join(brackets)})"
    if value.kind == "event.value" and value.text("at"):
        words = f"{words} at {value.text('at')}"
    beyond = change is not None and change.status == "beyond_criterion"
    return Cell(words, (value.id, *([change.id] if change is not None else [])), strong=beyond)


def _values(facts: Facts, event: Fact) -> Table | None:
    """Values of the event by channel: baseline, during the event, and at each re-test."""
    retests = facts.in_group(event.group, "event.retest")
    values = facts.in_group(event.group, "event.value")
    columns: list[tuple[str, dict[str, Fact]]] = []
    if values:
        columns.append(("At the event", {_channel_of(fact): fact for fact in values}))
    for index, retest in enumerate(retests):
        rows = {
            _channel_of(fact): fact
            for fact in facts.in_group(event.group, "event.retest.value")
            if fact.id.startswith(f"{retest.id}.value.")
        }
        if rows:
            columns.append((f"Re-test {index + 1}{', ' + retest.text('at') if retest.text('at') else ''}", rows))
    if not columns or len(columns) > 4:
        return None if not columns else _long_values(facts, event, columns)
    names = list(dict.fromkeys(name for _, rows in columns for name in rows))
    table_rows: list[Row] = []
    for name in names:
        sample = next(rows[name] for _, rows in columns if name in rows)
        baseline = _baseline_of(facts, sample)
        cells = [
            Cell(sample.text("short"), (sample.id,), strong=True),
            Cell(baseline.text("text"), (baseline.id,)) if baseline else Cell(""),
        ]
        cells.extend(_reading_cell(facts, rows[name]) if name in rows else Cell("") for _, rows in columns)
        table_rows.append(Row(tuple(cells)))
    return Table(
        f"values-{event.text('id')}",
        f"Values of {event.text('id')} (in brackets: percent of baseline, change of latency)",
        (Column("Response", 1.0), Column("Baseline", 1.2), *(Column(title, 1.6) for title, _ in columns)),
        tuple(table_rows),
    )


def _long_values(facts: Facts, event: Fact, columns: Sequence[tuple[str, dict[str, Fact]]]) -> Table:
    rows: list[Row] = []
    for title, values in columns:
        for position, fact in enumerate(values.values()):
            baseline = _baseline_of(facts, fact)
            rows.append(
                Row(
                    (
                        Cell(title if position == 0 else "", (fact.id,) if position == 0 else (), strong=True),
                        Cell(fact.text("short"), (fact.id,)),
                        Cell(baseline.text("text"), (baseline.id,)) if baseline else Cell(""),
                        _reading_cell(facts, fact),
                    )
                )
            )
    return Table(
        f"values-{event.text('id')}",
        f"Values of {event.text('id')} (in brackets: percent of baseline, change of latency)",
        (Column("When", 1.1), Column("Response", 1.0), Column("Baseline", 1.1), Column("Value", 2.0)),
        tuple(rows),
    )


def _channel_of(value: Fact) -> str:
    """Id of the channel that a reading of an event is of."""
    return value.inputs[0]


def _baseline_of(facts: Facts, value: Fact) -> Fact | None:
    """The baseline that the value's change was computed from, else the baseline recorded for its channel."""
    change = facts.get(f"{value.id}.change")
    if change is None or len(change.inputs) < 2:
        return None
    return facts.get(change.inputs[1])


def _criterion(facts: Facts, event: Fact) -> list[Sentence]:
    fact = facts.get(f"{event.group}.criterion")
    if fact is None:
        return []
    macro = {"met": "criterion_met", "not_met": "criterion_not_met"}.get(fact.status, "criterion_unknown")
    return [say(macro, fact)]


def _physiology_listing(fact: Fact) -> str:
    """The recorded physiology of one time in words, with the neuromuscular block."""
    names = {**PHYSIOLOGY_NAMES, "tof": "last train-of-four"}
    return ", ".join(f"{label} {fact.text(name)}" for name, label in names.items() if fact.text(name))


def _context(facts: Facts, event: Fact) -> list[Sentence]:
    sentences: list[Sentence] = []
    if (context := facts.get(f"{event.group}.context")) is not None:
        sentences.append(say("context", context))
    if (excluded := facts.get(f"{event.group}.excluded")) is not None:
        sentences.append(say("excluded", excluded))
    if (physiology := facts.get(f"{event.group}.physiology")) is not None:
        sentences.append(say("physiology", physiology, _physiology_listing(physiology)))
    if (note := facts.get(f"{event.group}.note")) is not None:
        sentences.append(say("note", note))
    return sentences


def _told(facts: Facts, event: Fact) -> list[Sentence]:
    sentences: list[Sentence] = []
    for fact in facts.in_group(event.group, "event.told"):
        if fact.status == "not_recorded":
            sentences.append(say("told_missing", fact))
            continue
        number = fact.id.rpartition(".")[2]
        sentences.append(say("told", fact, facts.get(f"{fact.id}.delay"), facts.by_id[f"{event.group}.ack.{number}"]))
    return sentences


def _done(facts: Facts, event: Fact) -> list[Sentence]:
    rows = facts.in_group(event.group, "event.action")
    if len(rows) == 1 and rows[0].status == "not_recorded":
        return [say("action_missing", rows[0])]

    def when(pair: tuple[int, Fact]) -> tuple[float, int]:
        at = pair[1].instant("at")
        return (at.timestamp() if at is not None else float("inf"), pair[0])

    timed = all(row.instant("at") is not None for row in rows)
    ordered = [fact for _, fact in sorted(enumerate(rows), key=when)] if timed else list(rows)
    return [say("action", fact) for fact in ordered]


def _retests(facts: Facts, event: Fact) -> list[Sentence]:
    sentences: list[Sentence] = []
    for fact in facts.in_group(event.group, "event.retest"):
        if fact.status == "not_recorded":
            return [say("retest_missing", fact)]
        values = [
            row for row in facts.in_group(event.group, "event.retest.value") if row.id.startswith(f"{fact.id}.value.")
        ]
        parts: list[str] = []
        cited: list[Fact] = [fact]
        in_percent = False
        for value in values:
            change = facts.get(f"{value.id}.change")
            cited.extend([value] if change is None else [value, change])
            of_baseline = (
                next((change.text(n) for n in _BRACKETS[:5] if change.text(n)), "") if change is not None else ""
            )
            in_percent = in_percent or bool(of_baseline)
            parts.append(f"{value.text('short')} {of_baseline or value.text('text')}")
        spoken = say("retest", fact, ", ".join(parts), "yes" if in_percent else "")
        sentences.append(Sentence(spoken.text, tuple(row.id for row in cited)))
    return sentences


def _resolution(facts: Facts, event: Fact) -> list[Sentence]:
    sentences: list[Sentence] = []
    if (resolution := facts.get(f"{event.group}.resolution")) is not None:
        sentences.append(say("resolution", resolution, facts.get(f"{event.group}.duration")))
    if (cause := facts.get(f"{event.group}.cause")) is not None:
        sentences.append(say("cause", cause))
    return sentences
