"""Facts to draft: the whole report, worded by templates alone, in milliseconds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from report_gen.document.blocks import Section
from report_gen.draft.conditions import after_surgery, before_surgery
from report_gen.draft.course import course, course_by_modality, trends_section
from report_gen.draft.events import alerts, event_chains, further_events, other_events
from report_gen.draft.figures.timeline import timeline
from report_gen.draft.figures.trends import trends
from report_gen.draft.front.identification import further_identification, identification
from report_gen.draft.front.impression import impression
from report_gen.draft.front.limitations import limitations, technical_notes
from report_gen.draft.front.result import result
from report_gen.draft.front.results import results
from report_gen.draft.model import Block, Draft
from report_gen.draft.running import running_header
from report_gen.draft.supervision import attestation
from report_gen.draft.technical.closing import closing_status
from report_gen.draft.technical.communication import communication
from report_gen.draft.technical.personnel import personnel_and_time
from report_gen.draft.technical.physiology import anesthesia
from report_gen.draft.technical.readings import all_readings, montages
from report_gen.draft.technical.stimulation import stimulation_tests
from report_gen.draft.technical.technique import technique
from report_gen.facts.model import Facts

__all__ = ["write"]


def write(facts: Facts, *, report_id: str) -> Draft:
    """The deterministic draft: the report that is signed, then the technical record, each section in its fixed order.

    Args:
        facts: What the record supports.
        report_id: Id made from the case and the versions.
    """
    line, drawn = timeline(facts), trends(facts)
    line = replace(line, note=(*line.note, *drawn.note)) if line is not None else None
    report: tuple[Section[Block], ...] = (
        identification(facts),
        result(facts),
        impression(facts),
        results(facts),
        limitations(facts),
        *course(facts, [line] if line is not None else []),
        *alerts(facts),
        *other_events(facts),
        *trends_section(drawn.report),
        attestation(facts),
    )
    record: tuple[Section[Block], ...] = (
        further_identification(facts),
        *closing_status(facts),
        *([Section("further_trends", "Further trends", drawn.record)] if drawn.record else []),
        *stimulation_tests(facts),
        technique(facts),
        before_surgery(facts),
        anesthesia(facts),
        after_surgery(facts),
        communication(facts),
        personnel_and_time(facts),
        technical_notes(facts),
        *event_chains(facts, course_by_modality(facts)),
        *further_events(facts),
        *montages(facts),
        *all_readings(facts),
    )
    sections = (*report, *(replace(section, part="record") for section in record))
    case_id = facts.by_id["case.id"].text("text")
    version = int(facts.by_id["case.version"].number("version") or 1)
    return Draft(
        report_id=report_id,
        version=version,
        title=f"IONM report, case {case_id}",
        stamp_at=_latest(facts),
        running_header=running_header(facts),
        sections=sections,
    )


def _latest(facts: Facts) -> datetime:
    """The latest time in the record; the service date when it holds none, and without either the epoch: no time."""
    latest = facts.latest_at
    if latest is not None:
        return latest.astimezone(UTC)
    day = facts.by_id["encounter.date_of_service"].day("text")
    return datetime.fromtimestamp(0, UTC) if day is None else datetime.combine(day, time(), UTC)
