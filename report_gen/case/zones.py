"""The facility's time zone: whether there is one of that name, and whether the times of the record fit it.

A name counts as the IANA database spells it. The data come with the system or with the package tzdata, which every
installation brings.
"""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Final

from report_gen.case.contract.model import Case
from report_gen.case.instants import placed_instants
from report_gen.errors import AssetError, Problem

__all__ = ["OF_THE_FILE", "Misfit", "demand_zone_data", "misfits", "near_names", "zone_errors", "zone_named"]

OF_THE_FILE: Final = frozenset({"report", "answers", "origins"})
"""Parts of a case whose times tell when something was written down; no report prints them."""
_POINTER: Final = "/encounter/time_zone"
_NOT_PLACES: Final = ("posix", "right")
"""Folders of a system's database that hold every zone once more."""
_DAY: Final = timedelta(days=1)
_NEAR_DAYS: Final = 2
_MOST_SUGGESTED: Final = 3


@lru_cache(maxsize=64)
def zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone of the IANA database with this name, spelt as there; None when there is none.

    Raises:
        AssetError: `assets.time_zones`: this machine has no zones at all.
    """
    known = _names()
    if name not in known and (name.partition("/")[0] in _NOT_PLACES or _folded(name) in map(_folded, known)):
        # A file system that does not tell capitals apart would open it.
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError; a folder of zones is an OSError
        demand_zone_data()
        return None


def demand_zone_data() -> None:
    """Check that this machine knows time zones.

    Raises:
        AssetError: `assets.time_zones`: it knows none.
    """
    try:
        zoneinfo.ZoneInfo("Etc/UTC")
    except (KeyError, ValueError, OSError):
        words = "no time zones are known on this machine; install the package tzdata of the system or of Python"
        raise AssetError("assets.time_zones", words) from None


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    """Every name of the database, as the package tzdata lists it; without it as the system holds them."""
    try:
        folder = Path(str(import_module("tzdata").__file__)).parent
        listed = (folder / "zones").read_text(encoding="utf-8")
    except (ImportError, OSError):
        return frozenset(zoneinfo.available_timezones())
    return frozenset(listed.split())


def _folded(name: str) -> str:
    return name.casefold().replace(" ", "_")


def near_names(name: str) -> tuple[str, ...]:
    """Names of the database that may be meant, the likeliest first, at most three."""
    # Only a wrong name needs it.
    from difflib import SequenceMatcher, get_close_matches

    given, known = _folded(name), sorted(_names())
    place = given.rpartition("/")[2]
    folded = {_folded(each): each for each in known}
    exact = [folded[given]] if given in folded else []
    same_place = [each for each in known if _folded(each).rpartition("/")[2] == place]
    close = [folded[each] for each in get_close_matches(given, folded, n=_MOST_SUGGESTED, cutoff=0.8)]
    places = {_folded(each).rpartition("/")[2]: each for each in reversed(known) if "/" in each}
    close_place = [places[each] for each in get_close_matches(place, places, n=_MOST_SUGGESTED, cutoff=0.8)]
    close_place.sort(key=lambda each: -SequenceMatcher(None, given, _folded(each)).ratio())
    return tuple(dict.fromkeys([*exact, *same_place, *close, *close_place]))[:_MOST_SUGGESTED]


def zone_errors(case: Case) -> Iterator[Problem]:
    """A problem when the facility's time zone is none; a case that states none has no problem.

    Raises:
        AssetError: `assets.time_zones`: this machine has no zones at all.
    """
    name = case.encounter.time_zone
    if name is None or zone_named(name) is not None:
        return
    meant = near_names(name)
    group = any(each.startswith(f"{name}/") for each in _names())
    expected = "a time zone of the IANA database, such as America/Chicago"
    if group:
        expected += "; this is the name of a group of zones"
    action = "Name the zone of the facility; times are shown, and days and hours counted, by it."
    if meant and not group:
        action = f"{action.removesuffix('.')}; {' or '.join(f'`{each}`' for each in meant)} may be meant."
    yield Problem("case.unknown_time_zone", "error", _POINTER, expected, action)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Times that bear an offset which the facility's zone did not have then."""

    stamped: timedelta
    """Offset from UTC that the times bear."""
    of_zone: timedelta
    """Offset that the zone had at those times."""
    count: int
    """Number of such times."""
    pointer: str
    """JSON pointer to the first of them."""
    sound: bool
    """Whether the instants may still be right: the offset is that of UTC, or one that the zone had within a day of
    each of the times, as on a machine that was not set to the new time, or no time of the case itself is concerned."""


def misfits(case: Case, by_part: Mapping[str, Iterable[datetime]], day: date | None) -> tuple[Misfit, ...]:
    """Times of a record whose offset from UTC is not that of the facility's zone then, by the two offsets.

    Args:
        case: The case. One without a zone has no misfit.
        by_part: Its instants, by part.
        day: Day of the case. Times more than two days from it, such as that of an order, are no times of the case
            itself. None: not known, so that every time is.
    """
    name = case.encounter.time_zone
    zone = zone_named(name) if name is not None else None
    if zone is None or _fit(
        zone, (at for part, moments in by_part.items() if part not in OF_THE_FILE for at in moments)
    ):
        return ()
    counts: Counter[tuple[timedelta, timedelta]] = Counter()
    firsts: dict[tuple[timedelta, timedelta], str] = {}
    sound: dict[tuple[timedelta, timedelta], bool] = {}
    for pointer, at in placed_instants(case, without=OF_THE_FILE):
        stamped, offset = at.utcoffset(), _offset(zone, at)
        if stamped is None or stamped == offset:
            continue
        key = (stamped, offset)
        counts[key] += 1
        firsts.setdefault(key, pointer)
        far = day is not None and abs((at.date() - day).days) > _NEAR_DAYS
        may_hold = far or not stamped or stamped in (_offset(zone, at - _DAY), _offset(zone, at + _DAY))
        sound[key] = sound.get(key, True) and may_hold
    return tuple(Misfit(*key, count, firsts[key], sound[key]) for key, count in counts.items())


def _fit(zone: zoneinfo.ZoneInfo, moments: Iterable[datetime]) -> bool:
    """Whether each instant has the zone's offset; one is tried of each quarter of an hour."""
    tried = {(at.utcoffset(), at.date(), at.hour, at.minute // 15): at for at in moments}
    return all(offset == _offset(zone, at) for (offset, *_), at in tried.items())


def _offset(zone: zoneinfo.ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(UTC).astimezone(zone).utcoffset() or timedelta()
