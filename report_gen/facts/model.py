"""Facts: everything that may be printed, each with a readable id and its place in the case file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import Field

from report_gen.errors import Problem

__all__ = ["Fact", "Facts", "Value"]

_KEPT_BACK: Final[Any] = Field(exclude=True)
"""What stands behind a text is for programs here; ``report.json`` of version 1 does not hold it."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Fact:
    """One atomic statement that the record supports, or that code computed from such statements."""

    id: str
    """Stable and readable, such as `event.E2.onset` or `channel.ssep_lower.posterior_tibial.left.closing`."""
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


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of one case, in the order they were derived; an id is unique."""

    items: tuple[Fact, ...]
    """The facts."""
    warnings: tuple[Problem, ...] = ()
    """Soft plausibility warnings found in the case."""
    by_id: Mapping[str, Fact] = field(init=False, repr=False, compare=False)
    """The facts by id."""
    _by_kind: Mapping[str, tuple[Fact, ...]] = field(init=False, repr=False, compare=False)
    _by_group: Mapping[str, tuple[Fact, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the facts once; refuse a repeated id, which would break tracing."""
        by_id: dict[str, Fact] = {}
        by_kind: dict[str, list[Fact]] = {}
        by_group: dict[str, list[Fact]] = {}
        for fact in self.items:
            if fact.id in by_id:
                raise ValueError(f"fact id {fact.id!r} derived twice")
            by_id[fact.id] = fact
            by_kind.setdefault(fact.kind, []).append(fact)
            by_group.setdefault(fact.group, []).append(fact)
        object.__setattr__(self, "by_id", MappingProxyType(by_id))
        object.__setattr__(self, "_by_kind", MappingProxyType({key: tuple(rows) for key, rows in by_kind.items()}))
        object.__setattr__(self, "_by_group", MappingProxyType({key: tuple(rows) for key, rows in by_group.items()}))

    def __iter__(self) -> Iterator[Fact]:
        """The facts in derivation order."""
        return iter(self.items)

    def get(self, fact_id: str) -> Fact | None:
        """The fact with this id, or None when the case does not support it."""
        return self.by_id.get(fact_id)

    def of_kind(self, kind: str) -> tuple[Fact, ...]:
        """All facts of one kind, in order."""
        return self._by_kind.get(kind, ())

    def one(self, kind: str) -> Fact | None:
        """The first fact of a kind that a case has at most once, or None."""
        rows = self._by_kind.get(kind, ())
        return rows[0] if rows else None

    def in_group(self, group: str, kind: str = "") -> tuple[Fact, ...]:
        """The facts of one group, all or those of one kind, in order."""
        rows = self._by_group.get(group, ())
        return tuple(fact for fact in rows if fact.kind == kind) if kind else rows
