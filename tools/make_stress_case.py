"""Writes ``samples/valid/stress_twelve_hours.json``: the largest case the report is designed for.

    python tools/make_stress_case.py

An invented 12-hour operation on a thoracic spinal tumor with correction of a deformity: 40 channels, 2,000 physiology
rows, 60 events with whole chains. Every number comes from the tables below and a checksum, so the same bytes come out
each time.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

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


def clock(text: str) -> int:
    """Minute of the day of a time such as `09:40`."""
    hours, minutes = text.split(":")
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
    names: tuple[tuple[str, str], ...]
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


def _lines() -> list[Line]:
    rows: list[Line] = []
    for side in SIDES:
        far, letter = ("C4'-Fz" if side == "left" else "C3'-Fz"), side[0]
        lift = 1.0 if side == "left" else 1.06
        ulnar, tibial = ("nerve", "ulnar"), ("nerve", "posterior_tibial")
        sensory = (
            ("ssep-uln-n20", "ssep_upper", 2.4, 20.3, (ulnar, ("peak", "N20"), ("montage", far))),
            ("ssep-uln-n9", "ssep_upper", 3.6, 10.1, (ulnar, ("peak", "N9"), ("montage", "EPi-EPc"))),
            ("ssep-ptn-p37", "ssep_lower", 1.3, 40.2, (tibial, ("peak", "P37"), ("montage", "Cz'-Fz"))),
            ("ssep-ptn-pf", "ssep_lower", 5.2, 9.3, (tibial, ("peak", "PF"), ("montage", "PFd-PFp"))),
        )
        for name, modality, amplitude, latency, names in sensory:
            rows.append(Line(f"{name}-{letter}", modality, side, round(amplitude * lift, 2), latency, names))
        motor = (
            ("hand", "apb_adm", 1800, 22.6, 0.16),
            ("ra", "rectus_abdominis", 320, 19.8, 0.14),
            ("ip", "iliopsoas", 380, 24.1, 0.16),
            ("vl", "vastus_lateralis", 520, 26.2, 0.18),
            ("ta", "tibialis_anterior", 760, 32.4, 0.2),
            ("gc", "gastrocnemius", 430, 33.0, 0.2),
            ("ehl", "ehl", 350, 34.1, 0.22),
            ("ah", "abductor_hallucis", 690, 41.6, 0.34),
        )
        for name, muscle, amplitude, latency, fade in motor:
            value = round(amplitude * lift)
            rows.append(Line(f"mep-{name}-{letter}", "tcmep", side, value, latency, (("muscle", muscle),), fade))
    for name, electrode, amplitude, latency in (
        ("dwave-cranial", "epidural_cranial", 46, 6.2),
        ("dwave-caudal", "epidural_caudal", 24, 9.4),
    ):
        rows.append(Line(name, "dwave", "midline", amplitude, latency, (("electrode", electrode),)))
    return rows


LINES = {row.id: row for row in _lines()}
EMG = (
    "intercostal",
    "rectus_abdominis",
    "vastus_lateralis",
    "tibialis_anterior",
    "gastrocnemius",
    "abductor_hallucis",
    "anal_sphincter",
)


@dataclass(frozen=True)
class Signal:
    """One signal event as planned: the channels, how far they fell or rose, and how it ended."""

    start: str
    kind: str
    modality: str
    channels: tuple[str, ...]
    share: float
    """Amplitude in the event as a share of the baseline in force; 0 stands for an absent response."""
    context: tuple[str, ...]
    note: str
    actions: tuple[tuple[str, str, str], ...] = ()
    """What was done, by whom, with a detail, one minute apart."""
    back: float = 0.92
    """Share at the last re-test."""
    resolution: str = "within_criterion"
    later_ms: float = 0.6
    length: int = 20
    """Minutes to the last re-test."""

    @property
    def onset(self) -> int:
        """Minute of the day of the onset."""
        return clock(self.start)


def _both(*stems: str) -> tuple[str, ...]:
    return tuple(f"{stem}-{side[0]}" for stem in stems for side in SIDES)


PAUSE = ("pause_surgery", "surgeon", "")
PRESSURE = ("raise_map", "anesthesia_team", "")
BLOCK = ("tof_check", "technologist", "four of four twitches at the left adductor pollicis")
CONTROL = ("compare_control", "technologist", "hand responses of both sides present")
IMPEDANCES = ("check_electrodes", "technologist", "impedances between 1 and 3 kΩ")

SIGNALS = (
    Signal(
        "09:40",
        "alert",
        "ssep_upper",
        ("ssep-uln-n20-l", "ssep-uln-n9-l"),
        0.42,
        ("arm_position",),
        "Left arm found abducted beyond 90 degrees under the drape.",
        (IMPEDANCES, ("adjust_arm_position", "anesthesia_team", "left arm lowered, elbow padded")),
        0.97,
        "full_return",
        1.1,
        14,
    ),
    Signal(
        "10:36",
        "alert",
        "tcmep",
        ("mep-ta-r", "mep-ehl-r", "mep-ah-r"),
        0,
        ("screw_insertion",),
        "Right T9 pedicle screw being advanced.",
        (PAUSE, BLOCK, ("remove_screw", "surgeon", "right T9 screw taken out")),
        0.74,
    ),
    Signal(
        "12:20",
        "alert",
        "ssep_lower",
        _both("ssep-ptn-p37"),
        0.44,
        ("hypotension", "segmental_vessel_ligation"),
        "Ligation of segmental vessels at T9 and T10.",
        (PAUSE, PRESSURE, ("transfuse", "anesthesia_team", "two units of red cells")),
        0.81,
        later_ms=2.6,
    ),
    Signal(
        "13:42",
        "alert",
        "dwave",
        ("dwave-caudal",),
        0.45,
        ("tumor_manipulation",),
        "Tumor being mobilized from the dura at T10.",
        (PAUSE, PRESSURE, ("irrigate_warm", "surgeon", "")),
        0.79,
        later_ms=0.2,
    ),
    Signal(
        "13:50",
        "alert",
        "tcmep",
        _both("mep-ta", "mep-ehl", "mep-ah"),
        0,
        ("tumor_manipulation",),
        "Tumor still held under tension; D-wave reduced since 13:42.",
        (PAUSE, CONTROL, ("steroid", "anesthesia_team", "")),
        0.68,
        length=26,
    ),
    Signal(
        "15:02",
        "alert",
        "tcmep",
        ("mep-vl-l", "mep-ta-l", "mep-ah-l"),
        0.14,
        ("osteotomy",),
        "Osteotomy of the T10 posterior wall on the left.",
        (("stop_last_step", "surgeon", ""), BLOCK, PRESSURE),
        0.77,
    ),
    Signal(
        "15:54",
        "alert",
        "tcmep",
        _both("mep-vl", "mep-ta", "mep-gc", "mep-ah"),
        0,
        ("distraction", "derotation"),
        "Correction over the temporary rods.",
        (("release_correction", "surgeon", "both rods loosened"), CONTROL, PRESSURE),
        0.83,
        length=24,
    ),
    Signal(
        "16:44",
        "alert",
        "ssep_lower",
        ("ssep-ptn-p37-l",),
        0.41,
        ("rod_insertion",),
        "Second correction, left rod seated.",
        (IMPEDANCES, ("release_correction", "surgeon", "half of the correction given back"), PRESSURE),
        0.86,
        later_ms=2.8,
    ),
    Signal(
        "17:34",
        "alert",
        "ssep_upper",
        ("ssep-uln-n20-r",),
        0.46,
        ("arm_position",),
        "Right shoulder under the edge of the drape frame.",
        (IMPEDANCES, ("adjust_arm_position", "anesthesia_team", "right arm moved by the width of a hand")),
        0.95,
        "full_return",
        0.9,
        12,
    ),
    Signal(
        "18:06",
        "alert",
        "tcmep",
        ("mep-ehl-l", "mep-ah-l"),
        0,
        ("rod_insertion", "compression"),
        "Compression over the left side of the construct.",
        (PAUSE, BLOCK, ("release_correction", "surgeon", "compression taken off")),
        0.41,
        "partial",
        length=30,
    ),
    Signal("09:12", "change", "tcmep", ("mep-ra-l",), 0.6, ("electrocautery",), "Exposure of T8 to T12."),
    Signal("09:22", "change", "tcmep", ("mep-ip-r",), 0.58, ("exposure_step",), "Exposure of L1 to L3."),
    Signal("10:12", "change", "ssep_lower", ("ssep-ptn-p37-r",), 0.66, ("drug_bolus",), "After 50 mg of propofol."),
    Signal("11:20", "change", "tcmep", _both("mep-ah"), 0.62, ("hypothermia",), "Core temperature falling."),
    Signal("11:40", "change", "ssep_lower", ("ssep-ptn-pf-l",), 0.7, ("limb_compression",), "Left leg wrap tight."),
    Signal("12:52", "change", "tcmep", ("mep-gc-r",), 0.55, ("hypotension",), "Pressure being built up again."),
    Signal("13:30", "change", "dwave", ("dwave-caudal",), 0.78, ("tumor_manipulation",), "Dissection.", length=10),
    Signal("14:32", "change", "tcmep", ("mep-ehl-r",), 0.52, ("tumor_manipulation",), "Last part of the tumor."),
    Signal("15:30", "change", "ssep_lower", ("ssep-ptn-p37-l",), 0.69, ("rod_insertion",), "Temporary rods placed."),
    Signal("16:26", "change", "tcmep", ("mep-vl-r",), 0.5, ("derotation",), "Second correction."),
    Signal("17:06", "change", "tcmep", ("mep-gc-l",), 0.57, ("rod_insertion",), "Final rods tightened."),
    Signal("17:56", "change", "ssep_upper", ("ssep-uln-n9-l",), 0.72, ("arm_position",), "Left arm rechecked."),
    Signal("18:44", "change", "tcmep", ("mep-ip-l",), 0.61, ("anesthetic_fade",), "Eleventh hour of anesthesia."),
    Signal("19:02", "change", "ssep_lower", ("ssep-ptn-p37-r",), 0.71, ("hypothermia",), "Wound irrigated."),
    Signal("14:24", "improvement", "tcmep", ("mep-ta-r",), 1.55, ("decompression_step",), "Tumor off the cord."),
    Signal("14:46", "improvement", "tcmep", ("mep-gc-l",), 1.6, ("decompression_step",), "Tumor off the cord."),
    Signal("14:52", "improvement", "dwave", ("dwave-cranial",), 1.22, ("decompression_step",), "Tumor removed."),
    Signal("15:18", "improvement", "tcmep", ("mep-ip-r",), 1.7, ("decompression_step",), "Canal widened at T10."),
)
BURSTS = (
    ("09:16", "rectus_abdominis", "left", "exposure_step"),
    ("10:02", "intercostal", "right", "screw_insertion"),
    ("10:26", "intercostal", "left", "screw_insertion"),
    ("11:02", "rectus_abdominis", "right", "screw_insertion"),
    ("11:52", "intercostal", "left", "dissection"),
    ("12:44", "intercostal", "right", "dissection"),
    ("13:36", "rectus_abdominis", "left", "tumor_manipulation"),
    ("14:12", "anal_sphincter", "right", "tumor_manipulation"),
    ("15:40", "vastus_lateralis", "right", "rod_insertion"),
    ("16:12", "tibialis_anterior", "left", "derotation"),
    ("17:20", "gastrocnemius", "left", "rod_insertion"),
    ("18:56", "vastus_lateralis", "left", "exposure_step"),
)
HAPPENINGS = (
    ("09:02", "Incision made after the time-out."),
    ("09:30", "Fluoroscopy for level T10."),
    ("09:58", "First pedicle screw placed at L3."),
    ("10:20", "Table tilted 5 degrees to the left."),
    ("11:10", "Twentieth pedicle screw placed."),
    ("11:30", "Temporary rod on the right from T6 to L1."),
    ("12:05", "Segmental vessels of T9 on the left ligated."),
    ("12:32", "Blood gases drawn, hemoglobin 8.6 g/dL."),
    ("13:05", "Technologist hand-over, Tina Tech to Tobias Tech."),
    ("13:10", "Motor baselines taken anew before the resection."),
    ("13:28", "Professional hand-over, Nora Neuro to Nils Neuro."),
    ("14:20", "Tumor delivered in one piece."),
    ("15:10", "Cage of 40 mm prepared."),
    ("15:26", "Cage placed between T9 and T11."),
    ("16:20", "Lateral and frontal radiographs taken."),
    ("16:40", "Cell saver blood returned, 450 mL."),
    ("17:20", "Final rods tightened on both sides."),
    ("18:40", "Bone graft placed."),
    ("18:58", "Drains placed."),
    ("19:20", "Fascia closed."),
)


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
        "channels": list(plan.channels),
        "side": _side(plan.channels),
        "direction": _direction(plan),
        "onset_kind": "sudden" if plan.kind == "alert" else "gradual",
        "onset_at": at(onset),
        "readings": [_reading(name, plan.share, onset, plan.later_ms) for name in plan.channels],
        "context": list(plan.context),
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


def _chat(minute: int, roles: tuple[str, str], kind: str, text: str) -> Json:
    row: Json = {"at": at(minute), "from_role": roles[0], "to_role": roles[1], "kind": kind}
    if text:
        row["text"] = text
    return row


def build_log() -> Log:
    """All 60 events in order of onset, the messages about them, and the stretches they describe."""
    log = Log()
    found: list[tuple[int, Json]] = []
    for plan in SIGNALS:
        found.append((plan.onset, _signal_event(plan)))
        for name in plan.channels:
            log.spans.setdefault(name, []).append(Span(plan.onset - 1, plan.onset + plan.length + 1))
    for start, muscle, side, context in BURSTS:
        event: Json = {
            "event_class": "observation",
            "modality": "emg_free_run",
            "channels": [f"emg-{muscle.replace('_', '-')}-{side[0]}"],
            "side": side,
            "direction": "new_activity",
            "onset_kind": "sudden",
            "onset_at": at(clock(start)),
            "context": [context],
        }
        event["readings"] = [
            {"channel": event["channels"][0], "reading": {"state": "measured", "pattern": "burst", "duration_s": 2}}
        ]
        found.append((clock(start), event))
    for start, words in HAPPENINGS:
        event = {
            "event_class": "occurrence",
            "side": "not_applicable",
            "direction": "none",
            "onset_at": at(clock(start)),
        }
        found.append((clock(start), {**event, "context_note": words}))
    for number, (onset, event) in enumerate(sorted(found, key=lambda pair: pair[0]), start=1):
        name = f"E{number}"
        log.events.append({"id": name, **event})
        if event["event_class"] in ("alert", "change"):
            to = "surgeon" if event["event_class"] == "alert" else "interpreting_professional"
            after = 1 if to == "surgeon" else 2
            log.messages.append(_chat(onset + after, ("technologist", to), event["event_class"], "") | {"event": name})
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
    made: Json = {"id": line.id, "modality": line.modality, "side": line.side, **dict(line.names)}
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


def _recording(kind: str, bands: tuple[float, float, float], electrodes: tuple[str, ...]) -> Json:
    low, high, sweep = bands
    return {
        "electrode_type": kind,
        "low_cut_hz": low,
        "high_cut_hz": high,
        "notch_on": False,
        "sweep_ms": sweep,
        "impedances": [
            {"electrode": name, "impedance_kohm": round(1.9 + wobble(f"z {name}"), 1), "at": at(clock("07:35"))}
            for name in electrodes
        ],
    }


def _train(volts: float, pulses: int) -> Json:
    return {
        "side": "bilateral",
        "site": "C3-C4",
        "electrode_type": "corkscrew",
        "polarity": "anode over the hemisphere opposite to the recorded muscles",
        "stim_mode": "cv",
        "intensity_v": volts,
        "pulse_width_us": 75,
        **({"train_count": pulses, "isi_ms": 2.0} if pulses > 1 else {}),
    }


def _nerve(nerve: str, site: str, milliamperes: float, rate: float, *, side: str = "bilateral") -> Json:
    return {
        "side": side,
        "nerve": nerve,
        "site": site,
        "electrode_type": "subdermal needle pair",
        "stim_mode": "cc",
        "intensity_ma": milliamperes,
        "pulse_width_us": 200,
        "rate_hz": rate,
    }


def modalities() -> list[Json]:
    """The seven modalities as set up."""
    needles = "subdermal needle pair"
    screw = {
        "side": "bilateral",
        "site": "screw head",
        "electrode_type": "ball-tip probe",
        "stim_mode": "cc",
        "pulse_width_us": 200,
        "rate_hz": 3.1,
    }
    rows: tuple[tuple[str, str, int, list[Json], Json], ...] = (
        (
            "ssep_upper",
            "08:50",
            CLOSING["ssep_upper"],
            [{**_nerve("ulnar", "wrist", 24, 2.79), "sweeps": 300}],
            _recording("corkscrew", (30, 500, 50), ("C3'", "C4'", "Fz")),
        ),
        (
            "ssep_lower",
            "08:50",
            CLOSING["ssep_lower"],
            [{**_nerve("posterior_tibial", "medial malleolus", 40, 2.79), "sweeps": 300}],
            _recording("corkscrew", (30, 500, 100), ("Cz'", "Fz", "L PF", "R PF")),
        ),
        (
            "tcmep",
            "08:51",
            CLOSING["tcmep"],
            [_train(400, 5), _train(460, 6)],
            _recording(needles, (30, 1500, 100), tuple(f"{side} {name}" for side in "LR" for name in ("TA", "AH"))),
        ),
        (
            "dwave",
            "13:14",
            CLOSING["dwave"],
            [_train(120, 1)],
            _recording("epidural catheter electrode", (20, 1500, 20), ("cranial", "caudal")),
        ),
        (
            "emg_free_run",
            "08:51",
            CLOSING["emg_free_run"],
            [],
            _recording(needles, (20, 2000, 1000), tuple(f"{side} {name}" for side in "LR" for name in ("IC", "VL"))),
        ),
        (
            "emg_triggered_screw",
            "08:52",
            clock("11:24"),
            [screw],
            _recording(needles, (20, 2000, 50), ("L VL", "R VL")),
        ),
        (
            "tof",
            "08:52",
            clock("19:35"),
            [{**_nerve("ulnar", "wrist", 25, 2.0, side="left"), "train_count": 4}],
            _recording("surface", (20, 2000, 50), ("L AP",)),
        ),
    )
    made: list[Json] = []
    for code, reviewed, last, stimulation, recording in rows:
        professional = _staff(clock(reviewed))[1]
        row: Json = {"modality": code, "performed": True}
        if stimulation:
            row["stimulation"] = stimulation
        row["recording"] = recording
        row["baseline_review"] = {"by": professional, "at": at(clock(reviewed)), "acceptance": "accepted"}
        if code == "tcmep":
            row["baseline_resets"] = [
                {
                    "at": at(RESET),
                    "reason": "Slow fall of all motor amplitudes over four hours, hands included.",
                    "authorized_by": "pro1",
                }
            ]
        made.append({**row, "last_data_at": at(last)})
    return made


def screws() -> list[Json]:
    """Stimulation of 22 screws, T4 to L3 without T10."""
    levels = ("T4", "T5", "T6", "T7", "T8", "T9", "T11", "T12", "L1", "L2", "L3")
    rows: list[Json] = []
    for index, level in enumerate(levels):
        for number, side in enumerate(SIDES):
            threshold = round(13.5 + 3.5 * wobble(f"{level} {side}"), 1)
            muscle = "vastus_lateralis" if level[0] == "L" else "rectus_abdominis"
            rows.append(
                {
                    "kind": "screw",
                    "at": at(clock("11:11") + (2 * index + number) / 2),
                    "level": level,
                    "side": side,
                    "muscle": muscle,
                    "outcome": "threshold",
                    "threshold_ma": threshold,
                    "max_tested_ma": 20,
                }
            )
    return rows


def _credential(code: str, number: int, **more: str) -> Json:
    dates = {"valid_from": "2024-01-01", "valid_to": "2027-12-31"}
    return {"code": code, "number": f"TEST-{number:04d}", **more, **dates}


def people() -> list[Json]:
    """Everybody referred to."""
    rows: list[Json] = [
        {"id": "surg1", "role": "surgeon", "name": "Column, Conrad", "degree": "MD", "npi": "0000000071"},
        {"id": "surg2", "role": "assistant_surgeon", "name": "Hook, Hanna", "degree": "MD", "npi": "0000000076"},
        {"id": "anes1", "role": "anesthesiologist", "name": "Ether, Edith", "degree": "MD", "npi": "0000000013"},
    ]
    for index, name in enumerate(("Tech, Tina", "Tech, Tobias"), start=1):
        rows.append(
            {
                "id": f"tech{index}",
                "role": "technologist",
                "name": name,
                "credentials": [_credential("cnim", index)],
                "employer": "Example Neuromonitoring LLC",
            }
        )
    for index, (name, npi) in enumerate((("Neuro, Nora", "0000000011"), ("Neuro, Nils", "0000000037")), start=1):
        rows.append(
            {
                "id": f"pro{index}",
                "role": "interpreting_professional",
                "name": name,
                "degree": "MD",
                "credentials": [
                    _credential("abcn", 10 + index),
                    _credential("state_medical_license", 20 + index, state="IL"),
                ],
                "npi": npi,
                "employer": "Example Neurophysiology Associates PLLC",
                "hospital_privileges": True,
                "work_location": "remote reading room, practice office",
                "work_state": "IL",
                "work_country": "US",
            }
        )
    return rows


def times() -> Json:
    """Attendance, sessions, milestones and intervals."""
    steps = (
        ("patient_in_room", "06:35", ""),
        ("anesthesia_start", "06:40", ""),
        ("induction", "06:55", ""),
        ("intubation", "07:02", ""),
        ("position_start", "08:00", ""),
        ("position_end", "08:30", ""),
        ("timeout", "08:56", ""),
        ("incision", "09:02", ""),
        ("exposure", "09:50", ""),
        ("instrumentation", "11:10", "pedicle screws T4 to L3 placed"),
        ("decompression", "13:20", "laminectomy T9 to T11"),
        ("key_step", "14:20", "tumor of T10 removed in one piece"),
        ("implant_placed", "15:26", "cage between T9 and T11"),
        ("correction", "15:54", "first correction over temporary rods"),
        ("correction", "16:26", "second correction"),
        ("closure_start", "18:58", ""),
        ("skin_closed", "19:42", ""),
        ("extubation", "20:04", ""),
        ("out_of_room", "20:12", ""),
        ("anesthesia_end", "20:20", ""),
    )
    spans: tuple[tuple[str, str, str, Json], ...] = (
        ("setup", "07:10", "07:45", {}),
        ("baseline", "07:45", "07:58", {"baseline_kind": "pre_position"}),
        ("baseline", "08:34", "08:50", {"baseline_kind": "post_position"}),
        ("monitoring", "08:50", "19:52", {}),
        ("outage", "11:05", "11:09", {"reason": "internet_loss", "detail": "telephone used meanwhile"}),
        ("removal", "19:52", "20:03", {}),
    )
    intervals = [{"kind": kind, "start_at": at(clock(a)), "end_at": at(clock(b)), **more} for kind, a, b, more in spans]
    for start, end in GAPS:
        intervals.append(
            {
                "kind": "gap",
                "start_at": at(start),
                "end_at": at(end),
                "modalities": ["ssep_upper", "ssep_lower"],
                "reason": "cautery",
            }
        )
    session = (("pro1", "07:44", "11:00", 1), ("pro1", "11:00", "13:30", 0), ("pro2", "13:28", "19:54", 0))
    return {
        "attendance": [
            {
                "person": "tech1",
                "start_at": at(clock("06:20")),
                "end_at": at(clock("13:05")),
                "handed_over_to": "tech2",
                "other_open_cases": 0,
            },
            {"person": "tech2", "start_at": at(clock("12:58")), "end_at": at(clock("20:10")), "other_open_cases": 0},
        ],
        "professional_sessions": [
            {
                "person": person,
                "mode": "remote",
                "start_at": at(clock(start)),
                "end_at": at(clock(end)),
                "other_open_cases": count,
            }
            for person, start, end, count in session
        ],
        "other_case_sessions": [
            {
                "person": "pro1",
                "case_pseudonym": "other-case-77",
                "mode": "remote",
                "start_at": at(clock("07:30")),
                "end_at": at(clock("11:00")),
                "payer_class": "commercial",
            }
        ],
        "milestones": [
            {"code": code, "at": at(clock(text)), **({"label": label} if label else {})} for code, text, label in steps
        ],
        "intervals": intervals,
    }


def anesthesia() -> Json:
    """Regimen, agents and train-of-four readings."""
    first, last = clock("07:05"), clock("19:45")

    def infusion(agent: str, doses: tuple[float, float], unit: str, spans: tuple[int, int]) -> Json:
        return {
            "agent": agent,
            "kind": "infusion",
            "dose": doses[0],
            "dose_to": doses[1],
            "unit": unit,
            "start_at": at(spans[0]),
            "end_at": at(spans[1]),
        }

    agents: list[Json] = [
        {"agent": "propofol", "kind": "bolus", "dose": 150, "unit": "mg", "start_at": at(clock("06:55"))},
        {"agent": "rocuronium", "kind": "bolus", "dose": 40, "unit": "mg", "start_at": at(clock("06:57"))},
        infusion("propofol", (80, 130), "ug_kg_min", (first, last)),
        infusion("remifentanil", (0.1, 0.25), "ug_kg_min", (first, last)),
        {"agent": "sugammadex", "kind": "bolus", "dose": 200, "unit": "mg", "start_at": at(clock("07:40"))},
        {"agent": "propofol", "kind": "bolus", "dose": 50, "unit": "mg", "start_at": at(clock("10:08"))},
        infusion("norepinephrine", (4, 8), "ug_min", (clock("12:22"), last)),
        {"agent": "dexamethasone", "kind": "bolus", "dose": 10, "unit": "mg", "start_at": at(clock("13:54"))},
    ]
    readings = [
        {
            "at": at(minute),
            "muscle": "adductor_pollicis",
            "side": "left",
            "count": 4,
            "ratio_pct": 95 + round(3 * wobble(f"tof {minute}")),
        }
        for minute in (clock("07:48"), *range(clock("08:40"), clock("19:36"), 45), clock("19:35"))
    ]
    return {
        "regimen": "tiva",
        "agents": agents,
        "train_of_four": readings,
        "map_target": {"map_mmhg": 75, "start_at": at(clock("09:02"))},
        "start_at": at(clock("06:40")),
        "end_at": at(clock("20:20")),
        "fluids_note": "crystalloid 5200 mL, red cells 4 units, cell saver 900 mL",
    }


def criteria() -> list[Json]:
    """Alert criteria in force."""
    source = "Practice criteria 2026-01"
    rows: tuple[tuple[str, list[str], list[Json], str, str], ...] = (
        (
            "crit-ssep",
            ["ssep_upper", "ssep_lower"],
            [
                {"parameter": "amplitude_decrease_pct", "threshold": 50},
                {"parameter": "latency_increase_pct", "threshold": 10},
            ],
            "post_position",
            f"{source}: 50 % amplitude or 10 % latency, ACNS/ASNM convention",
        ),
        (
            "crit-tcmep",
            ["tcmep"],
            [{"parameter": "response_loss"}, {"parameter": "amplitude_decrease_pct", "threshold": 80}],
            "post_position",
            f"{source} after MacDonald 2017 (J Clin Neurophysiol): loss, or decrease of 80 % or more",
        ),
        (
            "crit-dwave",
            ["dwave"],
            [{"parameter": "amplitude_decrease_pct", "threshold": 50}],
            "opening",
            f"{source}: D-wave decrease of 50 % or more, IMSCT convention",
        ),
        (
            "crit-emg",
            ["emg_free_run"],
            [{"parameter": "sustained_activity"}],
            "post_position",
            f"{source}: sustained train or neurotonic discharge; no numeric consensus",
        ),
        (
            "crit-screw",
            ["emg_triggered_screw"],
            [{"parameter": "threshold_at_most_ma", "threshold": 8}],
            "post_position",
            f"{source}: lumbar screw threshold of 8 mA or less (Lee 2015 meta-analysis)",
        ),
    )
    return [
        {
            "id": name,
            "modalities": codes,
            "conditions": conditions,
            "logic": "any",
            "baseline_kind": kind,
            "reference": reference,
        }
        for name, codes, conditions, kind, reference in rows
    ]


def indications() -> list[Json]:
    """Structures at risk for each modality."""
    rows = (
        ("ssep_upper", "brachial plexus", "Arm position over twelve hours."),
        ("ssep_lower", "dorsal columns", "Tumor resection at T10 and correction."),
        ("tcmep", "corticospinal tract", "Tumor resection at T10 and correction."),
        ("dwave", "corticospinal tract", "Tumor in contact with the cord at T10."),
        ("emg_free_run", "thoracic and lumbar nerve roots", "Instrumentation T4 to L3."),
        ("emg_triggered_screw", "thoracic and lumbar nerve roots", "Twenty-two pedicle screws."),
        ("tof", "neuromuscular junction", "Motor responses depend on the neuromuscular block."),
    )
    return [{"modality": code, "structures_at_risk": [risk], "rationale": why} for code, risk, why in rows]


def communication(log: Log) -> Json:
    """The channel and the message log in order of time."""
    tech, pro, team = "technologist", "interpreting_professional", "surgical_team"
    fixed = [
        _chat(clock("07:46"), (tech, pro), "channel_test", "Voice and chat tested, waveforms visible"),
        _chat(clock("08:52"), (pro, tech), "baseline_report", "Baselines accepted"),
        _chat(clock("08:53"), (tech, team), "baseline_report", ""),
        _chat(clock("13:05"), (tech, tech), "handover", ""),
        _chat(clock("13:14"), (pro, tech), "baseline_report", "New motor baselines and D-wave accepted"),
        _chat(clock("13:29"), (pro, pro), "handover", ""),
        _chat(clock("19:51"), (tech, team), "closing_report", "Left great-toe and foot responses smaller than before"),
    ]
    messages = sorted([*fixed, *log.messages], key=lambda row: str(row["at"]))
    return {
        "channel": "voice_and_chat",
        "tested_at": at(clock("07:46")),
        "live_waveforms": True,
        "messages": messages,
    }


def _stay() -> Json:
    """Patient, encounter, order, diagnoses, state before surgery, and the operation."""
    ordered = [row["modality"] for row in indications()]
    finding = {"domain": "motor", "side": "bilateral", "site": "legs", "finding": "4 of 5", "grade_0_5": 4}
    gait = {"domain": "gait", "side": "not_applicable", "finding": "walks with one cane"}
    return {
        "patient": {
            "name": "Testcase, Zacharias",
            "mrn": "TEST-0120",
            "date_of_birth": "1968-04-21",
            "sex": "male",
            "encounter_number": "ENC-TEST-0120",
            "height_cm": 178,
            "weight_kg": 84,
        },
        "encounter": {
            "facility_name": "Example Hospital",
            "facility_npi": "0000000100",
            "operating_room": "OR 11",
            "place_of_service": "21",
            "date_of_service": "2026-03-17",
            "time_zone": "America/Chicago",
            "payer": {
                "payer_class": "commercial",
                "name": "Example Health Plan",
                "payer_id": "TEST-PAYER-02",
                "member_id": "TEST-M-120",
                "facility_in_network": True,
                "professional_in_network": True,
            },
            "authorization": {"required": True, "number": "TEST-AUTH-120"},
            "attachment_control_number": "TEST-ACN-0120",
        },
        "order": {
            "ordered_by": "surg1",
            "ordered_at": "2026-03-10T09:00:00-05:00",
            "modalities": ordered,
            "document": "Order TEST-ORD-120",
        },
        "diagnoses": [
            {
                "text": "Neoplasm of uncertain behavior of the spinal cord region at T10",
                "icd10cm": "D43.4",
                "severity": "cord displaced and compressed at T10",
            },
            {"text": "Other secondary scoliosis, lumbar region", "icd10cm": "M41.56", "severity": "58 degrees"},
        ],
        "indications": indications(),
        "preoperative": {
            "history": [{"item": "tumor"}, {"item": "spinal_deformity"}],
            "examination": {
                "availability": "performed",
                "at": "2026-03-16T15:00:00-05:00",
                "examiner": "surgeon, admission note",
                "findings": [finding, gait],
            },
            "mep_safety_screen": {"performed": True},
            "consent": {"obtained": True, "by": "tech1", "at": at(clock("06:25"))},
        },
        "surgery": {
            "procedure": "Resection of a T10 tumor in one piece, T4 to L3 instrumented fusion with correction",
            "family": "vertebral_column_resection",
            "cpt": ["63276", "22810", "22844"],
            "levels": [{"upper": "T4", "lower": "L3"}],
            "side": "midline",
            "approach": "posterior",
            "position": "prone",
            "operative_note_mentions_monitoring": True,
        },
    }


def build() -> Json:
    """The whole case."""
    log = build_log()
    evoked = [channel(line, log.spans.get(line.id, [])) for line in LINES.values()]
    return {
        "schema_version": "case.v1",
        "case_id": "stress_twelve_hours",
        "record_note": "Invented case of the largest size designed for, made by tools/make_stress_case.py.",
        "clock": "ionm_machine",
        "report": {"version": 1, "status": "draft", "drafted_at": at(clock("20:26"))},
        **_stay(),
        "people": people(),
        **times(),
        "communication": communication(log),
        "anesthesia": anesthesia(),
        "physiology": physiology(),
        "equipment": [
            {"make_model": "Example Neuro IOM-64", "software": "ExampleIOM 5.2", "safety_checked_on": "2026-01-15"}
        ],
        "criteria": criteria(),
        "modalities": modalities(),
        "channels": [*evoked, *(emg_channel(muscle, side) for muscle in EMG for side in SIDES)],
        "threshold_tests": screws(),
        "events": log.events,
        "technical_problems": [
            {
                "at": at(clock("11:05")),
                "problem": "Internet link lost",
                "remedy": "telephone to the professional until 11:09",
            }
        ],
        "adverse_effects": {"checked": True, "at": at(clock("20:03"))},
        "limitations": {
            "reviewed_at": at(clock("19:53")),
            "not_monitored": [{"structure": "bladder and bowel function", "reason": "no modality requested for it"}],
            "confounders": ["slow fall of motor amplitudes over the case, baselines taken anew at 13:10"],
        },
        "postoperative_examination": {"availability": "not_available_to_monitoring_team"},
    }


def main() -> None:
    """Write the file."""
    text = json.dumps(build(), ensure_ascii=False, separators=(",", ":"))
    OUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
