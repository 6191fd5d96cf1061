"""Text from outside on its way to a page: one function makes it printable, one makes it markup.

`printable` never loses anything silently: whatever it replaces or leaves out is named in its result, without
repeating the text around it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from xml.sax.saxutils import escape

__all__ = ["Printable", "markup", "printable"]

MARKS_KEPT = 2
"""Combining marks kept on one letter; no living orthography stacks more once composed."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SPACES = re.compile("[\t\r\u2000-\u200a\u202f\u205f\u3000]+")


@dataclass(frozen=True, slots=True)
class Printable:
    """Text that can be set, and what had to change for it."""

    text: str
    """The text, composed (NFC), of settable characters, spaces and line feeds only."""
    notices: tuple[str, ...] = ()
    """What was left out or replaced: script and number, code points only of what is invisible; never a letter."""


def printable(text: str, settable: frozenset[str]) -> Printable:
    """Text as it can be printed.

    Args:
        text: Any text.
        settable: Characters that the report fonts draw rightly.

    Returns:
        The text with every unsettable run replaced by a bracket that names its script and length, and the notices.
    """
    if text.isascii() and text.isprintable():
        return Printable(text)
    composed = unicodedata.normalize("NFC", text)
    notices: list[str] = []
    kept = _SPACES.sub(" ", composed)
    hidden = _INVISIBLE.findall(kept)
    if hidden:
        notices.append(f"left out: {_codes(hidden)} (invisible)")
        kept = _INVISIBLE.sub("", kept)
    if any(map(unicodedata.combining, kept)):
        kept, dropped = _fewer_marks(kept)
        if dropped:
            notices.append(f"left out: {dropped} combining marks beyond {MARKS_KEPT} on a letter")
    if settable.issuperset(kept.replace("\n", "")):
        return Printable(kept, tuple(notices))
    words, replaced = _replace_runs(kept, settable)
    notices.extend(replaced)
    return Printable(words, tuple(notices))


def _fewer_marks(text: str) -> tuple[str, int]:
    kept: list[str] = []
    marks = dropped = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MARKS_KEPT:
            dropped += 1
        else:
            kept.append(character)
    return "".join(kept), dropped


def _replace_runs(text: str, settable: frozenset[str]) -> tuple[str, list[str]]:
    """Put a bracket in place of each run of unsettable characters; blanks inside a run belong to it."""
    parts: list[str] = []
    notices: list[str] = []
    run: list[str] = []

    def close() -> None:
        tail = ""
        while run and run[-1] == " ":
            run.pop()
            tail += " "
        if run:
            script = _script(run[0])
            count = sum(character != " " for character in run)
            noun = "character" if count == 1 else "characters"
            parts.append(f"[{script}: {count} {noun} not printable here]")
            notices.append(f"not printed: {count} {script} {noun}")
        parts.append(tail)
        run.clear()

    for character in text:
        if character == "\n" or (character in settable and not (run and character == " ")):
            close()
            parts.append(character)
        else:
            run.append(character)
    close()
    return "".join(parts), notices


def _script(character: str) -> str:
    """First word of the character's Unicode name, which is its script for letters."""
    name = unicodedata.name(character, "")
    if name.startswith("CJK"):
        return "Chinese or Japanese"
    if unicodedata.category(character) == "So":
        return "Symbol"
    return name.partition(" ")[0].capitalize() or "Unassigned"


def _codes(characters: list[str]) -> str:
    unique = list(dict.fromkeys(character for character in characters if character != " "))
    shown = ", ".join(f"U+{ord(character):04X}" for character in unique[:8])
    return f"{shown} and {len(unique) - 8} more" if len(unique) > 8 else shown


def markup(text: str) -> str:
    """Printable text as markup in which it stands for itself; line feeds become line breaks."""
    return escape(text).replace("\n", "<br/>")
