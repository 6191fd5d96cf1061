"""Reads a sentence into tokens: terms, numbers with units, times, denials, claims, unknown words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from report_gen.guard.lexicon import Lexicon, Term, lexicon, stem_of
from report_gen.vocab import vocabulary

__all__ = ["Frame", "Mask", "SentenceReading", "Token", "TokenKind", "concepts_of", "hide", "mask_sign", "read"]

TokenKind = Literal["term", "number", "time", "mask", "denial", "plain", "claim", "unknown", "stop"]
MaskKind = Literal["quote", "name", "verbatim", "time"]

_FIRST_MASK: Final = 0xE000
_ALLOWED: Final = re.compile(r"[A-Za-z0-9 .,;:()/%'’\u2018“”\"+\-\u2010\u2011\u2013\u2014\u2212&≥≤×°µ\ue000-\uf8ff]*")
_QUOTES: Final = '“”"\u2018'
_NUMBER_WORDS: Final = {
    word: number
    for number, word in enumerate(
        (
            *(
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
            ),
            *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
        )
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "single": 1}
_DENIALS: Final = frozenset(
    {"no", "not", "none", "never", "neither", "nor", "without", "cannot", "nothing", "nobody", "non", "unable"}
)
_DENIAL_STEMS: Final = ("lack", "fail", "refus", "declin", "absen", "miss")
_SCAN: Final = re.compile(
    r"(?P<mask>[\ue000-\uf8ff])"
    r"|(?P<time>\d{1,2}[:h]\d{2}(?::\d{2})?(?!\d))"
    r"|(?P<ratio>\d+/\d+)"
    r"|(?P<code>(?<![a-z0-9])[a-z]{1,3}\d{1,3}(?:[-/][a-z]{0,2}\d{1,3})?'?(?![a-z0-9]))"
    r"|(?P<number>(?:(?<![\w)])[-+])?\d+(?:\.\d+)?)"
    r"|(?P<word>[a-zµ°%]+(?:/[a-z]+)?)"
    r"|(?P<stop>[.,;:()])"
    r"|(?P<join>[-/&'\"“”×≥≤+])"
)
_UNITS: Final = {
    "percent": "%",
    "minute": "min",
    "minutes": "min",
    "mins": "min",
    "hour": "h",
    "hours": "h",
    "hrs": "h",
    "hr": "h",
    "second": "s",
    "seconds": "s",
    "sec": "s",
    "millisecond": "ms",
    "milliseconds": "ms",
    "microvolt": "µv",
    "microvolts": "µv",
    "uv": "µv",
    "millivolt": "mv",
    "millivolts": "mv",
    "milliampere": "ma",
    "milliamperes": "ma",
    "volt": "v",
    "volts": "v",
    "milliliter": "ml",
    "milliliters": "ml",
    "points": "points",
}
_SECONDS: Final = {"h": 3600, "min": 60, "s": 1}


def mask_sign(index: int) -> str:
    """The sign that stands in the text of a reading for the mask of this index."""
    return chr(_FIRST_MASK + index)


@dataclass(frozen=True, slots=True)
class Mask:
    """Words of the facts that are found as they stand, whatever they say."""

    kind: MaskKind
    """What they are."""
    text: str
    """The words."""


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that a sentence says."""

    kind: TokenKind
    """What sort of thing."""
    raw: str
    """As read, lower case."""
    meanings: tuple[tuple[str, ...], ...] = ()
    """What a term may say; more than one where words are shared."""
    value: str = ""
    """A number with its unit such as `17 %`, seconds of a duration such as `60 sec`, a time, the kind of a claim."""
    mask: int = -1
    """Index of the mask. -1: not one."""
    at: int = 0
    """Place in the sentence that was read."""
    denied: tuple[str, ...] = ()
    """Names of the frames that would explain a denial. Empty: none does."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A denial or an absence that reads as one."""

    name: str
    """Name in ``concepts.toml``."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """A sentence as read."""

    text: str
    """Lower case, masks in place."""
    tokens: tuple[Token, ...]
    """In order."""
    frames: tuple[Frame, ...]
    """In order."""
    strange: bool
    """It holds characters that no report sentence has: look-alikes, controls, markup."""

    def words(self, start: int, end: int) -> tuple[Token, ...]:
        """Tokens between two places."""
        return tuple(token for token in self.tokens if start <= token.at < end)


@cache
def _unit_words() -> frozenset[str]:
    """Units of the vocabularies, lower case."""
    units = {entry.unit for entry in vocabulary("parameters").entries.values()}
    units |= {entry.display for entry in vocabulary("dose_units").entries.values()}
    return frozenset(unit.lower() for unit in units if unit) | {"%", "min", "h", "s", "points", "mac"}


def read(text: str, masks: Sequence[Mask] = ()) -> SentenceReading:
    """What a sentence says.

    Args:
        text: The sentence; slots are filled.
        masks: Words of the facts to find as they stand.
    """
    hidden, strange = hide(text, masks)
    lowered = _plain_signs(hidden).lower()
    words = lexicon()
    raw = list(_scan(lowered))
    frames = _frames(lowered, words)
    tokens = tuple(_tokens(raw, hidden, words, frames))
    return SentenceReading(lowered, tokens, frames, strange)


def concepts_of(text: str) -> frozenset[str]:
    """Concepts of the words of a fact's value; a word that is neither a term nor plain is its own concept."""
    concepts: set[str] = set()
    for token in read(text).tokens:
        if token.kind == "term":
            concepts.update(token.meanings[0])
        elif token.kind in ("claim", "unknown"):
            concepts.add(f"word.{stem_of(token.raw)}")
    return frozenset(concepts)


def hide(text: str, masks: Sequence[Mask]) -> tuple[str, bool]:
    """The sentence with a sign for each mask, and whether strange characters are left."""
    hidden = unicodedata.normalize("NFC", text)
    order = sorted(range(len(masks)), key=lambda index: -len(masks[index].text))
    strange = any(_FIRST_MASK <= ord(char) <= 0xF8FF for char in hidden)
    for index in order:
        sign = mask_sign(index)
        mask = masks[index]
        words = unicodedata.normalize("NFC", mask.text)
        if mask.kind == "quote":
            hidden = _quoted(hidden, words, sign)
        elif mask.kind == "verbatim":
            pattern = re.escape(words).replace("−", "[−-]")
            hidden = re.sub(rf"[“\"]?(?<!\w){pattern}(?!\w)[”\"]?", f" {sign} ", hidden, flags=re.IGNORECASE)
        else:
            hidden = re.sub(rf"(?<![\w:]){re.escape(words)}(?![\w]|:\d)", f" {sign} ", hidden)
    left = hidden.replace("μ", "µ")
    return left, strange or _ALLOWED.fullmatch(left) is None or any(quote in left for quote in _QUOTES)


def _quoted(text: str, words: str, sign: str) -> str:
    """A person's own words hidden where they are marked as such: by quotation marks, or set apart in brackets."""

    def swap(match: re.Match[str]) -> str:
        marked = match[1] and match[2]
        opened = text.count("(", 0, match.start()) - text.count(")", 0, match.start()) > 0
        return f" {sign} " if marked or (opened and not match[1] and not match[2]) else match[0]

    return re.sub(rf"([“\"]?)(?<!\w){re.escape(words)}(?!\w)([”\"]?)", swap, text)


def _plain_signs(text: str) -> str:
    table = {"’": "'", "\u2018": "'", "−": "-", "–": "-", "\u2014": ";", "\u2010": "-", "\u2011": "-"}
    swapped = "".join(table.get(char, char) for char in text)
    return re.sub(r"n't\b", " not", swapped)


def _scan(text: str) -> Iterator[tuple[str, str, int]]:
    for match in _SCAN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "word":
            yield from _word_parts(match.group(), match.start())
        else:
            yield kind, match.group(), match.start()


def _word_parts(word: str, start: int) -> Iterator[tuple[str, str, int]]:
    """A word; a unit with a stroke stays whole, other strokes part words."""
    if "/" not in word or word in _unit_words():
        yield "word", word, start
        return
    for part in re.finditer(r"[^/]+", word):
        yield "word", part.group(), start + part.start()


def _frames(text: str, words: Lexicon) -> tuple[Frame, ...]:
    """Every frame that reads in the sentence; which of them a denial may use, the facts say."""
    frames = [
        Frame(name, match.start(), match.end()) for name, pattern in words.frames for match in pattern.finditer(text)
    ]
    return tuple(sorted(frames, key=lambda frame: frame.start))


def _denies(word: str) -> bool:
    return word in _DENIALS or word.startswith(_DENIAL_STEMS)


def _tokens(
    raw: Sequence[tuple[str, str, int]], hidden: str, words: Lexicon, frames: Sequence[Frame]
) -> Iterator[Token]:
    items = [item for item in raw if item[0] != "join"]
    index = 0
    while index < len(items):
        kind, word, at = items[index]
        used, token = 1, Token("stop", word, at=at)
        if kind == "mask":
            token = Token("mask", word, mask=ord(word) - _FIRST_MASK, at=at)
        elif kind == "time":
            token = Token("time", word, value=word, at=at)
        elif kind == "ratio":
            token = Token("number", word, value=word, at=at)
        elif kind == "code":
            used, token = _code(items, index, hidden, words)
        elif kind == "number":
            used, token = _number(items, index)
        elif kind == "word":
            used, token = _word(items, index, hidden, words, frames)
        yield token
        index += used


def _code(items: Sequence[tuple[str, str, int]], index: int, hidden: str, words: Lexicon) -> tuple[int, Token]:
    """A level, a root, a peak, an event: letters with a number."""
    term, used = _term(items, index, hidden, words)
    _, word, at = items[index]
    if term:
        return used, Token("term", word, term, at=at)
    first, *rest = re.split(r"[-/]", word)
    letters = re.match(r"[a-z]*", first)
    names = [first, *(part if part[0].isalpha() else f"{letters.group() if letters else ''}{part}" for part in rest)]
    return 1, Token("term", word, (tuple(f"code.{name.rstrip(chr(39))}" for name in names),), at=at)


def _number(items: Sequence[tuple[str, str, int]], index: int) -> tuple[int, Token]:
    amount, unit, used = _amount(items, index)
    word, at = items[index][1], items[index][2]
    if unit not in _SECONDS:
        return used, Token("number", word, value=f"{amount} {unit}".strip(), at=at)
    seconds = Decimal(amount) * _SECONDS[unit]
    step = index + used
    if step < len(items) and items[step][1] == "and":
        step += 1
    while step < len(items) and items[step][0] in ("number", "word"):
        more, next_unit, count = _amount(items, step)
        if next_unit not in _SECONDS or _SECONDS[next_unit] >= _SECONDS[unit]:
            break
        seconds, unit, used = seconds + Decimal(more) * _SECONDS[next_unit], next_unit, step + count - index
        step = index + used
    return used, Token("number", word, value=f"{seconds.normalize():f} sec", at=at)


def _amount(items: Sequence[tuple[str, str, int]], index: int) -> tuple[str, str, int]:
    """A number, its unit and how many items they take; the number is empty when there is none."""
    kind, word, _ = items[index]
    used = 1
    if kind == "number":
        amount = f"{Decimal(word).normalize():f}"
    elif word in _NUMBER_WORDS:
        number = _NUMBER_WORDS[word]
        following = items[index + 1][1] if index + 1 < len(items) else ""
        if number >= 20 and 0 < _NUMBER_WORDS.get(following, 0) < 10:
            number, used = number + _NUMBER_WORDS[following], 2
        amount = str(number)
    else:
        return "0", "", 1
    if index + used < len(items) and items[index + used][0] == "word":
        unit = items[index + used][1]
        known = _UNITS.get(unit, unit if unit in _unit_words() else "")
        if unit == "h" and index + used + 1 < len(items) and items[index + used + 1][1].startswith("reflex"):
            known = ""
        if known:
            return amount, known, used + 1
    return amount, "", used


def _word(
    items: Sequence[tuple[str, str, int]], index: int, hidden: str, words: Lexicon, frames: Sequence[Frame]
) -> tuple[int, Token]:
    _, word, at = items[index]
    term, used = _term(items, index, hidden, words)
    if term:
        return used, Token("term", word, term, at=at)
    if word in _NUMBER_WORDS:
        return _number(items, index)
    claim, count = _claim(items, index, words)
    if claim and not _denies(word) and not (count == 0 and word in words.plain):
        return max(count, 1), Token("claim", word, value=claim, at=at)
    if _denies(word):
        covering = tuple(frame.name for frame in frames if frame.start <= at < frame.end)
        return 1, Token("denial", word, denied=covering, at=at)
    return 1, Token("plain" if word in words.plain else "unknown", word, at=at)


def _term(
    items: Sequence[tuple[str, str, int]], index: int, hidden: str, words: Lexicon
) -> tuple[tuple[tuple[str, ...], ...], int]:
    """What the longest phrase at this place says, in all its senses, and how many items it takes."""
    if items[index][1] == "both" and _joins_values(items, index):
        return (("filler",),), 1
    terms: list[Term] = []
    for term in words.terms.get(items[index][1], ()):
        if terms and len(term.words) < len(terms[0].words):
            break
        if _matches(term, items, index, hidden):
            terms.append(term)
    if not terms:
        terms = [term for stem, term in words.stems if items[index][1].startswith(stem)]
    if not terms:
        return (), 1
    return tuple(dict.fromkeys(term.concepts for term in terms)), len(terms[0].words)


def _matches(term: Term, items: Sequence[tuple[str, str, int]], index: int, hidden: str) -> bool:
    if index + len(term.words) > len(items):
        return False
    for offset, word in enumerate(term.words):
        _, there, at = items[index + offset]
        if there != word:
            return False
        if term.capitals_only and len(word) < 4 and not hidden[at : at + len(word)].isupper():
            return False
    return True


def _joins_values(items: Sequence[tuple[str, str, int]], index: int) -> bool:
    """Whether `both` joins what follows (`both L PTN and R PTN`, `were both absent`) and names no side."""
    following = items[index + 1][1] if index + 1 < len(items) else ""
    before = items[index - 1][1] if index else ""
    return following in ("l", "r", "left", "right") or before in ("were", "are")


def _claim(items: Sequence[tuple[str, str, int]], index: int, words: Lexicon) -> tuple[str, int]:
    """The kind of a forbidden phrase and how many items it takes; 0 items for a stem, which a plain word may share."""
    for phrase, kind in words.claims.get(items[index][1], ()):
        there = tuple(item[1] for item in items[index : index + len(phrase)])
        if there == phrase:
            return kind, len(phrase)
    for stem, kind in words.claim_stems:
        if items[index][1].startswith(stem):
            return kind, 0
    return "", 0
