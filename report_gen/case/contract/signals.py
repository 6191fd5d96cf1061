"""Modalities as set up, channels with their measurements, tests and mapping.

Side means the stimulated side for somatosensory and auditory potentials and the recorded muscle for motor potentials
and electromyography; two sides are two channels. Source: clinical reference §2 and §7.2.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from report_gen.case.contract.base import (
    Code,
    Detail,
    FilledBy,
    Instant,
    Line,
    Model,
    Montage,
    NonNegative,
    Peak,
    Percent,
    Slug,
)
from report_gen.case.contract.when import When

__all__ = [
    "READING_VALUES",
    "STIMULATION_VALUES",
    "AlertCriterion",
    "BaselineReset",
    "BaselineReview",
    "Channel",
    "Condition",
    "Impedance",
    "MappingTest",
    "Measurement",
    "ModalityRecord",
    "Reading",
    "Recording",
    "Stimulation",
    "ThresholdTest",
]


class Reading(Model, filled_by=FilledBy.TECHNOLOGIST, quality=FilledBy.PROFESSIONAL):
    """What one look at one channel gave: values, a response without numbers, or a stated reason for their absence."""

    state: Literal[
        "measured",
        "present",
        "increased",
        "reduced",
        "hard_to_elicit",
        "changed",
        "absent",
        "not_obtained",
        "not_monitored",
        "not_recorded",
    ]
    """`measured`: numbers or a pattern below. `present`: a reproducible response without recorded numbers; `increased`
    and `reduced` the same, larger or smaller than its baseline, `hard_to_elicit` with more stimulation or repetition
    than before, `changed` in a way that is not stated. `absent`: no reproducible response. `not_obtained`: tried and
    not obtained. `not_monitored`: not tried. `not_recorded`: nothing known."""
    reason: Annotated[str, Code("absence_reasons")] | None = None
    """Why there is no value; needed for `not_obtained` and `not_monitored`. Absent otherwise."""
    reason_detail: Line | None = None
    """Detail of the reason. Absent: none recorded."""
    amplitude_uv: NonNegative | None = None
    """Amplitude in µV, peak to peak unless the modality says otherwise. Absent: not recorded."""
    latency_ms: NonNegative | None = None
    """Latency of the named peak, or onset latency for muscle responses, in ms. Absent: not recorded."""
    interpeak_i_v_ms: NonNegative | None = None
    """BAEP interpeak latency I to V in ms. Absent: not recorded."""
    interpeak_i_iii_ms: NonNegative | None = None
    """BAEP interpeak latency I to III in ms. Absent: not recorded."""
    threshold_ma: NonNegative | None = None
    """Stimulation threshold in mA of a constant-current stimulator. Absent: not recorded."""
    threshold_v: NonNegative | None = None
    """Stimulation threshold in V of a constant-voltage stimulator. Absent: not recorded."""
    velocity_cm_s: NonNegative | None = None
    """Mean flow velocity in cm/s (TCD). Absent: not recorded."""
    saturation_pct: Percent | None = None
    """Regional oxygen saturation in percent (NIRS). Absent: not recorded."""
    pressure_mmhg: NonNegative | None = None
    """Pressure in mmHg (stump pressure). Absent: not recorded."""
    spectral_edge_hz: NonNegative | None = None
    """Spectral edge frequency, 95 %, in Hz. Absent: not recorded."""
    suppression_ratio_pct: Percent | None = None
    """Burst-suppression ratio in percent. Absent: not recorded."""
    bispectral_index: Percent | None = None
    """Processed index, 0 to 100, without unit. Absent: not recorded."""
    firing_rate_hz: NonNegative | None = None
    """Neuronal firing rate in Hz (microelectrode recording). Absent: not recorded."""
    tof_count: Annotated[int, Field(ge=0, le=4)] | None = None
    """Train-of-four count, 0 to 4. Absent: not recorded."""
    tof_ratio_pct: Annotated[float, Field(ge=0, le=150)] | None = None
    """Train-of-four ratio in percent. Absent: not recorded."""
    duration_s: NonNegative | None = None
    """Duration of activity in s. Absent: not recorded."""
    depth_mm: Annotated[float, Field(ge=-60, le=60)] | None = None
    """Electrode depth relative to target in mm, negative above it. Absent: not recorded."""
    pattern: Annotated[str, Code("emg_patterns")] | None = None
    """Descriptor of free-run activity. Absent: not applicable or not recorded."""
    amplitude_pct_of_baseline: Annotated[float, Field(ge=0, le=1000)] | None = None
    """Amplitude as percent of baseline, as the record states it (75 means a quarter below). Used where the record
    has no amplitudes, and compared with the computed percent where it has. Absent: not stated."""
    description: Line | None = None
    """Neutral description of the waveform. Absent: none recorded."""
    quality: Annotated[str, Code("trace_qualities")] | None = None
    """Reproducibility grade of the trace. Absent: not graded."""


READING_VALUES = tuple(
    name
    for name in Reading.model_fields
    if name
    not in ("state", "reason", "reason_detail", "pattern", "amplitude_pct_of_baseline", "description", "quality")
)
"""The measured quantities of a reading, in the order they are printed."""


class Measurement(Model, filled_by=FilledBy.TECHNOLOGIST):
    """One reading of one channel at one time."""

    at: Instant | None = None
    """When. Absent: time not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    phase: Annotated[str, Code("trace_phases")]
    """Baseline, intraoperative, or closing. Readings of an event stand with the event."""
    baseline_kind: Annotated[str, Code("baseline_kinds")] | None = None
    """Which baseline: pre-position, post-position, opening, or reset. Absent: not a baseline, or not recorded."""
    reading: Reading
    """What was seen."""


class Channel(Model, filled_by=FilledBy.TECHNOLOGIST):
    """One response followed through the case: one modality, one side, one nerve, muscle, level or electrode."""

    id: Slug
    """Reference used inside this file, for example `ssep-ptn-l`."""
    modality: Annotated[str, Code("modalities")]
    """Modality."""
    side: Annotated[str, Code("sides", without=frozenset({"bilateral", "not_applicable"}))]
    """Side in the sense of the modality; `not_recorded` when the source does not say, never bilateral."""
    nerve: Annotated[str, Code("nerves")] | None = None
    """Nerve stimulated or recorded. Absent: the modality names no nerve, or not recorded."""
    muscle: Annotated[str, Code("muscles")] | None = None
    """Muscle recorded. Absent: the modality names no muscle, or not recorded."""
    nerve_other: Line | None = None
    """The nerve in words, where `nerve` is `other`. Absent: it is not."""
    muscle_other: Line | None = None
    """The muscle in words, where `muscle` is `other`. Absent: it is not."""
    region: Annotated[str, Code("body_regions")] | None = None
    """Limb or region, where the record names no muscle and no nerve; `not_stated` where it names nothing at all.
    Absent: the nerve or muscle says it."""
    region_other: Line | None = None
    """The region in words, where `region` is `other`. Absent: it is not."""
    recording_level: Annotated[str, Code("recording_levels")] | None = None
    """Peripheral, spinal, subcortical or cortical, where the record says so. Absent: the peak or site says it, or not
    recorded."""
    level: Annotated[str, Code("levels")] | None = None
    """Vertebral or dermatomal level. Absent: the modality names no level, or not recorded."""
    electrode: Annotated[str, Code("electrode_sites")] | None = None
    """Electrode or region recorded (EEG, D-wave). Absent: the modality names none, or not recorded."""
    peak: Peak | None = None
    """Peak measured, for example `N20`, `P37`, `V`. Absent: not recorded."""
    montage: Montage | None = None
    """Derivation, active then reference, for example `Cz'-Fz`; per patient, not a constant. Absent: not
    recorded."""
    measurements: tuple[Measurement, ...] = Field(default=(), max_length=500)
    """Readings in the order they were taken. Empty: none recorded."""


class Stimulation(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Stimulation settings. Constant current and constant voltage are different fields. Source: §1.6, §2.1, §2.2."""

    side: Annotated[str, Code("sides")] = "not_recorded"
    """Side stimulated; `bilateral` when the same settings served both sides."""
    start_at: Instant | None = None
    """From when these settings held. Absent: from the start, or not recorded."""
    nerve: Annotated[str, Code("nerves")] | None = None
    """Nerve stimulated. Absent: not a nerve, or not recorded."""
    site: Line | None = None
    """Place, for example `wrist`, or the electrode pair `C3-C4`. Absent: not recorded."""
    electrode_type: Line | None = None
    """Type of electrode. Absent: not recorded."""
    polarity: Line | None = None
    """Polarity, for example `cathode proximal`. Absent: not recorded."""
    stim_mode: Literal["cc", "cv"] | None = None
    """Constant current (`cc`, intensity in mA) or constant voltage (`cv`, intensity in V). Absent: not recorded."""
    intensity_ma: NonNegative | None = None
    """Intensity in mA. Absent: constant voltage, or not recorded."""
    intensity_v: NonNegative | None = None
    """Intensity in V. Absent: constant current, or not recorded."""
    intensity_db_nhl: NonNegative | None = None
    """Click intensity in dB nHL. Absent: not acoustic, or not recorded."""
    masking_db_nhl: NonNegative | None = None
    """Masking of the opposite ear in dB nHL. Absent: not acoustic, or not recorded."""
    pulse_width_us: NonNegative | None = None
    """Pulse width in µs. Absent: not recorded."""
    rate_hz: NonNegative | None = None
    """Repetition rate in Hz. Absent: not recorded."""
    train_count: Annotated[int, Field(ge=1, le=500)] | None = None
    """Pulses in a train. Absent: single pulse, or not recorded."""
    double_train: bool | None = None
    """Whether a conditioning train came before the test train. Absent: not recorded."""
    isi_ms: NonNegative | None = None
    """Interstimulus interval within a train in ms. Absent: no train, or not recorded."""
    sweeps: Annotated[int, Field(ge=1, le=20000)] | None = None
    """Sweeps averaged. Absent: not averaged, or not recorded."""


STIMULATION_VALUES = tuple(
    name
    for name in Stimulation.model_fields
    if name not in ("side", "start_at", "nerve", "site", "electrode_type", "polarity", "stim_mode", "double_train")
)
"""The quantities of a setting, in the order they are printed."""


class Impedance(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Electrode impedance at one time."""

    electrode: Line
    """Electrode as labelled on the montage."""
    impedance_kohm: NonNegative
    """Impedance in kΩ."""
    at: Instant | None = None
    """When measured. Absent: not recorded."""


class Recording(Model, filled_by=FilledBy.TECHNOLOGIST):
    """Recording settings. Source: clinical reference §1.6."""

    electrode_type: Line | None = None
    """Type of electrode. Absent: not recorded."""
    low_cut_hz: NonNegative | None = None
    """Low cut-off in Hz. Absent: not recorded."""
    high_cut_hz: NonNegative | None = None
    """High cut-off in Hz. Absent: not recorded."""
    notch_on: bool | None = None
    """Whether the mains notch filter was on. Absent: not recorded."""
    sweep_ms: NonNegative | None = None
    """Sweep in ms. Absent: not recorded."""
    sensitivity_uv_div: NonNegative | None = None
    """Display gain in µV per division. Absent: not recorded."""
    impedances: tuple[Impedance, ...] = Field(default=(), max_length=200)
    """Impedances. Empty: not recorded."""


class Condition(Model, filled_by=FilledBy.PROFESSIONAL):
    """One comparison of an alert criterion, against the baseline it names."""

    parameter: Annotated[str, Code("criterion_parameters")]
    """What is compared, for example `amplitude_decrease_pct`."""
    threshold: NonNegative | None = None
    """Threshold in the unit of the parameter. Absent: the parameter is a state (loss, new activity)."""


class AlertCriterion(Model, filled_by=FilledBy.PROFESSIONAL):
    """The alert criterion in force, as data. Source: clinical reference §2.4 (published criteria disagree)."""

    id: Slug
    """Reference used inside this file."""
    modalities: tuple[Annotated[str, Code("modalities")], ...] = Field(min_length=1, max_length=40)
    """Modalities it applies to."""
    conditions: tuple[Condition, ...] = Field(min_length=1, max_length=6)
    """Comparisons, each met when the value reaches the threshold."""
    logic: Literal["any", "all"] = "any"
    """Whether any or all conditions must be met."""
    baseline_kind: Annotated[str, Code("baseline_kinds")] = "post_position"
    """Baseline compared with."""
    reference: Line
    """Source and version of the criterion."""


class BaselineReview(Model, filled_by=FilledBy.PROFESSIONAL):
    """The professional's look at the baselines of a modality. Source: clinical reference §1.3."""

    by: Slug | None = None
    """Who reviewed, by reference. Absent: not recorded."""
    at: Instant | None = None
    """When. Absent: not recorded."""
    acceptance: Annotated[str, Code("acceptances")]
    """Accepted, accepted with limits, or rejected."""
    note: Line | None = None
    """Limits stated. Absent: none recorded."""


class BaselineReset(Model, filled_by=FilledBy.PROFESSIONAL):
    """A new baseline put in the place of an earlier one. Source: clinical reference §1.6 (ISIN: adaptive criteria)."""

    at: Instant
    """From when the new baseline counts."""
    reason: Detail
    """Why the earlier baseline no longer serves."""
    authorized_by: Slug | None = None
    """Who decided it, by reference. Absent: not recorded."""


class ModalityRecord(
    Model, filled_by=FilledBy.TECHNOLOGIST, baseline_review=FilledBy.PROFESSIONAL, baseline_resets=FilledBy.PROFESSIONAL
):
    """One modality as requested, set up and performed. Source: clinical reference §1.6 and §2."""

    modality: Annotated[str, Code("modalities")]
    """Modality."""
    performed: bool
    """Whether it was recorded at all."""
    not_performed_reason: Annotated[str, Code("absence_reasons")] | None = None
    """Why it was not performed or no baseline could be obtained. Absent: performed, or not recorded."""
    not_performed_detail: Line | None = None
    """Detail of that reason. Absent: none recorded."""
    stimulation: tuple[Stimulation, ...] = Field(default=(), max_length=20)
    """Stimulation settings, one entry for each change of them. Empty: none, or not recorded."""
    recording: Recording | None = None
    """Recording settings. Absent: not recorded."""
    baseline_review: BaselineReview | None = None
    """Review of the baselines. Absent: not recorded."""
    baseline_resets: tuple[BaselineReset, ...] = Field(default=(), max_length=20)
    """Baseline resets in order. Empty: none, or not recorded."""
    last_data_at: Instant | None = None
    """Time of the last data of this modality. Absent: not recorded."""


class ThresholdTest(Model, filled_by=FilledBy.TECHNOLOGIST):
    """One stimulation of a screw, nerve or dilator. Source: clinical reference §1.6, §2.2."""

    kind: Literal["screw", "nerve", "dilator", "not_stated"]
    """What was stimulated."""
    at: Instant | None = None
    """When. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    level: Annotated[str, Code("levels")] | None = None
    """Level of a screw or dilator. Absent: not at a level, or not recorded."""
    region: Annotated[str, Code("body_regions")] | None = None
    """Where, if no level and no nerve is named; `not_stated` where the record names nothing. Absent: the level or
    nerve says it."""
    region_other: Line | None = None
    """The place in words, where `region` is `other`. Absent: it is not."""
    side: Annotated[str, Code("sides", without=frozenset({"bilateral", "not_applicable"}))]
    """Anatomical side."""
    nerve: Annotated[str, Code("nerves")] | None = None
    """Nerve stimulated. Absent: not a nerve, or not recorded."""
    nerve_other: Line | None = None
    """The nerve in words, where `nerve` is `other`. Absent: it is not."""
    muscle: Annotated[str, Code("muscles")] | None = None
    """Muscle that responded. Absent: no response, or not recorded."""
    muscle_other: Line | None = None
    """The muscle in words, where `muscle` is `other`. Absent: it is not."""
    outcome: Literal["threshold", "no_response", "not_recorded"]
    """A threshold was found, no response up to the highest stimulus, or nothing is recorded."""
    threshold_ma: NonNegative | None = None
    """Threshold in mA; needed when `outcome` is `threshold` and the stimulator is constant current."""
    threshold_v: NonNegative | None = None
    """Threshold in V of a constant-voltage stimulator. Absent: constant current."""
    max_tested_ma: NonNegative | None = None
    """Highest stimulus tested in mA. Absent: constant voltage, or not recorded."""
    max_tested_v: NonNegative | None = None
    """Highest stimulus tested in V. Absent: constant current, or not recorded."""
    stage: Literal["initial", "after_redirection", "after_removal", "final"] = "initial"
    """First test of this place, or a repeat after the named step."""
    direction: Line | None = None
    """Direction of a directional dilator electrode. Absent: not directional, or not recorded."""
    note: Detail | None = None
    """What the record says beside the number. Absent: nothing."""


class MappingTest(Model, filled_by=FilledBy.TECHNOLOGIST):
    """One mapping result: phase reversal, cortical, subcortical or dorsal-column site. Source: §2.1, §2.2."""

    modality: Annotated[str, Code("modalities")]
    """Mapping modality."""
    at: Instant | None = None
    """When. Absent: not recorded."""
    when: When | None = None
    """When, as far as it is known otherwise. Absent: nothing else is recorded."""
    side: Annotated[str, Code("sides")]
    """Hemisphere or side mapped."""
    site: Line
    """Contact pair or place."""
    intensity_ma: NonNegative | None = None
    """Stimulus in mA. Absent: not stimulated, or not recorded."""
    polarity: Literal["anodal", "cathodal", "bipolar", "not_recorded"] = "not_recorded"
    """Polarity."""
    result: Line
    """Result in neutral words (response and muscle, or phase reversal between contacts)."""
    after_discharge: bool | None = None
    """Whether after-discharges followed. Absent: not recorded."""
