"""The words of one document: made printable, measured once, with what could not be set as recorded."""

from __future__ import annotations

from report_gen.render.escape import Draw, printable
from report_gen.render.metrics import coverage
from report_gen.render.pdf.layout.lines import Measured, TextLine, in_units, measured, wrap
from report_gen.render.pdf.scripts import StandIns
from report_gen.render.pdf.styles import Type

__all__ = ["Lettering"]


class Lettering:
    """Makes text printable and measures it; a text is never markup, it stands for itself."""

    def __init__(self, stand_ins: StandIns) -> None:
        """Letters that the report fonts do not have are drawn with `stand_ins`."""
        self._stand_ins = stand_ins
        self._settable = coverage().settable
        self._notices: dict[str, None] = {}
        self._measured: dict[tuple[str, bool], Measured] = {}
        self._widths: tuple[dict[str, int], dict[str, int]] = ({}, {})

    @property
    def notices(self) -> tuple[str, ...]:
        """What was left out or replaced, each kind once."""
        return tuple(self._notices)

    def drawn(self, text: str) -> str:
        """Text that can be drawn; what had to change is kept as a notice."""
        return self._printable(text, self._stand_ins.draw)

    def spoken(self, text: str) -> str:
        """The same text for programs: bookmarks, titles, words that stand for a figure."""
        return self._printable(text, self._stand_ins.spoken)

    def _printable(self, text: str, draw: Draw) -> str:
        made = printable(text, self._settable, draw)
        for notice in made.notices:
            self._notices.setdefault(notice)
        return made.text

    def of(self, text: str, *, bold: bool = False) -> Measured:
        """Text as it is set, measured."""
        key = (text, bold)
        known = self._measured.get(key)
        if known is None:
            known = self._measured[key] = measured(self.drawn(text), bold=bold, widths=self._widths[bold])
        return known

    def spans(self, text: str, *, label: str = "", strong: bool = False) -> tuple[Measured, ...]:
        """Text behind an optional bold label."""
        spans = (self.of(label, bold=True), self.of(text, bold=strong)) if label else (self.of(text, bold=strong),)
        return tuple(span for span in spans if span.words)

    def lines(self, text: str, width: float, face: Type, *, bold: bool = False) -> list[TextLine]:
        """Text in lines of this width in points."""
        return wrap((self.of(text, bold=bold),), in_units(width, face.size))
