"""The conditions of monitoring: state before surgery, anesthesia and physiology, technique and criteria."""

from __future__ import annotations

from report_gen.document.blocks import Cell, Column, Paragraph, Row, Section, Table
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.facts.model import Fact, Facts
from report_gen.vocab import vocabulary

__all__ = ["after_surgery", "anesthesia", "before_surgery", "technique"]


def before_surgery(facts: Facts) -> Section[Block]:
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


def after_surgery(facts: Facts) -> Section[Block]:
    """The examination after surgery as its examiner reports it, apart from the closing data."""
    return Section(
        "after",
        "After surgery",
        (Paragraph(tuple(_examination(facts, "postoperative.examination", "Post-operative"))),),
    )


def anesthesia(facts: Facts) -> Section[Block]:
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
    snapshots = facts.of_kind("physiology.snapshot")
    sentences.extend(say("snapshot_missing", fact) for fact in snapshots if fact.status == "not_recorded")
    blocks: list[Block] = [Paragraph(tuple(sentences))]
    blocks.extend(_physiology(facts))
    block = [*_train_of_four(facts), *(say("block_before", fact) for fact in snapshots if fact.text("tof"))]
    if block:
        blocks.append(Paragraph(tuple(block), label="Neuromuscular block"))
    agents = facts.of_kind("agent")
    if agents:
        blocks.append(
            Table(
                "agents",
                "Agents",
                (Column("Agent", 2.0), Column("Dose", 1.5), Column("From", 0.6), Column("To", 0.6)),
                tuple(_agent_row(fact) for fact in agents),
                panels=2,
            )
        )
    return Section("anesthesia", "Anesthesia and physiology", tuple(blocks))


def _train_of_four(facts: Facts) -> list[Sentence]:
    """The readings by place, one sentence for each; nothing when no modality depends on them."""
    readings = facts.of_kind("tof")
    if len(readings) == 1 and readings[0].status == "not_recorded":
        return [say("tof_missing", readings[0])]
    places: dict[tuple[str, str], list[Fact]] = {}
    for fact in readings:
        places.setdefault((fact.side, fact.site), []).append(fact)
    return [say("tof", rows) for rows in places.values()]


def _physiology(facts: Facts) -> list[Block]:
    """Each recorded parameter at baseline, at its extremes and at closing; nothing when none is recorded."""
    start, end = facts.by_id["physiology.at.baseline"], facts.by_id["physiology.at.closing"]
    parameters = vocabulary("parameters")
    ranges = [fact for fact in facts.of_kind("physiology.range") if fact.status != "not_recorded"]
    rows = [
        Row(
            (
                Cell(f"{_upper(parameters[fact.site].short_name)} ({fact.text('count')})", (fact.id,)),
                Cell(start.text(fact.site) or "not recorded", (start.id,)),
                Cell(fact.text("low"), (fact.id,)),
                Cell(fact.text("high"), (fact.id,)),
                Cell(end.text(fact.site) or "not recorded", (end.id,)),
            )
        )
        for fact in ranges
    ]
    blocks: list[Block] = []
    if rows:
        columns = (
            Column("Values", 2.1),
            Column("Baseline", 1.15),
            Column("Lowest", 1.1),
            Column("Highest", 1.1),
            Column("Closing", 1.1),
        )
        moments = ", ".join(words for words in (_moment(start), _moment(end)) if words)
        caption = "Recorded values with their number" + (f" ({moments})" if moments else "")
        blocks.append(Table("physiology", caption, columns, tuple(rows), panels=2))
    return blocks


def _moment(snapshot: Fact) -> str:
    at = snapshot.text("at") or snapshot.text("moment_at")
    return f"{snapshot.text('label')} {at}" if at else ""


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


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


def technique(facts: Facts) -> Section[Block]:
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
