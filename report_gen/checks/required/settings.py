"""Core parameters and settings of each modality, as its vocabulary entry lists them (clinical reference §1.6, §2)."""

from __future__ import annotations

from collections.abc import Iterator

from report_gen.checks.making import absent
from report_gen.checks.model import Finding
from report_gen.facts.modality_views import ModalityCourse
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["setting_findings"]

_MOST_CITED = 20
_INTENSITIES = ("intensity_ma", "intensity_v")
_WITHOUT_IMPEDANCE = frozenset({"macrostimulation", "mer", "nirs", "stump_pressure", "tcd", "wake_up_test"})
"""Modalities without recording electrodes on the patient, or whose electrodes are checked in another way."""


def setting_findings(facts: Facts) -> Iterator[Finding]:
    """What is missing of parameters, settings, impedances and test tables."""
    for course in facts.modalities:
        if course.modality.status == "performed":
            yield from _core_parameters(facts, course.modality)
            yield from _stimulation(course)
            yield from _recording(course)
    screws = facts.get("modality.emg_triggered_screw")
    if screws is not None and screws.status == "performed" and not facts.in_group("threshold.screw", "threshold"):
        yield absent(
            "screw_table",
            "/threshold_tests",
            "Screw stimulation was performed and no result is recorded.",
            "What were the thresholds by level and side?",
            facts=[screws],
            gate="draft",
        )


def _core_parameters(facts: Facts, modality: Fact) -> Iterator[Finding]:
    core = vocabulary("modalities")[modality.modality].extra["core_parameters"]
    label = modality.text("label")
    lacking = [
        fact
        for fact in facts.of_kind("channel.baseline")
        if fact.modality == modality.modality
        and fact.status == "measured"
        and any(fact.value(name) is None for name in core)
    ]
    if lacking:
        missing = sorted({name for fact in lacking for name in core if fact.value(name) is None})
        names = joined(vocabulary("parameters").display(name) for name in missing)
        readings = f"{len(lacking)} {label} baseline readings lack" if len(lacking) > 1 else f"A {label} baseline lacks"
        yield absent(
            "core_parameter",
            lacking[0].pointer,
            f"{readings} {names}.",
            f"What was the {names}?",
            facts=lacking[:_MOST_CITED],
            gate="draft",
        )


def _lacks(row: Fact, name: str) -> bool:
    if name in _INTENSITIES:
        return all(row.value(intensity) is None for intensity in _INTENSITIES)
    return row.value(name) is None


def _stimulation(course: ModalityCourse) -> Iterator[Finding]:
    modality, rows = course.modality, course.stimulation
    label = modality.text("label")
    if any(fact.status == "not_recorded" for fact in rows):
        yield absent(
            "stimulation",
            f"{modality.pointer}/stimulation",
            f"{label} stimulation settings are not recorded.",
            f"Which {label} stimulation settings were used?",
            facts=[modality],
            gate="draft",
        )
        return
    core = list(vocabulary("modalities")[modality.modality].extra["core_stimulation"])
    if "stim_mode" in core and not set(core) & set(_INTENSITIES):
        core.append("intensity_ma")
    missing = [name for name in core if any(_lacks(row, name) for row in rows)]
    if missing:
        names = {"stim_mode": "stimulator mode", **dict.fromkeys(_INTENSITIES, "intensity")}
        words = joined(names.get(name) or vocabulary("parameters").display(name) for name in missing)
        yield absent(
            "stimulation_parameter",
            rows[0].pointer,
            f"The {label} stimulation settings lack {words}.",
            f"Which {label} stimulation settings were used?",
            facts=rows[:_MOST_CITED],
            gate="draft",
        )


def _recording(course: ModalityCourse) -> Iterator[Finding]:
    modality, label = course.modality, course.modality.text("label")
    unrecorded = course.recording is None or course.recording.status == "not_recorded"
    needs_impedance = modality.modality not in _WITHOUT_IMPEDANCE and not course.impedances
    if unrecorded or needs_impedance:
        what = "recording settings are" if unrecorded else "impedances are"
        yield absent(
            "recording",
            f"{modality.pointer}/recording",
            f"{label} {what} not recorded.",
            f"Which {label} filters and impedances were recorded?",
            facts=[modality],
            gate="draft",
        )
