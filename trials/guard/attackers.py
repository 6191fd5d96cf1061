"""Mutations as people made them who attacked the guard: small words that turn a sentence round.

Scope and exceptions, acts that were not done, side words as verbs, of and off and by, order in lists, and and or, what
is not recorded told as what was not so, class and duration, numbers as targets, words that point back, plain words as
content, and clauses that move an attribute to another thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from random import Random

from trials.guard.spot import GLUE, Operator, Spot, put, rewrites, tails

__all__ = ["OPERATORS"]

_SCOPE = (
    (r"\b(?:was|were) (?=recorded|told|excluded|absent|silent|reviewed)", ("was only ", "was mainly ", "was hardly ")),
    (r"\bthe (?=surgeon|anesthesiologist|technologist)", ("only the ", "not only the ", "even the ", "neither the ")),
    (r"\b(?=absent\b|silent\b)", ("partly ", "intermittently ", "otherwise ", "no longer ")),
    (r"\bat (?=\d\d:\d\d)", ("not until ", "only at ", "as late as ", "until ", "from ", "by ", "since ", "before ")),
    (r"\band\b", ("but not", "rather than", "as well as possibly", "instead of")),
    (r"\bon both sides\b", ("on both sides in turn", "on at least one side", "more on the left than on the right")),
)
_EXCEPT = tails(
    ", except on the left",
    ", with the exception of the surgeon",
    ", all but one",
    ", save for the last reading",
    ", other than at closing",
    ", apart from the hand responses",
    ", unless recorded otherwise",
)
_UNDONE = (
    (
        r"\b(?:was|were) (told|informed|notified|paused|released|raised|placed|checked|reviewed|accepted)\b",
        (
            r"was to be \1",
            r"was about to be \1",
            r"should have been \1",
            r"was nearly \1",
            r"could be \1",
            r"was asked to be \1",
        ),
    ),
    (
        r"\b(?<=surgeon )(paused|released|placed|removed|redirected)\b",
        (
            r"offered to have \1",
            r"would have \1",
            r"had not yet \1",
            r"planned on having \1",
            r"was asked whether he \1",
        ),
    ),
    (r"\btold\b", ("tried to tell", "meant to tell", "was supposed to tell")),
    (r"\backnowledged\b", ("was asked to acknowledge", "failed to acknowledge", "later denied having acknowledged")),
)
_SIDE_WORDS = (
    (r"\bthe surgeon (?=\w+ed )", ("the surgeon left and ", "the right surgeon ", "the left-handed surgeon ")),
    (r"\bon the (left|right)(?: side)?\b", (r"and \1 the room", r"on the surgeon's \1", r"on what was \1", r"\1 over")),
    (r"\b(left|right)\b", (r"\1-sided and contralateral", r"all \1", r"not \1")),
)
_OF_OFF_BY = (
    (r"(\d+%) of baseline\b", (r"\1 off baseline", r"\1 below baseline", r"\1 over baseline", r"\1 from baseline")),
    (r"\b(?:was|were|stood) (?:at )?(\d+%)", (r"fell by \1", r"rose by \1", r"dropped to below \1", r"was within \1")),
    (r"\bto a target of\b", ("by", "from a target of", "beyond a target of", "short of a target of")),
    (r"\btarget (\d+)", (r"target above \1", r"target missed at \1", r"from target \1")),
    (r"\bof at least\b", ("by at most", "under", "of hardly")),
    (r"\bby the\b", ("for the", "instead of the", "despite the", "with the", "of the")),
)
_NONE_RECORDED = (
    (r"\b(?:is|was|are|were) not recorded\b", ("did not occur", "was not done", "was none", "was not needed")),
    (r"\bat a time not recorded\b", ("at no time", "in no time", "at any time")),
    (r"\b[Nn]o ([a-z-]+) (?:is|was) recorded\b", (r"There was no \1", r"No \1 was made")),
    (r"\bby whom is not recorded\b", ("by nobody", "by no one recorded as present")),
)
_CLASS = (
    (
        r"\b[Pp]artial recovery\b",
        ("complete recovery but for part", "recovery, partial at first", "near-full recovery"),
    ),
    (
        r"\b(?:full )?return to baseline\b",
        ("return toward baseline", "return near baseline", "brief return to baseline"),
    ),
    (r"\breturn to within criterion\b", ("return to baseline", "return within criterion limits and beyond")),
    (r"\b(\d+ (?:h|min)[^,;.]*?) after onset\b", (r"\1 before onset", r"within \1 of onset", r"for \1", r"\1 later")),
    (r"\bsudden\b", ("not sudden", "sudden and brief", "suddenly resolving")),
)
_POINTING = (
    (r"\b(?:was|were) (?=told|recorded|absent|silent)", ("it was the former that was ", "which it was ")),
    (r"\bThe surgeon\b", ("He", "The same", "The latter", "They")),
    (r"\b[Tt]his\b", ("The latter", "The other", "That of E2", "Neither")),
)
_PLAIN = tails(
    ", as before",
    ", again",
    ", still",
    ", at first",
    ", for a while",
    ", in the end",
    ", if at all",
    ", so to speak",
    ", and that was all",
    ", and so on",
    ", the usual",
    ", then gone",
    ", to be sure",
)
_MOVED = (
    (r" \((“[^”]*”)\)", (r", which the technologist called \1", r", against which stood \1", r", in reply to \1")),
    (r", (?:who|and) acknowledged\b", (", whose assistant acknowledged", ", of whom one acknowledged")),
    (r"\bin the\b", ("opposite the", "in what resembled the", "outside the", "near the")),
    (r"\brecorded in\b", ("recorded from below", "transmitted to", "looked for in")),
)


def in_another_order(spot: Spot, rng: Random) -> Iterator[str]:
    """Two values of a list change places, so that each is said of the other's response."""
    said = _members(spot.text)
    for kind in (r"\b\d+%", r"\b\d\d:\d\d\b", r"\b[LR] [A-Z][A-Za-z]*\b"):
        for first, second in pairwise(spot.outside(kind)):
            text = spot.text
            between = text[first.end() : second.start()]
            if GLUE.fullmatch(between) or _said_of_both(between, text[second.end() :]):
                continue
            new = text[: first.start()] + second.group() + between + first.group() + text[second.end() :]
            if _members(new) != said:
                yield new


def _said_of_both(between: str, behind: str) -> bool:
    """Whether the same words follow both members: exchanged, they say the same."""
    words = re.split(r",|;| and\b", between)[0].strip()
    return bool(words) and behind.strip().startswith(words)


def _members(text: str) -> list[str]:
    """What stands between the marks of a sentence, in any order: the same members in another order say the same."""
    return sorted(member.strip().lower() for member in re.split(r"[:;,.]|\band\b", text))


def and_for_or(spot: Spot, rng: Random) -> Iterator[str]:
    """One `and` is an `or`, or the other way round."""
    for match in spot.outside(r"\b(?:and|or)\b"):
        yield put(match, "or" if match.group() == "and" else "and")
        yield put(match, "and/or")


def a_number_as_a_goal(spot: Spot, rng: Random) -> Iterator[str]:
    """A number that was read becomes one that was aimed at."""
    for match in spot.outside(r"\b\d+(?:\.\d+)?(?:%| mA| mmHg| ms)"):
        number = match.group()
        yield from (put(match, f"{words} {number}") for words in ("a target of", "up to", "the wanted", "not quite"))


def attribute_moved(spot: Spot, rng: Random) -> Iterator[str]:
    """What is said of one thing is said of the next, behind a relative word."""
    for match in spot.outside(r"\bat \d\d:\d\d\b"):
        rest = re.sub(r"\s+([,.;])", r"\1", (spot.text[: match.start()] + spot.text[match.end() :]).strip(" ,"))
        yield f"{rest.rstrip('.')}, which ended {match.group()}."


OPERATORS = (
    Operator("scope", "scope words", rewrites(_SCOPE)),
    Operator("scope", "exceptives", _EXCEPT),
    Operator("act not done", "wished, asked, planned", rewrites(_UNDONE)),
    Operator("side words", "as verbs and adjectives", rewrites(_SIDE_WORDS)),
    Operator("of, off, by", "another small word", rewrites(_OF_OFF_BY)),
    Operator("order in lists", "exchanged", in_another_order),
    Operator("and, or", "exchanged", and_for_or),
    Operator("none recorded", "told as none", rewrites(_NONE_RECORDED)),
    Operator("class and duration", "bent", rewrites(_CLASS)),
    Operator("number as a goal", "aimed at", a_number_as_a_goal),
    Operator("anaphora", "points elsewhere", rewrites(_POINTING)),
    Operator("plain words", "as content", _PLAIN),
    Operator("moved attribute", "by a clause", rewrites(_MOVED)),
    Operator("moved attribute", "by a relative word", attribute_moved),
)
