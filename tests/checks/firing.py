"""For each row of the tables a case in which it fires, and for each milder case of a row one more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cases.parts import at, measurement, reading
from tests.cases.quiet import case, changed, channel_of, closing, modality_of, resolved, says, with_alert
from tests.checks.test_required import IN_ALERT, QUIET, add_modality, every_channel, no_phase, person

Data = dict[str, Any]

_ABSENT = {"state": "absent"}
_UNOBTAINABLE = {"state": "not_obtained", "reason": "preexisting_deficit"}
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


def _unfollowed(words: str) -> Data:
    data = says(words)
    for name in ("ssep-l", "ssep-r"):
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
        ("required.professional_location", _in_room_without_location()),
        ("required.screw_table", changed(add_modality(modality="emg_triggered_screw", performed=True))),
        ("required.reset_authorization", _reset_baseline()),
        ("required.event_onset", case(events=[occurrence])),
        ("required.anesthesia_dose", _undosed()),
        ("required.core_parameter", changed(every_channel("ssep_lower", _without_latency))),
    ]


def _without_latency(channel: Data) -> None:
    no_phase("closing")(channel)
    channel["measurements"][0]["reading"] = reading(2.0)


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
        ("percent_in_event", with_alert(note="fell 62%")),
    ]


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
        ("beyond_criterion_without_event", closing(case(), "mep-l", reading(40.0))),
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
        ("continuous_with_gap", _with_gap(says("Monitoring was continuous."))),
        ("continuous_with_gap", _with_gap(_with_gap(says("Monitoring was continuous.")))),
        ("side_in_impression", _left_only("The right side was stable.")),
        ("stable_without_baseline", _unfollowed("SSEPs were stable.")),
        ("percent_in_impression", says("Left TcMEP fell by 62%.", with_alert())),
    ]


def firing() -> list[tuple[str, Data]]:
    """Codes, each with a case in which it fires."""
    contradicting = [*_about_events(), *_about_the_case()]
    return [*_gates(), *((f"contradiction.{code}", data) for code, data in contradicting)]
