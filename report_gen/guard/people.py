"""Roles in a sentence: who notifies whom, who acknowledges, who acts, and which name has which role."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from report_gen.guard.expectation import Expectation
from report_gen.guard.near import act_of, previous_words, said_by
from report_gen.guard.reading import SentenceReading, Token

__all__ = ["acknowledger_holds", "act_holds", "extent_holds", "given_by", "names_hold", "roles_hold"]


def roles_hold(reading: SentenceReading, expected: Expectation) -> bool:
    """Who tells and who is told are not exchanged, and are not one party."""
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


def _direction(tokens: Sequence[Token], index: int) -> str:
    """`by` or `to` where a preposition before a role says so."""
    before = previous_words(tokens, index, 3)
    while before and before[-1] in ("the", "a", "this", "(", ","):
        before.pop()
    if not before:
        return ""
    return {"by": "by", "from": "by", "to": "to", "of": "to", "for": "to"}.get(before[-1], "")


def _decided(reading: SentenceReading, mentions: Sequence[tuple[int, str]], to: str, by: str) -> bool:
    """Without a preposition: before an active verb stands who told, before a passive one who was told."""
    first = mentions[0]
    if any(_direction(reading.tokens, index) for index, name in mentions if name == by):
        return True
    verb = next((index for index, token in enumerate(reading.tokens) if _tells(token)), None)
    if verb is None:
        return False
    passive = any(
        word in ("was", "were", "is", "are", "been", "being", "be") for word in previous_words(reading.tokens, verb, 3)
    )
    before = [name for index, name in mentions if index < verb]
    after = [name for index, name in mentions if index > verb]
    if passive:
        return bool(before) and before[-1] == to and first[1] in (to, by)
    return set(before) == {by} and (not after or after[0] == to)


def _tells(token: Token) -> bool:
    return token.kind == "term" and "tell" in token.meanings[0]


def acknowledger_holds(reading: SentenceReading, expected: Expectation) -> bool:
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
        if act_of(token) or token.raw == ";":
            return False
        if token.kind == "term" and role in token.meanings[0]:
            return True
    return False


def act_holds(reading: SentenceReading, expected: Expectation) -> bool:
    """Who acts stands before the act, or behind `by`; a dose stands next to its drug."""
    tokens = reading.tokens
    actor, verb = expected.roles.get("actor"), expected.roles.get("verb")
    verbs = [index for index, token in enumerate(tokens) if verb in said_by(token)]
    for index, token in enumerate(tokens):
        direction = _direction(tokens, index)
        if actor and actor in said_by(token) and direction != "by" and (direction or (verbs and index > verbs[0])):
            return False
    terms = [token for token in tokens if token.kind == "term"]
    agent, dose = expected.roles.get("agent"), expected.roles.get("dose")
    if agent and any("up" in said_by(one) and agent in said_by(other) for one, other in pairwise(terms)):
        return False
    for index, token in enumerate(tokens):
        if agent and dose and agent in said_by(token):
            numbers = [
                (abs(place - index), other.value) for place, other in enumerate(tokens) if other.kind == "number"
            ]
            if numbers and min(numbers)[1] != dose:
                return False
    return True


def given_by(reading: SentenceReading, expected: Expectation) -> bool:
    """Nothing is given to, or said of, the person who reviewed or assigned."""
    givers = {
        index
        for index, mask in enumerate(expected.masks)
        if mask.kind == "name" and index not in expected.names and not expected.roles.get("to")
    }
    return not any(
        token.kind == "mask"
        and token.mask in givers
        and previous_words(reading.tokens, index, 1)[-1:] in (["to"], ["of"])
        for index, token in enumerate(reading.tokens)
    )


def extent_holds(reading: SentenceReading) -> bool:
    """`partial` and `full` are said of a return, not of a loss, whatever the facts."""
    for token, following in pairwise(token for token in reading.tokens if token.kind == "term"):
        names, next_names = set(token.meanings[0]), set(following.meanings[0])
        if names & {"partial", "full"} and next_names & {"loss", "down", "up"} and token.at + 30 > following.at:
            return False
    return True


def names_hold(reading: SentenceReading, expected: Expectation) -> bool:
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
