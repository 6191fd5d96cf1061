"""Diagnoses as coded: there, on the right side, and specific enough (`evidence.toml`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from report_gen.claim.checks.parameters import texts
from report_gen.claim.given import Given, Said, confirm, fail, met, skip
from report_gen.claim.record import ClaimRecord, Diagnosis
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["diagnosis_coded", "diagnosis_side", "diagnosis_specific"]

_LATERAL: Final = ("left", "right")
_SIDED: Final = (*_LATERAL, "bilateral")


def diagnosis_coded(given: Given, version: Version) -> Iterator[Said]:
    """Every diagnosis has an ICD-10-CM code (`evidence.toml`)."""
    rows = given.record.diagnoses
    bare = [row.fact for row in rows if not row.icd10cm]
    if not rows:
        yield fail("No diagnosis is recorded.", ["diagnosis"])
    elif bare:
        yield fail(f"{len(bare)} of {len(rows)} diagnoses have no ICD-10-CM code.", bare)
    else:
        yield met(f"All diagnoses are coded ({len(rows)}).", [row.fact for row in rows])


def _code_side(row: Diagnosis) -> str:
    """Side that the code itself says; empty when it says none, or the table does not hold it."""
    entry = vocabulary("icd10cm_traps").get(row.icd10cm)
    return (entry.side or "") if entry is not None else ""


def diagnosis_side(given: Given, version: Version) -> Iterator[Said]:
    """Diagnosis, its code and the surgery are on one side (`evidence.toml`)."""
    record, spoke = given.record, False
    for row in record.diagnoses:
        for said in _side(record, row):
            spoke = True
            yield said
    if not spoke:
        yield skip("No diagnosis, as coded or worded, has a side.")


def _side(record: ClaimRecord, row: Diagnosis) -> Iterator[Said]:
    coded, worded, surgery = _code_side(row), row.side, record.surgery_side
    side, facts = worded if worded in _SIDED else coded, [row.fact, "surgery.side"]
    if coded and worded in _SIDED and coded != worded:
        yield fail(f"A diagnosis is worded as {worded} and its code says {coded}.", facts)
    elif side in _LATERAL and surgery in _LATERAL and side != surgery:
        yield from _opposite(record, row, facts)
    elif side in _LATERAL and surgery == "not_recorded":
        yield confirm(f"A diagnosis is on the {side} and the side of surgery is not recorded.", facts)
    elif worded == "not_recorded" and surgery in _LATERAL and not coded:
        yield confirm(f"Surgery was on the {surgery} and the side of a diagnosis is not recorded.", facts)
    elif side in _SIDED:
        yield met(f"Diagnosis ({side}) and surgery ({surgery.replace('_', ' ')}) do not disagree.", facts)


def _opposite(record: ClaimRecord, row: Diagnosis, facts: Sequence[str]) -> Iterator[Said]:
    """A secondary diagnosis may be on the other side when the main one agrees; the main one may not."""
    sides = {_code_side(other) or other.side for other in record.diagnoses}
    said = f"A diagnosis is on the other side than the surgery ({record.surgery_side})."
    if row is not record.diagnoses[0] and record.surgery_side in sides:
        yield confirm(said, facts)
    else:
        yield fail(said, facts)


def diagnosis_specific(given: Given, version: Version) -> Iterator[Said]:
    """Codes are billable leaves of the code set in force (`evidence.toml`)."""
    record, day = given.record, given.record.date_of_service
    coded = [row for row in record.diagnoses if row.icd10cm]
    if not coded:
        yield skip("No diagnosis is coded.")
        return
    traps, unspecific = vocabulary("icd10cm_traps"), texts(version, "unspecified")
    categories = [row for row in coded if (entry := traps.get(row.icd10cm)) and not entry.billable]
    vague = [row for row in coded if row.icd10cm in unspecific]
    known = () if version.stale_on(day) else texts(version, "leaves")
    open_ = [row for row in coded if row not in categories and row not in vague and row.icd10cm not in known]
    if categories:
        yield fail(
            f"{len(categories)} of {len(coded)} codes: a category that needs more digits.",
            [row.fact for row in categories],
        )
    if vague:
        yield confirm(
            f"{len(vague)} of {len(coded)} codes: unspecified, which reviewers refuse.", [row.fact for row in vague]
        )
    if open_ and not given.profile.confirmed("diagnosis_specific", day):
        listed = (
            f"not in the list of {version.checked_on.isoformat()}"
            if texts(version, "leaves")
            else "no list was looked up"
        )
        yield confirm(f"{len(open_)} of {len(coded)} codes: {listed} for this date.", [row.fact for row in open_])
    elif not categories and not vague:
        how = "as the practice confirmed" if open_ else f"by the list of {version.checked_on.isoformat()}"
        yield met(f"All codes ({len(coded)}) are billable {how}.", [row.fact for row in coded])
