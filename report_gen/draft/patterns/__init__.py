"""The sentences of the report as data: one JSON file a subject, each pattern with an example.

A pattern is read by the writer and, later, by the guard; what it prints and what it states are two views of one thing.
`report_gen.draft.pattern` has the notation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from report_gen.draft.pattern import Pattern, parse
from report_gen.errors import AssetError

__all__ = ["SUBJECTS", "PatternEntry", "entries", "pattern"]

SUBJECTS: Final = ("page_one", "course", "events", "supervision", "conditions", "record")
"""The files, one a room of the writer."""


class PatternEntry(NamedTuple):
    """One row of a file."""

    text: str
    """The pattern."""
    example: str
    """A sentence that it makes of an invented record."""


def pattern(name: str) -> Pattern:
    """A pattern by its name, such as `events.told`: subject, then the key in its file.

    Raises:
        KeyError: There is no such pattern.
        AssetError: The file is missing or damaged.
    """
    return _parsed(name)


@cache
def entries(subject: str) -> Mapping[str, PatternEntry]:
    """The rows of a subject by key.

    Raises:
        AssetError: The file is missing or damaged.
    """
    try:
        rows = json.loads(files(__name__).joinpath(f"{subject}.json").read_bytes())
        return {key: PatternEntry(row["text"], row["example"]) for key, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AssetError(
            "assets.patterns", f"the sentence patterns {subject}.json are missing or damaged; install report_gen again"
        ) from error


@cache
def _parsed(name: str) -> Pattern:
    subject, _, key = name.partition(".")
    try:
        return parse(entries(subject)[key].text)
    except ValueError as error:
        raise AssetError(
            "assets.patterns", f"the sentence pattern {name} is damaged; install report_gen again"
        ) from error
