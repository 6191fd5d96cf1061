"""Small case files as plain JSON values, to be broken by tests; every call makes new ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from report_gen.case import load_case
from report_gen.errors import CaseInvalidError

DAY = "2026-03-02"


def at(clock: str) -> str:
    """A time of the day of surgery, as case files write it."""
    return f"{DAY}T{clock}:00-06:00"


def minimal() -> dict[str, Any]:
    """The fewest keys that make a case."""
    return {
        "schema_version": "case.v1",
        "case_id": "example",
        "clock": "ionm_machine",
        "patient": {"name": "Example, Invented", "mrn": "INVENTED-1", "sex": "female"},
        "encounter": {
            "facility_name": "Example Hospital (invented)",
            "date_of_service": DAY,
            "time_zone": "America/Chicago",
        },
        "surgery": {"procedure": "Lumbar fusion", "family": "lumbar_fusion", "side": "not_applicable"},
        "people": [{"id": "tech1", "role": "technologist", "name": "Tech, Invented"}],
        "modalities": [{"modality": "ssep_lower", "performed": True}],
    }


def measured(amplitude_uv: float = 1.5, latency_ms: float = 38.0) -> dict[str, Any]:
    """A reading with numbers."""
    return {"state": "measured", "amplitude_uv": amplitude_uv, "latency_ms": latency_ms}


def channel(modality: str = "ssep_lower", **fields: Any) -> dict[str, Any]:
    """A left tibial channel with one baseline, unless told otherwise."""
    return {
        "id": "ptn-l",
        "modality": modality,
        "side": "left",
        "nerve": "posterior_tibial",
        "peak": "P37",
        "measurements": [{"at": at("08:10"), "phase": "baseline", "reading": measured()}],
    } | fields


def event(**fields: Any) -> dict[str, Any]:
    """An observation that refers to nothing."""
    return {"id": "E1", "event_class": "observation", "side": "left", "direction": "decrease"} | fields


def full() -> dict[str, Any]:
    """A case with every kind of entry, and every reference resolved."""
    case = minimal()
    case["report"] = {"version": 1, "status": "draft"}
    case["patient"] |= {"date_of_birth": "1961-05-20", "age_years": 64, "height_cm": 170, "weight_kg": 70.5}
    case["encounter"] |= {
        "place_of_service": "21",
        "facility_npi": "1000000000",
        "payer": {"payer_class": "medicare_ffs", "facility_in_network": True},
        "authorization": {"number": "A-1", "valid_from": "2026-02-01", "valid_to": "2026-05-01", "cpt": ["95938"]},
    }
    case["order"] = {"ordered_by": "surg1", "ordered_at": "2026-02-20T10:00:00-06:00", "modalities": ["ssep_lower"]}
    case["diagnoses"] = [{"text": "Lumbar stenosis", "icd10cm": "M48.061", "features": ["instability"]}]
    case["indications"] = [{"modality": "ssep_lower", "structures_at_risk": ["cauda equina"]}]
    case["preoperative"] = {
        "history": [{"item": "diabetes"}],
        "examination": {
            "availability": "performed",
            "examiner": "surgeon",
            "findings": [{"domain": "motor", "side": "left", "finding": "full strength", "grade_0_5": 5}],
        },
        "mep_safety_screen": {"performed": True},
        "consent": {"obtained": True, "by": "tech1", "at": at("07:00")},
    }
    case["surgery"] |= {"levels": [{"upper": "L4", "lower": "L5"}], "approach": "posterior", "position": "prone"}
    case["people"] += [
        {
            "id": "prof1",
            "role": "interpreting_professional",
            "name": "Prof, Invented",
            "npi": "1000000001",
            "credentials": [
                {
                    "code": "state_medical_license",
                    "state": "IL",
                    "valid_from": "2025-01-01",
                    "valid_to": "2027-01-01",
                }
            ],
        },
        {"id": "surg1", "role": "surgeon", "name": "Surgeon, Invented"},
    ]
    case["attendance"] = [{"person": "tech1", "start_at": at("07:00"), "end_at": at("11:00"), "other_open_cases": 0}]
    case["professional_sessions"] = [
        {"person": "prof1", "mode": "remote", "start_at": at("08:00"), "end_at": at("10:30"), "other_open_cases": 0}
    ]
    case["other_case_sessions"] = [
        {
            "person": "prof1",
            "case_pseudonym": "other-1",
            "mode": "remote",
            "start_at": at("11:00"),
            "end_at": at("12:00"),
        }
    ]
    case["milestones"] = [
        {"code": "incision", "at": at("08:30"), "when": {"relation": "before", "event": "E1"}},
        {"code": "skin_closed", "at": at("10:20")},
    ]
    case["intervals"] = [{"kind": "monitoring", "start_at": at("08:20"), "end_at": at("10:30")}]
    case["monitoring_end"] = {"relation": "after_skin_closure"}
    case["communication"] = {
        "channel": "chat",
        "messages": [
            {
                "at": at("09:06"),
                "from_role": "technologist",
                "to_role": "interpreting_professional",
                "kind": "change",
                "event": "E1",
                "from_person": "tech1",
                "to_person": "prof1",
            }
        ],
    }
    case["anesthesia"] = {
        "regimen": "tiva",
        "agents": [
            {
                "agent": "propofol",
                "kind": "infusion",
                "dose": 100,
                "dose_to": 120,
                "unit": "ug_kg_min",
                "start_at": at("07:30"),
                "end_at": at("10:40"),
            },
            {"agent": "sevoflurane", "kind": "inhaled", "dose": 0.4, "unit": "mac"},
            {"agent": "rocuronium", "kind": "bolus", "dose": 50, "unit": "mg"},
        ],
        "train_of_four": [{"at": at("08:05"), "muscle": "abductor_hallucis", "side": "left", "count": 4}],
        "map_target": {"map_mmhg": 75},
        "start_at": at("07:15"),
        "end_at": at("10:50"),
    }
    case["physiology"] = [
        {"at": at("08:10"), "map_mmhg": 82, "sbp_mmhg": 120, "dbp_mmhg": 63, "core_temp_c": 36.2, "mac_fraction": 0.4}
    ]
    case["equipment"] = [{"make_model": "Example monitor"}]
    case["criteria"] = [
        {
            "id": "ssep-rule",
            "modalities": ["ssep_lower"],
            "conditions": [{"parameter": "amplitude_decrease_pct", "threshold": 50}],
            "reference": "Practice protocol 3",
        }
    ]
    case["modalities"] = [
        {
            "modality": "ssep_lower",
            "performed": True,
            "stimulation": [{"side": "left", "stim_mode": "cc", "intensity_ma": 35, "pulse_width_us": 200}],
            "recording": {"impedances": [{"electrode": "Cz'", "impedance_kohm": 2}]},
            "baseline_review": {"by": "prof1", "at": at("08:15"), "acceptance": "accepted"},
            "baseline_resets": [{"at": at("09:40"), "reason": "anesthetic drift", "authorized_by": "prof1"}],
        },
        {
            "modality": "tcmep",
            "performed": True,
            "stimulation": [{"stim_mode": "cv", "intensity_v": 400, "train_count": 5, "isi_ms": 2}],
        },
        {"modality": "emg_triggered_screw", "performed": True},
        {"modality": "cortical_mapping", "performed": True},
    ]
    case["channels"] = [
        channel(),
        {
            "id": "ta-l",
            "modality": "tcmep",
            "side": "left",
            "muscle": "tibialis_anterior",
            "measurements": [
                {"phase": "baseline", "baseline_kind": "opening", "reading": {"state": "present", "quality": "good"}},
                {
                    "phase": "closing",
                    "when": {"relation": "after", "event": "E1"},
                    "reading": {"state": "not_obtained", "reason": "neuromuscular_block"},
                },
            ],
        },
    ]
    case["threshold_tests"] = [
        {
            "kind": "screw",
            "level": "L4",
            "side": "left",
            "outcome": "threshold",
            "threshold_ma": 12,
            "max_tested_ma": 20,
        }
    ]
    case["mapping_tests"] = [
        {
            "modality": "cortical_mapping",
            "side": "left",
            "site": "contacts 3-4",
            "intensity_ma": 6,
            "result": "hand movement",
        }
    ]
    case["events"] = [
        event(
            event_class="alert",
            modality="ssep_lower",
            channels=["ptn-l"],
            onset_at=at("09:05"),
            last_unaffected_at=at("09:00"),
            noticed_at=at("09:05"),
            criterion="ssep-rule",
            readings=[{"channel": "ptn-l", "reading": measured(0.6)}],
            physiology={"map_mmhg": 60, "sbp_mmhg": 90, "dbp_mmhg": 45},
            notifications=[
                {
                    "at": at("09:06"),
                    "when": {"relation": "after", "event": "E1", "amount": 1, "unit": "min"},
                    "by": "tech1",
                    "to": "surgeon",
                    "to_person": "surg1",
                }
            ],
            interventions=[
                {
                    "code": "raise_map",
                    "actor": "anesthesia_team",
                    "agent": "phenylephrine",
                    "dose": 100,
                    "dose_unit": "ug",
                    "map_target_mmhg": 85,
                }
            ],
            retests=[{"at": at("09:20"), "readings": [{"channel": "ptn-l", "reading": measured(1.4)}]}],
            resolution={
                "resolution_class": "full_return",
                "at": at("09:20"),
                "when": {"relation": "after", "event": "E1", "approximate": True, "amount": 15, "unit": "min"},
                "assigned_by": "prof1",
            },
            stated_causes=[{"causes": ["retractor"], "by": "surg1", "by_role": "surgeon"}],
            suspected_cause={"causes": ["hypotension"], "by": "prof1", "by_role": "interpreting_professional"},
        )
    ]
    case["interventions"] = [
        {
            "code": "other",
            "code_other": "wound inspected",
            "actor": "surgeon",
            "in_response_to": "E1",
            "when": {"relation": "after", "event": "E1"},
        }
    ]
    case["postoperative_course"] = [
        {
            "kind": "examination",
            "by": "surg1",
            "by_role": "surgeon",
            "when": {"relation": "after", "event": "E1"},
            "deficit": "none_reported",
        }
    ]
    case["linked_cases"] = [{"relation": "earlier_operation", "case_id": "C-1"}]
    case["answers"] = [{"finding": "side", "answer": "no", "reason": "as recorded", "by": "prof1"}]
    case["origins"] = [{"pointer": "/patient/name", "kind": "feed", "by": "tech1"}]
    case["technical_problems"] = [{"problem": "mains interference"}]
    case["adverse_effects"] = {"checked": True}
    case["limitations"] = {"not_monitored": [{"structure": "L2 nerve root"}]}
    case["postoperative_examination"] = {"availability": "not_available_to_monitoring_team"}
    case["opinion"] = {"by": "prof1", "impression": "Transient change."}
    case["log_signature"] = {"by": "tech1", "at": at("11:00")}
    return case


def data(tree: object) -> bytes:
    """The bytes of a case file."""
    return json.dumps(tree, ensure_ascii=False).encode()


def found(tree: object) -> list[tuple[str, str]]:
    """Codes and places of the problems of a tree, or of bytes."""
    with pytest.raises(CaseInvalidError, match=r"\d problems? in the case file") as caught:
        load_case(tree if isinstance(tree, bytes) else data(tree))
    return [(row.code, row.pointer) for row in caught.value.problems]
