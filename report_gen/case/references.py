"""What holds between fields: references resolve, ids are unique, intervals run forward, readings say one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from report_gen.case.events import ChannelReading, Event, Intervention
from report_gen.case.model import Case
from report_gen.case.physiology import AgentUse
from report_gen.case.signals import Channel, Reading, Stimulation, ThresholdTest
from report_gen.errors import Problem
from report_gen.vocab import vocabulary

__all__ = ["reference_errors"]

_VALUES = (
    "amplitude_uv",
    "latency_ms",
    "interpeak_i_v_ms",
    "interpeak_i_iii_ms",
    "threshold_ma",
    "threshold_v",
    "velocity_cm_s",
    "saturation_pct",
    "pressure_mmhg",
    "spectral_edge_hz",
    "suppression_ratio_pct",
    "bispectral_index",
    "firing_rate_hz",
    "tof_count",
    "tof_ratio_pct",
    "duration_s",
    "depth_mm",
    "pattern",
)


def _problem(code: str, pointer: str, expected: str, action: str) -> Problem:
    return Problem(code, "error", pointer, expected, action)


def reference_errors(case: Case) -> Iterator[Problem]:
    """Every broken reference and every inconsistency that needs no clinical judgement."""
    yield from _unique(case)
    yield from _people(case)
    yield from _intervals(case)
    yield from _modalities(case)
    for index, channel in enumerate(case.channels):
        yield from _channel(case, channel, f"/channels/{index}")
    for index, event in enumerate(case.events):
        yield from _event(case, event, f"/events/{index}")
    for index, test in enumerate(case.threshold_tests):
        yield from _threshold(test, f"/threshold_tests/{index}")
    for index, agent in enumerate(case.anesthesia.agents if case.anesthesia else ()):
        yield from _agent(agent, f"/anesthesia/agents/{index}")
    for index, message in enumerate(case.communication.messages if case.communication else ()):
        if message.event is not None and message.event not in {event.id for event in case.events}:
            yield _dangling(f"/communication/messages/{index}/event", "an event")
    yield from _levels(case)
    if case.patient.date_of_birth is not None and case.patient.date_of_birth > case.encounter.date_of_service:
        yield _problem(
            "case.time_order",
            "/patient/date_of_birth",
            "a birth before the date of service",
            "Correct one of the two dates.",
        )


def _dangling(pointer: str, what: str) -> Problem:
    return _problem(
        "case.dangling_reference",
        pointer,
        f"the id of {what} in this file",
        f"Add {what} with this id, or correct the reference.",
    )


def _unique(case: Case) -> Iterator[Problem]:
    lists = {
        "/people": [row.id for row in case.people],
        "/channels": [row.id for row in case.channels],
        "/events": [row.id for row in case.events],
        "/criteria": [row.id for row in case.criteria],
    }
    for pointer, ids in lists.items():
        seen: set[str] = set()
        for index, name in enumerate(ids):
            if name in seen:
                yield _problem(
                    "case.duplicate_id",
                    f"{pointer}/{index}/id",
                    "an id used once in the list",
                    "Give the second one another id.",
                )
            seen.add(name)
    modalities: set[str] = set()
    for index, row in enumerate(case.modalities):
        if row.modality in modalities:
            yield _problem(
                "case.duplicate_id", f"/modalities/{index}/modality", "each modality once", "Merge the two entries."
            )
        modalities.add(row.modality)
    indicated: set[str] = set()
    for index, reason in enumerate(case.indications):
        if reason.modality in indicated:
            yield _problem(
                "case.duplicate_id", f"/indications/{index}/modality", "each modality once", "Merge the two entries."
            )
        indicated.add(reason.modality)


def _people(case: Case) -> Iterator[Problem]:
    known = {person.id for person in case.people}
    named: list[tuple[str, str | None]] = []
    if case.order is not None:
        named.append(("/order/ordered_by", case.order.ordered_by))
    if case.opinion is not None:
        named.append(("/opinion/by", case.opinion.by))
    if case.preoperative.consent is not None:
        named.append(("/preoperative/consent/by", case.preoperative.consent.by))
    for index, row in enumerate(case.attendance):
        named += [
            (f"/attendance/{index}/person", row.person),
            (f"/attendance/{index}/handed_over_to", row.handed_over_to),
        ]
    named += [(f"/professional_sessions/{i}/person", row.person) for i, row in enumerate(case.professional_sessions)]
    named += [(f"/other_case_sessions/{i}/person", row.person) for i, row in enumerate(case.other_case_sessions or ())]
    for index, modality in enumerate(case.modalities):
        if modality.baseline_review is not None:
            named.append((f"/modalities/{index}/baseline_review/by", modality.baseline_review.by))
    for index, event in enumerate(case.events):
        place = f"/events/{index}"
        for number, told in enumerate(event.notifications):
            named += [
                (f"{place}/notifications/{number}/by", told.by),
                (f"{place}/notifications/{number}/to_person", told.to_person),
            ]
        if event.resolution is not None:
            named.append((f"{place}/resolution/assigned_by", event.resolution.assigned_by))
        if event.suspected_cause is not None:
            named.append((f"{place}/suspected_cause/by", event.suspected_cause.by))
    for pointer, name in named:
        if name is not None and name not in known:
            yield _dangling(pointer, "a person")


def _forward(rows: Iterable[tuple[str, datetime | None, datetime | None]]) -> Iterator[Problem]:
    for pointer, start_at, end_at in rows:
        if start_at is not None and end_at is not None and end_at.astimezone(UTC) <= start_at.astimezone(UTC):
            yield _problem(
                "case.interval_order",
                f"{pointer}/end_at",
                "an end later than the start",
                "Correct start or end; a night case keeps the next day's date in its end.",
            )


def _intervals(case: Case) -> Iterator[Problem]:
    yield from _forward((f"/attendance/{i}", row.start_at, row.end_at) for i, row in enumerate(case.attendance))
    yield from _forward(
        (f"/professional_sessions/{i}", row.start_at, row.end_at) for i, row in enumerate(case.professional_sessions)
    )
    yield from _forward(
        (f"/other_case_sessions/{i}", row.start_at, row.end_at) for i, row in enumerate(case.other_case_sessions or ())
    )
    yield from _forward((f"/intervals/{i}", row.start_at, row.end_at) for i, row in enumerate(case.intervals))
    if case.anesthesia is not None:
        yield from _forward([("/anesthesia", case.anesthesia.start_at, case.anesthesia.end_at)])
    for index, row in enumerate(case.physiology):
        if row.at is None:
            yield _problem("case.missing_field", f"/physiology/{index}/at", "the time of the row", "Add the time.")
        if row.sbp_mmhg is not None and row.dbp_mmhg is not None and row.sbp_mmhg <= row.dbp_mmhg:
            yield _problem(
                "case.pressure_order",
                f"/physiology/{index}/sbp_mmhg",
                "a systolic pressure above the diastolic",
                "Correct one of the two pressures.",
            )


def _modalities(case: Case) -> Iterator[Problem]:
    for index, row in enumerate(case.modalities):
        for number, stimulation in enumerate(row.stimulation):
            yield from _stimulator(stimulation, f"/modalities/{index}/stimulation/{number}")
    listed = {row.modality for row in case.modalities}
    for index, channel in enumerate(case.channels):
        if channel.modality not in listed:
            yield _dangling(f"/channels/{index}/modality", "a modality record")
    for index, event in enumerate(case.events):
        if event.modality is not None and event.modality not in listed:
            yield _dangling(f"/events/{index}/modality", "a modality record")


def _stimulator(row: Stimulation, pointer: str) -> Iterator[Problem]:
    wrong = {"cc": ("intensity_v", row.intensity_v), "cv": ("intensity_ma", row.intensity_ma)}.get(row.stim_mode or "")
    if wrong is not None and wrong[1] is not None:
        unit = "mA" if row.stim_mode == "cc" else "V"
        yield _problem(
            "case.unit_stimulator_mismatch",
            f"{pointer}/{wrong[0]}",
            f"an intensity in {unit} for this stimulator",
            "Correct the unit or the stimulator mode.",
        )
    if row.intensity_v is not None and row.intensity_ma is not None and row.stim_mode is None:
        yield _problem(
            "case.unit_stimulator_mismatch",
            f"{pointer}/intensity_v",
            "mA or V, not both",
            "Keep the unit of the stimulator used.",
        )


def _reading(row: Reading, pointer: str) -> Iterator[Problem]:
    given = [name for name in _VALUES if getattr(row, name) is not None]
    if row.state == "measured" and not given:
        yield _problem(
            "case.reading_without_value",
            pointer,
            "at least one value, or another state",
            "Enter the value, or say `present`, `absent`, `not_obtained` or `not_recorded`.",
        )
    if row.state != "measured" and given:
        yield _problem(
            "case.value_against_state",
            f"{pointer}/{given[0]}",
            "no value in this state",
            "Correct the state to `measured`, or remove the value.",
        )
    if row.state in ("not_obtained", "not_monitored") and row.reason is None:
        yield _problem(
            "case.missing_reason",
            f"{pointer}/reason",
            "the reason why there is no value",
            "Choose a reason; `not_stated` says that none is known.",
        )
    if row.amplitude_pct_of_baseline is not None and row.state not in ("measured", "present"):
        yield _problem(
            "case.value_against_state",
            f"{pointer}/amplitude_pct_of_baseline",
            "no value in this state",
            "Correct the state to `present`, or remove the value.",
        )


def _channel(case: Case, channel: Channel, pointer: str) -> Iterator[Problem]:
    for index, row in enumerate(channel.measurements):
        yield from _reading(row.reading, f"{pointer}/measurements/{index}/reading")
        if row.baseline_kind is not None and row.phase != "baseline":
            yield _problem(
                "case.baseline_kind_without_baseline",
                f"{pointer}/measurements/{index}/baseline_kind",
                "a kind only for a baseline",
                "Remove the kind, or correct the phase.",
            )
    kind = str(vocabulary("modalities")[channel.modality].extra["site_kind"])
    needed = {"nerve": ("nerve", channel.nerve), "muscle": ("muscle", channel.muscle)}.get(kind)
    if needed is not None and needed[1] is None and channel.side != "not_recorded":
        yield _problem(
            "case.channel_site",
            f"{pointer}/{needed[0]}",
            f"the {needed[0]} of this channel",
            f"Name the {needed[0]}; without it left and right readings cannot be told apart.",
        )


def _readings(case: Case, rows: Iterable[ChannelReading], pointer: str) -> Iterator[Problem]:
    known = {channel.id for channel in case.channels}
    for index, row in enumerate(rows):
        if row.channel not in known:
            yield _dangling(f"{pointer}/{index}/channel", "a channel")
        yield from _reading(row.reading, f"{pointer}/{index}/reading")


def _event(case: Case, event: Event, pointer: str) -> Iterator[Problem]:
    known = {channel.id for channel in case.channels}
    for index, name in enumerate(event.channels):
        if name not in known:
            yield _dangling(f"{pointer}/channels/{index}", "a channel")
    if event.criterion is not None and event.criterion not in {row.id for row in case.criteria}:
        yield _dangling(f"{pointer}/criterion", "a criterion")
    yield from _readings(case, event.readings, f"{pointer}/readings")
    for index, retest in enumerate(event.retests):
        yield from _readings(case, retest.readings, f"{pointer}/retests/{index}/readings")
    for index, action in enumerate(event.interventions):
        yield from _intervention(action, f"{pointer}/interventions/{index}")
    last, noticed = event.last_unaffected_at, event.noticed_at
    if last is not None and noticed is not None and noticed.astimezone(UTC) < last.astimezone(UTC):
        yield _problem(
            "case.time_order",
            f"{pointer}/noticed_at",
            "a time after the last unaffected trace",
            "Correct one of the two times.",
        )


def _intervention(row: Intervention, pointer: str) -> Iterator[Problem]:
    if row.dose is not None and row.dose_unit is None:
        yield _problem("case.dose_without_unit", f"{pointer}/dose_unit", "the unit of the dose", "Add the unit.")
    if row.agent is not None and row.dose_unit is not None:
        yield from _unit(row.agent, row.dose_unit, ("infusion_units", "bolus_units"), f"{pointer}/dose_unit")


def _agent(row: AgentUse, pointer: str) -> Iterator[Problem]:
    if row.dose is not None and row.unit is None:
        yield _problem("case.dose_without_unit", f"{pointer}/unit", "the unit of the dose", "Add the unit.")
    if row.unit is not None:
        keys = ("bolus_units",) if row.kind == "bolus" else ("infusion_units",)
        yield from _unit(row.agent, row.unit, keys, f"{pointer}/unit")
    if row.dose_to is not None and (row.dose is None or row.dose_to < row.dose):
        yield _problem(
            "case.dose_range",
            f"{pointer}/dose_to",
            "the upper end of a range that starts at `dose`",
            "Correct the two ends.",
        )
    yield from _forward([(pointer, row.start_at, row.end_at)])


def _unit(agent: str, unit: str, keys: tuple[str, ...], pointer: str) -> Iterator[Problem]:
    allowed = [code for key in keys for code in vocabulary("agents")[agent].extra[key]]
    if unit not in allowed:
        yield _problem(
            "case.dose_unit",
            pointer,
            f"one of {', '.join(allowed) or 'no unit: not given this way'}",
            "Correct the unit; µg/kg/min and µg/kg/h are sixty-fold apart.",
        )


def _threshold(row: ThresholdTest, pointer: str) -> Iterator[Problem]:
    values = [name for name in ("threshold_ma", "threshold_v") if getattr(row, name) is not None]
    if row.outcome == "threshold" and len(values) != 1:
        yield _problem(
            "case.threshold_value",
            f"{pointer}/threshold_ma",
            "one threshold, in mA or in V",
            "Enter the threshold, or choose another outcome.",
        )
    if row.outcome != "threshold" and values:
        yield _problem(
            "case.value_against_state",
            f"{pointer}/{values[0]}",
            "no threshold with this outcome",
            "Correct the outcome, or remove the threshold.",
        )
    needed = {"screw": ("level", row.level), "nerve": ("nerve", row.nerve)}.get(row.kind)
    if needed is not None and needed[1] is None:
        yield _problem(
            "case.missing_field", f"{pointer}/{needed[0]}", f"the {needed[0]} tested", f"Add the {needed[0]}."
        )


def _levels(case: Case) -> Iterator[Problem]:
    levels = vocabulary("levels")
    for index, row in enumerate(case.surgery.levels):
        if int(levels[row.upper].extra["order"]) > int(levels[row.lower].extra["order"]):
            yield _problem(
                "case.level_order",
                f"/surgery/levels/{index}/upper",
                "the level nearer the head",
                "Swap upper and lower.",
            )
