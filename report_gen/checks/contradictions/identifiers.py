"""Identifiers whose check digit does not fit the other digits."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.identifiers import npi_fits
from report_gen.facts.model import Facts

__all__ = ["IDENTIFIER_CHECKS"]


def _npi(facts: Facts) -> Iterator[Fired]:
    """The number itself stays out of the message."""
    for person in facts.of_kind("person"):
        if person.text("npi") and not npi_fits(person.text("npi")):
            yield fired(f"{person.pointer}/npi", person, holder=person.text("role"))
    facility = facts.by_id["encounter.facility"]
    if facility.text("npi") and not npi_fits(facility.text("npi")):
        yield fired(f"{facility.pointer}/facility_npi", facility, holder="facility")


IDENTIFIER_CHECKS: Final[Checks[[Facts]]] = MappingProxyType({"contradiction.npi_check_digit": _npi})
"""Contradictions within an identifier."""
