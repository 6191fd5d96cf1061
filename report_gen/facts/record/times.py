"""Facts of the clock: how the printed times are to be read, and times whose offset does not fit the facility's zone."""

from __future__ import annotations

from datetime import timedelta

from report_gen.case.zones import misfits
from report_gen.facts.builder import FactBuilder, number, text
from report_gen.facts.clock import offset_text

__all__ = ["derive_times"]


def derive_times(b: FactBuilder) -> None:
    """Add what tells the day and the hour of a printed time, and the times that do not fit the zone."""
    clock, values = b.clock, []
    if clock.changes:
        values.append(text("changes", "; ".join(clock.change_text(change) for change in clock.changes)))
    if clock.day is not None and clock.turn is not None:
        next_day = (clock.day + timedelta(days=1)).isoformat()
        values.append(text("turn", f"times from 00:00 to {clock.turn_text()} are of {next_day}"))
    if clock.day is not None and b.case.encounter.date_of_service is None:
        values.append(
            text("day", f"times without a date are of {clock.day.isoformat()}, the day of the first one recorded")
        )
    if values:
        b.compute(
            "case.time_notes",
            "case.time_notes",
            "/encounter/time_zone",
            values,
            formula="changes of the zone within the record; the full hour after the last time past midnight",
            inputs=["encounter.time_zone", "encounter.date_of_service"],
        )
    for misfit in misfits(b.case, b.instants, clock.day):
        stamped, of_zone = offset_text(misfit.stamped), offset_text(misfit.of_zone)
        b.compute(
            f"case.offsets.{_id_part(misfit.stamped)}.{_id_part(misfit.of_zone)}",
            "case.offsets",
            misfit.pointer,
            [
                text("stamped", stamped),
                text("of_zone", of_zone),
                text("zone", b.case.encounter.time_zone or ""),
                number("count", misfit.count, str(misfit.count)),
            ],
            formula="offset that the times bear, and that of the zone at those times",
            inputs=["encounter.time_zone"],
            group="case",
            status="sound" if misfit.sound else "doubtful",
        )


def _id_part(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'m' if minutes < 0 else 'p'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
