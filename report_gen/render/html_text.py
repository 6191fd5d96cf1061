"""Text on its way into HTML: one function makes it markup in which it stands for itself.

Unlike a PDF page, a browser has fonts for every script: text stands as recorded, without characters that are no text.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["characters", "plain", "text", "values"]

# Controls, direction marks, halves of characters, code points that are no characters: the loader refuses them in a case
# file, and no browser shows them.
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    "\ufffe\uffff" + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17)) + "]"
)
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
# Words in such a script, with the blanks, marks and figures between them. Possessive: no text makes it slow.
_STRETCH = re.compile(f"[{_RIGHT_TO_LEFT}]++(?:(?:(?![{_RIGHT_TO_LEFT}\n])[\\W\\d_])*+[{_RIGHT_TO_LEFT}]++)*")
# A number with its unit, in text that is markup already. Possessive, and begun at a first figure, for the same reason.
_VALUE = re.compile(
    r"(?:(?:&[lg]t;|[≥≤]) ?)?(?<![\d.,])[−+]?\d[\d.,]*+ "
    r"(?:(?:%|°C|k?Ω|[µnmk]?V|mA|[µm]?s|min|h|k?Hz|mmHg|dB|[kµm]?g|m[lL]|L|[cm]m)(?![\w/])|[µm]c?g/\w+)"
)


def plain(words: str) -> str:
    """Words without characters that are no text; line ends are line feeds."""
    if words.isascii() and words.isprintable():
        return words
    return _NO_TEXT.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def characters(words: str) -> Markup:
    """Words as markup without any element: for places that take none, such as a title or the value of an attribute."""
    return escape(plain(words))


def text(words: str) -> Markup:
    """Words as markup in which they stand for themselves.

    Line feeds become line breaks. A stretch that reads from right to left is set apart, so that it does not reorder the
    figures beside it.
    """
    clean = plain(words)
    parts: list[str] = []
    end = 0
    for stretch in () if clean.isascii() else _STRETCH.finditer(clean):
        parts += (escape(clean[end : stretch.start()]), "<bdi>", escape(stretch.group()), "</bdi>")
        end = stretch.end()
    parts.append(escape(clean[end:]))
    return Markup("".join(parts).replace("\n", "<br>"))  # noqa: S704 - escaped piece by piece


def values(words: str) -> Markup:
    """Text in which each number and its unit are marked, for the style sheet to keep them on one line."""
    return Markup(_VALUE.sub(r'<span class="value">\g<0></span>', str(text(words))))  # noqa: S704 - of markup
