"""Translates errors of the validator into problems: stable code, place, expectation, advice; never a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from report_gen.case.contract.base import FORMS
from report_gen.case.near import (
    keys_like,
    may_be_shown,
    meant_codes,
    meant_elsewhere,
    places_of_key,
    unit_of_key,
    vocabularies_of,
)
from report_gen.case.raw import escape_pointer
from report_gen.errors import Problem

__all__ = ["KNOWN_ERROR_TYPES", "in_document_order", "only_follows", "translate"]

_FORM = "Correct the field, or leave it out if it was not recorded and may be absent."
_ENTER_TIME = "Enter date, time with seconds, and UTC offset."
_ADD_OFFSET = "Add the UTC offset that the clock had, for example -06:00."
_SHOWN_CODES = 12

# Our code and advice for each kind of error that the contract's validator can raise.
KNOWN_ERROR_TYPES: dict[str, tuple[str, str]] = {
    "missing": ("case.missing_field", "Add the field."),
    "extra_forbidden": ("case.unknown_key", "Remove the key, or spell it as the contract does."),
    "literal_error": ("case.not_in_vocabulary", "Choose one of the listed codes."),
    "string_type": ("case.wrong_type", _FORM),
    "int_type": ("case.wrong_type", _FORM),
    "float_type": ("case.wrong_type", _FORM),
    "bool_type": ("case.wrong_type", _FORM),
    "tuple_type": ("case.wrong_type", _FORM),
    "model_type": ("case.wrong_type", _FORM),
    "not_an_instant": ("case.not_a_time", _ENTER_TIME),
    "datetime_parsing": ("case.not_a_time", _ENTER_TIME),
    "datetime_from_date_parsing": ("case.not_a_time", _ENTER_TIME),
    "timezone_aware": ("case.naive_time", _ADD_OFFSET),
    "not_a_day": ("case.not_a_date", "Enter the date."),
    "date_parsing": ("case.not_a_date", "Enter the date."),
    "date_from_datetime_parsing": ("case.not_a_date", "Enter the date."),
    "string_too_long": ("case.too_long", "Shorten the text."),
    "string_too_short": ("case.too_short", "Enter the text, or leave the field out."),
    "string_pattern_mismatch": ("case.pattern", "Write the value in the form expected."),
    "too_long": ("case.too_many_items", "Split or shorten the list."),
    "too_short": ("case.too_few_items", "Add what is missing."),
    "greater_than_equal": ("case.out_of_range", _FORM),
    "less_than_equal": ("case.out_of_range", _FORM),
}
_TIME = "a time with seconds and UTC offset, such as 2026-02-11T09:20:00-06:00"
_DATE = "a date such as 2026-02-11"
_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number, without quotes",
    "float_type": "a number, without quotes",
    "bool_type": "true or false, without quotes",
    "tuple_type": "a list",
    "model_type": "an object",
    "missing": "this field",
    "not_an_instant": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
    "not_a_day": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
}


def translate(details: ErrorDetails, tree: dict[str, Any]) -> Problem:
    """The problem that stands for one error of the validator.

    Args:
        details: The error, without its input.
        tree: The file as read, to say where in an object an unknown key stands.
    """
    kind, place = details["type"], details["loc"]
    code, action = KNOWN_ERROR_TYPES.get(kind, ("case.not_valid", _FORM))
    # The text of an unknown key may be anything, a patient's name included; its parent is place enough.
    shown = place[:-1] if kind == "extra_forbidden" else place
    pointer = "".join(f"/{escape_pointer(str(part))}" for part in shown)
    if pointer == "/schema_version" and kind == "literal_error":
        return Problem(
            "case.unknown_version",
            "error",
            pointer,
            str(_context(details).get("expected", "")).strip("'"),
            "Convert the file to this version of the contract, or use the release of this program that reads it.",
        )
    if kind == "extra_forbidden":
        expected, action = _unknown_key(tree, place)
    elif kind == "literal_error":
        expected, action = _unknown_code(_look_up(tree, place), place, _listed(_context(details)))
    else:
        expected = _expected(kind, _context(details))
    return Problem(code, "error", pointer, expected, action)


def only_follows(details: ErrorDetails, tree: dict[str, Any]) -> bool:
    """Whether a list is reported as too short only because items in it are wrong; these have errors of their own."""
    if details["type"] != "too_short":
        return False
    return len(_look_up(tree, details["loc"])) >= int(_context(details)["min_length"])


def _context(details: ErrorDetails) -> dict[str, Any]:
    return details.get("ctx") or {}


def _look_up(tree: Any, place: Sequence[int | str]) -> Any:
    node = tree
    for part in place:
        node = node[part]
    return node


def _unknown_key(tree: dict[str, Any], place: Sequence[int | str]) -> tuple[str, str]:
    """What is wrong with a key, which is repeated only in the contract's own words, and the key that may be meant."""
    key, holder = str(place[-1]), place[:-1]
    number = list(_look_up(tree, holder)).index(place[-1]) + 1
    shown = f"`{key}`, " if may_be_shown(key) else ""
    like = keys_like(key, holder)
    units = {unit_of_key(name, holder) for name in like}
    in_unit = f", with its value in {unit}" if len(units) == 1 and (unit := units.pop()) else ""
    if like:
        action = f"Spell the key as the contract does; {_or(like)} may be meant{in_unit}. Otherwise remove it."
    elif places := places_of_key(key):
        action = f"Move the key to where the contract has it: {_or(places)}. Otherwise remove it."
    else:
        action = KNOWN_ERROR_TYPES["extra_forbidden"][1]
    return f"only keys of the contract; {shown}key {number} of this object{',' if shown else ''} is not one", action


def _unknown_code(value: object, place: Sequence[int | str], allowed: Sequence[str]) -> tuple[str, str]:
    """The codes that may stand at a place, and those that may be meant, there or beside it."""
    names = vocabularies_of(place)
    action = KNOWN_ERROR_TYPES["literal_error"][1]
    beside = " or ".join(f"`{code}` as `{key}`" for key, code in meant_elsewhere(value, place))
    meant = _or(meant_codes(value, allowed, names, exactly=True)) or beside or _or(meant_codes(value, allowed, names))
    if meant:
        action = f"{action.removesuffix('.')}; {meant} may be meant."
    listing = f"`report-gen vocab {names[0]}`" if names else "`report-gen schema`"
    more = f" ({len(allowed)} in all; see {listing})" if len(allowed) > _SHOWN_CODES else ""
    return f"one of {', '.join(allowed[:_SHOWN_CODES])}{more}", action


def _or(names: Sequence[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def _listed(context: dict[str, Any]) -> list[str]:
    return re.findall(r"'([^']*)'", str(context.get("expected", "")))


_WORDED: dict[str, Callable[[dict[str, Any]], str]] = {
    "greater_than_equal": lambda context: f"at least {context.get('ge')}",
    "less_than_equal": lambda context: f"at most {context.get('le')}",
    "string_too_long": lambda context: f"at most {context.get('max_length')} characters",
    "string_too_short": lambda context: f"at least {context.get('min_length')} character",
    "too_long": lambda context: f"at most {context.get('max_length')} items",
    "too_short": lambda context: f"at least {context.get('min_length')} item",
    "string_pattern_mismatch": lambda context: FORMS.get(str(context.get("pattern")), "the form of the contract"),
}


def _expected(kind: str, context: dict[str, Any]) -> str:
    wording = _WORDED.get(kind)
    return wording(context) if wording is not None else _EXPECTED.get(kind, "a value of the contract's type")


def in_document_order(problems: Iterable[Problem], tree: dict[str, Any]) -> tuple[Problem, ...]:
    """Problems without repetition, by where they stand in the file; a missing field stands where its parent does."""
    positions: dict[int, dict[str, int]] = {}

    def place(problem: Problem) -> tuple[int, ...]:
        node: Any = tree
        path: list[int] = []
        for token in problem.pointer.split("/")[1:]:
            if isinstance(node, dict):
                # Contract keys hold no character that a pointer escapes.
                known = positions.setdefault(id(node), {key: index for index, key in enumerate(node)})
                if token not in known:
                    break
                path.append(known[token])
                node = node[token]
            elif isinstance(node, list) and token.isdecimal() and int(token) < len(node):
                path.append(int(token))
                node = node[int(token)]
            else:
                break
        return tuple(path)

    return tuple(sorted(dict.fromkeys(problems), key=place))
