"""Times as the facility's clock showed them, whatever offset they were stamped in."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report_gen import load_case
from report_gen.facts import Facts, derive
from report_gen.facts.clock import Clock, span_text, unbroken
from tests.cases.quiet import case
from tests.selection import examples

MINUS = "\u2212"
CHICAGO = timezone(timedelta(hours=-6))
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def clock_of(zone: str | None, day: str | None, *times: str) -> Clock:
    """The clock of a case whose milestones have these times."""
    rows = [{"code": "key_step", "label": f"step {index}", "at": at} for index, at in enumerate(times)]
    data = bare(zone, day)
    return derive(load_case(json.dumps({**data, "milestones": rows}).encode())).clock


def bare(zone: str | None, day: str | None) -> dict[str, Any]:
    """A case without any time."""
    data = json.loads(STAMP.sub("gone", json.dumps(case())))

    def without(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: without(value) for key, value in node.items() if value != "gone"}
        return [without(value) for value in node] if isinstance(node, list) else node

    kept = ("schema_version", "case_id", "clock", "patient", "surgery", "people", "modalities")
    data = {key: without(data[key]) for key in kept}
    data["modalities"] = [{"modality": "tcmep", "performed": True}]
    encounter = {"time_zone": zone, "date_of_service": day}
    data["encounter"] = {key: value for key, value in encounter.items() if value is not None}
    return data


def shifted(data: dict[str, Any], offset: timezone) -> Facts:
    """The facts of a case with the same instants in another offset."""

    def stamped(match: re.Match[str]) -> str:
        return datetime.fromisoformat(match.group()).astimezone(offset).isoformat()

    return derive(load_case(STAMP.sub(stamped, json.dumps(data)).encode()))


class TestATime:
    def test_is_hours_and_minutes(self):
        """Seconds appear only where they were recorded."""
        clock = Clock(day=date(2026, 2, 11))
        times = [datetime(2026, 2, 11, 9, 5, second, tzinfo=CHICAGO) for second in (0, 7)]
        assert [clock.time(moment) for moment in times] == ["09:05", "09:05:07"]

    def test_of_another_day_has_its_date(self):
        """An order, a visit, an examination on the next morning."""
        clock = Clock(day=date(2026, 2, 11))
        times = [datetime(2026, month, day, 9, 5, tzinfo=CHICAGO) for month, day in ((1, 30), (2, 10), (2, 12))]
        assert [clock.time(moment) for moment in times] == ["2026-01-30 09:05", "2026-02-10 09:05", "2026-02-12 09:05"]

    def test_is_that_of_the_facility(self):
        """In whatever offset it was stamped."""
        clock = clock_of("America/Chicago", "2026-03-24", "2026-03-24T18:10:00-05:00", "2026-03-25T01:45:00Z")
        moment = datetime(2026, 3, 25, 1, 45, tzinfo=UTC)
        assert clock.time(moment) == "20:45"
        assert clock.time(moment.astimezone(ZoneInfo("Asia/Kolkata"))) == "20:45"

    def test_is_as_stamped_where_no_zone_is_recorded(self):
        """Different offsets are then told apart."""
        one = clock_of(None, "2026-03-24", "2026-03-24T18:10:00-05:00", "2026-03-24T19:45:00-05:00")
        two = clock_of(None, "2026-03-24", "2026-03-24T18:10:00-05:00", "2026-03-24T23:45:00Z")
        moment = datetime(2026, 3, 24, 18, 10, tzinfo=timezone(timedelta(hours=-5)))
        assert [one.time(moment), two.time(moment)] == ["18:10", f"18:10 UTC{MINUS}05:00"]


class TestANight:
    NIGHT = ("2026-02-11T20:50:00-06:00", "2026-02-12T02:40:00-06:00")

    def test_keeps_its_times_without_a_date(self):
        """The hour that parts the two days is told once."""
        clock = clock_of("America/Chicago", "2026-02-11", *self.NIGHT)
        assert clock.turn_text() == "03:00"
        assert [clock.time(datetime.fromisoformat(at)) for at in self.NIGHT] == ["20:50", "02:40"]

    @pytest.mark.parametrize(
        "at", ["2026-02-12T03:00:00-06:00", "2026-02-11T02:59:00-06:00", "2026-02-12T21:00:00-06:00"]
    )
    def test_dates_what_it_does_not_hold(self, at):
        """A time of day stands for one day alone."""
        clock = clock_of("America/Chicago", "2026-02-11", *self.NIGHT)
        assert clock.time(datetime.fromisoformat(at)) == f"{at[:10]} {at[11:16]}"

    def test_too_long_for_that_dates_its_second_day(self):
        """From 07:00 to 07:30 on the next day."""
        clock = clock_of("America/Chicago", "2026-02-11", "2026-02-11T07:00:00-06:00", "2026-02-12T07:30:00-06:00")
        assert clock.time(datetime(2026, 2, 12, 7, 30, tzinfo=CHICAGO)) == "2026-02-12 07:30"

    def test_dates_its_second_day_where_one_time_was_not_advanced(self):
        """A slip of the date stays visible."""
        clock = clock_of("America/Chicago", "2026-02-11", *self.NIGHT, "2026-02-11T00:40:00-06:00")
        assert clock.time(datetime(2026, 2, 12, 2, 40, tzinfo=CHICAGO)) == "2026-02-12 02:40"

    @settings(max_examples=examples(40, 200), deadline=None)
    @given(st.sets(st.integers(0, 4 * 24 * 60), min_size=1, max_size=9))
    def test_prints_no_two_minutes_alike(self, minutes):
        """Whatever the times of the case are, over a change of the clock too: what is printed names one minute."""
        start = datetime(2026, 10, 30, 4, 0, tzinfo=UTC)
        moments = [start + timedelta(minutes=minute) for minute in minutes]
        clock = clock_of("America/New_York", "2026-10-31", *(moment.isoformat() for moment in moments))
        assert len({clock.time(moment) for moment in moments}) == len(moments)


class TestAClockChange:
    @pytest.mark.parametrize(
        ("zone", "day", "times", "words"),
        [
            (
                "America/New_York",
                "2026-10-31",
                ("2026-11-01T03:50:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:10:00Z"),
                ["23:50", "01:30 EDT", "01:30 EST", "02:10 EST"],
            ),
            (
                "America/New_York",
                "2026-03-07",
                ("2026-03-08T04:50:00Z", "2026-03-08T06:59:00Z", "2026-03-08T07:00:00Z"),
                ["23:50", "01:59 EST", "03:00 EDT"],
            ),
            (
                "Australia/Lord_Howe",
                "2026-04-04",
                ("2026-04-04T12:00:00Z", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"),
                ["23:00", "01:45 UTC+11:00", "01:45 UTC+10:30"],
            ),
            ("Asia/Kolkata", "2026-11-01", ("2026-11-01T04:00:00Z", "2026-11-01T05:00:00Z"), ["09:30", "10:30"]),
        ],
    )
    def test_names_the_zone_on_that_day(self, zone, day, times, words):
        """Two 01:30 of one night can be told apart; nowhere else does a zone stand beside a time."""
        clock = clock_of(zone, day, *times)
        assert [clock.time(datetime.fromisoformat(at)) for at in times] == words

    def test_is_told_once(self):
        """To when the one time ran, and what came then."""
        clock = clock_of("America/New_York", "2026-10-31", "2026-10-31T20:00:00-04:00", "2026-11-01T03:00:00-05:00")
        assert [clock.change_text(change) for change in clock.changes] == ["EDT until 02:00 on 2026-11-01, then EST"]

    def test_of_another_season_does_not_mark_the_case(self):
        """Only the days around the case decide whether the clock changed."""
        clock = clock_of("America/Chicago", "2026-11-20", "2026-10-01T09:00:00-05:00", "2026-11-20T09:00:00-06:00")
        assert clock.changes == ()

    def test_has_ids_of_its_own_for_the_hour_that_comes_twice(self):
        """The second pass is marked."""
        clock = clock_of("America/New_York", "2026-10-31", "2026-10-31T20:00:00-04:00", "2026-11-01T03:00:00-05:00")
        passes = [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (5, 6)]
        assert [clock.row_text(at) for at in passes] == ["0130+1d", "0130r+1d"]


class TestARecordInUtc:
    @pytest.mark.parametrize("offset", [UTC, timezone(timedelta(hours=5, minutes=30))])
    def test_has_the_same_ids_and_the_same_printed_times(self, offset):
        """As the record with the stamps of the facility."""
        here = derive(load_case(json.dumps(case()).encode()))
        there = shifted(case(), offset)
        assert [fact.id for fact in there if fact.kind != "case.offsets"] == [fact.id for fact in here]
        printed = [[value.text for fact in facts for value in fact.values if value.at] for facts in (here, there)]
        assert printed[0] == printed[1]

    def test_keeps_each_instant_as_it_was_stamped(self):
        """Only the printed time is converted."""
        there = shifted(case(), UTC)
        assert {value.at.utcoffset() for fact in there for value in fact.values if value.at} == {timedelta()}


class TestWithoutADate:
    def test_the_day_is_that_of_the_first_time_of_the_case(self):
        """By the facility's clock, and not that of an order weeks before."""
        clock = clock_of("America/Chicago", None, "2026-03-25T01:45:00Z", "2026-03-25T02:45:00Z")
        assert (clock.day, clock.time(datetime(2026, 3, 25, 2, 45, tzinfo=UTC))) == (date(2026, 3, 24), "21:45")

    def test_and_without_a_time_there_is_none(self):
        """Nothing is made up."""
        assert clock_of("America/Chicago", None) == Clock(ZoneInfo("America/Chicago"))


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("01:45 EDT", "01:46 EDT", "01:45\u201301:46 EDT"),
        ("01:45 EDT", "01:06 EST", "01:45 EDT\u201301:06 EST"),
        ("10:05", "10:08", "10:05\u201310:08"),
        ("10:05 UTC-05:00", "10:08 UTC-05:00", "10:05\u201310:08 UTC-05:00"),
    ],
)
def test_a_zone_of_both_ends_stands_once(start, end, span):
    """With letters or as an offset."""
    assert span_text(start, end) == span


def test_no_line_breaks_between_an_hour_and_its_zone():
    """In the time column."""
    assert unbroken("01:45\u201301:46 EDT") == "01:45\u201301:46\u00a0EDT"
