"""Every mutation, by class, and the mutants that they make of one sentence.

The operators stand by theme in `values`, `places`, `meaning`, `people`, `additions` and `attackers`. They are what a
careless or a hostile model would write; none was made from the guard's rules. Each has to change what the sentence says
of the record, or how it reads on paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from trials.guard import additions, attackers, meaning, people, places, values
from trials.guard.spot import Effect, Operator, Spot

__all__ = ["FAMILIES", "OPERATORS", "Mutant", "mutants"]

OPERATORS: tuple[Operator, ...] = (
    *values.OPERATORS,
    *places.OPERATORS,
    *meaning.OPERATORS,
    *people.OPERATORS,
    *additions.OPERATORS,
    *attackers.OPERATORS,
)
"""All mutations."""

FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(operator.family for operator in OPERATORS))
"""Classes in printing order."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A sentence made unfaithful."""

    family: str
    """Class of the mutation."""
    operator: str
    """Name of the mutation."""
    effect: Effect
    """What becomes of the draft."""
    text: str
    """The mutated or added sentence. Empty: the sentence is left out."""


def mutants(spot: Spot, family: str, rng: Random) -> Iterator[Mutant]:
    """The mutants of one class; one text comes once.

    Args:
        spot: The faithful sentence.
        family: The class.
        rng: Chooses among what may stand in a value's place.
    """
    seen = {spot.text}
    for operator in OPERATORS:
        if operator.family != family:
            continue
        for text in operator.make(spot, rng):
            if text not in seen:
                seen.add(text)
                yield Mutant(family, operator.name, operator.effect, text)
