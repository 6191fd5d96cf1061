"""Vocabularies for the terminal: what lists there are, one of them with its words, and what some words may mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from report_gen.vocab import Entry, Vocabulary
from report_gen.vocab.candidates import Candidate

__all__ = ["entry_lines", "found_lines", "overview_lines"]

_LIKENESS: Final = {
    "code": "",
    "form": "",
    "spelling": "",
    "number": "",
    "part": "has these words in its name",
    "slip": "is written nearly so",
}


def overview_lines(vocabularies: Sequence[Vocabulary[Entry]]) -> Iterator[str]:
    """Each vocabulary with the number of its codes and what it is for."""
    width = max(len(vocabulary.name) for vocabulary in vocabularies)
    for vocabulary in vocabularies:
        yield f"{vocabulary.name:<{width}}  {len(vocabulary.codes):>4}  {vocabulary.about}"


def entry_lines(vocabulary: Vocabulary[Entry]) -> Iterator[str]:
    """Each code of a vocabulary with the term it stands for and the other words that lead to it."""
    width = max(len(code) for code in vocabulary.codes)
    for code, entry in vocabulary.entries.items():
        yield f"{code:<{width}}  {_words(entry)}"


def found_lines(found: Sequence[tuple[Candidate, Entry]]) -> Iterator[str]:
    """Each term that the words may mean with its vocabulary, or that there is none."""
    if not found:
        yield "No term is written so, nor nearly so. `report-gen vocab` lists the vocabularies; most have `other`."
        return
    for candidate, entry in found:
        note = _LIKENESS[candidate.likeness]
        yield f"{candidate.vocabulary}: {candidate.code}  {_words(entry)}{f'  [{note}]' if note else ''}"


def _words(entry: Entry) -> str:
    """The printed term, and in brackets its abbreviation and synonyms."""
    term, *others = dict.fromkeys(form for form in (entry.display, entry.abbreviation, *entry.synonyms) if form)
    return f"{term} ({'; '.join(others)})" if others else term
