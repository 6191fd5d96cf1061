"""Bytes to a case, strictly and completely: every problem at once, none of them echoing the file."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from report_gen.case.limits import hard_errors
from report_gen.case.model import Case
from report_gen.case.raw import MAX_BYTES, escape_pointer, read_raw
from report_gen.case.references import reference_errors
from report_gen.errors import CaseInvalidError, FileAccessError, Problem

__all__ = ["KNOWN_ERROR_TYPES", "load_case"]

_FORM = "Correct the field, or leave it out if it was not recorded and may be absent."

# Our code and advice for each kind of error the contract's validator can raise.
KNOWN_ERROR_TYPES: dict[str, tuple[str, str]] = {
    "missing": ("case.missing_field", "Add the field."),
    "extra_forbidden": ("case.unknown_key", "Remove the key, or spell it as the contract does."),
    "literal_error": ("case.not_in_vocabulary", "Choose one of the listed codes."),
    "string_type": ("case.wrong_type", _FORM),
    "int_type": ("case.wrong_type", _FORM),
    "int_from_float": ("case.wrong_type", _FORM),
    "float_type": ("case.wrong_type", _FORM),
    "bool_type": ("case.wrong_type", _FORM),
    "tuple_type": ("case.wrong_type", _FORM),
    "model_type": ("case.wrong_type", _FORM),
    "model_attributes_type": ("case.wrong_type", _FORM),
    "datetime_type": ("case.not_a_time", "Enter date, time and UTC offset."),
    "datetime_parsing": ("case.not_a_time", "Enter date, time and UTC offset."),
    "datetime_from_date_parsing": ("case.not_a_time", "Enter date, time and UTC offset."),
    "datetime_object_invalid": ("case.not_a_time", "Enter date, time and UTC offset."),
    "timezone_aware": ("case.naive_time", "Add the UTC offset that the clock had, for example -06:00."),
    "timezone_offset": ("case.naive_time", "Add the UTC offset that the clock had, for example -06:00."),
    "date_type": ("case.not_a_date", "Enter the date."),
    "date_parsing": ("case.not_a_date", "Enter the date."),
    "date_from_datetime_parsing": ("case.not_a_date", "Enter the date."),
    "date_from_datetime_inexact": ("case.not_a_date", "Enter the date without a time."),
    "string_too_long": ("case.too_long", "Shorten the text."),
    "string_too_short": ("case.too_short", "Enter the text, or leave the field out."),
    "string_pattern_mismatch": ("case.pattern", "Write the value in the form expected."),
    "string_unicode": ("case.lone_surrogate", "Export the file again; a character was cut in half."),
    "too_long": ("case.too_many_items", "Split or shorten the list."),
    "too_short": ("case.too_few_items", "Add what is missing."),
    "greater_than_equal": ("case.out_of_range", _FORM),
    "greater_than": ("case.out_of_range", _FORM),
    "less_than_equal": ("case.out_of_range", _FORM),
    "less_than": ("case.out_of_range", _FORM),
    "finite_number": ("case.not_finite", _FORM),
    "int_parsing_size": ("case.not_finite", _FORM),
}
_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number, without quotes",
    "int_from_float": "a whole number",
    "float_type": "a number, without quotes",
    "bool_type": "true or false, without quotes",
    "tuple_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "extra_forbidden": "only the keys of the contract",
    "missing": "this field",
    "timezone_aware": "a time with its UTC offset, such as 2026-02-11T09:20:00-06:00",
    "timezone_offset": "a time with its UTC offset, such as 2026-02-11T09:20:00-06:00",
    "finite_number": "a finite number",
    "int_parsing_size": "a number of sensible size",
    "string_unicode": "whole characters",
}


def load_case(source: bytes | str | os.PathLike[str]) -> Case:
    """A case that keeps the contract, or every reason why it does not.

    Args:
        source: The file's content as bytes, or the path of the file.

    Raises:
        CaseInvalidError: The content breaks the contract; holds all problems in document order.
        FileAccessError: The file cannot be read.
    """
    data = source if isinstance(source, bytes) else _read(Path(source))
    raw = read_raw(data)
    problems = list(raw.problems)
    try:
        case = Case.model_validate_json(raw.data)
    except ValidationError as error:
        seen = {problem.pointer for problem in problems if problem.pointer}
        for details in error.errors(include_url=False, include_input=False, include_context=True):
            problem = _translate(details)
            if problem.pointer not in seen or problem.code == "case.unknown_key":
                problems.append(problem)
    else:
        problems.extend(reference_errors(case))
        problems.extend(hard_errors(case))
        if not problems:
            return case
    raise CaseInvalidError(_in_document_order(problems, raw.tree))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileAccessError(
            "case.unreadable", f"the case file cannot be read: {error.strerror or 'input/output error'}"
        ) from None


def _translate(details: ErrorDetails) -> Problem:
    kind, place = details["type"], details["loc"]
    code, action = KNOWN_ERROR_TYPES.get(kind, ("case.not_valid", _FORM))
    # The text of an unknown key may be anything, a patient's name included; its parent is place enough.
    shown = place[:-1] if kind == "extra_forbidden" else place
    pointer = "".join(f"/{escape_pointer(str(part))}" for part in shown)
    return Problem(code, "error", pointer, _expected(kind, details.get("ctx") or {}, shown), action)


def _expected(kind: str, context: dict[str, Any], place: Sequence[object]) -> str:
    if kind == "literal_error":
        codes = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        more = f" ({len(codes)} in all; see `report-gen schema`)" if len(codes) > 12 else ""
        return f"one of {', '.join(codes[:12])}{more}"
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        sign = {
            "greater_than_equal": ("ge", "at least"),
            "less_than_equal": ("le", "at most"),
            "greater_than": ("gt", "more than"),
            "less_than": ("lt", "less than"),
        }[kind]
        return f"{sign[1]} {context.get(sign[0])}"
    if kind == "string_too_long":
        return f"at most {context.get('max_length')} characters"
    if kind == "too_long":
        return f"at most {context.get('max_length')} items"
    if kind in ("too_short", "string_too_short"):
        return f"at least {context.get('min_length')}"
    if kind == "string_pattern_mismatch":
        return f"the form {context.get('pattern')}"
    if kind.startswith("datetime"):
        return "a time such as 2026-02-11T09:20:00-06:00"
    if kind.startswith("date"):
        return "a date such as 2026-02-11"
    return _EXPECTED.get(kind, "a value of the contract's type")


def _in_document_order(problems: Sequence[Problem], tree: object) -> tuple[Problem, ...]:
    """Problems by where they stand in the file; a missing field stands where its parent does."""
    order: dict[str, int] = {}
    stack: list[tuple[object, str]] = [(tree, "")]
    while stack:
        node, pointer = stack.pop()
        order[pointer] = len(order)
        children = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        stack.extend((value, f"{pointer}/{escape_pointer(str(key))}") for key, value in reversed(children))

    def place(problem: Problem) -> tuple[int, str, str]:
        pointer = problem.pointer
        while pointer and pointer not in order:
            pointer = pointer.rpartition("/")[0]
        return (order.get(pointer, 0), problem.pointer, problem.code)

    return tuple(sorted(dict.fromkeys(problems), key=place))
