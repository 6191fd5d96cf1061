"""Counting the professional's minutes: what counts, which other case was open, and properties that always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from report_gen.claim.clock import by_clock_hour, local_time
from report_gen.claim.minutes.count import anesthesia_time, count_minutes, monitored
from report_gen.claim.minutes.units import units
from report_gen.claim.model import Attention, Minutes
from report_gen.claim.record import ClaimRecord, OtherSession, Session, Stretch, read_record
from report_gen.facts.intervals import Span, intersect, minutes
from report_gen.facts.model import Fact, Facts, Value
from tests.cases.story import at, data, facts, recorded
from tests.selection import examples

PROPERTY = settings(max_examples=examples(30, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
START = datetime(2026, 9, 15, 15, 0, tzinfo=UTC)
"""08:00 on the clock of the base case."""


def session(mode: str, start: str, end: str, other: int | None = 0, person: str = "pro1") -> dict[str, object]:
    """A row of the professional's log."""
    row: dict[str, object] = {"person": person, "mode": mode, "start_at": at(start), "end_at": at(end)}
    return row if other is None else {**row, "other_open_cases": other}


def elsewhere(case: str, start: str, end: str, person: str = "pro1") -> dict[str, object]:
    """A row of the log of other cases."""
    return {"person": person, "case_pseudonym": case, "mode": "remote", "start_at": at(start), "end_at": at(end)}


def interval(kind: str, start: str, end: str, **more: object) -> dict[str, object]:
    """A stretch of the case."""
    return {"kind": kind, "start_at": at(start), "end_at": at(end), **more}


def counted(edits: dict[str, object] | None = None, removed: tuple[str, ...] = ()) -> Minutes:
    """Minutes of the base case with edits."""
    return count_minutes(recorded(edits=edits, removed=removed))


def only(found: Minutes) -> Attention:
    """The one row there is."""
    [row] = found.attention
    return row


def parts(row: Attention) -> dict[str, float]:
    """Minutes by kind of attention, those there are."""
    named = {name: minutes(getattr(row, name)) for name in ("exclusive", "shared", "undetermined", "allotted")}
    return {name: length for name, length in named.items() if length}


def reasons(row: Attention) -> dict[str, float]:
    """Minutes left out, by reason."""
    return {part.reason: part.minutes for part in row.excluded}


class TestWhatCounts:
    def test_baselines_removal_and_time_outside_monitoring_do_not(self):
        """Of 218 minutes logged, 168 lie inside monitoring; the others are told by reason, with their facts."""
        row = only(counted())
        assert (row.person, row.place, row.logged_min, row.counted_min) == ("person.pro1", "remote", 218, 168)
        assert reasons(row) == {"baseline": 26, "removal": 2, "not_monitoring": 22}
        assert {part.reason: part.facts for part in row.excluded} == {
            "baseline": ("interval.baseline.0800", "interval.baseline.0834"),
            "removal": ("interval.removal.1140",),
            "not_monitoring": ("interval.monitoring.0852",),
        }
        assert row.facts == ("session.pro1.0804",)

    def test_a_minute_with_several_reasons_is_given_to_the_first(self):
        """Set-up goes before baseline, and both before stand-by, although all three are recorded."""
        extra = [interval(kind, "09:00", "09:10") for kind in ("standby", "baseline", "setup")]
        row = only(counted({"/intervals": [interval("monitoring", "08:00", "12:00"), *extra]}))
        assert reasons(row) == {"setup": 10}

    @pytest.mark.parametrize(
        ("modalities", "left_out"),
        [
            ([], 20),
            (["ssep_upper", "ssep_lower", "tcmep", "emg_free_run", "tof"], 20),
            (["tcmep"], 0),
            (["baep"], 20),
            (["baep", "tcmep"], 0),
        ],
    )
    def test_only_a_gap_of_all_modalities_interrupts(self, modalities, left_out):
        """A gap of one modality is a gap in that modality; one that names none of the case's interrupts all."""
        row = only(counted({"/intervals/-": interval("gap", "10:00", "10:20", modalities=modalities)}))
        assert reasons(row).get("gap", 0) == left_out

    @pytest.mark.parametrize(("gaps", "left_out"), [(5, 45), (4, 0)])
    def test_gaps_of_each_modality_at_once_interrupt(self, gaps, left_out):
        """Each written down for itself; what all have in common is lost, for the report as for the claim."""
        performed = ("ssep_upper", "ssep_lower", "tcmep", "emg_free_run", "tof")
        rows = [interval("gap", "09:00", "10:00", modalities=[code]) for code in performed]
        rows[0] = interval("gap", "09:15", "10:00", modalities=["ssep_upper"])
        case = facts(edits={"/intervals": [*data()["intervals"], *rows[:gaps]]})
        record = read_record(case)
        assert reasons(only(count_minutes(record))).get("gap", 0) == left_out
        assert minutes(monitored(record)) == 168 - left_out
        assert case.by_id["minutes.monitoring"].number("monitored_min") == 168 - left_out

    @pytest.mark.parametrize(("mode", "left_out"), [("remote", 20), ("in_facility", 20), ("in_room", 0)])
    def test_an_outage_of_the_link_takes_away_from_those_elsewhere_alone(self, mode, left_out):
        """Who is in the room does not need the link; a room down the hall does."""
        edits = {
            "/intervals/-": interval("outage", "10:00", "10:20"),
            "/professional_sessions/0": session(mode, "08:04", "11:42"),
        }
        row = only(counted(edits))
        assert reasons(row).get("outage", 0) == left_out
        assert row.place == ("in_room" if mode == "in_room" else "remote")

    def test_time_outside_anesthesia_does_not(self):
        """Monitoring recorded past the end of anesthesia is not counted there, and both edges are named."""
        edits = {
            "/intervals": [interval("monitoring", "07:00", "13:00")],
            "/professional_sessions/0": session("remote", "07:00", "13:00"),
        }
        row = only(counted(edits))
        assert reasons(row) == {"outside_anesthesia": 78}
        assert row.excluded[0].facts == (
            "milestone.anesthesia_start.0718",
            "milestone.anesthesia_end.1200",
        )

    def test_the_anesthesia_record_stands_in_for_a_missing_milestone(self):
        """Milestone 15 is the end of anesthesia; the anesthesia record says 12:00 too."""
        record = recorded(removed=("/milestones/15",))
        assert anesthesia_time(record) == Span(datetime.fromisoformat(at("07:18")), datetime.fromisoformat(at("12:00")))
        assert count_minutes(record).missing == ()

    def test_unknown_anesthesia_time_cuts_nothing_and_is_told(self):
        """One edge is no time."""
        found = counted(removed=("/milestones/15", "/anesthesia/end_at"))
        assert found.missing == ("anesthesia_time",)
        assert only(found).counted_min == 168

    def test_anesthesia_that_ends_before_it_starts_is_unknown(self):
        """Nothing is cut by times that cannot be right."""
        assert counted({"/milestones/1/at": at("12:30")}).missing == ("anesthesia_time",)

    def test_stand_by_before_monitoring_does_not_count_as_monitored(self):
        """Who watched does not matter to what was monitored."""
        record = recorded(edits={"/intervals/-": interval("standby", "11:00", "11:10")})
        assert minutes(monitored(record)) == 158


class TestMissing:
    def test_without_a_log_nothing_is_computed(self):
        """Never a guess."""
        assert counted({"/professional_sessions": []}) == Minutes((), ("reader_log",), monitored_min=168)

    def test_without_monitoring_intervals_nothing_is_computed(self):
        """Set-up and baselines say nothing about monitoring."""
        assert counted({"/intervals": [interval("setup", "08:00", "08:20")]}) == Minutes((), ("monitoring_intervals",))

    def test_both(self):
        """Both are told."""
        found = counted({"/intervals": [], "/professional_sessions": []})
        assert found.missing == ("reader_log", "monitoring_intervals")


class TestPlace:
    def test_being_in_the_room_wins(self):
        """A log that has one person in both places at once counts the hour once, in the room."""
        edits = {"/professional_sessions": [session("remote", "09:00", "11:00"), session("in_room", "10:00", "11:00")]}
        found = {row.place: row for row in counted(edits).attention}
        assert {place: row.logged_min for place, row in found.items()} == {"remote": 60, "in_room": 60}

    def test_a_place_that_the_other_covers_has_no_row(self):
        """Nothing is left of it."""
        edits = {"/professional_sessions": [session("in_room", "09:00", "11:00"), session("remote", "10:00", "11:00")]}
        assert [row.place for row in counted(edits).attention] == ["in_room"]

    def test_rows_stand_in_order_of_the_first_session(self):
        """By person, then by place."""
        edits = {
            "/people/-": {"id": "pro2", "role": "interpreting_professional", "name": "Second, Sam"},
            "/professional_sessions": [
                session("remote", "10:00", "11:00", person="pro1"),
                session("remote", "09:30", "10:00", person="pro2"),
                session("in_room", "09:00", "09:30", person="pro2"),
            ],
        }
        rows = [(row.person, row.place) for row in counted(edits).attention]
        assert rows == [("person.pro2", "in_room"), ("person.pro2", "remote"), ("person.pro1", "remote")]

    def test_two_professionals_at_once_both_count(self):
        """That they should not overlap is for the rule on hand-overs."""
        edits = {
            "/people/-": {"id": "pro2", "role": "interpreting_professional", "name": "Second, Sam"},
            "/professional_sessions": [
                session("remote", "09:00", "10:00"),
                session("remote", "09:30", "10:30", person="pro2"),
            ],
        }
        assert [row.counted_min for row in counted(edits).attention] == [60, 60]


class TestOtherCases:
    @pytest.mark.parametrize(
        ("others", "open_cases", "expected"),
        [
            (None, 0, {"exclusive": 120}),
            (None, 2, {"shared": 120}),
            (None, None, {"undetermined": 120}),
            ([], 0, {"exclusive": 120}),
            ([], None, {"exclusive": 120}),
            ([], 1, {"undetermined": 120}),
            ([elsewhere("b", "09:30", "10:00")], None, {"exclusive": 90, "shared": 30}),
            ([elsewhere("b", "09:30", "10:00")], 0, {"exclusive": 90, "shared": 30}),
            ([elsewhere("b", "09:30", "10:00")], 1, {"allotted": 90, "shared": 30}),
            ([elsewhere("b", "09:30", "09:50")], 1, {"allotted": 40, "undetermined": 60, "shared": 20}),
            ([elsewhere("b", "09:30", "10:00")], 2, {"undetermined": 90, "shared": 30}),
            ([elsewhere("b", "09:30", "10:00", person="tech1")], None, {"undetermined": 120}),
            ([elsewhere("b", "09:30", "10:00", person="tech1")], 0, {"exclusive": 120}),
            ([elsewhere("b", "09:30", "10:00", person="tech1")], 1, {"shared": 120}),
            ([elsewhere("b", "09:30", "10:00"), elsewhere("c", "09:45", "10:15")], 0, {"exclusive": 75, "shared": 45}),
        ],
    )
    def test_what_the_record_says_decides(self, others, open_cases, expected):
        """A count in the session and a list of other sessions, each there or not."""
        edits: dict[str, object] = {"/professional_sessions": [session("remote", "09:00", "11:00", open_cases)]}
        removed = ("/other_case_sessions",) if others is None else ()
        if others is not None:
            edits["/other_case_sessions"] = others
        found = counted(edits, removed)
        assert parts(only(found)) == expected
        assert found.missing == (("concurrency",) if "undetermined" in expected else ())

    def test_other_cases_of_another_person_do_not_matter(self):
        """Each professional's own time."""
        edits = {
            "/people/-": {"id": "pro2", "role": "interpreting_professional", "name": "Second, Sam"},
            "/other_case_sessions": [elsewhere("b", "09:00", "11:00", person="pro2")],
        }
        assert parts(only(counted(edits))) == {"exclusive": 168}

    def test_the_list_of_one_reader_does_not_speak_for_another(self):
        """A hand-over: the second reader has neither count nor row, and the list names cases of the first alone."""
        edits = {
            "/people/-": {"id": "pro2", "role": "interpreting_professional", "name": "Second, Sam"},
            "/professional_sessions": [
                session("remote", "08:04", "10:10", None),
                session("remote", "10:10", "11:42", None, person="pro2"),
            ],
            "/other_case_sessions": [elsewhere("b", "07:00", "07:30")],
        }
        found = counted(edits)
        assert [parts(row) for row in found.attention] == [{"exclusive": 78}, {"undetermined": 90}]
        assert found.missing == ("concurrency",)

    def test_other_cases_of_one_person_under_another_id_are_theirs(self):
        """Two entries of the team that bear one identifier."""
        twin = {"id": "pro2", "role": "interpreting_professional", "name": "Neuro, N.", "npi": "0000000011"}
        edits = {"/people/-": twin, "/other_case_sessions": [elsewhere("b", "09:00", "10:30", person="pro2")]}
        row = only(counted(edits))
        assert parts(row) == {"exclusive": 78, "shared": 90}
        assert row.facts == ("session.pro1.0804", "other_session.pro2.0900")
        assert parts(only(counted({**edits, "/people/-": {**twin, "npi": "0000000021"}}))) == {"exclusive": 168}

    def test_a_count_that_the_list_does_not_bear_out_deals_out_only_the_hours_beside_the_case(self):
        """One session that counts another case all through, and a list that has it from 09:00 to 10:30."""
        edits = {
            "/professional_sessions/0/other_open_cases": 1,
            "/other_case_sessions": [elsewhere("b", "09:00", "10:30")],
        }
        assert parts(only(counted(edits))) == {"shared": 90, "allotted": 38, "undetermined": 40}

    @pytest.mark.parametrize(
        ("classes", "among"),
        [
            (["medicare_ffs", "medicare_ffs"], 20),
            (["medicare_ffs", "commercial"], 0),
            (["medicare_ffs", "medicare_advantage"], 0),
            (["medicare_ffs", None], 0),
        ],
    )
    def test_time_is_dealt_out_among_medicare_patients_where_every_case_is_one(self, classes, among):
        """A case of another payer in the hour, or of one not recorded, spoils it."""
        rows = [elsewhere("b", "10:20", "10:40"), elsewhere("c", "10:40", "11:00")]
        for row, payer_class in zip(rows, classes, strict=True):
            row |= {"payer_class": payer_class} if payer_class else {}
        edits = {
            "/professional_sessions": [session("remote", "10:00", "10:20", 2)],
            "/other_case_sessions": rows,
        }
        row = only(counted(edits))
        assert (minutes(row.allotted), minutes(row.among_medicare)) == (20, among)

    def test_overlapping_rows_that_disagree_are_read_strictly(self):
        """More cases hold over none, and silence over none."""
        edits = {
            "/professional_sessions": [
                session("remote", "09:00", "10:00", 0),
                session("remote", "09:30", "10:30", 2),
                session("remote", "09:50", "11:00", None),
            ]
        }
        found = counted(edits, ("/other_case_sessions",))
        assert parts(only(found)) == {"exclusive": 30, "shared": 60, "undetermined": 30}

    def test_the_sessions_elsewhere_are_evidence(self):
        """What the minutes rest on can be followed."""
        edits = {"/other_case_sessions": [elsewhere("b", "09:30", "10:00")]}
        assert only(counted(edits)).facts == ("session.pro1.0804", "other_session.pro1.0930")


class TestElapsedTime:
    """America/Los_Angeles sets its clocks back on 2026-11-01 and forward on 2026-03-08, both at 02:00."""

    @pytest.mark.parametrize(
        ("start", "end", "length"),
        [
            ("2026-09-15T22:30:00-07:00", "2026-09-16T01:10:00-07:00", 160),
            ("2026-11-01T00:30:00-07:00", "2026-11-01T03:00:00-08:00", 210),
            ("2026-03-08T01:00:00-08:00", "2026-03-08T04:00:00-07:00", 120),
        ],
    )
    def test_minutes_are_elapsed_minutes(self, start, end, length):
        """Over midnight, and when an hour comes twice or not at all."""
        edits = {
            "/intervals": [{"kind": "monitoring", "start_at": start, "end_at": end}],
            "/professional_sessions": [{"person": "pro1", "mode": "remote", "start_at": start, "end_at": end}],
            "/milestones": [{"code": "anesthesia_start", "at": start}, {"code": "anesthesia_end", "at": end}],
        }
        row = only(counted(edits))
        assert (row.logged_min, row.counted_min) == (length, length)

    def test_a_clock_hour_is_an_hour_of_the_local_clock(self):
        """Half an hour of offset shifts the hours by as much."""
        edits = {
            "/encounter/time_zone": "Asia/Kolkata",
            "/professional_sessions": [
                {
                    "person": "pro1",
                    "mode": "remote",
                    "start_at": "2026-09-15T20:45:00+05:30",
                    "end_at": "2026-09-15T22:10:00+05:30",
                }
            ],
            "/intervals": [],
            "/other_case_sessions": [],
        }
        record = recorded(edits=edits)
        hours = by_clock_hour(record, [record.sessions[0].span])
        local = {local_time(record, hour).strftime("%H:%M"): length for hour, length in hours.items()}
        assert local == {"20:00": 15, "21:00": 60, "22:00": 10}

    def test_an_hour_that_comes_twice_is_two_hours(self):
        """01:00 to 02:00 before the clocks go back, and again after."""
        first = {"start_at": "2026-11-01T00:30:00-07:00", "end_at": "2026-11-01T01:30:00-07:00"}
        second = {"start_at": "2026-11-01T01:00:00-08:00", "end_at": "2026-11-01T02:00:00-08:00"}
        rows = [{"person": "pro1", "mode": "remote", **times} for times in (first, second)]
        edits = {"/professional_sessions": rows, "/intervals": []}
        record = recorded(edits=edits)
        hours = by_clock_hour(record, [row.span for row in record.sessions])
        assert [(local_time(record, hour).hour, length) for hour, length in hours.items()] == [
            (0, 30),
            (1, 30),
            (1, 60),
        ]


# --- properties ------------------------------------------------------------------------------------------------------

spans = st.tuples(st.integers(0, 300), st.integers(1, 120)).map(
    lambda pair: Span(START + timedelta(minutes=pair[0]), START + timedelta(minutes=pair[0] + pair[1]))
)
kinds = st.sampled_from(("setup", "baseline", "monitoring", "standby", "outage", "gap", "removal"))
stretches = st.lists(st.tuples(kinds, spans), max_size=6)
modes = st.sampled_from(("in_room", "in_facility", "remote"))
people = st.sampled_from(("person.a", "person.b"))
counts = st.none() | st.integers(0, 3)
sessions = st.lists(st.tuples(people, modes, spans, counts), min_size=1, max_size=5)
others = st.none() | st.lists(st.tuples(people, st.sampled_from("xyz"), spans), max_size=4)


@cache
def _base() -> ClaimRecord:
    return recorded()


def made(own, monitoring, elsewhere_rows, shift: timedelta = timedelta()) -> ClaimRecord:
    """A record of nothing but times, later by `shift`; anesthesia runs from the first half hour to the fifth hour."""
    edges = {"anesthesia_start": START + timedelta(minutes=30), "anesthesia_end": START + timedelta(minutes=300)}
    milestones = tuple(
        Fact(
            f"milestone.{code}", "milestones", "milestone", "/milestones", values=(Value("at", "", None, at_ + shift),)
        )
        for code, at_ in edges.items()
    )

    def later(span: Span) -> Span:
        return Span(span.start_at + shift, span.end_at + shift)

    return replace(
        _base(),
        facts=Facts(milestones),
        sessions=tuple(
            Session(f"session.{i}", person, mode, later(span), count)
            for i, (person, mode, span, count) in enumerate(own)
        ),
        other_sessions=None
        if elsewhere_rows is None
        else tuple(
            OtherSession(f"other_session.{i}", person, case, later(span))
            for i, (person, case, span) in enumerate(elsewhere_rows)
        ),
        stretches=tuple(
            Stretch(f"interval.{i}", kind, later(span), ())
            for i, (kind, span) in enumerate([*monitoring, ("monitoring", Span(START, START + timedelta(minutes=240)))])
        ),
    )


def shape(found: Minutes, shift: timedelta = timedelta()) -> list[object]:
    """What was found, without what it rests on, earlier by `shift`."""

    def earlier(rows: tuple[Span, ...]) -> list[tuple[datetime, datetime]]:
        return [(row.start_at - shift, row.end_at - shift) for row in rows]

    return [
        (
            row.person,
            row.place,
            row.logged_min,
            reasons(row),
            earlier(row.exclusive),
            earlier(row.shared),
            earlier(row.undetermined),
            earlier(row.allotted),
        )
        for row in found.attention
    ]


def alone(found: Minutes) -> float:
    """Exclusive minutes of everybody."""
    return sum(minutes(row.exclusive) for row in found.attention)


class TestAlways:
    @PROPERTY
    @given(sessions, stretches, others)
    def test_what_is_left_out_adds_up(self, own, monitoring, elsewhere_rows):
        """Logged minutes are the counted ones and those left out, exactly; nothing is in two parts."""
        for row in count_minutes(made(own, monitoring, elsewhere_rows)).attention:
            assert sum(part.minutes for part in row.excluded) == row.logged_min - row.counted_min
            assert minutes(row.every) == row.counted_min
            assert all(part.minutes > 0 for part in row.excluded)

    @PROPERTY
    @given(sessions, stretches, others)
    def test_what_counts_was_logged_and_monitored(self, own, monitoring, elsewhere_rows):
        """No minute comes from nowhere."""
        record = made(own, monitoring, elsewhere_rows)
        for row in count_minutes(record).attention:
            logged = [one.span for one in record.sessions if one.person == row.person]
            assert minutes(intersect(row.every, intersect(logged, monitored(record)))) == row.counted_min

    @PROPERTY
    @given(sessions, stretches, others, spans, people)
    def test_another_case_never_makes_more_exclusive(self, own, monitoring, elsewhere_rows, span, person):
        """Minutes alone, and units, can only fall when a case is added to a log that speaks of its professional.

        The first case of somebody whom the list left out is another matter: it makes the list speak of them.
        """
        rows = elsewhere_rows or []
        assume(not rows or person in {who for who, _, _ in rows})
        before = count_minutes(made(own, monitoring, rows))
        after = count_minutes(made(own, monitoring, [*rows, (person, "new", span)]))
        assert alone(after) <= alone(before)
        for rounding in ("midpoint", "completed"):
            assert units(alone(after), 15, rounding) <= units(alone(before), 15, rounding)

    @PROPERTY
    @given(sessions, stretches, others, st.integers(-2_000, 2_000))
    def test_a_shift_of_all_times_changes_nothing_else(self, own, monitoring, elsewhere_rows, shift_hours):
        """Minutes do not depend on the day, nor on which hour it is; time is dealt out by full hours of the clock."""
        shift = timedelta(hours=shift_hours)
        here = count_minutes(made(own, monitoring, elsewhere_rows))
        there = count_minutes(made(own, monitoring, elsewhere_rows, shift))
        assert shape(there, shift) == shape(here)

    @PROPERTY
    @given(sessions, stretches, others, st.randoms(use_true_random=False))
    def test_the_order_of_the_log_does_not_matter(self, own, monitoring, elsewhere_rows, random):
        """Nor does that of the intervals."""
        record = made(own, monitoring, elsewhere_rows)
        log, when = list(record.sessions), list(record.stretches)
        random.shuffle(log)
        random.shuffle(when)
        mixed = replace(record, sessions=tuple(log), stretches=tuple(when))
        assert shape(count_minutes(mixed)) == shape(count_minutes(record))

    @PROPERTY
    @given(sessions, stretches, others, st.integers(0, 4), st.floats(0.01, 0.99))
    def test_a_session_split_in_two_changes_nothing(self, own, monitoring, elsewhere_rows, which, share):
        """Whether the log has one row or two that abut."""
        person, mode, span, count = own[which % len(own)]
        middle = span.start_at + span.length * share
        halves = [(person, mode, Span(span.start_at, middle), count), (person, mode, Span(middle, span.end_at), count)]
        split = [row for row in own if row != own[which % len(own)]] + halves
        assert shape(count_minutes(made(split, monitoring, elsewhere_rows))) == shape(
            count_minutes(made(own, monitoring, elsewhere_rows))
        )

    @PROPERTY
    @given(st.lists(st.lists(spans, min_size=1, max_size=3), min_size=1, max_size=4))
    def test_no_clock_hour_of_a_professional_holds_more_than_sixty_minutes(self, patients):
        """Over all patients of one professional, each with the others in its log: at most four whole units."""
        hours: dict[datetime, float] = {}
        for mine, log in enumerate(patients):
            own = [("person.a", "remote", span, None) for span in log]
            rest = [
                ("person.a", f"case{other}", span)
                for other, spans_ in enumerate(patients)
                if other != mine
                for span in spans_
            ]
            record = made(own, [], rest)
            for row in count_minutes(record).attention:
                for hour, length in by_clock_hour(record, row.exclusive).items():
                    hours[hour] = hours.get(hour, 0.0) + length
        assert all(length <= 60 for length in hours.values())
        assert all(units(length, 15, "completed") <= 4 for length in hours.values())

    @PROPERTY
    @given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    def test_a_case_on_another_day_counts_the_same(self, day):
        """The base case, whatever its date of service."""
        assert only(count_minutes(recorded(on=day))).counted_min == 168
