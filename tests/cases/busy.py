"""A case in which responses, events and tests of every kind stand beside each other on both sides, as plain data."""

from __future__ import annotations

from copy import deepcopy

from tests.cases.parts import Data, at, baseline, channel, criterion, measurement, reading
from tests.cases.quiet import alert, case

__all__ = ["busy_case"]

_MUSCLES = ("tibialis_anterior", "abductor_hallucis", "ehl")


def _motor(side: str, muscle: str, place: int) -> Data:
    rows = [
        baseline("08:32", reading(400.0 + 20 * place, 30.0)),
        measurement("intraop", "09:40", reading(380.0 + 10 * place, 30.4)),
        measurement("intraop", "10:40", reading(352.0 + 30 * place, 30.8)),
        measurement("closing", "11:46", reading(370.0 + 10 * place, 30.2)),
    ]
    return channel(f"{muscle}-{side[0]}", "tcmep", side, rows, muscle=muscle)


def _free_run(side: str, muscle: str) -> Data:
    rows = [
        measurement(phase, clock, reading(pattern="silent"), **more)
        for phase, clock, more in (
            ("baseline", "08:33", {"baseline_kind": "post_position"}),
            ("intraop", "10:05", {}),
            ("closing", "11:47", {}),
        )
    ]
    return channel(f"emg-{muscle}-{side[0]}", "emg_free_run", side, rows, muscle=muscle)


def _event(name: str, **more: object) -> Data:
    bare = {"readings": [], "retests": [], "criterion": None, "interventions": [], "notifications": []}
    return alert(id=name, **{**bare, "physiology": None, "context": [], **more})


def busy_case() -> Data:
    """Motor, sensory and free-run responses of both sides, four events of three classes, and tests of six screws."""
    data = case()
    sensory = [row for row in data["channels"] if row["modality"] == "ssep_lower"]
    motor = [_motor(side, name, place) for side in ("left", "right") for place, name in enumerate(_MUSCLES)]
    free = [_free_run(side, name) for side in ("left", "right") for name in _MUSCLES[:2]]
    data["channels"] = [*sensory, *motor, *free]
    for code in ("emg_free_run", "emg_triggered_screw"):
        data["modalities"].append({"modality": code, "performed": True, "last_data_at": at("11:50")})
    data["criteria"].append(criterion("screw", "emg_triggered_screw", ("threshold_at_most_ma", 8.0)))
    lost = "tibialis_anterior-l"
    data["events"] = [
        alert(
            channels=[lost],
            direction="loss",
            readings=[{"channel": lost, "reading": {"state": "absent"}}],
            retests=[{"at": at("10:15"), "readings": [{"channel": lost, "reading": reading(300.0, 30.9)}]}],
        ),
        _event("E2", event_class="change", channels=["abductor_hallucis-r"], side="right", direction="hard_to_elicit")
        | {"onset_at": at("10:25")},
        _event(
            "E3",
            event_class="observation",
            modality="emg_free_run",
            channels=["emg-tibialis_anterior-r"],
            side="right",
            direction="new_activity",
            resolution=None,
        )
        | {
            "onset_at": at("10:30"),
            "readings": [{"channel": "emg-tibialis_anterior-r", "reading": reading(pattern="burst")}],
        },
        _event("E4", event_class="change", modality="ssep_lower", channels=["ssep-r"], side="right")
        | {"onset_at": None, "readings": [{"channel": "ssep-r", "reading": reading(0.8, 41.0)}]},
    ]
    data["threshold_tests"] = [
        {
            "kind": "screw",
            "level": level,
            "side": side,
            "outcome": "threshold",
            "threshold_ma": threshold,
            "at": at(clock),
        }
        for level, side, threshold, clock in (
            ("L3", "left", 12.0, "10:50"),
            ("L4", "left", 6.0, "10:51"),
            ("L5", "left", 15.0, "10:52"),
            ("L3", "right", 14.0, "10:53"),
            ("L4", "right", 16.0, "10:54"),
            ("L5", "right", 19.0, "10:55"),
        )
    ]
    return deepcopy(data)
