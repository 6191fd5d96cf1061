"""Writes text and rules as operators of a page, inside the marks that name their structure element."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from reportlab.pdfbase import pdfmetrics

from report_gen.render.metrics import BOLD, REGULAR, SCRIPTS, runs
from report_gen.render.pdf.layout.lines import TextLine
from report_gen.render.pdf.reportlab_private import add_operators, font_name, split_text
from report_gen.render.pdf.scripts import StandIns
from report_gen.render.pdf.styles import Type
from report_gen.render.pdf.tagged import Element, TaggedCanvas, Tags

__all__ = ["Ink"]

_ESCAPED = {ord("("): "\\(", ord(")"): "\\)", ord("\\"): "\\\\"}


class _Codes(dict[int, str]):
    """How each character is written in a string of one face; learnt from ReportLab, character by character."""

    def __init__(self, canvas: TaggedCanvas, face: str) -> None:
        super().__init__()
        self._canvas = canvas
        font: Any = pdfmetrics.getFont(face)
        self._font = font
        self.name = font_name(canvas, font, 0)
        self.glyphs: Mapping[int, int] = font.face.charToGlyph
        # ReportLab codes these as themselves in any document.
        self.update({code: _ESCAPED.get(code, chr(code)) for code in range(32, 127) if code in self.glyphs})

    def __missing__(self, code: int) -> str:
        if code not in self.glyphs:
            raise LookupError(code)
        ((subset, data),) = split_text(self._canvas, self._font, chr(code))
        if subset:
            raise LookupError(code)
        written = self[code] = f"\\{data[0]:03o}"
        return written

    def parts(self, text: str) -> list[tuple[str, str]]:
        """A text with characters beyond the first 256 of its document: (font, string)."""
        return [
            (font_name(self._canvas, self._font, subset), "".join(f"\\{byte:03o}" for byte in data))
            for subset, data in split_text(self._canvas, self._font, text)
        ]


class Ink:
    """A pen for text and rules on the pages of one document."""

    def __init__(self, canvas: TaggedCanvas, stand_ins: StandIns) -> None:
        """Write onto a canvas; letters of further scripts are drawn with `stand_ins`."""
        self.canvas = canvas
        self.tags: Tags = canvas.tags
        self.parent = canvas.tags.root
        """Element in which those stand that name no other."""
        self._stand_ins = stand_ins
        self._codes: dict[str, _Codes] = {}
        self._operators: list[str] = []
        self._rules: list[str] = []

    # --- structure ---------------------------------------------------------------------------------------------------

    def begin(self, element: Element) -> None:
        """What follows is content of an element."""
        self.place(element)
        self._operators.append(self.tags.begin(self.canvas, element))

    def end(self) -> None:
        """End what `begin` or `begin_artifact` began."""
        self._operators.append("EMC")

    def place(self, element: Element) -> Element:
        """Let an element stand in its place in reading order, also without content."""
        if not element.placed:
            if element.parent is None:
                element.parent = self.parent
            elif not element.parent.placed:
                self.place(element.parent)
            element.parent.kids.append(element)
            element.placed = True
        return element

    def begin_artifact(self, kind: str = "") -> None:
        """What follows is decoration without content of its own."""
        self._operators.append(f"/Artifact <</Type /{kind}>> BDC" if kind else "/Artifact BMC")

    @contextmanager
    def content(self, element: Element) -> Iterator[None]:
        """Everything inside the block is content of an element."""
        self.begin(element)
        yield
        self.end()

    # --- text and rules ----------------------------------------------------------------------------------------------

    def operators(self, text: str) -> None:
        """Write operators as they are."""
        self._operators.append(text)

    def lines(
        self, lines: Sequence[TextLine], x: float, top: float, face: Type, shifts: Sequence[float] | None = None
    ) -> None:
        """Write lines one under the other.

        Args:
            lines: What stands on them.
            x: Left edge.
            top: Upper edge of the first.
            face: Size and distance.
            shifts: How far right of the left edge each begins. None: at it.
        """
        size = face.size
        y = top - face.baseline
        if len(lines) == 1 and len(lines[0]) == 1:
            # Nearly every cell of a table.
            ((text, bold),) = lines[0]
            codes = self._code(BOLD if bold else REGULAR)
            written = text.translate(codes)
            if written.isascii():
                left = x + shifts[0] if shifts else x
                self._operators.append(f"BT 1 0 0 1 {left:.2f} {y:.2f} Tm {codes.name} {size:g} Tf ({written}) Tj ET")
                return
        parts = [f"BT 1 0 0 1 {x + (shifts[0] if shifts else 0.0):.2f} {y:.2f} Tm"]
        add = parts.append
        at = shifts[0] if shifts else 0.0
        current = ""
        for number, line in enumerate(lines):
            if number:
                shift = shifts[number] if shifts else 0.0
                add(f"{shift - at:.2f} {-face.leading:.2f} Td")
                at = shift
            for text, bold in line:
                codes = self._code(BOLD if bold else REGULAR)
                written = text.translate(codes)
                if written.isascii():
                    add(f"({written}) Tj" if current == codes.name else f"{codes.name} {size:g} Tf ({written}) Tj")
                    current = codes.name
                else:
                    add(self._mixed(text, size, bold))
                    current = ""
        add("ET")
        self._operators.append("\n".join(parts))

    def text(self, words: str, x: float, baseline: float, size: float, *, bold: bool = False) -> None:
        """Write one stretch of text on a baseline."""
        if words:
            face = Type(size, size)
            self.lines([((words, bold),)], x, baseline + face.baseline, face)

    def _mixed(self, text: str, size: float, bold: bool) -> str:
        """Text in several faces."""
        parts: list[str] = []
        for face, words in runs(text, bold=bold):
            if face == SCRIPTS:
                parts.append(self._stand_ins.show(words, size))
                continue
            codes = self._code(face)
            written = words.translate(codes)
            strings = [(codes.name, written)] if written.isascii() else codes.parts(words)
            parts += [f"{name} {size:g} Tf ({string}) Tj" for name, string in strings]
        return "\n".join(parts)

    def _code(self, face: str) -> _Codes:
        codes = self._codes.get(face)
        if codes is None:
            codes = self._codes[face] = _Codes(self.canvas, face)
        return codes

    def rule(self, start: tuple[float, float], end: tuple[float, float], width: float) -> None:
        """A straight line; the rules of a page are decoration, drawn together."""
        self._rules.append(f"{width:g} w {start[0]:.2f} {start[1]:.2f} m {end[0]:.2f} {end[1]:.2f} l S")

    def frame(self, corner: tuple[float, float], size: tuple[float, float], width: float) -> None:
        """A rectangle from its lower left corner, drawn with the rules."""
        self._rules.append(f"{width:g} w {corner[0]:.2f} {corner[1]:.2f} {size[0]:.2f} {size[1]:.2f} re S")

    def end_page(self) -> None:
        """Put everything on the page, and begin another."""
        if self._rules:
            self._operators += ["/Artifact BMC q 0 G 2 J", *self._rules, "Q EMC"]
        add_operators(self.canvas, self._operators)
        self._operators, self._rules = [], []
        self.canvas.showPage()
