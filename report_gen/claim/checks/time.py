"""Rules on minutes: the log, what counts, other cases, hand-overs, midnight, and the technologist's presence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Final

from report_gen.claim.checks.parameters import number, texts, whole
from report_gen.claim.given import Check, Given, Said, confirm, fail, met, skip
from report_gen.claim.minutes import anesthesia_facts, anesthesia_time, by_clock_hour, local_time, monitored, place_of
from report_gen.claim.model import Attention
from report_gen.claim.record import ClaimRecord
from report_gen.facts.intervals import Span, concurrency, intersect, merge, minutes, subtract
from report_gen.facts.model import Fact
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["CHECKS"]

_PLACE: Final = {"in_room": "in the room", "remote": "elsewhere"}


def reader_log(given: Given, version: Version) -> Iterator[Said]:
    """Rule `reader_log` of rules/time.toml."""
    record = given.record
    if not record.sessions:
        yield fail("No session of a professional is logged: minutes cannot be computed.", ["professional.sessions"])
        return
    others = texts(version, "not_reader_roles")
    strangers = [row for row in record.sessions if (who := record.member(row.person)) and who.role in others]
    if strangers:
        count = _count(len(strangers), "logged session")
        yield fail(f"{count} of a technologist: that is no professional's log.", [row.fact for row in strangers])
        return
    count, people = _count(len(record.sessions), "session"), _count(len(record.readers), "professional")
    yield met(f"{count} of {people} logged.", [row.fact for row in record.sessions])


def monitoring_intervals(given: Given, version: Version) -> Iterator[Said]:
    """Rule `monitoring_intervals` of rules/time.toml."""
    rows = [row for row in given.record.stretches if row.kind == "monitoring"]
    if not rows:
        yield fail("No monitoring interval is recorded: minutes cannot be computed.", ["minutes.monitoring"])
        return
    words = ", ".join(_clock(given.record, span) for span in merge(row.span for row in rows))
    yield met(f"Monitoring {words}.", [row.fact for row in rows])


def exclusive_minutes(given: Given, version: Version) -> Iterator[Said]:
    """Rule `exclusive_minutes` of rules/time.toml."""
    for row in _undivided(given):
        alone, open_, unknown = (minutes(spans) for spans in (row.exclusive, row.shared, row.undetermined))
        lines, where = _lines(given, row), _PLACE[row.place]
        if unknown:
            yield confirm(
                f"{_min(unknown)} {where}: the record does not say whether another case of any payer was open.",
                row.facts,
                lines,
            )
        elif open_ and not alone and not row.allotted and given.policy.remote != "mon.remote_multi":
            yield fail(f"{_min(open_)} {where}, all of it with another case open: none is exclusive.", row.facts, lines)
        else:
            rest = f"; {_min(open_)} with another case open kept apart" if open_ else ""
            yield met(f"{_min(alone)} {where} with no other case open{rest}.", row.facts, lines)


def allotment(given: Given, version: Version) -> Iterator[Said]:
    """Rule `allotment` of rules/time.toml."""
    allowed = texts(version, "places")
    for row in _undivided(given):
        dealt = minutes(row.allotted)
        hourly = row.place == "in_room" and given.policy.remote == "mon.remote_multi"
        if not dealt or hourly:
            # Hours of several cases may overlap, so that there is nothing to deal out.
            continue
        words = f"{_min(dealt)} {_PLACE[row.place]} dealt out between patients"
        if row.place not in allowed:
            yield confirm(f"{words}; the answer that lets time be dealt out is about remote monitoring.", row.facts)
        elif given.profile.allot:
            yield met(f"{words}; the practice has decided to count it.", row.facts, _lines(given, row))
        else:
            yield confirm(f"{words}; left out, since the practice has not decided to count it.", row.facts)


def hour_cap(given: Given, version: Version) -> Iterator[Said]:
    """Rule `hour_cap` of rules/time.toml."""
    cap, record = number(version, "cap_min_per_hour"), given.record
    rows = tuple(_undivided(given))
    for person in dict.fromkeys(row.person for row in rows):
        mine = [row for row in rows if row.person == person]
        hours = by_clock_hour(record, [span for row in mine for span in (*row.exclusive, *row.allotted)])
        dealt = by_clock_hour(record, [span for row in mine for span in row.allotted])
        for spans in _other_cases(record, person):
            elsewhere = by_clock_hour(record, spans)
            for hour in dealt:
                hours[hour] += elsewhere.get(hour, 0.0)
        facts = dict.fromkeys(fact for row in mine for fact in row.facts)
        over = {hour: length for hour, length in sorted(hours.items()) if length > cap}
        for hour, length in over.items():
            yield fail(
                f"{_min(length)} dealt out in the hour from {_at(record, hour)}, which holds {_min(cap)}.", facts
            )
        if hours and not over:
            yield met(f"No clock hour holds more than {_min(cap)} of one professional.", facts)


def exclude_setup(given: Given, version: Version) -> Iterator[Said]:
    """Rule `exclude_setup` of rules/time.toml."""
    rows, kinds = given.minutes.attention, texts(version, "kinds")
    if not rows:
        return
    recorded = [row.fact for row in given.record.stretches if row.kind in kinds]
    if given.record.performed and not recorded:
        monitoring = [row.fact for row in given.record.stretches if row.kind == "monitoring"]
        yield confirm(f"No {_either(kinds)} interval is recorded: monitoring may hold some of it.", monitoring)
        return
    taken = _excluded(rows, kinds)
    what = ", ".join(f"{_kind(kind)} {_min(length)}" for kind, length in taken.items())
    told = f"Left out of the logged time: {what}." if what else f"No {_either(kinds)} inside the logged time."
    yield met(told, recorded)


def within_anesthesia(given: Given, version: Version) -> Iterator[Said]:
    """Rule `within_anesthesia` of rules/time.toml."""
    if not given.minutes.attention:
        return
    span, facts = anesthesia_time(given.record), anesthesia_facts(given.record)
    if span is None:
        yield confirm("Start and end of anesthesia are not both recorded: minutes are not held against them.", facts)
        return
    rows = [row for attention in given.minutes.attention for row in attention.excluded]
    cut = sum(row.minutes for row in rows if row.reason == "outside_anesthesia")
    told = f"{_min(cut)} outside anesthesia left out" if cut else "All minutes lie inside anesthesia"
    yield met(f"{told} ({_clock(given.record, span)}).", facts)


def link_outage(given: Given, version: Version) -> Iterator[Said]:
    """Rule `link_outage` of rules/time.toml."""
    rows = [row for row in given.minutes.attention if row.place == "remote"]
    if not rows:
        return
    counted = [span for row in rows for span in row.every]
    names = {vocabulary("gap_reasons").display(code) for code in texts(version, "link_reasons")}
    facts = given.record.facts
    loose = [
        row for row in given.record.stretches if row.kind == "gap" and facts.by_id[row.fact].text("reason") in names
    ]
    still = minutes(intersect(counted, [row.span for row in loose]))
    if still:
        yield confirm(f"{_min(still)} of a gap by loss of the link still count.", [row.fact for row in loose])
        return
    outages = [row.fact for row in given.record.stretches if row.kind == "outage"]
    live = facts.get("communication.channel")
    if outages or loose:
        cut = _min(sum(_excluded(rows, ["outage", "gap"]).values()))
        yield met(f"{cut} without the link or without data left out.", outages)
    elif live is not None and live.number("live_waveforms"):
        yield met("No outage is recorded, and live waveforms are.", [live.id])
    else:
        yield confirm("Neither an outage nor a live view of the waveforms is recorded.", [live.id] if live else [])


def handover(given: Given, version: Version) -> Iterator[Said]:
    """Rule `handover` of rules/time.toml."""
    record = given.record
    if len(record.readers) < 2:
        return
    facts = [row.fact for row in record.sessions]
    by_person = {person: [row.span for row in record.sessions if row.person == person] for person in record.readers}
    inside = monitored(record)
    shared = merge(
        span for one, two in combinations(by_person.values(), 2) for span in intersect(intersect(one, two), inside)
    )
    for span in shared:
        yield fail(f"Two professionals are logged at once, {_clock(record, span)}.", facts)
    gaps = intersect(_unwatched(record, by_person), inside)
    for span in gaps:
        yield confirm(f"Between two professionals nobody is logged, {_clock(record, span)}.", facts)
    if not shared and not gaps:
        yield met(f"{len(by_person)} professionals, whose times abut.", facts)


def _unwatched(record: ClaimRecord, by_person: Mapping[str, list[Span]]) -> Iterator[Span]:
    """Time between the last moment of one professional and the first of another."""
    logged = merge(row.span for row in record.sessions)
    for before, after in pairwise(logged):
        left = {who for who, spans in by_person.items() if any(span.end_at == before.end_at for span in spans)}
        right = {who for who, spans in by_person.items() if any(span.start_at == after.start_at for span in spans)}
        if not left & right:
            yield Span(before.end_at, after.start_at)


def unattended(given: Given, version: Version) -> Iterator[Said]:
    """Rule `unattended` of rules/time.toml. Such minutes count for nobody; the rule only says that they are there."""
    record = given.record
    inside = monitored(record)
    if not record.sessions or not inside:
        return
    logged = [row.span for row in record.sessions]
    bare = subtract(inside, logged)
    facts = [row.fact for row in record.sessions]
    if bare:
        words = ", ".join(_clock(record, span) for span in bare)
        yield confirm(f"{_min(minutes(bare))} of monitoring with no professional logged: {words}.", facts)
    else:
        yield met("A professional is logged throughout monitoring.", facts)


def midnight(given: Given, version: Version) -> Iterator[Said]:
    """Rule `midnight` of rules/time.toml."""
    record = given.record
    spans = merge([*(row.span for row in record.sessions), *(row.span for row in record.stretches)])
    if not spans:
        return
    first = local_time(record, spans[0].start_at).date()
    # A stretch ends before its last instant: one that ends at midnight stays on its day.
    last = local_time(record, spans[-1].end_at - timedelta(microseconds=1)).date()
    if first == last:
        yield skip("The case does not cross midnight.")
    elif record.date_of_service == first:
        yield met("The case crosses midnight and carries its start date.", ["encounter.date_of_service"])
    else:
        yield fail("The case crosses midnight and does not carry its start date.", ["encounter.date_of_service"])


def concurrency_ceiling(given: Given, version: Version) -> Iterator[Said]:
    """Rule `concurrency_ceiling` of rules/time.toml."""
    record, most = given.record, whole(version, "most_cases")
    if not record.sessions:
        return
    logged = [1 + row.other_open_cases for row in record.sessions if row.other_open_cases is not None]
    for person in record.readers:
        own = [row.span for row in record.sessions if row.person == person]
        logged += [1 + count for _, count in concurrency(own, _other_cases(record, person))]
    facts = [row.fact for row in record.sessions] + [row.fact for row in record.other_sessions or ()]
    unknown = record.other_sessions is None and any(row.other_open_cases is None for row in record.sessions)
    at_once = max(logged, default=1)
    if at_once > most:
        yield confirm(f"{at_once} cases at once, this one included; professional advice is {most}.", facts)
    elif unknown:
        yield confirm("How many cases were open at once is not recorded for every session.", facts)
    else:
        yield met(f"{_count(at_once, 'case')} at once at most.", facts)


def technologist_one_case(given: Given, version: Version) -> Iterator[Said]:
    """Rule `technologist_one_case` of rules/time.toml."""
    rows = _attendance(given)
    counts = {row.id: row.number("other_open_cases") for row in rows}
    several = [fact for fact, count in counts.items() if count]
    silent = [fact for fact, count in counts.items() if count is None]
    if not given.record.performed:
        return
    if several:
        yield fail("A technologist is recorded in another case at the same time.", several)
    elif silent or not rows:
        yield confirm("Whether the technologist had other cases open is not recorded.", silent)
    else:
        yield met("The technologist had no other case open.", counts)


def technologist_attendance(given: Given, version: Version) -> Iterator[Said]:
    """Rule `technologist_attendance` of rules/time.toml."""
    inside, rows = monitored(given.record), _attendance(given)
    if not inside:
        return
    present = [span for row in rows for span in _span_of(row)]
    # A professional in the room who works without a technologist is in attendance.
    present += [row.span for row in given.record.sessions if place_of(row) == "in_room"]
    alone, facts = subtract(inside, present), [row.id for row in rows]
    if not alone:
        yield met("Somebody of the monitoring team is recorded in the room all through monitoring.", facts)
    elif not rows:
        yield confirm("The technologist's attendance is not recorded.")
    else:
        words = ", ".join(_clock(given.record, span) for span in alone)
        yield fail(f"No technologist is recorded during {_min(minutes(alone))} of monitoring, {words}.", facts)


def _undivided(given: Given) -> Iterator[Attention]:
    """Attention for which the payer takes minutes with this patient alone."""
    for row in given.minutes.attention:
        if (row.place == "in_room" and given.policy.in_room == "mon.in_room") or (
            row.place == "remote" and given.policy.remote == "mon.remote_exclusive"
        ):
            yield row


def _lines(given: Given, row: Attention) -> list[str]:
    concept = "mon.in_room" if row.place == "in_room" else "mon.remote_exclusive"
    return [line.id for line in given.monitoring if line.person == row.person and line.concept == concept]


def _other_cases(record: ClaimRecord, person: str) -> tuple[tuple[Span, ...], ...]:
    """Sessions of one professional in other cases, each case for itself."""
    rows = [row for row in record.other_sessions or () if row.person == person]
    return tuple(
        merge(row.span for row in rows if row.case == case) for case in dict.fromkeys(row.case for row in rows)
    )


def _excluded(rows: Iterable[Attention], kinds: Iterable[str]) -> dict[str, float]:
    """Minutes left out by reason, those of the given reasons that took any."""
    found: dict[str, float] = {}
    for part in (part for row in rows for part in row.excluded if part.reason in tuple(kinds)):
        found[part.reason] = found.get(part.reason, 0.0) + part.minutes
    return found


def _attendance(given: Given) -> list[Fact]:
    return [row for row in given.record.facts.of_kind("attendance") if row.status == "technologist"]


def _span_of(fact: Fact) -> Iterator[Span]:
    start_at, end_at = fact.instant("start_at"), fact.instant("end_at")
    if start_at is not None and end_at is not None:
        yield Span(start_at, end_at)


def _kind(code: str) -> str:
    return vocabulary("interval_kinds").display(code)


def _either(kinds: Iterable[str]) -> str:
    *head, last = (_kind(code) for code in kinds)
    return f"{', '.join(head)} or {last}" if head else last


def _min(length: float) -> str:
    return f"{round(length, 1):g} min"


def _count(number_of: int, noun: str) -> str:
    return f"{number_of} {noun}{'' if number_of == 1 else 's'}"


def _at(record: ClaimRecord, at: datetime) -> str:
    return local_time(record, at).strftime("%H:%M")


def _clock(record: ClaimRecord, span: Span) -> str:
    return f"{_at(record, span.start_at)} to {_at(record, span.end_at)}"


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "reader_log": reader_log,
        "monitoring_intervals": monitoring_intervals,
        "exclusive_minutes": exclusive_minutes,
        "allotment": allotment,
        "hour_cap": hour_cap,
        "exclude_setup": exclude_setup,
        "within_anesthesia": within_anesthesia,
        "link_outage": link_outage,
        "handover": handover,
        "unattended": unattended,
        "midnight": midnight,
        "concurrency_ceiling": concurrency_ceiling,
        "technologist_one_case": technologist_one_case,
        "technologist_attendance": technologist_attendance,
    }
)
