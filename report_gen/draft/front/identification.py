"""Who was operated on for what, who monitored it and when: about five lines, and the rest for the technical record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from report_gen.document.blocks import KeyValue, KeyValues, Paragraph, Section
from report_gen.draft.course import nothing_monitored
from report_gen.draft.model import Block, Sentence
from report_gen.draft.sentences import say
from report_gen.draft.words import Noted
from report_gen.facts.model import Fact, Facts
from report_gen.facts.wording import NOT_RECORDED, joined
from report_gen.vocab import places_in_team, vocabulary

__all__ = ["further_identification", "identification"]


_ELSEWHERE: Final = ("md", "do", "phd", "aud", "state_medical_license")
"""Credentials that the name bears as a degree, or that stand with the signature."""


def identification(facts: Facts) -> Section[Block]:
    """Operation, team, times and modalities; the running head names patient, encounter, date and facility."""
    # Each stands in the same place of every report: the operation across, then pairs.
    people = [_people(facts, place) for place in places_in_team()]
    items = [_diagnoses(facts), *people, _monitored(facts), _age_and_sex(facts), *_modalities(facts)]
    blocks: list[Block] = [KeyValues((_procedure(facts),), columns=1), KeyValues(tuple(items), columns=2)]
    if (amends := facts.get("case.amends")) is not None:
        blocks.append(Paragraph((say("page_one.amends", amends=amends),)))
    return Section("identification", "Intraoperative neurophysiological monitoring report", tuple(blocks), role="title")


def further_identification(facts: Facts) -> Section[Block]:
    """What the first page leaves out: place, approach, order, clock, and the notes on the record itself."""
    facility, order = facts.by_id["encounter.facility"], facts.by_id["order"]
    room, levels = facility.text("operating_room"), facts.get("surgery.levels")
    items = [
        _labelled("Patient", [facts.get("patient.name")], _name(facts)),
        _labelled("Encounter", [facts.get("patient.encounter")]),
        _labelled("Facility", [facility], facility.text("text", NOT_RECORDED) + (f", {room}" if room else "")),
        _labelled("Place of service", [facts.get("encounter.place_of_service")]),
        _labelled("Side of surgery", [facts.get("surgery.side")]),
        *([_labelled("Levels", [levels])] if levels is not None and levels.flag("in_procedure") else []),
        _labelled("Approach", [facts.get("surgery.approach")]),
        _labelled(
            "Case",
            [facts.get("case.id"), facts.get("case.version")],
            f"{facts.by_id['case.id'].text('text')}, version {facts.by_id['case.version'].text('version')}",
        ),
        _times(facts),
    ]
    if order.text("document"):
        items.append(_labelled("Order document", [order], order.text("document")))
    blocks: list[Block] = [KeyValues(tuple(items), columns=2)]
    more: list[Sentence] = []
    if (outcome := facts.get("surgery.outcome")) is not None:
        more.append(say("page_one.outcome", outcome=outcome))
    if (arrest := facts.get("surgery.circulatory_arrest")) is not None:
        more.append(say("page_one.circulatory_arrest", arrest=arrest))
    more.extend(say("page_one.linked_case", linked=fact, monitored=_was_monitored(fact)) for fact in _linked(facts))
    more.extend(
        say("page_one.offset" if fact.number("count") == 1 else "page_one.offsets", offsets=fact)
        for fact in facts.of_kind("case.offsets")
    )
    if (note := facts.get("case.record_note")) is not None:
        more.append(say("page_one.record_note", note=note))
    if more:
        blocks.append(Paragraph(tuple(more)))
    return Section("further_identification", "Identification, further details", tuple(blocks), part="record")


def _name(facts: Facts) -> str:
    fact = facts.by_id["patient.name"]
    latin, own = fact.text("latin"), fact.text("text")
    return " ".join((latin, f"({own})")) if latin and own else latin or own


def _linked(facts: Facts) -> tuple[Fact, ...]:
    return facts.of_kind("linked_case")


def _was_monitored(fact: Fact) -> str | None:
    if not fact.text("monitored"):
        return None
    return Noted(fact).says("monitored", "monitored" if fact.number("monitored") else "not monitored")


def _procedure(facts: Facts) -> KeyValue:
    """The operation with levels that it does not name, its side where it has one, and how it came out otherwise."""
    procedure, side = facts.by_id["surgery.procedure"], facts.by_id["surgery.side"]
    levels, outcome = facts.get("surgery.levels"), facts.get("surgery.outcome")
    parts = [procedure.text("text", NOT_RECORDED)]
    if levels is not None and not levels.flag("in_procedure"):
        parts.append(levels.text("text"))
    if side.code("text") != "not_applicable":
        words = side.text("text")
        parts.append(words if words.startswith("side ") else f"side: {words}")
    if outcome is not None:
        planned = f"planned: {outcome.text('planned')}" if outcome.text("planned") else ""
        reason = f"\u201c{outcome.text('reason')}\u201d" if outcome.text("reason") else ""
        parts.append(", ".join(part for part in (outcome.text("text"), planned, reason) if part))
    return _labelled("Procedure", [procedure, levels, side, outcome], "; ".join(part for part in parts if part))


def _diagnoses(facts: Facts) -> KeyValue:
    """Each diagnosis with its code and severity; its side where the words do not name one."""
    diagnoses, after = facts.of_kind("diagnosis"), facts.get("surgery.postoperative_diagnosis")
    words: list[str] = []
    for fact in diagnoses:
        named = fact.side in ("left", "right", "bilateral") and fact.side not in fact.words("text").lower()
        extras = (fact.side if named else "", fact.text("icd10cm"), fact.text("severity"))
        kept = ", ".join(part for part in extras if part)
        words.append(f"{fact.text('text')}{f' ({kept})' if kept else ''}")
    if after is not None:
        words.append(f"after surgery: {after.text('text')}")
    return _labelled("Diagnosis", [*diagnoses, after], "; ".join(words))


def _people(facts: Facts, place: str) -> KeyValue:
    """The people who hold a place in the team, with their credentials; the professional with the mode of attention."""
    roles, label = vocabulary("roles"), place.capitalize()
    people = [fact for fact in facts.of_kind("person") if roles[fact.status].place == place]
    main = next((code for code, role in roles.entries.items() if role.place == place), "")
    if not people:
        return KeyValue(label, NOT_RECORDED, ("people.missing",) if facts.get("people.missing") else ())
    sessions = facts.of_kind("session")
    cited: list[Fact | None] = [*people]
    words: list[str] = []
    for person in people:
        held = facts.in_group(person.id, "person.credential")
        own = [session for session in sessions if person.id in session.inputs]
        modes = dict.fromkeys(session.text("mode") for session in own)
        shown = [fact for fact in held if fact.status not in _ELSEWHERE]
        extras = [", ".join(dict.fromkeys(fact.text("name") for fact in shown)), "; also ".join(modes)]
        if own and len(people) == 1 and (others := facts.get("professional.other_cases")) is not None:
            extras.append(_others(others))
            cited.append(others)
        kept = "; ".join(part for part in extras if part)
        if not kept and person.status != main:
            kept = person.text("role")
        words.append(f"{person.text('name', 'name not recorded')}{f' ({kept})' if kept else ''}")
        cited += [*shown, *own]
    return _labelled(label, cited, "; ".join(words))


def _others(fact: Fact) -> str:
    """The most other cases that were open at once; the supervision has the times. Empty: the record does not say."""
    if fact.status == "not_recorded":
        return ""
    if not fact.number("cases"):
        return "no other case open"
    told = fact.text("most_at_once")
    return f"at most {told} other {'case' if told == '1' else 'cases'} open at once"


def _age_and_sex(facts: Facts) -> KeyValue:
    age, sex = facts.by_id["patient.age"], facts.by_id["patient.sex"]
    return _labelled("Age and sex", [age, sex], f"{age.text('age_years') or NOT_RECORDED}, {sex.text('text')}")


def _monitored(facts: Facts) -> KeyValue:
    """From when to when, in which position, in which time zone; whose clock it was stands in the technical record."""
    minutes, zone = (facts.by_id[name] for name in ("minutes.monitoring", "encounter.time_zone"))
    position = facts.get("surgery.position")
    if nothing_monitored(facts):
        words = "nothing was monitored"
    elif minutes.status == "not_recorded":
        words = "times not recorded"
    else:
        words = f"{minutes.text('start_at')} to {minutes.text('end_at')} ({minutes.text('monitored_min')})"
    parts = [words]
    if position is not None and position.status != "not_recorded":
        parts.append(position.text("text"))
    else:
        parts.append("position not recorded")
    parts.append(zone.text("text") if zone.status != "not_recorded" else "time zone not recorded")
    return _labelled("Monitoring", [minutes, position, zone], "; ".join(parts))


def _times(facts: Facts) -> KeyValue:
    """The clock that was read, the zone it is printed in, and how to tell the day and the hour of a time."""
    clock, zone, more = facts.by_id["case.clock"], facts.by_id["encounter.time_zone"], facts.get("case.time_notes")
    if zone.status != "not_recorded":
        read = zone.text("text")
    elif any(value.at is not None for fact in facts for value in fact.values):
        read = "as stamped: the time zone is not recorded"
    else:
        read = "no time by the clock is recorded"
    words = [f"{clock.text('text')}, {read}"]
    if more is not None:
        words += [value.text for value in more.values]
    return _labelled("Times", [clock, zone, more], "; ".join(words))


def _modalities(facts: Facts) -> list[KeyValue]:
    """What was ordered, by whom and when, and what was performed; as one where both are the same."""
    order = facts.by_id["order"]
    listed_modalities = facts.of_kind("modality")
    performed = [fact for fact in listed_modalities if fact.status == "performed"]
    names = joined(fact.text("label") for fact in performed) or "none recorded"
    behind = performed or listed_modalities or [facts.by_id["minutes.monitoring"]]
    if order.status == "not_recorded":
        return [
            _labelled("Ordered", [order], NOT_RECORDED),
            _labelled("Performed", behind, names),
        ]
    who = order.text("by") or "by whom not recorded"
    when = order.text("ordered_at") or "time not recorded"
    listed = order.text("modalities") or "modalities not recorded"
    if set(order.codes("modalities")) == {fact.modality for fact in performed}:
        return [_labelled("Ordered and performed", [order, *performed], f"{listed}; order: {who}, {when}")]
    return [
        _labelled("Ordered", [order], f"{listed}; {who}, {when}"),
        _labelled("Performed", behind, names),
    ]


def _labelled(label: str, facts: Sequence[Fact | None], text: str | None = None) -> KeyValue:
    """A labelled value citing `facts`; its text is that of the first fact unless given."""
    kept = [fact for fact in facts if fact is not None]
    words = text if text is not None else (kept[0].text("text", NOT_RECORDED) if kept else NOT_RECORDED)
    return KeyValue(label, words or NOT_RECORDED, tuple(fact.id for fact in kept))
