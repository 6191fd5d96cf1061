"""What the facts of a passage state, in the propositions that sentences are read as.

Kinds of proposition, each with the values it may have:

- `change`: what; side, site, family of one response; level
- `began`, `noticed`, `last_unaffected`: at; `began_as`: kind; `noticed_after`: delay; `window`: length
- `criterion`: outcome, text
- `context`: step, that went on at the time, never as a cause (clinical.md §7.1 item 6); `context_note`: text
- `excluded`: cause; `note`: text
- `told`: to, to_name, by, by_name, at, delay or delay_before, counted_from, answer, answer_at, reply; also, where a
  sentence says that another was told before, which no fact states
- `act`: actor, done (words where no code fits), side, level, target, agent, dose, detail, at
- `reading`: at, that of the re-test; own_at, where it has another; side, site, family of the response; shows or
  of_baseline; note
- `retested`: at, where a re-test holds no reading
- `ended`: class, at; `classed`: by; `lasted`: length
- `reviewed`: modality, acceptance, by, at, note
- `missing`: what, that the record does not have; modality, of a review

Codes are those of the vocabularies; numbers, times and words are as printed. A value that the record does not have is
absent, or `not recorded` where the template says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from report_gen.draft.passages import Part, Unit
from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.guard.reader.meaning import Atom, Attributes, Proposition
from report_gen.guard.reader.terms import response_row

__all__ = ["UNSTATED", "propositions"]

UNSTATED: Final = "not recorded"
_READING_KINDS: Final = ("event.retest", "event.retest.reading", "event.retest.change")
_MISSING: Final[Mapping[str, str]] = {
    "event.context": "context",
    "event.notification": "notification",
    "event.intervention": "intervention",
    "event.retest": "retest",
    "event.resolution": "resolution",
    "modality.baseline_review": "review",
}
"""What is missing where a fact of a kind says that nothing is recorded."""
_OF_A_CHAIN: Final = (*_READING_KINDS, "event.notification", "event.notification.delay", "event.acknowledgement")
"""Kinds of which several facts make one proposition."""


def propositions(unit: Unit, facts: Facts) -> frozenset[Proposition]:
    """What a unit states.

    Args:
        unit: The unit; what it holds of each fact stands in its parts.
        facts: All facts of the case.

    Raises:
        KeyError: A fact is of a kind that no wording is read for.
    """
    chain = next((chain for chain in facts.events if chain.event.id == unit.about), None)
    parts = {part.fact: part for part in unit.parts}
    made: list[Proposition] = []
    if chain is not None:
        made.extend(_tellings(chain, parts))
        made.extend(_retests(chain, parts))
    for part in unit.parts:
        if part.kind in _MISSING and part.status == "not_recorded":
            made.append(
                Proposition("missing", _row(what=_MISSING[part.kind], modality=_reviewed_modality(part, facts)))
            )
        elif chain is None or part.kind not in _OF_A_CHAIN:
            made.extend(_MAKERS[part.kind](part, facts.by_id[part.fact], chain))
    return frozenset(made)


def _reviewed_modality(part: Part, facts: Facts) -> str:
    """Whose review is missing; empty: what is missing is no review."""
    return facts.by_id[part.fact].modality if part.kind == "modality.baseline_review" else ""


def _row(**values: Atom | None) -> Attributes:
    return frozenset((name, atom) for name, atom in values.items() if atom)


def _said(part: Part, name: str) -> str:
    """A value as the part has it: its text, or that the record does not have it; empty where it is not said."""
    if name in part.lacking:
        return UNSTATED
    return next((value.text for value in part.said if value.name == name), "")


def _coded(part: Part, fact: Fact, name: str) -> str:
    """The code of a value that the part says; its text where it has none."""
    text = _said(part, name)
    return (fact.code(name) or text) if text and text != UNSTATED else text


def _event(part: Part, fact: Fact, chain: EventChain | None) -> Iterator[Proposition]:
    what = _said(part, "what")
    if what:
        for response in _responses(fact, chain):
            yield Proposition("change", _row(what=what, level=_coded(part, fact, "level")) | response)
    if kind := _coded(part, fact, "onset_kind"):
        yield Proposition("began_as", _row(kind=kind))


def _responses(fact: Fact, chain: EventChain | None) -> list[Attributes]:
    """The responses of an event; where it names none, its modality and side as they are printed."""
    if chain is not None and chain.responses:
        return [response_row(channel) for channel in chain.responses]
    return [_row(responses=fact.text("responses"))]


def _onset(part: Part, fact: Fact, _: EventChain | None) -> Iterator[Proposition]:
    for name, says in (("onset_at", "began"), ("noticed_at", "noticed"), ("last_unaffected_at", "last_unaffected")):
        if at := _said(part, name):
            yield Proposition(says, _row(at=at))


def _noticed_after(part: Part, _fact: Fact, _chain: EventChain | None) -> Iterator[Proposition]:
    """A delay of none has no length to be said."""
    yield Proposition("noticed_after", _row(delay=_said(part, "delay_min") or "none"))


def _one(says: str, name: str, value: str) -> Callable[[Part, Fact, EventChain | None], Iterator[Proposition]]:
    """A maker for a kind that states one value, as printed."""

    def made(part: Part, _fact: Fact, _chain: EventChain | None) -> Iterator[Proposition]:
        if text := _said(part, value):
            yield Proposition(says, frozenset({(name, text)}))

    return made


def _criterion(part: Part, _fact: Fact, _chain: EventChain | None) -> Iterator[Proposition]:
    yield Proposition("criterion", _row(outcome=part.status, text=_said(part, "text")))


def _context(part: Part, fact: Fact, _: EventChain | None) -> Iterator[Proposition]:
    if _said(part, "text"):
        for code in _codes(fact, "text"):
            yield Proposition("context", _row(step=code))
    if note := _said(part, "note"):
        yield Proposition("context_note", _row(text=note))


def _excluded(part: Part, fact: Fact, _: EventChain | None) -> Iterator[Proposition]:
    for code in _codes(fact, "text"):
        yield Proposition("excluded", _row(cause=code))


def _codes(fact: Fact, name: str) -> Sequence[str]:
    return fact.codes(name) or [code for code in (fact.code(name),) if code]


def _tellings(chain: EventChain, parts: Mapping[str, Part]) -> Iterator[Proposition]:
    for row in chain.notifications:
        told = parts.get(row.fact.id)
        if told is None or told.status == "not_recorded":
            continue
        values: dict[str, Atom | None] = {
            "to": _coded(told, row.fact, "to"),
            "to_name": _said(told, "to_name"),
            "by": _coded(told, row.fact, "by"),
            "by_name": _said(told, "by_name"),
            "at": _said(told, "at"),
        }
        delay = parts.get(row.delay.id) if row.delay is not None else None
        if delay is not None:
            before = row.delay is not None and (row.delay.number("delay_min") or 0) < 0
            values["delay_before" if before else "delay"] = _said(delay, "delay_min") or "none"
            values["counted_from"] = delay.status
        answer = parts.get(row.acknowledgement.id)
        if answer is not None:
            values["answer"] = answer.status
            values["answer_at"] = _said(answer, "at")
            values["reply"] = _said(answer, "reply")
        yield Proposition("told", _row(**values))


def _retests(chain: EventChain, parts: Mapping[str, Part]) -> Iterator[Proposition]:
    if chain.no_retest is not None and chain.no_retest.id in parts:
        yield Proposition("missing", _row(what="retest"))
    for retest in chain.retests:
        part = parts.get(retest.fact.id)
        at = _said(part, "at") if part is not None else ""
        rows = [(reading, parts[reading.fact.id]) for reading in retest.readings if reading.fact.id in parts]
        for reading, said in rows:
            change = parts.get(reading.change.id) if reading.change is not None else None
            share = (
                next((value.text for value in change.said if "_pct_of_baseline" in value.name), "") if change else ""
            )
            own = reading.fact.text("at") if "at" in said.stated else ""
            note = _said(said, "description")
            values = _row(
                at=at or own, own_at=own if at else "", shows=_said(said, "text"), of_baseline=share, note=note
            )
            yield Proposition("reading", values | response_row(reading.channel))
        if part is not None and not rows and part.status != "not_recorded":
            yield Proposition("retested", _row(at=at))


def _act(part: Part, fact: Fact, _: EventChain | None) -> Iterator[Proposition]:
    other = fact.status == "other"
    yield Proposition(
        "act",
        _row(
            actor=_coded(part, fact, "actor"),
            done=None if other else part.status,
            words=_said(part, "done") if other else None,
            side={"both sides": "bilateral"}.get(_said(part, "side"), _said(part, "side")),
            level=_coded(part, fact, "level"),
            target=_said(part, "map_target_mmhg"),
            agent=_coded(part, fact, "agent"),
            dose=_said(part, "dose").replace(" %", "%"),  # as amounts are read, whether or not a space is there
            detail=_said(part, "detail"),
            at=_said(part, "at"),
        ),
    )


def _resolution(part: Part, _fact: Fact, _chain: EventChain | None) -> Iterator[Proposition]:
    values = {"class": part.status, "at": _said(part, "at")}
    yield Proposition("ended", frozenset((name, text) for name, text in values.items() if text))
    if by := _said(part, "assigned_by"):
        yield Proposition("classed", _row(by=by))


def _reviewed(part: Part, fact: Fact, _: EventChain | None) -> Iterator[Proposition]:
    yield Proposition(
        "reviewed",
        _row(
            modality=fact.modality,
            acceptance=_coded(part, fact, "acceptance"),
            by=_said(part, "by"),
            at=_said(part, "at"),
            note=_said(part, "note"),
        ),
    )


_Maker = Callable[[Part, Fact, "EventChain | None"], Iterable[Proposition]]
_MAKERS: Final[Mapping[str, _Maker]] = {
    "event": _event,
    "event.onset": _onset,
    "event.onset_window": _one("window", "length", "window_min"),
    "event.notice_delay": _noticed_after,
    "event.criterion": _criterion,
    "event.context": _context,
    "event.excluded": _excluded,
    "event.note": _one("note", "text", "text"),
    "event.intervention": _act,
    "event.resolution": _resolution,
    "event.duration": _one("lasted", "length", "duration_min"),
    "modality.baseline_review": _reviewed,
}
