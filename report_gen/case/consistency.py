"""Agreement within one file, without clinical judgement: times in order, one state a reading, fitting units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from report_gen.case.contract.events import ChannelReading, Event, Intervention
from report_gen.case.contract.model import Case
from report_gen.case.contract.physiology import AgentUse, PhysiologyRow
from report_gen.case.contract.signals import (
    READING_VALUES,
    AlertCriterion,
    Channel,
    Reading,
    Stimulation,
    ThresholdTest,
)
from report_gen.case.limits import age_on
from report_gen.errors import Problem
from report_gen.vocab import vocabulary

__all__ = ["consistency_errors"]

_RESPONSE_STATES = ("measured", "present", "increased", "reduced", "hard_to_elicit", "changed")
"""States in which there was a response, of which a percentage or a quality may be stated."""
_ALL = 100
"""Percent of baseline of a response that did not change."""


def _problem(code: str, pointer: str, expected: str, action: str) -> Problem:
    return Problem(code, "error", pointer, expected, action)


def consistency_errors(case: Case) -> Iterator[Problem]:
    """A problem for every pair of values that cannot both be right."""
    yield from _patient(case)
    yield from _intervals(case)
    yield from _validity(case)
    yield from _pressures(case)
    yield from _levels(case)
    for index, modality in enumerate(case.modalities):
        for number, stimulation in enumerate(modality.stimulation):
            yield from _stimulator(stimulation, f"/modalities/{index}/stimulation/{number}")
    yield from _voltages(case)
    for index, criterion in enumerate(case.criteria):
        yield from _criterion(criterion, f"/criteria/{index}")
    for index, channel in enumerate(case.channels):
        yield from _channel(channel, f"/channels/{index}")
    for index, event in enumerate(case.events):
        yield from _event(event, f"/events/{index}")
    for index, test in enumerate(case.threshold_tests):
        yield from _threshold(test, f"/threshold_tests/{index}")
    for index, agent in enumerate(case.anesthesia.agents if case.anesthesia else ()):
        yield from _agent(agent, f"/anesthesia/agents/{index}")


def _patient(case: Case) -> Iterator[Problem]:
    born, day, stated = case.patient.date_of_birth, case.encounter.date_of_service, case.patient.age_years
    if born is None or day is None:
        return
    if born > day:
        yield _problem(
            "case.time_order",
            "/patient/date_of_birth",
            "a birth before the date of service",
            "Correct one of the two dates.",
        )
    elif stated is not None and stated != age_on(born, day):
        yield _problem(
            "case.age",
            "/patient/age_years",
            "the age on the date of service that follows from the date of birth",
            "Correct the age or the date of birth, or leave the age out.",
        )


def _forward(spans: Iterable[tuple[str, datetime | None, datetime | None]]) -> Iterator[Problem]:
    for pointer, start_at, end_at in spans:
        if start_at is not None and end_at is not None and end_at.astimezone(UTC) <= start_at.astimezone(UTC):
            yield _problem(
                "case.interval_order",
                f"{pointer}/end_at",
                "an end later than the start",
                "Correct start or end; a night case keeps the next day's date in its end.",
            )


def _intervals(case: Case) -> Iterator[Problem]:
    yield from _forward(
        (f"/attendance/{i}", presence.start_at, presence.end_at) for i, presence in enumerate(case.attendance)
    )
    yield from _forward(
        (f"/professional_sessions/{i}", session.start_at, session.end_at)
        for i, session in enumerate(case.professional_sessions)
    )
    yield from _forward(
        (f"/other_case_sessions/{i}", session.start_at, session.end_at)
        for i, session in enumerate(case.other_case_sessions or ())
    )
    yield from _forward(
        (f"/intervals/{i}", interval.start_at, interval.end_at) for i, interval in enumerate(case.intervals)
    )
    if case.anesthesia is not None:
        yield from _forward([("/anesthesia", case.anesthesia.start_at, case.anesthesia.end_at)])
    for index, physiology in enumerate(case.physiology):
        if physiology.at is None:
            yield _problem("case.missing_field", f"/physiology/{index}/at", "the time of the row", "Add the time.")


def _validity(case: Case) -> Iterator[Problem]:
    spans: list[tuple[str, date | None, date | None]] = [
        (f"/people/{index}/credentials/{number}", credential.valid_from, credential.valid_to)
        for index, person in enumerate(case.people)
        for number, credential in enumerate(person.credentials)
    ]
    if (authorization := case.encounter.authorization) is not None:
        spans.append(("/encounter/authorization", authorization.valid_from, authorization.valid_to))
    for pointer, first, last in spans:
        if first is not None and last is not None and last < first:
            yield _problem(
                "case.interval_order",
                f"{pointer}/valid_to",
                "a last day on or after the first",
                "Correct one of the two dates.",
            )


def _pressures(case: Case) -> Iterator[Problem]:
    chart: list[tuple[str, PhysiologyRow]] = [
        (f"/physiology/{i}", physiology) for i, physiology in enumerate(case.physiology)
    ]
    chart += [
        (f"/events/{i}/physiology", event.physiology)
        for i, event in enumerate(case.events)
        if event.physiology is not None
    ]
    # Flow from a bypass pump may not pulsate: both pressures are then the same.
    may_equal = case.surgery.circulatory_arrest
    for pointer, physiology in chart:
        high, low = physiology.sbp_mmhg, physiology.dbp_mmhg
        if high is not None and low is not None and (high < low or (high == low and not may_equal)):
            yield _problem(
                "case.pressure_order",
                f"{pointer}/sbp_mmhg",
                "a systolic pressure above the diastolic",
                "Correct one of the two pressures.",
            )


def _levels(case: Case) -> Iterator[Problem]:
    levels = vocabulary("levels")
    for index, level in enumerate(case.surgery.levels):
        if levels[level.upper].order > levels[level.lower].order:
            yield _problem(
                "case.level_order",
                f"/surgery/levels/{index}/upper",
                "the level nearer the head",
                "Swap upper and lower.",
            )


def _stimulator(stimulation: Stimulation, pointer: str) -> Iterator[Problem]:
    other_unit = {"cc": ("intensity_v", stimulation.intensity_v), "cv": ("intensity_ma", stimulation.intensity_ma)}
    wrong = other_unit.get(stimulation.stim_mode or "")
    if wrong is not None and wrong[1] is not None:
        unit = "mA" if stimulation.stim_mode == "cc" else "V"
        yield _problem(
            "case.unit_stimulator_mismatch",
            f"{pointer}/{wrong[0]}",
            f"an intensity in {unit} for this stimulator",
            "Correct the unit or the stimulator mode.",
        )
    if stimulation.intensity_v is not None and stimulation.intensity_ma is not None and stimulation.stim_mode is None:
        yield _problem(
            "case.unit_stimulator_mismatch",
            f"{pointer}/intensity_v",
            "mA or V, not both",
            "Keep the unit of the stimulator used.",
        )


def _voltages(case: Case) -> Iterator[Problem]:
    """A problem for each threshold in V of a modality whose stimulators were all constant current."""
    modes = {record.modality: {setting.stim_mode for setting in record.stimulation} for record in case.modalities}
    for index, channel in enumerate(case.channels):
        if modes.get(channel.modality) != {"cc"}:
            continue
        for number, measurement in enumerate(channel.measurements):
            if measurement.reading.threshold_v is not None:
                yield _problem(
                    "case.unit_stimulator_mismatch",
                    f"/channels/{index}/measurements/{number}/reading/threshold_v",
                    "a threshold in mA for this stimulator",
                    "Correct the unit or the stimulator mode.",
                )


def _criterion(criterion: AlertCriterion, pointer: str) -> Iterator[Problem]:
    for index, condition in enumerate(criterion.conditions):
        compares = vocabulary("criterion_parameters")[condition.parameter].parameter is not None
        if compares != (condition.threshold is not None):
            yield _problem(
                "case.criterion_threshold",
                f"{pointer}/conditions/{index}/threshold",
                "a threshold for a number, and none for a state",
                "Add or remove the threshold.",
            )


def _channel(channel: Channel, pointer: str) -> Iterator[Problem]:
    for index, measurement in enumerate(channel.measurements):
        yield from _reading(measurement.reading, f"{pointer}/measurements/{index}/reading")
        if measurement.baseline_kind is not None and measurement.phase != "baseline":
            yield _problem(
                "case.baseline_kind_without_baseline",
                f"{pointer}/measurements/{index}/baseline_kind",
                "a kind only for a baseline",
                "Remove the kind, or correct the phase.",
            )
    kind = vocabulary("modalities")[channel.modality].site_kind
    needed = {"nerve": ("nerve", channel.nerve), "muscle": ("muscle", channel.muscle)}.get(kind)
    named = channel.nerve or channel.muscle or channel.region
    if needed is not None and named is None and channel.side != "not_recorded":
        yield _problem(
            "case.channel_site",
            f"{pointer}/{needed[0]}",
            f"the {needed[0]} of this channel, or its `region`",
            f"Name the {needed[0]}; where the record names none, enter the limb or `not_stated` as `region`.",
        )


def _reading(reading: Reading, pointer: str) -> Iterator[Problem]:
    value_names = [name for name in (*READING_VALUES, "pattern") if getattr(reading, name) is not None]
    if reading.state == "measured" and not value_names:
        yield _problem(
            "case.reading_without_value",
            pointer,
            "at least one value, or another state",
            "Enter the value, or say `present`, `absent`, `not_obtained` or `not_recorded`.",
        )
    if reading.state != "measured" and value_names:
        yield _problem(
            "case.value_against_state",
            f"{pointer}/{value_names[0]}",
            "no value in this state",
            "Correct the state to `measured`, or remove the value.",
        )
    if reading.state in ("not_obtained", "not_monitored") and reading.reason is None:
        yield _problem(
            "case.missing_reason",
            f"{pointer}/reason",
            "the reason why there is no value",
            "Choose a reason; `not_stated` says that none is known.",
        )
    percent = reading.amplitude_pct_of_baseline
    if percent is not None and (
        (reading.state == "increased" and percent <= _ALL) or (reading.state == "reduced" and percent >= _ALL)
    ):
        yield _problem(
            "case.value_against_state",
            f"{pointer}/amplitude_pct_of_baseline",
            f"a percent {'above' if reading.state == 'increased' else 'below'} 100 in this state",
            "Correct the state, or the percent.",
        )
    for name in ("amplitude_pct_of_baseline", "quality"):
        if getattr(reading, name) is not None and reading.state not in _RESPONSE_STATES:
            yield _problem(
                "case.value_against_state",
                f"{pointer}/{name}",
                "no value in this state",
                "Correct the state to `present`, or remove the value.",
            )


def _readings(readings: Iterable[ChannelReading], pointer: str) -> Iterator[Problem]:
    for index, reading in enumerate(readings):
        yield from _reading(reading.reading, f"{pointer}/{index}/reading")


def _event(event: Event, pointer: str) -> Iterator[Problem]:
    yield from _readings(event.readings, f"{pointer}/readings")
    for index, retest in enumerate(event.retests):
        yield from _readings(retest.readings, f"{pointer}/retests/{index}/readings")
    for index, intervention in enumerate(event.interventions):
        yield from _intervention(intervention, f"{pointer}/interventions/{index}")
    last, noticed = event.last_unaffected_at, event.noticed_at
    if last is not None and noticed is not None and noticed.astimezone(UTC) < last.astimezone(UTC):
        yield _problem(
            "case.time_order",
            f"{pointer}/noticed_at",
            "a time after the last unaffected trace",
            "Correct one of the two times.",
        )


def _intervention(intervention: Intervention, pointer: str) -> Iterator[Problem]:
    if intervention.dose is not None and intervention.dose_unit is None:
        yield _problem("case.dose_without_unit", f"{pointer}/dose_unit", "the unit of the dose", "Add the unit.")
    if intervention.agent is not None and intervention.dose_unit is not None:
        agent = vocabulary("agents")[intervention.agent]
        yield from _unit(intervention.dose_unit, (*agent.infusion_units, *agent.bolus_units), f"{pointer}/dose_unit")


def _agent(use: AgentUse, pointer: str) -> Iterator[Problem]:
    agent = vocabulary("agents")[use.agent]
    if use.dose is not None and use.unit is None:
        yield _problem("case.dose_without_unit", f"{pointer}/unit", "the unit of the dose", "Add the unit.")
    if use.unit is not None:
        allowed = agent.bolus_units if use.kind == "bolus" else agent.infusion_units
        yield from _unit(use.unit, allowed, f"{pointer}/unit")
    if use.dose_to is not None and (use.dose is None or use.dose_to < use.dose):
        yield _problem(
            "case.dose_range",
            f"{pointer}/dose_to",
            "the upper end of a range that starts at `dose`",
            "Correct the two ends.",
        )
    if use.agent != "other" and (agent.kind == "volatile") != (use.kind == "inhaled"):
        yield _problem(
            "case.administration_kind",
            f"{pointer}/kind",
            "`inhaled` for a volatile agent, and only for one",
            "Correct the agent or how it was given.",
        )
    yield from _forward([(pointer, use.start_at, use.end_at)])


def _unit(unit: str, allowed: Sequence[str], pointer: str) -> Iterator[Problem]:
    if unit not in allowed:
        yield _problem(
            "case.dose_unit",
            pointer,
            f"one of {', '.join(allowed) or 'no unit: not given this way'}",
            "Correct the unit; µg/kg/min and µg/kg/h are sixty-fold apart.",
        )


def _threshold(test: ThresholdTest, pointer: str) -> Iterator[Problem]:
    values = [name for name in ("threshold_ma", "threshold_v") if getattr(test, name) is not None]
    if test.outcome == "threshold" and len(values) != 1:
        yield _problem(
            "case.threshold_value",
            f"{pointer}/threshold_ma",
            "one threshold, in mA or in V",
            "Enter the threshold, or choose another outcome.",
        )
    for unit in ("ma", "v"):
        threshold, most = getattr(test, f"threshold_{unit}"), getattr(test, f"max_tested_{unit}")
        if threshold is not None and most is not None and threshold > most:
            yield _problem(
                "case.threshold_value",
                f"{pointer}/max_tested_{unit}",
                "a highest stimulus of at least the threshold",
                "Correct one of the two values.",
            )
    if test.outcome != "threshold" and values:
        yield _problem(
            "case.value_against_state",
            f"{pointer}/{values[0]}",
            "no threshold with this outcome",
            "Correct the outcome, or remove the threshold.",
        )
    needed = {"screw": ("level", test.level), "nerve": ("nerve", test.nerve)}.get(test.kind)
    if needed is not None and needed[1] is None and test.region is None:
        yield _problem(
            "case.missing_field",
            f"{pointer}/{needed[0]}",
            f"the {needed[0]} tested, or a `region`",
            f"Add the {needed[0]}; where the record names none, enter `not_stated` as `region`.",
        )
