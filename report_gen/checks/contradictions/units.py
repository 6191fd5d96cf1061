"""Values in another unit than their field's: a whole response against its homologue, one value against its baseline.

A percentage of baseline above a thousand is no reading of a response until somebody says so (clinical reference §2.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.responses import homologues
from report_gen.checks.subjects import named
from report_gen.checks.units import Slip, by_ratio, slips
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.changes import MOST_PERCENT
from report_gen.facts.views.courses import Reading, ResponseCourse
from report_gen.vocab import compared_parameters, vocabulary

__all__ = ["UNIT_CHECKS", "Slips"]


@dataclass(frozen=True, slots=True)
class Whole:
    """A response all of whose values look like another unit."""

    quantity: str
    slip: Slip
    other: Fact
    """The homologue that tells."""
    count: int
    """Values that it has."""


@dataclass(frozen=True, slots=True)
class Single:
    """One value that would fit the others of its response in another unit."""

    fact: Fact
    quantity: str
    slip: Slip
    readings: tuple[str, ...]
    """Readings that are not judged while it is in doubt."""
    compared: str
    """What it is compared with, in words."""


@dataclass(frozen=True, slots=True)
class Slips:
    """Where the values of a case look like another unit than their field's; found once for all checks that ask."""

    whole: Mapping[str, Whole]
    """By response."""
    single: Mapping[str, Single]
    """Single values that would fit in another unit, by the response."""
    doubted: frozenset[str]
    """Ids of the readings that are not judged while their unit, or that of their baseline, is in doubt."""

    @classmethod
    def of(cls, facts: Facts) -> Slips:
        """The slips of a case."""
        channels = facts.of_kind("channel")
        numbers = {
            (channel.id, quantity): values
            for channel in channels
            for quantity, values in _numbers(facts, channel).items()
        }
        whole: dict[str, Whole] = {}
        paired: set[str] = set()
        for channel in channels:
            for other in homologues(channel, channels)[:1]:
                found = _whole(facts, channel, other, numbers)
                if found is not None:
                    whole[channel.id] = found
                    paired |= {channel.id, other.id}
        right = _as_written(facts)
        single: dict[str, Single] = {}
        doubted: set[str] = set()
        for course in facts.responses:
            if course.channel.id in paired or course.channel.id in right:
                continue
            for found_one in _single(course):
                single.setdefault(course.channel.id, found_one)
                doubted |= set(found_one.readings)
        return cls(whole, single, frozenset(doubted))


def _quantities() -> tuple[str, ...]:
    """What of a response is compared with its baseline, and has another unit that it may be entered in."""
    return tuple(name for name in compared_parameters() if name in slips())


def _as_written(facts: Facts) -> set[str]:
    """Responses of which somebody answered that the value stands: what it shows is then asked about as a change."""
    return {
        channel.id
        for answer in facts.of_kind("answer")
        if answer.code("finding") == "contradiction.unit_of_value" and answer.status == "stands_as_written"
        for channel in facts.of_kind("channel")
        if channel.id in answer.inputs
    }


def _numbers(facts: Facts, channel: Fact) -> dict[str, list[float]]:
    """The values of a response in its own records; those of events are entered elsewhere, by another hand or unit."""
    found: dict[str, list[float]] = {}
    quantities = _quantities()
    for kind in ("channel.baseline", "channel.measurement", "channel.closing"):
        for fact in facts.in_group(channel.id, kind):
            for value in fact.values:
                if value.name in quantities and value.number is not None and value.number > 0:
                    found.setdefault(value.name, []).append(value.number)
    return found


def _whole(facts: Facts, channel: Fact, other: Fact, numbers: Mapping[tuple[str, str], list[float]]) -> Whole | None:
    """The unit in which all values of a response were likely entered, as its homologue tells."""
    for quantity in _quantities():
        own, theirs = numbers.get((channel.id, quantity)), numbers.get((other.id, quantity))
        if not own or not theirs:
            continue
        slip = by_ratio(quantity, median(own), median(theirs))
        agree = slip is not None and all(by_ratio(quantity, number, median(theirs)) is slip for number in own)
        if slip is not None and agree and _odder(facts, channel, other):
            return Whole(quantity, slip, other, len(own))
    return None


def _odder(facts: Facts, channel: Fact, other: Fact) -> bool:
    """Whether a response is the odd one of two: it has more unusual values, or is the later record of equals."""
    unusual = [problem.pointer for problem in facts.warnings]
    own, theirs = (sum(place.startswith(f"{row.pointer}/") for place in unusual) for row in (channel, other))
    return own > theirs or (own == theirs and _place(channel) > _place(other))


def _place(channel: Fact) -> int:
    place = channel.pointer.rpartition("/")[2]
    return int(place) if place.isdigit() else 0


def _single(course: ResponseCourse) -> Iterator[Single]:
    """Readings that would fit their baseline in another unit; or the baseline, where that explains them all."""
    compared = _compared(course)
    for quantity in _quantities():
        for baseline, rows in compared[quantity].values():
            reference = baseline.number(quantity) or 0.0
            found = [(reading, slip) for reading, value in rows if (slip := by_ratio(quantity, value, reference))]
            of_baseline = by_ratio(quantity, reference, median(value for _, value in rows))
            if of_baseline is not None and len(found) == len(rows) and _likelier(quantity, of_baseline, found):
                doubted = tuple(reading.fact.id for reading, _ in rows)
                yield Single(baseline, quantity, of_baseline, doubted, "its later values")
                continue
            for reading, slip in found:
                yield Single(reading.fact, quantity, slip, (reading.fact.id,), "its baseline")


def _compared(course: ResponseCourse) -> Mapping[str, dict[str, tuple[Fact, list[tuple[Reading, float]]]]]:
    """Of each quantity, each baseline with the readings that are compared with it, and their values."""
    found: dict[str, dict[str, tuple[Fact, list[tuple[Reading, float]]]]] = {name: {} for name in _quantities()}
    for reading in course.readings:
        baseline = reading.baseline
        if baseline is None:
            continue
        for value in reading.fact.values:
            rows = found.get(value.name)
            if rows is not None and value.number is not None and baseline.number(value.name) is not None:
                rows.setdefault(baseline.id, (baseline, []))[1].append((reading, value.number))
    return found


def _likelier(quantity: str, of_baseline: Slip, found: Sequence[tuple[Reading, Slip]]) -> bool:
    """Whether one slip of the baseline explains more than one of each reading: several readings, or a likelier unit."""
    order = slips()[quantity]
    return len(found) > 1 or order.index(of_baseline) < order.index(found[0][1])


def _of_channel(_: Facts, course: ResponseCourse, slips: Slips) -> Iterator[Fired]:
    channel, found = course.channel, slips.whole.get(course.channel.id)
    if found is None:
        return
    several = found.count > 1
    name = vocabulary("parameters").display(found.quantity)
    yield fired(
        channel.pointer,
        channel,
        found.other,
        channel=named(channel),
        all=f"all {found.count} values of" if several else "its only value of",
        quantity=f"{name} are" if several else f"{name} is",
        ratio=found.slip.ratio,
        compared=f"{'those' if several else 'that'} of the {named(found.other)}",
        unit=found.slip.unit,
    )


def _of_value(_: Facts, course: ResponseCourse, slips: Slips) -> Iterator[Fired]:
    """One value, or several, among others that fit; asked with the change that it would otherwise be."""
    found = slips.single.get(course.channel.id)
    if found is None:
        return
    of_baseline = found.fact.kind == "channel.baseline"
    time = found.fact.text("at")
    moment = f" at {time}" if time else ""
    yield fired(
        found.fact.pointer,
        found.fact,
        about=course.channel,
        channel=f"{'baseline of the ' if of_baseline else ''}{named(course.channel)}{moment}",
        value=found.fact.text(found.quantity),
        ratio=found.slip.ratio,
        compared=found.compared,
        time=moment,
        unit=found.slip.unit,
        otherwise="right as recorded" if of_baseline else "was a change noticed, and who was told",
    )


def _above(_: Facts, course: ResponseCourse, slips: Slips) -> Iterator[Fired]:
    """Values more than ten times their baseline that no other unit explains."""
    channel = course.channel
    if channel.id in slips.whole:
        return
    high = [
        reading.fact
        for reading in course.readings
        if reading.change is not None
        and reading.fact.id not in slips.doubted
        and any(
            value.number is not None and value.number > MOST_PERCENT
            for value in reading.change.values
            if value.name.endswith("_pct_of_baseline")
        )
    ]
    if high:
        time = high[0].text("at") or "a time not recorded"
        yield fired(high[0].pointer, *high, count=len(high), about=channel, channel=named(channel), time=time)


UNIT_CHECKS: Final[Checks[[Facts, ResponseCourse, Slips]]] = MappingProxyType(
    {
        "contradiction.unit_of_channel": _of_channel,
        "contradiction.unit_of_value": _of_value,
        "contradiction.percent_above_1000": _above,
    }
)
"""Contradictions between the values of a response and the unit of their field."""
