"""Mutations of status, negation, direction and criteria."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from trials.guard.spot import Operator, Spot, put, rewrites, tails

__all__ = ["OPERATORS"]

_PAIR = r"\breturned to baseline or to within criterion\b"
_STATUS = (
    (r"\bloss of response\b", ("amplitude decrease", "attenuation of the response", "presence of the response")),
    (r"\bamplitude decrease\b", ("loss of response", "unchanged amplitude", "abolition of the response")),
    (r"\bfull return to baseline\b", ("return to within criterion", "partial recovery", "near return to baseline")),
    (
        r"(?<!or )(?<!or to )\breturn to within criterion\b",
        ("full return to baseline", "partial recovery", "worsening"),
    ),
    (r"\bpartial recovery\b", ("full recovery", "return to within criterion", "no change", "worsening", "recovery")),
    (r"\bremained unchanged\b", ("improved", "worsened", "recovered", "returned to baseline")),
    (r"\bunchanged\b", ("improved", "worsened", "partial recovery", "recovered")),
    (r"\blost to close\b", ("recovered at close", "partial recovery")),
    (r"\babsent\b", ("present", "reduced", "obtained", "unchanged")),
    (r"\bsilent\b", ("active", "burst activity", "neurotonic discharge", "not silent")),
    (r"\b(spike|burst|train) activity\b", ("no activity", "silence", "neurotonic discharge")),
    (r"\bsudden\b", ("gradual", "brief")),
    (r"\bgradual\b", ("sudden", "stepwise")),
    (r"\balert(?= E)", ("change", "observation", "false alarm", "improvement")),
    (r"\balerts?\b(?! E)", ("changes", "warnings", "improvements", "adverse events")),
    (r"\bchange(?= E)", ("alert", "observation", "improvement", "loss")),
    (r"\bimprovement\b", ("alert", "deterioration", "change", "recovery")),
    (r"(?<!or )(?<!or to )(?<!to )\bwithin criterion\b", ("beyond criterion", "outside criterion", "at baseline")),
    (r"\bbeyond criterion\b", ("within criterion", "near criterion")),
    (r"\baccepted with limits\b", ("accepted", "rejected", "accepted without limits")),
    (r"\bwith limits\b", ("without limits", "")),
    (r"\baccepted\b(?!.* with limits)", ("rejected", "questioned", "reviewed", "accepted with limits")),
    (r"\bexcluded\b", ("suspected", "confirmed", "considered", "not checked")),
    (r"\bwas recorded\b", ("was suspected", "was seen and dismissed")),
    (r"\bnot recorded\b", ("recorded", "unknown to the team")),
)
_NEGATION = (
    # Whether it was met and whether it was not are the same question.
    (
        r"\b(was|were|is|are)(?<!whether it was) met\b(?!.*\b(?:whether|comput))",
        (r"\1 not met", r"\1 nearly met", r"\1 never met"),
    ),
    (r"\b(was|were|is|are) not met\b", (r"\1 met", r"\1 exceeded", r"\1 not unmet")),
    (r"\bnot met\b", ("met", "barely met")),
    (r"\bmet the criterion\b", ("did not meet the criterion", "failed to meet the criterion")),
    (r"\b(can|could) be compared\b", (r"\1 not be compared",)),
    (r"\bcannot be\b", ("can be", "need not be")),
    (r"\bcould not be\b", ("could be",)),
    (r"\bwithout (such )?comparison\b", ("with comparison",)),
    (r"\b(?:who|and) acknowledged\b", ("who did not acknowledge", "who never acknowledged", "who ignored it")),
    (r"\backnowledge?ment\b", ("refusal", "lack of acknowledgment", "silence")),
    (r"\b(told|informed|notified)\b", (r"not \1", r"never \1", r"almost \1")),
    (r"\b(was|were) (recorded|excluded|accepted|told|informed|notified)\b", (r"\1 not \2", r"\1 never \2")),
    (r"\b(had|showed|has|have)\b", (r"never \1", r"no longer \1")),
    (r"\bno recorded\b", ("a recorded", "not one but several recorded", "hardly any recorded")),
    (r"\b(reading) met\b", (r"\1 failed to meet",)),
    (r"\bnor did\b", ("but so did",)),
    (_PAIR, ("not returned to baseline or to within criterion", "never back at baseline or within criterion")),
    (r"\bis not recorded as\b", ("is recorded as", "is not recorded as not")),
    (r"\bnot recorded as\b", ("recorded as",)),
    (r"\bwas not on record\b|\bis not on record\b", ("is on record",)),
)
_INVERSIONS = (
    (r"\breturn to\b", ("failure to return to", "lack of return to", "incomplete return to", "no return to")),
    (r"\b(?:partial )?recovery\b", ("failure to recover", "no recovery", "recovery that did not last")),
    (r"\bresolved\b", ("did not resolve", "failed to resolve", "never resolved")),
    (r"\bresolution\b", ("lack of resolution", "non-resolution")),
    (r"\bended\b(?= in| with)", ("did not end",)),
    (r"\bassigned\b", ("did not assign", "refused to assign", "withdrew")),
)
_UNRECOVERED = tails(
    ", but the response failed to return",
    ", and it did not recover",
    ", and it never came back",
    ", and was not restored",
    "; no recovery was seen",
    ", and the change persisted at closing",
)
_RECOVERED = tails(
    ", and recovered without residual change",
    ", and it recovered in full",
    ", with no lasting change",
)
_DIRECTION = (
    (r"\bdecrease\b", ("increase", "rise")),
    (r"\bincrease\b", ("decrease", "fall")),
    (r"\bloss of response\b", ("return of response", "gain of response")),
    (r"\breturn of response\b", ("loss of response",)),
    (r"\bprolongation\b", ("shortening",)),
    (r"\bshortening\b", ("prolongation",)),
    (r"\bdisappearance\b", ("appearance", "persistence", "reappearance")),
    (r"\bnew activity\b", ("cessation of activity", "loss of activity", "known activity")),
    (r"\b(threshold) rise\b", (r"\1 fall",)),
    (r"\b(threshold) fall\b", (r"\1 rise",)),
    (r"\blow (?=stimulation threshold)", ("high ",)),
    (r"\braised\b", ("lowered", "kept")),
    (r"\breduced\b", ("increased",)),
    (r"\breleased\b", ("tightened", "reapplied")),
    (r"\bhigher\b", ("lower",)),
    (r"\blower\b(?!-)", ("higher",)),
    (r"\bworst\b", ("best", "average", "last", "first")),
    (r"\bextreme\b", ("mean", "smallest", "typical")),
    (r"\bfarthest from\b", ("nearest to",)),
    (r"\b(\d+%) of (?:its |their )?baseline\b", (r"\1 below baseline", r"\1 above baseline", r"a decrease of \1 from")),
    (r"\bat (\d+%)", (r"down by \1, at", r"reduced by \1, at", r"down to \1", r"up to \1", r"back to \1")),
    (r"\bat least\b", ("at most", "less than")),
    (r"\blast readings\b", ("first readings", "baseline readings", "best readings")),
)


def inverted_at_the_end(spot: Spot, rng: Random) -> Iterator[str]:
    """A clause at the end says that nothing recovered, or, where that is not what the sentence says, that all did."""
    if "lost to close" not in spot.text.lower():
        yield from _UNRECOVERED(spot, rng)
    if not re.search("return|recover", spot.text, re.IGNORECASE):
        yield from _RECOVERED(spot, rng)


def other_criterion(spot: Spot, rng: Random) -> Iterator[str]:
    """The criterion is another one, of the case or of the field."""
    known = (
        *spot.elsewhere("text", how="verbatim"),
        "amplitude decrease of at least 50% or latency increase of at least 10%",
        "amplitude decrease of at least 80%",
        "any change from baseline",
    )
    if "event.criterion" not in spot.kinds:
        return
    for text in spot.said("text"):
        for match in spot.outside(re.escape(text), re.IGNORECASE):
            yield from (put(match, new) for new in dict.fromkeys(known) if new != text)


def criterion_loosened(spot: Spot, rng: Random) -> Iterator[str]:
    """The criterion has another comparison, connective, parameter, threshold or scope."""
    if "event.criterion" not in spot.kinds:
        return
    table = (
        (r"\bat least\b", ("at most", "more than", "about", "nearly", "")),
        (r"(?<=%) or\b", ("and", "without")),
        (r"\bamplitude\b", ("latency", "area")),
        (r"\blatency\b", ("amplitude", "duration")),
        (r"\b(\d+)%", (r"1\1%", r"30%", r"65%")),
        (r"\bin force\b", ("of the ACNS guideline", "proposed", "usually applied", "of the surgeon")),
        (r"\bloss of the response or\b", ("loss of the response and", "")),
    )
    yield from (text for text in rewrites(table)(spot, rng) if text != spot.text)


def criterion_verdict(spot: Spot, rng: Random) -> Iterator[str]:
    """Whether the criterion was met is told otherwise, in other words."""
    if "event.criterion" not in spot.kinds:
        return
    if re.search(r"\b(?:whether|comput)", spot.text):
        yield from rewrites(
            ((r"\bcannot be\b", ("can be", "was")), (r"\bcannot be computed whether\b", ("is certain that",)))
        )(spot, rng)
        return
    table = (
        (r"\b(?:was|were) met\b", ("was approached", "was not reached", "was missed", "was exceeded by far")),
        (r"\b(?:was|were) not met\b", ("was reached", "was satisfied", "was fulfilled", "was just met")),
        (r"\bmet the criterion\b", ("fell short of the criterion", "approached the criterion")),
    )
    yield from rewrites(table)(spot, rng)


OPERATORS = (
    Operator("status", "another", rewrites(_STATUS)),
    Operator("negation", "negated", rewrites(_NEGATION)),
    Operator("negation", "inverted in other words", rewrites(_INVERSIONS)),
    Operator("negation", "inversion at the end", inverted_at_the_end),
    Operator("direction", "reversed", rewrites(_DIRECTION)),
    Operator("criterion", "another", other_criterion),
    Operator("criterion", "loosened", criterion_loosened),
    Operator("criterion", "met or not", criterion_verdict),
)
