"""The table that leads from modalities performed to base studies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from report_gen.errors import AssetError
from report_gen.rules.concepts import concepts
from report_gen.rules.model import Citation
from report_gen.rules.tables import read_table
from report_gen.vocab import vocabulary

__all__ = ["Count", "Route", "Settle", "StudyTable", "study_table"]

Count: TypeAlias = Literal["concept", "sep_upper", "sep_lower", "sep_dermatome", "mep", "emg", "cranial", "eeg", "none"]
"""Ways to find a study: named, by limb, by dermatome, by muscles, by sides, by operation, or there is none."""
Settle: TypeAlias = Literal["practice", "case", "nobody"]
"""Who settles what is open: the practice once, a person in each case, or nothing is open."""
_Words = Annotated[str, StringConstraints(max_length=160)]


class Route(BaseModel):
    """The base study that one modality leads to."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    code: str
    """Code of `modalities`."""
    count: Count
    """Way in which the study is found."""
    concept: str = ""
    """The study, for `concept`. Empty otherwise."""
    ask: _Words = ""
    """Reason for a person to look; with `none`, the reason for proposing no study. Empty: nothing to ask."""
    settle: Settle = "nobody"
    """Who settles it."""
    followed: bool = True
    """Whether the study rests on channels followed through the case. False: tests, or readings kept elsewhere."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.count == "concept") != bool(self.concept):
            raise ValueError(f'{self.code}: `concept` goes with count = "concept"')
        if self.concept and (self.concept not in concepts() or concepts()[self.concept].kind != "base"):
            raise ValueError(f"{self.code}: {self.concept} is no base study of concepts.toml")
        if self.count == "none" and not self.ask:
            raise ValueError(f"{self.code}: say why there is no study")
        if self.count != "none" and bool(self.ask) != (self.settle != "nobody"):
            raise ValueError(f"{self.code}: what is asked needs somebody who settles it, and the other way round")
        return self


class StudyTable(BaseModel):
    """The table of routes from modalities to base studies."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    about: str
    """Purpose of the table."""
    checked_on: date
    """When somebody last looked at it."""
    stale_after_days: Annotated[int, Field(ge=1, le=4000)]
    """Days after which it must be looked up anew."""
    muscles_for_full_limb: Annotated[int, Field(ge=1)]
    """Muscles that make a full limb."""
    full_limb_ask: _Words
    """Question to confirm a count of limbs."""
    limited_regions: tuple[str, ...]
    """Regions outside the limbs, each one unit of a limited study."""
    limited_region_ask: _Words
    """Question to confirm those regions."""
    accessory_muscles: tuple[str, ...]
    """Muscles of a limb that stand for a cranial nerve in some operations."""
    accessory_families: tuple[str, ...]
    """Those operations."""
    accessory_ask: _Words
    """Question to confirm those muscles."""
    head_nerves: tuple[str, ...]
    """Nerves whose evoked potentials are of the head."""
    dermatome_ask: _Words
    """Question to confirm dermatomes of a limb."""
    vascular_families: tuple[str, ...]
    """Operations in which EEG watches the brain from outside its surgery."""
    eeg_ask: _Words
    """Question to confirm EEG in all other operations."""
    sources: tuple[Citation, ...] = Field(min_length=1)
    """Where it comes from."""
    modality: tuple[Route, ...]
    """The routes, one for each modality."""

    @property
    def routes(self) -> Mapping[str, Route]:
        """The route of each modality, by its code."""
        return MappingProxyType({route.code: route for route in self.modality})

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name, codes in (
            ("muscles", self.accessory_muscles),
            ("procedure_families", (*self.accessory_families, *self.vascular_families)),
            ("nerves", self.head_nerves),
        ):
            if unknown := [code for code in codes if code not in vocabulary(name)]:
                raise ValueError(f"{', '.join(unknown)} not in the vocabulary {name}")
        return self


@cache
def study_table() -> StudyTable:
    """The table, which has every modality once.

    Raises:
        AssetError: It is missing or damaged, or a modality stands in it twice or not at all.
    """
    table = read_table(Path(__file__).parent / "studies.toml", StudyTable)
    if sorted(route.code for route in table.modality) != sorted(vocabulary("modalities").codes):
        raise AssetError("rules.invalid", "studies.toml: each modality of the vocabulary stands in it once")
    return table
