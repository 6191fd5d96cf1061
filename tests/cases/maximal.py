"""The maximal case: every field of the contract filled, each text, number and time once."""

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

from report_gen.case.contract.base import Code, Day, Instant
from report_gen.case.contract.model import Case
from report_gen.facts import Facts, derive
from report_gen.vocab import vocabulary

__all__ = ["PERSONS", "REFERENCES", "choices", "field_at", "leaves", "maximal", "maximal_facts"]

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
    ("(\\.?[0-9A-Z]{1,4})?$", lambda number: f"M{number % 90 + 10}.{number:04d}"),
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


def maximal_facts(data: dict[str, Any]) -> Facts:
    """The facts of a case that keeps the types of the contract, whatever its values."""
    return derive(Case.model_validate_json(json.dumps(data)))


def field_at(pointer: str) -> tuple[str, Any, list[Any]]:
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
