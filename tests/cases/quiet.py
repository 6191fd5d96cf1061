"""A complete quiet case as plain data, the same with one alert, and changes of either.

Every test changes one thing of a case that has no finding, so that what it observes comes from that change.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from tests.cases.parts import Data, at, baseline, channel, criterion, measurement, reading

__all__ = [
    "PATIENT",
    "alert",
    "case",
    "changed",
    "channel_of",
    "closing",
    "modality_of",
    "night",
    "one_channel",
    "resolved",
    "says",
    "scaled",
    "session",
    "told_alone",
    "with_alert",
]

PATIENT = {"name": "Canary Zebrafinch", "mrn": "MRN-7QX-CANARY", "date_of_birth": "1961-07-03"}
"""Identifiers that no finding may contain."""


def _modality(code: str, stimulation: Data) -> Data:
    return {
        "modality": code,
        "performed": True,
        "stimulation": [stimulation],
        "recording": {
            "low_cut_hz": 30.0,
            "high_cut_hz": 1500.0,
            "impedances": [{"electrode": "A1", "impedance_kohm": 2.5, "at": at("07:50")}],
        },
        "baseline_review": {"by": "prof1", "at": at("08:45"), "acceptance": "accepted"},
        "last_data_at": at("11:50"),
    }


def _people() -> list[Data]:
    def person(name: str, role: str, credential: str | None = None, **more: Any) -> Data:
        held = [{"code": credential, "number": "12345", "valid_to": "2030-01-01"}] if credential else []
        return {"id": name, "role": role, "name": f"Person {name.title()}", "credentials": held, **more}

    return [
        person("surg1", "surgeon"),
        person("anes1", "anesthesiologist"),
        person("tech1", "technologist", "cnim"),
        person("prof1", "interpreting_professional", "dabnm", work_location="remote reading room"),
    ]


def case(**overrides: Any) -> Data:
    """A complete quiet case that loads and has no finding; `overrides` replace its top-level fields."""
    ssep = [
        channel(
            f"ssep-{side[0]}",
            "ssep_lower",
            side,
            [
                baseline("08:30", reading(2.0, 40.0)),
                measurement("intraop", "10:00", reading(1.9, 40.4)),
                measurement("closing", "11:45", reading(1.8, 40.6)),
            ],
            nerve="posterior_tibial",
            peak="P37",
            montage="Cz'-Fz",
        )
        for side in ("left", "right")
    ]
    mep = [
        channel(
            f"mep-{side[0]}",
            "tcmep",
            side,
            [baseline("08:32", reading(400.0)), measurement("closing", "11:46", reading(360.0))],
            muscle="abductor_hallucis",
        )
        for side in ("left", "right")
    ]
    current = {"stim_mode": "cc", "intensity_ma": 30.0, "pulse_width_us": 200.0, "rate_hz": 4.7}
    train = {"stim_mode": "cv", "intensity_v": 400.0, "pulse_width_us": 50.0, "train_count": 5, "isi_ms": 2.0}
    data: Data = {
        "schema_version": "case.v1",
        "case_id": "T-1",
        "clock": "ionm_machine",
        "patient": {**PATIENT, "sex": "female"},
        "encounter": {
            "facility_name": "North Hospital",
            "date_of_service": "2026-02-11",
            "time_zone": "America/Chicago",
            "place_of_service": "21",
        },
        "order": {"ordered_by": "surg1", "ordered_at": at("07:00"), "modalities": ["ssep_lower", "tcmep"]},
        "diagnoses": [{"text": "thoracic stenosis", "icd10cm": "M48.04"}],
        "indications": [{"modality": code, "structures_at_risk": ["spinal cord"]} for code in ("ssep_lower", "tcmep")],
        "preoperative": {
            "history": [],
            "examination": {"availability": "performed", "examiner": "clinic note", "at": at("07:05")},
            "mep_safety_screen": {"performed": True},
            "consent": {"obtained": True, "by": "tech1", "at": at("07:10")},
        },
        "surgery": {
            "procedure": "Thoracic decompression",
            "family": "thoracic_decompression",
            "levels": [{"upper": "T8", "lower": "T9"}],
            "side": "not_applicable",
        },
        "people": _people(),
        "attendance": [{"person": "tech1", "start_at": at("07:30"), "end_at": at("12:10")}],
        "professional_sessions": [
            {
                "person": "prof1",
                "mode": "remote",
                "start_at": at("08:40"),
                "end_at": at("11:50"),
                "other_open_cases": 0,
            }
        ],
        "other_case_sessions": [],
        "milestones": [
            {"code": "patient_in_room", "at": at("07:30")},
            {"code": "incision", "at": at("09:00")},
            {"code": "closure_start", "at": at("11:20")},
            {"code": "skin_closed", "at": at("11:50")},
        ],
        "intervals": [
            {"kind": "setup", "start_at": at("07:40"), "end_at": at("08:20")},
            {"kind": "baseline", "start_at": at("08:20"), "end_at": at("08:50")},
            {"kind": "monitoring", "start_at": at("08:50"), "end_at": at("11:50")},
        ],
        "communication": {"channel": "voice", "tested_at": at("08:40"), "live_waveforms": True},
        "anesthesia": {
            "regimen": "tiva",
            "start_at": at("07:30"),
            "end_at": at("12:10"),
            "agents": [
                {"agent": "propofol", "kind": "infusion", "dose": 120.0, "unit": "ug_kg_min", "start_at": at("07:45")}
            ],
            "train_of_four": [
                {"at": at("08:25"), "muscle": "abductor_hallucis", "side": "left", "count": 4, "ratio_pct": 90.0}
            ],
        },
        "physiology": [
            {"at": at("08:30"), "map_mmhg": 78.0, "core_temp_c": 36.1},
            {"at": at("10:00"), "map_mmhg": 74.0, "core_temp_c": 36.0},
            {"at": at("11:40"), "map_mmhg": 80.0, "core_temp_c": 35.9},
        ],
        "criteria": [
            criterion("ssep", "ssep_lower", ("amplitude_decrease_pct", 50.0), ("latency_increase_pct", 10.0)),
            criterion("mep", "tcmep", ("amplitude_decrease_pct", 80.0), ("response_loss", None)),
        ],
        "modalities": [_modality("ssep_lower", current), _modality("tcmep", train)],
        "channels": [*ssep, *mep],
        "adverse_effects": {"checked": True, "at": at("12:00")},
        "limitations": {"reviewed_at": at("12:20")},
        "postoperative_examination": {"availability": "not_available_to_monitoring_team"},
        "opinion": {"by": "prof1", "impression": "No recorded reading met the criteria.", "entered_at": at("12:25")},
    }
    return {**deepcopy(data), **overrides}


def alert(**overrides: Any) -> Data:
    """A complete alert about the left TcMEP that returned to within criterion."""
    data: Data = {
        "id": "E1",
        "event_class": "alert",
        "modality": "tcmep",
        "channels": ["mep-l"],
        "side": "left",
        "direction": "decrease",
        "onset_kind": "sudden",
        "onset_at": at("10:00"),
        "criterion": "mep",
        "readings": [{"channel": "mep-l", "reading": reading(60.0)}],
        "context": ["distraction"],
        "physiology": {"map_mmhg": 62.0, "core_temp_c": 36.0},
        "notifications": [
            {
                "at": at("10:02"),
                "by": "tech1",
                "to": role,
                "acknowledged": "yes",
                "acknowledged_at": at("10:03"),
                "reply": "understood",
            }
            for role in ("surgeon", "anesthesiologist")
        ],
        "interventions": [{"code": "release_distraction", "at": at("10:05"), "actor": "surgeon"}],
        "retests": [{"at": at("10:15"), "readings": [{"channel": "mep-l", "reading": reading(340.0)}]}],
        "resolution": {"resolution_class": "within_criterion", "at": at("10:15"), "assigned_by": "prof1"},
    }
    return {**deepcopy(data), **overrides}


def with_alert(**overrides: Any) -> Data:
    """The complete case with one alert; `overrides` replace fields of the alert."""
    data = case(events=[alert(**overrides)])
    data["opinion"]["impression"] = "One alert is recorded; its account stands above."
    return data


def told_alone(**overrides: Any) -> Data:
    """The complete case with one alert of which nothing else in it tells: no reply, no reading afterwards."""
    told = [{key: value for key, value in row.items() if key != "reply"} for row in alert()["notifications"]]
    data = with_alert(**{"notifications": told} | overrides)
    channel_of(data, "mep-l")["measurements"].pop()
    return data


def one_channel(measurements: list[Data], *criteria: Data, modality: str = "ssep_lower", **site: Any) -> Data:
    """The complete case with one left channel of one modality, and the given criteria."""
    data = case(criteria=list(criteria), events=[])
    named = site or {"nerve": "posterior_tibial"}
    data["channels"] = [channel("c", modality, "left", measurements, **named)]
    if modality not in ("ssep_lower", "tcmep"):
        data["modalities"].append({"modality": modality, "performed": True, "last_data_at": at("11:50")})
    return data


def channel_of(data: Data, name: str) -> Data:
    """The channel of a case, to change in place."""
    return next(row for row in data["channels"] if row["id"] == name)


def modality_of(data: Data, code: str) -> Data:
    """The modality record of a case, to change in place."""
    return next(row for row in data["modalities"] if row["modality"] == code)


def changed(change: Callable[[Data], object], data: Data | None = None) -> Data:
    """A case with a change made in place."""
    target = case() if data is None else data
    change(target)
    return target


def resolved(kind: str, *, value: Data, **overrides: Any) -> Data:
    """An alert with a last value and a resolution class."""
    retest = {"at": at("10:15"), "readings": [{"channel": "mep-l", "reading": value}]}
    return with_alert(retests=[retest], resolution={"resolution_class": kind, "at": at("10:15")}, **overrides)


def closing(data: Data, name: str, what: Data) -> Data:
    """The case with another closing reading of a channel."""
    channel_of(data, name)["measurements"][-1]["reading"] = what
    return data


def says(words: str, data: Data | None = None) -> Data:
    """The case with an impression in these words."""
    target = case() if data is None else data
    target["opinion"]["impression"] = words
    return target


def scaled(data: Data, name: str, factor: float) -> Data:
    """The case with every own amplitude of a channel in another unit."""
    for row in channel_of(data, name)["measurements"]:
        row["reading"]["amplitude_uv"] *= factor
    return data


def session(data: Data, start: str, end: str) -> Data:
    """The case with one session of the professional from one clock time to another."""
    data["professional_sessions"][0] |= {"start_at": at(start), "end_at": at(end)}
    return data


def night(onset_at: str, **overrides: Any) -> Data:
    """A case from 22:20 to 01:50 with one alert of that onset; `overrides` replace fields of the alert."""

    def moved(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: moved(value) for name, value in node.items()}
        if isinstance(node, list):
            return [moved(value) for value in node]
        if isinstance(node, str) and node.startswith("2026-02-11T"):
            shifted = datetime.fromisoformat(node) + timedelta(hours=14)
            return shifted.isoformat()
        return node

    data: Data = moved(case())
    row = {"interventions": [], "retests": [], "notifications": [], "resolution": None, "onset_at": onset_at}
    data["events"] = [alert(**row, **{name: value for name, value in overrides.items() if name not in row})]
    data["opinion"]["impression"] = "One alert is recorded; its account stands above."
    return data
