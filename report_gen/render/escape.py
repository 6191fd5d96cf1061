"""Text from outside on its way to a page: one function makes it printable; nothing ever reads it as markup.

`printable` never loses anything silently: whatever it replaces or leaves out is named in its result, without
repeating the text around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Draw", "Printable", "printable"]

Draw = Callable[[str], Sequence[tuple[str, str]]]
"""Gives the parts of a run of unsettable characters, each with what to print for it. Empty: that part is not drawn."""

MARKS_KEPT = 2
"""Combining marks kept on one letter; no living orthography stacks more once composed."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_JOINERS = "\u200c\u200d"
"""Invisible, and part of the spelling of words whose letters join."""
_UNCOUNTED = f" {_JOINERS}"
_SPACES = re.compile("[\t\r\u2000-\u200a\u202f\u205f\u3000]+")


@dataclass(frozen=True, slots=True)
class Printable:
    """Text that can be set, and what had to change for it."""

    text: str
    """The text, composed (NFC), of settable characters, spaces and line feeds only."""
    notices: tuple[str, ...] = ()
    """What was left out or replaced: script and number, code points only of what is invisible; never a letter."""


def printable(text: str, settable: frozenset[str], draw: Draw | None = None) -> Printable:
    """Text as it can be printed.

    Args:
        text: Any text.
        settable: Characters that the report fonts draw rightly, each by itself.
        draw: What can be drawn of other characters, which depends on their neighbours. None: nothing.

    Returns:
        The text with every unsettable run that cannot be drawn replaced by a bracket that names its script and length,
        and the notices.
    """
    if text.isascii() and text.isprintable():
        return Printable(text)
    composed = unicodedata.normalize("NFC", text)
    notices: list[str] = []
    kept = _SPACES.sub(" ", composed)
    hidden = [match for match in _INVISIBLE.finditer(kept) if draw is None or not _joins(match, settable)]
    if hidden:
        notices.append(f"left out: {_codes([match.group() for match in hidden])} (invisible)")
        places = {match.start() for match in hidden}
        kept = "".join(character for place, character in enumerate(kept) if place not in places)
    if any(map(unicodedata.combining, kept)):
        kept, dropped = _fewer_marks(kept)
        if dropped:
            notices.append(f"left out: {dropped} combining marks beyond {MARKS_KEPT} on a letter")
    if settable.issuperset(kept.replace("\n", "")):
        return Printable(kept, tuple(notices))
    parts: list[str] = []
    for run, plain in _runs(kept, settable, through=draw is not None):
        for part, shown in [(run, run)] if plain else draw(run) if draw else [(run, "")]:
            if shown:
                parts.append(shown)
            else:
                words, named = _bracketed(part, settable)
                parts.append(words)
                notices.extend(named)
    return Printable("".join(parts), tuple(notices))


def _joins(match: re.Match[str], settable: frozenset[str]) -> bool:
    """Whether an invisible character tells two letters that the report fonts do not have how to join."""
    around = match.string[max(match.start() - 1, 0) : match.start()] + match.string[match.end() : match.end() + 1]
    return match.group() in _JOINERS and len(around) == 2 and settable.isdisjoint(around)


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


def _runs(text: str, settable: frozenset[str], *, through: bool) -> Iterator[tuple[str, bool]]:
    """Stretches of settable text and runs of other characters in turn, and whether each is settable.

    Args:
        text: Text to part.
        settable: Characters that the report fonts draw rightly, each by itself.
        through: Whether points and figures between two words that read from right to left are part of the run, as they
            must be for the words to stand in their order. Blanks between unsettable characters always are.
    """
    start = place = 0
    while place < len(text):
        if text[place] in settable or text[place] == "\n":
            place += 1
            continue
        if place > start:
            yield text[start:place], True
        start, place = place, _run_end(text, place, settable, through)
        yield text[start:place], False
        start = place
    if place > start:
        yield text[start:], True


def _run_end(text: str, start: int, settable: frozenset[str], through: bool) -> int:
    """End of the run of unsettable characters that begins at `start`."""
    end, rightward, crossed = start, False, False
    for place in range(start, len(text)):
        character = text[place]
        if character not in settable and character != "\n":
            reads_rightward = unicodedata.bidirectional(character) in ("R", "AL")
            if crossed and not reads_rightward:
                break
            end, crossed = place + 1, False
            rightward = reads_rightward or (rightward and not character.isalpha())
        elif character != " ":
            if character == "\n" or character.isalpha() or not (through and rightward):
                break
            crossed = True
    return end


def _bracketed(text: str, settable: frozenset[str]) -> tuple[str, list[str]]:
    """Text with a bracket in place of each run of unsettable characters."""
    parts: list[str] = []
    notices: list[str] = []
    for run, plain in _runs(text, settable, through=False):
        if plain:
            parts.append(run)
            continue
        script = _script(run[0])
        count = sum(character not in _UNCOUNTED for character in run)
        noun = "character" if count == 1 else "characters"
        parts.append(f"[{script}: {count} {noun} not printable here]")
        notices.append(f"not printed: {count} {script} {noun}")
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
