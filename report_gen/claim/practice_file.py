"""Reads a practice's own TOML files, and tells everything wrong with them at once, without quoting them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from report_gen.errors import FileAccessError, Problem, ProfileError

__all__ = ["MAX_BYTES", "check_practice", "problem", "read_practice"]

MAX_BYTES: Final = 1_000_000
"""Largest file taken; a practice with 500 payers needs a quarter of it."""
_LONGEST_KEY: Final = 60
_PLAIN: Final = {
    "string_pattern_mismatch": "another form",
    "tuple_type": "a list",
    "model_type": "a table",
    "dict_type": "a table",
}
"""Own words for what the validator says in terms of Python or of patterns, by its kind of error."""
_M = TypeVar("_M", bound=BaseModel)


def problem(code: str, pointer: str, expected: str, action: str = "Correct it there.") -> Problem:
    """One thing wrong with a practice's file."""
    return Problem(f"profile.{code}", "error", pointer, expected, action)


def read_practice(path: Path, form: str) -> dict[str, Any]:
    """A practice's file as raw values, without its `format` line.

    Args:
        path: TOML file.
        form: What its `format` must say.

    Raises:
        FileAccessError: It cannot be read.
        ProfileError: It is too large, no TOML, or of another format.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "input/output error"
        raise FileAccessError("profile.unreadable", f"{str(path)!r} cannot be read: {reason}") from None
    if len(data) > MAX_BYTES:
        raise ProfileError(path.name, (problem("too_large", "", "at most 1 MB", "Split off what is not needed."),))
    try:
        raw = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ProfileError(path.name, (problem("not_toml", "", f"UTF-8 text in TOML{_line(error)}"),)) from None
    if raw.pop("format", None) != form:
        said = problem("format", "/format", f'format = "{form}"', "Write it as the first line.")
        raise ProfileError(path.name, (said,))
    return raw


def check_practice(raw: Mapping[str, Any], model: type[_M], rows: Mapping[str, type[BaseModel]], name: str) -> _M:
    """Raw values as a model.

    Args:
        raw: Values of a file.
        model: Model of the whole file.
        rows: Models of the rows, by the key of the list that holds them; to name the keys allowed there.
        name: What to call the file.

    Raises:
        ProfileError: With every problem found.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        found = []
        for row in error.errors(include_url=False, include_context=False, include_input=False):
            owner = rows.get(str(row["loc"][0]), model) if len(row["loc"]) > 1 else model
            found.append(_problem(row["type"], row["msg"], row["loc"], owner))
        raise ProfileError(name, tuple(found)) from None


def _problem(kind: str, message: str, place: tuple[int | str, ...], owner: type[BaseModel]) -> Problem:
    pointer = "".join(f"/{_shown(part)}" for part in place)
    if kind == "extra_forbidden":
        return problem("unknown_key", pointer, f"one of the keys {', '.join(owner.model_fields)}", "Correct the key.")
    if kind == "missing":
        return problem("missing_key", pointer, "this key", "Add it.")
    expected = _PLAIN.get(kind) or message.removeprefix("Value error, ").removeprefix("Input should be ")
    field = owner.model_fields.get(str(place[-1])) if place else None
    if field is None or field.description is None:
        return problem("invalid_value", pointer, expected)
    # A pattern alone tells a biller little; the field's own words stand beside it.
    return problem("invalid_value", pointer, f"{expected} ({' '.join(field.description.split()).rstrip('.')})")


def _shown(part: int | str) -> str:
    """A step of a pointer, with nothing in it that could disturb a terminal or fill it."""
    words = "".join(char if char.isprintable() else "?" for char in str(part)[:_LONGEST_KEY])
    return words.replace("~", "~0").replace("/", "~1")


def _line(error: Exception) -> str:
    """Line of a syntax error, which is all that is repeated of the parser's message."""
    _, found, rest = str(error).rpartition("(at line ")
    return f"; see line {rest.split(',')[0]}" if found else ""
