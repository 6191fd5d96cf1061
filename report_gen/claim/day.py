"""What a claim counts days and clock hours by; a report can do without."""

from __future__ import annotations

from datetime import date

from report_gen.errors import CaseInvalidError, Problem
from report_gen.facts.model import Facts

__all__ = ["day_and_zone"]


def day_and_zone(facts: Facts) -> tuple[date, str]:
    """Date of service and name of the facility's time zone.

    Raises:
        CaseInvalidError: `case.missing_field`, at each of the two that the record does not have.
    """
    served, zone = facts.by_id["encounter.date_of_service"], facts.by_id["encounter.time_zone"]
    day = served.day("text")
    missing = [
        Problem("case.missing_field", "error", fact.pointer, f"{what}, which a claim needs", "Add the field.")
        for fact, what, known in (
            (served, "the date of service", day is not None),
            (zone, "the time zone of the facility", zone.status != "not_recorded"),
        )
        if not known
    ]
    if day is None or missing:
        raise CaseInvalidError(tuple(missing))
    return day, zone.text("text")
