"""Mutations of numbers, units, times, durations, order, and pairs of before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from random import Random

from trials.guard.spot import Operator, Spot, put, replaced, rewrites, tails

__all__ = ["OPERATORS"]

_NUMBER = r"(?<![\w:./])\d+(?:\.\d+)?(?![\w:/]|\.\d)"
_TIME = r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
_DURATION = r"(?:\d+ h \d+ min|\d+ h|\d+ min)(?!\w)"
_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_UNITS = (
    (r"µV", ("mV", "nV", "")),
    (r"ms", ("s", "µs", "")),
    (r"min", ("h", "s", "")),
    (r"h", ("min", "s")),
    (r"%", (" mmHg", " percentage points", "‰", "")),
    (r"mA", ("µA", "V", "A", "")),
    (r"mmHg", ("cmH2O", "%", "kPa", "")),
    (r"µg/min", ("mg/min", "µg/h", "µg", "")),
    (r"µg/kg/min", ("mg/kg/min", "µg/min", "")),
    (r"mg", ("g", "µg", "")),
    (r"cm/s", ("mm/s", "m/s", "")),
    (r"dB", ("Hz", "")),
    (r"V", ("mV", "mA", "")),
    (r"Hz", ("kHz", "ms", "")),
)


def _nudged(number: str, steps: tuple[int, ...]) -> list[str]:
    places = len(number.partition(".")[2])
    found = [float(number) + step * 10.0**-places for step in steps]
    return [f"{value:.{places}f}" for value in found if value >= 0]


def _digit(number: str, rng: Random) -> list[str]:
    places = [index for index, char in enumerate(number) if char.isdigit()]
    index = rng.choice(places)
    new = rng.choice([digit for digit in "123456789" if digit != number[index]])
    return [number[:index] + new + number[index + 1 :]]


def _shifted(number: str) -> list[str]:
    value = float(number)
    return [f"{value * 10:g}", f"{value / 10:g}", f"{value * 2:g}"] if value else []


def digit_changed(spot: Spot, rng: Random) -> Iterator[str]:
    """One digit of a number is another."""
    yield from replaced(spot.outside(_NUMBER), lambda number: _digit(number, rng))


def off_by_one(spot: Spot, rng: Random) -> Iterator[str]:
    """The last place of a number is one more or one less."""
    yield from replaced(spot.outside(_NUMBER), lambda number: _nudged(number, (1, -1)))


def scaled(spot: Spot, rng: Random) -> Iterator[str]:
    """A number is ten times as much, a tenth, or double."""
    yield from replaced(spot.outside(_NUMBER), _shifted)


def rounded(spot: Spot, rng: Random) -> Iterator[str]:
    """A number loses its decimals."""
    for match in spot.outside(_NUMBER):
        new = f"{float(match.group()):.0f}"
        if float(new) != float(match.group()):
            yield put(match, new)


def other_number(spot: Spot, rng: Random) -> Iterator[str]:
    """A number is that of another fact of the case."""
    pool = sorted({number for text in spot.elsewhere() for number in re.findall(_NUMBER, text)})
    for match in spot.outside(_NUMBER):
        unlike = [number for number in pool if float(number) != float(match.group())]
        yield from (put(match, number) for number in rng.sample(unlike, min(2, len(unlike))))


def numbers_swapped(spot: Spot, rng: Random) -> Iterator[str]:
    """Two numbers of the sentence change places."""
    yield from _swapped(spot, _NUMBER, float)


def sign_changed(spot: Spot, rng: Random) -> Iterator[str]:
    """A change from baseline has the other sign, or none."""
    for match in spot.outside(r"[−+](?=\d)"):
        if float(re.match(r"[\d.]*\d", match.string[match.end() :]).group()):  # type: ignore[union-attr]
            yield put(match, "+" if match.group() == "−" else "−")
            if match.group() == "−":
                yield put(match, "")


def _swapped(spot: Spot, pattern: str, key: type[float] | type[str]) -> Iterator[str]:
    for first, second in combinations(list(spot.outside(pattern)), 2):
        if key(first.group()) != key(second.group()):
            text = spot.text
            yield (
                text[: first.start()]
                + second.group()
                + text[first.end() : second.start()]
                + first.group()
                + text[second.end() :]
            )


def wrong_word(spot: Spot, rng: Random) -> Iterator[str]:
    """A number is written in letters, and wrong."""
    for match in spot.outside(_NUMBER):
        value = float(match.group())
        words = [_WORDS[near] for near in (int(value) - 1, int(value) + 1) if 0 <= near < len(_WORDS)]
        yield from (put(match, word) for word in (*words, "several", "a few", "a dozen"))


def other_word(spot: Spot, rng: Random) -> Iterator[str]:
    """A number in letters is another."""
    words = "|".join(word for word in _WORDS[2:])
    for match in spot.outside(rf"\b(?:{words})\b", re.IGNORECASE):
        place = _WORDS.index(match.group().lower())
        yield from (put(match, _WORDS[near]) for near in (place - 1, place + 1) if near < len(_WORDS))


def unit_changed(spot: Spot, rng: Random) -> Iterator[str]:
    """A number has another unit, or none."""
    for unit, news in _UNITS:
        for match in spot.outside(rf"(?<=\d) ?{unit}(?![\w/])"):
            for new in news:
                gap = " " if match.group().startswith(" ") and new and not new.startswith(("%", " ")) else ""
                yield put(match, gap + new)


def _minutes(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _twelve(time: str) -> str:
    minutes = _minutes(time)
    return f"{(minutes // 60 - 1) % 12 + 1}:{minutes % 60:02d} {'pm' if minutes >= 720 else 'am'}"


def _times(spot: Spot) -> list[str]:
    return sorted({time for text in spot.elsewhere(how="time") for time in re.findall(_TIME, text)})


def other_time(spot: Spot, rng: Random) -> Iterator[str]:
    """A time is that of something else in the case."""
    pool = _times(spot)
    for match in spot.outside(_TIME):
        unlike = [time for time in pool if time != match.group()]
        yield from (put(match, time) for time in rng.sample(unlike, min(3, len(unlike))))


def time_shifted(spot: Spot, rng: Random) -> Iterator[str]:
    """A time is a minute, ten minutes or an hour off."""
    yield from replaced(
        spot.outside(_TIME), lambda time: [_clock(_minutes(time) + off) for off in (1, -1, 10, -10, 60, -60)]
    )


def times_swapped(spot: Spot, rng: Random) -> Iterator[str]:
    """Two times of the sentence change places: told and acknowledged, start and end."""
    yield from _swapped(spot, _TIME, str)


def twelve_hours(spot: Spot, rng: Random) -> Iterator[str]:
    """A time in the form of twelve hours is another time, or half a day off."""
    pool = _times(spot)
    for match in spot.outside(_TIME):
        unlike = [time for time in pool if time != match.group()]
        yield from (put(match, _twelve(time)) for time in rng.sample(unlike, min(1, len(unlike))))
        yield put(match, _twelve(_clock(_minutes(match.group()) + 720)))


def spoken_time(spot: Spot, rng: Random) -> Iterator[str]:
    """A time is told in words, and wrong."""
    for match in spot.outside(_TIME):
        hour = (_minutes(match.group()) // 60 - 1) % 12 + 1
        yield put(match, f"{'half past' if not match.group().endswith(':30') else 'a quarter past'} {_WORDS[hour]}")
        yield put(match, "noon" if match.group() != "12:00" else "midnight")


def duration_changed(spot: Spot, rng: Random) -> Iterator[str]:
    """A duration is another, of the case or made up."""
    pool = spot.elsewhere("duration_min", "delay_min", "monitored_min", "window_min")
    for match in spot.outside(_DURATION):
        yield from (put(match, new) for new in (*pool, "15 min", "3 h", "a few minutes") if new != match.group())


PAIR = r"(?<![\w:.])(\d[\d:.]*\d|\d)((?: [^\d\W]+|%)?) (to|and) (\d[\d:.]*\d|\d)(?![\w:.])"


def pair_swapped(spot: Spot, rng: Random) -> Iterator[str]:
    """From and to change places, within quoted words too."""
    for match in re.finditer(rf"(?:(from|between|of|”|“) )?{PAIR}", spot.text):
        lead, first, unit, joint, second = match.groups()
        if first == second or (joint == "and" and lead != "between"):
            continue
        yield put(match, f"{lead + ' ' if lead else ''}{second}{unit} {joint} {first}")


_ORDER = (
    (r"\bafter\b", ("before",)),
    (r"\bbefore\b", ("after",)),
    (r"\bat the same time as\b", ("before", "1 min after", "well after")),
    (r"\bfollowed\b", ("preceded", "came first")),
    (r"\bthen\b", ("previously",)),
    (r"\blater\b", ("earlier",)),
    (r"\bin the context of\b", ("before", "long after")),
    (r"\bstarted\b", ("ended",)),
    (r"\bended\b(?= at)", ("started",)),
    (r"\buntil\b", ("from",)),
    (r"\bat (?=\d\d:\d\d)", ("after ", "before ")),
    (r"(?<!ended )(?<!closed )\bat (?=\d\d:\d\d)", ("until ",)),
)
_AT_ONCE = (
    (r"\b\d+ min after onset", ("immediately after onset", "at the time of onset", "within seconds of onset")),
    (r"\b(told|informed|notified)\b", (r"immediately \1", r"promptly \1", r"belatedly \1")),
    (r"\backnowledged\b", ("immediately acknowledged", "eventually acknowledged")),
)

OPERATORS = (
    Operator("number", "digit changed", digit_changed),
    Operator("number", "off by one", off_by_one),
    Operator("number", "scaled", scaled),
    Operator("number", "rounded", rounded),
    Operator("number", "of another fact", other_number),
    Operator("number", "two swapped", numbers_swapped),
    Operator("number", "sign changed", sign_changed),
    Operator("number in words", "wrong word", wrong_word),
    Operator("number in words", "another word", other_word),
    Operator("unit", "changed or dropped", unit_changed),
    Operator(
        "unit",
        "of what",
        rewrites(
            (
                (r"\bof baseline amplitude\b", ("of baseline latency", "of maximum amplitude")),
                (r"\bof (?:its |their )?baseline\b(?! amplitude)", ("of the last reading", "of the opposite side")),
            )
        ),
    ),
    Operator("time", "of something else", other_time),
    Operator("time", "shifted", time_shifted),
    Operator("time", "two swapped", times_swapped),
    Operator("time", "twelve hours", twelve_hours),
    Operator("time", "in words", spoken_time),
    Operator("duration and order", "duration changed", duration_changed),
    Operator("duration and order", "order reversed", rewrites(_ORDER)),
    Operator("duration and order", "at once", rewrites(_AT_ONCE)),
    Operator("duration and order", "clause", tails(" soon afterward", " within seconds", " for the rest of the case")),
    Operator("from and to", "swapped", pair_swapped),
)
