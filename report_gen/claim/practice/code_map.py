"""From our concept ids to codes: public ones are shipped, licensed ones come from the practice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from report_gen import rules
from report_gen.configuration import checked
from report_gen.errors import ProfileError
from report_gen.rules.concepts import concepts
from report_gen.rules.model import Citation
from report_gen.rules.payers import Day, PolicyWords
from report_gen.rules.tables import read_table

__all__ = ["CODE_MAP_FORMAT", "CodeLicence", "PracticeCodes", "concept_ids", "practice_codes", "public_codes"]

CODE_MAP_FORMAT: Final = "report_gen.code_map/1"

BillingCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(?:[0-9]{5}|[A-Z][0-9]{4}|[0-9]{4}[A-Z])$")]
"""Five characters of a procedure code; never its descriptor."""


def concept_ids() -> tuple[str, ...]:
    """Ids of the concepts that a code can stand for, retired ones too: an old claim is known by them."""
    return tuple(concepts())


class CodeLicence(BaseModel):
    """The confirmation that the practice may use the codes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    confirmed_by: PolicyWords
    """Who confirmed that the practice holds the licence of its code set."""
    confirmed_on: Day
    """When."""


class PracticeCodes(BaseModel):
    """A practice's code map, as in its file."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    licence_confirmed_by: PolicyWords
    """Who confirmed that the practice holds the licence of its code set."""
    licence_confirmed_on: Day
    """When."""
    code_set: PolicyWords | None = None
    """Edition that the codes are of, such as a year."""
    codes: Annotated[dict[str, BillingCode], Field(min_length=1)]
    """Code of each concept; concepts that the practice never bills may be left out."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if unknown := sorted(set(self.codes) - set(concept_ids())):
            raise ValueError(f"codes: {len(unknown)} unknown; the concept ids are {', '.join(concept_ids())}")
        twice = [code for code, count in Counter(self.codes.values()).items() if count > 1]
        if twice:
            raise ValueError(f"codes: one concept for each code; {len(twice)} stand at several concepts")
        changed = [name for name, code in public_codes().items() if self.codes.get(name, code) != code]
        if changed:
            raise ValueError(f"codes: {', '.join(changed)} left out, since the public code is shipped")
        return self

    @property
    def licence(self) -> CodeLicence:
        """The practice's confirmation of its licence."""
        return CodeLicence(confirmed_by=self.licence_confirmed_by, confirmed_on=self.licence_confirmed_on)


class _PublicCodes(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["report_gen.code_map/1"]
    about: PolicyWords
    code_set: PolicyWords
    checked_on: Day
    codes: Annotated[dict[str, BillingCode], Field(min_length=1)]
    sources: Annotated[tuple[Citation, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _public(self) -> Self:
        if not set(self.codes) <= set(concept_ids()) or any(code[0].isdigit() for code in self.codes.values()):
            raise ValueError("codes: known concepts with codes of HCPCS level II alone")
        return self


@cache
def public_codes() -> Mapping[str, str]:
    """Codes of a public code set by concept id.

    Raises:
        AssetError: The file is missing or damaged.
    """
    folder = Path(rules.__file__).parent
    return MappingProxyType(read_table(folder / "code_map_hcpcs.toml", _PublicCodes).codes)


def practice_codes(raw: Mapping[str, Any], name: str) -> PracticeCodes:
    """A practice's code map from raw values.

    Raises:
        ProfileError: With every problem found.
    """
    return checked(raw, PracticeCodes, ProfileError, name=name)
