"""Muscles recorded by EMG, counted into studies: full limbs, limited studies, cranial nerves by sides, larynx.

A limb is a region on a side; a muscle counts once however many modalities recorded it. How many muscles make a full
limb is general coding knowledge, so each such count asks for a confirmation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from report_gen.claim.record import ClaimRecord, Modality, Response
from report_gen.rules.studies import Route, StudyTable
from report_gen.vocab import vocabulary

__all__ = ["Placed", "Recorded", "counted", "place_muscles"]

Recorded: TypeAlias = tuple[Modality, Route, Sequence[Response]]
"""A modality of muscles, what it leads to, and its channels that were monitored."""

_LIMBS: Final = ("upper", "lower")
_SIDES: Final = ("left", "right")
_MOST_LIMBS: Final = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """A study of muscles."""

    concept: str
    """Concept id."""
    facts: tuple[str, ...]
    """Modalities and channels."""
    ask: str
    """Question for the practice. Empty: none."""
    gap: str
    """Question that only this case settles. Empty: none."""
    units: int = 1


@dataclass(frozen=True, slots=True)
class _CountedMuscle:
    """One muscle of one channel."""

    code: str
    region: str
    """`upper`, `lower`, `trunk`, `pelvic`, `cranial`, `larynx`."""
    side: str
    """`left`, `right`, or empty when the record does not say."""
    fact: str
    modality: str
    """Fact id of the modality."""
    route: Route


def place_muscles(recorded: Iterable[Recorded], record: ClaimRecord, table: StudyTable) -> tuple[Placed, ...]:
    """Studies that the muscles make: limbs first, then limited, cranial, larynx."""
    muscles = [muscle for part in recorded for muscle in _muscles_of(part, record, table)]
    return (
        *_limbs(muscles, table),
        *_cranial([muscle for muscle in muscles if muscle.region == "cranial"], table),
        *_larynx([muscle for muscle in muscles if muscle.region == "larynx"]),
    )


def counted(channels: int) -> str:
    """A number of channels in words, such as `1 channel`."""
    return f"{channels} channel{'' if channels == 1 else 's'}"


def _muscle_of(record: ClaimRecord, channel: Response) -> str:
    """Muscle of a channel, which may be named by a nerve or level and still say which muscle it records."""
    if channel.limb:
        return channel.site
    return record.facts.by_id[channel.fact].code("muscle")


def _muscles_of(recorded: Recorded, record: ClaimRecord, table: StudyTable) -> Iterator[_CountedMuscle]:
    modality, route, channels = recorded
    for channel in channels:
        code = _muscle_of(record, channel)
        if not code:
            continue
        limb = vocabulary("muscles")[code].limb
        accessory = code in table.accessory_muscles and record.family in table.accessory_families
        region = "cranial" if accessory or limb == "face" else limb
        # Limb muscles beside the motor potentials of cranial nerves are their controls and no EMG.
        if route.count == "cranial" and region not in ("cranial", "larynx"):
            continue
        side = channel.side if channel.side in _SIDES else ""
        yield _CountedMuscle(code, region, side, channel.fact, modality.fact, route)


def _facts(muscles: Sequence[_CountedMuscle]) -> tuple[str, ...]:
    return (*dict.fromkeys(muscle.modality for muscle in muscles), *dict.fromkeys(muscle.fact for muscle in muscles))


def _sideless(muscles: Sequence[_CountedMuscle]) -> str:
    count = sum(not muscle.side for muscle in muscles)
    return f"side not recorded in {counted(count)}" if count else ""


def _limbs(muscles: Sequence[_CountedMuscle], table: StudyTable) -> Iterator[Placed]:
    """Full limbs into one study by their number, all other limbs and regions into units of a limited study."""
    limbs: dict[tuple[str, str], list[_CountedMuscle]] = {}
    for muscle in muscles:
        if muscle.region in _LIMBS:
            limbs.setdefault((muscle.side, muscle.region), []).append(muscle)
    least = table.muscles_for_full_limb
    full = {key: part for key, part in limbs.items() if _count(part) >= least}
    fewer = {key: part for key, part in limbs.items() if key not in full}
    if full:
        study_muscles = [muscle for part in full.values() for muscle in part]
        ask = f"{_counts(full)}; {table.full_limb_ask}"
        yield Placed(f"emg.limb_{min(len(full), _MOST_LIMBS)}", _facts(study_muscles), ask, _sideless(study_muscles))
    regions: dict[str, list[_CountedMuscle]] = {}
    for region in table.limited_regions:
        if part := [muscle for muscle in muscles if muscle.region == region]:
            regions[region] = part
    if fewer or regions:
        of_limbs = [muscle for part in fewer.values() for muscle in part]
        study_muscles = [*of_limbs, *(muscle for part in regions.values() for muscle in part)]
        asks = [f"{_counts(fewer)}; {table.full_limb_ask}"] if fewer else []
        asks += [table.limited_region_ask] if regions else []
        facts, units = _facts(study_muscles), len(fewer) + len(regions)
        yield Placed("emg.limited", facts, "; ".join(asks), _sideless(of_limbs), units)


def _count(muscles: Sequence[_CountedMuscle]) -> int:
    return len({muscle.code for muscle in muscles})


def _counts(limbs: Mapping[tuple[str, str], Sequence[_CountedMuscle]]) -> str:
    """Muscles by limb, such as `muscles recorded: left upper limb 4, right upper limb 5`."""
    parts = (f"{side} {region} limb {_count(part)}".strip() for (side, region), part in limbs.items())
    return f"muscles recorded: {', '.join(parts)}"


def _cranial(muscles: Sequence[_CountedMuscle], table: StudyTable) -> Iterator[Placed]:
    if not muscles:
        return
    both = {muscle.side for muscle in muscles} >= set(_SIDES)
    by_emg = any(muscle.route.count == "emg" for muscle in muscles)
    asks = [] if by_emg else [muscle.route.ask for muscle in muscles]
    if any(muscle.code in table.accessory_muscles for muscle in muscles):
        asks.append(table.accessory_ask)
    concept = "emg.cranial_both" if both else "emg.cranial_one_side"
    yield Placed(concept, _facts(muscles), "; ".join(dict.fromkeys(asks)), "" if both else _sideless(muscles))


def _larynx(muscles: Sequence[_CountedMuscle]) -> Iterator[Placed]:
    if muscles:
        by_emg = any(muscle.route.count == "emg" for muscle in muscles)
        ask = "" if by_emg else "; ".join(dict.fromkeys(muscle.route.ask for muscle in muscles))
        yield Placed("emg.larynx", _facts(muscles), ask, "")
