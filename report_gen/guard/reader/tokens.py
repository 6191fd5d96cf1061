"""Parts a text into tokens: words, numbers, times, quotations and marks, each with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["STOPS", "Token", "TokenKind", "misprinted", "tokens"]

STOPS: Final = (".", "!", "?")
"""What ends a sentence."""
TokenKind: TypeAlias = Literal["word", "number", "time", "quote", "mark"]

_TOKEN: Final = re.compile(
    r"(?P<quote>“[^“”]*”)"
    r"|(?P<time>(?:\d{4}-\d{2}-\d{2} )?\d{1,2}:\d{2}(?::\d{2})?(?!\d)(?: UTC[+−]\d{2}:\d{2})?)"
    r"|(?P<number>[+−]?\d+(?:\.\d+)?)"
    r"|(?P<word>[^\W\d_](?:[\w'’]|[-/](?=\w))*)"
    r"|(?P<mark>\S)"
)
"""A sign belongs to its number; a hyphen or a stroke inside a word to the word; date and offset to the time."""


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a text."""

    text: str
    """As it stands; a quotation without its marks."""
    kind: TokenKind
    """What it is."""
    at: int
    """Where it begins, in characters."""
    spaced: bool
    """Whether a space stands before it."""

    @property
    def word(self) -> str:
        """As words of the grammar and of terms are: a quotation is none of them, whatever it holds."""
        return f"“{self.text}”" if self.kind == "quote" else self.text


def tokens(text: str, whole: Sequence[str] = ()) -> tuple[Token, ...]:
    """The tokens of a text, in order.

    Args:
        text: The text.
        whole: Quotations that hold quotation marks of their own; each is one token where it stands between marks.
    """
    found: list[Token] = []
    at = 0
    quotations = sorted((f"“{words}”" for words in whole), key=len, reverse=True)
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        spaced = at > 0 and text[at - 1].isspace()
        quotation = next((words for words in quotations if text.startswith(words, at)), "")
        match = _TOKEN.match(text, at)
        if quotation or match is None:
            found.append(Token(quotation[1:-1] or text[at], "quote" if quotation else "mark", at, spaced))
            at += len(quotation) or 1
            continue
        kind = _KINDS[match.lastgroup or "mark"]
        found.append(Token(match[0][1:-1] if kind == "quote" else match[0], kind, at, spaced))
        at = match.end()
    return tuple(found)


_KINDS: Final[dict[str, TokenKind]] = {
    "quote": "quote",
    "time": "time",
    "number": "number",
    "word": "word",
    "mark": "mark",
}
_CLOSING: Final = frozenset(",;:.)")


def misprinted(text: str, words: Sequence[Token]) -> Token | None:
    """The first token that is not set as print is: behind one space or none, a closing mark behind none or a mark.

    Args:
        text: The text.
        words: Its tokens.
    """
    end = 0
    for before, word in zip((None, *words), words, strict=False):
        closes = word.kind == "mark" and word.text in _CLOSING
        if text[end : word.at] not in ("", " ") or (closes and word.spaced):
            return word
        if before is not None and not word.spaced and _runs_on(before, word):
            return word
        if closes and word.text != ")" and before is not None and before.kind == "mark" and before.text in ",;:":
            return word
        end = word.at + len(word.text) + (2 if word.kind == "quote" else 0)
    return None


def _runs_on(before: Token, word: Token) -> bool:
    """Whether a space is left out between two tokens."""
    if before.kind == "mark" and before.text in ",;:":
        return not (word.kind == "mark" and word.text in _CLOSING)
    return before.kind in ("number", "time") and word.kind == "word"
