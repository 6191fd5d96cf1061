"""Facts of anesthesia, neuromuscular block and physiology."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.case.physiology import AgentUse, PhysiologyRow
from report_gen.facts.builder import FactBuilder, number, text
from report_gen.facts.model import Value
from report_gen.facts.wording import number_text, quantity_text
from report_gen.vocab import vocabulary

__all__ = ["derive_anesthesia", "physiology_values"]

PHYSIOLOGY_FIELDS = (
    "map_mmhg",
    "sbp_mmhg",
    "dbp_mmhg",
    "heart_rate_bpm",
    "core_temp_c",
    "limb_temp_c",
    "spo2_pct",
    "etco2_mmhg",
    "hemoglobin_g_dl",
    "hematocrit_pct",
    "fio2_pct",
    "mac_fraction",
    "bispectral_index",
    "suppression_ratio_pct",
    "csf_pressure_mmhg",
    "ebl_ml",
)
SUMMARISED = ("map_mmhg", "core_temp_c")


def physiology_values(row: PhysiologyRow) -> tuple[Value, ...]:
    """The recorded values of a row, in a fixed order."""
    return tuple(
        Value(name, quantity_text(name, amount), float(amount))
        for name in PHYSIOLOGY_FIELDS
        if (amount := getattr(row, name)) is not None
    )


def derive_anesthesia(b: FactBuilder) -> None:
    """Add regimen, agents, train-of-four, pressure target, physiology rows and their ranges."""
    anesthesia = b.case.anesthesia
    if anesthesia is None:
        b.add("anesthesia.regimen", "anesthesia.regimen", "/anesthesia", [], group="anesthesia")
    else:
        b.add(
            "anesthesia.regimen",
            "anesthesia.regimen",
            "/anesthesia/regimen",
            [b.coded("text", "anesthesia_regimens", anesthesia.regimen)],
            group="anesthesia",
        )
        for index, row in enumerate(anesthesia.agents):
            _agent(b, index, row)
        _train_of_four(b)
        target = anesthesia.map_target
        if target is not None:
            b.add(
                "anesthesia.map_target",
                "anesthesia.map_target",
                "/anesthesia/map_target",
                [
                    b.quantity("map_mmhg", target.map_mmhg),
                    b.instant("start_at", target.start_at),
                    None
                    if target.stated_minutes_below is None
                    else number(
                        "stated_below_min",
                        target.stated_minutes_below,
                        f"{number_text(target.stated_minutes_below)} min",
                    ),
                ],
                group="anesthesia",
            )
        if anesthesia.start_at is not None or anesthesia.end_at is not None:
            b.add(
                "anesthesia.time",
                "anesthesia.time",
                "/anesthesia",
                [b.instant("start_at", anesthesia.start_at), b.instant("end_at", anesthesia.end_at)],
                group="anesthesia",
            )
        if anesthesia.fluids_note is not None:
            b.add(
                "anesthesia.fluids",
                "anesthesia.fluids",
                "/anesthesia/fluids_note",
                [text("text", anesthesia.fluids_note)],
                group="anesthesia",
            )
    _rows(b, b.case.physiology)


def _agent(b: FactBuilder, index: int, row: AgentUse) -> None:
    entry = vocabulary("agents")[row.agent]
    dose = None
    if row.dose is not None and row.unit is not None:
        amount = number_text(row.dose) + (f"\u2013{number_text(row.dose_to)}" if row.dose_to is not None else "")
        dose = f"{amount} {vocabulary('dose_units').display(row.unit)}"
    b.add(
        f"agent.{index + 1}",
        "agent",
        f"/anesthesia/agents/{index}",
        [
            text("agent", entry.display),
            b.coded("kind", "administration_kinds", row.kind),
            b.words("dose", dose),
            b.instant("start_at", row.start_at),
            b.instant("end_at", row.end_at),
            b.words("age_adjusted", "age-adjusted" if row.age_adjusted else None),
        ],
        group="anesthesia",
        status=str(entry.extra["class"]),
    )


def _train_of_four(b: FactBuilder) -> None:
    rows = b.case.anesthesia.train_of_four if b.case.anesthesia else ()
    for index, row in enumerate(rows):
        b.add(
            f"tof.{index + 1}",
            "tof",
            f"/anesthesia/train_of_four/{index}",
            [
                None if row.count is None else number("count", row.count, f"{row.count}/4"),
                None if row.ratio_pct is None else number("ratio_pct", row.ratio_pct, f"{number_text(row.ratio_pct)}%"),
                b.words("muscle", vocabulary("muscles").label(row.muscle) if row.muscle else None),
                b.instant("at", row.at),
            ],
            group="anesthesia",
            side=row.side,
            site=row.muscle or "",
            status="recorded" if row.count is not None or row.ratio_pct is not None else "not_recorded",
        )
    if not rows and any(_needs_tof(row.modality) for row in b.case.modalities if row.performed):
        b.add("tof", "tof", "/anesthesia/train_of_four", [], group="anesthesia")


def _needs_tof(modality: str) -> bool:
    return bool(vocabulary("modalities")[modality].extra.get("needs_tof"))


def _rows(b: FactBuilder, rows: Sequence[PhysiologyRow]) -> None:
    seen: dict[str, list[tuple[float, str]]] = {name: [] for name in SUMMARISED}
    for index, row in enumerate(rows):
        fact_id = f"physiology.{index + 1}"
        b.add(
            fact_id,
            "physiology.row",
            f"/physiology/{index}",
            [*physiology_values(row), b.instant("at", row.at)],
            group="physiology",
            must_state=False,
        )
        for name, values in seen.items():
            amount = getattr(row, name)
            if amount is not None:
                values.append((float(amount), fact_id))
    for name, values in seen.items():
        if not values:
            b.add(
                f"physiology.{name}",
                "physiology.range",
                "/physiology",
                [],
                group="physiology",
                status="not_recorded",
                site=name,
            )
            continue
        low, high = min(values), max(values)
        b.compute(
            f"physiology.{name}",
            "physiology.range",
            "/physiology",
            [
                number("low", low[0], quantity_text(name, low[0])),
                number("high", high[0], quantity_text(name, high[0])),
                number("count", len(values), str(len(values))),
                text("label", vocabulary("parameters").display(name)),
            ],
            formula="lowest and highest recorded value",
            inputs=[low[1], high[1]],
            group="physiology",
            site=name,
        )
    target = b.case.anesthesia.map_target if b.case.anesthesia else None
    if target is not None and seen["map_mmhg"]:
        below = [pair for pair in seen["map_mmhg"] if pair[0] < target.map_mmhg]
        b.compute(
            "physiology.map_below_target",
            "physiology.map_below_target",
            "/physiology",
            [
                number("below", len(below), str(len(below))),
                number("count", len(seen["map_mmhg"]), str(len(seen["map_mmhg"]))),
            ],
            formula="recorded values below the target; nothing is interpolated between them",
            inputs=["anesthesia.map_target", *[fact_id for _, fact_id in below]],
            group="physiology",
        )
