"""Facts that state single fields of the record unchanged, as a table of the fields that a case has once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel

from report_gen.facts.builder import FactBuilder, number, text
from report_gen.facts.model import Value

__all__ = ["Field", "FieldFact", "state_fields"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field and the value that states it."""

    name: str
    """Name of the value, such as `text`."""
    pointer: str
    """JSON pointer into the case, such as `/patient/sex`."""
    vocabulary: str = ""
    """Name of the vocabulary of a coded field. Empty: the field is not coded, and its type decides how it prints."""


@dataclass(frozen=True, slots=True)
class FieldFact:
    """A fact that only states fields; its id is its kind."""

    kind: str
    """Such as `patient.sex`."""
    fields: tuple[Field, ...]
    """In the order of its values. One that is not recorded has no value; a fact without any prints `not recorded`."""
    pointer: str = ""
    """Where the fact stands. Empty: where its first field does."""
    only_with: str = ""
    """JSON pointer; where nothing is recorded there, there is no fact. Empty: there always is one."""
    status: str = ""
    """JSON pointer of the code that is its status. Empty, or nothing recorded there: `recorded`."""
    side: str = ""
    """JSON pointer of the side that it is about. Empty: none."""
    must_state: bool = True
    """Whether a report that does not state it is incomplete."""


Step = FieldFact | Callable[[FactBuilder], None]
"""A fact that only states fields, or a function for facts that need a decision."""


def state_fields(b: FactBuilder, *steps: Step) -> None:
    """Add facts in the order of `steps`."""
    for step in steps:
        if not isinstance(step, FieldFact):
            step(b)
        elif not step.only_with or _at(b, step.only_with) is not None:
            b.add(
                step.kind,
                step.kind,
                step.pointer or step.fields[0].pointer,
                [_value(b, field) for field in step.fields],
                status=str(_at(b, step.status) or "recorded") if step.status else "recorded",
                side=str(_at(b, step.side) or "") if step.side else "",
                must_state=step.must_state,
            )


def _at(b: FactBuilder, pointer: str) -> object:
    """The value of the case at a pointer; None when it, or an object that holds it, is not recorded."""
    node: object = b.case
    for name in pointer.split("/")[1:]:
        node = getattr(node, name) if isinstance(node, BaseModel) else None
    return node


def _value(b: FactBuilder, field: Field) -> Value | None:
    value = _at(b, field.pointer)
    match value:
        case None:
            return None
        case bool():
            return b.yes_no(field.name, value)
        case datetime():
            return b.instant(field.name, value)
        case date():
            return b.day(field.name, value)
        case int() | float():
            return number(field.name, value)
    return b.coded(field.name, field.vocabulary, str(value)) if field.vocabulary else text(field.name, str(value))
