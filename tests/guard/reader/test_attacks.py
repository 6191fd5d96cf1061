"""Sentences that people wrote to get something false past the guard: none is kept."""

from __future__ import annotations

import pytest

from trials.guard.attacks import FILES, Attack, attacks, refusals

TRIED = [
    pytest.param(attack, id=f"{name}: {attack.trick} {number}")
    for name in FILES
    for number, attack in enumerate(attacks(name))
]


class TestAnAttack:
    @pytest.mark.parametrize("attack", TRIED)
    def test_is_refused(self, attack: Attack) -> None:
        """It says something else than the facts that it claims."""
        assert refusals(attack) != ()

    def test_is_still_about_facts_that_are_asked(self) -> None:
        """Of nearly all: a try against nothing is none."""
        found = [refusals(attack) for name in FILES for attack in attacks(name)]
        assert sum(faults is not None for faults in found) > 0.9 * len(found) > 400
