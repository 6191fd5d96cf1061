"""The contents of a rule file. Unknown keys are refused, dates are dates, and nothing is unsourced."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from report_gen.finding import Certainty
from report_gen.vocab import vocabulary

__all__ = ["Citation", "Rule", "RuleFile", "RuleParameter", "SourceDocument", "SourceFile", "Strict", "Version"]

RuleParameter: TypeAlias = bool | int | float | str | tuple[str, ...] | dict[str, str] | dict[str, int]
"""A value of a rule; its name carries the unit."""

_Words = Annotated[str, StringConstraints(min_length=3, max_length=400, strip_whitespace=True)]
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,59}$")]
_Carc = Annotated[str, StringConstraints(pattern=r"^[A-Z]?[0-9]{1,3}$")]


def _asked_by_a_claim(code: str) -> str:
    respondents = vocabulary("respondents")
    known = [name for name, entry in respondents.entries.items() if "claim" in entry.asked_in]
    if code not in known:
        raise ValueError(f"not one of {', '.join(known)}")
    return code


class Strict(BaseModel):
    """A table of our own: frozen, and without keys that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=False, use_attribute_docstrings=True)


class Citation(Strict):
    """Where something is said; in a file, the id of a `document` of ``sources.toml`` and the place in it."""

    title: _Words
    """Document, with its version or date."""
    locator: _Words
    """Place in it: section, table, page, row."""
    url: str | None = None
    """Address. None: a document without one, or one that was not reached."""


class Version(Strict):
    """A rule as it holds from one day to another."""

    effective_from: date
    """First date of service that it holds for."""
    effective_to: date | None = None
    """Last date of service, inclusive. None: no end known."""
    certainty: Certainty
    """Certainty of the version."""
    checked_on: date
    """When somebody last held it against its source. For a table of codes: the date of the table."""
    stale_after_days: Annotated[int, Field(ge=1, le=4000)]
    """Days after `checked_on` from which it must be looked up anew."""
    parameters: dict[str, RuleParameter] = {}
    """Values that the rule's function reads."""
    sources: tuple[Citation, ...] = Field(min_length=1)
    """Where it is said."""
    disputed_by: tuple[Citation, ...] = ()
    """Sources that say something else. The winner is what `parameters` hold."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("effective_to is before effective_from")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether it holds for services of a day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    def age_days(self, day: date) -> int:
        """Days from the last check to a day; negative before it."""
        return (day - self.checked_on).days

    def stale_on(self, day: date) -> bool:
        """Whether it must be looked up anew before it is relied on for a day."""
        return self.age_days(day) > self.stale_after_days


class Rule(Strict):
    """One question that billing asks of a case."""

    id: _Id
    """Stable id, as in findings."""
    topic: Literal["time", "units", "codes", "place", "people", "evidence", "payer", "report"]
    """Its topic: the file that holds it."""
    question: _Words
    """The question in plain words."""
    blocking: bool
    """Whether a claim must not go out while the answer is no or unknown."""
    ask: Annotated[str, AfterValidator(_asked_by_a_claim)]
    """Who can answer: a code of `respondents`."""
    remedy: _Words
    """The action to take when the answer is no or unknown."""
    denials: tuple[_Carc, ...] = ()
    """Claim adjustment reason codes that an unmet rule invites; numbers only, glossed in `denials.toml`."""
    before: Literal["confirm", "not_applicable"] = "confirm"
    """Outcome for a date of service before the first version: somebody must look it up, or there was no such rule."""
    versions: tuple[Version, ...] = Field(min_length=1)
    """Versions in order of time, not overlapping."""

    @model_validator(mode="after")
    def _disjoint(self) -> Self:
        for earlier, later in zip(self.versions, self.versions[1:], strict=False):
            if earlier.effective_to is None or later.effective_from <= earlier.effective_to:
                raise ValueError(f"versions of {self.id} overlap or are out of order")
        return self

    def on(self, day: date) -> Version | None:
        """The version that holds for services of a day; None when there is none."""
        return next((version for version in self.versions if version.holds_on(day)), None)

    def current(self, day: date) -> Version:
        """The version that holds for services of a day, else the last: what a list of rules shows."""
        return self.on(day) or self.versions[-1]


class RuleFile(Strict):
    """One file of rules."""

    about: _Words
    """Subject of its rules."""
    rule: tuple[Rule, ...] = Field(min_length=1)
    """The rules."""


class SourceDocument(Strict):
    """A document that rules cite."""

    id: _Id
    """Id that citations name."""
    title: _Words
    """Document, with its version or date; the one title under which it is printed."""
    url: str | None = None
    """Address. None: a document without one, or one that was not reached."""


class SourceFile(Strict):
    """The documents of all rule files."""

    about: _Words
    """Purpose of the file."""
    document: tuple[SourceDocument, ...] = Field(min_length=1)
    """The documents."""
