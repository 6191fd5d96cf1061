"""Building blocks of the contract: the frozen model, coded values, capped text, zoned instants.

Field descriptions open with who supplies the value: ``[T]`` technologist, ``[P]`` interpreting professional,
``[S]`` schedule, ADT or practice-management system, ``[A]`` anesthesia record, ``[X]`` surgeon or operative note.
Several letters mean that any of them may.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

from report_gen.vocab import vocabulary

__all__ = [
    "Code",
    "Detail",
    "Identifier",
    "Instant",
    "Line",
    "Model",
    "Name",
    "Narrative",
    "NonNegative",
    "Percent",
    "Slug",
]


class Model(BaseModel):
    """A frozen, strict value: unknown keys are errors, nothing is coerced, errors never echo the input."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
        validate_default=False,
        cache_strings="all",
    )


class Code:
    """Annotation: the value is a code of the named vocabulary in ``report_gen/vocab``.

    Becomes an ``enum`` in the JSON Schema, so that other systems see the closed list.
    """

    def __init__(self, vocabulary_name: str, *, without: frozenset[str] = frozenset()) -> None:
        """Take the vocabulary and the codes of it that are not allowed in this place."""
        self.vocabulary_name = vocabulary_name
        self.without = without

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check against the closed list in the validator core."""
        codes = [code for code in vocabulary(self.vocabulary_name).codes if code not in self.without]
        return core_schema.literal_schema(codes)


# Lengths follow what one record holds in practice and what a page can lay out in time (a 1 MB paragraph
# takes minutes to wrap): see the size measurements in the page reference.
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Detail = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Narrative = Annotated[str, StringConstraints(min_length=1, max_length=8000)]
Instant = AwareDatetime
NonNegative = Annotated[float, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]
