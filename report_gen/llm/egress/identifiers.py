"""What a case must keep to itself, as the egress guard compares it, and the words that are our own.

`report_gen.llm.egress.leaks` says what counts as found and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from report_gen.assets import asset_folder
from report_gen.case.contract.base import Code, Montage, Peak, Slug
from report_gen.case.contract.model import Case
from report_gen.errors import AssetError
from report_gen.facts.catalogue import catalogue
from report_gen.llm.egress.folding import SPACELESS, compounds, scan
from report_gen.llm.question.keys import own_phrases
from report_gen.vocab import names, vocabulary

__all__ = ["PLAIN_ID", "Identifiers", "Leak", "OwnWords", "known_identifiers", "own_words"]


@dataclass(frozen=True, slots=True)
class Leak:
    """Something in a request that must not leave; never what it says."""

    kind: str
    """Of a field: `name`, `identifier`, `reference`, `peak`, `montage`, `text`, `date`, `time`. By its looks alone:
    `digits`, `phone`, `ssn`, `email`, `url`, `calendar_date`, `clock_time`, `age`, `script`."""
    pointer: str = ""
    """JSON pointer of the first field of the case that holds it. Empty: found by its looks alone."""


_Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Identifiers:
    """What a case must keep to itself, ready for comparison. Its `repr` shows nothing of it."""

    tokens: Mapping[str, Leak]
    """Tokens of which one is enough."""
    wholes: Mapping[str, tuple[tuple[int, _Tokens, Leak], ...]]
    """Token sequences by their most telling token, each with the place of that token in it."""
    pieces: Mapping[str, Leak]
    """Neighbouring characters of scripts that are written without spaces."""
    times: Mapping[str, Leak]
    """Clock times of the case as HH:MM."""


class OwnWords(NamedTuple):
    """Our own words, and the phrases they stand in."""

    words: frozenset[str]
    phrases: str
    """Phrases as tokens between spaces, one phrase a line."""


# --- Our own words ---------------------------------------------------------------------------------------------------

# What `brief` writes besides its own keys, the vocabularies' words and what the catalogue of facts holds: the joints of
# a rendering.
_WORDING: Final = """
    after before both changes course facts index its known least lies midline on one order parts
    position post pre present response same side sides status;
    on both sides; side not recorded; at the same time; noticed at once; limb not stated;
    within criterion in of; beyond criterion; improved; present in of; not compared; no value; reduced; larger than
    baseline; above 1000 of baseline percentage not printed;
    suppression ratio; processed eeg index; tof ratio; i iii; i v; of baseline amplitude; not obtained; not
    monitored; absent
"""
_LIKE_NAMES: Final = frozenset({"dose_units"})
"""Vocabularies whose words are surnames as well, such as ng: a dose beside a person so named is kept here, not sent."""
PLAIN_ID: Final = re.compile(r"[A-Za-z]\d{1,2}")
"""The shape of event ids that a brief shows, and of peaks and levels."""


@cache
def _ours() -> OwnWords:
    """Words and phrases of the vocabularies and of the wording of coded facts."""
    phrases = [*_WORDING.split(";"), *own_phrases()]
    for kind in catalogue().values():
        if kind.worded:
            values = (words for name in kind.worded for words in (name, name.replace("_", " ")))
            phrases += [kind.name.replace(".", " "), *values, *kind.status_words.values()]
    for name in names():
        if name in _LIKE_NAMES:
            continue
        for entry in vocabulary(name).entries.values():
            phrases += [entry.code, *entry.printed]
    return _from_phrases(phrases)


def _from_phrases(phrases: Iterable[str]) -> OwnWords:
    scans = [scan(phrase) for phrase in phrases]
    words = frozenset(word for seen in scans for word in seen.words)
    return OwnWords(words, "".join(f" {' '.join(seen.tokens)} \n" for seen in scans))


@cache
def own_words(part: Literal["system", "user"]) -> OwnWords:
    """Our own words with those of the shipped prompts' parts of that name.

    A prompt that cannot be read adds none: more is refused then, not less.
    """
    ours = _ours()
    try:
        texts = [path.read_text(encoding="utf-8") for path in asset_folder("prompts").glob(f"*.{part}.jinja")]
    except (AssetError, OSError, UnicodeDecodeError):
        return ours
    more = _from_phrases(texts)
    return OwnWords(ours.words | more.words, ours.phrases + more.phrases)


# --- What a case must keep to itself ---------------------------------------------------------------------------------


def known_identifiers(case: Case) -> Identifiers:
    """Everything in a case that is no code of a vocabulary, no number and no flag.

    Costs a few milliseconds; make it once for a case and use it for all its requests.
    """
    collector = _Collector()
    collector.walk(case, "", "text")
    wholes: dict[str, list[tuple[int, _Tokens, Leak]]] = {}
    for whole, leak in collector.wholes.items():
        place = max(range(len(whole)), key=lambda index: (whole[index] not in _ours().words, len(whole[index])))
        wholes.setdefault(whole[place], []).append((place, whole, leak))
    indexed = {token: tuple(entries) for token, entries in wholes.items()}
    return Identifiers(collector.tokens, indexed, collector.pieces, collector.times)


@cache
def _uncoded(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Fields of a model that are not coded, each with the kind of its texts."""
    uncoded = []
    for name, info in model.model_fields.items():
        annotation: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
        if not _coded(annotation):
            uncoded.append((name, _kind(name, annotation)))
    return tuple(uncoded)


def _coded(annotation: Any) -> bool:
    """Whether only a code, a number or a flag can stand there."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        return any(isinstance(item, Code) for item in metadata) or _coded(inner)
    if origin is tuple or origin in (Union, UnionType):
        return all(_coded(argument) for argument in get_args(annotation) if argument is not Ellipsis)
    return origin is Literal or annotation in (bool, int, float, type(None))


_PATTERNS: Final[Mapping[str, str]] = {
    str(get_args(form)[1].pattern): kind for form, kind in ((Slug, "reference"), (Peak, "peak"), (Montage, "montage"))
}
_LONGEST_NUMBER: Final = 64
"""Characters up to which a line is a number or code of somebody's and not a sentence."""


def _kind(name: str, annotation: Any) -> str:
    if "name" in name.split("_"):
        return "name"
    form = _constraints(annotation)
    pattern = next((str(constraint.pattern) for constraint in form if getattr(constraint, "pattern", None)), "")
    longest = [constraint.max_length for constraint in form if getattr(constraint, "max_length", None)]
    if pattern in _PATTERNS:
        return _PATTERNS[pattern]
    short = min(longest) <= _LONGEST_NUMBER if longest else bool(pattern)
    return "identifier" if short else "text"


def _constraints(annotation: Any) -> list[Any]:
    """Constraints on the text itself, without those on the tuple around it."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        own = [item for constraint in metadata for item in (constraint, *getattr(constraint, "metadata", ()))]
        below = _constraints(inner)
        of_a_list = any(get_origin(argument) is tuple for argument in (inner, *get_args(inner)))
        return below if of_a_list else [*own, *below]
    if origin is tuple or origin in (Union, UnionType):
        return [item for argument in get_args(annotation) for item in _constraints(argument)]
    return []


_PROSE: Final = ("text", "reference", "peak", "montage")
"""Kinds that are no name or number as a whole; what they hold may be worded like a coded fact."""
_STANDARD_PEAK: Final = re.compile(r"[NP]\d{1,3}[a-c]?'?|[NP][ab]|[IVX]{1,4}|PF|EP|SP|LP|D|CAP|CMAP")
_STANDARD_ELECTRODE: Final = re.compile(
    r"(?:fp|af|fc|ft|cp|tp|po|cv|ep|pf|[acfotplme])(?:z|\d{1,2}s?|[icdp])?|\d{1,2}|ref|erb|erbs|gnd"
)


@dataclass(slots=True)
class _Collector:
    """Gathers identifiers while a case is walked."""

    tokens: dict[str, Leak] = field(default_factory=dict)
    wholes: dict[_Tokens, Leak] = field(default_factory=dict)
    pieces: dict[str, Leak] = field(default_factory=dict)
    times: dict[str, Leak] = field(default_factory=dict)
    _seen: set[object] = field(default_factory=set)
    _ours: OwnWords = field(default_factory=_ours)

    def walk(self, value: object, pointer: str, kind: str) -> None:
        """Record everything uncoded in a value and below it."""
        if isinstance(value, BaseModel):
            for name, its_kind in _uncoded(type(value)):
                inner = getattr(value, name)
                if inner is not None and not (type(inner) is datetime and self._known(inner)):
                    self.walk(inner, f"{pointer}/{name}", its_kind)
        elif isinstance(value, tuple | list | set | frozenset):
            for index, item in enumerate(value):
                self.walk(item, f"{pointer}/{index}", kind)
        elif isinstance(value, Mapping):
            self.walk(tuple(value.items()), pointer, kind)
        else:
            self._add(kind, pointer, value)

    def _known(self, at: datetime) -> bool:
        """Whether both the minute and the day of an instant are known; a long record has thousands of them."""
        return (at.hour, at.minute) in self._seen and (at.year, at.month, at.day) in self._seen

    def _add(self, kind: str, pointer: str, value: object) -> None:
        if isinstance(value, datetime):
            self._seen.add((value.hour, value.minute))
            self.times.setdefault(f"{value.hour:02}:{value.minute:02}", Leak("time", pointer))
            value = value.date()
        known = (value.year, value.month, value.day) if isinstance(value, date) else (kind, value)
        if known in self._seen:
            return
        self._seen.add(known)
        if isinstance(value, date):
            self._day(value, Leak("date", pointer))
        else:
            self._text(kind, str(value), Leak(kind, pointer))

    def _day(self, day: date, leak: Leak) -> None:
        year, month, number = str(day.year), day.month, day.day
        for one in {str(month), f"{month:02}"}:
            for two in {str(number), f"{number:02}"}:
                for order in ((year, one, two), (one, two, year), (two, one, year)):
                    self.wholes.setdefault(order, leak)

    def _text(self, kind: str, text: str, leak: Leak) -> None:
        seen = scan(text)
        if _coded_by_shape(kind, text, seen.tokens):
            return
        for token in seen.tokens:
            self._token(kind, token, leak)
        for parts in compounds(seen.folded):
            word = "".join(parts)
            if word.isalpha() and len(word) > 2 and not self._ours.words.issuperset(parts):
                self._word(word, leak)
        if kind == "reference":
            if any(len(token) > 1 and token.isalpha() and token not in self._ours.words for token in seen.tokens):
                self._as_whole(kind, seen.tokens, leak)
        elif kind in _PROSE:
            if len(seen.tokens) >= 6 and self._ours.words.issuperset(seen.tokens):
                self._whole(seen.tokens, leak)
        else:
            self._as_whole(kind, seen.tokens, leak)

    def _token(self, kind: str, token: str, leak: Leak) -> None:
        characters = SPACELESS.findall(token)
        for one, two in zip(characters, (*characters[1:], characters[0]) if characters else (), strict=True):
            self.pieces.setdefault(one + two if len(characters) > 1 else one, leak)
        if characters:
            return
        prose = kind in _PROSE
        long_enough = len(token) >= (5 if prose else 4) if token.isdigit() else len(token) > 2 or not token.isascii()
        if long_enough and not (prose and PLAIN_ID.fullmatch(token)):
            self._word(token, leak)

    def _word(self, token: str, leak: Leak) -> None:
        if token not in self._ours.words:
            self.tokens.setdefault(token, leak)

    def _as_whole(self, kind: str, tokens: _Tokens, leak: Leak) -> None:
        """Record a name or number as a whole; a name also rotated to begin at each of its later parts."""
        if len(tokens) == 1:
            if tokens[0] not in self._ours.words and not (tokens[0].isdigit() and len(tokens[0]) < 4):
                self.tokens.setdefault(tokens[0], leak)
            return
        turns = range(len(tokens)) if kind == "name" and len(tokens) <= 6 else range(min(1, len(tokens)))
        for turn in turns:
            turned = (*tokens[turn:], *tokens[:turn])
            word = "".join(turned)
            if len(word) < 4 and word.isdigit():
                continue
            self._whole(turned, leak)
            if len(word) > 4 and word.isalpha():
                self._word(word, leak)

    def _whole(self, tokens: _Tokens, leak: Leak) -> None:
        if f" {' '.join(tokens)} " not in self._ours.phrases:
            self.wholes.setdefault(tokens, leak)


def _coded_by_shape(kind: str, text: str, tokens: _Tokens) -> bool:
    """Whether a field without a vocabulary holds what only a code looks like: an id as E1, a peak, a derivation."""
    if kind == "reference":
        return PLAIN_ID.fullmatch(text) is not None
    if kind == "peak":
        return _STANDARD_PEAK.fullmatch(text) is not None
    return kind == "montage" and all(_STANDARD_ELECTRODE.fullmatch(token) for token in tokens)
