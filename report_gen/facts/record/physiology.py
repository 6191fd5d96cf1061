"""Facts of anesthesia, neuromuscular block and physiology."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from report_gen.case.contract.events import Intervention
from report_gen.case.contract.physiology import PHYSIOLOGY_VALUES, AgentUse, Anesthesia, PhysiologyRow
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.model import Fact, Value
from report_gen.facts.row_ids import own_part
from report_gen.facts.wording import number_text, quantity_text, utc
from report_gen.vocab import vocabulary

__all__ = ["derive_anesthesia", "physiology_values"]

_NAMED_BELOW: Final = 3
"""Most pressures below their target that are told one by one."""
_AGE_ADJUSTED = {True: "age-adjusted", False: "not age-adjusted", None: None}


def physiology_values(b: FactBuilder, physiology: PhysiologyRow) -> list[Value]:
    """The recorded values of one physiology row, in a fixed order."""
    return [b.amount(name, amount) for name, amount in _amounts(physiology)]


def _amounts(physiology: PhysiologyRow) -> list[tuple[str, float]]:
    fields = physiology.__dict__
    return [(name, amount) for name in PHYSIOLOGY_VALUES if (amount := fields[name]) is not None]


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
            term("agent", "agents", use.agent, use.agent_other or ""),
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
    _tof_ranges(b)
    entries = vocabulary("modalities")
    followed = any(entries[channel.modality].of_block and channel.measurements for channel in b.case.channels)
    needed = any(_needs_tof(record.modality) for record in b.case.modalities if record.performed)
    if needed and not tof_readings and not followed:
        b.add("tof", "tof", "/anesthesia/train_of_four", [], group="anesthesia")


def _tof_ranges(b: FactBuilder) -> None:
    """Add the range of the timed readings of each place that has several; counts that differ have no common one."""
    places: dict[tuple[str, str], list[Fact]] = {}
    for fact in b.of_kind("tof"):
        places.setdefault((fact.side, fact.site), []).append(fact)
    for rows in places.values():
        counts = {row.number("count") for row in rows}
        timed = sorted((row for row in rows if row.instant("at")), key=lambda row: utc(_at(row)))
        if len(rows) < 2 or len(timed) < len(rows):
            continue
        ratios = sorted((row for row in rows if row.value("ratio_pct")), key=lambda row: row.number("ratio_pct") or 0.0)
        alike = len(counts) == 1 and None not in counts
        b.compute(
            f"{rows[0].id}.range",
            "tof.range",
            "/anesthesia/train_of_four",
            [
                rows[0].value("count") if alike else None,
                number("readings", len(rows), str(len(rows))),
                rows[0].value("muscle"),
                _renamed(timed[0].value("at"), "first_at"),
                _renamed(timed[-1].value("at"), "last_at"),
                _renamed(ratios[0].value("ratio_pct"), "lowest_pct") if ratios else None,
                _renamed(ratios[-1].value("ratio_pct"), "highest_pct") if _differ(ratios) else None,
            ],
            formula="first and last time, lowest and highest ratio of the readings of one place; their count where all "
            "have the same",
            inputs=[row.id for row in rows],
            group="anesthesia",
            status="alike" if alike else "differing",
            side=rows[0].side,
            site=rows[0].site,
        )


def _differ(ratios: Sequence[Fact]) -> bool:
    """Whether the highest of sorted ratios is another than the lowest."""
    return bool(ratios) and ratios[0].number("ratio_pct") != ratios[-1].number("ratio_pct")


def _at(row: Fact) -> datetime:
    at = row.instant("at")
    if at is None:
        raise ValueError("the reading has no time")
    return at


def _renamed(value: Value | None, name: str) -> Value | None:
    return None if value is None else replace(value, name=name)


def _needs_tof(modality: str) -> bool:
    return vocabulary("modalities")[modality].needs_tof


def _chart(b: FactBuilder) -> None:
    ids = b.row_ids("physiology", b.case.physiology)
    for index, physiology in enumerate(b.case.physiology):
        b.add(
            ids[index],
            "physiology.row",
            f"/physiology/{index}",
            [*physiology_values(b, physiology), b.instant("at", physiology.at)],
            group="physiology",
            must_state=False,
        )


_Charted = tuple[PhysiologyRow, str, datetime | None]
"""A physiology row with its fact and its time."""


def _charted(b: FactBuilder) -> list[_Charted]:
    """Every physiology row, those recorded with an event included."""
    ids = b.row_ids("physiology", b.case.physiology)
    chart: list[_Charted] = [
        (physiology, fact_id, physiology.at) for physiology, fact_id in zip(b.case.physiology, ids, strict=True)
    ]
    chart += [
        (
            event.physiology,
            f"event.{own_part(event.id)}.physiology",
            event.physiology.at or event.onset_at or event.noticed_at,
        )
        for event in b.case.events
        if event.physiology is not None
    ]
    return chart


def _recorded(chart: list[_Charted], name: str) -> tuple[list[float], list[_Charted]]:
    """Every recorded value of a parameter, and the rows that they are of.

    What an event repeats of the chart, or another event did, is one reading: the same value in the same minute.
    """
    kept: list[_Charted] = []
    seen: set[tuple[datetime, float]] = set()
    for row in chart:
        amount, (_, fact_id, at) = getattr(row[0], name), row
        if amount is None:
            continue
        key = None if at is None else (utc(at).replace(second=0, microsecond=0), amount)
        if key in seen and fact_id.startswith("event."):
            continue
        kept.append(row)
        if key is not None:
            seen.add(key)
    return [getattr(row[0], name) for row in kept], kept


def _ranges(b: FactBuilder) -> None:
    chart = _charted(b)
    for name in PHYSIOLOGY_VALUES:
        values, rows = _recorded(chart, name)
        if not values and not vocabulary("parameters")[name].always_stated:
            continue
        if not values:
            b.add(f"physiology.{name}", "physiology.range", "/physiology", [], group="physiology", site=name)
            continue
        low, high = min(values), max(values)
        b.compute(
            f"physiology.{name}",
            "physiology.range",
            "/physiology",
            [
                number("low", low, quantity_text(name, low)),
                number("high", high, quantity_text(name, high)),
                number("count", len(values), str(len(values))),
                term("label", "parameters", name),
            ],
            formula="lowest and highest recorded value, those recorded with an event included, each reading once",
            inputs=[rows[values.index(low)][1], rows[values.index(high)][1]],
            group="physiology",
            site=name,
        )
    _below_target(b, *_recorded(chart, "map_mmhg"))


def _below_target(b: FactBuilder, pressures: Sequence[float], rows: Sequence[_Charted]) -> None:
    """Add how many pressures lay below the standing target, and below each that was asked for later."""
    chart = list(zip(pressures, rows, strict=True))
    target = b.case.anesthesia.map_target if b.case.anesthesia else None
    if target is not None and chart:
        counted = [pair for pair in chart if _from(pair[1], target.start_at)]
        b.compute(
            "physiology.map_below_target",
            "physiology.map_below_target",
            "/physiology",
            _counted(b, counted, target.map_mmhg),
            formula="recorded values below the standing target from its start on, one that is recorded twice in a "
            "minute once; nothing is interpolated between them",
            inputs=["anesthesia.map_target", *_ids(counted, target.map_mmhg)],
            group="physiology",
        )
    for fact_id, asked, start_at in _asked(b):
        counted = [pair for pair in chart if _from(pair[1], start_at)]
        if counted:
            b.compute(
                f"{fact_id}.below",
                "physiology.map_below_asked",
                "/physiology",
                [*_counted(b, counted, asked), b.quantity("map_target_mmhg", asked), b.instant("at", start_at)],
                formula="recorded values below the target that an intervention asked for, from then on, one that is "
                "recorded twice in a minute once",
                inputs=[fact_id, *_ids(counted, asked)],
                group="physiology",
            )


_Counted = tuple[float, _Charted]
"""A pressure and the row that it is of."""


def _from(row: _Charted, start_at: datetime | None) -> bool:
    """Whether a row is of a time or later; one without a time only where no time is asked."""
    return start_at is None or (row[2] is not None and utc(row[2]) >= utc(start_at))


def _below(counted: Sequence[_Counted], target: float) -> list[_Counted]:
    """Those below a target in order of time, those without one last."""
    return sorted(
        (pair for pair in counted if pair[0] < target),
        key=lambda pair: (pair[1][2] is None, utc(pair[1][2]).timestamp() if pair[1][2] else 0.0),
    )


def _ids(counted: Sequence[_Counted], target: float) -> list[str]:
    return [fact_id for _, (_, fact_id, _) in _below(counted, target)]


def _counted(b: FactBuilder, counted: Sequence[_Counted], target: float) -> list[Value | None]:
    """How many of some pressures lay below a target; those few that did with their times, of more the lowest."""
    below = _below(counted, target)
    shown = below if len(below) <= _NAMED_BELOW else [min(below, key=lambda pair: pair[0])]
    told = [f"{number_text(pressure)} at {b.clock.minute(at)}" for pressure, (_, _, at) in shown if at is not None]
    named = told and len(told) == len(shown)
    lead = "lowest " if len(shown) < len(below) else ""
    return [
        number("below", len(below), str(len(below))),
        number("count", len(counted), str(len(counted))),
        text("text", lead + ", ".join(told)) if named else None,
    ]


def _asked(b: FactBuilder) -> list[tuple[str, float, datetime]]:
    """Each target that an intervention asked for with a time, once, with its fact and its time, in order of time."""
    found: dict[tuple[datetime, float], tuple[str, float, datetime]] = {}
    places: list[tuple[str, Sequence[Intervention]]] = [("intervention", b.case.interventions)]
    places += [(f"event.{own_part(event.id)}.intervention", event.interventions) for event in b.case.events]
    for prefix, acts in places:
        for fact_id, act in zip(b.row_ids(prefix, acts), acts, strict=True):
            if act.map_target_mmhg is not None and act.at is not None:
                row = (fact_id, act.map_target_mmhg, act.at)
                found.setdefault((utc(act.at), act.map_target_mmhg), row)
    return sorted(found.values(), key=lambda row: utc(row[2]))
