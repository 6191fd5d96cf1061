"""The same response and side in two records of one case (clinical reference §7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from report_gen.checks.fired import Checks, Fired, fired
from report_gen.checks.responses import OTHER_SIDE, homologues, same_response
from report_gen.checks.subjects import plainly_named
from report_gen.facts.model import Fact, Facts

__all__ = ["DUPLICATE_CHECKS"]

_NUMBERS = {2: "Two", 3: "Three", 4: "Four"}


def _same_response_twice(facts: Facts) -> Iterator[Fired]:
    """One finding for each response; it also says where the other side has none, so that this is not asked twice."""
    channels = facts.of_kind("channel")
    for group in same_response(channels):
        first, name = group[0], plainly_named(group[0])
        yield fired(
            group[-1].pointer,
            *group,
            about=group[-1],
            Number=_NUMBERS.get(len(group), str(len(group))),
            channel=name,
            ask_side=_question(facts, group, name, alone=not homologues(first, channels)),
        )


def _question(facts: Facts, group: list[Fact], name: str, *, alone: bool) -> str:
    other, values = OTHER_SIDE[group[0].side], [_baseline(facts, channel) for channel in group]
    if not alone:
        return f"Is one record of the {name} a copy, or of another side or place"
    if all(values) and len(set(values)) == len(values):
        return f"None is {other}: which baseline is of the {other} side, {' or '.join(values)}"
    return f"None is {other}: which of them is the {other} one"


def _baseline(facts: Facts, channel: Fact) -> str:
    """The last baseline amplitude of a response, as printed. Empty: none is recorded."""
    baselines = facts.in_group(channel.id, "channel.baseline")
    return next((fact.text("amplitude_uv") for fact in reversed(baselines) if fact.text("amplitude_uv")), "")


DUPLICATE_CHECKS: Final[Checks[[Facts]]] = MappingProxyType({"contradiction.same_response_twice": _same_response_twice})
"""Contradictions between records of one response."""
