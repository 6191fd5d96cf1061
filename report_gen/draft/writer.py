"""Facts to draft: the whole report, worded by templates alone, in milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, time

from report_gen.document.blocks import Section
from report_gen.draft.charts import timeline, trends
from report_gen.draft.conditions import after_surgery, anesthesia, before_surgery, technique
from report_gen.draft.course import course
from report_gen.draft.events import event_chains
from report_gen.draft.model import Block, Draft
from report_gen.draft.page_one import at_a_glance, identification, impression, running_header
from report_gen.draft.record import appendix, attestation, communication, limitations, personnel_and_time
from report_gen.draft.status import closing_status, stimulation_tests
from report_gen.facts.model import Facts

__all__ = ["write"]


def write(facts: Facts, *, report_id: str) -> Draft:
    """The deterministic draft: every section in its fixed order.

    Args:
        facts: What the record supports.
        report_id: Id made from the case and the versions.
    """
    line = timeline(facts)
    figures: list[Block] = [*([line] if line is not None else []), *trends(facts)]
    sections: tuple[Section[Block], ...] = (
        identification(facts),
        at_a_glance(facts),
        impression(facts),
        course(facts, figures),
        *event_chains(facts),
        *stimulation_tests(facts),
        *closing_status(facts),
        after_surgery(facts),
        before_surgery(facts),
        anesthesia(facts),
        technique(facts),
        communication(facts),
        personnel_and_time(facts),
        limitations(facts),
        attestation(facts),
        *appendix(facts),
    )
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
    """The latest time in the record; the service date when it holds none."""
    instants = [value.at for fact in facts for value in fact.values if value.at is not None]
    if instants:
        return max(at.astimezone(UTC) for at in instants)
    day = facts.by_id["encounter.date_of_service"].day("text")
    if day is None:
        raise ValueError("the contract demands a date of service")
    return datetime.combine(day, time(), UTC)
