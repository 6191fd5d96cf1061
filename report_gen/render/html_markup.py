"""HTML as a type of its own: text becomes markup in one function, elements are made in one, nothing else makes any.

Unlike a PDF page, a browser has fonts for every script: text stands as recorded, without characters that are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from types import MappingProxyType
from typing import NewType

__all__ = ["NONE", "Html", "characters", "element", "joined", "plain", "text"]

Html = NewType("Html", str)
"""Markup, made by the functions of this module only."""

NONE: Mapping[str, str] = MappingProxyType({})
"""No attributes."""

# Controls, direction marks, halves of characters, code points that are no characters: the loader refuses them in a case
# file, and no browser shows them.
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    "\ufffe\uffff" + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17)) + "]"
)
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
# Words in such a script, with the blanks, marks and figures between them. Possessive: no text makes it slow.
_STRETCH = re.compile(f"[{_RIGHT_TO_LEFT}]++(?:(?:(?![{_RIGHT_TO_LEFT}\n])[\\W\\d_])*+[{_RIGHT_TO_LEFT}]++)*")
_VOID = frozenset(("br", "meta"))


def plain(words: str) -> str:
    """Words without characters that are no text; line ends are line feeds."""
    if words.isascii() and words.isprintable():
        return words
    return _NO_TEXT.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def characters(words: str) -> Html:
    """Words as markup without any element: for places that take none, such as a title or a label in a drawing."""
    return Html(escape(plain(words)))


def text(words: str) -> Html:
    """Words as markup in which they stand for themselves.

    Line feeds become line breaks. A stretch that reads from right to left is set apart, so that it does not reorder
    the figures beside it.
    """
    clean = plain(words)
    parts: list[str] = []
    end = 0
    for stretch in () if clean.isascii() else _STRETCH.finditer(clean):
        parts += (characters(clean[end : stretch.start()]), element("bdi", characters(stretch.group())))
        end = stretch.end()
    parts.append(characters(clean[end:]))
    return Html("".join(parts).replace("\n", element("br")))


def element(name: str, *content: Html, attributes: Mapping[str, str] = NONE) -> Html:
    """An element around markup.

    Args:
        name: Name, from the program.
        content: Markup inside, in order.
        attributes: Names from the program, values of any text.
    """
    written = "".join(f' {key}="{characters(value)}"' for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{''.join(content)}</{name}>")


def joined(parts: Iterable[Html], by: str = "") -> Html:
    """Pieces of markup one after the other, with text between them."""
    return Html(characters(by).join(parts))
