"""Writes ``samples/valid/stress_twelve_hours.json``: the largest case the report is designed for.

    python tools/make_stress_case.py

An invented 12-hour operation on a thoracic spinal tumor with correction of a deformity: 40 channels, 2,000 physiology
rows, 60 events with whole chains. What is recorded once, and the plans of channels and events, stand in
``tools/samples/stress_twelve_hours.json``; the numbers come from there and from a checksum, so the same bytes come out
each time.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

TABLES: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "samples" / "stress_twelve_hours.json").read_text(encoding="utf-8")
)
"""`record`: the case without what is computed; `lines`, `emg_muscles`: its channels; `signals`, `bursts`,
`occurrences`: its events as planned."""
OUT = Path(__file__).resolve().parent.parent / "samples" / "valid" / "stress_twelve_hours.json"
ZONE = ZoneInfo("America/Chicago")
DAY = datetime(2026, 3, 17, tzinfo=ZONE)
PHYSIOLOGY_ROWS = 2000
ROW_SECONDS = 24
PHYSIOLOGY_START = 6 * 60 + 40
RESET = 13 * 60 + 10
"""Minute of the day from which the motor baselines were taken anew."""
CLOSING = {"ssep_upper": 1185, "ssep_lower": 1185, "tcmep": 1188, "dwave": 1190, "emg_free_run": 1190}
SIDES = ("left", "right")
GAPS = ((535, 565), (1040, 1052))
"""Cautery gaps of the somatosensory recording, in minutes of the day."""

Json = dict[str, Any]


def at(minute: float) -> str:
    """The instant at a minute of the day, as the contract writes it."""
    return (DAY + timedelta(minutes=minute)).isoformat()


def clock(time: str) -> int:
    """Minute of the day of a time such as `09:40`."""
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def wobble(key: str) -> float:
    """A number between -1 and 1 that always comes out the same for a key."""
    return zlib.crc32(key.encode()) % 2001 / 1000 - 1


@dataclass(frozen=True)
class Line:
    """One evoked-potential channel: what it is, and its amplitude and latency at the post-position baseline."""

    id: str
    modality: str
    side: str
    amplitude_uv: float
    latency_ms: float
    names: dict[str, str]
    fade: float = 0.0
    """Share of the amplitude lost from the first to the last hour."""

    @property
    def digits(self) -> int:
        """Decimals of a recorded amplitude."""
        return 2 if self.amplitude_uv < 20 else 0

    def expected(self, minute: float) -> float:
        """Amplitude to be expected at a minute of the day, without an event."""
        return self.amplitude_uv * (1 - self.fade * max(0.0, minute - 520) / 680)

    def reference(self, minute: float) -> float:
        """Amplitude of the baseline that holds at a minute of the day."""
        fresh = self.modality == "tcmep" and minute >= RESET
        return self.rounded(self.expected(RESET) if fresh else self.amplitude_uv)

    def rounded(self, amplitude: float) -> float:
        """An amplitude as recorded."""
        return round(amplitude, self.digits) if self.digits else round(amplitude)

    def reading(self, amplitude: float, latency: float) -> Json:
        """A measured reading."""
        return {"state": "measured", "amplitude_uv": self.rounded(amplitude), "latency_ms": round(latency, 1)}


LINES = {row["id"]: Line(**row) for row in TABLES["lines"]}


@dataclass(frozen=True)
class Signal:
    """One signal event as planned: the channels, how far they fell or rose, and how it ended."""

    start: str
    kind: str
    modality: str
    channels: list[str]
    share: float
    """Amplitude in the event as a share of the baseline in force; 0 stands for an absent response."""
    context: list[str]
    note: str
    actions: list[list[str]]
    """What was done, by whom, with a detail, one minute apart."""
    back: float
    """Share at the last re-test."""
    resolution: str
    later_ms: float
    length: int
    """Minutes to the last re-test."""

    @property
    def onset(self) -> int:
        """Minute of the day of the onset."""
        return clock(self.start)


SIGNALS = [Signal(**row) for row in TABLES["signals"]]


@dataclass
class Span:
    """A stretch in which a channel is described by an event rather than by its own readings."""

    start: int
    end: int


@dataclass
class Log:
    """The events with what they leave behind in the channels and in the communication log."""

    events: list[Json] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(default_factory=dict)


def pressure(minute: float) -> int:
    """Mean arterial pressure in mmHg at a minute of the day."""
    base = 80 if minute < clock("12:30") else 86
    if clock("12:08") <= minute <= clock("12:27"):
        base = 62
    return round(base + 4 * wobble(f"map {int(minute // 3)}"))


def physiology_row(minute: float) -> Json:
    """Physiology at a minute of the day; the same minute always gives the same row."""
    mean = pressure(minute)
    cooling = min(1.0, max(0.0, (minute - 480) / 240))
    warming = min(1.0, max(0.0, (minute - 780) / 300))
    key = f"{minute:.1f}"
    row: Json = {
        "at": at(minute),
        "map_mmhg": mean,
        "sbp_mmhg": mean + 34 + round(3 * wobble(f"s {key}")),
        "dbp_mmhg": mean - 19 + round(2 * wobble(f"d {key}")),
        "heart_rate_bpm": 70 + round(6 * wobble(f"h {int(minute // 5)}")),
        "core_temp_c": round(36.4 - 0.9 * cooling + 0.9 * warming, 1),
        "spo2_pct": 99 if wobble(f"o {key}") > -0.5 else 98,
        "etco2_mmhg": 35 + round(wobble(f"c {int(minute // 4)}")),
        "bispectral_index": 44 + round(6 * wobble(f"b {int(minute // 2)}")),
    }
    if minute % 60 == 0 and minute >= clock("09:00"):
        hours = (minute - clock("09:00")) / 60
        row["ebl_ml"] = round(180 * hours)
        row["hemoglobin_g_dl"] = round(11.8 - min(3.2, hours * 0.9) + max(0.0, hours - 4) * 0.18, 1)
    return row


def physiology() -> list[Json]:
    """All rows of the anesthesia record's export."""
    return [physiology_row(PHYSIOLOGY_START + index * ROW_SECONDS / 60) for index in range(PHYSIOLOGY_ROWS)]


def _reading(name: str, share: float, minute: int, later_ms: float) -> Json:
    line = LINES[name]
    if share == 0:
        return {"channel": name, "reading": {"state": "absent"}}
    return {"channel": name, "reading": line.reading(line.reference(minute) * share, line.latency_ms + later_ms)}


def _side(names: Iterable[str]) -> str:
    sides = {LINES[name].side for name in names}
    return next(iter(sides)) if len(sides) == 1 else "bilateral"


def _staff(minute: int) -> tuple[str, str]:
    """Technologist and professional on duty at a minute of the day."""
    return ("tech1" if minute < clock("13:05") else "tech2"), ("pro1" if minute < clock("13:28") else "pro2")


def _told(plan: Signal) -> list[Json]:
    tech, professional = _staff(plan.onset)
    rows = [("surgeon", "surg1", 1), ("anesthesiologist", "anes1", 1), ("interpreting_professional", professional, 2)]
    chosen = rows if plan.kind == "alert" else rows[2:]
    return [
        {
            "at": at(plan.onset + after),
            "by": tech,
            "to": role,
            "to_person": person,
            "acknowledged": "yes",
            "acknowledged_at": at(plan.onset + after + (1 if role == "anesthesiologist" else 0)),
        }
        for role, person, after in chosen
    ]


def _done(plan: Signal) -> list[Json]:
    rows: list[Json] = []
    for index, (code, actor, detail) in enumerate(plan.actions):
        row: Json = {"code": code, "at": at(plan.onset + 2 + index), "actor": actor}
        if detail:
            row["detail"] = detail
        if code == "raise_map":
            row.update(map_target_mmhg=85, agent="norepinephrine", dose=6, dose_unit="ug_min")
        if code == "steroid":
            row.update(agent="dexamethasone", dose=10, dose_unit="mg")
        rows.append(row)
    return rows


def _direction(plan: Signal) -> str:
    if plan.kind == "improvement":
        return "increase"
    return "loss" if plan.share == 0 else "decrease"


def _signal_event(plan: Signal) -> Json:
    _, professional = _staff(plan.onset)
    onset, end = plan.onset, plan.onset + plan.length
    event: Json = {
        "event_class": plan.kind,
        "modality": plan.modality,
        "channels": plan.channels,
        "side": _side(plan.channels),
        "direction": _direction(plan),
        "onset_kind": "sudden" if plan.kind == "alert" else "gradual",
        "onset_at": at(onset),
        "readings": [_reading(name, plan.share, onset, plan.later_ms) for name in plan.channels],
        "context": plan.context,
        "context_note": plan.note,
        "notifications": _told(plan),
    }
    if plan.kind == "improvement":
        event["retests"] = [
            {"at": at(end), "readings": [_reading(name, plan.share, end, 0.0) for name in plan.channels]}
        ]
        return event
    middle = plan.share + (plan.back - plan.share) * 0.55
    event["physiology"] = physiology_row(onset)
    event["interventions"] = _done(plan)
    event["retests"] = [
        {
            "at": at(moment),
            "readings": [_reading(name, share, moment, later) for name in plan.channels],
        }
        for moment, share, later in (
            (onset + plan.length // 2, middle, plan.later_ms * 0.6),
            (end, plan.back, plan.later_ms * 0.3),
        )
    ]
    event["resolution"] = {"resolution_class": plan.resolution, "at": at(end), "assigned_by": professional}
    return event


def _burst(start: str, muscle: str, side: str, context: str) -> Json:
    """Activity of a muscle that nobody stimulated."""
    name = f"emg-{muscle.replace('_', '-')}-{side[0]}"
    return {
        "event_class": "observation",
        "modality": "emg_free_run",
        "channels": [name],
        "side": side,
        "direction": "new_activity",
        "onset_kind": "sudden",
        "onset_at": at(clock(start)),
        "context": [context],
        "readings": [{"channel": name, "reading": {"state": "measured", "pattern": "burst", "duration_s": 2}}],
    }


def _occurrence(start: str, note: str) -> Json:
    """Something that the log notes and no channel shows."""
    return {
        "event_class": "occurrence",
        "side": "not_applicable",
        "direction": "none",
        "onset_at": at(clock(start)),
        "context_note": note,
    }


def build_log() -> Log:
    """All 60 events in order of onset, the messages about them, and the stretches they describe."""
    log = Log()
    found: list[tuple[int, Json]] = []
    for plan in SIGNALS:
        found.append((plan.onset, _signal_event(plan)))
        for name in plan.channels:
            log.spans.setdefault(name, []).append(Span(plan.onset - 1, plan.onset + plan.length + 1))
    found += [(clock(row["start"]), _burst(**row)) for row in TABLES["bursts"]]
    found += [(clock(row["start"]), _occurrence(**row)) for row in TABLES["occurrences"]]
    for number, (onset, event) in enumerate(sorted(found, key=lambda pair: pair[0]), start=1):
        name = f"E{number}"
        log.events.append({"id": name, **event})
        if event["event_class"] in ("alert", "change"):
            to = "surgeon" if event["event_class"] == "alert" else "interpreting_professional"
            after = 1 if to == "surgeon" else 2
            log.messages.append(
                {
                    "at": at(onset + after),
                    "from_role": "technologist",
                    "to_role": to,
                    "kind": event["event_class"],
                    "event": name,
                }
            )
    return log


def _own_times(line: Line) -> Iterator[int]:
    """Minutes at which a channel was looked at between its baselines and its closing reading."""
    first = {"ssep_upper": 570, "ssep_lower": 570, "tcmep": 544, "dwave": 800}[line.modality]
    yield from range(first, CLOSING[line.modality] - 5, 20)


def _level(line: Line, minute: int) -> float:
    """Share of the expected amplitude left over from earlier events."""
    level = 1.0
    for plan in SIGNALS:
        if line.id not in plan.channels or minute <= plan.onset + plan.length:
            continue
        level = plan.share if plan.kind == "improvement" else (plan.back if plan.resolution == "partial" else 1.0)
    return level


def channel(line: Line, spans: list[Span]) -> Json:
    """A channel with its baselines, its course and its closing reading."""
    made: Json = {"id": line.id, "modality": line.modality, "side": line.side, **line.names}
    rows: list[Json] = []

    def add(minute: int, phase: str, amplitude: float, latency: float, kind: str = "") -> None:
        row: Json = {"at": at(minute), "phase": phase}
        if kind:
            row["baseline_kind"] = kind
        rows.append({**row, "reading": line.reading(amplitude, latency)})

    early, late = (clock("07:52"), clock("08:42"))
    if line.modality == "dwave":
        add(790, "baseline", line.amplitude_uv, line.latency_ms, "opening")
    else:
        add(early, "baseline", line.amplitude_uv * (1 + 0.06 * wobble(line.id)), line.latency_ms, "pre_position")
        add(late, "baseline", line.amplitude_uv, line.latency_ms, "post_position")
    times = [*_own_times(line), CLOSING[line.modality]]
    if line.modality == "tcmep":
        times = sorted([*times, RESET])
    for minute in times:
        closing = minute == CLOSING[line.modality]
        hidden = any(span.start <= minute <= span.end for span in spans)
        blocked = line.modality.startswith("ssep") and any(start <= minute <= end for start, end in GAPS)
        if (hidden or blocked) and not closing and minute != RESET:
            continue
        wave = wobble(f"{line.id} {minute}")
        if line.modality == "tcmep" and minute == RESET:
            add(minute, "baseline", line.reference(minute), line.latency_ms, "reset")
            continue
        amplitude = line.expected(minute) * _level(line, minute) * (1 + 0.07 * wave)
        add(minute, "closing" if closing else "intraop", amplitude, line.latency_ms * (1 + 0.008 * wave))
    made["measurements"] = rows
    return made


def emg_channel(muscle: str, side: str) -> Json:
    """A free-run channel; its bursts stand with the events."""
    silent = {"state": "measured", "pattern": "silent"}
    return {
        "id": f"emg-{muscle.replace('_', '-')}-{side[0]}",
        "modality": "emg_free_run",
        "side": side,
        "muscle": muscle,
        "measurements": [
            {"at": at(clock("08:45")), "phase": "baseline", "baseline_kind": "post_position", "reading": silent},
            {"at": at(CLOSING["emg_free_run"]), "phase": "closing", "reading": silent},
        ],
    }


def communication(log: Log) -> Json:
    """The channel and the message log in order of time."""
    fixed: Json = TABLES["record"]["communication"]
    return {**fixed, "messages": sorted([*fixed["messages"], *log.messages], key=lambda row: str(row["at"]))}


def build() -> Json:
    """The whole case."""
    log = build_log()
    evoked = [channel(line, log.spans.get(line.id, [])) for line in LINES.values()]
    silent = (emg_channel(muscle, side) for muscle in TABLES["emg_muscles"] for side in SIDES)
    return {
        **TABLES["record"],
        "communication": communication(log),
        "physiology": physiology(),
        "channels": [*evoked, *silent],
        "events": log.events,
    }


def text() -> str:
    """The content of the file."""
    return json.dumps(build(), ensure_ascii=False, separators=(",", ":")) + "\n"


def main() -> None:
    """Write the file."""
    OUT.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
