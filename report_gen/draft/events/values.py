"""Readings at one time of an event in words: those beyond the criterion, then the others, in percent of baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from report_gen.draft.model import Stated
from report_gen.draft.sentences import phrase
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.fact import Fact
from report_gen.facts.index import FactIndex
from report_gen.facts.signals.change_names import change_names
from report_gen.facts.views.courses import Reading

__all__ = ["Listed", "listed", "met", "names_of", "of_baseline", "shown_by"]

_JUDGES_LATENCY = ("latency_increase_ms", "latency_increase_pct")
"""Values of a criterion that make a change of latency worth a line."""


class Listed(NamedTuple):
    """Readings of one time in words."""

    beyond: Words
    """Those that met the criterion. Empty: none did."""
    others: Words
    """All others. Empty: there is none."""


def met(reading: Reading) -> bool:
    """Whether a reading met the criterion that it was held against, for the worse or for the better."""
    return reading.change is not None and reading.change.status in ("beyond_criterion", "improved")


def names_of(readings: Iterable[Reading]) -> Mapping[str, str]:
    """The short name of each response by its id; where two modalities have one of that name, the modality too."""
    channels = {reading.channel.id: reading.channel for reading in readings}
    shared = Counter(channel.text("short") for channel in channels.values())
    return {
        name: f"{channel.text('short')}, {channel.text('label')}"
        if shared[channel.text("short")] > 1
        else channel.text("short")
        for name, channel in channels.items()
    }


def shown_by(readings: Iterable[Reading]) -> tuple[Fact, ...]:
    """Readings with their changes: a sentence of one time rests on all of them, whichever of them it lists."""
    return tuple(fact for reading in readings for fact in (reading.fact, reading.change) if fact is not None)


def of_baseline(reading: Reading) -> str:
    """What is left of a response, in percent of its baseline. Empty: not judged in percent, or not comparable."""
    if reading.change is None:
        return ""
    names = [kind.of_baseline for kind in change_names().values() if kind.in_percent]
    return next((Noted(reading.change).text(name) for name in names if reading.change.text(name)), "")


def listed(facts: FactIndex, readings: Sequence[Reading], at: datetime | None) -> Listed:
    """Readings in words, each once.

    Args:
        facts: The facts.
        readings: Readings of one time.
        at: That time; a reading of another says its own. None: not recorded.
    """
    names = names_of(readings)
    beyond: list[Reading] = []
    others: list[Reading] = []
    for reading in readings:
        (beyond if met(reading) else others).append(reading)
    return Listed(_listing(facts, beyond, names, at), _listing(facts, others, names, at))


def _listing(facts: FactIndex, readings: Sequence[Reading], names: Mapping[str, str], at: datetime | None) -> Words:
    """States that are words come first, those alike together; then what is told in percent of baseline."""
    alike: dict[str, list[Reading]] = {}
    for reading in readings:
        if not of_baseline(reading):
            alike.setdefault(_state(reading, at), []).append(reading)
    in_words = [
        joined_words((_named(reading, names) for reading in group), ", ") + " " + _noted_state(group, at)
        for group in alike.values()
    ]
    shares: dict[str, list[Reading]] = {}
    for reading in readings:
        if share := of_baseline(reading):
            shares.setdefault(share + _latency(facts, reading) + _own(reading, at), []).append(reading)
    in_percent: list[str] = []
    for group in shares.values():
        named = joined_words((_named(reading, names) for reading in group), ", ")
        states = [part for reading in group for part in (of_baseline(reading), _latency(facts, reading))]
        shared = Words(of_baseline(group[0]), _states(states))
        first = " of baseline" if not in_percent else ""
        rest = Words(_latency(facts, group[0]) + _own(group[0], at), _states(_own(reading, at) for reading in group))
        in_percent.append(named + " " + shared + first + rest)
    return joined_words((*in_words, *([joined_words(in_percent, "; ")] if in_percent else [])), "; ")


def _states(pieces: Iterable[str]) -> list[Stated]:
    return [state for piece in pieces if isinstance(piece, Words) for state in piece.states]


def _named(reading: Reading, names: Mapping[str, str]) -> str:
    return Noted(reading.fact).says("short", names[reading.channel.id])


def _state(reading: Reading, at: datetime | None) -> str:
    """What a reading says that is not told in percent, with a change of its own where there is one."""
    change = reading.change
    differences = [kind.remaining for kind in change_names().values()] if change is not None else []
    changed = [Noted(change).text(name) for name in differences if change is not None and change.text(name)]
    brackets = " (" + joined_words(changed, ", ") + ")" if changed else ""
    return Noted(reading.fact).text("text") + brackets + _own(reading, at)


def _noted_state(group: Sequence[Reading], at: datetime | None) -> str:
    """The words that a group shares, stated of each of its readings."""
    words = [_state(reading, at) for reading in group]
    return Words(str(words[0]), _states(words))


def _own(reading: Reading, at: datetime | None) -> str:
    """The reading's own time where it is not that of the entry."""
    own = reading.fact.instant("at")
    if own is not None and own != at:
        return phrase("events.reading_at", reading=reading.fact)
    return ", " + Noted(reading.fact).text("when") if reading.fact.text("when") else ""


def _latency(facts: FactIndex, reading: Reading) -> str:
    """The change of latency, where the criterion judges it and the record has it."""
    change = reading.change
    if change is None or not change.text("latency_change_ms"):
        return ""
    criteria = [criterion for name in change.inputs if (criterion := facts.get(name)) and criterion.kind == "criterion"]
    judged = any(criterion.value(name) for criterion in criteria for name in _JUDGES_LATENCY)
    return " (" + Noted(change).text("latency_change_ms") + ")" if judged else ""
