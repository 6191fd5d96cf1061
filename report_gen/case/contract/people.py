"""Who took part: patient, surgical team, technologists, interpreting professionals, and their credentials."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from report_gen.case.contract.base import Code, Day, FilledBy, Identifier, Line, Model, Name, Npi, Slug, TwoLetters

__all__ = ["Credential", "Patient", "Person"]


class Patient(
    Model,
    filled_by=FilledBy.SCHEDULE,
    height_cm=FilledBy.TECHNOLOGIST,
    weight_kg=FilledBy.TECHNOLOGIST,
    skin_and_allergy_note=FilledBy.TECHNOLOGIST,
):
    """The person monitored. Source: clinical reference §1.1 (chart-note section of ASNM position statements)."""

    name: Name | None = None
    """Name as registered, in its own script. Printed on every page; never leaves the machine. Absent: not recorded."""
    name_latin: Name | None = None
    """The same name in Latin script when `name` is in another; absent when it is already Latin or not recorded."""
    mrn: Identifier | None = None
    """Medical record number of the facility. Absent: none given yet, or not recorded."""
    date_of_birth: Day | None = None
    """Date of birth, facility calendar. Absent: not recorded."""
    age_years: Annotated[int, Field(ge=0, le=130)] | None = None
    """Age in completed years on the date of service, for records without a date of birth. Absent: computed from
    `date_of_birth`, or not recorded."""
    sex: Annotated[str, Code("sexes")]
    """Administrative sex; `unknown` when not stated."""
    encounter_number: Identifier | None = None
    """Encounter or account number of the stay. Absent: not recorded."""
    height_cm: Annotated[float, Field(ge=20, le=260)] | None = None
    """Body height in cm; evoked-potential latencies depend on limb length. Absent: not recorded."""
    weight_kg: Annotated[float, Field(ge=0.3, le=500)] | None = None
    """Body weight in kg. Absent: not recorded."""
    skin_and_allergy_note: Line | None = None
    """Allergies or skin findings that bear on electrodes. Absent: not recorded."""


class Credential(Model, filled_by=FilledBy.SCHEDULE):
    """One credential or licence with its validity. Source: clinical reference §1.2; billing reference §8."""

    code: Annotated[str, Code("credentials")]
    """Which credential."""
    number: Identifier | None = None
    """Its number. Absent: not recorded."""
    state: TwoLetters | None = None
    """US state of a state licence, two letters. Absent: not a state licence, or not recorded."""
    valid_from: Day | None = None
    """First day of validity. Absent: not recorded."""
    valid_to: Day | None = None
    """Last day of validity, inclusive. Absent: not recorded; never read as unlimited."""


class Person(Model, filled_by=FilledBy.SCHEDULE):
    """A member of the team, referred to elsewhere by `id`. Source: clinical reference §1.2."""

    id: Slug
    """Reference used inside this file, for example `tech1`; never a name."""
    role: Annotated[str, Code("roles")]
    """Role in this case."""
    name: Name | None = None
    """Name as printed and signed. Absent: the record names the role alone."""
    name_latin: Name | None = None
    """The same name in Latin script when `name` is in another. Absent: already Latin, or not recorded."""
    degree: Line | None = None
    """Academic degree as printed after the name. Absent: not recorded."""
    credentials: tuple[Credential, ...] = Field(default=(), max_length=20)
    """Credentials and licences. Empty: not recorded."""
    npi: Npi | None = None
    """National Provider Identifier, ten digits. Absent: not recorded."""
    employer: Line | None = None
    """Employing entity. Absent: not recorded."""
    hospital_privileges: bool | None = None
    """Whether the person holds privileges at the facility. Absent: not recorded."""
    work_location: Line | None = None
    """Where a remote professional worked from, as a class of place (no street address). Absent: not recorded."""
    work_state: TwoLetters | None = None
    """US state in which the person worked on this case, two letters; a licence must hold there. Absent: not
    recorded."""
    work_country: TwoLetters | None = None
    """Country in which the person worked on this case, ISO 3166 two letters. Absent: not recorded."""
