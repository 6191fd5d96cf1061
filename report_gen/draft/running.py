"""What stands on every page of a report: whose it is, of which stay and day, and where; and times beside it."""

from __future__ import annotations

from datetime import datetime

from report_gen.case.zones import zone_named
from report_gen.document.blocks import KeyValue
from report_gen.facts.clock import Clock, zone_text
from report_gen.facts.model import Facts
from report_gen.facts.wording import NOT_RECORDED

__all__ = ["moment_text", "running_header"]


def running_header(facts: Facts) -> tuple[KeyValue, ...]:
    """Patient (in Latin script where the record has it), MRN, date of birth, encounter, date of service, facility."""
    name = facts.by_id["patient.name"]
    return (
        _labelled(facts, "Patient", name.id, name.text("latin")),
        _labelled(facts, "MRN", "patient.mrn"),
        _labelled(facts, "DOB", "patient.date_of_birth"),
        _labelled(facts, "Encounter", "patient.encounter"),
        _labelled(facts, "DOS", "encounter.date_of_service"),
        _labelled(facts, "Facility", "encounter.facility"),
    )


def _labelled(facts: Facts, label: str, fact_id: str, text: str = "") -> KeyValue:
    fact = facts.get(fact_id)
    if fact is None:
        return KeyValue(label, NOT_RECORDED, ())
    return KeyValue(label, text or fact.text("text") or NOT_RECORDED, (fact.id,))


def moment_text(facts: Facts, at: datetime) -> str:
    """An instant outside the record, such as that of the draft, with day and zone: `2026-04-14 15:02 CDT`.

    By the facility's clock; in the offset that it carries where the zone is not recorded.
    """
    zone = facts.by_id["encounter.time_zone"]
    local = Clock(zone_named(zone.text("text")) if zone.status != "not_recorded" else None).local(at)
    return f"{local:%Y-%m-%d %H:%M} {zone_text(local)}"
