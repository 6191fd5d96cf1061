"""Plausibility limits: a value beyond a hard limit is refused, one beyond a soft limit is queried.

The ranges are data in ``vocab/limits.json`` with their sources; some depend on age or stimulator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Literal

from report_gen.case.contract.events import Event
from report_gen.case.contract.model import Case
from report_gen.case.contract.physiology import PHYSIOLOGY_VALUES, PhysiologyRow
from report_gen.case.contract.signals import READING_VALUES, STIMULATION_VALUES, Reading, Stimulation
from report_gen.errors import Problem
from report_gen.vocab import Limit, limits, modality_of_test, vocabulary

__all__ = ["MAC_WITH_MOTOR", "age_group", "age_on", "hard_errors", "soft_warnings"]

MAC_WITH_MOTOR = 0.5
"""MAC fraction above which motor potentials suffer; flagged when they are recorded (clinical reference §2.5)."""

_Checked = tuple[str, str, float, Limit]
_Bounds = Literal["hard", "soft"]


def age_group(case: Case) -> str:
    """`adult`, `child` (under 18), or empty when the record gives no age; the broader limits then hold."""
    years = case.patient.age_years
    born, day = case.patient.date_of_birth, case.encounter.date_of_service
    if born is not None and day is not None:
        years = age_on(born, day)
    if years is None:
        return ""
    return "child" if years < 18 else "adult"


def age_on(born: date, day: date) -> int:
    """Age in completed years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def hard_errors(case: Case) -> Iterator[Problem]:
    """A problem for each value beyond its hard limit."""
    for pointer, name, bounds in _outside(case, "hard"):
        yield Problem(
            "limits.beyond_hard",
            "error",
            pointer,
            _range(name, bounds),
            "Check the value and its unit; no such value is possible here.",
        )


def soft_warnings(case: Case) -> tuple[Problem, ...]:
    """A warning for each value outside its soft limit, and for volatile agent beside motor potentials.

    Readings of events give no warning: an event is recorded because a value is unusual.
    """
    warnings: list[Problem] = []
    for pointer, name, bounds in _outside(case, "soft"):
        if pointer.startswith("/events/") and "/physiology/" not in pointer:
            continue
        warnings.append(
            Problem(
                "limits.beyond_soft",
                "warning",
                pointer,
                _range(name, bounds),
                "Check the value; leave it if it is right.",
            )
        )
    warnings.extend(_mac_with_motor(case))
    return tuple(warnings)


def _range(name: str, bounds: tuple[float, float]) -> str:
    entry = vocabulary("parameters").get(name)
    unit = entry.unit if entry is not None else ""
    label = entry.display if entry is not None else name.replace("_", " ")
    return f"{label} between {bounds[0]:g} and {bounds[1]:g}{' ' + unit if unit else ''}"


_Outside = tuple[str, str, tuple[float, float]]
"""JSON pointer of a value, its field, and the bounds that it lies outside of."""


def _outside(case: Case, which: _Bounds) -> Iterator[_Outside]:
    """Values beyond their hard or their soft limit, in the order of the record."""
    age = age_group(case)
    condition = "circulatory_arrest" if case.surgery.circulatory_arrest else ""
    charted = _charted(which, age, condition)
    yield from _chart(case.physiology, charted)
    for index, channel in enumerate(case.channels):
        read = _read(which, channel.modality, channel.peak or "", age)
        for number, measurement in enumerate(channel.measurements):
            for name, bounds in _measured(measurement.reading, read):
                yield f"/channels/{index}/measurements/{number}/reading/{name}", name, bounds
    peaks = {channel.id: (channel.modality, channel.peak or "") for channel in case.channels}
    for index, event in enumerate(case.events):
        yield from _event(event, f"/events/{index}", peaks, which, age)
        if event.physiology is not None:
            for name, bounds in _beyond(event.physiology.__dict__, charted):
                yield f"/events/{index}/physiology/{name}", name, bounds
    for pointer, name, amount, limit in _others(case, age):
        limits_of = _of(limit, which)
        if limits_of is not None and not limits_of[0] <= amount <= limits_of[1]:
            yield pointer, name, limits_of


def _chart(rows: Sequence[PhysiologyRow], ranges: _Ranges) -> Iterator[_Outside]:
    for index, physiology in enumerate(rows):
        for name, bounds in _beyond(physiology.__dict__, ranges):
            yield f"/physiology/{index}/{name}", name, bounds


_Ranges = Mapping[str, tuple[float, float]]
"""Bounds by field, of the fields that have any."""


@cache
def _charted(which: _Bounds, age: str, condition: str) -> _Ranges:
    """Bounds of the values of a physiology row."""
    found = {name: _of(limits(name, age=age, condition=condition), which) for name in PHYSIOLOGY_VALUES}
    return MappingProxyType({name: bounds for name, bounds in found.items() if bounds is not None})


@cache
def _read(which: _Bounds, modality: str, peak: str, age: str) -> _Ranges:
    """Bounds of the values of a reading."""
    found = {name: _of(limits(name, modality=modality, site=peak, age=age), which) for name in READING_VALUES}
    return MappingProxyType({name: bounds for name, bounds in found.items() if bounds is not None})


def _of(limit: Limit | None, which: _Bounds) -> tuple[float, float] | None:
    return None if limit is None else limit.hard if which == "hard" else limit.soft


def _beyond(fields: Mapping[str, float | None], ranges: _Ranges) -> list[tuple[str, tuple[float, float]]]:
    """Fields outside of their bounds. A list, not a generator: this runs for every row of a chart."""
    return [
        (name, bounds)
        for name, bounds in ranges.items()
        if (amount := fields[name]) is not None and not bounds[0] <= amount <= bounds[1]
    ]


def _measured(reading: Reading, ranges: _Ranges) -> list[tuple[str, tuple[float, float]]]:
    return _beyond(reading.__dict__, ranges) if reading.state == "measured" else []


def _others(case: Case, age: str) -> Iterator[_Checked]:
    """Values of settings, tests, doses and times with their limits."""
    yield from _settings(case, age)
    yield from _impedances(case)
    yield from _tests(case)
    yield from _doses(case)
    yield from _train_of_four(case)
    yield from _duration(case)


def _event(
    event: Event, pointer: str, peaks: dict[str, tuple[str, str]], which: _Bounds, age: str
) -> Iterator[_Outside]:
    groups = [(f"{pointer}/readings", event.readings)]
    groups += [(f"{pointer}/retests/{i}/readings", retest.readings) for i, retest in enumerate(event.retests)]
    for place, readings in groups:
        for index, reading in enumerate(readings):
            modality, peak = peaks.get(reading.channel, ("", ""))
            for name, bounds in _measured(reading.reading, _read(which, modality, peak, age)):
                yield f"{place}/{index}/reading/{name}", name, bounds


def _stim_mode(stimulation: Stimulation) -> str:
    """The stimulator mode as recorded, otherwise inferred from the unit of the intensity."""
    if stimulation.stim_mode is not None:
        return stimulation.stim_mode
    return "cv" if stimulation.intensity_v is not None else "cc" if stimulation.intensity_ma is not None else ""


def _settings(case: Case, age: str) -> Iterator[_Checked]:
    for index, record in enumerate(case.modalities):
        for number, stimulation in enumerate(record.stimulation):
            mode = _stim_mode(stimulation)
            for name in STIMULATION_VALUES:
                amount = getattr(stimulation, name)
                if amount is None:
                    continue
                limit = limits(name, modality=record.modality, age=age, stim_mode=mode)
                if limit is not None:
                    yield f"/modalities/{index}/stimulation/{number}/{name}", name, amount, limit


def _impedances(case: Case) -> Iterator[_Checked]:
    limit = limits("impedance_kohm")
    if limit is None:
        return
    for index, record in enumerate(case.modalities):
        for number, impedance in enumerate(record.recording.impedances if record.recording else ()):
            pointer = f"/modalities/{index}/recording/impedances/{number}/impedance_kohm"
            yield pointer, "impedance_kohm", impedance.impedance_kohm, limit


def _tests(case: Case) -> Iterator[_Checked]:
    for index, test in enumerate(case.threshold_tests):
        for name in ("threshold_ma", "threshold_v", "max_tested_ma", "max_tested_v"):
            amount = getattr(test, name)
            if amount is not None and (limit := limits(name, modality=modality_of_test(test.kind).code)) is not None:
                yield f"/threshold_tests/{index}/{name}", name, amount, limit
    for index, mapping in enumerate(case.mapping_tests):
        amount, limit = mapping.intensity_ma, limits("intensity_ma", modality=mapping.modality, stim_mode="cc")
        if amount is not None and limit is not None:
            yield f"/mapping_tests/{index}/intensity_ma", "intensity_ma", amount, limit


def _doses(case: Case) -> Iterator[_Checked]:
    doses = [
        (f"/anesthesia/agents/{index}/{name}", use.agent, amount, use.unit)
        for index, use in enumerate(case.anesthesia.agents if case.anesthesia else ())
        for name, amount in (("dose", use.dose), ("dose_to", use.dose_to))
    ]
    doses += [
        (
            f"/events/{index}/interventions/{number}/dose",
            intervention.agent or "",
            intervention.dose,
            intervention.dose_unit,
        )
        for index, event in enumerate(case.events)
        for number, intervention in enumerate(event.interventions)
    ]
    for pointer, agent, amount, unit in doses:
        if amount is None or unit is None:
            continue
        if (limit := limits("dose", modality=agent, site=unit)) is not None:
            yield pointer, "dose", amount, limit


def _train_of_four(case: Case) -> Iterator[_Checked]:
    limit = limits("tof_ratio_pct")
    for index, tof in enumerate(case.anesthesia.train_of_four if case.anesthesia else ()):
        if tof.ratio_pct is not None and limit is not None:
            yield f"/anesthesia/train_of_four/{index}/ratio_pct", "tof_ratio_pct", tof.ratio_pct, limit


def _duration(case: Case) -> Iterator[_Checked]:
    spans = [
        interval for interval in case.intervals if interval.kind == "monitoring" and interval.end_at > interval.start_at
    ]
    limit = limits("case_duration_min")
    if spans and limit is not None:
        start_at, end_at = min(interval.start_at for interval in spans), max(interval.end_at for interval in spans)
        yield "/intervals", "case_duration_min", (end_at - start_at).total_seconds() / 60, limit


def _mac_with_motor(case: Case) -> Iterator[Problem]:
    """A warning for volatile agent above the fraction motor potentials tolerate, from the first motor response on."""
    entries = vocabulary("modalities")
    motor = {
        record.modality for record in case.modalities if record.performed and entries[record.modality].group == "motor"
    }
    if not motor:
        return
    recorded = [
        measurement.at
        for channel in case.channels
        if channel.modality in motor
        for measurement in channel.measurements
        if measurement.at is not None
    ]
    since = min(recorded, default=None)
    fractions = [
        (f"/physiology/{index}/mac_fraction", physiology.at, physiology.mac_fraction)
        for index, physiology in enumerate(case.physiology)
    ]
    fractions += [
        (
            f"/events/{index}/physiology/mac_fraction",
            event.physiology.at or event.onset_at,
            event.physiology.mac_fraction,
        )
        for index, event in enumerate(case.events)
        if event.physiology is not None
    ]
    fractions += [
        (f"/anesthesia/agents/{index}/dose", use.end_at, use.dose)
        for index, use in enumerate(case.anesthesia.agents if case.anesthesia else ())
        if use.unit == "mac"
    ]
    for pointer, at, fraction in fractions:
        before = since is not None and at is not None and at < since
        if fraction is not None and fraction > MAC_WITH_MOTOR and not before:
            yield Problem(
                "limits.mac_with_motor",
                "warning",
                pointer,
                f"at most {MAC_WITH_MOTOR} MAC while motor potentials are recorded",
                "Check the value; leave it if it is right.",
            )
