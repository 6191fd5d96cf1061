"""What a wording of the course must and may say, by kind of fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from report_gen.draft.passages import Part
from report_gen.guard.expectation import TIME_WORDS, Expectation, plain

__all__ = ["COURSE_RULES"]

_PART_RECORDED: Final = (
    r"(?:^|[;.])(?:(?!\b(?:not|no|nor|neither|without)\b)[^;.])*\b(?:recorded|documented)\b(?! (?:neither|no))"
)
"""A part of a sentence that says something is recorded, where nothing is."""


def _review(expected: Expectation, part: Part) -> None:
    expected.licensed |= {"made", "again", "give", "other"}
    expected.licensed |= {"review", "accept", "each", "both"} if part.status != "not_recorded" else {"review"}
    expected.concepts.add("baseline")
    if part.status == "not_recorded":
        if frozenset({"review"}) not in expected.absent:
            expected.absent.append(frozenset({"review"}))
            expected.barred.append(_PART_RECORDED)
        else:
            expected.denials += 1
    elif not any(value.name == "at" for value in part.said) and TIME_WORDS not in expected.absent:
        expected.absent.append(TIME_WORDS)
    plain(expected, part)


COURSE_RULES: Final[Mapping[str, Callable[[Expectation, Part], None]]] = {"modality.baseline_review": _review}
"""Rules by kind of fact."""
