"""Diagnoses as coded: there, on the right side, and specific enough (`evidence.toml`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from report_gen.claim.checks.parameters import texts
from report_gen.claim.record import ClaimRecord, Diagnosis
from report_gen.claim.rule import RuleInput, RuleVerdict, confirm, fail, not_applicable, passed
from report_gen.rules.model import Version
from report_gen.vocab import vocabulary

__all__ = ["diagnosis_coded", "diagnosis_side", "diagnosis_specific"]

_LATERAL: Final = ("left", "right")
_SIDED: Final = (*_LATERAL, "bilateral")


def diagnosis_coded(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Every diagnosis has an ICD-10-CM code (`evidence.toml`)."""
    diagnoses = claim.record.diagnoses
    bare = [diagnosis.fact for diagnosis in diagnoses if not diagnosis.icd10cm]
    if not diagnoses:
        yield fail("No diagnosis is recorded.", ["diagnosis"])
    elif bare:
        yield fail(f"{len(bare)} of {len(diagnoses)} diagnoses have no ICD-10-CM code.", bare)
    else:
        yield passed(f"All diagnoses are coded ({len(diagnoses)}).", [diagnosis.fact for diagnosis in diagnoses])


def _code_side(diagnosis: Diagnosis) -> str:
    """Side that the code itself says; empty when it says none, or the table does not hold it."""
    entry = vocabulary("icd10cm_traps").get(diagnosis.icd10cm)
    return (entry.side or "") if entry is not None else ""


def diagnosis_side(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Diagnosis, its code and the surgery are on one side (`evidence.toml`)."""
    record = claim.record
    verdicts = [verdict for diagnosis in record.diagnoses for verdict in _side(record, diagnosis)]
    yield from verdicts or (not_applicable("No diagnosis, as coded or worded, has a side."),)


def _side(record: ClaimRecord, diagnosis: Diagnosis) -> Iterator[RuleVerdict]:
    code_side, text_side, surgery = _code_side(diagnosis), diagnosis.side, record.surgery_side
    side, facts = text_side if text_side in _SIDED else code_side, [diagnosis.fact, "surgery.side"]
    if code_side and text_side in _SIDED and code_side != text_side:
        yield fail(f"A diagnosis is worded as {text_side} and its code says {code_side}.", facts)
    elif side in _LATERAL and surgery in _LATERAL and side != surgery:
        yield from _opposite(record, diagnosis, facts)
    elif side in _LATERAL and surgery == "not_recorded":
        yield confirm(f"A diagnosis is on the {side} and the side of surgery is not recorded.", facts)
    elif text_side == "not_recorded" and surgery in _LATERAL and not code_side:
        yield confirm(f"Surgery was on the {surgery} and the side of a diagnosis is not recorded.", facts)
    elif side in _SIDED:
        yield passed(f"Diagnosis ({side}) and surgery ({surgery.replace('_', ' ')}) do not disagree.", facts)


def _opposite(record: ClaimRecord, diagnosis: Diagnosis, facts: Sequence[str]) -> Iterator[RuleVerdict]:
    """A secondary diagnosis may be on the other side when the main one agrees; the main one may not."""
    sides = {_code_side(other) or other.side for other in record.diagnoses}
    message = f"A diagnosis is on the other side than the surgery ({record.surgery_side})."
    if diagnosis is not record.diagnoses[0] and record.surgery_side in sides:
        yield confirm(message, facts)
    else:
        yield fail(message, facts)


def diagnosis_specific(claim: RuleInput, version: Version) -> Iterator[RuleVerdict]:
    """Codes are billable leaves of the code set in force (`evidence.toml`)."""
    record, day = claim.record, claim.record.date_of_service
    coded = [diagnosis for diagnosis in record.diagnoses if diagnosis.icd10cm]
    if not coded:
        yield not_applicable("No diagnosis is coded.")
        return
    traps, unspecific = vocabulary("icd10cm_traps"), texts(version, "unspecified")
    categories = [diagnosis for diagnosis in coded if (entry := traps.get(diagnosis.icd10cm)) and not entry.billable]
    vague = [diagnosis for diagnosis in coded if diagnosis.icd10cm in unspecific]
    known = () if version.stale_on(day) else texts(version, "leaves")
    settled = (*categories, *vague)
    open_ = [diagnosis for diagnosis in coded if diagnosis not in settled and diagnosis.icd10cm not in known]
    if categories:
        cited = [diagnosis.fact for diagnosis in categories]
        yield fail(f"{len(categories)} of {len(coded)} codes: a category that needs more digits.", cited)
    if vague:
        cited = [diagnosis.fact for diagnosis in vague]
        yield confirm(f"{len(vague)} of {len(coded)} codes: unspecified, which reviewers refuse.", cited)
    if open_ and not claim.profile.confirmed("diagnosis_specific", day):
        listed = (
            f"not in the list of {version.checked_on.isoformat()}"
            if texts(version, "leaves")
            else "no list was looked up"
        )
        cited = [diagnosis.fact for diagnosis in open_]
        yield confirm(f"{len(open_)} of {len(coded)} codes: {listed} for this date.", cited)
    elif not categories and not vague:
        how = "as the practice confirmed" if open_ else f"by the list of {version.checked_on.isoformat()}"
        yield passed(f"All codes ({len(coded)}) are billable {how}.", [diagnosis.fact for diagnosis in coded])
