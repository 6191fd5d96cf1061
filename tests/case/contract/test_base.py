from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated

import pytest
from pydantic import ValidationError

from report_gen.case.contract.base import (
    FORMS,
    Code,
    Day,
    Detail,
    FilledBy,
    Icd10Code,
    Identifier,
    Instant,
    Line,
    Model,
    Npi,
    Slug,
)
from report_gen.vocab import vocabulary


class Sample(Model, filled_by=FilledBy.TECHNOLOGIST, npi=FilledBy.SCHEDULE):
    """One field of each building block."""

    at: Instant | None = None
    """When."""
    day: Day | None = None
    """Day."""
    line: Line | None = None
    """Line."""
    detail: Detail | None = None
    """Detail."""
    slug: Slug | None = None
    """Slug."""
    identifier: Identifier | None = None
    """Identifier."""
    npi: Npi | None = None
    """Number."""
    icd: Icd10Code | None = None
    """Code."""
    side: Annotated[str, Code("sides", without=frozenset({"bilateral"}))] | None = None
    """Side."""


def kind(**fields: object) -> str:
    """The validator's kind of error for a value in a file, or an empty string."""
    try:
        Sample.model_validate_json(json.dumps(fields))
    except ValidationError as error:
        return error.errors()[0]["type"]
    return ""


class TestInstant:
    @pytest.mark.parametrize(
        "text",
        [
            *("2026-03-02T08:30:00-06:00", "2026-03-02T08:30:00Z", "2026-03-02T08:30:00.5+05:45"),
            *("1990-01-01T00:00:00Z", "2026-03-02T08:30:00.0000000-06:00", "2026-03-02T08:30:00.123456789Z"),
        ],
    )
    def test_a_time_with_seconds_and_offset_is_fine(self, text):
        """Every real zone has an offset like these."""
        assert kind(at=text) == ""

    @pytest.mark.parametrize(
        "value",
        [
            "1772461800",
            1772461800,
            1772461800.5,
            "2026-03-02",
            "2026-03-02T08:30Z",
            "2026-03-02 08:30:00Z",
            "2026-03-02t08:30:00z",
            "2026-03-02T08:30:00.Z",
            "08:30",
            "",
            True,
            [],
        ],
    )
    def test_other_forms_are_not_times(self, value):
        """What JSON Schema calls a date-time, and nothing else."""
        assert kind(at=value) == "not_an_instant"

    def test_of_a_fraction_microseconds_are_kept(self):
        """A clock may write seven digits or nine; what is left is cut off and not rounded up to another second."""
        read = Sample.model_validate_json('{"at": "2026-03-02T08:30:59.9999999Z"}').at
        assert read == datetime(2026, 3, 2, 8, 30, 59, 999999, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["2026-02-29T08:30:00Z", "2026-03-02T24:00:00Z", "2026-03-02T08:30:60Z"])
    def test_times_that_do_not_exist_are_refused(self, text):
        """The form alone is not enough."""
        assert kind(at=text) == "datetime_from_date_parsing"

    def test_a_time_without_offset_has_its_own_error(self):
        """The person is told to add the offset."""
        assert kind(at="2026-03-02T08:30:00") == "timezone_aware"

    @pytest.mark.parametrize(
        ("text", "expected"),
        [("0001-01-01T00:00:00+14:00", "greater_than_equal"), ("9999-12-31T23:59:59-12:00", "less_than_equal")],
    )
    def test_times_that_no_zone_can_hold_are_refused(self, text, expected):
        """Conversion to UTC would overflow."""
        assert expected == kind(at=text)

    def test_models_may_be_built_from_python_values(self):
        """Written forms are for files."""
        at = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
        made = Sample(at=at, day=date(2026, 3, 2))
        assert (at, date(2026, 3, 2)) == (made.at, made.day)

    def test_a_naive_python_time_is_refused(self):
        """Here too."""
        with pytest.raises(ValidationError, match="timezone"):
            Sample(at=datetime(2026, 3, 2, 8, 30))  # noqa: DTZ001


class TestDay:
    def test_a_date_is_fine(self):
        """Year, month, day."""
        assert kind(day="1961-05-20") == ""

    @pytest.mark.parametrize("value", ["1772409600", "20260302", "2026-3-2", "2026-03-02T00:00:00Z", "", 20260302])
    def test_other_forms_are_not_dates(self, value):
        """The validator core alone would read some of them."""
        assert kind(day=value) == "not_a_day"

    @pytest.mark.parametrize(
        ("text", "expected"), [("0001-01-01", "greater_than_equal"), ("2300-01-01", "less_than_equal")]
    )
    def test_absurd_years_are_refused(self, text, expected):
        """Nobody was born before 1880."""
        assert expected == kind(day=text)


class TestText:
    @pytest.mark.parametrize("text", ["x", " x ", "Zoë 王", "x" * 200])
    def test_a_line_of_text_is_fine(self, text):
        """Inner and outer blanks are kept as recorded."""
        assert kind(line=text) == ""

    @pytest.mark.parametrize("text", [" ", "\u00a0", "a\nb", "a\tb", "a\r", "\na"])
    def test_a_line_is_one_line_and_not_blank(self, text):
        """A second line could pass for another field on the page."""
        assert kind(line=text) == "string_pattern_mismatch"
        assert kind(identifier=text) == "string_pattern_mismatch"

    def test_a_detail_may_have_lines_but_is_not_blank(self):
        """A statement may be a list."""
        assert kind(detail="a\nb") == ""
        assert kind(detail="\n \t") == "string_pattern_mismatch"

    @pytest.mark.parametrize("text", ["", ".a", "a b", "a/b", "é", "a" * 61, "a\n"])
    def test_ids_are_safe_in_file_names(self, text):
        """Ids become part of the report's file name."""
        assert kind(slug=text) == "string_pattern_mismatch"

    @pytest.mark.parametrize("text", ["123456789", "12345678901", "123456789x", "١٢٣٤٥٦٧٨٩٠", "1234567890\n"])
    def test_a_provider_number_is_ten_ascii_digits(self, text):
        """Digits of other scripts would not match on a claim."""
        assert kind(npi=text) == "string_pattern_mismatch"

    @pytest.mark.parametrize("text", ["M48.061", "G20", "U07.1", "S14.3XXA", "C7A.00", "Z3A.20", "QA0.0101", "QA0"])
    def test_diagnosis_codes_of_every_chapter_are_fine(self, text):
        """Letters, digits, U codes, and those of April 2026 with a letter in second place."""
        assert kind(icd=text) == ""

    @pytest.mark.parametrize(
        ("text", "read"),
        [("M4802", "M48.02"), ("M48061", "M48.061"), ("QA00101", "QA0.0101"), ("S143XXA", "S14.3XXA"), ("G20", "G20")],
    )
    def test_a_diagnosis_code_may_lack_its_point(self, text, read):
        """Claims and many records write it without; it is read as with it."""
        assert Sample.model_validate_json(json.dumps({"icd": text})).icd == read

    @pytest.mark.parametrize(
        "text", ["48.061", "m48.061", "M48.", "M48.06123", "M4", "STENOSIS", "STROKE", "ABC.1", "M48-061", "M48..1", ""]
    )
    def test_no_word_is_a_diagnosis_code(self, text):
        """Nor one that is cut off, too long, in small letters or with another mark in the place of the point."""
        assert kind(icd=text) == "string_pattern_mismatch"

    @pytest.mark.parametrize("pattern", FORMS)
    def test_every_pattern_has_words(self, pattern):
        """A person is not shown a regular expression."""
        assert FORMS[pattern]
        assert "\\" not in FORMS[pattern]


class TestCode:
    def test_only_codes_of_the_vocabulary_are_taken(self):
        """Printed terms and other cases are not codes."""
        assert kind(side="left") == ""
        assert {"literal_error"} == {kind(side=text) for text in ("Left", "lt", "", "bilateral")}

    def test_the_schema_shows_the_closed_list(self):
        """Without what is left out in this place."""
        (listed, _) = Sample.model_json_schema()["properties"]["side"]["anyOf"]
        assert [code for code in vocabulary("sides").codes if code != "bilateral"] == listed["enum"]


class TestModel:
    def test_errors_do_not_show_the_input(self):
        """Not even the validator's own text, should it ever reach a log."""
        with pytest.raises(ValidationError, match="validation error") as caught:
            Sample.model_validate_json('{"line": 12345, "Zebulon": 1}')
        assert "12345" not in str(caught.value)

    @pytest.mark.parametrize("field", ["line", "slug"])
    def test_nothing_is_coerced(self, field):
        """A number is no text."""
        assert kind(**{field: 1}) == "string_type"


class TestFilledBy:
    def test_a_field_is_filled_by_whom_the_head_of_its_model_names(self):
        """One person for the fields of a model, another where a field is named."""
        assert Sample.filled_by["npi"] is FilledBy.SCHEDULE
        assert {person for name, person in Sample.filled_by.items() if name != "npi"} == {FilledBy.TECHNOLOGIST}
        assert list(Sample.filled_by) == list(Sample.model_fields)

    def test_a_head_that_names_no_field_is_a_mistake(self):
        """A renamed field cannot lose its person without a word."""
        with pytest.raises(TypeError, match="Wrong has no field nip"):
            type(Model)("Wrong", (Model,), {"__module__": __name__}, filled_by=FilledBy.SURGEON, nip=FilledBy.SCHEDULE)

    def test_a_head_that_names_nobody_is_a_mistake(self):
        """A new model cannot forget it."""
        with pytest.raises(TypeError, match="filled_by"):
            type(Model)("Silent", (Model,), {"__module__": __name__})
