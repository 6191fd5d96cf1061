"""Rules on units: rounding, the least and the most that may be reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from report_gen.claim.checks.parameters import number_by, texts
from report_gen.claim.minutes.units import TimeRule, time_rule, time_units
from report_gen.claim.model import Line
from report_gen.claim.rule import Check, RuleInput, RuleVerdict, confirm, fail, not_applicable, passed
from report_gen.facts.intervals import minutes
from report_gen.rules.concepts import concepts
from report_gen.rules.model import Version
from report_gen.rules.payers import REMOTE_EXCLUSIVE

__all__ = ["CHECKS"]


def units_time(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `units_time` of rules/units.toml."""
    of_day, day = TimeRule.of(version), claim.record.date_of_service
    for line in _time_lines(claim, of_day):
        length = _capped(claim, line)
        midpoint, completed = (of_day.units_by(line.concept, length, way) for way in ("midpoint", "completed"))
        words = f"{_min(length)} of {line.label}: {_units(line.units)}"
        of_payer = _rounding_of_payer(claim, line)
        decision = claim.profile.confirmation(f"units_time:{line.concept}", day)
        if midpoint == completed:
            yield passed(f"{words}, by midpoint and by completed units alike.", line.facts, [line.id])
        elif of_payer:
            yield passed(f"{words}, by {line.rounding}{of_payer}.", line.facts, [line.id])
        elif decision is not None:
            on = decision.confirmed_on.isoformat()
            yield passed(f"{words}, by {line.rounding}; confirmed by the practice on {on}.", line.facts, [line.id])
        else:
            message = f"{words} by {line.rounding} (midpoint {midpoint}, completed {completed})."
            yield confirm(message, line.facts, [line.id])


def _rounding_of_payer(claim: RuleInput, line: Line) -> str:
    """Source of a line's rounding in words, where a settled policy names it. Empty: none does."""
    policy = claim.policy
    if line.concept not in policy.rounding or not policy.settled_on(claim.record.date_of_service):
        return ""
    if policy.known or policy.confirmed_on is None:
        return " as the payer's settled policy says"
    # One coding vendor rounds this service so; the answers of CMS of 2012-12-17 do not speak of a midpoint.
    doubt = "; CMS has not confirmed it" if (line.concept, line.rounding) == (REMOTE_EXCLUSIVE, "midpoint") else ""
    return f", which the practice confirmed on {policy.confirmed_on.isoformat()}{doubt}"


def minimum_units(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `minimum_units` of rules/units.toml."""
    lines = _time_lines(claim, time_rule(claim.record.date_of_service))
    empty = [line for line in lines if not line.units]
    for line in empty:
        yield fail(f"{_min(line.minutes or 0.0)} of {line.label} give no unit.", line.facts, [line.id])
    for person in dict.fromkeys(attention.person for attention in claim.minutes.attention):
        attentions = [attention for attention in claim.minutes.attention if attention.person == person]
        counted = minutes(span for attention in attentions for span in attention.every)
        if counted and not any(line.person == person for line in claim.monitoring):
            facts = dict.fromkeys(fact for attention in attentions for fact in attention.facts)
            words = "give no unit: the payer takes no such service, or the person cannot report it"
            yield fail(f"{_min(counted)} of a professional {words}.", facts)
    full = [line for line in lines if line.units]
    if full and not empty:
        facts = dict.fromkeys(fact for line in full for fact in line.facts)
        yield passed("Every line of monitoring time holds at least one unit.", facts, [line.id for line in full])


def unit_limit(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `unit_limit` of rules/units.toml."""
    limits, medicare = number_by(version, "units_per_day"), texts(version, "medicare_only")
    payer = claim.record.payer
    is_medicare = payer is not None and payer.payer_class == "medicare_ffs"
    for (_, concept), lines in _by_person(claim.monitoring).items():
        if concept not in limits or (concept in medicare and not is_medicare):
            continue
        total, most, ids = sum(line.units for line in lines), limits[concept], [line.id for line in lines]
        facts = dict.fromkeys(fact for line in lines for fact in line.facts)
        if total <= most:
            yield passed(f"{_units(total)} of {lines[0].label}, of {most} a day.", facts, ids)
        elif most:
            yield confirm(f"{_units(total)} of {lines[0].label}: more than the {most} a day of the table.", facts, ids)
        else:
            yield fail(f"{_units(total)} of {lines[0].label}, of which Medicare takes none.", facts, ids)


def day_cap(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `day_cap` of rules/units.toml."""
    cap = claim.policy.cap_min_per_day
    if cap is None:
        yield not_applicable("The payer's policy names no cap on minutes a day.")
        return
    counted = minutes(span for attention in claim.minutes.attention for span in attention.every)
    lines = [line for line in claim.monitoring if line.units]
    billed, ids = sum(_capped(claim, line) for line in lines), [line.id for line in lines]
    facts = dict.fromkeys(fact for line in lines for fact in line.facts)
    if billed > cap:
        message = f"{_min(billed)} behind the lines, of {_min(cap)} a day that the payer takes."
        yield fail(message, facts, ids, _within(claim, lines, cap))
    elif counted > cap:
        yield confirm(
            f"{_min(counted)} counted, {_min(cap)} a day taken by the payer: the rest is left out.", facts, ids
        )
    else:
        yield passed(f"{_min(counted)} counted, within {_min(cap)} a day.", facts, ids)


def _within(claim: RuleInput, lines: Iterable[Line], cap: float) -> str:
    """The reductions that keep a day within the cap: lines in the order of the claim, until it is reached."""
    left, steps = cap, []
    for line in lines:
        length = min(_capped(claim, line), left)
        left -= length
        if length < _capped(claim, line):
            units, _ = time_units(line.concept, length, claim.policy, claim.record.date_of_service)
            steps.append(f"reduce {line.id} to {_min(length)}, {_units(units)}" if length else f"leave {line.id} out")
    words = "; ".join(steps)
    return f"{words[0].upper()}{words[1:]}; or confirm the cap in the payer's current manual."


def base_unit_limit(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `base_unit_limit` of rules/units.toml."""
    for (_, concept), lines in _by_person(claim.bases).items():
        known = concepts().get(concept)
        total, ids = sum(line.units for line in lines), [line.id for line in lines]
        facts = dict.fromkeys(fact for line in lines for fact in line.facts)
        if known is None or known.mue is None:
            yield confirm(f"No limit is known for {lines[0].label}.", facts, ids)
        elif total > known.mue:
            words = f"{_units(total)} of {lines[0].label}: more than the {known.mue} a day of the table."
            yield fail(words, facts, ids)
        else:
            yield passed(f"{_units(total)} of {lines[0].label}, of {known.mue} a day.", facts, ids)


def _time_lines(claim: RuleInput, of_day: TimeRule) -> list[Line]:
    return [line for line in claim.monitoring if line.concept in of_day.unit_min and line.minutes is not None]


def _capped(claim: RuleInput, line: Line) -> float:
    """Minutes behind the units of a line, as `time_units` takes them."""
    cap, length = claim.policy.cap_min_per_day, line.minutes or 0.0
    return length if cap is None else min(length, cap)


def _by_person(lines: Iterable[Line]) -> dict[tuple[str, str], list[Line]]:
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.person, line.concept), []).append(line)
    return groups


def _min(length: float) -> str:
    return f"{round(length, 1):g} min"


def _units(count: int) -> str:
    return f"{count} unit{'' if count == 1 else 's'}"


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "units_time": units_time,
        "minimum_units": minimum_units,
        "unit_limit": unit_limit,
        "day_cap": day_cap,
        "base_unit_limit": base_unit_limit,
    }
)
