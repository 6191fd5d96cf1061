"""Judges a wording of one unit, or of a few, against its facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from report_gen.draft.passages import Unit
from report_gen.facts.model import Facts
from report_gen.guard.bindings import misplaced
from report_gen.guard.expect import expectation, units_masks
from report_gen.guard.expectation import TIME_WORDS, Expectation
from report_gen.guard.lexicon import stem_of
from report_gen.guard.reading import Mask, SentenceReading, Token, hide, read

__all__ = ["LONGEST", "Refusal", "judge"]

LONGEST: Final = 300
"""Characters of a sentence's own words, names and quotations left out."""
_BESIDE: Final = frozenset({"under", "over", "off", "past", "by"})
"""Words before a number that make it another one."""
_COUNTED: Final = frozenset({"response", "responses", "reading", "readings", "trace", "traces"})
_SPARE_SENTENCES: Final = 2
"""How many sentences more than units a wording may have; none twice."""
_MOST_UNITS: Final = 4
"""How many units one wording may join; there are too many ways to part more."""
_MOST_SPLITS: Final = {2: 16, 3: 12, 4: 9}
"""Places looked at for parting a wording of so many units; more would cost more than a template sentence is worth."""
_SPLIT: Final = re.compile(r"[;,.]\s+|\s(?=(?:and|then|while|when|with|after|before|where|whereupon|which)\s)")
_ASIDE: Final = re.compile(r"\((?:limb|side|role) not \w+\)")
"""Parts of a name, such as `SSEP (limb not stated)`."""
_IN_NAMES: Final = frozenset({"side", "limb", "role"})
_CLOSING: Final = re.compile(r"[.!)”\ue000-\uf8ff]$")
_FEWEST_WORDS: Final = 3
_SHARED: Final = frozenset({"tell", "baseline"})
"""What two units may say once for both, besides who and when; a number or an answer stands with each."""
_OPENING: Final = re.compile(r"[A-Za-z0-9“(\ue000-\uf8ff]")
_SIDES: Final = frozenset({"left", "right", "both", "midline"})
_ABSENT_WORDS: Final = {
    "time": TIME_WORDS,
    "acknowledge": frozenset({"acknowledge"}),
    "side": frozenset({"side", "sides", "laterality"}),
    "role": frozenset({"role", "roles"}),
    "reason": frozenset({"reason", "reasons"}),
    "limb": frozenset({"limb", "limbs"}),
    "return": frozenset({"resolution", "resolved", "return"}),
    "retest": frozenset({"retest"}),
    "action": frozenset({"intervention", "interventions", "action", "actions", "done"}),
    "tell": frozenset({"tell"}),
    "context": frozenset({"context", "circumstances", "setting", "step", "situation"}),
    "review": frozenset({"review"}),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a wording does not stand."""

    reason: str
    """Code such as `number`, `side`, `status`, `missing`, `unknown_word`."""
    word: str = ""
    """The word at fault, out of the lexicon or the sentence; empty where none is. Never logged."""


@dataclass(frozen=True, slots=True)
class _PartVerdict:
    """Faults and omissions of one part of a wording."""

    faults: tuple[Refusal, ...]
    """Everything but what is missing."""
    missing: tuple[str, ...]
    """What the facts ask for and the part does not say."""
    said: frozenset[str]
    """Of what the facts ask for, what it says and another part need not say again."""


def judge(
    texts: Sequence[str], units: Sequence[Unit], facts: Facts, *, late: Callable[[], bool] | None = None
) -> tuple[Refusal, ...]:
    """Why these sentences do not state exactly what these units state; empty when they do.

    Args:
        texts: Sentences in order, slots filled, that together word the units.
        units: The units, in printing order.
        facts: All facts of the case.
        late: Whether there is no time left to try another way to part a wording; what is not proved by then is
            refused. None: there is time enough.
    """
    if len(texts) > len(units) + _SPARE_SENTENCES or len(set(texts)) < len(texts):
        return (Refusal("length"),)
    if len(units) > _MOST_UNITS:
        return (Refusal("group"),)
    expected = [expectation(unit, facts) for unit in units]
    for text in texts:
        hidden = hide(text, units_masks(expected))[0].strip()
        if len(hidden) > LONGEST:
            return (Refusal("length"),)
        if not _OPENING.match(hidden) or not _CLOSING.search(hidden) or len(hidden.split()) < _FEWEST_WORDS:
            return (Refusal("characters"),)
    text = " ".join(text.strip() for text in texts)
    if len(expected) == 1:
        verdict = _verdict(text, expected[0])
        return (*verdict.faults, *(Refusal("missing", item) for item in verdict.missing))
    return _joined(text, expected, late)


def _joined(text: str, expected: Sequence[Expectation], late: Callable[[], bool] | None) -> tuple[Refusal, ...]:
    """A wording of several units stands when it can be parted so that each part words its unit."""
    masks = units_masks(expected)
    hidden, strange = hide(text, masks)
    if strange:
        return (Refusal("characters"),)
    whole = hidden.lower()
    if any(re.search(pattern, whole) for one in expected for pattern in one.barred):
        return (Refusal("status"),)
    places = [match.end() for match in _SPLIT.finditer(hidden)][: _MOST_SPLITS[len(expected)]]
    known: dict[tuple[int, int, int], _PartVerdict] = {}
    best: tuple[Refusal, ...] = (Refusal("group"),)
    fewest = 99
    for cuts in combinations(places, len(expected) - 1):
        if late is not None and late():
            return (Refusal("time"),)
        faults = _parted(hidden, cuts, expected, masks, known)
        if not faults:
            return ()
        if len(faults) < fewest:
            best, fewest = faults, len(faults)
    return best


def _parted(
    hidden: str,
    cuts: Sequence[int],
    expected: Sequence[Expectation],
    masks: Sequence[Mask],
    known: dict[tuple[int, int, int], _PartVerdict],
) -> tuple[Refusal, ...]:
    """Faults of one way to part a wording; what two units have alike may be said once for both."""
    verdicts: list[_PartVerdict] = []
    for place, (start, end) in enumerate(zip((0, *cuts), (*cuts, len(hidden)), strict=True)):
        key = (place, start, end)
        if key not in known:
            known[key] = _verdict(_shown(hidden[start:end], masks), expected[place])
        verdicts.append(known[key])
    faults: list[Refusal] = []
    for index, verdict in enumerate(verdicts):
        elsewhere = frozenset().union(*(other.said for place, other in enumerate(verdicts) if place != index))
        faults.extend(verdict.faults)
        faults.extend(Refusal("missing", item) for item in verdict.missing if item not in elsewhere)
    return tuple(faults)


def _shown(hidden: str, masks: Sequence[Mask]) -> str:
    """A part of a sentence with the masked words restored."""
    for index, mask in enumerate(masks):
        words = f"“{mask.text}”" if mask.kind == "quote" else mask.text
        hidden = hidden.replace(chr(0xE000 + index), words)
    return hidden


def _verdict(text: str, expected: Expectation) -> _PartVerdict:
    reading = read(text, expected.masks)
    if reading.strange:
        return _PartVerdict((Refusal("characters"),), (), frozenset())
    concepts: set[str] = set()
    numbers: set[str] = set()
    faults = list(_unlicensed(reading, expected, concepts, numbers))
    frames = _frames_said(reading, expected)
    missing = list(_missing(reading, expected, concepts, numbers, frames))
    absent = list(_absent(reading, expected))
    faults.extend(Refusal(reason) for reason in misplaced(reading, expected))
    faults.extend(absent)
    faults.extend(_denials(reading, expected))
    if expected.together & concepts and not expected.together <= concepts:
        faults.append(Refusal("missing", "together"))
    if expected.ors >= 0 and sum(token.raw == "or" for token in reading.tokens) > expected.ors:
        faults.append(Refusal("status", "or"))
    shared = {mask.text for mask in expected.masks if mask.kind in ("name", "time")}
    shared |= {name for name in expected.concepts if name in _SHARED or name.startswith("roles.")}
    return _PartVerdict(tuple(faults), tuple(missing), frozenset(shared - set(missing)))


def _unlicensed(
    reading: SentenceReading, expected: Expectation, concepts: set[str], numbers: set[str]
) -> Iterator[Refusal]:
    """Refusals of words that the facts do not support; adds the supported ones to `concepts` and `numbers`."""
    licensed = expected.licensed | expected.concepts
    licensed = licensed.union(*expected.either)
    named: frozenset[str] = frozenset().union(*expected.absent)
    for index, token in enumerate(reading.tokens):
        before = reading.tokens[index - 1].raw if index else ""
        following = reading.tokens[index + 1].raw if index + 1 < len(reading.tokens) else ""
        if token.kind == "number" and (before in _BESIDE or (token.raw == "one" and following in _COUNTED)):
            yield Refusal("number", token.raw)
        elif token.kind == "time":
            yield Refusal("time", token.raw)
        elif token.kind == "number":
            if token.value in expected.numbers | expected.spare_numbers or _is_pronoun(token, expected):
                numbers.add(token.value)
            else:
                yield Refusal(_number_reason(token.value, expected), token.raw)
        elif token.kind != "denial" or not set(token.denied) & _frames_allowed(expected):
            names, reason = _word(token, licensed, named)
            concepts.update(names)
            if reason:
                yield Refusal(reason, token.raw)


def _denials(reading: SentenceReading, expected: Expectation) -> Iterator[Refusal]:
    """No more denials than the facts hold, and each where it belongs: in every part that says what is denied."""
    asides = [match.span() for match in _ASIDE.finditer(reading.text)]
    denials = sum(
        token.kind == "denial" and not any(start <= token.at < end for start, end in asides) for token in reading.tokens
    )
    in_names = sum(named <= _IN_NAMES for named in expected.absent) if asides else 0
    if denials > expected.denials + len(expected.absent) - in_names:
        yield Refusal("negation")
    for concept, pattern in expected.denied.items():
        for start, end in _parts(reading):
            named = any(token.kind == "term" and (concept,) in token.meanings for token in reading.words(start, end))
            if named and not re.search(pattern, reading.text[start:end]):
                yield Refusal("negation", concept)


def _parts(reading: SentenceReading) -> Iterator[tuple[int, int]]:
    start = 0
    for token in reading.tokens:
        if token.raw in (".", ";"):
            yield start, token.at
            start = token.at
    yield start, len(reading.text)


def _word(token: Token, licensed: Set[str], named: Set[str]) -> tuple[Iterable[str], str]:
    """The concepts of a word that the facts support, or why it may not stand."""
    own = f"word.{stem_of(token.raw)}"
    if token.kind == "term":
        rights = [meaning for meaning in token.meanings if set(meaning) <= licensed | named]
        reason = "" if rights or own in licensed else _term_reason(token.meanings[0])
        return [name for meaning in rights for name in meaning], reason
    if token.kind in ("mask", "plain", "stop"):
        return (), ""
    if own in licensed or token.raw in named:
        return (own,), ""
    return (), {"denial": "negation", "unknown": "unknown_word"}.get(token.kind, token.value)


def _is_pronoun(token: Token, expected: Expectation) -> bool:
    """`one` counts nothing where the facts count nothing."""
    counted = any(value.isdigit() for value in expected.numbers | expected.spare_numbers)
    bound = bool(expected.pairs or expected.roles or "exclude" in expected.concepts)
    return token.raw == "one" and token.value == "1" and not counted and not bound


def _number_reason(value: str, expected: Expectation) -> str:
    amount = value.partition(" ")[0]
    known = expected.numbers | expected.spare_numbers
    return "unit" if any(other.partition(" ")[0] == amount for other in known) else "number"


def _term_reason(meaning: Sequence[str]) -> str:
    first = meaning[0]
    if first in _SIDES:
        return "side"
    kind = first.partition(".")[0]
    by_kind = {"muscles": "site", "nerves": "site", "electrode_sites": "site", "code": "level", "roles": "who"}
    if kind in by_kind:
        return by_kind[kind]
    if kind == "modalities" or first in ("ssep", "mep", "emg", "free_run", "triggered", "limb_upper", "limb_lower"):
        return "modality"
    return "agent" if kind == "agents" else "status"


def _frames_allowed(expected: Expectation) -> set[str]:
    allowed = expected.frames | expected.spare_frames
    for one in expected.either:
        allowed |= one
    return allowed | ({"not_recorded"} if expected.absent else set())


def _frames_said(reading: SentenceReading, expected: Expectation) -> set[str]:
    """Frames that explain a denial, or stand without one, and that the facts allow."""
    allowed = _frames_allowed(expected)
    return {frame.name for frame in reading.frames if frame.name in allowed}


def _missing(
    reading: SentenceReading, expected: Expectation, concepts: set[str], numbers: set[str], frames: set[str]
) -> Iterator[str]:
    masks = {token.mask for token in reading.tokens if token.kind == "mask"}
    yield from (mask.text for index, mask in enumerate(expected.masks) if index not in masks)
    yield from sorted(expected.numbers - numbers)
    yield from sorted(expected.concepts - concepts)
    yield from sorted(expected.frames - frames)
    yield from ("|".join(sorted(one)) for one in expected.either if not one & (concepts | frames))


def _absent(reading: SentenceReading, expected: Expectation) -> Iterator[Refusal]:
    """What the sentence says is not recorded must be what is not recorded, and all of it."""
    wanted = {_absent_name(named) for named in expected.absent}
    aspects: set[str] = set()
    last = 0
    for frame in (frame for frame in reading.frames if frame.name == "not_recorded"):
        if not wanted:
            break
        names = _named_absent(reading, last, frame.start, frame.end)
        aspects |= names or _aspects(reading.words(0, frame.start)) - aspects
        last = frame.end
    for name in sorted(wanted - aspects):
        yield Refusal("missing", f"not recorded: {name}")
    if wanted and aspects - wanted:
        yield Refusal("status", "not recorded")


def _absent_name(named: frozenset[str]) -> str:
    return next((name for name, words in _ABSENT_WORDS.items() if named & words), "time")


def _named_absent(reading: SentenceReading, last: int, start: int, end: int) -> set[str]:
    """Names of what is `not recorded`: the words inside it, else those of its clause before it, else those after it."""
    clause = max(
        (token.at + 1 for token in reading.tokens if token.kind == "stop" and last <= token.at < start), default=last
    )
    if " nor " in reading.text[start:end]:
        return _aspects(reading.words(clause, end))
    for low, high in ((start, end), (clause, start), (end, len(reading.text)), (last, start)):
        names = _aspects(reading.words(low, high))
        if names:
            return names
    return set()


def _aspects(tokens: Sequence[Token]) -> set[str]:
    words = {token.raw for token in tokens}
    concepts = {name for token in tokens if token.kind == "term" for meaning in token.meanings for name in meaning}
    names = {name for name, marks in _ABSENT_WORDS.items() if marks & (words | concepts)}
    if "time" in names and not words & {"and", "or", "nor"}:
        return {"time"}
    return names
