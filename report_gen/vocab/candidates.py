"""Finds the terms of the vocabularies that a person may have meant by what they wrote, and those written nearly so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from report_gen.vocab.tables import names, vocabulary

__all__ = ["Candidate", "Likeness", "find", "likest", "near", "spelt"]

Likeness: TypeAlias = Literal["code", "form", "spelling", "number", "part", "slip"]
"""How like a term the words are, the nearest first: its code; a form of it (printed term, abbreviation, synonym) letter
by letter; one of these in other letters, hyphens or spaces; one of these in singular or plural. `near` alone also finds
words that are a part of a form, or a form with a slip of the pen."""

_LIKENESS: Final[tuple[Likeness, ...]] = ("code", "form", "spelling", "number", "part", "slip")
_PARTING: Final = re.compile(r"[\s_\-\u2010-\u2015/.,;:()'\u2019]+")
_MOST_CHARACTERS: Final = 200
"""Longest words that are looked up; no form is half as long."""
_OF_UNSTATED_KIND: Final = "_unspecified"
"""How the code of a term ends that leaves its kind open."""
_LEAST_FOR_A_SLIP: Final = 4
"""Letters below which any two abbreviations are a slip apart."""
_LIKE_ENOUGH: Final = 0.84
"""Share of letters in common, of 1, from which a form may be meant: one letter of six, two of a dozen."""


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


def near(words: str, *vocabularies: str) -> tuple[Candidate, ...]:
    """The likest of what `find` finds; else terms with the words in some form; else those a slip of the pen away.

    A slip is a guess, and so is a part: whoever names such candidates says that they may be meant. A modality of
    unstated kind is followed by the kinds that have the words in some form.

    Args:
        words: What somebody wrote.
        vocabularies: Names of the vocabularies to look in. None: all.

    Returns:
        Candidates in the order of `find`; nothing when no term is near.
    """
    found = likest(find(words, *vocabularies))
    plain = spelt(words)
    unstated = any(candidate.code.endswith(_OF_UNSTATED_KIND) for candidate in found)
    if (found and not unstated) or not plain or len(words) > _MOST_CHARACTERS:
        return found
    looked_in = sorted(vocabularies) or names()
    known = {(candidate.vocabulary, candidate.code) for candidate in found}
    held = [f" {form} " for form in (plain, *_other_number(plain))]
    parts = [
        Candidate(name, code, "part")
        for name in looked_in
        for code in _codes_with(name, [form for form in _forms(name)[1] if any(one in f" {form} " for one in held)])
        if (name, code) not in known
    ]
    return (*found, *parts) or tuple(_slips(plain, looked_in))


def _slips(plain: str, looked_in: Sequence[str]) -> Iterator[Candidate]:
    """Terms with a form that is as like the words as any other."""
    if len(plain) < _LEAST_FOR_A_SLIP:
        return
    # Read by nobody else, and takes a millisecond of every start.
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(b=plain, autojunk=False)
    scores: dict[tuple[str, str], float] = {}
    for name in looked_in:
        for form in _forms(name)[1]:
            # A pen slips at the first letter least of all, and a file may hold thousands of wrong codes.
            if form[0] != plain[0]:
                continue
            matcher.set_seq1(form)
            if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= _LIKE_ENOUGH:
                scores[name, form] = matcher.ratio()
    best = max(scores.values(), default=0.0)
    if best < _LIKE_ENOUGH:
        return
    for name in looked_in:
        forms = [form for form in _forms(name)[1] if scores.get((name, form)) == best]
        yield from (Candidate(name, code, "slip") for code in _codes_with(name, forms))


def _codes_with(name: str, forms: Collection[str]) -> tuple[str, ...]:
    """Codes of the terms that have one of the spelt forms, in the order of their vocabulary."""
    with_form = {code for form in forms for code in _forms(name)[1][form]}
    return tuple(code for code in vocabulary(name).codes if code in with_form)


def _likenesses(words: str, name: str) -> Iterator[tuple[str, Likeness]]:
    """Codes with their likeness to the words, the likest first."""
    as_written, as_spelt = _forms(name)
    if words in vocabulary(name):
        yield words, "code"
    yield from ((code, "form") for code in as_written.get(words.strip(), ()))
    plain = spelt(words)
    yield from ((code, "spelling") for code in as_spelt.get(plain, ()))
    for other in _other_number(plain):
        yield from ((code, "number") for code in as_spelt.get(other, ()))


_Forms: TypeAlias = Mapping[str, tuple[str, ...]]


@cache
def _forms(name: str) -> tuple[_Forms, _Forms]:
    """Codes of a vocabulary by each form as written, and by each form and code as returned by `spelt`."""
    as_written: dict[str, tuple[str, ...]] = {}
    as_spelt: dict[str, tuple[str, ...]] = {}
    for code, entry in vocabulary(name).entries.items():
        others = (*entry.synonyms, *entry.former)
        forms = dict.fromkeys(form for form in (entry.display, entry.abbreviation, *others) if form)
        for form in forms:
            as_written[form] = (*as_written.get(form, ()), code)
        for plain in dict.fromkeys(spelt(form) for form in (code, *forms)):
            as_spelt[plain] = (*as_spelt.get(plain, ()), code)
    return as_written, as_spelt


def spelt(words: str) -> str:
    """Words in lower case, with a single space in place of every separator."""
    return _PARTING.sub(" ", words.casefold()).strip()


def _other_number(words: str) -> tuple[str, ...]:
    """Possible plurals and singulars of the last word; `C5S` is no plural of `C5`."""
    if not words.rpartition(" ")[2].isalpha():
        return ()
    plural = [f"{words}s", f"{words}es", *([f"{words[:-1]}ies"] if words.endswith("y") else [])]
    endings = (("ies", "y"), ("es", ""), ("s", ""))
    return (*plural, *(f"{words.removesuffix(ending)}{by}" for ending, by in endings if words.endswith(ending)))
