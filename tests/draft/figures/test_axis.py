"""The time axis of the figures."""

from __future__ import annotations

import json
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from report_gen.draft.figures.timeline import timeline
from tests.cases.quiet import case
from tests.cases.reports import facts_of


class TestTicks:
    @pytest.mark.parametrize(
        ("zone", "start", "hours", "labels"),
        [
            (
                "America/New_York",
                "2026-11-01T02:30:00+00:00",
                6,
                ["23:00", "Nov 1", "01:00 EDT", "01:00 EST", "02:00 EST", "03:00 EST"],
            ),
            (
                "America/New_York",
                "2026-03-08T04:30:00+00:00",
                4,
                [
                    "23:30",
                    "Mar 8",
                    "00:30 EST",
                    "01:00 EST",
                    "01:30 EST",
                    "03:00 EDT",
                    "03:30 EDT",
                    "04:00 EDT",
                    "04:30 EDT",
                ],
            ),
            ("Asia/Kolkata", "2026-11-01T03:40:00+00:00", 3, ["09:30", "10:00", "10:30", "11:00", "11:30", "12:00"]),
            (
                "Australia/Lord_Howe",
                "2026-04-04T13:40:00+00:00",
                3,
                [
                    "01:00 UTC+11:00",
                    "01:30 UTC+11:00",
                    "01:30 UTC+10:30",
                    "02:00 UTC+10:30",
                    "02:30 UTC+10:30",
                    "03:00 UTC+10:30",
                ],
            ),
        ],
    )
    @pytest.mark.parametrize("stamped", ["UTC", "Asia/Tokyo"])
    def test_are_those_of_the_facility(self, zone, start, hours, labels, stamped):
        """Whatever the record was stamped in; an hour that comes twice is there twice, one that is left out is not."""
        first = datetime.fromisoformat(start).astimezone(ZoneInfo(stamped))
        last = datetime.fromtimestamp(first.timestamp() + hours * 3600, first.tzinfo)
        interval = {"kind": "monitoring", "start_at": first.isoformat(), "end_at": last.isoformat()}
        data = json.loads(re.sub(r'"2026-02-11T[^"]*"', json.dumps(interval["start_at"]), json.dumps(case())))
        data["encounter"] = {"time_zone": zone, "date_of_service": first.astimezone(ZoneInfo(zone)).date().isoformat()}
        spans = (
            "attendance",
            "professional_sessions",
            "physiology",
            "channels",
            "milestones",
            "preoperative",
            "opinion",
        )
        data = {key: value for key, value in data.items() if key not in (*spans, "anesthesia", "communication")}
        data["intervals"] = [interval]
        figure = timeline(facts_of(data))
        assert figure is not None
        assert [tick.label for tick in figure.ticks if tick.at >= first] == labels
        assert all(tick.at <= last for tick in figure.ticks)

    def test_are_as_stamped_where_no_zone_is_recorded(self):
        """In the offset of the first time."""
        data = case()
        del data["encounter"]["time_zone"]
        figure, known = timeline(facts_of(data)), timeline(facts_of(case()))
        assert figure is not None
        assert known is not None
        assert figure.ticks == known.ticks
