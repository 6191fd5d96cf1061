"""Letters that the report fonts do not have, as outlines shaped with fonts of this machine.

Arabic letters join, marks find their place above and below, Indic letters change order: HarfBuzz (extra ``scripts``)
does that. What leaves this module are outlines of letters; no font file is copied into a report. Which file draws a
letter depends on the files alone: they are tried in one order, and the first that has all of a stretch is taken.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Literal

__all__ = ["BLANK", "EM", "NOWHERE", "Cluster", "ScriptFonts", "script_fonts", "script_status"]

EM = 2048
"""Units to the em of widths and outlines; those of the report fonts."""
FOLDERS = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts/opentype/noto"))
"""Where Debian's packages fonts-noto-core and fonts-noto-cjk keep their files."""
_REPORT_FONT = Path(__file__).parent / "fonts" / "ReportSans-Regular.ttf"
"""Draws the points and figures inside words of a script whose own font has none."""
_SHOWN = {
    "Arabic": "ع",
    "Bengali": "ক",
    "Chinese": "漢",
    "Devanagari": "क",
    "Ethiopic": "አ",
    "Gujarati": "ક",
    "Gurmukhi": "ਕ",
    "Hebrew": "ש",
    "Japanese": "か",
    "Khmer": "ក",
    "Korean": "한",
    "Tamil": "க",
    "Telugu": "క",
    "Thai": "ท",
}
"""A sample letter of each script in `script_status`."""
_PARTS = re.compile(r" +|\d+(?:[-+.,:/]\d+)*|[^ \d]+")
"""Blanks, numbers, words."""

ShapingLevel = Literal[0, 1, 2]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The smallest piece of shaped text that can be told apart: a letter with its marks, or a ligature."""

    text: str
    """The characters that it draws."""
    width: int
    """Advance in units of `EM`."""
    outline: str
    """PDF path operators in units of `EM`, from the left end of the baseline. Empty for a blank."""
    box: tuple[int, int, int, int]
    """Left, bottom, right and top of the outline."""
    level: ShapingLevel
    """0: reads from left to right; 1: from right to left; 2: a number inside text that reads from right to left."""


NOWHERE = (0, 0, 0, 0)
BLANK = Cluster(" ", 569, "", NOWHERE, 0)
"""The report font's space."""


@dataclass(slots=True)
class _Outline:
    """A pen that writes PDF path operators."""

    scale: float
    x: float = 0
    y: float = 0
    operators: list[str] = field(default_factory=list)
    points: list[tuple[int, int]] = field(default_factory=list)
    last: tuple[float, float] = (0, 0)

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        placed = [(round((self.x + x) * self.scale), round((self.y + y) * self.scale)) for x, y in points]
        self.points += placed
        self.operators.append(" ".join([f"{x} {y}" for x, y in placed] + [operator]))
        self.last = points[-1]

    def moveTo(self, point: tuple[float, float]) -> None:
        """Begin a contour."""
        self._add("m", point)

    def lineTo(self, point: tuple[float, float]) -> None:
        """A straight line."""
        self._add("l", point)

    def curveTo(self, *points: tuple[float, float]) -> None:
        """A cubic curve."""
        self._add("c", *points)

    def qCurveTo(self, control: tuple[float, float], end: tuple[float, float]) -> None:
        """A quadratic curve, which PDF does not have, as the cubic one that it is."""
        (x0, y0), (x1, y1), (x2, y2) = self.last, control, end
        first = (x0 + 2 * (x1 - x0) / 3, y0 + 2 * (y1 - y0) / 3)
        second = (x2 + 2 * (x1 - x2) / 3, y2 + 2 * (y1 - y2) / 3)
        self._add("c", first, second, end)

    def closePath(self) -> None:
        """End a contour."""
        self.operators.append("h")

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, bottom, right and top."""
        if not self.points:
            return NOWHERE
        across, up = zip(*self.points, strict=True)
        return (min(across), min(up), max(across), max(up))


@dataclass(frozen=True, slots=True)
class _Face:
    """One font of a file."""

    path: Path
    font: Any
    scale: float

    def has(self, text: str) -> bool:
        """Whether it has every visible character of a text."""
        return all(self.font.get_nominal_glyph(ord(character)) for character in text if not _silent(character))


class ScriptFonts:
    """The fonts of some folders. Not safe from several threads at once: rendering holds a lock."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Look at the names of the files; none is opened before a letter is wanted."""
        files = {path for folder in folders if folder.is_dir() for path in folder.rglob("*") if _is_font(path)}
        self._harfbuzz: Any = _harfbuzz() if files else None
        self._waiting = sorted(files, key=_rank, reverse=True) if self._harfbuzz else []
        self._faces: list[_Face] = []
        self._report_face = next(self._open(_REPORT_FONT), None) if self._harfbuzz else None

    def shaped(self, run: str) -> list[tuple[str, tuple[Cluster, ...]]]:
        """The parts of a run in reading order, each with its clusters in reading order; without any, no font has it.

        Args:
            run: Text without line feeds that begins and ends with characters that the report fonts do not have.
        """
        # A mark without the letter that it belongs to would be drawn on a dotted circle.
        if self._harfbuzz is None or unicodedata.category(run[0])[0] == "M":
            return [(run, ())]
        language = _language(run)
        parts: list[tuple[str, tuple[Cluster, ...]]] = []
        for words, rightward in _directions(run):
            if rightward:
                parts.append((words, self._right_to_left(words, language)))
            else:
                for word in re.findall(" +|[^ ]+", words):
                    parts += [(text, self._segment(text, script, 0, language)) for text, script in _scripts(word)]
        return parts

    def file_of(self, text: str) -> str:
        """Name of the file that draws a text. Empty: none does."""
        face = self._face(text)
        return face.path.name if face else ""

    def _right_to_left(self, words: str, language: str) -> tuple[Cluster, ...]:
        """Clusters of words that read from right to left, with the blanks between them; nothing if one has no font."""
        clusters: list[Cluster] = []
        for part in _PARTS.findall(words):
            number = part[0].isdigit()
            for text, script in [(part, "")] if number else _scripts(part, apart=True):
                segment = self._segment(text, script, 2 if number else 1, language)
                if not segment:
                    return ()
                clusters += segment
        return tuple(clusters)

    def _segment(self, text: str, script: str, level: ShapingLevel, language: str) -> tuple[Cluster, ...]:
        """Clusters of text in one script and direction, in reading order; nothing when no font has it."""
        if not text.strip(" "):
            return (BLANK,) * len(text)
        common = not script and self._report_face is not None and self._report_face.has(text)
        face = self._report_face if common else self._face(text)
        if face is None or any(unicodedata.category(character) in ("Cn", "Co", "Cs") for character in text):
            return ()
        buffer = self._harfbuzz.Buffer()
        buffer.cluster_level = self._harfbuzz.BufferClusterLevel.MONOTONE_GRAPHEMES
        buffer.add_str(text)
        buffer.direction = "rtl" if level == 1 else "ltr"
        buffer.language = language
        buffer.script = script or "Zyyy"
        self._harfbuzz.shape(face.font, buffer)
        clusters = _clusters(face, text, level, buffer)
        # A font that holds pictures in colour has the character and no outline of it.
        return clusters if all(cluster.outline for cluster in clusters) else ()

    def _face(self, text: str) -> _Face | None:
        """The first font that has every character."""
        for face in self._faces:
            if face.has(text):
                return face
        while self._waiting:
            for face in self._open(self._waiting.pop()):
                self._faces.append(face)
            first = next((face for face in self._faces if face.has(text)), None)
            if first:
                return first
        return None

    def _open(self, path: Path) -> Iterator[_Face]:
        """The fonts of a file; none when it cannot be used."""
        try:
            blob = self._harfbuzz.Blob.from_file_path(str(path))
            count = max(1, int(self._harfbuzz.Face(blob, 0).count))
            for index in range(count):
                face = self._harfbuzz.Face(blob, index)
                if face.glyph_count:
                    yield _Face(path, self._harfbuzz.Font(face), EM / face.upem)
        except (OSError, ValueError, self._harfbuzz.HarfBuzzError):
            return


def _clusters(face: _Face, text: str, level: ShapingLevel, buffer: Any) -> tuple[Cluster, ...]:
    """The clusters that HarfBuzz shaped, in reading order; empty where a glyph is missing."""
    glyphs = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    starts = [*sorted({info.cluster for info, _ in glyphs}), len(text)]
    ends = dict(pairwise(starts))
    clusters: list[Cluster] = []
    for start, group in groupby(glyphs, key=lambda glyph: glyph[0].cluster):
        pen, advance = _Outline(face.scale), 0
        for info, at in group:
            if info.codepoint == 0:
                return ()
            pen.x, pen.y = advance + at.x_offset, at.y_offset
            face.font.draw_glyph_with_pen(info.codepoint, pen)
            advance += at.x_advance
        outline = " ".join(pen.operators)
        clusters.append(Cluster(text[start : ends[start]], round(advance * face.scale), outline, pen.box, level))
    return _with_joiners(clusters[::-1] if level == 1 else clusters)


def _with_joiners(clusters: Sequence[Cluster]) -> tuple[Cluster, ...]:
    """The same, each joiner with the letter before it.

    Programs that read PDF lose the order of letters at a joiner between letters that read from right to left: there it
    is drawn, and not among the characters to be read.
    """
    kept: list[Cluster] = []
    for cluster in clusters:
        if kept and not cluster.outline and all(map(_silent, cluster.text)):
            text = "" if cluster.level == 1 else cluster.text
            kept[-1] = replace(kept[-1], text=kept[-1].text + text)
        else:
            kept.append(cluster)
    return tuple(kept)


def _is_font(path: Path) -> bool:
    return path.suffix.lower() in (".ttf", ".otf", ".ttc", ".otc")


def _rank(path: Path) -> tuple[bool, bool, str, str]:
    """Upright text faces without serifs first: they are the ones that survive a fax."""
    family, _, style = path.stem.partition("-")
    return (style not in ("", "Regular"), "Sans" not in family, path.name, str(path))


def _silent(character: str) -> bool:
    """Whether a character has no shape of its own and only tells its neighbours how to join."""
    return character in "\u200c\u200d"


@cache
def _script(character: str) -> str:
    """ISO 15924 code of the script that a character belongs to. Empty: to none, or to several."""
    buffer = _harfbuzz().Buffer()
    buffer.add_str(character)
    buffer.guess_segment_properties()
    return str(buffer.script or "")


def _scripts(word: str, *, apart: bool = False) -> list[tuple[str, str]]:
    """Stretches of one script with its code.

    Args:
        word: Text without blanks.
        apart: Whether points and signs of no script are stretches of their own, as they must be between letters that
            read from right to left; otherwise they belong to the letters before them.
    """
    stretches: list[tuple[str, str]] = []
    for character in word:
        script = _script(character)
        alone = apart and not script and unicodedata.category(character)[0] not in "LMC"
        before = stretches[-1][1] if stretches else None
        if stretches and (script == before or (not script and not alone)):
            stretches[-1] = (stretches[-1][0] + character, stretches[-1][1])
        elif stretches and not before and not apart:
            stretches[-1] = (stretches[-1][0] + character, script)
        else:
            stretches.append((character, script))
    return stretches


def _directions(run: str) -> list[tuple[str, bool]]:
    """Stretches that read from right to left, with the blanks, points and numbers inside them, and those between."""
    rightward = [False] * len(run)
    letters = [unicodedata.category(character)[0] == "L" for character in run]
    last = -1
    for index, character in enumerate(run):
        if unicodedata.bidirectional(character) in ("R", "AL"):
            start = index if last < 0 else last
            rightward[start : index + 1] = [True] * (index + 1 - start)
            last = index
        elif letters[index]:
            last = -1
    # What ends such a stretch and is no blank, an Arabic full stop for one, belongs to it.
    for index in range(1, len(run)):
        if rightward[index - 1] and not letters[index] and run[index] != " ":
            rightward[index] = True
    return [
        ("".join(run[place] for place, _ in group), key)
        for key, group in groupby(enumerate(rightward), key=lambda entry: entry[1])
    ]


def _language(run: str) -> str:
    """Whose forms of Chinese characters to take: those of the language whose own letters stand beside them."""
    scripts = {_script(character) for character in run}
    if scripts & {"Hira", "Kana"}:
        return "ja"
    return "ko" if "Hang" in scripts else "zh-hans" if "Hani" in scripts else "und"


@cache
def _harfbuzz() -> Any:
    """The library of the extra `scripts`. None: not installed."""
    try:
        return importlib.import_module("uharfbuzz")
    except ImportError:
        return None


@cache
def script_fonts(folder: Path | None = None) -> ScriptFonts:
    """The fonts of a folder and those below it, or of Debian's usual ones, found once in a process."""
    return ScriptFonts(FOLDERS if folder is None else (folder,))


def script_status(folder: Path | None = None) -> dict[str, str]:
    """For some scripts that the report fonts do not have, which font file draws them."""
    fonts = script_fonts(folder)
    if _harfbuzz() is None:
        return dict.fromkeys(_SHOWN, "not drawn: the extra scripts is not installed")
    return {name: fonts.file_of(letter) or "not drawn: no font found" for name, letter in _SHOWN.items()}
