"""Anesthesia, neuromuscular block, pressure and temperature."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.document.blocks import Cell, Column, Paragraph, Row, Section, Table
from report_gen.document.tables import without_columns, without_empty_columns
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import Noted
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import amount_text
from report_gen.vocab import vocabulary

__all__ = ["anesthesia"]


def anesthesia(facts: Facts) -> Section[Block]:
    """Regimen, agents, neuromuscular block, pressure and temperature."""
    sentences = [say("conditions.regimen", regimen=facts.by_id["anesthesia.regimen"])]
    if (time := facts.get("anesthesia.time")) is not None:
        sentences.append(say("conditions.anesthesia_time", time=time))
    if (target := facts.get("anesthesia.map_target")) is not None:
        sentences.append(_target(target, facts.get("physiology.map_below_target")))
    sentences.extend(
        say("conditions.map_asked" if below.number("below") else "conditions.map_asked_kept", below=below)
        for below in facts.of_kind("physiology.map_below_asked")
    )
    if (fluids := facts.get("anesthesia.fluids")) is not None:
        sentences.append(say("conditions.fluids", fluids=fluids))
    sentences.extend(say("conditions.physiology_clock", clock=fact) for fact in facts.of_kind("physiology.clock"))
    sentences.extend(_missing(facts))
    blocks: list[Block] = [Paragraph(tuple(sentences))]
    if agents := facts.of_kind("agent"):
        blocks.append(_agents(agents))
    if (table := _physiology(facts)) is not None:
        blocks.append(table)
    blocks.extend(_train_of_four(facts.of_kind("tof"), facts.of_kind("tof.range")))
    return Section("anesthesia", "Anesthesia and physiology", tuple(blocks))


def _target(target: Fact, below: Fact | None) -> Sentence:
    if below is None:
        return say("conditions.map_target", target=target)
    if not below.number("below"):
        return say("conditions.map_target_kept", target=target, below=below)
    return say("conditions.map_target_missed", target=target, below=below)


def _missing(facts: Facts) -> list[Sentence]:
    """What a report says that nobody recorded: pressure, temperature, the values at baseline and at closing."""
    parameters = vocabulary("parameters")
    sentences = [
        say("conditions.range_missing", range=fact, label=_upper(parameters.display(fact.site)))
        for fact in facts.of_kind("physiology.range")
        if fact.status == "not_recorded"
    ]
    sentences.extend(
        say("conditions.snapshot_missing", snapshot=fact)
        for fact in facts.of_kind("physiology.snapshot")
        if fact.status == "not_recorded"
    )
    return sentences


def _physiology(facts: Facts) -> Table[Sentence] | None:
    """Each recorded parameter at baseline, at its extremes and at closing; None when none is recorded."""
    start, end = facts.by_id["physiology.at.baseline"], facts.by_id["physiology.at.closing"]
    ranges = [fact for fact in facts.of_kind("physiology.range") if fact.status != "not_recorded"]
    rows = [
        Row(
            (
                Cell(_parameter(fact), (fact.id,)),
                Cell(fact.text("count"), (fact.id,)),
                Cell(_amount(start, fact.site), (start.id,)),
                Cell(_extreme(fact, "low"), (fact.id,)),
                Cell(_extreme(fact, "high"), (fact.id,)),
                Cell(_amount(end, fact.site), (end.id,)),
            )
        )
        for fact in ranges
    ]
    if not rows:
        return None
    columns = (
        Column("Value", 2.0),
        Column("No.", 0.5),
        Column("Baseline", 1.05),
        Column("Lowest", 0.9),
        Column("Highest", 0.9),
        Column("Closing", 1.05),
    )
    moments = ", ".join(words for words in (_moment(start), _moment(end)) if words)
    note = tuple(say("conditions.last_block", snapshot=moment) for moment in (start, end) if moment.text("tof"))
    caption = "Recorded values with their number" + (f" ({moments})" if moments else "")
    return Table("physiology", caption, columns, tuple(rows), note, panels=2)


def _parameter(fact: Fact) -> str:
    """Name and unit of a parameter."""
    entry = vocabulary("parameters")[fact.site]
    unit = f", {entry.unit}" if entry.unit and entry.unit != entry.short_name else ""
    return f"{_upper(entry.short_name)}{unit}"


def _extreme(fact: Fact, name: str) -> str:
    amount = fact.number(name)
    return fact.text(name) if amount is None else amount_text(fact.site, amount)


def _amount(moment: Fact, name: str) -> str:
    """A value at a moment without its unit; with it and its time where it was read at another one."""
    amount = moment.number(name)
    if amount is None:
        return "not recorded"
    return moment.text(name) if name in moment.codes("elsewhen") else amount_text(name, amount)


def _moment(snapshot: Fact) -> str:
    at = snapshot.text("at") or snapshot.text("moment_at")
    return f"{snapshot.text('label')} {at}" if at else ""


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _train_of_four(readings: Sequence[Fact], ranges: Sequence[Fact]) -> list[Block]:
    """A sentence for each place, and every reading where there are several; nothing when none is called for."""
    if len(readings) == 1 and readings[0].status == "not_recorded":
        return [Paragraph((say("conditions.tof_missing", tof=readings[0]),))]
    by_id = {fact.id: fact for fact in readings}
    together = [fact for place in ranges for fact in place.inputs]
    sentences = [_range(place, [by_id[fact] for fact in place.inputs]) for place in ranges]
    sentences.extend(say("conditions.tof", tof=fact) for fact in readings if fact.id not in together)
    blocks: list[Block] = [Paragraph(tuple(sentences))] if sentences else []
    if together:
        table = _readings([fact for fact in readings if fact.id in together])
        blocks.append(without_columns(table, (1,)) if len(ranges) == 1 else table)
    return blocks


def _range(place: Fact, readings: Sequence[Fact]) -> Sentence:
    """The readings of a place as one; the sentence states the place of each."""
    where = Noted(place, *readings).says("side", _place(place))
    if place.text("muscle"):
        where = Noted(place, *readings).says("muscle", where)
    if place.status == "alike":
        return say("conditions.tof_alike", tof=place, place=where)
    return say("conditions.tof_differing", tof=place, place=where)


def _readings(readings: Sequence[Fact]) -> Table[Sentence]:
    rows = tuple(
        Row(
            (
                Cell(fact.text("at") or "not recorded", (fact.id,)),
                Cell(_place(fact), (fact.id,)),
                Cell(fact.text("count") or "not recorded", (fact.id,)),
                Cell(fact.text("ratio_pct"), (fact.id,)),
            )
        )
        for fact in readings
    )
    columns = (Column("Time", 0.8), Column("Place", 1.5), Column("Train-of-four", 1.1), Column("Ratio", 0.8))
    return without_empty_columns(Table("tof", "Train-of-four readings", columns, rows, panels=2))


def _place(fact: Fact) -> str:
    side = fact.side if fact.side in ("left", "right") else "(side not recorded)" if fact.side == "not_recorded" else ""
    return " ".join(words for words in (side, fact.text("muscle")) if words) or "not recorded"


def _agents(agents: Sequence[Fact]) -> Table[Sentence]:
    columns = (Column("Agent", 1.75), Column("Dose", 1.35), Column("From", 0.8), Column("To", 0.8))
    return Table("agents", "Agents", columns, tuple(_agent_row(fact) for fact in agents), panels=2)


def _agent_row(fact: Fact) -> Row:
    dose = fact.text("dose") or "not recorded"
    if fact.text("age_adjusted"):
        dose = f"{dose} ({fact.text('age_adjusted')})"
    bolus = fact.code("kind") == "bolus"
    return Row(
        (
            Cell(f"{fact.text('agent')}, {fact.text('kind')}", (fact.id,)),
            Cell(dose, (fact.id,)),
            Cell(fact.text("start_at") or "not recorded", (fact.id,)),
            Cell(fact.text("end_at") or ("" if bolus else "not recorded"), (fact.id,)),
        )
    )
