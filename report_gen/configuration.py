"""Reads what a practice or an operator configures: strictly, every problem at once with its place, and never a value.

One reader for all such files: the claim profile, the code map, the model endpoint. A form is a pydantic model that
forbids unknown keys; its attribute docstrings explain a wrong value to the person who wrote it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from report_gen.errors import ConfigurationError, FileAccessError, Problem

__all__ = ["MAX_BYTES", "checked", "problem", "read_toml"]

MAX_BYTES: Final = 1_000_000
"""Largest file taken; a practice with 500 payers needs a quarter of it."""
_LONGEST_KEY: Final = 60
_PLAIN: Final = {
    "string_type": "text",
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
    "string_pattern_mismatch": "another form",
    "tuple_type": "a list",
    "model_type": "a table",
    "dict_type": "a table",
}
"""Plain words for the validator's errors, by kind, where its own speak of Python or of patterns."""
_M = TypeVar("_M", bound=BaseModel)


def problem(
    error: type[ConfigurationError], code: str, pointer: str, expected: str, action: str = "Correct it there."
) -> Problem:
    """One thing wrong with a configuration.

    Args:
        error: What will hold the problem; its topic stands before the code.
        code: Such as `unknown_key`.
        pointer: JSON pointer to the place; empty for the configuration as a whole.
        expected: What is asked for there.
        action: What to do.
    """
    return Problem(f"{error.topic}.{code}", "error", pointer, expected, action)


def read_toml(source: Path | bytes, error: type[ConfigurationError], *, name: str, form: str = "") -> dict[str, Any]:
    """A configuration as raw values.

    Args:
        source: TOML file, or its contents.
        error: What to raise when it is none.
        name: What to call it in a message.
        form: What its `format` line must say, which is then taken away. Empty: it needs none.

    Raises:
        FileAccessError: It cannot be read.
        ConfigurationError: As `error`: too large, no TOML, or of another format.
    """
    if not isinstance(source, bytes):
        try:
            with source.open("rb") as file:
                source = file.read(MAX_BYTES + 1)
        except OSError as failure:
            reason = failure.strerror or "input/output error"
            raise FileAccessError(
                f"{error.topic}.unreadable", f"{name} cannot be read: {reason}; check path and rights"
            ) from None
    if len(source) > MAX_BYTES:
        raise error(name, (problem(error, "too_large", "", "at most 1 MB", "Split off what is not needed."),))
    raw, line = _parsed(source)
    if raw is None:
        raise error(name, (problem(error, "not_toml", "", f"UTF-8 text in TOML{line}"),))
    if form and raw.pop("format", None) != form:
        raise error(name, (problem(error, "format", "/format", f'format = "{form}"', "Write it as the first line."),))
    return raw


def _parsed(data: bytes) -> tuple[dict[str, Any] | None, str]:
    """The values, or None and where the text is wrong: all that is repeated of the parser's message."""
    try:
        return tomllib.loads(data.decode("utf-8")), ""
    except (ValueError, RecursionError) as failure:
        _, marker, rest = str(failure).rpartition("(at line ")
        return None, f"; see line {rest.split(',')[0]}" if marker else ""


def checked(raw: Mapping[str, Any], model: type[_M], error: type[ConfigurationError], *, name: str) -> _M:
    """Raw values as a model.

    Args:
        raw: Values of a configuration.
        model: Model of the whole.
        error: What to raise when it is not kept.
        name: What to call the configuration.

    Raises:
        ConfigurationError: As `error`, with every problem found.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as failure:
        problems = tuple(
            _problem(error, detail["type"], detail["msg"], detail["loc"], model)
            for detail in failure.errors(include_url=False, include_context=False, include_input=False)
        )
    # Outside of the handler: nobody who logs the error's context then logs the values.
    raise error(name, problems)


def _problem(
    error: type[ConfigurationError], kind: str, message: str, place: tuple[int | str, ...], model: type[BaseModel]
) -> Problem:
    pointer = "".join(f"/{_shown(part)}" for part in place)
    owner = _owner(model, place[:-1])
    if kind == "extra_forbidden":
        return problem(
            error, "unknown_key", pointer, f"one of the keys {', '.join(owner.model_fields)}", "Correct the key."
        )
    if kind == "missing":
        asked = owner.model_fields[str(place[-1])].description
        words = f" ({' '.join(asked.split()).rstrip('.')})" if asked else ""
        return problem(error, "missing_key", pointer, f"this key{words}", "Add it.")
    expected = _PLAIN.get(kind) or message.removeprefix("Value error, ").removeprefix("Input should be ")
    field = owner.model_fields.get(str(place[-1])) if place else None
    if field is None or field.description is None:
        return problem(error, "invalid_value", pointer, expected)
    # A pattern alone tells its reader little; the field's own words stand beside it.
    return problem(error, "invalid_value", pointer, f"{expected} ({' '.join(field.description.split()).rstrip('.')})")


def _owner(model: type[BaseModel], place: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that stands at a place, or the last one above it."""
    for part in place:
        field = model.model_fields.get(str(part))
        model = next(_models(field.annotation), model) if field is not None else model
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _shown(part: int | str) -> str:
    """A step of a pointer, with nothing in it that could disturb a terminal or fill it."""
    words = "".join(char if char.isprintable() else "?" for char in str(part)[:_LONGEST_KEY])
    return words.replace("~", "~0").replace("/", "~1")
