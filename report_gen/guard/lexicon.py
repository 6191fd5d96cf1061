"""The words that the guard can read: terms of the vocabularies, synonyms, plain words, and words never to be said."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from report_gen.errors import AssetError
from report_gen.vocab import Entry, Muscle, vocabulary

__all__ = ["Lexicon", "Term", "lexicon", "lexicon_digest", "stem_of", "words_of"]

_FOLDER = Path(__file__).parent / "lexicon"
_WORD = re.compile(r"[a-z0-9µ°]+'?|[^\sa-z0-9]")
_HYPHENS = re.compile(r"[-\u2010\u2011\u2013/]")

_SITES: Final = ("muscles", "nerves", "electrode_sites")
_WHOLE: Final = ("agents", "roles")
"""Vocabularies whose terms stand for one thing each; the others' terms are read word by word."""
_SHARED: Final = "RLN EMG"
"""A synonym of one modality that is part of another's name."""


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase and the concepts that it states."""

    words: tuple[str, ...]
    """Lower-case words; a trailing `*` ends a stem."""
    concepts: tuple[str, ...]
    """Concepts that it states, such as `down` or `muscles.tibialis_anterior`."""
    capitals_only: bool = False
    """Whether the term counts only when written in capitals."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms, phrases and patterns that the guard reads with."""

    terms: Mapping[str, tuple[Term, ...]]
    """Phrases by first word, longest first."""
    stems: tuple[tuple[str, Term], ...]
    """Phrases whose first word is a stem."""
    claims: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    """Forbidden phrases with their kind, by first word, longest first."""
    claim_stems: tuple[tuple[str, str], ...]
    """Forbidden stems with their kind."""
    plain: frozenset[str]
    """Words that state nothing by themselves."""
    frames: tuple[tuple[str, re.Pattern[str]], ...]
    """Denials and absences."""


_ENDINGS: Final = (
    *("ations", "ation", "ating", "ated", "ates", "ate", "ions", "ion"),
    *("ings", "ing", "ies", "ied", "ed", "es", "y", "e", "s"),
)


def stem_of(word: str) -> str:
    """A word without its ending, so that `derotation` and `derotated` are one; short words keep theirs."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words of a phrase; hyphens and strokes part them."""
    return tuple(_WORD.findall(_HYPHENS.sub(" ", text.lower())))


def _toml(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssetError(
            "assets.lexicon", f"the guard's {name} is missing or damaged; install report_gen again"
        ) from error


def _plain() -> frozenset[str]:
    try:
        return frozenset((_FOLDER / "plain.txt").read_text(encoding="utf-8").split())
    except OSError as error:
        raise AssetError("assets.lexicon", "the guard's plain.txt is missing; install report_gen again") from error


def _vocabulary_terms() -> Iterable[Term]:
    for name in (*_SITES, *_WHOLE):
        for entry in vocabulary(name).entries.values():
            if entry.code in ("other", "not_recorded") or (isinstance(entry, Muscle) and entry.several):
                continue
            forms = [entry.display, *entry.synonyms]
            if name == "nerves":
                forms.append(entry.display.removesuffix(" nerve"))
            if name == "muscles":
                forms.append(entry.display.removesuffix(" muscles"))
            capitals_only = name in _SITES and not (entry.abbreviation or "").islower()
            yield from _forms(entry, forms, f"{name}.{entry.code}", capitals_only=capitals_only)
    for modality in vocabulary("modalities").entries.values():
        if not modality.concepts:
            forms = [form for form in (modality.display, *modality.synonyms) if form != _SHARED]
            yield from _forms(modality, forms, f"modalities.{modality.code}")


def _forms(entry: Entry, forms: Iterable[str], concept: str, *, capitals_only: bool = False) -> Iterable[Term]:
    """The terms of an entry: each form, and its abbreviation, which may count only in capitals."""
    for form in forms:
        yield from _numbers(words_of(form), (concept,))
    if entry.abbreviation:
        yield from _numbers(words_of(entry.abbreviation), (concept,), capitals_only=capitals_only)


def _numbers(words: tuple[str, ...], concepts: tuple[str, ...], *, capitals_only: bool = False) -> Iterable[Term]:
    """The term and its plural."""
    yield Term(words, concepts, capitals_only)
    if not capitals_only and words and words[-1].isalpha() and not words[-1].endswith("s"):
        yield Term((*words[:-1], f"{words[-1]}s"), concepts)


@cache
def lexicon_digest() -> str:
    """SHA-256 over the guard's own files, in hexadecimal; the vocabularies go with the program's version."""
    try:
        data = b"".join((_FOLDER / name).read_bytes() for name in ("claims.toml", "concepts.toml", "plain.txt"))
    except OSError as error:
        raise AssetError("assets.lexicon", "the guard's lexicon is missing; install report_gen again") from error
    return hashlib.sha256(data).hexdigest()


@cache
def lexicon() -> Lexicon:
    """The lexicon of the installed version.

    Raises:
        AssetError: A file of it is missing or damaged.
    """
    tables = _toml("concepts.toml")
    terms: dict[str, list[Term]] = {}
    stems: list[tuple[str, Term]] = []
    listed = [
        Term(words_of(form), (concept,))
        for concept, forms in tables["concepts"].items()
        for form in forms
        if not form.endswith("*")
    ]
    stems.extend(
        (form[:-1], Term((form[:-1],), (concept,)))
        for concept, forms in tables["concepts"].items()
        for form in forms
        if form.endswith("*")
    )
    letters = (Term(("l",), ("left",), capitals_only=True), Term(("r",), ("right",), capitals_only=True))
    for term in (*_vocabulary_terms(), *listed, *letters):
        if term.words:
            terms.setdefault(term.words[0], []).append(term)
    claims: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    claim_stems: list[tuple[str, str]] = []
    for kind, forms in _toml("claims.toml").items():
        for form in forms:
            words = words_of(form.removesuffix("*"))
            if form.endswith("*") and len(words) == 1:
                claim_stems.append((words[0], kind))
            else:
                claims.setdefault(words[0], []).append((words, kind))
    return Lexicon(
        terms=MappingProxyType({key: tuple(sorted(entries, key=_longest)) for key, entries in terms.items()}),
        stems=tuple(stems),
        claims=MappingProxyType(
            {key: tuple(sorted(entries, key=lambda claim: -len(claim[0]))) for key, entries in claims.items()}
        ),
        claim_stems=tuple(claim_stems),
        plain=_plain(),
        frames=tuple(
            (name, re.compile("|".join(f"(?:\\b{pattern})" for pattern in patterns)))
            for name, patterns in tables["frames"].items()
        ),
    )


def _longest(term: Term) -> int:
    return -len(term.words)
