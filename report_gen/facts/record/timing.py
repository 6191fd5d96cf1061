"""Facts of milestones, intervals, monitored minutes and the professional's attention.

Set-up, baseline and removal are not monitoring time, and neither are gaps and outages (clinical reference §1.3;
billing reference §3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Protocol

from report_gen.case.contract.times import ProfessionalSession
from report_gen.facts.builder import FactBuilder, modality_labels, number, term, text
from report_gen.facts.intervals import Span, concurrency, intersect, merge, minutes, minutes_between, subtract
from report_gen.facts.wording import duration_text, utc
from report_gen.vocab import vocabulary

__all__ = ["derive_timing", "interruptions"]


class _TimedStretch(Protocol):
    @property
    def start_at(self) -> datetime: ...

    @property
    def end_at(self) -> datetime: ...


def _spans(stretches: Iterable[_TimedStretch]) -> tuple[Span, ...]:
    return tuple(Span(stretch.start_at, stretch.end_at) for stretch in stretches)


def interruptions(gaps: Iterable[tuple[Span, Collection[str]]], performed: Collection[str]) -> tuple[Span, ...]:
    """Spans in which no modality was recorded: a gap of one modality is a gap in that modality alone.

    Args:
        gaps: Each gap with its modalities; one that names none is a gap of all.
        performed: Modalities performed. None: any gap interrupts.
    """
    gaps = tuple(gaps)
    if not performed:
        return merge(span for span, _ in gaps)
    each = (merge(span for span, codes in gaps if not codes or code in codes) for code in performed)
    return reduce(intersect, each)


def derive_timing(b: FactBuilder) -> None:
    """Add milestones, intervals, sessions, and the minutes computed from them."""
    _milestones(b)
    _intervals(b)
    _end(b)
    _minutes(b)
    _sessions(b)
    _other_sessions(b)


def _milestones(b: FactBuilder) -> None:
    for index, milestone in enumerate(b.case.milestones):
        words = milestone.label or vocabulary("milestones").display(milestone.code)
        b.add(
            b.row_ids("milestone", b.case.milestones)[index],
            "milestone",
            f"/milestones/{index}",
            [
                term("label", "milestones", milestone.code, words),
                b.instant("at", milestone.at),
                b.coded("clock", "clocks", milestone.clock),
            ],
            group="milestones",
            status=milestone.code,
        )
    recorded = {milestone.code for milestone in b.case.milestones}
    for code in ("incision", "closure_start"):
        if code not in recorded:
            b.add(
                f"milestone.{code}",
                "milestone.missing",
                "/milestones",
                [term("label", "milestones", code)],
                group="milestones",
                status="not_recorded",
            )


def _intervals(b: FactBuilder) -> None:
    listed = {record.modality for record in b.case.modalities}
    for index, interval in enumerate(b.case.intervals):
        length = minutes_between(interval.start_at, interval.end_at)
        b.add(
            b.row_ids("interval", b.case.intervals)[index],
            f"interval.{interval.kind}",
            f"/intervals/{index}",
            [
                b.instant("start_at", interval.start_at),
                b.instant("end_at", interval.end_at),
                b.coded("kind", "interval_kinds", interval.kind),
                modality_labels("modalities", interval.modalities),
                b.coded("baseline_kind", "baseline_kinds", interval.baseline_kind),
                b.coded("reason", "gap_reasons", interval.reason),
                b.words("detail", interval.detail),
                b.coded("clock", "clocks", interval.clock),
                number("duration_min", length, duration_text(length)),
            ],
            group="intervals",
            status=interval.kind,
            modality=interval.modalities[0] if len(interval.modalities) == 1 else "",
            inputs=[f"modality.{code}" for code in interval.modalities if code in listed],
        )


def _end(b: FactBuilder) -> None:
    end = b.case.monitoring_end
    if end is not None:
        b.add(
            "monitoring.end",
            "monitoring.end",
            "/monitoring_end",
            [text("text", end.relation.replace("_", " ")), b.words("reason", end.reason)],
            status=end.relation,
        )


def _minutes(b: FactBuilder) -> None:
    intervals, kinds = b.case.intervals, vocabulary("interval_kinds").entries
    of_kind = {kind: _spans(interval for interval in intervals if interval.kind == kind) for kind in kinds}
    fact_ids = b.row_ids("interval", intervals)
    ids = {kind: [fact_ids[i] for i, interval in enumerate(intervals) if interval.kind == kind] for kind in of_kind}
    monitoring = [interval for interval in intervals if interval.kind == "monitoring"]
    if monitoring:
        gaps = [
            (Span(interval.start_at, interval.end_at), interval.modalities)
            for interval in intervals
            if interval.kind == "gap"
        ]
        lost = interruptions(gaps, {record.modality for record in b.case.modalities if record.performed})
        excluded = [span for kind, entry in kinds.items() if entry.stops_monitoring for span in of_kind[kind]]
        total = minutes(subtract(of_kind["monitoring"], [*excluded, *lost]))
        b.compute(
            "minutes.monitoring",
            "minutes.monitoring",
            "/intervals",
            [
                number("monitored_min", total, duration_text(total)),
                b.instant("start_at", min((interval.start_at for interval in monitoring), key=utc)),
                b.instant("end_at", max((interval.end_at for interval in monitoring), key=utc)),
            ],
            # During a link outage recording went on in the room: it takes nothing away from monitored time.
            formula="union of monitoring intervals minus set-up, baseline, stand-by, removal and all-modality gaps",
            inputs=[fact_id for kind in of_kind for fact_id in ids[kind]],
            group="minutes",
        )
    else:
        b.add("minutes.monitoring", "minutes.monitoring", "/intervals", [], group="minutes")
    for kind, entry in kinds.items():
        if entry.part != "monitoring" and of_kind[kind]:
            length = minutes(of_kind[kind])
            b.compute(
                f"minutes.{kind}",
                f"minutes.{kind}",
                "/intervals",
                [
                    number("duration_min", length, duration_text(length)),
                    term("label", "interval_kinds", kind),
                ],
                formula="union of the intervals of this kind",
                inputs=ids[kind],
                group="minutes",
            )


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
    monitoring = _spans(interval for interval in b.case.intervals if interval.kind == "monitoring")
    outages = _spans(interval for interval in b.case.intervals if interval.kind == "outage")
    where = " within the monitoring intervals" if monitoring else ""
    where += ", remote ones without link outages" if outages else ""
    attended = _attended(sessions, monitoring, outages)
    b.compute(
        "minutes.professional",
        "minutes.professional",
        "/professional_sessions",
        [number("attended_min", attended, duration_text(attended))],
        formula=f"union of the professional's sessions{where}",
        inputs=b.row_ids("session", sessions),
        group="minutes",
    )
    for mode in dict.fromkeys(session.mode for session in sessions):
        of_mode = [(index, session) for index, session in enumerate(sessions) if session.mode == mode]
        attended = _attended([session for _, session in of_mode], monitoring, outages)
        b.compute(
            f"minutes.professional.{mode}",
            "minutes.professional.mode",
            "/professional_sessions",
            [
                number("attended_min", attended, duration_text(attended)),
                term("mode", "session_modes", mode),
            ],
            formula=f"union of the professional's sessions of this mode{where}",
            inputs=[b.row_ids("session", sessions)[index] for index, _ in of_mode],
            group="minutes",
            status=mode,
        )
    _other_cases(b)


def _attended(sessions: Sequence[ProfessionalSession], monitoring: Sequence[Span], outages: Sequence[Span]) -> float:
    """Minutes attended within monitoring; a link outage takes away from remote attention, not from presence."""
    present = _spans(session for session in sessions if session.mode != "remote")
    remote = subtract(_spans(session for session in sessions if session.mode == "remote"), outages)
    attended = merge([*present, *remote])
    return minutes(intersect(attended, monitoring) if monitoring else attended)


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
        attended = _spans(session for session in sessions if session.person == person)
        pieces = concurrency(attended, [spans for (who, _), spans in by_case.items() if who == person])
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
