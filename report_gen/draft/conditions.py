"""Under what conditions: state before surgery, anesthesia and physiology, technique and criteria."""

from __future__ import annotations

from report_gen.draft.model import Block, Cell, Column, Paragraph, Row, Section, Sentence, Table
from report_gen.draft.sentences import say
from report_gen.facts.model import Fact, Facts

__all__ = ["after_surgery", "anesthesia", "before_surgery", "technique"]


def before_surgery(facts: Facts) -> Section:
    """History, examination, safety screen, consent."""
    sentences = [say("history", facts.by_id["preoperative.history"])]
    sentences.extend(_examination(facts, "preoperative.examination", "Pre-operative"))
    if (screen := facts.get("preoperative.safety_screen")) is not None:
        sentences.append(say("safety_screen", screen))
    sentences.append(say("consent", facts.by_id["preoperative.consent"]))
    if (body := facts.get("patient.body")) is not None:
        sentences.append(say("body", body))
    if (skin := facts.get("patient.skin")) is not None:
        sentences.append(say("skin", skin))
    return Section("before", "Before surgery", (Paragraph(tuple(sentences)),))


def _examination(facts: Facts, fact_id: str, when: str) -> list[Sentence]:
    sentences = [say("examination", facts.by_id[fact_id], when)]
    sentences.extend(say("exam_finding", fact) for fact in facts.of_kind(f"{fact_id}.finding"))
    return sentences


def after_surgery(facts: Facts) -> Section:
    """The examination after surgery as its examiner reports it, apart from the closing data."""
    return Section(
        "after",
        "After surgery",
        (Paragraph(tuple(_examination(facts, "postoperative.examination", "Post-operative"))),),
    )


def anesthesia(facts: Facts) -> Section:
    """Regimen, agents, neuromuscular block, pressure and temperature."""
    sentences = [say("regimen", facts.by_id["anesthesia.regimen"])]
    if (time := facts.get("anesthesia.time")) is not None:
        sentences.append(say("anesthesia_time", time))
    ranges = facts.of_kind("physiology.range")
    sentences.extend(say("range_missing", fact) for fact in ranges if fact.status == "not_recorded")
    sentences.extend(say("physiology_clock", fact) for fact in facts.of_kind("physiology.clock"))
    if (target := facts.get("anesthesia.map_target")) is not None:
        sentences.append(say("map_target", target, facts.get("physiology.map_below_target")))
    if (fluids := facts.get("anesthesia.fluids")) is not None:
        sentences.append(say("fluids", fluids))
    blocks: list[Block] = [Paragraph(tuple(sentences))]
    blocks.extend(_physiology(facts))
    readings = facts.of_kind("tof")
    if len(readings) == 1 and readings[0].status == "not_recorded":
        blocks.append(Paragraph((say("tof_missing", readings[0]),)))
    elif readings:
        places: dict[tuple[str, str], list[Fact]] = {}
        for fact in readings:
            places.setdefault((fact.side, fact.site), []).append(fact)
        blocks.append(Paragraph(tuple(say("tof", rows) for rows in places.values()), label="Neuromuscular block"))
    agents = facts.of_kind("agent")
    if agents:
        blocks.append(
            Table(
                "agents",
                "Agents",
                (Column("Agent", 2), Column("Dose", 1.5), Column("From", 0.6), Column("To", 0.6)),
                tuple(_agent_row(fact) for fact in agents),
                panels=2,
            )
        )
    return Section("anesthesia", "Anesthesia and physiology", tuple(blocks))


def _physiology(facts: Facts) -> list[Block]:
    """Each recorded parameter at baseline, at its extremes and at closing; nothing when none is recorded."""
    start, end = facts.by_id["physiology.at.baseline"], facts.by_id["physiology.at.closing"]
    ranges = [fact for fact in facts.of_kind("physiology.range") if fact.status != "not_recorded"]
    rows = [
        Row(
            (
                Cell(_upper(fact.text("label")), (fact.id,)),
                Cell(start.text(fact.site) or "not recorded", (start.id,)),
                Cell(fact.text("low"), (fact.id,)),
                Cell(fact.text("high"), (fact.id,)),
                Cell(end.text(fact.site) or "not recorded", (end.id,)),
                Cell(fact.text("count"), (fact.id,)),
            )
        )
        for fact in ranges
    ]
    blocks = []
    if start.text("tof") or end.text("tof"):
        blocks.append(Row((Cell("Train-of-four before", (start.id, end.id)), *_block_cells(start, end))))
    if not rows and not blocks:
        return [Paragraph((say("snapshot_missing", start, end),))]
    columns = (
        Column("Physiology", 1.6),
        Column(_moment("At baseline", start), 1.5),
        Column("Lowest", 0.9),
        Column("Highest", 0.9),
        Column(_moment("At closing", end), 1.5),
        Column("Values", 0.5),
    )
    return [Table("physiology", "Physiology recorded", columns, (*rows, *blocks))]


def _block_cells(start: Fact, end: Fact) -> tuple[Cell, ...]:
    first, last = (Cell(fact.text("tof") or "not recorded", (fact.id,)) for fact in (start, end))
    return first, Cell(""), Cell(""), last, Cell("")


def _moment(words: str, snapshot: Fact) -> str:
    at = snapshot.text("at") or snapshot.text("moment_at")
    return f"{words}, {at}" if at else words


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _agent_row(fact: Fact) -> Row:
    dose = fact.text("dose") or "not recorded"
    if fact.text("age_adjusted"):
        dose = f"{dose} ({fact.text('age_adjusted')})"
    bolus = fact.text("kind") == "bolus"
    return Row(
        (
            Cell(f"{fact.text('agent')}, {fact.text('kind')}", (fact.id,)),
            Cell(dose, (fact.id,)),
            Cell(fact.text("start_at") or "not recorded", (fact.id,)),
            Cell(fact.text("end_at") or ("" if bolus else "not recorded"), (fact.id,)),
        )
    )


def technique(facts: Facts) -> Section:
    """Settings of each modality, what it assessed, and the criteria in force."""
    rows: list[Row] = []
    for modality in facts.of_kind("modality"):
        if modality.status != "performed":
            continue
        stimulation = facts.in_group(modality.group, "modality.stimulation")
        recording = facts.in_group(modality.group, "modality.recording")
        rows.append(
            Row(
                (
                    Cell(modality.text("label"), (modality.id,), strong=True),
                    Cell(
                        "; ".join(fact.text("text") for fact in stimulation) or "none",
                        tuple(fact.id for fact in stimulation) or (modality.id,),
                    ),
                    Cell(
                        recording[0].text("text") if recording else "not recorded",
                        tuple(fact.id for fact in recording) or (modality.id,),
                    ),
                    Cell(modality.text("last_data_at") or "not recorded", (modality.id,)),
                )
            )
        )
    blocks: list[Block] = []
    if rows:
        blocks.append(
            Table(
                "technique",
                "Settings by modality",
                (
                    Column("Modality", 1.5),
                    Column("Stimulation", 2.4),
                    Column("Recording", 2.2),
                    Column("Last data", 0.8),
                ),
                tuple(rows),
            )
        )
    blocks.append(Paragraph(tuple(say("criterion", fact) for fact in facts.of_kind("criterion")), label="Criteria"))
    indications = facts.of_kind("indication")
    if indications:
        blocks.append(Paragraph(tuple(say("indication", fact) for fact in indications), label="Structures at risk"))
    blocks.append(Paragraph(tuple(say("equipment", fact) for fact in facts.of_kind("equipment"))))
    return Section("technique", "Technique", tuple(blocks))
