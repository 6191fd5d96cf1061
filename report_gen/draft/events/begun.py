"""How an alert began: values, last unaffected trace, criterion, what stood around it: the first row of a chronology."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from report_gen.draft.events.entry import UNTIMED, Entry
from report_gen.draft.events.values import Listed, listed, met, shown_by
from report_gen.draft.model import Sentence
from report_gen.draft.sentences import phrase, say
from report_gen.draft.words import Noted, Words, joined_words
from report_gen.facts.fact import Fact
from report_gen.facts.model import Facts
from report_gen.facts.views.courses import EventChain
from report_gen.facts.views.pressure import asked_target, pressure_target
from report_gen.vocab import vocabulary

__all__ = ["begun", "occurrence_words"]

_CRITERION: Final[Mapping[str, str]] = {
    "met": "events.criterion_met",
    "not_met": "events.criterion_not_met",
    "not_comparable": "events.criterion_not_comparable",
}

_TEST_CRITERION: Final[Mapping[str, str]] = {
    "met": "events.test_criterion_met",
    "not_met": "events.test_criterion_not_met",
}
"""Whether a stimulation test met its criterion."""


def begun(
    facts: Facts, chain: EventChain, *, name: str, known: Collection[str], judged: dict[str, str], brief: bool
) -> Entry:
    """The row of an alert's beginning.

    Args:
        facts: The facts.
        chain: The alert.
        name: Its id where the table is about several. Empty: it is about this one.
        known: What is said already in the table: words of contexts, ids of rows of physiology.
        judged: The alert that told the words of each criterion met before, in this table or in another; added to.
        brief: Of the physiology only what bears on the response: the pressure, and the block where it matters.
    """
    onset = chain.onset
    values = listed(facts, chain.readings, chain.begun_at)
    sentences = [_what(facts, chain, values, name)]
    if values.beyond and values.others:
        sentences.append(
            say("events.values", listing=values.others, name="", time="", shown_by=shown_by(chain.readings))
        )
    sentences.extend(_limits(chain))
    sentences.extend(_criterion(facts, chain, judged))
    sentences.extend(_around(facts, chain, known, brief=brief))
    clock = onset.text("onset_at") or onset.text("noticed_at")
    time, when = ("noticed " + clock if clock and not onset.text("onset_at") else clock), onset.text("when")
    shown = f"{time} ({when})" if time and when else time or when or UNTIMED
    return Entry(chain.begun_at, shown, (onset.id,), tuple(sentences), strong=True, alone=True)


def _criterion(facts: Facts, chain: EventChain, judged: dict[str, str]) -> list[Sentence]:
    """Whether the criterion was met; its words are told at the first alert that met it."""
    criterion = chain.criterion
    if criterion is None:
        return _of_a_test(facts, chain)
    first = judged.setdefault(criterion.text("text"), chain.id) if criterion.status == "met" else chain.id
    if first != chain.id:
        return [say("events.criterion_met_again", criterion=criterion, first=first)]
    return [say(_CRITERION[criterion.status], criterion=criterion)]


def _of_a_test(facts: Facts, chain: EventChain) -> list[Sentence]:
    """Of an alert about a stimulation test, which has no readings: whether its first test met the criterion."""
    tests = facts.get(f"{chain.event.id}.tests")
    first = next((name for name in tests.inputs if name != chain.event.id), "") if tests is not None else ""
    judged = facts.get(f"{first}.criterion")
    if judged is None or judged.status not in _TEST_CRITERION or not judged.text("criterion"):
        return []
    return [say(_TEST_CRITERION[judged.status], judged=judged)]


def _what(facts: Facts, chain: EventChain, values: Listed, name: str) -> Sentence:
    """What changed where, with the values that met the criterion.

    Where those are of the very responses that the event names, their short names stand for them.
    """
    beyond = {reading.channel.id for reading in chain.readings if met(reading)}
    named = {channel.id for channel in chain.responses}
    event = chain.event
    places = "" if named and named == beyond else "yes"
    key = "events.begun_of_others" if places and event.text("responses") else "events.begun"
    # What a stimulation test of the place gave stands for readings, which such an event has none of.
    tests = facts.get(f"{event.id}.tests")
    listing = values.beyond or values.others or (phrase("events.begun_tests", tests=tests) if tests is not None else "")
    return say(key, event=event, name=name, listing=listing, shown_by=shown_by(chain.readings))


def _limits(chain: EventChain) -> list[Sentence]:
    onset, sentences = chain.onset, []
    if chain.onset_window is not None:
        gap = chain.event.code("onset_kind") == "unknown_gap"
        known = Noted(chain.event).text("onset_kind") if gap else "not known"
        sentences.append(say("events.window", onset=onset, window=chain.onset_window, known=known))
    elif onset.text("last_unaffected_at"):
        sentences.append(say("events.last_trace", onset=onset))
    elif onset.text("noticed_at") and not onset.text("onset_at") and not onset.text("when"):
        sentences.append(say("events.no_onset", onset=onset))
    elif not onset.text("onset_at") and not onset.text("when"):
        sentences.append(say("events.no_time", onset=onset))
    if onset.text("onset_at") and onset.text("noticed_at") and chain.notice_delay is not None:
        sentences.append(say("events.noticed", onset=onset))
    if chain.event.text("severity"):
        sentences.append(say("events.severity", event=chain.event))
    return sentences


def _around(facts: Facts, chain: EventChain, known: Collection[str], *, brief: bool) -> list[Sentence]:
    sentences: list[Sentence] = []
    context = chain.context
    if context is not None and (context.text("note") or context.text("text")) not in known:
        key = "events.context_quoted" if context.text("note") else "events.context_coded"
        key = "events.context_not_recorded" if context.status == "not_recorded" else key
        sentences.append(say(key, context=context))
    sentences.extend(
        say("events.occurrence", occurrence=fact, words=occurrence_words(fact)) for fact in chain.occurrences
    )
    physiology = chain.physiology
    if physiology is not None and not set(_source(physiology)).intersection(known):
        key = "events.physiology_missing" if physiology.status == "not_recorded" else "events.physiology"
        listing = _physiology(facts, chain, physiology, brief=brief)
        if listing or physiology.status == "not_recorded":
            own = physiology.instant("at")
            at = Noted(physiology).text("at") if own is not None and own != chain.begun_at else ""
            sentences.append(say(key, physiology=physiology, listing=listing, at=at))
    return sentences


def _source(physiology: Fact) -> tuple[str, ...]:
    """Rows of the chart that it was taken from."""
    return physiology.inputs if physiology.status == "nearest" else ()


def _physiology(facts: Facts, chain: EventChain, physiology: Fact, *, brief: bool) -> Words:
    """Pressure with its target, then what else stands beside an alert, then the last train-of-four."""
    parameters, noted = vocabulary("parameters").entries, Noted(physiology)
    words: list[str] = []
    if pressure := noted.text("map_mmhg"):
        words.append("MAP " + pressure + _aimed(facts, chain, brief=brief))
    if not brief:
        words.extend(
            f"{parameter.short_name} " + noted.text(name)
            for name, parameter in parameters.items()
            if parameter.beside_alert and physiology.text(name)
        )
    modality = vocabulary("modalities").get(chain.event.modality)
    if physiology.text("tof") and not (brief and modality is not None and not modality.needs_tof):
        words.append("last TOF " + noted.text("tof"))
    return joined_words(words, ", ")


def _aimed(facts: Facts, chain: EventChain, *, brief: bool) -> Words:
    """The target in force at an alert: one that was asked for before it, in full with its time and the standing one."""
    standing, asked = pressure_target(facts, chain.begun_at), asked_target(facts, chain.begun_at)
    if asked is None:
        return phrase("events.aimed", target=standing) if standing is not None else Words("")
    if brief:
        return phrase("events.aimed_briefly", asked=asked)
    return phrase("events.aimed_as_asked", asked=asked, target=standing)


def occurrence_words(fact: Fact) -> Words:
    """What happened, where, and in which words the record tells it."""
    noted = Noted(fact)
    side = noted.side_words() or (noted.lacks("side", "side not recorded") if fact.side == "not_recorded" else "")
    detail = "\u201c" + noted.text("detail") + "\u201d" if fact.text("detail") else ""
    details = [words for words in (noted.text("level"), side, noted.text("site"), detail) if words]
    return noted.text("text") + (" (" + joined_words(details, "; ") + ")" if details else "")  # type: ignore[return-value]
