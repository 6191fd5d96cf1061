"""For each contradiction in the course of a case, a case in which it fires."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.cases.parts import Data, at, measurement, reading
from tests.cases.quiet import case, channel_of, with_alert

__all__ = [
    "ASKED",
    "bypass",
    "course_rows",
    "graded",
    "happened",
    "message",
    "told",
]

ASKED = {
    "channel": "voice",
    "messages": [
        {"at": at("11:40"), "from_role": "surgeon", "to_role": "interpreting_professional", "kind": "question"},
    ],
}
"""A log that ends in a question."""


def happened(code: str, clock: str, data: Data | None = None) -> Data:
    """A case with one alert at which something happened at a time."""
    data = with_alert() if data is None else data
    data["events"][0].setdefault("occurrences", []).append({"code": code, "at": at(clock)})
    return data


def bypass(data: Data, *steps: tuple[str, str]) -> Data:
    """The case with further steps, each with its time."""
    data["milestones"] += [{"code": code, "at": at(clock)} for code, clock in steps]
    return data


def message(clock: str, sender: str, to: str, kind: str = "status", **more: Any) -> Data:
    """A message of the log."""
    return {"at": at(clock), "from_role": sender, "to_role": to, "kind": kind, **more}


def told(*messages: Data) -> Data:
    """A case with a log."""
    return case(communication={"channel": "voice", "messages": list(messages)})


def graded(after: float, deficit: str = "none_reported", **more: Any) -> Data:
    """A case whose left foot was graded 5 before surgery, and is graded again after it."""
    row = {"domain": "motor", "side": "left", "site": "Foot dorsiflexion", "finding": "graded", "grade_0_5": 5.0}
    data = case()
    data["preoperative"]["examination"]["findings"] = [row]
    later = {**deepcopy(row), "site": "foot  dorsiflexion", "grade_0_5": after, **more}
    exam = {"availability": "performed", "examiner": "surgeon", "at": at("12:15"), "new_deficit": deficit}
    data["postoperative_examination"] = {**exam, "findings": [later]}
    return data


def _closed_early(*names: str) -> Data:
    """A case in which responses were read again after their closing reading."""
    data = case()
    for name in names:
        channel_of(data, name)["measurements"].append(measurement("intraop", "11:48", reading(350.0)))
    return data


def _with(data: Data, **fields: Any) -> Data:
    return {**data, **fields}


def _written(clock: str) -> Data:
    data = with_alert()
    data["opinion"]["entered_at"] = at(clock)
    return data


def _volatile() -> Data:
    data = case()
    data["anesthesia"]["agents"].append(
        {"agent": "sevoflurane", "kind": "inhaled", "start_at": at("07:45"), "end_at": at("09:30")}
    )
    return data


def _unperformed() -> Data:
    data = case()
    data["modalities"][1] |= {"performed": False, "not_performed_reason": "other"}
    return data


def _late_deficit() -> Data:
    row = {"availability": "performed", "examiner": "surgeon", "at": at("13:15"), "new_deficit": "new"}
    return _with(with_alert(), postoperative_examination=row)


def course_rows() -> list[tuple[str, Data]]:
    """Codes without their origin, each with a case in which it fires."""
    resolution = {"resolution_class": "within_criterion", "at": at("12:00"), "assigned_by": "prof1"}
    suspected = {"causes": ["hypotension"], "by": "prof1", "by_role": "interpreting_professional"}
    early = {"availability": "performed", "examiner": "surgeon", "at": at("11:00"), "new_deficit": "none_reported"}
    return [
        ("resolved_after_last_data", with_alert(resolution=resolution)),
        ("excluded_and_suspected", with_alert(excluded=["hypotension"], suspected_cause=suspected)),
        ("arrest_outside_bypass", bypass(happened("circulatory_arrest", "10:00"), ("bypass_start", "10:10"))),
        ("occurrence_against_milestone", bypass(happened("dural_opening", "10:00"), ("dura_open", "09:30"))),
        ("step_outside_operation", bypass(case(), ("exposure", "08:55"))),
        ("step_outside_operation", bypass(happened("osteotomy", "08:50"), ("exposure", "08:55"))),
        ("closing_before_last_reading", _closed_early("mep-l")),
        ("closing_before_last_reading", _closed_early("mep-l", "mep-r")),
        ("told_outside_attendance", told(message("07:20", "technologist", "surgeon"))),
        ("told_outside_attendance", told(message("12:30", "surgeon", "technologist"))),
        ("log_signed_before_its_end", case(log_signature={"by": "tech1", "at": at("11:40")})),
        ("impression_before_the_end", _written("09:50")),
        ("impression_before_the_end", _written("11:00")),
        ("examination_against_surgery", case(postoperative_examination=early)),
        ("not_done_with_result", case(adverse_effects={"checked": False, "observed": ["bite"]})),
        ("deficit_against_grades", graded(2.0)),
        ("not_performed_with_results", _unperformed()),
        ("regimen_against_agents", _volatile()),
        ("deficit_after_impression", _late_deficit()),
    ]
