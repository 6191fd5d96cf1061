"""The facility's clock: every time of a report is printed by it, whatever offset the record was stamped in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from report_gen.case.contract.model import Case
from report_gen.case.zones import OF_THE_FILE, zone_named
from report_gen.facts.wording import MINUS, utc

__all__ = ["Clock", "ClockChange", "names_zone", "offset_text", "span_text", "unbroken", "zone_text"]

NEAR_DAYS: Final = 2
"""Days around the case in which a change of the clock concerns it; an order signed in another season does not."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOT_OF_THE_CASE: Final = OF_THE_FILE | {
    "encounter",
    "order",
    "preoperative",
    "postoperative_examination",
    "postoperative_course",
    "linked_cases",
    "limitations",
    "adverse_effects",
    "opinion",
    "log_signature",
}
"""Parts of a record whose times lie before the case or after it; they do not say how long its night was."""
_ZONE: Final = re.compile(r"(?<=\d) (?=[A-Z]{2,5}\b|UTC)")
"""The space between a time of day and its zone."""


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A moment at which the local clock was put forward or back."""

    at: datetime
    """The instant, in UTC."""
    before: str
    """Short name of the time that ended, such as `EDT`."""
    after: str
    """Short name of the time that began."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Prints instants as the clock of the facility showed them.

    A time is `HH:MM`, with seconds where recorded; on another day than the case's its date stands before it. A case
    past midnight keeps its times without a date as long as each of them can only be of one day (`turn`). Where the
    clock was changed within the record, the times of that day name their zone: `01:30 EDT`.
    """

    zone: tzinfo | None = None
    """Zone of the facility. None: not recorded, so that times are printed as they were stamped."""
    day: date | None = None
    """Local day on which the case began. None: the record has neither a date of service nor a time."""
    turn: int | None = None
    """Minute of the day before which a time without a date is one of the next day; a full hour. None: the case does
    not pass midnight, or is so long that its times of day would not tell."""
    changes: tuple[ClockChange, ...] = ()
    """Changes of the clock within the record, in order."""
    change_days: frozenset[date] = frozenset()
    """Local days of those changes: the day just before each, and the day just after it."""
    several_offsets: bool = False
    """Without a zone: whether the times were stamped in different offsets, so that each names its own."""

    @classmethod
    def of(cls, case: Case, by_part: Mapping[str, Sequence[datetime]]) -> Clock:
        """The clock of a case, from its instants by part."""
        name = case.encounter.time_zone
        zone = zone_named(name) if name is not None else None
        plain = cls(zone)
        # On the clock once for all: a long record has some thousands of times.
        by_part = {part: [plain.local(at) for at in moments] for part, moments in by_part.items()}
        own, every = (
            [local for part, moments in by_part.items() if part not in left_out for local in moments]
            for left_out in (_NOT_OF_THE_CASE, OF_THE_FILE)
        )
        day = case.encounter.date_of_service
        if day is None and (first := min(own or every, key=utc, default=None)) is not None:
            day = first.date()
        if day is None:
            return plain
        days = {day + timedelta(days=number) for number in range(-NEAR_DAYS, NEAR_DAYS + 1)}
        near = [local for local in every if local.date() in days]
        offsets = {local.utcoffset() for local in near}
        changes = _changes(zone, sorted(near, key=utc)) if zone is not None and len(offsets) > 1 else ()
        around = [change.at - step for change in changes for step in (timedelta(seconds=1), timedelta())]
        return cls(
            zone=zone,
            day=day,
            turn=_turn(own, day),
            changes=changes,
            change_days=frozenset(plain.local(at).date() for at in around),
            several_offsets=zone is None and len(offsets) > 1,
        )

    def local(self, at: datetime) -> datetime:
        """An instant on the facility's clock; as stamped where its zone is not recorded."""
        return at if self.zone is None else at.astimezone(self.zone)

    def _days_after(self, local: datetime) -> int:
        """Local days from the day of the case to that of a local time; 0 where the day is not known."""
        return 0 if self.day is None else (local.date() - self.day).days

    def time(self, at: datetime) -> str:
        """A time such as `11:42`, with its date on a day that a time of day does not tell."""
        local = self.local(at)
        return self._time(local) if self._day_told(local) else self._dated(local)

    def minute(self, at: datetime) -> str:
        """A time as `time` prints it, without its seconds: for a summary, where the full time stands elsewhere."""
        return self.time(at.replace(second=0, microsecond=0))

    def dated(self, at: datetime) -> str:
        """A time with its date, such as `2026-11-01 01:44 EDT`."""
        return self._dated(self.local(at))

    def tick(self, at: datetime) -> str:
        """The label of an axis at a time: as the time is printed, but at midnight the day that begins."""
        local = self.local(at)
        if (local.hour, local.minute) == (0, 0):
            return day_text(local.date())
        return self._time(local)

    def row_text(self, at: datetime) -> str:
        """A time as the ids of facts have it, such as `0012+1d`: the same for one instant in whatever offset.

        Seconds only where there are any. In an hour that the clock shows twice, `r` marks the second pass.
        """
        local = self.local(at)
        days = self._days_after(local)
        seconds = f"{local.second:02d}" if local.second else ""
        return f"{local.hour:02d}{local.minute:02d}{seconds}{'r' if local.fold else ''}{f'{days:+d}d' if days else ''}"

    def _dated(self, local: datetime) -> str:
        return f"{local.date().isoformat()} {self._time(local)}"

    def _time(self, local: datetime) -> str:
        words = f"{local.hour:02d}:{local.minute:02d}"
        if local.second:
            words = f"{words}:{local.second:02d}"
        if self.several_offsets:
            return f"{words} {_utc_text(local)}"
        return f"{words} {zone_text(local)}" if self.change_days and local.date() in self.change_days else words

    def _day_told(self, local: datetime) -> bool:
        """Whether a time of day alone tells the day of an instant."""
        days = self._days_after(local)
        early = self.turn is not None and local.hour * 60 + local.minute < self.turn
        return days == (1 if early else 0)

    def turn_text(self) -> str:
        """The hour before which a time without a date is one of the next day, such as `03:00`; empty without one."""
        return "" if self.turn is None else f"{self.turn // 60:02d}:00"

    def change_text(self, change: ClockChange) -> str:
        """A change of the clock in words, such as `EDT until 02:00 on 2026-11-01, then EST`."""
        last = self.local(change.at - timedelta(microseconds=1)) + timedelta(microseconds=1)
        return f"{change.before} until {last:%H:%M} on {last.date().isoformat()}, then {change.after}"


def _turn(own: Sequence[datetime], day: date) -> int | None:
    """The full hour that parts the times after midnight from those of the day on which a case began."""
    next_day = day + timedelta(days=1)
    late = [local.hour * 60 + local.minute for local in own if local.date() == next_day]
    early = [local.hour * 60 + local.minute for local in own if local.date() == day]
    if not late or not early:
        return None
    turn = (max(late) // 60 + 1) * 60
    return turn if turn <= min(early) else None


def _changes(zone: tzinfo, near: Sequence[datetime]) -> tuple[ClockChange, ...]:
    """Changes of the clock between the first and the last of some local times, in order."""
    found: list[ClockChange] = []
    for before, after in pairwise(near):
        if before.utcoffset() != after.utcoffset():
            at = _changed_at(zone, before.astimezone(UTC), after.astimezone(UTC))
            last, first = (at - timedelta(seconds=1)).astimezone(zone), at.astimezone(zone)
            found.append(ClockChange(at, zone_text(last), zone_text(first)))
    return tuple(found)


def _changed_at(zone: tzinfo, early: datetime, late: datetime) -> datetime:
    """The first second of another offset between two instants of different offsets."""
    offset = early.astimezone(zone).utcoffset()
    low, high = int(early.timestamp()), int(late.timestamp()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, UTC).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def zone_text(local: datetime) -> str:
    """The short name of a local time, such as `EDT`; its offset from UTC in a zone whose times have no letters."""
    name = local.tzname() or ""
    return name if name.isalpha() else _utc_text(local)


def offset_text(offset: timedelta) -> str:
    """An offset from UTC, such as `+05:30`."""
    total = int(offset.total_seconds() // 60)
    hours, rest = divmod(abs(total), 60)
    return f"{MINUS if total < 0 else '+'}{hours:02d}:{rest:02d}"


def _utc_text(local: datetime) -> str:
    return f"UTC{offset_text(local.utcoffset() or timedelta())}"


def day_text(day: date) -> str:
    """A day without its year, such as `Nov 1`."""
    return f"{_MONTHS[day.month - 1]} {day.day}"


def names_zone(time: str) -> bool:
    """Whether a printed time names its zone."""
    return _ZONE.search(time) is not None


def span_text(start: str, end: str) -> str:
    """Two printed times with a dash, such as `01:45\u201301:46 EDT`; a zone that both name stands once."""
    zones = [_ZONE.split(text, maxsplit=1)[1:] for text in (start, end)]
    if zones[0] and zones[0] == zones[1]:
        start = _ZONE.split(start, maxsplit=1)[0]
    return f"{start}\u2013{end}"


def unbroken(time: str) -> str:
    """A printed time that no line breaks between the hour and its zone."""
    return _ZONE.sub("\u00a0", time)
