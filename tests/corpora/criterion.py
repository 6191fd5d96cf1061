"""A reading against its baseline and a criterion, computed from a frozen sample alone.

Nothing here is shared with the package: what it computed at 0.1.0, and computes today, is what is being tested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.corpora.propositions import Outcome

Data = Mapping[str, Any]

PRIMARY = {"tcd": "velocity_cm_s", "nirs": "saturation_pct"}
"""What a plain decrease or increase is of, by modality; amplitude otherwise."""
AMPLITUDE = "amplitude_uv"

_CHANGES = {
    "amplitude_decrease_pct": (AMPLITUDE, -1, True),
    "latency_increase_pct": ("latency_ms", 1, True),
    "latency_increase_ms": ("latency_ms", 1, False),
    "velocity_decrease_pct": ("velocity_cm_s", -1, True),
    "saturation_decrease_pct": ("saturation_pct", -1, True),
}
"""What is compared, in which direction it counts, and whether in percent of the baseline."""
_AT_MOST = {"amplitude_at_most_uv": AMPLITUDE, "threshold_at_most_ma": "threshold_ma"}
_BY_EYE = ("sustained_activity", "fast_activity_loss")
"""States that a person judges."""


def instant(text: str) -> datetime:
    """A time of the sample, zoned."""
    return datetime.fromisoformat(text)


def primary(modality: str) -> str:
    """The parameter that a modality is followed by."""
    return PRIMARY.get(modality, AMPLITUDE)


def responded(reading: Data) -> bool | None:
    """Whether there was a response; None when the reading does not say."""
    if reading["state"] in ("present", "absent"):
        return bool(reading["state"] == "present")
    if reading["state"] != "measured" or "pattern" in reading:
        return None
    return bool(reading.get(AMPLITUDE, 1) > 0)


def reference(channel: Data, kind: str, at: str | None, index: int | None) -> tuple[int, Data] | None:
    """The baseline that a reading of a channel is compared with, and its place among the measurements.

    Args:
        channel: The channel.
        kind: The kind that the criterion names; the last one of another kind stands in.
        at: Time of the reading.
        index: Its own place, when it is one of the measurements.
    """
    rows = [
        (place, row)
        for place, row in enumerate(channel["measurements"])
        if row["phase"] == "baseline" and _not_later(row, place, at, index)
    ]
    wanted = [row for row in rows if row[1].get("baseline_kind") == kind]
    chosen = wanted or rows
    return chosen[-1] if chosen else None


def _not_later(row: Data, place: int, at: str | None, index: int | None) -> bool:
    if at is not None and "at" in row:
        return instant(row["at"]) <= instant(at)
    return index is None or place < index


def size(modality: str, reading: Data, baseline: Data | None) -> float | None:
    """How far a reading is from its baseline in the worse direction, in percent; None when it cannot be placed."""
    if reading["state"] == "absent":
        return float("-inf") if baseline is not None and responded(baseline) is False else float("inf")
    name = primary(modality)
    if baseline is not None and name in reading and baseline.get(name):
        return float(100 - reading[name] / baseline[name] * 100)
    stated = reading.get("amplitude_pct_of_baseline")
    return None if stated is None else float(100 - stated)


def judge(criterion: Data | None, reading: Data, baseline: Data | None) -> Outcome:
    """Whether a reading meets a criterion."""
    if criterion is None:
        return "not_comparable"
    answers = [_condition(row, reading, baseline) for row in criterion["conditions"]]
    if criterion.get("logic", "any") == "all":
        decided = False if False in answers else (None if None in answers else True)
    else:
        decided = True if True in answers else (None if None in answers else False)
    return "not_comparable" if decided is None else ("met" if decided else "not_met")


def _condition(condition: Data, reading: Data, baseline: Data | None) -> bool | None:
    parameter = condition["parameter"]
    if parameter in _BY_EYE:
        return None
    now, before = responded(reading), None if baseline is None else responded(baseline)
    if parameter == "response_loss":
        return before if now is False else (None if now is None else False)
    if parameter in _AT_MOST:
        value = 0.0 if reading["state"] == "absent" else reading.get(_AT_MOST[parameter])
        return None if value is None else value <= condition["threshold"]
    name, direction, percent = _CHANGES[parameter]
    if reading["state"] == "absent" and name == AMPLITUDE and before:
        return True
    change = _change(name, reading, baseline, percent=percent)
    return None if change is None else change * direction >= condition["threshold"] - 1e-9


def _change(name: str, reading: Data, baseline: Data | None, *, percent: bool) -> float | None:
    if baseline is not None and name in reading and name in baseline:
        difference = reading[name] - baseline[name]
        return float(difference / baseline[name] * 100 if percent else difference)
    stated = reading.get("amplitude_pct_of_baseline")
    return float(stated - 100) if name == AMPLITUDE and percent and stated is not None else None


def union(rows: Sequence[Data]) -> set[int]:
    """The minutes that stretches of time cover; every sample here is exact to the minute."""
    return {
        minute
        for row in rows
        for minute in range(int(instant(row["start_at"]).timestamp()), int(instant(row["end_at"]).timestamp()), 60)
    }


def minutes(earlier: str, later: str) -> float:
    """Minutes from one time to another."""
    return (instant(later) - instant(earlier)).total_seconds() / 60
