"""Physiology at baseline, at each event and at closing (clinical reference §10 fact 23)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from report_gen.case.contract.physiology import PHYSIOLOGY_VALUES, PhysiologyRow, TrainOfFour
from report_gen.case.contract.signals import Channel
from report_gen.facts.builder import FactBuilder, number, terms, text
from report_gen.facts.model import Value
from report_gen.facts.row_ids import own_part
from report_gen.facts.signals.naming import ChannelView
from report_gen.facts.wording import NOT_RECORDED, number_text, quantity_text, utc
from report_gen.vocab import vocabulary

__all__ = ["NEAREST_ROW_MIN", "NeuromuscularBlock", "PhysiologyTrack", "TimedPhysiology", "derive_snapshots"]

NEAREST_ROW_MIN = 15
"""Greatest distance in minutes between a moment and the physiology row printed for it: the proposed charting cadence
(clinical reference §1.7 item 6)."""
_OPENING_KINDS = ("post_position", "opening")


@dataclass(frozen=True, slots=True)
class NeuromuscularBlock:
    """One train-of-four reading as printed."""

    at: datetime
    words: str
    fact_id: str


@dataclass(frozen=True, slots=True)
class TimedPhysiology:
    """One physiology row with a time of its own, of the chart or recorded with an event."""

    at: datetime
    """When, in UTC."""
    row: PhysiologyRow
    fact_id: str
    pointer: str
    """Its place in the case file."""


@dataclass(frozen=True, slots=True)
class PhysiologyTrack:
    """The timed physiology rows and train-of-four readings of a case, in order of time."""

    rows: tuple[TimedPhysiology, ...]
    """Rows of the chart and of events; of one time those of the chart first."""
    blocks: tuple[NeuromuscularBlock, ...]

    @classmethod
    def of(cls, b: FactBuilder, channels: Mapping[str, ChannelView]) -> PhysiologyTrack:
        """The track of a case.

        Args:
            b: Collector, for the case and its clock.
            channels: Channels by reference; train-of-four may be recorded as one.
        """
        blocks = _anesthesia_blocks(b)
        for channel in b.case.channels:
            blocks += _blocks(b, channel, channels)
        rows = sorted(_timed_rows(b), key=lambda row: row.at)
        return cls(tuple(rows), tuple(sorted(blocks, key=lambda block: utc(block.at))))

    def nearest(self, moment: datetime | None, name: str = "", *, before: bool = False) -> TimedPhysiology | None:
        """The row nearest to a moment; the earlier of two equally near; None when none is near.

        Args:
            moment: The moment. None: no row is near.
            name: Field that must be recorded in the row. Empty: any row.
            before: A row at the moment or before it goes before a later one, however near that is.
        """
        if moment is None:
            return None
        wanted = utc(moment)
        place = bisect_right(self.rows, wanted, key=lambda row: row.at)
        best: TimedPhysiology | None = None
        best_distance = NEAREST_ROW_MIN * 60.0
        for side in (range(place - 1, -1, -1), range(place, len(self.rows))):
            if best is not None and before:
                break
            for row in map(self.rows.__getitem__, side):
                distance = abs((row.at - wanted).total_seconds())
                if distance > best_distance or (best is not None and distance == best_distance):
                    break
                if not name or getattr(row.row, name) is not None:
                    best, best_distance = row, distance
                    break
        return best

    def block_before(self, moment: datetime | None) -> NeuromuscularBlock | None:
        """The last train-of-four reading no later than a moment; None without one."""
        if moment is None:
            return None
        place = bisect_right(self.blocks, utc(moment), key=lambda block: utc(block.at))
        return self.blocks[place - 1] if place else None


def _timed_rows(b: FactBuilder) -> Iterator[TimedPhysiology]:
    """Every row with a time of its own; a row of an event that has none is of that event alone."""
    ids = b.row_ids("physiology", b.case.physiology)
    for index, row in enumerate(b.case.physiology):
        if row.at is not None:
            yield TimedPhysiology(utc(row.at), row, ids[index], f"/physiology/{index}")
    for index, event in enumerate(b.case.events):
        own = event.physiology
        if own is not None and own.at is not None:
            fact_id = f"event.{own_part(event.id)}.physiology"
            yield TimedPhysiology(utc(own.at), own, fact_id, f"/events/{index}/physiology")


def _block_words(b: FactBuilder, count: int | None, ratio: float | None, where: Sequence[str], at: datetime) -> str:
    parts = [f"{count}/4" if count is not None else "", f"ratio {number_text(ratio)}%" if ratio is not None else ""]
    place = " ".join(part for part in where if part)
    return ", ".join(part for part in (*parts, place) if part) + f" at {b.clock.time(at)}"


def _anesthesia_blocks(b: FactBuilder) -> list[NeuromuscularBlock]:
    tof_readings: Sequence[TrainOfFour] = b.case.anesthesia.train_of_four if b.case.anesthesia else ()
    blocks: list[NeuromuscularBlock] = []
    for index, tof in enumerate(tof_readings):
        if tof.at is None or (tof.count is None and tof.ratio_pct is None):
            continue
        muscle = vocabulary("muscles").label(tof.muscle) if tof.muscle else ""
        side = tof.side if tof.side in ("left", "right") else ""
        words = _block_words(b, tof.count, tof.ratio_pct, (side, muscle), tof.at)
        blocks.append(NeuromuscularBlock(tof.at, words, b.row_ids("tof", tof_readings)[index]))
    return blocks


def _blocks(b: FactBuilder, channel: Channel, channels: Mapping[str, ChannelView]) -> list[NeuromuscularBlock]:
    if not vocabulary("modalities")[channel.modality].of_block:
        return []
    muscle = vocabulary("muscles").label(channel.muscle) if channel.muscle else ""
    side = channel.side if channel.side in ("left", "right") else ""
    return [
        NeuromuscularBlock(
            measurement.at,
            _block_words(
                b, measurement.reading.tof_count, measurement.reading.tof_ratio_pct, (side, muscle), measurement.at
            ),
            channels[channel.id].measurement_ids[index],
        )
        for index, measurement in enumerate(channel.measurements)
        if measurement.at is not None
        and (measurement.reading.tof_count is not None or measurement.reading.tof_ratio_pct is not None)
    ]


def _latest(moments: Sequence[datetime]) -> datetime | None:
    return max(moments, key=utc, default=None)


def _baseline_moment(b: FactBuilder) -> datetime | None:
    """The last post-position or opening baseline of the baseline intervals that the professional accepted.

    Without an accepted one with a time, the last such baseline; without those, the last baseline of another kind but a
    reset. Where some of them lie in a baseline interval, those alone count: a response whose baseline came later, such
    as one of the clamp, does not move the moment. Without times, the end of the last baseline interval.
    """
    accepted = {
        record.modality
        for record in b.case.modalities
        if record.baseline_review is not None and record.baseline_review.acceptance != "rejected"
    }
    baselines = [
        (channel.modality, measurement)
        for channel in b.case.channels
        for measurement in channel.measurements
        if measurement.phase == "baseline" and measurement.at is not None and measurement.baseline_kind != "reset"
    ]
    opening = [pair for pair in baselines if pair[1].baseline_kind in _OPENING_KINDS]
    candidates = [pair for pair in opening if pair[0] in accepted] or opening or baselines
    moments = [measurement.at for _, measurement in candidates if measurement.at is not None]
    spans = [interval for interval in b.case.intervals if interval.kind == "baseline"]
    within = [at for at in moments if any(_in(at, span.start_at, span.end_at) for span in spans)]
    ends = [span.end_at for span in spans]
    return _latest(within or moments) or _latest(ends)


def _in(at: datetime, start_at: datetime, end_at: datetime) -> bool:
    return utc(start_at) <= utc(at) <= utc(end_at)


def _closing_moment(b: FactBuilder) -> datetime | None:
    """The latest closing reading, or else the last data of any modality."""
    readings = [
        measurement.at
        for channel in b.case.channels
        for measurement in channel.measurements
        if measurement.phase == "closing" and measurement.at is not None
    ]
    ends = [record.last_data_at for record in b.case.modalities if record.last_data_at is not None]
    return _latest(readings) or _latest(ends)


def derive_snapshots(b: FactBuilder, track: PhysiologyTrack) -> None:
    """Add the recorded physiology and the neuromuscular block at baseline and at closing."""
    for label, moment in (("baseline", _baseline_moment(b)), ("closing", _closing_moment(b))):
        _snapshot(b, track, label, moment)


def _snapshot(b: FactBuilder, track: PhysiologyTrack, label: str, moment: datetime | None) -> None:
    """Each value from the row nearest to the moment that has it; a value from another row prints its own time."""
    nearest = {name: near for name in PHYSIOLOGY_VALUES if (near := track.nearest(moment, name)) is not None}
    block = track.block_before(moment)
    values: list[Value | None] = [text("label", label), b.instant("moment_at", moment)]
    inputs = [row.fact_id for row in nearest.values()]
    if nearest:
        first = next(iter(nearest.values()))
        values.append(b.instant("at", first.row.at))
        elsewhen: dict[str, str] = {}
        for name, near in nearest.items():
            amount = float(getattr(near.row, name))
            words = quantity_text(name, amount)
            at = near.row.at if near.at != first.at else None
            if at is not None:
                words = f"{words} at {b.clock.time(at)}"
                elsewhen[name] = b.clock.time(at)
            values.append(number(name, amount, words))
        values.append(terms("elsewhen", "parameters", tuple(elsewhen), ", ".join(elsewhen.values())))
    else:
        values.append(text("text", NOT_RECORDED))
    if block is not None:
        values.append(text("tof", block.words))
        inputs.append(block.fact_id)
    b.compute(
        f"physiology.at.{label}",
        "physiology.snapshot",
        "/physiology",
        values,
        formula=f"for each value the recorded row nearest to the {label} within {NEAREST_ROW_MIN} min; "
        "the last train-of-four before it",
        inputs=dict.fromkeys(inputs),
        group="physiology",
        status="nearest" if nearest else "not_recorded",
    )
