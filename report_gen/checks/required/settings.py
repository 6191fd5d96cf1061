"""Core parameters and settings of each modality, as its vocabulary entry lists them (clinical reference §1.6, §2)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.modalities import ModalityCourse
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["SCREW_CHECKS", "SETTING_CHECKS"]

_MOST_CITED = 20
_INTENSITIES = ("intensity_ma", "intensity_v")


def _core_parameter(facts: Facts, course: ModalityCourse) -> Iterator[Fired]:
    modality = course.modality
    core = vocabulary("modalities")[modality.modality].core_parameters
    lacking = [
        fact
        for fact in facts.of_kind("channel.baseline")
        if fact.modality == modality.modality
        and fact.status == "measured"
        and any(fact.value(name) is None for name in core)
    ]
    if lacking:
        missing = sorted({name for fact in lacking for name in core if fact.value(name) is None})
        yield fired(
            lacking[0].pointer,
            *lacking[:_MOST_CITED],
            count=len(lacking),
            about=modality,
            modality=modality.text("label"),
            parameters=joined(vocabulary("parameters").display(name) for name in missing),
        )


def _lacks(stimulation: Fact, name: str) -> bool:
    if name in _INTENSITIES:
        return all(stimulation.value(intensity) is None for intensity in _INTENSITIES)
    return stimulation.value(name) is None


def _stimulated(course: ModalityCourse) -> tuple[Fact, ...] | None:
    """The stimulation settings of a modality. None: they are not recorded."""
    return None if any(fact.status == "not_recorded" for fact in course.stimulation) else course.stimulation


def _stimulation(_: Facts, course: ModalityCourse) -> Iterator[Fired]:
    modality = course.modality
    if _stimulated(course) is None:
        yield fired(f"{modality.pointer}/stimulation", modality, about=modality, modality=modality.text("label"))


def _stimulation_parameter(_: Facts, course: ModalityCourse) -> Iterator[Fired]:
    modality, settings = course.modality, _stimulated(course) or ()
    core = list(vocabulary("modalities")[modality.modality].core_stimulation)
    if "stim_mode" in core and not set(core) & set(_INTENSITIES):
        core.append("intensity_ma")
    missing = [name for name in core if any(_lacks(stimulation, name) for stimulation in settings)]
    if missing:
        names = {"stim_mode": "stimulator mode", **dict.fromkeys(_INTENSITIES, "intensity")}
        words = joined(names.get(name) or vocabulary("parameters").display(name) for name in missing)
        yield fired(
            settings[0].pointer,
            *settings[:_MOST_CITED],
            about=modality,
            modality=modality.text("label"),
            parameters=words,
        )


def _recording(_: Facts, course: ModalityCourse) -> Iterator[Fired]:
    modality = course.modality
    entry = vocabulary("modalities")[modality.modality]
    unrecorded = course.recording is None or course.recording.status == "not_recorded"
    if unrecorded or (entry.electrodes and entry.impedances and not course.impedances):
        settings = "recording settings are" if unrecorded else "impedances are"
        yield fired(
            f"{modality.pointer}/recording",
            modality,
            about=modality,
            modality=modality.text("label"),
            settings=settings,
        )


def _screw_table(facts: Facts) -> Iterator[Fired]:
    screws = facts.get("modality.emg_triggered_screw")
    if screws is not None and screws.status == "performed" and not facts.in_group("threshold.screw", "threshold"):
        yield fired("/threshold_tests", screws)


SETTING_CHECKS: Final[Checks[[Facts, ModalityCourse]]] = MappingProxyType(
    {
        "required.core_parameter": _core_parameter,
        "required.stimulation": _stimulation,
        "required.stimulation_parameter": _stimulation_parameter,
        "required.recording": _recording,
    }
)
"""What is missing of the parameters and settings of each modality performed."""

SCREW_CHECKS: Final[Checks[[Facts]]] = MappingProxyType({"required.screw_table": _screw_table})
"""What is missing of the tests of screws."""
