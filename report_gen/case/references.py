"""Ids and references: every id is unique, and every reference names an object of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from pydantic import BaseModel

from report_gen.case.contract.model import Case
from report_gen.case.open_choices import stated_times
from report_gen.errors import Problem

__all__ = ["reference_errors"]


def reference_errors(case: Case) -> Iterator[Problem]:
    """A problem for every id used twice and every reference to a missing object."""
    yield from _unique(case)
    yield from _dangling(_people(case), (person.id for person in case.people), "a person")
    yield from _dangling(_modalities(case), (record.modality for record in case.modalities), "a modality record")
    yield from _dangling(_channels(case), (channel.id for channel in case.channels), "a channel")
    yield from _dangling(
        ((f"/events/{index}/criterion", event.criterion) for index, event in enumerate(case.events)),
        (criterion.id for criterion in case.criteria),
        "a criterion",
    )
    for index, origin in enumerate(case.origins):
        if not _resolves(case, origin.pointer):
            yield Problem(
                "case.dangling_reference",
                "error",
                f"/origins/{index}/pointer",
                "the JSON pointer of a value or part of this file",
                "Correct the pointer, or leave the origin out.",
            )
    yield from _dangling(_events(case), (event.id for event in case.events), "an event")
    yield from _dangling(
        (
            (f"/postoperative_course/{index}/linked_case", entry.linked_case)
            for index, entry in enumerate(case.postoperative_course)
        ),
        (linked.case_id for linked in case.linked_cases if linked.case_id is not None),
        "a linked case",
    )


_Named = Iterable[tuple[str, str | None]]
"""Pointers with the id that stands there; None where none is given."""


def _dangling(named: _Named, ids: Iterable[str], kind: str) -> Iterator[Problem]:
    known = set(ids)
    for pointer, name in named:
        if name is not None and name not in known:
            yield Problem(
                "case.dangling_reference",
                "error",
                pointer,
                f"the id of {kind} in this file",
                f"Add {kind} with this id, or correct the reference.",
            )


def _unique(case: Case) -> Iterator[Problem]:
    ids = {
        "people": [person.id for person in case.people],
        "channels": [channel.id for channel in case.channels],
        "events": [event.id for event in case.events],
        "criteria": [criterion.id for criterion in case.criteria],
    }
    for name, values in ids.items():
        for index in _repeated(values):
            yield Problem(
                "case.duplicate_id",
                "error",
                f"/{name}/{index}/id",
                "an id used once in the list",
                "Give the second one another id.",
            )
    modalities = {
        "modalities": [record.modality for record in case.modalities],
        "indications": [indication.modality for indication in case.indications],
    }
    for name, values in modalities.items():
        for index in _repeated(values):
            yield Problem(
                "case.duplicate_id",
                "error",
                f"/{name}/{index}/modality",
                "each modality once",
                "Merge the two entries.",
            )


def _repeated(values: Iterable[str]) -> Iterator[int]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            yield index
        seen.add(value)


def _people(case: Case) -> _Named:
    return chain(
        _people_of_case(case), _people_of_monitoring(case), _people_of_events(case), _people_of_statements(case)
    )


def _people_of_case(case: Case) -> Iterator[tuple[str, str | None]]:
    if case.order is not None:
        yield "/order/ordered_by", case.order.ordered_by
    if case.opinion is not None:
        yield "/opinion/by", case.opinion.by
    yield "/report/signed_by", case.report.signed_by
    if case.log_signature is not None:
        yield "/log_signature/by", case.log_signature.by
    if case.preoperative.consent is not None:
        yield "/preoperative/consent/by", case.preoperative.consent.by
    for index, message in enumerate(case.communication.messages if case.communication else ()):
        yield f"/communication/messages/{index}/from_person", message.from_person
        yield f"/communication/messages/{index}/to_person", message.to_person


def _people_of_monitoring(case: Case) -> Iterator[tuple[str, str | None]]:
    for index, presence in enumerate(case.attendance):
        yield f"/attendance/{index}/person", presence.person
        yield f"/attendance/{index}/handed_over_to", presence.handed_over_to
    for index, session in enumerate(case.professional_sessions):
        yield f"/professional_sessions/{index}/person", session.person
        yield f"/professional_sessions/{index}/handed_over_to", session.handed_over_to
    for index, other in enumerate(case.other_case_sessions or ()):
        yield f"/other_case_sessions/{index}/person", other.person
    for index, modality in enumerate(case.modalities):
        if modality.baseline_review is not None:
            yield f"/modalities/{index}/baseline_review/by", modality.baseline_review.by
        for number, reset in enumerate(modality.baseline_resets):
            yield f"/modalities/{index}/baseline_resets/{number}/authorized_by", reset.authorized_by


def _people_of_events(case: Case) -> Iterator[tuple[str, str | None]]:
    for index, event in enumerate(case.events):
        place = f"/events/{index}"
        for number, notification in enumerate(event.notifications):
            yield f"{place}/notifications/{number}/by", notification.by
            yield f"{place}/notifications/{number}/to_person", notification.to_person
        if event.resolution is not None:
            yield f"{place}/resolution/assigned_by", event.resolution.assigned_by
        if event.suspected_cause is not None:
            yield f"{place}/suspected_cause/by", event.suspected_cause.by


def _people_of_statements(case: Case) -> Iterator[tuple[str, str | None]]:
    for index, event in enumerate(case.events):
        for number, cause in enumerate(event.stated_causes):
            yield f"/events/{index}/stated_causes/{number}/by", cause.by
    for name in ("postoperative_course", "answers", "origins"):
        for index, row in enumerate(getattr(case, name)):
            yield f"/{name}/{index}/by", row.by


def _events(case: Case) -> _Named:
    for index, message in enumerate(case.communication.messages if case.communication else ()):
        yield f"/communication/messages/{index}/event", message.event
    for index, done in enumerate(case.interventions):
        yield f"/interventions/{index}/in_response_to", done.in_response_to
    for pointer, when in stated_times(case):
        yield f"{pointer}/event", when.event


def _resolves(case: Case, pointer: str) -> bool:
    """Whether a pointer names a field of the case that has a value."""
    node: object = case
    if not pointer.startswith("/"):
        return False
    for part in pointer.split("/")[1:]:
        if isinstance(node, tuple) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        elif isinstance(node, BaseModel) and part in type(node).model_fields:
            node = getattr(node, part)
        else:
            return False
    return node is not None


def _modalities(case: Case) -> _Named:
    yield from ((f"/channels/{index}/modality", channel.modality) for index, channel in enumerate(case.channels))
    yield from ((f"/events/{index}/modality", event.modality) for index, event in enumerate(case.events))


def _channels(case: Case) -> _Named:
    for index, event in enumerate(case.events):
        place = f"/events/{index}"
        yield from ((f"{place}/channels/{number}", name) for number, name in enumerate(event.channels))
        yield from (
            (f"{place}/readings/{number}/channel", reading.channel) for number, reading in enumerate(event.readings)
        )
        for number, retest in enumerate(event.retests):
            for position, reading in enumerate(retest.readings):
                yield f"{place}/retests/{number}/readings/{position}/channel", reading.channel
