"""Choices that a record leaves open: `other` has its words and only `other` has them, and a stated time is one time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, Protocol

from pydantic import BaseModel

from report_gen.case.contract.model import Case
from report_gen.case.contract.when import ANCHORS, When
from report_gen.errors import Problem

__all__ = ["open_choice_errors", "stated_times"]

_NAMED_OTHERWISE: Final = {"class_other": "resolution_class"}
_WORDS_BESIDE: Final = {"StatedCause": ("causes", "statement"), "SuspectedCause": ("causes", "statement")}
"""Models whose lists of codes may hold `other`, with the field that then has the words."""


def open_choice_errors(case: Case) -> Iterator[Problem]:
    """A problem for every `other` without words, every words without `other`, and every time that says two things."""
    for pointer, value in _places_with_choices(case):
        yield from _other_words(value, pointer)
    for pointer, when in stated_times(case):
        yield from _one_time(when, pointer)


def _places_with_choices(case: Case) -> Iterator[tuple[str, BaseModel]]:
    """Every value of a case that has a field for `other` in words, with its JSON pointer."""
    yield "/surgery", case.surgery
    for index, channel in enumerate(case.channels):
        yield f"/channels/{index}", channel
    for index, test in enumerate(case.threshold_tests):
        yield f"/threshold_tests/{index}", test
    for index, agent in enumerate(case.anesthesia.agents if case.anesthesia else ()):
        yield f"/anesthesia/agents/{index}", agent
    for index, done in enumerate(case.interventions):
        yield f"/interventions/{index}", done
    for index, entry in enumerate(case.postoperative_course):
        yield f"/postoperative_course/{index}", entry
    for index, event in enumerate(case.events):
        place = f"/events/{index}"
        yield place, event
        for name in ("interventions", "occurrences", "stated_causes"):
            yield from ((f"{place}/{name}/{row}", value) for row, value in enumerate(getattr(event, name)))
        if event.suspected_cause is not None:
            yield f"{place}/suspected_cause", event.suspected_cause
        if event.resolution is not None:
            yield f"{place}/resolution", event.resolution


def stated_times(case: Case) -> Iterator[tuple[str, When]]:
    """Every time of a case that is stated other than by the clock, with its JSON pointer."""
    for pointer, row in chain(_rows_of_case(case), _rows_of_events(case)):
        when: When | None = row.when
        if when is not None:
            yield f"{pointer}/when", when


class _Timed(Protocol):
    @property
    def when(self) -> When | None: ...


def _listed(pointer: str, rows: Iterable[_Timed]) -> Iterator[tuple[str, _Timed]]:
    return ((f"{pointer}/{index}", row) for index, row in enumerate(rows))


def _rows_of_case(case: Case) -> Iterator[tuple[str, _Timed]]:
    yield from _listed("/milestones", case.milestones)
    yield from _listed("/untimed_intervals", case.untimed_intervals)
    yield from _listed("/threshold_tests", case.threshold_tests)
    yield from _listed("/mapping_tests", case.mapping_tests)
    yield from _listed("/interventions", case.interventions)
    yield from _listed("/technical_problems", case.technical_problems)
    yield from _listed("/postoperative_course", case.postoperative_course)
    yield from _listed("/linked_cases", case.linked_cases)
    yield from _listed("/communication/messages", case.communication.messages if case.communication else ())
    for index, channel in enumerate(case.channels):
        yield from _listed(f"/channels/{index}/measurements", channel.measurements)
    if case.preoperative.examination is not None:
        yield "/preoperative/examination", case.preoperative.examination
    if case.postoperative_examination is not None:
        yield "/postoperative_examination", case.postoperative_examination


def _rows_of_events(case: Case) -> Iterator[tuple[str, _Timed]]:
    yield from _listed("/events", case.events)
    for index, event in enumerate(case.events):
        place = f"/events/{index}"
        yield from _listed(f"{place}/readings", event.readings)
        yield from _listed(f"{place}/occurrences", event.occurrences)
        yield from _listed(f"{place}/notifications", event.notifications)
        yield from _listed(f"{place}/interventions", event.interventions)
        yield from _listed(f"{place}/retests", event.retests)
        for number, retest in enumerate(event.retests):
            yield from _listed(f"{place}/retests/{number}/readings", retest.readings)
        if event.resolution is not None:
            yield f"{place}/resolution", event.resolution


def _other_words(value: BaseModel, pointer: str) -> Iterator[Problem]:
    for name in type(value).model_fields:
        if not name.endswith("_other"):
            continue
        coded = _NAMED_OTHERWISE.get(name, name.removesuffix("_other"))
        code, words = getattr(value, coded), getattr(value, name)
        further = coded == "direction" and "other" in getattr(value, "further_directions", ())
        if (code == "other" or further) and words is None:
            yield _words_missing(f"{pointer}/{name}")
        elif words is not None and code != "other" and not further:
            yield Problem(
                "case.words_without_other",
                "error",
                f"{pointer}/{name}",
                f"words only where `{coded}` is `other`",
                f"Set `{coded}` to `other`, or leave the words out.",
            )
    if (beside := _WORDS_BESIDE.get(type(value).__name__)) is not None:
        codes, words = getattr(value, beside[0]), getattr(value, beside[1])
        if "other" in codes and words is None:
            yield _words_missing(f"{pointer}/{beside[1]}")


def _words_missing(pointer: str) -> Problem:
    return Problem(
        "case.other_without_words",
        "error",
        pointer,
        "what it was, in words, because the code is `other`",
        "Add the words of the record, or choose the code that fits.",
    )


def _one_time(when: When, pointer: str) -> Iterator[Problem]:
    anchors = [name for name in ANCHORS if getattr(when, name)]
    if len(anchors) > 1:
        yield _time_problem(f"{pointer}/{anchors[1]}", "one thing that the time is relative to", "Keep one of them.")
    if (when.relation is None) != (not anchors):
        missing = (
            f"what it is relative to: one of {', '.join(ANCHORS)}" if not anchors else "before, at, during or after"
        )
        yield _time_problem(f"{pointer}/relation", missing, "Add it, or leave the relation out.")
    if (when.amount is None) != (when.unit is None) or (when.amount_to is not None and when.amount is None):
        yield _time_problem(f"{pointer}/amount", "an amount with its unit", "Add the one that is missing.")
    elif when.amount is not None and when.relation not in ("before", "after"):
        yield _time_problem(
            f"{pointer}/amount", "an amount only before or after something", "Say what it is counted from."
        )
    if when.amount is not None and when.amount_to is not None and when.amount_to < when.amount:
        yield _time_problem(f"{pointer}/amount_to", "an upper end of at least `amount`", "Correct the two ends.")
    if when == When():
        yield _time_problem(pointer, "something that is known of the time", "Leave `when` out if nothing is.")


def _time_problem(pointer: str, expected: str, action: str) -> Problem:
    return Problem("case.stated_time", "error", pointer, expected, action)
