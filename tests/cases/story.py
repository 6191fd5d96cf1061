"""Claim cases for tests: a base case with edits by JSON pointer, on any date of service."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from report_gen import Case, load_case
from report_gen.claim.assess import assess
from report_gen.claim.model import Assessment
from report_gen.claim.practice.profile import Profile
from report_gen.claim.record import ClaimRecord, read_record
from report_gen.facts import derive
from report_gen.facts.model import Facts
from report_gen.life import ReportLife
from tests.cases.edits import drop, moved, put, stamped

CLAIMS = Path(__file__).resolve().parents[2] / "samples" / "claims"
BASE = "remote_medicare"
"""The case that every test starts from: a remote professional, one patient at a time, Medicare, all of it recorded."""


def at(clock: str, day: str = "2026-09-15") -> str:
    """A time of the stories such as `09:40`, as the case file writes it."""
    return f"{day}T{clock}:00-07:00"


@cache
def _raw(name: str) -> str:
    return (CLAIMS / f"{name}.json").read_text(encoding="utf-8")


def data(name: str = BASE) -> dict[str, Any]:
    """A claim story as raw data, to be changed at will."""
    loaded: dict[str, Any] = json.loads(_raw(name))
    return loaded


def _edited(name: str, edits: Mapping[str, Any] | None, removed: Sequence[str], on: date | None) -> bytes:
    raw = data(name)
    if on is not None:
        encounter = raw["encounter"]
        raw = moved(raw, on - date.fromisoformat(encounter["date_of_service"]))
        raw = stamped(raw, ZoneInfo(encounter["time_zone"]))
    for pointer in removed:
        drop(raw, pointer)
    for pointer, value in (edits or {}).items():
        put(raw, pointer, value)
    return json.dumps(raw).encode()


@lru_cache(maxsize=64)
def _derived(content: bytes) -> tuple[Facts, ReportLife]:
    case = load_case(content)
    return derive(case), ReportLife.stated(case)


def edited(
    name: str = BASE,
    edits: Mapping[str, Any] | None = None,
    removed: Sequence[str] = (),
    on: date | None = None,
) -> Case:
    """A claim story with edits, moved to a date of service when one is given. Edits come after the move."""
    return load_case(_edited(name, edits, removed, on))


def facts(
    name: str = BASE,
    edits: Mapping[str, Any] | None = None,
    removed: Sequence[str] = (),
    on: date | None = None,
) -> Facts:
    """Facts of such a case; they cannot be changed, so that tests of the same case share them."""
    return _derived(_edited(name, edits, removed, on))[0]


def recorded(
    name: str = BASE,
    edits: Mapping[str, Any] | None = None,
    removed: Sequence[str] = (),
    on: date | None = None,
) -> ClaimRecord:
    """What billing reads of such a case, with the life of its report as the file states it."""
    return read_record(*_derived(_edited(name, edits, removed, on)))


def assessed(
    name: str = BASE,
    edits: Mapping[str, Any] | None = None,
    removed: Sequence[str] = (),
    on: date | None = None,
    *,
    profile: Profile | None = None,
) -> Assessment:
    """What is found of such a case, with the life of its report as the file states it."""
    found, life = _derived(_edited(name, edits, removed, on))
    return assess(found, profile, life=life)


def of_case(case: Case, profile: Profile | None = None) -> Assessment:
    """What is found of any case, with the life of its report as the file states it."""
    return assess(derive(case), profile, life=ReportLife.stated(case))
