"""The words of a text, as they are compared: what is printed with what was read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from report_gen.render.escape import printable
from report_gen.render.metrics import coverage

__all__ = ["printed", "words"]

_SAME = str.maketrans({"−": "-", "–": "-", "—": "-", "’": "'", "“": '"', "”": '"', "µ": "u", "\u03bc": "u", "×": "x"})
_PARTED = re.compile(r"[\s,;()\[\]]+")
_UNIT = re.compile(r"(\d)(ms|uv|mv|ma|mmhg|hz|min|mg|ug|ml|bpm|mac)\b")
_EDGES = "{}<>.:!?'\"|_…·•*=~\u2018"


def words(text: str) -> Iterator[str]:
    """The words of a text, without case and outer punctuation; `18.9ms` is two words, as `18.9 ms` to a reader."""
    plain = unicodedata.normalize("NFC", text).translate(_SAME).casefold()
    for part in _PARTED.split(_UNIT.sub(r"\1 \2", plain)):
        word = part.strip(_EDGES)
        if len(word) > 1:
            yield word


def printed(text: str) -> str:
    """A text as the report's own fonts show it."""
    return printable(text, coverage().settable).text
