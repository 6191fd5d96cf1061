"""The 35 worked examples of the time rules, from a case file to lines and findings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from report_gen.claim.assess import assess
from report_gen.claim.minutes.count import count_minutes
from report_gen.claim.minutes.units import time_rule, time_units, units
from report_gen.claim.model import Assessment
from report_gen.claim.practice.profile import Profile, load_profile, profile_from
from report_gen.claim.record import read_record
from report_gen.facts.intervals import minutes
from report_gen.facts.model import Facts
from tests.cases.story import data, facts

TABLE = Path(__file__).with_name("worked_examples.toml")
ROWS: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["row"]
IDS = [f"{row['number']}: {row['name']}" for row in ROWS]
KEYS = {"number", "name", "payer", "monitoring", "sessions", "parts", "lines", "flags"}
MAY_HAVE = {"intervals", "others", "reader_npi", "studies", "profile", "left_out"}
WORST = ("fail", "confirm", "pass", "not_applicable")
BASE_DAY = datetime.fromisoformat("2026-09-15T00:00:00-07:00")
READER, SECOND_READER = (
    3,
    {"id": "pro2", "role": "interpreting_professional", "name": "Second, Sam", "npi": "0000000021"},
)


def _at(clock: str) -> datetime:
    hours, minute = clock.removeprefix("+").split(":")
    return BASE_DAY + timedelta(days=clock.startswith("+"), hours=int(hours), minutes=int(minute))


def _times(start: str, end: str) -> dict[str, str]:
    return {"start_at": _at(start).isoformat(), "end_at": _at(end).isoformat()}


def _intervals(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    given = row.get("intervals", [])
    first = min(_at(start) for start, _ in row["monitoring"])
    if not any(kind == "baseline" for kind, _, _ in given):
        for kind, before in (("setup", 40), ("baseline", 20)):
            start = first - timedelta(minutes=before)
            yield {
                "kind": kind,
                "start_at": start.isoformat(),
                "end_at": (start + timedelta(minutes=20)).isoformat(),
            }
    if not any(kind == "removal" for kind, _, _ in given):
        last = max(_at(end) for _, end in row["monitoring"])
        yield {"kind": "removal", "start_at": last.isoformat(), "end_at": (last + timedelta(minutes=10)).isoformat()}
    for kind, start, end in given:
        yield {"kind": kind, **_times(start, end)}
    for start, end in row["monitoring"]:
        yield {"kind": "monitoring", **_times(start, end)}


def _session(person: str, mode: str, start: str, end: str, other: int | None = None) -> dict[str, Any]:
    counted = {} if other is None else {"other_open_cases": other}
    return {"person": person, "mode": mode, **_times(start, end), **counted}


def _payer(payer_class: str = "") -> dict[str, str]:
    return {"payer_class": payer_class} if payer_class else {}


def _studies(kind: str) -> dict[str, Any]:
    """Edits that leave auditory potentials alone, or nothing."""
    review = {"by": "pro1", "at": (BASE_DAY + timedelta(hours=8)).isoformat(), "acceptance": "accepted"}
    reading = {
        "at": (BASE_DAY + timedelta(hours=8)).isoformat(),
        "phase": "baseline",
        "reading": {"state": "measured", "amplitude_uv": 0.3, "latency_ms": 6.4},
    }
    channel = {"id": "baep-l", "modality": "baep", "side": "left", "peak": "V", "measurements": [reading]}
    auditory = kind == "auditory"
    modality = {"modality": "baep", "performed": True, "baseline_review": review}
    return {
        "/modalities": [modality if auditory else {"modality": "baep", "performed": False}],
        "/channels": [channel] if auditory else [],
        "/order/modalities": ["baep"],
        **{f"/{part}": [] for part in ("events", "criteria", "indications")},
        "/anesthesia/train_of_four": [],
        "/communication/messages": [],
    }


def case(row: dict[str, Any]) -> Facts:
    """Facts of the base case with the times, payer and people of a row."""
    intervals = list(_intervals(row))
    edges = [datetime.fromisoformat(stretch[edge]) for stretch in intervals for edge in ("start_at", "end_at")]
    start, end = min(edges).isoformat(), max(edges).isoformat()
    others = [
        {"person": person, "case_pseudonym": name, "mode": "remote", **_times(start, end), **_payer(*payer)}
        for person, name, start, end, *payer in row.get("others", [])
    ]
    edits = {
        "/encounter/payer/payer_class": row["payer"],
        "/intervals": intervals,
        "/professional_sessions": [_session(*session) for session in row["sessions"]],
        "/other_case_sessions": others,
        "/milestones": [{"code": "anesthesia_start", "at": start}, {"code": "anesthesia_end", "at": end}],
        "/attendance": [{"person": "tech1", "start_at": start, "end_at": end, "other_open_cases": 0}],
    }
    if any(person == SECOND_READER["id"] for person, *_ in row["sessions"]):
        edits["/people/-"] = SECOND_READER
    if "reader_npi" in row:
        edits[f"/people/{READER}/npi"] = row["reader_npi"]
    if "studies" in row:
        edits |= _studies(row["studies"])
    else:
        first = min(_at(start) for start, _ in row["monitoring"]).isoformat()
        edits |= {f"/modalities/{index}/baseline_review/at": first for index in range(len(data()["modalities"]))}
    return facts(edits=edits)


@cache
def case_of(index: int) -> Facts:
    """The facts of a row, by its place in the table."""
    return case(ROWS[index])


@cache
def assessed(index: int) -> Assessment:
    """The assessment of a row, by its place in the table."""
    return assess(case_of(index), profile(ROWS[index]))


def profile(row: dict[str, Any]) -> Profile:
    """The practice's profile of a row, or what is shipped."""
    return profile_from(row["profile"]) if "profile" in row else load_profile()


def outcomes(found: Assessment) -> dict[str, str]:
    """The worst outcome of each rule."""
    worst: dict[str, str] = {}
    for finding in found.findings:
        worst[finding.code] = min(worst.get(finding.code, "not_applicable"), finding.outcome, key=WORST.index)
    return worst


class TestTable:
    def test_holds_all_35_rows_and_no_unknown_key(self):
        """Nothing is skipped, and nothing is written that nobody reads."""
        assert {row["number"] for row in ROWS} == set(range(1, 36))
        assert all(set(row) >= KEYS and set(row) <= KEYS | MAY_HAVE for row in ROWS)

    def test_the_base_case_is_what_the_rows_change(self):
        """The professional whose identifier a row sets."""
        assert data()["people"][READER]["id"] == "pro1"
        assert data()["encounter"]["date_of_service"] == BASE_DAY.date().isoformat()


@pytest.mark.parametrize("index", range(len(ROWS)), ids=IDS)
class TestRows:
    def test_minutes(self, index):
        """By person, place and kind of attention, and what was left out."""
        row, found = ROWS[index], count_minutes(read_record(case_of(index)))
        parts = [
            [attention.person.removeprefix("person."), attention.place, kind, minutes(getattr(attention, kind))]
            for attention in found.attention
            for kind in ("exclusive", "shared", "undetermined", "allotted")
            if getattr(attention, kind)
        ]
        assert parts == row["parts"]
        left_out = {part.reason: part.minutes for attention in found.attention for part in attention.excluded}
        assert left_out == row.get("left_out", {})
        assert found.missing == (() if row["sessions"] else ("reader_log",))

    def test_units_by_each_rounding_and_by_the_policy_in_force(self, index):
        """From the minutes of the row alone."""
        row, record = ROWS[index], read_record(case_of(index))
        policy, of_day = profile(row).policy_for(record), time_rule(record.date_of_service)
        for line in row["lines"]:
            concept, length = line["concept"], line["minutes"]
            unit_min, over_min = of_day.unit_min[concept], of_day.over_min.get(concept, 0)
            assert units(length, unit_min, "midpoint", over_min) == line["midpoint"]
            assert units(length, unit_min, "completed", over_min) == line["completed"]
            assert time_units(concept, length, policy, record.date_of_service)[0] == line["units"]

    def test_lines(self, index):
        """Service, professional, minutes and units of every line of monitoring time, on the start date."""
        row, found = ROWS[index], assessed(index)
        lines = [line for line in found.lines if line.concept.startswith("mon.")]
        assert [(line.person, line.concept, line.minutes, line.units) for line in lines] == [
            (f"person.{line['person']}", line["concept"], line["minutes"], line["units"]) for line in row["lines"]
        ]
        assert all(line.date_of_service == BASE_DAY.date() for line in lines)
        assert len({line.npi for line in lines}) == len({line.person for line in lines})

    def test_flags(self, index):
        """The outcomes that the row names, and no other open finding on time or units."""
        row, found = ROWS[index], assessed(index)
        worst = outcomes(found)
        assert {rule: worst[rule] for rule in row["flags"]} == row["flags"]
        ours = {finding.code for finding in found.findings if finding.topic in ("time", "units")}
        unexpected = {rule: worst[rule] for rule in ours if worst[rule] in ("fail", "confirm")}
        assert {rule: said for rule, said in unexpected.items() if rule not in row["flags"]} == {}


class TestHeldBack:
    @pytest.mark.parametrize("number", [16, 31, 32, 33, 34, 35])
    def test_what_must_not_go_out_is_blocked_by_its_own_flag(self, number):
        """Rows that the table marks as blocking: a rule that the row names holds the claim back."""
        for row, found in ((row, assessed(index)) for index, row in enumerate(ROWS) if row["number"] == number):
            named = [finding for finding in found.open if row["flags"].get(finding.code) == finding.outcome]
            assert any(finding.blocking for finding in named)
            assert found.blocked

    def test_the_patients_of_one_hour_share_four_units(self):
        """Rows 17 and 18: what the practice counts in one hour of one professional adds up to no more."""
        for number in (17, 18):
            rows = [index for index, row in enumerate(ROWS) if row["number"] == number and "profile" in row]
            assert len(rows) > 1
            total = sum(
                line.units for index in rows for line in assessed(index).lines if line.concept == "mon.remote_exclusive"
            )
            assert 0 < total <= 4
