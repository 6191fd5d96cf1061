"""How the egress guard reads a text: folded so that no spelling hides a word, and taken apart into tokens."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

__all__ = ["SPACELESS", "Scan", "compounds", "readings", "scan"]

_SIGNS: Final = str.maketrans(
    {
        "−": "-", "–": "-", "—": "-", "’": "'", "×": " ", "·": " ", "…": " ", "±": " ", "≥": " ", "≤": " ",
        "°": " ", "µ": "u", "μ": "u", "\u00a0": " ", "\u202f": " ",
    }
)  # fmt: skip
"""Signs of our own wording; what is plain ASCII behind them needs no further folding."""
_LETTERS: Final = str.maketrans(
    {"\u0131": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t"}
)
"""Latin letters that decomposition leaves whole."""
_FILLERS: Final = "\u115f\u1160\u3164\uffa0"
"""Letters that show nothing."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_TOKEN: Final = re.compile(r"[^\W_]+")
_COMPOUND: Final = re.compile(r"[^\W_]+(?:['._/-]+[^\W_]+)+")
_PARTING: Final = str.maketrans(dict.fromkeys("'._/-"))
_ESCAPE: Final = re.compile(r'\\(?:u([0-9a-fA-F]{4})|([nrtbf"\\/]))')
_ESCAPED: Final = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "\n"}
# Thai and Lao, Burmese, Hangul, Khmer, kana and Chinese characters; the last planes hold further Chinese ones.
SPACELESS: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class Scan(NamedTuple):
    """A text taken apart."""

    folded: str
    """The text in the form that is compared."""
    tokens: tuple[str, ...]
    """Its runs of letters and digits, in order."""
    words: frozenset[str]
    """The tokens, and those that come of leaving out hyphens, apostrophes and the like."""


def _fold(text: str) -> str:
    """The text as it is compared: compatible forms, one case, no marks, nothing invisible, ASCII digits."""
    if not text.isascii():
        text = text.translate(_SIGNS)
    if text.isascii():
        return _CONTROL.sub("", text.casefold())
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFKD", text).casefold().translate(_SIGNS).translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(map(_kept, text)))


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf" or character in _FILLERS:
        return ""
    if category == "Cc":
        return " " if character.isspace() else ""
    return str(unicodedata.digit(character)) if category == "Nd" else character


def scan(text: str) -> Scan:
    """A text folded and taken apart."""
    folded = _fold(text)
    tokens = tuple(_TOKEN.findall(folded))
    return Scan(folded, tokens, frozenset((*tokens, *_TOKEN.findall(folded.translate(_PARTING)))))


def compounds(folded: str) -> list[tuple[str, ...]]:
    """The words of a folded text that hyphens, apostrophes and the like part, each as its tokens."""
    return [tuple(_TOKEN.findall(word)) for word in _COMPOUND.findall(folded)]


def readings(text: str) -> tuple[Scan, ...]:
    """A text as it stands and with its JSON escapes resolved, which otherwise hide a letter or glue one to a name."""
    texts = [text]
    while "\\" in texts[-1] and len(texts) < 3:
        resolved = _ESCAPE.sub(_resolved, texts[-1])
        # Two escapes can make one character.
        resolved = resolved.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if resolved == texts[-1]:
            break
        texts.append(resolved)
    return tuple(scan(version) for version in texts)


def _resolved(match: re.Match[str]) -> str:
    number, letter = match.groups()
    return chr(int(number, 16)) if number else _ESCAPED.get(letter, letter)
