"""Rules on minutes: the log, what counts, other cases, hand-overs, midnight, and the technologist's presence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from report_gen.claim.checks.parameters import texts
from report_gen.claim.checks.sharing import allotment, concurrency_ceiling, exclusive_minutes, handover, hour_cap
from report_gen.claim.checks.wording import clock, count, length, stretch, stretches
from report_gen.claim.clock import local_time, stamped_day
from report_gen.claim.minutes.count import anesthesia_facts, anesthesia_time, monitored, place_of
from report_gen.claim.model import Attention
from report_gen.claim.record import ClaimRecord
from report_gen.claim.rule import Check, RuleInput, RuleVerdict, confirm, fail, not_applicable, passed
from report_gen.facts.intervals import Span, intersect, merge, minutes, subtract
from report_gen.facts.model import Fact
from report_gen.facts.wording import joined
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["CHECKS"]

_DAY: Final = "encounter.date_of_service"


def reader_log(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `reader_log` of rules/time.toml."""
    record = claim.record
    if not record.sessions:
        yield fail("No session of a professional is logged: minutes cannot be computed.", ["professional.sessions"])
        return
    roles = texts(version, "reader_roles")
    others = {member.fact: member.role for member in record.members if member.role not in roles}
    strangers = [session for session in record.sessions if session.person in others]
    if strangers:
        shown = sorted({vocabulary("roles").display(others[session.person]) for session in strangers})
        words = f"{count(len(strangers), 'logged session')} of somebody who does not interpret ({joined(shown)})"
        yield fail(f"{words}: that is no professional's log.", [session.fact for session in strangers])
        return
    sessions, people = count(len(record.sessions), "session"), count(len(record.readers), "professional")
    yield passed(f"{sessions} of {people} logged.", [session.fact for session in record.sessions])


def monitoring_intervals(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `monitoring_intervals` of rules/time.toml."""
    intervals = [interval for interval in claim.record.stretches if interval.kind == "monitoring"]
    if not intervals:
        yield fail("No monitoring interval is recorded: minutes cannot be computed.", ["minutes.monitoring"])
        return
    words = stretches(claim.record, merge(interval.span for interval in intervals))
    yield passed(f"Monitoring {words}.", [interval.fact for interval in intervals])


def exclude_setup(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `exclude_setup` of rules/time.toml."""
    attentions, kinds = claim.minutes.attention, texts(version, "kinds")
    if not attentions:
        return
    recorded = [interval.fact for interval in claim.record.stretches if interval.kind in kinds]
    monitoring = [interval.fact for interval in claim.record.stretches if interval.kind == "monitoring"]
    if claim.record.performed and not recorded:
        yield confirm(f"No {_either(kinds)} interval is recorded: monitoring may hold some of it.", monitoring)
        return
    lacking = _lacking(claim.record, texts(version, "each_recorded"))
    for kind in lacking:
        yield confirm(f"No {_kind(kind)} interval is recorded: monitoring may hold some of it.", monitoring)
    exclusions = _excluded(attentions, kinds)
    what = ", ".join(f"{_kind(kind)} {length(cut)}" for kind, cut in exclusions.items())
    if not lacking:
        message = f"Left out of the logged time: {what}." if what else f"No {_either(kinds)} inside the logged time."
        yield passed(message, recorded)


def _lacking(record: ClaimRecord, kinds: Iterable[str]) -> list[str]:
    """Kinds of interval that every case with baselines to read has and this record lacks."""
    if not any(modality.review_fact for modality in record.performed):
        return []
    known = {interval.kind for interval in record.stretches}
    return [kind for kind in kinds if kind not in known]


def baseline_reading_time(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `baseline_reading_time` of rules/time.toml. A reading at the first instant of counted time ended before."""
    record = claim.record
    counted: dict[str, list[Span]] = {}
    for attention in claim.minutes.attention:
        counted.setdefault(attention.person, []).extend(attention.every)
    reviewed = [modality for modality in record.performed if modality.reviewed_by in counted]
    readings = [(modality.reviewed_at, modality) for modality in reviewed if modality.reviewed_at]
    inside = [
        (at, modality)
        for at, modality in readings
        if any(span.start_at < at <= span.end_at for span in counted[modality.reviewed_by])
    ]
    cited = [modality.review_fact for _, modality in inside or readings]
    if inside:
        words = joined(sorted({clock(record, at) for at, _ in inside}))
        yield confirm(f"Baselines were read at {words}, inside the counted minutes: how long is not recorded.", cited)
    elif readings:
        yield passed("Baselines were read outside the counted minutes.", cited)


def within_anesthesia(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `within_anesthesia` of rules/time.toml."""
    if not claim.minutes.attention:
        return
    span, facts = anesthesia_time(claim.record), anesthesia_facts(claim.record)
    if span is None:
        yield confirm("Start and end of anesthesia are not both recorded: minutes are not held against them.", facts)
        return
    exclusions = [exclusion for attention in claim.minutes.attention for exclusion in attention.excluded]
    cut = sum(exclusion.minutes for exclusion in exclusions if exclusion.reason == "outside_anesthesia")
    words = f"{length(cut)} outside anesthesia left out" if cut else "All minutes lie inside anesthesia"
    yield passed(f"{words} ({stretch(claim.record, span)}).", facts)


def link_outage(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `link_outage` of rules/time.toml."""
    attentions = [attention for attention in claim.minutes.attention if attention.place == "remote"]
    if not attentions:
        return
    counted = [span for attention in attentions for span in attention.every]
    reasons = texts(version, "link_reasons")
    facts = claim.record.facts
    gaps = [interval for interval in claim.record.stretches if interval.kind == "gap"]
    loose = [gap for gap in gaps if facts.by_id[gap.fact].code("reason") in reasons]
    still = minutes(intersect(counted, [gap.span for gap in loose]))
    if still:
        yield confirm(f"{length(still)} of a gap by loss of the link still count.", [gap.fact for gap in loose])
        return
    outages = [interval.fact for interval in claim.record.stretches if interval.kind == "outage"]
    live = facts.get("communication.channel")
    if outages or loose:
        cut = length(sum(_excluded(attentions, ["outage", "gap"]).values()))
        yield passed(f"{cut} without the link or without data left out.", outages)
    elif live is not None and live.number("live_waveforms"):
        yield passed("No outage is recorded, and live waveforms are.", [live.id])
    else:
        yield confirm("Neither an outage nor a live view of the waveforms is recorded.", [live.id] if live else [])


def unattended(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `unattended` of rules/time.toml. Such minutes count for nobody; the rule only reports them."""
    record = claim.record
    inside = monitored(record)
    if not record.sessions or not inside:
        return
    logged = [session.span for session in record.sessions]
    bare = subtract(inside, logged)
    cut = intersect(claim.minutes.unattended, logged)
    facts = [session.fact for session in record.sessions]
    without = f" Without the link: {length(minutes(cut))}, {stretches(record, cut)}." if cut else ""
    if bare:
        words = stretches(record, bare)
        yield confirm(f"{length(minutes(bare))} of monitoring with no professional logged: {words}.{without}", facts)
    else:
        yield passed(f"A professional is logged throughout monitoring.{without}", facts)


def midnight(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `midnight` of rules/time.toml. The day is the facility's, or that of the machine that wrote the record."""
    record, day = claim.record, claim.record.date_of_service
    spans = merge([*(session.span for session in record.sessions), *(interval.span for interval in record.stretches)])
    if not spans:
        return
    first = local_time(record, spans[0].start_at).date()
    # A stretch ends before its last instant: one that ends at midnight stays on its day.
    last = local_time(record, spans[-1].end_at - timedelta(microseconds=1)).date()
    if day not in (first, stamped_day(record)):
        crosses = "crosses midnight and " if first != last else ""
        yield fail(f"The case {crosses}does not carry the date on which its times start.", [_DAY])
    elif first == last:
        yield not_applicable("The case does not cross midnight.")
    else:
        yield passed("The case crosses midnight and carries its start date.", [_DAY])


def technologist_one_case(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `technologist_one_case` of rules/time.toml."""
    attendances = _attendance(claim)
    counts = {attendance.id: attendance.number("other_open_cases") for attendance in attendances}
    several = [fact for fact, count in counts.items() if count]
    silent = [fact for fact, count in counts.items() if count is None]
    if not claim.record.performed:
        return
    if several:
        yield fail("A technologist is recorded in another case at the same time.", several)
    elif silent or not attendances:
        yield confirm("Whether the technologist had other cases open is not recorded.", silent)
    else:
        yield passed("The technologist had no other case open.", counts)


def technologist_attendance(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Rule `technologist_attendance` of rules/time.toml."""
    inside, attendances = monitored(claim.record), _attendance(claim)
    if not inside:
        return
    present = [span for attendance in attendances for span in _span_of(attendance)]
    # A professional in the room who works without a technologist is in attendance.
    present += [session.span for session in claim.record.sessions if place_of(session) == "in_room"]
    alone, facts = subtract(inside, present), [attendance.id for attendance in attendances]
    if not alone:
        yield passed("Somebody of the monitoring team is recorded in the room all through monitoring.", facts)
    elif not attendances:
        yield confirm("The technologist's attendance is not recorded.")
    else:
        words = stretches(claim.record, alone)
        yield fail(f"No technologist is recorded during {length(minutes(alone))} of monitoring, {words}.", facts)


def _excluded(attentions: Iterable[Attention], kinds: Iterable[str]) -> dict[str, float]:
    """Minutes left out by reason, for those of some reasons that leave any out."""
    totals: dict[str, float] = {}
    for part in (part for attention in attentions for part in attention.excluded if part.reason in tuple(kinds)):
        totals[part.reason] = totals.get(part.reason, 0.0) + part.minutes
    return totals


def _attendance(claim: RuleInput) -> list[Fact]:
    return [fact for fact in claim.record.facts.of_kind("attendance") if fact.status == "technologist"]


def _span_of(fact: Fact) -> Iterator[Span]:
    start_at, end_at = fact.instant("start_at"), fact.instant("end_at")
    if start_at is not None and end_at is not None:
        yield Span(start_at, end_at)


def _kind(code: str) -> str:
    return vocabulary("interval_kinds").display(code)


def _either(kinds: Iterable[str]) -> str:
    *head, last = (_kind(code) for code in kinds)
    return f"{', '.join(head)} or {last}" if head else last


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "reader_log": reader_log,
        "monitoring_intervals": monitoring_intervals,
        "exclusive_minutes": exclusive_minutes,
        "allotment": allotment,
        "hour_cap": hour_cap,
        "exclude_setup": exclude_setup,
        "baseline_reading_time": baseline_reading_time,
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
