"""Rules on attention that is shared: with other cases, and with other professionals (`time.toml`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise

from report_gen.claim.checks.parameters import number, texts, whole
from report_gen.claim.checks.wording import PLACE, clock, count, length, stretch
from report_gen.claim.clock import by_clock_hour
from report_gen.claim.given import Given, Said, confirm, fail, met
from report_gen.claim.lines import dealt_out
from report_gen.claim.minutes import monitored
from report_gen.claim.model import Attention
from report_gen.claim.other_cases import lists_others, others_of
from report_gen.claim.record import ClaimRecord
from report_gen.facts.intervals import Span, concurrency, intersect, merge, minutes
from report_gen.rules.model import Version

__all__ = ["allotment", "concurrency_ceiling", "exclusive_minutes", "handover", "hour_cap"]


def exclusive_minutes(given: Given, version: Version) -> Iterator[Said]:
    """Rule `exclusive_minutes` of rules/time.toml."""
    for row in _undivided(given):
        if row.every:
            yield from (*_unknown(given, row), *_watched_twice(given, row)) or (_alone(given, row),)


def _unknown(given: Given, row: Attention) -> Iterator[Said]:
    """Minutes for which the log is silent, and those for which it contradicts itself."""
    where, lines = PLACE[row.place], _lines(given, row)
    several = [one.span for one in given.record.sessions if one.person == row.person and one.other_open_cases]
    unclear = minutes(intersect(row.undetermined, several))
    silent = minutes(row.undetermined) - unclear
    if silent:
        words = "the record does not say whether another case of any payer was open."
        yield confirm(f"{length(silent)} {where}: {words}", row.facts, lines)
    if unclear:
        words = "the session counts another case and the log names none, or fewer, in those hours."
        yield confirm(f"{length(unclear)} {where}: {words}", row.facts, lines)


def _watched_twice(given: Given, row: Attention) -> Iterator[Said]:
    """Minutes that another professional is logged for too: one of the two lines has to leave them out."""
    rest = [one for one in given.record.sessions if one.person != row.person]
    twice = minutes(intersect(_counted(given, row), [one.span for one in rest]))
    if twice:
        facts = [*row.facts, *(one.fact for one in rest)]
        words = "another professional is logged too, and only one of the two can count them."
        action = "Leave these minutes out of one of the two lines, or correct the logs."
        yield confirm(f"{length(twice)} {PLACE[row.place]}: {words}", facts, _lines(given, row), action)


def _alone(given: Given, row: Attention) -> Said:
    where, lines = PLACE[row.place], _lines(given, row)
    alone, open_, dealt = (minutes(spans) for spans in (row.exclusive, row.shared, row.allotted))
    counted = minutes(dealt_out(row, given.policy, given.profile))
    if not alone and not counted and given.policy.remote != "mon.remote_multi":
        if not dealt:
            words = "all of it with another case open: none is exclusive."
            return fail(f"{length(open_)} {where}, {words}", row.facts, lines)
        return confirm(f"0 min {where} with no other case open{_apart(open_, dealt, 0)}.", row.facts, lines)
    only_count = alone and not lists_others(given.record, row.person)
    basis = ", by the count in the session log; no list of other cases" if only_count else ""
    return met(
        f"{length(alone)} {where} with no other case open{basis}{_apart(open_, dealt, counted)}.", row.facts, lines
    )


def _apart(open_: float, dealt: float, counted: float) -> str:
    parts = (
        f"; {length(open_)} with another case open kept apart" if open_ else "",
        f"; {length(counted)} dealt out between Medicare patients counted" if counted else "",
        f"; {length(dealt - counted)} dealt out between patients left out" if dealt > counted else "",
    )
    return "".join(parts)


def _counted(given: Given, row: Attention) -> tuple[Span, ...]:
    return merge([*row.exclusive, *dealt_out(row, given.policy, given.profile)])


def allotment(given: Given, version: Version) -> Iterator[Said]:
    """Rule `allotment` of rules/time.toml."""
    for row in _undivided(given):
        # Hours of several cases may overlap, so that there is nothing to deal out.
        hourly = row.place == "in_room" and given.policy.remote == "mon.remote_multi"
        if row.allotted and not hourly:
            yield _dealt(given, version, row)


def _dealt(given: Given, version: Version, row: Attention) -> Said:
    words = f"{length(minutes(row.allotted))} {PLACE[row.place]} dealt out between patients"
    beside, lines = minutes(row.allotted) - minutes(row.among_medicare), _lines(given, row)
    if row.place not in texts(version, "places"):
        return confirm(f"{words}; the answer that lets time be dealt out is about remote monitoring.", row.facts)
    if given.policy.payer_class not in texts(version, "payers"):
        return confirm(f"{words}; left out, since the answer that lets time be dealt out is Medicare's.", row.facts)
    if beside:
        told = f"{length(beside)} of it beside a case of another payer, or of one not recorded; that is left out."
        return confirm(f"{words}, {told}", row.facts, lines)
    if given.profile.allot:
        return met(f"{words}; the practice has decided to count it.", row.facts, lines)
    return confirm(f"{words}; left out, since the practice has not decided to count it.", row.facts)


def hour_cap(given: Given, version: Version) -> Iterator[Said]:
    """Rule `hour_cap` of rules/time.toml. Where nothing is dealt out there is nothing to add up."""
    cap, record = number(version, "cap_min_per_hour"), given.record
    rows = [row for row in _undivided(given) if row.allotted]
    for person in dict.fromkeys(row.person for row in rows):
        mine = [row for row in _undivided(given) if row.person == person]
        hours = by_clock_hour(record, [span for row in mine for span in (*row.exclusive, *row.allotted)])
        dealt = by_clock_hour(record, [span for row in mine for span in row.allotted])
        for spans in _other_cases(record, person):
            elsewhere = by_clock_hour(record, spans)
            for hour in dealt:
                hours[hour] += elsewhere.get(hour, 0.0)
        facts = dict.fromkeys(fact for row in mine for fact in row.facts)
        over = {hour: total for hour, total in sorted(hours.items()) if total > cap}
        for hour, total in over.items():
            yield fail(
                f"{length(total)} dealt out in the hour from {clock(record, hour)}, which holds {length(cap)}.", facts
            )
        if not over:
            yield met(f"No clock hour holds more than {length(cap)} of one professional.", facts)


def handover(given: Given, version: Version) -> Iterator[Said]:
    """Rule `handover` of rules/time.toml."""
    record = given.record
    if len(record.readers) < 2:
        return
    facts = [row.fact for row in record.sessions]
    by_person = {person: [row.span for row in record.sessions if row.person == person] for person in record.readers}
    inside = monitored(record)
    shared = tuple(_at_once(given, by_person, inside))
    yield from shared
    gaps = intersect(_unwatched(record, by_person), inside)
    for span in gaps:
        yield confirm(f"Between two professionals nobody is logged, {stretch(record, span)}.", facts)
    if not shared and not gaps:
        yield met(f"{len(by_person)} professionals, whose times abut.", facts)


def _at_once(given: Given, by_person: Mapping[str, list[Span]], inside: Iterable[Span]) -> Iterator[Said]:
    record, within = given.record, merge(inside)
    for pair in combinations(by_person, 2):
        facts = [row.fact for row in record.sessions if row.person in pair]
        lines = [line.id for line in given.monitoring if line.person in pair]
        on = f", on {' and '.join(lines)}" if lines else ""
        for span in intersect(intersect(by_person[pair[0]], by_person[pair[1]]), within):
            yield fail(f"Two professionals are logged at once, {stretch(record, span)}{on}.", facts, lines)


def _unwatched(record: ClaimRecord, by_person: Mapping[str, list[Span]]) -> Iterator[Span]:
    """Time between the last moment of one professional and the first of another."""
    logged = merge(row.span for row in record.sessions)
    for before, after in pairwise(logged):
        left = {who for who, spans in by_person.items() if any(span.end_at == before.end_at for span in spans)}
        right = {who for who, spans in by_person.items() if any(span.start_at == after.start_at for span in spans)}
        if not left & right:
            yield Span(before.end_at, after.start_at)


def concurrency_ceiling(given: Given, version: Version) -> Iterator[Said]:
    """Rule `concurrency_ceiling` of rules/time.toml."""
    record, most = given.record, whole(version, "most_cases")
    if not record.sessions:
        return
    logged = [1 + row.other_open_cases for row in record.sessions if row.other_open_cases is not None]
    for person in record.readers:
        own = [row.span for row in record.sessions if row.person == person]
        logged += [1 + open_ for _, open_ in concurrency(own, _other_cases(record, person))]
    facts = [row.fact for row in record.sessions] + [row.fact for row in record.other_sessions or ()]
    unlisted = [row for row in record.sessions if not lists_others(record, row.person)]
    at_once = max(logged, default=1)
    if at_once > most:
        yield confirm(f"{at_once} cases at once, this one included; professional advice is {most}.", facts)
    elif any(row.other_open_cases is None for row in unlisted):
        yield confirm("How many cases were open at once is not recorded for every session.", facts)
    else:
        yield met(f"{count(at_once, 'case')} at once at most.", facts)


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
    rows = others_of(record, person)
    return tuple(
        merge(row.span for row in rows if row.case == case) for case in dict.fromkeys(row.case for row in rows)
    )
