"""Anesthesia and physiology. Source: clinical reference §1.5 and §2.5."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from report_gen.case.contract.base import Code, FilledBy, Instant, Line, Model, NonNegative, Percent

__all__ = ["PHYSIOLOGY_VALUES", "AgentUse", "Anesthesia", "MapTarget", "PhysiologyRow", "TrainOfFour"]


class PhysiologyRow(
    Model, filled_by=FilledBy.ANESTHESIA, limb_temp_c=FilledBy.TECHNOLOGIST, suppression_ratio_pct=FilledBy.TECHNOLOGIST
):
    """Physiology at one time; a value that is absent was not recorded."""

    at: Instant | None = None
    """When. Absent only inside an event: the time of the event."""
    map_mmhg: NonNegative | None = None
    """Mean arterial pressure in mmHg. Absent: not recorded."""
    sbp_mmhg: NonNegative | None = None
    """Systolic pressure in mmHg. Absent: not recorded."""
    dbp_mmhg: NonNegative | None = None
    """Diastolic pressure in mmHg. Absent: not recorded."""
    heart_rate_bpm: NonNegative | None = None
    """Heart rate in beats per minute. Absent: not recorded."""
    core_temp_c: NonNegative | None = None
    """Core temperature in °C. Absent: not recorded."""
    limb_temp_c: NonNegative | None = None
    """Limb temperature in °C. Absent: not recorded."""
    spo2_pct: Percent | None = None
    """Oxygen saturation in percent. Absent: not recorded."""
    etco2_mmhg: NonNegative | None = None
    """End-tidal carbon dioxide in mmHg. Absent: not recorded."""
    hemoglobin_g_dl: NonNegative | None = None
    """Hemoglobin in g/dL. Absent: not recorded."""
    hematocrit_pct: Percent | None = None
    """Hematocrit in percent. Absent: not recorded."""
    fio2_pct: Percent | None = None
    """Inspired oxygen in percent. Absent: not recorded."""
    mac_fraction: NonNegative | None = None
    """Volatile agent as fraction of MAC. Absent: none used, or not recorded."""
    bispectral_index: Percent | None = None
    """Processed EEG index, 0 to 100. Absent: not recorded."""
    suppression_ratio_pct: Percent | None = None
    """Burst-suppression ratio in percent. Absent: not recorded."""
    csf_pressure_mmhg: NonNegative | None = None
    """Cerebrospinal fluid pressure in mmHg. Absent: not measured or not recorded."""
    ebl_ml: NonNegative | None = None
    """Estimated blood loss so far in mL. Absent: not recorded."""


PHYSIOLOGY_VALUES = tuple(name for name in PhysiologyRow.model_fields if name != "at")
"""The quantities of a row, in the order they are printed."""


class AgentUse(Model, filled_by=FilledBy.ANESTHESIA):
    """An infusion, an inhaled agent or a bolus."""

    agent: Annotated[str, Code("agents")]
    """Agent."""
    agent_other: Line | None = None
    """The agent in words, where `agent` is `other`. Absent: it is not."""
    kind: Annotated[str, Code("administration_kinds")]
    """Infusion, inhaled, or bolus."""
    dose: NonNegative | None = None
    """Dose or rate in `unit`; for a range, its lower end. Absent: not recorded."""
    dose_to: NonNegative | None = None
    """Upper end of a range in `unit`. Absent: a single dose."""
    unit: Annotated[str, Code("dose_units")] | None = None
    """Unit of the dose. Absent: no dose recorded."""
    start_at: Instant | None = None
    """Start, or time of the bolus. Absent: not recorded."""
    end_at: Instant | None = None
    """End of an infusion. Absent: a bolus, or not recorded."""
    age_adjusted: bool | None = None
    """Whether a MAC fraction is age-adjusted. Absent: not a MAC fraction, or not recorded."""


class TrainOfFour(Model, filled_by=FilledBy.TECHNOLOGIST):
    """A train-of-four reading; site and side are needed because face, hand and foot differ."""

    at: Instant | None = None
    """When. Absent: not recorded."""
    muscle: Annotated[str, Code("muscles")] | None = None
    """Muscle recorded. Absent: not recorded."""
    side: Annotated[str, Code("sides", without=frozenset({"bilateral", "not_applicable"}))] = "not_recorded"
    """Side."""
    count: Annotated[int, Field(ge=0, le=4)] | None = None
    """Twitches, 0 to 4. Absent: not recorded."""
    ratio_pct: Annotated[float, Field(ge=0, le=150)] | None = None
    """Fourth to first twitch in percent. Absent: not recorded."""


class MapTarget(Model, filled_by=FilledBy.ANESTHESIA):
    """A target for mean arterial pressure."""

    map_mmhg: Annotated[float, Field(ge=20, le=200)]
    """Lowest mean arterial pressure aimed at, in mmHg."""
    start_at: Instant | None = None
    """From when. Absent: whole case, or not recorded."""
    stated_minutes_below: NonNegative | None = None
    """Minutes below target as the anesthesia record states them. Absent: not stated."""


class Anesthesia(Model, filled_by=FilledBy.ANESTHESIA, train_of_four=FilledBy.TECHNOLOGIST):
    """Regimen, agents, neuromuscular block. Source: clinical reference §1.5."""

    regimen: Annotated[str, Code("anesthesia_regimens")] | None = None
    """Regimen. Absent: not recorded."""
    agents: tuple[AgentUse, ...] = Field(default=(), max_length=200)
    """Agents in order of start, relaxants and reversal included. Empty: not recorded."""
    train_of_four: tuple[TrainOfFour, ...] = Field(default=(), max_length=500)
    """Train-of-four readings in order. Empty: not recorded."""
    map_target: MapTarget | None = None
    """Pressure target. Absent: none, or not recorded."""
    start_at: Instant | None = None
    """Anesthesia start. Absent: not recorded."""
    end_at: Instant | None = None
    """Anesthesia end. Absent: not recorded."""
    clock: Annotated[str, Code("clocks")] | None = None
    """Clock the times of anesthesia were read from. Absent: the case's clock."""
    fluids_note: Line | None = None
    """Fluids and blood products in the record's words. Absent: not recorded."""
