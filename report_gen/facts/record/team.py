"""Facts of the team: people, credentials, attendance."""

from __future__ import annotations

from report_gen.case.contract.people import Credential, Person
from report_gen.facts.builder import FactBuilder, term, text
from report_gen.facts.row_ids import own_part
from report_gen.facts.wording import NOT_RECORDED, joined
from report_gen.vocab import places_in_team, vocabulary

__all__ = ["derive_people"]


def _credential(credential: Credential) -> str:
    words = vocabulary("credentials").label(credential.code)
    if credential.state:
        words += f" {credential.state}"
    if credential.number:
        words += f" no. {credential.number}"
    if credential.valid_to and credential.valid_from:
        words += f" (valid {credential.valid_from.isoformat()} to {credential.valid_to.isoformat()})"
    elif credential.valid_to:
        words += f" (valid to {credential.valid_to.isoformat()})"
    elif credential.valid_from:
        words += f" (valid from {credential.valid_from.isoformat()})"
    return words


def _beside_name(person: Person) -> list[str]:
    """Credentials in words, without a degree that the name bears already."""
    name = person.name or ""
    words = (_credential(credential) for credential in person.credentials)
    return [credential for credential in words if not name.endswith(f", {credential}")]


def derive_people(b: FactBuilder) -> None:
    """Add a fact for each person with the credentials, and for each stretch of attendance."""
    for index, person in enumerate(b.case.people):
        _person(b, index, person)
    roles = vocabulary("roles")
    filled = {roles[person.role].place for person in b.case.people}
    missing = [place for place in places_in_team() if place not in filled]
    if missing:
        values = [text("text", NOT_RECORDED), text("roles", joined(missing))]
        b.add("people.missing", "people.missing", "/people", values, group="people", status="not_recorded")
    for index, presence in enumerate(b.case.attendance):
        b.add(
            b.row_ids("attendance", b.case.attendance)[index],
            "attendance",
            f"/attendance/{index}",
            [
                b.words("name", b.person_name(presence.person)),
                b.person_role("role", presence.person),
                b.instant("start_at", presence.start_at),
                b.instant("end_at", presence.end_at),
                b.words("handed_over_to", b.person_name(presence.handed_over_to)),
                b.plain("other_open_cases", presence.other_open_cases),
                b.coded("clock", "clocks", presence.clock),
            ],
            group=f"person.{presence.person}",
            status=b.people[presence.person].role,
        )


def _person(b: FactBuilder, index: int, person: Person) -> None:
    group, place = f"person.{person.id}", f"/people/{index}"
    b.add(
        group,
        "person",
        place,
        [
            b.words("name", b.person_name(person.id, beside_role=True)),
            b.coded("role", "roles", person.role),
            b.words("credentials", "; ".join(_credential(credential) for credential in person.credentials) or None),
            b.words("further_credentials", "; ".join(_beside_name(person)) or None),
            b.words("npi", person.npi),
            b.words("employer", person.employer),
            b.words("work_location", person.work_location),
            b.words("work_state", person.work_state),
            b.words("work_country", person.work_country),
            b.yes_no("hospital_privileges", person.hospital_privileges),
        ],
        group=group,
        status=person.role,
    )
    for position, credential in enumerate(person.credentials):
        b.add(
            b.row_ids(f"credential.{own_part(person.id)}", person.credentials)[position],
            "person.credential",
            f"{place}/credentials/{position}",
            [
                term("name", "credentials", credential.code, vocabulary("credentials").label(credential.code)),
                b.words("number", credential.number),
                b.words("state", credential.state),
                b.day("valid_from", credential.valid_from),
                b.day("valid_to", credential.valid_to),
            ],
            group=group,
            status=credential.code,
            must_state=False,
        )
