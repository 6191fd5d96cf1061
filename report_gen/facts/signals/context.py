"""Facts of what stands around an event: coincident steps, occurrences, exclusions, causes as stated, notes."""

from __future__ import annotations

from collections.abc import Callable

from report_gen.case.contract.events import Event, Occurrence, StatedCause
from report_gen.facts.builder import FactBuilder, term, terms, text
from report_gen.facts.model import Value
from report_gen.facts.row_ids import own_part
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["derive_context"]

_JOINTS = {"and": " and ", "or": " or ", "not_stated": "; "}
_OPEN = ("other", "undetermined")
"""Codes that name no cause; what a person says instead stands apart from them."""


def derive_context(b: FactBuilder, event: Event, pointer: str, *, group: str, signal: bool) -> None:
    """Add context, occurrences, exclusions, causes and note of an event.

    Args:
        b: Collector.
        event: The event.
        pointer: Its place in the case file.
        group: Group of its facts.
        signal: Whether a response got worse, so that a missing context is said to be missing.
    """
    told = event.context or event.context_note
    if told or (signal and not _told_elsewhere(event)):
        b.add(
            f"{group}.context",
            "event.context",
            f"{pointer}/context",
            [
                terms("text", "causes", event.context),
                b.words("note", event.context_note),
                _event(event) if told else None,
            ],
            group=group,
        )
    ids = b.row_ids(f"{group}.occurrence", event.occurrences)
    for index, occurrence in enumerate(event.occurrences):
        _occurrence(b, event, occurrence, ids[index], f"{pointer}/occurrences/{index}")
    if event.excluded:
        b.add(
            f"{group}.excluded",
            "event.excluded",
            f"{pointer}/excluded",
            [terms("text", "causes", event.excluded)],
            group=group,
        )
    _suspected(b, event, pointer, group)
    for index, cause in enumerate(event.stated_causes):
        fact_id = b.row_ids(f"{group}.stated_cause", event.stated_causes)[index]
        _stated(b, cause, fact_id, f"{pointer}/stated_causes/{index}", group)
    if event.note is not None:
        b.add(f"{group}.note", "event.note", f"{pointer}/note", [text("text", event.note)], group=group)


def _event(event: Event) -> Value:
    """The event that something stands around: the course names it where it tells of that apart from the event."""
    return Value("event", event.id, code=event.id)


def _told_elsewhere(event: Event) -> bool:
    """Whether the record says what went on at the event in another field."""
    return bool(event.occurrences or event.note or (event.when is not None and not event.when.previous_entry))


def _occurrence(b: FactBuilder, event: Event, occurrence: Occurrence, fact_id: str, pointer: str) -> None:
    side = occurrence.side
    b.add(
        fact_id,
        "event.occurrence",
        pointer,
        [
            term("text", "occurrences", occurrence.code, occurrence.code_other or ""),
            *b.moment(occurrence.at, occurrence.when),
            b.coded("level", "levels", occurrence.level),
            b.words("site", occurrence.site),
            b.words("detail", occurrence.detail),
            _event(event),
        ],
        group=f"event.{own_part(event.id)}",
        status=occurrence.code,
        side="" if side == "not_applicable" else side,
    )


def _suspected(b: FactBuilder, event: Event, pointer: str, group: str) -> None:
    cause = event.suspected_cause
    if cause is None:
        return
    b.add(
        f"{group}.cause",
        "event.cause",
        f"{pointer}/suspected_cause",
        [
            terms("text", "causes", cause.causes),
            *_named(cause.causes, joined),
            b.words("by", b.person_name(cause.by, beside_role=True)),
            b.coded("by_role", "roles", cause.by_role),
            b.words("statement", cause.statement),
        ],
        group=group,
        author="professional",
    )


def _stated(b: FactBuilder, cause: StatedCause, fact_id: str, pointer: str, group: str) -> None:
    b.add(
        fact_id,
        "event.stated_cause",
        pointer,
        [
            _as_joined(cause),
            *_named(cause.causes, _JOINTS[cause.joined_by].join),
            b.words("by", b.person_name(cause.by, beside_role=True)),
            b.coded("by_role", "roles", cause.by_role),
            b.words("statement", cause.statement),
            text("joined_by", cause.joined_by) if cause.joined_by != "not_stated" else None,
        ],
        group=group,
        status=cause.certainty,
        author="professional",
    )


def _as_joined(cause: StatedCause) -> Value | None:
    """The causes in the terms of the vocabulary, together or one of them as they are stated."""
    words = _JOINTS[cause.joined_by].join([vocabulary("causes").display(code) for code in cause.causes])
    return terms("text", "causes", cause.causes, words)


def _named(codes: tuple[str, ...], join: Callable[[list[str]], str]) -> list[Value | None]:
    """The causes that the codes name, and whether one of them says that the cause is undetermined."""
    named = [vocabulary("causes").display(code) for code in codes if code not in _OPEN]
    if named and "other" in codes:
        named.append("another cause")
    return [
        text("named", join(named)) if named else None,
        text("undetermined", vocabulary("causes").display("undetermined")) if "undetermined" in codes else None,
    ]
