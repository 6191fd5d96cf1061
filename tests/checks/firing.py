"""For each row of the tables a case in which it fires, and for each milder case of a row one more."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.cases.parts import at, measurement, reading
from tests.cases.quiet import (
    case,
    changed,
    channel_of,
    closing,
    modality_of,
    night,
    resolved,
    says,
    scaled,
    session,
    with_alert,
)
from tests.checks.course import ASKED, course_rows
from tests.checks.test_required import IN_ALERT, QUIET, add_modality, every_channel, no_phase, person

Data = dict[str, Any]

_ABSENT = {"state": "absent"}
_UNOBTAINABLE = {"state": "not_obtained", "reason": "preexisting_deficit"}
DEFICIT = {"availability": "performed", "examiner": "surgeon", "at": at("12:15"), "new_deficit": "new"}
"""A new deficit after surgery."""
_GAP = {"kind": "gap", "start_at": at("09:50"), "end_at": at("10:30"), "reason": "cautery"}


def _with_gap(data: Data) -> Data:
    data["intervals"].append(_GAP)
    return data


def _reset_baseline() -> Data:
    data = case()
    late = measurement("baseline", "10:30", reading(1.5, 40.0), baseline_kind="reset")
    channel_of(data, "ssep-l")["measurements"].insert(2, late)
    return data


def _in_room_without_location() -> Data:
    data = changed(person(3, work_location=None))
    data["professional_sessions"][0]["mode"] = "in_room"
    return data


def _sideless() -> Data:
    data = case()
    for row in data["channels"]:
        row["side"] = "not_recorded"
    return data


def _undosed() -> Data:
    data = case()
    data["anesthesia"]["agents"] = [{"agent": "propofol", "kind": "infusion"}] * 2
    return data


def _alert_in_the_log() -> Data:
    data = with_alert(event_class="change", readings=[{"channel": "mep-l", "reading": reading(200.0)}])
    row = {"from_role": "technologist", "to_role": "surgeon", "kind": "alert", "event": "E1"}
    data["communication"]["messages"] = [row]
    return data


def _read(direction: str, value: Data) -> Data:
    return with_alert(direction=direction, readings=[{"channel": "mep-l", "reading": value}])


def _bare(clock: str) -> Data:
    """An alert at a time, with nothing that follows from it."""
    return with_alert(onset_at=at(clock), interventions=[], retests=[], notifications=[], resolution=None)


def _edited(data: Data, edit: Callable[[Data], object]) -> Data:
    edit(data)
    return data


def _diagnosed(**diagnosis: str) -> Data:
    data = case(diagnoses=[{"text": "spasm", **diagnosis}])
    data["surgery"]["side"] = "left"
    return data


def _other_case() -> Data:
    data = case()
    data["professional_sessions"][0]["other_open_cases"] = 0
    times = {"start_at": at("09:00"), "end_at": at("10:00")}
    data["other_case_sessions"] = [{"person": "prof1", "case_pseudonym": "X1", "mode": "remote", **times}]
    return data


def _unfollowed(words: str, *names: str) -> Data:
    data = says(words)
    for name in names or ("ssep-l", "ssep-r"):
        rows = channel_of(data, name)["measurements"]
        channel_of(data, name)["measurements"] = [{**row, "reading": _UNOBTAINABLE} for row in rows]
    return data


def _left_only(words: str) -> Data:
    data = says(words)
    data["channels"] = [row for row in data["channels"] if row["side"] == "left"]
    return data


def _gates() -> list[tuple[str, Data]]:
    rows = [(f"required.{row[0]}", changed(row[-1])) for row in QUIET]
    rows += [(f"required.{row[0]}", changed(row[-1], with_alert())) for row in IN_ALERT]
    occurrence = {"id": "H1", "event_class": "occurrence", "side": "not_applicable", "direction": "none"}
    return [
        *rows,
        ("required.professional", changed(person(3, role="neurologist"))),
        ("required.safety_decision", _noted_screen()),
        *_without_technologist(),
        ("required.professional_location", _in_room_without_location()),
        ("required.screw_table", changed(add_modality(modality="emg_triggered_screw", performed=True))),
        ("required.reset_authorization", _reset_baseline()),
        ("required.event_onset", case(events=[occurrence])),
        ("required.answer", case(communication=ASKED)),
        ("required.log_signature_time", case(log_signature={"by": "tech1"})),
        ("required.anesthesia_dose", _undosed()),
        ("required.channel_side", _sideless()),
        ("required.core_parameter", changed(every_channel("ssep_lower", _without_latency))),
    ]


def _noted_screen() -> Data:
    data = case()
    data["preoperative"]["mep_safety_screen"] = {"performed": True, "positive": ["pacemaker"], "note": "as discussed"}
    return data


def _without_technologist() -> list[tuple[str, Data]]:
    """Cases in which nobody is named who could be asked before the draft."""
    nobody = changed(person(2, role="nurse"))
    unnamed = with_alert(modality=None, channels=[], readings=[], retests=[])
    return [
        ("required.baseline", changed(every_channel("ssep_lower", no_phase("baseline")), deepcopy(nobody))),
        ("required.closing", changed(every_channel("tcmep", no_phase("closing")), deepcopy(nobody))),
        ("required.not_performed_reason", changed(add_modality(modality="baep", performed=False), deepcopy(nobody))),
        ("required.event_modality", changed(person(2, role="nurse"), unnamed)),
    ]


def _without_latency(channel: Data) -> None:
    no_phase("closing")(channel)
    channel["measurements"][0]["reading"] = reading(2.0)


def _classed_late(data: Data) -> None:
    data["events"][0]["resolution"]["at"] = at("10:40")


def _never_beyond(data: Data) -> None:
    data["events"][0]["readings"] = [{"channel": "mep-l", "reading": reading(340.0)}]


def _about_events() -> list[tuple[str, Data]]:
    return [
        ("alert_without_notification", with_alert(notifications=[])),
        ("change_reported_as_alert", _alert_in_the_log()),
        ("change_beyond_criterion", with_alert(event_class="change")),
        ("event_without_direction", with_alert(direction="none")),
        ("loss_with_values", _read("loss", reading(60.0))),
        ("attenuation_with_absent_response", _read("decrease", _ABSENT)),
        ("return_with_absent_response", _read("return", _ABSENT)),
        ("direction_against_value", _read("decrease", reading(500.0))),
        ("resolved_beyond_criterion", resolved("full_return", value=reading(40.0))),
        ("resolved_beyond_at_closing", closing(with_alert(), "mep-l", reading(40.0))),
        ("classed_after_within", _edited(resolved("within_criterion", value=reading(350.0)), _classed_late)),
        ("within_without_beyond", _edited(resolved("within_criterion", value=reading(350.0)), _never_beyond)),
        ("full_return_below_baseline", resolved("full_return", value=reading(180.0))),
        ("unresolved_within_criterion", resolved("unchanged", value=reading(350.0))),
        ("lost_but_present", resolved("lost_to_close", value=_ABSENT)),
        ("superseded_without_reset", resolved("superseded_by_new_baseline", value=reading(100.0))),
        ("chain_order", with_alert(noticed_at=at("09:50"))),
        (
            "acknowledgement_against_time",
            _edited(with_alert(), lambda data: data["events"][0]["notifications"][0].update(acknowledged="no")),
        ),
        ("event_outside_monitoring", _bare("11:51")),
        ("event_inside_gap", _with_gap(with_alert())),
        ("event_before_baseline", _bare("08:31")),
        ("event_side_against_channels", with_alert(side="right")),
        ("event_side_without_sided_response", _edited(with_alert(), _unsided)),
        ("event_of_other_modality", with_alert(channels=["ssep-l"], readings=[], retests=[])),
        ("lost_without_notification", with_alert(event_class="change", direction="loss", notifications=[])),
        ("loss_without_baseline", _edited(_read("loss", _ABSENT), _without_baseline)),
        ("day_not_advanced", night(at("01:00"))),
        (
            "day_not_advanced",
            night(at("01:00"), readings=[{"channel": "mep-l", "reading": reading(60.0), "at": at("01:01")}]),
        ),
        ("alert_outside_sessions", _edited(with_alert(), lambda data: session(data, "10:20", "11:50"))),
        ("percent_in_event", with_alert(note="fell 62%")),
    ]


def _read_again_at(clock: str) -> Callable[[Data], None]:
    def edit(data: Data) -> None:
        channel_of(data, "mep-l")["measurements"].insert(1, measurement("intraop", clock, reading(310.0)))

    return edit


def _about_the_case() -> list[tuple[str, Data]]:
    typed = reading(360.0, amplitude_pct_of_baseline=45.0)
    blocked = {"at": at("08:20"), "count": 0, "muscle": "abductor_hallucis", "side": "left"}
    return [
        (
            "closing_after_last_data",
            _edited(case(), lambda data: modality_of(data, "tcmep").update(last_data_at=at("11:45"))),
        ),
        (
            "reading_after_last_data",
            _edited(with_alert(), lambda data: modality_of(data, "tcmep").update(last_data_at=at("10:10"))),
        ),
        ("percent_typed_against_computed", closing(case(), "mep-l", typed)),
        (
            "no_baseline_then_value",
            _edited(case(), lambda data: channel_of(data, "mep-l")["measurements"][0].update(reading=_ABSENT)),
        ),
        ("two_readings_at_one_time", _edited(with_alert(), _read_again_at("10:15"))),
        ("beyond_criterion_without_event", closing(case(), "mep-l", reading(40.0))),
        ("same_response_twice", _edited(case(), lambda data: channel_of(data, "mep-l").update(side="right"))),
        ("planned_side", _edited(case(), _planned_right)),
        ("unit_of_channel", _edited(case(), lambda data: scaled(data, "mep-l", 0.001))),
        ("unit_of_value", closing(case(), "mep-l", reading(0.36))),
        ("percent_above_1000", closing(case(), "mep-l", reading(5000.0))),
        ("percent_above_1000", closing(_resting(), "ssep-l", reading(25.0, 40.0))),
        ("no_change_against_readings", _classed(closing(case(), "mep-l", reading(40.0)))),
        ("deficit_without_event", case(postoperative_examination=DEFICIT)),
        ("deficit_not_in_impression", case(postoperative_examination=DEFICIT)),
        ("npi_check_digit", changed(person(3, npi="1000000083"))),
        ("change_in_impression", _said_right("The right abductor hallucis TcMEP fell below criterion.")),
        ("no_change_in_impression", closing(says("The left TcMEP did not change."), "mep-l", reading(40.0))),
        ("present_in_impression", closing(says("TcMEPs were present at closing."), "mep-l", _ABSENT)),
        ("within_in_impression", closing(says("TcMEP is within criterion at closing."), "mep-l", reading(40.0))),
        ("recovered_in_impression", closing(says("TcMEPs recovered fully."), "mep-l", reading(40.0))),
        ("unobtainable_in_impression", says("TcMEPs of the left abductor hallucis could not be obtained.")),
        ("part_stable_without_baseline", _unfollowed("The left lower-limb SSEP was stable.", "ssep-l")),
        ("motor_under_block", _edited(case(), lambda data: data["anesthesia"].update(train_of_four=[blocked]))),
        ("diagnosis_code_side", _diagnosed(icd10cm="G51.32", side="right")),
        ("diagnosis_text_side", _diagnosed(text="left spasm", side="right")),
        ("diagnosis_against_surgery_side", _diagnosed(side="right")),
        (
            "procedure_text_side",
            _edited(case(), lambda data: data["surgery"].update(side="left", procedure="Right TLIF")),
        ),
        ("milestone_order", _edited(case(), lambda data: data["milestones"][1].update(at=at("11:45")))),
        (
            "baseline_after_incision",
            changed(every_channel("tcmep", lambda row: row["measurements"][0].update(at=at("09:10")))),
        ),
        (
            "review_before_baseline",
            _edited(case(), lambda data: data["modalities"][0]["baseline_review"].update(at=at("08:29"))),
        ),
        (
            "monitoring_end_against_times",
            case(monitoring_end={"relation": "before_closure", "reason": "request"}),
        ),
        (
            "session_outside_anesthesia",
            _edited(case(), lambda data: data["professional_sessions"][0].update(start_at=at("07:20"))),
        ),
        ("open_cases_against_sessions", _other_case()),
        ("offset_against_zone", _edited(case(), lambda data: data["encounter"].update(time_zone="America/Phoenix"))),
        (
            "offset_against_zone",
            _edited(case(), lambda data: data["order"].update(ordered_at="2026-01-05T10:00:00-05:00")),
        ),
        ("continuous_with_gap", _with_gap(says("Monitoring was continuous."))),
        ("continuous_with_gap", _with_gap(_with_gap(says("Monitoring was continuous.")))),
        ("side_in_impression", _left_only("The right side was stable.")),
        ("stable_without_baseline", _unfollowed("SSEPs were stable.")),
        ("percent_in_impression", says("Left TcMEP fell by 62%.", with_alert())),
    ]


def _unsided(data: Data) -> None:
    channel_of(data, "mep-l")["side"] = "not_recorded"


def _without_baseline(data: Data) -> None:
    channel_of(data, "mep-l")["measurements"][0]["reading"] = _UNOBTAINABLE


def _planned_right(data: Data) -> None:
    data["surgery"] |= {"side": "left", "planned_procedure": "Right decompression"}


def _classed(data: Data) -> Data:
    data["opinion"]["outcome_class"] = "no_change"
    return data


def _resting() -> Data:
    """A case whose left SSEP rose far above its baseline twice."""
    data = case()
    channel_of(data, "ssep-l")["measurements"][1]["reading"] = reading(22.0, 40.0)
    return data


def _said_right(words: str) -> Data:
    data = with_alert()
    data["opinion"]["impression"] = words
    return data


def firing() -> list[tuple[str, Data]]:
    """Codes, each with a case in which it fires."""
    contradicting = [*_about_events(), *_about_the_case(), *course_rows()]
    return [*_gates(), *((f"contradiction.{code}", data) for code, data in contradicting)]
