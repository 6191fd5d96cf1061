"""Statements about muscles while the neuromuscular block was complete (clinical reference §10 fact 24)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.facts.model import Fact, Facts
from report_gen.facts.signals.criteria import ATTEMPTED_STATES
from report_gen.facts.wording import utc
from report_gen.vocab import vocabulary

__all__ = ["BLOCK_CHECKS"]

_SAME_ROUND = timedelta(minutes=15)
"""A count at another site that is newer by more than this counts as recovery: the proposed charting
cadence (clinical reference §1.7 item 6)."""
_REGION_OF_LEVEL = {"cervical": "upper", "thoracic": "trunk", "lumbar": "lower", "sacral": "lower"}
_STATEMENTS = (
    "channel.baseline",
    "channel.measurement",
    "channel.closing",
    "event.reading",
    "event.retest.reading",
    "threshold",
)


@dataclass(frozen=True, slots=True)
class _BlockCount:
    """One train-of-four count."""

    at: datetime
    """Time in UTC."""
    number: float
    fact: Fact

    @property
    def region(self) -> str:
        return _region(self.fact.site)


def _region(site: str) -> str:
    """Region of the body that a muscle or level belongs to; empty when the site does not say."""
    muscle = vocabulary("muscles").get(site)
    if muscle is not None:
        return muscle.limb
    level = vocabulary("levels").get(site)
    return _REGION_OF_LEVEL.get(level.region, "") if level is not None else ""


def _motor_under_block(facts: Facts) -> Iterator[Fired]:
    """Fires once for each train-of-four of zero that a statement about muscles follows without reversal."""
    counts = _counts(facts)
    if not any(count.number == 0 for count in counts):
        return
    reversals = _reversals(facts)
    reported: set[str] = set()
    for fact, at in _statements(facts):
        last = _state_at(counts, fact, utc(at))
        if last is None or last.number != 0 or last.fact.id in reported:
            continue
        if any(last.at <= reversal <= utc(at) for reversal in reversals):
            continue
        reported.add(last.fact.id)
        yield fired(fact.pointer, fact, last.fact, time=last.fact.text("at"))


def _counts(facts: Facts) -> list[_BlockCount]:
    numbers = [(fact, fact.number("count")) for fact in facts.of_kind("tof")]
    for kind in ("channel.baseline", "channel.measurement", "channel.closing"):
        numbers += [(fact, fact.number("tof_count")) for fact in facts.of_kind(kind)]
    return [
        _BlockCount(utc(at), number, fact)
        for fact, number in numbers
        if number is not None and (at := fact.instant("at")) is not None
    ]


def _reversals(facts: Facts) -> list[datetime]:
    agents = [fact.instant("start_at") for fact in facts.of_kind("agent") if fact.status == "nmb_reversal"]
    interventions = [fact.instant("at") for fact in facts.of_kind("event.intervention") if fact.status == "reverse_nmb"]
    return [utc(at) for at in (*agents, *interventions) if at is not None]


def _statements(facts: Facts) -> Iterator[tuple[Fact, datetime]]:
    begun_at = {reading.fact.id: reading.at for chain in facts.events for reading in chain.readings}
    for kind in _STATEMENTS:
        for fact in facts.of_kind(kind):
            at = begun_at.get(fact.id) or fact.instant("at")
            stated = fact.status in (*ATTEMPTED_STATES, "threshold", "no_response")
            if at is not None and stated and _needs_block(fact.modality):
                yield fact, at
    for chain in facts.events:
        if chain.begun_at is not None and _needs_block(chain.event.modality):
            yield chain.event, chain.begun_at


def _needs_block(modality: str) -> bool:
    entry = vocabulary("modalities").get(modality)
    return entry is not None and entry.needs_tof


def _state_at(counts: Sequence[_BlockCount], statement: Fact, at: datetime) -> _BlockCount | None:
    """The count most relevant to a statement: same region and side, same region, then any site.

    Face, hand and foot recover at different times, so a count at the statement's own site goes before others; one that
    is clearly newer elsewhere goes before an old one.
    """
    before = [count for count in counts if count.at <= at]
    if not before:
        return None
    newest = max(before, key=lambda count: count.at)
    region, side = _region(statement.site), statement.side
    own_region = [count for count in before if region and count.region == region]
    own_side = [count for count in own_region if side in ("left", "right") and count.fact.side == side]
    for group in (own_side, own_region):
        if group:
            nearest = max(group, key=lambda count: count.at)
            return nearest if newest.at - nearest.at <= _SAME_ROUND else newest
    return newest


BLOCK_CHECKS: Final[Checks[[Facts]]] = MappingProxyType({"contradiction.motor_under_block": _motor_under_block})
"""Contradictions between statements about muscles and the neuromuscular block."""
