"""Monitored and attended minutes: one definition, counted anew by the minute, and the same wherever they stand."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_gen import Settings, generate, load_case
from report_gen.document.blocks import Table
from report_gen.draft.technical.personnel import personnel_and_time
from report_gen.facts import Facts
from report_gen.pipeline import claim_support
from tests.cases.quiet import case
from tests.cases.reports import facts_of
from tests.cases.story import facts
from tests.selection import examples

MODALITIES = ("ssep_lower", "tcmep")
SESSIONS = ("in_room", "in_facility", "remote")
FIRST = 9 * 60
"""Minute of the day at which the drawn times begin."""

stretches = st.lists(
    st.tuples(
        st.sampled_from(
            ["monitoring", "monitoring", "setup", "baseline", "standby", "gap", "gap", "outage", "removal"]
        ),
        st.integers(0, 170),
        st.integers(1, 90),
        st.sets(st.sampled_from([*MODALITIES, "baep"]), max_size=2),
    ),
    max_size=8,
)
sessions = st.lists(
    st.tuples(st.sampled_from(SESSIONS), st.integers(0, 170), st.integers(1, 90)), min_size=1, max_size=4
)


def at(minute: int) -> str:
    """A minute after the first, as the case file writes it."""
    hour, rest = divmod(FIRST + minute, 60)
    return f"2026-02-11T{hour:02d}:{rest:02d}:00-06:00"


def drawn(rows: list[Any], log: list[Any]) -> dict[str, Any]:
    """The quiet case with these stretches and this log, and monitoring for an hour at least."""
    data = case()
    data["intervals"] = [
        {"kind": kind, "start_at": at(start), "end_at": at(start + length), "modalities": sorted(named)}
        for kind, start, length, named in [("monitoring", 60, 60, set()), *rows]
    ]
    data["professional_sessions"] = [
        {"person": "prof1", "mode": mode, "start_at": at(start), "end_at": at(start + length)}
        for mode, start, length in log
    ]
    return data


def counted(data: dict[str, Any]) -> tuple[list[int], list[int]]:
    """The minutes monitored and attended, looked at one by one."""
    performed = {row["modality"] for row in data["modalities"] if row["performed"]}
    listed = {row["modality"] for row in data["modalities"]}

    def covers(row: dict[str, Any], minute: int) -> bool:
        return row["start_at"] <= at(minute) < row["end_at"]

    monitored, attended = [], []
    for minute in range(300):
        now = [row for row in data["intervals"] if covers(row, minute)]
        kinds = {row["kind"] for row in now}
        gaps = [set(row["modalities"]) & listed or performed for row in now if row["kind"] == "gap"]
        dark = performed <= set().union(*gaps) if gaps else False
        if "monitoring" not in kinds or kinds & {"setup", "baseline", "standby", "removal"} or dark:
            continue
        monitored.append(minute)
        modes = {row["mode"] for row in data["professional_sessions"] if covers(row, minute)}
        if "in_room" in modes or (modes and "outage" not in kinds):
            attended.append(minute)
    return monitored, attended


def length(words: str) -> int:
    """A length as it is printed, in minutes."""
    hours, minutes = re.fullmatch(r"(?:(\d+) h )?(\d+) min", words).groups()
    return int(hours or 0) * 60 + int(minutes)


def unattended(found: Facts) -> list[tuple[str, str, str]]:
    """Each stretch that nobody attended, and why."""
    return [(row.text("start_at"), row.text("end_at"), row.status) for row in found.of_kind("unattended")]


def minutes_table(found: Facts) -> dict[str, str]:
    """The printed subtraction: what is counted, without the mode, and its length."""
    (table,) = [
        block for block in personnel_and_time(found).blocks if isinstance(block, Table) and block.id == "minutes"
    ]
    return {row.cells[0].text.split(", ")[0]: row.cells[1].text for row in table.rows}


class TestMinutes:
    @settings(max_examples=examples(25, 150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(stretches, sessions)
    def test_are_those_of_a_count_minute_by_minute_on_the_page_in_the_data_and_in_the_claim(self, rows, log):
        """Monitored, attended, and the stretches between the two."""
        data = drawn(rows, log)
        monitored, attended = counted(data)
        expected = (len(monitored), len(attended))

        loaded = load_case(json.dumps(data).encode())
        report = generate(loaded, settings=Settings(pdf=False, html=True, allow_incomplete=True))
        entries = {entry["id"]: entry for entry in json.loads(report.json)["facts"]}
        numbers = [
            next(value["number"] for value in entries[name]["values"] if value["name"] == which)
            for name, which in (("minutes.monitoring", "monitored_min"), ("minutes.professional", "attended_min"))
        ]
        assert tuple(numbers) == expected

        page = html.unescape(re.sub(r"<[^>]+>", "", report.html.decode()))
        said = re.search(r"Attended: (?:all )?(\S.*?) of (?:(\S+ \S+(?: \S+ \S+)?) of )?monitored time", page)
        assert (length(said[2] or said[1]), length(said[1])) == expected
        table = minutes_table(facts_of(data))
        assert tuple(length(table[words]) for words in ("monitored", "attended by the professional")) == expected
        ran = re.search(r"Monitoring:\s*\S+ to \S+ \(([^):]+)[):]", page)
        assert length(ran[1]) == len(monitored)

        claim = claim_support(loaded)
        found = json.loads(claim.json)["assessment"]["minutes"]
        assert (found["monitored_min"], found["attended_min"]) == expected
        shown = re.search(r"Monitored: (.+?); attended: (.+?) of\s+it", claim.text)
        assert (length(shown[1]), length(shown[2])) == expected

        lacking = set(monitored) - set(attended)
        covered = [
            minute
            for entry in entries.values()
            if entry["kind"] == "unattended"
            for minute in range(300)
            if entry["values"][0]["at"] <= at(minute) < entry["values"][1]["at"]
        ]
        assert sorted(covered) == sorted(lacking)

    def test_name_what_was_left_out(self):
        """With its length, and only what lies inside the monitoring intervals."""
        data = drawn(
            [("standby", 70, 18, set()), ("gap", 100, 5, set()), ("gap", 110, 5, {"tcmep"})], [("remote", 0, 170)]
        )
        found = facts_of(data).by_id["minutes.monitoring"]
        assert [found.text(name) for name in ("monitored_min", "interval_min", "left_out_min", "left_out")] == [
            "37 min",
            "1 h 00 min",
            "23 min",
            "stand-by and gaps of all modalities",
        ]

    def test_say_nothing_of_left_out_time_where_there_is_none(self):
        """No line of noughts."""
        found = facts_of(drawn([], [("remote", 0, 170)])).by_id["minutes.monitoring"]
        assert (found.text("left_out_min"), found.text("left_out")) == ("", "")


class TestWhatWasNotAttended:
    def test_is_named_with_its_times_and_why(self):
        """A session that ends, one that begins late, and a link that is lost between."""
        data = drawn([("outage", 80, 10, set())], [("remote", 65, 40), ("remote", 110, 60)])
        data["intervals"][-1]["reason"] = "internet_loss"
        found = facts_of(data)
        assert unattended(found) == [
            ("10:00", "10:05", "no_session"),
            ("10:20", "10:30", "link_outage"),
            ("10:45", "10:50", "no_session"),
        ]
        assert [row.text("reason") for row in found.of_kind("unattended")] == ["", "internet loss", ""]

    def test_says_no_session_and_link_outage_where_both_are_recorded(self):
        """The log ends when the link goes and begins when it is back: neither is told as the cause of the other."""
        data = drawn([("outage", 80, 10, set())], [("remote", 0, 80), ("remote", 95, 60)])
        found = facts_of(data)
        assert unattended(found) == [("10:20", "10:30", "no_session"), ("10:30", "10:35", "no_session")]
        assert [row.text("link") for row in found.of_kind("unattended")] == ["link outage", ""]

    @pytest.mark.parametrize(("mode", "rows"), [("in_room", 0), ("in_facility", 1), ("remote", 1)])
    def test_is_what_the_link_hid_from_who_was_not_in_the_room(self, mode, rows):
        """Who stands beside the patient needs no link."""
        assert len(unattended(facts_of(drawn([("outage", 80, 10, set())], [(mode, 0, 170)])))) == rows

    def test_is_not_said_where_no_session_is_recorded(self):
        """Not recorded is not unattended."""
        data = drawn([], [])
        assert unattended(facts_of(data)) == []

    def test_is_printed_and_known_to_the_claim(self):
        """In the same words for the same minutes."""
        data = drawn([("outage", 80, 10, set())], [("remote", 0, 115)])
        loaded = load_case(json.dumps(data).encode())
        page = generate(loaded, settings=Settings(pdf=False, html=True, allow_incomplete=True)).html.decode()
        expected = (
            "Not attended: 10:20\u201310:30 (10 min, link outage); 10:55\u201311:00 (5 min, no session recorded)."
        )
        assert expected in page
        table = minutes_table(facts_of(data))
        assert table["not attended 10:20 to 10:30 (link outage)"] == "10 min"
        assert table["not attended 10:55 to 11:00 (no session recorded)"] == "5 min"
        assert all(words in html.unescape(page) for words in table)
        text = " ".join(claim_support(loaded).text.split())
        assert "5 min of monitoring with no professional logged: 10:55 to 11:00." in text
        assert "Without the link: 10 min, 10:20 to 10:30." in text


class TestUntimedIntervals:
    def test_are_told_and_counted_in_no_minutes(self):
        """What is known by length or phase alone."""
        data = drawn([], [("remote", 0, 170)])
        before = facts_of(data).by_id["minutes.monitoring"].number("monitored_min")
        when = {"relation": "during", "phase": "closure"}
        data["untimed_intervals"] = [{"kind": "standby", "duration_min": 20, "approximate": True, "when": when}]
        assert facts_of(data).by_id["minutes.monitoring"].number("monitored_min") == before
        loaded = load_case(json.dumps(data).encode())
        page = generate(loaded, settings=Settings(pdf=False, html=True, allow_incomplete=True)).html.decode()
        assert "Stand-by, about 20 min, during closure: without clock times" in page


class TestOtherSessions:
    @pytest.mark.parametrize(("given", "status"), [("medicare_ffs", "medicare_ffs"), (None, "unknown")])
    def test_carry_the_code_of_the_payer_class(self, given, status):
        """Not recorded is unknown, and never that of this case."""
        times = {"start_at": "2026-09-15T09:00:00-07:00", "end_at": "2026-09-15T09:30:00-07:00"}
        row = {"person": "pro1", "case_pseudonym": "x", "mode": "remote", **times}
        row |= {"payer_class": given} if given else {}
        assert facts(edits={"/other_case_sessions/-": row}).by_id["other_session.pro1.0900"].status == status
