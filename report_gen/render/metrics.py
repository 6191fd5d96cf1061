"""The report fonts as tables: which characters they draw, how wide text is, and which face each run of text takes.

Made from the font files by ``tools/build_fonts.py``, so that a renderer can lay out text without a font library.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from report_gen.errors import AssetError

__all__ = [
    "BOLD",
    "EM",
    "FALLBACK",
    "FIRST_STAND_IN",
    "HAIRLINE",
    "LAST_STAND_IN",
    "REGULAR",
    "RULE",
    "SCRIPTS",
    "Coverage",
    "advances",
    "coverage",
    "runs",
    "stand_ins",
    "text_width",
]

REGULAR = "ReportSans"
BOLD = "ReportSans-Bold"
FALLBACK = "ReportSansFallback"
SCRIPTS = "ReportSansScripts"
"""Face of characters that stand for shaped letters of further scripts in one document."""
FIRST_STAND_IN, LAST_STAND_IN = "\U000f0000", "\U000ffffd"
"""Those characters: a private-use plane, from which no text of a case is ever printed."""

RULE = 0.8
"""Width in points of a line that must arrive on any fax: standard mode has a row of dots every 72/98 = 0.735 pt."""
HAIRLINE = 0.4
"""Width in points of a line that may be lost in standard mode; fine mode has a row of dots every 0.367 pt."""

_FOLDER = Path(__file__).parent / "pdf" / "fonts"
EM = 2048
"""Units to the em of the widths."""
_UNKNOWN = 1230
"""Width taken for a letter that no report font has; about that of a capital."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Characters that the fonts draw rightly when set one by one from left to right."""

    primary: frozenset[str]
    """In both weights of the report font."""
    fallback: frozenset[str]
    """Only in the fallback font."""

    settable: frozenset[str]
    """Characters that can be printed: both."""


_stand_ins: ContextVar[Mapping[str, int]] = ContextVar("_stand_ins")


@contextmanager
def stand_ins(drawn: Mapping[str, int]) -> Iterator[None]:
    """Inside the block, and in this thread alone, characters that stand for shaped letters have these widths."""
    token = _stand_ins.set(drawn)
    try:
        yield
    finally:
        _stand_ins.reset(token)


class _Advances(dict[str, int]):
    """Width of each character in units; one that no report font has gets a likely width."""

    def __missing__(self, character: str) -> int:
        if character >= FIRST_STAND_IN and character in (widths := _stand_ins.get({})):
            return widths[character]
        if unicodedata.combining(character):
            return 0
        return EM if unicodedata.east_asian_width(character) in "WF" else _UNKNOWN


@dataclass(frozen=True, slots=True)
class _Metrics:
    coverage: Coverage
    regular: _Advances
    bold: _Advances


@cache
def _metrics() -> _Metrics:
    """Coverage and widths, read once in a process.

    Raises:
        AssetError: A table is missing or damaged.
    """
    try:
        covered, widths = (_table(name) for name in ("coverage.json", "widths.json"))
        primary, fallback = (_characters(covered[name]) for name in ("primary", "fallback"))
        rest = dict(zip(fallback, widths["fallback"], strict=True))
        regular, bold = (
            _Advances(rest | dict(zip(primary, widths[name], strict=True))) for name in ("regular", "bold")
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssetError("assets.fonts", "a font table is missing or damaged; install report_gen again") from error
    return _Metrics(Coverage(frozenset(primary), frozenset(fallback), frozenset(primary + fallback)), regular, bold)


def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return table


def _characters(ranges: list[list[int]]) -> list[str]:
    return [chr(code) for first, last in ranges for code in range(first, last + 1)]


def coverage() -> Coverage:
    """What the shipped fonts cover.

    Raises:
        AssetError: A font table is missing or damaged.
    """
    return _metrics().coverage


def runs(text: str, *, bold: bool = False) -> Iterator[tuple[str, str]]:
    """Stretches of printable text that take one face: (font name, text)."""
    main = BOLD if bold else REGULAR
    primary = coverage().primary
    if primary.issuperset(text):
        if text:
            yield main, text
        return
    start = 0
    current = ""
    for index, character in enumerate(text):
        if _stands_in(character) or (
            character == " " and current == SCRIPTS and _stands_in(text[index + 1 : index + 2])
        ):
            # A blank between two shaped words is theirs: which of them stands left is for their face to say.
            face = SCRIPTS
        else:
            face = main if character in primary else FALLBACK
        if face != current:
            if index > start:
                yield current, text[start:index]
            start, current = index, face
    yield current, text[start:]


def _stands_in(character: str) -> bool:
    return FIRST_STAND_IN <= character <= LAST_STAND_IN


def advances(*, bold: bool = False) -> Mapping[str, int]:
    """Width of each character in units of `EM`: those of a text add up. Any character has one."""
    return _metrics().bold if bold else _metrics().regular


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of text in points; exact for printable text, a likely width for letters of other scripts."""
    widths = _metrics().bold if bold else _metrics().regular
    # In this order of operations the result is, to the last bit, what ReportLab computes for a run of one face.
    return 0.001 * size * (sum(map(widths.__getitem__, text)) * (1000 / EM))
