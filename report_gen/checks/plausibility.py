"""Unusual values, one finding for each response and quantity, with the unit as the first suspicion.

The limits are those of the contract; body size is held against the age (clinical reference §2, §2.6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from report_gen.checks.fired import Fired, finding_of, fired
from report_gen.checks.subjects import named
from report_gen.checks.table import CheckRule
from report_gen.checks.units import Slip, entered_in
from report_gen.errors import Problem
from report_gen.facts.model import Fact, Facts
from report_gen.finding import Finding, Source
from report_gen.vocab import vocabulary

__all__ = ["BODY_BY_AGE", "MOST_KG_PER_M2", "plausibility_findings"]

_SINCE, _CHECKED_ON = date(1990, 1, 1), date(2026, 11, 30)
_FEW: Final = 2
"""Values from which all values of a response are more than one slip."""
_BETWEEN: Final = re.compile(r"between (-?[\d.e+]+) and (-?[\d.e+]+)")
_LIMITS: Final = Source("clinical reference", "§2", _SINCE, _CHECKED_ON, "own")
_BODY: Final = Source("clinical reference", "§2.6", _SINCE, _CHECKED_ON, "own")

BODY_BY_AGE: Final[Sequence[tuple[float, tuple[float, float], tuple[float, float]]]] = (
    (1.0, (25.0, 90.0), (0.4, 15.0)),
    (4.0, (60.0, 120.0), (5.0, 30.0)),
    (8.0, (80.0, 150.0), (9.0, 60.0)),
    (13.0, (100.0, 185.0), (13.0, 120.0)),
    (18.0, (120.0, 210.0), (22.0, 200.0)),
    (200.0, (120.0, 220.0), (30.0, 250.0)),
)
"""Usual height in cm and weight in kg below an age in years. Wide on purpose: outside them another unit is likelier
than the value. Proposed; no source gives them in this form."""

MOST_KG_PER_M2: Final = 60.0
"""Weight in kg by the square of the height in m above which a slip of either unit is likelier. Proposed; no source
gives it."""


def _rule(code: str, message: str, message_several: str, question: str, *sources: Source) -> CheckRule:
    return CheckRule(
        code=code,
        origin="contract",
        gate="draft",
        severity="warn",
        ask="technologist",
        message=message,
        message_several=message_several,
        question=question,
        effective_from=_SINCE,
        sources=sources,
        concern="value",
        settled_by=("yes", "stands_as_written", "not_known"),
        on_page=True,
    )


_SOFT: Final = _rule(
    "limits.beyond_soft",
    "Unusual value{of}{times}: expected {expected}.",
    "{count} unusual values{of}{times}: expected {expected}.",
    "{ask}",
    _LIMITS,
)
_SIZE: Final = _rule("limits.beyond_soft", "Unusual value{of}{times}: expected {expected}.", "", "{ask}", _BODY)


_UNIT: Final = replace(
    _SOFT,
    gate="sign",
    severity="block",
    message=f"All values{_SOFT.message.removeprefix('Unusual value')}",
    message_several="",
)
"""Where every value of a response is unusual and would be usual in another unit: nothing is signed on such values."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Warnings about one quantity of one subject."""

    code: str
    name: str
    subject: Fact | None
    problems: list[Problem]
    facts: list[Fact]


def plausibility_findings(facts: Facts, asked: Iterable[Finding] = ()) -> Iterator[Finding]:
    """Every unusual value, grouped.

    Args:
        facts: Facts of the case, with the soft warnings that the contract gave.
        asked: Findings already made; a response whose unit is asked about is not asked about again.
    """
    doubted = {finding.subject for finding in asked if finding.code.startswith("contradiction.unit_of_")}
    for group in _groups(facts):
        finding = finding_of(_rule_of(group, facts), _fired(group), facts)
        if not (finding.subject and finding.subject in doubted):
            yield finding
    yield from (finding_of(_SIZE, firing, facts) for firing in _body(facts))


def _rule_of(group: _Group, facts: Facts) -> CheckRule:
    if group.code == _SOFT.code and _of_all(group, facts):
        return _UNIT
    if group.code == _SOFT.code:
        return _SOFT
    return _rule(group.code, _SOFT.message, _SOFT.message_several, _SOFT.question, _LIMITS)


def _of_all(group: _Group, facts: Facts) -> bool:
    """Whether the values are all that a response has of the quantity, and another unit explains them."""
    subject = group.subject
    if subject is None or subject.kind != "channel" or len(group.problems) < _FEW or _slip(group) is None:
        return False
    kinds = ("channel.baseline", "channel.measurement", "channel.closing")
    own = [fact for kind in kinds for fact in facts.in_group(subject.id, kind) if fact.number(group.name) is not None]
    return len(own) == len(group.problems)


def _groups(facts: Facts) -> list[_Group]:
    if not facts.warnings:
        return []
    places = {fact.pointer: fact for fact in reversed(facts.items) if not fact.formula}
    groups: dict[tuple[str, str, str, str], _Group] = {}
    for problem in facts.warnings:
        fact, name = _fact(places, problem.pointer), problem.pointer.rpartition("/")[2]
        subject = facts.get(fact.group) if fact is not None else None
        owner = fact.group if fact is not None else problem.pointer.rpartition("/")[0]
        key = (problem.code, owner, name, problem.expected)
        group = groups.setdefault(key, _Group(problem.code, name, subject, [], []))
        group.problems.append(problem)
        if fact is not None:
            group.facts.append(fact)
    return list(groups.values())


def _fact(places: Mapping[str, Fact], pointer: str) -> Fact | None:
    """The fact that states the place of a warning, or what it is part of."""
    while pointer:
        if pointer in places:
            return places[pointer]
        pointer = pointer.rpartition("/")[0]
    return None


def _fired(group: _Group) -> Fired:
    expected, slip = group.problems[0].expected, _slip(group)
    several = len(group.problems) > 1
    ask = "Are the values right as recorded?" if several else "Is the value right as recorded?"
    if slip is not None:
        ask = f"{'Were they' if several else 'Was it'} entered in {slip.unit}, or right as recorded?"
    return fired(
        group.problems[0].pointer,
        *group.facts[:20],
        count=len(group.problems),
        about=group.subject if group.subject is not None and group.subject.kind in ("channel", "modality") else None,
        of=_of(group),
        times=_times([fact.text("at") for fact in group.facts if fact.text("at")]),
        expected=expected,
        ask=ask,
    )


def _of(group: _Group) -> str:
    subject = group.subject
    if subject is not None and subject.kind == "channel":
        return f" of the {named(subject)}"
    if subject is not None and subject.kind == "modality":
        return f" of {subject.text('label')}"
    if group.facts and group.facts[0].kind == "agent":
        return f" of {group.facts[0].text('agent')}"
    if group.facts and group.facts[0].kind == "threshold":
        return f" at {group.facts[0].text('place')}" if group.facts[0].text("place") else ""
    return ""


def _times(times: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(times))
    if not distinct:
        return ""
    return f" at {distinct[0]}" if len(distinct) == 1 else f" from {distinct[0]} to {distinct[-1]}"


def _slip(group: _Group) -> Slip | None:
    bounds = _BETWEEN.search(group.problems[0].expected)
    values = [number for fact in group.facts if (number := fact.number(group.name)) is not None]
    if bounds is None or len(values) != len(group.problems):
        return None
    low, high = float(bounds[1]), float(bounds[2])
    return entered_in(group.name, values, lambda value: low <= value <= high)


def _body(facts: Facts) -> Iterator[Fired]:
    """Height and weight outside what is usual for the age; without an age what is usual at none."""
    body, age = facts.get("patient.body"), facts.get("patient.age")
    if body is None:
        return
    years = age.number("age_years") if age is not None else None
    rows = BODY_BY_AGE if years is None else [row for row in BODY_BY_AGE if years < row[0]][:1] or BODY_BY_AGE[-1:]
    for name, ranges in (("height_cm", [row[1] for row in rows]), ("weight_kg", [row[2] for row in rows])):
        value = body.number(name)
        low, high = min(bounds[0] for bounds in ranges), max(bounds[1] for bounds in ranges)
        if value is None or low <= value <= high:
            continue
        yield _of_body(body, name, value, (low, high), aged=years is not None)
    height, weight = body.number("height_cm"), body.number("weight_kg")
    (least, tallest), (_, heaviest) = _together(rows)
    if height is not None and weight is not None and least <= height <= tallest and weight <= heaviest:
        yield from _weight_at_height(body, height, weight)


def _together(
    rows: Sequence[tuple[float, tuple[float, float], tuple[float, float]]],
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The widest usual height and weight of some ages."""
    heights, weights = [row[1] for row in rows], [row[2] for row in rows]
    return (
        (min(low for low, _ in heights), max(high for _, high in heights)),
        (min(low for low, _ in weights), max(high for _, high in weights)),
    )


def _weight_at_height(body: Fact, height: float, weight: float) -> Iterator[Fired]:
    """Each is usual for the age, and together they are not: pounds as a rule."""
    most = MOST_KG_PER_M2 * (height / 100) ** 2
    if weight <= most:
        return
    slip = entered_in("weight_kg", [weight], lambda number: number <= most)
    yield fired(
        f"{body.pointer}/weight_kg" if not body.pointer.endswith("weight_kg") else body.pointer,
        body,
        of="",
        times="",
        expected=f"weight below {most:.0f} kg at a height of {height:g} cm",
        ask=f"Was it entered in {slip.unit}, or right as recorded?" if slip else "Is the value right as recorded?",
    )


def _of_body(body: Fact, name: str, value: float, bounds: tuple[float, float], *, aged: bool) -> Fired:
    low, high = bounds
    slip = entered_in(name, [value], lambda number: low <= number <= high)
    entry, (label, _, unit) = vocabulary("parameters").get(name), name.rpartition("_")
    at_age = " at this age" if aged else ""
    return fired(
        f"{body.pointer}/{name}" if not body.pointer.endswith(name) else body.pointer,
        body,
        of="",
        times="",
        expected=f"{entry.display if entry is not None else label} between {low:g} and {high:g} {unit}{at_age}",
        ask=f"Was it entered in {slip.unit}, or right as recorded?" if slip else "Is the value right as recorded?",
    )
