"""The services that a claim can carry, under our own names, with the indicators of the fee schedule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from report_gen.rules.model import Citation
from report_gen.rules.tables import read_table

__all__ = ["Concept", "ConceptFile", "concept", "concepts", "concepts_dated"]


class Concept(BaseModel):
    """One service."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$", max_length=40)]
    """Concept id, such as `sep.both`."""
    label: Annotated[str, StringConstraints(min_length=3, max_length=80)]
    """Our own words for it."""
    kind: Literal["time", "base", "retired"]
    """Monitoring time, a study that monitoring is added to, or a service that no longer exists."""
    pc_tc: Literal[0, 1, 9] | None = None
    """Component indicator: 0 none, 1 professional and technical component, 9 does not apply. None: retired."""
    bilateral: Literal[0, 2, 3] | None = None
    """Bilateral indicator: 0 no adjustment, 2 priced for both sides, 3 each side at full price. None: not a study."""
    mue: Annotated[int, Field(ge=0)] | None = None
    """Most units that one professional reports for one patient and day. None: retired."""
    facility_na: bool = False
    """Whether the fee schedule gives no value for a facility, so that a person must ask whether it is paid there."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "base") != (self.bilateral is not None):
            raise ValueError(f"{self.id}: a base study, and nothing else, has a bilateral indicator")
        if (self.kind == "retired") == (self.pc_tc is not None and self.mue is not None):
            raise ValueError(f"{self.id}: every service that is not retired, and no other, has pc_tc and mue")
        if self.kind != "base" and self.id.startswith("mon.") != (self.kind == "time"):
            raise ValueError(f"{self.id}: monitoring time is named mon.")
        return self


class ConceptFile(BaseModel):
    """The table of services."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    about: str
    """Subject of the table."""
    dated: date
    """Date of the tables that the indicators come from."""
    stale_after_days: Annotated[int, Field(ge=1, le=4000)]
    """Days after which they must be looked up anew; the tables change every quarter."""
    sources: tuple[Citation, ...] = Field(min_length=1)
    """The tables."""
    concept: tuple[Concept, ...] = Field(min_length=1)
    """The services, in their order on a claim."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [service.id for service in self.concept]
        if len(ids) != len(set(ids)):
            raise ValueError("a concept stands in two places")
        return self


@cache
def _file() -> ConceptFile:
    return read_table(Path(__file__).parent / "concepts.toml", ConceptFile)


@cache
def concepts() -> Mapping[str, Concept]:
    """Every service by id, in the order of a claim.

    Raises:
        AssetError: The table is missing or damaged.
    """
    return MappingProxyType({service.id: service for service in _file().concept})


def concept(concept_id: str) -> Concept:
    """One service; `KeyError` when there is none of this id."""
    return concepts()[concept_id]


def concepts_dated() -> date:
    """Date of the tables that the indicators come from."""
    return _file().dated
