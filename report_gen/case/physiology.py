"""Anesthesia and physiology. Source: clinical reference §1.5 and §2.5."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from report_gen.case.base import Code, Instant, Line, Model, NonNegative, Percent

__all__ = ["PHYSIOLOGY_VALUES", "AgentUse", "Anesthesia", "MapTarget", "PhysiologyRow", "TrainOfFour"]


class PhysiologyRow(Model):
    """Physiology at one time; a value that is absent was not recorded."""

    at: Instant | None = None
    """[A] When. Absent only inside an event: the time of the event."""
    map_mmhg: NonNegative | None = None
    """[A] Mean arterial pressure in mmHg. Absent: not recorded."""
    sbp_mmhg: NonNegative | None = None
    """[A] Systolic pressure in mmHg. Absent: not recorded."""
    dbp_mmhg: NonNegative | None = None
    """[A] Diastolic pressure in mmHg. Absent: not recorded."""
    heart_rate_bpm: NonNegative | None = None
    """[A] Heart rate in beats per minute. Absent: not recorded."""
    core_temp_c: NonNegative | None = None
    """[A] Core temperature in °C. Absent: not recorded."""
    limb_temp_c: NonNegative | None = None
    """[T] Limb temperature in °C. Absent: not recorded."""
    spo2_pct: Percent | None = None
    """[A] Oxygen saturation in percent. Absent: not recorded."""
    etco2_mmhg: NonNegative | None = None
    """[A] End-tidal carbon dioxide in mmHg. Absent: not recorded."""
    hemoglobin_g_dl: NonNegative | None = None
    """[A] Hemoglobin in g/dL. Absent: not recorded."""
    hematocrit_pct: Percent | None = None
    """[A] Hematocrit in percent. Absent: not recorded."""
    fio2_pct: Percent | None = None
    """[A] Inspired oxygen in percent. Absent: not recorded."""
    mac_fraction: NonNegative | None = None
    """[A] Volatile agent as fraction of MAC. Absent: none used, or not recorded."""
    bispectral_index: Percent | None = None
    """[A] Processed EEG index, 0 to 100. Absent: not recorded."""
    suppression_ratio_pct: Percent | None = None
    """[T] Burst-suppression ratio in percent. Absent: not recorded."""
    csf_pressure_mmhg: NonNegative | None = None
    """[A] Cerebrospinal fluid pressure in mmHg. Absent: not measured or not recorded."""
    ebl_ml: NonNegative | None = None
    """[A] Estimated blood loss so far in mL. Absent: not recorded."""


PHYSIOLOGY_VALUES = tuple(name for name in PhysiologyRow.model_fields if name != "at")
"""The quantities of a row, in the order they are printed."""


class AgentUse(Model):
    """An infusion, an inhaled agent or a bolus."""

    agent: Annotated[str, Code("agents")]
    """[A] Agent."""
    kind: Annotated[str, Code("administration_kinds")]
    """[A] Infusion, inhaled, or bolus."""
    dose: NonNegative | None = None
    """[A] Dose or rate in `unit`; for a range, its lower end. Absent: not recorded."""
    dose_to: NonNegative | None = None
    """[A] Upper end of a range in `unit`. Absent: a single dose."""
    unit: Annotated[str, Code("dose_units")] | None = None
    """[A] Unit of the dose. Absent: no dose recorded."""
    start_at: Instant | None = None
    """[A] Start, or time of the bolus. Absent: not recorded."""
    end_at: Instant | None = None
    """[A] End of an infusion. Absent: a bolus, or not recorded."""
    age_adjusted: bool | None = None
    """[A] Whether a MAC fraction is age-adjusted. Absent: not a MAC fraction, or not recorded."""


class TrainOfFour(Model):
    """A train-of-four reading; site and side are needed because face, hand and foot differ."""

    at: Instant | None = None
    """[T] When. Absent: not recorded."""
    muscle: Annotated[str, Code("muscles")] | None = None
    """[T] Muscle recorded. Absent: not recorded."""
    side: Annotated[str, Code("sides", without=frozenset({"bilateral", "not_applicable"}))] = "not_recorded"
    """[T] Side."""
    count: Annotated[int, Field(ge=0, le=4)] | None = None
    """[T] Twitches, 0 to 4. Absent: not recorded."""
    ratio_pct: Annotated[float, Field(ge=0, le=150)] | None = None
    """[T] Fourth to first twitch in percent. Absent: not recorded."""


class MapTarget(Model):
    """A target for mean arterial pressure."""

    map_mmhg: Annotated[float, Field(ge=20, le=200)]
    """[A] Lowest mean arterial pressure aimed at, in mmHg."""
    start_at: Instant | None = None
    """[A] From when. Absent: whole case, or not recorded."""
    stated_minutes_below: NonNegative | None = None
    """[A] Minutes below target as the anesthesia record states them. Absent: not stated."""


class Anesthesia(Model):
    """Regimen, agents, neuromuscular block. Source: clinical reference §1.5."""

    regimen: Annotated[str, Code("anesthesia_regimens")] | None = None
    """[A] Regimen. Absent: not recorded."""
    agents: tuple[AgentUse, ...] = Field(default=(), max_length=200)
    """[A] Agents in order of start, relaxants and reversal included. Empty: not recorded."""
    train_of_four: tuple[TrainOfFour, ...] = Field(default=(), max_length=500)
    """[T] Train-of-four readings in order. Empty: not recorded."""
    map_target: MapTarget | None = None
    """[A] Pressure target. Absent: none, or not recorded."""
    start_at: Instant | None = None
    """[A] Anesthesia start. Absent: not recorded."""
    end_at: Instant | None = None
    """[A] Anesthesia end. Absent: not recorded."""
    clock: Annotated[str, Code("clocks")] | None = None
    """[A] Clock the times of anesthesia were read from. Absent: the case's clock."""
    fluids_note: Line | None = None
    """[A] Fluids and blood products in the record's words. Absent: not recorded."""
