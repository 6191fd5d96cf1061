"""A practice's settings and confirmations: its payers, its decisions, and the codes of its licensed code set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from report_gen.claim.practice.code_map import CODE_MAP_FORMAT, CodeLicence, practice_codes, public_codes
from report_gen.claim.record import ClaimRecord
from report_gen.configuration import checked, problem, read_toml
from report_gen.errors import Problem, ProfileError
from report_gen.rules import rules
from report_gen.rules.payers import CONFIRMED_DAYS, Day, PayerPolicy, PolicyTerms, PolicyWords, hints, policies

__all__ = ["CodeLicence", "Confirmation", "PayerPolicy", "Profile", "load_profile", "profile_from"]

PROFILE_FORMAT: Final = "report_gen.claim_profile/1"
_MAX_ROWS: Final = 500


class Confirmation(BaseModel):
    """A decision that only the practice can make."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    item: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,59}(?::\S{1,80})?$")]
    """Rule id, or `rule_id:detail` for one question of the rule; the rule id alone covers all its questions."""
    confirmed_on: Day
    """When it was decided."""
    confirmed_by: PolicyWords
    """Who decided."""
    since: Day | None = None
    """First date of service that it covers. None: `CONFIRMED_DAYS` before `confirmed_on`."""
    until: Day | None = None
    """Last date of service that it covers. None: `CONFIRMED_DAYS` after `confirmed_on`."""
    note: Annotated[str, StringConstraints(max_length=400, strip_whitespace=True)] = ""
    """The decision in words, for the practice's own use; never a patient's data."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.confirmed_on:
            raise ValueError("until not before confirmed_on")
        if self.since is not None and self.since > self._last:
            raise ValueError("since not after the last date of service that is covered")
        return self

    @property
    def _last(self) -> date:
        return self.until or self.confirmed_on + timedelta(days=CONFIRMED_DAYS)

    def covers(self, item: str, day: date) -> bool:
        """Whether it answers a question about services of a day."""
        first = self.since or self.confirmed_on - timedelta(days=CONFIRMED_DAYS)
        return self.item in (item, item.partition(":")[0]) and first <= day <= self._last


class _PracticePolicy(PolicyTerms):
    """A payer's row in a practice's file."""

    adopt: PolicyWords | None = None
    """Id of a hint whose terms are taken over where the row says nothing else."""

    @model_validator(mode="after")
    def _of_a_payer(self) -> Self:
        if self.payer_class == "unknown":
            raise ValueError("payer_class of a payer: of one that is not known nothing can be confirmed")
        return self


class _ProfileFile(BaseModel):
    """A practice's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    practice: PolicyWords | None = None
    billing_npi: Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")] | None = None
    billing_name: PolicyWords | None = None
    allot: StrictBool = False
    payers: Annotated[tuple[_PracticePolicy, ...], Field(max_length=_MAX_ROWS)] = ()
    confirmations: Annotated[tuple[Confirmation, ...], Field(max_length=_MAX_ROWS)] = ()


class Profile(BaseModel):
    """A practice's settings and confirmations. The default knows Medicare fee-for-service and public codes alone."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    practice: str | None = None
    """Name of the practice. None: not given."""
    billing_npi: str | None = None
    """National Provider Identifier of who bills. None: not given."""
    billing_name: str | None = None
    """Name of who bills. None: not given."""
    allot: bool = False
    """Whether minutes that a professional dealt out between patients may count as exclusive. A compliance decision:
    one Medicare answer allows it within the hour, a settlement reads "exclusive" more strictly. It counts remotely
    only, for Medicare fee-for-service, and beside other Medicare fee-for-service cases alone."""
    payers: tuple[PayerPolicy, ...] = ()
    """The practice's own payer rows; each goes before what is shipped."""
    confirmations: tuple[Confirmation, ...] = ()
    """The practice's decisions."""
    codes: Mapping[str, str] = {}
    """Codes by concept id: public ones, and the practice's."""
    code_licence: CodeLicence | None = None
    """Who confirmed the licence of the practice's code set. None: no code map."""

    def policy_for(self, record: ClaimRecord) -> PayerPolicy:
        """The policy for a case, most specific first: class and exact plan, class, shipped class, unknown payer.

        A row that begins after the date of service is passed over: it says nothing about the time before.
        """
        payer_class = record.payer.payer_class if record.payer else "unknown"
        plan = record.payer.name.strip().casefold() if record.payer else ""
        own = [
            policy
            for policy in self.payers
            if policy.payer_class == payer_class
            and policy.begins_by(record.date_of_service)
            and (policy.name is None or policy.name.casefold() == plan)
        ]
        # The exact plan first; of several rows for one plan, the latest that has begun.
        own.sort(key=lambda policy: (policy.name is not None, policy.effective_from or date.min), reverse=True)
        shipped = policies()
        return own[0] if own else shipped.get(payer_class, shipped["unknown"])

    def confirmed(self, item: str, day: date) -> bool:
        """Whether the practice settled a question, as `rule_id` or `rule_id:detail`, for services of a day."""
        return self.confirmation(item, day) is not None

    def confirmation(self, item: str, day: date) -> Confirmation | None:
        """The latest decision that settles a question for services of a day; None when there is none."""
        return next(iter(self.confirmations_of(item, day)), None)

    def confirmations_of(self, item: str, day: date) -> tuple[Confirmation, ...]:
        """All decisions that cover a question for services of a day, the latest first."""
        confirmations = [confirmation for confirmation in self.confirmations if confirmation.covers(item, day)]
        return tuple(sorted(confirmations, key=lambda confirmation: confirmation.confirmed_on, reverse=True))

    def code(self, concept: str) -> str:
        """The code of a concept. Empty: neither public nor in the practice's map."""
        return self.codes.get(concept, "")

    @property
    def has_codes(self) -> bool:
        """Whether the practice provided a code map."""
        return self.code_licence is not None


def load_profile(path: Path | None = None, codes: Path | None = None) -> Profile:
    """A practice's profile and code map from their files.

    Args:
        path: TOML file with `format = "report_gen.claim_profile/1"`. None: what is shipped.
        codes: TOML file with `format = "report_gen.code_map/1"`. None: public codes alone.

    Raises:
        FileAccessError: A file cannot be read.
        ProfileError: A file breaks its contract; the error lists every problem.
        AssetError: A table of ours is missing or damaged.
    """
    raw = {} if path is None else read_toml(path, ProfileError, name=path.name, form=PROFILE_FORMAT)
    profile = profile_from(raw, "the profile" if path is None else path.name)
    if codes is None:
        return profile
    own = practice_codes(read_toml(codes, ProfileError, name=codes.name, form=CODE_MAP_FORMAT), codes.name)
    return profile.model_copy(update={"codes": {**profile.codes, **own.codes}, "code_licence": own.licence})


def profile_from(raw: Mapping[str, Any], name: str = "the profile") -> Profile:
    """A profile from raw values, as in its file without the `format` line.

    Raises:
        ProfileError: With every problem found.
        AssetError: A table of ours is missing or damaged.
    """
    filled = {key: _adopted(value) if key == "payers" else value for key, value in raw.items()}
    file = checked(filled, _ProfileFile, ProfileError, name=name)
    if problems := (*_twice(file.payers), *_not_adoptable(file.payers), *_no_rule(file.confirmations)):
        raise ProfileError(name, problems)
    return Profile(
        practice=file.practice,
        billing_npi=file.billing_npi,
        billing_name=file.billing_name,
        allot=file.allot,
        payers=tuple(_policy(payer) for payer in file.payers),
        confirmations=file.confirmations,
        codes=dict(public_codes()),
    )


def _policy(payer: _PracticePolicy) -> PayerPolicy:
    return PayerPolicy(**payer.model_dump(exclude={"adopt"}), adopted=payer.adopt)


def _adopted(rows: Any) -> Any:
    """Payer rows with the terms of the hints they adopt; anything else is left for the model to refuse."""
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return rows
    return [_filled(row) if isinstance(row, Mapping) else row for row in rows]


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    hint = hints().get(str(row.get("adopt", "")))
    return {**(hint.terms if hint else {}), **row}


def _twice(payers: tuple[_PracticePolicy, ...]) -> Iterator[Problem]:
    ids, plans = {policy.id for policy in policies().values()}, set()
    for index, payer in enumerate(payers):
        if payer.id in ids:
            yield problem(
                ProfileError, "id_taken", f"/payers/{index}/id", "an id that no other row and no shipped row has"
            )
        plan = (payer.payer_class, (payer.name or "").casefold(), payer.effective_from)
        if plan in plans:
            expected = "one row for a class and plan, or rows with different effective_from"
            yield problem(ProfileError, "plan_twice", f"/payers/{index}", expected)
        ids.add(payer.id)
        plans.add(plan)


def _not_adoptable(payers: tuple[_PracticePolicy, ...]) -> Iterator[Problem]:
    for index, payer in enumerate(payers):
        hint = hints().get(payer.adopt) if payer.adopt else None
        if payer.adopt and (hint is None or payer.payer_class not in hint.payer_classes):
            fitting = [name for name, known in hints().items() if payer.payer_class in known.payer_classes]
            expected = f"one of {', '.join(fitting)}" if fitting else "no adopt for this class of payer"
            yield problem(ProfileError, "no_such_hint", f"/payers/{index}/adopt", expected)


def _no_rule(confirmations: tuple[Confirmation, ...]) -> Iterator[Problem]:
    for index, confirmation in enumerate(confirmations):
        if confirmation.item.partition(":")[0] not in rules():
            yield problem(
                ProfileError, "no_such_rule", f"/confirmations/{index}/item", "a rule id that `report-gen rules` lists"
            )
