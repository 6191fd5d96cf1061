"""What a frozen sample says in the place of a proposition, read anew for each of its fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from typing import Any, NamedTuple

from pydantic import BaseModel

from tests.corpora import propositions as said
from tests.corpora.criterion import Data, instant, minutes, primary, size, union
from tests.corpora.record import Look, Record

RETURNED = ("full_return", "within_criterion")
"""Classes that are a return to baseline or to within the criterion."""
_NO_VALUE = ("state", "pattern", "amplitude_pct_of_baseline", "description")


class Unless(NamedTuple):
    """What a field holds unless the fact does not say it."""

    value: object


def faults(record: Record, row: said.Says) -> list[str]:
    """Fields of a proposition that its sample does not bear out."""
    try:
        for pointer in row.where:
            record.at(pointer)
        expected = _READ[type(row)](record, row)
    except (LookupError, ValueError, TypeError) as error:
        return [f"where: {type(error).__name__} {error}"]
    fields = [name for name in type(row).model_fields if name not in ("says", "where")]
    return [name for name in fields if name not in expected or not _same(getattr(row, name), expected[name])]


# --- events ----------------------------------------------------------------------------------------------------------


def _of_event(*names: str) -> Callable[[Record, Any], dict[str, object]]:
    def read(record: Record, row: said.Says) -> dict[str, object]:
        event = record.event(row.where[0])
        return {"event": event["id"], **{name: event[name] for name in names}}

    return read


def _listed(field: str, key: str) -> Callable[[Record, Any], dict[str, object]]:
    """One of several codes of an event."""

    def read(record: Record, row: Any) -> dict[str, object]:
        event = record.event(row.where[0])
        value = getattr(row, field)
        return {"event": event["id"], field: value if value in event[key] else event[key]}

    return read


def _change(record: Record, row: said.Change) -> dict[str, object]:
    event = record.event(row.where[0])
    if "channels" in event:
        index = int(row.where[1].split("/")[2])
        response = record.response(index)
        if response.channel not in event["channels"]:
            raise ValueError("not a response of the event")
    else:
        level = {"level": event["level"]} if "level" in event else {}
        response = said.Response(modality=event["modality"], side=event["side"], **level)
    plain = row.direction in ("decrease", "increase")
    return {
        "event": event["id"],
        "direction": Unless(event["direction"]),
        "parameter": primary(event["modality"]) if plain else None,
        "response": response,
    }


def _event_time(record: Record, row: said.EventTime) -> dict[str, object]:
    event = record.event(row.where[0])
    names = {"onset": "onset_at", "noticed": "noticed_at", "last_unaffected": "last_unaffected_at"}
    return {"event": event["id"], "which": row.which, "at": event.get(names[row.which])}


def _lasting(first: str, last: str) -> Callable[[Record, Any], dict[str, object]]:
    """From one time of an event to another; names below it are parted by a stop."""

    def read(record: Record, row: said.Says) -> dict[str, object]:
        event = record.event(row.where[0])
        start, end = (reduce(lambda found, key: found[key], name.split("."), event) for name in (first, last))
        return {"event": event["id"], "from_at": start, "to_at": end, "minutes": minutes(str(start), str(end))}

    return read


def _criterion_met(record: Record, row: said.CriterionMet) -> dict[str, object]:
    event = record.event(row.where[0])
    looks = [look for look in record.looks if look.pointer.startswith(f"{row.where[0]}/readings/")]
    outcomes = [look.outcome for look in looks]
    missed = "not_met" if set(outcomes) == {"not_met"} else "not_comparable"
    return {
        "event": event["id"],
        "criterion": _criterion(record.criterion_of(event)),
        "outcome": "met" if "met" in outcomes else missed,
        "readings": tuple(
            said.Judged(response=record.response(look.channel), outcome=outcome)
            for look, outcome in zip(looks, outcomes, strict=True)
        ),
    }


def _criterion(row: Data | None) -> said.Criterion | None:
    if row is None:
        return None
    conditions = [(one["parameter"], one.get("threshold")) for one in row["conditions"]]
    return said.Criterion(
        conditions=tuple(
            said.Condition(parameter=name, threshold=None if limit is None else float(limit))
            for name, limit in conditions
        ),
        logic=row.get("logic", "any"),
        baseline_kind=row.get("baseline_kind", "post_position"),
        reference=row["reference"],
    )


def _told(record: Record, row: said.Told) -> dict[str, object]:
    event, told = record.event(row.where[0]), record.at(row.where[0])
    by = next(person for person in record.data["people"] if person["id"] == told["by"])
    to = record.who(told["to_person"], told["to"])
    return {"event": event["id"], "to": to, "by": record.who(by["id"], by["role"]), "at": told["at"]}


def _told_after(record: Record, row: said.ToldAfter) -> dict[str, object]:
    event, told = record.event(row.where[0]), record.at(row.where[0])
    start = event.get("onset_at", event.get("noticed_at"))
    return {
        "event": event["id"],
        "to": record.who(told["to_person"], told["to"]),
        "counted_from": "onset" if "onset_at" in event else "noticed",
        "from_at": start,
        "to_at": told["at"],
        "minutes": minutes(str(start), told["at"]),
    }


def _acknowledged(record: Record, row: said.Acknowledged) -> dict[str, object]:
    event, told = record.event(row.where[0]), record.at(row.where[0])
    if told["acknowledged"] != "yes":
        raise ValueError("not acknowledged")
    who = record.who(told["to_person"], told["to"])
    return {"event": event["id"], "who": who, "at": told["acknowledged_at"], "reply": Unless(told.get("reply"))}


def _act(record: Record, row: said.Act) -> dict[str, object]:
    event, act = record.event(row.where[0]), record.at(row.where[0])
    free = ("at", "side", "level", "detail", "agent", "dose", "dose_unit", "map_target_mmhg")
    known = {"event": event["id"], "who": said.Who(role=act["actor"]), "code": act["code"]}
    return known | {name: Unless(act.get(name)) for name in free}


def _retest(record: Record, row: said.Retest) -> dict[str, object]:
    event, again = record.event(row.where[0]), record.at(row.where[0])
    number = next(place for place, one in enumerate(event["retests"], start=1) if one is again)
    return {"event": event["id"], "number": number, "at": Unless(again.get("at"))}


def _resolution(record: Record, row: said.Resolution) -> dict[str, object]:
    event = record.event(row.where[0])
    end = event["resolution"]
    return {
        "event": event["id"],
        "resolution_class": Unless(end["resolution_class"]),
        "returned": end["resolution_class"] in RETURNED,
        "at": Unless(end.get("at")),
        "assigned_by": Unless(record.who(end.get("assigned_by"))),
    }


# --- readings --------------------------------------------------------------------------------------------------------


def _seen(record: Record, row: said.Reading | said.Compared) -> tuple[Look, dict[str, object]]:
    look = next((one for one in record.looks if one.pointer == row.where[0]), None)
    if look is None:
        raise ValueError("no reading")
    holder = record.at(look.pointer)
    inside = look.pointer.startswith("/events/")
    at = holder.get("at")
    if look.phase == "retest" and at is None:
        at = record.at(look.pointer.partition("/readings/")[0]).get("at")
    return look, {
        "response": record.response(look.channel),
        "phase": look.phase,
        "event": record.event(look.pointer)["id"] if inside else None,
        "at": Unless(at),
    }


def _reading(record: Record, row: said.Reading) -> dict[str, object]:
    look, known = _seen(record, row)
    found = look.reading
    quantities = tuple(
        said.Quantity(parameter=name, value=float(value)) for name, value in found.items() if name not in _NO_VALUE
    )
    return known | {
        "state": found["state"],
        "pattern": Unless(found.get("pattern")),
        "description": Unless(found.get("description")),
        "quantities": quantities if row.quantities else (),
        "stated_pct_of_baseline": Unless(found.get("amplitude_pct_of_baseline")),
    }


def _compared(record: Record, row: said.Compared) -> dict[str, object]:
    look, known = _seen(record, row)
    if look.baseline is None or row.where[1] != look.baseline_pointer:
        raise ValueError("not its baseline")
    value, before = float(look.reading[row.parameter]), float(look.baseline[row.parameter])
    exact = {
        "percent_of_baseline": value / before * 100,
        "percent_change": (value - before) / before * 100,
        "difference": value - before,
    }[row.measure]
    return known | {
        "parameter": row.parameter,
        "measure": row.measure,
        # Percentages are printed whole; differences as exactly as the two values.
        "amount": row.amount
        if abs(exact - row.amount) <= (1e-9 if row.measure == "difference" else 0.5 + 1e-9)
        else exact,
        "value": value,
        "baseline": before,
    }


def _placed(record: Record, modality: str) -> dict[int, tuple[bool, float]]:
    """The worst reading of each channel: whether it meets the criterion, and how far it is from baseline."""
    placed: dict[int, tuple[bool, float]] = {}
    for look in record.of_modality(modality):
        far = None if look.phase == "baseline" else size(modality, look.reading, look.baseline)
        if far is not None:
            worst = (look.outcome == "met", far)
            placed[look.channel] = max(worst, placed.get(look.channel, worst))
    return placed


def _farthest(record: Record, row: said.Farthest) -> dict[str, object]:
    modality = record.modality(row.where[0])
    placed = _placed(record, modality)
    top = max(placed.values())
    equals = tuple(record.response(index) for index, worst in sorted(placed.items()) if worst == top)
    return {"modality": modality, "responses": equals}


def _criterion_reach(record: Record, row: said.CriterionReach) -> dict[str, object]:
    modality = record.modality(row.where[0])
    looks = [look for look in record.of_modality(modality) if look.phase != "baseline"]
    seen = [look for look in looks if look.reading["state"] not in ("not_monitored", "not_recorded")]
    outcomes = [look.outcome for look in seen]
    met = sorted({look.channel for look, outcome in zip(seen, outcomes, strict=True) if outcome == "met"})
    none = "none_met" if set(outcomes) == {"not_met"} else "not_comparable"
    return {
        "modality": modality,
        "outcome": "met" if met else none,
        "criterion": _criterion(record.criterion(modality)),
        "count": Unless(len(met)),
        "of": Unless(len(_placed(record, modality))),
        "responses": tuple(record.response(index) for index in met),
    }


def _pattern(record: Record, row: said.Pattern) -> dict[str, object]:
    modality = record.modality(row.where[0])
    looks = [look for look in record.of_modality(modality) if look.reading.get("pattern") == row.pattern]
    if {look.pointer for look in looks} != set(row.where[1:]):
        raise ValueError("not every reading with the pattern, or another one")
    shown = sorted({look.channel for look in looks})
    return {
        "modality": modality,
        "pattern": row.pattern,
        "responses": tuple(record.response(index) for index in shown),
    }


# --- times and modalities --------------------------------------------------------------------------------------------


def _gap(record: Record, row: said.Gap) -> dict[str, object]:
    gap = record.at(row.where[0])
    return {
        "modalities": tuple(gap.get("modalities", ())),
        "from_at": gap["start_at"],
        "to_at": gap["end_at"],
        "minutes": minutes(gap["start_at"], gap["end_at"]),
        "reason": gap["reason"],
        "detail": gap["detail"],
    }


def _monitored(record: Record, row: said.Monitored) -> dict[str, object]:
    rows = record.data["intervals"]
    kinds = {kind: [one for one in rows if one["kind"] == kind] for kind in {one["kind"] for one in rows}}
    performed = [one["modality"] for one in record.data["modalities"] if one["performed"]]
    gaps: list[set[int]] = [
        union([one for one in kinds.get("gap", []) if code in one.get("modalities", performed)]) for code in performed
    ]
    other = union([one for kind in ("setup", "baseline", "standby", "removal") for one in kinds.get(kind, [])])
    left = union(kinds["monitoring"]) - other - set(gaps[0]).intersection(*gaps)
    return {
        "from_at": min((one["start_at"] for one in kinds["monitoring"]), key=instant),
        "to_at": max((one["end_at"] for one in kinds["monitoring"]), key=instant),
        "minutes": float(len(left)),
    }


def _performed(record: Record, row: said.Performed) -> dict[str, object]:
    if not record.at(row.where[0])["performed"]:
        raise ValueError("not performed")
    return {"modality": record.modality(row.where[0])}


def _baseline_review(record: Record, row: said.BaselineReview) -> dict[str, object]:
    review = record.at(row.where[0])
    return {
        "modality": record.modality(row.where[0]),
        "acceptance": review["acceptance"],
        "by": record.who(review["by"]),
        "at": review["at"],
        "note": Unless(review.get("note")),
    }


def _not_recorded(record: Record, row: said.NotRecorded) -> dict[str, object]:
    place = record.at(row.where[0])
    there = {
        "onset_time": lambda: "onset_at" in place or "noticed_at" in place or "direction" not in place,
        "act_time": lambda: "at" in place or "actor" not in place,
        "retest_time": lambda: "at" in place or "readings" not in place,
        "resolution": lambda: "resolution" in place or "direction" not in place,
        "resolution_time": lambda: "at" in place or "resolution_class" not in place,
        "monitoring_times": lambda: any(one["kind"] == "monitoring" for one in record.data.get("intervals", [])),
        "baseline_review": lambda: "baseline_review" in place or "performed" not in place,
    }
    if there[row.what]():
        raise ValueError("recorded")
    return {
        "what": row.what,
        "event": record.event(row.where[0])["id"] if row.where[0].startswith("/events/") else None,
        "modality": record.modality(row.where[0]) if row.where[0].startswith("/modalities/") else None,
    }


# --- counts ----------------------------------------------------------------------------------------------------------


def _event_count(record: Record, row: said.EventCount) -> dict[str, object]:
    events = [one["id"] for one in record.events if one["event_class"] == row.event_class]
    # Of no event there is no place; the row then leads to the case itself.
    expected = [f"/events/{place}" for place, one in enumerate(record.events) if one["id"] in events] or ["/case_id"]
    if list(row.where) != expected:
        raise ValueError("not the events counted")
    return {"event_class": row.event_class, "count": len(events), "events": tuple(events)}


def _endings(record: Record, row: said.Endings) -> dict[str, object]:
    events = [one for one in record.events if one["event_class"] in ("alert", "change")]
    ends = {one["id"]: one.get("resolution", {}).get("resolution_class") for one in events}
    return {
        "returned": tuple(name for name, end in ends.items() if end in RETURNED),
        "others": tuple(name for name, end in ends.items() if end not in RETURNED),
    }


def _closing_count(record: Record, row: said.ClosingCount) -> dict[str, object]:
    last = {look.channel: look for look in record.looks if look.phase == "closing"}
    seen = [look for look in last.values() if look.reading["state"] in ("measured", "present", "absent")]
    relations = {
        "read": ("met", "not_met", "not_comparable"),
        "compared": ("met", "not_met"),
        "within_criterion": ("not_met",),
        "beyond_criterion": ("met",),
        "not_compared": ("not_comparable",),
    }
    counted = [look for look in seen if look.outcome in relations[row.relation]]
    if [look.pointer for look in counted] != list(row.where):
        raise ValueError("not the readings counted")
    responses = tuple(record.response(look.channel) for look in counted)
    return {"relation": row.relation, "count": len(responses), "responses": responses}


_READ: dict[type[said.Says], Callable[[Record, Any], dict[str, object]]] = {
    said.EventClass: _of_event("event_class"),
    said.EventModality: _of_event("modality"),
    said.Change: _change,
    said.OnsetKind: _of_event("onset_kind"),
    said.EventTime: _event_time,
    said.OnsetWindow: _lasting("last_unaffected_at", "noticed_at"),
    said.CriterionMet: _criterion_met,
    said.Context: _listed("code", "context"),
    said.ContextNote: lambda record, row: {
        "event": record.event(row.where[0])["id"],
        "text": record.event(row.where[0])["context_note"],
    },
    said.Excluded: _listed("code", "excluded"),
    said.Told: _told,
    said.ToldAfter: _told_after,
    said.Acknowledged: _acknowledged,
    said.Act: _act,
    said.Retest: _retest,
    said.Resolution: _resolution,
    said.Duration: _lasting("onset_at", "resolution.at"),
    said.Reading: _reading,
    said.Compared: _compared,
    said.Farthest: _farthest,
    said.CriterionReach: _criterion_reach,
    said.Pattern: _pattern,
    said.Gap: _gap,
    said.Monitored: _monitored,
    said.Performed: _performed,
    said.BaselineReview: _baseline_review,
    said.NotRecorded: _not_recorded,
    said.EventCount: _event_count,
    said.Endings: _endings,
    said.ClosingCount: _closing_count,
}


def _same(found: object, expected: object) -> bool:
    if isinstance(expected, Unless):
        return found is None or _same(found, expected.value)
    if isinstance(found, datetime):
        return isinstance(expected, str) and found.isoformat() == instant(expected).isoformat()
    if isinstance(found, BaseModel | tuple | bool) or found is None:
        return found == expected and type(found) is type(expected)
    return found == expected
