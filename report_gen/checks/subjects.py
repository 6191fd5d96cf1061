"""What a finding is about, as its reader knows it: the event or response with its time, never a place in the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from report_gen.facts.model import Fact, Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.wording import joined
from report_gen.vocab import vocabulary

__all__ = ["NONE", "Subject", "coded_label", "named", "plainly_named", "subject_of", "time_of"]

_MOST_NAMED = 3
"""Responses that a label names one by one; of more it names the first ones and counts the rest."""
_SITES = (
    ("nerve", "nerves"),
    ("muscle", "muscles"),
    ("level", "levels"),
    ("electrode", "electrode_sites"),
    ("region", "body_regions"),
)
_READINGS = {"channel.baseline": "baseline", "channel.closing": "closing", "channel.measurement": ""}


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of findings."""

    fact: str
    """Id of its fact. Empty: the record as a whole."""
    reference: str
    """Its id in the case file, as an answer names it. Empty: the record as a whole."""
    label: str
    """As a reader knows it, without a name of a person. Empty: the record as a whole."""


NONE = Subject("", "", "")
"""The record as a whole."""


def named(channel: Fact) -> str:
    """A response as its side and label, such as `left tibialis anterior TcMEP`."""
    side = f"{channel.side} " if channel.side in ("left", "right", "midline") else ""
    return f"{side}{coded_label(channel)}"


def coded_label(channel: Fact) -> str:
    """The label of a response without words of the record for its place.

    These stand in the report alone: findings are shown on screens and in logs.
    """
    label = channel.text("label")
    for name, book in _SITES:
        if words := channel.words(f"{name}_other"):
            label = label.replace(words, vocabulary(book).display(channel.code(name)))
    return label


def plainly_named(channel: Fact, side: str = "") -> str:
    """A response by side, site, modality and peak, without what tells two records of it apart.

    Args:
        channel: The response.
        side: A side to name in place of its own. Empty: its own.
    """
    coded = (vocabulary(book).display(code) for name, book in _SITES if (code := channel.code(name)))
    site = next(coded, "")
    entry = vocabulary("modalities")[channel.modality]
    side = side or (channel.side if channel.side in ("left", "right", "midline") else "")
    return " ".join(part for part in (side, site, entry.channel_label, channel.text("peak")) if part)


def time_of(chain: EventChain) -> str:
    """The time by which an event is known: its onset, else when it was noticed. Empty: neither is recorded."""
    return chain.onset.text("onset_at") or chain.onset.text("noticed_at")


def subject_of(facts: Facts, evidence: Iterable[Fact], about: Fact | None = None) -> Subject:
    """The event, response, modality or person that a finding is about; `NONE` where it is about the record as a whole.

    Args:
        facts: Facts of the case.
        evidence: What the finding rests on, the telling facts first. An event, response or person among them is its
            subject; a modality is not by that alone, because many findings list several.
        about: The subject where the check tells it. None: it is found among the evidence.
    """
    for fact in evidence if about is None else (about,):
        if (found := _subject(facts, fact, told=about is not None)) is not None:
            return found
    return NONE


def _subject(facts: Facts, fact: Fact, *, told: bool) -> Subject | None:
    if fact.kind.startswith("event") and (chain := _chain(facts, fact)) is not None:
        return Subject(chain.event.id, chain.id, _event(chain))
    if fact.kind.startswith("channel") and (channel := facts.get(fact.group)) is not None and channel.kind == "channel":
        return Subject(channel.id, _reference(channel), _response(channel, fact))
    if fact.kind == "modality" and told:
        return Subject(fact.id, fact.modality, fact.text("label"))
    if fact.kind == "person":
        return Subject(fact.id, _reference(fact), fact.text("role"))
    return None


def _chain(facts: Facts, fact: Fact) -> EventChain | None:
    return next((chain for chain in facts.events if chain.event.group == fact.group), None)


def _reference(fact: Fact) -> str:
    """The id of the contract within the id of a fact; see `report_gen.facts.row_ids.own_part`."""
    return fact.id.partition(".")[2].replace(":", ".")


def _event(chain: EventChain) -> str:
    parts = [chain.id, time_of(chain), _responses(chain)]
    return ", ".join(part for part in parts if part)


def _responses(chain: EventChain) -> str:
    """The responses of an event, each with its side; else its side and modality."""
    names = [named(channel) for channel in chain.responses]
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[: _MOST_NAMED - 1])} and {len(names) - _MOST_NAMED + 1} further responses"
    if names:
        return joined(names)
    entry = vocabulary("modalities").get(chain.event.modality)
    side = f"{chain.event.side} " if chain.event.side in ("left", "right") else ""
    return f"{side}{entry.abbreviation or entry.display}" if entry is not None else ""


def _response(channel: Fact, fact: Fact) -> str:
    phase = _READINGS.get(fact.kind)
    if phase is None:
        return named(channel)
    moment = " ".join(part for part in (phase, fact.text("at")) if part)
    return f"{named(channel)}, {moment}" if fact.text("at") else named(channel)
