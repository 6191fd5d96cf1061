"""The one rendering of numbers, times and names, so that prose, tables and figures agree to the letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache

from report_gen.vocab import vocabulary

__all__ = [
    "MINUS",
    "NOT_RECORDED",
    "absence_words",
    "amount_text",
    "change_text",
    "counted",
    "decimals_of",
    "duration_text",
    "joined",
    "number_text",
    "percent_text",
    "printed_decimals",
    "quantity_text",
    "utc",
]

NOT_RECORDED = "not recorded"
MINUS = "\u2212"
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)
"""Room for the largest float; the default context refuses to round it."""


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
    if number < 0:
        body = number_text(-number, decimals=decimals)
        return f"{MINUS}{body}" if body.strip("0.") else body
    if decimals is None:
        recorded = repr(abs(float(number)))
        if "e" not in recorded:
            # What most numbers are needs no decimal arithmetic; a whole number is written without its zero.
            return recorded.removesuffix(".0")
        amount = Decimal(recorded).normalize()
    else:
        amount = _exact(number).quantize(Decimal(1).scaleb(-decimals), context=_ROUNDING)
    return f"{abs(amount):f}"


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


@cache
def printed_decimals(name: str, modality: str = "") -> int | None:
    """Digits after the point with which values of a parameter are printed; None prints them as recorded.

    Args:
        name: Code of the parameter.
        modality: Code of the modality, by which amplitudes differ. Empty: not known.
    """
    entry = vocabulary("parameters").get(name)
    if entry is None or entry.decimals is None:
        return None
    known = vocabulary("modalities").get(modality) if entry.unit == "µV" else None
    return known.amplitude_decimals if known is not None else entry.decimals


def _digits(name: str, number: float, modality: str, limits: Sequence[float], significant: int) -> int | None:
    """Digits after the point of one value, as many more than its kind has as keep what it says.

    A small value keeps `significant` digits, one that is there never prints as zero, and none prints on the other
    side of a limit.
    """
    usual = printed_decimals(name, modality)
    recorded = decimals_of(number)
    if usual is None or recorded <= usual or vocabulary("parameters")[name].exact:
        return usual if usual is not None and recorded < usual else None
    most = usual + significant - 1
    digits = next((kept for kept in range(usual, most) if abs(number) >= 10 ** (significant - 1 - kept)), most)
    while digits < recorded and not _says_the_same(number, digits, limits):
        digits += 1
    return digits


def _says_the_same(number: float, digits: int, limits: Sequence[float]) -> bool:
    """Whether a rounded number is zero only where the number is, and stands to every limit as the number does."""
    rounded = float(_exact(number).quantize(Decimal(1).scaleb(-digits), context=_ROUNDING))
    if (rounded == 0) != (number == 0):
        return False
    return all((rounded > limit, rounded < limit) == (number > limit, number < limit) for limit in limits)


def amount_text(name: str, number: float, *, modality: str = "", limits: Sequence[float] = ()) -> str:
    """The same as `quantity_text`, without the unit, for a table whose header has it."""
    return number_text(number, decimals=_digits(name, number, modality, limits, 2))


def quantity_text(
    name: str, number: float, *, modality: str = "", limits: Sequence[float] = (), significant: int = 2
) -> str:
    """A recorded number with the unit that its name carries, and with the digits that its kind has.

    Args:
        name: Code of the parameter.
        number: The number in its unit.
        modality: Code of the modality, by which amplitudes differ. Empty: not known.
        limits: Limits of criteria that it is compared with; no rounding moves it onto or over one.
        significant: Digits that a small value keeps.
    """
    entry = vocabulary("parameters").get(name)
    unit = entry.unit if entry is not None else ""
    body = number_text(number, decimals=_digits(name, number, modality, limits, significant))
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


def absence_words(code: str | None, detail: str | None) -> str:
    """Why there is no value; a reason that has no code is told in the words beside it alone. Empty: no reason."""
    known = "" if code is None or (code == "other" and detail) else vocabulary("absence_reasons").display(code)
    return ", ".join(part for part in (known, detail or "") if part)


def counted(names: Sequence[str], patterns: Sequence[str]) -> str:
    """Patterns with the number of channels that show them; those of fewer channels than the first are named."""
    by_pattern: dict[str, list[str]] = {}
    for name, pattern in zip(names, patterns, strict=True):
        by_pattern.setdefault(pattern, []).append(name)
    common = max(by_pattern, key=lambda pattern: len(by_pattern[pattern]))
    parts = [f"{common} in {len(by_pattern[common])} of {len(names)}"]
    parts.extend(f"{joined(rarer)}: {pattern}" for pattern, rarer in by_pattern.items() if pattern != common)
    return "; ".join(parts)


def utc(at: datetime) -> datetime:
    """The instant in UTC, for comparison."""
    return at.astimezone(UTC)
