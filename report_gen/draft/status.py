"""Closing status by channel, and the results of stimulation tests and mapping."""

from __future__ import annotations

from report_gen.draft.model import Block, Cell, Column, Row, Section, Table
from report_gen.draft.sentences import sentence
from report_gen.facts.model import Fact, Facts

__all__ = ["closing_status", "stimulation_tests"]

_AGAINST = {
    "within_criterion": "within",
    "beyond_criterion": "beyond",
    "no_criterion": "no criterion recorded",
    "not_comparable": "not comparable",
    "not_obtained": "not obtained",
    "not_monitored": "not monitored",
    "not_recorded": "not recorded",
}


def _side(fact: Fact) -> str:
    return {"not_recorded": "side not recorded"}.get(fact.side, fact.side)


def _change(fact: Fact | None) -> str:
    if fact is None:
        return ""
    parts = [
        fact.text(name)
        for name in (
            "amplitude_change_pct",
            "latency_change_ms",
            "interpeak_i_v_change_ms",
            "velocity_cm_change_pct",
            "saturation_change_pct",
            "pressure_change_pct",
            "spectral_edge_change_pct",
            "threshold_change_ma",
            "threshold_change_v",
        )
        if fact.text(name)
    ]
    return ", ".join(parts)


def closing_status(facts: Facts) -> tuple[Section, ...]:
    """One row for each channel: reference baseline, worst, closing, change, against the criterion."""
    channels = facts.of_kind("channel")
    if not channels:
        return ()
    rows = [_row(facts, channel) for channel in channels]
    formula = next((fact for fact in facts.of_kind("channel.closing.change")), None)
    note = (
        ()
        if formula is None
        else (sentence(f"Change: {formula.formula}; amplitude change in percent, latency change in ms.", formula),)
    )
    table = Table(
        "closing",
        "Closing readings by channel, against baseline and criterion",
        (
            Column("Response", 1.9),
            Column("Side", 0.6),
            Column("Baseline", 1.4),
            Column("Worst", 1.4),
            Column("Closing", 1.4),
            Column("Change", 1.2),
            Column("Criterion", 0.9),
        ),
        tuple(rows),
        note,
    )
    return (Section("closing", "Closing status", (table,)),)


def _row(facts: Facts, channel: Fact) -> Row:
    group = channel.id
    baselines, closings = facts.in_group(group, "channel.baseline"), facts.in_group(group, "channel.closing")
    closing = closings[-1]
    change = facts.get(f"{closing.id}.change")
    reference = facts.by_id[change.inputs[1]] if change is not None else baselines[-1]
    worst = facts.get(f"{group}.worst")
    label = channel.text("label") + (
        f", {channel.text('peak')}"
        if channel.text("peak") and channel.text("peak") not in channel.text("label")
        else ""
    )
    beyond = change is not None and change.status == "beyond_criterion"
    return Row(
        (
            Cell(label, (channel.id,)),
            Cell(_side(channel), (channel.id,)),
            Cell(reference.text("text"), (reference.id,)),
            Cell(worst.text("text"), (worst.id,), strong=worst.status == "beyond_criterion")
            if worst
            else Cell("none", (channel.id,)),
            Cell(
                closing.text("text") + (f" at {closing.text('at')}" if closing.text("at") else ""),
                tuple(row.id for row in closings),
            ),
            Cell(_change(change), (change.id,) if change is not None else ()),
            Cell(
                _AGAINST.get(change.status if change is not None else "not_comparable", ""),
                (change.id,) if change is not None else (channel.id,),
                strong=beyond,
            ),
        )
    )


def stimulation_tests(facts: Facts) -> tuple[Section, ...]:
    """Tables of screw, nerve and dilator tests and of mapping results; nothing when none is recorded."""
    blocks: list[Block] = []
    for kind, title in (
        ("screw", "Pedicle screw stimulation"),
        ("nerve", "Nerve stimulation"),
        ("dilator", "Directional stimulation"),
    ):
        tests = facts.in_group(f"threshold.{kind}", "threshold")
        if tests:
            blocks.append(
                Table(
                    f"tests-{kind}",
                    title,
                    (
                        Column("Place", 1.6),
                        Column("Time", 0.7),
                        Column("Result", 1.3),
                        Column("Muscle", 0.8),
                        Column("Stage", 1),
                        Column("Note", 2),
                    ),
                    tuple(_test_row(fact) for fact in tests),
                )
            )
    mapped = facts.of_kind("mapping")
    if mapped:
        blocks.append(
            Table(
                "mapping",
                "Mapping",
                (
                    Column("Modality", 1.3),
                    Column("Side", 0.6),
                    Column("Time", 0.6),
                    Column("Site", 1.4),
                    Column("Stimulus", 1),
                    Column("Result", 2.4),
                ),
                tuple(_mapping_row(fact) for fact in mapped),
            )
        )
    return (Section("tests", "Stimulation tests and mapping", tuple(blocks)),) if blocks else ()


def _test_row(fact: Fact) -> Row:
    notes = [fact.text("direction"), fact.text("note")]
    return Row(
        (
            Cell(fact.text("place"), (fact.id,), strong=True),
            Cell(fact.text("at") or "not recorded", (fact.id,)),
            Cell(fact.text("result"), (fact.id,)),
            Cell(fact.text("muscle") or ("none" if fact.status == "no_response" else "not recorded"), (fact.id,)),
            Cell(fact.text("stage"), (fact.id,)),
            Cell("; ".join(part for part in notes if part), (fact.id,)),
        )
    )


def _mapping_row(fact: Fact) -> Row:
    stimulus = " ".join(part for part in (fact.text("intensity_ma"), fact.text("polarity")) if part)
    after = {"yes": "; after-discharge recorded", "no": "; no after-discharge recorded"}.get(
        fact.text("after_discharge"), ""
    )
    return Row(
        (
            Cell(fact.text("modality"), (fact.id,)),
            Cell(_side(fact), (fact.id,)),
            Cell(fact.text("at") or "not recorded", (fact.id,)),
            Cell(fact.text("site"), (fact.id,)),
            Cell(stimulus, (fact.id,)),
            Cell(fact.text("result") + after, (fact.id,)),
        )
    )
