"""Where a sentence puts what it speaks of: each nerve, muscle or region with its side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from report_gen.guard.reading import SentenceReading, Token

__all__ = ["places"]

_SIDES = ("left", "right", "both", "midline")
_LEVEL = re.compile(r"[a-z]{1,2}\d{1,2}")
"""A level is written like an electrode, and has no side."""
_KINDS = ("nerves", "muscles", "electrode_sites")


def places(reading: SentenceReading) -> frozenset[tuple[str, str]]:
    """Pairs of side and place.

    A side in front holds for the places behind it up to the next side; one behind (`on the left`) for those before it
    that have none. A place without side has an empty one. A sentence that names no place gives its sides alone.
    """
    pairs: list[tuple[str, str]] = []
    ahead, sides = "", []
    tokens = reading.tokens
    for index, token in enumerate(tokens):
        for name in token.meanings[0] if token.kind == "term" else ():
            if name in _SIDES:
                sides.append(name)
                if _behind(tokens, index) and any(not side for side, _ in pairs):
                    pairs = [(side or name, place) for side, place in pairs]
                    ahead = ""
                else:
                    ahead = name
            elif name.partition(".")[0] in _KINDS and not _LEVEL.fullmatch(token.raw):
                pairs.append((ahead, name))
    if not pairs:
        return frozenset((side, "") for side in sides)
    return frozenset(pairs)


def _behind(tokens: Sequence[Token], index: int) -> bool:
    """Whether a side stands behind its places: `on both sides`, `bilaterally`, `TA, left`."""
    token = tokens[index]
    before = [other.raw for other in tokens[max(0, index - 2) : index]]
    if token.raw == "bilaterally" or "on" in before:
        return True
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is None or following.kind == "stop"
