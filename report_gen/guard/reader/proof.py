"""Reads a sentence, and holds what it means against what facts state."""

from __future__ import annotations

from typing import Final

from report_gen.guard.reader.chart import TooHard, readings
from report_gen.guard.reader.meaning import Meaning
from report_gen.guard.reader.rules import grammar
from report_gen.guard.reader.terms import CaseTerms, find_terms
from report_gen.guard.reader.tokens import Token, tokens

__all__ = ["TooHard", "read"]

_STOPS: Final = (".", "!", "?")


def read(text: str, terms: CaseTerms, start: str = "sentence") -> frozenset[Meaning]:
    """Every meaning of a text. Empty: it cannot be read.

    Args:
        text: The text, slots filled.
        terms: The terms of its passage.
        start: The rule that it is read by.

    Raises:
        TooHard: It has too many words, meanings or steps.
    """
    words = tokens(text, terms.quotations)
    if words and words[-1].kind == "quote" and words[-1].text.endswith(_STOPS):
        # The quotation brings the full stop of the sentence.
        words = (*words, Token(".", "mark", len(text), spaced=False))
    return readings(grammar(), start, words, find_terms(words, terms))
