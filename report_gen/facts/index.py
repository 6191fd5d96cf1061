"""The facts of one case by id, kind and group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from report_gen.facts.fact import Fact

__all__ = ["FactIndex"]


@dataclass(frozen=True, slots=True)
class FactIndex:
    """All facts of one case, in the order they were derived; an id is unique."""

    items: tuple[Fact, ...]
    """The facts."""
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
        object.__setattr__(self, "_by_kind", MappingProxyType({key: tuple(facts) for key, facts in by_kind.items()}))
        object.__setattr__(self, "_by_group", MappingProxyType({key: tuple(facts) for key, facts in by_group.items()}))

    def __iter__(self) -> Iterator[Fact]:
        """The facts in derivation order."""
        return iter(self.items)

    def get(self, fact_id: str) -> Fact | None:
        """The fact with this id, or None when the case does not support it."""
        return self.by_id.get(fact_id)

    def of_kind(self, kind: str) -> tuple[Fact, ...]:
        """All facts of one kind, in order."""
        return self._by_kind.get(kind, ())

    def in_group(self, group: str, kind: str = "") -> tuple[Fact, ...]:
        """The facts of one group, all or those of one kind, in order."""
        facts = self._by_group.get(group, ())
        return tuple(fact for fact in facts if fact.kind == kind) if kind else facts
