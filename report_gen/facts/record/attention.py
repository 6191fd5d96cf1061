"""Facts of minutes and of the professional's attention: monitored, attended, not attended, and other cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from report_gen.case.contract.times import MonitoringInterval
from report_gen.facts.builder import FactBuilder, number, term, text
from report_gen.facts.clock import names_zone, zone_text
from report_gen.facts.fact import Value
from report_gen.facts.intervals import Span, concurrency, intersect, minutes, minutes_between, subtract
from report_gen.facts.monitored import attended, modalities_of_case, monitored, stops
from report_gen.facts.row_ids import code_ids, own_part
from report_gen.facts.wording import duration_text, joined, utc
from report_gen.vocab import vocabulary

__all__ = ["derive_attention"]

_OUTAGE: Final = "outage"
_GAPS: Final = "gaps of all modalities"
_NO_DATA: Final = "without data"
_BETWEEN: Final = "between monitoring intervals"
_ATTENDED: Final = "monitored time with a session of the professional, outside the room less link outages"


@dataclass(frozen=True, slots=True)
class _IntervalOfCase:
    """A stretch of the case with its fact."""

    fact: str
    kind: str
    span: Span
    modalities: tuple[str, ...]
    interval: MonitoringInterval


def derive_attention(b: FactBuilder) -> None:
    """Add the minutes of the case, the professional's sessions here and elsewhere, and what was not attended."""
    listed = {record.modality for record in b.case.modalities}
    stretches = tuple(
        _IntervalOfCase(
            fact,
            interval.kind,
            Span(interval.start_at, interval.end_at),
            modalities_of_case(interval.modalities, listed),
            interval,
        )
        for fact, interval in zip(b.row_ids("interval", b.case.intervals), b.case.intervals, strict=True)
    )
    within = _minutes(b, stretches)
    _sessions(b)
    if b.case.professional_sessions:
        _attended(b, stretches, within)
        _other_cases(b)
    _other_sessions(b)


def _minutes(b: FactBuilder, stretches: Sequence[_IntervalOfCase]) -> tuple[Span, ...]:
    """Add the minutes of monitoring and of each other kind of interval; give the monitored time."""
    monitoring = [stretch for stretch in stretches if stretch.kind == "monitoring"]
    performed = {record.modality for record in b.case.modalities if record.performed}
    within = monitored(stretches, performed)
    if monitoring:
        total, whole = minutes(within), minutes(stretch.span for stretch in monitoring)
        b.compute(
            "minutes.monitoring",
            "minutes.monitoring",
            "/intervals",
            [
                number("monitored_min", total, duration_text(total)),
                *_ends(b, monitoring),
                number("interval_min", whole, duration_text(whole)),
                *_left_out(monitoring, stops(stretches, performed), whole - total),
                *_from_first_to_last(monitoring, stops(stretches, performed), total),
            ],
            formula="union of monitoring intervals minus set-up, baseline, stand-by, removal and all-modality gaps",
            inputs=[
                stretch.fact
                for code in vocabulary("interval_kinds").codes
                for stretch in stretches
                if stretch.kind == code
            ],
            group="minutes",
        )
    else:
        b.add("minutes.monitoring", "minutes.monitoring", "/intervals", [], group="minutes")
    for kind, entry in vocabulary("interval_kinds").entries.items():
        of_kind = [stretch for stretch in stretches if stretch.kind == kind]
        if entry.part != "monitoring" and of_kind:
            length = minutes(stretch.span for stretch in of_kind)
            b.compute(
                f"minutes.{kind}",
                f"minutes.{kind}",
                "/intervals",
                [
                    number("duration_min", length, duration_text(length)),
                    term("label", "interval_kinds", kind),
                ],
                formula="union of the intervals of this kind",
                inputs=[stretch.fact for stretch in of_kind],
                group="minutes",
            )
    return within


def _ends(b: FactBuilder, monitoring: Sequence[_IntervalOfCase]) -> tuple[Value, Value]:
    """First and last instant of monitoring, with their dates when they are of two days."""
    start_at = min((stretch.interval.start_at for stretch in monitoring), key=utc)
    end_at = max((stretch.interval.end_at for stretch in monitoring), key=utc)
    two_days = b.clock.local(start_at).date() != b.clock.local(end_at).date()
    words = b.clock.dated if two_days else b.clock.time
    ends = {"start_at": start_at, "end_at": end_at}
    texts = {name: words(at) for name, at in ends.items()}
    local = [b.clock.local(at) for at in ends.values()]
    if local[0].utcoffset() != local[1].utcoffset():
        # Read off the clock alone, the time between the two would be wrong.
        texts = {
            name: text if names_zone(text) else f"{text} {zone_text(at)}"
            for (name, text), at in zip(texts.items(), local, strict=True)
        }
    return Value("start_at", texts["start_at"], at=start_at), Value("end_at", texts["end_at"], at=end_at)


def _left_out(
    monitoring: Sequence[_IntervalOfCase], stopped: Mapping[str, Sequence[Span]], length: float
) -> Iterator[Value]:
    """What of the monitoring intervals is no monitored time, with its length; nothing when all of them is."""
    inside = [stretch.span for stretch in monitoring]
    kinds = [kind for kind, spans in stopped.items() if intersect(inside, spans)]
    if kinds:
        names = vocabulary("interval_kinds")
        yield number("left_out_min", length, duration_text(length))
        yield text("left_out", joined(_GAPS if kind == "gap" else names.display(kind) for kind in kinds))


def _from_first_to_last(
    monitoring: Sequence[_IntervalOfCase], stopped: Mapping[str, Sequence[Span]], monitored_min: float
) -> Iterator[Value]:
    """The time between the two ends and what of it is no monitored time; nothing when all of it is.

    More than what the intervals leave out: what lies between two of them too.
    """
    inside = [stretch.span for stretch in monitoring]
    whole = Span(min(span.start_at for span in inside), max(span.end_at for span in inside))
    length = minutes([whole])
    if length == monitored_min:
        return
    names = vocabulary("interval_kinds")
    parts = {
        _NO_DATA if kind == "gap" else names.display(kind): intersect([whole], spans) for kind, spans in stopped.items()
    }
    covered = [*inside, *(span for spans in parts.values() for span in spans)]
    parts[_BETWEEN] = subtract([whole], covered)
    lengths = {name: minutes(spans) for name, spans in parts.items() if spans}
    yield number("from_first_to_last_min", length, duration_text(length))
    if sum(lengths.values()) == length - monitored_min:
        yield text("less", joined(f"{duration_text(each)} {name}" for name, each in lengths.items()))
    else:
        yield text("less", f"{duration_text(length - monitored_min)} {joined(lengths)}")


def _sessions(b: FactBuilder) -> None:
    sessions = b.case.professional_sessions
    if not sessions:
        b.add("professional.sessions", "professional.sessions", "/professional_sessions", [], group="professional")
        return
    for index, session in enumerate(sessions):
        length = minutes_between(session.start_at, session.end_at)
        b.add(
            b.row_ids("session", sessions)[index],
            "session",
            f"/professional_sessions/{index}",
            [
                b.words("name", b.person_name(session.person)),
                b.coded("mode", "session_modes", session.mode),
                b.instant("start_at", session.start_at),
                b.instant("end_at", session.end_at),
                number("duration_min", length, duration_text(length)),
                b.plain("other_open_cases", session.other_open_cases),
                b.words("handed_over_to", b.person_name(session.handed_over_to)),
                b.coded("clock", "clocks", session.clock),
            ],
            group="professional",
            status=session.mode,
            inputs=[f"person.{session.person}"],
        )


def _attended(b: FactBuilder, stretches: Sequence[_IntervalOfCase], within: tuple[Span, ...]) -> None:
    """Add the attended minutes, by mode too, and each stretch of monitored time that nobody attended."""
    ids = b.row_ids("session", b.case.professional_sessions)
    sessions = [(session.mode, Span(session.start_at, session.end_at)) for session in b.case.professional_sessions]
    if not any(stretch.kind == "monitoring" for stretch in stretches):
        b.add("minutes.professional", "minutes.professional", "/professional_sessions", [], group="minutes", inputs=ids)
        return
    outages = [stretch for stretch in stretches if stretch.kind == _OUTAGE]
    cuts = [stretch.span for stretch in outages]
    seen = attended(within, sessions, cuts)
    b.compute(
        "minutes.professional",
        "minutes.professional",
        "/professional_sessions",
        [number("attended_min", minutes(seen), duration_text(minutes(seen)))],
        formula=_ATTENDED,
        inputs=["minutes.monitoring", *ids],
        group="minutes",
    )
    for mode in dict.fromkeys(mode for mode, _ in sessions):
        of_mode = [(fact, session) for fact, session in zip(ids, sessions, strict=True) if session[0] == mode]
        length = minutes(attended(within, (session for _, session in of_mode), cuts))
        b.compute(
            f"minutes.professional.{mode}",
            "minutes.professional.mode",
            "/professional_sessions",
            [number("attended_min", length, duration_text(length)), term("mode", "session_modes", mode)],
            formula=f"{_ATTENDED}, in this mode",
            inputs=[fact for fact, _ in of_mode],
            group="minutes",
            status=mode,
        )
    _by_person(b, within, cuts)
    bare = subtract(within, (span for _, span in sessions))
    pieces = [
        *((span, "no_session") for span in (*subtract(bare, cuts), *intersect(bare, cuts))),
        *((span, "link_outage") for span in subtract(subtract(within, seen), bare)),
    ]
    _unattended(b, sorted(pieces), outages)


def _by_person(b: FactBuilder, within: Sequence[Span], cuts: Sequence[Span]) -> None:
    """Add the minutes that each professional attended, where several did."""
    sessions = b.case.professional_sessions
    ids = b.row_ids("session", sessions)
    people = dict.fromkeys(session.person for session in sessions)
    for person in people if len(people) > 1 else ():
        own = [
            (fact, (session.mode, Span(session.start_at, session.end_at)))
            for fact, session in zip(ids, sessions, strict=True)
            if session.person == person
        ]
        length = minutes(attended(within, (session for _, session in own), cuts))
        b.compute(
            f"minutes.attended.{own_part(person)}",
            "minutes.professional.person",
            "/professional_sessions",
            [number("attended_min", length, duration_text(length)), b.words("name", b.person_name(person))],
            formula=f"{_ATTENDED}, by this professional",
            inputs=[f"person.{person}", *(fact for fact, _ in own)],
            group="minutes",
        )


def _unattended(b: FactBuilder, pieces: Sequence[tuple[Span, str]], outages: Sequence[_IntervalOfCase]) -> None:
    """Add each stretch of monitored time that nobody attended, with the outage recorded in it.

    Where no session is recorded during an outage, both are told, and neither as the cause of the other.
    """
    recorded = {utc(at): at for at in _edges(b)}
    starts = [recorded[span.start_at] for span, _ in pieces]
    ids = code_ids("unattended", [b.clock.row_text(at) for at in starts])
    for (span, status), start_at, fact_id in zip(pieces, starts, ids, strict=True):
        length = minutes([span])
        during = [outage for outage in outages if intersect([span], [outage.span])]
        reason = next((outage.interval.reason for outage in during if outage.interval.reason is not None), None)
        b.compute(
            fact_id,
            "unattended",
            "/professional_sessions",
            [
                b.instant("start_at", start_at),
                b.instant("end_at", recorded[span.end_at]),
                number("duration_min", length, duration_text(length)),
                term("link", "interval_kinds", _OUTAGE) if during else None,
                b.coded("reason", "gap_reasons", reason),
            ],
            formula="monitored time less attended time",
            inputs=["minutes.monitoring", "minutes.professional", *(outage.fact for outage in during)],
            group="minutes",
            status=status,
        )


def _edges(b: FactBuilder) -> Iterator[datetime]:
    """The recorded instants at which attention can begin or end."""
    for interval in b.case.intervals:
        yield from (interval.start_at, interval.end_at)
    for session in b.case.professional_sessions:
        yield from (session.start_at, session.end_at)


def _other_cases(b: FactBuilder) -> None:
    """Add the largest number of the professional's sessions in other cases open at once; unknown stays unknown."""
    sessions, others = b.case.professional_sessions, b.case.other_case_sessions
    if others is None:
        b.add("professional.other_cases", "professional.other_cases", "/other_case_sessions", [], group="professional")
        return
    by_case: dict[tuple[str, str], list[Span]] = {}
    for other in others:
        by_case.setdefault((other.person, other.case_pseudonym), []).append(Span(other.start_at, other.end_at))
    most, overlap = 0, 0.0
    for person in dict.fromkeys(session.person for session in sessions):
        here = (Span(session.start_at, session.end_at) for session in sessions if session.person == person)
        pieces = concurrency(here, [spans for (who, _), spans in by_case.items() if who == person])
        most = max(most, *(count for _, count in pieces))
        overlap += minutes(span for span, count in pieces if count)
    cases = len({name for _, name in by_case})
    b.compute(
        "professional.other_cases",
        "professional.other_cases",
        "/other_case_sessions",
        [
            number("most_at_once", most, str(most)),
            number("overlap_min", overlap, duration_text(overlap)),
            number("cases", cases, str(cases)),
        ],
        formula="sessions in this case cut wherever a session of the same professional in another case starts or ends",
        inputs=b.row_ids("session", sessions),
        group="professional",
    )


def _other_sessions(b: FactBuilder) -> None:
    others = b.case.other_case_sessions or ()
    for index, session in enumerate(others):
        b.add(
            b.row_ids("other_session", others)[index],
            "other_session",
            f"/other_case_sessions/{index}",
            [
                b.words("name", b.person_name(session.person)),
                text("case", session.case_pseudonym),
                b.coded("mode", "session_modes", session.mode),
                b.instant("start_at", session.start_at),
                b.instant("end_at", session.end_at),
                b.coded("payer_class", "payer_classes", session.payer_class),
                b.coded("clock", "clocks", session.clock),
            ],
            group="professional",
            status=session.payer_class or "unknown",
            inputs=[f"person.{session.person}"],
            must_state=False,
        )
