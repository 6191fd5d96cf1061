"""Whether values stand with what they belong to: percentages with muscles, times with acts, names with roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from report_gen.guard.expectation import Expectation
from report_gen.guard.families import families_hold
from report_gen.guard.near import act_of, since_time
from report_gen.guard.pairs import pairs_hold
from report_gen.guard.people import (
    acknowledger_holds,
    act_holds,
    extent_holds,
    given_by,
    names_hold,
    roles_hold,
)
from report_gen.guard.places import places
from report_gen.guard.reading import SentenceReading, Token, read

__all__ = ["misplaced"]

_OFF: Final = frozenset(
    {"after", "since", "before", "from", "until", "till", "past", "toward", "towards", "following", "by", "within"}
)


def misplaced(reading: SentenceReading, expected: Expectation) -> tuple[str, ...]:
    """Reasons why a reading puts a value where it does not belong; empty when everything stands in its place."""
    reasons = (reason for reason, holds in _CHECKS if not holds(reading, expected))
    return tuple(dict.fromkeys(reasons))


def _places_hold(reading: SentenceReading, expected: Expectation) -> bool:
    return not expected.located or places(reading) == places(read(expected.located))


def _places_whole(reading: SentenceReading, expected: Expectation) -> bool:
    """A sentence that names a place of the event names all of them."""
    named = places(reading)
    return not expected.placed or not any(place for _, place in named) or named == places(read(expected.placed))


def _nothing_barred(reading: SentenceReading, expected: Expectation) -> bool:
    return not any(re.search(pattern, reading.text) for pattern in expected.barred)


def _times_hold(reading: SentenceReading, expected: Expectation) -> bool:
    times = expected.times
    if _off_time(reading, expected):
        return False
    notification, acknowledgement = times.get("event.notification.at"), times.get("event.acknowledgement.at")
    if notification is not None and acknowledgement is not None and notification != acknowledgement:
        return _acts_hold(reading, {notification: "tell", acknowledgement: "acknowledge"})
    marks = {
        index: name.rpartition(".")[2]
        for name, index in times.items()
        if name in ("event.onset.onset_at", "event.onset.noticed_at", "event.onset.last_unaffected_at")
    }
    if len(marks) > 1:
        return _onset_holds(reading, marks)
    onset = times.get("event.onset.onset_at", times.get("event.onset.noticed_at"))
    return onset is None or "event.resolution.at" in times or not _ended_at(reading, onset)


def _off_time(reading: SentenceReading, expected: Expectation) -> bool:
    """Whether a point in time is said as one before or behind it."""
    onsets = {index for name, index in expected.times.items() if name.startswith("event.onset.")}
    for index, token in enumerate(reading.tokens):
        if token.kind != "mask" or token.mask not in expected.times.values():
            continue
        word = (since_time(reading.tokens, index) or [""])[-1]
        if word == "from" and token.mask in onsets:
            continue
        if word in _OFF:
            return True
    return False


def _ended_at(reading: SentenceReading, onset: int) -> bool:
    """Whether the time of onset stands right behind words of resolution, as if it were their time."""
    for index, token in enumerate(reading.tokens):
        if token.kind == "mask" and token.mask == onset:
            for before in reversed(reading.tokens[:index]):
                names = before.meanings[0] if before.kind == "term" else ()
                if before.raw in (";", ".") or set(names) & {"alert", "change", "improvement", "onset", "notice"}:
                    break
                if set(names) & {"return", "partial", "within", "full", "unchanged", "worse", "closing", "finish"}:
                    return True
    return False


def _acts_hold(reading: SentenceReading, acts: dict[int, str]) -> bool:
    """The nearest act before a time, with no other time between, is its act; else the nearest one after it."""
    tokens = reading.tokens
    for index, token in enumerate(tokens):
        if token.kind != "mask" or token.mask not in acts:
            continue
        act = _act_before(tokens, index, acts) or _act_after(tokens, index, acts)
        if act != acts[token.mask]:
            return False
    return True


def _act_before(tokens: Sequence[Token], index: int, acts: dict[int, str]) -> str:
    for token in reversed(tokens[:index]):
        if (token.kind == "mask" and token.mask in acts) or token.raw in (".", ";"):
            return ""
        if act_of(token):
            return act_of(token)
    return ""


def _act_after(tokens: Sequence[Token], index: int, acts: dict[int, str]) -> str:
    for token in tokens[index + 1 :]:
        if token.kind == "mask" and token.mask in acts:
            return ""
        if act_of(token):
            return act_of(token)
    return ""


def _onset_holds(reading: SentenceReading, marks: dict[int, str]) -> bool:
    """The time of the last unaffected trace stands with `last`, the time of notice with `noticed`."""
    tokens = reading.tokens
    wanted = {"last_unaffected_at": {"last", "unaffected", "before"}, "noticed_at": {"notice"}, "onset_at": set()}
    spots = [index for index, token in enumerate(tokens) if token.kind == "mask" and token.mask in marks]
    for place, index in enumerate(spots):
        name = marks[tokens[index].mask]
        since = spots[place - 1] + 1 if place else 0
        until = spots[place + 1] if place + 1 < len(spots) else len(tokens)
        before, after = _meanings(tokens[since:index]), _meanings(tokens[index + 1 : until])
        others = set().union(*(words for key, words in wanted.items() if key != name)) - wanted[name]
        if before & others and not before & wanted[name]:
            return False
        if wanted[name] and not (before | after) & wanted[name]:
            return False
    return True


def _meanings(tokens: Sequence[Token]) -> set[str]:
    return {name for token in tokens if token.kind == "term" for names in token.meanings for name in names}


_CHECKS: Final[tuple[tuple[str, Callable[[SentenceReading, Expectation], bool]], ...]] = (
    ("pairing", lambda reading, expected: not expected.pairs or pairs_hold(reading, expected)),
    ("modality", families_hold),
    ("who", roles_hold),
    ("who", names_hold),
    ("who", acknowledger_holds),
    ("who", act_holds),
    ("who", given_by),
    ("time", _times_hold),
    ("side", _places_hold),
    ("site", _places_whole),
    ("status", _nothing_barred),
    ("status", lambda reading, _: extent_holds(reading)),
)
"""Checks, each with the code of the reason to refuse where it fails."""
