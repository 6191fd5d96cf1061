"""Text in further scripts on a page: characters that stand for shaped letters until they are drawn, and their font.

Text is set one character after the other from left to right. So each shaped letter (`Cluster`) of a document gets a
private-use character that stands for it, with the letter's width; lines are broken and cut by these characters, in
reading order, and when a line is drawn their letters are put in the order in which they stand. The outlines go into a
font of the document's own (Type 3), each with the characters that it draws, so that text can be selected, searched and
copied as it was recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from report_gen.errors import AssetError
from report_gen.render.metrics import FIRST_STAND_IN, LAST_STAND_IN, SCRIPTS
from report_gen.render.pdf.reportlab_private import add_font, add_object
from report_gen.render.pdf.script_fonts import BLANK, EM, NOWHERE, Cluster, script_fonts

__all__ = ["StandIns"]

_FIRST_CODE, _CODES = 33, 220
"""Codes of one font object: 32 stays free, because word spacing applies to it."""


class StandIns:
    """The shaped letters of one document."""

    def __init__(self, folder: Path | None = None) -> None:
        """Start without any; `folder` holds the fonts. None: the usual folders of Debian.

        Raises:
            AssetError: The folder does not exist.
        """
        # Looked for when a letter is wanted: nearly all reports need none.
        if folder is not None and not folder.is_dir():
            raise AssetError("assets.script_fonts", "the folder named for fonts of further scripts does not exist")
        self._folder = folder
        self._clusters: dict[str, Cluster] = {}
        self._characters: dict[Cluster, str] = {}
        self._known: dict[str, list[tuple[str, str]]] = {}
        self._codes: dict[Cluster, int] = {}
        self.advances: dict[str, int] = {}
        """Width of each character that stands for a letter, in units of `EM`."""

    def draw(self, run: str) -> Sequence[tuple[str, str]]:
        """The parts of a run, each with what stands for it in text; nothing where no font draws it."""
        if run not in self._known:
            parts = [(text, self._stand_ins(clusters)) for text, clusters in script_fonts(self._folder).shaped(run)]
            self._known[run] = parts if any(shown.strip(" ") for _, shown in parts) else [(run, "")]
        return self._known[run]

    def spoken(self, run: str) -> Sequence[tuple[str, str]]:
        """The same parts, the drawn ones as recorded: for text that is read by a program and not drawn."""
        return [(text, text if shown else "") for text, shown in self.draw(run)]

    def _stand_ins(self, clusters: Sequence[Cluster]) -> str:
        new = {cluster for cluster in clusters if cluster not in self._characters}
        if ord(FIRST_STAND_IN) + len(self._characters) + len(new) > ord(LAST_STAND_IN):
            return ""
        return "".join(" " if cluster is BLANK else self._stand_in(cluster) for cluster in clusters)

    def _stand_in(self, cluster: Cluster) -> str:
        known = self._characters.get(cluster)
        if known is None:
            known = chr(ord(FIRST_STAND_IN) + len(self._characters))
            self._characters[cluster] = known
            self._clusters[known] = cluster
            self.advances[known] = cluster.width
        return known

    # --- on the page -------------------------------------------------------------------------------------------------

    def show(self, text: str, size: float) -> str:
        """Operators that show a stretch of one line, from the present point on."""
        clusters = [self._clusters.get(character, BLANK) for character in text]
        shown = _Shown(self._codes, f"{size:g} Tf")
        start = 0
        while start < len(clusters):
            end = start + 1
            if clusters[start].level == 0:
                while end < len(clusters) and clusters[end].level == 0:
                    end += 1
                shown.put(clusters[start:end])
            else:
                # Up to the last letter that reads so, with the blanks between.
                for index in range(start + 1, len(clusters)):
                    if clusters[index].level:
                        end = index + 1
                    elif clusters[index].outline:
                        break
                shown.put_from_the_right(clusters[start:end])
            start = end
        return shown.operators()

    def write(self, canvas: Canvas) -> None:
        """Put the letters that were shown into fonts of the file."""
        shown = list(self._codes)
        for number in range(0, len(shown), _CODES):
            _write_font(canvas, number // _CODES, shown[number : number + _CODES])


class _Shown:
    """Operators for a stretch of a line, collected one by one."""

    def __init__(self, codes: dict[Cluster, int], setting: str) -> None:
        self._codes = codes
        self._setting = setting
        self._parts: list[str] = []
        self._row: list[str] = []
        self._font = -1
        self._ahead = 0

    def _move(self, units: int) -> None:
        """Go on so far to the right of the present point."""
        self._ahead += units

    def _moved(self) -> None:
        if self._ahead:
            self._row.append(f"{round(-self._ahead * 1000 / EM, 3):g}")
            self._ahead = 0

    def _string(self, clusters: Sequence[Cluster]) -> None:
        for cluster in clusters:
            place = self._codes.setdefault(cluster, len(self._codes))
            font, code = place // _CODES, _FIRST_CODE + place % _CODES
            if font != self._font:
                self._flush()
                self._font = font
                self._parts.append(f"/{SCRIPTS}{font} {self._setting}")
            self._moved()
            self._row.append(f"<{code:02X}>")

    def _flush(self) -> None:
        if self._row:
            self._parts.append(f"[{''.join(self._row).replace('><', '')}] TJ")
            self._row = []

    def put(self, clusters: Sequence[Cluster]) -> None:
        """Show letters one after the other."""
        self._string(clusters)

    def put_from_the_right(self, clusters: Sequence[Cluster]) -> None:
        """Show letters that read from right to left: stretch after stretch, each to the left of the one before."""
        whole = sum(cluster.width for cluster in clusters)
        right, at = whole, 0
        for stretch in _stretches(clusters):
            width = sum(cluster.width for cluster in stretch)
            self._move(right - width - at)
            self._string([piece for cluster in stretch for piece in _pieces(cluster)])
            at = right
            right -= width
        self._move(whole - at)

    def operators(self) -> str:
        """Everything, as one line of content."""
        self._moved()
        self._flush()
        return " ".join(self._parts)


def _stretches(clusters: Sequence[Cluster]) -> list[list[Cluster]]:
    """Stretches in reading order, each with its letters as they stand from left to right.

    Programs that read PDF turn letters round that read from right to left, and nothing else, mostly without regard to
    where they stand. So letters come as they stand, but points, blanks and letters with marks each in their turn.
    """
    stretches: list[list[Cluster]] = []
    before = ""
    for cluster in clusters:
        kind = _kind(cluster)
        if kind != before or kind == "alone":
            stretches.append([])
        stretches[-1].insert(0 if kind == "letters" else len(stretches[-1]), cluster)
        before = kind
    return stretches


def _kind(cluster: Cluster) -> Literal["number", "letters", "alone"]:
    if cluster.level == 2:
        return "number"
    return "letters" if cluster.level == 1 and cluster.text.isalpha() else "alone"


def _pieces(cluster: Cluster) -> list[Cluster]:
    """The letters of a ligature that reads from right to left, as they stand from left to right; else the cluster.

    They share its width, for selecting; its outline is drawn with the leftmost.
    """
    if cluster.level != 1 or len(cluster.text) == 1 or not cluster.text.isalpha():
        return [cluster]
    *others, leftmost = list(cluster.text)
    share = cluster.width // len(cluster.text)
    left = replace(cluster, text=leftmost, width=cluster.width - share * len(others))
    return [left, *(Cluster(letter, share, "", NOWHERE, 1) for letter in reversed(others))]


# --- in the file -----------------------------------------------------------------------------------------------------


def _write_font(canvas: Canvas, number: int, clusters: Sequence[Cluster]) -> None:
    """One Type 3 font (ISO 32000-1 9.6.5) with the outlines of some letters."""
    name = f"{SCRIPTS}{number}"
    last = _FIRST_CODE + len(clusters) - 1
    procedures = {
        # Poppler takes the type size of a Type 3 font from the width of its letter m, by name.
        "m": _stream(canvas, f"{_M_WIDTH} 0 0 0 0 0 d1", f"{name}-m")
    }
    for index, cluster in enumerate(clusters):
        box = " ".join(map(str, cluster.box))
        content = f"{cluster.width} 0 {box} d1 {cluster.outline}" + (" f" if cluster.outline else "")
        procedures[f"g{index}"] = _stream(canvas, content, f"{name}-g{index}")
    boxes = [cluster.box for cluster in clusters]
    whole = [min(box[0] for box in boxes), min(box[1] for box in boxes)]
    whole += [max(box[2] for box in boxes), max(box[3] for box in boxes)]
    descriptor = {
        "Type": pdfdoc.PDFName("FontDescriptor"),
        "FontName": pdfdoc.PDFName(name),
        "Flags": 4,
        "FontBBox": pdfdoc.PDFArray(whole),
        "ItalicAngle": 0,
        "Ascent": whole[3],
        "Descent": whole[1],
        "CapHeight": whole[3],
        "StemV": 80,
    }
    differences = [_FIRST_CODE - 1, *map(pdfdoc.PDFName, procedures)]
    font = {
        "Type": pdfdoc.PDFName("Font"),
        "Subtype": pdfdoc.PDFName("Type3"),
        "Name": pdfdoc.PDFName(name),
        "FontBBox": pdfdoc.PDFArray(whole),
        "FontMatrix": pdfdoc.PDFArray([_UNIT, 0, 0, _UNIT, 0, 0]),
        "CharProcs": pdfdoc.PDFDictionary(dict(procedures)),
        "Encoding": pdfdoc.PDFDictionary(
            {"Type": pdfdoc.PDFName("Encoding"), "Differences": pdfdoc.PDFArray(differences)}
        ),
        "FirstChar": _FIRST_CODE - 1,
        "LastChar": last,
        "Widths": pdfdoc.PDFArray([_M_WIDTH, *(cluster.width for cluster in clusters)]),
        "FontDescriptor": add_object(canvas, pdfdoc.PDFDictionary(descriptor), f"{name}-descriptor"),
        "Resources": pdfdoc.PDFDictionary({}),
        "ToUnicode": _stream(canvas, _to_unicode(name, clusters), f"{name}-unicode"),
    }
    add_font(canvas, name, pdfdoc.PDFDictionary(font))


_M_WIDTH = round(0.6 * EM)
_UNIT = b"0.00048828125"
"""1 / `EM`, exactly."""


def _stream(canvas: Canvas, content: str, name: str) -> object:
    stream = pdfdoc.PDFStream(dictionary=pdfdoc.PDFDictionary({}), filters=[pdfdoc.PDFZCompress])
    stream.content = content.encode("ascii")
    reference: object = add_object(canvas, stream, name)
    return reference


def _to_unicode(name: str, clusters: Sequence[Cluster]) -> str:
    """Which characters each code draws (ISO 32000-1 9.10.3)."""
    texts = [" ", *(cluster.text for cluster in clusters)]
    lines = [
        f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in enumerate(texts, _FIRST_CODE - 1)
    ]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            f"/CMapName /{name} def /CMapType 2 def",
            "1 begincodespacerange <00> <FF> endcodespacerange",
            *("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )
