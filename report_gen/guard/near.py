"""Words next to a place in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from report_gen.guard.lexicon import stem_of
from report_gen.guard.reading import Token

__all__ = ["act_of", "previous_words", "said_by", "since_time"]


def previous_words(tokens: Sequence[Token], index: int, count: int) -> list[str]:
    """The words among the tokens before a place."""
    return [token.raw for token in tokens[max(0, index - count) : index] if token.kind != "mask"]


def since_time(tokens: Sequence[Token], index: int) -> list[str]:
    """The last few words before a time, none from before an earlier one."""
    words: list[str] = []
    for token in reversed(tokens[max(0, index - 3) : index]):
        if token.kind == "mask":
            break
        words.insert(0, token.raw)
    return words


def act_of(token: Token) -> str:
    """`tell`, `acknowledge`, or nothing."""
    names = token.meanings[0] if token.kind == "term" else ()
    return "tell" if "tell" in names else ("acknowledge" if "acknowledge" in names else "")


def said_by(token: Token) -> tuple[str, ...]:
    """Concepts that a token says, a word of the facts' own included."""
    if token.kind == "term":
        return token.meanings[0]
    return (f"word.{stem_of(token.raw)}",) if token.kind in ("claim", "unknown") else ()
