"""The targets of mean arterial pressure that a reading is held against: the standing one, and those asked for later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from report_gen.facts.fact import Fact
from report_gen.facts.index import FactIndex
from report_gen.facts.wording import utc

__all__ = ["TargetInForce", "asked_target", "pressure_target", "targets_in_force"]


@dataclass(frozen=True, slots=True)
class TargetInForce:
    """A target from the time on from which it held."""

    mmhg: float
    start_at: datetime | None
    """From when. None: the whole case, or not recorded."""
    fact: Fact
    """The standing target, or the intervention that asked for another."""


def pressure_target(facts: FactIndex, at: datetime | None) -> Fact | None:
    """The standing target of mean arterial pressure at a time. None: none is recorded, or none for that time."""
    for target in facts.of_kind("anesthesia.map_target"):
        start_at = target.instant("start_at")
        if target.text("map_mmhg") and (start_at is None or (at is not None and utc(start_at) <= utc(at))):
            return target
    return None


def asked_target(facts: FactIndex, at: datetime | None) -> Fact | None:
    """The last intervention no later than a time that asked for a target. None: none did, or the time is unknown."""
    asked = [fact for fact, moment in _asked(facts) if at is not None and utc(moment) <= utc(at)]
    return asked[-1] if asked else None


def targets_in_force(facts: FactIndex) -> tuple[TargetInForce, ...]:
    """The standing target and each that was asked for, in order of time; the same one again is not a new one."""
    found: list[TargetInForce] = []
    for target in facts.of_kind("anesthesia.map_target"):
        if (mmhg := target.number("map_mmhg")) is not None:
            found.append(TargetInForce(mmhg, target.instant("start_at"), target))
    for fact, at in _asked(facts):
        mmhg = fact.number("map_target_mmhg")
        if mmhg is not None and not (found and found[-1].mmhg == mmhg):
            found.append(TargetInForce(mmhg, at, fact))
    return tuple(found)


def _asked(facts: FactIndex) -> list[tuple[Fact, datetime]]:
    """Interventions that name a target, in order of time; one without a time sets none."""
    acts = (*facts.of_kind("event.intervention"), *facts.of_kind("intervention"))
    timed = [(fact, at) for fact in acts if fact.text("map_target_mmhg") and (at := fact.instant("at")) is not None]
    return sorted(timed, key=lambda pair: utc(pair[1]))
