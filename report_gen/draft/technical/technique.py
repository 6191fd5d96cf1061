"""Settings of each modality, what it was for, and the criteria, as tables; equipment; where values came from."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.document.blocks import Cell, Column, Paragraph, Row, Section, Table
from report_gen.document.tables import without_empty_columns
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.facts.model import Fact, Facts

__all__ = ["technique"]


def technique(facts: Facts) -> Section[Block]:
    """Settings of each modality, the criteria, what each modality assessed and why, and the equipment."""
    blocks: list[Block] = []
    if (settings := _settings(facts)) is not None:
        blocks.append(settings)
    blocks.extend(_criteria(facts.of_kind("criterion")))
    if indications := facts.of_kind("indication"):
        blocks.append(_indications(indications))
    blocks.append(Paragraph(tuple(_equipment(fact) for fact in facts.of_kind("equipment"))))
    if origins := facts.of_kind("origin"):
        blocks.append(_origins(origins))
    return Section("technique", "Technique and criteria", tuple(blocks))


def _settings(facts: Facts) -> Table[Sentence] | None:
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
    columns = (Column("Modality", 1.4), Column("Stimulation", 2.5), Column("Recording", 2.2), Column("Last data", 0.8))
    return Table("technique", "Settings by modality", columns, tuple(rows)) if rows else None


def _criteria(criteria: Sequence[Fact]) -> list[Block]:
    missing = [fact for fact in criteria if fact.status == "not_recorded"]
    recorded = [fact for fact in criteria if fact.status != "not_recorded"]
    blocks: list[Block] = []
    if recorded:
        rows = tuple(
            Row(
                (
                    Cell(fact.text("modalities"), (fact.id,), strong=True),
                    *(Cell(fact.text(name), (fact.id,)) for name in ("text", "baseline_kind", "reference")),
                )
            )
            for fact in recorded
        )
        columns = (Column("Modality", 1.4), Column("Criterion", 2.3), Column("Baseline", 0.9), Column("Source", 2.3))
        blocks.append(without_empty_columns(Table("criteria", "Criteria", columns, rows)))
    if missing:
        blocks.append(Paragraph(tuple(say("conditions.criterion_missing", criterion=fact) for fact in missing)))
    return blocks


def _indications(indications: Sequence[Fact]) -> Table[Sentence]:
    rows = tuple(
        Row(
            (
                Cell(fact.text("modality"), (fact.id,), strong=True),
                Cell(fact.text("structures"), (fact.id,)),
                Cell(fact.text("rationale"), (fact.id,)),
            )
        )
        for fact in indications
    )
    columns = (Column("Modality", 1.4), Column("Structures assessed", 2.6), Column("Why in this case", 2.9))
    return without_empty_columns(Table("indications", "Structures at risk", columns, rows))


def _equipment(fact: Fact) -> Sentence:
    if fact.status == "not_recorded":
        return say("conditions.equipment_missing", equipment=fact)
    return say("conditions.equipment", equipment=fact)


def _origins(origins: Sequence[Fact]) -> Table[Sentence]:
    """Where values came from, as far as the record says so."""
    table: Table[Sentence] = Table(
        "origins",
        "Where values of the record came from, as stated; nothing else is attributed",
        (Column("Part of the record", 2.4), Column("Origin", 2.0), Column("By, through", 2.0), Column("Time", 0.9)),
        tuple(
            Row(
                (
                    Cell(fact.text("place"), (fact.id,)),
                    Cell(fact.text("text"), (fact.id,)),
                    Cell(", ".join(fact.text(name) for name in ("by", "system") if fact.text(name)), (fact.id,)),
                    Cell(fact.text("at"), (fact.id,)),
                )
            )
            for fact in origins
        ),
        panels=2,
    )
    return without_empty_columns(table)
