"""Whether values stand with what they belong to: percentages with muscles, times with acts, names with roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from report_gen.guard.expectation import Expectation
from report_gen.guard.families import families_hold
from report_gen.guard.near import act_of, previous_words, since_time
from report_gen.guard.pairs import pairs_hold
from report_gen.guard.people import (
    acknowledger_holds,
    act_holds,
    extent_holds,
    given_by,
    names_hold,
    reply_holds,
    roles_hold,
)
from report_gen.guard.places import places
from report_gen.guard.reading import SentenceReading, Token, read

__all__ = ["misplaced"]

_END_CUES: Final = frozenset(
    {"to", "until", "till", "through", "ended", "end", "ending", "ends", "finished", "concluded"}
)
_START_CUES: Final = frozenset(
    {"from", "between", "since", "began", "begun", "beginning", "started", "starting", "start", "commenced", "starts"}
)
_OFF: Final = frozenset(
    {"after", "since", "before", "from", "until", "till", "past", "toward", "towards", "following", "by", "within"}
)
_FURTHER: Final = frozenset({"further", "other", "additional", "more", "another", "others"})


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
    start = next((index for name, index in times.items() if name.endswith(".start_at")), None)
    end = next((index for name, index in times.items() if name.endswith(".end_at")), None)
    if start is not None and end is not None and start != end:
        return _span_holds(reading, start, end)
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
    spans = {index for name, index in expected.times.items() if name.endswith(("start_at", "end_at"))}
    for index, token in enumerate(reading.tokens):
        if token.kind != "mask" or token.mask not in expected.times.values():
            continue
        word = (since_time(reading.tokens, index) or [""])[-1]
        if word == "from" and token.mask in onsets:
            continue
        if word in _OFF and not (token.mask in spans and word in _END_CUES | _START_CUES):
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


def _span_holds(reading: SentenceReading, start: int, end: int) -> bool:
    order: list[tuple[int, str]] = []
    for index, token in enumerate(reading.tokens):
        if token.kind == "mask" and token.mask in (start, end):
            before = since_time(reading.tokens, index)
            cue = next((word for word in reversed(before) if word in _END_CUES | _START_CUES), "")
            cue = "end" if cue in _END_CUES else ("start" if cue else "")
            order.append((token.mask, cue))
    if any((cue == "end" and mask == start) or (cue == "start" and mask == end) for mask, cue in order):
        return False
    firsts = [mask for mask, _ in order]
    if not firsts:
        return True
    return firsts[0] == start or order[0][1] == "end"


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


def _counts_hold(reading: SentenceReading, expected: Expectation) -> bool:
    counts = expected.counts
    if len(counts) < 2:
        return True
    tokens = reading.tokens
    spots = [index for index, token in enumerate(tokens) if token.kind == "number"]
    for place, index in enumerate(spots):
        names = _count_names(tokens, spots, place)
        if names and not any(counts.get(name) == tokens[index].value for name in names):
            return False
    return True


def _count_names(tokens: Sequence[Token], spots: Sequence[int], place: int) -> tuple[str, ...]:
    """Names of what a number counts, by the words behind it, else by those before it."""
    index = spots[place]
    until = spots[place + 1] if place + 1 < len(spots) else len(tokens)
    before = [word for word in previous_words(tokens, index, 2) if word not in ("the", "these", "those", "all", "a")]
    near = {token.raw for token in tokens[max(0, index - 2) : index] if token.kind != "number"}
    near |= {token.raw for token in tokens[index + 1 : min(until, index + 3)]}
    if near & _FURTHER:
        return ("further",)
    if before and before[-1] in ("of", "among"):
        return ("compared", "channels")
    behind = tokens[index + 1 : until]
    if until < len(tokens) and {token.raw for token in behind} <= {"of", "the", "these", "those"}:
        # `4 of the 10 channels were within`: the words behind the second number speak of the first.
        behind = tokens[until + 1 : spots[place + 2] if place + 2 < len(spots) else len(tokens)]
    before_it = tokens[spots[place - 1] + 1 if place else 0 : index]
    return _counted(behind) or _counted(before_it) or ("compared", "channels")


def _counted(tokens: Sequence[Token]) -> tuple[str, ...]:
    concepts = _meanings(tokens)
    for concept, names in (
        ("beyond", ("beyond_criterion",)),
        ("within", ("within_criterion", "compared")),
        ("met", ("beyond",)),
        ("compare", ("compared", "channels", "within_criterion")),
    ):
        if concept in concepts:
            return names
    return ()


_CHECKS: Final[tuple[tuple[str, Callable[[SentenceReading, Expectation], bool]], ...]] = (
    ("pairing", lambda reading, expected: not expected.pairs or pairs_hold(reading, expected)),
    ("modality", families_hold),
    ("who", roles_hold),
    ("who", names_hold),
    ("who", reply_holds),
    ("who", acknowledger_holds),
    ("who", act_holds),
    ("who", given_by),
    ("time", _times_hold),
    ("side", _places_hold),
    ("site", _places_whole),
    ("status", _nothing_barred),
    ("status", lambda reading, _: extent_holds(reading)),
    ("number", _counts_hold),
)
"""Checks, each with the code of the reason to refuse where it fails."""
