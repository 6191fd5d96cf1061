"""Turns minutes into units of a time code, exactly."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, PositiveInt, ValidationError

from report_gen.errors import AssetError
from report_gen.rules import Version, rule
from report_gen.rules.payers import PayerPolicy, Rounding

__all__ = ["TimeRule", "time_rule", "time_units", "units"]

_MICROSECONDS: Final = 60_000_000
"""In a minute. Instants are no finer, so that rounding to it takes the float error away and nothing else."""


def units(minutes: float, unit_min: int, rounding: Rounding, over_min: float = 0) -> int:
    """Units of a time code; never negative.

    Args:
        minutes: Minutes counted, which add up over a case and need not be continuous. Below zero counts as none.
        unit_min: Minutes in a unit, at least 1.
        rounding: `midpoint`: 7.5 of 15 minutes are no unit and 8 are one, 30 of 60 are none and 31 are one.
            `completed`: 14 of 15 are none.
        over_min: Nothing is reported unless there are more minutes than this; at least 0.

    Raises:
        ValueError: `unit_min` is below 1, or the minutes are not a finite number.
    """
    if unit_min < 1:
        raise ValueError("a unit has at least one minute")
    if not float("-inf") < minutes < float("inf"):
        raise ValueError("minutes are a finite number")
    exact = _exact(minutes)
    if exact <= _exact(over_min):
        return 0
    whole, rest = divmod(exact, unit_min)
    further = rounding == "midpoint" and 2 * rest > unit_min
    return int(whole) + further


class TimeRule(BaseModel):
    """Parameters of rule `units_time`, by monitoring concept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit_min: dict[str, PositiveInt]
    """Minutes in a unit."""
    over_min: dict[str, PositiveInt]
    """Minutes that must be exceeded for anything to be reported. Not named: none."""
    rounding: dict[str, Rounding]
    """Rounding where the payer's policy names none."""

    @classmethod
    def of(cls, version: Version) -> Self:
        """The parameters of a version.

        Raises:
            AssetError: `rules.parameter`: one is missing or of another type.
        """
        try:
            return cls.model_validate(version.parameters)
        except ValidationError as error:
            raise AssetError("rules.parameter", f"units.toml: units_time: {error}") from error

    def units_by(self, concept: str, minutes: float, rounding: Rounding) -> int:
        """Units of a concept by one rounding."""
        return units(minutes, self.unit_min[concept], rounding, self.over_min.get(concept, 0))


def time_rule(day: date) -> TimeRule:
    """The parameters for services of a day; before the first version its own, since older time has no other."""
    units_rule = rule("units_time")
    return TimeRule.of(units_rule.on(day) or units_rule.versions[0])


def time_units(concept: str, minutes: float, policy: PayerPolicy, day: date) -> tuple[int, Rounding]:
    """Units of a monitoring concept by the payer's policy, and the rounding applied.

    The payer's cap on minutes a day is applied before rounding; where a day has several lines the cap is on their sum,
    which rule `day_cap` looks at.

    Args:
        concept: `mon.in_room`, `mon.remote_multi` or `mon.remote_exclusive`.
        minutes: Minutes counted for the line.
        policy: What the payer takes. A concept that it does not round is rounded by the default of rule `units_time`.
        day: Date of service.

    Raises:
        KeyError: The concept is none of time.
    """
    of_day = time_rule(day)
    rounding = next((way for name, way in policy.rounding.items() if name == concept), of_day.rounding[concept])
    capped = minutes if policy.cap_min_per_day is None else min(minutes, policy.cap_min_per_day)
    return of_day.units_by(concept, capped, rounding), rounding


def _exact(minutes: float) -> Fraction:
    return Fraction(round(minutes * _MICROSECONDS), _MICROSECONDS)
