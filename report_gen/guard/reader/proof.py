"""Reads a sentence by the grammar of this version."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.guard.reader.chart import TooHard, WaysRead, readings
from report_gen.guard.reader.rules import grammar
from report_gen.guard.reader.terms import CaseTerms, find_terms
from report_gen.guard.reader.tokens import STOPS, Token, tokens

__all__ = ["TooHard", "WaysRead", "read", "words_of"]


def words_of(text: str, terms: CaseTerms) -> tuple[Token, ...]:
    """The tokens of a sentence; the full stop that a quotation or a name at its end brings stands behind it.

    Args:
        text: The sentence, slots filled.
        terms: The terms of its passage.
    """
    words = tokens(text, terms.quotations)
    if words and (text.endswith(terms.stopped) or (words[-1].kind == "quote" and words[-1].text.endswith(STOPS))):
        return (*words, Token(".", "mark", len(text), spaced=False))
    return words


def read(words: Sequence[Token], terms: CaseTerms, start: str = "sentence") -> WaysRead:
    """Every meaning of the words of a text.

    Args:
        words: Its tokens.
        terms: The terms of its passage.
        start: The rule that it is read by.

    Raises:
        TooHard: It has too many words, meanings or steps.
    """
    return readings(grammar(), start, words, find_terms(words, terms))
