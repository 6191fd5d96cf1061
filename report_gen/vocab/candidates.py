"""Finds the terms of the vocabularies that a person may have meant by what they wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from report_gen.vocab.tables import names, vocabulary

__all__ = ["Candidate", "Likeness", "find", "likest"]

Likeness: TypeAlias = Literal["code", "form", "spelling", "number"]
"""How like a term the words are, the nearest first: its code; a form of it (printed term, abbreviation, synonym) letter
by letter; one of these in other letters, hyphens or spaces; one of these in singular or plural."""

_LIKENESS: Final[tuple[Likeness, ...]] = ("code", "form", "spelling", "number")
_PARTING: Final = re.compile(r"[\s_\-\u2010-\u2015/.,;:()'\u2019]+")
_MOST_CHARACTERS: Final = 200
"""Longest words that are looked up; no form is half as long."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term that may be meant."""

    vocabulary: str
    """Name of its vocabulary."""
    code: str
    """Its code there."""
    likeness: Likeness
    """How like it the words are."""


def find(words: str, *vocabularies: str) -> tuple[Candidate, ...]:
    """Every term written as `words`, the likest first; all of the words must match, and no spelling is guessed.

    Candidates of one likeness fit equally well, and taking the first of them would be a guess: `likest` gives them all.
    Among them vocabularies go by name and terms in the order of their vocabulary.

    Args:
        words: A code, printed term, abbreviation or synonym as somebody wrote it.
        vocabularies: Names of the vocabularies to look in. None: all.

    Returns:
        Each term once, with its best likeness; nothing when no term is written so.
    """
    if len(words) > _MOST_CHARACTERS:
        return ()
    candidates: list[Candidate] = []
    for name in sorted(vocabularies) or names():
        best: dict[str, Likeness] = {}
        for code, likeness in _likenesses(words, name):
            best.setdefault(code, likeness)
        candidates += [Candidate(name, code, best[code]) for code in vocabulary(name).codes if code in best]
    return tuple(sorted(candidates, key=lambda candidate: _LIKENESS.index(candidate.likeness)))


def likest(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates of the best likeness. Several: the words do not decide which is meant."""
    return tuple(candidate for candidate in candidates if candidate.likeness == candidates[0].likeness)


def _likenesses(words: str, name: str) -> Iterator[tuple[str, Likeness]]:
    """Codes with their likeness to the words, the likest first."""
    as_written, as_spelt = _forms(name)
    if words in vocabulary(name):
        yield words, "code"
    yield from ((code, "form") for code in as_written.get(words.strip(), ()))
    spelt = _spelt(words)
    yield from ((code, "spelling") for code in as_spelt.get(spelt, ()))
    for other in _other_number(spelt):
        yield from ((code, "number") for code in as_spelt.get(other, ()))


_Forms: TypeAlias = Mapping[str, tuple[str, ...]]


@cache
def _forms(name: str) -> tuple[_Forms, _Forms]:
    """Codes of a vocabulary by each form as written, and by each form and code as returned by `_spelt`."""
    as_written: dict[str, tuple[str, ...]] = {}
    as_spelt: dict[str, tuple[str, ...]] = {}
    for code, entry in vocabulary(name).entries.items():
        others = (*entry.synonyms, *entry.former)
        forms = dict.fromkeys(form for form in (entry.display, entry.abbreviation, *others) if form)
        for form in forms:
            as_written[form] = (*as_written.get(form, ()), code)
        for spelt in dict.fromkeys(_spelt(form) for form in (code, *forms)):
            as_spelt[spelt] = (*as_spelt.get(spelt, ()), code)
    return as_written, as_spelt


def _spelt(words: str) -> str:
    """Words in lower case, with a single space in place of every separator."""
    return _PARTING.sub(" ", words.casefold()).strip()


def _other_number(words: str) -> tuple[str, ...]:
    """Possible plurals and singulars of the last word; `C5S` is no plural of `C5`."""
    if not words.rpartition(" ")[2].isalpha():
        return ()
    plural = [f"{words}s", f"{words}es", *([f"{words[:-1]}ies"] if words.endswith("y") else [])]
    endings = (("ies", "y"), ("es", ""), ("s", ""))
    return (*plural, *(f"{words.removesuffix(ending)}{by}" for ending, by in endings if words.endswith(ending)))
