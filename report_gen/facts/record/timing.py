"""Facts of milestones, intervals and the end of monitoring."""

from __future__ import annotations

from report_gen.facts.builder import FactBuilder, modality_labels, number, term, text
from report_gen.facts.intervals import minutes_between
from report_gen.facts.stated_time import stated_time
from report_gen.facts.wording import duration_text, number_text
from report_gen.vocab import vocabulary

__all__ = ["derive_timing"]


def derive_timing(b: FactBuilder) -> None:
    """Add milestones, intervals and the end of monitoring."""
    _milestones(b)
    _intervals(b)
    _untimed_intervals(b)
    _end(b)


def _milestones(b: FactBuilder) -> None:
    for index, milestone in enumerate(b.case.milestones):
        words = milestone.label or vocabulary("milestones").display(milestone.code)
        b.add(
            b.row_ids("milestone", b.case.milestones)[index],
            "milestone",
            f"/milestones/{index}",
            [
                term("label", "milestones", milestone.code, words),
                *b.moment(milestone.at, milestone.when),
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


def _untimed_intervals(b: FactBuilder) -> None:
    """Add the stretches without clock times; no minute is counted of them."""
    listed = {record.modality for record in b.case.modalities}
    untimed = b.case.untimed_intervals
    for fact_id, (index, interval) in zip(b.row_ids("untimed_interval", untimed), enumerate(untimed), strict=True):
        length = interval.duration_min
        about = "about " if interval.approximate else ""
        b.add(
            fact_id,
            "untimed_interval",
            f"/untimed_intervals/{index}",
            [
                b.coded("kind", "interval_kinds", interval.kind),
                None if length is None else number("duration_min", length, f"{about}{number_text(length)} min"),
                b.words("when", stated_time(interval.when) or None),
                modality_labels("modalities", interval.modalities),
                b.coded("reason", "gap_reasons", interval.reason),
                b.words("detail", interval.detail),
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
