"""A fact and its values: everything that may be printed, with a readable id and its place in the case file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import Field

__all__ = ["Fact", "Value"]

_KEPT_BACK: Final[Any] = Field(exclude=True)
"""What stands behind a text is for programs here; ``report.json`` of version 1 does not hold it."""


@dataclass(frozen=True, slots=True, init=False)
class Value:
    """One value of a fact as it may be printed."""

    name: str
    """Name with the unit in it, such as `amplitude_uv`, `onset_at`, `procedure`."""
    text: str
    """The one rendering used in prose, tables and figures, unit included; dates as YYYY-MM-DD, times as HH:MM of the
    local clock."""
    number: float | None = None
    """The number behind the text, in the unit of `name`. Absent: not a number."""
    at: datetime | None = None
    """The instant behind the text, zoned. Absent: not a time."""
    vocabulary: Annotated[str, _KEPT_BACK] = ""
    """Name of the vocabulary that `code` or `codes` are of. Empty: not a coded value."""
    code: Annotated[str, _KEPT_BACK] = ""
    """The code behind the text. Empty: not coded, or a list."""
    codes: Annotated[tuple[str, ...], _KEPT_BACK] = ()
    """The codes behind a text that is a list, in its order. Empty: not a list of codes."""
    flag: Annotated[bool | None, _KEPT_BACK] = None
    """The answer behind `yes` or `no`. None: not a flag, or not recorded."""
    day: Annotated[date | None, _KEPT_BACK] = None
    """The calendar date behind the text. None: not a date."""

    # As generated, but twice as fast: a long case has some ten thousand values.
    def __init__(  # noqa: PLR0913  a value has these fields
        self,
        name: str,
        text: str,
        number: float | None = None,
        at: datetime | None = None,
        vocabulary: str = "",
        code: str = "",
        codes: tuple[str, ...] = (),
        flag: bool | None = None,
        day: date | None = None,
    ) -> None:
        """A value of these fields."""
        _name(self, name)
        _text(self, text)
        _number(self, number)
        _at(self, at)
        _vocabulary(self, vocabulary)
        _code(self, code)
        _codes(self, codes)
        _flag(self, flag)
        _day(self, day)


_name, _text, _number, _at, _vocabulary, _code, _codes, _flag, _day = (
    getattr(Value, field.name).__set__ for field in fields(Value)
)


@dataclass(frozen=True, slots=True, init=False)
class Fact:
    """One atomic statement that the record supports, or that code computed from such statements."""

    id: str
    """Stable and readable, such as `event.E2.onset` or `event.E2.notification.surgeon.1131`."""
    group: str
    """The one event, channel, person or theme the fact belongs to, such as `event.E2`."""
    kind: str
    """What the fact states, such as `event.onset`; see the catalogue in `report_gen.facts.derive`."""
    pointer: str
    """JSON pointer into the case file. A computed fact points to its group's place; `inputs` names the rest."""
    status: str = ""
    """Coded status such as `measured`, `absent`, `not_obtained`, `within_criterion`. Empty: the kind needs none."""
    side: str = ""
    """Side code in the sense of the modality. Empty: the fact has no side."""
    modality: str = ""
    """Modality code. Empty: the fact has no modality."""
    site: str = ""
    """Code of the nerve, muscle, level or electrode. Empty: none."""
    values: tuple[Value, ...] = ()
    """Printable values."""
    formula: str = ""
    """Formula of a computed fact, in its value names. Empty: the fact is recorded, not computed."""
    inputs: tuple[str, ...] = ()
    """Ids of the facts a computed fact was computed from, or that a recorded fact refers to."""
    must_state: bool = False
    """Whether a report that does not state the fact is incomplete."""
    author: str = "record"
    """`record` (technologist, schedule, anesthesia), `professional` (only a person may word it) or `computed`."""

    def __init__(  # noqa: PLR0913  a fact has these fields
        self,
        id: str,
        group: str,
        kind: str,
        pointer: str,
        status: str = "",
        side: str = "",
        modality: str = "",
        site: str = "",
        values: tuple[Value, ...] = (),
        formula: str = "",
        inputs: tuple[str, ...] = (),
        must_state: bool = False,
        author: str = "record",
    ) -> None:
        """A fact of these fields."""
        _id(self, id)
        _group(self, group)
        _kind(self, kind)
        _pointer(self, pointer)
        _status(self, status)
        _side(self, side)
        _modality(self, modality)
        _site(self, site)
        _values(self, values)
        _formula(self, formula)
        _inputs(self, inputs)
        _must_state(self, must_state)
        _author(self, author)

    def value(self, name: str) -> Value | None:
        """The value called `name`, or None when the fact does not carry it."""
        for value in self.values:
            if value.name == name:
                return value
        return None

    def text(self, name: str, default: str = "") -> str:
        """The rendering of the value called `name`, or `default` when the fact does not carry it."""
        value = self.value(name)
        return default if value is None else value.text

    def words(self, name: str) -> str:
        """A person's own words in the value called `name`: the only text that a program may search. Empty: none."""
        return self.text(name)

    def number(self, name: str) -> float | None:
        """The number of the value called `name`, or None."""
        value = self.value(name)
        return None if value is None else value.number

    def instant(self, name: str) -> datetime | None:
        """The instant of the value called `name`, or None."""
        value = self.value(name)
        return None if value is None else value.at

    def code(self, name: str) -> str:
        """The code of the value called `name`, or an empty string."""
        value = self.value(name)
        return "" if value is None else value.code

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of the value called `name`, in order; none when it is not a list of codes."""
        value = self.value(name)
        return () if value is None else value.codes

    def flag(self, name: str) -> bool | None:
        """The answer of the value called `name`, or None."""
        value = self.value(name)
        return None if value is None else value.flag

    def day(self, name: str) -> date | None:
        """The calendar date of the value called `name`, or None."""
        value = self.value(name)
        return None if value is None else value.day


_id, _group, _kind, _pointer, _status, _side, _modality, _site, _values, _formula, _inputs, _must_state, _author = (
    getattr(Fact, field.name).__set__ for field in fields(Fact)
)
