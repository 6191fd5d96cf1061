"""Closing status by channel, and the results of stimulation tests and mapping."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.draft.model import Block, Cell, Column, Row, Section, Sentence, Table
from report_gen.draft.responses import Response, ResponseRow, grouped, rows_of, times_between
from report_gen.draft.sentences import sentence
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined

__all__ = ["closing_status", "reference", "stimulation_tests"]

_UNUSUAL = {
    "beyond_criterion": "beyond criterion",
    "no_criterion": "no criterion recorded",
    "not_comparable": "not comparable with the criterion",
}
_CHANGES = (
    "amplitude_change_pct",
    "latency_change_ms",
    "interpeak_i_v_change_ms",
    "interpeak_i_iii_change_ms",
    "velocity_cm_change_pct",
    "saturation_change_pct",
    "pressure_change_pct",
    "spectral_edge_change_pct",
    "threshold_change_ma",
    "threshold_change_v",
)


def _side(fact: Fact) -> str:
    return {"not_recorded": "side not recorded"}.get(fact.side, fact.side)


def closing_status(facts: Facts) -> tuple[Section, ...]:
    """Each response with baseline, worst and closing reading, left beside right; other sides stand apart."""
    groups = grouped(facts)
    if not groups:
        return ()
    lateral: list[Row] = []
    other: list[Row] = []
    for modality, responses in groups:
        sided = [row for row in responses if row.lateral]
        rest = [row for row in responses if not row.lateral]
        if sided:
            lateral.append(_heading(facts, modality, sided, 7))
            lateral.extend(rows_of(sided, lambda row: _both_sides(facts, row)))
        if rest:
            other.append(_heading(facts, modality, rest, 5))
            other.extend(_one_side(facts, row, channel) for row in rest for channel in row.channels)
    reading = (Column("baseline", 1.15), Column("worst", 1.2), Column("closing", 1.45))
    tables: list[Block] = []
    if lateral:
        columns = [Column(f"{side} {column.title}", column.weight) for side in ("Left", "Right") for column in reading]
        tables.append(
            Table(
                "closing",
                "Baseline, worst and closing reading by response",
                (Column("Response", 1.5), *columns),
                tuple(lateral),
                () if other else _note(facts),
            )
        )
    if other:
        columns = [Column(column.title.capitalize(), column.weight) for column in reading]
        tables.append(
            Table(
                "closing-other",
                "Baseline, worst and closing reading, responses that are not left or right",
                (Column("Response", 1.6), Column("Side", 0.9), *columns),
                tuple(other),
                _note(facts),
            )
        )
    return (Section("closing", "Closing status", tuple(tables)),)


def _note(facts: Facts) -> tuple[Sentence, ...]:
    change = next((fact for fact in facts.of_kind("channel.closing.change") if fact.values), None)
    if change is None:
        return ()
    words = "A closing reading with its change and no further words is within the criterion in force."
    return (sentence(f"Change in brackets: {change.formula}. {words}", change),)


def _heading(facts: Facts, modality: Fact, responses: Sequence[Response], columns: int) -> Row:
    """The modality with the kind and times of its baselines and the times of its closing readings."""
    channels = [channel for row in responses for channel in row.channels]
    baselines = [baseline for channel in channels if (baseline := reference(facts, channel)) is not None]
    closings = [facts.in_group(channel.id, "channel.closing")[-1] for channel in channels]
    kinds = joined(dict.fromkeys(fact.text("baseline_kind") or "unspecified" for fact in baselines))
    taken = [fact for fact in closings if fact.status != "not_recorded"]
    words = [modality.text("label")]
    if baselines:
        words.append(f"{kinds} baseline {times_between(baselines)}")
    words.append(f"closing {times_between(taken)}" if taken else "closing not recorded")
    cited = tuple(fact.id for fact in (modality, *baselines, *closings))
    return Row((Cell("; ".join(words), cited, strong=True), *[Cell("")] * (columns - 1)), heading=True)


def reference(facts: Facts, channel: Fact) -> Fact | None:
    """The baseline that the closing reading was compared with, else the last one recorded; None without any."""
    baselines = facts.in_group(channel.id, "channel.baseline")
    closing = facts.in_group(channel.id, "channel.closing")[-1]
    change = facts.get(f"{closing.id}.change")
    if change is not None and len(change.inputs) > 1:
        return facts.get(change.inputs[1])
    recorded = [fact for fact in baselines if fact.status != "not_recorded"]
    return recorded[-1] if recorded else None


def _readings(facts: Facts, channel: Fact) -> tuple[Cell, Cell, Cell]:
    baseline, worst = reference(facts, channel), facts.get(f"{channel.id}.worst")
    closings = facts.in_group(channel.id, "channel.closing")
    change = facts.get(f"{closings[-1].id}.change")
    brackets = [change.text(name) for name in _CHANGES if change.text(name)] if change is not None else []
    if change is not None and (change.status == "beyond_criterion" or _numeric(closings[-1])):
        brackets += [_UNUSUAL[change.status]] if change.status in _UNUSUAL else []
    cited = tuple(fact.id for fact in (*closings, *([change] if change is not None else [])))
    words = closings[-1].text("text") + (f" ({', '.join(brackets)})" if brackets else "")
    missing = facts.in_group(channel.id, "channel.baseline")
    return (
        Cell(baseline.text("text"), (baseline.id,))
        if baseline is not None
        else Cell("not recorded", tuple(fact.id for fact in missing)),
        Cell(_timed(worst), (worst.id,), strong=worst.status == "beyond_criterion")
        if worst is not None
        else _between(facts, channel),
        Cell(words, cited, strong=change is not None and change.status == "beyond_criterion"),
    )


def _timed(reading: Fact) -> str:
    return f"{reading.text('text')}, {reading.text('at')}" if reading.text("at") else reading.text("text")


def _between(facts: Facts, channel: Fact) -> Cell:
    """What a response without comparable numbers showed between baseline and closing, events included."""
    rows = [
        *facts.in_group(channel.id, "channel.measurement"),
        *(
            fact
            for kind in ("event.value", "event.retest.value")
            for fact in facts.of_kind(kind)
            if channel.id in fact.inputs
        ),
    ]
    words = dict.fromkeys(fact.text("text") for fact in rows if fact.status != "not_recorded")
    if not words:
        return Cell("none recorded", (channel.id,))
    return Cell("; ".join(words), tuple(fact.id for fact in rows))


def _numeric(fact: Fact) -> bool:
    return any(value.number is not None for value in fact.values)


def _both_sides(facts: Facts, response: Response) -> ResponseRow:
    cells: list[Cell] = []
    for side in ("left", "right"):
        channel = response.on(side)
        cells.extend(_readings(facts, channel) if channel is not None else (Cell(""), Cell(""), Cell("")))
    numbers = any(
        _numeric(fact)
        for channel in response.channels
        for kind in ("channel.baseline", "channel.closing", "channel.worst")
        for fact in facts.in_group(channel.id, kind)
    )
    return ResponseRow(tuple(cells), numbers)


def _one_side(facts: Facts, response: Response, channel: Fact) -> Row:
    return Row((Cell(response.name, (channel.id,)), Cell(_side(channel), (channel.id,)), *_readings(facts, channel)))


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
                        Column("Place", 1.5),
                        Column("Time", 0.6),
                        Column("Result", 1.3),
                        Column("Criterion", 1.4),
                        Column("Muscle", 0.7),
                        Column("Stage", 1.0),
                        Column("Note", 1.6),
                    ),
                    tuple(_test_row(facts, fact) for fact in tests),
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
                    Column("Stimulus", 1.0),
                    Column("Result", 2.4),
                ),
                tuple(_mapping_row(fact) for fact in mapped),
            )
        )
    return (Section("tests", "Stimulation tests and mapping", tuple(blocks)),) if blocks else ()


def _says_the_highest(fact: Fact) -> bool:
    """Whether the result of a test is itself the highest current or voltage that was tested."""
    reached = ("threshold_ma", "max_tested_ma"), ("threshold_v", "max_tested_v")
    found = [(fact.number(threshold), fact.number(limit)) for threshold, limit in reached]
    return fact.status == "no_response" or any(limit is not None and at == limit for at, limit in found)


def _test_row(facts: Facts, fact: Fact) -> Row:
    met = facts.get(f"{fact.id}.criterion")
    highest = fact.text("max_tested_ma") or fact.text("max_tested_v")
    notes = [
        fact.text("direction"),
        f"tested up to {highest}" if highest and not _says_the_highest(fact) else "",
        fact.text("note"),
    ]
    return Row(
        (
            Cell(fact.text("place"), (fact.id,), strong=True),
            Cell(fact.text("at") or "not recorded", (fact.id,)),
            Cell(fact.text("result"), (fact.id,), strong=met is not None and met.status == "met"),
            _criterion_cell(fact, met),
            Cell(fact.text("muscle") or ("none" if fact.status == "no_response" else "not recorded"), (fact.id,)),
            Cell(fact.text("stage"), (fact.id,)),
            Cell("; ".join(part for part in notes if part), (fact.id,)),
        )
    )


def _criterion_cell(fact: Fact, met: Fact | None) -> Cell:
    if met is None:
        return Cell("none recorded", (fact.id,))
    return Cell(f"{met.text('text')}: {met.text('criterion')}", (met.id,), strong=met.status == "met")


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
