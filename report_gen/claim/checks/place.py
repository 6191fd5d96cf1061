"""Rules of `rules/place.toml`: where the patient was, where the professional worked, and whether that may be billed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from report_gen.claim.checks.parameters import text, texts
from report_gen.claim.checks.team import holding, is_remote, readers
from report_gen.claim.record import Member
from report_gen.claim.rule import Check, RuleInput, RuleVerdict, confirm, fail, not_applicable, passed
from report_gen.rules.model import Version

__all__ = ["CHECKS"]

_PLACE: Final = ("encounter.place_of_service",)


def pos_facility(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`pos_facility` of place.toml: the place of service is where the patient was operated on."""
    record, code = claim.record, claim.record.place_of_service
    if not code:
        yield confirm("No place of service is recorded.", _PLACE)
    elif code in texts(version, "facility"):
        yield passed(f"Place of service {code}, where an operation takes place.", _PLACE)
    elif code in texts(version, "ask"):
        yield _unusual(claim, code)
    elif record.payer is not None and record.payer.payer_class in texts(version, "strict_payers"):
        yield fail(f"Place of service {code} is not where the patient was operated on.", _PLACE)
    else:
        yield confirm(f"Place of service {code} is hardly where the patient was operated on.", _PLACE)


def _unusual(claim: RuleInput, code: str) -> RuleVerdict:
    decided = claim.profile.confirmation(f"pos_facility:{code}", claim.record.date_of_service)
    if decided is not None:
        return passed(
            f"Place of service {code}; the practice confirmed it on {decided.confirmed_on.isoformat()}.", _PLACE
        )
    return confirm(f"Place of service {code} is unusual for an operation.", _PLACE)


def service_address(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`service_address` of place.toml: lines of what a professional did name the address where it was done."""
    modifier = text(version, "modifier")
    concerned: dict[str, list[str]] = {}
    for line in claim.lines:
        if modifier in line.modifiers or line.minutes is not None:
            concerned.setdefault(line.person, []).append(line.id)
    decided = claim.profile.confirmation("service_address", claim.record.date_of_service)
    for person, lines in concerned.items():
        member = claim.record.member(person)
        remote = None if member is None else is_remote(claim.record, member)
        if remote is False:
            yield passed("Read in the operating room: the facility is the address.", [person], lines)
        elif member is None or not member.work_location:
            yield confirm("The record does not say where the studies were read.", [person] if member else (), lines)
        elif decided is not None:
            message = f"The practice confirmed on {decided.confirmed_on.isoformat()} which address its claims carry."
            yield passed(message, [person], lines)
        else:
            yield confirm("Read outside the operating room: the claim must name that address.", [person], lines)


def reader_in_us(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`reader_in_us` of place.toml: for Medicare, the reader worked in the United States."""
    payer = claim.record.payer
    if payer is not None and payer.payer_class not in texts(version, "payers"):
        return
    professionals = readers(claim.record)
    if not professionals:
        yield confirm("No interpreting professional is recorded.")
    for reader in professionals:
        if reader.work_country in texts(version, "countries"):
            yield passed("The reader worked in the United States.", [reader.fact])
        elif reader.work_country:
            yield fail("The reader worked outside the United States.", [reader.fact])
        elif is_remote(claim.record, reader) is False:
            yield passed("The reader worked in the operating room.", [reader.fact])
        else:
            yield confirm("The record does not say in which country the reader worked.", [reader.fact])


def reader_state_licence(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`reader_state_licence` of place.toml: a licence of the state worked in held on the date of service."""
    professionals = readers(claim.record)
    if not professionals:
        yield confirm("No interpreting professional is recorded.")
    for reader in professionals:
        if reader.work_country and reader.work_country not in texts(version, "countries"):
            yield confirm(
                "The reader worked outside the United States, where no state gives a license.",
                [reader.fact],
                action="Find out whether payer and patient's state take a reading from there, and with which license.",
            )
        else:
            yield _licence(claim, reader, texts(version, "licences"))


def _licence(claim: RuleInput, reader: Member, codes: tuple[str, ...]) -> RuleVerdict:
    day = claim.record.date_of_service
    if not reader.work_state:
        return confirm("The record does not say in which state the reader worked.", [reader.fact])
    licences = [credential for credential in reader.credentials if credential.code in codes]
    state, facts = holding([licence for licence in licences if licence.state == reader.work_state], day)
    if state == "valid":
        return passed(f"A license of the state worked in was valid on {day.isoformat()}.", [reader.fact, *facts])
    if state == "lapsed":
        return fail(f"The license of the state worked in was not valid on {day.isoformat()}.", [reader.fact, *facts])
    if state == "undated":
        return confirm("The license of the state worked in has no end date.", [reader.fact, *facts])
    return confirm("No license of the state worked in is recorded.", [reader.fact])


def professional_location(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """`professional_location` of place.toml: for who worked elsewhere, the class of place is recorded."""
    del version
    professionals = readers(claim.record)
    if not professionals:
        yield confirm("No interpreting professional is recorded.")
    for reader in professionals:
        remote = is_remote(claim.record, reader)
        if reader.work_location:
            yield passed("The place that the reader worked from is recorded.", [reader.fact])
        elif remote is False:
            yield not_applicable("The reader was in the operating room.", [reader.fact])
        else:
            yield confirm("The record does not say what kind of place the reader worked from.", [reader.fact])


CHECKS: Final[Mapping[str, Check]] = {
    "pos_facility": pos_facility,
    "service_address": service_address,
    "reader_in_us": reader_in_us,
    "reader_state_licence": reader_state_licence,
    "professional_location": professional_location,
}
"""Functions by rule id."""
