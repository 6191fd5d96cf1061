"""Rules on attention that is shared: with other cases, and with other professionals (`time.toml`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise

from report_gen.claim.checks.parameters import number, texts, whole
from report_gen.claim.checks.wording import PLACE, clock, count, length, stretch
from report_gen.claim.clock import by_clock_hour
from report_gen.claim.lines.propose import dealt_out
from report_gen.claim.minutes.count import monitored
from report_gen.claim.minutes.other_cases import lists_others, others_of
from report_gen.claim.model import Attention
from report_gen.claim.record import ClaimRecord
from report_gen.claim.rule import RuleInput, RuleVerdict, confirm, fail, passed
from report_gen.facts.intervals import Span, concurrency, intersect, merge, minutes
from report_gen.rules.model import Version

__all__ = ["allotment", "concurrency_ceiling", "exclusive_minutes", "handover", "hour_cap"]


def exclusive_minutes(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `exclusive_minutes` of rules/time.toml."""
    for attention in _undivided(claim):
        if attention.every:
            yield from (*_unknown(claim, attention), *_watched_twice(claim, attention)) or (_alone(claim, attention),)


def _unknown(claim: RuleInput, attention: Attention) -> Iterator[RuleVerdict]:
    """Minutes for which the log is silent, and those for which it contradicts itself."""
    where, lines = PLACE[attention.place], _lines(claim, attention)
    several = [session for session in claim.record.sessions if session.other_open_cases]
    own = [session.span for session in several if session.person == attention.person]
    unclear = minutes(intersect(attention.undetermined, own))
    silent = minutes(attention.undetermined) - unclear
    if silent:
        words = "the record does not say whether another case of any payer was open."
        yield confirm(f"{length(silent)} {where}: {words}", attention.facts, lines)
    if unclear:
        words = "the session counts another case and the log names none, or fewer, in those hours."
        yield confirm(f"{length(unclear)} {where}: {words}", attention.facts, lines)


def _watched_twice(claim: RuleInput, attention: Attention) -> Iterator[RuleVerdict]:
    """Minutes that another professional is logged for too: one of the two lines has to leave them out."""
    rest = [session for session in claim.record.sessions if session.person != attention.person]
    twice = minutes(intersect(_counted(claim, attention), [session.span for session in rest]))
    if twice:
        facts = [*attention.facts, *(session.fact for session in rest)]
        words = "another professional is logged too, and only one of the two can count them."
        action = "Leave these minutes out of one of the two lines, or correct the logs."
        yield confirm(f"{length(twice)} {PLACE[attention.place]}: {words}", facts, _lines(claim, attention), action)


def _alone(claim: RuleInput, attention: Attention) -> RuleVerdict:
    where, lines = PLACE[attention.place], _lines(claim, attention)
    alone, open_, dealt = (minutes(spans) for spans in (attention.exclusive, attention.shared, attention.allotted))
    counted = minutes(dealt_out(attention, claim.policy, claim.profile))
    if not alone and not counted and claim.policy.remote != "mon.remote_multi":
        if not dealt:
            words = "all of it with another case open: none is exclusive."
            return fail(f"{length(open_)} {where}, {words}", attention.facts, lines)
        return confirm(f"0 min {where} with no other case open{_apart(open_, dealt, 0)}.", attention.facts, lines)
    only_count = alone and not lists_others(claim.record, attention.person)
    basis = ", by the count in the session log; no list of other cases" if only_count else ""
    words = f"{length(alone)} {where} with no other case open{basis}{_apart(open_, dealt, counted)}."
    return passed(words, attention.facts, lines)


def _apart(open_: float, dealt: float, counted: float) -> str:
    parts = (
        f"; {length(open_)} with another case open kept apart" if open_ else "",
        f"; {length(counted)} dealt out between Medicare patients counted" if counted else "",
        f"; {length(dealt - counted)} dealt out between patients left out" if dealt > counted else "",
    )
    return "".join(parts)


def _counted(claim: RuleInput, attention: Attention) -> tuple[Span, ...]:
    return merge([*attention.exclusive, *dealt_out(attention, claim.policy, claim.profile)])


def allotment(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `allotment` of rules/time.toml."""
    for attention in _undivided(claim):
        # Hours of several cases may overlap, so that there is nothing to deal out.
        hourly = attention.place == "in_room" and claim.policy.remote == "mon.remote_multi"
        if attention.allotted and not hourly:
            yield _dealt(claim, version, attention)


def _dealt(claim: RuleInput, version: Version, attention: Attention) -> RuleVerdict:
    words = f"{length(minutes(attention.allotted))} {PLACE[attention.place]} dealt out between patients"
    beside, lines = minutes(attention.allotted) - minutes(attention.among_medicare), _lines(claim, attention)
    facts = attention.facts
    if attention.place not in texts(version, "places"):
        return confirm(f"{words}; the answer that lets time be dealt out is about remote monitoring.", facts)
    if claim.policy.payer_class not in texts(version, "payers"):
        return confirm(f"{words}; left out, since the answer that lets time be dealt out is Medicare's.", facts)
    if beside:
        rest = f"{length(beside)} of it beside a case of another payer, or of one not recorded; that is left out."
        return confirm(f"{words}, {rest}", facts, lines)
    if claim.profile.allot:
        return passed(f"{words}; the practice has decided to count it.", facts, lines)
    return confirm(f"{words}; left out, since the practice has not decided to count it.", facts)


def hour_cap(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `hour_cap` of rules/time.toml. Where nothing is dealt out there is nothing to add up."""
    cap, record = number(version, "cap_min_per_hour"), claim.record
    people = dict.fromkeys(attention.person for attention in _undivided(claim) if attention.allotted)
    for person in people:
        mine = [attention for attention in _undivided(claim) if attention.person == person]
        spans = [span for attention in mine for span in (*attention.exclusive, *attention.allotted)]
        hours = by_clock_hour(record, spans)
        dealt = by_clock_hour(record, [span for attention in mine for span in attention.allotted])
        for case in _other_cases(record, person):
            elsewhere = by_clock_hour(record, case)
            for hour in dealt:
                hours[hour] += elsewhere.get(hour, 0.0)
        facts = dict.fromkeys(fact for attention in mine for fact in attention.facts)
        over = {hour: total for hour, total in sorted(hours.items()) if total > cap}
        for hour, total in over.items():
            words = f"{length(total)} dealt out in the hour from {clock(record, hour)}, which holds {length(cap)}."
            yield fail(words, facts)
        if not over:
            yield passed(f"No clock hour holds more than {length(cap)} of one professional.", facts)


def handover(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `handover` of rules/time.toml."""
    record = claim.record
    if len(record.readers) < 2:
        return
    facts = [session.fact for session in record.sessions]
    by_person: dict[str, list[Span]] = {}
    for session in record.sessions:
        by_person.setdefault(session.person, []).append(session.span)
    inside = monitored(record)
    shared = tuple(_at_once(claim, by_person, inside))
    yield from shared
    gaps = intersect(_unwatched(record, by_person), inside)
    for span in gaps:
        yield confirm(f"Between two professionals nobody is logged, {stretch(record, span)}.", facts)
    if not shared and not gaps:
        yield passed(f"{len(by_person)} professionals, whose times abut.", facts)


def _at_once(claim: RuleInput, by_person: Mapping[str, list[Span]], inside: Iterable[Span]) -> Iterator[RuleVerdict]:
    record, within = claim.record, merge(inside)
    for pair in combinations(by_person, 2):
        facts = [session.fact for session in record.sessions if session.person in pair]
        lines = [line.id for line in claim.monitoring if line.person in pair]
        on = f", on {' and '.join(lines)}" if lines else ""
        for span in intersect(intersect(by_person[pair[0]], by_person[pair[1]]), within):
            yield fail(f"Two professionals are logged at once, {stretch(record, span)}{on}.", facts, lines)


def _unwatched(record: ClaimRecord, by_person: Mapping[str, list[Span]]) -> Iterator[Span]:
    """Time between the last moment of one professional and the first of another."""
    logged = merge(session.span for session in record.sessions)
    for before, after in pairwise(logged):
        left = {person for person, spans in by_person.items() if any(span.end_at == before.end_at for span in spans)}
        right = {
            person for person, spans in by_person.items() if any(span.start_at == after.start_at for span in spans)
        }
        if not left & right:
            yield Span(before.end_at, after.start_at)


def concurrency_ceiling(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `concurrency_ceiling` of rules/time.toml."""
    record, most = claim.record, whole(version, "most_cases")
    if not record.sessions:
        return
    logged = [1 + session.other_open_cases for session in record.sessions if session.other_open_cases is not None]
    for person in record.readers:
        own = [session.span for session in record.sessions if session.person == person]
        logged += [1 + open_ for _, open_ in concurrency(own, _other_cases(record, person))]
    facts = [session.fact for session in record.sessions] + [other.fact for other in record.other_sessions or ()]
    unlisted = [session for session in record.sessions if not lists_others(record, session.person)]
    at_once = max(logged, default=1)
    if at_once > most:
        yield confirm(f"{at_once} cases at once, this one included; professional advice is {most}.", facts)
    elif any(session.other_open_cases is None for session in unlisted):
        yield confirm("How many cases were open at once is not recorded for every session.", facts)
    else:
        yield passed(f"{count(at_once, 'case')} at once at most.", facts)


def _undivided(claim: RuleInput) -> Iterator[Attention]:
    """Attention for which the payer takes minutes with this patient alone."""
    for attention in claim.minutes.attention:
        if (attention.place == "in_room" and claim.policy.in_room == "mon.in_room") or (
            attention.place == "remote" and claim.policy.remote == "mon.remote_exclusive"
        ):
            yield attention


def _lines(claim: RuleInput, attention: Attention) -> list[str]:
    concept = "mon.in_room" if attention.place == "in_room" else "mon.remote_exclusive"
    return [line.id for line in claim.monitoring if line.person == attention.person and line.concept == concept]


def _other_cases(record: ClaimRecord, person: str) -> tuple[tuple[Span, ...], ...]:
    """Sessions of one professional in other cases, each case for itself."""
    others = others_of(record, person)
    return tuple(
        merge(other.span for other in others if other.case == case)
        for case in dict.fromkeys(other.case for other in others)
    )
