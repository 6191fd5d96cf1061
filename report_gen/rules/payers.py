"""Payer policies: the shipped ones, and hints on named payers that a practice may adopt once it has confirmed.

Only Medicare fee-for-service is known. Everything else is a template that asks (billing reference §6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from report_gen.errors import AssetError
from report_gen.rules.model import Citation
from report_gen.rules.tables import read_table
from report_gen.vocab import vocabulary

__all__ = [
    "CONFIRMED_DAYS",
    "REMOTE_EXCLUSIVE",
    "REMOTE_MULTI",
    "Day",
    "Hint",
    "PayerPolicy",
    "PolicyTerms",
    "Rounding",
    "doubts",
    "hints",
    "hints_for",
    "policies",
]

REMOTE_EXCLUSIVE: Final = "mon.remote_exclusive"
REMOTE_MULTI: Final = "mon.remote_multi"
CONFIRMED_DAYS: Final = 400
"""Days for which a confirmation without an end of its own is taken to hold: a year and a month, as for rules."""

_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Rounding: TypeAlias = Literal["midpoint", "completed"]
TimeConcept: TypeAlias = Literal["mon.in_room", "mon.remote_exclusive", "mon.remote_multi"]


def _day(value: Any) -> Any:
    """Dates and ISO dates only: a bare number would be read as seconds since 1970."""
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    if type(value) is not date:
        raise ValueError("a date such as 2026-09-15")
    return value


def _payer_class(value: str) -> str:
    classes = vocabulary("payer_classes")
    if value not in classes:
        raise ValueError(f"one of {', '.join(classes.codes)}")
    return value


Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
"""A calendar day."""
PayerClass: TypeAlias = Annotated[str, BeforeValidator(_payer_class)]
PolicyWords: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class PolicyTerms(BaseModel):
    """A payer's terms, as a practice writes them."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    """Id of the row in lower-case letters, digits and underscores, shown beside what rests on it."""
    payer_class: PayerClass
    """Class of payer, a code of `payer_classes`."""
    name: PolicyWords | None = None
    """Exact name of the plan, in any case of letters. None: every plan of the class."""
    payer_id: PolicyWords | None = None
    """Electronic payer id. None: not given."""
    in_room: Literal["mon.in_room", "none"] = "mon.in_room"
    """Concept taken for a professional in the room; `none`: not paid."""
    remote: Literal["mon.remote_exclusive", "mon.remote_multi", "none"]
    """Concept taken for a professional elsewhere; `none`: not paid."""
    rounding: dict[TimeConcept, Rounding] = {}
    """Rounding by concept. Not named: the default of the rule `units_time`."""
    cap_min_per_day: Annotated[float, Field(gt=0, le=1440, strict=True)] | None = None
    """Most minutes paid for one patient and day. None: no cap known."""
    authorization: Literal["required", "not_required", "unknown"] = "unknown"
    """Whether prior authorization is asked for."""
    policy_title: PolicyWords | None = None
    """Title or number of the payer's policy."""
    policy_url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=500)] | None = None
    """Where it can be read."""
    policy_dated: Day | None = None
    """Date of the policy's version."""
    effective_from: Day | None = None
    """First date of service that the row holds for. None: `policy_dated`, else as far back as it was confirmed."""
    confirmed_on: Day | None = None
    """When the practice held it against the payer's text or contract. None: not confirmed."""
    confirmed_by: PolicyWords | None = None
    """Who did."""
    confirmed_until: Day | None = None
    """Last date of service that the confirmation covers. None: `CONFIRMED_DAYS` after `confirmed_on`."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.confirmed_on is None) != (self.confirmed_by is None):
            raise ValueError("confirmed_on and confirmed_by together, or neither")
        if self.confirmed_until is not None and (self.confirmed_on is None or self.confirmed_until < self.confirmed_on):
            raise ValueError("confirmed_until only with a confirmed_on that is not later")
        if self.payer_class == "medicare_ffs" and self.remote == REMOTE_MULTI:
            raise ValueError(
                f"remote to be {REMOTE_EXCLUSIVE} or none: {REMOTE_MULTI} is not valid for Medicare fee-for-service "
                "since 2013-01-01"
            )
        return self


class PayerPolicy(PolicyTerms):
    """A payer's terms, and how certain they are."""

    known: bool = False
    """Whether it rests on the payer's public text, read by us. Only shipped rows may say so."""
    checked_on: Day | None = None
    """When we last held a known policy against that text. None: not known to us."""
    stale_after_days: Annotated[int, Field(ge=1, le=4000)] = CONFIRMED_DAYS
    """Days after `checked_on` from which a known policy must be looked up anew."""
    adopted: PolicyWords | None = None
    """Id of the hint whose terms the practice took over. None: none."""

    @property
    def checked_to(self) -> date | None:
        """Last date of service for which our own check is recent enough. None: we did not check it."""
        return self.checked_on + timedelta(days=self.stale_after_days) if self.checked_on is not None else None

    @property
    def confirmed_to(self) -> date | None:
        """Last date of service that the practice's confirmation covers. None: it did not confirm."""
        if self.confirmed_on is None:
            return None
        return self.confirmed_until or self.confirmed_on + timedelta(days=CONFIRMED_DAYS)

    def begins_by(self, day: date) -> bool:
        """Whether the row itself has begun for services of a day."""
        return self.effective_from is None or self.effective_from <= day

    def holds_on(self, day: date) -> bool:
        """Whether the row's basis reaches back to a day: its beginning, its policy's date or its confirmation."""
        begins = self.effective_from or self.policy_dated
        if begins is None and self.confirmed_on is not None:
            begins = self.confirmed_on - timedelta(days=CONFIRMED_DAYS)
        return begins is None or begins <= day

    def expired_on(self, day: date) -> bool:
        """Whether it was confirmed, but not for services as late as this."""
        last = self.confirmed_to
        return not self.known and last is not None and last < day

    def settled_on(self, day: date) -> bool:
        """Whether it may be relied on for services of a day: known, or confirmed by the practice for that day."""
        if not self.holds_on(day):
            return False
        last = self.confirmed_to
        return self.known or (last is not None and day <= last)


class Hint(BaseModel):
    """Terms found for a named payer. Never applied by themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
    """Name to adopt it by."""
    label: PolicyWords
    """Payer, in our own words."""
    payer_classes: Annotated[tuple[PayerClass, ...], Field(min_length=1)]
    """Classes in which a plan of this name is this payer."""
    patterns: Annotated[tuple[PolicyWords, ...], Field(min_length=1)]
    """Words in the name of the plan, lower case; one of them as whole words is enough."""
    conditions: tuple[PolicyWords, ...]
    """Conditions found, in our own words."""
    terms: dict[str, Any] = {}
    """Keys of a practice's payer row that the text settles; the others are to be found out."""
    policy: PolicyWords
    """Title or number of the payer's text."""
    version: PolicyWords
    """Its version or date as far as known."""
    confidence: Literal["high", "medium", "low", "none"]
    """High: official text read, recent. Medium: official text, old or in part. Low: third party or silence. None: no
    text."""
    confirm: Annotated[tuple[PolicyWords, ...], Field(min_length=1)]
    """Questions to confirm before it is used."""
    sources: Annotated[tuple[Citation, ...], Field(min_length=1)]
    """Where it was found."""

    @model_validator(mode="after")
    def _terms_are_terms(self) -> Self:
        if unknown := set(self.terms) - (set(PolicyTerms.model_fields) - {"id", "payer_class", "name", "payer_id"}):
            raise ValueError(f"terms: {', '.join(sorted(unknown))} cannot be adopted")
        if any(key.startswith("confirmed") for key in self.terms):
            raise ValueError("terms: only the practice confirms")
        return self

    def fits(self, payer_class: str, plan: str) -> bool:
        """Whether a plan may be this payer."""
        words = f" {' '.join(_words(plan))} "
        return payer_class in self.payer_classes and any(
            f" {' '.join(_words(pattern))} " in words for pattern in self.patterns
        )


class _PayersFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    about: PolicyWords
    policy: tuple[PayerPolicy, ...]
    hint: tuple[Hint, ...]


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text.casefold()).split()


@cache
def _file() -> _PayersFile:
    file = read_table(Path(__file__).parent / "payers.toml", _PayersFile)
    classes = [policy.payer_class for policy in file.policy]
    if sorted(classes) != sorted(vocabulary("payer_classes").codes):
        raise AssetError("rules.invalid", "payers.toml: policy: one row for each payer class is needed")
    if any(policy.known != (policy.payer_class == "medicare_ffs") for policy in file.policy):
        raise AssetError("rules.invalid", "payers.toml: policy: Medicare fee-for-service alone is known")
    if any(policy.known != (policy.checked_on is not None) for policy in file.policy):
        raise AssetError("rules.invalid", "payers.toml: policy: a known policy, and no other, has its day of checking")
    ids = [policy.id for policy in file.policy] + [hint.id for hint in file.hint]
    if len(ids) != len(set(ids)):
        raise AssetError("rules.invalid", "payers.toml: an id stands in two places")
    return file


@cache
def policies() -> Mapping[str, PayerPolicy]:
    """The shipped policy of each payer class.

    Raises:
        AssetError: The file is missing or damaged.
    """
    return MappingProxyType({policy.payer_class: policy for policy in _file().policy})


@cache
def hints() -> Mapping[str, Hint]:
    """Hints on named payers, by id.

    Raises:
        AssetError: The file is missing or damaged.
    """
    return MappingProxyType({hint.id: hint for hint in _file().hint})


def hints_for(payer_class: str, plan: str) -> tuple[Hint, ...]:
    """Hints that may concern a plan, in the order of the file."""
    return tuple(hint for hint in hints().values() if hint.fits(payer_class, plan))


def doubts(policy: PayerPolicy, payer_class: str, plan: str) -> tuple[Hint, ...]:
    """Hints on a plan that a practice's row for the whole class neither names nor adopts.

    Whoever confirmed what a class of payers takes need not have known what was found on this one.
    """
    if policy.known or policy.name is not None:
        return ()
    return tuple(hint for hint in hints_for(payer_class, plan) if hint.id != policy.adopted)
