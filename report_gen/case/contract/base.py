"""Building blocks of the contract: the frozen model, who fills a field, coded values, capped text, zoned instants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from report_gen.vocab import vocabulary

__all__ = [
    "FORMS",
    "Code",
    "CptCode",
    "Day",
    "Detail",
    "FilledBy",
    "Icd10Code",
    "Identifier",
    "Instant",
    "Line",
    "Model",
    "Montage",
    "Name",
    "Narrative",
    "NonNegative",
    "Npi",
    "Peak",
    "Percent",
    "ServiceCode",
    "Slug",
    "TimeZoneName",
    "TwoLetters",
]


class FilledBy(Enum):
    """Who supplies a value; the code stands in the JSON Schema as `x-filled-by`."""

    TECHNOLOGIST = "technologist"
    """The technologist, in the log of the case."""
    PROFESSIONAL = "professional"
    """The interpreting professional; no program and nobody else fills such a field."""
    SCHEDULE = "schedule"
    """The schedule, the ADT feed or the practice-management system."""
    ANESTHESIA = "anesthesia"
    """The anesthesia record."""
    SURGEON = "surgeon"
    """The surgeon or the operative note."""


class Model(BaseModel):
    """A frozen, strict value: unknown keys are errors, nothing is coerced, errors never echo the input.

    The head of a model says who fills its fields, and who else fills one of them:
    ``class Reading(Model, filled_by=FilledBy.TECHNOLOGIST, quality=FilledBy.PROFESSIONAL)``. It stands there and not in
    an `Annotated` of the field, which every start of the program would pay for.
    """

    filled_by: ClassVar[Mapping[str, FilledBy]]
    """Who supplies each field."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
        validate_default=False,
        cache_strings="all",
        defer_build=True,  # one validator for the whole case, built when the first one is read: report_gen.case.load
    )

    def __init_subclass__(cls, *, filled_by: FilledBy, **others: FilledBy) -> None:
        """Take who fills the fields; `__pydantic_init_subclass__` keeps it, once the fields are known."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(cls, **filled_by: Any) -> None:
        """Keep who fills each field.

        Raises:
            TypeError: A keyword names no field.
        """
        super().__pydantic_init_subclass__()
        fields = dict.fromkeys(cls.model_fields, filled_by.pop("filled_by"))
        if unknown := filled_by.keys() - fields.keys():
            raise TypeError(f"{cls.__name__} has no field {', '.join(sorted(unknown))}")
        cls.filled_by = MappingProxyType(fields | filled_by)


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
        terms = vocabulary(self.vocabulary_name)
        codes = [code for code in terms.codes if code not in self.without]
        formers = terms.formers
        if not formers:
            return core_schema.literal_schema(codes)
        return core_schema.no_info_before_validator_function(
            lambda code: formers.get(code, code) if isinstance(code, str) else code, core_schema.literal_schema(codes)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The closed list, with former codes at its end, so that a file that was valid stays so."""
        found = handler(schema)
        if formers := vocabulary(self.vocabulary_name).formers:
            found["enum"] = [*found["enum"], *formers]
            found["x-former"] = dict(formers)
        return found


_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_TIME_WITHOUT_ZONE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2})"
_TIME_FORM = f"^{_TIME_WITHOUT_ZONE}{_ZONE}?$"
_DAY_FORM = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def _written(form: str, error_type: str, then: CoreSchema) -> CoreSchema:
    """Only the written form in a file; the validator core alone also reads epoch seconds in quotes as a time."""
    in_file = core_schema.custom_error_schema(
        core_schema.str_schema(strict=True, pattern=form), error_type, custom_error_message="not in the written form"
    )
    return core_schema.json_or_python_schema(core_schema.chain_schema([in_file, then]), then)


class _InstantForm:
    """Annotation: RFC 3339 with seconds and a UTC offset, between 1990 and 2200.

    Of a fraction of a second, which may have any number of digits (RFC 3339 section 5.6), microseconds are kept.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the form, then the zone, then the range that arithmetic in any zone can hold."""
        zoned = core_schema.datetime_schema(
            strict=False, tz_constraint="aware", ge=_EARLIEST, le=_LATEST, microseconds_precision="truncate"
        )
        return _written(_TIME_FORM, "not_an_instant", zoned)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The format that says the same in JSON Schema, and the form, which asks for capital letters."""
        return {"type": "string", "format": "date-time", "pattern": f"^{_TIME_WITHOUT_ZONE}{_ZONE}$"}


class _DayForm:
    """Annotation: a calendar date, year-month-day, between 1880 and 2200."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the form, then the range."""
        return _written(
            _DAY_FORM, "not_a_day", core_schema.date_schema(strict=False, ge=date(1880, 1, 1), le=_LATEST.date())
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The format that says the same in JSON Schema."""
        return {"type": "string", "format": "date"}


_SLUG = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"
_ONE_LINE = r"^[^\t\r\n]*[^\s][^\t\r\n]*$"
_NOT_BLANK = r"[^\s]"
_TWO_LETTERS = r"^[A-Z]{2}$"
_NPI = r"^[0-9]{10}$"
_CPT = r"^[0-9]{4}[0-9A-Z]$"
_SERVICE = r"^([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})$"
# The second character is a digit, or, since the release of April 2026, the third is (QA0): no word is a code.
_ICD10 = r"^[A-Z]([0-9][0-9A-Z]|[A-Z][0-9])(\.?[0-9A-Z]{1,4})?$"
_TIME_ZONE = r"^[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+){0,2}$"
_CATEGORY = 3
"""Characters of a diagnosis code before its point."""
_PEAK = r"^[A-Z][A-Za-z0-9'/-]{0,7}$"
_MONTAGE = r"^[A-Za-z0-9'+/ .-]{1,40}$"

FORMS: dict[str, str] = {
    _SLUG: "letters, digits, points, underscores and hyphens, at most 60, starting with a letter or digit",
    _ONE_LINE: "one line of text that is not blank",
    _NOT_BLANK: "text that is not blank",
    _TWO_LETTERS: "two capital letters",
    _NPI: "ten digits",
    _CPT: "a code of five characters such as 22551",
    _SERVICE: "a CPT or HCPCS code of five characters such as G0453",
    _ICD10: "an ICD-10-CM code such as M48.061",
    _TIME_ZONE: "an IANA time zone such as America/Chicago",
    _PEAK: "a peak such as N20 or P37",
    _MONTAGE: "a derivation such as Cz'-Fz, at most 40 characters",
}
"""What each pattern asks for, in words."""


def _with_point(code: str) -> str:
    """A diagnosis code with the point after its third character, which claims and many records leave out."""
    return code if len(code) <= _CATEGORY or code[_CATEGORY] == "." else f"{code[:_CATEGORY]}.{code[_CATEGORY:]}"


# Lengths follow what one record holds in practice and what a page can lay out in time: a 1 MB paragraph takes
# minutes to wrap.
Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_ONE_LINE)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_ONE_LINE)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_ONE_LINE)]
Detail = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_NOT_BLANK)]
Narrative = Annotated[str, StringConstraints(min_length=1, max_length=8000, pattern=_NOT_BLANK)]
TwoLetters = Annotated[str, StringConstraints(pattern=_TWO_LETTERS)]
Npi = Annotated[str, StringConstraints(pattern=_NPI)]
CptCode = Annotated[str, StringConstraints(pattern=_CPT)]
ServiceCode = Annotated[str, StringConstraints(pattern=_SERVICE)]
Icd10Code = Annotated[str, StringConstraints(pattern=_ICD10), AfterValidator(_with_point)]
TimeZoneName = Annotated[str, StringConstraints(max_length=64, pattern=_TIME_ZONE)]
Peak = Annotated[str, StringConstraints(pattern=_PEAK)]
Montage = Annotated[str, StringConstraints(pattern=_MONTAGE)]
Instant = Annotated[datetime, _InstantForm()]
Day = Annotated[date, _DayForm()]
NonNegative = Annotated[float, Field(ge=0)]
Percent = Annotated[float, Field(ge=0, le=100)]
