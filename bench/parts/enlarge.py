"""Larger cases than any sample: one list of a case made longer, the rest left as it is.

The base is the twelve-hour sample cut down to six channels, six events about them and 300 physiology rows, so that 64
times each still keeps the contract's limits. What is added are copies that a log could hold: events at later times of
the same operation, channels at other contacts, physiology rows closer together. Nothing is drawn by chance.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from bench.measure import SAMPLES
from tests.cases.edits import moved

__all__ = ["BASE", "base_case", "enlarged"]

BASE: Final[Mapping[str, int]] = MappingProxyType({"events": 6, "channels": 6, "physiology": 300})
"""How many of each the base has, by the name of the list in a case file."""

_SAMPLE: Final = "stress_twelve_hours.json"
_CHANNELS: Final = ("ssep-uln-n20-l", "ssep-uln-n9-l", "ssep-ptn-p37-r", "mep-ta-r", "mep-ehl-r", "mep-ah-r")
_EVENTS: Final = ("E1", "E6", "E9", "E12", "E33", "E34")
"""An occurrence, two alerts, two changes and an improvement, about these channels."""
_WITHOUT_CHANNELS: Final = frozenset({"dwave", "emg_free_run"})
_FIRST_ONSET: Final = datetime.fromisoformat("2026-03-17T09:05:00-05:00")
_LAST_ONSET: Final = datetime.fromisoformat("2026-03-17T19:00:00-05:00")
"""Between the incision and early enough for the longest chain to end before closing."""
_LETTERS: Final = "EFGHIJKLMNOP"
_PER_LETTER: Final = 99

_Record = dict[str, Any]


def base_case() -> _Record:
    """The case at its base size, as a file would hold it."""
    case: _Record = json.loads((SAMPLES / _SAMPLE).read_text(encoding="utf-8"))
    case["channels"] = [_followed(row) for row in case["channels"] if row["id"] in _CHANNELS]
    case["events"] = [row for row in case["events"] if row["id"] in _EVENTS]
    for row in case["events"]:
        if "resolution" in row:
            # An ending that is held against the readings raises a question of its own for each copy.
            row["resolution"]["resolution_class"] = "full_return"
    for name in ("modalities", "indications"):
        case[name] = [row for row in case[name] if row["modality"] not in _WITHOUT_CHANNELS]
    for row in case["modalities"]:
        # A copied event falls before or after a reset by chance of its time; the percentages would then not be its own.
        row.pop("baseline_resets", None)
    case["order"]["modalities"] = [code for code in case["order"]["modalities"] if code not in _WITHOUT_CHANNELS]
    case["criteria"] = [row for row in case["criteria"] if not _WITHOUT_CHANNELS & set(row["modalities"])]
    # In a gap of its modality an event contradicts the record.
    case["intervals"] = [row for row in case["intervals"] if row["kind"] != "gap"]
    messages = case["communication"]["messages"]
    case["communication"]["messages"] = [row for row in messages if "event" not in row]
    return {
        **case,
        "events": _events(case["events"], BASE["events"]),
        "physiology": _physiology(case["physiology"], BASE["physiology"]),
    }


def enlarged(axis: str, times: int) -> bytes:
    """The base case with one of its lists `times` as long, as the bytes of a case file.

    Args:
        axis: `events`, `channels` or `physiology`.
        times: How many times as many as the base has; 1 is the base itself.

    Raises:
        ValueError: No such list, or less than once.
    """
    if axis not in BASE or times < 1:
        raise ValueError(f"one of {', '.join(BASE)}, at least once")
    case = base_case()
    longer = {"events": _events, "channels": _channels, "physiology": _physiology}[axis]
    return json.dumps({**case, axis: longer(case[axis], BASE[axis] * times)}, ensure_ascii=False).encode()


def _followed(channel: _Record) -> _Record:
    """A channel without the baselines that a reset took, and with a derivation, which tells copies apart in print."""
    rows = [row for row in channel["measurements"] if row.get("baseline_kind") != "reset"]
    return {"montage": "belly-tendon", **channel, "measurements": rows}


def _events(rows: Sequence[_Record], count: int) -> list[_Record]:
    """So many events in order of onset, evenly over the operation: the given chains in turn, each with its times."""
    return [
        {
            **moved(row, _onset(index, count) - datetime.fromisoformat(row["onset_at"])),
            # A letter and at most two digits: the report and the model treat any other form as a person's own words.
            "id": f"{_LETTERS[index // _PER_LETTER]}{index % _PER_LETTER + 1}",
        }
        for index, row in _turns(rows, count)
    ]


def _onset(index: int, count: int) -> datetime:
    return (_FIRST_ONSET + (_LAST_ONSET - _FIRST_ONSET) * index / count).replace(microsecond=0)


def _channels(rows: Sequence[_Record], count: int) -> list[_Record]:
    """So many channels: after the given ones, the same at further contacts, a few percent larger."""
    return [row if (turn := index // len(rows)) == 0 else _at_contact(row, turn) for index, row in _turns(rows, count)]


def _turns(rows: Sequence[_Record], count: int) -> list[tuple[int, _Record]]:
    return [(index, rows[index % len(rows)]) for index in range(count)]


def _at_contact(channel: _Record, contact: int) -> _Record:
    larger = 1 + contact % 7 / 50
    return {
        **channel,
        "id": f"{channel['id']}-{contact}",
        "montage": f"G{contact:02}-Fz",
        "measurements": [
            {**row, "reading": {**row["reading"], "amplitude_uv": round(row["reading"]["amplitude_uv"] * larger, 2)}}
            for row in channel["measurements"]
        ],
    }


def _physiology(rows: Sequence[_Record], count: int) -> list[_Record]:
    """So many rows, evenly over the same hours, each with the values of the given row nearest before it."""
    first, last = (datetime.fromisoformat(rows[place]["at"]) for place in (0, -1))
    return [
        {**rows[index * len(rows) // count], "at": (first + (last - first) * index / count).isoformat()}
        for index in range(count)
    ]
