"""Facts of anesthesia, neuromuscular block and physiology."""

from __future__ import annotations

from datetime import datetime

from report_gen.case.contract.physiology import PHYSIOLOGY_VALUES, AgentUse, Anesthesia, PhysiologyRow
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.model import Value
from report_gen.facts.row_ids import own_part
from report_gen.facts.wording import number_text, quantity_text, utc
from report_gen.vocab import vocabulary

__all__ = ["derive_anesthesia", "physiology_values"]

_AGE_ADJUSTED = {True: "age-adjusted", False: "not age-adjusted", None: None}


def physiology_values(physiology: PhysiologyRow) -> tuple[Value, ...]:
    """The recorded values of one physiology row, in a fixed order."""
    return tuple(
        Value(name, quantity_text(name, amount), float(amount))
        for name in PHYSIOLOGY_VALUES
        if (amount := getattr(physiology, name)) is not None
    )


def derive_anesthesia(b: FactBuilder) -> None:
    """Add regimen, agents, train-of-four, pressure target, physiology rows and their ranges."""
    anesthesia = b.case.anesthesia
    regimen = anesthesia.regimen if anesthesia is not None else None
    b.add(
        "anesthesia.regimen",
        "anesthesia.regimen",
        "/anesthesia/regimen" if anesthesia is not None else "/anesthesia",
        [b.coded("text", "anesthesia_regimens", regimen)],
        group="anesthesia",
    )
    agents = anesthesia.agents if anesthesia is not None else ()
    for index, use in enumerate(agents):
        _agent(b, b.row_ids("agent", agents)[index], f"/anesthesia/agents/{index}", use)
    _train_of_four(b)
    if anesthesia is not None:
        _particulars(b, anesthesia)
    if b.case.physiology_clock is not None:
        values = [b.coded("text", "clocks", b.case.physiology_clock)]
        b.add("physiology.clock", "physiology.clock", "/physiology_clock", values, group="physiology")
    _chart(b)
    _ranges(b)


def _particulars(b: FactBuilder, anesthesia: Anesthesia) -> None:
    target = anesthesia.map_target
    if target is not None:
        stated = target.stated_minutes_below
        b.add(
            "anesthesia.map_target",
            "anesthesia.map_target",
            "/anesthesia/map_target",
            [
                b.quantity("map_mmhg", target.map_mmhg),
                b.instant("start_at", target.start_at),
                None if stated is None else number("stated_below_min", stated, f"{number_text(stated)} min"),
            ],
            group="anesthesia",
        )
    times = [b.instant("start_at", anesthesia.start_at), b.instant("end_at", anesthesia.end_at)]
    if any(times) or anesthesia.clock is not None:
        times.append(b.coded("clock", "clocks", anesthesia.clock))
        b.add("anesthesia.time", "anesthesia.time", "/anesthesia", times, group="anesthesia")
    if anesthesia.fluids_note is not None:
        words = text("text", anesthesia.fluids_note)
        b.add("anesthesia.fluids", "anesthesia.fluids", "/anesthesia/fluids_note", [words], group="anesthesia")


def _agent(b: FactBuilder, fact_id: str, pointer: str, use: AgentUse) -> None:
    entry = vocabulary("agents")[use.agent]
    dose: Value | None = None
    if use.dose is not None and use.unit is not None:
        amount = number_text(use.dose) + (f"\u2013{number_text(use.dose_to)}" if use.dose_to is not None else "")
        words = f"{amount} {vocabulary('dose_units').display(use.unit)}"
        dose = number("dose", use.dose, words)
    b.add(
        fact_id,
        "agent",
        pointer,
        [
            term("agent", "agents", use.agent),
            b.coded("kind", "administration_kinds", use.kind),
            dose,
            b.instant("start_at", use.start_at),
            b.instant("end_at", use.end_at),
            b.words("age_adjusted", _AGE_ADJUSTED[use.age_adjusted]),
        ],
        group="anesthesia",
        status=entry.kind,
    )


def _train_of_four(b: FactBuilder) -> None:
    tof_readings = b.case.anesthesia.train_of_four if b.case.anesthesia else ()
    for index, tof in enumerate(tof_readings):
        b.add(
            b.row_ids("tof", tof_readings)[index],
            "tof",
            f"/anesthesia/train_of_four/{index}",
            [
                None if tof.count is None else number("count", tof.count, f"{tof.count}/4"),
                None if tof.ratio_pct is None else number("ratio_pct", tof.ratio_pct, f"{number_text(tof.ratio_pct)}%"),
                term("muscle", "muscles", tof.muscle, vocabulary("muscles").label(tof.muscle)) if tof.muscle else None,
                b.instant("at", tof.at),
            ],
            group="anesthesia",
            side=tof.side,
            site=tof.muscle or "",
            status="recorded" if tof.count is not None or tof.ratio_pct is not None else "not_recorded",
        )
    entries = vocabulary("modalities")
    followed = any(entries[channel.modality].of_block and channel.measurements for channel in b.case.channels)
    needed = any(_needs_tof(record.modality) for record in b.case.modalities if record.performed)
    if needed and not tof_readings and not followed:
        b.add("tof", "tof", "/anesthesia/train_of_four", [], group="anesthesia")


def _needs_tof(modality: str) -> bool:
    return vocabulary("modalities")[modality].needs_tof


def _chart(b: FactBuilder) -> None:
    for index, physiology in enumerate(b.case.physiology):
        b.add(
            b.row_ids("physiology", b.case.physiology)[index],
            "physiology.row",
            f"/physiology/{index}",
            [*physiology_values(physiology), b.instant("at", physiology.at)],
            group="physiology",
            must_state=False,
        )


def _recorded(b: FactBuilder, name: str) -> list[tuple[float, str, datetime | None]]:
    """Every recorded value of a parameter with its fact and time, values recorded with an event included."""
    charted = zip(b.case.physiology, b.row_ids("physiology", b.case.physiology), strict=True)
    chart = [(physiology, fact_id, physiology.at) for physiology, fact_id in charted]
    chart += [
        (
            event.physiology,
            f"event.{own_part(event.id)}.physiology",
            event.physiology.at or event.onset_at or event.noticed_at,
        )
        for event in b.case.events
        if event.physiology is not None
    ]
    return [
        (float(amount), fact_id, at)
        for physiology, fact_id, at in chart
        if (amount := getattr(physiology, name)) is not None
    ]


def _ranges(b: FactBuilder) -> None:
    for name in PHYSIOLOGY_VALUES:
        values = _recorded(b, name)
        if not values and not vocabulary("parameters")[name].always_stated:
            continue
        if not values:
            b.add(f"physiology.{name}", "physiology.range", "/physiology", [], group="physiology", site=name)
            continue
        low, high = min(values, key=lambda value: value[0]), max(values, key=lambda value: value[0])
        b.compute(
            f"physiology.{name}",
            "physiology.range",
            "/physiology",
            [
                number("low", low[0], quantity_text(name, low[0])),
                number("high", high[0], quantity_text(name, high[0])),
                number("count", len(values), str(len(values))),
                term("label", "parameters", name),
            ],
            formula="lowest and highest recorded value, those recorded with an event included",
            inputs=[low[1], high[1]],
            group="physiology",
            site=name,
        )
    target = b.case.anesthesia.map_target if b.case.anesthesia else None
    pressures = _recorded(b, "map_mmhg")
    if target is None or not pressures:
        return
    start_at = target.start_at
    counted = [
        value for value in pressures if start_at is None or (value[2] is not None and utc(value[2]) >= utc(start_at))
    ]
    below = [value for value in counted if value[0] < target.map_mmhg]
    b.compute(
        "physiology.map_below_target",
        "physiology.map_below_target",
        "/physiology",
        [number("below", len(below), str(len(below))), number("count", len(counted), str(len(counted)))],
        formula="recorded values below the target from its start on; nothing is interpolated between them",
        inputs=["anesthesia.map_target", *[fact_id for _, fact_id, _ in below]],
        group="physiology",
    )
