"""The one rendering of numbers, times and names, so that prose, tables and figures agree to the letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from report_gen.vocab import vocabulary

__all__ = [
    "NOT_RECORDED",
    "Clock",
    "change_text",
    "counted",
    "decimals_of",
    "duration_text",
    "joined",
    "number_text",
    "percent_text",
    "quantity_text",
    "utc",
]

NOT_RECORDED = "not recorded"
MINUS = "\u2212"
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)
"""Room for the largest float; the default context refuses to round it."""
_NEAR_DAYS = 2
"""Days around the date of service in which a change of the clock concerns the case; an order signed in another season
does not."""


def _exact(number: float) -> Decimal:
    """The decimal number that a reader would write for a float; 12 significant digits undo binary noise."""
    return Decimal(f"{number:.12g}")


@lru_cache(maxsize=8192)
def number_text(number: float, *, decimals: int | None = None) -> str:
    """A number as recorded, without trailing zeros, or rounded half away from zero.

    Args:
        number: The number.
        decimals: Digits after the point for computed numbers. None prints what was recorded.
    """
    if decimals is None:
        amount = Decimal(repr(float(number))).normalize()
    else:
        amount = _exact(number).quantize(Decimal(1).scaleb(-decimals), context=_ROUNDING)
    text = f"{abs(amount):f}"
    return f"{MINUS}{text}" if amount < 0 else text


def decimals_of(number: float) -> int:
    """Digits after the point that a recorded number has."""
    return len(number_text(number).partition(".")[2])


def percent_text(number: float, *, decimals: int = 0) -> str:
    """A computed percentage such as `61%`; whole unless `decimals` asks for more."""
    return f"{number_text(number, decimals=decimals)}%"


def change_text(number: float, unit: str, *, decimals: int) -> str:
    """A change with an explicit sign, such as `+1.3 ms` or `\u221260%`; no sign when it rounds to zero."""
    body = number_text(number, decimals=decimals)
    sign = "" if body.startswith(MINUS) or not body.strip("0.") else "+"
    return f"{sign}{body}{unit}" if unit in ("", "%") else f"{sign}{body} {unit}"


def quantity_text(name: str, number: float) -> str:
    """A recorded number with the unit that its name carries."""
    entry = vocabulary("parameters").get(name)
    unit = entry.unit if entry is not None else ""
    body = number_text(number)
    if not unit:
        return body
    return f"{body}{unit}" if unit == "%" else f"{body} {unit}"


def duration_text(minutes: float) -> str:
    """An elapsed time without its sign, such as `45 s`, `7 min` or `3 h 05 min`; to the second below two minutes.

    The caller adds `before` or `after`.
    """
    seconds = int(_exact(abs(minutes) * 60).quantize(Decimal(1), context=_ROUNDING))
    if seconds < 120 and seconds % 60:
        return f"{seconds} s"
    hours, rest = divmod((seconds + 30) // 60, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"


def joined(items: Sequence[str] | Iterable[str]) -> str:
    """A list in prose: `a`, `a and b`, `a, b, and c`."""
    parts = list(items)
    if len(parts) < 3:
        return " and ".join(parts)
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"


def counted(names: Sequence[str], patterns: Sequence[str]) -> str:
    """Patterns with the number of channels that show them; those of fewer channels than the first are named."""
    by_pattern: dict[str, list[str]] = {}
    for name, pattern in zip(names, patterns, strict=True):
        by_pattern.setdefault(pattern, []).append(name)
    common = max(by_pattern, key=lambda pattern: len(by_pattern[pattern]))
    parts = [f"{common} in {len(by_pattern[common])} of {len(names)}"]
    parts.extend(f"{joined(rarer)}: {pattern}" for pattern, rarer in by_pattern.items() if pattern != common)
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Clock:
    """Renders instants as the local clock showed them.

    Attributes:
        service_date: Date of service; a time on another local date says so.
        several_offsets: The record spans a clock change, so each time names its UTC offset.
    """

    service_date: date
    several_offsets: bool

    def time(self, at: datetime) -> str:
        """A time such as `11:42`, with seconds where recorded, the day where it differs, the offset where needed.

        Days away from the case, such as an order or a clinic visit, it is a date with its time.
        """
        text = at.strftime("%H:%M:%S" if at.second else "%H:%M")
        marks: list[str] = []
        days = (at.date() - self.service_date).days
        if abs(days) > 1:
            return f"{at.date().isoformat()} {text}"
        if days:
            marks.append(f"{'+' if days > 0 else MINUS}{abs(days)} day{'s' if abs(days) != 1 else ''}")
        if self.several_offsets:
            marks.append(self.offset(at))
        return f"{text} ({', '.join(marks)})" if marks else text

    @staticmethod
    def offset(at: datetime) -> str:
        """The UTC offset of an instant, such as `UTC\u221206:00`."""
        offset = at.utcoffset() or timedelta()
        total = int(offset.total_seconds() // 60)
        hours, rest = divmod(abs(total), 60)
        return f"UTC{MINUS if total < 0 else '+'}{hours:02d}:{rest:02d}"

    @classmethod
    def of(cls, service_date: date, instants: Iterable[datetime]) -> Clock:
        """The clock of a record with these instants."""
        offsets = {at.utcoffset() for at in instants if abs((at.date() - service_date).days) <= _NEAR_DAYS}
        return cls(service_date, len(offsets) > 1)


def utc(at: datetime) -> datetime:
    """The instant in UTC, for comparison."""
    return at.astimezone(UTC)
