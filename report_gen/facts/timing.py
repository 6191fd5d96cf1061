"""Facts of milestones, intervals, monitored minutes and the professional's attention.

Set-up, baseline and removal are not monitoring time, and neither are gaps and outages (clinical reference §1.3;
billing reference §3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Protocol

from report_gen.case.times import ProfessionalSession
from report_gen.facts.builder import FactBuilder, modality_labels, number, term, text
from report_gen.facts.intervals import Span, concurrency, intersect, merge, minutes, minutes_between, subtract
from report_gen.facts.wording import duration_text, utc
from report_gen.vocab import vocabulary

__all__ = ["derive_timing", "interruptions"]


class _Stretch(Protocol):
    @property
    def start_at(self) -> datetime: ...

    @property
    def end_at(self) -> datetime: ...


def _spans(rows: Iterable[_Stretch]) -> tuple[Span, ...]:
    return tuple(Span(row.start_at, row.end_at) for row in rows)


def interruptions(gaps: Iterable[tuple[Span, Collection[str]]], performed: Collection[str]) -> tuple[Span, ...]:
    """When nothing at all was recorded: a gap of one modality is a gap in that modality alone.

    Args:
        gaps: Each gap with the modalities that it is of; of all when it names none.
        performed: Modalities performed. None: any gap interrupts.
    """
    rows = tuple(gaps)
    if not performed:
        return merge(span for span, _ in rows)
    each = (merge(span for span, codes in rows if not codes or code in codes) for code in performed)
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
    for index, row in enumerate(b.case.milestones):
        words = row.label or vocabulary("milestones").display(row.code)
        b.add(
            b.row_ids("milestone", b.case.milestones)[index],
            "milestone",
            f"/milestones/{index}",
            [
                term("label", "milestones", row.code, words),
                b.instant("at", row.at),
                b.coded("clock", "clocks", row.clock),
            ],
            group="milestones",
            status=row.code,
        )
    recorded = {row.code for row in b.case.milestones}
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
    listed = {row.modality for row in b.case.modalities}
    for index, row in enumerate(b.case.intervals):
        length = minutes_between(row.start_at, row.end_at)
        b.add(
            b.row_ids("interval", b.case.intervals)[index],
            f"interval.{row.kind}",
            f"/intervals/{index}",
            [
                b.instant("start_at", row.start_at),
                b.instant("end_at", row.end_at),
                b.coded("kind", "interval_kinds", row.kind),
                modality_labels("modalities", row.modalities),
                b.coded("baseline_kind", "baseline_kinds", row.baseline_kind),
                b.coded("reason", "gap_reasons", row.reason),
                b.words("detail", row.detail),
                b.coded("clock", "clocks", row.clock),
                number("duration_min", length, duration_text(length)),
            ],
            group="intervals",
            status=row.kind,
            modality=row.modalities[0] if len(row.modalities) == 1 else "",
            inputs=[f"modality.{code}" for code in row.modalities if code in listed],
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
    rows, kinds = b.case.intervals, vocabulary("interval_kinds").entries
    of_kind = {kind: _spans(row for row in rows if row.kind == kind) for kind in kinds}
    fact_ids = b.row_ids("interval", rows)
    ids = {kind: [fact_ids[i] for i, row in enumerate(rows) if row.kind == kind] for kind in of_kind}
    monitoring = [row for row in rows if row.kind == "monitoring"]
    if monitoring:
        gaps = [(Span(row.start_at, row.end_at), row.modalities) for row in rows if row.kind == "gap"]
        lost = interruptions(gaps, {row.modality for row in b.case.modalities if row.performed})
        excluded = [span for kind, entry in kinds.items() if entry.stops_monitoring for span in of_kind[kind]]
        total = minutes(subtract(of_kind["monitoring"], [*excluded, *lost]))
        b.compute(
            "minutes.monitoring",
            "minutes.monitoring",
            "/intervals",
            [
                number("monitored_min", total, duration_text(total)),
                b.instant("start_at", min((row.start_at for row in monitoring), key=utc)),
                b.instant("end_at", max((row.end_at for row in monitoring), key=utc)),
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
    rows = b.case.professional_sessions
    if not rows:
        b.add("professional.sessions", "professional.sessions", "/professional_sessions", [], group="professional")
        return
    for index, row in enumerate(rows):
        length = minutes_between(row.start_at, row.end_at)
        b.add(
            b.row_ids("session", rows)[index],
            "session",
            f"/professional_sessions/{index}",
            [
                b.words("name", b.person_name(row.person)),
                b.coded("mode", "session_modes", row.mode),
                b.instant("start_at", row.start_at),
                b.instant("end_at", row.end_at),
                number("duration_min", length, duration_text(length)),
                b.plain("other_open_cases", row.other_open_cases),
                b.words("handed_over_to", b.person_name(row.handed_over_to)),
                b.coded("clock", "clocks", row.clock),
            ],
            group="professional",
            status=row.mode,
            inputs=[f"person.{row.person}"],
        )
    monitoring = _spans(row for row in b.case.intervals if row.kind == "monitoring")
    outages = _spans(row for row in b.case.intervals if row.kind == "outage")
    where = " within the monitoring intervals" if monitoring else ""
    where += ", remote ones without link outages" if outages else ""
    attended = _attended(rows, monitoring, outages)
    b.compute(
        "minutes.professional",
        "minutes.professional",
        "/professional_sessions",
        [number("attended_min", attended, duration_text(attended))],
        formula=f"union of the professional's sessions{where}",
        inputs=b.row_ids("session", rows),
        group="minutes",
    )
    for mode in dict.fromkeys(row.mode for row in rows):
        mine = [(index, row) for index, row in enumerate(rows) if row.mode == mode]
        attended = _attended([row for _, row in mine], monitoring, outages)
        b.compute(
            f"minutes.professional.{mode}",
            "minutes.professional.mode",
            "/professional_sessions",
            [
                number("attended_min", attended, duration_text(attended)),
                term("mode", "session_modes", mode),
            ],
            formula=f"union of the professional's sessions of this mode{where}",
            inputs=[b.row_ids("session", rows)[index] for index, _ in mine],
            group="minutes",
            status=mode,
        )
    _other_cases(b)


def _attended(rows: Iterable[ProfessionalSession], monitoring: Sequence[Span], outages: Sequence[Span]) -> float:
    """Minutes attended within monitoring; a link outage takes away from remote attention, not from presence."""
    sessions = list(rows)
    present = _spans(row for row in sessions if row.mode != "remote")
    remote = subtract(_spans(row for row in sessions if row.mode == "remote"), outages)
    attended = merge([*present, *remote])
    return minutes(intersect(attended, monitoring) if monitoring else attended)


def _other_cases(b: FactBuilder) -> None:
    """How many sessions of the same professional in other cases were open at once; unknown stays unknown."""
    rows, others = b.case.professional_sessions, b.case.other_case_sessions
    if others is None:
        b.add("professional.other_cases", "professional.other_cases", "/other_case_sessions", [], group="professional")
        return
    by_case: dict[tuple[str, str], list[Span]] = {}
    for other in others:
        by_case.setdefault((other.person, other.case_pseudonym), []).append(Span(other.start_at, other.end_at))
    most, overlap = 0, 0.0
    for person in dict.fromkeys(row.person for row in rows):
        own = _spans(row for row in rows if row.person == person)
        pieces = concurrency(own, [spans for (who, _), spans in by_case.items() if who == person])
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
        inputs=b.row_ids("session", rows),
        group="professional",
    )


def _other_sessions(b: FactBuilder) -> None:
    others = b.case.other_case_sessions or ()
    for index, row in enumerate(others):
        b.add(
            b.row_ids("other_session", others)[index],
            "other_session",
            f"/other_case_sessions/{index}",
            [
                b.words("name", b.person_name(row.person)),
                text("case", row.case_pseudonym),
                b.coded("mode", "session_modes", row.mode),
                b.instant("start_at", row.start_at),
                b.instant("end_at", row.end_at),
                b.coded("payer_class", "payer_classes", row.payer_class),
                b.coded("clock", "clocks", row.clock),
            ],
            group="professional",
            status=row.payer_class or "unknown",
            inputs=[f"person.{row.person}"],
            must_state=False,
        )
