"""Rules of `rules/people.toml`: who read, who signed, who was there, and whether their credentials held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from report_gen.checks.identifiers import npi_fits
from report_gen.claim.checks.parameters import texts
from report_gen.claim.checks.team import Holding, holding, readers
from report_gen.claim.record import LIFE, Credential, Member
from report_gen.claim.rule import Check, RuleInput, RuleVerdict, confirm, fail, not_applicable, passed
from report_gen.rules.model import Version

__all__ = ["CHECKS"]


def not_surgeon(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`not_surgeon` of people.toml: the reader has no part in the operation or the anesthesia."""
    team = claim.record.with_role(*texts(version, "operating_roles"))
    professionals = readers(claim.record)
    if not professionals:
        yield confirm("No interpreting professional is recorded.")
    for reader in professionals:
        yield _apart(reader, team, texts(version, "operating_roles"), "The reader")


def signer_not_surgeon(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`signer_not_surgeon` of people.toml: the signer has no part in the operation or the anesthesia."""
    record = claim.record
    if record.life.signed_at is None:
        yield not_applicable("The report is not signed yet.")
        return
    roles = texts(version, "operating_roles")
    for signature in record.life.signatures:
        signer = record.signer(signature)
        if signature.by is None:
            yield confirm("The report is signed, but the record does not say by whom.", [LIFE])
        elif signer is None:
            yield confirm("The report is signed by somebody who is not one of the people of the record.", [LIFE])
        else:
            yield _apart(signer, record.with_role(*roles), roles, "The signer")


def _apart(person: Member, team: tuple[Member, ...], roles: tuple[str, ...], who: str) -> RuleVerdict:
    """Verdict on whether a person is apart from the operating team, by identifier and never by name."""
    facts = [person.fact, *(member.fact for member in team)]
    if person.role in roles:
        return fail(f"{who} has a part in the operation or the anesthesia.", [person.fact])
    if person.npi and any(member.npi == person.npi for member in team):
        same = [member.fact for member in team if member.npi == person.npi]
        return fail(f"{who} has the same identifier as a member of the operating team.", [person.fact, *same])
    if not any(member.role == "surgeon" for member in team):
        return confirm(f"No surgeon is recorded whom {who[0].lower()}{who[1:]} could be told apart from.", facts)
    unknown = [member for member in (person, *team) if not member.npi]
    if unknown:
        return confirm(
            f"{who} is recorded as another person, but {len(unknown)} identifier(s) are missing to tell them apart.",
            [member.fact for member in unknown],
        )
    return passed(f"{who} is neither surgeon, assistant nor anesthesia, by identifier.", facts)


def reader_npi(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`reader_npi` of people.toml: each professional who reports a line has an identifier."""
    del version
    yield from _identified(readers(claim.record), "The reader")


def one_identifier(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`one_identifier` of people.toml: no two people of the record bear one identifier."""
    del version
    known = [member for member in claim.record.members if member.npi]
    shared = [member for member in known if sum(other.npi == member.npi for other in known) > 1]
    if shared:
        count = len({member.npi for member in shared})
        words = "1 identifier is" if count == 1 else f"{count} identifiers are each"
        yield fail(f"{words} recorded for more than one person.", [member.fact for member in shared])
    elif known:
        yield passed("No identifier is recorded for two people.", [member.fact for member in known])


def ordering_npi(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`ordering_npi` of people.toml: who ordered, else the surgeon, has an identifier for the ordering field."""
    ordered = claim.record.member(claim.record.ordered_by)
    people = (ordered,) if ordered is not None else claim.record.with_role(*texts(version, "roles"))
    yield from _identified(people[:1], "Who ordered" if ordered is not None else "The surgeon")


def _identified(people: Iterable[Member], who: str) -> Iterator[RuleVerdict]:
    people = tuple(people)
    if not people:
        yield confirm("Nobody is recorded whose identifier could stand there.")
    for person in people:
        if person.npi and not npi_fits(person.npi):
            yield fail(
                f"{who} has a provider identifier whose check digit does not fit; claims with it are rejected at once.",
                [person.fact],
            )
        elif person.npi:
            yield passed(f"{who} has a provider identifier.", [person.fact])
        else:
            yield confirm(f"{who} has no provider identifier in the record.", [person.fact])


def reader_credential(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`reader_credential` of people.toml: a board credential of each reader held on the date of service."""
    professionals = readers(claim.record)
    if not professionals:
        yield confirm("No interpreting professional is recorded.")
    for reader in professionals:
        yield _credential(reader, texts(version, "credentials"), claim, "the reader")


def technologist_credential(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`technologist_credential` of people.toml: a credential of each technologist held on the date of service."""
    technologists = claim.record.with_role(*texts(version, "roles"))
    if not technologists:
        yield confirm("No technologist is recorded.")
    for person in technologists:
        yield _credential(person, texts(version, "credentials"), claim, "the technologist")


def _credential(person: Member, codes: tuple[str, ...], claim: RuleInput, whose: str) -> RuleVerdict:
    held = [credential for credential in person.credentials if credential.code in codes]
    day = claim.record.date_of_service
    state, facts = holding(held, day)
    return _on_day(state, f"credential of {whose}", day.isoformat(), (*facts, *(() if facts else (person.fact,))), held)


def _on_day(state: Holding, what: str, day: str, facts: tuple[str, ...], held: list[Credential]) -> RuleVerdict:
    if state == "valid":
        return passed(f"A {what} was valid on {day}.", facts)
    if state == "lapsed":
        last = max((credential.valid_to for credential in held if credential.valid_to is not None), default=None)
        ended = f"; the last one ends on {last.isoformat()}" if last is not None else ""
        return fail(f"No {what} was valid on {day}{ended}.", facts)
    if state == "undated":
        return confirm(f"A {what} has no end date, so that nobody can tell whether it held on {day}.", facts)
    return confirm(f"No {what} is recorded.", facts)


def technologist_present(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`technologist_present` of people.toml: a technologist is recorded."""
    technologists = claim.record.with_role(*texts(version, "roles"))
    if technologists:
        yield passed(f"{len(technologists)} technologist(s) recorded.", [person.fact for person in technologists])
    else:
        yield confirm("No technologist is recorded.")


def reader_privileges(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`reader_privileges` of people.toml: each reader holds privileges at the facility."""
    del version
    professionals = readers(claim.record)
    if not professionals:
        yield confirm("No interpreting professional is recorded.")
    for reader in professionals:
        recorded = claim.record.facts.by_id[reader.fact].number("hospital_privileges")
        if recorded is None:
            yield confirm("The record does not say whether the reader holds privileges there.", [reader.fact])
        elif recorded:
            yield passed("The reader holds privileges at the facility.", [reader.fact])
        else:
            yield fail("The reader is recorded as without privileges at the facility.", [reader.fact])


CHECKS: Final[Mapping[str, Check]] = {
    "not_surgeon": not_surgeon,
    "signer_not_surgeon": signer_not_surgeon,
    "reader_npi": reader_npi,
    "one_identifier": one_identifier,
    "reader_credential": reader_credential,
    "reader_privileges": reader_privileges,
    "technologist_present": technologist_present,
    "technologist_credential": technologist_credential,
    "ordering_npi": ordering_npi,
}
"""Functions by rule id."""
