"""Case files as practices write them, with one slip each: edits of samples and of one small case."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

__all__ = ["put_key", "sample", "small"]

_TESTS: Final = Path(__file__).parents[1]
_SAMPLES: Final = (_TESTS / "corpora" / "v0.1.0" / "samples", _TESTS.parent / "samples" / "valid")

_SMALL: Final[dict[str, Any]] = {
    "schema_version": "case.v1",
    "case_id": "small",
    "record_note": "Invented: nobody real.",
    "clock": "ionm_machine",
    "patient": {"name": "Testcase, Anna", "mrn": "TEST-0001", "date_of_birth": "1971-09-02", "sex": "female"},
    "encounter": {
        "facility_name": "Example Hospital",
        "date_of_service": "2026-03-24",
        "time_zone": "America/Chicago",
    },
    "surgery": {
        "procedure": "Anterior cervical discectomy and fusion C5-C6",
        "family": "acdf",
        "side": "not_applicable",
        "levels": [{"upper": "C5", "lower": "C6"}],
    },
    "people": [{"id": "tech1", "role": "technologist", "name": "Technologist, Tia"}],
    "modalities": [{"modality": "ssep_upper", "performed": True}],
    "channels": [
        {
            "id": "n20-left",
            "modality": "ssep_upper",
            "side": "left",
            "nerve": "median",
            "measurements": [
                {
                    "phase": "baseline",
                    "baseline_kind": "post_position",
                    "at": "2026-03-24T08:05:00-05:00",
                    "reading": {"state": "measured", "amplitude_uv": 2.1, "latency_ms": 20.4},
                },
                {"phase": "closing", "at": "2026-03-24T10:40:00-05:00", "reading": {"state": "not_recorded"}},
            ],
        }
    ],
    "milestones": [
        {"code": "incision", "at": "2026-03-24T08:30:00-05:00"},
        {"code": "closure_start", "at": "2026-03-24T10:30:00-05:00"},
    ],
    "intervals": [
        {"kind": "monitoring", "start_at": "2026-03-24T08:10:00-05:00", "end_at": "2026-03-24T10:45:00-05:00"}
    ],
}


def sample(name: str) -> dict[str, Any]:
    """A sample by its name without prefix, as plain data to be changed: that of 0.1.0, else today's."""
    file = next(file for folder in _SAMPLES if (file := folder / f"invented_{name}.json").is_file())
    found: dict[str, Any] = json.loads(file.read_bytes())
    return found


def small() -> dict[str, Any]:
    """One response of one modality, to be changed."""
    return deepcopy(_SMALL)


def put_key(node: dict[str, Any], former: str, key: str) -> None:
    """Rename a key."""
    node[key] = node.pop(former)
