"""Whether values stand with what they belong to: percentages with muscles, times with acts, names with roles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from report_gen.guard.expectation import Expectation
from report_gen.guard.families import families_hold
from report_gen.guard.pairs import pairs_hold
from report_gen.guard.places import places
from report_gen.guard.reading import Reading, Token, read

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


def misplaced(reading: Reading, expected: Expectation) -> tuple[str, ...]:
    """Reasons why a reading puts a value where it does not belong; empty when everything stands in its place."""
    reasons: list[str] = []
    if expected.pairs and not pairs_hold(reading, expected):
        reasons.append("pairing")
    if not families_hold(reading, expected):
        reasons.append("modality")
    if not _roles_hold(reading, expected):
        reasons.append("who")
    if not _names_hold(reading, expected):
        reasons.append("who")
    if not _acknowledger_holds(reading, expected):
        reasons.append("who")
    if not _times_hold(reading, expected):
        reasons.append("time")
    if expected.located and places(reading) != places(read(expected.located)):
        reasons.append("side")
    if any(re.search(pattern, reading.text) for pattern in expected.barred):
        reasons.append("status")
    if not _counts_hold(reading, expected):
        reasons.append("number")
    return tuple(dict.fromkeys(reasons))


# ---- who told whom ----


def _roles_hold(reading: Reading, expected: Expectation) -> bool:
    to, by = expected.roles.get("to"), expected.roles.get("by")
    if not to or not by or to == by:
        return True
    mentions = [
        (index, name)
        for index, token in enumerate(reading.tokens)
        if token.kind == "term"
        for name in token.meanings[0]
        if name in (to, by)
    ]
    if any(_side_by_side(reading.tokens, one[0], other[0]) for one, other in pairwise(mentions) if one[1] != other[1]):
        return False
    if not any(name == by for _, name in mentions) or not any(name == to for _, name in mentions):
        return True
    return all(
        _direction(reading.tokens, index) in ("", "by" if name == by else "to") for index, name in mentions
    ) and (_decided(reading, mentions, to, by))


def _side_by_side(tokens: Sequence[Token], first: int, second: int) -> bool:
    """Whether two roles are joined as one party: `the surgeon and the technologist`."""
    between = [token.raw for token in tokens[first + 1 : second]]
    return "and" in between and set(between) <= {"and", "the", "a", ","}


def _previous_words(tokens: Sequence[Token], index: int, count: int) -> list[str]:
    return [token.raw for token in tokens[max(0, index - count) : index] if token.kind != "mask"]


def _since_time(tokens: Sequence[Token], index: int) -> list[str]:
    """The last few words before a time, none from before an earlier one."""
    words: list[str] = []
    for token in reversed(tokens[max(0, index - 3) : index]):
        if token.kind == "mask":
            break
        words.insert(0, token.raw)
    return words


def _direction(tokens: Sequence[Token], index: int) -> str:
    """`by` or `to` where a preposition before a role says so."""
    before = _previous_words(tokens, index, 3)
    while before and before[-1] in ("the", "a", "this", "(", ","):
        before.pop()
    if not before:
        return ""
    return {"by": "by", "from": "by", "to": "to", "of": "to", "for": "to"}.get(before[-1], "")


def _decided(reading: Reading, mentions: Sequence[tuple[int, str]], to: str, by: str) -> bool:
    """Without a preposition: before an active verb stands who told, before a passive one who was told."""
    first = mentions[0]
    if any(_direction(reading.tokens, index) for index, name in mentions if name == by):
        return True
    verb = next((index for index, token in enumerate(reading.tokens) if _tells(token)), None)
    if verb is None:
        return False
    passive = any(
        word in ("was", "were", "is", "are", "been", "being", "be") for word in _previous_words(reading.tokens, verb, 3)
    )
    before = [name for index, name in mentions if index < verb]
    after = [name for index, name in mentions if index > verb]
    if passive:
        return bool(before) and before[-1] == to and first[1] in (to, by)
    return bool(before) and before[-1] == by and (not after or after[0] == to)


def _tells(token: Token) -> bool:
    return token.kind == "term" and "tell" in token.meanings[0]


def _acknowledger_holds(reading: Reading, expected: Expectation) -> bool:
    """Who acknowledges is who was told: no other role stands before the verb, or behind its noun with `by`."""
    to, by = expected.roles.get("to"), expected.roles.get("by")
    if not to or not by or to == by:
        return True
    tokens = reading.tokens
    for index, token in enumerate(tokens):
        if token.kind != "term" or "acknowledge" not in token.meanings[0]:
            continue
        behind = _role_behind(tokens, index, (to, by))
        if behind:
            if behind != to:
                return False
            continue
        before = [
            name
            for place in range(index)
            for name in (tokens[place].meanings[0] if tokens[place].kind == "term" else ())
            if name in (to, by) and _direction(tokens, place) != "by"
        ]
        if before and before[-1] == by and _clause_names(tokens, index, by):
            return False
    return True


def _role_behind(tokens: Sequence[Token], index: int, roles: Sequence[str]) -> str:
    """The role behind `acknowledged by`, `acknowledgement from` and the like."""
    following = [token for token in tokens[index + 1 : index + 5] if token.raw not in ("the", ",")]
    if len(following) > 1 and following[0].raw in ("by", "from") and following[1].kind == "term":
        return next((name for name in following[1].meanings[0] if name in roles), "")
    return ""


def _clause_names(tokens: Sequence[Token], index: int, role: str) -> bool:
    """Whether the clause of a verb names this role itself, after the last act before it."""
    for token in reversed(tokens[:index]):
        if _act(token) or token.raw == ";":
            return False
        if token.kind == "term" and role in token.meanings[0]:
            return True
    return False


def _names_hold(reading: Reading, expected: Expectation) -> bool:
    """Each name stands nearest to its own role."""
    roles = set(expected.names.values())
    if len(roles) < 2:
        return True
    mentions = [
        (index, name)
        for index, token in enumerate(reading.tokens)
        if token.kind == "term"
        for name in token.meanings[0]
        if name in roles
    ]
    for index, token in enumerate(reading.tokens):
        role = expected.names.get(token.mask) if token.kind == "mask" else None
        if role is None:
            continue
        if _role_of_name(reading.tokens, index, mentions) != role:
            return False
    return True


def _role_of_name(tokens: Sequence[Token], index: int, mentions: Sequence[tuple[int, str]]) -> str:
    """The role in apposition to a name, before it or else behind it; without one, the nearest."""
    by_place = dict(mentions)
    for step in (-1, 1):
        place = index + step
        while 0 <= place < len(tokens) and tokens[place].raw in (",", "(", ")", "the"):
            place += step
        if place in by_place:
            return by_place[place]
    return min(mentions, key=lambda mention: abs(mention[0] - index), default=(0, ""))[1]


# ---- times ----


def _times_hold(reading: Reading, expected: Expectation) -> bool:
    times = expected.times
    if _off_time(reading, expected):
        return False
    if "event.told.at" in times and "event.ack.at" in times and times["event.told.at"] != times["event.ack.at"]:
        return _acts_hold(reading, {times["event.told.at"]: "tell", times["event.ack.at"]: "acknowledge"})
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


def _off_time(reading: Reading, expected: Expectation) -> bool:
    """Whether a point in time is said as one before or behind it."""
    onsets = {index for name, index in expected.times.items() if name.startswith("event.onset.")}
    spans = {index for name, index in expected.times.items() if name.endswith(("start_at", "end_at"))}
    for index, token in enumerate(reading.tokens):
        if token.kind != "mask" or token.mask not in expected.times.values():
            continue
        word = (_since_time(reading.tokens, index) or [""])[-1]
        if word == "from" and token.mask in onsets:
            continue
        if word in _OFF and not (token.mask in spans and word in _END_CUES | _START_CUES):
            return True
    return False


def _ended_at(reading: Reading, onset: int) -> bool:
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


def _acts_hold(reading: Reading, acts: dict[int, str]) -> bool:
    """The nearest act before a time, with no other time between, is its act; else the nearest one after it."""
    tokens = reading.tokens
    for index, token in enumerate(tokens):
        if token.kind != "mask" or token.mask not in acts:
            continue
        act = _act_before(tokens, index, acts) or _act_after(tokens, index, acts)
        if act != acts[token.mask]:
            return False
    return True


def _act(token: Token) -> str:
    names = token.meanings[0] if token.kind == "term" else ()
    return "tell" if "tell" in names else ("acknowledge" if "acknowledge" in names else "")


def _act_before(tokens: Sequence[Token], index: int, acts: dict[int, str]) -> str:
    for token in reversed(tokens[:index]):
        if (token.kind == "mask" and token.mask in acts) or token.raw in (".", ";"):
            return ""
        if _act(token):
            return _act(token)
    return ""


def _act_after(tokens: Sequence[Token], index: int, acts: dict[int, str]) -> str:
    for token in tokens[index + 1 :]:
        if token.kind == "mask" and token.mask in acts:
            return ""
        if _act(token):
            return _act(token)
    return ""


def _span_holds(reading: Reading, start: int, end: int) -> bool:
    order: list[tuple[int, str]] = []
    for index, token in enumerate(reading.tokens):
        if token.kind == "mask" and token.mask in (start, end):
            before = _since_time(reading.tokens, index)
            cue = next((word for word in reversed(before) if word in _END_CUES | _START_CUES), "")
            cue = "end" if cue in _END_CUES else ("start" if cue else "")
            order.append((token.mask, cue))
    if any((cue == "end" and mask == start) or (cue == "start" and mask == end) for mask, cue in order):
        return False
    firsts = [mask for mask, _ in order]
    if not firsts:
        return True
    return firsts[0] == start or order[0][1] == "end"


def _onset_holds(reading: Reading, marks: dict[int, str]) -> bool:
    """The time of the last unaffected trace stands with `last`, the time of notice with `noticed`."""
    tokens = reading.tokens
    wanted = {"last_unaffected_at": {"last", "unaffected", "before"}, "noticed_at": {"notice"}, "onset_at": set()}
    spots = [index for index, token in enumerate(tokens) if token.kind == "mask" and token.mask in marks]
    for place, index in enumerate(spots):
        name = marks[tokens[index].mask]
        since = spots[place - 1] + 1 if place else 0
        until = spots[place + 1] if place + 1 < len(spots) else len(tokens)
        before, after = _said(tokens[since:index]), _said(tokens[index + 1 : until])
        others = set().union(*(words for key, words in wanted.items() if key != name)) - wanted[name]
        if before & others and not before & wanted[name]:
            return False
        if wanted[name] and not (before | after) & wanted[name]:
            return False
    return True


def _said(tokens: Sequence[Token]) -> set[str]:
    return {name for token in tokens if token.kind == "term" for names in token.meanings for name in names}


# ---- counts ----


def _counts_hold(reading: Reading, expected: Expectation) -> bool:
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
    """What a number counts, as far as the words about it say: those behind it first, else those before it."""
    index = spots[place]
    until = spots[place + 1] if place + 1 < len(spots) else len(tokens)
    before = [word for word in _previous_words(tokens, index, 2) if word not in ("the", "these", "those", "all", "a")]
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
    said = _said(tokens)
    for concept, names in (
        ("beyond", ("beyond_criterion",)),
        ("within", ("within_criterion", "compared")),
        ("met", ("beyond",)),
        ("compare", ("compared", "channels", "within_criterion")),
    ):
        if concept in said:
            return names
    return ()
