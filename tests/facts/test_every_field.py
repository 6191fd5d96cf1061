"""Every field of the contract reaches a fact: no leaf can change without changing what may be printed."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta, timezone
from itertools import count
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel

from report_gen.case.base import Code, Day, Instant
from report_gen.case.model import Case
from report_gen.facts import Facts, derive
from report_gen.facts.wording import Clock, number_text
from report_gen.life import STATED
from report_gen.vocab import vocabulary

# Leaves that reach no fact, each with its reason. A new field of the contract has no place here without one.
EXCEPTIONS = {
    "/schema_version": "the contract's version, not the record",
    "/patient/age_years": "computed from the date of birth where there is one",
    "/people/0/id": "a reference inside the file",
    "/channels/0/id": "a reference inside the file",
    "/events/0/id": "a reference inside the file, printed with the event and renamed nowhere else",
    "/criteria/0/id": "a reference inside the file",
    "/modalities/0/modality": "the key by which orders, channels and events name the record",
    **{f"/{part}/{name}": "the life of the report, beside its facts" for part in STATED for name in STATED[part]},
}
PERSONS = (
    "by",
    "person",
    "signed_by",
    "handed_over_to",
    "ordered_by",
    "assigned_by",
    "to_person",
    "from_person",
    "authorized_by",
)
REFERENCES = {"channel": "ch", "channels": "ch", "criterion": "cr", "event": "ev"}
MODALITIES = ("ssep_lower", "tcmep")
ZONE = timezone(timedelta(hours=-6))

# A pattern's example; each contains the running number, so that no two texts are alike.
PATTERNS = (
    ("^[A-Z]{2}$", lambda number: "AZ"),
    ("^[0-9]{10}$", lambda number: f"{number:010d}"),
    ("^[0-9]{4}[0-9A-Z]$", lambda number: f"{number:05d}"),
    ("[A-Z][0-9]{4})$", lambda number: f"G{number:04d}"),
    ("(\\.[0-9A-Z]{1,4})?$", lambda number: f"M{number % 90 + 10}.{number:04d}"),
    ("^[A-Z][A-Za-z0-9'/-]{0,7}$", lambda number: f"P{number}"),
    ("{0,2}$", lambda number: f"Zone/City{number}"),
)


def _unwrap(annotation: Any) -> tuple[Any, list[Any]]:
    """The plain type under annotations and None, with everything said about it."""
    said: list[Any] = []
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            said = [*more, *said]
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(row for row in get_args(annotation) if row is not type(None))
        else:
            return annotation, said


def _flat(said: list[Any]) -> list[Any]:
    """Constraints, those inside a pydantic field included."""
    return [item for row in said for item in (row, *getattr(row, "metadata", ()))]


class Maker:
    """Makes the maximal case: every field filled, each text and number once."""

    def __init__(self) -> None:
        """Start counting."""
        self.numbers = count(11)

    def model(self, kind: type[BaseModel]) -> dict[str, Any]:
        """A value for every field of a model."""
        return {
            name: self.value(name, field.annotation, [*field.metadata]) for name, field in kind.model_fields.items()
        }

    def value(self, name: str, annotation: Any, said: list[Any]) -> Any:  # noqa: PLR0911  one for each kind of field
        """A value of the annotated type."""
        if annotation in (Instant, Day):
            return self.time(annotation)
        kind, more = _unwrap(annotation)
        said = _flat([*said, *more])
        if get_origin(kind) is tuple:
            return [self.value(name, get_args(kind)[0], said)]
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self.model(kind)
        codes = choices(name, kind, said)
        if codes:
            return codes[0]
        if name == "id":
            return "ev"
        if name in PERSONS:
            return "p1"
        if name in REFERENCES:
            return REFERENCES[name]
        if kind is bool:
            return True
        if kind in (int, float):
            return self.number(kind, said)
        return self.time(kind) if kind in (datetime, date) else self.text(said)

    def time(self, kind: Any) -> str:
        """A time or a day later than those before."""
        number = next(self.numbers)
        if kind in (Day, date):
            return (date(2000, 1, 1) + timedelta(days=number)).isoformat()
        return (datetime(2026, 2, 11, 6, 0, tzinfo=ZONE) + timedelta(minutes=number)).isoformat()

    def number(self, kind: type, said: list[Any]) -> float:
        """A number within its limits; a float has a fraction of its own."""
        low = next((row.ge for row in said if isinstance(row, Ge)), 0)
        high = next((row.le for row in said if isinstance(row, Le)), 1000)
        if kind is int:
            return min(int(low) + 1, int(high))
        return max(low, 1) + next(self.numbers) * (min(high, 90) - max(low, 1)) / 2000

    def text(self, said: list[Any]) -> str:
        """A text with a number of its own."""
        number = next(self.numbers)
        pattern = next((row.pattern for row in said if getattr(row, "pattern", None)), "")
        example = next((make for end, make in PATTERNS if pattern.endswith(end)), None)
        return example(number) if example else f"text{number}x"


def choices(name: str, kind: Any, said: list[Any]) -> tuple[str, ...]:
    """The closed list of a field; empty when it has none."""
    if name in ("modality", "modalities"):
        return MODALITIES
    if get_origin(kind) is Literal:
        return get_args(kind)
    code = next((row for row in said if isinstance(row, Code)), None)
    if code is None:
        return ()
    return tuple(entry for entry in vocabulary(code.vocabulary_name).codes if entry not in code.without)


def maximal() -> dict[str, Any]:
    """The maximal case, with the people and modalities that its references and changes of them need."""
    data = Maker().model(Case)
    person, record = data["people"][0], data["modalities"][0]
    data["people"] = [
        {**person, "id": "p1"},
        {**deepcopy(person), "id": "p2", "name": "text2x", "role": "technologist"},
    ]
    data["modalities"] = [record, {"modality": "tcmep", "performed": True}]
    data["channels"][0]["id"], data["criteria"][0]["id"] = "ch", "cr"
    data["criteria"][0]["conditions"].append({"parameter": "latency_increase_pct", "threshold": 10.0})
    data["surgery"]["outcome"] = "changed"
    data["encounter"]["time_zone"] = "America/Chicago"  # a claim asks for one that exists
    return data


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its JSON pointer."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{index}")
    else:
        yield pointer, value


def facts_of(data: dict[str, Any]) -> Facts:
    """The facts of a case that keeps the types of the contract, whatever its values."""
    return derive(Case.model_validate_json(json.dumps(data)))


def _field(pointer: str) -> tuple[str, Any, list[Any]]:
    """Name, plain type and constraints of the field at a pointer."""
    kind: Any = Case
    name, said = "", []
    for part in pointer.split("/")[1:]:
        if part.isdigit():
            continue
        field = kind.model_fields[part]
        name, (kind, more) = part, _unwrap(field.annotation)
        said = [*field.metadata, *more]
        if get_origin(kind) is tuple:
            kind, more = _unwrap(get_args(kind)[0])
            said = [*said, *more]
    return name, kind, _flat(said)


def other(pointer: str, value: Any) -> list[Any]:  # noqa: PLR0911  one return for each kind of field
    """Other values that the leaf could have."""
    name, kind, said = _field(pointer)
    codes = choices(name, kind, said)
    if codes:
        return [code for code in codes if code != value]
    if name in PERSONS:
        return ["p2"]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value - 1 if isinstance(value, int) and value > 0 else value + (1 if isinstance(value, int) else 0.125)]
    if "T" in value and value[:4].isdigit():
        return [(datetime.fromisoformat(value) + timedelta(seconds=7)).isoformat()]
    if value[:4].isdigit() and value.count("-") == 2:
        return [(date.fromisoformat(value) - timedelta(days=1000)).isoformat()]
    return ["BC" if value == "AZ" else value[:-1] + ("7" if value[-1] != "7" else "8")]


def put(data: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """The case with another value at a pointer."""
    changed = deepcopy(data)
    *path, last = [int(part) if part.isdigit() else part for part in pointer.split("/")[1:]]
    place: Any = changed
    for part in path:
        place = place[part]
    place[last] = value
    return changed


DATA = maximal()
LEAVES = [(pointer, value) for pointer, value in leaves(DATA) if not pointer.startswith(("/people/1", "/modalities/1"))]
BASE = facts_of(DATA)
PRINTED = [row for fact in BASE for row in fact.values]
TESTED = [(pointer, value) for pointer, value in LEAVES if pointer not in EXCEPTIONS]


def _references(pointer: str) -> bool:
    name = _field(pointer)[0]
    return name in REFERENCES and _field(pointer)[1] is str


class TestEveryField:
    def test_the_maximal_case_fills_every_field(self):
        """Each field of each model of the contract is a leaf, or holds leaves."""
        assert len(LEAVES) > 330
        assert not [pointer for pointer, value in LEAVES if value in (None, "", [])]

    def test_exceptions_are_fields_of_the_contract(self):
        """An exception whose field is gone goes too."""
        assert set(EXCEPTIONS) <= {pointer for pointer, _ in LEAVES}

    def test_a_change_of_the_field_changes_a_fact(self):
        """At least one other value of the field gives other facts."""
        changed = [row for row in TESTED if not _references(row[0])]
        assert len(changed) > 300
        silent = [
            pointer
            for pointer, value in changed
            if all(facts_of(put(DATA, pointer, new)).items == BASE.items for new in other(pointer, value))
        ]
        assert silent == []

    def test_a_text_is_printed_verbatim(self):
        """The words of the record stand in the values of a fact."""
        texts = [row for row in TESTED if _field(row[0])[1] is str and str(row[1]).startswith("text")]
        assert len(texts) > 60
        assert [pointer for pointer, value in texts if not any(value in row.text for row in PRINTED)] == []

    def test_a_number_is_printed_as_recorded(self):
        """The number with all its digits stands in the values of a fact."""
        numbers = [row for row in TESTED if isinstance(row[1], float)]
        assert len(numbers) > 80
        assert [
            pointer for pointer, value in numbers if not any(number_text(value) in row.text for row in PRINTED)
        ] == []

    def test_a_time_is_printed_and_kept(self):
        """The clock time stands in a fact, most often with the instant behind it."""
        times = [
            (pointer, datetime.fromisoformat(value))
            for pointer, value in TESTED
            if isinstance(value, str) and value[4:5] == "-" and "T" in value
        ]
        assert len(times) > 30
        clock = Clock(date.fromisoformat(DATA["encounter"]["date_of_service"]), several_offsets=False)
        assert [
            pointer
            for pointer, moment in times
            if not any(clock.time(moment) in row.text or row.at == moment for row in PRINTED)
        ] == []

    def test_facts_of_billing_alone_need_not_be_stated(self):
        """Payer, authorization and other cases are facts that the clinical report leaves out."""
        kinds = {"encounter.payer", "encounter.authorization", "other_session", "person.credential"}
        assert {fact.kind for fact in BASE if fact.kind in kinds and not fact.must_state} == kinds
