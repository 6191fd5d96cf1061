"""Holds what sentences mean against what the facts they cite state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from report_gen.draft.passages import Passage, Unit
from report_gen.facts.model import Facts
from report_gen.guard.before import SaidBefore
from report_gen.guard.reader.meaning import Meaning, Proposition
from report_gen.guard.reader.proof import TooHard, read, words_of
from report_gen.guard.reader.propositions import propositions
from report_gen.guard.reader.terms import CaseTerms, passage_terms
from report_gen.guard.reader.tokens import misprinted

__all__ = ["MOST_UNITS", "Judge", "Refusal", "judge_of"]

MOST_UNITS: Final = 8
"""How many units sentences that belong together may word."""
_NUMBERS: Final = frozenset({"of_baseline", "target", "dose", "delay", "length"})
_TIMES: Final = frozenset({"at", "answer_at", "own_at"})
_PEOPLE: Final = frozenset({"to", "to_name", "by", "by_name", "actor"})
_PLACES: Final = frozenset({"site", "family", "level", "responses", "modality"})
_TIMED: Final = frozenset({"began", "noticed", "last_unaffected", "told", "act"})
"""Propositions that have a time of their own; readings have too, but told backwards a recovery reads as a decline."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a wording does not stand."""

    reason: str
    """Code: `unread`, `ambiguous`, `long`, `missing`, `twice`, `order`, `group`, `late`; or what it says otherwise than
    its facts: `side`, `time`, `number`, `person`, `place`, `statement`."""
    word: str = ""
    """The word that could not be read. Empty: the reason is another. Never logged."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What a passage's sentences are held against, made once for all of them."""

    terms: CaseTerms
    """Terms of the passage."""
    stated: Mapping[str, frozenset[Proposition]]
    """What each unit that is offered states, by its key."""

    def refusals(
        self, texts: Sequence[str], units: Sequence[Unit], *, late: Callable[[], bool] | None = None
    ) -> tuple[Refusal, ...]:
        """Why these sentences do not state exactly what these units state; empty when they do.

        Args:
            texts: Sentences in order, slots filled, that together word the units.
            units: The units, in printing order.
            late: Whether there is no time left to read another sentence. None: there is time enough.
        """
        if len(units) > MOST_UNITS:
            return (Refusal("group"),)
        said: list[Proposition] = []
        ends: list[int] = []
        changed = any(one.says == "change" for unit in units for one in self.stated[unit.key])
        before = SaidBefore(self._before(units), changed=changed)
        for text in texts:
            if late is not None and late():
                return (Refusal("late"),)
            meaning = self._meaning(text)
            if isinstance(meaning, Refusal):
                return (meaning,)
            stated = before.follow(text, meaning.states)
            if stated is None:
                return (Refusal("order"),)
            said.extend(stated)
            ends.append(len(said))
        return self._compared(said, ends, units)

    def _compared(self, said: Sequence[Proposition], ends: Sequence[int], units: Sequence[Unit]) -> tuple[Refusal, ...]:
        """In what that which is said is not that which the units state; `ends` counts it up to each sentence."""
        if len(set(said)) < len(said):
            return (Refusal("twice"),)
        stated = [self.stated[unit.key] for unit in units]
        wanted = frozenset().union(*stated)
        if frozenset(said) != wanted:
            return tuple(dict.fromkeys(_differences(frozenset(said) - wanted, wanted - frozenset(said))))
        return () if _in_order(said, stated) and _together(said, ends, stated) else (Refusal("order"),)

    def _before(self, units: Sequence[Unit]) -> tuple[Proposition, ...]:
        """What the units before the first of these state, which stands on the page before them."""
        first = units[0].key if units else ""
        earlier = takewhile(lambda key: key != first, self.stated)
        return tuple(one for key in earlier for one in self.stated[key])

    def _meaning(self, text: str) -> Meaning | Refusal:
        """The one meaning of a sentence, or why it has none."""
        words = words_of(text, self.terms)
        if (amiss := misprinted(text, words)) is not None:
            return Refusal("unread", amiss.text)
        try:
            outcome = read(words, self.terms)
        except TooHard:
            return Refusal("long")
        whole = [meaning for meaning in outcome.meanings if not any(meaning.rows) and meaning.states]
        if not whole:
            at_fault = words[outcome.reached].text if outcome.reached < len(words) else ""
            return Refusal("unread", at_fault)
        if len({frozenset(meaning.states) for meaning in outcome.meanings}) > 1 or len(whole) < len(outcome.meanings):
            return Refusal("ambiguous")
        return whole[0]


def judge_of(passage: Passage, facts: Facts) -> Judge:
    """The judge of a passage.

    Args:
        passage: The passage, with every unit that a sentence may cite.
        facts: All facts of the case.
    """
    stated = {unit.key: propositions(unit, facts) for unit in passage.offered}
    return Judge(passage_terms(passage, facts), stated)


def _differences(more: frozenset[Proposition], less: frozenset[Proposition]) -> Iterator[Refusal]:
    """Why what is said is not what is stated: for each statement too many, in what it differs from the nearest."""
    for said in more:
        near = [stated for stated in less if stated.says == said.says]
        if not near:
            yield Refusal("statement")
            continue
        wrong = min((said.values ^ stated.values for stated in near), key=len)
        yield Refusal(_reason({name for name, _ in wrong}))
    if not more:
        yield Refusal("missing")


def _reason(names: set[str]) -> str:
    if names == {"side"}:
        return "side"
    for reason, group in (("time", _TIMES), ("number", _NUMBERS), ("person", _PEOPLE), ("place", _PLACES)):
        if names <= group:
            return reason
    return "statement"


def _in_order(said: Sequence[Proposition], stated: Sequence[frozenset[Proposition]]) -> bool:
    """Whether units are told in the order of the record; those that all say their time may be told in another.

    Readings may not: told backwards, a recovery reads as a decline.
    """
    places = [min(place for place, one in enumerate(said) if one in unit) for unit in stated if unit]
    read = [place for place in places if said[place].says == "reading"]
    if read != sorted(read):
        return False
    if places == sorted(places):
        return True
    return all(one.says in _TIMED and _has_time(one) for one in said)


def _together(said: Sequence[Proposition], ends: Sequence[int], stated: Sequence[frozenset[Proposition]]) -> bool:
    """Whether each unit is told in sentences that follow each other: "it" in a later one means the same thing.

    Args:
        said: What is said, in order.
        ends: How much of it has been said at the end of each sentence.
        stated: What each unit states.
    """
    for unit in stated:
        parts = [unit.intersection(said[start:end]) for start, end in zip((0, *ends), ends, strict=False)]
        told = [number for number, part in enumerate(parts) if part]
        if told and told[-1] - told[0] >= len(told):
            return False
    return True


def _has_time(proposition: Proposition) -> bool:
    return any(name in _TIMES and ":" in value for name, value in proposition.values)
