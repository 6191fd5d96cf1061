"""The egress guard: looks at every finished request, and nothing that could name a person leaves the machine.

`brief` sends coded facts only; this module does not trust it. It knows the case: whatever the contract does not mark as
a code of a vocabulary, a number or a flag is an identifier; so is a field added to the contract later, until it is
coded. Three sorts of field have no vocabulary and yet a coded shape, in which they may leave: an event id such as `E1`,
a peak, a derivation.

What counts as found:

- A token of an identifier that is none of our own words: one such token is enough. Tokens are compared after NFKC, case
  folding, and the removal of marks and invisible characters; text is split at whatever is no letter or digit, and read
  once more with words joined that a hyphen or an apostrophe parts.
- A name or number as a whole, a name also from its later parts on (surname first), where its tokens say nothing by
  themselves: tokens of one or two letters, and tokens that are our own words. Our own words are those of the
  vocabularies, of the fixed prompt, and of the wording of coded facts. They stand in most requests, so a surgeon named
  Left or Rod is found by the other name, or by both together. One whose whole recorded name is `Surgeon` or `Surgical
  team` is never found: nothing tells the name from the role, and the request says no more than the role.
- Six or more words of a person's own text, whole, where all of them are our own words; shorter texts are how a coded
  fact is worded too.
- Any two neighboring characters of an identifier in Chinese, Japanese, Korean, Thai, Lao, Khmer or Burmese.
- Whatever looks like a date, a clock time, an age over 89, six digits in a row, a telephone or social security number,
  an e-mail or web address, or is written in a script of which our words have none, whatever the case.

Not found: a year alone and numbers of fewer than four digits, which are values everywhere; another transliteration
(`Mueller` for `Müller`), a nickname, a misspelling; a surname that is one of our own words and stands alone.

A false alarm costs the model's wording of one request; the report is the same without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from report_gen.llm.egress.folding import SPACELESS, Scan, readings
from report_gen.llm.egress.identifiers import Identifiers, Leak, OwnWords, known_identifiers, own_words
from report_gen.llm.port import Ask, EndpointError, Outcome

__all__ = ["Identifiers", "Leak", "check", "guard_request", "known_identifiers", "leaks"]

_OURS_BY_SHAPE: Final = re.compile(r'\{[tnq]\d{1,3}\}|"f\d{1,3}"')
"""Slots and unit keys of a brief."""
_KEY: Final = re.compile(r"f\d{1,3}")
_OTHER_SCRIPT: Final = re.compile("[^\u0000-\u03ff\u1e00-\u1eff\u2000-\u2bff\ufffd]|[\u0370-\u03ff]{2}")
"""No Latin, sign or single Greek letter."""

_MONTHS: Final = frozenset(
    f"{short}{rest}"
    for short, *more in (
        ("jan", "uary"),
        ("feb", "ruary"),
        ("mar", "ch"),
        ("apr", "il"),
        ("may",),
        ("jun", "e"),
        ("jul", "y"),
        ("aug", "ust"),
        ("sep", "t", "tember"),
        ("oct", "ober"),
        ("nov", "ember"),
        ("dec", "ember"),
    )
    for rest in ("", *more)
)
_MONTH: Final = f"(?:{'|'.join(sorted(_MONTHS, reverse=True))})"
_NUMBERED: Final = re.compile(r"\d(?:[:h]\d|\d{3}|([/.-])\d{1,3}\1\d|[\d ()/.-]{6}| ?[ap]\.?m|[ -]?y)")
"""What every pattern that begins with a number needs; the patterns themselves cost ten times as much."""
_AGES: Final = frozenset(("age", "aged"))
_SITES: Final = frozenset(("www", "com", "org", "net", "edu", "gov", "io", "health", "local"))
_LOOKS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("clock_time", r"(?<![\d.:])(?:[01]?\d|2[0-4])(?::|h)[0-5]\d(?!\d)"),
        ("clock_time", r"\b\d{1,2} ?[ap]\.?m\b|(?<!\d)(?:[01]\d|2[0-4])[0-5]\d ?(?:h|hrs?|hours)\b"),
        ("calendar_date", r"(?<!\d)(?:1[89]|2[01])\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d)"),
        ("calendar_date", r"(?<![\d.])\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})(?![\d.])"),
        ("ssn", r"(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)"),
        ("phone", r"(?<!\d)(?:\(\d{3}\)|\d{3})[ ./-]{0,2}\d{3}[ ./-]\d{4}(?!\d)|\+\d[\d ()/.-]{6,}\d"),
        ("phone", r"(?<![\d.])\d{3}-\d{4}(?!\d| ?(?:hz|ms|uv|us|ma|v|%))"),
        ("digits", r"\d{6}"),
        ("age", r"(?<![\d.])(?:9\d|1[0-3]\d)[ -]?(?:years?|yrs?|y/?o)\b"),
        ("url", r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"),
    )
)
_DAY_AND_MONTH: Final = re.compile(
    rf"\b{_MONTH}\.? \d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?[ .-]{{0,2}}(?:of )?{_MONTH}\b"
)
_OLD_AGE: Final = re.compile(r"\bage[d]?(?:_years)?\W{1,4}(?:9\d|1[0-3]\d)\b")
_MAIL: Final = re.compile(r"[\w.+%-]@[\w-]")
_SITE: Final = re.compile(r"://|\bwww\.|[a-z0-9]\.(?:com|org|net|edu|gov|io|health|local)\b")


def check(texts: Iterable[str], identifiers: Identifiers) -> tuple[Leak, ...]:
    """Identifiers in some texts, each field or kind once; empty when the texts may be sent.

    The texts are taken for variable ones: of the shipped prompts, only the words of the `user` parts count as ours.
    """
    leaked: dict[Leak, None] = {}
    ours = own_words("user")
    for text in texts:
        scans = readings(_OURS_BY_SHAPE.sub(" ", text))
        leaked.update(dict.fromkeys(_known(scans, identifiers, ours)))
        leaked.update((Leak(kind), None) for scan in scans for kind in _other_looks(scan))
    return tuple(leaked)


def leaks(ask: Ask, identifiers: Identifiers) -> tuple[Leak, ...]:
    """Identifiers in a question, its ids included; empty when it may be asked.

    The words of the shipped `system` prompts count as ours in its system message alone.
    """
    fixed = _known(_readings_of_fixed(ask.system), identifiers, own_words("system"))
    looks = map(Leak, _looks_of_fixed(ask.system))
    keys = (key for key in ask.fact_ids if not _KEY.fullmatch(key))
    return tuple(dict.fromkeys((*fixed, *looks, *check((ask.id, ask.user, *keys), identifiers))))


def guard_request(ask: Ask, identifiers: Identifiers) -> None:
    """Refuse a question that holds anything that must not leave.

    Raises:
        EndpointError: With `Outcome.EGRESS`; it says nothing of what was found. `leaks` says where.
    """
    if leaks(ask, identifiers):
        raise EndpointError(Outcome.EGRESS)


@lru_cache(maxsize=4)
def _readings_of_fixed(text: str) -> tuple[Scan, ...]:
    """The readings of a text that is the same in every request."""
    return readings(text)


@lru_cache(maxsize=4)
def _looks_of_fixed(text: str) -> tuple[str, ...]:
    return tuple(kind for scan in _readings_of_fixed(text) for kind in _other_looks(scan))


def _known(texts: Sequence[Scan], identifiers: Identifiers, ours: OwnWords) -> Iterator[Leak]:
    for scan in texts:
        for token in identifiers.tokens.keys() & scan.words:
            if token not in ours.words:
                yield identifiers.tokens[token]
        yield from _whole_ones(scan, identifiers, ours)
        yield from _pieces(scan.folded, identifiers)
        yield from _numbers(scan.folded, identifiers)


def _whole_ones(scan: Scan, identifiers: Identifiers, ours: OwnWords) -> Iterator[Leak]:
    tokens, telling = scan.tokens, identifiers.wholes.keys() & scan.words
    if not telling:
        return
    for index, token in enumerate(tokens):
        if token in telling:
            for place, whole, leak in identifiers.wholes[token]:
                start = index - place
                if (
                    start >= 0
                    and tokens[start : start + len(whole)] == whole
                    and f" {' '.join(whole)} " not in ours.phrases
                ):
                    yield leak


def _pieces(folded: str, identifiers: Identifiers) -> Iterator[Leak]:
    if folded.isascii() or not identifiers.pieces:
        return
    characters = SPACELESS.findall(folded)
    pairs = {one + two for one, two in pairwise(characters)}
    for piece in identifiers.pieces.keys() & {*characters, *pairs}:
        yield identifiers.pieces[piece]


def _numbers(folded: str, identifiers: Identifiers) -> Iterator[Leak]:
    if not _NUMBERED.search(folded):
        return
    for kind, pattern in _LOOKS:
        for match in pattern.finditer(folded):
            yield Leak(kind)
            if kind == "clock_time":
                known = identifiers.times.get(match.group().replace("h", ":").zfill(5))
                if known is not None:
                    yield known


def _other_looks(scan: Scan) -> Iterator[str]:
    """Kinds that are recognized by words; a text without such words is not searched."""
    folded, words = scan.folded, scan.words
    if words & _MONTHS and _DAY_AND_MONTH.search(folded):
        yield "calendar_date"
    if words & _AGES and _OLD_AGE.search(folded):
        yield "age"
    if "@" in folded and _MAIL.search(folded):
        yield "email"
    if ("://" in folded or words & _SITES) and _SITE.search(folded):
        yield "url"
    if not folded.isascii() and _OTHER_SCRIPT.search(folded):
        yield "script"
